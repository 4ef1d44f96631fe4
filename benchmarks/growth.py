"""How seconds grow with the work: notebooks, events, specifications, and Dask workers, each with the fitted exponent.

    python benchmarks/growth.py [--out FILE] [--only notebooks events specifications workers] [--small]

Seconds are fitted by a power of the size over all points, on logarithms of both: an exponent of one is in proportion to
the work, zero is a fixed cost, and for workers minus one is half the time on twice as many. Every point is the
median of its runs. ``_build/benchmarks/growth.json`` has the points.
"""

from __future__ import annotations

import argparse
import functools
import math
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import scale as workers_at_work
import ucdp as events_of_ucdp
from report import ROOT, Row, row, write

from aleppo.bookkit import execute
from aleppo.evidence import load
from aleppo.measure import toll
from aleppo.model import multiverse, placebo

CHAPTER = "truces"
AREA, BREAK = "SY02", "2015-09-30"
RUNS = 5
MOST = 1e6  # specifications, at least, of the longest run
Point = tuple[float, float]


def exponent(points: Sequence[Point]) -> float:
    """The power of the size by which the seconds grow."""
    sizes, seconds = np.log10(np.array(points, dtype=float)).T
    return float(np.polyfit(sizes, seconds, 1)[0])


def clock(work: Callable[[], object]) -> float:
    """Seconds that ``work`` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def median(seconds: Callable[[], float], small: bool) -> float:
    """The median of what five runs (one of a ``small`` measurement) give."""
    return statistics.median(seconds() for _ in range(1 if small else RUNS))


def notebooks(small: bool) -> list[Point]:
    """So many copies of a chapter, executed by two kernels."""
    points = []
    for number in (2, 4) if small else (4, 13, 40):
        with tempfile.TemporaryDirectory() as folder:
            copies = [Path(folder) / f"{CHAPTER}-{each}.ipynb" for each in range(number)]
            for copy in copies:
                shutil.copy(ROOT / "notebooks" / f"{CHAPTER}.ipynb", copy)
            run = functools.partial(
                execute.run, copies, jobs=2, all=True, history=Path(folder) / "seconds.json"
            )
            points.append((float(number), median(functools.partial(clock, run), small)))
    return points


def events(small: bool) -> list[Point]:
    """A UCDP file of so many made-up events, to the monthly series; processor seconds."""
    header, rows = list(events_of_ucdp.COLUMNS), events_of_ucdp.made_up_rows()
    points = []
    for power in (3, 4) if small else (4, 5, 6, 6.6):
        number = round(10**power)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "ged.csv"
            events_of_ucdp.make(header, rows, file, number)
            points.append((float(number), median(lambda file=file: events_of_ucdp.by_aleppo(file)[0], small)))
    return points


def specifications(small: bool) -> list[Point]:
    """So many specifications of the multiverse of Aleppo, at one week and at several."""
    tables = {name: load(name) for name in ("vdc_deaths_weekly", "vdc_composition_monthly")}
    counts = {name: toll.outcome_counts(name, tables) for name in toll.GRID_OUTCOMES}
    controls = toll.less_exposed(load("airwars_monthly"), *toll.EXPOSURE_MONTHS).index.tolist()
    weeks = placebo.days(BREAK)
    one = {name: counts[name] for name in list(counts)[:1]}
    grids = [(one, [], [BREAK]), (one, controls, [BREAK])]
    if not small:
        many, found = 1, 0
        while found < MOST:  # weeks differ in how many specifications fit into the record around them
            many = math.ceil(many * MOST / found) if found else many
            found = len(multiverse.fit(multiverse.grid(AREA, counts, controls, list(weeks[:many]))))
        grids += [(counts, controls, [BREAK]), (counts, controls, list(weeks[: many // 6]))]
        grids += [(counts, controls, list(weeks[:many]))]
    points = []
    for outcomes, compared, days in grids:
        whole = multiverse.grid(AREA, outcomes, compared, days)
        number = len(multiverse.fit(whole))
        seconds = median(lambda whole=whole: clock(lambda: multiverse.fit(whole)), small)
        points.append((float(number), seconds))
    return points


def workers(small: bool) -> list[Point]:
    """The same resamples on one and on two Dask workers."""
    workers_at_work.scale.IN_A_FILE = workers_at_work.IN_A_FILE
    asked = workers_at_work.study(2 if small else 20)
    if small:
        asked = replace(asked, placebo=())
    return [
        (float(number), median(lambda number=number: workers_at_work.on_dask(asked, number)[0], small))
        for number in (1, 2)
    ]


CURVES = {each.__name__: each for each in (notebooks, events, specifications, workers)}


def line(name: str, points: Sequence[Point]) -> Row:
    """A row of the README's table: the exponent, with the sizes and seconds at both ends."""
    (least, first), (most, last) = points[0], points[-1]
    what = f"{name}, {least:,.0f} → {most:,.0f}: {first:.3g} s → {last:.3g} s, growing by the power of"
    return row(what, exponent(points), "")


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--out", type=Path, default=None)
    words.add_argument("--only", nargs="*", choices=list(CURVES), default=list(CURVES))
    words.add_argument("--small", action="store_true", help="few and small points, to see whether it works")
    chosen = words.parse_args()
    curves = {name: CURVES[name](chosen.small) for name in chosen.only}
    rows = [line(name, points) for name, points in curves.items()]
    for each in rows:
        print(f"{each['what']} {each['here']}")
    write("growth", rows, chosen.out, points=curves)
    return 0


if __name__ == "__main__":
    sys.exit(main())
