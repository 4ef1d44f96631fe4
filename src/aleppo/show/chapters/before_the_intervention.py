"""Figures and tables of the chapter on the battle before the Russian air strikes."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from aleppo.show import theme
from aleppo.show.figure import Figure
from aleppo.show.marks import NOT_VERIFIED, cited
from aleppo.show.numbers import count, date, quantity
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


def advances_figure(advances: pd.DataFrame, balance: pd.DataFrame, spells: pd.DataFrame) -> Figure:
    """Advances by side, and the area of the city that changed hands by month.

    ``advances`` is :func:`aleppo.measure.tempo.advances`, ``balance`` :func:`.monthly_balance` of the opposition in
    the city in km2, ``spells`` the table behind it.
    """
    moved = advances.dropna(subset=["side"])
    opening = balance["month"] <= "2012-08"
    early = balance.loc[opening, "gained"].sum()
    later = balance.loc[~opening, ["gained", "lost"]].sum().sum()
    sides = moved["side"].value_counts()
    lost = "or lost (down) in a month" if balance["lost"].any() else "in a month; it lost none"
    return Figure(
        _drawing(moved, balance),
        id="advances-before",
        title=(
            f"Of Aleppo city up to {quantity(early, 0, 'km²')} changed hands in the first six weeks of the battle, and "
            f"{quantity(later, 0, 'km²')} in the three years after"
        ),
        caption=(
            "Upper panel: recorded advances in and around Aleppo, Idlib and Palmyra, one sign each, in the lane of the "
            "side that advanced. Lower panel: area of the neighbourhoods that the opposition took (up) "
            f"{lost}; points without an area count nothing. "
            "The openings of July and August 2012 are dates of "
            "groups of places, good to the month."
        ),
        alt=(
            "Two panels from July 2012 to September 2015. Recorded advances: "
            f"{count(sides.get('government', 0))} by the government, {count(sides.get('opposition', 0))} by the "
            f"opposition, {count(sides.get('islamic_state', 0))} by Islamic State. In the city one tall bar in August "
            f"2012, {quantity(early, 0)} km² with July, then almost none."
        ),
        sources=sorted({*cited(moved), *cited(spells)}),
        tables=(*EVENTS, *CITY),
        data=_drawn(moved, balance),
    )


def _drawing(moved: pd.DataFrame, balance: pd.DataFrame) -> go.Figure:
    """Above a sign for each advance, in the lane of its side; below bars of the area that changed hands by month."""
    fig = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.09, row_heights=[0.42, 0.58])
    for side, rows in moved.groupby("side", sort=False):
        fig.add_scatter(
            x=rows["date_start"].dt.strftime("%Y-%m-%d").tolist(),
            y=[_LANES[str(side)]] * len(rows),
            mode="markers",
            marker={"color": theme.HOLDERS[str(side)], "symbol": _SIGNS[str(side)], "size": 11},
            text=[_event_text(row) for row in rows.itertuples()],
            hovertemplate="%{text}<extra></extra>",
            showlegend=False,
            row=1,
            col=1,
        )
    days = (balance["month"] + "-15").tolist()
    for sizes, side, words in (
        (balance["gained"], "opposition", "taken by the opposition"),
        (-balance["lost"], "government", "lost by the opposition"),
    ):
        if not sizes.any():
            continue
        fig.add_bar(
            x=days,
            y=sizes.round(3).tolist(),
            name=words,
            marker={"color": theme.HOLDERS[side], "line": {"width": 0}},
            customdata=sizes.abs().round(1).tolist(),
            hovertemplate=f"%{{x|%B %Y}}: %{{customdata}} km² {words}<extra></extra>",
            row=2,
            col=1,
        )
    fig.update_yaxes(
        categoryorder="array",
        categoryarray=list(_LANES.values())[::-1],
        range=[-0.6, 2.6],
        ticklabelstandoff=8,
        row=1,
        col=1,
    )
    fig.update_yaxes(title="km² of the city", row=2, col=1)
    fig.update_layout(height=480, barmode="relative", showlegend=True)
    theme.mark_break(theme.time_axis(fig, theme.BATTLE, lanes=True))
    theme.label(fig, theme.BREAK.isoformat(), 1, "later<br>chapters", theme.MUTED, shift=10)
    return fig


def _event_text(row: Any) -> str:
    mark = "" if row.verified == "yes" else f" {NOT_VERIFIED}"
    return f"{date(row.date_start)}: {row.place}{mark}<br>{row.event_type.replace('_', ' ')}"


def _drawn(moved: pd.DataFrame, balance: pd.DataFrame) -> pd.DataFrame:
    events = moved[["event_id", "date_start", "place", "side", "event_type"]].assign(panel="advances")
    months = balance[["month", "gained", "lost"]].assign(panel="city, km2")
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
