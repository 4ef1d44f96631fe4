"""The multiverse: every sensible specification of a break, computed and read as a whole.

A result that depends on choices nobody can defend as the only right ones is shown over all of them (Steegen,
Tuerlinckx, Gelman & Vanpaemel, *Perspectives on Psychological Science* 11, 2016; Simonsohn, Simmons & Nelson,
*Nature Human Behaviour* 4, 2020). The choices here: which recorded deaths are counted, how many weeks before and
from the break, which count model, whether the trend may change, which season, which weeks around the break are
left out, how far errors reach, and against which areas the break is compared.

The work is divisible: ``tasks`` names the smallest pieces, and what one gives does not depend on any other. A grid
here is done by one process; ``aleppo.model.scale`` divides it among many, and puts resamples beside it.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from aleppo.evidence.errors import AleppoError
from aleppo.measure.toll import EVERYWHERE, Counts
from aleppo.model.batched import Batch, estimate
from aleppo.model.panel import Panel, panel
from aleppo.model.specification import MODELS, Specification, in_months, kept_weeks, parameters
from aleppo.model.status import Status
from aleppo.model.windows import Draw, Plan

FIRST = "2011-03-14"  # no window begins before the week in which the uprising does
LEAST_PER_COEFFICIENT = 3  # weeks or months that a specification must have for each of its coefficients
NONE, POOLED, EXPOSURE = "none", "sum", "sum as exposure"
CHOICES = ("outcome", "baseline", "horizon", "model", "season", "slope", "donut", "lags", "comparison")


@dataclass(frozen=True)
class Choices:
    """The values of each choice, all in weeks; counts by month take the nearest whole months.

    Raises ``AleppoError`` when a choice has no value.
    """

    baseline: tuple[int, ...] = (52, 78, 104, 130)
    horizon: tuple[int, ...] = (26, 52, 65)
    model: tuple[str, ...] = MODELS
    season: tuple[str, ...] = ("none", "month", "fourier2")
    slope: tuple[bool, ...] = (True, False)
    donut: tuple[int, ...] = (0, 2, 4)
    lags: tuple[int, ...] = (4, 8, 12)

    def __post_init__(self) -> None:
        for name, values in vars(self).items():
            if not values:
                raise AleppoError(f"{name}: expected at least one value, found none")


@dataclass(frozen=True, eq=False)
class Series:
    """The counts of one outcome: the area, then the areas it is compared with, then their sum."""

    outcome: str
    data: Panel

    @property
    def comparisons(self) -> tuple[tuple[str, str, int], ...]:
        """Name, use in a specification, and row of the panel of every comparison."""
        rows = len(self.data.names)
        if rows == 1:
            return ((NONE, "none", -1),)
        single = [(name, "ratio", row) for row, name in enumerate(self.data.names[1:-1], start=1)]
        return (
            (NONE, "none", -1),
            *single,
            (POOLED, "ratio", rows - 1),
            (EXPOSURE, "exposure", rows - 1),
        )


@dataclass(frozen=True, eq=False)
class Grid:
    """All there is to estimate: outcomes of one area, choices, and the days of the breaks."""

    area: str
    series: tuple[Series, ...]
    choices: Choices
    days: tuple[str, ...]


@dataclass(frozen=True)
class Task:
    """The smallest piece of work: every specification of one model, for one outcome at one break.

    ``position`` is the first post week among those of the panel.
    """

    number: int
    series: int
    position: int
    model: str


def grid(
    area: str,
    counts: Mapping[str, Counts],
    controls: Sequence[str],
    days: Sequence[str],
    *,
    choices: Choices | None = None,
) -> Grid:
    """The grid of ``area`` over the outcomes in ``counts`` (by name) and the breaks on ``days``.

    ``controls`` are the areas to compare with; the area itself is not compared with itself, and all of Syria
    with none of its parts. Raises ``AleppoError`` for an area without counts in one of the outcomes.
    """
    used = [] if area == EVERYWHERE else [code for code in controls if code != area]
    found = []
    for outcome, each in counts.items():
        if area not in each.table:
            raise AleppoError(f"{outcome}: expected an area out of {', '.join(each.table)}, found {area!r}")
        kept = each.table.index >= pd.Timestamp(FIRST)
        if each.period == "month":
            kept |= each.table.index >= pd.Timestamp(FIRST).replace(day=1)
        table = each.table[kept]
        columns = {code: table[code] for code in (area, *used)}
        if used:
            columns[POOLED] = table[used].sum(axis=1)
        lengths = each.lengths[kept] if each.period == "month" else None
        found.append(Series(outcome, panel(columns, each.period, lengths)))
    return Grid(area, tuple(found), choices or Choices(), tuple(days))


@lru_cache(maxsize=64)
def specifications(choices: Choices, period: str, model: str) -> tuple[tuple[Specification, Choices], ...]:
    """The specifications of one model without comparisons, each beside the choices in weeks that name it.

    Left out are those with fewer than three weeks (or months) for each coefficient, and those that become the
    same as an earlier one when weeks are turned into months.
    """
    turned = in_months if period == "month" else int
    found: dict[Specification, Choices] = {}
    fields = (choices.baseline, choices.horizon, choices.season, choices.slope, choices.donut, choices.lags)
    for baseline, horizon, season, slope, donut, lags in itertools.product(*fields):
        if donut >= min(baseline, horizon) or min(turned(baseline), turned(horizon)) < 1:
            continue
        one = Specification(
            turned(baseline),
            turned(horizon),
            model,
            turned(donut),
            turned(lags),
            season,
            slope=slope,
            period=period,
        )
        needed = parameters(season, 12, slope) * LEAST_PER_COEFFICIENT
        if len(kept_weeks(one)) >= needed and one not in found:
            found[one] = Choices((baseline,), (horizon,), (model,), (season,), (slope,), (donut,), (lags,))
    return tuple(found.items())


def tasks(whole: Grid) -> list[Task]:
    """Every task of a grid in order: by outcome, by break, by model. Months are not repeated for each week."""
    found: list[Task] = []
    for place, series in enumerate(whole.series):
        positions = sorted({series.data.position(day) for day in whole.days})
        for position, model in itertools.product(positions, whole.choices.model):
            found.append(Task(len(found), place, position, model))
    return found


def start_of(series: Series, position: int) -> pd.Timestamp:
    """First day of the week, or month, at a position among those of the panel; it may lie outside of them."""
    step = pd.DateOffset(months=1) if series.data.period == "month" else pd.DateOffset(weeks=1)
    return series.data.weeks[0] + position * step


def estimates(whole: Grid, task: Task, draw: Draw | None = None) -> Batch:
    """Every estimate of a task, in the grid's order; with ``draw``, on that resample of the weeks."""
    series = whole.series[task.series]
    named = specifications(whole.choices, series.data.period, task.model)
    comparisons = series.comparisons
    uses = list(dict.fromkeys(use for _, use, _ in comparisons))
    chosen = [_with(one, use) for one, _ in named for use in uses]
    one = np.repeat(np.arange(len(named)), len(comparisons))
    other = np.tile(np.arange(len(comparisons)), len(named))
    use = np.array([uses.index(use) for _, use, _ in comparisons])
    plan = Plan(
        series=np.zeros(len(one), dtype=np.int64),
        week=np.full(len(one), task.position, dtype=np.int64),
        specification=one * len(uses) + use[other],
        comparison=np.array([row for _, _, row in comparisons], dtype=np.int64)[other],
    )
    return estimate(series.data, chosen, plan, draw=draw)


@lru_cache(maxsize=4096)
def _with(one: Specification, use: str) -> Specification:
    return Specification(**{**vars(one), "comparison": use})


def _rows_before(whole: Grid, series: Series, model: str) -> int:
    """How many rows the models before this one have, so that a specification's number is its own."""
    earlier = whole.choices.model[: whole.choices.model.index(model)]
    each = (len(specifications(whole.choices, series.data.period, name)) for name in earlier)
    return sum(each) * len(series.comparisons)


def _labels(whole: Grid, series: Series, model: str) -> dict[str, Any]:
    """The choices behind each row of a task, as columns."""
    names = [name for name, _, _ in series.comparisons]
    named = [each for _, each in specifications(whole.choices, series.data.period, model)]
    columns: dict[str, Any] = {}
    for choice in ("baseline", "horizon", "donut", "lags"):
        values = np.array([getattr(each, choice)[0] for each in named], dtype=np.int16)
        columns[choice] = np.repeat(values, len(names))
    for choice in ("season", "model"):
        levels = list(getattr(whole.choices, choice))
        codes = np.array([levels.index(getattr(each, choice)[0]) for each in named], dtype=np.int8)
        columns[choice] = pd.Categorical.from_codes(np.repeat(codes, len(names)), categories=levels)
    columns["slope"] = np.repeat(np.array([each.slope[0] for each in named], dtype=bool), len(names))
    every = list(dict.fromkeys(name for one in whole.series for name, _, _ in one.comparisons))
    codes = np.tile(np.array([every.index(name) for name in names], dtype=np.int8), len(named))
    columns["comparison"] = pd.Categorical.from_codes(codes, categories=every)
    return columns


def framed(whole: Grid, task: Task, *batches: Batch) -> pd.DataFrame:
    """Estimates of a task as ``fit`` has them: those of each batch below those of the one before."""
    series, rows = whole.series[task.series], len(batches[0].status)
    start = start_of(series, task.position)
    labels = _labels(whole, series, task.model)
    before = _rows_before(whole, series, task.model)
    outcome = pd.Categorical.from_codes([task.series], categories=[each.outcome for each in whole.series])
    status = np.concatenate([batch.status for batch in batches])
    columns: dict[str, Any] = {
        "outcome": outcome.repeat(rows),
        "break": np.full(rows, start.to_datetime64(), dtype="datetime64[s]"),
        **{choice: labels[choice] for choice in CHOICES if choice != "outcome"},
        "specification": np.arange(before, before + rows, dtype=np.int32),
        "ends": _ends(series, task.position, labels["horizon"]),
    }
    if len(batches) > 1:
        places = np.tile(np.arange(rows), len(batches))
        columns = {name: values[places] for name, values in columns.items()}
    columns["status"] = pd.Categorical.from_codes(status, categories=[each.words for each in Status])
    for name in ("n_deaths_pre", "n_deaths_post"):
        columns[name] = np.concatenate([getattr(batch, name) for batch in batches]).astype(np.int32)
    found = np.concatenate([batch.rows + number * rows for number, batch in enumerate(batches)])
    missing = np.ones(len(status), dtype=bool)
    missing[found] = False
    for name in ("rate_ratio", "low", "high"):
        values = np.zeros(len(status))
        values[found] = np.concatenate([getattr(batch, name) for batch in batches])
        columns[name] = pd.arrays.FloatingArray(values, missing)
    return pd.DataFrame(columns)


def _ends(series: Series, position: int, horizons: np.ndarray) -> np.ndarray:
    """Last day of the window of each horizon, in weeks, from a position on."""
    turned = in_months if series.data.period == "month" else int
    known = {
        weeks: (start_of(series, position + turned(weeks)) - pd.DateOffset(days=1)).to_datetime64()
        for weeks in np.unique(horizons).tolist()
    }
    return np.array([known[weeks] for weeks in horizons.tolist()], dtype="datetime64[s]")


def fit(whole: Grid) -> pd.DataFrame:
    """The whole grid: a row for each specification, break and comparison, task by task.

    Columns: ``outcome``, ``break`` (first day of the first post week or month), the choices (``baseline`` to
    ``comparison``, in weeks), ``specification`` (its number within the outcome, the same at every break),
    ``ends`` (last day of the window), ``status`` in words, ``n_deaths_pre``, ``n_deaths_post``, and
    ``rate_ratio``, ``low``, ``high``, missing where the status says why.
    """
    frames = [framed(whole, task, estimates(whole, task)) for task in tasks(whole)]
    return pd.concat(frames, ignore_index=True)
