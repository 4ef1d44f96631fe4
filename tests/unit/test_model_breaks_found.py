"""Change points that nobody pointed at: found where they are, absent where there are none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aleppo.evidence.errors import AleppoError
from aleppo.model import breaks_found
from aleppo.model.breaks_found import COSTS, found, nearness, settings, stability


def weekly(*levels: float, each: int = 50) -> pd.Series:
    size = np.repeat(levels, each)
    index = pd.date_range("2013-01-07", periods=len(size), freq="7D")
    return pd.Series(np.random.default_rng(3).poisson(size), index=index, name="somewhere")


@pytest.mark.parametrize("cost", list(COSTS))
def test_a_clear_change_is_found_at_its_week_whatever_the_cost(cost: str) -> None:
    series = weekly(20, 80)
    changes = found(series, [cost], [2.0])
    assert len(changes) == 1
    assert abs((changes["week"].iloc[0] - series.index[50]).days) <= 7


@pytest.mark.parametrize("cost", list(COSTS))
def test_an_even_series_is_not_cut(cost: str) -> None:
    assert found(weekly(40, 40), [cost], [3.0, 8.0]).empty


def test_a_greater_penalty_finds_no_more_changes() -> None:
    changes = found(weekly(20, 80, 40, 90, 30), ["l2", "rank"])
    number = changes.groupby(["cost", "penalty"]).size()
    assert all(number[cost].is_monotonic_decreasing for cost in ("l2", "rank"))


def test_settings_tell_how_near_and_how_easy_that_was() -> None:
    series = weekly(20, 80)
    changes = pd.DataFrame({"cost": "l2", "penalty": 1.0, "week": [series.index[50]]})
    row = settings(changes, series, series.index[53].strftime("%Y-%m-%d"), weeks=4).iloc[0]
    assert (row["changes"], row["nearest"], row["away"], row["near"]) == (1, series.index[50], -3, True)
    assert row["by_chance"] == 9 / 100
    told = nearness(settings(changes, series, "2014-12-31", weeks=4))
    assert (told.settings, told.near, told.share) == (1, 0, 0.0)


def test_stability_is_the_share_of_settings_that_agree_within_two_weeks() -> None:
    weeks = pd.to_datetime(["2014-01-06", "2014-01-20", "2014-06-02"])
    changes = pd.DataFrame({"cost": ["l2", "rank", "rank"], "penalty": 1.0, "week": weeks})
    assert stability(changes)["share"].tolist() == [1.0, 1.0, 0.5]


def test_no_change_at_all_is_no_error() -> None:
    none = found(weekly(40, 40), ["l2"], [50.0])
    assert stability(none).empty
    assert nearness(settings(none, weekly(40, 40), "2013-06-05")).settings == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"costs": ["cubic"]}, "cost: expected one of l2, normal, rank, rbf, found 'cubic'"),
        ({"penalties": [0.0]}, "penalty: expected numbers above 0"),
        ({"least": 80}, "expected at least 160 weeks, found 100"),
    ],
)
def test_a_search_that_cannot_be_is_refused(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(AleppoError, match=message):
        breaks_found.found(weekly(40, 40), **arguments)  # type: ignore[arg-type]
