"""Truces: which there were, what days they touch, how long they lasted, and recorded deaths around their start.

A *halt* is a truce that was to stop fighting: nationwide, or in and around Aleppo. Windows of hours, talks and
offers that never began are kept beside them, since nothing was to stop for whole days at their start.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

DAY = pd.Timedelta(days=1)
HALTS = ("nationwide", "local")
BEGAN = (*HALTS, "window")
READINGS = ("first", "last")
COLLAPSED = "collapsed"


def truces(ceasefires: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    """Truces, pauses and aid windows that covered Aleppo and began between two days, in date order.

    ``ceasefires`` is the table of that name. Left out are talks (area "Diplomatic"), areas that do not hold
    Aleppo, and proposals that never came into force. ``start`` and ``end`` become days; an end known to the
    month, or not at all, is missing. Adds ``nationwide``: covers the country, and did not end within two days.
    """
    area, name = ceasefires["area"].fillna(""), ceasefires["name"]
    covers = area.str.contains("Aleppo|Nationwide") & ~name.str.contains("proposal|offer|Munich")
    rows = ceasefires[covers].assign(start=full_days(ceasefires["start"]), end=full_days(ceasefires["end"]))
    rows = rows[rows["start"].between(start, end)]
    brief = (rows["end"] - rows["start"]).dt.days <= 2
    nationwide = rows["area"].str.startswith("Nationwide") & ~brief
    return rows.assign(nationwide=nationwide).sort_values(["start", "ceasefire_id"], ignore_index=True)


def full_days(dates: pd.Series) -> pd.Series:
    """Days as timestamps; a month or a year alone is no day, and becomes missing."""
    return pd.to_datetime(dates.astype(object), format="%Y-%m-%d", errors="coerce")


def coded(ceasefires: pd.DataFrame, coding: pd.DataFrame) -> pd.DataFrame:
    """Every row of ``ceasefires`` with how it is read (``truce_coding``), in the order of its first day.

    ``start`` becomes a day and ``end`` stays as published (``agreed_end``); ``source_ids`` are those of both
    tables, and ``verified`` is no when either says so. Raises ``ValueError`` for a row that is not coded or
    whose start is not known to the day.
    """
    missing = set(ceasefires["ceasefire_id"]) - set(coding["ceasefire_id"])
    if missing:
        raise ValueError(f"not coded: {', '.join(sorted(missing))}")
    both = ceasefires.merge(coding, on="ceasefire_id", suffixes=("", "_coding"))
    start = full_days(both["start"])
    if start.isna().any():
        raise ValueError(f"no first day: {', '.join(both.loc[start.isna(), 'ceasefire_id'])}")
    pairs = zip(both["source_ids"].fillna(""), both["source_ids_coding"].fillna(""), strict=True)
    sources = [
        ";".join(dict.fromkeys(one for cell in pair for one in cell.split(";") if one)) for pair in pairs
    ]
    verified = np.where((both["verified"] == "yes") & (both["verified_coding"] == "yes"), "yes", "no")
    rows = both.assign(start=start, source_ids=sources, verified=verified).rename(
        columns={"end": "agreed_end"}
    )
    rows = rows.drop(columns=["source_ids_coding", "verified_coding"])
    return rows.sort_values(["start", "ceasefire_id"], ignore_index=True)


def daily_deaths(series: pd.DataFrame) -> pd.DataFrame:
    """``vdc_deaths_daily`` as whole numbers, one row per day (index ``day``) and one column per region."""
    return series.pivot(index="day", columns="region", values="deaths").astype("int64").asfreq("D")


@dataclass(frozen=True, eq=False)
class Around:
    """Deaths in the ``window`` days before and from each day on: arrays over ``days``, all days with both."""

    days: pd.DatetimeIndex
    before: np.ndarray
    after: np.ndarray

    @property
    def log_ratio(self) -> np.ndarray:
        """Log of deaths after over deaths before, half a death added to each so that none is without bound."""
        return np.asarray(np.log((self.after + 0.5) / (self.before + 0.5)))


def around_every_day(daily: pd.Series, window: int) -> Around:
    """Sums of ``daily`` over the ``window`` days before every day and over the ``window`` days from it on.

    ``daily`` has every day of its span. One pass over cumulative sums. Raises ``ValueError`` when the series is
    shorter than two windows.
    """
    if len(daily) < 2 * window:
        raise ValueError(f"{len(daily)} days are fewer than two windows of {window}")
    sums = np.concatenate([[0], np.cumsum(daily.to_numpy())])
    middle = np.arange(window, len(daily) - window + 1)
    before = sums[middle] - sums[middle - window]
    after = sums[middle + window] - sums[middle]
    return Around(daily.index[0] + pd.to_timedelta(middle, unit="D"), before, after)


def episodes(starts: pd.Series, window: int) -> pd.Series:
    """A number for each start, the same for starts whose windows of ± ``window`` days share a day.

    Sharing is passed on: of three starts, the first and the last may belong together through the second.
    """
    order = starts.sort_values(kind="stable")
    apart = order.diff() >= 2 * window * DAY
    return apart.cumsum().reindex(starts.index).astype(int)


def others_within(rows: pd.DataFrame, window: int) -> pd.DataFrame:
    """Which other truces began in the ``window`` days before each start, and from it on; ids with semicolons.

    Only truces that began count (not talks, nor offers). Columns ``others_before`` and ``others_after``.
    """
    began = rows[rows["kind"].isin(BEGAN)]
    found = []
    for row in rows.itertuples(index=False):
        others = began[began["ceasefire_id"] != row.ceasefire_id]
        days = (others["start"] - row.start).dt.days
        found.append([";".join(others.loc[days.between(*span), "ceasefire_id"]) for span in _spans(window)])
    return pd.DataFrame(found, columns=["others_before", "others_after"], index=rows.index)


def _spans(window: int) -> Sequence[tuple[int, int]]:
    return (-window, -1), (0, window - 1)


def spells(rows: pd.DataFrame) -> pd.DataFrame:
    """Halts as spells at risk of collapse: a truce and the extensions that follow it without a break are one.

    ``rows`` is :func:`coded`. One row per spell: ``ceasefire_id`` (of the first), ``members``, ``label``, ``kind``,
    ``broker``, ``start``, ``source_ids``, and for each reading (``first``, ``last``) ``<reading>_days`` (first and
    last day included, so at least 1), ``<reading>_how`` and ``<reading>_collapsed``; ``verified`` is no when that
    of a member is.
    """
    halts = rows[rows["kind"].isin(HALTS)]
    before = dict(zip(halts["ceasefire_id"], halts["extends"], strict=True))
    head = {one: _head(one, before) for one in before}
    grouped = halts.assign(head=halts["ceasefire_id"].map(head)).groupby("head", sort=False)
    spell = grouped.first()[["label", "kind", "broker", "start"]]
    spell["members"] = grouped["ceasefire_id"].agg(";".join)
    spell["source_ids"] = grouped["source_ids"].agg(";".join)
    spell["verified"] = np.where((grouped["verified"].min() == "yes"), "yes", "no")
    for reading in READINGS:
        ends = grouped[[f"{reading}_end", f"{reading}_how"]].last()
        spell[f"{reading}_days"] = (ends[f"{reading}_end"] - spell["start"]).dt.days + 1
        spell[f"{reading}_how"] = ends[f"{reading}_how"]
        spell[f"{reading}_collapsed"] = ends[f"{reading}_how"] == COLLAPSED
    return spell.rename_axis("ceasefire_id").reset_index()


def _head(one: str, before: dict[str, object]) -> str:
    """The truce that the chain of extensions of ``one`` begins with."""
    earlier = before.get(one)
    return one if earlier is None or pd.isna(earlier) else _head(str(earlier), before)
