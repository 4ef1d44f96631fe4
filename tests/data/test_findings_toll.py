"""What the chapters on the toll rest on, on the committed evidence: the figures that the book names."""

import pandas as pd
import pytest

from aleppo.evidence import load, split_list
from aleppo.measure import estimates as counts
from aleppo.measure import harm, strikes


@pytest.fixture(scope="module")
def estimates():
    return load("estimates")


@pytest.fixture(scope="module")
def by_id(estimates):
    return estimates.set_index("estimate_id")


@pytest.fixture(scope="module")
def months():
    return counts.monthly_figures(load("monthly_published"))


@pytest.fixture(scope="module")
def incidents():
    return strikes.russian_incidents(load("airwars_monthly"), "2015-09", "2016-12")


def test_the_first_year_runs_from_nothing_to_9667(estimates):
    year = counts.first_year(estimates, load("airwars_monthly"))
    assert (year["best"].min(), year["high"].max()) == (0, 9_667)
    whole = year[year["words"] == ""].set_index("row_id")
    assert whole.loc[["RUS-026", "RUS-027", "RUS-014"], "best"].tolist() == [3_264, 3_734, 3_804]
    assert whole.loc["RUS-056", ["low", "high"]].tolist() == [6_384, 9_667]
    assert whole.loc["MOD-014", "best"] == 0


def test_the_gradings_of_the_year_add_up_to_the_archive_of_the_same_months(estimates):
    series = load("airwars_monthly")
    parts = counts.first_year(estimates, series).query("words != ''")
    russian = series["belligerent"].str.contains("Russian Military")
    rows = series[russian & series["month"].between("2015-09", "2016-09")]
    assert (
        parts[["low", "high"]].sum().tolist()
        == rows[["killed_min", "killed_max"]].sum().astype(float).tolist()
    )


def test_march_2016_is_13_for_the_network_and_208_to_284_alleged_to_airwars(months):
    march = months[(months["quantity"] == counts.RUSSIAN) & (months["month"] == "2016-03")]
    march = march[march["area"] == "Syria"].set_index("counter")
    assert march.at["SNHR", "best"] == 13
    assert march.loc["Airwars, all alleged", ["low", "high"]].tolist() == [208, 284]


def test_march_2016_is_the_month_in_which_the_network_and_everything_alleged_lie_furthest_apart(months):
    russian = months[(months["quantity"] == counts.RUSSIAN) & (months["area"] == "Syria")]
    russian = russian[russian["counter"] != "Airwars, fair or confirmed"]
    spread = counts.spread(counts.ratios(counts.same_questions(russian)))
    assert spread.loc[spread["widest"].idxmax(), "start"] == pd.Timestamp("2016-03-01")


def test_every_compared_question_has_two_counters_and_no_ratio_below_one_but_bounds(estimates):
    compared = counts.ratios(counts.same_questions(counts.published_totals(estimates)))
    assert (compared.groupby("question")["counter"].nunique() >= 2).all()
    whole = compared[compared["best"].notna()]
    assert (whole["ratio"] >= 1).all()


def test_what_is_named_as_not_alike_is_there_and_has_its_part(by_id):
    assert set(counts.NOT_ALIKE) <= set(by_id.index)
    assert by_id.at["SYR-005", "best"] - by_id.at["SYR-060", "best"] == 70_000


def test_the_network_lies_below_everything_alleged_to_airwars_in_every_month_that_both_give(months):
    russian = months[(months["quantity"] == counts.RUSSIAN) & (months["area"] == "Syria")]
    assert set(counts.against_range(russian, "SNHR", "Airwars, all alleged")) == {"below"}
    place = counts.against_range(russian, "SNHR", "Airwars, fair or confirmed").value_counts()
    assert place.to_dict() == {"above": 6, "below": 4, "inside": 1}


def test_the_two_syrian_monitors_come_close_over_their_common_months(months):
    asked = (
        (months["quantity"] == "deaths") & (months["population"] == "civilians") & (months["area"] == "Syria")
    )
    sums = counts.over_common_months(months[asked], ["SOHR", "SNHR", "UCDP"]).set_index("counter")["best"]
    assert sums.to_dict() == {"SOHR": 8_969, "SNHR": 9_498, "UCDP": 5_711}


def test_every_counter_says_whom_it_counts_and_where_that_was_read():
    table = load("counters")
    assert {"sohr", "snhr", "vdc", "airwars", "ucdp", "un", "dchrs", "shrc"} <= set(table["counter"])
    assert all(split_list(cell) for cell in table["source_ids"])


def test_incidents_alleged_against_russia_to_december_2016(incidents):
    alone = incidents[incidents["alone"]]
    assert alone["incidents"].sum() == 1_761
    assert incidents["incidents"].sum() == 1_811
    assert alone[["killed_min", "killed_max"]].sum().tolist() == [7_651, 11_919]


def test_more_than_half_of_the_alleged_incidents_lie_in_aleppo_by_either_grading(incidents):
    alone = incidents[incidents["alone"]]
    assert strikes.place_share(alone, "SY02") == pytest.approx(948 / 1_761)
    assert strikes.place_share(alone[alone["grade"] == strikes.FAIR], "SY02") == pytest.approx(335 / 637)


def test_the_share_graded_fair_falls_from_2015_to_the_second_half_of_2016(incidents):
    alone = incidents[incidents["alone"]]
    first, late = alone[alone["month"] <= "2015-12"], alone[alone["month"] >= "2016-07"]
    assert (round(strikes.fair_share(first), 2), round(strikes.fair_share(late), 2)) == (0.57, 0.21)


def test_nothing_russian_is_in_the_archive_before_the_break():
    series = load("airwars_monthly")
    assert series.loc[series["belligerent"].str.contains("Russian Military"), "month"].min() == "2015-09"


def test_almost_four_fifths_of_the_declared_targets_lay_outside_islamic_state(estimates):
    shares = strikes.not_on_islamic_state(estimates).set_index("estimate_id")
    assert shares.loc["TGT-004", ["low", "high"]].tolist() == [0.766, 0.8]
    assert shares.at["TGT-004", "low"] == pytest.approx(49 / 64, abs=0.001)
    assert shares.at["TGT-001", "best"] == 0


def test_every_share_but_the_russian_statement_is_above_one_half(estimates):
    shares = strikes.not_on_islamic_state(estimates).set_index("estimate_id").drop("TGT-001")
    assert (shares[["low", "best", "high"]].min(axis="columns") > 0.5).all()


def test_the_coalition_reported_535_strikes_near_places_in_aleppo():
    weeks = strikes.coalition_weeks(load("coalition_strikes_weekly"), ["SY02"])
    assert (weeks["SY02"].sum(), weeks.to_numpy().sum()) == (535, 1_654)


def test_people_in_the_besieged_east_run_from_30000_to_400000(estimates):
    people = harm.people_in_the_east(estimates, load("control_published"))
    before = people[people["period_end"] < "2016-11-25"][["low", "best", "high"]]
    assert (before.min().min(), before.max().max()) == (30_000, 400_000)


def test_evacuees_run_from_16200_to_40000_by_counter_and_day(estimates):
    figures = harm.evacuated(estimates).set_index("row_id")
    assert figures.loc[["DIS-011", "DIS-010", "DIS-019"], "best"].tolist() == [16_200, 25_000, 40_000]
    assert figures.loc[["DIS-011", "DIS-010"], "period_end"].unique().tolist() == ["2016-12-20"]


def test_both_sides_of_the_line_are_given_by_one_counter_in_eight_periods(estimates):
    totals = harm.side_totals(harm.two_sides(estimates))
    assert len(totals) == 8
    assert totals["west_share"].between(0.07, 0.5).all()
    half = totals.set_index(["period_start", "period_end"]).loc[("2016-04-22", "2016-10-22")]
    assert half[["east", "west"]].tolist() == [1_403, 677]


def test_parts_of_the_same_release_add_up_to_its_total(by_id):
    parts = by_id.loc[["ALP-080", "ALP-081", "ALP-082"], "best"].sum()
    assert parts + 112 == by_id.at["ALP-040", "best"]


def test_the_forensic_service_registered_930_civilians_in_2015(estimates):
    west = harm.shelling_of_the_west(estimates).set_index("row_id")["best"]
    assert west["WAL-001"] == 930
    assert "WAL-006" not in west.index


def test_incidents_on_both_sides_are_held_and_most_are_from_the_archive_of_strikes():
    by = harm.incidents(load("events")).groupby("by")["event_id"].count()
    assert by[harm.BY_OPPOSITION] >= 14
    assert by[harm.BY_GOVERNMENT] > by[harm.BY_OPPOSITION]
