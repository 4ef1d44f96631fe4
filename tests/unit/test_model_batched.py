"""Batches of interrupted time series: the order of the work must not show in the result."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from aleppo.evidence.errors import AleppoError
from aleppo.model import batched
from aleppo.model.batched import Batch, estimate
from aleppo.model.interrupted import fit
from aleppo.model.panel import Panel, panel
from aleppo.model.specification import Specification, design_matrix, kept_weeks
from aleppo.model.status import Status
from aleppo.model.windows import Plan

WEEKS = pd.date_range("2012-01-02", periods=220, freq="7D")


def some_panel(series: int = 6, seed: int = 1) -> Panel:
    """Series of very different size, all with a break and with more than Poisson variation."""
    generator = np.random.default_rng(seed)
    size = np.geomspace(3, 900, series)[:, None]
    post = np.arange(len(WEEKS)) >= 120
    mean = size * np.exp(0.3 * post + generator.normal(0, 0.4, (series, len(WEEKS))))
    return Panel(tuple(f"area {i}" for i in range(series)), WEEKS, generator.poisson(mean).astype(float))


SPECIFICATIONS = [
    Specification(
        baseline, horizon, model=model, donut=donut, season=season, lags=lags, comparison=comparison
    )
    for (baseline, horizon), model, donut, season, lags, comparison in itertools.product(
        ((52, 26), (104, 65), (30, 90)),
        ("poisson", "nb2"),
        (0, 3),
        ("none", "month", "fourier1"),
        (2, 8),
        ("none", "ratio"),
    )
]


def whole_plan(data: Panel, specifications: list[Specification], weeks: tuple[int, ...] = (120, 129)) -> Plan:
    rows = [
        (series, week, place, (series + 1) % len(data.names) if specification.comparison != "none" else -1)
        for series in range(len(data.names))
        for week in weeks
        for place, specification in enumerate(specifications)
    ]
    return Plan(*(np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)))


def numbers(batch: Batch) -> np.ndarray:
    return np.column_stack([getattr(batch, name) for name in (*Batch.ESTIMATES,)])


def test_a_batch_in_another_order_gives_the_same_estimates_in_that_order() -> None:
    data = some_panel()
    plan = whole_plan(data, SPECIFICATIONS)
    first = estimate(data, SPECIFICATIONS, plan)
    order = np.random.default_rng(3).permutation(len(plan))
    second = estimate(data, SPECIFICATIONS, plan.take(order))
    np.testing.assert_array_equal(second.status, first.status[order])
    assert (first.status == Status.OK).all()
    np.testing.assert_allclose(numbers(second), numbers(first)[order], rtol=1e-8)


def test_the_same_batch_twice_gives_the_same_bytes_on_any_number_of_threads() -> None:
    data = some_panel()
    plan = whole_plan(data, SPECIFICATIONS)
    first, second, third = (estimate(data, SPECIFICATIONS, plan, jobs=jobs) for jobs in (1, 1, 3))
    assert numbers(first).tobytes() == numbers(second).tobytes() == numbers(third).tobytes()


def test_cutting_the_work_differently_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    data = some_panel()
    plan = whole_plan(data, SPECIFICATIONS, weeks=(125,))
    whole = estimate(data, SPECIFICATIONS, plan)
    monkeypatch.setattr(batched, "CHUNK", 7)
    monkeypatch.setattr(batched, "SLAB", 100)
    np.testing.assert_allclose(numbers(estimate(data, SPECIFICATIONS, plan)), numbers(whole), rtol=1e-8)


def test_a_single_fit_is_its_row_in_a_batch() -> None:
    data = some_panel()
    plan = whole_plan(data, SPECIFICATIONS)
    whole = numbers(estimate(data, SPECIFICATIONS, plan))
    for row in np.random.default_rng(0).integers(0, len(plan), 60).tolist():
        specification = SPECIFICATIONS[int(plan.specification[row])]
        rows = [int(plan.series[row]), int(plan.comparison[row])]
        series = [pd.Series(data.counts[i], index=data.weeks, name=data.names[i]) for i in rows if i >= 0]
        comparison = series[1] if len(series) > 1 else None
        found = fit(series[0], WEEKS[plan.week[row]], specification, comparison=comparison)
        np.testing.assert_allclose([getattr(found, name) for name in Batch.ESTIMATES], whole[row], rtol=1e-7)


@given(factor=st.integers(2, 400), seed=st.integers(0, 50))
@settings(max_examples=25)
def test_a_poisson_ratio_and_its_interval_do_not_depend_on_the_unit_of_the_counts(
    factor: int, seed: int
) -> None:
    data = some_panel(3, seed)
    scaled = Panel(data.names, data.weeks, data.counts * factor)
    chosen = [Specification(60, 50, season="fourier1"), Specification(60, 50, donut=2, comparison="ratio")]
    plan = whole_plan(data, chosen)
    first, second = estimate(data, chosen, plan), estimate(scaled, chosen, plan)
    columns = [name for name in Batch.ESTIMATES if name != "log_likelihood"]
    for name in columns:
        np.testing.assert_allclose(getattr(second, name), getattr(first, name), rtol=1e-8)


@given(factor=st.integers(2, 1_000), model=st.sampled_from(["poisson", "nb2"]))
@settings(max_examples=25)
def test_a_ratio_does_not_depend_on_the_unit_of_the_exposure(factor: int, model: str) -> None:
    data = some_panel(3)
    data.counts[2] += 1
    chosen = [Specification(60, 50, model=model, comparison="exposure", season="month")]
    rows = np.zeros(1, dtype=np.int64)
    plan = Plan(rows, rows + 120, rows, rows + 2)
    scaled = Panel(data.names, data.weeks, data.counts * np.array([[1], [1], [factor]]))
    first, second = estimate(data, chosen, plan), estimate(scaled, chosen, plan)
    np.testing.assert_allclose(numbers(second), numbers(first), rtol=1e-8)


def test_a_constant_exposure_changes_nothing() -> None:
    data = some_panel(2)
    data.counts[1] = 7
    plain = [Specification(60, 50, model=model) for model in ("poisson", "nb2")]
    exposed = [Specification(60, 50, model=model, comparison="exposure") for model in ("poisson", "nb2")]
    rows = np.zeros(2, dtype=np.int64)
    first = estimate(data, plain, Plan(rows, rows + 120, np.arange(2), rows - 1))
    second = estimate(data, exposed, Plan(rows, rows + 120, np.arange(2), rows + 1))
    np.testing.assert_allclose(numbers(second), numbers(first), rtol=1e-8)


@given(
    counts=st.lists(st.sampled_from([0, 0, 0, 0, 1, 2, 17]), min_size=60, max_size=60),
    model=st.sampled_from(["poisson", "nb2"]),
    season=st.sampled_from(["none", "month", "fourier1"]),
    windows=st.sampled_from([(30, 30), (20, 10), (8, 4), (3, 2)]),
)
@settings(max_examples=150)
def test_sparse_counts_give_finite_numbers_in_order_or_one_clear_line(
    counts: list[int], model: str, season: str, windows: tuple[int, int]
) -> None:
    series = pd.Series(counts, index=WEEKS[:60], name="quiet place")
    try:
        found = fit(series, WEEKS[30], Specification(*windows, model=model, season=season, lags=4))
    except AleppoError as error:
        assert "\n" not in str(error)
        assert "nan" not in str(error).lower()
        return
    assert all(np.isfinite(value) for value in found.as_dict().values())
    assert 0 < found.low <= found.rate_ratio <= found.high
    assert 0 < found.slope_low <= found.slope_ratio <= found.slope_high
    assert found.dispersion >= 0


def unbounded(design: np.ndarray, counts: np.ndarray) -> bool:
    """Whether some combination of coefficients raises the likelihood for ever, by linear programming.

    It is 0 in every week with deaths and nowhere above 0 (Correia, Guimarães & Zylkin, 2019).
    """
    design = design / np.abs(design).max(axis=0)
    empty = counts == 0
    if not empty.any():
        return False
    found = linprog(
        design[empty].sum(axis=0),
        A_ub=design[empty],
        b_ub=np.zeros(empty.sum()),
        A_eq=design[~empty],
        b_eq=np.zeros((~empty).sum()),
        bounds=[(-1, 1)] * design.shape[1],
        method="highs",
    )
    return bool(found.fun < -1e-7)


@pytest.mark.parametrize("model", ["poisson", "nb2"])
def test_exactly_the_separated_counts_are_called_separated(model: str) -> None:
    generator = np.random.default_rng(11)
    mean = np.exp(generator.normal(-2.5, 1.0, (250, 1)))
    data = Panel(
        tuple(map(str, range(250))), WEEKS, generator.poisson(np.tile(mean, len(WEEKS))).astype(float)
    )
    chosen = [Specification(52, 26, model=model, season=season) for season in ("none", "month")]
    plan = Plan(np.repeat(np.arange(250), 2), np.full(500, 120), np.tile(np.arange(2), 250), np.full(500, -1))
    found = estimate(data, chosen, plan)
    months = WEEKS.month.to_numpy()
    tallies = {True: 0, False: 0}
    for row in range(500):
        status = Status(int(found.status[row]))
        if status not in (Status.OK, Status.SEPARATED, Status.UNBOUNDED):
            assert status in (
                Status.NO_DEATHS,
                Status.NO_DEATHS_IN_WINDOW,
                Status.NO_DEATHS_BEFORE,
                Status.NO_DEATHS_AFTER,
            )
            continue
        specification = chosen[int(plan.specification[row])]
        weeks = 120 + kept_weeks(specification)
        expected = unbounded(
            design_matrix(specification, months[weeks]), data.counts[plan.series[row], weeks]
        )
        assert (status is Status.SEPARATED) == expected, (specification, data.counts[plan.series[row], weeks])
        tallies[expected] += 1
    assert min(tallies.values()) > 50


def test_rows_without_an_estimate_say_why_and_hold_no_number() -> None:
    data = some_panel(4)
    data.counts[0] = 0
    data.counts[1, :120] = 0
    data.counts[2, :119] = 0
    chosen = [
        Specification(52, 26),
        Specification(52, 26, comparison="ratio"),
        Specification(52, 26, comparison="exposure"),
        Specification(130, 26),
        Specification(52, 110),
        Specification(2, 2),
    ]
    rows = [
        (0, 120, 0, -1, Status.NO_DEATHS),
        (1, 120, 0, -1, Status.NO_DEATHS_BEFORE),
        (1, 100, 0, -1, Status.NO_DEATHS_BEFORE),
        (1, 60, 0, -1, Status.NO_DEATHS_IN_WINDOW),
        (2, 120, 0, -1, Status.SEPARATED),
        (3, 120, 1, 0, Status.COMPARISON_FAILED),
        (3, 120, 2, 1, Status.EXPOSURE_NOT_POSITIVE),
        (3, 120, 3, -1, Status.BASELINE_BEFORE_DATA),
        (3, 120, 4, -1, Status.HORIZON_PAST_DATA),
        (3, -40, 0, -1, Status.BREAK_OUTSIDE),
        (3, 220, 0, -1, Status.BREAK_OUTSIDE),
        (3, 120, 5, -1, Status.TOO_FEW_WEEKS),
        (3, 120, 0, -1, Status.OK),
    ]
    *columns, expected = zip(*rows, strict=True)
    found = estimate(data, chosen, Plan(*(np.array(column, dtype=np.int64) for column in columns)))
    assert [Status(code) for code in found.status.tolist()] == list(expected)
    assert found.rows.tolist() == [len(rows) - 1]
    frame = found.frame()
    assert frame["status"].tolist() == [status.words for status in expected]
    assert frame[list(Batch.ESTIMATES)].isna().all(axis=1).tolist() == [True] * (len(rows) - 1) + [False]
    assert not np.isnan(numbers(found)).any()
    assert frame["n_deaths_pre"].tolist()[:2] == [0, 0]


def test_an_empty_plan_gives_an_empty_batch() -> None:
    none = np.zeros(0, dtype=np.int64)
    found = estimate(some_panel(2), [Specification()], Plan(none, none, none, none))
    assert len(found.frame()) == 0


def test_a_panel_holds_series_over_the_same_weeks_only() -> None:
    first = pd.Series(1, index=WEEKS)
    with pytest.raises(AleppoError, match="later: expected the weeks 2012-01-02 to 2016-03-14"):
        panel({"first": first, "later": first.iloc[1:]})
    with pytest.raises(AleppoError, match="at least one series"):
        panel({})


def test_windows_of_very_different_length_in_one_batch_are_what_they_are_alone() -> None:
    data = some_panel(3)
    chosen = [
        Specification(baseline, horizon, model=model, season=season)
        for baseline, horizon in ((5, 4), (6, 90), (12, 12), (14, 20), (52, 7), (100, 13), (120, 99))
        for model in ("poisson", "nb2")
        for season in ("none", "fourier2")
        if season == "none" or baseline + horizon > 20
    ]
    plan = whole_plan(data, chosen, weeks=(120,))
    together = estimate(data, chosen, plan)
    for row in together.rows.tolist():
        alone = estimate(data, chosen, plan.take(np.array([row])))
        place = int(np.searchsorted(together.rows, row))
        np.testing.assert_allclose(numbers(alone)[0], numbers(together)[place], rtol=1e-6)
