"""The rows behind what the ITV article says of the international community."""

import pandas as pd
import pytest

from aleppo.measure import statements

BOTH = "United States; Russian Federation"
CEASEFIRES = pd.DataFrame(
    [
        ("CF04", "Talks", "2015-10-30", "2015-10-30", f"{BOTH}; 17 states", "Diplomatic"),
        ("CF07", "Munich", "2016-02-11", "2016-02-12", f"ISSG of the {BOTH}", "Nationwide"),
        ("CF08", "Cessation", "2016-02-27", "2016-07", BOTH, "Nationwide"),
        ("CF16", "September truce", "2016-09-12", "2016-09-19", BOTH, "Nationwide"),
        ("CF18", "Pause", "2016-11-04", "2016-11-04", "Russian Federation", "Eastern Aleppo"),
        ("CF20", "Evacuation", "2016-12-13", "2016-12-22", "Russian Federation; Turkey", "Eastern Aleppo"),
    ],
    columns=["ceasefire_id", "name", "start", "end", "brokers", "area"],
).assign(source_ids="a")
VOTES = pd.DataFrame(
    [
        ("SC1", "2014-02-22", "aid;aleppo", "Australia"),
        ("SC2", "2016-02-26", "ceasefire;aid", BOTH),
        ("SC3", "2016-10-08", "aleppo;ceasefire", "France"),
        ("SC4", "2016-12-19", "aleppo;aid", "France"),
        ("SC5", "2017-02-28", "chemical_weapons", "France"),
    ],
    columns=["vote_id", "date", "touches", "sponsors"],
).assign(date=lambda rows: pd.to_datetime(rows["date"]), source_ids="b")
MEASURES = pd.DataFrame(
    [
        ("M07", "2016-02-19", "diplomatic"),
        ("M10", "2015-01-01", "statement"),
        ("M11", "2016-10-08", "statement"),
        ("M12", "2016-12-20", "statement"),
        ("M32", "2016-10-20", "statement"),
    ],
    columns=["measure_id", "date_start", "kind"],
).assign(source_ids="c;b")


@pytest.fixture
def evidence():
    return {one.claim_id: one for one in statements.statements(VOTES, CEASEFIRES, MEASURES)}


def test_halts_that_both_brokered_are_told_from_their_talks():
    both = statements.brokered_by_both(CEASEFIRES).set_index("ceasefire_id")
    assert both.index.to_list() == ["CF04", "CF07", "CF08", "CF16"]
    assert both["talks"].to_list() == [True, True, False, False]


def test_a_halt_whose_end_is_known_to_the_month_has_no_length():
    days = statements.brokered_by_both(CEASEFIRES).set_index("ceasefire_id")["days"]
    assert days["CF16"] == 7
    assert pd.isna(days["CF08"])


def test_votes_after_the_article_are_no_evidence_for_what_it_says_of_the_past(evidence):
    assert evidence["ITV-37"].votes["vote_id"].to_list() == ["SC2", "SC3"]
    assert evidence["ITV-38"].votes["vote_id"].to_list() == ["SC3"]


def test_only_statements_between_the_break_and_the_article_count(evidence):
    assert evidence["ITV-38"].measures["measure_id"].to_list() == ["M11", "M32"]
    assert evidence["ITV-37"].measures["measure_id"].to_list() == ["M07", "M32"]


def test_the_truces_of_both_come_with_the_vote_that_took_one_up(evidence):
    assert evidence["ITV-39"].rows == ["SC2", "CF04", "CF07", "CF08", "CF16"]


def test_the_last_statement_waits_for_the_votes_of_the_next_year(evidence):
    assert evidence["ITV-40"].rows == ["SC5"]


def test_sources_are_those_of_all_rows_once(evidence):
    assert evidence["ITV-37"].sources == ["b", "c"]
