"""Votes of the Security Council."""

import pandas as pd

from aleppo.measure import response

VOTES = pd.DataFrame(
    {
        "vote_id": ["SC3", "SC1", "SC2", "SC4"],
        "date": pd.to_datetime(["2016-12-05", "2011-10-04", "2012-04-14", "2018-02-24"]),
        "outcome": ["vetoed", "vetoed", "adopted", "adopted"],
        "vetoed_by": ["CHN;RUS", "CHN;RUS", None, None],
    }
)


def test_votes_are_bounded_by_their_dates_and_in_date_order():
    assert response.council_votes(VOTES, "2011-01-01", "2017-12-31")["vote_id"].to_list() == [
        "SC1",
        "SC2",
        "SC3",
    ]


def test_vetoes_count_the_permanent_members_who_cast_one():
    assert response.council_votes(VOTES, "2011-01-01", "2017-12-31")["vetoes"].to_list() == [2, 0, 2]


def test_outcomes_are_counted_by_year_with_a_total():
    table = response.outcome_counts(response.council_votes(VOTES, "2011-01-01", "2017-12-31"))
    assert table[["year", "total"]].values.tolist() == [[2011, 1], [2012, 1], [2016, 1]]


def test_vetoes_are_counted_by_member_with_a_joint_veto_counted_for_each():
    votes = response.council_votes(
        VOTES.assign(vetoed_by=["RUS", "CHN;RUS", None, None]), "2011-01-01", "2017-12-31"
    )
    assert response.vetoes_by_member(votes).to_dict() == {"RUS": 2, "CHN": 1}
