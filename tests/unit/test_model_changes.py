"""Change points on made series whose breaks are known."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aleppo.evidence.errors import AleppoError
from aleppo.model import changes

MONDAYS = pd.date_range("2015-01-05", periods=80, freq="7D", name="week")


def series(level: float, later: float, seed: int = 7) -> pd.Series:
    """Counts with one step in week 40 and the same noise on both sides of it."""
    noise = np.random.default_rng(seed).normal(0, 2, 80)
    values = np.round(np.repeat([level, later], 40) + noise)
    return pd.Series(values, index=MONDAYS, name="counts")


@pytest.mark.parametrize("model", changes.MODELS)
def test_every_model_finds_a_large_step_at_its_week(model: str) -> None:
    found = changes.change_points(series(12, 40), model, [2.0])
    assert found["at"].tolist() == [MONDAYS[40]]
    assert found["before"].iloc[0] == pytest.approx(12, abs=1)
    assert found["after"].iloc[0] == pytest.approx(40, abs=1)


@pytest.mark.parametrize("model", changes.MODELS)
def test_a_constant_series_has_no_break(model: str) -> None:
    assert changes.change_points(pd.Series(3.0, index=MONDAYS), model).empty


@given(st.lists(st.integers(0, 20), min_size=8, max_size=40))
@settings(max_examples=40, deadline=None)
def test_a_higher_penalty_never_finds_more_breaks(values: list[int]) -> None:
    weeks = pd.Series(values, index=MONDAYS[: len(values)])
    for model in ("l2", "poisson"):
        counted = changes.change_points(weeks, model, [0.5, 2.0, 8.0]).groupby("penalty").size()
        assert counted.reindex([0.5, 2.0, 8.0], fill_value=0).is_monotonic_decreasing


def test_no_segment_is_shorter_than_the_shortest() -> None:
    found = changes.change_points(series(12, 40), "l2", [0.5], shortest=10)
    places = [0, *(MONDAYS.get_loc(week) for week in found["at"]), len(MONDAYS)]
    assert min(np.diff(places)) >= 10


def test_the_scale_of_a_series_does_not_move_its_breaks() -> None:
    counts = series(12, 15)
    pd.testing.assert_series_equal(
        changes.change_points(counts, "l2")["at"], changes.change_points(counts * 100, "l2")["at"]
    )


def test_a_break_close_to_the_date_is_found_and_chance_is_told_beside_it() -> None:
    counts = series(12, 40)
    points = changes.every_model(counts, [2.0, 4.0])
    about = changes.near(points, counts, MONDAYS[42], 4, settings=8)
    assert (about["nearest"], about["away"]) == (MONDAYS[40], -2)
    assert about["found"] == about["breaks"]
    assert 0 < about["chance"] < 0.2


def test_a_break_far_from_the_date_is_not_found_near_it() -> None:
    counts = series(12, 40)
    points = changes.change_points(counts, "l2", [4.0])
    assert changes.near(points, counts, MONDAYS[60], 4, settings=1)["found"] == 0


def test_without_breaks_nothing_is_near() -> None:
    flat = pd.Series(3.0, index=MONDAYS)
    about = changes.near(changes.every_model(flat), flat, MONDAYS[40], 4, settings=32)
    assert (about["found"], about["nearest"]) == (0, None)


def test_each_column_of_a_frame_is_searched_by_itself() -> None:
    frame = pd.DataFrame({"step": series(12, 40), "flat": pd.Series(3.0, index=MONDAYS)})
    points, rows = changes.across(frame, MONDAYS[40], (4, 8), [2.0])
    assert set(points["series"]) == {"step"}
    assert rows.set_index("series").loc["step", ["found_4", "found_8"]].tolist() == [4, 4]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model": "magic"}, "model: expected one of l1"),
        ({"penalties": [0.0]}, "penalties"),
        ({"series": pd.Series([1.0] * 7)}, "at least 8 steps, found 7"),
        ({"series": pd.Series([1.0] * 9 + [float("nan")])}, "a number on 9"),
        ({"series": pd.Series([1.0] * 9 + [-1.0])}, "not below zero"),
    ],
)
def test_what_cannot_be_searched_is_told(change: dict, message: str) -> None:
    given_ = {"series": series(12, 40), "model": "poisson", "penalties": [1.0]} | change
    with pytest.raises(AleppoError, match=message):
        changes.change_points(given_["series"], given_["model"], given_["penalties"])
