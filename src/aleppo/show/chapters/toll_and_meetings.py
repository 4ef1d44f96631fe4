"""The figure of the chapter on one clock that sets recorded deaths beside Council meetings at lags."""

from __future__ import annotations

import textwrap
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from aleppo.show import theme
from aleppo.show.figure import Figure
from aleppo.show.numbers import count, quantity

MEETINGS = "un-2018-council-meetings"
COUNT_NAMES = {"certain": "meetings certain to be on Syria", "possible": "meetings that may be on Syria"}
# Letters of a panel's name on one line, so that two stand side by side on a narrow screen.
PANEL_LETTERS = 22
TREATMENT_NAMES = {"level": "as counted", "change": "month to month"}


def lags_figure(table: pd.DataFrame, source: str) -> Figure:
    """Correlations of deaths with meetings at each lag, with intervals and the bound of chance.

    ``table`` has :func:`aleppo.model.lags.lagged` for each ``counted`` and ``treatment``, one below the other.
    """
    panels = list(dict.fromkeys(zip(table["counted"], table["treatment"], strict=True)))
    titles = [
        "<br>".join(textwrap.wrap(f"{COUNT_NAMES[counted]}, {TREATMENT_NAMES[treatment]}", PANEL_LETTERS))
        for counted, treatment in panels
    ]
    fig = make_subplots(
        rows=2,
        cols=2,
        shared_xaxes=True,
        shared_yaxes=True,
        subplot_titles=titles,
        vertical_spacing=0.2,
        horizontal_spacing=0.06,
    )
    for place, (counted, treatment) in enumerate(panels):
        rows = table[(table["counted"] == counted) & (table["treatment"] == treatment)]
        _panel(fig, rows, {"row": place // 2 + 1, "col": place % 2 + 1})
    fig.update_yaxes(range=[-0.85, 0.85], tickvals=[-0.5, 0, 0.5], ticktext=["−0.5", "0", "+0.5"])
    fig.update_xaxes(dtick=3, showticklabels=True, tick0=0)
    fig.update_xaxes(title="months by which deaths come earlier", row=2)
    fig.update_annotations(font={"size": 13, "color": theme.INK})
    fig.update_layout(height=580, margin={"t": 62})
    return Figure(
        fig,
        **_lags_words(table, source),
        narrow={
            "xaxis3": {"title": {"text": "months earlier"}},
            "xaxis4": {"title": {"text": "months earlier"}},
        },
    )


def _panel(fig: go.Figure, rows: pd.DataFrame, where: dict[str, int]) -> None:
    colour = theme.PUBLISHERS["UN"]
    lags, bound = rows["lag"].tolist(), float(rows["bound"].iloc[0])
    fig.add_scatter(
        x=[lags[0], lags[-1], lags[-1], lags[0]],
        y=[-bound, -bound, bound, bound],
        mode="lines",
        line={"width": 0, "color": theme.AXIS},
        fill="toself",
        fillcolor=theme.tint(theme.AXIS, 0.25),
        hoverinfo="skip",
        **where,
    )
    x: list[float | None] = []
    y: list[float | None] = []
    for row in rows.itertuples():
        x += [row.lag, row.lag, None]
        y += [round(row.low, 4), round(row.high, 4), None]
    fig.add_scatter(
        x=x,
        y=y,
        mode="lines",
        line={"width": 2, "color": colour},
        hoverinfo="skip",
        connectgaps=False,
        **where,
    )
    fig.add_scatter(
        x=lags,
        y=rows["r"].round(4).tolist(),
        mode="markers",
        marker={"size": 8, "color": colour},
        hovertemplate="%{x} months: r = %{y:.2f}<extra></extra>",
        **where,
    )


def _lags_words(table: pd.DataFrame, source: str) -> dict[str, Any]:
    changes = table[table["treatment"] == "change"]
    beyond = int((changes["r"].abs() > changes["bound"]).sum())
    low, high = (quantity(changes["r"].agg(side), 2) for side in ("min", "max"))
    return {
        "id": "toll-and-meetings",
        "title": (
            "From month to month (right), recorded deaths and Council meetings show no association beyond chance: "
            f"{count(beyond)} of {count(len(changes))} correlations leave the band"
            if not beyond
            else f"From month to month, {count(beyond)} of {count(len(changes))} correlations of recorded deaths "
            "with Council meetings leave the band of chance"
        ),
        "caption": (
            "Correlation of recorded deaths in Syria with Council meetings on Syria, the deaths so many months before "
            "the meetings (below zero: after). Lines: 95 % of a block bootstrap. Grey: chance; 95 % of series with the "
            "same rhythm at random phases have no larger correlation at any lag. Two counts that each drift over the "
            "years are associated as counted without being tied; changes from month to month take the drift out."
        ),
        "alt": (
            f"Four panels of dots with intervals at lags of {count(table['lag'].min())} to "
            f"{count(table['lag'].max())} months. Of changes from month to month the correlations run from "
            f"{low} to {high} around zero; as counted, deaths and possible meetings go with each other the "
            "other way round at every lag."
        ),
        "sources": [source, MEETINGS],
        "tables": ("vdc_deaths_daily", "unsc_meetings_monthly"),
        "data": table.round(4),
    }
