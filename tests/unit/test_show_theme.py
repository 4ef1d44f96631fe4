"""Colours that can be read and told apart, one map between light and dark, and dates marked alike."""

from __future__ import annotations

import datetime
import itertools
import json
import math
import re
from typing import Any

import plotly.graph_objects as go
import pytest

from aleppo.evidence.errors import AleppoError
from aleppo.evidence.paths import repository
from aleppo.show import theme

# Machado, Oliveira and Fernandes (2009), severity 1: how the cones of most colour-blind readers mix colours.
SEEING: dict[str, list[list[float]]] = {
    "all colours": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "no red": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "no green": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "no blue": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
SURFACES = {"paper", "grid", "haze"}


def linear(colour: str) -> list[float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def luminance(colour: str) -> float:
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lab(colour: str, seeing: list[list[float]]) -> tuple[float, float, float]:
    def times(matrix: list[list[float]], vector: list[float]) -> list[float]:
        return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]

    seen = [min(max(part, 0), 1) for part in times(seeing, linear(colour))]
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    whites = (0.9505, 1.0, 1.089)
    x, y, z = (
        part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116
        for part in (value / white for value, white in zip(times(to_xyz, seen), whites, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("name", sorted(set(theme.PALETTE) - SURFACES))
def test_a_colour_stands_out_on_white_and_on_the_dark_ground(name: str) -> None:
    light, dark = theme.PALETTE[name]
    # 3 to 1 for lines of axes, 4.5 to 1 for all that may be text
    least = 3 if name == "axis" else 4.5
    assert contrast(light, theme.PAPER) >= least
    assert contrast(dark, theme.DARK_PAPER) >= least


@pytest.mark.parametrize("seeing", sorted(SEEING))
@pytest.mark.parametrize("half", [0, 1], ids=["light", "dark"])
def test_holders_are_told_apart_by_every_kind_of_eye(seeing: str, half: int) -> None:
    shades = {key: light if half == 0 else theme.DARK_OF[light] for key, light in theme.HOLDERS.items()}
    for one, other in itertools.combinations(shades, 2):
        distance = math.dist(lab(shades[one], SEEING[seeing]), lab(shades[other], SEEING[seeing]))
        assert distance > 18, f"{one} and {other}"


def test_every_light_colour_has_one_dark_colour() -> None:
    assert len(theme.DARK_OF) == len(theme.PALETTE)


def test_publishers_have_a_sign_besides_their_colour() -> None:
    assert set(theme.SYMBOLS) == set(theme.PUBLISHERS)
    assert len(set(theme.SYMBOLS.values())) == len(theme.SYMBOLS)


def test_holders_have_a_colour_and_a_name_each() -> None:
    assert set(theme.HOLDERS) == set(theme.HOLDER_NAMES)
    assert len(set(theme.HOLDERS.values())) == len(theme.HOLDERS)


def test_faint_tints_are_less_faint_on_the_dark_ground_and_keep_their_order() -> None:
    light, dark = theme.PALETTE["blue"]
    alphas = [0.03, 0.1, 0.2, 0.3, 0.45, 0.5, 0.8]
    lifted = [float(theme.darkened(theme.tint(light, alpha)).rstrip(")").split(",")[3]) for alpha in alphas]
    assert lifted == sorted(lifted)
    assert all(after > before for before, after in zip(alphas, lifted, strict=True) if before < 0.5)
    assert lifted[-2:] == alphas[-2:]
    assert theme.darkened(theme.tint(light, 0)) == theme.tint(dark, 0)


def test_darkened_replaces_colours_wherever_they_stand_and_nothing_else() -> None:
    light, dark = theme.PALETTE["blue"]
    figure = {
        "line": {"color": light},
        "fill": theme.tint(light, 0.25),
        "text": f'<span style="color:{light.upper()}">SOHR</span>',
        "scale": [[0, theme.PAPER], [1, light]],
        "y": [1, 2.5],
        "other": "#123456",
    }
    assert theme.darkened(figure) == {
        "line": {"color": dark},
        "fill": theme.tint(dark, 0.355),
        "text": f'<span style="color:{dark}">SOHR</span>',
        "scale": [[0, theme.DARK_PAPER], [1, dark]],
        "y": [1, 2.5],
        "other": "#123456",
    }


def test_tint_refuses_what_is_not_a_colour_of_the_form_it_can_read() -> None:
    with pytest.raises(AleppoError, match="a tint"):
        theme.tint("red", 0.5)


@pytest.mark.parametrize("value", ["#1f5fbf", "#1F5FBF", "rgba(31,95,191,0.3)", "rgba(0,0,0,0)"])
def test_colours_of_the_theme_are_known_in_every_spelling(value: str) -> None:
    assert theme.is_of_the_theme(value)


@pytest.mark.parametrize("value", ["red", "#636efa", "rgba(1,2,3,0.4)", "Viridis"])
def test_other_colours_are_known_as_such(value: str) -> None:
    assert not theme.is_of_the_theme(value)


def test_plotly_accepts_the_templates() -> None:
    for template in (theme.template(), theme.merged(theme.template(), theme.narrow_template())):
        go.Figure().update_layout(template=template)


def test_the_template_holds_no_colour_that_cannot_turn_dark() -> None:
    text = json.dumps(theme.template())
    colours = set(re.findall(r"#[0-9a-f]{6}", text))
    assert colours
    assert colours <= set(theme.DARK_OF)


def test_merged_leaves_what_it_was_given_alone() -> None:
    base: dict[str, Any] = {"a": {"b": 1, "c": 2}, "d": [1]}
    assert theme.merged(base, {"a": {"c": 3}, "d": [2, 3]}) == {"a": {"b": 1, "c": 3}, "d": [2, 3]}
    assert base == {"a": {"b": 1, "c": 2}, "d": [1]}


def test_the_break_is_marked_as_a_dashed_line_on_its_day_with_words_beside_it() -> None:
    fig = theme.mark_break(go.Figure())
    line, words = fig.layout.shapes[0], fig.layout.annotations[0]
    assert (line.x0, line.x1, line.line.dash, line.yref) == ("2015-09-30", "2015-09-30", "dash", "paper")
    assert (words.x, words.text) == ("2015-09-30", theme.BREAK_LABEL)


def test_a_date_to_mark_must_be_a_day() -> None:
    with pytest.raises(AleppoError, match="a date to mark"):
        theme.mark_dates(go.Figure(), {"2016-02": "month"})


def placed(width: float, dates: dict[str, str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]], int]:
    fig = theme.mark_dates(go.Figure(), dates)
    moved, top = theme.placed_marks(fig.to_plotly_json()["layout"], ("2015-01-01", "2016-12-31"), width)
    return moved["annotations"], moved["shapes"], top


DATES = {"2015-09-30": "The break of the series", "2016-02-27": "A truce", "2016-09-12": "Another truce"}


@pytest.mark.parametrize("width", [260, 640])
def test_labels_of_marks_never_overlap(width: float) -> None:
    labels, _, top = placed(width, DATES)
    boxes = []
    for mark in labels:
        at = (datetime.date.fromisoformat(mark["x"]) - datetime.date(2015, 1, 1)).days * width / 730
        length = len(mark["text"]) * 6.6
        left = at + mark["xshift"] - (length if mark["xanchor"] == "right" else 0)
        boxes.append((mark["yshift"], left, left + length))
        assert mark["yshift"] + theme.ROW_HEIGHT <= top
    for one, other in itertools.combinations(boxes, 2):
        assert one[0] != other[0] or one[2] <= other[1] or other[2] <= one[1]


def test_labels_with_room_for_all_share_one_row() -> None:
    labels, _, _ = placed(2000, DATES)
    assert {mark["yshift"] for mark in labels} == {4}


def test_a_label_at_the_right_end_is_written_to_the_left_of_its_line() -> None:
    labels, _, _ = placed(640, {"2016-12-20": "Evacuation agreed"})
    assert labels[0]["xanchor"] == "right"


def test_a_label_stands_above_another_whose_line_it_would_cross() -> None:
    labels, _, _ = placed(
        260, {"2016-10-01": "The pause of October 2016", "2016-12-01": "The evacuation agreed"}
    )
    rows = {mark["x"]: mark["yshift"] for mark in labels}
    # both are written to the left: the later one would stand on the line of the earlier one
    assert [mark["xanchor"] for mark in labels] == ["right", "right"]
    assert rows["2016-12-01"] > rows["2016-10-01"]


def test_every_label_is_led_up_to_in_the_style_of_its_line() -> None:
    labels, shapes, _ = placed(260, DATES)
    leaders = {shape["x0"]: shape for shape in shapes if shape["name"] == theme.LEADER}
    assert {mark["x"]: mark["yshift"] for mark in labels} == {x: shape["y1"] for x, shape in leaders.items()}
    assert all(shape["line"]["dash"] == "dot" for shape in leaders.values())


def test_placing_marks_leaves_other_annotations_where_they_were() -> None:
    fig = theme.label(go.Figure(), "2015-05-01", 3, "direct", theme.INK)
    theme.mark_break(fig)
    layout = fig.to_plotly_json()["layout"]
    moved, _ = theme.placed_marks(layout, ("2015-01-01", "2016-12-31"), 600)
    assert moved["annotations"][0] == layout["annotations"][0]


def test_a_label_anchored_nowhere_is_refused() -> None:
    with pytest.raises(AleppoError, match="anchor"):
        theme.label(go.Figure(), 1, 2, "words", theme.INK, anchor="above")


def test_an_axis_writes_a_percentage_as_prose_does() -> None:
    stills = sorted((repository() / "book" / "figures").glob("*.svg"))
    drawn = {
        still.stem: re.findall(r">[^<>]*?(\d.?%)", still.read_text(encoding="utf-8")) for still in stills
    }
    assert {"east-share", "multiverse"} <= {name for name, found in drawn.items() if found}
    assert {each[1:] for found in drawn.values() for each in found} == {"\u00a0%"}
