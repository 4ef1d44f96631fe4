"""Regressions side by side: their building blocks against other ways to compute the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import digamma, gammaln, polygamma
from statsmodels.stats.sandwich_covariance import S_hac_simple

from aleppo.model.block import LEFT_OUT, Block, identified, prepare
from aleppo.model.ladder import node_weights, rule_for, sums_below
from aleppo.model.regression import fit_nb2, fit_poisson, long_run_variance
from aleppo.model.status import Status


@pytest.mark.parametrize("lags", [0, 1, 4, 8, 40])
@pytest.mark.parametrize("weeks", [3, 30, 150])
def test_moving_sums_give_the_newey_west_variance(weeks: int, lags: int) -> None:
    influence = np.random.default_rng(weeks).normal(size=(5, weeks))
    expected = [
        S_hac_simple(row, nlags=min(lags, weeks - 1), weights_func=lambda _: bartlett(lags))
        for row in influence
    ]
    np.testing.assert_allclose(long_run_variance(influence, lags), np.ravel(expected), rtol=1e-12)


def bartlett(lags: int) -> np.ndarray:
    return 1 - np.arange(lags + 1) / (lags + 1)


def test_weeks_of_zeros_at_either_end_change_no_variance() -> None:
    influence = np.random.default_rng(0).normal(size=(4, 60))
    wider = np.pad(influence, ((0, 0), (7, 11)))
    np.testing.assert_allclose(long_run_variance(wider, 8), long_run_variance(influence, 8), rtol=1e-12)


@given(
    counts=st.lists(st.integers(0, 5_000), min_size=1, max_size=40),
    dispersion=st.floats(1e-6, 50),
)
@settings(max_examples=60)
def test_sums_from_few_nodes_are_the_gamma_functions(counts: list[int], dispersion: float) -> None:
    values = np.array([counts], dtype=float)
    rule = rule_for(values.max())
    ladder = 1 / (1 + dispersion * rule.nodes)
    weights = node_weights(values, rule)
    place = 1 / dispersion
    below = place * (digamma(values + place) - digamma(place))
    # the gamma functions cancel when the dispersion is small, the sums do not: hence the tolerance
    slack = 1e-11 * (1 + values.sum()) * max(1.0, place)
    assert weights[0] @ ladder == pytest.approx(below.sum(), abs=slack, rel=1e-11)
    np.testing.assert_allclose(sums_below(values, ladder[None], rule), below, atol=slack, rtol=1e-11)
    squares = place**2 * (polygamma(1, place) - polygamma(1, values + place)).sum()
    assert weights[0] @ ladder**2 == pytest.approx(squares, abs=slack * max(1.0, place), rel=1e-10)
    logs = (gammaln(values + place) - gammaln(place) - values * np.log(place)).sum()
    assert -weights[0] @ np.log(ladder) == pytest.approx(logs, abs=slack * max(1.0, place), rel=1e-10)


def test_sums_from_few_nodes_are_plain_sums() -> None:
    values = np.array([[0.0, 1, 2, 31, 32, 33, 63, 64, 65, 511, 512, 513, 3_000]])
    rule = rule_for(values.max())
    for dispersion in (1e-8, 0.2, 30.0):
        direct = [(1 / (1 + dispersion * np.arange(count))).sum() for count in values[0]]
        ladder = 1 / (1 + dispersion * rule.nodes)[None]
        np.testing.assert_allclose(sums_below(values, ladder, rule)[0], direct, rtol=1e-13)
        assert node_weights(values, rule)[0] @ ladder[0] == pytest.approx(sum(direct), rel=1e-13)


def design(weeks: int = 80, groups: int = 0) -> tuple[np.ndarray, np.ndarray]:
    time = np.arange(weeks) - weeks // 2
    post = (time >= 0).astype(float)
    columns = [time, post, time * post]
    if not groups:
        return np.column_stack([np.ones(weeks), *columns]), np.zeros((weeks, 0))
    return np.column_stack(columns).astype(float), np.eye(groups)[np.arange(weeks) % groups]


@pytest.mark.parametrize("groups", [0, 5])
@pytest.mark.parametrize("fitter", [fit_poisson, fit_nb2])
def test_weeks_left_out_of_a_wide_design_are_the_same_as_weeks_that_are_not_there(
    fitter: object, groups: int
) -> None:
    columns, indicators = design(80, groups)
    kept = np.ones(80, dtype=bool)
    kept[[0, 1, 2, 38, 39, 40, 41, 77]] = False
    counts = np.random.default_rng(4).negative_binomial(3, 0.1, size=(6, 80)) * kept
    wide, narrow = prepare(columns, indicators, (1, 2)), prepare(columns[kept], indicators[kept], (1, 2))
    assert wide is not None
    assert narrow is not None
    offset = np.where(np.tile(kept, (6, 1)), 0.0, LEFT_OUT)
    first = fitter(Block(counts.astype(float), offset, ((0, 6, wide),)))  # type: ignore[operator]
    rows = counts[:, kept].astype(float)
    second = fitter(Block(rows, np.zeros_like(rows), ((0, 6, narrow),)))  # type: ignore[operator]
    assert (first.status == Status.OK).all()
    np.testing.assert_allclose(first.coefficients, second.coefficients, rtol=1e-8)
    np.testing.assert_allclose(first.log_likelihood, second.log_likelihood, rtol=1e-12)
    np.testing.assert_allclose(first.influence[:, :, kept], second.influence, rtol=1e-6, atol=1e-12)
    assert not first.influence[:, :, ~kept].any()


@pytest.mark.parametrize("fitter", [fit_poisson, fit_nb2])
def test_the_score_is_zero_at_the_estimate(fitter: object) -> None:
    """Influence is score times bread: at the maximum it adds up to nothing."""
    columns, indicators = design(90)
    found = prepare(columns, indicators, (1, 2))
    assert found is not None
    counts = np.random.default_rng(8).negative_binomial(2, 0.05, size=(50, 90)).astype(float)
    fits = fitter(Block(counts, np.zeros_like(counts), ((0, 50, found),)))  # type: ignore[operator]
    assert (fits.status == Status.OK).all()
    size = np.abs(fits.influence).sum(axis=2)
    assert (np.abs(fits.influence.sum(axis=2)) < 1e-8 * size).all()


def test_columns_that_depend_on_each_other_make_no_design() -> None:
    columns, indicators = design(40)
    assert prepare(columns, indicators, (1, 2)) is not None
    assert prepare(np.column_stack([columns, columns[:, 1] - columns[:, 3]]), indicators, (1, 2)) is None
    assert prepare(columns[:4], indicators[:4], (1, 2)) is None
    assert prepare(columns[:20], indicators[:20], (1, 2)) is None  # no week after the break


@pytest.mark.parametrize("groups", [0, 4])
def test_weeks_that_identify_the_parameters_are_told_from_weeks_that_do_not(groups: int) -> None:
    columns, indicators = design(60, groups)
    wide = prepare(columns, indicators, (1, 2))
    assert wide is not None
    generator = np.random.default_rng(2)
    kept = np.zeros((200, 60), dtype=bool)
    for row in kept:
        row[generator.integers(0, 60, generator.integers(3, 16))] = True
    whole = np.concatenate([columns, indicators], axis=1)
    expected = [np.linalg.matrix_rank(whole[row]) == whole.shape[1] for row in kept]
    assert 20 < sum(expected) < 180
    np.testing.assert_array_equal(identified(wide, kept), expected)


@pytest.mark.parametrize("fitter", [fit_poisson, fit_nb2])
def test_a_month_that_no_row_keeps_may_have_no_group(fitter: object) -> None:
    """A wide design covers weeks of months that a narrow window does not see; they must not disturb it."""
    columns, indicators = design(80, 5)
    kept = np.arange(80) % 5 != 2
    counts = np.random.default_rng(6).negative_binomial(3, 0.1, size=(6, 80)) * kept
    wide, narrow = (
        prepare(columns[which], np.delete(indicators, 2, axis=1)[which], (1, 2))
        for which in (kept | True, kept)
    )
    assert wide is not None
    assert narrow is not None
    np.testing.assert_allclose(wide.basis[kept] @ wide.constant, 1.0, rtol=1e-12)
    offset = np.where(np.tile(kept, (6, 1)), 0.0, LEFT_OUT)
    first = fitter(Block(counts.astype(float), offset, ((0, 6, wide),)))  # type: ignore[operator]
    rows = counts[:, kept].astype(float)
    second = fitter(Block(rows, np.zeros_like(rows), ((0, 6, narrow),)))  # type: ignore[operator]
    assert (first.status == Status.OK).all()
    assert first.evaluations.max() < 12
    np.testing.assert_allclose(first.coefficients, second.coefficients, rtol=1e-8)
    np.testing.assert_allclose(first.log_likelihood, second.log_likelihood, rtol=1e-12)
