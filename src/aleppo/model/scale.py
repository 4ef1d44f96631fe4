"""Block bootstrap × placebo breaks × multiverse: millions of fits, here or on a cluster, kept as they come.

A ``Study`` says what is asked for. It is cut into pieces, each of which knows all it needs, counts included, so that
a worker needs this package and no data. What a piece gives depends on the study alone: seeds are derived from what
is drawn, never from who draws it or when. So both engines (``aleppo.model.engines``), any number of processes, and a
run that was stopped and taken up again give the same bytes in the same files (``aleppo.model.partitions``).

How weeks are resampled, and why so, is told in ``aleppo.model.resample``; ``aleppo.model.resampled`` reads what comes
out of it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from aleppo.evidence.errors import AleppoError
from aleppo.evidence.files import sha256_bytes
from aleppo.measure.toll import Counts
from aleppo.model import partitions
from aleppo.model.engines import Dask, Local, single_threaded
from aleppo.model.multiverse import (
    Choices,
    Grid,
    Series,
    Task,
    estimates,
    framed,
    grid,
    specifications,
    start_of,
    tasks,
)
from aleppo.model.resample import BLOCK, Resample, block_of
from aleppo.model.specification import kept_weeks

IN_A_FILE = 25
"""Resamples of one task that go together: some seconds of work, some hundred thousand bytes."""
RECORDED = range(1)
"""Resample 0 are the weeks as they were recorded."""
FORMAT = 1
Progress = Callable[[int, int], None]
"""Is told after each file how many there are, and how many there will be."""


@dataclass(frozen=True, eq=False)
class Study:
    """A multiverse at a break and at placebo breaks, on the counts as recorded and on resamples of their weeks.

    ``grid`` holds the days of all breaks, ``day`` is that of the real one. ``block`` is in weeks.
    """

    grid: Grid
    day: str
    placebo: tuple[str, ...] = ()
    resamples: int = 0
    block: int = BLOCK
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Piece:
    """The smallest piece of work that is kept: some resamples of a task, for the file ``name``.

    ``grid`` holds the outcome of the task alone; ``plan`` is the digest that the file carries.
    """

    name: str
    grid: Grid
    task: Task
    resamples: range
    block: int
    seed: int
    plan: str


@dataclass(frozen=True)
class Ran:
    """What a run did: files of the study, those it computed itself, and rows in all of them."""

    files: int
    computed: int


def study(
    area: str,
    counts: Mapping[str, Counts],
    controls: Sequence[str],
    day: str,
    *,
    placebo: Sequence[str] = (),
    choices: Choices | None = None,
    resamples: int = 0,
    block: int = BLOCK,
    seed: int = 0,
) -> Study:
    """The study of ``area``; arguments as of ``aleppo.model.multiverse.grid``, and ``placebo`` days.

    With resamples, errors reach over one week less than a block, in the intervals beside those of the bootstrap:
    the choice of lags is made by the choice of the block. Raises ``AleppoError`` for an area without counts, a
    number of resamples below zero, and a block that leaves fewer than two to a side of some specification.
    """
    if resamples < 0:
        raise AleppoError(f"resamples: expected a whole number from 0, found {resamples}")
    chosen = choices or Choices()
    if resamples:
        chosen = replace(chosen, lags=(block - 1,))
    whole = grid(area, counts, controls, list(dict.fromkeys((day, *placebo))), choices=chosen)
    found = Study(whole, day, tuple(placebo), resamples, block, seed)
    if resamples:
        _refuse_long_block(found)
    return found


def _refuse_long_block(asked: Study) -> None:
    """Two blocks at least on either side: one block that is the whole side gives the same weeks every time."""
    if asked.block < 1:
        raise AleppoError(f"block: expected a whole number of weeks from 1, found {asked.block}")
    for period in dict.fromkeys(series.data.period for series in asked.grid.series):
        length = block_of(asked.block, period)
        for one, named in specifications(asked.grid.choices, period, asked.grid.choices.model[0]):
            weeks = kept_weeks(one)
            shortest = min(int((weeks < 0).sum()), int((weeks >= 0).sum()))
            if length >= shortest:
                raise AleppoError(
                    f"block: expected fewer than {shortest} {period}s, a side of the specification with a baseline "
                    f"of {named.baseline[0]} weeks, a horizon of {named.horizon[0]} and a donut of "
                    f"{named.donut[0]}, found {length}"
                )


def plan(asked: Study) -> dict[str, Any]:
    """All that the results of a study depend on, and what its files are called by."""
    return {
        "format": FORMAT,
        "area": asked.grid.area,
        "break": asked.day,
        "placebo": list(asked.placebo),
        "choices": {name: list(values) for name, values in vars(asked.grid.choices).items()},
        "resamples": asked.resamples,
        "resamples_in_a_file": IN_A_FILE,
        "block": asked.block,
        "seed": asked.seed,
        "outcomes": [
            {
                "outcome": series.outcome,
                "period": series.data.period,
                "comparisons": [name for name, _, _ in series.comparisons],
                "first": _day(series.data.weeks[0]),
                "last": _day(series.data.weeks[-1]),
                "breaks": {day: _day(start_of(series, series.data.position(day))) for day in asked.grid.days},
            }
            for series in asked.grid.series
        ],
        "data": {series.outcome: _counts_hash(series) for series in asked.grid.series},
        "made_with": partitions.made_with(),
    }


def _day(day: pd.Timestamp) -> str:
    return str(day.strftime("%Y-%m-%d"))


def _counts_hash(series: Series) -> str:
    data = series.data
    arrays = (data.counts, data.lengths)
    return sha256_bytes(b"".join(np.ascontiguousarray(array, dtype="<f8").tobytes() for array in arrays))


def pieces(asked: Study) -> list[Piece]:
    """The study in pieces, in order: all breaks as recorded first, then some resamples of all breaks, and so on."""
    mark = partitions.digest(plan(asked))
    found = []
    for numbers, task in itertools.product(_groups(asked.resamples), tasks(asked.grid)):
        series = asked.grid.series[task.series]
        name = _name(series.outcome, _day(start_of(series, task.position)), task.model, numbers)
        alone = replace(asked.grid, series=(series,))
        found.append(Piece(name, alone, replace(task, series=0), numbers, asked.block, asked.seed, mark))
    return found


def _groups(resamples: int) -> list[range]:
    later = range(1, resamples + 1)
    return [RECORDED, *(later[low : low + IN_A_FILE] for low in range(0, resamples, IN_A_FILE))]


def _name(outcome: str, start: str, model: str, numbers: range) -> str:
    return f"{outcome}.{start}.{model}.{numbers[0]:05d}-{numbers[-1]:05d}.parquet"


def compute(piece: Piece) -> bytes:
    """The file of a piece. ``low`` and ``high`` are of HAC errors, and only of the counts as recorded."""
    start = start_of(piece.grid.series[0], piece.task.position)
    draws = [
        Resample(number, start, piece.block, piece.seed) if number else None for number in piece.resamples
    ]
    with single_threaded():
        batches = [estimates(piece.grid, piece.task, draw) for draw in draws]
    frame = framed(piece.grid, piece.task, *batches)
    frame["resample"] = np.repeat(np.array(piece.resamples, dtype=np.int32), len(batches[0].status))
    if piece.resamples != RECORDED:
        frame[["low", "high"]] = pd.NA
    return partitions.encode(frame, piece.plan)


def run(
    asked: Study, folder: Path, engine: Local | Dask | None = None, *, progress: Progress | None = None
) -> Ran:
    """Compute what ``folder`` does not hold yet of a study; ``progress(done, all)`` is called after each file.

    Each file is written as soon as it is there; those that were written stay, whatever ends a run, and the next run
    goes on from them. Raises ``AleppoError`` for a folder that is not of this study or in which another run is at
    work, and what the engine raises.
    """
    every = pieces(asked)
    done = partitions.begin(folder, plan(asked), [piece.name for piece in every])
    missing = [piece for piece in every if piece.name not in done]
    finished = len(done)
    if progress:
        progress(finished, len(every))
    with partitions.alone(folder):
        for piece, content in (engine or Local()).each(missing, compute):
            partitions.write(folder, piece.name, content)
            finished += 1
            if progress:
                progress(finished, len(every))
        partitions.tidy(folder)
    return Ran(len(every), len(missing))


def read(
    folder: Path,
    *,
    recorded: bool = True,
    resampled: bool = True,
    outcomes: Iterable[str] | None = None,
    days: Iterable[str] | None = None,
    columns: Iterable[str] | None = None,
) -> pd.DataFrame:
    """The results in a folder as one tidy frame: a row for each resample, specification, break and comparison.

    ``resample`` is 0 for the counts as recorded and then 1, 2, ...; the other columns are those of
    ``aleppo.model.multiverse.fit``, and so is the order. ``recorded`` and ``resampled`` choose between them;
    ``outcomes``, ``days`` (of breaks, as they were asked for) and ``columns`` leave the others out, because
    millions of rows need not be held at once. Raises ``AleppoError`` when the folder has no plan, lacks a file
    of it, or has none of what is asked for.
    """
    there = partitions.read_plan(folder)
    some, when = set(outcomes or ()), set(days or ())
    paths = [
        folder / _name(each["outcome"], start, model, group)
        for group in _groups(there["resamples"])
        for each in there["outcomes"]
        for start in sorted({start for day, start in each["breaks"].items() if not when or day in when})
        for model in there["choices"]["model"]
        if (recorded if group[0] == 0 else resampled) and (not some or each["outcome"] in some)
    ]
    _refuse_gaps(paths)
    comparisons = [name for each in there["outcomes"] for name in each["comparisons"]]
    categories = {
        "outcome": [each["outcome"] for each in there["outcomes"]],
        "model": there["choices"]["model"],
        "season": there["choices"]["season"],
        "comparison": list(dict.fromkeys(comparisons)),
        "status": partitions.STATUSES,
    }
    return partitions.read_files(paths, categories, columns)


def _refuse_gaps(paths: Sequence[Path]) -> None:
    missing = [path for path in paths if not path.is_file()]
    if missing:
        raise AleppoError(
            f"{missing[0].parent}: expected {len(paths)} files of results, found {len(paths) - len(missing)} "
            f"({missing[0].name} is not there; run the command again to compute what is missing)"
        )
