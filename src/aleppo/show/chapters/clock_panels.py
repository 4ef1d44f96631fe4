"""The panels of the figure on one clock, from top to bottom."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from aleppo.measure.clock import GRADES
from aleppo.show import theme
from aleppo.show.chapters.truces import KIND_COLOURS, marked
from aleppo.show.numbers import date

GRADE_COLOURS = dict(
    zip(
        GRADES,
        (theme.tint(theme.PUBLISHERS["Airwars"], alpha) for alpha in (1, 0.75, 0.5, 0.3, 0.15)),
        strict=True,
    )
)
OUTCOME_SIGNS = {"adopted": "circle", "vetoed": "x", "failed": "triangle-down"}
LANES = ("nationwide", "local", "window")
LANE_NAMES = {"nationwide": "nationwide", "local": "Aleppo only", "window": "windows"}
# panel → (its share of the height, its heading)
PANELS = {
    "east": (0.2, "Share of the east that the opposition held"),
    "deaths": (0.22, "Recorded deaths a week (VDC)"),
    "incidents": (0.18, "Alleged incidents a month (Airwars)"),
    "strikes": (0.1, "Coalition strikes a week"),
    "council": (0.14, "Council: meetings a month, votes"),
    "truces": (0.16, "Truces, pauses and windows"),
}


def headings(fig: go.Figure) -> None:
    """What each panel shows, above its left end; for the first, whose top the marked dates need, inside it."""
    for row, (_, words) in enumerate(PANELS.values(), start=1):
        fig.add_annotation(
            text=words,
            xref="paper",
            x=0,
            xanchor="left",
            xshift=4 if row == 1 else 0,
            yref=f"y{row if row > 1 else ''} domain",
            y=1 if row > 1 else 0.05,
            yanchor="bottom",
            align="left",
            bgcolor=theme.PAPER,
            borderpad=1,
            showarrow=False,
            font={"color": theme.MUTED, "size": 12},
        )


def iso(days: pd.Index | pd.Series) -> list[str]:
    """Days as YYYY-MM-DD."""
    return list(pd.DatetimeIndex(days).strftime("%Y-%m-%d"))


def east(fig: go.Figure, shares: pd.DataFrame) -> None:
    """Share of the east held: band from firm to upper, line midpoint."""
    steps = shares[shares.ne(shares.shift()).any(axis=1) | (shares.index == shares.index[-1])].clip(upper=1.1)
    colour = theme.HOLDERS["opposition"]
    for column, width, fill in (("upper", 0, None), ("firm", 0, "tonexty"), ("midpoint", 2, None)):
        fig.add_scatter(
            x=iso(steps.index),
            y=steps[column].round(4).tolist(),
            mode="lines",
            line={"shape": "hv", "width": width, "color": colour},
            fill=fill,
            fillcolor=theme.tint(colour, 0.22),
            hoverinfo="skip" if not width else None,
            hovertemplate="%{x|%-d %B %Y}: %{y:.0%} held<extra></extra>" if width else None,
            showlegend=False,
            row=1,
            col=1,
        )
    fig.update_yaxes(range=[0, 1.15], tickformat=".0%", row=1, col=1)


def deaths(fig: go.Figure, weeks: pd.Series) -> None:
    """Weekly recorded deaths."""
    fig.add_scatter(
        x=iso(weeks.index),
        y=weeks.tolist(),
        mode="lines",
        line={"shape": "hv", "width": 1.5, "color": theme.PUBLISHERS["VDC"]},
        fill="tozeroy",
        fillcolor=theme.tint(theme.PUBLISHERS["VDC"], 0.15),
        hovertemplate="week of %{x|%-d %B %Y}: %{y} recorded deaths<extra></extra>",
        showlegend=False,
        row=2,
        col=1,
    )
    fig.update_yaxes(rangemode="tozero", row=2, col=1)


def incidents(fig: go.Figure, incidents: pd.DataFrame) -> None:
    """Alleged incidents by month, a stack of gradings."""
    middle = [f"{month}-15" for month in incidents.index]
    for grade in GRADES:
        fig.add_bar(
            x=middle,
            y=incidents[grade].tolist(),
            name=f"alleged, {grade}",
            marker={"color": GRADE_COLOURS[grade], "line": {"width": 0}},
            hovertemplate=f"%{{x|%B %Y}}: %{{y}} alleged incidents, {grade}<extra></extra>",
            row=3,
            col=1,
        )


def strikes(fig: go.Figure, strikes: pd.Series) -> None:
    """Weekly strikes of the coalition, to the end of their series."""
    fig.add_scatter(
        x=iso(strikes.index),
        y=strikes.tolist(),
        mode="lines",
        line={"shape": "hv", "width": 1.5, "color": theme.colour("slate")},
        fill="tozeroy",
        fillcolor=theme.tint(theme.colour("slate"), 0.2),
        hovertemplate="week of %{x|%-d %B %Y}: %{y} strikes<extra></extra>",
        showlegend=False,
        row=4,
        col=1,
    )
    theme.label(
        fig, iso(strikes.index)[-1], float(strikes.max()) / 2, "series ends here", theme.MUTED, shift=12
    )
    fig.layout.annotations[-1].update(xref="x4", yref="y4")


def council(fig: go.Figure, meetings: pd.DataFrame, votes: pd.DataFrame) -> None:
    """Meetings by month, certain and possible, with votes above."""
    middle = [f"{month}-15" for month in meetings.index]
    colour = theme.PUBLISHERS["UN"]
    unclear = meetings["possible"] - meetings["certain"]
    for name, heights, alpha in (
        ("meeting on Syria", meetings["certain"], 1.0),
        ("possible meeting", unclear, 0.3),
    ):
        fig.add_bar(
            x=middle,
            y=heights.tolist(),
            name=name,
            marker={"color": theme.tint(colour, alpha), "line": {"width": 0}},
            hovertemplate=f"%{{x|%B %Y}}: %{{y}}, {name}<extra></extra>",
            row=5,
            col=1,
        )
    top = int(meetings["possible"].max()) + 1
    for outcome, sign in OUTCOME_SIGNS.items():
        rows = votes[votes["outcome"] == outcome]
        if len(rows):
            fig.add_scatter(
                x=iso(rows["date"]),
                # two texts of one day must both be seen
                y=[top - 0.8 if outcome == "failed" else top] * len(rows),
                mode="markers",
                name=f"{outcome} ({len(rows)})",
                marker={"symbol": sign, "size": 9, "color": theme.OUTCOMES[outcome]},
                text=[
                    f"{date(row.date)}: {marked(row.symbol, row.verified)}, {outcome}"
                    for row in rows.itertuples()
                ],
                hovertemplate="%{text}<extra></extra>",
                row=5,
                col=1,
            )
    fig.update_yaxes(range=[0, top + 1], tickvals=[0, 2, 4, 6], row=5, col=1)


def truces(fig: go.Figure, truces: pd.DataFrame) -> None:
    """Truces in a lane for each kind: to the earliest end full, to the latest light."""
    for row in truces.itertuples():
        lane = LANES.index(row.kind)
        end = row.start if pd.isna(row.last_end) else row.last_end
        first = row.start if pd.isna(row.first_end) else row.first_end
        colour = KIND_COLOURS[row.kind]
        for begin, close, shade in ((row.start, first, colour), (first, end, theme.tint(colour, 0.35))):
            fig.add_scatter(
                x=iso(pd.DatetimeIndex([begin, close + pd.Timedelta(days=1)])),
                y=[lane, lane],
                mode="lines",
                line={"color": shade, "width": 9},
                text=[f"{date(row.start)}: {marked(row.label, row.verified)}"] * 2,
                hovertemplate="%{text}<extra></extra>",
                showlegend=False,
                row=6,
                col=1,
            )
    fig.update_yaxes(
        tickvals=list(range(len(LANES))),
        ticktext=[LANE_NAMES[kind] for kind in LANES],
        range=[len(LANES) - 0.4, -0.6],
        row=6,
        col=1,
    )
