"""Lagged correlation with a block bootstrap: scipy is the reference for r, made series for the rest."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from aleppo.evidence import AleppoError
from aleppo.model import lags
from aleppo.model.lags import LagDesign, lagged

FEW = LagDesign(draws=200)


def months(values, first="2012-01"):
    index = pd.period_range(first, periods=len(values), freq="M").strftime("%Y-%m")
    return pd.Series(np.asarray(values, dtype=float), index=index)


def noise(seed, size=72):
    return np.random.default_rng(seed).normal(size=size)


def test_r_at_each_lag_is_pearsons():
    x, y = noise(1), noise(2)
    table = lagged(months(x), months(y), "level", FEW).set_index("lag")
    for lag in (0, 1, 6):
        assert table.at[lag, "r"] == pytest.approx(stats.pearsonr(x[: 72 - lag], y[lag:]).statistic)
    assert table.at[-4, "r"] == pytest.approx(stats.pearsonr(x[4:], y[:-4]).statistic)
    assert table["months"].to_list() == [66, 67, 68, 69, 70, 71, 72, 71, 70, 69, 68, 67, 66]


def test_a_tie_at_a_lag_is_found_there_and_leaves_the_band():
    x = noise(3)
    y = np.roll(x, 2) + 0.3 * noise(4)  # y follows x by two months
    table = lagged(months(x), months(y), "level", FEW).set_index("lag")
    assert table["r"].idxmax() == 2
    assert table.at[2, "low"] > 0.5
    assert table.at[2, "r"] > table.at[2, "bound"]
    assert abs(table.at[-3, "r"]) < table.at[-3, "bound"]


def test_series_that_only_drift_are_tied_as_counted_and_not_in_their_changes():
    trend = np.linspace(0, 10, 72)
    x, y = trend + noise(5), trend + noise(6)
    level = lagged(months(x), months(y), "level", FEW).set_index("lag")
    change = lagged(months(x), months(y), "change", FEW)
    assert level.at[0, "low"] > 0.5
    assert (change["r"].abs() < change["bound"]).all()


def test_series_that_are_not_tied_seldom_leave_the_band_at_any_lag():
    left = []
    for seed in range(60):
        table = lagged(months(noise(100 + seed)), months(noise(300 + seed)), "level", LagDesign(draws=300))
        left.append((table["r"].abs() > table["bound"]).any())
    assert np.mean(left) < 0.12


def test_a_surrogate_keeps_how_alike_neighbouring_months_are():
    x = np.cumsum(noise(13))
    drawn = lags._surrogates(x, 50, np.random.default_rng(1))
    assert np.allclose(np.abs(np.fft.rfft(drawn)[:, 1:]), np.abs(np.fft.rfft(x - x.mean())[1:]))
    assert not np.allclose(drawn[0], drawn[1])


def test_the_interval_of_independent_months_is_about_as_wide_as_fishers():
    x = noise(7, 200)
    y = 0.6 * x + 0.8 * noise(8, 200)
    row = lagged(months(x), months(y), "level").set_index("lag").loc[0]
    reference = stats.pearsonr(x, y).confidence_interval(0.95)
    assert row["high"] - row["low"] == pytest.approx(reference.high - reference.low, rel=0.35)


def test_the_same_seed_gives_the_same_interval():
    first = lagged(months(noise(9)), months(noise(10)), "change", FEW)
    assert first.equals(lagged(months(noise(9)), months(noise(10)), "change", FEW))


def test_only_months_that_both_hold_are_used():
    table = lagged(months(noise(11)), months(noise(12), "2013-01"), "level", FEW).set_index("lag")
    assert table.at[0, "months"] == 60


@pytest.mark.parametrize(
    ("first", "second", "treatment", "message"),
    [
        (noise(1), noise(2), "trend", "treatment: expected one of level, change, found 'trend'"),
        (noise(1, 20), noise(2, 20), "level", "two series: expected 24 months in both, found 20"),
        (np.ones(72), noise(2), "level", "two series: expected both to change, found one that does not"),
    ],
)
def test_what_has_no_correlation_is_refused_in_one_line(first, second, treatment, message):
    with pytest.raises(AleppoError) as caught:
        lagged(months(first), months(second), treatment, FEW)
    assert str(caught.value) == message


def test_a_gap_in_the_months_is_refused():
    series = months(noise(1))
    with pytest.raises(AleppoError, match="expected every month from 2012-01 to 2017-12, found a gap"):
        lagged(series.drop("2014-05"), series, "level", FEW)
