"""One look for every figure: fixed colours, the house template, and how dates are marked.

Every colour of a figure is the light half of a pair of `PALETTE`; the dark half is put in its place when the
page is dark, by `darkened` here (stills) and by the same table in the page's script. So a figure holds its
colours once. The pairs keep a contrast of at least 4.5 to 1 on the page's white and on its dark ground, and
the colours of holders stay apart for readers who do not see red and green (tests/unit/test_show_theme.py).
"""

from __future__ import annotations

import copy
import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from aleppo.evidence.errors import AleppoError
from aleppo.show.numbers import NBSP

FAMILY = '"Source Sans 3", system-ui, sans-serif'
STILL_WIDTH = 720
NARROW_WIDTH = 600
HEIGHT = 420

PAPER = "#ffffff"
DARK_PAPER = "#121212"

# name: (on white, on the dark ground)
PALETTE: dict[str, tuple[str, str]] = {
    "ink": ("#222832", "#ced6dd"),
    "muted": ("#48566b", "#9ca4af"),
    "axis": ("#8490a0", "#6b7788"),
    "grid": ("#e1e5ea", "#303947"),
    "paper": (PAPER, DARK_PAPER),
    "brick": ("#7a2310", "#ee7a66"),
    "lagoon": ("#13717d", "#34a9bb"),
    "ochre": ("#80710d", "#ecc62f"),
    "night": ("#14171b", "#eff1f3"),
    "orchid": ("#b03ac6", "#c96be6"),
    "blue": ("#1f5fbf", "#7fb0f5"),
    "vermilion": ("#c2410c", "#fb8c5a"),
    "green": ("#0b7a4b", "#4cc38a"),
    "purple": ("#6d3fb0", "#b095f2"),
    "sky": ("#0a74b0", "#5bbdf0"),
    "slate": ("#5a6675", "#a3afbd"),
    "rose": ("#a3184f", "#f2779f"),
    "olive": ("#566b0d", "#b3cc54"),
    "umber": ("#6f5a45", "#cbb196"),
    "amber": ("#9a5b00", "#f0ad4e"),
}


def colour(name: str) -> str:
    """The light half of the pair called ``name``: what a figure is drawn with."""
    try:
        return PALETTE[name][0]
    except KeyError:
        raise AleppoError(f"a colour: expected one of {', '.join(PALETTE)}, found {name!r}") from None


def _colours(names: Mapping[str, str]) -> dict[str, str]:
    return {key: colour(name) for key, name in names.items()}


HOLDERS = _colours(
    {
        "government": "brick",
        "opposition": "lagoon",
        "kurdish_ypg_sdf": "ochre",
        "islamic_state": "night",
        "contested": "orchid",
    }
)
HOLDER_NAMES = {
    "government": "Government and allies",
    "opposition": "Armed opposition",
    "kurdish_ypg_sdf": "Kurdish-led (YPG, SDF)",
    "islamic_state": "Islamic State",
    "contested": "Contested",
}

PUBLISHERS = _colours(
    {
        "SOHR": "blue",
        "SNHR": "vermilion",
        "VDC": "green",
        "Airwars": "purple",
        "UCDP": "amber",
        "UN": "sky",
        "IHS": "slate",
        "Russian MoD": "rose",
        "Syrian government": "brick",
        "ISW": "olive",
        "press": "umber",
        "other": "muted",
    }
)
# A second sign beside the colour: eleven colours cannot all be told apart by everybody.
SYMBOLS = {
    "SOHR": "circle",
    "SNHR": "square",
    "VDC": "diamond",
    "Airwars": "triangle-up",
    "UCDP": "cross",
    "UN": "star",
    "IHS": "hexagon",
    "Russian MoD": "triangle-down",
    "Syrian government": "pentagon",
    "ISW": "x",
    "press": "circle-open",
    "other": "square-open",
}

OUTCOMES = _colours({"adopted": "blue", "vetoed": "vermilion", "not adopted": "slate", "failed": "slate"})
VOTES = _colours(
    {"yes": "blue", "no": "vermilion", "abstain": "ochre", "absent": "slate", "not_established": "axis"}
)

INK, MUTED, AXIS, GRID = (colour(name) for name in ("ink", "muted", "axis", "grid"))
TRANSPARENT = "rgba(0,0,0,0)"
COLORWAY = [
    colour(name)
    for name in ("blue", "vermilion", "green", "purple", "amber", "sky", "slate", "rose", "olive", "umber")
]

DARK_OF: dict[str, str] = dict(PALETTE.values())
_COLOUR = re.compile(
    r"#[0-9a-f]{6}\b|rgba?\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*(?:,\s*([0-9.]+)\s*)?\)", re.I
)


def tint(value: str, alpha: float) -> str:
    """``value`` (a ``#rrggbb`` of the theme) seen through: for areas and bands under a line."""
    if not re.fullmatch(r"#[0-9a-f]{6}", value) or not 0 <= alpha <= 1:
        raise AleppoError(
            f"a tint: expected a colour #rrggbb and an alpha from 0 to 1, found {value!r}, {alpha!r}"
        )
    red, green, blue = (int(value[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"


def darkened(value: Any) -> Any:
    """``value`` with every light colour of the palette replaced by its dark one, in all strings inside it."""
    if isinstance(value, str):
        return _COLOUR.sub(_dark_match, value)
    if isinstance(value, Mapping):
        return {key: darkened(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [darkened(item) for item in value]
    return value


def _dark_match(match: re.Match[str]) -> str:
    plain, alpha = _plain_colour(match)
    dark = DARK_OF.get(plain)
    if dark is None:
        return match[0]
    return dark if alpha is None else tint(dark, float(alpha))


def _plain_colour(match: re.Match[str]) -> tuple[str, str | None]:
    if match[0].startswith("#"):
        return match[0].lower(), None
    red, green, blue = (int(match[place]) for place in (1, 2, 3))
    return f"#{red:02x}{green:02x}{blue:02x}", match[4]


def is_of_the_theme(value: str) -> bool:
    """Whether a colour is transparent, or the light half of a pair, with or without alpha."""
    match = _COLOUR.fullmatch(value.strip())
    if match is None:
        return value == "transparent"
    plain, alpha = _plain_colour(match)
    return plain in DARK_OF or (alpha is not None and float(alpha) == 0)


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


# --- dates -------------------------------------------------------------------------------------------------

BREAK = datetime.date(2015, 9, 30)
BREAK_LABEL = f"Russian air strikes begin, 30{NBSP}Sept{NBSP}2015"

MARK = "mark"
LEADER = "leader"
# How far a label may reach past the ends of the plot, pixels.
MARGIN_LEFT = 24
MARGIN_RIGHT = 8
ROW_HEIGHT = 19
_LETTER = 6.6  # mean width of a letter of a label, pixels

Day = str | datetime.date


def mark_break(fig: go.Figure) -> go.Figure:
    """Mark 30 September 2015, the same way in every time chart: a dashed line with its label above it."""
    return _mark(fig, BREAK, BREAK_LABEL, dash="dash", colour_=INK, width=1.5)


def mark_dates(fig: go.Figure, dates: Mapping[Day, str]) -> go.Figure:
    """Mark other dates (day → label) by thin dotted lines; labels are put in rows so that none overlap."""
    for day in sorted(dates, key=_iso):
        _mark(fig, day, dates[day], dash="dot", colour_=MUTED, width=1)
    return fig


def _mark(fig: go.Figure, day: Day, label: str, *, dash: str, colour_: str, width: float) -> go.Figure:
    when = _iso(day)
    line = {"color": colour_, "dash": dash, "width": width}
    # the whole height, through every row of panels
    fig.add_shape(
        type="line", x0=when, x1=when, y0=0, y1=1, yref="paper", line=line, layer="below", name=MARK
    )
    fig.add_annotation(
        name=MARK,
        x=when,
        y=1,
        yref="paper",
        text=label,
        font={"color": colour_, "size": 13},
        showarrow=False,
        xanchor="left",
        yanchor="bottom",
        yshift=4,
    )
    return fig


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


def placed_marks(
    layout: Mapping[str, Any], span: tuple[str, str], width: float
) -> tuple[dict[str, list[dict[str, Any]]], int]:
    """Put the labels of marks in rows above the plot, and say how many pixels they need there.

    Returns the annotations and shapes of ``layout`` with every label of a mark in its row, a line leading up
    to it, and the others as they were. ``span`` is the first and last day of the axis and ``width`` that of
    the plot, pixels; the length of a label is reckoned from its letters. A label is written to the right of
    its line where there is room, else to the left, else as far left as it must; later dates get lower rows,
    so that a label does not stand on the line of another. Pure.
    """
    start, end = (datetime.date.fromisoformat(str(day)[:10]).toordinal() for day in span)
    scale = width / max(end - start, 1)
    annotations = [copy.deepcopy(item) for item in layout.get("annotations", [])]
    shapes = [copy.deepcopy(item) for item in layout.get("shapes", [])]
    lines = {item["x0"]: item["line"] for item in shapes if item.get("name") == MARK}
    marks = sorted(
        (item for item in annotations if item.get("name") == MARK), key=lambda item: str(item["x"])
    )
    labels = []
    for mark in marks:
        at = (datetime.date.fromisoformat(str(mark["x"])[:10]).toordinal() - start) * scale
        length = len(re.sub(r"<[^>]*>", "", mark["text"])) * _LETTER
        left = at
        if at + length > width + MARGIN_RIGHT:
            left = (
                at - length
                if at - length > -MARGIN_LEFT
                else max(width + MARGIN_RIGHT - length, -MARGIN_LEFT)
            )
        labels.append(_Label(mark, at, left, left + length))
    placed: list[_Label] = []
    for label_ in reversed(labels):
        label_.row = _row_for(label_, placed)
        placed.append(label_)
    for item in placed:
        up = item.row * ROW_HEIGHT + 4
        to_left = item.right <= item.at + 0.5
        item.mark.update(
            xanchor="right" if to_left else "left",
            xshift=0 if to_left else round(item.left - item.at),
            yshift=up,
            bgcolor=PAPER,
            borderpad=1,
        )
        shapes.append(
            {
                "type": "line",
                "name": LEADER,
                "layer": "below",
                "line": lines[item.mark["x"]],
                "x0": item.mark["x"],
                "x1": item.mark["x"],
                "yref": "paper",
                "ysizemode": "pixel",
                "yanchor": 1,
                "y0": 0,
                "y1": up,
            }
        )
    rows = max((item.row + 1 for item in placed), default=0)
    return {"annotations": annotations, "shapes": shapes}, (rows * ROW_HEIGHT + 8 if rows else 0)


@dataclass
class _Label:
    """The label of a mark: where its line stands, what it covers (pixels of the plot), and its row."""

    mark: dict[str, Any]
    at: float
    left: float
    right: float
    row: int = 0

    def covers(self, x: float) -> bool:
        return self.left + 1 < x < self.right - 1


def _row_for(label_: _Label, placed: Sequence[_Label]) -> int:
    """The lowest row where the label overlaps no other, and crosses no leader if there is such a row."""
    free = [
        row
        for row in range(len(placed) + 1)
        if not any(
            other.row == row and label_.left < other.right + 8 and other.left < label_.right + 8
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


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """``base`` with ``over`` laid on it: mappings are merged, anything else replaced. Pure."""
    result = dict(base)
    for key, value in over.items():
        kept = result.get(key)
        both = isinstance(kept, Mapping) and isinstance(value, Mapping)
        result[key] = merged(kept, value) if both else copy.deepcopy(value)  # type: ignore[arg-type]
    return result


def for_the_page() -> dict[str, Any]:
    """What the page's script needs to draw like this module: the map of colours and the templates."""
    return {
        "dark": DARK_OF,
        "template": template(),
        "narrow": narrow_template(),
        "narrowWidth": NARROW_WIDTH,
    }


def foreign_colours(values: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of (place, colour) pairs, those whose colour is not of the theme."""
    return [(place, value) for place, value in values if not is_of_the_theme(value)]
