"""Siege, displacement, evacuation and deaths on both sides of the line in Aleppo, as published.

A *figure* is a row with ``low, best, high`` as its publisher gave them, ``attributed_to``, ``period_start`` and
``period_end``, ``row_id``, ``source_ids`` and ``verified``. Rival figures stand side by side; none is averaged,
and a missing bound is missing.
"""

from __future__ import annotations

import pandas as pd

from aleppo.evidence.tables.core import first_day, last_day

EAST, WEST = ("Aleppo city (east)", "eastern Aleppo"), ("Aleppo city (west)", "western Aleppo")
FIGURE = [
    "low",
    "best",
    "high",
    "attributed_to",
    "period_start",
    "period_end",
    "row_id",
    "source_ids",
    "verified",
]
OUT_OF_THE_EAST = "Aleppo city (east) to western countryside"
OPPOSITION = r"opposition|armed groups|rebel|insurgent|Free Syrian Army|16th Division"
GOVERNMENT = r"Syrian (?:army|air force|government|or Russian)|Russian|government side"
VIOLENCE = ("airstrike", "shelling_bombing", "medical", "education", "chemical", "execution")
BY_OPPOSITION = "armed opposition"
BY_GOVERNMENT = "Syrian or Russian forces"
BY_NOBODY = "disputed or nobody"


def people_in_the_east(estimates: pd.DataFrame, control_published: pd.DataFrame) -> pd.DataFrame:
    """Published figures of the people in opposition-held eastern Aleppo, in order of time: ``FIGURE``.

    Taken from both tables that hold such figures; what stands in both is given once.
    """
    ours = estimates[(estimates["quantity"] == "population") & estimates["area"].isin(EAST)]
    ours = ours.rename(columns={"estimate_id": "row_id"})
    theirs = control_published[
        (control_published["measure"] == "population_estimate")
        & (control_published["area_name"] == "East Aleppo city")
    ].rename(columns={"published_id": "row_id", "value": "best", "value_low": "low", "value_high": "high"})
    theirs = theirs.assign(period_start=_text(theirs["date_start"]), period_end=_text(theirs["date_end"]))
    both = pd.concat([ours, theirs], ignore_index=True)
    amounts = both[["low", "best", "high"]].astype(float)
    both[["low", "best", "high"]] = amounts
    both = both[~both.duplicated(["period_start", "low", "best", "high"])]
    return _in_time(both)[FIGURE]


def _text(days: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(days):
        return days.dt.strftime("%Y-%m-%d")
    return days.astype("string")


def _in_time(rows: pd.DataFrame) -> pd.DataFrame:
    """``rows`` by the last day of their period, then the first, then their figure."""
    figure = rows["best"].fillna(rows["low"]).fillna(rows["high"])
    keys = pd.DataFrame(
        {"end": last_day(rows["period_end"]), "start": first_day(rows["period_start"]), "figure": figure}
    )
    return rows.loc[keys.sort_values(["end", "start", "figure"], kind="stable").index].reset_index(drop=True)


def evacuated(estimates: pd.DataFrame) -> pd.DataFrame:
    """Figures of the people taken out of eastern Aleppo from 15 December 2016, in order of time: ``FIGURE``."""
    rows = estimates[
        ((estimates["quantity"] == "evacuated") & (estimates["area"] == OUT_OF_THE_EAST))
        | (estimates["quantity"] == "persons evacuated")
    ]
    return _in_time(rows.rename(columns={"estimate_id": "row_id"}))[FIGURE]


def latest_by_counter(figures: pd.DataFrame) -> pd.DataFrame:
    """The last figure of each ``attributed_to`` of figures in order of time."""
    return figures.groupby("attributed_to", sort=False).tail(1).reset_index(drop=True)


def displaced(estimates: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    """Figures of displacement in Aleppo whose period lies from ``start`` to ``end``: ``FIGURE`` and ``quantity``.

    Cumulative figures of longer periods are left out by their dates.
    """
    kinds = ["displaced", "persons said to have left eastern Aleppo"]
    rows = estimates[estimates["quantity"].isin(kinds) & (estimates["governorate"] == "SY02")]
    inside = (first_day(rows["period_start"]) >= pd.Timestamp(start)) & (
        last_day(rows["period_end"]) <= pd.Timestamp(end)
    )
    return _in_time(rows[inside].rename(columns={"estimate_id": "row_id"}))[[*FIGURE, "quantity"]]


def two_sides(estimates: pd.DataFrame) -> pd.DataFrame:
    """Deaths in eastern and in western Aleppo that one counter gave for one and the same period and population.

    Only periods with a figure for either side are kept. One row per published part: ``window`` (from 0, in
    order of time), ``side`` (east or west), ``perpetrator``, ``population``, ``days`` and ``FIGURE``.
    """
    rows = estimates[(estimates["quantity"] == "deaths") & estimates["area"].isin([*EAST, *WEST])].copy()
    rows["side"] = rows["area"].isin(EAST).map({True: "east", False: "west"})
    key = ["attributed_to", "population", "period_start", "period_end"]
    rows = rows[rows.groupby(key)["side"].transform("nunique") == 2]
    rows = _in_time(rows.rename(columns={"estimate_id": "row_id"}))
    length = last_day(rows["period_end"]) - first_day(rows["period_start"])
    rows = rows.assign(window=rows.groupby(key, sort=False).ngroup(), days=length.dt.days + 1)
    order = rows.sort_values(["window", "side", "best"], ascending=[True, True, False], kind="stable")
    return order[["window", "side", "perpetrator", "population", "days", *FIGURE]].reset_index(drop=True)


def side_totals(parts: pd.DataFrame) -> pd.DataFrame:
    """:func:`two_sides` with the parts of a side added, one row per window: ``east, west, west_share, days``.

    The parts of one counter for one side and period do not overlap, and only such are added. ``at_least`` is
    true where the figures are lower bounds.
    """
    value = parts["best"].fillna(parts["low"])
    sums = value.groupby([parts["window"], parts["side"]]).sum().unstack()
    bound = parts["best"].isna().groupby(parts["window"]).any()
    first = parts.groupby("window")[
        ["attributed_to", "population", "period_start", "period_end", "days"]
    ].first()
    return first.assign(
        east=sums["east"],
        west=sums["west"],
        west_share=sums["west"] / (sums["east"] + sums["west"]),
        at_least=bound,
    ).reset_index()


def shelling_of_the_west(estimates: pd.DataFrame) -> pd.DataFrame:
    """Figures of deaths in government-held Aleppo, and others by opposition fire there, in order of time.

    ``FIGURE`` with ``area, population, perpetrator``. Sheikh Maqsoud, which the government did not hold, is left
    out, and so is what Kurdish fire did in opposition-held quarters.
    """
    held = estimates["area"].isin(WEST) | estimates["estimate_id"].str.startswith("WAL-")
    by = estimates["perpetrator"].fillna("").str.contains("armed opposition|armed groups", regex=True)
    rows = estimates[(estimates["quantity"] == "deaths") & (estimates["governorate"] == "SY02") & (held | by)]
    away = rows["area"].str.contains("Sheikh Maqsoud")
    rows = _in_time(rows[~away].rename(columns={"estimate_id": "row_id"}))
    return rows[["area", "population", "perpetrator", *FIGURE]]


def incidents(events: pd.DataFrame) -> pd.DataFrame:
    """Events of violence in Aleppo governorate with whom the sources attribute them to: ``by``.

    ``by`` is read from ``actors``: one side if only that side is named, ``BY_NOBODY`` if both, none, or a
    dispute is. Killed people, where the event gives a number of them, stand in ``killed``.
    """
    rows = events[events["domain"].isin(VIOLENCE) & (events["governorate"] == "SY02")]
    actors = rows["actors"].fillna("")
    opposition = actors.str.contains(OPPOSITION, regex=True)
    government = actors.str.contains(GOVERNMENT, regex=True)
    disputed = actors.str.contains("disputed|blamed", regex=True)
    by = pd.Series(BY_NOBODY, index=rows.index)
    by = by.mask(opposition & ~government & ~disputed, BY_OPPOSITION)
    by = by.mask(government & ~opposition & ~disputed, BY_GOVERNMENT)
    killed = rows["value"].where(rows["unit"].fillna("").str.contains("killed|bodies", regex=True))
    return rows.assign(by=by, killed=killed).sort_values(["date_start", "event_id"]).reset_index(drop=True)


def commission_parties(findings: pd.DataFrame) -> tuple[int, int]:
    """How many of the Commission's findings name the government or its allies, and how many armed groups.

    ``findings`` is the table ``commission_findings``; a finding that names both counts on both sides.
    """
    party = findings["attributed_party"].str.lower()
    return int(party.str.contains("government|syrian").sum()), int(party.str.contains("armed groups").sum())
