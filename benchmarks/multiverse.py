"""How long the multiverse of Aleppo takes, and the same at every placebo week.

    python benchmarks/multiverse.py [--out _build/benchmarks/multiverse.json] [--jobs N] [--no-placebo]

The multiverse is computed in one process, as the notebook does; the placebo grid on one process for each core, their
start included. Seconds by the clock from the loaded tables to the finished frame, medians of five. Beside them stands
what a statsmodels loop would take, reckoned from the rates that the benchmark ``interrupted.py`` measured in its last
run, if there was one: each specification once, lags and all.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pandas as pd
from report import RESULTS, row, write

from aleppo.evidence import load
from aleppo.measure import toll
from aleppo.model import multiverse, placebo, scale
from aleppo.model.engines import Local

T = TypeVar("T")
BREAK, AREA = "2015-09-30", "SY02"
RUNS = 5
TARGETS = {"multiverse": 3.0, "placebo": 300.0}
RATES = RESULTS / "interrupted.json"


def rates() -> dict[str, float]:
    """Fits a second of the statsmodels loop by model; empty without a run to read them from."""
    if not RATES.is_file():
        return {}
    lines = json.loads(RATES.read_text(encoding="utf-8")).get("lines", [])
    found: dict[str, float] = {}
    for line in lines:
        if line["set"] == "grid":
            found[line["model"]] = max(found.get(line["model"], 0.0), line["loop"])
    return found


def loop_seconds(frame: pd.DataFrame) -> float | None:
    """What the loop would take for the estimated rows, none of them twice."""
    known = rates()
    if len(known) < 2:
        return None
    numbers = frame.loc[frame["rate_ratio"].notna(), "model"].value_counts()
    return float(sum(number / known[str(model)] for model, number in numbers.items()))


def outcomes(tables: dict[str, pd.DataFrame]) -> dict[str, toll.Counts]:
    return {name: toll.outcome_counts(name, tables) for name in toll.GRID_OUTCOMES}


def median_of_five(run: Callable[[], T]) -> tuple[float, T]:
    """The median of the seconds that ``run`` takes, and what it gave last."""
    seconds = []
    for _ in range(RUNS):
        began = time.perf_counter()
        given = run()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds), given


def at_placebo_weeks(
    counts: dict[str, toll.Counts], controls: list[str], jobs: int
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The multiverse at every placebo week, by way of a folder, and the days of these weeks."""
    first, *others = placebo.days(BREAK)
    with tempfile.TemporaryDirectory() as folder:
        asked = scale.study(AREA, counts, controls, first, placebo=others)
        scale.run(asked, Path(folder), Local(jobs))
        return scale.read(Path(folder)), (first, *others)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=None)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--no-placebo", action="store_true")
    options = parser.parse_args()
    tables = {name: load(name) for name in ("vdc_deaths_weekly", "vdc_composition_monthly")}
    controls = toll.less_exposed(load("airwars_monthly"), *toll.EXPOSURE_MONTHS).index.tolist()

    def at_the_break() -> pd.DataFrame:
        return multiverse.fit(multiverse.grid(AREA, outcomes(tables), controls, [BREAK]))

    took, frame = median_of_five(at_the_break)
    estimated = int(frame["rate_ratio"].notna().sum())
    than = "statsmodels loop, from its measured rate"
    rows = [row(f"multiverse of Aleppo, {estimated:,} estimates", took, "s", loop_seconds(frame), than)]
    if not options.no_placebo:
        counts = outcomes(tables)

        def elsewhere() -> tuple[pd.DataFrame, tuple[str, ...]]:
            found, days = at_placebo_weeks(counts, controls, options.jobs)
            placebo.summary(multiverse.grid(AREA, counts, controls, days), frame, found, BREAK)
            return found, days

        took, (found, days) = median_of_five(elsewhere)
        estimated = int(found["rate_ratio"].notna().sum())
        what = (
            f"the same at {len(days)} placebo weeks, {len(found):,} specifications, {estimated:,} estimates"
        )
        rows.append(row(what, took, "s", loop_seconds(found), than))
    for each, target in zip(rows, TARGETS.values(), strict=False):
        each |= {"budget": f"at most {target:g} s", "met": each["here"] <= target}
        print(f"{each['what']}: {each['here']} s (at most {target:g} s)")
    write("multiverse", rows, options.out, targets=TARGETS, jobs=options.jobs)


if __name__ == "__main__":
    main()
