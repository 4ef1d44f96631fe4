"""The block bootstrap: what is drawn, that what is fitted to it is what statsmodels fits, and how often it is right."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from aleppo.model.batched import Batch, estimate
from aleppo.model.block import Integers
from aleppo.model.panel import Panel, panel
from aleppo.model.resample import BLOCK, Resample, block_of, circular
from aleppo.model.specification import Specification, columns, kept_weeks
from aleppo.model.windows import Plan

START = pd.Timestamp("2014-03-03")
POSITION = 150


@cache
def counts() -> Panel:
    generator = np.random.default_rng(11)
    weeks = pd.date_range(START - pd.Timedelta(weeks=POSITION), periods=260, freq="7D")
    return panel({name: pd.Series(generator.negative_binomial(3, 0.1, 260) + 1, weeks) for name in "abc"})


def plan(specifications: list[Specification]) -> Plan:
    """Series a by each specification at the break; a comparison is series b."""
    size = len(specifications)
    other = [1 if one.comparison != "none" else -1 for one in specifications]
    return Plan(np.zeros(size, int), np.full(size, POSITION), np.arange(size), np.array(other))


def fitted(specifications: list[Specification], resample: Resample | None) -> Batch:
    return estimate(counts(), specifications, plan(specifications), draw=resample)


def drawn_weeks(one: Specification, resample: Resample) -> Integers:
    """The drawn weeks at the kept places of a window."""
    return resample(one)[kept_weeks(one) + one.baseline]


# --- what is drawn -------------------------------------------------------------------------------------------


@given(st.integers(1, 60), st.integers(1, 12), st.integers(0, 1000))
def test_blocks_are_runs_of_neighbours_in_a_circle(size: int, length: int, seed: int) -> None:
    places = circular(size, length, np.random.default_rng(seed))
    assert len(places) == size
    assert ((places >= 0) & (places < size)).all()
    steps = np.diff(places) % size
    inside = np.arange(1, size) % length != 0
    assert (steps[inside] == 1 % size).all()


def test_every_week_is_drawn_as_often_as_any_other() -> None:
    random = np.random.default_rng(1)
    number = np.bincount(np.concatenate([circular(26, 9, random) for _ in range(4000)]), minlength=26)
    assert number.min() > 0.93 * number.mean()
    assert number.max() < 1.07 * number.mean()


@given(st.integers(9, 120), st.integers(9, 60), st.integers(0, 8), st.integers(1, 50))
def test_each_side_of_the_break_is_drawn_from_itself(
    baseline: int, horizon: int, donut: int, number: int
) -> None:
    one = Specification(baseline, horizon, donut=donut)
    weeks = drawn_weeks(one, Resample(number, START, block=4))
    before, after = weeks[: baseline - donut], weeks[baseline - donut :]
    assert len(after) == horizon - donut
    assert ((before >= -baseline) & (before < -donut)).all()
    assert ((after >= donut) & (after < horizon)).all()


def test_draws_depend_on_the_window_and_not_on_what_is_made_of_it() -> None:
    drawn = Resample(3, START)
    first = drawn(Specification(52, 26, "poisson", season="none"))
    assert (drawn(Specification(52, 26, "nb2", season="month", slope=False)) == first).all()
    others = [Resample(4, START), Resample(3, START + pd.Timedelta(weeks=1)), Resample(3, START, seed=1)]
    assert all((other(Specification(52, 26)) != first).any() for other in others)


def test_a_block_of_months_is_one_more_than_the_lags_in_months() -> None:
    assert (block_of(BLOCK, "week"), block_of(BLOCK, "month")) == (BLOCK, 3)
    assert block_of(1, "month") == 1


# --- what is fitted ------------------------------------------------------------------------------------------

SHAPES = [
    Specification(78, 39, model, donut, 8, season, slope=slope)
    for model in ("poisson", "nb2")
    for donut in (0, 3)
    for season in ("none", "month", "fourier2")
    for slope in (True, False)
]


def by_statsmodels(one: Specification, resample: Resample) -> float:
    """The logarithm of the rate ratio on the drawn weeks, each with its own time, months and exposure."""
    weeks, data = drawn_weeks(one, resample), counts()
    months = data.weeks.month.to_numpy()[POSITION + weeks]
    dense, groups = columns(weeks, one.season, months, np.unique(months).tolist(), slope=one.slope)
    outcome, other = data.counts[:2, POSITION + weeks]
    offset = np.log(other) if one.comparison == "exposure" else np.zeros(len(weeks))
    design = np.column_stack([dense, groups])
    level = 1 if groups.size else 2

    def fit(values: np.ndarray) -> float:
        poisson = sm.GLM(values, design, family=sm.families.Poisson(), offset=offset).fit(tol=1e-12)
        if one.model == "poisson":
            return float(poisson.params[level])
        model = sm.NegativeBinomial(values, design, offset=offset)
        start = np.append(poisson.params, 0.3)
        return float(model.fit(start, method="newton", maxiter=100, tol=1e-10, disp=False).params[level])

    return fit(outcome) - (fit(other) if one.comparison == "ratio" else 0.0)


@pytest.mark.parametrize("comparison", ["none", "exposure", "ratio"])
def test_a_resample_is_fitted_as_statsmodels_fits_its_weeks(comparison: str) -> None:
    shapes = [Specification(**{**vars(one), "comparison": comparison}) for one in SHAPES]
    resample = Resample(2, START)
    batch = fitted(shapes, resample)
    assert batch.rows.tolist() == list(range(len(shapes)))
    picked = range(len(shapes)) if comparison == "none" else range(2, len(shapes), 7)
    expected = [by_statsmodels(shapes[row], resample) for row in picked]
    np.testing.assert_allclose(np.log(batch.rate_ratio)[list(picked)], expected, atol=2e-6)


def test_weeks_drawn_where_they_stand_change_nothing() -> None:
    def still(one: Specification) -> Integers:
        return np.arange(-one.baseline, one.horizon)

    drawn, plain = estimate(counts(), SHAPES, plan(SHAPES), draw=still), fitted(SHAPES, None)
    for name in ("rate_ratio", "low", "high", "dispersion", "log_likelihood"):
        np.testing.assert_allclose(getattr(drawn, name), getattr(plain, name), rtol=1e-7)
    assert (drawn.n_deaths_pre == plain.n_deaths_pre).all()


def test_deaths_are_those_of_the_weeks_drawn() -> None:
    one, resample = Specification(78, 39, donut=3), Resample(5, START)
    batch, weeks = fitted([one], resample), drawn_weeks(one, resample)
    drawn = counts().counts[0, POSITION + weeks]
    assert batch.n_deaths_pre.tolist() == [drawn[weeks < 0].sum()]
    assert batch.n_deaths_post.tolist() == [drawn[weeks >= 0].sum()]


def test_a_month_that_is_not_drawn_has_no_season_and_does_no_harm() -> None:
    short = Specification(52, 26, season="month")
    resample = next(
        each
        for number in range(1, 50)
        if len(set(counts().weeks.month[POSITION + drawn_weeks(short, each := Resample(number, START))])) < 12
    )
    assert np.log(fitted([short], resample).rate_ratio)[0] == pytest.approx(
        by_statsmodels(short, resample), abs=1e-6
    )


# --- how often it is right -----------------------------------------------------------------------------------


def covered(memory: float, baseline: int, horizon: int, series: int = 100, resamples: int = 79) -> pd.Series:
    """Share of simulated series without a break whose 95 % interval holds none, by kind of interval.

    Counts are negative binomial around a level that moves as an autoregression does.
    """
    generator = np.random.default_rng(17)
    steps = generator.normal(size=(series, baseline + horizon))
    for week in range(1, steps.shape[1]):
        steps[:, week] = memory * steps[:, week - 1] + np.sqrt(1 - memory**2) * steps[:, week]
    level = 40 * np.exp(0.5 * steps - 0.125)
    weeks = pd.date_range(START - pd.Timedelta(weeks=baseline), periods=baseline + horizon, freq="7D")
    data = Panel(
        tuple(map(str, range(series))),
        weeks,
        generator.negative_binomial(3, 3 / (3 + level)).astype(float),
    )
    none = np.zeros(series, dtype=np.int64)
    asked = Plan(np.arange(series), none + baseline, none, none - 1)
    one = [Specification(baseline, horizon, lags=BLOCK - 1)]
    plain = estimate(data, one, asked)
    drawn = [
        estimate(data, one, asked, draw=Resample(number, START)).rate_ratio
        for number in range(1, resamples + 1)
    ]
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    return pd.Series(
        {"hac": ((plain.low < 1) & (plain.high > 1)).mean(), "blocks": ((low < 1) & (high > 1)).mean()}
    )


def test_intervals_by_blocks_hold_the_truth_more_often_than_hac_ones() -> None:
    share = covered(0.5, 52, 26)
    assert share["blocks"] > share["hac"] + 0.05
    assert share["blocks"] > 0.85


def test_a_long_memory_leaves_both_kinds_of_interval_too_short() -> None:
    share = covered(0.9, 52, 26)
    assert share["hac"] < share["blocks"] < 0.9
