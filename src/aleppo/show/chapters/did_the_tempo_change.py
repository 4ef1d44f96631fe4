"""Figures and tables of the chapter on the tempo of the front; published extents are in a module of their own."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from aleppo.measure.toll import week_of
from aleppo.show import theme
from aleppo.show.chapters.tempo_extent import extent_figure, extent_table
from aleppo.show.figure import Figure
from aleppo.show.marks import cited
from aleppo.show.numbers import change, count, date, quantity, ratio, share
from aleppo.show.table import Table

__all__ = [
    "balance_figure",
    "breaks_figure",
    "extent_figure",
    "extent_table",
    "found_table",
    "model_table",
    "placebo_figure",
    "rate_table",
]

TOWNS = ("town_spells", "towns", "governorates")
CITY = ("control_spells", "places")
_MODEL_SIGNS = {
    "l1": ("medians", "square-open", "blue"),
    "l2": ("means", "circle-open", "vermilion"),
    "rbf": ("any change", "diamond-open", "green"),
    "poisson": ("Poisson rates", "x-thin-open", "purple"),
}
_LINES = ("brick", "lagoon", "slate", "ochre")


def balance_figure(towns: pd.DataFrame, city: pd.DataFrame, spells: list[pd.DataFrame]) -> Figure:
    """Gains and losses of the government by month: towns as counts, the city in square kilometres.

    ``towns`` and ``city`` are :func:`aleppo.measure.tempo.monthly_balance`; ``spells`` are the tables behind them.
    """
    fig = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.1)
    for row, (table, unit) in enumerate(((towns, "towns and bases"), (city, "km² of the city")), 1):
        days = (table["month"] + "-15").tolist()
        _balance_bars(fig, days, table["gained"], "gained", "brick", unit, row)
        _balance_bars(fig, days, -table["lost"], "lost", "slate", unit, row)
        still = table[(table["net"].abs() < 1e-9) & (table["gained"] > 0)]
        fig.add_scatter(
            x=(still["month"] + "-15").tolist(),
            y=[0] * len(still),
            mode="markers",
            marker={"symbol": "diamond", "size": 9, "color": theme.INK},
            name="gains and losses even",
            showlegend=row == 1,
            hovertemplate="%{x|%B %Y}: as many gained as lost<extra></extra>",
            row=row,
            col=1,
        )
        fig.update_yaxes(title=unit, row=row, col=1)
    fig.update_layout(barmode="relative", bargap=0.2, height=540, showlegend=True)
    theme.mark_break(theme.time_axis(fig, theme.TURN))
    before = towns[towns["month"] < "2015-10"]
    after = towns[towns["month"] >= "2015-10"]
    return Figure(
        fig,
        id="monthly-balance",
        title=(
            f"Of the listed towns the government gained {count(before['gained'].sum())} and lost "
            f"{count(before['lost'].sum())} in the nine months before October 2015, and gained "
            f"{count(after['gained'].sum())} and lost {count(after['lost'].sum())} in the fifteen months from it"
        ),
        caption=(
            "Above the line what the government and its allies gained in a month, below it what they lost, to "
            "anybody. Upper panel: towns and bases of the list, all fronts. Lower panel: area of neighbourhoods of "
            "Aleppo city that changed hands. A diamond marks a month in which gains and losses were even."
        ),
        alt=(
            "Two bar charts by month, January 2015 to December 2016. Towns: losses from March to May and in September "
            "2015, gains from November 2015 to March 2016, losses again from April to August 2016. City: hardly any "
            f"change until July 2016, then {quantity(city['gained'].iloc[-2:].sum())} km² gained in November and "
            "December 2016."
        ),
        sources=_cited_in(spells),
        tables=(*TOWNS, *CITY),
        data=pd.concat([towns.assign(panel="towns"), city.assign(panel="city, km2")], ignore_index=True),
    )


def _cited_in(tables: list[pd.DataFrame]) -> list[str]:
    """Ids of the sources that the rows of several tables cite."""
    return sorted({source for table in tables for source in cited(table)})


def _balance_bars(
    fig: go.Figure, days: list[str], sizes: pd.Series, name: str, colour: str, unit: str, row: int
) -> None:
    fig.add_bar(
        x=days,
        y=sizes.round(3).tolist(),
        name=name,
        marker={"color": theme.colour(colour), "line": {"width": 0}},
        showlegend=row == 1,
        customdata=sizes.abs().round(2).tolist(),
        hovertemplate=f"%{{x|%B %Y}}: %{{customdata}} {unit} {name}<extra></extra>",
        row=row,
        col=1,
    )


def rate_table(rates: pd.DataFrame, spells: pd.DataFrame, holders: dict[str, str]) -> Table:
    """Captures a month before and from the break by front, taker and former holder: :func:`.tempo.rates`."""
    rows = rates.assign(
        direction=[
            f"{holders.get(row.taken_by, row.taken_by)} from {holders.get(row.taken_from, row.taken_from)}"
            for row in rates.itertuples()
        ],
        earlier=[_with_firm(row.before, row.before_firm) for row in rates.itertuples()],
        later=[_with_firm(row.after, row.after_firm) for row in rates.itertuples()],
    )
    first = rates.iloc[0]
    return Table(
        rows.drop(columns=["weeks_before", "weeks_after"]).round({"rate_before": 4, "rate_after": 4}),
        id="captures-by-front",
        caption=(
            f"Captures in the {count(first.weeks_before)} weeks before the week of 30 September 2015 and in the "
            f"{count(first.weeks_after)} weeks from it, by front and direction; in brackets without those of low "
            "confidence"
        ),
        columns={
            "front": "Front",
            "direction": "Taken by and from",
            "earlier": "Before",
            "rate_before": ("Before", "a month"),
            "later": "From the break",
            "rate_after": ("From the break", "a month"),
        },
        formats={
            "rate_before": partial(quantity, digits=2),
            "rate_after": partial(quantity, digits=2),
        },
        sources=cited(spells),
        tables=(*TOWNS, *CITY),
    )


def _with_firm(captured: int, firm: int) -> str:
    return count(captured) if captured == firm else f"{count(captured)} [{count(firm)}]"


def breaks_figure(points: pd.DataFrame, series: list[str], spells: list[pd.DataFrame], found: str) -> Figure:
    """Every break that a search found without being told where: :func:`aleppo.model.changes.across`.

    ``series`` are the panels from the top; ``found`` is the finding, for title and alt text.
    """
    return Figure(
        _signs_of_breaks(points, series),
        id="tempo-breaks",
        title=found,
        caption=(
            "Each sign is a break that a model found in a weekly series, January 2015 to December 2016. Height: "
            "the penalty for a break, in multiples of the Bayesian information criterion; low in a panel, breaks "
            "are cheap, high in it only strong ones are left. A column of signs is a break that many settings find."
        ),
        alt=(
            f"{count(len(series))} panels of signs over time. {found}. Columns of signs stand in November 2015 and "
            "February 2016 for towns, and in late November 2016 for the city."
        ),
        sources=_cited_in(spells),
        tables=(*TOWNS, *CITY),
        data=points[["series", "model", "penalty", "at", "before", "after"]].round({"before": 4, "after": 4}),
    )


def _signs_of_breaks(points: pd.DataFrame, series: list[str]) -> go.Figure:
    """A panel for each series, with a sign where a model finds a break at a penalty."""
    fig = make_subplots(
        rows=len(series), cols=1, shared_xaxes=True, vertical_spacing=0.045, subplot_titles=series
    )
    penalties = sorted(points["penalty"].unique())
    for row, name in enumerate(series, 1):
        here = points[points["series"] == name]
        for model, (words, sign, colour) in _MODEL_SIGNS.items():
            found_here = here[here["model"] == model]
            fig.add_scatter(
                x=found_here["at"].dt.strftime("%Y-%m-%d").tolist(),
                y=found_here["penalty"].map(penalties.index).tolist(),
                mode="markers",
                marker={
                    "symbol": sign,
                    "size": 9,
                    "color": theme.colour(colour),
                    "line": {"width": 1.6, "color": theme.colour(colour)},
                },
                name=words,
                showlegend=row == 1,
                hovertemplate=f"break of {words}, week of %{{x|%-d %B %Y}}<extra></extra>",
                row=row,
                col=1,
            )
        fig.update_yaxes(
            range=[-0.7, len(penalties) - 0.3],
            tickvals=[0, len(penalties) // 2, len(penalties) - 1],
            ticktext=[f"{penalties[place]:g}" for place in (0, len(penalties) // 2, len(penalties) - 1)],
            row=row,
            col=1,
        )
    for note in fig.layout.annotations:
        note.update(
            x=0.01, xanchor="left", yshift=-20, font={"size": 13, "color": theme.MUTED}, bgcolor=theme.PAPER
        )
    fig.update_layout(height=150 + 125 * len(series), showlegend=True)
    theme.mark_break(theme.time_axis(fig, theme.TURN))
    return fig


def found_table(rows: pd.DataFrame, spells: list[pd.DataFrame], steps: tuple[int, int]) -> Table:
    """How many settings find a break near the date: the second part of :func:`.changes.across`."""
    near, wide = steps
    shown = rows.assign(
        near=[_found(row, near) for row in rows.to_dict("records")],
        wide=[_found(row, wide) for row in rows.to_dict("records")],
        nearest=[None if pd.isna(day) else date(day) for day in rows["nearest"]],
    )
    return Table(
        shown,
        id="breaks-near",
        caption=(
            f"Settings (model and penalty) that put a break within {count(near)} and {count(wide)} weeks of the week "
            "of 30 September 2015, of all settings, and what as many breaks thrown at random would give"
        ),
        columns={
            "series": "Series",
            "breaks": "Any break",
            "near": f"Within {count(near)} weeks",
            "wide": f"Within {count(wide)} weeks",
            "nearest": "Nearest",
            "away": ("Away", "weeks"),
        },
        formats={"away": change},
        sources=_cited_in(spells),
        tables=(*TOWNS, *CITY),
    )


def _found(row: dict[Any, Any], steps: int) -> str:
    chance = share(row[f"chance_{steps}"]) if row[f"chance_{steps}"] else "0"
    return f"{count(row[f'found_{steps}'])} of {count(row['settings'])}, chance {chance}"


def _ties(table: pd.DataFrame) -> str:
    """With how many other weeks the week of the break shares its rank, for each series."""
    week = week_of(theme.BREAK.isoformat())
    parts = []
    for name, one in table.groupby("series", sort=False):
        size = one.set_index("week")["difference"].abs().round(9)
        parts.append(f"{count((size == size[week]).sum() - 1)} others for {str(name).lower()}")
    return ", ".join(parts)


def placebo_figure(table: pd.DataFrame, rows: pd.DataFrame, window: int, spells: pd.DataFrame) -> Figure:
    """Difference of weekly means at every week, the real one marked: :func:`aleppo.model.tempo.summary`."""
    fig = go.Figure()
    ends = []
    for place, (name, one) in enumerate(table.groupby("series", sort=False)):
        colour = theme.colour(_LINES[place])
        fig.add_scatter(
            x=one["week"].dt.strftime("%Y-%m-%d").tolist(),
            y=one["difference"].round(4).tolist(),
            mode="lines",
            line={"color": colour, "width": 2.5, "dash": ("solid", "dash", "dot", "dashdot")[place]},
            name=str(name),
            hovertemplate=f"{name}, week of %{{x|%-d %B %Y}}: %{{y:+.2f}}<extra></extra>",
        )
        last = one.iloc[-1]
        ends.append((str(name), last["week"].strftime("%Y-%m-%d"), float(last["difference"]), colour))
    theme.name_lines(fig, ends, apart=0.1)
    fig.update_yaxes(title="captures a week, after minus before", tickformat="+.1f")
    fig.update_layout(height=430, showlegend=False)
    theme.mark_break(theme.time_axis(fig, theme.TURN))
    ranks = ", ".join(f"{count(row.rank)} for {row.series.lower()}" for row in rows.itertuples())
    return Figure(
        fig,
        id="tempo-placebos",
        title=(
            f"By the size of the change the week of 30 September 2015 ranks {ranks}, of "
            f"{count(rows['dates'].iloc[0])} weeks"
        ),
        caption=(
            f"At each week: mean captures of listed towns a week in the {count(window)} weeks from it minus the "
            f"{count(window)} weeks before it. The windows overlap, so neighbouring weeks are not independent: "
            f"{count(rows['distinct'].iloc[0])} pair of windows fits into the series without overlap. Weeks with the "
            f"same change share a rank: {_ties(table)}."
        ),
        alt=(
            "Lines of the change in weekly captures at each possible date from mid-2015 to mid-2016. The line of "
            "towns taken by the government peaks in autumn 2015, at and after the real date, and falls below zero "
            "in spring 2016."
        ),
        sources=cited(spells),
        tables=TOWNS,
        data=table[["series", "week", "mean_before", "mean_after", "difference"]].round(
            {"mean_before": 4, "mean_after": 4, "difference": 4}
        ),
    )


def model_table(rows: pd.DataFrame, spells: pd.DataFrame) -> Table:
    """Means, segmented model and rank of each series: the second part of :func:`.tempo.summary`."""
    shown = rows.assign(
        modelled=[
            None if pd.isna(row.rate_ratio) else ratio(row.rate_ratio, row.low, row.high)
            for row in rows.itertuples()
        ],
        placed=[f"{count(row.rank)} of {count(row.dates)}" for row in rows.itertuples()],
    )
    first = rows.iloc[0]
    return Table(
        shown.round({"mean_before": 4, "mean_after": 4, "ratio": 4, "rate_ratio": 4, "low": 4, "high": 4}),
        id="tempo-model",
        caption=(
            f"Captures of listed towns a week in the {count(first.weeks_before)} weeks before the break and the "
            f"{count(first.weeks_after)} from it; level at the break in a segmented Poisson model (95 % interval, "
            "HAC errors), a dash where the counts do not bound it; rank of the real date among placebo dates"
        ),
        columns={
            "series": "Series",
            "mean_before": "Mean before",
            "mean_after": "Mean after",
            "ratio": "Ratio of means",
            "modelled": "Level in the model",
            "placed": "Rank",
        },
        formats={
            "mean_before": partial(quantity, digits=2),
            "mean_after": partial(quantity, digits=2),
            "ratio": ratio,
        },
        sources=cited(spells),
        tables=TOWNS,
    )
