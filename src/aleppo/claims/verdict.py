"""What a test of a claim returns: a verdict from a fixed scale, its figures with their range, and its grounds."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from aleppo.evidence.errors import AleppoError

SCALE = {
    "supported": "The evidence read bears the claim out.",
    "partly": "Part of the claim is borne out, or a weaker form of it.",
    "contested": "Sources of like standing contradict one another, or the parties do.",
    "not_supported": "The evidence read speaks against the claim, or none for it was found where it should be.",
    "corrected": "The claim misstates what its own source says, or a date or figure; the right one is given.",
    "cannot_be_tested": "No evidence that was read can decide it, or it is no statement of fact.",
    "forecast_borne_out": "What was foreseen came about.",
    "forecast_not_borne_out": "What was foreseen did not come about.",
}
"""Verdict → what it means."""

CONFIDENCES = ("high", "medium", "low")
KINDS = ("count", "share", "area", "ratio", "quantity", "days", "date", "month", "text")
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_DATED = ("date", "month", "text")


@dataclass(frozen=True)
class Amount:
    """One figure that a verdict rests on.

    ``kind`` says how it is printed: ``count`` (whole), ``share`` (a fraction), ``area`` (km²), ``ratio``,
    ``quantity`` with ``unit``, ``days``; or ``date`` (YYYY-MM-DD), ``month`` (YYYY-MM), ``text`` with a string as
    ``best``. A missing bound is None. Raises AleppoError for a kind that is not one of these, for a figure without
    any value, for bounds that do not ascend, and for a number that is not finite.
    """

    kind: str
    best: float | str | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise AleppoError(f"a figure: expected a kind of {', '.join(KINDS)}, found {self.kind!r}")
        if self.kind in _DATED:
            if (
                not isinstance(self.best, str)
                or not self.best
                or self.low is not None
                or self.high is not None
            ):
                raise AleppoError(
                    f"a figure of kind {self.kind}: expected words as its only value, found {self}"
                )
            return
        values = [value for value in (self.low, self.best, self.high) if value is not None]
        if not values or any(isinstance(value, str) or not math.isfinite(value) for value in values):
            raise AleppoError(f"a figure of kind {self.kind}: expected finite numbers, found {self}")
        if values != sorted(values, key=float):
            raise AleppoError(f"a figure of kind {self.kind}: expected low ≤ best ≤ high, found {self}")

    def as_json(self) -> dict[str, object]:
        """The figure without the parts that it does not have; numbers rounded to nine significant digits."""
        parts = {"low": self.low, "best": self.best, "high": self.high}
        plain = {name: _plain(value) for name, value in parts.items() if value is not None}
        return {"kind": self.kind, **plain, **({"unit": self.unit} if self.unit else {})}


def _plain(value: float | str) -> float | int | str:
    if isinstance(value, str):
        return value
    number = float(f"{float(value):.9g}")
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


@dataclass(frozen=True)
class Verdict:
    """What the evidence says of one claim.

    verdict     one of ``SCALE``
    confidence  high, medium or low, with the ``reason`` for it
    says        one or two sentences on what the evidence shows; a figure stands in it as ``{key}`` of ``figures``
    figures     key → `Amount`; each is named in ``says``
    supports, opposes  ids of the table ``sources`` that speak for and against the claim

    Raises AleppoError for a verdict or confidence off the scale, an empty text, and a figure that is not named
    or not there.
    """

    verdict: str
    confidence: str
    reason: str
    says: str
    figures: Mapping[str, Amount] = field(default_factory=dict)
    supports: tuple[str, ...] = ()
    opposes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.verdict not in SCALE:
            raise AleppoError(f"a verdict: expected one of {', '.join(SCALE)}, found {self.verdict!r}")
        if self.confidence not in CONFIDENCES:
            raise AleppoError(
                f"a verdict: expected a confidence of {', '.join(CONFIDENCES)}, found {self.confidence!r}"
            )
        for name in ("reason", "says"):
            if not getattr(self, name).strip():
                raise AleppoError(f"a verdict: expected a sentence as its {name}, found nothing")
        named = set(_PLACEHOLDER.findall(self.says))
        if named != set(self.figures):
            odd = ", ".join(sorted(named ^ set(self.figures)))
            raise AleppoError(
                f"a verdict: expected its sentence to name each figure once it has, found {odd}"
            )
        object.__setattr__(self, "supports", tuple(sorted(set(self.supports))))
        object.__setattr__(self, "opposes", tuple(sorted(set(self.opposes))))
