"""Recorded deaths by week."""

import pandas as pd
import pytest

from aleppo.measure import toll


@pytest.fixture
def weeks():
    monday = pd.date_range("2015-08-31", periods=10, freq="7D", name="week")
    return pd.Series(range(10), index=monday, name="deaths")


def test_the_series_of_one_governorate_is_in_week_order_and_bounded():
    series = pd.DataFrame(
        {
            "week": pd.to_datetime(["2015-09-14", "2015-09-07", "2015-09-07"]),
            "governorate": ["SY02", "SY02", "SY07"],
            "deaths": [5, 3, 9],
        }
    )
    assert toll.weekly_deaths(series, "SY02", "2015-09-01", "2015-09-10").to_list() == [3]


def test_an_unknown_governorate_is_refused():
    series = pd.DataFrame({"week": [], "governorate": [], "deaths": []})
    with pytest.raises(KeyError, match="SY99"):
        toll.weekly_deaths(series, "SY99", "2015-01-01", "2016-01-01")


def test_the_week_that_holds_the_break_is_the_first_after_it(weeks):
    before, after = toll.around(weeks, "2015-09-30", before=2, after=3)
    assert (before.to_list(), after.to_list()) == ([2, 3], [4, 5, 6])


def test_a_window_past_the_series_is_refused_with_its_size(weeks):
    with pytest.raises(ValueError, match="6 weeks before"):
        toll.around(weeks, "2015-09-30", before=6, after=1)


def test_mean_ratios_are_given_for_every_pair_of_windows(weeks):
    table = toll.mean_ratio(weeks, "2015-09-30", [(2, 2), (4, 6)])
    assert table["ratio"].to_list() == pytest.approx([4.5 / 2.5, 6.5 / 1.5])


def test_half_years_follow_the_monday():
    weeks = pd.Series([1, 2, 4], index=pd.to_datetime(["2015-06-29", "2015-07-06", "2015-12-28"]))
    table = toll.by_half_year(weeks)
    assert table[["half_year", "weeks", "deaths"]].values.tolist() == [["2015 H1", 1, 1], ["2015 H2", 2, 6]]
