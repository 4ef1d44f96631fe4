"""Figures and tables of the chapter on the routes into Aleppo and the sieges of its east."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from aleppo.show import theme
from aleppo.show.figure import Figure
from aleppo.show.lanes import folded
from aleppo.show.marks import NOT_VERIFIED, cited
from aleppo.show.numbers import NBSP, count, count_range, date, span
from aleppo.show.publishers import family
from aleppo.show.route_lanes import ROUTES, SIDES, STATES, lanes_figure
from aleppo.show.table import Table

__all__ = ["lanes_figure", "people_table", "population_figure", "route_table", "siege_figure", "siege_table"]

SIEGES = ("siege_dates",)
PEOPLE = ("control_published", "estimates")


def route_table(states: pd.DataFrame) -> Table:
    """Every spell of every route with its basis: the table ``corridor_states``."""
    rows = states.assign(
        order=states["side"].map({"opposition": 0, "government": 1}),
        leads=states["side"].map(SIDES),
        state=[
            STATES[row.state][0] + ("" if row.verified == "yes" else f" {NOT_VERIFIED}")
            for row in states.itertuples()
        ],
        days=[span(row.start, row.end) for row in states.itertuples()],
        rival=[_rival_words(row) for row in states.itertuples()],
    ).sort_values(["order", "reach", "route_id", "start"], ignore_index=True)
    kept = ["name_en", "leads", "state", "days", "start", "end", "rival", "confidence", "basis", "source_ids"]
    return Table(
        rows[[*kept, "route_id", "reach", "verified", "note"]],
        id="route-spells",
        caption=(
            f"States of the routes into Aleppo, with rival dates of their first day; {NOT_VERIFIED} rests on no page "
            "that was read"
        ),
        columns={
            "name_en": "Route",
            "state": "State",
            "days": "Days",
            "rival": "First day by source",
            "confidence": "Confidence",
            "basis": "Basis",
            "source_ids": "Read in",
        },
        formats={"source_ids": "cite"},
        sources=cited(states),
        tables=ROUTES,
        print_rows=[place for place, row in rows.iterrows() if row["state"].startswith(("cut", "under"))],
    )


def _rival_words(row: Any) -> str | None:
    if pd.isna(row.start_earliest) or pd.isna(row.start_latest) or row.start_earliest == row.start_latest:
        return None
    return span(row.start_earliest, row.start_latest)


def siege_figure(dates: pd.DataFrame, lengths: pd.DataFrame) -> Figure:
    """When eastern Aleppo was besieged, one line for each source of a first day.

    ``dates`` is the table ``siege_dates``, ``lengths`` :func:`aleppo.measure.corridors.siege_lengths`.
    """
    link_up = dates.loc[(dates["siege"] == "first") & (dates["boundary"] == "end"), "date"].iloc[0]
    again = sorted(dates.loc[(dates["siege"] == "second") & (dates["boundary"] == "start"), "date"])
    ends = sorted(dates.loc[(dates["siege"] == "second") & (dates["boundary"] == "end"), "date"])
    starts = dates[(dates["boundary"] == "start") & (dates["siege"] != "second")].sort_values("date")
    fig = go.Figure()
    for row in starts.itertuples():
        lane = folded(f"{row.attributed_to}, {row.date.day}{NBSP}{row.date:%B}")
        certain = [(row.date, link_up), (again[-1], ends[0])]
        doubtful = [(link_up, again[-1]), (ends[0], ends[-1])]
        if row.siege == "designation":
            certain, doubtful = [(row.date, ends[0])], [(ends[0], ends[-1])]
        _siege_lane(fig, lane, certain, theme.colour("vermilion"), 11)
        _siege_lane(fig, lane, doubtful, theme.tint(theme.colour("vermilion"), 0.35), 11)
    theme.time_axis(fig, theme.LAST_YEAR, lanes=True)
    fig.update_yaxes(autorange="reversed", showgrid=True, zeroline=False, fixedrange=True)
    fig.update_layout(height=120 + 42 * len(starts), showlegend=False)
    theme.mark_dates(fig, {day.strftime("%Y-%m-%d"): name for day, name in _turns(link_up, again, ends)})
    low, high = int(lengths["shortest"].min()), int(lengths["longest"].max())
    return Figure(
        fig,
        id="siege-by-source",
        title=f"Eastern Aleppo was besieged for {count_range(low, high)} days in 2016, depending on who dates it",
        caption=(
            "One line for each source of a first day. Full colour: besieged by every reading of that source's "
            "first day; faint: the weeks after the link-up of August, which some count as siege and some do not, up "
            "to the latest date for its return, and the days between the agreement and the last convoy."
        ),
        alt=(
            f"{count(len(starts))} lines, one for each source, from July to December 2016. First days run from "
            f"{date(starts['date'].iloc[0])} to {date(starts['date'].iloc[-1])}; the last is that of the United "
            f"Nations' criteria. Most lines are faint in August. Lengths run from {count(low)} to {count(high)} days."
        ),
        sources=cited(dates),
        tables=SIEGES,
        narrow={"yaxis": {"dtick": 1, "nticks": 0, "tickfont": {"size": 11}}},
        data=dates,
    )


def _siege_lane(
    fig: go.Figure, lane: str, stretches: list[tuple[pd.Timestamp, pd.Timestamp]], colour: str, width: int
) -> None:
    x: list[Any] = []
    for begin, end in stretches:
        x += [begin.strftime("%Y-%m-%d"), end.strftime("%Y-%m-%d"), None]
    fig.add_scatter(
        x=x,
        y=[lane if day else None for day in x],
        mode="lines",
        line={"color": colour, "width": width},
        connectgaps=False,
        hovertemplate=f"{lane.replace('<br>', ' ')}: %{{x|%-d %B %Y}}<extra></extra>",
    )


def _turns(
    link_up: pd.Timestamp, again: list[pd.Timestamp], ends: list[pd.Timestamp]
) -> list[tuple[pd.Timestamp, str]]:
    return [(link_up, "link-up"), (again[1], "siege again"), (ends[0], "evacuation agreed")]


def siege_table(lengths: pd.DataFrame) -> Table:
    """Days besieged from each source's first day, in each reading: :func:`.siege_lengths`."""
    words = {
        "broken": "without the weeks of August",
        "unbroken": "August included",
        "designation": "to the end alone",
    }
    rows = lengths.assign(
        reading=lengths["reading"].map(words),
        days=[count_range(row.shortest, row.longest) for row in lengths.itertuples()],
        attributed_to=[
            row.attributed_to + ("" if row.verified == "yes" else f" {NOT_VERIFIED}")
            for row in lengths.itertuples()
        ],
    )
    return Table(
        rows[["attributed_to", "start", "reading", "days", "shortest", "longest", "source_ids"]],
        id="siege-lengths",
        caption=(
            "Days for which eastern Aleppo counts as besieged, from each source's first day; the range is over "
            "rival dates of the second siege and of its end"
        ),
        columns={
            "attributed_to": "First day by",
            "start": "First day",
            "reading": "Reading",
            "days": "Days",
            "source_ids": "Read in",
        },
        formats={"start": date, "source_ids": "cite"},
        sources=cited(lengths),
        tables=SIEGES,
    )


def population_figure(people: pd.DataFrame) -> Figure:
    """Published figures of the people in the east: :func:`aleppo.measure.corridors.population`."""
    fig = go.Figure()
    added_here = people["attributed_to"].str.startswith("own addition")
    families = people["attributed_to"].map(family).mask(added_here, "other")
    for name, rows in people.assign(family=families).groupby("family", sort=False):
        _people(fig, str(name), rows)
    before = people[people["date"] < "2016-12-01"]
    low, high = before[["low", "best"]].min().min(), before[["best", "high"]].max().max()
    top, last = people.loc[people["best"].idxmax()], people.iloc[-1]
    fig.update_yaxes(range=[0, 430_000], title="people", tickformat=",")
    theme.time_axis(fig, theme.LAST_YEAR)
    fig.update_layout(height=400, showlegend=True)
    theme.mark_dates(fig, {"2016-07-17": "Castello road taken", "2016-12-13": "evacuation agreed"})
    return Figure(
        fig,
        id="people-in-the-east",
        title=(
            f"Before the last weeks, published figures of the people in eastern Aleppo ran from {count(low)} to "
            f"{count(high)}"
        ),
        caption=(
            "Each sign is one published figure; a line spans a published range, its sign at the middle, an "
            "arrow upwards marks a figure given as a minimum. Figures of December speak of a part of the "
            "city that was shrinking; the last is no published one but what OCHA's later counts add up to. A "
            "figure known only to the month stands at its first day."
        ),
        alt=(
            f"Signs for {count(len(people))} published figures of 2016. The highest, {people_words(top)}, is that of "
            f"{top.attributed_to}; figures of United Nations bodies lie below it and fall through the year; the last "
            f"is {people_words(last)}, by {last.attributed_to}."
        ),
        sources=cited(people),
        tables=PEOPLE,
        data=people,
    )


def _people(fig: go.Figure, name: str, rows: pd.DataFrame) -> None:
    place = rows["best"].fillna((rows["low"] + rows["high"]) / 2).fillna(rows["low"])
    at_least = rows["best"].isna() & rows["high"].isna()
    days = rows["date"].dt.strftime("%Y-%m-%d").tolist()
    colour = theme.PUBLISHERS[name]
    fig.add_scatter(
        x=days,
        y=place.tolist(),
        mode="markers",
        name=name,
        marker={"color": colour, "symbol": theme.SYMBOLS[name], "size": 10},
        text=[_people_text(row) for row in rows.itertuples()],
        hovertemplate="%{text}<extra></extra>",
    )
    for row in rows.dropna(subset=["low", "high"]).itertuples():
        fig.add_scatter(
            x=[row.date.strftime("%Y-%m-%d")] * 2,
            y=[row.low, row.high],
            mode="lines",
            line={"color": colour, "width": 2},
            showlegend=False,
            hoverinfo="skip",
        )
    if at_least.any():
        fig.add_scatter(
            x=[day for day, flag in zip(days, at_least, strict=True) if flag],
            y=(place[at_least] + 20_000).tolist(),
            mode="markers",
            marker={"color": colour, "symbol": "arrow-up", "size": 9},
            showlegend=False,
            hoverinfo="skip",
        )


def people_words(row: Any) -> str:
    """The figure of a row of :func:`.population` in words: a number, a range, a minimum."""
    low, best, high = row.low, row.best, row.high
    if pd.notna(best):
        return count(best)
    if pd.notna(low) and pd.notna(high):
        return count_range(low, high)
    return f"at least {count(low)}" if pd.notna(low) else f"at most {count(high)}"


def _people_text(row: Any) -> str:
    mark = "" if row.verified == "yes" else f" {NOT_VERIFIED}"
    return f"{date(row.date)}<br>{row.attributed_to}: {people_words(row)}{mark}"


def people_table(people: pd.DataFrame) -> Table:
    """The figures of the people in the east, one by one: :func:`aleppo.measure.corridors.population`."""
    rows = people.assign(
        when=[date(row.date if row.day_known else row.date.strftime("%Y-%m")) for row in people.itertuples()],
        people=[
            people_words(row) + ("" if row.verified == "yes" else f" {NOT_VERIFIED}")
            for row in people.itertuples()
        ],
    )
    return Table(
        rows[["when", "attributed_to", "people", "low", "best", "high", "source_ids"]],
        id="people-figures",
        caption=(
            "Published figures of the people in the opposition-held east of Aleppo, 2016, and the sum of counts made "
            "after its fall"
        ),
        columns={
            "when": "Date",
            "attributed_to": "Attributed to",
            "people": "People",
            "source_ids": "Read in",
        },
        formats={"source_ids": "cite"},
        sources=cited(people),
        tables=PEOPLE,
    )
