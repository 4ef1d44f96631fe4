"""Shifts at a date and their placebos, on made counts."""

import numpy as np
import pandas as pd
import pytest

from aleppo.evidence.errors import AleppoError
from aleppo.model import tempo

MONDAYS = pd.date_range("2015-01-05", periods=100, freq="7D", name="week")


def counts(before: int, after: int) -> pd.Series:
    """A step in week 50; every second week has one more."""
    level = np.where(np.arange(100) < 50, before, after)
    return pd.Series(level + np.arange(100) % 2, index=MONDAYS)


def test_the_ratio_of_two_constant_rates_is_the_ratio_of_their_means() -> None:
    one = tempo.shift(counts(2, 6), MONDAYS[50], 20, 20, slope=False)
    assert one.rate_ratio == pytest.approx(one.mean_after / one.mean_before)
    assert one.low < one.rate_ratio < one.high
    assert one.difference == pytest.approx(4)


def test_an_empty_side_leaves_no_ratio_and_keeps_the_difference() -> None:
    series = counts(2, 6)
    series.iloc[:50] = 0
    one = tempo.shift(series, MONDAYS[50], 20, 20)
    assert (one.rate_ratio, one.low, one.high) == (None, None, None)
    assert one.difference == pytest.approx(6.5)


def test_a_trend_that_goes_on_is_no_level() -> None:
    series = pd.Series(np.round(4 * 1.03 ** np.arange(100)), index=MONDAYS)
    one = tempo.shift(series, MONDAYS[50], 50, 50)
    assert one.rate_ratio == pytest.approx(1, abs=0.1)


def test_the_true_step_ranks_first_among_all_weeks() -> None:
    table = tempo.placebos(counts(2, 6), 20)
    assert tempo.rank(table, MONDAYS[50]) == (1, 61)
    assert tempo.rank(table, MONDAYS[30])[0] > 30


def test_equal_differences_share_the_better_rank() -> None:
    table = tempo.placebos(pd.Series(3, index=MONDAYS), 20)
    assert tempo.rank(table, MONDAYS[40]) == (1, 61)


def test_a_date_without_room_has_no_rank() -> None:
    with pytest.raises(AleppoError, match="expected a week from 2015-05-25"):
        tempo.rank(tempo.placebos(counts(2, 6), 20), MONDAYS[5])
    with pytest.raises(AleppoError, match="200 weeks"):
        tempo.placebos(counts(2, 6), 100)


def test_windows_that_overlap_count_once() -> None:
    assert tempo.distinct(tempo.placebos(counts(2, 6), 20), 20) == 2


def test_a_summary_has_a_row_for_each_series() -> None:
    frame = pd.DataFrame({"step": counts(2, 6), "flat": counts(3, 3)})
    placebos, rows = tempo.summary(frame, MONDAYS[50], 20)
    assert rows["series"].tolist() == ["step", "flat"]
    assert rows["rank"].iloc[0] == 1
    assert placebos.groupby("series").size().tolist() == [61, 61]
