"""Interrupted time series: what one specification says, the weeks it keeps, and its design.

The window is the ``baseline`` weeks before the week that holds the break, and the ``horizon`` weeks from
that week on. Time is counted in weeks from the break: week 0 is the first post week. Weeks begin on Monday.

The mean of week t is ``exposure_t * exp(constant + trend t + level post_t + slope t post_t + season)``,
``post_t`` being 1 from week 0 on (segmented regression: Wagner et al., J Clin Pharm Ther 27, 2002; Lopez
Bernal, Cummins & Gasparrini, Int J Epidemiol 46, 2017). ``exp(level)`` is the rate ratio at the break: the
rate at week 0 over what the trend of the baseline leads to. ``exp(slope)`` is the ratio of the weekly growth
factors after and before. A specification may hold the slope: then the trend goes on as it was, and
``exp(level)`` is a step between two stretches of it.

The same is done with months instead of weeks, for counts that are known by month only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from aleppo.evidence.errors import AleppoError
from aleppo.model.block import Design, Floats, Integers, prepare

MODELS = ("poisson", "nb2")
COMPARISONS = ("none", "exposure", "ratio")
YEAR = {"week": 365.2425 / 7, "month": 12.0}
PERIODS = tuple(YEAR)
LEVEL, SLOPE = 2, 3  # columns of the design
_FOURIER = re.compile(r"fourier([1-6])")


def in_months(weeks: int) -> int:
    """The whole number of months nearest to so many weeks: 52 weeks are 12 months, 65 are 15, 2 are none."""
    return round(weeks * YEAR["month"] / YEAR["week"])


@dataclass(frozen=True, order=True)
class Specification:
    """One way to ask what happened at a break.

    ``baseline`` and ``horizon``: weeks before the break, and from it on. ``donut``: weeks left out on each
    side of the break (the last ``donut`` weeks of the baseline and the first of the horizon); the level is
    still read at week 0. ``lags``: weeks of autocorrelation in the HAC errors; across the hole of a donut the
    kept weeks count as neighbours, as they do for a regression that is given only those rows.
    ``season``: ``none``, ``month`` (month of the week's Monday) or ``fourier1`` to ``fourier6`` (that many
    pairs of sine and cosine). ``comparison``: what a comparison series is for: ``none``; ``exposure``, its
    logarithm is the offset; ``ratio``, the same regression is fitted to it and the rate ratio is divided by
    its rate ratio, errors taken together week by week (a controlled interrupted time series). ``slope``:
    whether the trend may change at the break. ``period``: what the numbers count, ``week`` or ``month``.

    Raises ``AleppoError`` for a value that makes no specification.
    """

    baseline: int = 104
    horizon: int = 65
    model: str = "poisson"
    donut: int = 0
    lags: int = 8
    season: str = "none"
    comparison: str = "none"
    slope: bool = True
    period: str = "week"

    def __post_init__(self) -> None:
        for name, least in (("baseline", 1), ("horizon", 1), ("donut", 0), ("lags", 0)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
                raise AleppoError(
                    f"{name}: expected a whole number of {self.period}s from {least}, found {value!r}"
                )
        if self.model not in MODELS:
            raise AleppoError(f"model: expected {' or '.join(MODELS)}, found {self.model!r}")
        if self.season not in ("none", "month") and not _FOURIER.fullmatch(self.season):
            raise AleppoError(f"season: expected none, month or fourier1 to fourier6, found {self.season!r}")
        if self.period not in PERIODS:
            raise AleppoError(f"period: expected {' or '.join(PERIODS)}, found {self.period!r}")
        if self.comparison not in COMPARISONS:
            raise AleppoError(f"comparison: expected {', '.join(COMPARISONS)}, found {self.comparison!r}")
        if self.donut >= min(self.baseline, self.horizon):
            raise AleppoError(
                f"donut: expected fewer {self.period}s than the baseline ({self.baseline}) "
                f"and the horizon ({self.horizon}), found {self.donut}"
            )

    @property
    def shape(self) -> tuple[int, int, int, str, bool]:
        """What the design depends on: baseline, horizon, donut, season, slope."""
        return (int(self.baseline), int(self.horizon), int(self.donut), self.season, self.slope)


def kept_weeks(specification: Specification) -> Integers:
    """The weeks of the window without the donut, counted from the break, in order."""
    baseline, horizon, donut, *_ = specification.shape
    return _kept(baseline, horizon, donut)


@lru_cache(maxsize=1024)
def _kept(baseline: int, horizon: int, donut: int) -> Integers:
    weeks = np.concatenate([np.arange(-baseline, -donut), np.arange(donut, horizon)])
    weeks.setflags(write=False)
    return weeks


def columns(
    weeks: Integers,
    season: str,
    months: NDArray[np.integer],
    seen: Sequence[int],
    *,
    slope: bool = True,
    year: float = YEAR["week"],
) -> tuple[Floats, Floats]:
    """The design over any ``weeks`` counted from the break: weeks × columns, and weeks × groups.

    Constant, trend, level, slope if there is one, and pairs of sine and cosine if the season has them. With
    month dummies there is one group for each month instead of the constant. ``months`` are the calendar
    months (1 to 12) of the weeks and ``seen`` those that have a group; only ``season="month"`` uses them.
    ``year`` is the number of weeks (or months) in a year.
    """
    time = weeks.astype(float)
    post = (time >= 0).astype(float)
    found = [time, post, post * time] if slope else [time, post]
    if season == "month":
        groups = [(months == month).astype(float) for month in seen]
        return np.column_stack(found), np.column_stack(groups)
    pairs = _FOURIER.fullmatch(season)
    if pairs:
        angle = 2 * np.pi * time / year
        for harmonic in range(1, int(pairs[1]) + 1):
            found += [np.cos(harmonic * angle), np.sin(harmonic * angle)]
    return np.column_stack([np.ones_like(time), *found]), np.zeros((len(time), 0))


def design_matrix(specification: Specification, months: NDArray[np.integer]) -> Floats:
    """The design of a specification as a regression program takes it, weeks × parameters.

    Constant, trend, level, slope, then the season; ``months`` are the calendar months of the kept weeks. The
    first month that occurs is the reference, and a month that does not occur has no column.
    """
    seen = np.unique(months).tolist()
    dense, groups = columns(
        kept_weeks(specification),
        specification.season,
        months,
        seen,
        slope=specification.slope,
        year=YEAR[specification.period],
    )
    if not groups.size:
        return dense
    return np.concatenate([np.ones((len(dense), 1)), dense, groups[:, 1:]], axis=1)


def parameters(season: str, months_seen: int, slope: bool = True) -> int:
    """How many coefficients a design has, ``months_seen`` being the months that occur in its kept weeks."""
    if season == "month":
        return 2 + slope + months_seen
    pairs = _FOURIER.fullmatch(season)
    return 3 + slope + 2 * (int(pairs[1]) if pairs else 0)


@lru_cache(maxsize=512)
def wide_design(
    before: int, after: int, season: str, slope: bool, year: float, months: bytes, seen: bytes
) -> Design | None:
    """One design for every window that lies within ``before`` weeks ahead of the break and ``after`` from it.

    A window's own design is this one without the weeks that it leaves out. ``months`` as in ``columns``, one
    byte each, ``seen`` likewise. ``None`` when not even all these weeks identify the parameters.
    """
    parts = columns(
        np.arange(-before, after),
        season,
        np.frombuffer(months, dtype=np.int8),
        list(seen),
        slope=slope,
        year=year,
    )
    first = 1 if season == "month" else 0  # the constant, when months stand in its place
    return prepare(*parts, (LEVEL - first, SLOPE - first if slope else None))
