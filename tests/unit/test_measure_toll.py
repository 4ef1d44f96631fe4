"""Recorded deaths by week."""

import pandas as pd
import pytest

from aleppo.evidence.errors import AleppoError
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


def weekly_table():
    """Two governorates over eleven weeks from 24 August 2015: one death a week in the one, ten in the other."""
    mondays = pd.date_range("2015-08-24", periods=11, freq="7D")
    rows = [(monday, code, deaths) for monday in mondays for code, deaths in (("SY02", 1), ("SY07", 10))]
    return pd.DataFrame(rows, columns=["week", "governorate", "deaths"])


def composition(*rows):
    columns = ["month", "governorate", "status", "cause", "deaths"]
    return pd.DataFrame(rows, columns=columns)


SECOND = composition(
    ("2015-08", "SY02", "Civilian", "Shelling", 3),
    ("2015-10", "SY02", "Civilian", "Warplane shelling", 5),
    ("2015-10", "SY02", "Non-Civilian", "Warplane shelling", 7),
    ("2015-10", "unknown", "Civilian", "Shelling", 100),
    ("2015-11", "SY12", "Civilian", "Shelling", 2),
)
TABLES = {"vdc_deaths_weekly": weekly_table(), "vdc_composition_monthly": SECOND}


def test_the_first_batch_is_by_week_with_the_sum_of_all_areas():
    found = toll.outcome_counts("batch-1", TABLES)
    assert found.period == "week"
    assert found.table.loc["2015-09-28"].to_dict() == {"SY02": 1, "SY07": 10, "all": 11}
    assert set(found.lengths) == {1.0}


def test_months_of_the_second_batch_have_no_gap_and_no_unknown_area():
    found = toll.outcome_counts("batch-2", TABLES)
    assert found.table["SY02"].to_list() == [3, 0, 12, 0]
    assert found.table["all"].to_list() == [3, 0, 12, 2]
    assert found.lengths.tolist() == [31 / 7, 30 / 7, 31 / 7, 30 / 7]


@pytest.mark.parametrize(("outcome", "deaths"), [("civilians", [3, 0, 5, 0]), ("air-strikes", [0, 0, 12, 0])])
def test_a_part_of_the_second_batch_covers_the_same_months_and_areas(outcome, deaths):
    found = toll.outcome_counts(outcome, TABLES)
    assert found.table["SY02"].to_list() == deaths
    assert list(found.table.columns) == ["SY02", "SY12", "all"]


def test_a_week_counts_for_the_month_that_has_most_of_its_days():
    found = toll.outcome_counts("batch-1-and-2", TABLES)
    # the week of 28 September has its Thursday in October, which so has five weeks; months at the ends are cut
    assert found.table.index.strftime("%Y-%m").to_list() == ["2015-09", "2015-10"]
    assert found.lengths.tolist() == [4.0, 5.0]
    assert found.table["SY02"].to_list() == [4 + 0, 5 + 12]
    assert found.table["SY07"].to_list() == [40, 50]
    assert found.table["all"].to_list() == [44, 55 + 12]


def test_shelling_is_known_for_all_of_syria_alone():
    causes = pd.DataFrame(
        {
            "week": pd.to_datetime(["2015-09-28", "2015-09-28", "2015-09-21"]),
            "cause": ["Shelling", "Shooting", "Shelling"],
            "deaths": [4, 9, 2],
        }
    )
    found = toll.outcome_counts("shelling", {"vdc_causes_weekly": causes})
    assert found.table["all"].to_list() == [2, 4]
    assert list(found.table.columns) == ["all"]


def test_an_unknown_outcome_is_refused():
    with pytest.raises(AleppoError, match=r"outcome: expected one of batch-1, .*, found 'hunger'"):
        toll.outcome_counts("hunger", TABLES)


def test_less_exposed_areas_have_few_incidents_and_damascus_is_taken_with_its_countryside():
    rows = [
        ("2015-10", "SY02", "Russian Military", 90),
        ("2015-11", "SY12", "Russian Military;U.S.-led Coalition", 2),
        ("2015-11", "SY12", "U.S.-led Coalition", 50),
        ("2015-09", "SY10", "Russian Military", 40),
        ("2015-10", "SY01", "Russian Military", 7),
        ("2015-10", "SY03", "Russian Military", 1),
    ]
    airwars = pd.DataFrame(rows, columns=["month", "governorate", "belligerent", "incidents"])
    found = toll.less_exposed(airwars, "2015-10", "2016-12", share=0.02)
    assert not {"SY01", "SY02", "SY03"} & set(found.index)
    assert found["SY12"] == 2
    assert found["SY10"] == 0
    assert found.is_monotonic_increasing


def test_the_composition_is_told_of_the_year_before_a_month_and_of_the_year_from_it():
    rows = pd.DataFrame(
        {
            "governorate": ["SY02", "SY02", "SY02", "SY02", "SY03"],
            "month": ["2014-09", "2015-09", "2015-09", "2015-10", "2015-10"],
            "status": ["Civilian", "Civilian", "Non-Civilian", "Non-Civilian", "Civilian"],
            "deaths": [100, 3, 1, 5, 7],
        }
    )
    around = toll.composition_around(rows, "SY02", "2015-10", "status", "Civilian")
    assert around == (0.75, 0.0)
