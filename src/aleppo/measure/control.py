"""Territorial control: from dated spells to the area that each side held on each day.

A *spell* says who held a place from ``start`` to ``end``, both days included. Where no single holder can be
supported the spell is ``contested`` and names the parties. Area follows from the surface of the places:

* **firm**: places held by the party alone;
* **midpoint**: firm plus an even part of each place that the party contests: half where two contest it;
* **upper**: firm plus all of the places that the party contests.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from aleppo.evidence.errors import AleppoError

CONTESTED = "contested"


def held_area(
    spells: pd.DataFrame,
    places: pd.DataFrame,
    holder: str,
    start: str | pd.Timestamp,
    end: str | pd.Timestamp,
) -> pd.DataFrame:
    """Area that ``holder`` held on each day from ``start`` to ``end``, both included.

    ``spells`` needs ``place_id, holder, contested_by, start, end``; ``places`` needs ``place_id, area_km2``.
    Places without a surface count nothing.

    Returns one row per day, indexed by ``date``, with ``firm_km2``, ``midpoint_km2`` and ``upper_km2``.
    """
    days = pd.date_range(start, end, freq="D", name="date")
    surface = spells["place_id"].map(places.set_index("place_id")["area_km2"]).astype(float).fillna(0.0)
    firm = _daily_sum(spells, surface.where(spells["holder"] == holder, 0.0), days)
    split = surface.where(contests(spells, holder), 0.0)
    # a contested place is split evenly among its parties: a convention, not a measurement
    even = _daily_sum(spells, split / number_of_parties(spells), days)
    whole = _daily_sum(spells, split, days)
    return pd.DataFrame(
        {"firm_km2": firm, "midpoint_km2": firm + even, "upper_km2": firm + whole}, index=days
    )


def held_areas(
    spells: pd.DataFrame,
    places: pd.DataFrame,
    holders: Sequence[str],
    start: str | pd.Timestamp,
    end: str | pd.Timestamp,
) -> pd.DataFrame:
    """:func:`held_area` of each of ``holders``, one below the other, with the column ``holder``.

    The midpoints of all parties of a day add up to the area of all places.
    """
    return pd.concat(
        [held_area(spells, places, holder, start, end).assign(holder=holder) for holder in holders]
    )


def parties(spells: pd.DataFrame) -> list[str]:
    """Every party that holds or contests a place in ``spells``, sorted."""
    named = spells["contested_by"].dropna().str.split(";").explode()
    return sorted((set(spells["holder"]) | set(named)) - {CONTESTED})


def number_of_parties(spells: pd.DataFrame) -> pd.Series:
    """Number of parties of each spell: 1 for a sole holder."""
    return (spells["contested_by"].fillna("").str.count(";") + 1).astype(int)


def state_on(spells: pd.DataFrame, day: str | pd.Timestamp) -> pd.DataFrame:
    """Who holds each place on ``day``: one row per place, indexed by ``place_id``.

    Columns: ``holder, contested_by, start, end, start_precision, confidence, source_ids`` of the spell that covers
    the day (those that ``spells`` has) and ``days``, for how many days the spell has lasted, the day included.
    Raises AleppoError for a day without a spell and for two spells of one place.
    """
    day = pd.Timestamp(day)
    rows = spells[(spells["start"] <= day) & (spells["end"] >= day)]
    missing = sorted(set(spells["place_id"]) - set(rows["place_id"]))
    if missing:
        raise AleppoError(f"{day.date()}: expected a spell of every place, found none of {missing[0]}")
    twice = rows.loc[rows["place_id"].duplicated(), "place_id"]
    if len(twice):
        raise AleppoError(f"{day.date()}: expected one spell of {twice.iloc[0]}, found two")
    columns = ["holder", "contested_by", "start", "end", "start_precision", "confidence", "source_ids"]
    kept = rows.set_index("place_id")[[name for name in columns if name in rows]].sort_index()
    return kept.assign(days=(day - kept["start"]).dt.days + 1)


def holders_by_day(spells: pd.DataFrame, start: str | pd.Timestamp, end: str | pd.Timestamp) -> pd.DataFrame:
    """The holder of every place on every day from ``start`` to ``end``: days by places.

    Raises AleppoError when a place has no spell on one of the days.
    """
    days = pd.date_range(start, end, freq="D", name="date")
    wide = spells.pivot(index="start", columns="place_id", values="holder").ffill()
    held = wide.reindex(wide.index.union(days)).ffill().loc[days]
    held.index.name = "date"
    if held.isna().any(axis=None):
        raise AleppoError(f"{days[0].date()}: expected a spell of every place, found none of some")
    return held


def contests(spells: pd.DataFrame, holder: str) -> pd.Series:
    """Whether each spell is contested with ``holder`` among its parties."""
    return (
        (";" + spells["contested_by"].fillna("") + ";").str.contains(f";{holder};", regex=False).astype(bool)
    )


def lost_between(
    spells: pd.DataFrame, holder: str, first: str | pd.Timestamp, last: str | pd.Timestamp
) -> list[str]:
    """Places that ``holder`` held or contested on ``first`` and neither held nor contested on ``last``.

    With the mid-November line and the end of the evacuation this is the eastern pocket: it leaves out the
    western edge of the city, where the opposition kept points throughout.
    """
    return sorted(_present(spells, holder, first) - _present(spells, holder, last))


def _present(spells: pd.DataFrame, holder: str, day: str | pd.Timestamp) -> set[str]:
    """Places where ``holder`` is the holder or a party on ``day``."""
    day = pd.Timestamp(day)
    present = (spells["holder"] == holder) | contests(spells, holder)
    return set(spells.loc[present & (spells["start"] <= day) & (spells["end"] >= day), "place_id"])


def held_share(area: pd.DataFrame, reference_day: str | pd.Timestamp) -> pd.DataFrame:
    """``area`` of :func:`held_area` as shares of its midpoint on ``reference_day``: firm, midpoint, upper.

    Raises ``KeyError`` when the reference day is outside ``area``.
    """
    reference = area.at[pd.Timestamp(reference_day), "midpoint_km2"]
    return (area / reference).rename(columns=lambda name: name.removesuffix("_km2"))


def published_shares(published: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    """Published figures of eastern Aleppo as the share that the opposition still held.

    ``published`` is the table ``control_published``. Three kinds of figure are made comparable: a share
    retaken (one minus it), a share remaining, and an area retaken or remaining, which is divided by the area
    that the army's media arm gave for the whole on 27 November 2016, the only total that was published.

    Returns one row per figure, in date order, with ``published_id, date, measure, share, attributed_to,
    source_ids``.
    """
    dates = pd.to_datetime(published["date_end"])
    east = published["area_name"].str.startswith("East Aleppo (") | (published["measure"] == "area_remaining")
    rows = published[east & dates.between(start, end)].assign(date=dates)
    total = published.loc[published["measure"] == "total_area", "value"].iloc[0]
    value = rows["value"].astype(float)
    share = pd.Series(np.nan, index=rows.index)
    for measure, converted in {
        "share_retaken": 1 - value / 100,
        "share_remaining": value / 100,
        "area_retaken": 1 - value / total,
        "area_remaining": value / total,
    }.items():
        share = share.where(rows["measure"] != measure, converted)
    columns = ["published_id", "date", "measure", "share", "attributed_to", "source_ids"]
    return (
        rows.assign(share=share)
        .dropna(subset="share")[columns]
        .sort_values(["date", "published_id"], ignore_index=True)
    )


def residuals(shares: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """``published`` of :func:`published_shares` beside our firm, midpoint and upper share of the same day.

    Adds ``residual`` (midpoint minus published, as a share) and ``inside`` (whether the published share lies
    between firm and upper).
    """
    both = published.merge(shares, left_on="date", right_index=True, how="left")
    return both.assign(
        residual=both["midpoint"] - both["share"],
        inside=both["share"].between(both["firm"], both["upper"]),
    )


def _daily_sum(spells: pd.DataFrame, weight: pd.Series, days: pd.DatetimeIndex) -> np.ndarray:
    """Sum of ``weight`` over the spells that cover each day: one pass over the spells, one over the days."""
    changes = np.zeros(len(days) + 1)
    first = np.clip((spells["start"] - days[0]).dt.days, 0, len(days))
    after_last = np.clip((spells["end"] - days[0]).dt.days + 1, 0, len(days))
    np.add.at(changes, first, weight)
    np.add.at(changes, after_last, -weight)
    return np.round(np.cumsum(changes[:-1]), 6)
