"""Change points on made series whose breaks are known."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aleppo.evidence.errors import AleppoError
from aleppo.model import changes
from aleppo.model.changes import CAPTURES, DEATHS, Search

MONDAYS = pd.date_range("2015-01-05", periods=80, freq="7D", name="week")


def series(level: float, later: float, seed: int = 7) -> pd.Series:
    """Counts with one step in week 40 and the same noise on both sides of it."""
    noise = np.random.default_rng(seed).normal(0, 2, 80)
    values = np.round(np.repeat([level, later], 40) + noise)
    return pd.Series(values, index=MONDAYS, name="counts")


def weekly(*levels: float, each: int = 50) -> pd.Series:
    """Poisson counts with a step after every ``each`` weeks."""
    size = np.repeat(levels, each)
    index = pd.date_range("2013-01-07", periods=len(size), freq="7D")
    return pd.Series(np.random.default_rng(3).poisson(size), index=index, name="somewhere")


@pytest.mark.parametrize("model", CAPTURES.models)
def test_every_model_finds_a_large_step_at_its_week(model: str) -> None:
    found = changes.search(series(12, 40), Search((model,), (2.0,)))
    assert found["at"].tolist() == [MONDAYS[40]]
    assert found["before"].iloc[0] == pytest.approx(12, abs=1)
    assert found["after"].iloc[0] == pytest.approx(40, abs=1)


@pytest.mark.parametrize("model", DEATHS.models)
def test_every_model_of_steady_counts_finds_a_clear_change_and_none_in_an_even_series(model: str) -> None:
    counts = weekly(20, 80)
    found = changes.search(counts, replace(DEATHS, models=(model,), penalties=(2.0,)))
    assert len(found) == 1
    assert abs((found["at"].iloc[0] - counts.index[50]).days) <= 7
    assert changes.search(weekly(40, 40), replace(DEATHS, models=(model,), penalties=(3.0, 8.0))).empty


@pytest.mark.parametrize("model", CAPTURES.models)
def test_a_constant_series_has_no_break(model: str) -> None:
    assert changes.search(pd.Series(3.0, index=MONDAYS), Search((model,))).empty


@given(st.lists(st.integers(0, 20), min_size=8, max_size=40))
@settings(max_examples=40)
def test_a_higher_penalty_never_finds_more_breaks(values: list[int]) -> None:
    weeks = pd.Series(values, index=MONDAYS[: len(values)])
    found = changes.search(weeks, Search(("l2", "poisson"), (0.5, 2.0, 8.0)))
    for model in ("l2", "poisson"):
        counted = found[found["model"] == model].groupby("penalty").size()
        assert counted.reindex([0.5, 2.0, 8.0], fill_value=0).is_monotonic_decreasing


def test_no_segment_is_shorter_than_the_shortest() -> None:
    found = changes.search(series(12, 40), Search(("l2",), (0.5,), shortest=10))
    places = [0, *(MONDAYS.get_loc(week) for week in found["at"]), len(MONDAYS)]
    assert min(np.diff(places)) >= 10


def test_the_scale_of_a_series_does_not_move_its_breaks() -> None:
    counts, how = series(12, 15), Search(("l2",))
    pd.testing.assert_series_equal(changes.search(counts, how)["at"], changes.search(counts * 100, how)["at"])


def test_a_break_close_to_the_date_is_found_and_chance_is_told_beside_it() -> None:
    counts = series(12, 40)
    points = changes.search(counts, Search(penalties=(2.0, 4.0)))
    about = changes.near(points, counts, MONDAYS[42], 4, settings=8)
    assert (about.nearest, about.away) == (MONDAYS[40], -2)
    assert about.near == about.breaks
    assert 0 < about.thrown < 0.2


def test_a_setting_tells_how_near_it_comes_and_how_easy_that_was() -> None:
    counts = weekly(20, 80)
    points = pd.DataFrame({"model": "l2", "penalty": 1.0, "at": [counts.index[50]]})
    row = changes.by_setting(points, counts, counts.index[53].strftime("%Y-%m-%d"), 4).iloc[0]
    assert (row["breaks"], row["nearest"], row["away"], row["near"]) == (1, counts.index[50], -3, True)
    assert row["blind"] == 9 / 100
    assert row["thrown"] == pytest.approx(9 / 99)
    about = changes.near(points, counts, "2014-06-02", 4, settings=2)
    assert (about.settings, about.breaks, about.near, about.thrown) == (2, 1, 0, pytest.approx(9 / 198))
    assert changes.near(points, counts, "2013-01-10", 4, settings=1).away == 50


def test_a_break_far_from_the_date_is_not_found_near_it() -> None:
    counts = series(12, 40)
    points = changes.search(counts, Search(("l2",), (4.0,)))
    assert changes.near(points, counts, MONDAYS[60], 4, settings=1).near == 0


def test_without_breaks_nothing_is_near_and_nothing_is_stable() -> None:
    flat = pd.Series(3.0, index=MONDAYS)
    points = changes.search(flat)
    about = changes.near(points, flat, MONDAYS[40], 4, settings=32)
    assert (about.near, about.breaks, about.nearest) == (0, 0, None)
    assert changes.stability(points).empty


def test_stability_is_the_share_of_settings_that_agree_within_two_weeks() -> None:
    weeks = pd.to_datetime(["2014-01-06", "2014-01-20", "2014-06-02"])
    points = pd.DataFrame({"model": ["l2", "rank", "rank"], "penalty": 1.0, "at": weeks})
    assert changes.stability(points)["share"].tolist() == [1.0, 1.0, 0.5]


def test_each_column_of_a_frame_is_searched_by_itself() -> None:
    frame = pd.DataFrame({"step": series(12, 40), "flat": pd.Series(3.0, index=MONDAYS)})
    points, rows = changes.across(frame, MONDAYS[40], (4, 8), Search(penalties=(2.0,)))
    assert set(points["series"]) == {"step"}
    assert rows.set_index("series").loc["step", ["found_4", "found_8"]].tolist() == [4, 4]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"models": ("magic",)}, "model: expected one of l1, .*, found 'magic'"),
        ({"models": ()}, "model: expected one of l1, .*, found none"),
        ({"penalties": (0.0,)}, "penalties: expected numbers above zero"),
        ({"series": pd.Series([1.0] * 7)}, "at least 8 steps, found 7"),
        ({"series": pd.Series([1.0] * 9 + [float("nan")])}, "a number on 9"),
        ({"series": pd.Series([1.0] * 9 + [-1.0])}, "not below zero"),
        ({"series": pd.Series([1.0] * 9 + [-1.0]), "models": ("l2",), "steady": True}, "not below zero"),
    ],
)
def test_what_cannot_be_searched_is_told(change: dict, message: str) -> None:
    asked = {"series": series(12, 40), "models": ("poisson",), "penalties": (1.0,)} | change
    with pytest.raises(AleppoError, match=message):
        changes.search(asked.pop("series"), Search(**asked))


def test_a_date_outside_the_series_is_told() -> None:
    counts = series(12, 40)
    with pytest.raises(AleppoError, match="date: expected one from 2015-01-05"):
        changes.near(changes.search(counts, Search(("l2",))), counts, "2020-01-01", 4, settings=8)
