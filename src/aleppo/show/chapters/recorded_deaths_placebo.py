"""Figures of other breaks: other areas, placebo weeks, and change points found without being told where."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from aleppo.model.changes import Nearness
from aleppo.model.placebo import Rank
from aleppo.model.reading import Distribution
from aleppo.show import theme
from aleppo.show.chapters.recorded_deaths import steps_of_weeks
from aleppo.show.chapters.recorded_deaths_multiverse import COLOUR, SOURCES, doublings, ratio_axis
from aleppo.show.figure import Figure
from aleppo.show.numbers import count, date, ratio, share, span

OTHER = theme.colour("slate")


def areas_figure(told: Mapping[str, Distribution], names: Mapping[str, str], marked: str) -> Figure:
    """The break in every area by the same specifications, none of them with a comparison."""
    order = sorted(told, key=lambda code: told[code].median)
    fig = _areas(told, order, names, marked)
    above = sum(told[code].median > 1 for code in order)
    place = order[::-1].index(marked) + 1
    return Figure(
        fig,
        id="break-by-area",
        title=(
            f"The median ratio is above one in {count(above)} of {count(len(order))} areas, and Aleppo's is number "
            f"{count(place)} from the top"
        ),
        caption=(
            "Rate ratios at the break of 30 September 2015 by governorate of origin, all specifications without a "
            "comparison: median (point; Aleppo's in the colour of the text), half of the specifications (thick) and "
            "nine in ten (thin). The scale doubles from mark to mark."
        ),
        alt=(
            f"Dot chart of {count(len(order))} areas from {names[order[0]]} with a median of "
            f"{ratio(told[order[0]].median)} to {names[order[-1]]} with {ratio(told[order[-1]].median)}. Nearly all "
            "ranges reach across no change."
        ),
        sources=SOURCES,
        tables=("vdc_deaths_weekly", "vdc_composition_monthly"),
        data=pd.DataFrame([{"area": names[code], **vars(told[code])} for code in order]).round(4),
        narrow={"yaxis": {"nticks": 0, "dtick": 1}},
    )


def _areas(
    told: Mapping[str, Distribution], order: list[str], names: Mapping[str, str], marked: str
) -> go.Figure:
    fig = go.Figure()
    for ends, width, alpha in ((("lowest", "highest"), 3, 0.35), (("lower", "upper"), 9, 0.6)):
        x: list[float | None] = []
        y: list[str | None] = []
        for code in order:
            x += [*doublings([getattr(told[code], end) for end in ends]).round(3).tolist(), None]
            y += [names[code], names[code], None]
        fig.add_scatter(
            x=x,
            y=y,
            mode="lines",
            connectgaps=False,
            hoverinfo="skip",
            showlegend=False,
            line={"color": theme.tint(COLOUR, alpha), "width": width},
        )
    fig.add_scatter(
        x=doublings([told[code].median for code in order]).round(3).tolist(),
        y=[names[code] for code in order],
        mode="markers",
        marker={"color": [theme.INK if code == marked else COLOUR for code in order], "size": 10},
        customdata=[
            f"median {ratio(one.median)}, half {ratio(one.lower)} to {ratio(one.upper)}<br>intervals wholly above one "
            f"{share(one.interval_above)}, wholly below {share(one.interval_below)}"
            for one in (told[code] for code in order)
        ],
        hovertemplate="%{y}: %{customdata}<extra></extra>",
        showlegend=False,
    )
    fig.add_shape(
        type="line",
        x0=0,
        x1=0,
        y0=0,
        y1=1,
        yref="paper",
        layer="below",
        line={"color": theme.AXIS, "width": 1.5},
    )
    reached = doublings([end for one in told.values() for end in (one.lowest, one.highest)])
    # the longest lines keep away from the names
    reach = [round(float(reached.min()) - 0.3, 2), round(float(reached.max()) + 0.2, 2)]
    fig.update_xaxes(**ratio_axis(), range=reach, title="rate ratio at the break")
    fig.update_yaxes(showgrid=False)
    fig.update_layout(height=90 + 27 * len(order), margin={"t": 8})
    return fig


def placebo_weeks_figure(table: pd.DataFrame) -> Figure:
    """The median of the multiverse at each placebo week, and the real break's over the same specifications."""
    rows = table[table["span"] == "before"].sort_values("week")
    weeks = rows["week"].dt.strftime("%Y-%m-%d").tolist()
    fig = _two_medians(rows, weeks)
    higher, lowest = rows["median"].max(), rows["median"].min()
    peak = rows.loc[rows["median"].idxmax(), "week"]
    return Figure(
        fig,
        id="placebo-weeks",
        title=(
            f"At other weeks the same specifications give medians from {ratio(lowest)} to {ratio(higher)}: recorded "
            "deaths rose and fell sharply again and again"
        ),
        caption=(
            "Median rate ratio of the multiverse with the break put at each week (solid), windows that end before the "
            "real break only, and the median at the real break over those specifications that the week has too "
            "(dashed). The scale doubles from mark to mark. Neighbouring weeks share nearly all their data."
        ),
        alt=(
            f"Line chart by week, {span(weeks[0], weeks[-1])}. The placebo medians swing between {ratio(lowest)} and "
            f"{ratio(higher)}, highest in the week of {date(peak)}; the line of the real break lies between the "
            "extremes throughout."
        ),
        sources=SOURCES,
        tables=("placebo_breaks",),
        data=rows.assign(week=weeks)[["week", "specifications", "median", "real_median"]].reset_index(
            drop=True
        ),
        narrow={"legend": {"y": -0.2}},
    )


def _two_medians(rows: pd.DataFrame, weeks: list[str]) -> go.Figure:
    fig = go.Figure()
    for name, column, colour, dash in (
        ("placebo week", "median", OTHER, "solid"),
        ("30 September 2015, same specifications", "real_median", COLOUR, "dash"),
    ):
        fig.add_scatter(
            x=weeks,
            y=np.log2(rows[column]).round(3).tolist(),
            customdata=[ratio(value) for value in rows[column]],
            hovertemplate="week of %{x|%-d %B %Y}: median %{customdata}<extra></extra>",
            mode="lines",
            name=name,
            line={"color": colour, "width": 2.5, "dash": dash},
        )
    fig.add_shape(
        type="line",
        x0=0,
        x1=1,
        xref="paper",
        y0=0,
        y1=0,
        layer="below",
        line={"color": theme.INK, "width": 1},
    )
    fig.update_yaxes(
        tickvals=list(range(-3, 4)),
        title="median rate ratio",
        ticktext=["×1/8", "×1/4", "×1/2", "×1", "×2", "×4", "×8"],
    )
    fig.update_layout(height=400, showlegend=True)
    return theme.mark_break(theme.time_axis(fig, theme.WAR))


def placebo_rank_figure(table: pd.DataFrame, rank: Rank) -> Figure:
    """Placebo medians over the real break's median for the same specifications, as a histogram."""
    rows = table[table["span"] == "before"]
    relative = np.log2(rows["median"] / rows["real_median"])
    edge = float(np.ceil(relative.abs().max() * 4) / 4)
    edges = np.arange(-edge, edge + 0.125, 0.25)
    heights = np.histogram(relative, edges)[0]
    fig = _rank_bars(edges, heights)
    return Figure(
        fig,
        id="placebo-rank",
        title=(
            f"The real break ranks {count(rank.rank)} among {count(rank.weeks + 1)}: {count(rank.higher)} of "
            f"{count(rank.weeks)} other weeks give as high a ratio or a higher one"
        ),
        caption=(
            "Placebo weeks by how their median rate ratio compares with that of the real break over the same "
            "specifications. Right of the line (green) the placebo week is the higher. The scale doubles from mark to "
            "mark."
        ),
        alt=(
            f"Histogram of {count(rank.weeks)} placebo weeks. {count(rank.higher)} of them lie to the right of the "
            f"real break and {count(rank.weeks - rank.higher)} to its left."
        ),
        sources=SOURCES,
        tables=("placebo_breaks",),
        data=pd.DataFrame(
            {"ratio_from": 2 ** edges[:-1], "ratio_to": 2 ** edges[1:], "weeks": heights}
        ).round(4),
    )


def _rank_bars(edges: np.ndarray, heights: np.ndarray) -> go.Figure:
    middle = (edges[:-1] + edges[1:]) / 2
    fig = go.Figure()
    fig.add_bar(
        x=middle.tolist(),
        y=heights.tolist(),
        width=0.24,
        marker={"color": [COLOUR if place > 0 else theme.tint(OTHER, 0.6) for place in middle]},
        customdata=[f"×{2**low:.2f} to ×{2**high:.2f}" for low, high in itertools.pairwise(edges)],
        hovertemplate="%{y} weeks at %{customdata} of the real break<extra></extra>",
    )
    fig.add_shape(type="line", x0=0, x1=0, y0=0, y1=1, yref="paper", line={"color": theme.INK, "width": 2})
    fig.add_annotation(
        x=0, y=1, yref="paper", text="the real break", xanchor="center", yanchor="bottom", showarrow=False
    )
    ticks = range(int(edges[0]), int(edges[-1]) + 1)
    fig.update_xaxes(
        tickvals=list(ticks),
        ticktext=[f"×{2**tick:g}" if tick >= 0 else f"×1/{2**-tick}" for tick in ticks],
        title="placebo median over the real break's",
    )
    fig.update_yaxes(title="placebo weeks")
    fig.update_layout(height=360, margin={"t": 34}, bargap=0)
    return fig


def changes_figure(weeks: pd.Series, stability: pd.DataFrame, near: Nearness) -> Figure:
    """Weekly deaths, and below them how many settings of the search cut the series at each week."""
    days = stability["week"].dt.strftime("%Y-%m-%d").tolist()
    fig = _changes(weeks, stability, days)
    return Figure(
        fig,
        id="change-points",
        title=(
            f"{count(near.near)} of {count(near.breaks)} settings of the search find a change within "
            f"{count(near.steps)} weeks of 30 September 2015; a week picked blindly would have one as near in "
            f"{share(near.blind)} of cases"
        ),
        caption=(
            "Above: recorded deaths of people from Aleppo governorate by week. Below: share of the settings "
            "(of four costs and six penalties, those that find any change) that find one within two weeks of "
            "each week any of them names, without being told where to look."
        ),
        alt=(
            "Two charts by week. Half or more of the settings agree on changes around "
            f"{strong_changes(stability)}; around 30 September 2015 few do."
        ),
        sources=SOURCES,
        tables=("vdc_deaths_weekly",),
        data=stability.assign(week=days, share=stability["share"].round(4)),
    )


def _changes(weeks: pd.Series, stability: pd.DataFrame, days: list[str]) -> go.Figure:
    fig = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.6, 0.4], vertical_spacing=0.1)
    steps_of_weeks(fig, weeks, theme.tint(COLOUR, 0.8))
    fig.add_bar(
        x=days,
        y=stability["share"].round(4).tolist(),
        width=12 * 86_400_000,
        marker={"color": OTHER},
        hovertemplate="week of %{x|%-d %B %Y}: %{y:.0%} of the settings<extra></extra>",
        showlegend=False,
        row=2,
        col=1,
    )
    fig.update_yaxes(title="deaths a week", rangemode="tozero", row=1, col=1)
    fig.update_yaxes(title="settings", tickformat=".0%", range=[0, 1.05], row=2, col=1)
    theme.mark_break(theme.time_axis(fig, theme.WAR))
    fig.update_layout(height=460)
    return fig


def strong_changes(stability: pd.DataFrame, least: float = 0.5) -> str:
    """The weeks of changes that at least this share of settings find; those within a month said once."""
    kept: list[pd.Timestamp] = []
    for day in stability[stability["share"] >= least]["week"]:
        if not kept or day - kept[-1] > pd.Timedelta(days=31):
            kept.append(day)
    words = [date(day) for day in kept] or ["no date"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
