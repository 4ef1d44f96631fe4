"""Figures and tables of the multiverse: all specifications of the break in recorded deaths, read as a whole."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from aleppo.model.multiverse import EXPOSURE, NONE, POOLED
from aleppo.model.reading import by_level, curve, distribution, estimated, movers, shares_along
from aleppo.show import theme
from aleppo.show.figure import Figure
from aleppo.show.numbers import count, ratio, share
from aleppo.show.table import Table

SOURCES = ("vdc-2018-deaths-by-province",)
TABLES = ("vdc_deaths_weekly", "vdc_composition_monthly", "airwars_monthly")
COLOUR = theme.PUBLISHERS["VDC"]
CLASSES = {
    "wholly above one": COLOUR,
    "holding one": theme.tint(COLOUR, 0.3),
    "wholly below one": theme.colour("slate"),
}
REACH = 4  # doublings on each side of one that the axes show
POINTS, BINS = 150, 20
CHOICE_WORDS = {
    "outcome": "recorded deaths counted",
    "baseline": "weeks before the break",
    "horizon": "weeks from the break",
    "model": "count model",
    "season": "season",
    "slope": "trend after the break",
    "donut": "weeks left out around the break",
    "lags": "lags of the errors",
    "comparison": "area compared with",
}
HEADINGS = {
    "outcome": "deaths",
    "baseline": "weeks before",
    "horizon": "weeks after",
    "model": "count model",
    "season": "season",
    "slope": "trend",
    "donut": "gap in weeks",
    "comparison": "set against",
}
_LEVELS = {
    ("outcome", "batch-1"): "first batch",
    ("outcome", "batch-1-and-2"): "both batches",
    ("outcome", "batch-2"): "second batch",
    ("outcome", "civilians"): "civilians",
    ("outcome", "air-strikes"): "air strikes",
    ("model", "poisson"): "Poisson",
    ("model", "nb2"): "negative binomial",
    ("season", "none"): "no season",
    ("season", "month"): "months",
    ("season", "fourier2"): "waves",
    ("slope", "True"): "may change",
    ("slope", "False"): "held",
    ("comparison", NONE): "nothing",
    ("comparison", POOLED): "sum of these",
    ("comparison", EXPOSURE): "sum as exposure",
}
_PLAIN = {"baseline": "{} weeks", "horizon": "{} weeks", "donut": "{} weeks", "lags": "{} weeks"}


def level_words(choice: str, level: str, names: Mapping[str, str]) -> str:
    """A level of a choice as a reader says it; ``names`` are governorates by P-code."""
    if (choice, level) in _LEVELS:
        return _LEVELS[choice, level]
    if choice == "donut" and level == "0":
        return "none"
    if choice in _PLAIN:
        return _PLAIN[choice].format(level)
    return names.get(level, level)


def doublings(values: np.ndarray | pd.Series | list[float]) -> np.ndarray:
    """Base-2 logarithms, cut to what the axes show."""
    return np.clip(np.log2(np.asarray(values, dtype=float)), -REACH, REACH)


def ratio_axis(reach: int = REACH) -> dict[str, object]:
    ticks = list(range(-reach, reach + 1))
    words = [f"×{2**tick:g}" if tick >= 0 else f"×1/{2**-tick}" for tick in ticks]
    return {"tickvals": ticks, "ticktext": words}


def _classes(rows: pd.DataFrame) -> np.ndarray:
    return np.select(
        [rows["low"] > 1, rows["high"] < 1], ["wholly above one", "wholly below one"], "holding one"
    )


def distribution_figure(frame: pd.DataFrame, area: str) -> Figure:
    """How the rate ratios of all specifications are spread, by what their intervals say."""
    rows, told = estimated(frame), distribution(frame)
    fig, drawn = _bars(rows, told.median)
    return Figure(
        fig,
        id="multiverse",
        title=(
            f"Of {count(told.estimated)} specifications {share(told.above)} put the rate of recorded deaths above what "
            f"the weeks before lead to and {share(told.below)} below; {share(told.interval_holds_one)} of the "
            "intervals cannot tell it from no change"
        ),
        caption=(
            f"Rate ratios at the break of 30 September 2015 in recorded deaths of {area}, every specification with an "
            f"estimate, by whether its 95 % interval lies wholly above one ({share(told.interval_above)}), wholly "
            f"below ({share(told.interval_below)}) or holds one. The scale doubles from mark to mark; what lies "
            f"beyond it stands in the outermost bars. {count(told.specifications - told.estimated)} specifications "
            "have no estimate, most because the area compared with has no deaths in some part of the window."
        ),
        alt=(
            f"Histogram of {count(told.estimated)} rate ratios on a doubling scale. The median is "
            f"{ratio(told.median)}, half lie between {ratio(told.lower)} and {ratio(told.upper)}. Most of the bars are "
            "of intervals that hold one, on both sides of no change."
        ),
        sources=SOURCES,
        tables=TABLES,
        data=drawn.round(5),
        narrow={"legend": {"y": -0.25}, "height": 460},
    )


def _bars(rows: pd.DataFrame, median: float) -> tuple[go.Figure, pd.DataFrame]:
    """The stacked bars of the distribution, and what they show."""
    edges = np.linspace(-REACH, REACH, 8 * REACH + 1)
    middle = (edges[:-1] + edges[1:]) / 2
    classes, places = _classes(rows), doublings(rows["rate_ratio"])
    fig, drawn = go.Figure(), []
    for name in ("holding one", "wholly above one", "wholly below one"):
        heights = np.histogram(places[classes == name], edges)[0] / len(rows)
        fig.add_bar(
            x=middle.tolist(),
            y=heights.round(5).tolist(),
            width=edges[1] - edges[0],
            name=f"95\u00a0% interval {name}",
            marker={"color": CLASSES[name], "line": {"width": 0}},
            customdata=[f"×{2**low:.2f} to ×{2**high:.2f}" for low, high in itertools.pairwise(edges)],
            hovertemplate="%{customdata}: %{y:.1%} of all<extra></extra>",
        )
        drawn.append(
            pd.DataFrame(
                {
                    "interval": name,
                    "ratio_from": 2 ** edges[:-1],
                    "ratio_to": 2 ** edges[1:],
                    "share": heights,
                }
            )
        )
    for value, words, side in (
        (1.0, "no change", "right"),
        (median, f"median {ratio(median)}", "left"),
    ):
        at = float(np.log2(value))
        fig.add_shape(
            type="line",
            x0=at,
            x1=at,
            y0=0,
            y1=1,
            yref="paper",
            layer="above",
            line={"color": theme.AXIS if value == 1.0 else theme.INK, "width": 1.5},
        )
        fig.add_annotation(
            x=at, y=1, yref="paper", text=words, xanchor=side, yanchor="bottom", showarrow=False
        )
    fig.update_layout(barmode="stack", bargap=0, height=420, margin={"t": 34}, legend={"y": -0.2})
    fig.update_xaxes(**ratio_axis(), title="rate ratio at the break")
    fig.update_yaxes(tickformat=".0%", title="share of specifications")
    return fig, pd.concat(drawn, ignore_index=True)


def curve_figure(frame: pd.DataFrame, names: Mapping[str, str]) -> Figure:
    """The specification curve, and below it where along the curve each level of each choice lies."""
    picked, along, told = curve(frame, POINTS), shares_along(frame, BINS), distribution(frame)
    along = along[along["choice"] != "lags"]
    fig = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.32, 0.68], vertical_spacing=0.02)
    _curve(fig, picked)
    rows = _level_rows(fig, along, names)
    fig.update_layout(height=250 + 16 * rows, margin={"t": 8})
    lowest, highest = picked["rate_ratio"].iloc[0], picked["rate_ratio"].iloc[-1]
    words = along.assign(
        choice=along["choice"].map(CHOICE_WORDS),
        level=[level_words(*pair, names) for pair in zip(along["choice"], along["level"], strict=True)],
        share=along["share"].round(4),
    )
    return Figure(
        fig,
        id="specification-curve",
        title=_ends_of_the_curve(frame, names),
        caption=(
            f"Above: {count(len(picked))} of the {count(told.estimated)} specifications, evenly spaced by their rate "
            "ratio, each with its 95 % interval, cut where it leaves the scale. Below: each line is one level of a "
            "choice, cut into twenty equal parts of the curve; the stronger the colour of a cell, the more of the "
            "level's specifications lie there. A level that does not matter is one even tone. "
            "Lags change only the intervals."
        ),
        alt=(
            f"Specification curve rising from {ratio(lowest)} to {ratio(highest)} through {ratio(told.median)} in the "
            "middle, with intervals mostly across one, above a heat map of choices. The lines of season, count model "
            "and gap are even; those of the baseline, of the trend and of the area compared with are not."
        ),
        sources=SOURCES,
        tables=TABLES,
        data=words,
        narrow={
            "yaxis": {"title": {"text": ""}},
            "yaxis2": {"tickfont": {"size": 11}},
            "xaxis2": {"title": {"text": "by ascending rate ratio"}, "nticks": 3},
            "height": 230 + 18 * rows,
        },
    )


def _ends_of_the_curve(frame: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Which levels of the two choices that matter most lie at the ends of the curve."""
    first, second = movers(frame).head(2).itertuples(index=False)
    low = [level_words(row.choice, row.lowest_level, names) for row in (first, second)]
    high = [level_words(row.choice, row.highest_level, names) for row in (first, second)]
    low_words, high_words = (
        f"{CHOICE_WORDS[first.choice]}: {each[0]}; {CHOICE_WORDS[second.choice]}: {each[1]}"
        for each in (low, high)
    )
    return f"The two choices that move the median most part the low end ({low_words}) from the high end ({high_words})"


def _curve(fig: go.Figure, picked: pd.DataFrame) -> None:
    low, high = doublings(picked["low"]), doublings(picked["high"])
    classes = _classes(picked)
    for name, colour in CLASSES.items():
        which = np.flatnonzero(classes == name)
        x = np.repeat(picked["rank"].to_numpy()[which], 3).round(4).tolist()
        y = np.stack([low[which], high[which], high[which]], axis=1).round(3).ravel().tolist()
        y[2::3] = [None] * len(which)
        fig.add_scatter(
            x=x,
            y=y,
            mode="lines",
            connectgaps=False,
            hoverinfo="skip",
            showlegend=False,
            line={"color": colour, "width": 2},
            row=1,
            col=1,
        )
    fig.add_scatter(
        x=picked["rank"].round(4).tolist(),
        y=doublings(picked["rate_ratio"]).round(3).tolist(),
        customdata=[ratio(*values) for values in picked[["rate_ratio", "low", "high"]].to_numpy().tolist()],
        hovertemplate="%{x:.0%} of specifications lie below<br>%{customdata}<extra></extra>",
        mode="lines",
        line={"color": theme.INK, "width": 2},
        showlegend=False,
        row=1,
        col=1,
    )
    fig.update_yaxes(**ratio_axis(), range=[-REACH, REACH], title="rate ratio", row=1, col=1)


def _level_rows(fig: go.Figure, along: pd.DataFrame, names: Mapping[str, str]) -> int:
    """Draw the levels under the curve, choices apart; how many lines they take."""
    labels: list[str] = []
    cells: list[list[float | None]] = []
    hover: list[list[str]] = []
    for choice, group in along.groupby("choice", sort=False):
        labels.append(f"<b>{HEADINGS[str(choice)]}</b>")
        cells.append([None] * BINS)
        hover.append([""] * BINS)
        for level, part in group.groupby("level", sort=False):
            label = level_words(str(choice), str(level), names)
            # an axis of names needs every name once: spaces behind a name do not show
            labels.append(label + " " * sum(each.strip() == label for each in labels))
            values = part.sort_values("bin")["share"]
            cells.append((values * BINS).round(2).tolist())
            hover.append([f"{label}: {share(value)} of its specifications" for value in values])
    fig.add_heatmap(
        x=[(number + 0.5) / BINS for number in range(BINS)],
        y=labels,
        z=cells,
        text=hover,
        hovertemplate="%{text}<extra></extra>",
        hoverongaps=False,
        zmin=0,
        zmax=3,
        xgap=1,
        ygap=1,
        colorscale=[[0, theme.tint(COLOUR, 0.03)], [1, COLOUR]],
        showscale=False,
        row=2,
        col=1,
    )
    fig.update_yaxes(autorange="reversed", showgrid=False, tickfont={"size": 11.5}, dtick=1, row=2, col=1)
    fig.update_xaxes(
        tickformat=".0%", range=[0, 1], title="specifications, by ascending rate ratio", row=2, col=1
    )
    return len(labels)


def movers_table(table: pd.DataFrame, names: Mapping[str, str]) -> Table:
    """Which choice moves the median most: :func:`aleppo.model.reading.movers`."""
    rows = table[table["spread"] > 1].assign(
        words=lambda f: f["choice"].map(CHOICE_WORDS),
        low=lambda f: [
            level_words(*pair, names) for pair in zip(f["choice"], f["lowest_level"], strict=True)
        ],
        high=lambda f: [
            level_words(*pair, names) for pair in zip(f["choice"], f["highest_level"], strict=True)
        ],
    )
    rows[["lowest", "highest", "spread", "share"]] = rows[["lowest", "highest", "spread", "share"]].round(4)
    return Table(
        rows[["words", "low", "lowest", "high", "highest", "spread", "share"]],
        id="choice-movers",
        caption=(
            "How far each choice moves the median rate ratio, from its lowest to its highest level, and the share of "
            "the variance of the logarithm that lies between its levels; what is left to the whole lies within levels"
        ),
        columns={
            "words": "Choice",
            "low": "Lowest level",
            "lowest": "Median there",
            "high": "Highest level",
            "highest": "Median there",
            "spread": "Factor",
            "share": "Of the variance",
        },
        formats={"lowest": ratio, "highest": ratio, "spread": partial(ratio, digits=1), "share": share},
        sources=SOURCES,
        tables=TABLES,
    )


def mover_words(row: Any, names: Mapping[str, str]) -> str:
    """A row of :func:`aleppo.model.reading.movers` in words."""
    low, high = (level_words(row.choice, level, names) for level in (row.lowest_level, row.highest_level))
    return (
        f"the {CHOICE_WORDS[row.choice]} (from {ratio(row.lowest)}, {low}, to {ratio(row.highest)}, {high})"
    )


def baseline_table(frame: pd.DataFrame) -> Table:
    """The distribution by length of the baseline: how a trough at the break turns short ones."""
    rows = by_level(frame)
    rows = rows[rows["choice"] == "baseline"].assign(level=lambda f: f["level"].astype(int))
    kept = ["level", "estimated", "median", "lower", "upper", "above", "interval_above", "interval_below"]
    rows = rows.sort_values("level")[kept].reset_index(drop=True)
    rows[kept[2:]] = rows[kept[2:]].round(4)
    return Table(
        rows,
        id="multiverse-baselines",
        caption="The specifications by the length of their baseline: median and middle half, signs and intervals",
        columns={
            "level": ("Baseline", "weeks"),
            "estimated": "Specifications",
            "median": "Median",
            "lower": "Quarter below",
            "upper": "Quarter above",
            "above": "Above one",
            "interval_above": "Interval above",
            "interval_below": "Interval below",
        },
        formats={
            **dict.fromkeys(("median", "lower", "upper"), ratio),
            **dict.fromkeys(("above", "interval_above", "interval_below"), share),
        },
        sources=SOURCES,
        tables=TABLES,
    )
