"""Aid, access and money as published."""

import pandas as pd
import pytest

from aleppo.measure import aid


def access(*rows):
    names = ["access_id", "date", "series", "value", "unit", "source_ids", "verified", "note"]
    return pd.DataFrame(
        [
            (f"A{place}", date, series, value, "people", "s", "yes", None)
            for place, (date, series, value) in enumerate(rows)
        ],
        columns=names,
    )


def test_a_month_stands_at_its_middle_and_a_year_at_its_own():
    rows = aid.figures(
        access(("2016", "x", 1), ("2016-05", "x", 2), ("2016-05-27", "x", 3), ("2016", "y", 4)), ["x"]
    )
    assert [f"{at:%Y-%m-%d}" for at in rows["at"]] == ["2016-05-15", "2016-05-27", "2016-07-01"]
    assert list(rows["value"]) == [2, 3, 1]


def test_only_months_with_both_figures_are_compared():
    rows = aid.requested_and_reached(
        access(
            ("2016-10", "crossline_people_requested", 1000),
            ("2016-10", "crossline_people_reached", 250),
            ("2016-11", "crossline_people_reached", 100),
            ("2016-12", "crossline_people_requested", 900),
        )
    )
    assert rows[["date", "requested", "reached", "share"]].to_dict("records") == [
        {"date": "2016-10", "requested": 1000, "reached": 250, "share": 0.25}
    ]


def test_funding_is_the_received_of_the_required_by_plan_and_year():
    rows = aid.funding(
        access(
            ("2015", "syria_response_plan_required", 200),
            ("2015", "syria_response_plan_funded", 86),
            ("2016", "refugee_plan_required_fts_country_sum", 50),
            ("2016", "refugee_plan_funded_fts_country_sum", 30),
            ("2017", "syria_response_plan_required", 200),
        )
    )
    assert list(zip(rows["plan"], rows["year"], rows["share"], strict=True)) == [
        ("Inside Syria", "2015", 0.43),
        ("Refugees, five countries", "2016", 0.6),
    ]


@pytest.fixture
def estimates():
    return pd.DataFrame(
        {
            "area": ["Urum al-Kubra", "Aleppo"],
            "published": ["2016-12-21", "2016-12-21"],
            "attributed_to": ["United Nations", "SOHR"],
            "perpetrator": ["air attack; not attributed", None],
            "low": [10.0, 1.0],
            "best": [None, 2.0],
            "high": [None, 3.0],
            "note": ["At least 22 injured.", None],
            "source_ids": ["a", "b"],
            "verified": ["yes", "yes"],
        }
    )


def test_accounts_of_the_convoy_hold_counts_and_statements_by_date(estimates):
    measures = pd.DataFrame(
        {
            "date_start": pd.to_datetime(["2016-10-12", "2016-12-21", "2016-10-13"]),
            "actor": ["Russian Federation", "United Nations", "France"],
            "summary": [
                "Denied that its aircraft were near the convoy.",
                "Board: convoy hit.",
                "Spoke of Aleppo.",
            ],
            "source_ids": ["c", "d", "e"],
            "verified": ["yes", "yes", "yes"],
        }
    )
    rows = aid.convoy_accounts(estimates, measures)
    assert list(rows["by"]) == ["Russian Federation", "United Nations"]
    assert rows["low"].tolist()[1] == 10
    assert rows["attributed"].isna().tolist() == [True, False]
