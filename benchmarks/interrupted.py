"""The batched estimator against a statsmodels loop and other packages, on the same specifications in one run.

    python benchmarks/interrupted.py [--out _build/benchmarks/interrupted.json] [--repeats 5] [--no-others]

Two sets of 1,000 specifications: the *grid* as the multiverse has it (Aleppo, then other areas; three lags for each
regression, which the batch fits once), and *distinct* ones (fifteen areas; no two share a regression). Each is
timed with Poisson and NB2, 95 % HAC intervals included, by the clock, the median of the repeats; the estimators take
turns, so that a busy machine slows all. Designs, the starting values and everything else that an estimate needs are
inside the timing on every side. The batch is timed on one thread and on one for each core; a loop in Python has only
one. The counts are the committed weekly deaths, or seeded synthetic ones without them.

``pyfixest`` (Poisson with Newey-West errors) and ``specification_curve`` (Poisson through statsmodels, without
them) are installed into a throwaway environment and fit a part of the distinct set; without a network they are
left out, and the report says so.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from report import Row, row, write

from aleppo.evidence.errors import AleppoError
from aleppo.model import multiverse
from aleppo.model import specification as designs
from aleppo.model.batched import estimate
from aleppo.model.multiverse import Choices
from aleppo.model.panel import Panel, panel
from aleppo.model.specification import Specification, design_matrix, kept_weeks
from aleppo.model.windows import Plan

BREAK = "2015-09-30"
AREAS = 15
SIZE = 1_000
TARGETS = {"poisson": 50, "nb2": 200}


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
    """The weekly specifications of the multiverse: windows, gaps, seasons, trends, and three lags for each."""
    return [one for one, _ in multiverse.specifications(Choices(), "week", model)]


def rows_of_grid(count: int) -> list[tuple[int, int]]:
    """(series, specification) of the grid, area by area, Aleppo first."""
    first = 1
    return list(itertools.product([first, *(i for i in range(AREAS) if i != first)], range(count)))


def rows_distinct(count: int) -> list[tuple[int, int]]:
    """Pairs in random order of which no two share a regression: neighbours differ in lags only."""
    generator = np.random.default_rng(1)
    lags = len(Choices().lags)
    pairs = list(itertools.product(range(AREAS), range(count // lags)))
    order = generator.permutation(len(pairs)).tolist()
    return [(pairs[i][0], lags * pairs[i][1] + int(generator.integers(lags))) for i in order]


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
    """Seconds by the clock."""
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def compare(
    data: Panel, name: str, model: str, rows: list[tuple[int, int]], repeats: int, cores: int
) -> list[dict[str, object]]:
    """One line of results for each reference."""
    chosen = specifications(model)
    batched(data, chosen, rows, 1)
    taken: dict[str, list[float]] = {}
    equal: dict[str, float] = {}
    for _ in range(repeats):
        for _ in range(5):  # cheap, so more of them
            for jobs in sorted({1, cores}):
                seconds, mine = timed(lambda jobs=jobs: batched(data, chosen, rows, jobs))
                taken.setdefault(f"batch {jobs}", []).append(seconds)
        for reference, one in REFERENCES[model].items():
            seconds, theirs = timed(lambda one=one: loop(data, chosen, rows, one))
            taken.setdefault(reference, []).append(seconds)
            equal[reference] = float((np.abs(mine / theirs - 1).max(axis=1) < 1e-6).mean())
    middle = {work: statistics.median(seconds) for work, seconds in taken.items()}
    return [
        {
            "set": name,
            "model": model,
            "reference": reference,
            "one_thread": len(rows) / middle["batch 1"],
            "all_cores": len(rows) / middle[f"batch {cores}"],
            "loop": len(rows) / middle[reference],
            "ratio_one_thread": middle[reference] / middle["batch 1"],
            "ratio": middle[reference] / middle[f"batch {cores}"],
            "target": TARGETS[model],
            "equal_to_1e-6": equal[reference],
        }
        for reference in REFERENCES[model]
    ]


OTHERS = """
import contextlib, io, json, sys, time, warnings
import numpy as np, pandas as pd, pyfixest as pf, statsmodels.api as sm
from importlib.metadata import version
from specification_curve import SpecificationCurve
warnings.simplefilter("ignore")
problems = np.load(sys.argv[1])
frames = []
for number in range(int(problems["size"])):
    frame = pd.DataFrame(problems[f"design{number}"], columns=problems[f"names{number}"]).drop(columns="const")
    frames.append(frame.assign(y=problems[f"counts{number}"], week=np.arange(len(frame))))
def fixest(frame, lags):
    columns = [name for name in frame if name not in ("y", "week")]
    found = pf.fepois("y ~ " + " + ".join(columns), frame, vcov="NW", vcov_kwargs={"time_id": "week", "lag": lags},
                      ssc=pf.ssc(k_adj=False, G_adj=False), store_data=False, copy_data=False, lean=True)
    return found.coef()["level"], found.se()["level"]
def curve(frame, lags):
    others = [name for name in frame if name not in ("y", "week", "level")]
    with contextlib.redirect_stdout(io.StringIO()):
        whole = SpecificationCurve(frame.drop(columns="week"), y_endog="y", x_exog="level", controls=[],
                                   always_include=others)
        whole.fit(estimator=sm.Poisson)
    return whole.df_r["Coefficient"].iloc[-1], whole.df_r["bse"].iloc[-1]
report = {}
for name, one in (("pyfixest", fixest), ("specification_curve", curve)):
    one(frames[0], int(problems["lags"][0]))
    began = time.perf_counter()
    found = [one(frame, int(lags)) for frame, lags in zip(frames, problems["lags"])]
    report[name] = {"seconds": time.perf_counter() - began, "version": version(name),
                    "estimates": [[float(np.squeeze(value)) for value in pair] for pair in found]}
print(json.dumps(report))
"""


def others(data: Panel, rows: list[tuple[int, int]], size: int = 100) -> dict[str, dict[str, object]]:
    """The first ``size`` rows by the other packages: fits a second, and whether they agree. Empty without them."""
    chosen, rows = specifications("poisson"), rows[:size]
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / "env" / "bin" / "python"
        uv = [sys.executable, "-m", "uv"]
        try:
            subprocess.run([*uv, "venv", "-q", str(python.parents[1])], check=True, capture_output=True)
            wanted = ["pyfixest", "specification_curve", "statsmodels"]
            install = [*uv, "pip", "install", "-q", "--python", str(python), *wanted]
            subprocess.run(install, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            return {}
        file = Path(folder) / "problems.npz"
        np.savez(file, **problems(data, chosen, rows))
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        done = subprocess.run(
            [str(python), "-c", OTHERS, str(file)],
            check=True,
            capture_output=True,
            text=True,
            env=environment,
        )
    _, mine = timed(lambda: batched(data, chosen, rows, 1))
    logs = np.log(mine)
    own = np.stack([logs[:, 0], (logs[:, 2] - logs[:, 1]) / (2 * 1.959963984540054)], axis=1)
    told = json.loads(done.stdout)
    for each in told.values():
        theirs = np.array(each.pop("estimates"))
        each["per_second"] = len(rows) / each.pop("seconds")
        each["equal_to_1e-6"] = (np.abs(theirs / own - 1) < 1e-5).mean(axis=0).tolist()
    return told


def problems(data: Panel, chosen: list[Specification], rows: list[tuple[int, int]]) -> dict[str, np.ndarray]:
    """Counts, designs and lags of rows, for a program that does not know this package."""
    start, months = data.position(BREAK), data.weeks.month.to_numpy()
    found: dict[str, np.ndarray] = {"size": np.array(len(rows))}
    for number, (series, place) in enumerate(rows):
        weeks = start + kept_weeks(chosen[place])
        design = design_matrix(chosen[place], months[weeks])
        fixed = ["const", "trend", "level", *(["slope"] if chosen[place].slope else [])]
        names = fixed + [f"season{i}" for i in range(design.shape[1] - len(fixed))]
        found |= {
            f"counts{number}": data.counts[series, weeks],
            f"design{number}": design,
            f"names{number}": np.array(names),
        }
    return found | {"lags": np.array([chosen[place].lags for _, place in rows])}


def against_statsmodels(lines: Sequence[Mapping[str, Any]]) -> list[Row]:
    """One thread against one: a thousand specifications are over before a second thread is of use."""
    return [
        row(
            f"1,000 {line['model']} specifications, HAC included, {line['set']} set",
            1000 / line["one_thread"],
            "s",
            1000 / line["loop"],
            f"a loop over statsmodels ({line['reference']})",
            # the target is about statsmodels as it comes; Newton's method, which it also has, fails more
            1 / line["target"] if line["set"] == "grid" and "Newton" not in line["reference"] else None,
        )
        for line in lines
    ]


def against_others(lines: Sequence[Mapping[str, Any]], found: Mapping[str, Mapping[str, Any]]) -> list[Row]:
    own = next(
        line["one_thread"] for line in lines if (line["set"], line["model"]) == ("distinct", "poisson")
    )
    return [
        row(
            "1,000 poisson specifications, one thread",
            1000 / own,
            "s",
            1000 / each["per_second"],
            f"{name} {each['version']}" + ("" if name == "pyfixest" else ", no HAC"),
        )
        for name, each in found.items()
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
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="threads of the batched estimator"
    )
    parser.add_argument("--no-others", action="store_true", help="leave the other packages out")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    series, source = weekly_counts()
    data = panel(series)
    lines: list[dict[str, Any]] = []
    for name, rows_for in (("grid", rows_of_grid), ("distinct", rows_distinct)):
        for model in ("poisson", "nb2"):
            chosen = specifications(model)
            picked = estimable(data, chosen, rows_for(len(chosen)))
            lines += compare(data, name, model, picked, options.repeats, options.jobs)
    print(
        f"{'set':9}{'model':8}{'statsmodels':26}{'1 thread':>9}{'all':>9}{'loop':>6}{'ratio':>6} target  equal"
    )
    for line in lines:
        print(
            f"{line['set']:9}{line['model']:8}{line['reference']:26}{line['one_thread']:9,.0f}"
            f"{line['all_cores']:9,.0f}{line['loop']:6,.0f}{line['ratio']:6.0f}{line['target']:7}  "
            f"{line['equal_to_1e-6']:.1%}"
        )
    chosen = specifications("poisson")
    picked = estimable(data, chosen, rows_distinct(len(chosen)))
    found = {} if options.no_others else others(data, picked)
    rows = [*against_statsmodels(lines), *against_others(lines, found)]
    for each in rows[len(lines) :]:
        print(f"{each['than']}: {1000 / each['against']:.0f} fits/s, ratio {1 / each['ratio']:.0f}")
    write(
        "interrupted",
        rows,
        options.out,
        source=source,
        numpy=np.__version__,
        statsmodels=version("statsmodels"),
        threads=options.jobs,
        lines=lines,
        others=found,
    )


if __name__ == "__main__":
    with_one_thread()
    main()
