"""Rows of published figures as points and ranges on one axis, each under its own words.

The words stand above the row and not beside the axis, so that a narrow screen keeps its width for the figures.
A range without a middle is drawn as its two ends and nothing between them is marked; a figure that only bounds
is a triangle that points away from the bound; what was not verified is hollow and carries a dagger.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from aleppo.evidence import split_list
from aleppo.evidence.errors import AleppoError
from aleppo.show import theme
from aleppo.show.lanes import folded
from aleppo.show.marks import NOT_VERIFIED
from aleppo.show.numbers import EN_DASH, count, quantity

SHORT_MONTHS = ("Jan", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")
PITCH = 43  # pixels from row to row, for words of one line
LINE = 16  # pixels of each further line
MARGIN = 84  # pixels for the axis below the rows
NARROW_WORDS = 46  # letters of a row's words on one line of a narrow screen
LABEL_LEFT_FROM = 0.6  # of the axis: figures further right are labelled on their left
ROOM_ON_LEFT = 0.3  # of the axis: what a label needs there


def amount(low: Any, best: Any, high: Any, form: Callable[[Any], str] = count) -> str:
    """A published figure in words: ``3,804``, ``6,384–9,667``, ``at least 2,700``, ``40 [34–51]``.

    Missing bounds are None or NaN. Raises AleppoError when all three are.
    """
    has_low, has_best, has_high = (not pd.isna(value) for value in (low, best, high))
    if has_low and has_high:
        ends = form(low) if low == high else f"{form(low)}{EN_DASH}{form(high)}"
        return f"{form(best)} [{ends}]" if has_best and low != high else ends
    if has_best:
        return form(best)
    if has_low:
        return f"at least {form(low)}"
    if has_high:
        return f"up to {form(high)}"
    raise AleppoError("a published figure: expected a low, best or high, found none")


def of_any_unit(value: Any) -> str:
    """A figure of people, dollars or square kilometres alike: whole as it is, any other with two decimals."""
    return count(value) if float(value).is_integer() else quantity(value, 2)


def period(start: pd.Timestamp, end: pd.Timestamp) -> str:
    """Two days in short words: ``2016``, ``Aug – Dec 2016``, ``22–25 April 2016``, ``30 Sept 2015 – 29 Sept 2016``."""
    first, last = (SHORT_MONTHS[day.month - 1] for day in (start, end))
    whole = start.day == 1 and (end + pd.Timedelta(days=1)).day == 1
    if whole and start.month == 1 and end.month == 12 and start.year == end.year:
        return str(start.year)
    if start == end:
        return f"{start.day} {first} {start.year}"
    if not whole:
        first, last = f"{start.day} {first}", f"{end.day} {last}"
    if start.year != end.year:
        return f"{first} {start.year} – {last} {end.year}"
    if start.month == end.month:
        return f"{last} {end.year}" if whole else f"{start.day}–{last} {end.year}"
    return f"{first} – {last} {end.year}"


def sources_of(cells: Iterable[Any], *more: str) -> list[str]:
    """Every source id in ``cells``, once each, with ``more``."""
    return sorted({name for cell in cells for name in split_list(cell)} | set(more))


def dagger(words: str, verified: str) -> str:
    """``words`` with a dagger unless ``verified`` is yes."""
    return words if verified == "yes" else f"{words}{NOT_VERIFIED}"


def draw_rows(
    fig: go.Figure,
    rows: pd.DataFrame,
    words: Sequence[str],
    span: tuple[float, float],
    *,
    log: bool = False,
    values: bool = True,
) -> go.Figure:
    """Draw figures on rows, each row under its words, on the x axis from ``span[0]`` to ``span[1]``.

    ``rows`` has one line per figure: ``row`` (its row, from 0), ``low, best, high``, ``family`` (of
    ``theme.PUBLISHERS``), ``verified``, ``said`` (the figure in words) and ``hover``; ``mark`` (what is written
    beside it) stands in for ``said`` where there is such a column. With ``values`` every figure is labelled,
    otherwise only those of the family ``other``. Labels of the last part of the axis stand to the left, and so
    does one whose ``on_left`` is true, where there is such a column.
    """
    for name, some in rows.groupby("family", sort=False):
        _ranges(fig, some, theme.PUBLISHERS[str(name)])
        _points(fig, some, str(name))
    for row in rows.itertuples(index=False):
        if values or row.family == "other":
            _mark(fig, row, span, log)
    for place, text in enumerate(words):
        fig.add_annotation(
            x=0,
            xref="paper",
            y=place,
            text=text,
            showarrow=False,
            xanchor="left",
            yanchor="bottom",
            yshift=7,
            align="left",
            bgcolor=theme.PAPER,
            borderpad=0,
            font={"color": theme.INK, "size": 13},
        )
    fig.update_yaxes(range=[len(words) - 0.55, -0.8], visible=False, fixedrange=True)
    ends = [math.log10(end) for end in span] if log else list(span)
    fig.update_xaxes(range=ends, type="log" if log else "linear", showgrid=True)
    fig.update_layout(height=round(_pitch(words) * len(words)) + MARGIN)
    return fig


def _pitch(words: Sequence[str]) -> float:
    """Pixels from row to row; a few rows of more lines than the others reach into the room above them."""
    further = [text.count("<br>") for text in words]
    several = sum(map(bool, further))
    if 2 * several > len(words):
        return PITCH + LINE * max(further)
    return PITCH + LINE / 2 if several else PITCH


def _ranges(fig: go.Figure, rows: pd.DataFrame, colour: str) -> None:
    x: list[float | None] = []
    y: list[float | None] = []
    for row in rows.itertuples(index=False):
        if not pd.isna(row.low) and not pd.isna(row.high):
            x += [float(row.low), float(row.high), None]
            y += [float(row.row), float(row.row), None]
    if x:
        fig.add_scatter(
            x=x,
            y=y,
            mode="lines+markers",
            connectgaps=False,
            line={"color": colour, "width": 3},
            marker={"symbol": "line-ns-open", "size": 11, "color": colour, "line": {"width": 2.5}},
            hoverinfo="skip",
            showlegend=False,
        )


def _points(fig: go.Figure, rows: pd.DataFrame, family: str) -> None:
    sides = [_side(row) for row in rows.itertuples(index=False)]
    fig.add_scatter(
        x=[float(value) for value, _ in sides],
        y=rows["row"].astype(float).tolist(),
        mode="markers",
        name=family,
        marker={
            "color": theme.PUBLISHERS[family],
            "symbol": [
                _hollow(sign or theme.SYMBOLS[family], verified)
                for (_, sign), verified in zip(sides, rows["verified"], strict=True)
            ],
            "size": 10,
        },
        text=rows["hover"].tolist(),
        hovertemplate="%{text}<extra></extra>",
        showlegend=False,
    )


def _side(row: Any) -> tuple[float, str]:
    """Where the row's point stands, and its sign where it is not that of its publisher."""
    if not pd.isna(row.best):
        return row.best, ""
    if pd.isna(row.high):
        return row.low, "triangle-right"
    if pd.isna(row.low):
        return row.high, "triangle-left"
    return row.high, "line-ns-open"


def _hollow(symbol: str, verified: str) -> str:
    """The sign, hollow only for what was not verified: elsewhere the book's hollow signs mean nothing more."""
    if symbol.startswith("line"):
        return symbol
    return symbol.removesuffix("-open") + ("" if verified == "yes" else "-open")


def _mark(fig: go.Figure, row: Any, span: tuple[float, float], log: bool) -> None:
    ends = [float(value) for value in (row.low, row.best, row.high) if not pd.isna(value)]
    left, right = min(ends), max(ends)
    scale: Callable[[float], float] = math.log10 if log else float
    whole = scale(span[1]) - scale(span[0])
    room, past = (scale(left) - scale(span[0])) / whole, (scale(right) - scale(span[0])) / whole
    on_left = (past > LABEL_LEFT_FROM and room > ROOM_ON_LEFT) or getattr(row, "on_left", False)
    fig.add_annotation(
        x=scale(left if on_left else right),
        y=float(row.row),
        text=dagger(getattr(row, "mark", row.said), row.verified),
        showarrow=False,
        xanchor="right" if on_left else "left",
        yanchor="middle",
        xshift=-11 if on_left else 11,
        font={"color": theme.PUBLISHERS[row.family], "size": 13},
    )


def narrow_rows(
    rows: pd.DataFrame, words: Sequence[str], span: tuple[float, float], **how: bool
) -> dict[str, Any]:
    """What a narrow screen takes: the rows of `draw_rows` under words folded to its width."""
    small = [folded(text, NARROW_WORDS) for text in one_line(words)]
    return narrow_of(draw_rows(go.Figure(), rows, small, span, **how))


def narrow_of(fig: go.Figure) -> dict[str, Any]:
    """What a narrow screen takes from ``fig``, the same rows drawn under words of more lines."""
    layout = fig.to_plotly_json()["layout"]
    return {"annotations": layout["annotations"], "height": layout["height"]}


def one_line(words: Sequence[str]) -> list[str]:
    """``words`` with their lines joined by commas."""
    return [text.replace("<br>", ", ") for text in words]


def legend_of(fig: go.Figure, families: Sequence[str], ranged: Sequence[str] = ()) -> go.Figure:
    """A legend with the sign of each of ``families``, for rows whose figures are not labelled one by one.

    ``ranged`` are those that only ranges are drawn of: their sign is the bar with two ends.
    """
    for name in families:
        colour = theme.PUBLISHERS[name]
        marker: dict[str, Any] = {
            "color": colour,
            "symbol": theme.SYMBOLS[name].removesuffix("-open"),
            "size": 10,
        }
        if name in ranged:
            marker |= {"symbol": "line-ns-open", "line": {"width": 2.5}}
        fig.add_scatter(
            x=[None],
            y=[None],
            mode="lines+markers" if name in ranged else "markers",
            line={"color": colour, "width": 3},
            name=name,
            marker=marker,
            showlegend=True,
            connectgaps=False,
        )
    return fig
