"""Figures of the chapter on aid, access and measures; its tables are in a module of their own."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from aleppo.measure.aid import BESIEGED
from aleppo.show import theme
from aleppo.show.chapters.aid_tables import (
    KINDS,
    NOT_VERIFIED,
    access_table,
    convoy_table,
    in_print,
    measures_table,
)
from aleppo.show.figure import Figure
from aleppo.show.lanes import places_in_lanes
from aleppo.show.marks import cited
from aleppo.show.numbers import count, date, quantity, share, span

__all__ = [
    "access_table",
    "besieged_figure",
    "convoy_table",
    "funding_figure",
    "in_print",
    "measures_figure",
    "measures_table",
    "reached_figure",
]

SIGNS = {
    "besieged_population_un": ("UN", "circle"),
    "besieged_population_siege_watch": ("other", "square"),
    "besieged_eastern_aleppo_un": ("SOHR", "diamond"),
}
BILLION = 1e9


def besieged_figure(rows: pd.DataFrame) -> Figure:
    """People under siege by date and publisher; ``rows`` is :func:`aleppo.measure.aid.figures` of ``BESIEGED``."""
    fig = go.Figure()
    for series, name in BESIEGED.items():
        some = rows[rows["series"] == series]
        publisher, sign = SIGNS[series]
        signs = [sign if verified == "yes" else f"{sign}-open" for verified in some["verified"]]
        fig.add_scatter(
            x=some["at"].dt.strftime("%Y-%m-%d").tolist(),
            y=some["value"].tolist(),
            mode="markers",
            name=name,
            marker={"color": theme.PUBLISHERS[publisher], "symbol": signs, "size": 10},
            text=[_besieged_text(row, name) for row in some.itertuples()],
            hovertemplate="%{text}<extra></extra>",
        )
    fig.update_yaxes(title="people", rangemode="tozero", tickformat=",.0f")
    fig.update_layout(height=440, showlegend=True)
    theme.mark_break(theme.time_axis(fig, theme.AROUND))
    un = rows[(rows["series"] == "besieged_population_un") & (rows["verified"] == "yes")]
    watch = rows[rows["series"] == "besieged_population_siege_watch"]
    top = un.loc[un["value"].idxmax()]
    return Figure(
        fig,
        id="besieged-people",
        title=(
            f"By the United Nations' count {count(top.value)} people in Syria lived under siege on {date(top.date)}; a "
            f"project with a wider definition had counted {count(watch['value'].max())} a month before"
        ),
        caption=(
            "Each point is one published figure at its date; a month stands at its middle. An open circle is a figure "
            "that no page confirms that was read. Definitions differ: the United Nations' list of besieged places "
            "changed with rulings on single towns, and eastern Aleppo was on it from October to December 2016."
        ),
        alt=(
            f"Dot chart, December 2014 to May 2017. The United Nations' figures run from "
            f"{count(un['value'].iloc[0])} up "
            f"to {count(top.value)} on {date(top.date)} and down to {count(un['value'].iloc[-1])} at the end. Siege "
            f"Watch's figures for 2016, {' and '.join(count(value) for value in watch['value'])}, lie above them."
        ),
        sources=cited(rows),
        tables=("access",),
        data=rows[["access_id", "date", "series", "value", "verified", "source_ids"]].fillna(""),
    )


def _besieged_text(row: Any, name: str) -> str:
    mark = "" if row.verified == "yes" else f" ({NOT_VERIFIED})"
    return f"{date(row.date)}<br>{name}: {count(row.value)}{mark}"


def reached_figure(rows: pd.DataFrame) -> Figure:
    """People asked for and people reached by month; ``rows`` is :func:`aleppo.measure.aid.requested_and_reached`."""
    fig = go.Figure()
    names = [date(month) for month in rows["date"]]
    for column, label, colour, width in (
        ("requested", "asked for", "axis", 0.7),
        ("reached", "reached", "blue", 0.35),
    ):
        fig.add_bar(
            x=rows[column].tolist(),
            y=names,
            orientation="h",
            name=label,
            width=width,
            marker={"color": theme.colour(colour)},
            hovertemplate="%{y}, " + label + ": %{x:,}<extra></extra>",
        )
    for row, name in zip(rows.itertuples(), names, strict=True):
        theme.label(fig, row.requested, name, share(row.share), theme.INK)
    fig.update_xaxes(range=[0, rows["requested"].max() * 1.2], tickformat=",.0f", title="people", nticks=5)
    fig.update_yaxes(autorange="reversed", showgrid=False)
    fig.update_layout(barmode="overlay", height=330, showlegend=True, legend={"y": 1.02, "yanchor": "bottom"})
    return Figure(
        fig,
        id="people-reached",
        title=(
            "In the four months that publish both figures, convoys across the lines reached "
            f"{share(rows['share'].min())} to {share(rows['share'].max())} of the people they were asked for"
        ),
        caption=(
            "Wide bars: people for whom the United Nations asked to send convoys across front lines; narrow "
            "bars: people that convoys reached, and their share. Months in between published one of the two "
            "figures or none."
        ),
        alt=(
            "Bar chart of "
            + "; ".join(
                f"{name}, {count(row.reached)} of {count(row.requested)} people"
                for row, name in zip(rows.itertuples(), names, strict=True)
            )
            + "."
        ),
        sources=cited(rows),
        tables=("access",),
        data=rows.assign(share=rows["share"].round(4)),
        narrow={"xaxis": {"nticks": 3}},
    )


def funding_figure(rows: pd.DataFrame) -> Figure:
    """Money required and received by plan and year; ``rows`` is :func:`aleppo.measure.aid.funding`."""
    plans = list(rows["plan"].unique())
    inside = rows[rows["plan"] == plans[0]]
    worst, best = inside.loc[inside["share"].idxmin()], inside.loc[inside["share"].idxmax()]
    when = "the year in which the Russian strikes began" if worst.year == "2015" else worst.year
    return Figure(
        _bars_by_plan(rows, plans),
        id="funding",
        title=(
            f"The plans for aid inside Syria received {share(inside['share'].min())} to {share(inside['share'].max())} "
            f"of what they asked for, least in {when}"
        ),
        caption=(
            "Money required by the yearly response plans and received for them, in US dollars of the day. "
            "Right: sums of five host countries' rows, below the whole of the regional refugee plan. Values "
            "as read long after the years' ends; reports of the time gave others."
        ),
        alt=(
            f"Two groups of bars by year. Inside Syria the money received rises from "
            f"{quantity(inside['funded'].iloc[0] / BILLION, 1)} to {quantity(inside['funded'].iloc[-1] / BILLION, 1)} "
            f"billion dollars, always below what was asked for: {share(worst.share)} of it in {worst.year}, "
            f"{share(best.share)} in {best.year}. For refugees in five countries between "
            f"{share(rows.loc[rows['plan'] == plans[1], 'share'].min())} and "
            f"{share(rows.loc[rows['plan'] == plans[1], 'share'].max())} were received."
        ),
        sources=cited(rows),
        tables=("access",),
        data=rows.assign(share=rows["share"].round(4)),
    )


def _bars_by_plan(rows: pd.DataFrame, plans: list[str]) -> go.Figure:
    """A panel for each of two plans, with two bars a year, in billions of dollars."""
    fig = go.Figure()
    for place, plan in enumerate(plans):
        some = rows[rows["plan"] == plan]
        axis = "" if place == 0 else str(place + 1)
        for column, label, colour in (("required", "asked for", "axis"), ("funded", "received", "green")):
            fig.add_bar(
                x=some["year"].tolist(),
                y=(some[column] / BILLION).round(3).tolist(),
                name=label,
                showlegend=place == 0,
                marker={"color": theme.colour(colour)},
                xaxis=f"x{axis}",
                hovertemplate=f"{plan}, %{{x}}, {label}: %{{y:.2f}} billion<extra></extra>",
            )
        fig.add_annotation(
            x=0.0 if place == 0 else 0.54,
            y=1,
            xref="paper",
            yref="paper",
            xanchor="left",
            yanchor="bottom",
            yshift=6,
            showarrow=False,
            text=f"<b>{plan}</b>",
            font={"size": 13, "color": theme.INK},
        )
    fig.update_layout(
        barmode="group",
        height=400,
        showlegend=True,
        xaxis={"domain": [0, 0.46], "type": "category"},
        xaxis2={"domain": [0.54, 1], "type": "category", "anchor": "y"},
        yaxis={"title": "billion US dollars"},
        legend={"y": -0.15},
        margin={"t": 40},
    )
    return fig


def measures_figure(measures: pd.DataFrame) -> Figure:
    """Measures and statements by date, in lanes by kind; ``measures`` is :func:`.aid.measures_in_order`."""
    kinds = [kind for kind in KINDS if kind in set(measures["kind"])]
    inside = measures["date_start"].between("2015-07-01", "2017-07-01")
    autumn = measures["date_start"].between("2016-09-19", "2016-12-31")
    most, then = measures["kind"].value_counts(), measures.loc[autumn, "kind"].value_counts()
    outside = int((~inside).sum())
    return Figure(
        _lanes_by_kind(measures, kinds),
        id="measures",
        title=(
            f"{count(autumn.sum())} of {count(len(measures))} recorded measures and statements fall between the convoy "
            f"attack of 19 September and the end of 2016, and {count(then.iloc[0])} of those are "
            f"{KINDS[then.index[0]][0]}"
        ),
        caption=(
            "Each point is one measure or statement at its first day, in the lane of its kind. The list is what the "
            "sources that were read report; it is not complete, and an empty month may only be one nobody looked at. "
            f"{count(outside)} from before or after the time shown {'is' if outside == 1 else 'are'} in the table only."
        ),
        alt=(
            f"Dot chart in {count(len(kinds))} lanes, July 2015 to June 2017: "
            + ", ".join(f"{count(most[kind])} {KINDS[kind][0]}" for kind in kinds)
            + ". Points are thin until the summer of 2016 and dense from October to December."
        ),
        sources=cited(measures),
        tables=("measures",),
        data=measures.assign(date_start=measures["date_start"].dt.strftime("%Y-%m-%d"))[
            ["measure_id", "date_start", "actor", "iso3", "kind", "verified"]
        ].fillna(""),
    )


def _lanes_by_kind(measures: pd.DataFrame, kinds: list[str]) -> go.Figure:
    """A point for each measure, at its first day in the lane of its kind."""
    lane = measures["kind"].map({kind: place for place, kind in enumerate(kinds)})
    drawn = measures.assign(at=places_in_lanes(lane, measures["date_start"]))
    fig = go.Figure()
    for kind in kinds:
        rows = drawn[drawn["kind"] == kind]
        fig.add_scatter(
            x=rows["date_start"].dt.strftime("%Y-%m-%d").tolist(),
            y=rows["at"].tolist(),
            mode="markers",
            name=KINDS[kind][0],
            showlegend=False,
            marker={"size": 9, "color": theme.tint(theme.colour(KINDS[kind][1]), 0.8)},
            text=[f"{span(row.date_start, row.date_end)}<br>{row.actor}" for row in rows.itertuples()],
            hovertemplate="%{text}<extra></extra>",
        )
    fig.update_yaxes(
        tickvals=list(range(len(kinds))),
        ticktext=[KINDS[kind][0] for kind in kinds],
        range=[len(kinds) - 0.4, -0.6],
        zeroline=False,
    )
    fig.update_layout(height=380)
    theme.mark_break(theme.time_axis(fig, theme.AROUND, lanes=True))
    theme.mark_dates(fig, {"2016-12-13": "evacuation agreed"})
    return fig
