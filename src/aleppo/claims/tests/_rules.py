"""Rules that several tests of claims share: how a claimed figure stands to published ones, and dates to dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from aleppo.claims.verdict import Amount


def number(value: Any) -> float | None:
    """``value`` as a float, None where it is missing."""
    return None if value is None or pd.isna(value) else float(value)


def amount(row: Mapping[str, Any], kind: str = "count", unit: str = "") -> Amount:
    """The figure of a row with ``low, best, high``; bounds that are missing stay out."""
    low, best, high = (number(row[name]) for name in ("low", "best", "high"))
    return Amount(kind, best=best, low=low, high=high, unit=unit)


def range_of(amounts: Iterable[Amount], kind: str = "count", unit: str = "") -> Amount:
    """From the lowest to the highest value that ``amounts`` name; rival figures are not averaged."""
    values = [
        float(value)
        for one in amounts
        for value in (one.low, one.best, one.high)
        if value is not None and not isinstance(value, str)
    ]
    return Amount(kind, low=min(values), high=max(values), unit=unit)


def agrees(claimed: float, published: Amount, tolerance: float = 0.0) -> bool:
    """Whether ``claimed`` lies within a published figure.

    A single figure is matched within ``tolerance`` (a fraction of it), a range from its low to its high, a bound
    from its side; the ends are widened by the same fraction.
    """
    low = published.low if published.low is not None else published.best if published.high is None else None
    high = published.high if published.high is not None else published.best if published.low is None else None
    above = low is None or isinstance(low, str) or claimed >= low * (1 - tolerance)
    below = high is None or isinstance(high, str) or claimed <= high * (1 + tolerance)
    return above and below


def by_agreement(claimed: float, published: Iterable[Amount], tolerance: float = 0.0) -> str:
    """Verdict on a claimed figure: supported where every published one agrees, contested where only some do.

    Not supported where none does; cannot be tested without a published figure.
    """
    held = [agrees(claimed, one, tolerance) for one in published]
    if not held:
        return "cannot_be_tested"
    return "supported" if all(held) else "contested" if any(held) else "not_supported"


def day(value: Any) -> str:
    """A timestamp as YYYY-MM-DD."""
    return pd.Timestamp(value).strftime("%Y-%m-%d")


def days_between(first: Any, last: Any) -> int:
    """Days from ``first`` to ``last``, both counted."""
    return int((pd.Timestamp(last) - pd.Timestamp(first)).days) + 1
