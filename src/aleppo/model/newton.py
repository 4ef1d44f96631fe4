"""Newton's method on many rows at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from aleppo.model.block import Floats, Integers
from aleppo.model.status import Status

STEP_TOLERANCE = 3e-4  # a Newton step squares the error: what is left after the last is below 1e-8
MAX_EVALUATIONS = 100

# An evaluation gives, for every row: log-likelihood up to a constant, Newton step, expected gain of the step.
Evaluation = tuple[Floats, Floats, Floats]


@dataclass(frozen=True, eq=False)
class Ascent:
    """Where each row of parameters ended: the point, how it ended (`aleppo.model.status`), and evaluations used."""

    point: Floats
    status: Integers
    evaluations: Integers


def ascend(
    build: Callable[[Integers], Callable[[Floats], Evaluation]], start: Floats, floor: float = -np.inf
) -> Ascent:
    """Newton's method with step halving on every row until each has settled.

    ``build(rows)`` gives the evaluation for a subset of rows. A row whose last parameter falls below
    ``floor`` stops there. Rows that have settled leave the work, in blocks, when half of them are done.
    """
    total = len(start)
    point, status = start.copy(), np.full(total, int(Status.NOT_CONVERGED), dtype=np.int64)
    evaluations = np.zeros(total, dtype=np.int64)
    rows = np.arange(total)
    evaluate = build(rows)
    trial, best = start.copy(), start.copy()
    best_value = np.full(total, -np.inf)
    last_size = np.full(total, np.inf)
    stalled = np.zeros(total, dtype=np.int64)
    open_rows = np.ones(total, dtype=bool)
    for _ in range(MAX_EVALUATIONS):
        value, step, gain = evaluate(trial)
        evaluations[rows[open_rows]] += 1
        size = np.abs(step).max(axis=1)
        finite = np.isfinite(value) & np.isfinite(size)
        better = finite & (value >= best_value - 1e-10 * (1.0 + np.abs(best_value)))
        if better.all():  # nearly always, and then no row needs choosing
            best, best_value, trial = trial, value, trial + step
        else:
            best = np.where(better[:, None], trial, best)
            best_value = np.where(better, value, best_value)
            trial = np.where(better[:, None], trial + step, 0.5 * (best + trial))
        # the likelihood no longer rises, the coefficients still move by as much as before: separation
        idle = better & (gain < 1e-8) & (size > 1e-3) & (size > 0.5 * last_size)
        stalled = np.where(idle, stalled + 1, np.where(better, 0, stalled))
        last_size = np.where(better, size, last_size)
        settled = better & (size < STEP_TOLERANCE)
        sunk = better & (trial[:, -1] < floor)
        lost = stalled >= 3
        leave = open_rows & (settled | sunk | lost)
        if leave.any():
            going = rows[leave]
            point[going] = trial[leave]
            status[going] = np.where(lost[leave] & ~settled[leave], int(Status.SEPARATED), int(Status.OK))
            open_rows = open_rows & ~leave
            left = np.flatnonzero(open_rows)
            if not len(left):
                break
            if 2 * len(left) <= len(rows):
                rows, trial, best = rows[left], trial[left], best[left]
                best_value, last_size, stalled = best_value[left], last_size[left], stalled[left]
                open_rows = np.ones(len(rows), dtype=bool)
                evaluate = build(rows)
    return Ascent(point, status, evaluations)
