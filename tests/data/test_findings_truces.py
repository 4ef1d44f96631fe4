"""What the chapter on truces says, on the committed evidence."""

from __future__ import annotations

import pandas as pd
import pytest

from aleppo.evidence import load
from aleppo.evidence.tables.publisher_words import VDC_REGIONS
from aleppo.measure import truces as measure
from aleppo.model import truces as model


@pytest.fixture(scope="module")
def rows():
    return measure.coded(load("ceasefires"), load("truce_coding"))


@pytest.fixture(scope="module")
def daily():
    return measure.daily_deaths(load("vdc_deaths_daily"))


@pytest.fixture(scope="module")
def study(daily, rows):
    return model.event_study(daily, rows)


@pytest.fixture(scope="module")
def pooled(study):
    return model.pooled(study).set_index("set")


def test_all_23_rows_are_coded_and_14_were_to_halt_fighting(rows):
    assert len(rows) == 23
    assert rows["kind"].value_counts().to_dict() == {
        "nationwide": 6,
        "local": 8,
        "window": 2,
        "talks": 5,
        "not_in_force": 2,
    }


def test_from_may_to_december_2016_something_began_in_every_month(rows):
    months = rows.loc[rows["kind"].isin(measure.BEGAN), "start"].dt.strftime("%Y-%m")
    assert set(months) >= {f"2016-{month:02d}" for month in range(5, 13)}


def test_the_coding_contradicts_no_given_end_and_no_area(rows):
    given = measure.full_days(rows["agreed_end"])
    halts = rows["first_end"].notna() & given.notna()
    assert (rows.loc[halts, "first_end"] <= given[halts]).all()
    assert (rows.loc[halts, "last_end"] >= given[halts]).all()
    assert (rows.loc[rows["area"] == "Diplomatic", "kind"] == "talks").all()
    assert not rows.loc[rows["region"] == "north_west", "area"].str.contains("Nationwide").any()


def test_six_tenths_of_the_deaths_of_the_north_west_in_2016_are_of_people_from_aleppo():
    weeks = load("vdc_deaths_weekly")
    year = weeks[weeks["week"].dt.year == 2016].groupby("governorate")["deaths"].sum()
    assert year["SY02"] / year[list(VDC_REGIONS["north_west"])].sum() == pytest.approx(0.63, abs=0.02)


def test_deaths_around_the_cessation_of_hostilities_can_be_counted_by_hand(daily, study):
    row = study.each.set_index("ceasefire_id").loc["CF08"]
    assert row["before"] == daily.loc["2016-02-13":"2016-02-26", "all"].sum() == 577
    assert row["after"] == daily.loc["2016-02-27":"2016-03-11", "all"].sum() == 432
    assert not row["outside"]


def test_every_truce_has_a_thousand_placebos_from_enough_days_of_its_season_and_level(study):
    assert study.placebos.shape == (23, 1000)
    assert (study.each["candidates"] >= model.FEWEST).all()
    assert study.each["season_days"].max() == 45
    assert study.each["level_factor"].max() == 1.5


def test_six_halts_in_four_episodes_fell_below_their_placebos_and_none_rose_above(study):
    halts = study.each[study.each["kind"].isin(measure.HALTS)]
    below = halts[halts["ratio"] < halts["low"]]
    assert below["ceasefire_id"].to_list() == ["CF01", "CF09", "CF10", "CF11", "CF20", "CF23"]
    assert measure.episodes(halts["start"], 14)[below.index].nunique() == 4
    assert not (halts["ratio"] > halts["high"]).any()


def test_the_pooled_change_is_a_fall_with_an_interval_and_a_rank(pooled):
    row = pooled.loc["all halts"]
    assert (row["episodes"], row["rank"], row["of"]) == (9, 1, 1001)
    assert row[["estimate", "low", "high"]].astype(float).to_list() == pytest.approx(
        [0.74, 0.63, 0.87], abs=0.01
    )
    assert row["leave_high"] < 0.8


def test_talks_and_offers_show_no_such_fall(pooled):
    row = pooled.loc["talks and offers"]
    assert row["low"] < 1 < row["high"]
    assert row["placebo_low"] < row["estimate"] < row["placebo_high"]


def test_the_fall_is_not_there_before_the_starts(daily, rows):
    moves = model.moved(daily, rows, (-28, -14), {"all halts": measure.HALTS})
    assert (moves["rank"] > 500).all()
    assert (moves["high"] > 1).all()


def test_random_starts_rank_low_as_often_as_chance_says(daily, rows):
    sets = model.calibration(daily, rows, 200)
    assert (sets["rank"] / sets["of"] <= 0.05).mean() == pytest.approx(0.05, abs=0.04)
    assert ((sets["low"] <= 1) & (sets["high"] >= 1)).mean() == pytest.approx(0.95, abs=0.04)
    assert sets["estimate"].median() == pytest.approx(1, abs=0.04)


def test_every_choice_of_window_and_region_gives_a_fall(daily, rows):
    sets = {name: model.SETS[name] for name in ("all halts", "nationwide")}
    over = model.over_windows(daily, rows, (7, 14, 21, 28), sets)
    # nationwide truces are set against all of Syria anyway
    assert len(over) == 20
    assert over["estimate"].max() < 1
    assert over["rank"].max() < 30


def test_twelve_halts_count_for_survival_and_the_regimes_of_calm_are_one(rows):
    spells = measure.spells(rows).set_index("ceasefire_id")
    assert len(spells) == 12
    assert spells.loc["CF09", "members"] == "CF09;CF10;CF11"
    assert spells.loc["CF09", "last_days"] == 7
    assert sorted([spells["first_collapsed"].sum(), spells["last_collapsed"].sum()]) == [5, 6]


def test_no_median_of_a_kind_or_broker_has_an_upper_bound(rows):
    spells = measure.spells(rows)
    both = pd.concat([model.medians(spells, by) for by in ("kind", "broker")])
    assert both[["high_first", "high_last"]].isna().all(axis=None)


def test_the_published_day_of_no_death_by_region_is_zero_and_no_day_is_missing(daily):
    assert daily.index.equals(pd.date_range("2011-01-05", "2018-08-13", name="day"))
    assert (daily >= 0).all(axis=None)
