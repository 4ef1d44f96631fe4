"""Newton's method on many rows at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aleppo.model.block import Floats, Integers
from aleppo.model.status import Status

STEP_TOLERANCE = 3e-4  # a Newton step squares the error: what is left after the last is below 1e-8
MAX_EVALUATIONS = 100

Flags = NDArray[np.bool_]
# An evaluation gives, for every row: log-likelihood up to a constant, Newton step, expected gain of the step.
Evaluation = tuple[Floats, Floats, Floats]


@dataclass(frozen=True, eq=False)
class Ascent:
    """Where each row of parameters ended: the point, how it ended (`aleppo.model.status`), and evaluations used."""

    point: Floats
    status: Integers
    evaluations: Integers


@dataclass(eq=False)
class _Work:
    """The rows still worked on: their numbers, the point to evaluate next, and the best one so far with its value.

    ``last_size`` is how far the coefficients last moved, ``stalled`` how many steps in a row raised nothing.
    """

    rows: Integers
    trial: Floats
    best: Floats
    best_value: Floats
    last_size: Floats
    stalled: Integers

    @classmethod
    def begun(cls, start: Floats) -> _Work:
        total = len(start)
        return cls(
            np.arange(total),
            start.copy(),
            start.copy(),
            np.full(total, -np.inf),
            np.full(total, np.inf),
            np.zeros(total, dtype=np.int64),
        )

    def move(self, found: Evaluation) -> tuple[Flags, Flags, Flags]:
        """Take the step from ``trial`` where it is no worse than the best, else go half way back to that.

        Which rows took it, which of these have settled, and which move on and on without rising.
        """
        value, step, gain = found
        size = np.abs(step).max(axis=1)
        finite = np.isfinite(value) & np.isfinite(size)
        better = finite & (value >= self.best_value - 1e-10 * (1.0 + np.abs(self.best_value)))
        if better.all():  # nearly always, and then no row needs choosing
            self.best, self.best_value, self.trial = self.trial, value, self.trial + step
        else:
            trial = self.trial
            self.best = np.where(better[:, None], trial, self.best)
            self.best_value = np.where(better, value, self.best_value)
            self.trial = np.where(better[:, None], trial + step, 0.5 * (self.best + trial))
        # the likelihood no longer rises, the coefficients still move by as much as before: separation
        idle = better & (gain < 1e-8) & (size > 1e-3) & (size > 0.5 * self.last_size)
        self.stalled = np.where(idle, self.stalled + 1, np.where(better, 0, self.stalled))
        self.last_size = np.where(better, size, self.last_size)
        return better, better & (size < STEP_TOLERANCE), self.stalled >= 3

    def take(self, places: Integers) -> _Work:
        """The rows that stand at ``places``."""
        return _Work(
            self.rows[places],
            self.trial[places],
            self.best[places],
            self.best_value[places],
            self.last_size[places],
            self.stalled[places],
        )


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
    work = _Work.begun(start)
    evaluate = build(work.rows)
    open_rows = np.ones(total, dtype=bool)
    for _ in range(MAX_EVALUATIONS):
        found = evaluate(work.trial)
        evaluations[work.rows[open_rows]] += 1
        better, settled, lost = work.move(found)
        sunk = better & (work.trial[:, -1] < floor)
        leave = open_rows & (settled | sunk | lost)
        if leave.any():
            going = work.rows[leave]
            point[going] = work.trial[leave]
            status[going] = np.where(lost[leave] & ~settled[leave], int(Status.SEPARATED), int(Status.OK))
            open_rows = open_rows & ~leave
            left = np.flatnonzero(open_rows)
            if not len(left):
                break
            if 2 * len(left) <= len(work.rows):
                work = work.take(left)
                open_rows = np.ones(len(left), dtype=bool)
                evaluate = build(work.rows)
    return Ascent(point, status, evaluations)
