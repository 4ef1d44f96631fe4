"""Truces that covered Aleppo."""

import pandas as pd

from aleppo.measure import response

CEASEFIRES = pd.DataFrame(
    [
        ("CF1", "Cessation of hostilities", "2016-02-27", "2016-07", "Nationwide, with exceptions"),
        ("CF2", "Silence regime", "2016-06-16", "2016-06-18", "Aleppo city"),
        ("CF3", "Vienna talks", "2015-10-30", "2015-10-30", "Diplomatic"),
        ("CF4", "Aleppo freeze proposal", "2014-10-30", "2015-03", "Aleppo city"),
        ("CF5", "Day of calm", "2016-03-01", "2016-03-02", "Nationwide"),
        ("CF6", "Later truce", "2018-03-01", None, "Nationwide"),
    ],
    columns=["ceasefire_id", "name", "start", "end", "area"],
)


def test_truces_are_those_that_covered_aleppo_and_came_into_force_in_the_period():
    table = response.truces(CEASEFIRES, "2013-01-01", "2017-12-31")
    assert table["ceasefire_id"].to_list() == ["CF1", "CF5", "CF2"]


def test_a_nationwide_truce_is_one_that_did_not_end_within_two_days():
    table = response.truces(CEASEFIRES, "2013-01-01", "2018-12-31").set_index("ceasefire_id")
    assert table["nationwide"].to_dict() == {"CF1": True, "CF5": False, "CF2": False, "CF6": True}


def test_an_end_known_to_the_month_is_no_day():
    assert pd.isna(response.truces(CEASEFIRES, "2016-01-01", "2016-02-28").loc[0, "end"])
