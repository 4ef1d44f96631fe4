"""Votes of the Assembly and the Human Rights Council: rolls, changes, and what is missing."""

import pandas as pd
import pytest

from aleppo.measure import assembly as measure

VOTES = pd.DataFrame(
    [
        ("GA2", "2012-12-20", measure.ASSEMBLY, measure.ANNUAL, 2, 1, 1, "complete", "yes"),
        ("GA1", "2011-12-19", measure.ASSEMBLY, measure.ANNUAL, 3, 1, 0, "complete", "yes"),
        ("GA3", "2012-02-16", measure.ASSEMBLY, "Arab League plan", 4, 0, 0, "totals_only", "no"),
        ("HR1", "2016-10-21", measure.RIGHTS_COUNCIL, "Session", 2, 1, 1, "partial", "yes"),
    ],
    columns=["vote_id", "date", "body", "subject", "yes", "no", "abstain", "roll", "verified"],
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
        ("GA2", "ZWE", "abstain", "no"),
        ("HR1", "RUS", "no", "yes"),
        ("HR1", "FRA", "not_established", "no"),
        ("HR1", "QAT", "not_established", "no"),
    ],
    columns=["vote_id", "iso3", "vote", "verified"],
)


@pytest.fixture
def table():
    return measure.positions(MEMBERS, ["GA1", "GA2"])


def test_the_votes_of_one_body_are_in_date_order_with_the_seats_that_cast_none():
    rows = measure.body_votes(VOTES, measure.ASSEMBLY)
    assert rows["vote_id"].to_list() == ["GA1", "GA3", "GA2"]
    assert rows["others"].to_list() == [189, 189, 189]


def test_only_texts_of_the_yearly_series_are_compared():
    assert measure.annual(VOTES)["vote_id"].to_list() == ["GA1", "GA2"]


def test_a_state_without_a_row_has_no_vote_on_record(table):
    assert table.loc["MAR"].to_list() == ["yes", "no_record"]
    assert table.loc["ZWE"].to_list() == ["no_record", "abstain"]


def test_changes_count_every_state_once(table):
    rows = measure.changes(table, "GA1", "GA2")
    assert rows["states"].sum() == len(table)
    assert rows.set_index(["before", "after"]).loc[("yes", "no"), "iso3"] == "IRQ"


def test_a_missing_vote_is_no_move(table):
    rows = measure.moved(table, "GA1", "GA2")
    assert rows[["iso3", "step"]].values.tolist() == [["IRQ", -2]]


def test_the_pattern_runs_from_those_in_favour_to_those_against(table):
    order = measure.by_pattern(table).index.to_list()
    assert order[:2] == ["FRA", "MAR"] or order[:2] == ["MAR", "FRA"]
    assert order[-1] == "RUS"


def test_a_whole_roll_has_every_state_and_marks_what_no_page_confirms():
    roll = measure.whole_roll(MEMBERS, "GA2", ["GA1", "GA2"]).set_index("iso3")
    assert roll["vote"].to_dict() == {
        "FRA": "yes",
        "IRQ": "no",
        "MAR": "no_record",
        "RUS": "no",
        "ZWE": "abstain",
    }
    assert roll.loc["ZWE", "verified"] == "no"


def test_records_say_what_of_the_roll_is_held():
    rows = measure.records(VOTES, MEMBERS).set_index("vote_id")
    assert rows.loc["GA2", ["rows", "unverified", "short"]].to_list() == [4, 1, 0]
    assert rows.loc["GA3", ["rows", "short"]].to_list() == [0, 4]
    assert rows.loc["HR1", ["rows", "not_established", "unverified", "short"]].to_list() == [3, 2, 0, 3]


def test_a_missing_row_is_told_from_a_vote():
    assert measure.missing_votes(MEMBERS, "GA1", "ZWE")
    assert not measure.missing_votes(MEMBERS, "GA2", "ZWE")


def test_having_asked_for_a_session_leaves_the_vote_as_it_is():
    asked = pd.DataFrame({"vote_id": ["HR1", "GA1"], "iso3": ["QAT", "RUS"]})
    roll = measure.session_roll(MEMBERS, asked, "HR1").set_index("iso3")
    assert roll["asked"].to_dict() == {"FRA": False, "QAT": True, "RUS": False}
    assert roll.loc["QAT", "vote"] == "not_established"
