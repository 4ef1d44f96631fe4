"""Figures and tables of the chapter on the Security Council, on small made evidence."""

import pandas as pd
import pytest

from aleppo.measure import statements
from aleppo.measure import votes as measure
from aleppo.show.chapters import council_roll
from aleppo.show.chapters import security_council as draw
from aleppo.show.figure import about

MEMBERSHIP = pd.DataFrame(
    [(year, iso3, "yes") for year in (2012, 2016) for iso3 in ("RUS", "CHN", "USA")]
    + [(2012, "TGO", "no"), (2016, "AGO", "no")],
    columns=["year", "iso3", "permanent"],
).assign(member=lambda rows: rows["iso3"])
CAST = pd.DataFrame(
    [
        ("SC1", "RUS", "yes"),
        ("SC1", "CHN", "yes"),
        ("SC1", "USA", "yes"),
        ("SC1", "TGO", "yes"),
        ("SC2", "RUS", "yes"),
        ("SC2", "CHN", "yes"),
        ("SC2", "USA", "no"),
        ("SC2", "AGO", "abstain"),
        ("SC3", "RUS", "no"),
        ("SC3", "CHN", "no"),
        ("SC3", "USA", "yes"),
    ],
    columns=["vote_id", "iso3", "vote"],
).assign(verified="yes")


@pytest.fixture
def votes():
    table = pd.DataFrame(
        {
            "vote_id": ["SC1", "SC2", "SC3"],
            "date": pd.to_datetime(["2012-04-14", "2016-10-08", "2016-12-05"]),
            "symbol": ["S/RES/1", "S/2016/2", "S/2016/3"],
            "subject": ["observers", "halt", "truce"],
            "sponsors": [None, "Russian Federation", "Egypt; New Zealand; Spain"],
            "outcome": ["adopted", "failed", "vetoed"],
            "yes": [15, 4, 11],
            "no": [0, 9, 3],
            "abstain": [0, 2, 1],
            "absent": [0, 0, 0],
            "vetoed_by": [None, None, "CHN;RUS"],
            "touches": ["ceasefire", "aleppo;ceasefire", "aleppo;aid"],
            "source_ids": ["a", "b", "c"],
            "verified": ["yes", "yes", "no"],
            "roll": ["complete", "complete", "incomplete"],
            "note": [None, None, None],
        }
    )
    return measure.council_votes(table, "2011-01-01", "2017-12-31")


def texts(payload, mode="text"):
    return [one for trace in payload["data"] if trace.get("mode") == mode for one in trace.get("text", [])]


def roll(votes):
    grid = measure.roll_grid(votes, CAST, MEMBERSHIP)
    return draw.roll_figure(votes, grid, measure.seats(MEMBERSHIP)).payload


def test_the_table_prints_the_texts_that_were_not_adopted_and_names_who_vetoed(votes):
    payload = draw.council_table(votes).payload
    assert payload["print_rows"] == [1, 2]
    assert payload["rows"][2][2:4] == ["11–3–1", "vetoed by Russia and China †"]


def test_a_text_without_a_known_sponsor_says_so(votes):
    assert draw.council_table(votes).payload["rows"][0][1].endswith("Put forward by: not established")


def test_a_long_list_of_sponsors_is_cut_to_its_number(votes):
    votes.loc[0, "sponsors"] = "A; B; C; D; E; F; G"
    votes.loc[1, "sponsors"] = "France and Spain as drafters, with 44 further co-sponsors: Andorra, Australia"
    rows = draw.council_table(votes).payload["rows"]
    assert "7 states, among them A, B, C" in rows[0][1]
    assert rows[1][1].endswith("France and Spain as drafters, and 44 further states")


def test_the_figure_marks_a_vote_that_no_page_confirms(votes):
    payload = draw.council_figure(votes).payload
    signs = [
        trace["marker"]["symbol"] for trace in payload["data"] if trace.get("name", "").startswith("vetoed")
    ]
    assert signs == [["x-open"]]
    assert "†" in about(payload)["caption"]


def test_every_seat_has_a_cell_and_nobody_else(votes):
    hovers = [
        text for trace in roll(votes)["data"] if trace.get("mode") == "markers" for text in trace["text"]
    ]
    cells = [text for text in hovers if ": " in text.split("<br>")[0]]
    assert len(cells) == 4 + 4 + 4
    assert not any(text.startswith("Togo") and "2016" in text for text in cells)


def test_against_abstained_and_not_established_have_signs_of_their_own(votes):
    signs = texts(roll(votes))
    assert (signs.count("×"), signs.count("–"), signs.count("?")) == (3, 1, 1)


def test_a_vote_with_an_incomplete_roll_is_framed_and_said(votes):
    payload = roll(votes)
    frames = [shape for shape in payload["layout"]["shapes"] if shape["type"] == "rect"]
    assert len(frames) == 1
    assert "incomplete roll" in about(payload)["caption"]


def test_a_member_vote_that_is_not_verified_has_a_dagger(votes):
    cast = CAST.assign(verified=["no", *["yes"] * 10])
    grid = measure.roll_grid(votes, cast, MEMBERSHIP)
    payload = draw.roll_figure(votes, grid, measure.seats(MEMBERSHIP)).payload
    assert texts(payload).count("†") == 1


def test_years_are_a_column_apart(votes):
    assert council_roll.columns_of(votes) == [0, 2, 3]


def test_the_subjects_are_drawn_once_for_each_text_that_touches_them(votes):
    payload = draw.subjects_figure(votes, measure.subject_counts(votes)).payload
    assert sum(len(trace["x"]) for trace in payload["data"]) == 5


def test_the_agreement_shows_the_number_of_votes_in_every_cell(votes):
    pairs = [("RUS", "CHN"), ("RUS", "USA")]
    divided = measure.contested(votes)
    whole = measure.agreement(divided, CAST)
    by_year = measure.agreement_by_year(divided, CAST, pairs)
    fixed = measure.agreement(divided, CAST, [*pairs, ("CHN", "USA")])
    payload = draw.agreement_figure(by_year, fixed, divided).payload
    assert payload["data"][0]["text"][0] == ["2/2", "2/2"]
    assert "2 times" in about(payload)["title"]
    assert len(whole)


def test_the_elected_table_tells_two_terms_from_one():
    order = measure.seats(
        pd.concat(
            [
                MEMBERSHIP,
                pd.DataFrame([(2016, "TGO", "no", "TGO")], columns=["year", "iso3", "permanent", "member"]),
            ]
        )
    )
    votes = pd.DataFrame({"vote_id": ["SC1", "SC2"], "source_ids": ["a", "b"]})
    rows = measure.with_permanent(votes, CAST, MEMBERSHIP)
    seats = {row[0]: row[1] for row in draw.elected_table(rows, votes, order).payload["rows"]}
    assert seats == {"Togo": "2 years, 2012 to 2016", "Angola": "2016"}


def test_a_statement_names_the_member_its_vote_and_where_it_was_read(votes):
    said = pd.DataFrame(
        {
            "vote_id": ["SC3"],
            "iso3": ["RUS"],
            "position": ["A pause would let armed groups regroup"],
            "source_ids": ["c;d"],
            "verified": ["no"],
            "note": ["Said to journalists before the vote"],
        }
    )
    row = draw.explanations_table(measure.explained(votes, said, CAST)).payload["rows"][0]
    assert row[2] == "Russian Federation, against"
    assert row[3] == "A pause would let armed groups regroup (said to journalists before the vote) †"


def test_the_statements_of_the_article_stand_beside_their_rows(votes):
    claims = pd.DataFrame(
        {
            "claim_id": ["ITV-37", "ITV-38", "ITV-39", "ITV-40"],
            "paraphrase": ["one", "two", "three", "four"],
            "source_ids": ["e", None, "f", None],
        }
    )
    both = "United States; Russian Federation"
    ceasefires = pd.DataFrame(
        [
            ("CF08", "Cessation", "2016-02-27", "2016-07", both, "Nationwide", "g"),
            ("CF16", "September truce", "2016-09-12", "2016-09-19", both, "Nationwide", "g"),
            ("CF20", "Evacuation", "2016-12-13", "2016-12-22", "Russian Federation; Turkey", "Aleppo", "h"),
        ],
        columns=["ceasefire_id", "name", "start", "end", "brokers", "area", "source_ids"],
    )
    measures = pd.DataFrame(
        {"measure_id": ["M11"], "date_start": ["2016-10-08"], "kind": ["statement"], "source_ids": ["i"]}
    )
    table = draw.statements_table(statements.statements(votes, ceasefires, measures), claims).payload
    by_claim = {row[0]: row for row in table["rows"]}
    assert (
        "2 texts on Aleppo came to the vote from 30 September 2015 to the article, none of them adopted"
        in by_claim["ITV-38"][2]
    )
    assert "brokered by the Russian Federation and Turkey" in by_claim["ITV-38"][2]
    assert "lasted 7 days" in by_claim["ITV-39"][2]
    assert by_claim["ITV-39"][3] == "CF08, CF16"
