"""Drawings of the chapter on routes and sieges, on small made evidence."""

import pandas as pd
import pytest

from aleppo.measure import corridors
from aleppo.show.chapters import corridors_and_sieges as draw
from aleppo.show.figure import about


@pytest.fixture
def states() -> pd.DataFrame:
    rows = [
        ("R-C", "Castello road", "opposition", "open", "2016-01-01", "2016-07-16", None, None, "yes"),
        (
            "R-C",
            "Castello road",
            "opposition",
            "cut",
            "2016-07-17",
            "2016-12-22",
            "2016-07-06",
            "2016-07-21",
            "yes",
        ),
        ("R-K", "Khanasser road", "government", "not_known", "2016-01-01", "2016-12-22", None, None, "no"),
    ]
    names = [
        "route_id",
        "name_en",
        "side",
        "state",
        "start",
        "end",
        "start_earliest",
        "start_latest",
        "verified",
    ]
    frame = pd.DataFrame(rows, columns=names)
    for name in names[4:8]:
        frame[name] = pd.to_datetime(frame[name])
    return frame.assign(
        reach="gate", confidence="low", basis="made", source_ids=["a", "a;b", None], note=None
    )


def lanes(states: pd.DataFrame, start: str = "2016-01-01", end: str = "2016-12-22") -> dict:
    return draw.lanes_figure(
        states, start, end, id="lanes", title="A finding", tell="Lanes of roads.", marks={}
    ).payload


def test_each_side_has_its_group_of_lanes(states: pd.DataFrame) -> None:
    axis = lanes(states)["layout"]["yaxis"]
    assert set(axis["ticktext"]) == {
        "Castello road (gate)",
        "Khanasser road (gate)",
        "<b>Into the east</b>",
        "<b>Into the west</b>",
    }


def test_a_spell_is_drawn_as_long_as_it_lasts(states: pd.DataFrame) -> None:
    cut = next(trace for trace in lanes(states)["data"] if trace.get("name") == "cut")
    assert cut["base"] == ["2016-07-17"]
    assert cut["x"] == [159 * 86_400_000]


def test_a_spell_is_cut_to_the_days_shown(states: pd.DataFrame) -> None:
    opened = next(trace for trace in lanes(states, "2016-07-01")["data"] if trace.get("name") == "open")
    assert (opened["base"], opened["x"]) == (["2016-07-01"], [16 * 86_400_000])


def test_rival_dates_are_a_bracket_on_the_lane(states: pd.DataFrame) -> None:
    bracket = next(trace for trace in lanes(states)["data"] if trace.get("mode") == "lines+markers")
    assert bracket["x"] == ["2016-07-06", "2016-07-21", None]


def test_spells_that_rest_on_no_page_are_marked_in_figure_and_table(states: pd.DataFrame) -> None:
    assert "read: 1, marked †" in about(lanes(states))["caption"]
    rows = draw.route_table(states).payload["rows"]
    assert [row[1] for row in rows] == ["open", "cut", "not known †"]


def test_the_route_table_prints_what_was_not_open(states: pd.DataFrame) -> None:
    assert draw.route_table(states).payload["print_rows"] == [1]


@pytest.fixture
def dates() -> pd.DataFrame:
    rows = [
        ("first", "start", "2016-07-07", "OCHA"),
        ("first", "start", "2016-07-17", "SOHR"),
        ("first", "end", "2016-08-06", "Reuters"),
        ("second", "start", "2016-08-28", "Sputnik"),
        ("second", "start", "2016-09-04", "AFP"),
        ("second", "end", "2016-12-13", "Turkey"),
        ("second", "end", "2016-12-22", "ICRC"),
        ("designation", "start", "2016-10-05", "OCHA"),
    ]
    frame = pd.DataFrame(rows, columns=["siege", "boundary", "date", "attributed_to"])
    return frame.assign(
        date=pd.to_datetime(frame["date"]), meaning="made", source_ids="a", verified="yes", note=None
    )


def test_the_siege_title_gives_the_range_over_all_definitions(dates: pd.DataFrame) -> None:
    payload = draw.siege_figure(dates, corridors.siege_lengths(dates)).payload
    assert "69–168 days" in about(payload)["title"]


def test_each_first_day_has_a_line_and_each_reading_a_row(dates: pd.DataFrame) -> None:
    lengths = corridors.siege_lengths(dates)
    drawn = draw.siege_figure(dates, lengths).payload["data"]
    lanes = {name for trace in drawn for name in trace["y"] if name}
    assert len(lanes) == 3
    assert len(draw.siege_table(lengths).payload["rows"]) == 5


@pytest.fixture
def people() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "date": pd.to_datetime(["2016-07-13", "2016-08-19", "2016-11-01", "2016-12-09"]),
            "day_known": [True, True, False, True],
            "low": [None, 250_000.0, 110_000.0, None],
            "best": [400_000.0, None, None, 100_000.0],
            "high": [None, 275_000.0, None, None],
            "attributed_to": ["volunteer", "OCHA", "review", "OHCHR"],
            "source_ids": ["a", "b", "c", "d"],
            "verified": ["yes", "yes", "no", "yes"],
        }
    )


def test_figures_keep_their_own_form_and_the_unread_are_marked(people: pd.DataFrame) -> None:
    rows = draw.people_table(people).payload["rows"]
    assert [row[2] for row in rows] == ["400,000", "250,000–275,000", "at least 110,000 †", "100,000"]
    assert rows[2][0] == "November 2016"


def test_the_title_leaves_out_the_figures_of_december(people: pd.DataFrame) -> None:
    assert "from 110,000 to 400,000" in about(draw.population_figure(people).payload)["title"]
