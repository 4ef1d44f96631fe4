"""What a figure's layout gets before it is stored: rows for the labels of days, axes named in words, the break held to.

A chart of days stands in one of the windows of `days`, with its plot at the same place as in every other chart of
that window. What a vertical axis counts is written out above it, level, where it is read first.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pandas as pd

from aleppo.evidence.errors import AleppoError
from aleppo.show import theme

# Text beside the axes that is not plot: what is left of the width is where labels of dates are placed.
AXIS_ROOM = 76
LETTER, LANE_GAP = 6.8, 24
NARROW_SCREEN = 350
AXIS_WORDS = "axis-words"
# A row of words above a plot, pixels, and how far above it the first one begins.
ROW, FIRST_ROW = 19, 6


def word_the_days(data: list[dict[str, Any]], layout: dict[str, Any]) -> None:
    """On an axis of days the hover text says "28 November 2016" rather than plotly's short form."""
    for trace in data:
        for letter in "xy":
            values = trace.get(letter)
            if isinstance(values, list) and values and is_day(values[0]):
                axis = layout.setdefault(f"{letter}axis{trace.get(f'{letter}axis', letter)[1:]}", {})
                axis.setdefault("hoverformat", "%-d %B %Y")


def is_day(value: Any) -> bool:
    """Whether ``value`` is written as a day, 2015-09-30, or a moment of one."""
    return isinstance(value, str) and len(value) >= 10 and value[4:5] == value[7:8] == "-"


def place_marks(
    data: list[dict[str, Any]],
    layout: dict[str, Any],
    chosen: Mapping[str, Any],
    what: str,
    window: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Give the labels of marked dates their rows and their room; returns what differs on a narrow screen."""
    found = [item for item in layout.get("annotations", []) if item.get("name") == theme.MARK]
    if not found:
        return {}
    marks = [item["x"] for item in found if item.get("xref", "x") == "x"]
    span = _span_of_days(data, layout, marks)
    outside = [mark for mark in marks if not span[0][:10] <= mark <= span[1][:10]]
    if outside:
        raise AleppoError(f"{what}: expected dates to mark from {span[0]} to {span[1]}, found {outside[0]}")
    margin = layout.setdefault("margin", {})
    right = margin.get("r", 0)
    room = window["left"] if window else _axis_room(layout)
    wide, top = theme.placed_marks(layout, span, theme.STILL_WIDTH - room - right, room - LANE_GAP, fold=True)
    right = chosen.get("margin", {}).get("r", right)
    room = _axis_room({"yaxis": {**layout.get("yaxis", {}), **chosen.get("yaxis", {})}})
    days = chosen.get("xaxis", {}).get("range", span)
    narrow, narrow_top = theme.placed_marks(
        layout, (days[0], days[1]), NARROW_SCREEN - room - right, room - LANE_GAP, fold=True
    )
    layout.update(wide)
    margin["t"] = max(margin.get("t", 0), top)
    narrow_top = max(narrow_top, margin["t"])
    # the rows that are added above are added to the height
    return {**narrow, "margin": {"t": narrow_top}, "height": layout["height"] + narrow_top - margin["t"]}


def _axis_room(layout: dict[str, Any]) -> float:
    """Width that the texts beside the vertical axis take, of the figure's own lanes or of plain numbers."""
    words = [str(text) for text in layout.get("yaxis", {}).get("ticktext") or [] if text]
    longest = max((len(line) for text in words for line in text.split("<br>")), default=0)
    return max(AXIS_ROOM, LETTER * longest + LANE_GAP)


def _span_of_days(data: list[dict[str, Any]], layout: dict[str, Any], marks: list[str]) -> tuple[str, str]:
    """First and last day of the axis of days, which is fixed to them: a label would stretch it otherwise."""
    fixed = layout.get("xaxis", {}).get("range")
    if fixed:
        return str(fixed[0]), str(fixed[1])
    days = sorted(day for trace in data for day in trace.get("x") or [] if is_day(day))
    first = pd.Timestamp(min([*days[:1], *marks]))
    last = pd.Timestamp(max([*days[-1:], *marks]))
    room = max((last - first) / 60, pd.Timedelta(days=1))
    span = ((first - room).date().isoformat(), (last + room).date().isoformat())
    axes = {f"xaxis{trace.get('xaxis', 'x')[1:]}" for trace in data if any(map(is_day, trace.get("x") or []))}
    for axis in sorted(axes | {"xaxis"}):
        layout.setdefault(axis, {}).setdefault("range", list(span))
    return span


def narrow_window(layout: Mapping[str, Any], window: Mapping[str, Any] | None) -> dict[str, Any]:
    """What a narrow screen changes in a chart of a window: little room on the left, and fewer ticks."""
    if not window:
        return {}
    result: dict[str, Any] = {"margin": {"l": 4, "r": 8}}
    for key in layout:
        if key.startswith("yaxis"):
            result[key] = {"automargin": True}
        elif key.startswith("xaxis"):
            result[key] = {"dtick": window["narrow"]}
    return result


def titles_in_words(
    layout: dict[str, Any], small: Mapping[str, Any], window: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Write the titles of vertical axes out above them; returns ``small``, the narrow layout, with the same words."""
    words = [(key, text) for key in sorted(layout) if (text := _title_of(layout, key))]
    if not words:
        return dict(small)
    narrow = copy.deepcopy(dict(small))
    placed = copy.deepcopy(theme.merged(layout, narrow))
    shift = -window["left"] if window else 0
    height = layout["height"]
    _add_words(layout, layout, words, shift)
    if "annotations" in narrow or "height" in narrow or "t" in narrow.get("margin", {}):
        narrow.setdefault("annotations", copy.deepcopy(placed.get("annotations", [])))
        narrow.setdefault("height", height)
        narrow["margin"] = {**placed.get("margin", {}), **narrow.get("margin", {})}
        _add_words(narrow, placed, words, 0)
    elif window:
        narrow["annotations"] = [
            {**item, "xshift": 0} if item.get("name") == AXIS_WORDS else copy.deepcopy(item)
            for item in layout["annotations"]
        ]
    return narrow


def _title_of(layout: dict[str, Any], key: str) -> str:
    """The title of a vertical axis, taken away from it; empty if it has none."""
    axis = layout[key] if key.startswith("yaxis") else None
    if not isinstance(axis, dict) or not axis.get("title"):
        return ""
    # above a plot whose other axis is there, the words would stand on its ticks
    if layout.get(f"xaxis{axis.get('anchor', 'x')[1:]}", {}).get("side") == "top":
        return ""
    title = axis.pop("title")
    return str(title.get("text") or "") if isinstance(title, Mapping) else str(title)


def _add_words(
    into: dict[str, Any], layout: Mapping[str, Any], words: list[tuple[str, str]], shift: int
) -> None:
    """Add the words for each axis to ``into``, above everything that stands over the top of its plot."""
    annotations = into.setdefault("annotations", [])
    margin = into.setdefault("margin", {})
    for key, text in words:
        axis = layout[key]
        top = axis.get("domain", (0, 1))[1]
        across = layout.get(f"xaxis{axis.get('anchor', 'x')[1:]}", {}).get("domain", (0, 1))
        on_right = axis.get("side") == "right"
        above = [item for item in annotations if _stands_over(item, top, across)]
        up = max((item.get("yshift", 0) + ROW for item in above), default=FIRST_ROW)
        annotations.append(
            {
                "name": AXIS_WORDS,
                "text": text,
                "xref": "paper",
                "yref": "paper",
                "x": across[1] if on_right else across[0],
                "y": top,
                "xanchor": "right" if on_right else "left",
                "yanchor": "bottom",
                "align": "left",
                "xshift": 0 if on_right or across[0] else shift,
                "yshift": up,
                "showarrow": False,
                "font": {"color": theme.MUTED, "size": 13},
                # where they reach over the mark of a day
                "bgcolor": theme.PAPER,
            }
        )
        if top >= 1 and (needed := up + ROW) > (had := margin.get("t", 16)):
            margin["t"] = needed
            into["height"] = into["height"] + needed - had


def _stands_over(item: Mapping[str, Any], top: float, across: tuple[float, float]) -> bool:
    """Whether an annotation stands above the upper edge of a plot."""
    x = item.get("x")
    beside = (
        item.get("xref") == "paper"
        and isinstance(x, int | float)
        and not across[0] - 0.01 <= x <= across[1] + 0.01
    )
    return (
        item.get("yref") == "paper"
        and item.get("y") == top
        and item.get("yanchor") == "bottom"
        and not beside
    )


def check_break(layout: Mapping[str, Any], what: str) -> None:
    """Raise AleppoError when an axis of days holds the break and does not mark it."""
    day = theme.BREAK.isoformat()
    marked = {
        item.get("xref", "x")
        for item in layout.get("shapes", [])
        if item.get("name") == theme.MARK and str(item["x0"])[:10] == day
    }
    for key, axis in layout.items():
        span = axis.get("range") if key.startswith("xaxis") else None
        if not span or not all(map(is_day, span)) or not str(span[0])[:10] < day < str(span[1])[:10]:
            continue
        # panels that share their days are crossed by one line, through all of them
        alike = {other for other in layout if layout[other] and _same_days(layout, key, other)}
        if not marked & {f"x{name[5:]}" for name in alike}:
            raise AleppoError(
                f"{what}: expected the break marked on an axis from {span[0]} to {span[1]} "
                "(aleppo.show.theme.mark_break), found no mark"
            )


def _same_days(layout: Mapping[str, Any], one: str, other: str) -> bool:
    """Whether two horizontal axes show the same days at the same place across the figure."""
    if not other.startswith("xaxis"):
        return False
    return all(layout[one].get(name) == layout[other].get(name) for name in ("range", "domain"))
