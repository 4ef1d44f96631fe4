"""Figures and tables of the chapter on truces: what the pooled change hangs on."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from aleppo.show import theme
from aleppo.show.chapters.truce_changes import DEATHS, ratio_axis
from aleppo.show.chapters.truces import TABLES
from aleppo.show.figure import Figure
from aleppo.show.marks import cited
from aleppo.show.numbers import change, count, ratio
from aleppo.show.table import Table


def moved_table(moved: pd.DataFrame, rows: pd.DataFrame) -> Table:
    """The pooled change with every start moved by some days: :func:`aleppo.model.truces.moved`."""
    shown = moved.assign(
        set_words=moved["set"].str.capitalize(),
        change_words=[ratio(row.estimate, row.low, row.high) for row in moved.itertuples()],
        band=[f"{ratio(row.placebo_low)} to {ratio(row.placebo_high)}" for row in moved.itertuples()],
    )
    return Table(
        shown[
            [
                "moved",
                "set_words",
                "episodes",
                "change_words",
                "band",
                "rank",
                "of",
                "estimate",
                "low",
                "high",
            ]
        ],
        id="truce-moved",
        caption=(
            "The pooled change over placebos when every start is moved, earlier (below zero) or later: a change that "
            "is there before the starts was not made at them"
        ),
        columns={
            "moved": ("Starts moved", "days"),
            "set_words": "Set",
            "episodes": "Episodes",
            "change_words": "Over placebos",
            "band": "Placebo band",
            "rank": "Rank",
        },
        formats={"moved": change},
        sources=cited(rows, DEATHS),
        tables=(*TABLES, "vdc_deaths_daily"),
    )


# what two panels side by side have room for on a narrow screen
FEWER = {"tickvals": [0.5, 1, 2], "ticktext": ["×0.5", "×1", "×2"], "tickangle": 0}
REGION_NAMES = {"own": "each its own region", "all": "all of Syria", "north_west": "north-west"}


def windows_figure(table: pd.DataFrame, rows: pd.DataFrame) -> Figure:
    """The pooled change for each length of the window and each region: :func:`aleppo.model.truces.over_windows`."""
    sets = list(dict.fromkeys(table["set"]))
    fig = make_subplots(
        rows=1, cols=len(sets), shared_yaxes=True, subplot_titles=[name.capitalize() for name in sets]
    )
    choices = table[["window", "region"]].drop_duplicates(ignore_index=True)
    # a gap between regions
    choices["lane"] = choices.index + choices["region"].map(list(REGION_NAMES).index)
    lanes = table.merge(choices, on=["window", "region"])
    for place, name in enumerate(sets, start=1):
        _window_lanes(fig, lanes[lanes["set"] == name], place)
        fig.add_vline(x=1, line={"color": theme.AXIS, "width": 1}, layer="below", row=1, col=place)
        ratio_axis(fig, "", row=1, col=place)
    ends = table[["low", "placebo_low"]].to_numpy().min(), table[["high", "placebo_high"]].to_numpy().max()
    fig.update_xaxes(range=[float(np.log10(ends[0] * 0.93)), float(np.log10(ends[1] * 1.07))])
    fig.update_yaxes(
        tickvals=choices["lane"].tolist(),
        ticktext=[f"{row.window} days, {REGION_NAMES[row.region]}" for row in choices.itertuples()],
        range=[choices["lane"].max() + 0.7, -0.7],
        showgrid=False,
        zeroline=False,
        tickfont={"size": 12},
    )
    fig.update_layout(height=480, margin={"t": 34})
    low, high = table["estimate"].min(), table["estimate"].max()
    holds = int(((table["low"] <= 1) & (table["high"] >= 1)).sum())
    return Figure(
        fig,
        id="truce-windows",
        title=(
            f"Over {count(len(table))} choices of window, region and set the pooled change runs from {ratio(low)} to "
            f"{ratio(high)}; {count(holds)} of the intervals include no change"
        ),
        caption=(
            "Dots and lines: pooled change over placebos with its 95 % interval, for windows of 7 to 28 days "
            "on each side, with every truce set against its own region's deaths or all against one; where "
            "that is the same, it is drawn once. Bands: 95 % of placebo sets. Longer windows leave fewer "
            "episodes."
        ),
        alt=(
            f"Two panels of dots with intervals, all halts and nationwide ones. Every estimate lies below 1, from "
            f"{ratio(low)} to {ratio(high)}; intervals widen with the window. Ranks run from "
            f"{count(table['rank'].min())} to {count(table['rank'].max())} of {count(table['of'].max())}."
        ),
        sources=cited(rows, DEATHS),
        tables=(*TABLES, "vdc_deaths_daily"),
        data=table.drop(columns="members").round(4),
        narrow={
            "yaxis": {"tickfont": {"size": 10}},
            **{f"xaxis{place or ''}": FEWER for place in (0, *range(2, len(sets) + 1))},
        },
    )


def _window_lanes(fig: go.Figure, lanes: pd.DataFrame, place: int) -> None:
    colour = theme.colour("blue")
    for low, high, width, shade in (
        ("placebo_low", "placebo_high", 11, theme.tint(theme.AXIS, 0.35)),
        ("low", "high", 2.5, colour),
    ):
        x: list[float | None] = []
        y: list[float | None] = []
        for row in lanes[[low, high, "lane"]].itertuples(index=False):
            x += [round(row[0], 4), round(row[1], 4), None]
            y += [row.lane, row.lane, None]
        fig.add_scatter(
            x=x,
            y=y,
            mode="lines",
            line={"color": shade, "width": width},
            hoverinfo="skip",
            connectgaps=False,
            row=1,
            col=place,
        )
    fig.add_scatter(
        x=lanes["estimate"].round(4).tolist(),
        y=lanes["lane"].tolist(),
        mode="markers",
        marker={"color": colour, "size": 9},
        text=[
            f"{row.window} days: {ratio(row.estimate, row.low, row.high)}<br>{row.episodes} episodes, "
            f"rank {count(row.rank)} of {count(row.of)}"
            for row in lanes.itertuples()
        ],
        hovertemplate="%{text}<extra></extra>",
        row=1,
        col=place,
    )
