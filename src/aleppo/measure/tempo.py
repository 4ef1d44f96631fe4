"""Tempo of the front: captures and area gained and lost per week or month, from spells.

A *capture* is the day on which a party begins to hold alone a place that another party held alone before it. A
contested spell between two holders is part of the capture, which is dated at its end; a contested spell from
which the old holder comes out is none. The first spell of a place opens at the edge of the window and is no
event. Places and towns are told in the same way.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from aleppo.evidence.errors import AleppoError
from aleppo.measure.control import held_area
from aleppo.measure.toll import WEEK, week_of

COLUMNS = ["place", "date", "taken_by", "taken_from", "confidence", "start_precision"]
DIVIDED = "divided"


def captures(spells: pd.DataFrame, *, key: str | None = None) -> pd.DataFrame:
    """Every capture in ``spells``, by day.

    ``spells`` needs ``holder, start, confidence, start_precision`` and the column ``key`` that names the place
    (``place_id`` or ``town_id``, whichever is there, unless given).

    Returns ``place, date, taken_by, taken_from, confidence, start_precision`` in order of date and place;
    ``taken_from`` is ``divided`` where nobody had held the place alone since the window opened. Confidence and
    precision are those of the spell that begins. Raises ``AleppoError`` when no such column is there.
    """
    name = key or next((name for name in ("place_id", "town_id") if name in spells.columns), None)
    if name is None or name not in spells.columns:
        raise AleppoError(f"spells: expected a column place_id or town_id, found {', '.join(spells.columns)}")
    ordered = spells.sort_values([name, "start"], kind="stable")
    alone = ordered["holder"] != "contested"
    known = ordered[alone]
    last = known.groupby(name)["holder"].shift()
    opening = ~ordered[name].duplicated()
    taken = (known["holder"] != last) & ~opening[alone]
    # the rows are chosen last: pandas stretches a frame without rows to the length of a new column
    rows = known.assign(
        place=known[name], date=known["start"], taken_by=known["holder"], taken_from=last.fillna(DIVIDED)
    )[taken]
    return rows[COLUMNS].sort_values(["date", "place"], ignore_index=True, kind="stable")


def weekly(events: pd.DataFrame, first: str | pd.Timestamp, last: str | pd.Timestamp) -> pd.Series:
    """Number of ``events`` (a column ``date``) in each week from that of ``first`` to that of ``last``."""
    mondays = pd.date_range(week_of(pd.Timestamp(first)), week_of(pd.Timestamp(last)), freq=WEEK, name="week")
    of_week = events["date"] - pd.to_timedelta(events["date"].dt.day_of_week, unit="D")
    return of_week.value_counts().reindex(mondays, fill_value=0).astype(int).rename("captures")


def both_ways(events: pd.DataFrame, holder: str, first: str, last: str) -> pd.DataFrame:
    """Captures by week in three columns: ``taken by`` the holder, ``taken from`` it, and ``all``."""
    return pd.DataFrame(
        {
            "taken by": weekly(events[events["taken_by"] == holder], first, last),
            "taken from": weekly(events[events["taken_from"] == holder], first, last),
            "all": weekly(events, first, last),
        }
    )


def monthly_balance(
    events: pd.DataFrame, holder: str, first: str, last: str, weight: str | None = None
) -> pd.DataFrame:
    """Gains and losses of ``holder`` in each month from ``first`` to ``last`` (``YYYY-MM``).

    Counts of captures, or sums of the column ``weight`` (km2). Returns one row per month with ``month``,
    ``gained``, ``lost``, ``net``, and ``events`` by anybody.
    """
    months = pd.period_range(first, last, freq="M")
    of_month = events["date"].dt.to_period("M")
    size = events[weight].astype(float) if weight else pd.Series(1.0, index=events.index)

    def total(rows: pd.Series) -> np.ndarray:
        return size[rows].groupby(of_month[rows]).sum().reindex(months, fill_value=0.0).to_numpy()

    gained, lost = total(events["taken_by"] == holder), total(events["taken_from"] == holder)
    return pd.DataFrame(
        {
            "month": months.strftime("%Y-%m"),
            "gained": gained,
            "lost": lost,
            "net": gained - lost,
            "events": of_month.value_counts().reindex(months, fill_value=0).to_numpy(),
        }
    )


def turnover(balance: pd.DataFrame, first: str, last: str) -> float:
    """What changed hands from month ``first`` to ``last`` (``YYYY-MM``): gains and losses of a `monthly_balance`."""
    return float(balance.loc[balance["month"].between(first, last), ["gained", "lost"]].to_numpy().sum())


def rates(
    events: pd.DataFrame,
    break_date: str | pd.Timestamp,
    first: str | pd.Timestamp,
    last: str | pd.Timestamp,
    by: list[str],
) -> pd.DataFrame:
    """Captures a month before and from the break, for each value of the columns ``by``.

    Weeks run from that of ``first`` to that of ``last``; the week of the break is the first after it; a month is
    30.44 days. Captures with low confidence are counted in ``before`` and ``after`` and left out of
    ``before_firm`` and ``after_firm``.

    Returns the columns ``by``, ``before, before_firm, after, after_firm`` (counts), ``weeks_before,
    weeks_after``, ``rate_before, rate_after`` (a month), in order of ``by``.
    """
    start, turn = week_of(pd.Timestamp(first)), week_of(pd.Timestamp(break_date))
    stop = week_of(pd.Timestamp(last)) + WEEK
    inside = events[(events["date"] >= start) & (events["date"] < stop)]
    later = inside["date"] >= turn
    firm = inside["confidence"] != "low"
    weeks_before, weeks_after = (turn - start) // WEEK, (stop - turn) // WEEK
    table = (
        inside.assign(before=~later, before_firm=~later & firm, after=later, after_firm=later & firm)
        .groupby(by, observed=True)[["before", "before_firm", "after", "after_firm"]]
        .sum()
        .astype(int)
        .reset_index()
    )
    month = 365.25 / 12 / 7  # weeks
    return table.assign(
        weeks_before=weeks_before,
        weeks_after=weeks_after,
        rate_before=table["before"] / weeks_before * month,
        rate_after=table["after"] / weeks_after * month,
    )


def weekly_area(
    spells: pd.DataFrame, places: pd.DataFrame, holder: str, first: str, last: str
) -> pd.DataFrame:
    """Change of the area that ``holder`` held over each week, in km2: ``firm``, ``midpoint`` and ``upper``.

    From the Sunday before a week to its own Sunday, or to ``last`` in the week that holds it. Indexed by week.
    Spells must cover the day before the week of ``first``.
    """
    monday = week_of(pd.Timestamp(first))
    daily = held_area(spells, places, holder, monday - pd.Timedelta(days=1), last)
    at_end = daily[(daily.index.day_of_week == 6) | (daily.index == daily.index[-1])]
    change = at_end.diff().iloc[1:]
    change.index = pd.DatetimeIndex([week_of(day) for day in change.index], name="week")
    return change.rename(columns=lambda name: name.removesuffix("_km2")).round(6)


def fronts(events: pd.DataFrame, towns: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    """``events`` of towns with the front they belong to: the governorate's English name in ``front``.

    ``towns`` needs ``town_id, name_en, governorate``; ``names`` is the table ``governorates``. Adds ``name`` and
    ``front``. Raises ``AleppoError`` for a place that is no town of the list.
    """
    known = towns.set_index("town_id")
    unknown = sorted(set(events["place"]) - set(known.index))
    if unknown:
        raise AleppoError(f"events: expected towns of the table towns, found {unknown[0]}")
    english = names.set_index("governorate")["name_en"]
    of_town = known["governorate"].map(english)
    return events.assign(name=events["place"].map(known["name_en"]), front=events["place"].map(of_town))


def published_extent(published: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    """Published areas and shares of the whole of Syria, and of Iraq and Syria, dated ``first`` to ``last``.

    ``published`` is the table ``control_published``. Only rows with one value in km2 or percent; nothing is
    converted or averaged. In order of the last day that a figure speaks of.
    """
    wide = published["area_name"].isin(["Syria", "Iraq and Syria"])
    measured = published["unit"].isin(["km2", "percent"]) & published["value"].notna()
    rows = published[wide & measured & published["date_end"].between(first, last)]
    return rows.sort_values(["date_end", "published_id"], ignore_index=True)


ADVANCES = (
    "advance",
    "capture",
    "control_change",
    "expulsion",
    "recapture",
    "route_cut",
    "route_opened",
    "siege_broken",
)
# The words by which the table of events names the parties; the one that stands first names the side.
_PARTY_WORDS = {
    "government": ("syrian army", "syrian government", "government"),
    "islamic_state": ("islamic state", "isil"),
    "opposition": ("rebel", "jaish al-fatah", "nusra", "islamist", "fsa"),
}


def advances(events: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    """Events of the front line that begin from ``first`` to ``last``, with the side that advanced.

    ``events`` is the table of that name. ``side`` is the party named first among the actors of an advance
    (a capture, a road cut or opened, a siege broken, an expulsion), missing for an event that moved no line, such
    as the start of a battle, a claim or a failed offensive. Raises ``AleppoError`` for an advance whose first
    actor names no known party.
    """
    rows = events[(events["domain"] == "front_lines") & events["date_start"].between(first, last)]
    moved = rows["event_type"].isin(ADVANCES)
    side = rows["actors"].where(moved).map(_first_party, na_action="ignore")
    unknown = rows[moved & (side == "")]
    if len(unknown):
        row = unknown.iloc[0]
        raise AleppoError(f"{row['event_id']}: actors: expected a known party first, found {row['actors']!r}")
    return rows.assign(side=side).sort_values(["date_start", "event_id"], ignore_index=True)


def _first_party(actors: str) -> str:
    """The party whose word stands first in the first group of ``actors``; empty where none does."""
    group = actors.split(";")[0].lower()
    places = {
        party: min((group.find(word) for word in words if word in group), default=-1)
        for party, words in _PARTY_WORDS.items()
    }
    named = {party: place for party, place in places.items() if place >= 0}
    return min(named, key=lambda party: named[party]) if named else ""
