"""Interrupted time series: the reference, what cannot be estimated, and what is known in advance."""

from __future__ import annotations

import itertools
import json
import math
from functools import cache

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from aleppo.evidence import load
from aleppo.evidence.errors import AleppoError
from aleppo.measure.toll import OUTCOMES, outcome_counts
from aleppo.model.batched import estimate
from aleppo.model.interrupted import Estimate, Specification, fit
from aleppo.model.panel import Panel, panel
from aleppo.model.specification import LEVEL, SLOPE, design_matrix, kept_weeks
from aleppo.model.windows import Plan

BREAK = "2015-09-30"
AREAS = {"Aleppo": "SY02", "Idleb": "SY07", "Dar'a": "SY12", "all": "all"}
SHAPES = list(itertools.product((52, 78, 104, 130), (26, 52, 65), (0, 2, 4), ("none", "month", "fourier2")))
LAGS = (4, 8)


@cache
def deaths() -> Panel:
    table = load("vdc_deaths_weekly")
    wide = table.pivot(index="week", columns="governorate", values="deaths").sort_index().astype(int)
    wide["all"] = wide.sum(axis=1)
    return panel({name: wide[code] for name, code in AREAS.items()})


def series(name: str) -> pd.Series:
    data = deaths()
    return pd.Series(data.counts[data.names.index(name)], index=data.weeks, name=name)


def weekly(counts: np.ndarray, start: str = "2012-01-02", name: str = "somewhere") -> pd.Series:
    return pd.Series(counts, index=pd.date_range(start, periods=len(counts), freq="7D"), name=name)


def data_of(specification: Specification, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Counts and design of one regression, for statsmodels."""
    data = deaths()
    weeks = data.position(BREAK) + kept_weeks(specification)
    return (
        data.counts[data.names.index(name), weeks],
        design_matrix(specification, data.weeks.month.to_numpy()[weeks]),
    )


def polished_nb2(model: sm.NegativeBinomial) -> np.ndarray:
    """statsmodels' own NB2 optimum, its own score and Hessian taken down to rounding error by Newton steps.

    Its optimisers stop short of the maximum by more than the comparison allows.
    """
    point = model.fit(disp=0, method="bfgs", maxiter=1_000, warn_convergence=False).params
    for _ in range(20):
        step = np.linalg.solve(model.hessian(point), model.score(point))
        point = point - step
        if np.abs(step).max() < 1e-12 * (1 + np.abs(point).max()):
            break
    return point


def reference(specification: Specification, name: str, lags: int, start: np.ndarray | None) -> np.ndarray:
    """Rate ratio, low, high, slope ratio, low, high by statsmodels, HAC through its public interface."""
    counts, design = data_of(specification, name)
    hac = {"cov_type": "HAC", "cov_kwds": {"maxlags": lags}}
    if specification.model == "poisson":
        model = sm.GLM(counts, design, family=sm.families.Poisson())
        found = model.fit(tol=1e-12, tol_criterion="params", maxiter=100, **hac)
    else:
        model = sm.NegativeBinomial(counts, design)
        found = model.fit(
            start_params=start, method="newton", maxiter=1, disp=0, warn_convergence=False, **hac
        )
    wanted = [LEVEL, SLOPE]
    return np.exp(np.column_stack([found.params[wanted], found.conf_int()[wanted]]).ravel())


def batch_of(
    specifications: list[Specification], names: list[str]
) -> dict[tuple[str, Specification], np.ndarray]:
    """Every pair of area and specification, as one batch."""
    data = deaths()
    pairs = list(itertools.product(names, range(len(specifications))))
    plan = Plan(
        series=np.array([data.names.index(name) for name, _ in pairs]),
        week=np.full(len(pairs), data.position(BREAK)),
        specification=np.array([place for _, place in pairs]),
        comparison=np.full(len(pairs), -1),
    )
    found = estimate(data, specifications, plan)
    assert len(found.rows) == len(pairs)
    columns = (found.rate_ratio, found.low, found.high, found.slope_ratio, found.slope_low, found.slope_high)
    table = np.column_stack(columns)
    return {(name, specifications[place]): line for (name, place), line in zip(pairs, table, strict=True)}


@pytest.mark.parametrize("model", ["poisson", "nb2"])
@pytest.mark.parametrize("name", list(AREAS))
def test_every_specification_of_the_grid_equals_statsmodels_to_a_millionth(name: str, model: str) -> None:
    specifications = [
        Specification(*shape[:2], donut=shape[2], season=shape[3], model=model, lags=lags)
        for shape in SHAPES
        for lags in LAGS
    ]
    found = batch_of(specifications, [name])
    for first, second in zip(specifications[::2], specifications[1::2], strict=True):
        start = None
        if model == "nb2":
            counts, design = data_of(first, name)
            start = polished_nb2(sm.NegativeBinomial(counts, design))
        for specification in (first, second):
            expected = reference(specification, name, specification.lags, start)
            np.testing.assert_allclose(
                found[name, specification], expected, rtol=1e-6, err_msg=str(specification)
            )


def monthly() -> tuple[pd.Series, np.ndarray]:
    counts = outcome_counts("batch-1-and-2", {name: load(name) for name in OUTCOMES["batch-1-and-2"].tables})
    return counts.table["SY02"].rename("Aleppo"), counts.lengths


@pytest.mark.parametrize("model", ["poisson", "nb2"])
@pytest.mark.parametrize("period", ["week", "month"])
def test_held_slopes_and_months_equal_statsmodels_to_a_millionth(period: str, model: str) -> None:
    if period == "month":
        (counts, lengths), shapes = (
            monthly(),
            itertools.product((18, 24, 30), (12, 15), (0, 1), ("none", "fourier2")),
        )
    else:
        counts, lengths, shapes = series("Aleppo"), np.ones(len(deaths().weeks)), SHAPES
    data = panel({"Aleppo": counts}, period, lengths)
    for baseline, horizon, donut, season in shapes:
        for slope in (True, False) if period == "month" else (False,):
            chosen = Specification(
                baseline, horizon, model, donut, 3, season=season, slope=slope, period=period
            )
            weeks = data.position(BREAK) + kept_weeks(chosen)
            design = design_matrix(chosen, data.weeks.month.to_numpy()[weeks])
            kept, hac = counts.to_numpy()[weeks], {"cov_type": "HAC", "cov_kwds": {"maxlags": 3}}
            if model == "poisson":
                family = sm.families.Poisson()
                found = sm.GLM(kept, design, family=family, exposure=lengths[weeks]).fit(tol=1e-13, **hac)
            else:
                one = sm.NegativeBinomial(kept, design, exposure=lengths[weeks])
                start = polished_nb2(one)
                if start[-1] < 1e-4:  # no more than Poisson variation: statsmodels has no estimate there
                    continue
                found = one.fit(
                    start_params=start, method="newton", maxiter=1, disp=0, warn_convergence=False, **hac
                )
            expected = np.exp([found.params[LEVEL], *found.conf_int()[LEVEL]])
            mine = fit(counts, BREAK, chosen, lengths=lengths if period == "month" else None)
            np.testing.assert_allclose(
                [mine.rate_ratio, mine.low, mine.high], expected, rtol=1e-6, err_msg=str(chosen)
            )
            if not slope:
                assert (mine.slope_ratio, mine.slope_low, mine.slope_high) == (1.0, 1.0, 1.0)


def test_the_first_post_month_is_the_one_that_begins_nearest_to_the_break() -> None:
    counts, lengths = monthly()
    data = panel({"Aleppo": counts}, "month", lengths)
    october = int(data.weeks.get_loc("2015-10-01"))
    for day, position in (("2015-09-30", october), ("2015-10-15", october), ("2015-10-16", october + 1)):
        assert data.position(day) == position


def test_weeks_and_months_are_not_mixed_up() -> None:
    with pytest.raises(AleppoError, match="expected weeks that begin on Monday"):
        fit(monthly()[0], BREAK, Specification(52, 26))
    with pytest.raises(AleppoError, match="expected months that begin on the first"):
        fit(series("Aleppo"), BREAK, Specification(12, 6, period="month"))
    with pytest.raises(AleppoError, match="period: expected week or month, found 'day'"):
        Specification(period="day")


@pytest.mark.parametrize(
    ("name", "baseline", "horizon", "expected"),
    [
        ("Aleppo", 52, 52, (0.79, 0.36, 1.72)),
        ("Aleppo", 104, 65, (1.31, 0.75, 2.29)),
        ("Aleppo", 78, 26, (1.54, 0.82, 2.90)),
        ("all", 78, 26, (1.55, 1.16, 2.06)),
    ],
)
def test_the_known_windows_give_the_known_ratios(
    name: str, baseline: int, horizon: int, expected: tuple[float, float, float]
) -> None:
    found = fit(series(name), BREAK, Specification(baseline, horizon, model="poisson", lags=8))
    assert (round(found.rate_ratio, 2), round(found.low, 2), round(found.high, 2)) == expected
    assert (found.weeks_pre, found.weeks_post) == (baseline, horizon)


def test_deaths_are_those_of_the_weeks_on_each_side_of_the_monday_of_the_break() -> None:
    aleppo = series("Aleppo")
    found = fit(aleppo, BREAK, Specification(52, 26))
    assert found.n_deaths_pre == aleppo["2014-09-29":"2015-09-21"].sum()
    assert found.n_deaths_post == aleppo["2015-09-28":"2016-03-21"].sum()


def test_every_day_of_a_week_is_the_same_break_and_the_day_before_is_another() -> None:
    aleppo = series("Aleppo")
    monday, sunday = fit(aleppo, "2015-09-28"), fit(aleppo, "2015-10-04")
    assert monday == sunday
    assert fit(aleppo, "2015-09-27") != monday


def test_a_donut_takes_its_weeks_from_both_sides_and_does_not_look_at_them() -> None:
    aleppo = series("Aleppo")
    specification = Specification(52, 52, donut=2)
    found = fit(aleppo, BREAK, specification)
    assert (found.weeks_pre, found.weeks_post) == (50, 50)
    changed = aleppo.copy()
    changed["2015-09-14":"2015-10-05"] += 1_000
    assert fit(changed, BREAK, specification) == found
    changed["2015-10-12"] += 1_000
    assert fit(changed, BREAK, specification) != found


def simulated(model: str, rows: int = 400) -> Panel:
    """Series with a known level (×1.5), slope (×1.004 a week), season and, for NB2, dispersion (0.2)."""
    generator = np.random.default_rng(20150930)
    time = np.arange(-200, 200)
    post = time >= 0
    angle = 2 * np.pi * time * 7 / 365.2425
    trend = 0.001 * time + math.log(1.5) * post + math.log(1.004) * post * time + 0.3 * np.sin(angle)
    mean = np.tile(40 * np.exp(trend), (rows, 1))
    if model == "nb2":
        mean = mean * generator.gamma(1 / 0.2, 0.2, mean.shape)
    weeks = pd.date_range("2010-01-04", periods=len(time), freq="7D")
    return Panel(tuple(map(str, range(rows))), weeks, generator.poisson(mean).astype(float))


@pytest.mark.parametrize("model", ["poisson", "nb2"])
def test_known_parameters_are_recovered_and_the_intervals_cover_them(model: str) -> None:
    data = simulated(model)
    rows = len(data.counts)
    same = np.zeros(rows, dtype=np.int64)
    plan = Plan(np.arange(rows), same + 200, same, same - 1)
    found = estimate(data, [Specification(200, 200, model=model, season="fourier1", lags=4)], plan)
    assert len(found.rows) == rows
    for ratio, low, high, truth in (
        (found.rate_ratio, found.low, found.high, 1.5),
        (found.slope_ratio, found.slope_low, found.slope_high, 1.004),
    ):
        logs = np.log(ratio)
        assert abs(logs.mean() - math.log(truth)) < 4 * logs.std() / math.sqrt(rows)
        assert 0.90 < ((low < truth) & (truth < high)).mean() < 0.98
    if model == "nb2":
        assert found.dispersion.mean() == pytest.approx(0.2, rel=0.05)
    else:
        assert not found.dispersion.any()


def test_counts_that_vary_no_more_than_poisson_have_no_dispersion_and_the_poisson_estimate() -> None:
    counts = weekly(np.tile([9, 10, 11, 10], 40))
    plain = fit(counts, counts.index[80], Specification(80, 80))
    found = fit(counts, counts.index[80], Specification(80, 80, model="nb2"))
    assert found == plain
    assert found.dispersion == 0.0


def test_the_log_likelihood_is_that_of_statsmodels() -> None:
    for model in ("poisson", "nb2"):
        specification = Specification(104, 65, model=model)
        counts, design = data_of(specification, "Aleppo")
        if model == "poisson":
            expected = sm.GLM(counts, design, family=sm.families.Poisson()).fit(tol=1e-12).llf
        else:
            reference_model = sm.NegativeBinomial(counts, design)
            expected = reference_model.loglike(polished_nb2(reference_model))
        assert fit(series("Aleppo"), BREAK, specification).log_likelihood == pytest.approx(
            expected, rel=1e-10
        )


def test_an_exposure_is_an_offset_as_in_statsmodels() -> None:
    specification = Specification(78, 52, lags=4, comparison="exposure", season="fourier1")
    counts, design = data_of(specification, "Aleppo")
    exposure = data_of(specification, "all")[0]
    model = sm.GLM(counts, design, family=sm.families.Poisson(), exposure=exposure)
    expected = model.fit(tol=1e-12, cov_type="HAC", cov_kwds={"maxlags": 4})
    found = fit(series("Aleppo"), BREAK, specification, comparison=series("all"))
    np.testing.assert_allclose(
        [found.rate_ratio, found.low, found.high],
        np.exp([expected.params[LEVEL], *expected.conf_int()[LEVEL]]),
        rtol=1e-6,
    )


def test_a_ratio_is_the_interaction_of_two_series_with_errors_shared_by_week_as_in_statsmodels() -> None:
    specification = Specification(104, 65, lags=8, donut=2, comparison="ratio", season="month")
    (first, design), (second, _) = data_of(specification, "Aleppo"), data_of(specification, "Idleb")
    both = np.block([[design, design], [np.zeros_like(design), design]])
    weeks = np.tile(np.arange(len(first)), 2)
    model = sm.GLM(np.concatenate([first, second]), both, family=sm.families.Poisson())
    expected = model.fit(
        tol=1e-12,
        cov_type="hac-groupsum",
        cov_kwds={"time": weeks, "maxlags": 8, "use_correction": False, "df_correction": False},
    )
    found = fit(series("Aleppo"), BREAK, specification, comparison=series("Idleb"))
    np.testing.assert_allclose(
        [found.rate_ratio, found.low, found.high],
        np.exp([expected.params[LEVEL], *expected.conf_int()[LEVEL]]),
        rtol=1e-6,
    )


def test_a_series_against_itself_has_a_ratio_of_one() -> None:
    twin = series("Aleppo").rename("twin")
    for model in ("poisson", "nb2"):
        found = fit(series("Aleppo"), BREAK, Specification(model=model, comparison="ratio"), comparison=twin)
        assert (found.rate_ratio, found.low, found.high) == (1.0, 1.0, 1.0)


def test_an_estimate_can_be_written_as_json() -> None:
    found = fit(series("Aleppo"), BREAK, Specification(model="nb2"))
    back = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    assert Estimate(**back) == found


def failing(kind: str) -> tuple[pd.Series, str, Specification]:
    aleppo, specification = series("Aleppo"), Specification(52, 52)
    before = aleppo.index < "2015-09-28"
    match kind:
        case "an area without deaths":
            return aleppo * 0, BREAK, specification
        case "a break before the series":
            return aleppo, "2009-09-30", specification
        case "a break after the series":
            return aleppo, "2031-09-30", specification
        case "a baseline before the data":
            return aleppo, "2012-01-01", Specification(104, 52)
        case "a horizon past the data":
            return aleppo, "2018-01-03", specification
        case "an all-zero window":
            return aleppo.where(aleppo.index < "2013-01-07", 0), BREAK, specification
        case "no deaths before the break":
            return aleppo.where(~before, 0), BREAK, specification
        case "no deaths from the break on":
            return aleppo.where(before, 0), BREAK, specification
        case "deaths in a single week before the break":
            return aleppo.where(~before | (aleppo.index == "2015-09-21"), 0), BREAK, specification
        case "a month without deaths":
            quiet = aleppo.where(aleppo.index.month != 4, 0)
            return quiet, BREAK, Specification(52, 52, season="month")
        case "too few weeks":
            return aleppo, BREAK, Specification(2, 2)
        case "too few weeks outside the donut":
            return aleppo, BREAK, Specification(52, 5, donut=4)
        case "a season that the window cannot tell":
            return aleppo, "2015-10-05", Specification(5, 4, season="month")  # all of October is post
    raise AssertionError(kind)


FAILURES = {
    "an area without deaths": "no deaths are recorded in any week",
    "a break before the series": "outside the series",
    "a break after the series": "outside the series",
    "a baseline before the data": "before the data",
    "a horizon past the data": "past the data",
    "an all-zero window": "no deaths in the window",
    "no deaths before the break": "no deaths before the break",
    "no deaths from the break on": "no deaths from the break on",
    "deaths in a single week before the break": "separate perfectly",
    "a month without deaths": "separate perfectly",
    "too few weeks": "too few",
    "too few weeks outside the donut": "too few",
    "a season that the window cannot tell": "too few",
}


@pytest.mark.parametrize("model", ["poisson", "nb2"])
@pytest.mark.parametrize("kind", list(FAILURES))
def test_what_cannot_be_estimated_is_one_clear_line(kind: str, model: str) -> None:
    counts, date, specification = failing(kind)
    parts = {**vars(specification), "model": model}
    with pytest.raises(AleppoError) as caught:
        fit(counts, date, Specification(**parts))
    message = str(caught.value)
    assert message.startswith("Aleppo: ")
    assert FAILURES[kind] in message
    assert "\n" not in message
    assert "nan" not in message.lower()


def test_an_exposure_without_a_count_is_one_clear_line() -> None:
    other = series("Idleb").copy()
    other["2015-06-01"] = 0
    with pytest.raises(AleppoError, match="the exposure Idleb is zero in some week"):
        fit(series("Aleppo"), BREAK, Specification(comparison="exposure"), comparison=other)


def test_a_comparison_that_cannot_be_estimated_is_named() -> None:
    empty = (series("Idleb") * 0).rename("nowhere")
    with pytest.raises(AleppoError, match="the comparison nowhere cannot be estimated"):
        fit(series("Aleppo"), BREAK, Specification(comparison="ratio"), comparison=empty)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: s.reset_index(drop=True), "indexed by the Mondays"),
        (lambda s: s.drop(s.index[7]), "every week once and in order"),
        (lambda s: s.iloc[::-1], "every week once and in order"),
        (lambda s: s.set_axis(s.index + pd.Timedelta(days=1)), "begin on Monday"),
        (lambda s: s + 0.5, "whole numbers of deaths"),
        (lambda s: -s - 1, "whole numbers of deaths"),
        (lambda s: s.astype(str), "numbers of deaths"),
        (lambda s: s.where(s.index != "2014-01-06"), "found none in 2014-01-06"),
        (lambda s: s.iloc[:0], "indexed by the Mondays"),
    ],
)
def test_a_series_that_is_not_weekly_counts_is_refused(change: object, message: str) -> None:
    with pytest.raises(AleppoError, match=message):
        fit(change(series("Aleppo")), BREAK)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"baseline": 0}, "baseline: expected a whole number of weeks from 1, found 0"),
        ({"horizon": 2.5}, "horizon: expected a whole number"),
        ({"lags": -1}, "lags: expected a whole number of weeks from 0, found -1"),
        ({"donut": 65}, "donut: expected fewer weeks"),
        ({"model": "normal"}, "model: expected poisson or nb2, found 'normal'"),
        ({"season": "fourier9"}, "season: expected none, month or fourier1"),
        ({"comparison": "twin"}, "comparison: expected none, exposure, ratio"),
    ],
)
def test_a_value_that_makes_no_specification_is_refused(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(AleppoError, match=message):
        Specification(**arguments)  # type: ignore[arg-type]


def test_a_comparison_without_use_and_a_use_without_comparison_are_refused() -> None:
    with pytest.raises(AleppoError, match="expected no comparison series, found one"):
        fit(series("Aleppo"), BREAK, comparison=series("Idleb"))
    with pytest.raises(AleppoError, match="expected a comparison series, found none"):
        fit(series("Aleppo"), BREAK, Specification(comparison="ratio"))


def test_a_day_that_is_none_is_refused() -> None:
    for day in ("30 Septembre", "", "2015-02-30"):
        with pytest.raises(AleppoError, match="expected a day such as 2015-09-30"):
            fit(series("Aleppo"), day)
