"""Figures and tables of the chapters on the front lines."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from aleppo.evidence import split_list
from aleppo.show import theme
from aleppo.show.figure import Figure
from aleppo.show.numbers import change, date, share, share_range
from aleppo.show.publishers import family
from aleppo.show.table import Table

TABLES = ("control_spells", "places", "control_published")
SIDE_BY_SIDE = pd.Timedelta(hours=5)  # published figures of one day stand side by side, to be told apart


def east_share_figure(shares: pd.DataFrame, published: pd.DataFrame, mapped_by: list[str]) -> Figure:
    """Share of eastern Aleppo that the opposition held by day, with every published share as a point.

    ``shares`` is :func:`aleppo.measure.control.held_share`, ``published`` :func:`.residuals`; ``mapped_by`` names
    the sources of the places.
    """
    fig = go.Figure()
    _band(fig, shares)
    placed = published.assign(family=published["attributed_to"].map(family), at=_spread(published["date"]))
    for name, rows in placed.groupby("family", sort=False):
        fig.add_scatter(
            x=rows["at"].dt.strftime("%Y-%m-%d %H:%M").tolist(),
            y=rows["share"].round(4).tolist(),
            mode="markers",
            name=name,
            marker={"color": theme.PUBLISHERS[name], "symbol": theme.SYMBOLS[name], "size": 9},
            text=[_point_text(row) for row in rows.itertuples()],
            hovertemplate="%{text}<extra></extra>",
        )
    fig.update_yaxes(tickformat=".0%", range=[-0.02, 1.12], title="share still held by the opposition")
    fig.update_xaxes(
        range=["2016-11-14", "2016-12-23"], dtick=7 * 86_400_000, tick0="2016-11-15", tickformat="%-d %b"
    )
    fig.update_layout(height=460, showlegend=True)
    theme.mark_dates(fig, {"2016-12-13": "evacuation agreed"})
    first, last = shares.loc["2016-11-28"], shares.loc["2016-12-12"]
    inside = int(published["inside"].sum())
    return Figure(
        fig,
        id="east-share",
        title=(
            f"From {share_range(first.firm, first.upper)} on 28 November to "
            f"{share_range(last.firm, last.upper)} on 12 December: the share of eastern Aleppo that the opposition held"
        ),
        caption=(
            "Band: from firm (held alone) to upper (held or contested); line: midpoint, contested places at half. "
            "The whole is the midpoint on 15 November 2016. Points: shares as published, an area in square "
            f"kilometres being taken of the total that the army's media gave; {inside} of the {len(published)} "
            "lie in the band. Points of one day stand side by side."
        ),
        alt=(
            "Step chart from 15 November to 22 December 2016. The share of eastern Aleppo held by the opposition, "
            f"midpoint of firm and upper, falls from {share(shares['midpoint'].iloc[0])} through "
            f"{share(first.midpoint)} on 28 November and {share(last.midpoint)} on 12 December to "
            f"{share(shares['midpoint'].iloc[-1])}. Published shares, as points, mostly lie within or below the band."
        ),
        sources=sorted(
            {source for cell in published["source_ids"] for source in split_list(cell)} | set(mapped_by)
        ),
        tables=TABLES,
        data=_drawn(shares, placed),
    )


def _band(fig: go.Figure, shares: pd.DataFrame) -> None:
    days = shares.index.strftime("%Y-%m-%d").tolist()
    colour = theme.HOLDERS["opposition"]
    step = {"x": days, "mode": "lines", "line_shape": "hv", "showlegend": False}
    fig.add_scatter(
        **step, y=shares["upper"].round(4).tolist(), line_width=0, line_color=colour, hoverinfo="skip"
    )
    fig.add_scatter(
        **step,
        y=shares["firm"].round(4).tolist(),
        line_width=0,
        line_color=colour,
        fill="tonexty",
        fillcolor=theme.tint(colour, 0.22),
        hoverinfo="skip",
    )
    fig.add_scatter(
        **step,
        y=shares["midpoint"].round(4).tolist(),
        line={"color": colour, "width": 2.5},
        customdata=shares[["firm", "upper"]].round(4).to_numpy().tolist(),
        hovertemplate=(
            "%{x|%-d %B %Y}<br>midpoint %{y:.0%}, firm %{customdata[0]:.0%}, upper %{customdata[1]:.0%}<extra></extra>"
        ),
    )
    theme.label(fig, "2016-12-02", 0.63, "midpoint", colour)


def _spread(dates: pd.Series) -> pd.Series:
    """Days with their figures side by side around noon."""
    place = dates.groupby(dates).cumcount() - (dates.groupby(dates).transform("size") - 1) / 2
    return dates + pd.Timedelta(hours=12) + place * SIDE_BY_SIDE


def _point_text(row: Any) -> str:
    return f"{date(row.date)}<br>{row.attributed_to}: {share(row.share)}"


def _drawn(shares: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Everything that the figure shows, as one tidy frame."""
    lines = shares.reset_index().melt("date", var_name="series", value_name="share")
    points = published[["date", "share", "attributed_to", "published_id"]].assign(series="published")
    both = pd.concat([lines, points], ignore_index=True)
    both["date"] = both["date"].dt.strftime("%Y-%m-%d")
    both["share"] = both["share"].round(4)
    return both[["date", "series", "share", "attributed_to", "published_id"]].fillna("")


def residual_table(published: pd.DataFrame) -> Table:
    """Each published share beside our range of the same day, and what remains between them."""
    ours = [share_range(row.firm, row.midpoint, row.upper) for row in published.itertuples()]
    rows = published.assign(
        measure=published["measure"].str.replace("_", " "),
        ours=ours,
        residual=(published["residual"] * 100).round(1),
        **published[["share", "firm", "midpoint", "upper"]].round(4),
    )
    kept = ["date", "attributed_to", "measure", "share", "ours", "residual", "firm", "midpoint", "upper"]
    return Table(
        rows[[*kept, "published_id", "source_ids"]],
        id="east-residuals",
        caption=(
            "Share of eastern Aleppo still held by the opposition: as published, and ours as midpoint with firm to "
            "upper; the residual is ours minus the published, in percentage points"
        ),
        columns={
            "date": "Day",
            "attributed_to": "Published by",
            "share": "Published",
            "ours": "Ours",
            "residual": "Residual",
            "source_ids": "Read in",
        },
        formats={"date": date, "share": share, "residual": change, "source_ids": "cite"},
        sources=sorted({source for cell in published["source_ids"] for source in split_list(cell)}),
        tables=TABLES,
    )
