"""Figures and tables of the chapter on truces: recorded deaths around their start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from aleppo.measure.truces import episodes
from aleppo.model.truces import Study, placebo_sets
from aleppo.show import theme
from aleppo.show.chapters.truces import KIND_COLOURS, KIND_NAMES, TABLES, dagger_words
from aleppo.show.figure import Figure
from aleppo.show.marks import cited, marked
from aleppo.show.numbers import count, count_or, date, ratio
from aleppo.show.table import Table

DEATHS = "vdc-2018-deaths-by-province"
RATIOS = [0.25, 0.5, 1, 2]


def changes_figure(study: Study) -> Figure:
    """Each truce's ratio of deaths after to deaths before, with the band of its placebo starts."""
    lanes = _grouped(study.each)
    fig = go.Figure()
    fig.add_vline(x=1, line={"color": theme.AXIS, "width": 1}, layer="below")
    _bands(fig, lanes)
    for outside in (True, False):
        chosen = lanes[lanes["outside"] == outside]
        fig.add_scatter(
            x=chosen["ratio"].round(4).tolist(),
            y=chosen["lane"].tolist(),
            mode="markers",
            name="outside its placebo band" if outside else "inside its placebo band",
            marker={
                "color": [KIND_COLOURS[kind] for kind in chosen["kind"]],
                "symbol": "circle" if outside else "circle-open",
                "size": 10,
                "line": {"width": 2},
            },
            text=[_change_text(row, study.design.placebos) for row in chosen.itertuples()],
            hovertemplate="%{text}<extra></extra>",
        )
    headings = lanes.groupby("kind", sort=False)["lane"].min() - 1
    fig.update_yaxes(
        tickvals=[*headings.tolist(), *lanes["lane"].tolist()],
        ticktext=[
            *(f"<b>{KIND_NAMES[str(kind)]}</b>" for kind in headings.index),
            *(marked(row.label, row.verified) for row in lanes.itertuples()),
        ],
        range=[lanes["lane"].max() + 0.7, headings.min() - 0.7],
        tickfont={"size": 12},
        showgrid=False,
        zeroline=False,
    )
    ratio_axis(fig, "deaths in the days from the start on, over deaths in the days before")
    fig.update_layout(height=740, showlegend=True, legend={"y": -0.11})
    narrow = {
        "yaxis": {"tickfont": {"size": 10}},
        "xaxis": {"title": {"text": "deaths after over<br>deaths before"}},
    }
    return Figure(fig, **_changes_words(study, lanes), narrow=narrow)


def _grouped(each: pd.DataFrame) -> pd.DataFrame:
    """Rows kind by kind, with a lane for each and one left free above each kind."""
    order = {kind: place for place, kind in enumerate(KIND_NAMES)}
    rows = each.assign(order=each["kind"].map(order)).sort_values(["order", "start"], kind="stable")
    gaps = rows["kind"].map(order).astype("int64").diff().ne(0).cumsum()
    return rows.assign(lane=np.arange(len(rows)) + gaps)


def _bands(fig: go.Figure, lanes: pd.DataFrame) -> None:
    """From the 2.5th to the 97.5th percentile of the placebos, and a tick at the middle one."""
    x: list[float | None] = []
    y: list[float | None] = []
    for row in lanes.itertuples():
        x += [round(row.low, 4), round(row.high, 4), None]
        y += [row.lane, row.lane, None]
    fig.add_scatter(
        x=x,
        y=y,
        mode="lines",
        name="95\u00a0% of placebo starts",
        line={"color": theme.tint(theme.AXIS, 0.35), "width": 11},
        hoverinfo="skip",
        connectgaps=False,
    )
    fig.add_scatter(
        x=lanes["middle"].round(4).tolist(),
        y=lanes["lane"].tolist(),
        mode="markers",
        name="middle placebo",
        marker={"symbol": "line-ns-open", "color": theme.MUTED, "size": 10, "line": {"width": 1.5}},
        hoverinfo="skip",
    )


def ratio_axis(fig: go.Figure, title: str, **place: int) -> None:
    """A logarithmic axis of ratios around 1, in the panel ``place`` (row, col)."""
    fig.update_xaxes(
        type="log",
        range=[np.log10(0.22), np.log10(3.2)],
        tickvals=RATIOS,
        ticktext=[f"×{value:g}" for value in RATIOS],
        title=title,
        showgrid=True,
        **place,
    )


def _change_text(row: Any, draws: int) -> str:
    return (
        f"{marked(row.label, row.verified)}, {date(row.start)}<br>{count(row.before)} deaths before, "
        f"{count(row.after)} from the start on: {ratio(row.ratio)}<br>95 % of placebos {ratio(row.low)} to "
        f"{ratio(row.high)}; rank {count(row.rank)} of {count(draws + 1)}<br>placebos from {count(row.candidates)} days"
    )


def _changes_words(study: Study, lanes: pd.DataFrame) -> dict[str, Any]:
    halts = lanes[lanes["kind"].isin(["nationwide", "local"])]
    below, above = halts["ratio"] < halts["low"], halts["ratio"] > halts["high"]
    apart = episodes(halts["start"], study.design.window)[below].nunique()
    others = lanes[~lanes["kind"].isin(["nationwide", "local"])]
    window = study.design.window
    kept = [
        "ceasefire_id",
        "label",
        "kind",
        "region",
        "start",
        "before",
        "after",
        "ratio",
        "low",
        "middle",
        "high",
    ]
    return {
        "id": "truce-changes",
        "title": (
            f"At {count(below.sum())} of {count(len(halts))} halts to fighting, in {count(apart)} episodes, recorded "
            "deaths fell further than the band of 95 % of their placebo starts reaches; at "
            f"{count_or(above.sum(), 'none')} they rose further"
        ),
        "caption": (
            f"Points: deaths in the {window} days from the start on over deaths in the {window} days before. "
            f"Bands: 95 % of {count(study.design.placebos)} placebo starts of the same season and after as "
            "many deaths, with no truce beginning near. Nationwide truces are set against all of Syria, "
            f"those for Aleppo against its north-west.{dagger_words(lanes)}"
        ),
        "alt": (
            f"Dot chart of {count(len(lanes))} ratios on a logarithmic axis, by kind, each on the band of "
            f"its placebos. Of the halts {count(below.sum())} lie below their band and {count(above.sum())} "
            f"above; of the {count(len(others))} windows, talks and offers {count(others['outside'].sum())} "
            f"lie outside theirs. The lowest is {lanes.loc[lanes['ratio'].idxmin(), 'label']} with "
            f"{ratio(lanes['ratio'].min())}."
        ),
        "sources": cited(lanes, DEATHS),
        "tables": (*TABLES, "vdc_deaths_daily"),
        "data": lanes[
            [*kept, "outside", "rank", "candidates", "season_days", "level_factor", "verified"]
        ].round(dict.fromkeys(["ratio", "low", "middle", "high"], 4)),
    }


def pooled_figure(study: Study, pooled: pd.DataFrame, sets: Mapping[str, Sequence[str]]) -> Figure:
    """Pooled changes over what their placebos lead to expect, on the spread of a thousand placebo sets.

    ``pooled`` is :func:`aleppo.model.truces.pooled` of ``study`` and ``sets``.
    """
    fig = make_subplots(rows=len(pooled), cols=1, shared_xaxes=True, vertical_spacing=0.06)
    edges = np.exp(np.linspace(np.log(0.4), np.log(2.2), 52))
    middles = np.sqrt(edges[1:] * edges[:-1])
    bins = []
    for place, row in enumerate(pooled.itertuples(), start=1):
        heights, _ = np.histogram(placebo_sets(study, sets[row.set]), bins=edges)
        bins.append(pd.DataFrame({"set": row.set, "ratio": middles.round(4), "placebo_sets": heights}))
        _spread_of_sets(fig, place, middles, heights, row)
    fig.update_xaxes(
        type="log",
        range=[np.log10(0.4), np.log10(1.7)],
        tickvals=[0.5, 0.75, 1, 1.5],
        ticktext=["×0.5", "×0.75", "×1", "×1.5"],
    )
    fig.update_xaxes(title="change over that of the placebos", row=len(pooled), col=1)
    fig.update_yaxes(showticklabels=False, showgrid=False, rangemode="tozero")
    fig.update_layout(height=140 * len(pooled) + 60, showlegend=False)
    first = pooled.iloc[0]
    return Figure(
        fig,
        id="truce-pooled",
        title=(
            "Taken together, recorded deaths after a halt came to "
            f"{ratio(first['estimate'], first['low'], first['high'])} "
            f"of what placebo starts lead to expect, rank {count(first['rank'])} among {count(first['of'])}"
        ),
        caption=(
            "Grey: pooled change of each placebo set, one placebo for each truce, over their own mean. Dot "
            "and line: the truces, with the 95 % interval over episodes. Truces whose windows overlap are "
            "one episode, which its first start stands for. Rank 1: no placebo set fell as much."
        ),
        alt=(
            f"{count(len(pooled))} histograms of placebo sets around 1 with a dot for the truces: "
            + "; ".join(
                f"{row.set} {ratio(row.estimate, row.low, row.high)}, rank {count(row.rank)}"
                for row in pooled.itertuples()
            )
        ),
        sources=cited(study.each, DEATHS),
        tables=(*TABLES, "vdc_deaths_daily"),
        data=pd.concat(bins, ignore_index=True),
    )


def _spread_of_sets(fig: go.Figure, place: int, middles: np.ndarray, heights: np.ndarray, row: Any) -> None:
    colour = theme.colour("slate" if row.set == "talks and offers" else "blue")
    top = int(heights.max())
    fig.add_scatter(
        x=middles.round(4).tolist(),
        y=heights.tolist(),
        mode="lines",
        line={"width": 0, "shape": "hvh", "color": theme.AXIS},
        fill="tozeroy",
        fillcolor=theme.tint(theme.AXIS, 0.4),
        hoverinfo="skip",
        row=place,
        col=1,
    )
    fig.add_scatter(
        x=[round(row.low, 4), round(row.high, 4)],
        y=[top / 5, top / 5],
        mode="lines",
        line={"color": colour, "width": 3},
        hoverinfo="skip",
        row=place,
        col=1,
    )
    fig.add_scatter(
        x=[round(row.estimate, 4)],
        y=[top / 5],
        mode="markers",
        marker={"color": colour, "size": 12},
        hovertemplate=f"{row.set}: {ratio(row.estimate, row.low, row.high)}<extra></extra>",
        row=place,
        col=1,
    )
    fig.add_annotation(
        text=(
            f"<b>{row.set[0].upper()}{row.set[1:]}</b>, {row.episodes} episodes<br>"
            f"{ratio(row.estimate, row.low, row.high)}<br>rank {count(row.rank)} of {count(row.of)}"
        ),
        xref="paper",
        x=0,
        xanchor="left",
        yref=f"y{place if place > 1 else ''} domain",
        y=1,
        yanchor="top",
        align="left",
        showarrow=False,
        font={"color": theme.INK, "size": 13},
    )


def pooled_table(pooled: pd.DataFrame, study: Study) -> Table:
    """The pooled changes with interval, rank, and what is left without any one episode."""
    rows = pooled.assign(
        change=[ratio(row.estimate, row.low, row.high) for row in pooled.itertuples()],
        without=[f"{ratio(row.leave_low)} to {ratio(row.leave_high)}" for row in pooled.itertuples()],
        band=[f"{ratio(row.placebo_low)} to {ratio(row.placebo_high)}" for row in pooled.itertuples()],
        set=pooled["set"].str.capitalize(),
    ).round(4)
    return Table(
        rows[
            [
                *["set", "truces", "episodes", "raw", "change", "band", "rank", "without"],
                *["of", "estimate", "low", "high", "members"],
            ]
        ],
        id="truce-pooled",
        caption=(
            "Pooled change of recorded deaths at the start of truces: as it stands, over that of the placebos with its "
            f"95 % interval, the band of the placebo sets, the rank among {count(study.design.placebos + 1)}, and the "
            "span of the estimates with one episode left out"
        ),
        columns={
            "set": "Set",
            "episodes": "Episodes",
            "raw": "Change",
            "change": "Over placebos",
            "band": "Placebo band",
            "rank": "Rank",
            "without": "Without one",
        },
        formats={"raw": ratio},
        sources=cited(study.each, DEATHS),
        tables=(*TABLES, "vdc_deaths_daily"),
    )
