"""What the tests of the book's own findings share: how a rule that holds or fails becomes a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from aleppo.claims.verdict import Amount, Verdict
from aleppo.evidence import split_list

BREAK = "2015-09-30"
ALEPPO = "SY02"
HOLDS, FAILS, IN_PART = "supported", "not_supported", "partly"


def finding(
    held: bool | Iterable[bool],
    confidence: str,
    reason: str,
    says: str,
    figures: Mapping[str, Amount],
    supports: Iterable[str] = (),
) -> Verdict:
    """The verdict on a finding whose rule holds or fails.

    Of several conditions all make it supported, some partly supported, none not supported. ``supports`` are the
    sources of the rows, which speak for the finding only where it holds in some part.
    """
    parts = [bool(held)] if isinstance(held, bool) else [bool(part) for part in held]
    verdict = HOLDS if all(parts) else IN_PART if any(parts) else FAILS
    sources = tuple(supports)
    return Verdict(
        verdict=verdict,
        confidence=confidence,
        reason=reason,
        says=says,
        figures=figures,
        supports=() if verdict == FAILS else sources,
        opposes=sources if verdict == FAILS else (),
    )


def cited(frame: pd.DataFrame) -> tuple[str, ...]:
    """Ids of the sources that the rows of ``frame`` name, each once, sorted."""
    return tuple(sorted({source for cell in frame["source_ids"].dropna() for source in split_list(cell)}))


def counted(number: float, unit: str = "") -> Amount:
    """A count without a range, because it is one."""
    return Amount("count", float(number), unit=unit)


def some(number: float, unit: str = "", none: str = "none") -> Amount:
    """A count, or the word for none of them."""
    return counted(number, unit) if number else Amount("text", none)


def low_high(kind: str, values: Iterable[float], unit: str = "") -> Amount:
    """From the lowest to the highest of rival figures; no best one is chosen."""
    listed = [float(value) for value in values if pd.notna(value)]
    return Amount(kind, low=min(listed), high=max(listed), unit=unit)


def ranged(kind: str, values: tuple[float, float, float], unit: str = "") -> Amount:
    """Fewest, coded and most as low, best and high."""
    low, best, high = (float(value) for value in values)
    if low == high:
        return Amount(kind, best, unit=unit)
    return Amount(kind, low=low, best=best, high=high, unit=unit)
