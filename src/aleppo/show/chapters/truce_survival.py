"""Figures and tables of the chapter on truces: how long they lasted."""

from __future__ import annotations

import textwrap
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from aleppo.show import theme
from aleppo.show.chapters.truces import BROKER_NAMES, KIND_NAMES, TABLES, dagger_words
from aleppo.show.figure import Figure
from aleppo.show.marks import cited
from aleppo.show.numbers import count, count_range
from aleppo.show.table import Table

# Letters of a panel's name on one line, so that two stand side by side on a narrow screen.
PANEL_LETTERS = 20
_DAYS = {"title": {"text": "days, first<br>day included"}}


def survival_figure(spells: pd.DataFrame, bands: dict[str, pd.DataFrame]) -> Figure:
    """Share of halts not yet collapsed by day, at both readings of their ends, for each kind and broker.

    ``spells`` is :func:`aleppo.measure.truces.spells`; ``bands`` has :func:`aleppo.model.truces.survival_band` by
    the column of ``spells`` that it groups by, ``kind`` and ``broker``.
    """
    names = {"kind": KIND_NAMES, "broker": BROKER_NAMES}
    panels = [
        (by, str(group), names[by][str(group)])
        for by, band in bands.items()
        for group in [one for one in names[by] if one in set(band["group"])]
    ]
    fig = make_subplots(
        rows=(len(panels) + 1) // 2,
        cols=2,
        shared_xaxes=True,
        shared_yaxes=True,
        subplot_titles=[_panel_title(spells[spells[by] == group], name) for by, group, name in panels],
        vertical_spacing=0.15,
        horizontal_spacing=0.06,
    )
    for place, (by, group, _) in enumerate(panels):
        band = bands[by]
        _panel(fig, band[band["group"] == group], spells[spells[by] == group], place)
    fig.update_xaxes(
        type="log", range=[-0.15, 2.3], tickvals=[1, 3, 10, 30, 100], showticklabels=True, ticks="outside"
    )
    fig.update_yaxes(range=[-0.05, 1.08], tickformat=".0%", tickvals=[0, 0.5, 1])
    fig.update_xaxes(title="days, first day included", row=(len(panels) + 1) // 2)
    fig.update_annotations(font={"size": 13, "color": theme.INK})
    fig.update_layout(height=250 * ((len(panels) + 1) // 2) + 60, margin={"t": 52}, showlegend=True)
    drawn = pd.concat([band.assign(by=by) for by, band in bands.items()], ignore_index=True)
    # the last row of panels stands over the names of both axes, which have half a telephone each
    last = {f"xaxis{place if place > 1 else ''}": _DAYS for place in range(len(panels) - 1, len(panels) + 1)}
    narrow = {"legend": {"y": -0.14}, **last}
    return Figure(fig, **_survival_words(spells), data=drawn.round(4), narrow=narrow)


def _panel_title(rows: pd.DataFrame, name: str) -> str:
    collapsed = sorted(int(rows[f"{reading}_collapsed"].sum()) for reading in ("first", "last"))
    name = "</b><br><b>".join(textwrap.wrap(name, PANEL_LETTERS))
    return f"<b>{name}</b><br>n = {len(rows)}, collapsed: {count_range(*collapsed)}"


def _panel(fig: go.Figure, band: pd.DataFrame, rows: pd.DataFrame, place: int) -> None:
    row, column = divmod(place, 2)
    where = {"row": row + 1, "col": column + 1}
    colour = theme.colour("blue")
    end = max(rows["first_days"].max(), rows["last_days"].max())
    last = band.iloc[[-1]].assign(days=end)
    steps = pd.concat([band.assign(days=band["days"].clip(lower=0.5)), last], ignore_index=True)
    for bound, fill in (("low", None), ("high", "tonexty")):
        fig.add_scatter(
            x=steps["days"].tolist(),
            y=steps[bound].round(4).tolist(),
            mode="lines",
            line={"width": 0, "shape": "hv", "color": colour},
            fill=fill,
            fillcolor=theme.tint(colour, 0.15),
            hoverinfo="skip",
            showlegend=False,
            **where,
        )
    for reading, dash, name in (("first", "dot", "ends as early"), ("last", "solid", "ends as late")):
        seen = steps[steps["days"] <= rows[f"{reading}_days"].max()].dropna(subset=reading)
        close = seen.iloc[[-1]].assign(days=rows[f"{reading}_days"].max())
        seen = pd.concat([seen, close], ignore_index=True)
        fig.add_scatter(
            x=seen["days"].tolist(),
            y=seen[reading].round(4).tolist(),
            mode="lines",
            line={"width": 2.5, "shape": "hv", "dash": dash, "color": colour},
            name=f"{name} as the sources allow",
            legendgroup=reading,
            showlegend=place == 0,
            hovertemplate="day %{x}: %{y:.0%} not collapsed<extra></extra>",
            **where,
        )


def _survival_words(spells: pd.DataFrame) -> dict[str, Any]:
    collapsed = sorted(int(spells[f"{reading}_collapsed"].sum()) for reading in ("first", "last"))
    longest = spells.loc[spells["last_days"].idxmax()]
    return {
        "id": "truce-survival",
        "title": (
            f"Of {count(len(spells))} halts {count_range(*collapsed)} are reported to have collapsed; "
            "too few to tell kinds or brokers of truces apart"
        ),
        "caption": (
            "Kaplan-Meier share of halts that have not collapsed, by day. An agreed term that ran out, a "
            "truce that was carried out and one last seen in force are censored: they count up to that day "
            "and say nothing after. Extensions belong to the truce that they extend. Band: 95 % intervals of "
            "both readings together; before the first collapse, and where nothing is left, there is "
            f"none.{dagger_words(spells)}"
        ),
        "alt": (
            f"Step charts for {count(spells['kind'].nunique())} kinds and "
            f"{count(spells['broker'].nunique())} groups of brokers, each with two lines and a wide band. "
            "The lines of the two readings lie far apart and every band covers most of the chart. The "
            f"longest lasted at most {count(longest['last_days'])} days."
        ),
        "sources": cited(spells),
        "tables": TABLES,
    }


def survival_table(medians: pd.DataFrame, spells: pd.DataFrame) -> Table:
    """Days until half had collapsed, by kind and by broker: :func:`aleppo.model.truces.medians`."""
    names = KIND_NAMES | BROKER_NAMES
    rows = medians.assign(
        group_words=medians["group"].map(names),
        first=[_median(row.median_first, row.low_first, row.high_first) for row in medians.itertuples()],
        last=[_median(row.median_last, row.low_last, row.high_last) for row in medians.itertuples()],
    )
    return Table(
        rows[["group_words", "truces", "collapsed_first", "first", "collapsed_last", "last", "group"]],
        id="truce-medians",
        caption=(
            "Halts by kind and by broker: how many, how many collapsed, and the days by which half had, with the 95 % "
            "interval, when ends are read as early and as late as the sources allow. Each halt stands once under its "
            "kind and once under its broker"
        ),
        columns={
            "group_words": "Kind or broker",
            "truces": "Halts",
            "collapsed_first": "Collapsed, early",
            "first": "Median days, early",
            "collapsed_last": "Collapsed, late",
            "last": "Median days, late",
        },
        sources=cited(spells),
        tables=TABLES,
    )


def _median(median: float, low: float, high: float) -> str:
    """A median with its interval; bounds that are not reached are open."""
    if pd.isna(median):
        return "not reached" if pd.isna(low) else f"not reached [from {count(low)}]"
    bounds = f"from {count(low)}" if pd.isna(high) else count_range(low, high)
    return f"{count(median)} [{bounds}]"
