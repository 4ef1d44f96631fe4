"""Change points that are found without being told where to look.

Counts are brought to a steady variance by Anscombe's transform, ``2 sqrt(count + 3/8)``, and cut where a cost
plus a penalty for each cut is least (Truong, Oudre & Vayatis, *Signal Processing* 167, 2020; the search is exact:
Killick, Fearnhead & Eckley, *JASA* 107, 2012). Several costs stand for several ideas of a change, and each is tried
over a range of penalties, because no penalty is the right one: a change that only some settings find is no finding.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from aleppo.evidence.errors import AleppoError
from aleppo.measure.toll import WEEK, week_of

COSTS = {
    "l2": "shift of the mean",
    "normal": "shift of mean or spread",
    "rank": "shift in ranks",
    "rbf": "any change of the distribution",
}
PENALTIES = (1.0, 2.0, 3.0, 5.0, 8.0, 12.0)
LEAST = 8  # weeks between two changes


def found(
    series: pd.Series,
    costs: Sequence[str] = tuple(COSTS),
    penalties: Sequence[float] = PENALTIES,
    least: int = LEAST,
) -> pd.DataFrame:
    """Every change point of every setting: columns ``cost``, ``penalty``, ``week``.

    ``series`` are weekly counts indexed by Mondays; ``week`` is the first week after a change. A penalty is in
    units of the logarithm of the number of weeks times the variance of one week to the next, halved (the part
    of the variance that no change explains); for ``normal``, ``rank`` and ``rbf``, whose costs have no unit, in
    that logarithm. ``least`` is the shortest stretch between changes. A setting without a change has no row.
    Raises ``AleppoError`` for an unknown cost, a penalty that is not above zero, or a series too short for one
    change.
    """
    unknown = [cost for cost in costs if cost not in COSTS]
    if unknown:
        raise AleppoError(f"cost: expected one of {', '.join(COSTS)}, found {unknown[0]!r}")
    if any(not penalty > 0 for penalty in penalties):
        raise AleppoError(f"penalty: expected numbers above 0, found {min(penalties)}")
    if len(series) < 2 * least:
        raise AleppoError(f"{series.name}: expected at least {2 * least} weeks, found {len(series)}")
    steady = 2 * np.sqrt(series.to_numpy(dtype=np.float64) + 3 / 8)
    lines = []
    for cost in costs:
        search = _search(cost, least).fit(steady[:, None])
        for penalty in penalties:
            ends = search.predict(pen=penalty * _unit(cost, steady))[:-1]
            lines += [(cost, float(penalty), series.index[end]) for end in ends]
    return pd.DataFrame(lines, columns=["cost", "penalty", "week"]).astype({"week": "datetime64[ns]"})


def _search(cost: str, least: int) -> Any:
    """The exact search for a cost; where there is a compiled one, that."""
    import ruptures

    kernels = {"l2": "linear", "rbf": "rbf"}
    if cost in kernels:
        return ruptures.KernelCPD(kernel=kernels[cost], min_size=least, jump=1)
    with warnings.catch_warnings():
        # the library tells each time that a stretch of equal counts gets a small spread, as it must
        warnings.simplefilter("ignore", UserWarning)
        measure = ruptures.costs.cost_factory(model=cost)
    # the penalties try the same stretches over and over: their costs are reckoned once
    measure.error = lru_cache(maxsize=None)(measure.error)
    return ruptures.Pelt(custom_cost=measure, min_size=least, jump=1)


def _unit(cost: str, steady: np.ndarray) -> float:
    steps = np.diff(steady)
    length = float(np.log(len(steady)))
    if cost == "l2":
        return length * float(steps.var()) / 2
    return length


@dataclass(frozen=True)
class Nearness:
    """How often settings have a change within ``weeks`` weeks of a date.

    ``settings`` of cost and penalty found at least one change, and ``near`` of them have one so close.
    ``by_chance`` is the share of all weeks of the series that lie as close to a change, the mean over settings:
    how often a week picked blindly would do as well.
    """

    weeks: int
    settings: int
    near: int
    by_chance: float

    @property
    def share(self) -> float:
        return self.near / self.settings if self.settings else 0.0


def settings(changes: pd.DataFrame, series: pd.Series, date: str, weeks: int = 4) -> pd.DataFrame:
    """One row for each setting: ``cost``, ``penalty``, ``changes``, ``nearest`` (week), ``away`` (weeks from the
    week of ``date``, negative before it), ``near`` (whether at most ``weeks``), ``by_chance``."""
    target = week_of(date)
    every = np.arange(len(series))
    lines = []
    for (cost, penalty), rows in changes.groupby(["cost", "penalty"], sort=False):
        away = ((rows["week"] - target) // WEEK).to_numpy()
        closest = int(away[np.abs(away).argmin()])
        places = series.index.get_indexer(pd.DatetimeIndex(rows["week"]))
        close = np.abs(every[:, None] - places[None, :]).min(axis=1) <= weeks
        lines.append(
            (
                cost,
                penalty,
                len(rows),
                target + closest * WEEK,
                closest,
                abs(closest) <= weeks,
                float(close.mean()),
            )
        )
    columns = ["cost", "penalty", "changes", "nearest", "away", "near", "by_chance"]
    return pd.DataFrame(lines, columns=columns)


def nearness(table: pd.DataFrame, weeks: int = 4) -> Nearness:
    """The rows of ``settings`` as one statement."""
    return Nearness(
        weeks=weeks,
        settings=len(table),
        near=int(table["near"].sum()),
        by_chance=float(table["by_chance"].mean()) if len(table) else 0.0,
    )


def stability(changes: pd.DataFrame, window: int = 2) -> pd.DataFrame:
    """For each week that any setting names: ``week`` and ``share`` of all settings with a change within ``window``
    weeks of it, by week."""
    total = changes.groupby(["cost", "penalty"]).ngroups
    lines = []
    for week in sorted(changes["week"].unique()):
        near = changes[(changes["week"] - week).abs() <= window * WEEK]
        lines.append((week, near.groupby(["cost", "penalty"]).ngroups / total))
    return pd.DataFrame(lines, columns=["week", "share"])
