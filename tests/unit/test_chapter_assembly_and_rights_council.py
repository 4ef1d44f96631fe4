"""Figures and tables of the chapter on the Assembly and the Human Rights Council, on small made evidence."""

import pandas as pd
import pytest

from aleppo.measure import assembly as measure
from aleppo.show import theme
from aleppo.show.chapters import assembly_and_rights_council as draw
from aleppo.show.figure import about

VOTES = pd.DataFrame(
    [
        (
            "GA1",
            "2011-12-19",
            measure.ASSEMBLY,
            "A/RES/66/176",
            measure.ANNUAL,
            3,
            1,
            0,
            "complete",
            "yes",
            "a",
        ),
        (
            "GA2",
            "2016-12-19",
            measure.ASSEMBLY,
            "A/RES/71/203",
            measure.ANNUAL,
            2,
            1,
            1,
            "partial",
            "yes",
            "b",
        ),
        ("GA3", "2013-05-15", measure.ASSEMBLY, None, "Transition", 107, 12, 59, "totals_only", "no", None),
        ("HR1", "2016-10-21", measure.RIGHTS_COUNCIL, "S-25/1", "Session", 2, 1, 1, "partial", "yes", "c"),
    ],
    columns=[
        *("vote_id", "date", "body", "symbol", "subject", "yes", "no", "abstain", "roll", "verified"),
        "source_ids",
    ],
).assign(date=lambda rows: pd.to_datetime(rows["date"]))
MEMBERS = pd.DataFrame(
    [
        ("GA1", "FRA", "yes", "yes"),
        ("GA1", "RUS", "no", "yes"),
        ("GA1", "IRQ", "yes", "yes"),
        ("GA1", "MAR", "yes", "yes"),
        ("GA2", "FRA", "yes", "yes"),
        ("GA2", "RUS", "no", "yes"),
        ("GA2", "IRQ", "no", "yes"),
        ("GA2", "ZWE", "no", "no"),
        ("HR1", "RUS", "no", "yes"),
        ("HR1", "FRA", "not_established", "no"),
        ("HR1", "QAT", "not_established", "no"),
    ],
    columns=["vote_id", "iso3", "vote", "verified"],
)
ROLLS = ["GA1", "GA2"]


@pytest.fixture
def assembly():
    return measure.body_votes(VOTES, measure.ASSEMBLY)


@pytest.fixture
def table():
    return measure.by_pattern(measure.positions(MEMBERS, ROLLS))


def shown(payload):
    return [text for trace in payload["data"] if trace.get("mode") == "text" for text in trace["text"]]


def test_a_total_that_was_not_read_is_an_outline_with_a_dagger_and_no_record_high(assembly):
    payload = draw.totals_figure(assembly, "totals").payload
    in_favour = payload["data"][0]
    assert payload["layout"]["yaxis"]["ticktext"][1].endswith("†")
    assert in_favour["marker"]["line"]["width"] == [0, 1.5, 0]
    assert "most on 19\u00a0December 2011 (3)" in about(payload)["title"]


def test_each_bar_fills_the_seats_of_the_body(assembly):
    payload = draw.totals_figure(assembly, "totals").payload
    assert [sum(parts) for parts in zip(*(trace["x"] for trace in payload["data"]), strict=True)] == [193] * 3


def test_the_strip_gives_every_state_the_same_width(assembly, table):
    votes = assembly[assembly["roll"] != "totals_only"]
    payload = draw.strip_figure(votes, table, MEMBERS[MEMBERS["verified"] == "no"].head(1)).payload
    width = 0.0
    for trace in payload["data"]:
        if trace.get("fill") == "toself":
            width += sum(trace["x"][at + 1] - trace["x"][at] for at in range(0, len(trace["x"]), 6))
    assert width == (table != measure.NO_RECORD).sum().sum()
    assert "†" in shown(payload)


def test_a_vote_has_a_tile_for_every_state_the_missing_one_empty():
    roll = measure.whole_roll(MEMBERS, "GA2", ROLLS)
    payload = draw.tiles_figure(roll, VOTES.iloc[1], "tiles").payload
    assert sorted(shown(payload)) == ["FRA", "IRQ", "MAR", "RUS", "ZWE", "†"]
    empty = next(trace for trace in payload["data"] if trace.get("name", "").startswith("no vote on record"))
    assert empty["fillcolor"] == theme.TRANSPARENT


def test_the_changes_are_counted_from_rows_to_columns(table):
    first, last = VOTES.iloc[0], VOTES.iloc[1]
    payload = draw.changes_figure(measure.changes(table, "GA1", "GA2"), first, last).payload
    assert "2 members kept their vote" in about(payload)["title"]
    assert "1 moved away" in about(payload)["title"]


def test_the_members_table_says_where_a_change_cannot_be_told(assembly, table):
    yearly = measure.annual(VOTES)
    rows = draw.members_table(table, yearly, measure.moved(table, "GA1", "GA2"), yearly.iloc[1]).payload
    change = {row[0]: row[-1] for row in rows["rows"]}
    assert change == {
        "France": "same",
        "Iraq": "away",
        "Morocco": "cannot be told",
        "Russian Federation": "same",
        "Zimbabwe": "cannot be told",
    }
    assert rows["print_rows"] == [1]


def test_the_votes_table_says_what_is_held_of_each_roll():
    rows = draw.votes_table(measure.records(VOTES, MEMBERS)).payload["rows"]
    assert [row[3] for row in rows] == [
        "4 members",
        "4 members, 1 not verified †, may be short of one",
        "totals only",
        "3 members, 2 votes not established",
    ]
    assert rows[2][2] == "107–12–59 †"


def test_a_request_for_the_session_is_drawn_apart_from_a_vote():
    asked = pd.DataFrame({"vote_id": ["HR1"], "iso3": ["QAT"]})
    payload = draw.session_figure(measure.session_roll(MEMBERS, asked, "HR1"), VOTES.iloc[3]).payload
    heads = [note["text"] for note in payload["layout"]["annotations"]]
    assert heads == [
        "against (1)",
        "had asked for the session; vote not established (1)",
        "vote not established (1)",
    ]
