"""Charts of days: shared windows, the break marked in each, what an axis counts said above it."""

from __future__ import annotations

import datetime
from typing import Any

import plotly.graph_objects as go
import pytest
from plotly.subplots import make_subplots
from show_samples import chart, sample

from aleppo.bookkit.fingerprints import find_notebooks
from aleppo.evidence.errors import AleppoError
from aleppo.show import axes, days, figure, stills, theme

LEFTS = {days.LEFT, days.LANES}


@pytest.fixture(scope="module")
def stored() -> dict[str, dict[str, Any]]:
    """Every figure of the book."""
    return stills.figures_in(find_notebooks())


def dated_axes(layout: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        axis
        for key, axis in layout.items()
        if key.startswith("xaxis") and axis.get("range") and all(map(axes.is_day, axis["range"]))
    ]


def test_every_chart_of_days_marks_the_break_if_its_days_hold_it(stored: dict[str, dict[str, Any]]) -> None:
    marked = 0
    for name, payload in stored.items():
        axes.check_break(payload["layout"], name)
        shapes = [shape for shape in payload["layout"].get("shapes", []) if shape.get("name") == theme.MARK]
        labels = [a for a in payload["layout"].get("annotations", []) if a.get("text") == theme.BREAK_LABEL]
        breaks = [shape for shape in shapes if shape["x0"] == theme.BREAK.isoformat()]
        assert len(breaks) <= 1 and len(labels) <= 1, name
        for shape in breaks:
            assert shape["line"] == days.BREAK_LINE and shape["layer"] == "above", name
        marked += len(breaks)
    assert marked >= 20


def test_nothing_but_the_break_is_drawn_as_it_is(stored: dict[str, dict[str, Any]]) -> None:
    for name, payload in stored.items():
        for shape in payload["layout"].get("shapes", []):
            if shape.get("line", {}).get("dash") == "dash":
                assert shape["name"] in (theme.MARK, days.MARK_BETWEEN, theme.LEADER), name


def test_charts_of_days_stand_in_shared_windows_at_one_place(stored: dict[str, dict[str, Any]]) -> None:
    windows = {window.name: window for window in days.WINDOWS}
    used: dict[str, int] = {}
    for name, payload in stored.items():
        facts = figure.about(payload) or {}
        if "window" not in facts:
            # two panels of one stretch each, with the years between them left out
            assert not dated_axes(payload["layout"]) or name == "truce-lanes", name
            continue
        window = windows.get(facts["window"])
        for axis in dated_axes(payload["layout"]) if window else []:
            assert window and axis["range"] == [window.first, window.last], name
        margin = payload["layout"]["margin"]
        assert margin["l"] in LEFTS and margin["r"] == days.RIGHT, name
        used[facts["window"]] = used.get(facts["window"], 0) + 1
    assert sum(used.values()) >= 20
    assert all(used.get(name, 0) > 1 for name in windows)


def test_no_vertical_axis_has_its_title_on_its_side(stored: dict[str, dict[str, Any]]) -> None:
    for name, payload in stored.items():
        for key, axis in payload["layout"].items():
            if key.startswith("yaxis") and axis.get("title"):
                across = payload["layout"].get(f"xaxis{axis.get('anchor', 'x')[1:]}", {})
                assert across.get("side") == "top", name


def test_a_chart_that_holds_the_break_and_does_not_mark_it_is_refused() -> None:
    with pytest.raises(
        AleppoError, match="expected the break marked on an axis from 2015-01-01 to 2017-04-15"
    ):
        sample(theme.time_axis(chart(), theme.TURN))
    assert sample(theme.mark_break(theme.time_axis(chart(), theme.TURN))).payload


def test_a_chart_of_days_after_the_break_needs_no_mark() -> None:
    fig = go.Figure(go.Scatter(x=["2016-05-01", "2016-06-01"], y=[1, 2]))
    assert figure.about(sample(theme.time_axis(fig, theme.LAST_YEAR)).payload)["window"] == "last-year"  # type: ignore[index]


def test_one_line_crosses_panels_that_share_their_days() -> None:
    fig = make_subplots(rows=2, cols=1, shared_xaxes=True)
    for row in (1, 2):
        fig.add_scatter(x=["2015-03-02", "2016-03-07"], y=[1, 2], row=row, col=1)
    layout = sample(theme.mark_break(theme.time_axis(fig, theme.TURN))).payload["layout"]
    assert [shape["xref"] for shape in layout["shapes"] if shape["name"] == theme.MARK] == ["x"]


def test_the_words_of_an_axis_stand_above_its_marks_on_wide_and_narrow_screens() -> None:
    fig = theme.mark_break(theme.time_axis(chart(), theme.TURN))
    fig.update_yaxes(title="deaths a week")
    payload = sample(fig).payload
    narrow = (figure.about(payload) or {})["narrow"]
    for layout in (payload["layout"], theme.merged(payload["layout"], narrow)):
        words = next(item for item in layout["annotations"] if item["name"] == axes.AXIS_WORDS)
        marks = [item for item in layout["annotations"] if item["name"] == theme.MARK]
        assert words["text"] == "deaths a week" and marks
        assert all(words["yshift"] >= item["yshift"] + theme.ROW_HEIGHT for item in marks)
        assert layout["margin"]["t"] >= words["yshift"] + axes.ROW
        assert not layout["yaxis"].get("title")
    assert payload["layout"]["margin"]["l"] == days.LEFT and narrow["margin"]["l"] < days.LEFT
    assert narrow["yaxis"]["automargin"] and narrow["xaxis"]["dtick"] == "M6"


def test_the_words_of_an_axis_stand_once_where_a_narrow_layout_is_higher() -> None:
    fig = go.Figure(go.Scatter(x=[1, 2], y=[1, 2]))
    fig.add_annotation(x=1, y=1, yref="paper", text="no change", yanchor="bottom", showarrow=False)
    fig.update_yaxes(title="share")
    layout = {"xref": "x", "height": 500}
    narrow = axes.titles_in_words(made := fig.to_plotly_json()["layout"] | {"height": 400}, layout, None)
    for one in (made, narrow):
        assert sorted(item["text"] for item in one["annotations"]) == ["no change", "share"]


def test_a_chart_whose_other_axis_is_above_keeps_the_title_beside() -> None:
    fig = go.Figure(go.Scatter(x=[1, 2], y=[1, 2]))
    fig.update_xaxes(side="top")
    fig.update_yaxes(title="before")
    assert sample(fig).payload["layout"]["yaxis"]["title"]


def test_rows_in_order_leave_one_free_for_the_break() -> None:
    before, after = datetime.date(2015, 9, 29), datetime.date(2015, 9, 30)
    assert days.rows_around_break([before, before, after]) == ([0, 1, 3], 2)
    assert days.rows_around_break([before]) == ([0], None)
    assert days.rows_around_break([after, after]) == ([0, 1], None)


@pytest.mark.parametrize("axis", ["x", "y"])
def test_the_break_between_things_in_order_looks_like_the_break_on_an_axis(axis: str) -> None:
    fig = theme.mark_break_between(go.Figure(), 2, axis)
    assert fig.layout.shapes[0].line.to_plotly_json() == days.BREAK_LINE
    assert fig.layout.annotations[0].text == theme.BREAK_LABEL
    assert (
        fig.layout.annotations[0].font.weight
        == theme.mark_break(go.Figure()).layout.annotations[0].font.weight
    )


def test_names_of_lines_keep_apart() -> None:
    ends = [
        ("a", "2016-01-01", 1.0, theme.INK),
        ("b", "2016-01-01", 1.02, theme.INK),
        ("c", "2016-01-01", 5, theme.INK),
    ]
    heights = [item.y for item in theme.name_lines(go.Figure(), ends, apart=0.5).layout.annotations]
    assert heights == [1.0, 1.5, 5]


def test_the_break_is_told_on_two_lines_where_that_keeps_labels_off_the_lines_of_others() -> None:
    fig = go.Figure(go.Scatter(x=["2012-07-01", "2016-12-31"], y=[1, 2]))
    days.mark_dates(days.mark_break(fig), {"2016-02-03": "Azaz road cut"})
    layout, span = fig.to_plotly_json()["layout"], ("2012-06-15", "2017-04-15")

    def texts(**given: Any) -> list[str]:
        placed, _ = days.placed_marks(layout, span, 190, **given)
        return [item["text"] for item in placed["annotations"] if item["name"] == days.MARK]

    assert "Russian air strikes begin,<br>" in " ".join(texts(room=90, fold=True))
    assert "<br>" not in " ".join(texts())
