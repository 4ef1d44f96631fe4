"""Change points: where a series changes its level when nobody says where to look.

The search is that of ``ruptures`` (PELT of Killick, Fearnhead and Eckley 2012: the segmentation with the least
cost plus a penalty for each break). What a break must be worth is a choice, so a result is never one
segmentation: :func:`change_points` runs every penalty of a list, and the reader asks how many of the settings
put a break near a date (:func:`near`), and how many would by chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import ruptures
from ruptures.base import BaseCost

from aleppo.evidence.errors import AleppoError

MODELS = ("l1", "l2", "rbf", "poisson")
PENALTIES = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
_KERNELS = {"l2": "linear", "rbf": "rbf"}
SHORTEST = 4  # steps: a month of weeks


def change_points(
    series: pd.Series,
    model: str,
    penalties: Sequence[float] = PENALTIES,
    *,
    shortest: int = SHORTEST,
) -> pd.DataFrame:
    """Breaks in the level of ``series`` for each penalty, by one cost model.

    ``series`` is indexed by its steps in order (weeks, months) and holds finite numbers, no gap. ``model`` is

    * ``l2``: shifts of the mean; ``l1``: shifts of the median; ``rbf``: any change of the distribution (a
      Gaussian kernel, its width the median distance); all three on the series divided by the scale of its noise;
    * ``poisson``: shifts of the rate of counts, minus twice the log-likelihood divided by the dispersion.

    A penalty of 1 is ``log(n)``, the Bayesian information criterion for one more level; the others are multiples
    of it. The first three take the noise to be the same everywhere: for counts whose noise grows with their level,
    hand in square roots, or read ``poisson``. No segment is shorter than ``shortest`` steps.

    Returns one row per break: ``model, penalty, at`` (the index label of the first step after it), ``before``
    and ``after`` (means of the segments beside it). A penalty without breaks has no row.

    Raises ``AleppoError`` for an unknown model, a penalty that is not positive, gaps, counts below zero for
    ``poisson``, and a series shorter than two segments.
    """
    values = _checked(series, model, penalties, shortest)
    rows = []
    search = _search(values, model, shortest)
    for penalty in penalties:
        ends = search.predict(pen=float(penalty) * np.log(len(values)))
        starts = [0, *ends[:-1]]
        means = [
            float(values[begin:end].mean()) for begin, end in zip(starts, ends, strict=True) if end > begin
        ]
        rows += [
            {
                "model": model,
                "penalty": float(penalty),
                "at": series.index[place],
                "before": means[number],
                "after": means[number + 1],
            }
            for number, place in enumerate(ends[:-1])
        ]
    # typed even without rows, so that several can be put one below the other
    types = {"penalty": float, "at": series.index.dtype, "before": float, "after": float}
    return pd.DataFrame(rows, columns=["model", "penalty", "at", "before", "after"]).astype(types)


def _search(values: np.ndarray, model: str, shortest: int) -> Any:
    """The fitted search of ``ruptures`` for a model: in C for the two that are kernels."""
    if model in _KERNELS:
        search = ruptures.KernelCPD(kernel=_KERNELS[model], min_size=shortest)
        return search.fit((values / _noise(values)).reshape(-1, 1))
    if model == "poisson":
        cost, signal = _PoissonCost(_dispersion(values, shortest)), values
    else:
        cost, signal = ruptures.costs.CostL1(), values / _noise(values)
    search = ruptures.Pelt(custom_cost=_Remembered(cost), min_size=shortest, jump=1)
    return search.fit(signal.reshape(-1, 1))


def every_model(
    series: pd.Series,
    penalties: Sequence[float] = PENALTIES,
    *,
    models: Sequence[str] = MODELS,
    shortest: int = SHORTEST,
) -> pd.DataFrame:
    """:func:`change_points` of several models, one below the other."""
    return pd.concat(
        [change_points(series, model, penalties, shortest=shortest) for model in models], ignore_index=True
    )


def near(points: pd.DataFrame, series: pd.Series, date: object, steps: int, settings: int) -> dict[str, Any]:
    """How many settings put a break within ``steps`` steps of ``date``, and how many would by chance.

    ``points`` is of :func:`change_points` or :func:`every_model` on ``series``; ``settings`` is the number of
    pairs of model and penalty that were run. Chance lets each setting keep its number of breaks and throw them
    anywhere in the series, each on its own.

    Returns ``found`` (settings with such a break), ``settings``, ``share``, ``chance`` (the expected share),
    ``breaks`` (settings with any break), ``nearest`` (the label of the break closest to the date, or None) and
    ``away`` (its distance in steps, negative before the date).
    Raises ``AleppoError`` when the date is outside the series.
    """
    places = pd.Series(range(len(series)), index=series.index)
    if not series.index[0] <= date <= series.index[-1]:
        raise AleppoError(f"date: expected one from {series.index[0]} to {series.index[-1]}, found {date}")
    centre = int(series.index.searchsorted(date, side="right")) - 1
    if points.empty:
        return {
            "found": 0,
            "settings": settings,
            "share": 0.0,
            "chance": 0.0,
            "breaks": 0,
            "nearest": None,
            "away": None,
        }
    away = points["at"].map(places) - centre
    distance = away.abs()
    hit = (distance <= steps).groupby([points["model"], points["penalty"]])
    width = min(centre + steps, len(series) - 1) - max(centre - steps, 1) + 1
    chance = 1 - (1 - width / (len(series) - 1)) ** hit.size()
    return {
        "found": int(hit.any().sum()),
        "settings": settings,
        "share": float(hit.any().sum() / settings),
        "chance": float(chance.sum() / settings),
        "breaks": len(hit.size()),
        "nearest": points["at"].iloc[int(distance.argmin())],
        "away": int(away.iloc[int(distance.argmin())]),
    }


def across(
    frame: pd.DataFrame, date: object, steps: Sequence[int], penalties: Sequence[float] = PENALTIES
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every model on every column of ``frame``, and what each column finds near ``date``.

    Returns the breaks of :func:`every_model` with the column's name in ``series``, and one row for each column
    with ``series, settings, breaks, nearest, away`` and, for each number of ``steps``, ``found_N`` and
    ``chance_N`` of :func:`near`.
    """
    points, rows = [], []
    settings = len(MODELS) * len(penalties)
    for name, series in frame.items():
        found = every_model(series, penalties)
        points.append(found.assign(series=name))
        each = {step: near(found, series, date, step, settings) for step in steps}
        about = each[steps[0]]
        row = {
            "series": name,
            "settings": settings,
            **{key: about[key] for key in ("breaks", "nearest", "away")},
        }
        for step, one in each.items():
            row |= {f"found_{step}": one["found"], f"chance_{step}": one["chance"]}
        rows.append(row)
    return pd.concat(points, ignore_index=True), pd.DataFrame(rows)


class _Remembered(BaseCost):
    """A cost that works out each segment once: the penalties of a list ask for the same ones."""

    model = "remembered"

    def __init__(self, cost: BaseCost) -> None:
        self.cost = cost
        self.min_size = cost.min_size
        self.signal: np.ndarray | None = None
        self._known: dict[tuple[int, int], float] = {}

    def fit(self, signal: np.ndarray) -> _Remembered:
        self.cost.fit(signal)
        self.signal = signal
        self._known.clear()
        return self

    def error(self, start: int, end: int) -> float:
        found = self._known.get((start, end))
        if found is None:
            found = self._known[start, end] = float(self.cost.error(start, end))
        return found


class _PoissonCost(BaseCost):
    """Minus twice the log-likelihood of counts with one rate, without what no segmentation changes."""

    model = "poisson"
    min_size = 1

    def __init__(self, dispersion: float) -> None:
        self.dispersion = dispersion
        self.signal: np.ndarray | None = None
        self._sums = np.zeros(1)

    def fit(self, signal: np.ndarray) -> _PoissonCost:
        self.signal = signal
        self._sums = np.concatenate([[0.0], np.cumsum(signal)])
        return self

    def error(self, start: int, end: int) -> float:
        total = self._sums[end] - self._sums[start]
        if total <= 0:
            return 0.0
        return float(-2 * total * (np.log(total / (end - start)) - 1) / self.dispersion)


def _checked(series: pd.Series, model: str, penalties: Sequence[float], shortest: int) -> np.ndarray:
    if model not in MODELS:
        raise AleppoError(f"model: expected one of {', '.join(MODELS)}, found {model!r}")
    if not penalties or min(penalties) <= 0:
        raise AleppoError(f"penalties: expected numbers above zero, found {list(penalties)!r}")
    values = series.to_numpy(dtype=float)
    if len(values) < 2 * shortest:
        raise AleppoError(f"series: expected at least {2 * shortest} steps, found {len(values)}")
    if not np.isfinite(values).all():
        place = series.index[int(np.flatnonzero(~np.isfinite(values))[0])]
        raise AleppoError(f"series: expected a number on {place}, found none")
    if model == "poisson" and values.min() < 0:
        raise AleppoError(f"series: expected counts not below zero, found {values.min():g}")
    return values


def _noise(values: np.ndarray) -> float:
    """Scale of the noise from step to step, which a shift of level leaves alone.

    The median of absolute differences as a standard deviation; where most differences are zero, their root mean
    square. A constant series has the scale 1.
    """
    steps = np.diff(values)
    robust = 1.4826 * np.median(np.abs(steps)) / np.sqrt(2)
    scale = robust if robust > 0 else np.sqrt(np.mean(steps**2) / 2)
    return float(scale) if scale > 0 else 1.0


def _dispersion(values: np.ndarray, shortest: int) -> float:
    """Variance over mean within short windows, at least 1: how much rougher the counts are than Poisson."""
    windows = [values[place : place + 2 * shortest] for place in range(0, len(values), 2 * shortest)]
    within = [
        window.var(ddof=1) / window.mean() for window in windows if len(window) > 1 and window.mean() > 0
    ]
    return max(1.0, float(np.median(within))) if within else 1.0
