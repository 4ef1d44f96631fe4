"""One look for every figure: the house template, its colours (`palette`), its days (`days`), its sizes."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from aleppo.evidence.errors import AleppoError
from aleppo.show.days import (
    AROUND,
    BATTLE,
    BREAK,
    BREAK_LABEL,
    LAST_WEEKS,
    LAST_YEAR,
    LEADER,
    MARK,
    ROW_HEIGHT,
    TURN,
    WAR,
    Day,
    Window,
    mark_break,
    mark_break_between,
    mark_dates,
    placed_marks,
    rows_around_break,
    time_axis,
)
from aleppo.show.palette import (
    AXIS,
    COLORWAY,
    DARK_OF,
    DARK_PAPER,
    GRID,
    HOLDER_NAMES,
    HOLDERS,
    INK,
    LIFT,
    MUTED,
    OUTCOMES,
    PALETTE,
    PAPER,
    PUBLISHERS,
    SYMBOLS,
    TRANSPARENT,
    VOTES,
    colour,
    darkened,
    foreign_colours,
    is_of_the_theme,
    tint,
)

__all__ = [
    "AROUND",
    "AXIS",
    "BATTLE",
    "BREAK",
    "BREAK_LABEL",
    "DARK_OF",
    "DARK_PAPER",
    "FAMILY",
    "GRID",
    "HEIGHT",
    "HOLDERS",
    "HOLDER_NAMES",
    "INK",
    "LAST_WEEKS",
    "LAST_YEAR",
    "LEADER",
    "LIFT",
    "MARK",
    "MUTED",
    "NARROW_WIDTH",
    "OUTCOMES",
    "PALETTE",
    "PAPER",
    "PUBLISHERS",
    "ROW_HEIGHT",
    "STILL_WIDTH",
    "SYMBOLS",
    "TRANSPARENT",
    "TURN",
    "VOTES",
    "WAR",
    "Day",
    "Window",
    "colour",
    "darkened",
    "for_the_page",
    "foreign_colours",
    "is_of_the_theme",
    "label",
    "mark_break",
    "mark_break_between",
    "mark_dates",
    "merged",
    "name_line",
    "name_lines",
    "narrow_template",
    "placed_marks",
    "rows_around_break",
    "template",
    "time_axis",
    "tint",
]

FAMILY = '"Source Sans 3", system-ui, sans-serif'
# Letters of a chart, and how wide they are in the typeface of the book, in parts of their size (a test measures it)
SAMPLE, SAMPLE_WIDTH = "Russian air strikes begin 0123456789,", 0.417
STILL_WIDTH = 720
NARROW_WIDTH = 600
HEIGHT = 420
# How d3 writes a percentage on an axis → how the book does, with a space that does not break
PERCENTS = {f"{part}%": f"{part}\u00a0%" for part in range(101)}


def template() -> dict[str, Any]:
    """The house template, in light colours; plotly's own layout vocabulary."""
    axis = {
        "automargin": True,
        "linecolor": AXIS,
        "tickcolor": AXIS,
        "gridcolor": GRID,
        "zerolinecolor": AXIS,
        "zerolinewidth": 1,
        "tickfont": {"color": MUTED},
        "title": {"font": {"color": MUTED, "size": 14}, "standoff": 10},
        "exponentformat": "none",
        "separatethousands": True,
        "labelalias": PERCENTS,
    }
    layout = {
        "font": {"family": FAMILY, "size": 14, "color": INK},
        "paper_bgcolor": TRANSPARENT,
        "plot_bgcolor": TRANSPARENT,
        "colorway": COLORWAY,
        "margin": {"l": 8, "r": 16, "t": 16, "b": 8, "pad": 0},
        "xaxis": {
            **axis,
            "showgrid": False,
            "showline": True,
            "zeroline": False,
            "ticks": "outside",
            "ticklen": 5,
        },
        "yaxis": {**axis, "showgrid": True, "showline": False, "zeroline": True, "ticks": ""},
        "legend": {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": -0.14,
            "yanchor": "top",
            "bgcolor": TRANSPARENT,
            "font": {"color": INK},
        },
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": PAPER,
            "bordercolor": AXIS,
            "align": "left",
            "namelength": -1,
            "font": {"family": FAMILY, "size": 13, "color": INK},
        },
        "modebar": {"bgcolor": TRANSPARENT, "color": AXIS, "activecolor": INK},
        "annotationdefaults": {"font": {"color": INK, "size": 13}, "showarrow": False},
        "shapedefaults": {"line": {"color": AXIS, "width": 1}},
        "colorscale": {"sequential": [[0, PAPER], [1, colour("blue")]]},
    }
    return {"layout": layout}


def narrow_template() -> dict[str, Any]:
    """What changes in the template below `NARROW_WIDTH` pixels."""
    return {
        "layout": {
            "font": {"size": 13},
            "margin": {"l": 4, "r": 8, "t": 12, "b": 4, "pad": 0},
            "xaxis": {"nticks": 5},
            "yaxis": {"nticks": 6},
            "hoverlabel": {"namelength": 18, "font": {"size": 12}},
            "annotationdefaults": {"font": {"size": 12}},
        }
    }


def label(
    fig: go.Figure, x: Any, y: Any, text: str, colour_: str, *, anchor: str = "left", shift: int = 6
) -> go.Figure:
    """Write ``text`` beside a point of the data: the direct label that a legend would only stand in for.

    ``anchor`` is the side of the text that touches the point: left, right or center.
    """
    sides = {"left": shift, "right": -shift, "center": 0}
    if anchor not in sides:
        raise AleppoError(f"a label: expected the anchor left, right or center, found {anchor!r}")
    fig.add_annotation(
        x=x,
        y=y,
        text=text,
        showarrow=False,
        xanchor=anchor,
        yanchor="middle" if anchor != "center" else "bottom",
        xshift=sides[anchor],
        font={"color": colour_, "size": 13},
    )
    return fig


def name_lines(
    fig: go.Figure, ends: Sequence[tuple[str, Any, float, str]], apart: float, *, axis: str = ""
) -> go.Figure:
    """Write the names of lines to the right of their ends, at least ``apart`` from one another (data units of y).

    ``ends`` are (name, x, y, colour), one for each line; ``axis`` is the number of the panel's axes.
    """
    height = float("-inf")
    for name, x, y, shade in sorted(ends, key=lambda end: end[2]):
        height = max(y, height + apart)
        name_line(fig, x, height, name, shade, axis=axis)
    return fig


def name_line(
    fig: go.Figure, x: Any, y: float, name: str, colour_: str, *, axis: str = "", shift: int = 6, up: int = 0
) -> go.Figure:
    """Write the name of a line, of one row or several, ``shift`` pixels to the right of a point of a panel's axes.

    With ``up`` it stands as many pixels above the point, on the ground of the page.
    """
    fig.add_annotation(
        x=x,
        y=y,
        xref=f"x{axis}",
        yref=f"y{axis}",
        text=name,
        showarrow=False,
        xanchor="left",
        align="left",
        xshift=shift,
        yshift=up,
        bgcolor=PAPER if up else None,
        font={"color": colour_, "size": 13},
    )
    return fig


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """``base`` with ``over`` laid on it: mappings are merged, anything else replaced. Pure."""
    result = dict(base)
    for key, value in over.items():
        kept = result.get(key)
        both = isinstance(kept, Mapping) and isinstance(value, Mapping)
        result[key] = merged(kept, value) if both else copy.deepcopy(value)  # type: ignore[arg-type]
    return result


def for_the_page() -> dict[str, Any]:
    """What the page's script needs to draw like this module: colours, templates, and how wide the letters are."""
    return {
        "dark": DARK_OF,
        "template": template(),
        "narrow": narrow_template(),
        "narrowWidth": NARROW_WIDTH,
        "lift": LIFT,
        "letters": {"sample": SAMPLE, "width": SAMPLE_WIDTH},
    }
