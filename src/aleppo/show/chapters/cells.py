"""Cells of a grid as filled outlines: crisp in print, in the theme's colours, with an entry in the legend."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from aleppo.show import theme

# How a member voted, in shades on which a sign can be read.
SHADES = {
    "yes": theme.tint(theme.VOTES["yes"], 0.3),
    "abstain": theme.tint(theme.VOTES["abstain"], 0.5),
    "no": theme.VOTES["no"],
    "absent": theme.tint(theme.VOTES["absent"], 0.35),
    "not_established": theme.tint(theme.VOTES["not_established"], 0.12),
}
WIDE, HIGH = 0.86, 0.86  # of the room that a cell has
Cell = tuple[float, float]


def add_cells(
    fig: go.Figure,
    cells: Sequence[Cell],
    fill: str,
    name: str,
    *,
    wide: float = WIDE,
    high: float = HIGH,
    line: str = theme.TRANSPARENT,
) -> go.Figure:
    """Fill the cells around the middles ``cells`` (x, y) with one colour, as one trace called ``name``."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for x, y in cells:
        left, right, low, top = x - wide / 2, x + wide / 2, y - high / 2, y + high / 2
        xs += [round(one, 3) for one in (left, right, right, left, left)] + [None]
        ys += [round(one, 3) for one in (low, low, top, top, low)] + [None]
    return fig.add_scatter(
        x=xs,
        y=ys,
        mode="lines",
        fill="toself",
        fillcolor=fill,
        line={"color": line, "width": 1},
        name=name,
        hoverinfo="skip",
        connectgaps=False,
    )


def add_hover(fig: go.Figure, cells: Sequence[Cell], texts: Sequence[str], size: int = 12) -> go.Figure:
    """Unseen points over the cells, which carry their hover texts."""
    return fig.add_scatter(
        x=[x for x, _ in cells],
        y=[y for _, y in cells],
        mode="markers",
        marker={"symbol": "square", "size": size, "opacity": 0, "color": theme.INK},
        text=list(texts),
        hovertemplate="%{text}<extra></extra>",
        showlegend=False,
    )


def add_glyphs(
    fig: go.Figure, cells: Sequence[Cell], glyphs: str | Sequence[str], colour: str, size: int = 11
) -> go.Figure:
    """Signs or short texts in the middle of the cells."""
    return fig.add_scatter(
        x=[x for x, _ in cells],
        y=[y for _, y in cells],
        mode="text",
        text=[glyphs] * len(cells) if isinstance(glyphs, str) else list(glyphs),
        textfont={"color": colour, "size": size},
        hoverinfo="skip",
        showlegend=False,
    )
