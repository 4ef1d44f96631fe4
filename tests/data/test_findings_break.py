"""Findings on the break in recorded deaths, on the committed data."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from aleppo.evidence import load
from aleppo.measure import toll
from aleppo.model import changes, multiverse, placebo, reading, scale
from aleppo.model.engines import Local
from aleppo.model.interrupted import fit
from aleppo.model.specification import Specification

BREAK, ALEPPO = "2015-09-30", "SY02"


@cache
def counts() -> dict[str, toll.Counts]:
    tables = {name: load(name) for name in ("vdc_deaths_weekly", "vdc_composition_monthly")}
    return {outcome: toll.outcome_counts(outcome, tables) for outcome in toll.GRID_OUTCOMES}


@cache
def controls() -> tuple[str, ...]:
    return tuple(toll.less_exposed(load("airwars_monthly"), *toll.EXPOSURE_MONTHS).index)


@cache
def universe() -> pd.DataFrame:
    return multiverse.fit(multiverse.grid(ALEPPO, counts(), controls(), [BREAK]))


@pytest.mark.parametrize(
    ("area", "baseline", "horizon", "expected"),
    [
        (ALEPPO, 52, 52, (0.79, 0.36, 1.72)),
        (ALEPPO, 104, 65, (1.31, 0.75, 2.29)),
        (ALEPPO, 78, 26, (1.54, 0.82, 2.90)),
        ("all", 78, 26, (1.55, 1.16, 2.06)),
    ],
)
def test_four_windows_give_four_answers(
    area: str, baseline: int, horizon: int, expected: tuple[float, float, float]
) -> None:
    """With the defaults: Poisson, trend and change of trend, no season, eight lags."""
    found = fit(counts()["batch-1"].table[area], BREAK, Specification(baseline, horizon))
    assert (round(found.rate_ratio, 2), round(found.low, 2), round(found.high, 2)) == expected


def test_the_less_exposed_governorates_are_six_and_leave_damascus_out() -> None:
    assert controls() == ("SY10", "SY13", "SY14", "SY06", "SY08", "SY12")


def test_the_multiverse_of_aleppo_has_more_than_20_000_estimates_and_no_sign_wins() -> None:
    told = reading.distribution(universe())
    assert told.estimated == 26_418
    assert round(told.median, 2) == 1.43
    assert 0.6 < told.above < 0.7
    assert 0.6 < told.interval_holds_one < 0.7
    assert told.interval_above > told.interval_below


def test_the_areas_compared_with_and_the_baseline_move_the_median_most() -> None:
    assert reading.movers(universe())["choice"].tolist()[:3] == ["comparison", "baseline", "slope"]


def test_the_break_does_not_stand_out_among_placebo_weeks() -> None:
    table = load("placebo_breaks")
    rank = placebo.rank(table)
    assert (rank.rank, rank.weeks) == (41, 162)


@pytest.mark.parametrize("days", [("2013-06-05", "2013-06-12"), ("2014-03-05",)])
def test_the_committed_placebos_are_what_the_grid_gives(days: tuple[str, ...]) -> None:
    """A sample of weeks; the whole with ALEPPO_WHOLE_PLACEBO set, below."""
    other = multiverse.grid(ALEPPO, counts(), controls(), days)
    found = placebo.summary(other, universe(), multiverse.fit(other), BREAK)
    committed = load("placebo_breaks").set_index(["span", "week"])
    assert len(found) == 2 * len(days)
    for row in found.itertuples():
        line = committed.loc[(row.span, row.week)]
        assert line["specifications"] == row.specifications
        for name in ("median", "above", "interval_above", "interval_below", "real_median", "real_above"):
            assert line[name] == pytest.approx(getattr(row, name), abs=2e-4)


@pytest.mark.skipif(
    "ALEPPO_WHOLE_PLACEBO" not in os.environ, reason="ALEPPO_WHOLE_PLACEBO is not set: minutes"
)
def test_the_committed_series_is_what_the_command_gives(tmp_path: Path) -> None:
    from aleppo.evidence.paths import data_dir

    days = placebo.days(BREAK)
    asked = scale.study(ALEPPO, counts(), controls(), BREAK, placebo=days)
    scale.run(asked, tmp_path, Local(jobs=2))
    other = multiverse.grid(ALEPPO, counts(), controls(), days)
    found = placebo.summary(other, universe(), scale.read(tmp_path), BREAK)
    committed = (data_dir() / "series/placebo_breaks.csv").read_text(encoding="utf-8")
    assert placebo.series_text(found, ALEPPO) == committed


def test_few_settings_find_a_change_near_the_break_without_being_told() -> None:
    weeks = toll.weekly_deaths(load("vdc_deaths_weekly"), ALEPPO, "2012-03-01", "2017-12-31")
    points = changes.search(weeks, changes.DEATHS)
    settings = changes.by_setting(points, weeks, BREAK, 4)
    near = changes.near(points, weeks, BREAK, 4, changes.DEATHS.settings)
    assert (near.near, near.breaks) == (3, 21)
    assert settings.loc[settings["near"], "penalty"].max() <= 2.0
    assert near.near / near.breaks < near.blind


def test_september_2015_is_a_trough() -> None:
    aleppo = counts()["batch-1"].table[ALEPPO]
    year = aleppo["2014-09-29":"2015-09-21"]
    assert year["2015-08-24":"2015-09-14"].mean() < 0.2 * year.mean()
    assert year.idxmin() == pd.Timestamp("2015-09-07")
