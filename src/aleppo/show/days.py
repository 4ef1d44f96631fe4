"""Days on an axis: the break and other dates marked alike in every chart, and the stretches of time they show."""

from __future__ import annotations

import copy
import datetime
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import plotly.graph_objects as go

from aleppo.evidence.errors import AleppoError
from aleppo.show.numbers import NBSP
from aleppo.show.palette import INK, MUTED, PAPER

BREAK = datetime.date(2015, 9, 30)
BREAK_LABEL = f"Russian air strikes begin, 30{NBSP}Sept{NBSP}2015"

# the same on more lines, where there is little room
BREAK_LABELS = (
    BREAK_LABEL,
    BREAK_LABEL.replace(", ", ",<br>"),
    BREAK_LABEL.replace(", ", ",<br>").replace("air ", "air<br>"),
)

MARK = "mark"
MARK_BETWEEN = "mark-between"
LEADER = "leader"
BREAK_LINE = {"color": INK, "dash": "dash", "width": 1.5}
DATE_LINE = {"color": MUTED, "dash": "dot", "width": 1}
# How far a label may reach past the ends of the plot, pixels.
MARGIN_LEFT = 24
MARGIN_RIGHT = 8
ROW_HEIGHT = 19
_LETTER, _HEAVY_LETTER = 6.6, 7.0  # mean width of a letter of a label, pixels
# Labels of which every order is tried, and of which it is for every choice of sides as well
_MOST_TRIED, _MOST_SIDES = 7, 4

Day = str | datetime.date


# --- stretches of time -------------------------------------------------------------------------------------

# Room beside the plot, pixels: for the numbers of an axis, for the names of lanes, and on the right of both.
LEFT, LANES, RIGHT = 64, 164, 16


@dataclass(frozen=True)
class Window:
    """A stretch of days that charts of several chapters show, so that the same day stands at the same place.

    ``tick`` and ``narrow_tick`` are plotly's steps (``M12``: twelve months), ``words`` its format of a tick.
    """

    name: str
    first: str
    last: str
    tick: str
    narrow_tick: str
    words: str


WAR = Window("war", "2011-07-01", "2018-10-01", "M12", "M24", "%Y")
BATTLE = Window("battle", "2012-06-15", "2017-04-15", "M12", "M12", "%Y")
# Ends some months after the battle: the names of lines stand there.
TURN = Window("turn", "2015-01-01", "2017-04-15", "M3", "M6", "%b<br>%Y")
AROUND = Window("around", "2014-10-01", "2018-07-01", "M6", "M12", "%b<br>%Y")
LAST_YEAR = Window("last-year", "2016-01-01", "2017-01-15", "M2", "M4", "%b<br>%Y")
LAST_WEEKS = Window("last-weeks", "2016-11-12", "2016-12-25", "D7", "D14", "%-d %b")
WINDOWS = (WAR, BATTLE, TURN, AROUND, LAST_YEAR, LAST_WEEKS)


def time_axis(fig: go.Figure, window: Window, *, lanes: bool = False) -> go.Figure:
    """Set every x axis of ``fig`` to ``window``, with the plot at the place that all charts of days share.

    ``lanes`` are rows with names, which need more room on the left than numbers do.
    """
    fig.update_xaxes(
        type="date",
        range=[window.first, window.last],
        dtick=_step(window.tick),
        # a Tuesday, from which weeks are counted; months begin with the year
        tick0="2016-11-15" if window.tick.startswith("D") else "2000-01-01",
        tickformat=window.words,
        hoverformat="%-d %B %Y",
    )
    fig.update_yaxes(automargin=False)
    left = LANES if lanes else LEFT
    if "<br>" in window.words:
        # below the second line of the ticks
        fig.update_layout(legend={"y": -0.17})
    fig.update_layout(
        margin={"l": left, "r": RIGHT},
        meta={
            "window": {"name": window.name, "left": left, "right": RIGHT, "narrow": _step(window.narrow_tick)}
        },
    )
    return fig


def _step(tick: str) -> str | int:
    """A step of days, ``D7``, in the milliseconds that plotly wants; months as they are."""
    return int(tick[1:]) * 86_400_000 if tick.startswith("D") else tick


# --- marks -------------------------------------------------------------------------------------------------


def mark_break(fig: go.Figure, axis: str = "x") -> go.Figure:
    """Mark 30 September 2015, the same way in every time chart: a dashed line with its label above it.

    ``axis`` is the axis of days to mark it on, where a chart has more than one.
    """
    return _mark(fig, BREAK, BREAK_LABEL, axis, weight=600, layer="above", line=BREAK_LINE)


def mark_dates(fig: go.Figure, dates: Mapping[Day, str], axis: str = "x") -> go.Figure:
    """Mark other dates (day → label) by thin dotted lines; labels are put in rows so that none overlap."""
    for day in sorted(dates, key=_iso):
        _mark(fig, day, dates[day], axis, weight=400, layer="below", line=DATE_LINE)
    return fig


def mark_break_between(fig: go.Figure, at: float, axis: str = "x") -> go.Figure:
    """Mark the break where dated things stand in order rather than on an axis of days.

    ``at`` is the place between the last one before and the first one from the day on, in the units of ``axis``
    (``x``, or ``y`` where the things are rows).
    """
    across = axis.startswith("x")
    ends = {"x0": at, "x1": at, "y0": 0, "y1": 1} if across else {"x0": 0, "x1": 1, "y0": at, "y1": at}
    refs = {"xref": axis, "yref": "paper"} if across else {"xref": "paper", "yref": axis}
    fig.add_shape(type="line", **ends, **refs, line=BREAK_LINE, layer="above", name=MARK_BETWEEN)
    # on the line itself where that is level, so that it stands on no row
    place = {"x": at, "y": 1, "xanchor": "center", "yanchor": "bottom", "yshift": 4}
    level = {"x": 1, "y": at, "xanchor": "right", "yanchor": "middle"}
    fig.add_annotation(
        name=MARK_BETWEEN,
        text=BREAK_LABEL,
        font={"color": INK, "size": 13, "weight": 600},
        showarrow=False,
        bgcolor=PAPER,
        borderpad=2,
        **refs,
        **(place if across else level),
    )
    return fig


def rows_around_break(days: Sequence[datetime.date]) -> tuple[list[int], int | None]:
    """Places for dated things in rows, from 0, with a row left free for the mark of the break, and which that is.

    ``days`` are in order; there is no free row when all of them lie on one side.
    """
    before = sum(day < BREAK for day in days)
    if not 0 < before < len(days):
        return list(range(len(days))), None
    return [place + (place >= before) for place in range(len(days))], before


def _mark(
    fig: go.Figure, day: Day, label: str, axis: str, *, weight: int, layer: str, line: Mapping[str, Any]
) -> go.Figure:
    when = _iso(day)
    # the whole height, through every row of panels
    fig.add_shape(
        type="line", x0=when, x1=when, y0=0, y1=1, xref=axis, yref="paper", line=line, layer=layer, name=MARK
    )
    fig.add_annotation(
        name=MARK,
        x=when,
        y=1,
        xref=axis,
        yref="paper",
        text=label,
        font={"color": line["color"], "size": 13, "weight": weight},
        showarrow=False,
        align="left",
        xanchor="left",
        yanchor="bottom",
        yshift=4,
    )
    return fig


def placed_marks(
    layout: Mapping[str, Any],
    span: tuple[str, str],
    width: float,
    room: float = MARGIN_LEFT,
    *,
    fold: bool = False,
) -> tuple[dict[str, list[dict[str, Any]]], int]:
    """Put the labels of marks in rows above the plot, and say how many pixels they need there.

    Returns the annotations and shapes of ``layout`` with every label of a mark in its row, a line leading up
    to it, and the others as they were. ``span`` is the first and last day of the axis and ``width`` that of
    the plot, pixels; the length of a label is reckoned from its letters. A label is written to the right of
    its line where there is room, else to the left, at most ``room`` pixels past the plot, else as far left as it
    must. Of all ways to put them in rows one is taken in which the fewest labels stand on the line of another; with
    ``fold`` labels may stand to the left for that, and that of the break on several lines. Pure.
    """
    annotations = [copy.deepcopy(item) for item in layout.get("annotations", [])]
    shapes = [copy.deepcopy(item) for item in layout.get("shapes", [])]
    lines = {item["x0"]: item for item in shapes if item.get("name") == MARK}
    marks = sorted(
        (item for item in annotations if item.get("name") == MARK), key=lambda item: str(item["x"])
    )
    labels = _best_placed(marks, layout, span, width, room, fold=fold)
    # later dates in lower rows come first, as they were put down
    for item in labels[::-1]:
        up = item.row * ROW_HEIGHT + 4
        to_left = item.right <= item.at + 0.5
        item.mark.update(
            text=item.text,
            xanchor="right" if to_left else "left",
            align="right" if to_left else "left",
            xshift=0 if to_left else round(item.left - item.at),
            yshift=up,
            bgcolor=PAPER,
            borderpad=1,
        )
        shapes.append(_leader(lines[item.mark["x"]], up))
    rows = max((item.top + 1 for item in labels), default=0)
    return {"annotations": annotations, "shapes": shapes}, (rows * ROW_HEIGHT + 8 if rows else 0)


def _best_placed(
    marks: Sequence[dict[str, Any]],
    layout: Mapping[str, Any],
    span: tuple[str, str],
    width: float,
    room: float,
    *,
    fold: bool,
) -> list[_Label]:
    """The labels of ``marks`` in the rows, and on the sides, in which the fewest stand on the line of another."""
    tried = []
    for label in BREAK_LABELS if fold else BREAK_LABELS[:1]:
        texts = [label if mark["text"] == BREAK_LABEL else str(mark["text"]) for mark in marks]
        made = [
            _label_of(mark, text, _place_of(mark, layout, span) * width, width, room)
            for mark, text in zip(marks, texts, strict=True)
        ]
        tried.append((_in_rows(made, len(made) <= _MOST_TRIED), made))
        if fold and tried[-1][0][0]:
            every = len(made) <= _MOST_SIDES
            tried += [(_in_rows(one, every), one) for one in _sides(made, room)]
        if any(not crossings for (crossings, _), _ in tried):
            break
    return min(tried, key=lambda one: one[0])[1]


def _place_of(mark: Mapping[str, Any], layout: Mapping[str, Any], span: tuple[str, str]) -> float:
    """Where a mark stands across the plot, from 0 to 1; an axis that has a part of the width starts there."""
    ref = mark.get("xref", "x")
    axis = layout.get(f"xaxis{ref[1:]}", {})
    first, last = span if ref == "x" else axis["range"]
    start, end, day = (
        datetime.date.fromisoformat(str(day)[:10]).toordinal() for day in (first, last, mark["x"])
    )
    left, right = axis.get("domain", (0, 1))
    return float(left + (right - left) * (day - start) / max(end - start, 1))


def _leader(line: Mapping[str, Any], up: int) -> dict[str, Any]:
    """The piece of a mark's line that leads up to its label, ``up`` pixels above the plot."""
    return {
        **{key: line[key] for key in ("type", "xref", "x0", "x1", "line", "layer") if key in line},
        "name": LEADER,
        "yref": "paper",
        "ysizemode": "pixel",
        "yanchor": 1,
        "y0": 0,
        "y1": up,
    }


@dataclass
class _Label:
    """The label of a mark: where its line stands, what it covers (pixels of the plot), and its lowest row."""

    mark: dict[str, Any]
    text: str
    at: float
    left: float
    right: float
    row: int = 0

    @property
    def top(self) -> int:
        """Its highest row."""
        return self.row + self.text.count("<br>")

    def covers(self, x: float) -> bool:
        return self.left + 1 < x < self.right - 1


def _label_of(mark: dict[str, Any], text: str, at: float, width: float, room: float) -> _Label:
    """The label of ``mark``, whose line stands at ``at``, on the side of the line where a plot ``width`` has room."""
    heavy = mark["font"].get("weight", 400) > 400
    longest = max(len(re.sub(r"<[^>]*>", "", line)) for line in text.split("<br>"))
    length = longest * (_HEAVY_LETTER if heavy else _LETTER)
    left = at
    if at + length > width + MARGIN_RIGHT:
        left = at - length if at - length > -room else max(width + MARGIN_RIGHT - length, -room)
    return _Label(mark, text, at, left, left + length)


def _sides(labels: Sequence[_Label], room: float) -> Iterator[list[_Label]]:
    """``labels`` with some of them to the left of their lines, where a label of that length has room."""
    choices = [
        (one, replace(one, left=one.at - length, right=one.at))
        if one.left >= one.at and one.at - (length := one.right - one.left) > -room
        else (one,)
        for one in labels
    ]
    for chosen in itertools.product(*choices):
        yield [replace(one) for one in chosen]


def _in_rows(labels: list[_Label], every: bool) -> tuple[int, int]:
    """Give each of ``labels`` a row: as few on the lines of others as can be, then in as few rows; how many of both.

    They are put down in ``every`` order, or only from the last date to the first and the other way round.
    """
    # later dates in lower rows come first: this is what most charts need
    later_first = labels[::-1]
    orders = itertools.permutations(later_first) if every else [tuple(later_first), tuple(labels)]
    tried = [_stacked(order) for order in orders]
    best = min(tried, key=lambda rows: (_crossings(later_first, rows), max(rows.values(), default=0)))
    for label_ in later_first:
        label_.row = best[id(label_)]
    return _crossings(later_first, best), max((label_.top for label_ in labels), default=0)


def _stacked(order: Iterable[_Label]) -> dict[int, int]:
    """The row of each label (by its identity) when they are put down in this order."""
    placed: list[_Label] = []
    for label_ in order:
        label_.row = _row_for(label_, placed)
        placed.append(label_)
    return {id(label_): label_.row for label_ in placed}


def _crossings(labels: Sequence[_Label], rows: Mapping[int, int]) -> int:
    """How many labels stand on a line that leads up to another."""
    return sum(
        rows[id(other)] > rows[id(label_)] and label_.covers(other.at)
        for label_ in labels
        for other in labels
    )


def _row_for(label_: _Label, placed: Sequence[_Label]) -> int:
    """The lowest row where the label overlaps no other, and crosses no leader if there is such a row."""
    lines = label_.text.count("<br>") + 1
    free = [
        row
        for row in range(sum(other.top - other.row + 1 for other in placed) + 1)
        if not any(
            other.row < row + lines
            and row <= other.top
            and label_.left < other.right + 8
            and other.left < label_.right + 8
            for other in placed
        )
    ]
    for row in free:
        over_leader = any(other.row > row and label_.covers(other.at) for other in placed)
        under_label = any(other.row < row and other.covers(label_.at) for other in placed)
        if not over_leader and not under_label:
            return row
    return free[0]


def _iso(day: Day) -> str:
    text = day.isoformat()[:10] if isinstance(day, datetime.date) else str(day)
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise AleppoError(f"a date to mark: expected YYYY-MM-DD, found {day!r}") from None
