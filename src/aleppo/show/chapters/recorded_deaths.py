"""Figures and tables of the chapters on the civilian toll."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from aleppo.show import theme
from aleppo.show.figure import Figure
from aleppo.show.marks import cited
from aleppo.show.numbers import count, date, quantity, ratio
from aleppo.show.table import Table

SMOOTHING = 13  # weeks, a quarter of a year


def weekly_deaths_figure(
    weeks: pd.Series, truces: pd.DataFrame, windows: pd.DataFrame, source: str
) -> Figure:
    """Weekly recorded deaths with the break and the truces marked.

    ``weeks`` is :func:`aleppo.measure.toll.weekly_deaths`, ``windows`` :func:`.mean_ratio` and ``truces``
    :func:`aleppo.measure.truces.truces` with the short ``label`` of the table ``truce_coding``.
    """
    median = weeks.rolling(SMOOTHING, center=True).median().dropna()
    fig = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.9, 0.1], vertical_spacing=0.03)
    _weeks(fig, weeks, median)
    _truce_lane(fig, truces)
    wide = truces[truces["nationwide"]]
    theme.mark_break(theme.time_axis(fig, theme.WAR))
    theme.mark_dates(fig, {row.start.strftime("%Y-%m-%d"): row.label for row in wide.itertuples(index=False)})
    low, high = windows["ratio"].min(), windows["ratio"].max()
    peak = weeks.idxmax()
    return Figure(
        fig,
        id="weekly-deaths",
        title=(
            f"Against the weeks before it, the time from 30 September 2015 has {ratio(low)} to {ratio(high)} the "
            "recorded deaths, depending on how many weeks are compared"
        ),
        caption=(
            "Deaths recorded by the Violations Documentation Center of people from Aleppo governorate, by week that "
            f"begins on Monday (thin line), and the median of {SMOOTHING} weeks around each (thick line). All causes, "
            "and all statuses, civilian or not; the governorate is the victim's place of origin. Lane below: the "
            f"{len(truces)} truces, pauses and aid windows that covered Aleppo, by their first day."
        ),
        alt=(
            f"Line chart of weekly recorded deaths, {weeks.index[0].year} to {weeks.index[-1].year}. The highest week, "
            f"with {count(weeks.max())} deaths, begins on {date(peak)}. Deaths fall into a trough in September 2015, "
            "rise after the Russian air strikes begin, peak again in the second half of 2016 and fall in 2017."
        ),
        sources=cited(truces, source),
        tables=("vdc_deaths_weekly", "ceasefires", "truce_coding"),
        data=weeks.rename("deaths").reset_index().assign(week=lambda f: f["week"].dt.strftime("%Y-%m-%d")),
    )


def steps_of_weeks(fig: go.Figure, weeks: pd.Series, colour: str) -> None:
    """Recorded deaths by week, as steps in the upper panel; ``weeks`` is indexed by Mondays."""
    fig.add_scatter(
        x=weeks.index.strftime("%Y-%m-%d").tolist(),
        y=weeks.tolist(),
        mode="lines",
        line={"color": colour, "width": 1, "shape": "hv"},
        hovertemplate="week of %{x|%-d %B %Y}: %{y} recorded deaths<extra></extra>",
        showlegend=False,
        row=1,
        col=1,
    )


def _weeks(fig: go.Figure, weeks: pd.Series, median: pd.Series) -> None:
    colour = theme.PUBLISHERS["VDC"]
    steps_of_weeks(fig, weeks, theme.tint(colour, 0.55))
    fig.add_scatter(
        x=median.index.strftime("%Y-%m-%d").tolist(),
        y=median.tolist(),
        mode="lines",
        line={"color": colour, "width": 3},
        hoverinfo="skip",
        showlegend=False,
        row=1,
        col=1,
    )
    fig.update_yaxes(title="recorded deaths a week", rangemode="tozero", row=1, col=1)
    fig.update_layout(height=480)


def _truce_lane(fig: go.Figure, truces: pd.DataFrame) -> None:
    fig.add_scatter(
        x=truces["start"].dt.strftime("%Y-%m-%d").tolist(),
        y=[0] * len(truces),
        mode="markers",
        marker={"symbol": "line-ns-open", "size": 14, "color": theme.INK, "line": {"width": 1.5}},
        text=[f"{date(row.start)}<br>{row.name}" for row in truces.itertuples(index=False)],
        hovertemplate="%{text}<extra></extra>",
        showlegend=False,
        row=2,
        col=1,
    )
    fig.update_yaxes(
        range=[-1, 1],
        tickvals=[0],
        ticktext=["truces"],
        showgrid=False,
        zeroline=False,
        fixedrange=True,
        row=2,
        col=1,
    )


def half_year_table(table: pd.DataFrame, source: str) -> Table:
    """Recorded deaths by half-year: :func:`aleppo.measure.toll.by_half_year`."""
    return Table(
        table,
        id="deaths-half-years",
        caption="Recorded deaths of people from Aleppo governorate by half-year, and the range of its weeks",
        columns={
            "half_year": "Half-year",
            "weeks": "Weeks",
            "deaths": "Recorded deaths",
            "lowest": "Lowest week",
            "median": "Median week",
            "highest": "Highest week",
        },
        formats={"median": partial(quantity, digits=1)},
        sources=[source],
        tables=("vdc_deaths_weekly",),
    )


def break_table(windows: pd.DataFrame, names: Mapping[str, str], source: str) -> Table:
    """The plain specification over all windows: :func:`aleppo.model.reading.windows`."""
    rows = windows.assign(
        area=windows["area"].map(names),
        said=[ratio(*values) for values in windows[["rate_ratio", "low", "high"]].to_numpy().tolist()],
    )
    rows[["rate_ratio", "low", "high"]] = rows[["rate_ratio", "low", "high"]].round(4)
    kept = ["area", "baseline", "horizon", "n_deaths_pre", "n_deaths_post", "said"]
    return Table(
        rows[[*kept, "rate_ratio", "low", "high"]],
        id="break-windows",
        caption=(
            "Rate ratio at the break of 30 September 2015 with its 95 % interval, segmented Poisson regression with "
            "trend and no season, Newey-West errors over eight weeks, by weeks before and from the break"
        ),
        columns={
            "area": "Recorded deaths of",
            "baseline": "Weeks before",
            "horizon": "Weeks from",
            "n_deaths_pre": "Deaths before",
            "n_deaths_post": "Deaths from",
            "said": "Rate ratio",
        },
        sources=[source],
        tables=("vdc_deaths_weekly",),
    )
