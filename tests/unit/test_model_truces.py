"""Deaths around truces against placebo starts, and how long truces lasted: scipy and statsmodels are references."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.duration.survfunc import SurvfuncRight

from aleppo.evidence import AleppoError
from aleppo.measure import truces as measure
from aleppo.model import truces
from aleppo.model.truces import Design, event_study, medians, pooled, survival

DAYS = pd.date_range("2012-01-01", "2017-12-31")


def steady(level=40, seed=1):
    """Deaths that no truce changes, in two regions."""
    random = np.random.default_rng(seed)
    return pd.DataFrame(random.poisson(level, (len(DAYS), 2)), index=DAYS, columns=["all", "north_west"])


def halts(*starts, kind="nationwide", region="all"):
    return pd.DataFrame(
        {
            "ceasefire_id": [f"CF{place:02d}" for place in range(len(starts))],
            "start": pd.to_datetime(list(starts)),
            "kind": kind,
            "region": region,
        }
    )


STARTS = ("2013-03-01", "2014-06-01", "2015-09-01", "2016-02-01")


def with_fall(daily, rows, factor, window=14):
    """``daily`` with deaths times ``factor`` in the days from each start on."""
    changed = daily.astype(float)
    for row in rows.itertuples():
        changed.loc[row.start : row.start + pd.Timedelta(days=window - 1), row.region] *= factor
    return changed.round().astype(int)


def test_the_change_is_deaths_from_the_start_on_over_deaths_before():
    daily = steady()
    study = event_study(daily, halts("2014-06-01"))
    row = study.each.iloc[0]
    assert row["before"] == daily.loc["2014-05-18":"2014-05-31", "all"].sum()
    assert row["after"] == daily.loc["2014-06-01":"2014-06-14", "all"].sum()
    assert row["ratio"] == pytest.approx((row["after"] + 0.5) / (row["before"] + 0.5))


def test_a_truce_with_a_fall_lies_below_its_placebo_band_and_ranks_first():
    rows = halts(*STARTS)
    each = event_study(with_fall(steady(), rows, 0.5), rows).each
    assert (each["ratio"] < each["low"]).all()
    assert each["outside"].all()
    assert (each["rank"] == 1).all()


def test_the_pooled_estimate_finds_a_fall_that_was_put_in():
    rows = halts(*STARTS)
    (row,) = pooled(
        event_study(with_fall(steady(), rows, 0.7), rows), {"halts": ("nationwide",)}
    ).itertuples()
    assert row.low < 0.7 < row.high
    assert row.estimate == pytest.approx(0.7, abs=0.04)
    assert (row.rank, row.of) == (1, 1001)


def test_without_a_change_the_pooled_rank_is_anywhere_and_the_interval_mostly_holds_one():
    ranks, holds = [], []
    for seed in range(40):
        study = event_study(steady(seed=seed), halts(*STARTS), Design(placebos=200))
        (row,) = pooled(study, {"halts": ("nationwide",)}).itertuples()
        ranks.append(row.rank / row.of)
        holds.append(row.low <= 1 <= row.high)
    assert stats.kstest(ranks, "uniform").pvalue > 0.01
    assert np.mean(holds) > 0.85


def test_the_interval_over_episodes_is_students():
    study = event_study(steady(), halts(*STARTS))
    (row,) = pooled(study, {"halts": ("nationwide",)}).itertuples()
    net = study.observed - study.placebos.mean(axis=1)
    reference = stats.ttest_1samp(net, 0).confidence_interval(0.95)
    assert np.log([row.low, row.high]) == pytest.approx([reference.low, reference.high])


def test_of_overlapping_truces_the_first_stands_for_the_episode():
    rows = halts("2013-03-01", "2013-03-11", "2014-06-01")
    study = event_study(steady(), rows)
    (row,) = pooled(study, {"halts": ("nationwide",)}).itertuples()
    assert (row.truces, row.episodes, row.members) == (3, 2, "CF00;CF02")


def test_no_placebo_window_shares_a_day_with_that_of_a_truce():
    daily = steady()
    rows = halts(*STARTS)
    around = measure.around_every_day(daily["all"], 14)
    for row in rows.itertuples():
        place = (row.start - around.days[0]).days
        days, _, _ = truces._matched(row.start, place, around, rows["start"], Design())
        apart = np.abs(
            (around.days[days].to_numpy()[:, None] - rows["start"].to_numpy()) / np.timedelta64(1, "D")
        )
        assert apart.min() >= 28


def test_placebos_are_of_the_season_and_the_level_of_the_truce():
    daily = steady()
    daily.loc["2014"] *= 3
    around = measure.around_every_day(daily["all"], 14)
    start = pd.Timestamp("2016-01-10")
    place = (start - around.days[0]).days
    days, season, level = truces._matched(start, place, around, pd.Series([start]), Design())
    assert (season, level) == (45, 1.5)
    found = around.days[days]
    assert set(found.month) <= {11, 12, 1, 2}
    assert not ((found > "2014-01-08") & (found.year == 2014)).any()
    assert (around.before[days] < 1.51 * around.before[place]).all()


def test_where_few_days_resemble_a_start_the_match_is_widened_and_says_so():
    daily = steady()
    daily.loc["2016-03-20":"2016-04-10"] = 65  # level of 1.6 times the others
    row = event_study(daily, halts("2016-04-03")).each.iloc[0]
    assert row["level_factor"] == 2.0
    assert row["candidates"] >= 30


def test_the_same_seed_gives_the_same_study_and_a_further_truce_leaves_the_draws_of_the_others_alone():
    daily = steady()
    one, again = event_study(daily, halts(*STARTS)), event_study(daily, halts(*STARTS))
    assert np.array_equal(one.placebos, again.placebos)
    far = halts(*STARTS, "2017-09-01", kind="talks")
    far["kind"] = ["nationwide"] * 4 + ["talks"]
    assert np.array_equal(event_study(daily, far).placebos[:4], one.placebos)
    assert not np.array_equal(event_study(daily, halts(*STARTS), Design(seed=1)).placebos, one.placebos)


def test_a_start_too_near_to_the_end_of_the_series_is_refused_in_one_line():
    with pytest.raises(AleppoError, match="CF00: expected 14 days of deaths on both sides of 2017-12-30"):
        event_study(steady(), halts("2017-12-30"))


def test_a_pool_of_one_episode_is_refused():
    study = event_study(steady(), halts("2013-03-01", "2013-03-11"))
    with pytest.raises(AleppoError, match="halts: expected two truces that do not overlap, or more, found 1"):
        pooled(study, {"halts": ("nationwide",)})


def test_every_window_and_region_gives_a_pooled_estimate():
    rows = halts(*STARTS)
    rows["region"] = ["all", "all", "north_west", "all"]
    table = truces.over_windows(steady(), rows, (7, 14), {"halts": ("nationwide",)})
    assert table[["region", "window"]].to_numpy().tolist() == [
        ["own", 7],
        ["own", 14],
        ["all", 7],
        ["all", 14],
        ["north_west", 7],
        ["north_west", 14],
    ]


def test_a_fall_at_the_starts_is_not_found_two_windows_before_them():
    rows = halts(*STARTS)
    table = truces.moved(
        with_fall(steady(), rows, 0.5), rows, (-28, 0), {"halts": ("nationwide",)}
    ).set_index("moved")
    assert table.loc[0, "high"] < 0.7
    assert 0.9 < table.loc[-28, "estimate"] < 1.1
    assert (
        table.loc[0, "estimate"]
        == pooled(event_study(with_fall(steady(), rows, 0.5), rows), {"halts": ("nationwide",)}).loc[
            0, "estimate"
        ]
    )


def test_sets_of_random_starts_keep_clear_of_truces_and_are_the_same_again():
    rows = halts(*STARTS)
    one = truces.calibration(steady(), rows, 5, Design(placebos=100))
    assert one.equals(truces.calibration(steady(), rows, 5, Design(placebos=100)))
    assert (one["episodes"] == 4).all()
    days = truces._apart(DAYS, rows["start"], 6, Design(), np.random.default_rng(1))
    everything = pd.DatetimeIndex([*days, *rows["start"]]).sort_values()
    assert (np.diff(everything) >= np.timedelta64(28, "D")).all()


def spells(days, collapsed, kind="local"):
    return pd.DataFrame({"first_days": days, "first_collapsed": collapsed, "kind": kind}).assign(
        last_days=lambda f: f["first_days"], last_collapsed=lambda f: f["first_collapsed"]
    )


def test_survival_by_hand():
    # at risk 4, 3, 1: 3/4, 3/4 x 2/3, and nothing left; the third is censored between
    table = survival(spells([2, 5, 6, 9], [True, True, False, True]), "kind", "first")
    assert table["days"].to_list() == [0, 2, 5, 9]
    assert table["share"].to_list() == pytest.approx([1, 0.75, 0.5, 0])
    assert table["at_risk"].to_list() == [4, 4, 3, 1]


def test_survival_and_its_variance_are_those_of_statsmodels():
    random = np.random.default_rng(3)
    days, collapsed = random.integers(1, 60, 30), random.random(30) < 0.6
    table = survival(spells(days, collapsed), "kind", "first").iloc[1:]
    curve = SurvfuncRight(days, collapsed.astype(int))
    assert table["share"].to_numpy() == pytest.approx(curve.surv_prob)
    inner = (table["share"] > 0).to_numpy()
    share = np.asarray(curve.surv_prob)[inner]
    width = 1.959964 * np.asarray(curve.surv_prob_se)[inner] / (share * np.log(share))
    assert table["low"].to_numpy()[inner] == pytest.approx(share ** np.exp(-width), rel=1e-5)
    assert table["high"].to_numpy()[inner] == pytest.approx(share ** np.exp(width), rel=1e-5)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of statsmodels, at shares of 0 and 1
def test_the_median_and_its_bounds_are_those_of_statsmodels():
    random = np.random.default_rng(4)
    days, collapsed = random.integers(1, 60, 41), random.random(41) < 0.8
    row = medians(spells(days, collapsed), "kind").iloc[0]
    curve = SurvfuncRight(days, collapsed.astype(int))
    assert row["median_first"] == curve.quantile(0.5)
    assert [row["low_first"], row["high_first"]] == list(curve.quantile_ci(0.5, method="cloglog"))


def test_a_median_that_is_never_reached_is_missing_not_a_number():
    row = medians(spells([3, 5, 7], [True, False, False]), "kind").iloc[0]
    assert pd.isna(row["median_first"]) and pd.isna(row["high_first"])
    assert (row["truces"], row["collapsed_first"]) == (3, 1)


def test_the_band_over_both_readings_holds_the_intervals_of_each():
    rows = spells([2, 5, 6, 9], [True, True, False, True])
    rows["last_days"], rows["last_collapsed"] = [4, 5, 30, 40], [True, False, False, True]
    band = truces.survival_band(rows, "kind")
    assert band["days"].to_list() == [0, 2, 4, 5, 9, 40]
    for reading in ("first", "last"):
        curve = survival(rows, "kind", reading).set_index("days")
        both = band.set_index("days").join(curve[["low", "high"]].add_suffix("_one"), how="inner")
        assert (both["low"] <= both["low_one"]).all() and (both["high"] >= both["high_one"]).all()


def test_a_reading_says_nothing_of_days_that_no_truce_of_it_was_seen():
    rows = spells([2, 5], [True, False])
    rows["last_days"], rows["last_collapsed"] = [2, 50], [True, True]
    band = truces.survival_band(rows, "kind").set_index("days")
    assert pd.isna(band.loc[50, "first"]) and band.loc[50, "last"] == 0


def test_a_group_that_never_collapsed_keeps_its_share():
    table = survival(spells([3, 5], [False, False]), "kind", "first")
    assert table[["days", "share", "at_risk"]].to_numpy().tolist() == [[0, 1, 2]]


def test_where_none_is_left_the_interval_claims_nothing():
    last = survival(spells([3, 5], [True, True]), "kind", "first").iloc[-1]
    assert (last["share"], last["low"], last["high"]) == (0, 0, 1)
