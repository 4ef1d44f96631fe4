"""Block bootstrap of the weeks of a window, for segmented count regressions.

How far would an estimate have moved, had other weeks like these been recorded? HAC errors answer with a formula;
the bootstrap draws weeks anew and fits again. Neighbouring weeks are alike, so whole blocks of them are drawn
(Künsch, *Annals of Statistics* 17, 1989). What is drawn, and why:

* *Weeks, each with all that belongs to it*: its count, its place in time, its season, its exposure, and the counts
  of the areas compared with. That no model is taken for the truth on the way, and that every specification is
  fitted to the very same weeks, are the reasons; residuals would have to be put back on a fitted mean, and rounded
  to counts that are never below zero. Drawing blocks of observations gives the same first-order answer as HAC
  errors, and like them allows for a variance that changes and for a model that does not hold (Gonçalves & White,
  *Journal of Econometrics* 119, 2004, for maximum likelihood; *JASA* 100, 2005, for regression).
* *Each side of the break by itself*, so that a resample has as many weeks before the break and from it on as the
  window has, and no block lies across the break or the gap of a donut.
* *In circles*: a block that runs past the end of its side goes on at its beginning (Politis & Romano, 1992).
  Otherwise the weeks next to the break, which the level is read from, would be drawn less often than others.
* *Blocks of one week more than the errors have lags*. With Bartlett weights over L lags the HAC variance is what
  blocks of L + 1 weeks give, so intervals of both kinds answer the same question and can be set side by side.

What it gains, and limits. HAC errors are too small in short windows: simulated counts of the kind and length met
here leave their 95 % intervals far too often, and those of the percentiles less often, though still more often than
the name says, the more so the longer one week remembers the one before (a test holds this). A percentile interval is
right to first order only. A horizon of half a year has three blocks in it, of months only two: too few to show much.
A month that is not drawn has no season, and a resample without an estimate is counted and left out. Nothing is drawn
that was not recorded: the week that would have been worst is not in it, nor are the dead whom nobody recorded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from aleppo.model.block import Integers
from aleppo.model.specification import Specification, in_months

BLOCK = 9
"""Weeks in a block unless asked otherwise: one more than the lags of the book's plain specification."""


@dataclass(frozen=True)
class Resample:
    """One resample of the windows around one break: it gives the weeks of every window, the same in every process.

    ``number`` counts resamples from 1. ``start`` is the first day of the first post week or month. ``block`` is in
    weeks; of months, a block is one more than so many lags are in months.
    """

    number: int
    start: pd.Timestamp
    block: int = BLOCK
    seed: int = 0

    def __call__(self, one: Specification) -> Integers:
        """The weeks (or months) that stand at the places of the window of ``one``, counted from the break.

        They depend on the seed, the resample, the break and the window: not on the model, the season, the area or
        what else is drawn, so that specifications differ by what they make of the weeks and not by which they got.
        """
        baseline, horizon, donut, *_ = one.shape
        key = (self.number, self.start.toordinal(), int(one.period == "month"), baseline, horizon, donut)
        random = np.random.Generator(np.random.PCG64(np.random.SeedSequence(self.seed, spawn_key=key)))
        length = block_of(self.block, one.period)
        weeks = np.arange(-baseline, horizon)
        weeks[: baseline - donut] = circular(baseline - donut, length, random) - baseline
        weeks[baseline + donut :] = circular(horizon - donut, length, random) + donut
        return weeks


def block_of(block: int, period: str) -> int:
    """The length of a block of so many weeks in weeks or in months."""
    return in_months(block - 1) + 1 if period == "month" else block


def circular(size: int, length: int, random: np.random.Generator) -> Integers:
    """``size`` positions out of as many, in blocks of ``length`` neighbours; after the last comes the first."""
    starts = random.integers(0, size, -(-size // length))
    return ((starts[:, None] + np.arange(length)) % size).reshape(-1)[:size]


def percentiles(values: np.ndarray, share: float = 0.95) -> tuple[float, float]:
    """The middle ``share`` of ``values``."""
    low, high = np.quantile(values, [(1 - share) / 2, (1 + share) / 2])
    return float(low), float(high)
