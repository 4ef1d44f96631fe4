"""Figures and tables of the chapter on truces."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from aleppo.show import theme
from aleppo.show.days import LANES, RIGHT
from aleppo.show.figure import Figure
from aleppo.show.marks import NOT_VERIFIED, cited, marked
from aleppo.show.numbers import count, count_range, date, span
from aleppo.show.table import Table

TABLES = ("ceasefires", "truce_coding")
KIND_NAMES = {
    "nationwide": "Nationwide or several areas",
    "local": "Aleppo only",
    "window": "Windows and corridors",
    "talks": "Talks",
    "not_in_force": "Offers that never began",
}
KIND_COLOURS = {
    "nationwide": theme.colour("blue"),
    "local": theme.colour("vermilion"),
    "window": theme.colour("amber"),
    "talks": theme.colour("slate"),
    "not_in_force": theme.colour("slate"),
}
BROKER_NAMES = {
    "us_russia": "United States and Russia",
    "russia": "Russia, with or without Damascus",
    "russia_turkey": "Russia and Turkey (and Iran)",
    "un": "United Nations",
}
END_NAMES = {
    "collapsed": "collapsed",
    "lapsed": "ran out",
    "completed": "carried out",
    "in_force": "last seen in force",
}
END_SIGNS = {
    "collapsed": "x",
    "lapsed": "line-ns-open",
    "completed": "square-open",
    "in_force": "triangle-right",
}
HALVES = (("2012-02-15", "2014-12-20"), ("2015-09-01", "2017-10-15"))


def dagger_words(rows: pd.DataFrame) -> str:
    """What the dagger means, or that there is none."""
    unread = int((rows["verified"] != "yes").sum())
    if unread:
        return f" {NOT_VERIFIED} marks the {count(unread)} for which no page was read that says so: not verified."
    return " Every truce drawn here rests on a page that was read."


def lanes_figure(rows: pd.DataFrame) -> Figure:
    """Every truce, offer and round of talks in a lane of its own, from its start to its end.

    ``rows`` is :func:`aleppo.measure.truces.coded`.
    """
    fig = make_subplots(
        rows=1, cols=2, shared_yaxes=True, column_widths=[0.28, 0.72], horizontal_spacing=0.03
    )
    placed = rows.assign(lane=range(len(rows)))
    for kind, name in KIND_NAMES.items():
        chosen = placed[placed["kind"] == kind]
        _starts(fig, chosen, f"{name} ({len(chosen)})", kind)
    halts = placed[placed["first_end"].notna()]
    for row in halts.itertuples(index=False):
        _lane(fig, row)
    for how, name in END_NAMES.items():
        chosen = halts[halts["last_how"] == how]
        _ends(fig, chosen, name, END_SIGNS[how])
    fig.update_yaxes(
        tickvals=placed["lane"].tolist(),
        ticktext=[marked(row.label, row.verified) for row in placed.itertuples()],
        range=[len(placed) - 0.4, -0.6],
        tickfont={"size": 12},
        showgrid=True,
        zeroline=False,
    )
    for column, (first, last) in enumerate(HALVES, start=1):
        fig.update_xaxes(range=[first, last], dtick="M12" if column == 1 else "M3", row=1, col=column)
    fig.update_layout(margin={"l": LANES, "r": RIGHT})
    fig.update_yaxes(automargin=False)
    fig.update_xaxes(tickformat="%Y", row=1, col=1)
    fig.update_xaxes(tickformat="%b<br>%Y", row=1, col=2)
    fig.update_layout(height=680, showlegend=True, legend={"y": -0.1})
    theme.mark_break(fig, axis="x2")
    narrow = {
        "margin": {"l": 4, "r": 8},
        "yaxis": {"tickfont": {"size": 10}, "automargin": True},
        "xaxis": {"tickformat": "'%y", "tickangle": 0},
        "xaxis2": {"dtick": "M6"},
        "legend": {"y": -0.1, "font": {"size": 11}},
        "height": 760,
    }
    return Figure(fig, **_lanes_words(rows, halts), narrow=narrow)


def _starts(fig: go.Figure, rows: pd.DataFrame, name: str, kind: str) -> None:
    """First days; the trace is drawn in both panels and named once."""
    hollow = "circle-open" if kind in ("talks", "not_in_force") else "circle"
    for column, (first, last) in enumerate(HALVES, start=1):
        inside = rows[rows["start"].between(first, last)]
        fig.add_scatter(
            x=inside["start"].dt.strftime("%Y-%m-%d").tolist(),
            y=inside["lane"].tolist(),
            mode="markers",
            name=name,
            legendgroup=kind,
            showlegend=column == 2,
            marker={
                "color": KIND_COLOURS[kind],
                "symbol": "diamond-open" if kind == "not_in_force" else hollow,
                "size": 8,
            },
            text=[_lane_text(row) for row in inside.itertuples()],
            hovertemplate="%{text}<extra></extra>",
            row=1,
            col=column,
        )


def _lane(fig: go.Figure, row: Any) -> None:
    """From the start to the earliest end in full colour, from there to the latest end faint."""
    column = 1 if row.start <= pd.Timestamp(HALVES[0][1]) else 2
    colour = KIND_COLOURS[row.kind]
    for begin, end, shade in (
        (row.start, row.first_end, colour),
        (row.first_end, row.last_end, theme.tint(colour, 0.35)),
    ):
        fig.add_scatter(
            x=[begin.strftime("%Y-%m-%d"), end.strftime("%Y-%m-%d")],
            y=[row.lane, row.lane],
            mode="lines",
            line={"color": shade, "width": 7},
            hoverinfo="skip",
            showlegend=False,
            row=1,
            col=column,
        )


def _ends(fig: go.Figure, rows: pd.DataFrame, name: str, sign: str) -> None:
    for column, (first, last) in enumerate(HALVES, start=1):
        inside = rows[rows["start"].between(first, last)]
        fig.add_scatter(
            x=inside["last_end"].dt.strftime("%Y-%m-%d").tolist(),
            y=inside["lane"].tolist(),
            mode="markers",
            name=name,
            legendgroup=name,
            showlegend=column == 2,
            marker={
                "color": theme.INK,
                "symbol": sign,
                "size": 9,
                "line": {"width": 1.5, "color": theme.INK},
            },
            hoverinfo="skip",
            row=1,
            col=column,
        )


def _lane_text(row: Any) -> str:
    return f"{date(row.start)}: {marked(row.name, row.verified)}<br>{KIND_NAMES[row.kind]}; {end_words(row)}"


def end_words(row: Any) -> str:
    """When and how a truce ended, earliest to latest reading, in words."""
    if pd.isna(row.first_end):
        return "no halt to fighting"
    days = span(row.first_end, row.last_end)
    if row.first_how == row.last_how:
        return f"{days}, {END_NAMES[row.last_how]}"
    return f"{days}, {END_NAMES[row.first_how]} or {END_NAMES[row.last_how]}"


def _end_cell(row: Any) -> str:
    """The end as it is given, as it is read, and how sure that is."""
    given = "none given" if pd.isna(row.agreed_end) else date(row.agreed_end)
    if pd.isna(row.first_end):
        return given
    return f"{given}; read as {end_words(row)} ({row.confidence} confidence)"


def _lanes_words(rows: pd.DataFrame, halts: pd.DataFrame) -> dict[str, Any]:
    kinds = rows["kind"].value_counts().reindex(list(KIND_NAMES), fill_value=0)
    collapsed = sorted(int((halts[f"{one}_how"] == "collapsed").sum()) for one in ("first", "last"))
    numbers = (
        f"{count(kinds['nationwide'])} nationwide, {count(kinds['local'])} for Aleppo only, "
        f"{count(kinds['window'])} windows or corridors, {count(kinds['talks'])} rounds of talks and "
        f"{count(kinds['not_in_force'])} offers that never began"
    )
    drawn = rows[["ceasefire_id", "label", "kind", "broker", "start", "agreed_end", "first_end", "first_how"]]
    return {
        "id": "truce-lanes",
        "title": (
            f"Of {count(len(rows))} truces, pauses and rounds of talks, {count(len(halts))} were to halt fighting, and "
            f"{count_range(*collapsed)} of those are reported to have collapsed"
        ),
        "caption": (
            "One lane each, by first day; the years without a row are left out between the panels. Full "
            "colour: to the earliest day on which the sources allow it to have ended; faint: to the latest; "
            f"the sign says how it ended then.{dagger_words(rows)}"
        ),
        "alt": (
            f"Lane chart of {count(len(rows))} rows from {date(rows['start'].iloc[0])} to "
            f"{date(rows['start'].iloc[-1])}: {numbers}. Most lie between February and December 2016 and "
            "last days; the longest bars are those of the cessation of hostilities of February 2016 and of "
            "the ceasefires of 2017."
        ),
        "sources": cited(rows),
        "tables": TABLES,
        "data": drawn.assign(last_end=rows["last_end"], last_how=rows["last_how"], verified=rows["verified"]),
    }


def truces_table(rows: pd.DataFrame) -> Table:
    """All rows with brokers, terms, first day, end and outcome; in print those that were to halt fighting."""
    shown = rows.assign(
        truce=[f"{marked(row.name, row.verified)} ({KIND_NAMES[row.kind]})" for row in rows.itertuples()],
        kind_name=rows["kind"].map(KIND_NAMES),
        broker_name=rows["broker"].map(BROKER_NAMES),
        ended=[_end_cell(row) for row in rows.itertuples()],
    )
    halts = [place for place, end in enumerate(rows["first_end"]) if pd.notna(end)]
    return Table(
        shown[
            [
                "start",
                "truce",
                "kind_name",
                "brokers",
                "terms",
                "agreed_end",
                "ended",
                "confidence",
                "outcome",
                "source_ids",
                "ceasefire_id",
                "area",
                "broker_name",
                "basis",
                "note",
                "verified",
            ]
        ],
        id="truces",
        caption=(
            f"The {count(len(rows))} truces, pauses, offers and rounds of talks: first day, kind, brokers, "
            "terms, and what came of them. End: as it is given, then from the earliest to the latest day on "
            f"which the sources allow it to have ended, with how, and how sure that is.{dagger_words(rows)}"
        ),
        columns={
            "start": "First day",
            "truce": "Truce",
            "brokers": "Brokers",
            "terms": "Terms",
            "ended": "End",
            "outcome": "Outcome",
            "source_ids": "Sources",
        },
        formats={"start": date, "source_ids": "cite"},
        sources=cited(rows),
        tables=TABLES,
        print_rows=halts,
        explore={"kind_name": "Kind", "broker_name": "Brokered by"},
    )
