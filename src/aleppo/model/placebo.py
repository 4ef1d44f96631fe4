"""Placebo breaks: the same multiverse at dates at which nothing of the kind is known to have begun.

If the real break stands out, its median ratio must be high (or low) among those that other dates give under the
very same specifications (placebo in time: Abadie, Diamond & Hainmueller, *American Journal of Political Science*
59, 2015; Bertrand, Duflo & Mullainathan, *Quarterly Journal of Economics* 119, 2004). Not every specification can
be estimated at every date: a long baseline needs years of data before it. So the real break is always summed up
over the specifications that the placebo date has too.

A window that reaches past the real break holds what it should be compared with. Such windows are kept apart:
``span`` is ``before`` for windows that end before the real break and ``across`` for all windows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from aleppo.measure.toll import week_of
from aleppo.model.multiverse import Grid

FIRST, LAST = "2012-03-01", "2015-06-30"
SPANS = ("before", "across")
LEAST_SHARE = 0.1  # of the grid that must be estimated at a date before its median says anything
_Cube = dict[str, tuple[pd.DatetimeIndex, np.ndarray, np.ndarray, np.ndarray]]


def days(real: str, first: str = FIRST, last: str = LAST) -> tuple[str, ...]:
    """The placebo days from ``first`` to ``last``: in every week the same day of the week as the ``real``."""
    weekday = pd.Timestamp(real).day_name()[:3].upper()
    return tuple(pd.date_range(first, last, freq=f"W-{weekday}").strftime("%Y-%m-%d"))


def summary(whole: Grid, real: pd.DataFrame, placebo: pd.DataFrame, day: str) -> pd.DataFrame:
    """Each placebo week beside the real break: ``real`` and ``placebo`` are multiverses of the same grid.

    ``whole`` is the grid of the placebo and ``day`` the real break. A row for each span and week: ``span``,
    ``week``, ``specifications`` estimated at both breaks, and over these ``median``, ``above`` (share of ratios
    above one), ``interval_above`` and ``interval_below`` (shares of 95 % intervals wholly above and below one) of
    the placebo, and ``real_median``, ``real_above``, ``real_interval_above`` of the real break. Weeks at which
    fewer than a tenth of the real break's specifications can be estimated are left out. An outcome known by month
    enters each week with the break of the month that begins nearest.
    """
    base, cubes = _cube(real), _cube(placebo)
    size = sum(int(np.isfinite(ratio).sum()) for _, ratio, _, _ in base.values())
    lines = []
    for span in SPANS:
        for one in whole.days:
            found = _pair(whole, base, cubes, one, day if span == "before" else None)
            if found is not None and len(found.ratio) >= LEAST_SHARE * size:
                lines.append({"span": span, "week": week_of(one), **found.line()})
    return pd.DataFrame(lines)


@dataclass(frozen=True, eq=False)
class _Pair:
    """Logarithms of the placebo's ratio and interval, and of the real one's, over shared specifications."""

    ratio: np.ndarray
    low: np.ndarray
    high: np.ndarray
    real: np.ndarray
    real_low: np.ndarray

    def line(self) -> dict[str, float | int]:
        return {
            "specifications": len(self.ratio),
            "median": float(np.exp(np.median(self.ratio))),
            "above": float((self.ratio > 0).mean()),
            "interval_above": float((self.low > 0).mean()),
            "interval_below": float((self.high < 0).mean()),
            "real_median": float(np.exp(np.median(self.real))),
            "real_above": float((self.real > 0).mean()),
            "real_interval_above": float((self.real_low > 0).mean()),
        }


def _cube(frame: pd.DataFrame) -> _Cube:
    """By outcome: breaks, and breaks × specifications of the log ratio and its bounds, and of the window's end.

    A specification without an estimate is not a number in here, and never leaves.
    """
    found: _Cube = {}
    for outcome, rows in frame.groupby("outcome", observed=True, sort=False):
        breaks = pd.DatetimeIndex(sorted(rows["break"].unique()))
        size = int(rows["specification"].max()) + 1
        place = breaks.get_indexer(pd.DatetimeIndex(rows["break"])), rows["specification"].to_numpy()
        numbers = np.full((3, len(breaks), size), np.nan)
        for each, name in enumerate(("rate_ratio", "low", "high")):
            numbers[each][place] = np.log(rows[name].to_numpy(dtype=np.float64, na_value=np.nan))
        ends = np.zeros((len(breaks), size), dtype="datetime64[s]")
        ends[place] = rows["ends"].to_numpy()
        found[str(outcome)] = (breaks, numbers[0], numbers[1:], ends)
    return found


def _pair(whole: Grid, base: _Cube, cubes: _Cube, day: str, real_day: str | None) -> _Pair | None:
    """The specifications that are estimated at ``day`` and at the real break, all outcomes together."""
    parts: list[tuple[np.ndarray, ...]] = []
    for series in whole.series:
        breaks, ratio, bounds, ends = cubes[series.outcome]
        _, real, real_bounds, _ = base[series.outcome]
        row = _row(breaks, series.data.weeks, series.data.position(day))
        if row is None:
            continue
        both = np.isfinite(ratio[row]) & np.isfinite(real[0])
        if real_day is not None:
            position = series.data.position(real_day)
            both &= ends[row] < series.data.weeks[position].to_datetime64()
        parts.append((ratio[row, both], *bounds[:, row, both], real[0, both], real_bounds[0, 0, both]))
    if not parts or not sum(len(part[0]) for part in parts):
        return None
    return _Pair(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _row(breaks: pd.DatetimeIndex, weeks: pd.DatetimeIndex, position: int) -> int | None:
    if not 0 <= position < len(weeks):
        return None
    found = breaks.get_indexer(pd.DatetimeIndex([weeks[position]]))[0]
    return None if found < 0 else int(found)


@dataclass(frozen=True)
class Rank:
    """Where the real break stands among the placebo weeks of one span.

    ``higher``: weeks whose median ratio is at least the real break's over the same specifications; ``further``:
    weeks whose median is at least as far from one, in either direction. ``rank`` is ``higher`` + 1 out of
    ``weeks`` + 1; ``share`` and ``share_further`` are the ranks as shares, as permutation tests count them.
    """

    weeks: int
    higher: int
    further: int

    @property
    def rank(self) -> int:
        return self.higher + 1

    @property
    def share(self) -> float:
        return (self.higher + 1) / (self.weeks + 1)

    @property
    def share_further(self) -> float:
        return (self.further + 1) / (self.weeks + 1)


def rank(table: pd.DataFrame, span: str = "before") -> Rank:
    """The rank of the real break in a ``summary``."""
    rows = table[table["span"] == span]
    placebo, real = np.log(rows["median"]), np.log(rows["real_median"])
    return Rank(
        weeks=len(rows), higher=int((placebo >= real).sum()), further=int((placebo.abs() >= real.abs()).sum())
    )


def series_text(table: pd.DataFrame, area: str) -> str:
    """A ``summary`` as the series ``placebo_breaks`` holds it: CSV, shares and ratios with four decimals."""
    rows = table.assign(governorate=area).sort_values(["governorate", "span", "week"], kind="stable")
    columns = [
        "governorate",
        "span",
        "week",
        *(name for name in table.columns if name not in ("span", "week")),
    ]
    return str(
        rows[columns].to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d", float_format="%.4f")
    )
