"""Figures and tables of the chapter that sets fronts, deaths, strikes, votes and truces on one clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
from plotly.subplots import make_subplots

from aleppo.evidence import split_list
from aleppo.show import theme
from aleppo.show.chapters import clock_panels as panels
from aleppo.show.chapters.truces import dagger_words, marked
from aleppo.show.figure import Figure
from aleppo.show.numbers import count, count_range, date
from aleppo.show.table import Table

# events whose day is marked through all panels, by their ids
MARKED = {
    "FR-042": "northern road cut",
    "FR-062": "siege begins",
    "FR-067": "siege broken",
    "FR-073": "siege again",
    "FR-091": "last offensive",
    "FR-108": "evacuation agreed",
}
SAME = 0.001  # areas are sums of rounded square kilometres
DEATHS, STRIKES = "vdc-2018-deaths-by-province", "airwars-20260731-archive"
TABLES = (
    *("control_spells", "places", "vdc_deaths_weekly", "airwars_monthly", "coalition_strikes_weekly"),
    *("unsc_meetings_monthly", "unsc_votes", "ceasefires", "truce_coding", "events"),
)


@dataclass(frozen=True, eq=False)
class Clock:
    """What the clock shows from ``first`` to ``last`` (days): frames of ``aleppo.measure`` by panel.

    ``shares`` of ``control.held_share``, ``weeks`` of ``toll.weekly_deaths``, ``incidents``, ``strikes``, ``meetings``
    and ``events`` of ``clock``, ``votes`` of ``unsc_votes``, ``truces`` of ``truces.coded``; ``mapped_by`` are the
    sources of the places.
    """

    first: str
    last: str
    shares: pd.DataFrame
    weeks: pd.Series
    incidents: pd.DataFrame
    strikes: pd.Series
    meetings: pd.DataFrame
    votes: pd.DataFrame
    truces: pd.DataFrame
    events: pd.DataFrame
    mapped_by: tuple[str, ...]


def clock_figure(clock: Clock) -> Figure:
    """Every series in a panel of its own above the same days; tall, for one page."""
    fig = make_subplots(
        rows=len(panels.PANELS),
        cols=1,
        shared_xaxes=True,
        vertical_spacing=0.035,
        row_heights=[height for height, _ in panels.PANELS.values()],
    )
    panels.east(fig, clock.shares)
    panels.deaths(fig, clock.weeks)
    panels.incidents(fig, clock.incidents)
    panels.strikes(fig, clock.strikes)
    panels.council(fig, clock.meetings, clock.votes)
    panels.truces(fig, clock.truces)
    panels.headings(fig)
    # a stretch of its own: seven dates are to be told apart on it
    theme.time_axis(fig, theme.Window("clock", clock.first, clock.last, "M3", "M6", "%b<br>%Y"))
    fig.update_yaxes(nticks=4, zeroline=False, tickfont={"size": 12})
    theme.mark_break(fig)
    theme.mark_dates(
        fig,
        {row.date.strftime("%Y-%m-%d"): marked(row.label, row.verified) for row in clock.events.itertuples()},
    )
    fig.update_layout(
        height=1020,
        barmode="stack",
        bargap=0.1,
        showlegend=True,
        legend={"y": -0.07, "traceorder": "normal"},
    )
    return Figure(
        fig, **_clock_words(clock), narrow={"legend": {"y": -0.07, "font": {"size": 11}}, "height": 1080}
    )


def _clock_words(clock: Clock) -> dict[str, Any]:
    weeks, meetings, votes = clock.weeks, clock.meetings, clock.votes
    busiest = clock.incidents.sum(axis=1)
    unread = pd.concat([clock.truces[["verified"]], clock.events[["verified"]], votes[["verified"]]])
    vetoed = int((votes["outcome"] == "vetoed").sum())
    return {
        "id": "one-clock",
        "title": (
            f"Eastern Aleppo changed hands within {count(_days_of_change(clock.shares))} days of late 2016; over "
            f"{count(len(meetings))} months the Council voted {count(len(votes))} times and "
            f"{count(len(clock.truces))} truces, pauses or windows began"
        ),
        "caption": (
            "All panels share the days of the axis. Each publisher counts something else, so heights must "
            "not be compared between panels. Share of eastern Aleppo held, of that in mid-November 2016: "
            "band from firm to upper, line midpoint. Deaths are of people from Aleppo governorate; incidents "
            "of alleged civilian harm in it, attributed to Russia alone or with others; strikes in it as the "
            "US-led coalition reported them. Alleged incidents begin with the archive on 30 September 2015 "
            "and keep their grading; the coalition's series ends on 7 February 2016. The Council's log names "
            "Syria for few meetings; the true number lies between certain and possible. Truces: full colour "
            f"to the earliest day on which they may have ended, faint to the latest.{dagger_words(unread)}"
        ),
        "alt": (
            f"Six panels of one time axis, {date(clock.first)} to {date(clock.last)}. Recorded deaths peak "
            f"with {count(weeks.max())} in the week of {date(weeks.idxmax())}; alleged incidents with "
            f"{count(busiest.max())} in {date(str(busiest.idxmax()))}. The share of the east stays near the "
            "whole until November 2016 and is gone by 22 December. Meetings on Syria are between "
            f"{count(meetings['certain'].sum())} and {count(meetings['possible'].sum())} in all; "
            f"{count(vetoed)} of {count(len(votes))} texts were vetoed, the last within the weeks in which "
            "the east fell. Truces crowd between May and December 2016."
        ),
        "sources": _sources(clock),
        "tables": TABLES,
        "data": _drawn(clock),
    }


def _days_of_change(shares: pd.DataFrame) -> int:
    """Days from the last on which the opposition held what it held in mid-November to the first without any."""
    held = shares.index[shares["midpoint"] >= 1 - SAME]
    gone = shares.index[shares["midpoint"] <= SAME]
    return int((gone.min() - held.max()).days)


def _sources(clock: Clock) -> list[str]:
    cells = [cell for rows in (clock.truces, clock.events, clock.votes) for cell in rows["source_ids"]]
    return sorted({one for cell in cells for one in split_list(cell)} | {DEATHS, STRIKES, *clock.mapped_by})


def _drawn(clock: Clock) -> pd.DataFrame:
    """Everything that the figure shows, as one tidy frame: panel, series, start, end, value."""
    steps = clock.shares[clock.shares.ne(clock.shares.shift()).any(axis=1)]
    parts = [
        steps.rename_axis("start").reset_index().melt("start", var_name="series").assign(panel="east"),
        clock.weeks.rename_axis("start").rename("value").reset_index().assign(panel="deaths", series="week"),
        clock.strikes.rename_axis("start")
        .rename("value")
        .reset_index()
        .assign(panel="strikes", series="week"),
    ]
    frame = pd.concat(parts, ignore_index=True)
    frame["start"] = frame["start"].dt.strftime("%Y-%m-%d")
    monthly = [
        table.rename_axis("start").reset_index().melt("start", var_name="series").assign(panel=panel)
        for panel, table in (("incidents", clock.incidents), ("council", clock.meetings))
    ]
    votes = pd.DataFrame(
        {
            "start": panels.iso(clock.votes["date"]),
            "series": clock.votes["symbol"] + ", " + clock.votes["outcome"],
        }
    )
    truces = pd.DataFrame(
        {
            "start": panels.iso(clock.truces["start"]),
            "end": clock.truces["last_end"].dt.strftime("%Y-%m-%d").tolist(),
            "series": clock.truces["label"].tolist(),
        }
    )
    events = pd.DataFrame(
        {"start": panels.iso(clock.events["date"]), "series": clock.events["label"].tolist()}
    )
    rest = [votes.assign(panel="votes"), truces.assign(panel="truces"), events.assign(panel="events")]
    whole = pd.concat([frame, *monthly, *rest], ignore_index=True)
    whole["value"] = whole["value"].astype(float).round(4)
    return whole[["panel", "series", "start", "end", "value"]]


def months_table(months: pd.DataFrame, clock: Clock) -> Table:
    """The series side by side by month: :func:`aleppo.measure.clock.by_month`."""
    rows = months.assign(
        meetings=[count_range(row.certain, row.possible) for row in months.itertuples()],
        votes_words=[
            f"{row.votes} ({row.vetoed} vetoed)" if row.vetoed else count(row.votes)
            for row in months.itertuples()
        ],
    )
    return Table(
        rows[
            [
                "month",
                "deaths",
                "incidents",
                "meetings",
                "votes_words",
                "truces",
                "certain",
                "possible",
                "votes",
                "vetoed",
            ]
        ],
        id="clock-months",
        caption=(
            "Month by month: recorded deaths of people from the north-west, alleged incidents in Aleppo attributed to "
            "Russia (of every grading, before the archive begins unknown), Council meetings on Syria from certain to "
            "possible, votes, and truces, pauses and windows that began"
        ),
        columns={
            "month": "Month",
            "deaths": "Recorded deaths",
            "incidents": "Alleged incidents",
            "meetings": "Meetings",
            "votes_words": "Votes",
            "truces": "Truces begun",
        },
        formats={"month": date},
        sources=_sources(clock),
        tables=(*TABLES, "vdc_deaths_daily"),
    )
