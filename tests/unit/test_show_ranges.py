"""Published figures on rows: their words, their signs, and where their labels stand."""

import pandas as pd
import plotly.graph_objects as go
import pytest

from aleppo.evidence.errors import AleppoError
from aleppo.show import ranges

NA = float("nan")


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        ((NA, 3804, NA), "3,804"),
        ((6384, NA, 9667), "6,384–9,667"),
        ((34, 40, 51), "40 [34–51]"),
        ((2700, NA, NA), "at least 2,700"),
        ((NA, NA, 1005), "up to 1,005"),
        ((NA, 0, NA), "0"),
        ((398, 398, 398), "398"),
    ],
)
def test_a_figure_is_said_with_its_range(figure, words):
    assert ranges.amount(*figure) == words


def test_a_row_without_a_figure_is_refused():
    with pytest.raises(AleppoError, match="expected a low, best or high"):
        ranges.amount(NA, None, pd.NA)


@pytest.mark.parametrize(
    ("value", "words"), [(9667, "9,667"), (9667.0, "9,667"), (0.5, "0.50"), (12.345, "12.35")]
)
def test_a_figure_of_any_unit_has_decimals_only_if_it_is_not_whole(value, words):
    assert ranges.of_any_unit(value) == words


def test_what_was_not_verified_carries_a_dagger():
    assert (ranges.dagger("SOHR", "no"), ranges.dagger("SOHR", "yes")) == ("SOHR†", "SOHR")


def rows(*figures, verified="yes"):
    frame = pd.DataFrame(figures, columns=["row", "low", "best", "high", "family"])
    return frame.assign(verified=verified, said="x", hover="h")


def drawn(frame, words=("a", "b"), span=(0, 100), **more):
    return ranges.draw_rows(go.Figure(), frame, list(words), span, **more)


def points(fig):
    return [trace for trace in fig.data if trace.mode == "markers"]


def test_a_range_without_a_middle_is_drawn_as_its_two_ends():
    fig = drawn(rows((0, 10, NA, 30, "Airwars")))
    line = next(trace for trace in fig.data if trace.mode == "lines+markers")
    assert list(line.x)[:2] == [10.0, 30.0]
    assert points(fig)[0].marker.symbol == ("line-ns-open",)


def test_a_lower_bound_is_a_triangle_that_points_up_the_axis():
    assert points(drawn(rows((0, 10, NA, NA, "SNHR"))))[0].marker.symbol == ("triangle-right",)


def test_hollow_means_not_verified_and_nothing_else():
    assert points(drawn(rows((0, NA, 10, NA, "other"))))[0].marker.symbol == ("square",)
    assert points(drawn(rows((0, NA, 10, NA, "other"), verified="no")))[0].marker.symbol == ("square-open",)


def labels(fig):
    return {note.x: note.xanchor for note in fig.layout.annotations if note.xref != "paper"}


def test_labels_stand_on_the_side_that_has_room():
    fig = drawn(rows((0, NA, 10, NA, "SOHR"), (1, NA, 90, NA, "SOHR")))
    assert labels(fig) == {10.0: "left", 90.0: "right"}


def test_a_range_over_the_whole_axis_is_labelled_at_its_right():
    assert labels(drawn(rows((0, 5, NA, 70, "SOHR")))) == {70.0: "left"}


def test_labels_of_a_logarithmic_axis_stand_at_powers_of_ten():
    assert labels(drawn(rows((0, NA, 10, NA, "SOHR")), span=(1, 1000), log=True)) == {1.0: "left"}


def test_without_values_only_publishers_without_a_sign_are_named():
    fig = drawn(rows((0, NA, 10, NA, "SOHR"), (1, NA, 20, NA, "other")), values=False)
    assert list(labels(fig)) == [20.0]


def test_every_row_has_its_words_above_it():
    fig = drawn(rows((0, NA, 10, NA, "SOHR")), words=("first", "second<br>line"))
    words = [note for note in fig.layout.annotations if note.xref == "paper"]
    assert [(note.text, note.y, note.yanchor) for note in words] == [
        ("first", 0, "bottom"),
        ("second<br>line", 1, "bottom"),
    ]


def test_a_narrow_screen_takes_words_of_two_lines_and_their_height():
    frame = rows((0, NA, 10, NA, "SOHR"))
    words = ["first<br>second"]
    wide, small = drawn(frame, ranges.one_line(words)), drawn(frame, words)
    narrow = ranges.narrow_of(small)
    assert [note["text"] for note in narrow["annotations"]] == ["x", "first<br>second"]
    assert narrow["height"] > wide.layout.height


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2016-01-01", "2016-12-31", "2016"),
        ("2016-03-01", "2016-03-31", "March 2016"),
        ("2016-08-01", "2016-12-31", "Aug – Dec 2016"),
        ("2015-10-01", "2017-03-31", "Oct 2015 – March 2017"),
        ("2016-09-19", "2016-09-19", "19 Sept 2016"),
        ("2016-04-22", "2016-04-25", "22–25 April 2016"),
        ("2016-04-22", "2016-07-18", "22 April – 18 July 2016"),
        ("2015-09-30", "2016-09-29", "30 Sept 2015 – 29 Sept 2016"),
    ],
)
def test_a_period_is_said_in_short_words(start, end, words):
    assert ranges.period(pd.Timestamp(start), pd.Timestamp(end)) == words
