"""Votes of the Security Council: outcomes, rolls, seats and agreement."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aleppo.measure import votes as measure

VOTES = pd.DataFrame(
    {
        "vote_id": ["SC3", "SC1", "SC2", "SC4"],
        "date": pd.to_datetime(["2016-12-05", "2011-10-04", "2012-04-14", "2018-02-24"]),
        "outcome": ["vetoed", "vetoed", "adopted", "adopted"],
        "vetoed_by": ["CHN;RUS", "CHN;RUS", None, None],
        "yes": [11, 9, 15, 15],
        "touches": ["aleppo;ceasefire", "political", "ceasefire", "aid"],
        "note": ["yes votes derived from Council membership", None, "Meeting 1", None],
        "roll": ["complete"] * 4,
    }
)


@pytest.fixture
def votes():
    return measure.council_votes(VOTES, "2011-01-01", "2017-12-31")


def test_votes_are_bounded_by_their_dates_and_in_date_order(votes):
    assert votes["vote_id"].to_list() == ["SC1", "SC2", "SC3"]


def test_vetoes_count_the_permanent_members_who_cast_one(votes):
    assert votes["vetoes"].to_list() == [2, 0, 2]


def test_outcomes_are_counted_by_year_with_a_total(votes):
    table = measure.outcome_counts(votes)
    assert table[["year", "total"]].values.tolist() == [[2011, 1], [2012, 1], [2016, 1]]


def test_vetoes_are_counted_by_member_with_a_joint_veto_counted_for_each():
    votes = measure.council_votes(
        VOTES.assign(vetoed_by=["RUS", "CHN;RUS", None, None]), "2011-01-01", "2017-12-31"
    )
    assert measure.vetoes_by_member(votes).to_dict() == {"RUS": 2, "CHN": 1}


def test_a_text_counts_under_each_subject_that_it_touches(votes):
    counts = measure.subject_counts(votes).set_index("subject")
    assert counts.loc["ceasefire", ["adopted", "vetoed", "failed", "total"]].to_list() == [1, 1, 0, 2]
    assert counts.loc["aleppo", "total"] == 1
    assert counts.loc["chemical_weapons", "total"] == 0


def test_a_subject_is_matched_whole():
    votes = pd.DataFrame({"touches": ["aid_convoys", "aid", None]})
    assert measure.touching(votes, "aid").index.to_list() == [1]


def test_divided_votes_are_those_without_all_fifteen_in_favour(votes):
    assert measure.contested(votes)["vote_id"].to_list() == ["SC1", "SC3"]


def test_a_roll_that_follows_from_the_membership_is_known_by_its_note(votes):
    assert measure.derived_rolls(votes)["vote_id"].to_list() == ["SC3"]


MEMBERSHIP = pd.DataFrame(
    [
        (year, iso3, iso3.title(), permanent)
        for year in (2011, 2012)
        for iso3, permanent in (("USA", "yes"), ("RUS", "yes"), ("CHN", "yes"))
    ]
    + [(2011, "LBN", "Lebanon", "no"), (2012, "TGO", "Togo", "no"), (2011, "BRA", "Brazil", "no")],
    columns=["year", "iso3", "member", "permanent"],
)
DUE = pd.DataFrame(
    {"vote_id": ["A", "B"], "year": [2011, 2012], "date": pd.to_datetime(["2011-10-04", "2012-02-04"])}
)
CAST = pd.DataFrame(
    [
        ("A", "USA", "yes"),
        ("A", "RUS", "no"),
        ("A", "CHN", "no"),
        ("A", "LBN", "abstain"),
        ("A", "BRA", "absent"),
        ("B", "USA", "yes"),
        ("B", "RUS", "no"),
        ("B", "CHN", "abstain"),
    ],
    columns=["vote_id", "iso3", "vote"],
).assign(verified="yes")


def test_permanent_members_come_first_and_elected_ones_by_first_year():
    assert measure.seats(MEMBERSHIP)["iso3"].to_list() == ["RUS", "CHN", "USA", "BRA", "LBN", "TGO"]


def test_the_grid_has_a_cell_for_every_seat_and_none_for_a_state_without_one():
    grid = measure.roll_grid(DUE, CAST, MEMBERSHIP)
    assert len(grid) == 5 + 4
    assert not ((grid["iso3"] == "TGO") & (grid["vote_id"] == "A")).any()


def test_abstention_absence_and_a_vote_not_established_are_kept_apart():
    grid = measure.roll_grid(DUE, CAST, MEMBERSHIP).set_index(["vote_id", "iso3"])["vote"]
    assert grid["A", "LBN"] == "abstain"
    assert grid["A", "BRA"] == "absent"
    assert grid["B", "TGO"] == "not_established"


def test_the_check_of_seats_finds_a_seat_without_a_vote_and_a_vote_without_a_seat():
    stray = pd.concat([CAST, CAST.head(1).assign(iso3="TGO")])
    check = measure.seat_check(DUE, stray, MEMBERSHIP).set_index("year")
    assert check.loc[2011, ["seats", "votes", "without_seat", "without_vote"]].to_list() == [5, 1, 1, 0]
    assert check.loc[2012, ["without_seat", "without_vote"]].to_list() == [0, 1]


def test_agreement_counts_the_votes_that_both_cast():
    rows = measure.agreement(DUE, CAST).set_index(["a", "b"])
    assert rows.loc[("CHN", "RUS"), ["n", "same"]].to_list() == [2, 1]
    assert rows.loc[("CHN", "RUS"), "share"] == 0.5
    assert ("LBN", "TGO") not in rows.index


def test_an_absence_is_no_position_to_agree_in():
    assert ("BRA", "USA") not in measure.agreement(DUE, CAST).set_index(["a", "b"]).index


@given(
    st.lists(
        st.tuples(st.sampled_from(["yes", "no", "abstain"]), st.sampled_from(["yes", "no", "abstain"])),
        min_size=1,
        max_size=8,
    )
)
def test_agreement_is_the_same_both_ways_and_a_share(pairs):
    cast = pd.DataFrame(
        [
            (f"V{n}", iso3, vote)
            for n, both in enumerate(pairs)
            for iso3, vote in zip("PQ", both, strict=True)
        ],
        columns=["vote_id", "iso3", "vote"],
    )
    votes = pd.DataFrame({"vote_id": [f"V{n}" for n in range(len(pairs))]})
    one, other = (measure.agreement(votes, cast, [pair]).iloc[0] for pair in (("P", "Q"), ("Q", "P")))
    assert (
        (one["n"], one["same"]) == (other["n"], other["same"]) == (len(pairs), sum(a == b for a, b in pairs))
    )
    assert 0 <= one["share"] <= 1


def test_agreement_by_year_leaves_years_apart():
    rows = measure.agreement_by_year(DUE, CAST, [("RUS", "CHN")])
    assert rows[["year", "n", "same"]].values.tolist() == [[2011, 1, 1], [2012, 1, 0]]


def test_elected_members_are_set_beside_the_permanent_ones():
    rows = measure.with_permanent(DUE, CAST, MEMBERSHIP).set_index("iso3")
    assert rows.loc["LBN", ["n", "RUS", "USA"]].to_list() == [1, 0, 0]
    assert "BRA" not in rows.index  # absent in the only vote of its seat


def test_statements_stand_in_the_order_of_the_votes_those_against_first():
    votes = DUE.assign(symbol=["S/1", "S/2"], outcome=["vetoed", "vetoed"])
    said = pd.DataFrame(
        {"vote_id": ["B", "A", "A"], "iso3": ["CHN", "USA", "RUS"], "position": ["third", "second", "first"]}
    )
    assert measure.explained(votes, said, CAST)["position"].to_list() == ["first", "second", "third"]
    assert measure.unexplained(votes, said.head(1))["vote_id"].to_list() == ["A"]
