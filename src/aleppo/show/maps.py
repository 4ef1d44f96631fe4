"""Maps without tiles: who held what on a day, as cells and points on flat axes.

A map is drawn in *groups*: one trace for each holder and degree of confidence, which holds all the outlines (or
points) in that state. A day's state is therefore a list of (item, group); see `aleppo.show.map_steps` for a slider
over days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from aleppo.show import theme
from aleppo.show.numbers import date

ORDER = ("government", "opposition", "kurdish_ypg_sdf", "islamic_state", "contested")
MARKERS = {
    "government": "square",
    "opposition": "circle",
    "kurdish_ypg_sdf": "diamond",
    "islamic_state": "triangle-up",
    "contested": "cross",
}
FILL = 0.78
PATTERN = {"shape": "/", "size": 5, "solidity": 0.35}
OUTLINE = {"color": theme.PAPER, "width": 0.8}
LOW_WORDS = "Low confidence"


@dataclass(frozen=True)
class Item:
    """A place on the map: its names, its outline (or its one point) and where its hover text stands, in km."""

    id: str
    name: str
    x: list[float]
    y: list[float]
    at: tuple[float, float]

    @property
    def is_point(self) -> bool:
        return len(self.x) == 1


@dataclass(frozen=True)
class Group:
    """What is drawn alike: a holder, in sure or low confidence, as outlines or as points."""

    holder: str
    low: bool
    point: bool


def two_names(english: str, arabic: Any) -> str:
    """A place's name in English and, on a line of its own, in Arabic where there is one."""
    return f"<b>{english}</b>" + (f"<br>{arabic}" if isinstance(arabic, str) and arabic else "")


def cell_items(places: pd.DataFrame, cells: pd.DataFrame, points: np.ndarray) -> list[Item]:
    """Items of the city: the outline of each place that has a cell, and a point for each that has none.

    ``points`` are the places' coordinates in km, in the order of ``places``.
    """
    items = []
    for row, (x, y) in zip(places.itertuples(), np.round(points, 2).tolist(), strict=True):
        name = two_names(row.name_en, row.name_ar)
        if row.place_id in cells.index:
            outline = np.round(np.array(cells.at[row.place_id, "cell"].exterior.coords), 2)
            items.append(Item(row.place_id, name, outline[:, 0].tolist(), outline[:, 1].tolist(), (x, y)))
        else:
            items.append(Item(row.place_id, name, [x], [y], (x, y)))
    return items


def point_items(towns: pd.DataFrame, points: np.ndarray) -> list[Item]:
    """Items of a map of points; ``points`` are their coordinates in km, in the order of ``towns``."""
    return [
        Item(row.town_id, two_names(row.name_en, row.name_ar), [x], [y], (x, y))
        for row, (x, y) in zip(towns.itertuples(), np.round(points, 1).tolist(), strict=True)
    ]


def groups_of(spells: pd.DataFrame, items: Sequence[Item], key: str) -> list[Group]:
    """Every group that occurs, outlines before points, in the order of the legend."""
    point = {item.id: item.is_point for item in items}
    found = {
        Group(holder, confidence == "low", point[place])
        for place, holder, confidence in spells[[key, "holder", "confidence"]].itertuples(index=False)
        if place in point
    }
    return sorted(found, key=lambda group: (group.point, ORDER.index(group.holder), group.low))


def group_trace(group: Group, **more: Any) -> go.Scatter:
    """The empty trace of a group: filled outlines, hatched in low confidence, or signs, hollow in low confidence."""
    colour = theme.HOLDERS[group.holder]
    if group.point:
        # a hollow sign is filled with the ground of the page: on a cell of its own colour its outline alone is lost
        inside, outline = (theme.PAPER, colour) if group.low else (colour, theme.PAPER)
        marker = {
            "symbol": MARKERS[group.holder],
            "size": 10,
            "color": inside,
            "line": {"color": outline, "width": 1.8 if group.low else 1.4},
        }
        return go.Scatter(x=[], y=[], mode="markers", marker=marker, hoverinfo="skip", **more)
    hatched = {"fgcolor": colour, "bgcolor": theme.tint(colour, 0.3), **PATTERN}
    fill = {"fillpattern": hatched} if group.low else {"fillcolor": theme.tint(colour, FILL)}
    return go.Scatter(
        x=[],
        y=[],
        mode="lines",
        fill="toself",
        line=OUTLINE,
        hoverinfo="skip",
        connectgaps=False,
        **fill,
        **more,
    )


def filled(trace: go.Scatter, items: Sequence[Item]) -> go.Scatter:
    """``trace`` with the outlines or points of ``items``, kept apart by gaps."""
    x: list[float | None] = []
    y: list[float | None] = []
    for item in items:
        if x and not item.is_point:
            x.append(None)
            y.append(None)
        x.extend(item.x)
        y.extend(item.y)
    trace.update(x=x, y=y)
    return trace


def draw_state(
    fig: go.Figure, spells: pd.DataFrame, items: Sequence[Item], day: pd.Timestamp, key: str, **axes: Any
) -> None:
    """Add one trace per group to ``fig``, with the items that are in it on ``day``."""
    now = spells[(spells["start"] <= day) & (spells["end"] >= day)].set_index(key)
    members: dict[Group, list[Item]] = {}
    for item in items:
        spell = now.loc[item.id]
        group = Group(spell["holder"], spell["confidence"] == "low", item.is_point)
        members.setdefault(group, []).append(item)
    for group in groups_of(spells, items, key):
        fig.add_trace(filled(group_trace(group, showlegend=False, **axes), members.get(group, [])))


def add_legend(fig: go.Figure, groups: Sequence[Group], **axes: Any) -> None:
    """Traces that draw nothing and stand in the legend: one for each holder, and one for low confidence."""
    point = all(group.point for group in groups)
    holders = [holder for holder in ORDER if any(group.holder == holder for group in groups)]
    shown = [(Group(holder, False, point), theme.HOLDER_NAMES[holder]) for holder in holders]
    words = f"{LOW_WORDS} ({'hollow' if point else 'hatched'})"
    for group, name in [*shown, (Group(holders[0], True, point), words)]:
        trace = group_trace(group, name=name, showlegend=True, **axes)
        trace.update(x=[None], y=[None], connectgaps=False)
        fig.add_trace(trace)


def small_multiples(
    spells: pd.DataFrame,
    items: Sequence[Item],
    days: Sequence[pd.Timestamp],
    frame: tuple[list[float], list[float]],
    key: str,
    *,
    columns: int = 3,
    height: int = 700,
    size: int = 10,
) -> go.Figure:
    """The map on each of ``days``, side by side, with the legend in the place after the last.

    ``frame`` is the part of the ground shown: the ranges of x and y in km.
    """
    fig = go.Figure()
    rows = -(-(len(days) + 1) // columns)
    wide, high = 1 / columns, 1 / rows
    for number, day in enumerate(days):
        column, row = number % columns, number // columns
        suffix = "" if number == 0 else str(number + 1)
        draw_state(fig, spells, items, day, key, xaxis=f"x{suffix}", yaxis=f"y{suffix}")
        left, top = column * wide, 1 - row * high
        flat_axes(fig, frame, suffix, ([left, left + wide * 0.97], [top - high + 0.008, top - 0.035]))
        _date_in_corner(fig, day, left, top)
    fig.update_traces(marker={"size": size, "line": {"width": 0.6}}, selector={"mode": "markers"})
    fig.update_traces(line={"width": 0.4}, selector={"mode": "lines"})
    add_legend(fig, groups_of(spells, items, key))
    place = len(days) % columns
    fig.update_layout(
        height=height,
        margin={"l": 10, "r": 4, "t": 6, "b": 4},
        showlegend=True,
        legend={
            "orientation": "v",
            "x": place * wide,
            "xanchor": "left",
            "y": high * 0.85,
            "yanchor": "top",
            "font": {"size": 13, "color": theme.INK},
        },
    )
    return fig


def _date_in_corner(fig: go.Figure, day: pd.Timestamp, left: float, top: float) -> None:
    """The date of a panel at its upper left corner, which is a place of the whole figure, from 0 to 1."""
    fig.add_annotation(
        x=left,
        y=top,
        xref="paper",
        yref="paper",
        xanchor="left",
        yanchor="top",
        text=f"<b>{date(day)}</b>",
        font={"size": 13, "color": theme.INK},
    )


def flat_axes(
    fig: go.Figure,
    frame: tuple[list[float], list[float]],
    suffix: str = "",
    domain: tuple[list[float], list[float]] = ([0, 1], [0, 1]),
) -> None:
    """Axes of a map: no line and no figure, one kilometre as long to the east as to the north."""
    shared = {"visible": False, "constrain": "domain", "fixedrange": False}
    fig.update_layout(
        {
            f"xaxis{suffix}": {
                **shared,
                "range": frame[0],
                "domain": domain[0],
                "anchor": f"y{suffix}",
                "constraintoward": "left",
            },
            f"yaxis{suffix}": {
                **shared,
                "range": frame[1],
                "domain": domain[1],
                "anchor": f"x{suffix}",
                "scaleanchor": f"x{suffix}",
                "constraintoward": "top",
            },
        }
    )


def scale_bar(fig: go.Figure, x: float, y: float, km: float) -> None:
    """A bar of ``km`` kilometres that starts at ``x``, ``y``, with its length beside it."""
    line = {"color": theme.INK, "width": 2}
    fig.add_shape(type="line", x0=x, x1=x + km, y0=y, y1=y, line=line)
    theme.label(fig, x + km, y, f"{km:g} km", theme.INK)


def frame_around(items: Sequence[Item], room: float) -> tuple[list[float], list[float]]:
    """The ranges of x and y that show every item with ``room`` km around them."""
    xs = [value for item in items for value in item.x]
    ys = [value for item in items for value in item.y]
    return (
        [round(min(xs) - room, 1), round(max(xs) + room, 1)],
        [round(min(ys) - room, 1), round(max(ys) + room, 1)],
    )
