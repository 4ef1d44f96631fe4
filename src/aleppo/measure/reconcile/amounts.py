"""One comparison: our amount, the published one, what is left between them, and what is allowed.

An amount is a single figure (``best``), a range (``low`` and ``high``) or a bound (one of the two). The
residual is ours minus the published figure, by the first of these that fits:

- two single figures: their difference;
- a single figure of ours against a range or bound: its distance from it, zero inside;
- two ranges: the difference at the bound where they differ most; a range of ours against a bound: by how much
  ours lies beyond it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

COLUMNS = (
    "check",
    "family",
    "what",
    "publisher",
    "ours_low",
    "ours",
    "ours_high",
    "published_low",
    "published",
    "published_high",
    "unit",
    "residual",
    "tolerance",
    "reason",
    "holds",
    "verified",
    "source_ids",
)
_NUMBERS = tuple(name for name in COLUMNS if name.startswith(("ours", "published", "residual", "tolerance")))
SMALL = 1e-9  # of a person or a percentage point: what sums of floats may be off by


class Amount(NamedTuple):
    """A figure, a range or a bound; the parts that are not there are None."""

    low: float | None = None
    best: float | None = None
    high: float | None = None


def amount(row: Mapping[str, object]) -> Amount:
    """The ``low, best, high`` of a row of a table of published figures."""
    parts = (row[name] for name in ("low", "best", "high"))
    return Amount(*(None if pd.isna(part) else float(part) for part in parts))  # type: ignore[arg-type]


def residual(ours: Amount, published: Amount) -> float:
    """Ours minus the published amount, as the module says; ValueError when nothing of them compares."""
    if ours.best is not None and published.best is not None:
        return ours.best - published.best
    low = ours.low if ours.low is not None else ours.best
    high = ours.high if ours.high is not None else ours.best
    below = None if low is None or published.low is None else low - published.low
    above = None if high is None or published.high is None else high - published.high
    if below is None and above is None:
        raise ValueError(f"nothing to compare in {ours} and {published}")
    if ours.best is not None or below is None or above is None:
        # inside the published range, or on the right side of its only bound, nothing is left over
        short, over = min(below or 0.0, 0.0), max(above or 0.0, 0.0)
        return short if short else over
    return below if abs(below) > abs(above) else above


@dataclass(frozen=True)
class Check:
    """One comparison; ``verified`` is "no" where a figure of it rests on general knowledge."""

    check: str
    family: str
    what: str
    publisher: str
    unit: str
    ours: Amount
    published: Amount
    tolerance: float
    reason: str
    source_ids: object = None
    verified: str = "yes"

    @property
    def row(self) -> dict[str, object]:
        """The row of a result, in ``COLUMNS``."""
        left = residual(self.ours, self.published)
        return {
            "check": self.check,
            "family": self.family,
            "what": self.what,
            "publisher": self.publisher,
            "ours_low": self.ours.low,
            "ours": self.ours.best,
            "ours_high": self.ours.high,
            "published_low": self.published.low,
            "published": self.published.best,
            "published_high": self.published.high,
            "unit": self.unit,
            "residual": round(left, 6),
            "tolerance": round(self.tolerance, 6),
            "reason": self.reason,
            "holds": "yes" if abs(left) <= self.tolerance + SMALL else "no",
            "verified": self.verified,
            "source_ids": self.source_ids if isinstance(self.source_ids, str) else "",
        }


def frame(checks: Iterable[Check]) -> pd.DataFrame:
    """``checks`` as rows with ``COLUMNS``; amounts, residual and tolerance are floats, missing ones NaN."""
    rows = [one.row for one in checks]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(_NUMBERS, "float64"))
