"""Figures and tables of the chapters on the front lines."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from aleppo.show import theme
from aleppo.show.figure import Figure
from aleppo.show.marks import cited
from aleppo.show.numbers import NBSP, change, count, date, share, share_range
from aleppo.show.publishers import family
from aleppo.show.table import Table

TABLES = ("control_spells", "places", "control_published")
CONFIDENCES = (("high", "blue", 1), ("medium", "blue", 0.5), ("low", "vermilion", 0.9))
SIMULATED_WORDS = f"Dashed: the middle 90{NBSP}% of 1,000 simulations over the uncertainty of the spells. "
SIDE_BY_SIDE = pd.Timedelta(hours=7)  # published figures of one day stand side by side, to be told apart
AGREED = "2016-12-13"  # the day of the agreement on evacuation


def east_share_figure(
    shares: pd.DataFrame,
    published: pd.DataFrame,
    mapped_by: list[str],
    simulated: pd.DataFrame | None = None,
) -> Figure:
    """Share of eastern Aleppo that the opposition held by day, with every published share as a point.

    ``shares`` is :func:`aleppo.measure.control.held_share`, ``published`` :func:`.residuals`; ``mapped_by`` names
    the sources of the places. ``simulated`` is the band of
    :func:`aleppo.measure.control_simulation.simulated_band` over the same days.
    """
    placed = published.assign(family=published["attributed_to"].map(family), at=_spread(published["date"]))
    first, last = shares.loc["2016-11-28"], shares.loc["2016-12-12"]
    inside = int(published["inside"].sum())
    return Figure(
        _share_drawing(shares, placed, simulated),
        id="east-share",
        title=(
            f"From {share_range(first.firm, first.upper)} on 28 November to "
            f"{share_range(last.firm, last.upper)} on 12 December: the share of eastern Aleppo that the opposition held"
        ),
        caption=(
            "Band: from firm (held alone) to upper (held or contested); line: midpoint, contested places at half. "
            f"{SIMULATED_WORDS if simulated is not None else ''}"
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
        sources=cited(published, *mapped_by),
        tables=TABLES,
        data=_drawn(shares, placed, simulated),
    )


def _share_drawing(shares: pd.DataFrame, placed: pd.DataFrame, simulated: pd.DataFrame | None) -> go.Figure:
    """The band by day with its midpoint, and published shares as points in the signs of their publishers."""
    fig = go.Figure()
    _band(fig, shares)
    if simulated is not None:
        _simulated(fig, simulated)
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
    theme.time_axis(fig, theme.LAST_WEEKS)
    fig.update_layout(height=460, showlegend=True)
    theme.mark_dates(fig, {AGREED: "evacuation agreed"})
    return fig


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
    theme.label(fig, "2016-11-16", 0.8, "midpoint", colour)


def _simulated(fig: go.Figure, band: pd.DataFrame) -> None:
    """The edges of the simulated band as dashed steps, so that both bands can be told apart."""
    days = band.index.strftime("%Y-%m-%d").tolist()
    for edge in ("low", "high"):
        fig.add_scatter(
            x=days,
            y=band[edge].tolist(),
            mode="lines",
            line={"color": theme.MUTED, "width": 1.3, "dash": "dash", "shape": "hv"},
            showlegend=False,
            hovertemplate=f"%{{x|%-d %B %Y}}<br>simulated, {edge} end %{{y:.0%}}<extra></extra>",
        )
    # beside the line of that day, where neither it nor a published figure runs through the word
    theme.label(fig, AGREED, float(band.loc[AGREED, "high"]) + 0.08, "simulated", theme.MUTED)


def _spread(dates: pd.Series) -> pd.Series:
    """Days with their figures side by side around noon."""
    place = dates.groupby(dates).cumcount() - (dates.groupby(dates).transform("size") - 1) / 2
    return dates + pd.Timedelta(hours=12) + place * SIDE_BY_SIDE


def _point_text(row: Any) -> str:
    return f"{date(row.date)}<br>{row.attributed_to}: {share(row.share)}"


def _drawn(
    shares: pd.DataFrame, published: pd.DataFrame, simulated: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Everything that the figure shows, as one tidy frame."""
    every = shares if simulated is None else shares.join(simulated.add_prefix("simulated_"))
    lines = every.reset_index().melt("date", var_name="series", value_name="share")
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
            "upper; the residual is ours minus the published, in percentage points, before both were rounded"
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
        sources=cited(published),
        tables=TABLES,
    )


def sensitivity_table(readings: pd.DataFrame) -> Table:
    """The share held under other readings of the same spells: :func:`.control_simulation.sensitivities`."""
    days = [name for name in readings.columns if name != "reading"]
    return Table(
        readings.round(4),
        id="east-sensitivity",
        caption=(
            "Share of eastern Aleppo still held by the opposition, at the midpoint, under other readings of the same "
            "spells; each row changes one thing only"
        ),
        columns={"reading": "Reading", **{day: date(day).removesuffix(" 2016") for day in days}},
        formats=dict.fromkeys(days, share),
        sources=["ocha-2016-city-neighbourhoods"],
        tables=("control_spells", "places"),
    )


def weak_days_figure(codings: pd.DataFrame, mapped_by: list[str]) -> Figure:
    """Changes coded to each day by confidence: :func:`.control_changes.codings_by_day` of the eastern pocket."""
    fig = go.Figure()
    days = codings.index.strftime("%Y-%m-%d").tolist()
    for name, colour, shade in CONFIDENCES:
        fig.add_bar(
            x=days,
            y=codings[name].tolist(),
            name=f"{name} confidence",
            marker={"color": theme.tint(theme.colour(colour), shade)},
            hovertemplate=f"%{{x|%-d %B %Y}}<br>%{{y}} of {name} confidence<extra></extra>",
        )
    fig.update_layout(barmode="stack", height=260, showlegend=True, bargap=0.15)
    fig.update_yaxes(title="changes coded to the day")
    theme.time_axis(fig, theme.LAST_WEEKS)
    weak = codings.loc["2016-12-06":"2016-12-08"]
    total = int(codings[["high", "medium", "low"]].to_numpy().sum())
    three = int(weak[["high", "medium", "low"]].to_numpy().sum())
    low, every = int(weak["low"].sum()), int(codings["low"].sum())
    return Figure(
        fig,
        id="weak-days",
        title=(
            f"{count(three)} of {count(total)} changes, and {count(low)} of the {count(every)} coded with low "
            "confidence, fall on 6 to 8 December 2016"
        ),
        caption=(
            "Each bar counts the places of the eastern pocket for which a new spell starts on the day, by the "
            "confidence with which it is coded. High: a source names the place with a day; medium: one of a named "
            "group, or between two dated statements; low: by the place's position."
        ),
        alt=(
            f"Stacked bars by day from {date(days[0])} to {date(days[-1])}. The tallest stand on 6 and 7 December with "
            f"{count(_changes(codings, '2016-12-06'))} and {count(_changes(codings, '2016-12-07'))} changes, of which "
            f"{count(codings.loc['2016-12-06', 'low'])} and {count(codings.loc['2016-12-07', 'low'])} are of low "
            f"confidence; 12 December has {count(_changes(codings, '2016-12-12'))}, most other days few or none"
        ),
        sources=mapped_by,
        tables=("control_spells", "places"),
        data=codings,
    )


def _changes(codings: pd.DataFrame, day: str) -> int:
    return int(codings.loc[day, ["high", "medium", "low"]].sum())
