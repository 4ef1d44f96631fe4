"""A lane for each route: the chart of the table ``corridor_states``, for any stretch of days."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from aleppo.show import theme
from aleppo.show.figure import Figure
from aleppo.show.lanes import folded
from aleppo.show.marks import NOT_VERIFIED, cited
from aleppo.show.numbers import count, date

ROUTES = ("corridor_states",)

# Each state has its own thickness beside its colour: open is a thick bar, cut a thin one.
STATES = {
    "open": ("open", "green", 0.62, ""),
    "under_fire": ("under fire", "amber", 0.62, "/"),
    "cut": ("cut", "vermilion", 0.16, ""),
    "not_known": ("not known", "haze", 0.4, ""),
}
SIDES = {"opposition": "Into the east", "government": "Into the west"}
DAY = 86_400_000  # milliseconds, the unit of lengths on an axis of days
SIDE_GAP = 0.9  # lanes, between the two sides
_FURTHER = re.compile(", to the (?:east|west)$")
NAME = 26  # letters of a route's name on one line: two lines would touch the next name


def lanes_figure(
    states: pd.DataFrame,
    start: str,
    end: str,
    *,
    id: str,
    title: str,
    tell: str,
    marks: Mapping[theme.Day, str],
) -> Figure:
    """Lanes of all routes from ``start`` to ``end``: open, under fire, cut, not known.

    ``states`` is the table ``corridor_states``; ``title`` states the finding and ``tell`` tells it for the alt
    text; ``marks`` are dates to mark besides the break, which is marked where it is in range.
    """
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    window = theme.BATTLE if start < theme.LAST_YEAR.first else theme.LAST_YEAR
    shown = states[(states["end"] >= first) & (states["start"] <= last)]
    lanes = _lanes(shown)
    fig = _lanes_drawing(shown, lanes, first, last)
    theme.time_axis(fig, window, lanes=True)
    if window.first <= theme.BREAK.isoformat() <= window.last:
        theme.mark_break(fig)
    theme.mark_dates(fig, marks)
    return Figure(
        fig,
        id=id,
        title=title,
        caption=(
            "One lane for each route into the opposition-held east and the government-held west. Thick: open; "
            "hatched: under fire; thin: cut; grey: not known. A bracket spans the days between the earliest and "
            "the latest date that sources give for a change. "
            f"A gate is the last way in; the others are approaches to the gates. {_unverified_words(shown)}"
        ),
        alt=tell,
        sources=cited(shown),
        tables=ROUTES,
        data=shown.drop(columns=["basis", "note"]),
        narrow={
            "height": 210 + 46 * len(lanes),
            "yaxis": _ticks(shown, lanes, narrow=True),
        },
    )


def _lanes_drawing(
    shown: pd.DataFrame, lanes: dict[str, float], first: pd.Timestamp, last: pd.Timestamp
) -> go.Figure:
    """Bars of the states, brackets where a change is not known to the day, and the names of the lanes."""
    fig = go.Figure()
    for state in STATES:
        _bars(fig, shown[shown["state"] == state], state, lanes, first, last)
    _brackets(fig, shown, lanes, first, last)
    fig.update_yaxes(
        **_ticks(shown, lanes, narrow=False),
        range=[max(lanes.values()) + 0.6, -1.15],
        showgrid=False,
        zeroline=False,
        fixedrange=True,
    )
    fig.update_layout(barmode="overlay", height=150 + 34 * len(lanes), showlegend=True)
    return fig


def _lanes(states: pd.DataFrame) -> dict[str, float]:
    """Name of each route and its place from the top: the opposition's first, approaches before gates."""
    routes = states.drop_duplicates("route_id").assign(
        first=lambda rows: rows["side"].map({"opposition": 0, "government": 1}),
        then=lambda rows: rows["reach"].map({"approach": 0, "gate": 1}),
    )
    ordered = routes.sort_values(["first", "then", "route_id"]).reset_index(drop=True)
    return {
        row.name_en: place + row.first * SIDE_GAP for place, row in enumerate(ordered.itertuples(index=False))
    }


def _ticks(states: pd.DataFrame, lanes: dict[str, float], *, narrow: bool) -> dict[str, list[Any]]:
    """Names of the lanes, and above each group of them the part of the city that it leads to."""
    gates = set(states.loc[states["reach"] == "gate", "name_en"])
    names = {}
    for name, place in lanes.items():
        # the name of its group says to which part it leads
        shown = f"{_FURTHER.sub('', name)} (gate)" if name in gates else name
        names[place] = shown.replace(" ", "<br>", 1) if narrow else folded(shown, NAME)
    for side, words in SIDES.items():
        group = states.loc[states["side"] == side, "name_en"]
        if len(group):
            names[min(lanes[name] for name in group) - 0.8] = f"<b>{words}</b>"
    return {"tickvals": list(names), "ticktext": list(names.values())}


def _bars(
    fig: go.Figure,
    rows: pd.DataFrame,
    state: str,
    lanes: dict[str, float],
    first: pd.Timestamp,
    last: pd.Timestamp,
) -> None:
    name, colour, width, pattern = STATES[state]
    begin = rows["start"].clip(lower=first)
    length = (rows["end"].clip(upper=last) - begin).dt.days + 1
    fig.add_bar(
        orientation="h",
        y=[lanes[route] for route in rows["name_en"]],
        base=begin.dt.strftime("%Y-%m-%d").tolist(),
        x=(length * DAY).tolist(),
        width=width,
        name=name,
        marker={
            "color": theme.colour(colour),
            "line": {"width": 0},
            "pattern": {"shape": pattern, "size": 5, "solidity": 0.45},
        },
        text=[_spell_text(row) for row in rows.itertuples()],
        textposition="none",
        hovertemplate="%{text}<extra></extra>",
    )


def _brackets(
    fig: go.Figure, rows: pd.DataFrame, lanes: dict[str, float], first: pd.Timestamp, last: pd.Timestamp
) -> None:
    """Thin black lines with ends, from the earliest to the latest date of a change."""
    dated = rows.dropna(subset=["start_earliest", "start_latest"])
    dated = dated[(dated["start_latest"] > first) & (dated["start_earliest"] < last)]
    x: list[Any] = []
    y: list[Any] = []
    for row in dated.itertuples():
        x += [row.start_earliest.strftime("%Y-%m-%d"), row.start_latest.strftime("%Y-%m-%d"), None]
        y += [lanes[row.name_en], lanes[row.name_en], None]
    fig.add_scatter(
        x=x,
        y=y,
        mode="lines+markers",
        line={"color": theme.INK, "width": 1.5},
        marker={"symbol": "line-ns-open", "size": 9, "color": theme.INK, "line": {"width": 1.5}},
        connectgaps=False,
        showlegend=False,
        hoverinfo="skip",
    )


def _spell_text(row: Any) -> str:
    mark = "" if row.verified == "yes" else f" {NOT_VERIFIED}"
    return (
        f"{row.name_en}: {STATES[row.state][0]}{mark}<br>{date(row.start)} to {date(row.end)}<br>"
        f"{row.basis}<br>confidence: {row.confidence}"
    )


def _unverified_words(rows: pd.DataFrame) -> str:
    doubtful = int((rows["verified"] == "no").sum())
    return (
        f"Spells that rest on no page that was read: {count(doubtful)}, marked {NOT_VERIFIED} in the table below."
        if doubtful
        else ""
    )
