"""Who counts: figures of one question, their ratios, and what never becomes one."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aleppo.measure import estimates as counts

NA = float("nan")


def estimate(key, counter, best=NA, low=NA, high=NA, **other):
    row = {
        "estimate_id": key,
        "quantity": counts.RUSSIAN,
        "population": "civilians",
        "area": "Syria",
        "period_start": "2015-09-30",
        "period_end": "2016-09-30",
        "low": low,
        "best": best,
        "high": high,
        "method": "documentation",
        "attributed_to": counter,
        "perpetrator": "Russian forces (alleged)",
        "published": "2016",
        "source_ids": f"s-{key.lower()}",
        "verified": "yes",
    }
    return row | other


def month(key, series, when, best=NA, low=NA, high=NA, **other):
    row = {
        "monthly_id": key,
        "month": when,
        "series": series,
        "area": "Syria",
        "attributed_to": "all parties",
        "quantity": "deaths, civilians",
        "low": low,
        "best": best,
        "high": high,
        "source_ids": f"s-{key}",
        "verified": "yes",
        "note": pd.NA,
    }
    return row | other


def totals(*rows):
    return counts.published_totals(pd.DataFrame(rows))


def test_a_period_that_ends_one_day_earlier_asks_the_same_question():
    figures = totals(estimate("A", "SOHR", 3804.0), estimate("B", "SNHR", 3264.0, period_end="2016-09-29"))
    assert counts.same_questions(figures)["question"].tolist() == [0, 0]


@pytest.mark.parametrize(
    "other",
    [
        {"area": "Aleppo"},
        {"population": "all persons"},
        {"period_end": "2016-09-28"},
        {"period_start": "2015-10-02"},
        {"quantity": counts.DEATHS, "perpetrator": "all parties"},
    ],
)
def test_another_area_population_period_or_quantity_is_another_question(other):
    figures = totals(estimate("A", "SOHR", 3804.0), estimate("B", "SNHR", 3264.0, **other))
    assert counts.same_questions(figures).empty


def test_one_counter_alone_does_not_disagree_with_itself():
    figures = totals(estimate("A", "SNHR", 3264.0), estimate("B", "SNHR", 3734.0))
    assert counts.same_questions(figures).empty


def test_two_gradings_of_one_counter_are_one_counter():
    monthly = pd.DataFrame(
        [
            month("1", "Airwars incident archive (own tally)", "2016-03", low=208.0, high=284.0,
                  attributed_to="Russian forces (alleged)", quantity="claimed civilian deaths, all alleged"),
            month("2", "Airwars incident archive (own tally)", "2016-03", low=69.0, high=82.0,
                  attributed_to="Russian forces (alleged)",
                  quantity="claimed civilian deaths, graded fair or confirmed"),
        ]
    )  # fmt: skip
    figures = counts.monthly_figures(monthly)
    assert figures["counter"].tolist() == ["Airwars, all alleged", "Airwars, fair or confirmed"]
    assert counts.same_questions(figures).empty


def test_deaths_by_one_party_are_not_compared_with_deaths_by_all():
    rows = totals(
        estimate("A", "SNHR", 10.0, quantity="deaths", perpetrator="ISIS"),
        estimate("B", "SOHR", 10.0, quantity="deaths", perpetrator="all parties"),
    )
    assert rows["row_id"].tolist() == ["B"]


def test_a_bound_is_left_out_where_its_counter_gives_the_whole_figure():
    rows = totals(estimate("A", "SOHR", 1733.0), estimate("B", "SOHR", low=1700.0))
    assert rows["row_id"].tolist() == ["A"]


def test_round_figures_of_the_press_are_left_out():
    assert totals(estimate("A", "ITV News", 300_000.0, method="press round figure")).empty


def test_every_figure_is_divided_by_the_lowest_and_a_range_at_both_ends():
    figures = totals(
        estimate("A", "SNHR", 3000.0),
        estimate("B", "SOHR", 3900.0),
        estimate("C", "Airwars", low=6000.0, high=9000.0),
    )
    compared = counts.ratios(counts.same_questions(figures)).set_index("counter")
    assert compared.at["SOHR", "ratio"] == pytest.approx(1.3)
    assert compared.loc["Airwars", ["ratio_low", "ratio_high"]].to_list() == [2.0, 3.0]
    assert pd.isna(compared.at["Airwars", "ratio"])


def test_a_figure_given_as_at_least_is_never_the_lowest():
    figures = totals(estimate("A", "UK government", low=2700.0), estimate("B", "SNHR", 3264.0))
    assert set(counts.ratios(counts.same_questions(figures))["lowest"]) == {3264.0}


def test_a_denial_is_not_the_lowest_and_has_ratio_zero():
    figures = totals(estimate("A", "Ministry", 0.0), estimate("B", "SNHR", 10.0), estimate("C", "SOHR", 20.0))
    compared = counts.ratios(counts.same_questions(figures)).set_index("counter")["ratio"]
    assert compared.to_dict() == {"Ministry": 0.0, "SNHR": 1.0, "SOHR": 2.0}


def test_a_question_of_bounds_only_has_no_ratio():
    figures = totals(estimate("A", "Ministry", 0.0), estimate("B", "SNHR", low=10.0))
    with pytest.raises(ValueError, match="whole figure above zero"):
        counts.ratios(counts.same_questions(figures))


def test_the_sure_spread_leaves_out_the_range_of_one_counter():
    figures = totals(estimate("A", "SNHR", 1000.0), estimate("B", "Airwars", low=2000.0, high=5000.0))
    spread = counts.spread(counts.ratios(counts.same_questions(figures)))
    assert spread[["counters", "sure", "widest"]].to_numpy().tolist() == [[2, 2.0, 5.0]]


def test_two_gradings_of_one_counter_make_no_spread_between_them():
    figures = pd.concat(
        [
            totals(estimate("A", "SNHR", 100.0), estimate("B", "Airwars", low=300.0, high=400.0)),
            totals(estimate("C", "Airwars, fair", low=10.0, high=20.0)),
        ]
    )
    spread = counts.spread(counts.ratios(counts.same_questions(figures)))
    assert spread[["counters", "sure", "widest"]].to_numpy().tolist() == [[2, 10.0, 10.0]]


@given(st.lists(st.integers(1, 10**6), min_size=2, max_size=6))
def test_no_ratio_of_whole_figures_is_below_one(values):
    figures = totals(*(estimate(f"E{n}", f"counter {n}", float(value)) for n, value in enumerate(values)))
    compared = counts.ratios(counts.same_questions(figures))
    assert compared["ratio"].min() == 1.0
    assert compared["ratio"].max() == pytest.approx(max(values) / min(values))


def test_parts_of_a_month_and_cumulative_series_are_not_months():
    monthly = pd.DataFrame(
        [
            month("1", "DCHRS Aleppo count", "2016-12", 392.0, note="1-14 December."),
            month("2", "SOHR cumulative since truce collapse", "2016-09", 6920.0,
                  quantity="deaths, civilians, cumulative from 22 Apr 2016"),
            month("3", "SOHR monthly toll", "2016-09", 1228.0),
        ]
    )  # fmt: skip
    assert counts.monthly_figures(monthly)["row_id"].tolist() == ["3"]


def common():
    rows = [
        month("1", "SOHR monthly toll", "2016-01", 10.0),
        month("2", "SOHR monthly toll", "2016-02", 20.0),
        month("3", "SNHR monthly toll", "2016-02", 30.0),
        month("4", "SNHR monthly toll", "2016-03", 40.0),
    ]
    return counts.monthly_figures(pd.DataFrame(rows))


def test_only_months_that_all_counters_published_are_summed():
    sums = counts.over_common_months(common(), ["SOHR", "SNHR"]).set_index("counter")
    assert sums["best"].to_dict() == {"SOHR": 20.0, "SNHR": 30.0}
    assert sums["months"].unique().tolist() == ["2016-02"]
    assert sums[["low", "high"]].isna().all(axis=None)


def test_counters_without_a_common_month_are_refused():
    rows = common()
    with pytest.raises(ValueError, match="share no month"):
        counts.over_common_months(rows[rows["month"] != "2016-02"], ["SOHR", "SNHR"])


def test_sums_of_two_questions_are_refused():
    rows = common()
    rows.loc[0, "area"] = "Aleppo"
    with pytest.raises(ValueError, match="one quantity"):
        counts.over_common_months(rows, ["SOHR", "SNHR"])


def test_a_summed_question_keeps_the_sources_of_its_months_and_says_how_many():
    figures = counts.summed_question(common(), ["SOHR", "SNHR"])
    assert figures["area"].unique().tolist() == ["Syria, 1 month"]
    assert figures["source_ids"].tolist() == ["s-2", "s-3"]


def test_a_sum_with_one_month_not_verified_is_not_verified():
    rows = common()
    rows.loc[rows["row_id"] == "2", "verified"] = "no"
    figures = counts.summed_question(rows, ["SOHR", "SNHR"])
    assert figures["verified"].tolist() == ["no", "yes"]


def test_a_month_lies_below_inside_or_above_the_range():
    rows = [month(str(n), "SNHR monthly toll", f"2016-0{n}", value, attributed_to="Russian forces")
            for n, value in ((1, 5.0), (2, 10.0), (3, 21.0))]  # fmt: skip
    rows += [month(f"a{n}", "Airwars incident archive (own tally)", f"2016-0{n}", low=10.0, high=20.0,
                   attributed_to="Russian forces (alleged)", quantity="claimed civilian deaths, all alleged")
             for n in (1, 2, 3)]  # fmt: skip
    place = counts.against_range(counts.monthly_figures(pd.DataFrame(rows)), "SNHR", "Airwars, all alleged")
    assert place.tolist() == ["below", "inside", "above"]


def airwars(grading, low, high, belligerent="Russian Military", when="2016-03"):
    several = ";" in belligerent
    return {
        "month": when,
        "governorate": "SY02",
        "belligerent": belligerent,
        "attribution": "several" if several else "single",
        "grading": grading,
        "killed_min": low,
        "killed_max": high,
    }


def test_the_first_year_stands_whole_and_in_gradings_with_several_forces_apart():
    estimates = pd.DataFrame(
        [
            estimate("D", "Russian MoD", 0.0, quantity="civilians killed by Russian strikes (claim)"),
            estimate("A", "Airwars (archive copy)", low=60.0, high=90.0, period_end="2016-09-29"),
            estimate("B", "SNHR", 30.0, period_end="2016-09-29"),
            estimate("C", "SNHR", 99.0, period_end="2016-12-31"),
        ]
    )
    series = pd.DataFrame(
        [
            airwars("Fair", 10, 20),
            airwars("Weak", 1, 2),
            airwars("Discounted", 1, 2),
            airwars("Contested", 40, 50, "Russian Military;U.S.-led Coalition"),
            airwars("Contested", 500, 600, when="2016-10"),
            airwars("Fair", 700, 800, "U.S.-led Coalition"),
        ]
    )
    year = counts.first_year(estimates, series)
    assert year["row_id"].tolist()[:3] == ["D", "B", "A"]
    parts = year[year["words"] != ""].set_index("words")[["low", "high"]]
    assert parts.T.to_dict("list") == {
        "weak or discounted": [2.0, 4.0],
        "fair": [10.0, 20.0],
        "several forces named, any grading": [40.0, 50.0],
    }


def test_a_week_counts_in_the_month_and_the_year_in_which_it_begins():
    weekly = pd.DataFrame(
        {
            "week": pd.to_datetime(["2015-12-28", "2016-01-04"]),
            "governorate": ["SY02", "SY02"],
            "deaths": [7, 5],
        }
    )
    assert counts.monthly_deaths(weekly, "SY02").to_dict() == {"2015-12": 7, "2016-01": 5}
    assert counts.yearly_deaths(weekly, [2015, 2016], "s")["best"].tolist() == [7.0, 5.0]
