"""The batched estimator against a statsmodels loop, on the same 1,000 specifications in one run.

    python benchmarks/interrupted.py [--out FILE] [--repeats 5] [--reference N]

Two sets of 1,000 specifications: the *grid* as a multiverse has it (five areas; two lags for each regression,
which the batch fits once), and *distinct* ones (fifteen areas; no two share a regression). Each is timed with
Poisson and NB2, 95 % HAC intervals included, medians of the repeats; the two estimators take turns, so that
a busy machine slows both. Designs, the starting values and everything else that an estimate needs are inside
the timing on both sides. The counts are the committed weekly deaths, or seeded synthetic ones without them.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels
import statsmodels.api as sm
from report import row, write

from aleppo.evidence.errors import AleppoError
from aleppo.model import specification as designs
from aleppo.model.batched import Panel, Plan, estimate, panel
from aleppo.model.specification import Specification, design_matrix, kept_weeks

BREAK = "2015-09-30"
AREAS = 15
SIZE = 1_000
TARGETS = {"poisson": 50, "nb2": 200}
NAMES = {"poisson": "Poisson", "nb2": "negative binomial"}


def weekly_counts() -> tuple[dict[str, pd.Series], str]:
    """Fourteen governorates and their sum, and where they come from."""
    try:
        from aleppo.evidence import load

        table = load("vdc_deaths_weekly")
        wide = table.pivot(index="week", columns="governorate", values="deaths").sort_index()
        columns = {str(name): wide[name].astype(int) for name in wide.columns}
        source = "vdc_deaths_weekly"
    except (ImportError, AleppoError):
        columns, source = synthetic_counts(), "synthetic, seed 20150930"
    return {**columns, "all": sum(columns.values())}, source


def synthetic_counts() -> dict[str, pd.Series]:
    """Overdispersed, autocorrelated weekly counts of the size that governorates have."""
    generator = np.random.default_rng(20150930)
    weeks = pd.date_range("2011-01-03", periods=398, freq="7D")
    found = {}
    for place in range(AREAS - 1):
        shocks = generator.normal(0, 0.35, len(weeks))
        for week in range(1, len(weeks)):
            shocks[week] += 0.6 * shocks[week - 1]
        season = 0.2 * np.sin(2 * np.pi * np.arange(len(weeks)) / 52.18)
        mean = (8 + 6 * place) * np.exp(shocks + season)
        found[f"area {place + 1:02d}"] = pd.Series(generator.poisson(mean), index=weeks)
    return found


def specifications(model: str) -> list[Specification]:
    """The grid of windows, donuts, seasons and lags."""
    grid = itertools.product(
        (52, 78, 104, 130), (26, 52, 65), (0, 2, 4), ("none", "month", "fourier2"), (4, 8)
    )
    return [
        Specification(baseline=baseline, horizon=horizon, model=model, donut=donut, season=season, lags=lags)
        for baseline, horizon, donut, season, lags in grid
    ]


def rows_of_grid(count: int) -> list[tuple[int, int]]:
    """(series, specification) of the grid, area by area, the sum of all areas first."""
    return list(itertools.product([AREAS - 1, *range(AREAS - 1)], range(count)))


def rows_distinct(count: int) -> list[tuple[int, int]]:
    """Pairs in random order of which no two share a regression: neighbours differ in lags only."""
    generator = np.random.default_rng(1)
    pairs = list(itertools.product(range(AREAS), range(count // 2)))
    order = generator.permutation(len(pairs)).tolist()
    return [(pairs[i][0], 2 * pairs[i][1] + int(generator.integers(2))) for i in order]


def estimable(data: Panel, chosen: list[Specification], rows: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The first 1,000 rows that have an estimate; sparse areas can be separated by a month without deaths."""
    found = estimate(data, chosen, plan_of(data, rows))
    return [rows[place] for place in found.rows[:SIZE].tolist()]


def plan_of(data: Panel, rows: list[tuple[int, int]]) -> Plan:
    table = np.array(rows, dtype=np.int64)
    week = np.full(len(table), data.position(BREAK), dtype=np.int64)
    return Plan(table[:, 0].copy(), week, table[:, 1].copy(), np.full(len(table), -1, dtype=np.int64))


def batched(data: Panel, chosen: list[Specification], rows: list[tuple[int, int]], jobs: int) -> np.ndarray:
    """Rate ratio, low and high of every row, 1,000 × 3; designs are made anew."""
    designs.wide_design.cache_clear()
    batch = estimate(data, chosen, plan_of(data, rows), jobs=jobs)
    return np.stack([batch.rate_ratio, batch.low, batch.high], axis=1)


def loop(
    data: Panel,
    chosen: list[Specification],
    rows: list[tuple[int, int]],
    one: Callable[[np.ndarray, np.ndarray, int], np.ndarray],
) -> np.ndarray:
    """The same numbers from statsmodels, one fit after the other."""
    start, months = data.position(BREAK), data.weeks.month.to_numpy()
    found = []
    for series, place in rows:
        weeks = start + kept_weeks(chosen[place])
        design = design_matrix(chosen[place], months[weeks])
        try:
            found.append(one(data.counts[series, weeks], design, chosen[place].lags))
        except np.linalg.LinAlgError:  # Newton from statsmodels' own start can meet a singular Hessian
            found.append(np.full(3, np.inf))
    return np.array(found)


def _ratio(result: object) -> np.ndarray:
    low, high = result.conf_int()[designs.LEVEL]  # type: ignore[attr-defined]
    return np.exp([result.params[designs.LEVEL], low, high])  # type: ignore[attr-defined]


def glm_poisson(counts: np.ndarray, design: np.ndarray, lags: int) -> np.ndarray:
    model = sm.GLM(counts, design, family=sm.families.Poisson())
    return _ratio(model.fit(cov_type="HAC", cov_kwds={"maxlags": lags}))


def discrete_nb2(counts: np.ndarray, design: np.ndarray, lags: int) -> np.ndarray:
    model = sm.NegativeBinomial(counts, design)
    return _ratio(model.fit(disp=0, maxiter=1_000, cov_type="HAC", cov_kwds={"maxlags": lags}))


def newton_nb2(counts: np.ndarray, design: np.ndarray, lags: int) -> np.ndarray:
    model = sm.NegativeBinomial(counts, design)
    return _ratio(model.fit(disp=0, method="newton", maxiter=100, cov_type="HAC", cov_kwds={"maxlags": lags}))


REFERENCES = {
    "poisson": {"GLM": glm_poisson},
    "nb2": {"NegativeBinomial, BFGS": discrete_nb2, "NegativeBinomial, Newton": newton_nb2},
}


def timed(work: Callable[[], np.ndarray]) -> tuple[float, np.ndarray]:
    """Processor seconds (all threads together), so that other work on the machine counts less."""
    began = time.process_time()
    found = work()
    return time.process_time() - began, found


def compare(
    data: Panel, name: str, model: str, rows: list[tuple[int, int]], repeats: int, jobs: int
) -> list[dict[str, object]]:
    """One line of results for each reference."""
    chosen = specifications(model)
    batched(data, chosen, rows, jobs)
    times: dict[str, list[float]] = {"batched": []}
    far: dict[str, float] = {}
    for _ in range(repeats):
        for _ in range(3):  # cheap, so more of them
            seconds, mine = timed(lambda: batched(data, chosen, rows, jobs))
            times["batched"].append(seconds)
        for reference, one in REFERENCES[model].items():
            seconds, theirs = timed(lambda one=one: loop(data, chosen, rows, one))
            times.setdefault(reference, []).append(seconds)
            gaps = np.abs(mine / theirs - 1).max(axis=1)
            far[reference] = float((gaps < 1e-6).mean())
    own = float(np.median(times["batched"]))
    return [
        {
            "set": name,
            "model": model,
            "specifications": len(rows),
            "reference": reference,
            "batched_per_second": len(rows) / own,
            "statsmodels_per_second": len(rows) / float(np.median(times[reference])),
            "ratio": float(np.median(times[reference])) / own,
            "target": TARGETS[model],
            "equal_to_1e-6": far[reference],
            "repeats": repeats,
            "jobs": jobs,
        }
        for reference in REFERENCES[model]
    ]


def with_one_thread() -> None:
    """Start again with one BLAS thread, on both sides the faster setting for matrices this small."""
    if "OPENBLAS_NUM_THREADS" not in os.environ:
        settings = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | settings)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=None)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=1, help="threads of the batched estimator")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    series, source = weekly_counts()
    data = panel(series)
    lines = []
    for name, rows_for in (("grid", rows_of_grid), ("distinct", rows_distinct)):
        for model in ("poisson", "nb2"):
            chosen = specifications(model)
            rows = estimable(data, chosen, rows_for(len(chosen)))
            lines += compare(data, name, model, rows, options.repeats, options.jobs)
    print(
        f"{'set':9} {'model':8} {'statsmodels':26} {'batched/s':>10} {'loop/s':>7} {'ratio':>6} target  equal to 1e-6"
    )
    for line in lines:
        print(
            f"{line['set']:9} {line['model']:8} {line['reference']:26} {line['batched_per_second']:10,.0f} "
            f"{line['statsmodels_per_second']:7,.0f} {line['ratio']:6.0f} {line['target']:6}  "
            f"{line['equal_to_1e-6']:.1%}"
        )
    write(
        "interrupted",
        [
            row(
                f"{line['specifications']:,} {NAMES[line['model']]} specifications ({line['set']})",
                line["specifications"] / line["batched_per_second"],
                "s",
                line["specifications"] / line["statsmodels_per_second"],
                f"a loop over statsmodels' {line['reference']}",
                1 / line["target"],
            )
            for line in lines
        ],
        options.out,
        source=source,
        numpy=np.__version__,
        statsmodels=statsmodels.__version__,
        lines=lines,
    )


if __name__ == "__main__":
    with_one_thread()
    main()
