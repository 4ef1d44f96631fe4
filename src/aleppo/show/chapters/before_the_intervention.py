"""Figures and tables of the chapter on the battle before the Russian air strikes."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from aleppo.show import theme
from aleppo.show.figure import Figure
from aleppo.show.lanes import places_in_lanes
from aleppo.show.marks import NOT_VERIFIED, cited
from aleppo.show.numbers import count, date, quantity, quantity_range
from aleppo.show.table import Table

EVENTS = ("events",)
CITY = ("control_spells", "places")
# A second sign beside the colour of each side
_SIGNS = {"government": "triangle-up", "opposition": "circle", "islamic_state": "square"}
_LANES = {
    "government": "Government<br>and allies",
    "opposition": "Armed<br>opposition",
    "islamic_state": "Islamic<br>State",
}


def advances_figure(
    advances: pd.DataFrame, balance: pd.DataFrame, sure: pd.DataFrame, spells: pd.DataFrame
) -> Figure:
    """Advances by side, and the area of the city that changed hands by month.

    ``advances`` is :func:`aleppo.measure.tempo.advances`, ``balance`` :func:`.monthly_balance` of the opposition in
    the city in km2, ``sure`` the same without what is coded with low confidence, ``spells`` the table behind both.
    """
    moved = advances.dropna(subset=["side"])
    opening = balance["month"] <= "2012-08"
    early = balance.loc[opening, "gained"].sum()
    least = sure.loc[sure["month"] <= "2012-08", "gained"].sum()
    later = balance.loc[~opening, ["gained", "lost"]].sum().sum()
    sides = moved["side"].value_counts()
    lost = (
        "took (up) or lost (down) in a month"
        if balance["lost"].any()
        else "took in a month. It lost none of known area to another side alone; a place that becomes contested, or "
        "was contested before, is not counted"
    )
    return Figure(
        _drawing(moved, balance, sure),
        id="advances-before",
        title=(
            f"Of Aleppo city {quantity_range(least, early, digits=0, unit='km²')} changed hands in the first six weeks "
            f"of the battle, and {quantity(later, 1, 'km²')} in the three years after"
        ),
        caption=(
            "Upper panel: recorded advances in and around Aleppo, Idlib and Palmyra, one sign each, in the lane of the "
            "side that advanced, one above another where they are close in time. Lower panel: area of the "
            f"neighbourhoods that the opposition {lost}; faint is what is coded with low confidence, and places "
            "without an area are left out. The openings of July and August 2012 are dates of groups of places, good to "
            "the month."
        ),
        alt=(
            "Two panels from July 2012 to September 2015. Recorded advances: "
            f"{count(sides.get('government', 0))} by the government, {count(sides.get('opposition', 0))} by the "
            f"opposition, {count(sides.get('islamic_state', 0))} by Islamic State. In the city one tall bar in August "
            f"2012, {quantity_range(least, early, digits=0, unit='km²')} with July, then almost none."
        ),
        sources=sorted({*cited(moved), *cited(spells)}),
        tables=(*EVENTS, *CITY),
        data=_drawn(moved, balance, sure),
    )


def _drawing(moved: pd.DataFrame, balance: pd.DataFrame, sure: pd.DataFrame) -> go.Figure:
    """Above a sign for each advance, in the lane of its side; below bars of the area that changed hands by month."""
    fig = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.09, row_heights=[0.42, 0.58])
    lane = moved["side"].map({side: place for place, side in enumerate(_LANES)})
    placed = moved.assign(at=places_in_lanes(lane, moved["date_start"], days=60, step=0.22, levels=1))
    for side, rows in placed.groupby("side", sort=False):
        fig.add_scatter(
            x=rows["date_start"].dt.strftime("%Y-%m-%d").tolist(),
            y=rows["at"].tolist(),
            cliponaxis=False,
            mode="markers",
            marker={"color": theme.HOLDERS[str(side)], "symbol": _SIGNS[str(side)], "size": 11},
            text=[_event_text(row) for row in rows.itertuples()],
            hovertemplate="%{text}<extra></extra>",
            showlegend=False,
            row=1,
            col=1,
        )
    days = (balance["month"] + "-15").tolist()
    opposition, government = theme.HOLDERS["opposition"], theme.HOLDERS["government"]
    for sizes, colour, words in (
        (sure["gained"], opposition, "taken by the opposition"),
        (balance["gained"] - sure["gained"], theme.tint(opposition, 0.45), "the same, of low confidence"),
        (-sure["lost"], government, "lost by the opposition"),
        (sure["lost"] - balance["lost"], theme.tint(government, 0.45), "lost, of low confidence"),
    ):
        if not sizes.any():
            continue
        fig.add_bar(
            x=days,
            y=sizes.round(3).tolist(),
            name=words,
            marker={"color": colour, "line": {"width": 0}},
            customdata=sizes.abs().round(1).tolist(),
            hovertemplate=f"%{{x|%B %Y}}: %{{customdata}} km² {words}<extra></extra>",
            row=2,
            col=1,
        )
    fig.update_yaxes(
        tickvals=list(range(len(_LANES))),
        ticktext=list(_LANES.values()),
        range=[len(_LANES) - 0.4, -0.6],
        ticklabelstandoff=8,
        row=1,
        col=1,
    )
    fig.update_yaxes(title="area of the city that changed hands, km²", row=2, col=1)
    fig.update_layout(height=480, barmode="relative", showlegend=True)
    theme.mark_break(theme.time_axis(fig, theme.BATTLE, lanes=True))
    theme.label(fig, theme.BREAK.isoformat(), 1, "later<br>chapters", theme.MUTED, shift=10)
    return fig


def _event_text(row: Any) -> str:
    mark = "" if row.verified == "yes" else f" {NOT_VERIFIED}"
    return f"{date(row.date_start)}: {row.place}{mark}<br>{row.event_type.replace('_', ' ')}"


def _drawn(moved: pd.DataFrame, balance: pd.DataFrame, sure: pd.DataFrame) -> pd.DataFrame:
    events = moved[["event_id", "date_start", "place", "side", "event_type"]].assign(panel="advances")
    months = balance[["month", "gained", "lost"]].assign(
        gained_without_low_confidence=sure["gained"],
        lost_without_low_confidence=sure["lost"],
        panel="city, km2",
    )
    return pd.concat([events, months], ignore_index=True)


def events_table(advances: pd.DataFrame) -> Table:
    """The front-line events before the break with the side that advanced: :func:`.tempo.advances`."""
    rows = advances.assign(
        when=[_when(row) for row in advances.itertuples()],
        who=[
            theme.HOLDER_NAMES[row.side] if isinstance(row.side, str) and row.side else "no line moved"
            for row in advances.itertuples()
        ],
        what=[
            row.summary + ("" if row.verified == "yes" else f" {NOT_VERIFIED}")
            for row in advances.itertuples()
        ],
    )
    return Table(
        rows[
            ["when", "place", "who", "what", "event_id", "date_start", "event_type", "actors", "source_ids"]
        ],
        id="events-before",
        caption=(
            "Recorded events of the front line from July 2012 to September 2015, by the side that advanced; "
            f"{NOT_VERIFIED} rests on no page that was read"
        ),
        columns={
            "when": "Date",
            "place": "Place",
            "who": "Advance of",
            "what": "What is recorded",
            "source_ids": "Read in",
        },
        formats={"source_ids": "cite"},
        sources=cited(advances),
        tables=EVENTS,
    )


def _when(row: Any) -> str:
    """The first day, or the month where no more is known."""
    return date(row.date_start.strftime("%Y-%m") if row.date_precision == "month" else row.date_start)
