"""Rules that several tests of claims share: how a claimed figure stands to published ones, and dates to dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from math import inf
from typing import Any

import pandas as pd

from aleppo.claims.exhibits import Exhibits
from aleppo.claims.verdict import Amount
from aleppo.evidence import split_list
from aleppo.evidence.errors import AleppoError


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


def value_of_claim(exhibits: Exhibits, claim: str) -> str:
    """What the article said, as the table of claims spells it."""
    return str(exhibits.rows("claims", claim)["value"].iloc[0])


def cited_by(*frames: pd.DataFrame) -> tuple[str, ...]:
    """Ids of the sources that the rows of ``frames`` name, each once, sorted."""
    cells = (cell for frame in frames for cell in frame["source_ids"])
    return tuple(sorted({source for cell in cells for source in split_list(cell)}))


def rows_naming(frame: pd.DataFrame, words: str, column: str = "actors") -> pd.DataFrame:
    """The rows whose ``column`` holds one of ``words`` (a pattern with alternatives)."""
    return frame[frame[column].fillna("").str.contains(words).astype(bool)]


def front_line(exhibits: Exhibits, span: tuple[str, str], governorate: str = "") -> pd.DataFrame:
    """Events of the front line that begin in ``span``, of one governorate if it is named."""
    events = exhibits["events"]
    rows = events[(events["domain"] == "front_lines") & events["date_start"].between(*span)]
    return rows[rows["governorate"] == governorate] if governorate else rows


def by_parts(*borne_out: bool) -> str:
    """Verdict on a claim of several parts: supported where all are borne out, partly where some are."""
    return "supported" if all(borne_out) else "partly" if any(borne_out) else "not_supported"


def forecast_by_parts(*came_about: bool) -> str:
    """Verdict on a forecast of several parts: borne out where all came about, partly where some did."""
    if all(came_about):
        return "forecast_borne_out"
    return "partly" if any(came_about) else "forecast_not_borne_out"


def of_at_least(claimed: float, published: Iterable[Amount]) -> str:
    """Verdict on a claim of "more than ``claimed``" against published figures.

    A figure bears it out where even its lowest value reaches ``claimed``, and speaks against it where even its
    highest does not; a range that spans ``claimed`` does neither. Contested unless all figures say one thing.
    """
    spans = [range_of([one]) for one in published]
    if not spans:
        return "cannot_be_tested"
    if all(float(one.low or 0) >= claimed for one in spans):
        return "supported"
    return "not_supported" if all(float(one.high or 0) < claimed for one in spans) else "contested"


_NUMBER_WORDS = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_NUMBER = re.compile(rf"\b(\d[\d,]*|{'|'.join(_NUMBER_WORDS)})\s+(?=([a-z][a-z ]*))", re.IGNORECASE)


def numbers_in(text: str, of: str) -> list[int]:
    """The numbers in ``text``, as digits or in words up to twelve, that stand before words matching ``of``.

    >>> numbers_in("eight fighters and 48 women", "fighters|women")
    [8, 48]
    """
    return [
        _NUMBER_WORDS.index(word.lower()) + 1 if word[0].isalpha() else int(word.replace(",", ""))
        for word, following in _NUMBER.findall(text)
        if re.match(of, following)
    ]


# --- figures given in words, and places that changed hands ---

_UNITS = {"thousands": 1e3, "tens of thousands": 1e4, "hundreds of thousands": 1e5}


def in_words(words: str) -> Amount:
    """The range that a number in words stands for: from twice its unit to less than ten times it.

    Raises AleppoError for words that it does not know.
    """
    if words not in _UNITS:
        raise AleppoError(f"a figure in words: expected {', '.join(_UNITS)}, found {words!r}")
    unit = _UNITS[words]
    return Amount("count", low=2 * unit, high=10 * unit - 1)


def by_overlap(claimed: Amount, published: Iterable[Amount]) -> str:
    """As :func:`by_agreement`, for a claimed range: a published figure agrees where the two meet."""
    held = [_meets(claimed, one) for one in published]
    if not held:
        return "cannot_be_tested"
    return "supported" if all(held) else "contested" if any(held) else "not_supported"


def _meets(one: Amount, other: Amount) -> bool:
    (low, high), (least, most) = _ends(one), _ends(other)
    return low <= most and least <= high


def _ends(one: Amount) -> tuple[float, float]:
    values = [value for value in (one.low, one.best, one.high) if isinstance(value, int | float)]
    open_below, open_above = one.low is None and one.best is None, one.high is None and one.best is None
    return (-inf if open_below else min(values), inf if open_above else max(values))


def latest_by_publisher(rows: pd.DataFrame, until: str) -> pd.DataFrame:
    """Of the rows of ``estimates`` that were verified, each publisher's last one that ends by ``until``."""
    known = rows[(rows["verified"] == "yes") & (rows["period_end"] <= until)]
    return known.sort_values("period_end", kind="stable").groupby("attributed_to", sort=True).tail(1)


def exchanged(
    captures: pd.DataFrame,
    taken_by: str,
    taken_from: str,
    first: Any,
    last: Any,
    places: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Captures by one party from another, dated ``first`` to ``last``; of ``places`` only, where these are given.

    ``captures`` is that of `aleppo.measure.tempo`.
    """
    rows = captures[
        (captures["taken_by"] == taken_by)
        & (captures["taken_from"] == taken_from)
        & captures["date"].between(pd.Timestamp(first), pd.Timestamp(last))
    ]
    return rows if places is None else rows[rows["place"].isin(list(places))]


def most_in_a_row(dates: pd.Series, days: int) -> int:
    """The highest number of ``dates`` that fall into a window of ``days`` days; 0 without any."""
    window = pd.Timedelta(days=days)
    return max((int(((dates > last - window) & (dates <= last)).sum()) for last in dates), default=0)
