"""What the chapter on one clock says, on the committed evidence."""

from __future__ import annotations

import pandas as pd
import pytest

from aleppo.evidence import load
from aleppo.measure import clock, truces
from aleppo.model import lags


@pytest.fixture(scope="module")
def daily():
    return truces.daily_deaths(load("vdc_deaths_daily"))


def test_the_council_voted_14_times_in_these_months_8_of_them_in_the_last_three_of_2016():
    votes = load("unsc_votes")
    rows = votes[votes["date"].between("2015-07-01", "2017-01-31")]
    assert len(rows) == 14
    assert rows["date"].between("2016-10-01", "2016-12-31").sum() == 8


def test_thirteen_truces_pauses_or_windows_began_in_these_months():
    rows = truces.coded(load("ceasefires"), load("truce_coding"))
    rows = rows[rows["kind"].isin(truces.BEGAN)]
    assert rows["start"].between("2015-07-01", "2017-01-31").sum() == 13


def test_the_log_names_syria_for_11_meetings_and_leaves_42_open():
    meetings = clock.meetings_by_month(load("unsc_meetings_monthly")).loc["2015-07":"2017-01"]
    assert meetings.sum().to_list() == [11, 53]


def test_alleged_incidents_in_aleppo_are_all_on_the_clock():
    table = clock.alleged_incidents(load("airwars_monthly"), "SY02", "Russian Military", "2015-10", "2016-12")
    assert table.to_numpy().sum() == 960


def test_months_of_the_daily_series_add_up_to_its_whole_months(daily):
    months = clock.monthly_deaths(daily["all"])
    assert (months.index[0], months.index[-1]) == ("2011-02", "2018-07")
    assert months["2016-02"] == daily.loc["2016-02", "all"].sum()


@pytest.mark.parametrize("region", ["all", "north_west"])
@pytest.mark.parametrize("counted", ["certain", "possible"])
def test_no_change_from_month_to_month_leaves_the_band_of_chance(daily, region, counted):
    deaths = clock.monthly_deaths(daily[region]).loc["2012-01":"2017-12"]
    table = lags.lagged(deaths, clock.meetings_by_month(load("unsc_meetings_monthly"))[counted], "change")
    assert (table["r"].abs() <= table["bound"]).all()


def test_as_counted_deaths_and_possible_meetings_go_opposite_ways_at_every_lag(daily):
    deaths = clock.monthly_deaths(daily["all"]).loc["2012-01":"2017-12"]
    meetings = clock.meetings_by_month(load("unsc_meetings_monthly"))["possible"]
    assert (lags.lagged(deaths, meetings, "level")["r"] < 0).all()
    months = pd.Series(range(len(deaths)), index=deaths.index)
    assert deaths.corr(months) < 0 < meetings.reindex(deaths.index).corr(months)
