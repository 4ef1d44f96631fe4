"""Counts of several series over the same weeks, or months, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aleppo.evidence.errors import AleppoError
from aleppo.measure.toll import WEEK, week_of
from aleppo.model.block import Floats


@dataclass(frozen=True, eq=False)
class Panel:
    """Weekly counts of several series over the same weeks: ``counts`` is series × weeks, whole numbers."""

    names: tuple[str, ...]
    weeks: pd.DatetimeIndex
    counts: Floats

    def position(self, date: str | pd.Timestamp) -> int:
        """How many weeks the week that holds ``date`` comes after the first; outside the data if it does."""
        return (week_of(date) - self.weeks[0]) // WEEK


def panel(series: Mapping[str, pd.Series]) -> Panel:
    """Series by name, as a panel; each is checked, and all must cover the same weeks.

    A series has the Mondays of its weeks as index, every week from the first to the last, and whole numbers
    of deaths. Raises ``AleppoError`` otherwise.
    """
    if not series:
        raise AleppoError("weekly counts: expected at least one series, found none")
    first: pd.DatetimeIndex | None = None
    rows = []
    for name, values in series.items():
        weeks, counts = _checked(str(name), values)
        if first is None:
            first = weeks
        elif not weeks.equals(first):
            raise AleppoError(
                f"{name}: expected the weeks {_span(first)} of the other series, found {_span(weeks)}"
            )
        rows.append(counts)
    assert first is not None
    return Panel(tuple(map(str, series)), first, np.stack(rows))


def _span(weeks: pd.DatetimeIndex) -> str:
    return f"{weeks[0].date()} to {weeks[-1].date()}"


def _checked(name: str, values: pd.Series) -> tuple[pd.DatetimeIndex, Floats]:
    weeks = values.index
    if not isinstance(weeks, pd.DatetimeIndex) or weeks.empty or weeks.hasnans:
        raise AleppoError(f"{name}: expected weekly counts indexed by the Mondays of their weeks")
    if (weeks.day_of_week != 0).any() or (weeks != weeks.normalize()).any():
        odd = weeks[(weeks.day_of_week != 0) | (weeks != weeks.normalize())][0]
        raise AleppoError(f"{name}: expected weeks that begin on Monday, found {odd}")
    expected = pd.date_range(weeks[0], weeks[-1], freq="7D") if weeks[-1] >= weeks[0] else weeks[:0]
    if len(weeks) != len(expected) or (weeks != expected).any():
        raise AleppoError(f"{name}: expected every week once and in order, found gaps, repeats or disorder")
    if values.isna().any():
        raise AleppoError(
            f"{name}: expected a count in every week, found none in {weeks[values.isna()][0].date()}"
        )
    if not pd.api.types.is_numeric_dtype(values.dtype) or pd.api.types.is_bool_dtype(values.dtype):
        raise AleppoError(f"{name}: expected numbers of deaths, found values of type {values.dtype}")
    counts = values.to_numpy(dtype=np.float64)
    wrong = ~((counts >= 0) & (counts == np.floor(counts)) & (counts < 2**31))
    if wrong.any():
        place = int(np.flatnonzero(wrong)[0])
        raise AleppoError(
            f"{name}: expected whole numbers of deaths, found {counts[place]:g} in the week of "
            f"{weeks[place].date()}"
        )
    return weeks, counts
