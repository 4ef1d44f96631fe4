"""1,000 simulations of who held the city over 1,618 days: `aleppo.measure.control_simulation` against a loop.

Usage: ``python benchmarks/control.py [--draws 1000] [--loop-draws 10] [--runs 5]``

The loop does the same for one draw after another and one spell after another: it moves the starts, keeps their
order, and adds the area of each spell to the days it covers. It is run for a few draws and reckoned up to all of
them; both ways are fed the same uncertainty, and the means of their areas must agree. Measured in one process on
one core, imports left out. ``report`` has the format of the result, ``_build/benchmarks/control.json``.
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import Any

import numpy as np
import pandas as pd
from report import row, write

from aleppo.evidence import load
from aleppo.measure import control_simulation as simulation

HOLDER, FIRST, LAST = "opposition", "2012-07-19", "2016-12-22"


def by_aleppo(spells: pd.DataFrame, places: pd.DataFrame, draws: int, seed: int) -> np.ndarray:
    """The draws, all at once."""
    return simulation.simulate_area(spells, places, HOLDER, FIRST, LAST, draws=draws, seed=seed)


def by_loop(spells: pd.DataFrame, places: pd.DataFrame, draws: int, seed: int) -> np.ndarray:
    """The draws one by one, with each spell in turn: what one would write first."""
    random = np.random.default_rng(seed)
    days = pd.date_range(FIRST, LAST)
    surface = places.set_index("place_id")["area_km2"].fillna(0.0)
    result = []
    for _ in range(draws):
        held = pd.Series(0.0, index=days)
        for place, rows in spells.sort_values("start").groupby("place_id"):
            for start, end, part in one_place(rows, random):
                held.loc[start:end] += part * surface[place]
        result.append(held.to_numpy())
    return np.array(result)


def one_place(rows: pd.DataFrame, random: np.random.Generator) -> list[tuple[Any, Any, float]]:
    """First day, last day and part held of each spell of a place, in one draw."""
    records = rows.to_dict("records")
    starts = [record["start"] for record in records]
    for number, record in enumerate(records):
        reach = simulation.REACH[record["start_precision"]]
        if record["confidence"] == "low":
            reach = max(reach, simulation.REACH_OF_LOW)
        if number:
            starts[number] = record["start"] + pd.Timedelta(days=int(random.integers(-reach, reach + 1)))
    for number, record in enumerate(records[:-1]):
        length = (record["end"] - record["start"]).days
        short = record["confidence"] == "low" and length < simulation.SHORT
        if number and short and random.random() < 0.5:
            meeting = record["start"] + pd.Timedelta(days=int(random.integers(0, length + 2)))
            starts[number] = starts[number + 1] = meeting
    for number in range(1, len(starts)):
        starts[number] = max(starts[number], starts[number - 1])
    ends = [start - pd.Timedelta(days=1) for start in starts[1:]] + [records[-1]["end"]]
    parts = []
    for record in records:
        parties = str(record["contested_by"]).split(";")
        drawn = record["holder"] == "contested" and HOLDER in parties and random.random() < 1 / len(parties)
        parts.append(float(record["holder"] == HOLDER or drawn))
    return list(zip(starts, ends, parts, strict=True))


def timed(way: Any, *given: Any) -> tuple[float, np.ndarray]:
    started = time.perf_counter()
    result = way(*given)
    return time.perf_counter() - started, result


def compare(draws: int, loop_draws: int, runs: int) -> dict[str, Any]:
    """Medians of both ways over ``runs`` runs, taken in turn, and their ratio for the same number of draws."""
    spells, places = load("control_spells"), load("places")
    mine, theirs, means = [], [], ([], [])
    for seed in range(runs):
        seconds, areas = timed(by_aleppo, spells, places, draws, seed)
        mine.append(seconds)
        means[0].append(areas.mean())
        seconds, areas = timed(by_loop, spells, places, loop_draws, seed)
        theirs.append(seconds * draws / loop_draws)
        means[1].append(areas.mean())
    if abs(statistics.mean(means[0]) / statistics.mean(means[1]) - 1) > 0.02:
        raise SystemExit("the two ways disagree about the area held")
    medians = {"aleppo": round(statistics.median(mine), 3), "loop": round(statistics.median(theirs), 1)}
    return {
        "spells": len(spells),
        "days": len(pd.date_range(FIRST, LAST)),
        "draws": draws,
        "runs": runs,
        "loop_reckoned_from_draws": loop_draws,
        "seconds": medians,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--loop-draws", type=int, default=10)
    parser.add_argument("--runs", type=int, default=5)
    chosen = parser.parse_args()
    result = compare(chosen.draws, chosen.loop_draws, chosen.runs)
    seconds = result["seconds"]
    what = f"{chosen.draws:,} simulations of who held the city over {result['days']:,} days"
    lines = [
        row(what, seconds["aleppo"], "s", seconds["loop"], "one draw and one spell after another", 1 / 20),
        row(f"{what}, by itself", seconds["aleppo"], "s", at_most=2),
    ]
    write("control", lines, **result)
    for line in lines:
        measured = f"{line['here']} s" + (f", ratio {line['ratio']}" if line["ratio"] else "")
        print(f"{line['what']}: {measured} ({line['budget']}): {'met' if line['met'] else 'NOT MET'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
