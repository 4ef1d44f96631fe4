"""Counts of several series over the same weeks, or months, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from aleppo.evidence.errors import AleppoError
from aleppo.measure.toll import WEEK, week_of
from aleppo.model.block import Floats

MIDDLE_OF_A_MONTH = 15


@dataclass(frozen=True, eq=False)
class Panel:
    """Counts of several series over the same weeks, or months: ``counts`` is series × weeks, whole numbers.

    ``period`` is ``week`` or ``month`` and ``weeks`` the first day of each. ``lengths`` is how long each is, in
    weeks: the exposure of its counts.
    """

    names: tuple[str, ...]
    weeks: pd.DatetimeIndex
    counts: Floats
    period: str = "week"
    length_of_each: Floats | None = None

    @property
    def lengths(self) -> Floats:
        return np.ones(len(self.weeks)) if self.length_of_each is None else self.length_of_each

    def position(self, date: str | pd.Timestamp) -> int:
        """How many weeks after the first the first post week comes; outside the data if it does.

        It is the week that holds ``date``. The first post month is the one that begins nearest to ``date``:
        of a month that holds the break, most days must come after it.
        """
        if self.period == "week":
            return (week_of(date) - self.weeks[0]) // WEEK
        day = pd.Timestamp(date)
        months = (day.year - self.weeks[0].year) * 12 + day.month - self.weeks[0].month
        return months + (day.day > MIDDLE_OF_A_MONTH)


def panel(
    series: Mapping[str, pd.Series], period: str = "week", lengths: NDArray[np.float64] | None = None
) -> Panel:
    """Series by name, as a panel; each is checked, and all must cover the same weeks (or months).

    A series has the Mondays of its weeks as index (or the first days of its months), every one from the first
    to the last, and whole numbers of deaths. ``lengths`` are the weeks that each month counts for; its days
    over seven unless given. Raises ``AleppoError`` otherwise.
    """
    if not series:
        raise AleppoError(f"{period}ly counts: expected at least one series, found none")
    first: pd.DatetimeIndex | None = None
    rows = []
    for name, values in series.items():
        weeks, counts = _checked(str(name), values, period)
        if first is None:
            first = weeks
        elif not weeks.equals(first):
            raise AleppoError(
                f"{name}: expected the {period}s {_span(first)} of the other series, found {_span(weeks)}"
            )
        rows.append(counts)
    assert first is not None
    if lengths is None and period == "month":
        lengths = first.days_in_month.to_numpy(dtype=np.float64) / 7
    return Panel(tuple(map(str, series)), first, np.stack(rows), period, lengths)


def _span(weeks: pd.DatetimeIndex) -> str:
    return f"{weeks[0].date()} to {weeks[-1].date()}"


def _checked(name: str, values: pd.Series, period: str) -> tuple[pd.DatetimeIndex, Floats]:
    weeks = _checked_index(name, values, period)
    if values.isna().any():
        raise AleppoError(
            f"{name}: expected a count in every {period}, found none in {weeks[values.isna()][0].date()}"
        )
    if not pd.api.types.is_numeric_dtype(values.dtype) or pd.api.types.is_bool_dtype(values.dtype):
        raise AleppoError(f"{name}: expected numbers of deaths, found values of type {values.dtype}")
    counts = values.to_numpy(dtype=np.float64)
    wrong = ~((counts >= 0) & (counts == np.floor(counts)) & (counts < 2**31))
    if wrong.any():
        place = int(np.flatnonzero(wrong)[0])
        raise AleppoError(
            f"{name}: expected whole numbers of deaths, found {counts[place]:g} in the {period} of "
            f"{weeks[place].date()}"
        )
    return weeks, counts


def _checked_index(name: str, values: pd.Series, period: str) -> pd.DatetimeIndex:
    weeks = values.index
    first, days = ("Mondays", "on Monday") if period == "week" else ("first days", "on the first")
    if not isinstance(weeks, pd.DatetimeIndex) or weeks.empty or weeks.hasnans:
        raise AleppoError(f"{name}: expected {period}ly counts indexed by the {first} of their {period}s")
    wrong = (weeks.day_of_week != 0) if period == "week" else (weeks.day != 1)
    wrong |= weeks != weeks.normalize()
    if wrong.any():
        raise AleppoError(f"{name}: expected {period}s that begin {days}, found {weeks[wrong][0]}")
    step = "7D" if period == "week" else "MS"
    expected = pd.date_range(weeks[0], weeks[-1], freq=step) if weeks[-1] >= weeks[0] else weeks[:0]
    if len(weeks) != len(expected) or (weeks != expected).any():
        raise AleppoError(
            f"{name}: expected every {period} once and in order, found gaps, repeats or disorder"
        )
    return weeks
