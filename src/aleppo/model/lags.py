"""Do two monthly series move together, and with what lag?

The correlation of two series at lags, with a moving-block bootstrap interval (Künsch 1989), which keeps the
likeness of one month to the next within a block. Two series that each drift will look related at some lag by
chance, so the largest correlation over all lags is also set against *surrogates* of the first: series with the same
spectrum and so the same likeness of one month to the others, at random phases (Theiler and others 1992), which
breaks what ties the two.

A correlation at a lag is an association. It does not say that one series led to the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from aleppo.evidence.errors import AleppoError

BAND = (2.5, 97.5)
TREATMENTS = ("level", "change")


@dataclass(frozen=True)
class LagDesign:
    """Lags in months either way, months in a block, bootstrap draws, and the seed."""

    furthest: int = 6
    block: int = 6
    draws: int = 2000
    seed: int = 20150930


def lagged(
    first: pd.Series, second: pd.Series, treatment: str, design: LagDesign | None = None
) -> pd.DataFrame:
    """Correlation of ``first``, so many months earlier, with ``second``: one row per lag.

    Both are indexed by YYYY-MM; the months that both hold are used, and must be without a gap. ``treatment`` is
    ``level`` (as they are) or ``change`` (differences from month to month, which take a drift out). Columns ``lag``
    (months by which ``first`` comes earlier; below zero, later), ``r``, ``low``, ``high`` (95 %), ``months``,
    ``bound``: 95 % of surrogates have no larger correlation, of either sign, at any lag. Raises AleppoError for
    an unknown treatment, a gap, a series that never changes, and fewer months than four blocks.
    """
    design = design or LagDesign()
    x, y = _together(first, second, treatment, design)
    random = np.random.default_rng(design.seed)
    bound = _bound(x, y, design, random)
    rows = []
    for lag in range(-design.furthest, design.furthest + 1):
        early, late = _pairs(x, y, lag)
        low, high = np.percentile(_bootstrap(early, late, design, random), BAND)
        rows.append((lag, float(_correlation(early, late)), low, high, len(early), bound))
    return pd.DataFrame(rows, columns=["lag", "r", "low", "high", "months", "bound"])


def _together(
    first: pd.Series, second: pd.Series, treatment: str, design: LagDesign
) -> tuple[np.ndarray, np.ndarray]:
    if treatment not in TREATMENTS:
        raise AleppoError(f"treatment: expected one of {', '.join(TREATMENTS)}, found {treatment!r}")
    both = pd.concat([first.rename("x"), second.rename("y")], axis=1, join="inner").dropna().sort_index()
    months = pd.PeriodIndex(both.index, freq="M")
    if len(both) < 4 * design.block:
        raise AleppoError(f"two series: expected {4 * design.block} months in both, found {len(both)}")
    if (np.diff(months.asi8) != 1).any():
        raise AleppoError(f"two series: expected every month from {months[0]} to {months[-1]}, found a gap")
    x, y = both["x"].to_numpy(float), both["y"].to_numpy(float)
    if treatment == "change":
        x, y = np.diff(x), np.diff(y)
    if not x.std() or not y.std():
        raise AleppoError("two series: expected both to change, found one that does not")
    return x, y


def _pairs(x: np.ndarray, y: np.ndarray, lag: int) -> tuple[np.ndarray, np.ndarray]:
    """``x`` of ``lag`` months before each ``y``."""
    if lag >= 0:
        return x[: len(x) - lag], y[lag:]
    return x[-lag:], y[:lag]


def _correlation(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Pearson's r along the last axis; zero where one does not change."""
    x = x - x.mean(axis=-1, keepdims=True)
    y = y - y.mean(axis=-1, keepdims=True)
    size = np.sqrt((x**2).sum(axis=-1) * (y**2).sum(axis=-1))
    return np.divide((x * y).sum(axis=-1), size, out=np.zeros_like(size), where=size > 0)


def _bootstrap(x: np.ndarray, y: np.ndarray, design: LagDesign, random: np.random.Generator) -> np.ndarray:
    """Correlations of pairs drawn in blocks of neighbouring months."""
    length, block = len(x), design.block
    blocks = -(-length // block)
    starts = random.integers(0, length - block + 1, (design.draws, blocks))
    places = (starts[:, :, None] + np.arange(block)).reshape(design.draws, -1)[:, :length]
    return _correlation(x[places], y[places])


def _bound(x: np.ndarray, y: np.ndarray, design: LagDesign, random: np.random.Generator) -> float:
    """95th percentile, over surrogates of ``x``, of the largest correlation at any lag."""
    drawn = _surrogates(x, design.draws, random)
    largest = np.zeros(design.draws)
    for lag in range(-design.furthest, design.furthest + 1):
        early = drawn[:, : len(x) - lag] if lag >= 0 else drawn[:, -lag:]
        late = y[lag:] if lag >= 0 else y[:lag]
        largest = np.maximum(largest, np.abs(_correlation(early, np.broadcast_to(late, early.shape))))
    return float(np.percentile(largest, 95))


def _surrogates(x: np.ndarray, draws: int, random: np.random.Generator) -> np.ndarray:
    """Series with the spectrum of ``x`` at random phases: draws × months."""
    spectrum = np.fft.rfft(x - x.mean())
    turns = np.exp(2j * np.pi * random.random((draws, len(spectrum))))
    turns[:, 0] = 1
    if len(x) % 2 == 0:
        turns[:, -1] = 1  # this frequency has no phase but its sign
    return np.asarray(np.fft.irfft(spectrum * turns, n=len(x)))
