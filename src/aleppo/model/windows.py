"""The distinct windows and regressions behind a plan, what each window holds, and the designs they share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aleppo.model.block import Design, Integers, identified
from aleppo.model.panel import Panel
from aleppo.model.specification import YEAR, Specification, kept_weeks, parameters, wide_design
from aleppo.model.status import Status


@dataclass(frozen=True, eq=False)
class Plan:
    """One estimate per row; all arrays have the same length.

    ``series`` and ``comparison`` are rows of the panel (comparison -1: none), ``week`` is the position of
    the first post week among the panel's weeks (it may lie outside them), ``specification`` a position in
    the list of specifications.
    """

    series: Integers
    week: Integers
    specification: Integers
    comparison: Integers

    def __len__(self) -> int:
        return len(self.series)

    def take(self, rows: Integers) -> Plan:
        """Only ``rows`` of the plan."""
        return Plan(self.series[rows], self.week[rows], self.specification[rows], self.comparison[rows])


Draw = Callable[[Specification], Integers]
"""Gives for the window of a specification, place by place, the week that stands there: a resample of its weeks.

Weeks are counted from the break, and places are the weeks from the first of the baseline to the last of the
horizon. A kept place must be filled from the kept weeks of its own side of the break.
"""


class Shapes:
    """Specifications as arrays: the distinct window shapes, and each specification's numbers.

    ``weeks`` (shapes × places) are the weeks that stand at the places of each window, counted from the break;
    ``first`` is the place of week 0 in it. Without a ``draw`` each week stands at its own place.
    """

    def __init__(self, specifications: Sequence[Specification], draw: Draw | None = None) -> None:
        self.distinct: list[Specification] = []
        places: dict[tuple[int, int, int, str, bool], int] = {}
        of = []
        for specification in specifications:
            if specification.shape not in places:
                places[specification.shape] = len(self.distinct)
                self.distinct.append(specification)
            of.append(places[specification.shape])
        whole = np.int64
        self.of = np.array(of, dtype=whole)
        self.model = np.array([0 if s.model == "poisson" else 1 for s in specifications], dtype=whole)
        self.lags = np.array([s.lags for s in specifications], dtype=whole)
        self.exposure = np.array([s.comparison == "exposure" for s in specifications], dtype=bool)
        self.ratio = np.array([s.comparison == "ratio" for s in specifications], dtype=bool)
        self.baseline = np.array([s.baseline for s in self.distinct], dtype=whole)
        self.horizon = np.array([s.horizon for s in self.distinct], dtype=whole)
        self.donut = np.array([s.donut for s in self.distinct], dtype=whole)
        self.monthly = np.array([s.season == "month" for s in self.distinct], dtype=bool)
        # windows of a family differ in length by less than a factor of four on each side, so that a design
        # for the longest is well conditioned for the shortest
        longest = (
            max((s.baseline for s in self.distinct), default=1),
            max((s.horizon for s in self.distinct), default=1),
        )
        families = [
            (s.season, s.slope, _fours(s.baseline, longest[0]), _fours(s.horizon, longest[1]))
            for s in self.distinct
        ]
        known = sorted(set(families))
        self.family = np.array([known.index(family) for family in families], dtype=whole)
        self.first = longest[0]
        self.resampled = draw is not None
        self.weeks = np.tile(np.arange(-longest[0], longest[1]), (len(self.distinct), 1))
        if draw is not None:
            drawn: dict[tuple[int, int, int], Integers] = {}
            for line, one in zip(self.weeks, self.distinct, strict=True):
                window = one.shape[:3]
                if window not in drawn:
                    drawn[window] = draw(one)
                line[self.first - one.baseline : self.first + one.horizon] = drawn[window]

    def reach(self, shape: int) -> tuple[int, int]:
        """The longest baseline and horizon in the family of a shape."""
        those = self.family == self.family[shape]
        return int(self.baseline[those].max()), int(self.horizon[those].max())

    def kept(self, shape: Integers, before: int, after: int) -> NDArray[np.bool_]:
        """Which of the weeks from ``-before`` to ``after`` each shape keeps: shapes × weeks."""
        time = np.arange(-before, after)
        baseline, horizon, donut = self.baseline[:, None], self.horizon[:, None], self.donut[:, None]
        table = (time >= -baseline) & (time < horizon) & ~((time >= -donut) & (time < donut))
        return table[shape]

    def standing(self, shape: Integers, before: int, after: int) -> Integers:
        """The weeks that stand at the places from ``-before`` to ``after`` of each shape: shapes × places."""
        return self.weeks[shape, self.first - before : self.first + after]


def _fours(weeks: int, longest: int) -> int:
    """A class of lengths: 0 for those above a quarter of the longest, 1 above a sixteenth of it, and so on."""
    return int(np.floor(np.log(longest / weeks) / np.log(4) + 1e-9))


@dataclass(frozen=True, eq=False)
class Regressions:
    """The distinct regressions behind a plan, one entry each."""

    series: Integers
    week: Integers
    shape: Integers
    model: Integers
    exposure: Integers  # row of the panel, -1 for none

    def take(self, rows: Integers) -> Regressions:
        return Regressions(
            self.series[rows], self.week[rows], self.shape[rows], self.model[rows], self.exposure[rows]
        )


def regressions(shapes: Shapes, plan: Plan) -> tuple[Regressions, Integers, Integers]:
    """The distinct regressions, and which of them each row takes for its outcome and its comparison (-1)."""
    ratio = np.flatnonzero(shapes.ratio[plan.specification])
    exposure = np.where(shapes.exposure[plan.specification], plan.comparison, -1)
    shape, model = shapes.of[plan.specification], shapes.model[plan.specification]
    table = np.stack([plan.week, shape, model, plan.series, exposure])
    second = np.stack([plan.week, shape, model, plan.comparison, np.full(len(plan), -1)])[:, ratio]
    both = np.concatenate([table, second], axis=1)
    # one number for each column: faster to sort than columns
    code = np.zeros(both.shape[1], dtype=np.int64)
    for line in both:
        low = line.min(initial=0)
        code = code * (line.max(initial=0) - low + 1) + (line - low)
    _, first, place = np.unique(code, return_index=True, return_inverse=True)
    week, shape, model, series, offset = both[:, first]
    comparison = np.full(len(plan), -1, dtype=np.int64)
    comparison[ratio] = place[len(plan) :]
    return Regressions(series, week, shape, model, offset), place[: len(plan)], comparison


def window_deaths(data: Panel, shapes: Shapes, need: Regressions) -> tuple[Integers, Integers, Integers]:
    """Deaths kept before and from the break (0 outside the data), and why a window cannot be used.

    Of a resample they are the deaths of the weeks drawn.
    """
    running = np.zeros((len(data.counts), data.counts.shape[1] + 1))
    np.cumsum(data.counts, axis=1, out=running[:, 1:])
    last = data.counts.shape[1]
    baseline, horizon = shapes.baseline[need.shape], shapes.horizon[need.shape]
    donut = shapes.donut[need.shape]
    begin, end = need.week - baseline, need.week + horizon
    inside = (begin >= 0) & (end <= last)

    def between(low: Integers, high: Integers) -> Integers:
        found = running[need.series, np.clip(high, 0, last)] - running[need.series, np.clip(low, 0, last)]
        return np.where(inside, found, 0).astype(np.int64)

    before, after = between(begin, need.week - donut), between(need.week + donut, end)
    if shapes.resampled:
        before, after = (np.where(inside, each, 0) for each in _drawn_deaths(data, shapes, need))
    checks = (
        (running[need.series, -1] == 0, Status.NO_DEATHS),
        ((need.week < 0) | (need.week >= last), Status.BREAK_OUTSIDE),
        (begin < 0, Status.BASELINE_BEFORE_DATA),
        (end > last, Status.HORIZON_PAST_DATA),
        (before + after == 0, Status.NO_DEATHS_IN_WINDOW),
        (before == 0, Status.NO_DEATHS_BEFORE),
        (after == 0, Status.NO_DEATHS_AFTER),
    )
    status = np.select([check for check, _ in checks], [int(code) for _, code in checks], int(Status.OK))
    return before, after, status.astype(np.int64)


def _drawn_deaths(data: Panel, shapes: Shapes, need: Regressions) -> tuple[Integers, Integers]:
    """Deaths in the weeks that stand at the kept places before and from the break."""
    reach = shapes.first, shapes.weeks.shape[1] - shapes.first
    weeks = need.week[:, None] + shapes.standing(need.shape, *reach)
    counts = data.counts[need.series[:, None], np.clip(weeks, 0, data.counts.shape[1] - 1)]
    counts *= shapes.kept(need.shape, *reach)
    sides = counts[:, : shapes.first], counts[:, shapes.first :]
    before, after = (side.sum(axis=1).astype(np.int64) for side in sides)
    return before, after


@dataclass(frozen=True, eq=False)
class Designs:
    """The designs of regressions, one entry each: ``place`` in ``designs`` and the number of parameters, 0
    when the window's weeks do not identify them."""

    place: Integers
    parameters: Integers
    designs: list[Design | None]

    def take(self, rows: Integers) -> Designs:
        return Designs(self.place[rows], self.parameters[rows], self.designs)


def designs(data: Panel, shapes: Shapes, need: Regressions) -> Designs:
    """The designs of regressions whose windows lie in the data: one for all windows of a similar length
    with the same season, and with months for each break week. A resample has one for each window."""
    calendar = data.weeks.month.to_numpy().astype(np.int8)
    week = np.where(shapes.monthly[need.shape], need.week, -1)
    code = need.shape * (len(calendar) + 1) + week + 1
    _, first, inverse = np.unique(code, return_index=True, return_inverse=True)
    windows = _of_one_design(shapes, calendar, need.shape[first].tolist(), week[first].tolist())
    designs: list[Design | None] = []
    place, counts = np.zeros(len(first), dtype=np.int64), np.zeros(len(first), dtype=np.int64)
    for (_, start, seen), members in windows.items():
        those = need.shape[first[members]]
        example = int(those[0])
        season, slope = shapes.distinct[example].season, shapes.distinct[example].slope
        reach = shapes.reach(example)
        months = b"" if start < 0 else _around(calendar, start, *reach).tobytes()
        found = wide_design(*reach, season, slope, YEAR[data.period], months, seen)
        kept = shapes.kept(those, *reach)
        if shapes.resampled and found is not None:
            weeks = shapes.standing(those, *reach) + reach[0]
            for member, line, places in zip(members, weeks, kept, strict=True):
                drawn = found.drawn(line, places)
                place[member] = len(designs)
                designs.append(drawn)
                enough = places.sum() > drawn.parameters and identified(drawn, places[None])[0]
                counts[member] = drawn.parameters if enough else 0
            continue
        place[members] = len(designs)
        designs.append(found)
        size = parameters(season, len(seen), slope)
        enough = kept.sum(axis=1) > size
        if found is not None:
            counts[members] = np.where(enough & identified(found, kept), size, 0)
    return Designs(place[inverse], counts[inverse], designs)


def _of_one_design(
    shapes: Shapes, calendar: NDArray[np.int8], shape: Sequence[int], week: Sequence[int]
) -> dict[tuple[int, int, bytes], list[int]]:
    """Places of windows by what they share with others: family, break week (-1 for any), months that they see."""
    windows: dict[tuple[int, int, bytes], list[int]] = {}
    for number, (of, start) in enumerate(zip(shape, week, strict=True)):
        seen = b""
        if start >= 0:
            seen = bytes(sorted(set(calendar[start + kept_weeks(shapes.distinct[of])].tolist())))
        windows.setdefault((int(shapes.family[of]), start, seen), []).append(number)
    return windows


def _around(values: NDArray[np.int8], week: int, before: int, after: int) -> NDArray[np.int8]:
    """``values`` by week from ``before`` weeks ahead of ``week``; the last one known where there is none."""
    return values[np.clip(np.arange(week - before, week + after), 0, len(values) - 1)]
