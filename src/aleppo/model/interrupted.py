"""Interrupted time series: did a weekly count change level or slope at a date?

One estimate at a time, with a clear message when there can be none. The method is told in
``aleppo.model.specification`` (design) and ``aleppo.model.regression`` (likelihoods and HAC errors); for
thousands of estimates see ``aleppo.model.batched``, of which this is a batch of one.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from aleppo.evidence.errors import AleppoError
from aleppo.measure.toll import WEEK
from aleppo.model.batched import Batch, estimate
from aleppo.model.panel import Panel, panel
from aleppo.model.specification import Specification, kept_weeks
from aleppo.model.status import Status
from aleppo.model.windows import Plan

__all__ = ["Estimate", "Specification", "fit"]


@dataclass(frozen=True)
class Estimate:
    """What one specification says; every field is a finite number.

    ``rate_ratio`` with its 95 % interval ``low`` to ``high``: the rate at the break over what the trend of
    the baseline leads to. ``slope_ratio`` with its interval: weekly growth factor after the break over that
    before, 1 in a specification that holds the slope. ``dispersion``: of NB2, 0 for Poisson. ``weeks_*`` and
    ``n_deaths_*``: kept weeks (or months) and the deaths in them, before the break and from it on.
    ``log_likelihood``: with every constant.
    """

    rate_ratio: float
    low: float
    high: float
    slope_ratio: float
    slope_low: float
    slope_high: float
    dispersion: float
    weeks_pre: int
    weeks_post: int
    n_deaths_pre: int
    n_deaths_post: int
    log_likelihood: float

    def as_dict(self) -> dict[str, float | int]:
        """The fields as plain numbers, for JSON."""
        return asdict(self)


def fit(
    series: pd.Series,
    date: str | pd.Timestamp,
    specification: Specification | None = None,
    *,
    comparison: pd.Series | None = None,
    lengths: NDArray[np.float64] | None = None,
) -> Estimate:
    """The break at ``date`` in a series of weekly deaths, or of monthly ones if the specification is.

    ``series`` is indexed by the Mondays of its weeks and holds whole numbers, every week from the first to
    the last; its name is used in messages. ``comparison`` is a series over the same weeks, for specifications
    whose ``comparison`` is ``exposure`` or ``ratio``. ``lengths`` are the weeks that each month counts for.

    Raises ``AleppoError``, one line, when the series is not of that kind, or when there is no estimate: no
    deaths, a window that leaves the data, counts that do not bound the coefficients, too few weeks.
    """
    specification = specification or Specification()
    name = str(series.name) if series.name is not None else "the series"
    day = _day(date)
    columns = {name: series}
    if comparison is not None:
        other = str(comparison.name) if comparison.name is not None else "the comparison"
        columns[other if other != name else f"{other} (comparison)"] = comparison
    data = panel(columns, specification.period, lengths)
    plan = Plan(
        series=np.zeros(1, dtype=np.int64),
        week=np.array([data.position(day)], dtype=np.int64),
        specification=np.zeros(1, dtype=np.int64),
        comparison=np.array([-1 if comparison is None else 1], dtype=np.int64),
    )
    batch = estimate(data, [specification], plan)
    status = Status(int(batch.status[0]))
    if status is not Status.OK:
        raise AleppoError(f"{name}: {_reason(status, data, day, specification)}")
    return _estimate(batch)


def _day(date: str | pd.Timestamp) -> pd.Timestamp:
    """The day of a break. Raises AleppoError for what is none."""
    try:
        day = pd.Timestamp(date)
    except ValueError:
        day = pd.NaT
    if pd.isna(day):
        raise AleppoError(f"date: expected a day such as 2015-09-30, found {date!r}")
    return day


def _estimate(batch: Batch) -> Estimate:
    numbers = {field: float(getattr(batch, field)[0]) for field in Batch.ESTIMATES}
    counts = {field: int(getattr(batch, field)[0]) for field in Batch.COUNTS}
    return Estimate(**numbers, **counts)  # type: ignore[arg-type]


def _window(
    data: Panel, day: pd.Timestamp, specification: Specification
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First days of the first and of the last week (or month) of the window."""
    step = WEEK if data.period == "week" else pd.DateOffset(months=1)
    week = data.weeks[0] + data.position(day) * step
    return week - specification.baseline * step, week + (specification.horizon - 1) * step


def _reason(status: Status, data: Panel, day: pd.Timestamp, specification: Specification) -> str:
    """Why there is no estimate, with the weeks that say so."""
    first, last = data.weeks[0], data.weeks[-1]
    unit = specification.period
    begin, end = _window(data, day, specification)
    weeks = len(kept_weeks(specification))
    window = f"the window of {begin.date()} to {end.date()}"
    held = f"the data hold the {unit}s of {first.date()} to {last.date()}"
    donut = (
        f" without the {specification.donut} {unit}s on each side of the break" if specification.donut else ""
    )
    match status:
        case Status.NO_DEATHS:
            return f"no deaths are recorded in any {unit} of {first.date()} to {last.date()}"
        case Status.BREAK_OUTSIDE:
            return f"the break {day.date()} is outside the series: {held}"
        case Status.BASELINE_BEFORE_DATA:
            return (
                f"a baseline of {specification.baseline} {unit}s begins at {begin.date()}, "
                f"before the data: {held}"
            )
        case Status.HORIZON_PAST_DATA:
            return (
                f"a horizon of {specification.horizon} {unit}s ends with the {unit} of {end.date()}, "
                f"past the data: {held}"
            )
        case Status.NO_DEATHS_IN_WINDOW:
            return f"no deaths in {window}{donut}"
        case Status.NO_DEATHS_BEFORE:
            return f"no deaths before the break in {window}{donut}: a rate ratio has no bound"
        case Status.NO_DEATHS_AFTER:
            return f"no deaths from the break on in {window}{donut}: a rate ratio has no bound"
        case Status.TOO_FEW_WEEKS:
            return (
                f"{weeks} {unit}s are too few to tell level, slope and season {specification.season!r} apart "
                f"({specification.baseline} before, {specification.horizon} from the break{donut})"
            )
        case Status.EXPOSURE_NOT_POSITIVE:
            return (
                f"the exposure {data.names[1]} is zero in some {unit} of {window}, so it cannot be divided by"
            )
        case Status.SEPARATED:
            return f"the counts in {window}{donut} separate perfectly: some coefficient has no bound"
        case Status.COMPARISON_FAILED:
            return f"the comparison {data.names[1]} cannot be estimated in {window}{donut}"
        case _:
            return f"{status.words} in {window}{donut}"
