"""Change points: where a series changes its level when nobody says where to look.

The search is that of ``ruptures`` (PELT of Killick, Fearnhead and Eckley, *JASA* 107, 2012: the segmentation with the
least cost plus a penalty for each break; Truong, Oudre and Vayatis, *Signal Processing* 167, 2020). Several models
stand for several ideas of a change, and what a break must be worth is a choice, so a result is never one
segmentation: a ``Search`` runs every model with every penalty, and the reader asks how many of these settings put a
break near a date (:func:`near`), how many would by chance, and where they agree (:func:`stability`).
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import ruptures
from ruptures.base import BaseCost

from aleppo.evidence.errors import AleppoError
from aleppo.measure.toll import WEEK

MODELS = ("l1", "l2", "normal", "poisson", "rank", "rbf")
_KERNELS = {"l2": "linear", "rbf": "rbf"}
_SCALED = ("l1", "l2", "rbf")  # models that see the series divided by the scale of its noise


@dataclass(frozen=True)
class Search:
    """The settings of a search: every model with every penalty.

    Of the models, ``l2`` seeks shifts of the mean, ``l1`` of the median, ``rank`` of ranks, ``normal`` of mean or
    spread, ``rbf`` any change of the distribution (a Gaussian kernel, its width the median distance), and ``poisson``
    shifts of the rate of counts: minus twice the log-likelihood divided by the dispersion. A penalty of 1 is
    ``log(n)``, the Bayesian information criterion for one more level; the others are multiples of it. No segment is
    shorter than ``shortest`` steps.

    All but ``poisson`` take the noise to be the same everywhere. ``steady`` brings counts whose noise grows with
    their level to a steady variance first, by Anscombe's transform ``2 sqrt(count + 3/8)``.
    """

    models: tuple[str, ...] = ("l1", "l2", "rbf", "poisson")
    penalties: tuple[float, ...] = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
    shortest: int = 4
    steady: bool = False

    @property
    def settings(self) -> int:
        """How many pairs of model and penalty there are."""
        return len(self.models) * len(self.penalties)


CAPTURES = Search()
"""For counts of a few a week."""
DEATHS = Search(("l2", "normal", "rank", "rbf"), (1.0, 2.0, 3.0, 5.0, 8.0, 12.0), shortest=8, steady=True)
"""For counts of hundreds a week."""


def search(series: pd.Series, how: Search = CAPTURES) -> pd.DataFrame:
    """Breaks in the level of ``series`` for every setting.

    ``series`` is indexed by its steps in order (weeks, months) and holds finite numbers, no gap. Returns one row per
    break: ``model, penalty, at`` (the index label of the first step after it), ``before`` and ``after`` (means of the
    segments beside it). A setting without breaks has no row.

    Raises ``AleppoError`` for an unknown model, a penalty that is not positive, gaps, counts below zero for
    ``poisson`` and ``steady``, and a series shorter than two segments.
    """
    values = _checked(series, how)
    rows = []
    for model in how.models:
        fitted = _fitted(values, model, how)
        for penalty in how.penalties:
            ends = fitted.predict(pen=float(penalty) * np.log(len(values)))
            means = [float(part.mean()) for part in np.split(values, ends[:-1])]
            rows += [
                (model, float(penalty), series.index[place], means[number], means[number + 1])
                for number, place in enumerate(ends[:-1])
            ]
    # typed even without rows, so that several can be put one below the other
    types = {"penalty": float, "at": series.index.dtype, "before": float, "after": float}
    return pd.DataFrame(rows, columns=["model", "penalty", "at", "before", "after"]).astype(types)


def _fitted(values: np.ndarray, model: str, how: Search) -> Any:
    """The search of ``ruptures`` for a model on its signal; where there is a compiled one, that."""
    signal = 2 * np.sqrt(values + 3 / 8) if how.steady and model != "poisson" else values
    if model in _SCALED:
        signal = signal / _noise(signal, how.steady)
    if model in _KERNELS:
        return ruptures.KernelCPD(kernel=_KERNELS[model], min_size=how.shortest).fit(signal.reshape(-1, 1))
    cost = _Remembered(_cost(model, values, how.shortest))
    return ruptures.Pelt(custom_cost=cost, min_size=how.shortest, jump=1).fit(signal.reshape(-1, 1))


def _cost(model: str, values: np.ndarray, shortest: int) -> BaseCost:
    if model == "poisson":
        return _PoissonCost(_dispersion(values, shortest))
    with warnings.catch_warnings():
        # the library tells each time that a stretch of equal counts gets a small spread, as it must
        warnings.simplefilter("ignore", UserWarning)
        return ruptures.costs.cost_factory(model=model)


def by_setting(points: pd.DataFrame, series: pd.Series, date: object, steps: int) -> pd.DataFrame:
    """One row for each setting with a break: ``model, penalty, breaks``, and how near to ``date`` they come.

    ``points`` is of :func:`search` on ``series``. ``nearest`` is the label of the break closest to the date, ``away``
    its distance in steps (negative before the date), ``near`` whether it is at most ``steps`` away. Two kinds of
    chance go with it: ``blind``, the share of all steps of the series that lie as close to a break of the setting;
    and ``thrown``, how often as many breaks thrown anywhere in the series would have one so close to the date.
    Raises ``AleppoError`` when the date is outside the series.
    """
    first, last = series.index[0], series.index[-1]
    if not first <= _label(date, series) <= last:
        raise AleppoError(f"date: expected one from {first} to {last}, found {date}")
    every, size = np.arange(len(series)), len(series)
    centre = int(series.index.searchsorted(_label(date, series), side="right")) - 1
    width = min(centre + steps, size - 1) - max(centre - steps, 1) + 1
    lines = []
    for (model, penalty), rows in points.groupby(["model", "penalty"], sort=False):
        places = series.index.get_indexer(rows["at"])
        closest = int(np.abs(places - centre).argmin())
        away = int(places[closest] - centre)
        close = np.abs(every[:, None] - places[None, :]).min(axis=1) <= steps
        thrown = 1 - (1 - width / (size - 1)) ** len(rows)
        nearest = rows["at"].iloc[closest]
        lines.append(
            (model, penalty, len(rows), nearest, away, abs(away) <= steps, float(close.mean()), thrown)
        )
    columns = ["model", "penalty", "breaks", "nearest", "away", "near", "blind", "thrown"]
    return pd.DataFrame(lines, columns=columns)


def _label(date: object, series: pd.Series) -> Any:
    return (
        pd.Timestamp(date) if isinstance(date, str) and isinstance(series.index, pd.DatetimeIndex) else date
    )


@dataclass(frozen=True)
class Nearness:
    """How many of ``settings`` put a break within ``steps`` steps of a date.

    ``breaks`` of them have any break, ``near`` one so close. ``thrown`` is the share of all settings that would have
    one, had each thrown its breaks anywhere; ``blind`` the share of all steps that lie as close to a break, the mean
    over settings with one. ``nearest`` is the label of the closest break and ``away`` its distance in steps, negative
    before the date; both None without breaks.
    """

    steps: int
    settings: int
    breaks: int
    near: int
    thrown: float
    blind: float
    nearest: Any = None
    away: int | None = None


def near(points: pd.DataFrame, series: pd.Series, date: object, steps: int, settings: int) -> Nearness:
    """:func:`by_setting` as one statement; ``settings`` is the number of settings that were run."""
    table = by_setting(points, series, date, steps)
    if table.empty:
        return Nearness(steps, settings, 0, 0, 0.0, 0.0)
    closest = table.loc[table["away"].abs().idxmin()]
    return Nearness(
        steps=steps,
        settings=settings,
        breaks=len(table),
        near=int(table["near"].sum()),
        thrown=float(table["thrown"].sum() / settings),
        blind=float(table["blind"].mean()),
        nearest=closest["nearest"],
        away=int(closest["away"]),
    )


def stability(points: pd.DataFrame, window: int = 2) -> pd.DataFrame:
    """For each week that any setting names: ``week``, and ``share`` of all settings with a break, that have one within
    ``window`` weeks of it; by week."""
    total = points.groupby(["model", "penalty"]).ngroups
    lines = []
    for week in sorted(points["at"].unique()):
        close = points[(points["at"] - week).abs() <= window * WEEK]
        lines.append((week, close.groupby(["model", "penalty"]).ngroups / total))
    return pd.DataFrame(lines, columns=["week", "share"])


def across(
    frame: pd.DataFrame, date: object, steps: Sequence[int], how: Search = CAPTURES
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A search of every column of ``frame``, and what each column finds near ``date``.

    Returns the breaks of :func:`search` with the column's name in ``series``, and one row for each column with
    ``series, settings, breaks, nearest, away`` and, for each number of ``steps``, ``found_N`` and ``chance_N``: how
    many settings put a break so close, and what share would with breaks thrown anywhere.
    """
    points, rows = [], []
    for name, series in frame.items():
        found = search(series, how)
        points.append(found.assign(series=name))
        each = {step: near(found, series, date, step, how.settings) for step in steps}
        about = each[steps[0]]
        row = {
            "series": name,
            "settings": how.settings,
            **{key: getattr(about, key) for key in ("breaks", "nearest", "away")},
        }
        for step, one in each.items():
            row |= {f"found_{step}": one.near, f"chance_{step}": one.thrown}
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
            # some costs come as a matrix of one
            found = self._known[start, end] = float(np.asarray(self.cost.error(start, end)).item())
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


def _checked(series: pd.Series, how: Search) -> np.ndarray:
    unknown = [model for model in how.models if model not in MODELS]
    if unknown or not how.models:
        raise AleppoError(
            f"model: expected one of {', '.join(MODELS)}, found {repr(unknown[0]) if unknown else 'none'}"
        )
    if not how.penalties or min(how.penalties) <= 0:
        raise AleppoError(f"penalties: expected numbers above zero, found {list(how.penalties)!r}")
    values = series.to_numpy(dtype=float)
    if len(values) < 2 * how.shortest:
        raise AleppoError(f"series: expected at least {2 * how.shortest} steps, found {len(values)}")
    if not np.isfinite(values).all():
        place = series.index[int(np.flatnonzero(~np.isfinite(values))[0])]
        raise AleppoError(f"series: expected a number on {place}, found none")
    if ("poisson" in how.models or how.steady) and values.min() < 0:
        raise AleppoError(f"series: expected counts not below zero, found {values.min():g}")
    return values


def _noise(values: np.ndarray, steady: bool) -> float:
    """Scale of the noise from step to step, which a shift of level leaves alone.

    Of steady counts, the root of half the variance of differences. Elsewhere the median of absolute differences as a
    standard deviation; where most differences are zero, their root mean square. A constant series has the scale 1.
    """
    steps = np.diff(values)
    robust = 0.0 if steady else 1.4826 * np.median(np.abs(steps)) / np.sqrt(2)
    plain = np.var(steps) if steady else np.mean(steps**2)
    scale = robust if robust > 0 else np.sqrt(plain / 2)
    return float(scale) if scale > 0 else 1.0


def _dispersion(values: np.ndarray, shortest: int) -> float:
    """Variance over mean within short windows, at least 1: how much rougher the counts are than Poisson."""
    windows = [values[place : place + 2 * shortest] for place in range(0, len(values), 2 * shortest)]
    within = [
        window.var(ddof=1) / window.mean() for window in windows if len(window) > 1 and window.mean() > 0
    ]
    return max(1.0, float(np.median(within))) if within else 1.0
