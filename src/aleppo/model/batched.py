"""Interrupted time series for thousands of series, break dates and specifications at once.

A *plan* names one estimate per row: which series, at which break week, by which specification, against which
comparison series. Many rows need the same regression (they differ in lags, or share a comparison): each
regression is done once. Regressions are put in order so that neighbours share a design, cut into chunks that
stay in a processor's cache, and fitted chunk by chunk (``aleppo.model.regression``), on threads if asked.
The cuts depend on the plan alone, so the result does not depend on the number of threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from aleppo.evidence.errors import AleppoError
from aleppo.model.block import LEFT_OUT, Block, Floats, Integers
from aleppo.model.panel import Panel
from aleppo.model.regression import FITTERS, long_run_variance
from aleppo.model.specification import Specification, kept_weeks
from aleppo.model.status import Status
from aleppo.model.windows import (
    Designs,
    Draw,
    Plan,
    Regressions,
    Shapes,
    designs,
    regressions,
    window_deaths,
)

CHUNK = 128  # regressions side by side: their arrays stay near the processor, and numpy's own cost is spread
SLAB = 24_000  # rows of a plan whose regressions are held in memory together
QUANTILE = NormalDist().inv_cdf(0.975)  # 95 % intervals
LARGEST_LOG = 12 * np.log(10)  # a ratio beyond a factor of 10^12 says nothing about counts


@dataclass(frozen=True, eq=False)
class Batch:
    """The estimates of a plan.

    ``status`` (``Status`` codes), ``weeks_pre``, ``weeks_post``, ``n_deaths_pre``, ``n_deaths_post`` have one
    entry per row of the plan; the deaths are 0 where the window leaves the data. ``rows`` are the positions
    of the rows that were estimated, and the remaining arrays have one entry for each of those, so that no
    place is ever held by a number that is none.
    """

    status: Integers
    weeks_pre: Integers
    weeks_post: Integers
    n_deaths_pre: Integers
    n_deaths_post: Integers
    rows: Integers
    rate_ratio: Floats
    low: Floats
    high: Floats
    slope_ratio: Floats
    slope_low: Floats
    slope_high: Floats
    dispersion: Floats
    log_likelihood: Floats

    ESTIMATES = (
        "rate_ratio",
        "low",
        "high",
        "slope_ratio",
        "slope_low",
        "slope_high",
        "dispersion",
        "log_likelihood",
    )
    COUNTS = ("weeks_pre", "weeks_post", "n_deaths_pre", "n_deaths_post")

    def frame(self) -> pd.DataFrame:
        """One row per row of the plan: ``status`` in words, the counts, and the estimates.

        The estimates are nullable (``Float64``): empty where the status says why there is none.
        """
        words = [status.words for status in Status]
        columns: dict[str, object] = {"status": pd.Categorical.from_codes(self.status, categories=words)}
        columns |= {name: getattr(self, name) for name in self.COUNTS}
        missing = np.ones(len(self.status), dtype=bool)
        missing[self.rows] = False
        for name in self.ESTIMATES:
            values = np.zeros(len(self.status))
            values[self.rows] = getattr(self, name)
            columns[name] = pd.arrays.FloatingArray(values, missing)
        return pd.DataFrame(columns)


def estimate(
    data: Panel,
    specifications: Sequence[Specification],
    plan: Plan,
    *,
    jobs: int = 1,
    draw: Draw | None = None,
) -> Batch:
    """Every estimate of the plan, on ``jobs`` threads; with ``draw``, on that resample of each window's weeks.

    A week that is drawn brings its own time, season and exposure with it, and the same weeks are drawn for
    every series. ``low`` and ``high`` of a resample are no intervals: its weeks are not in order of time.
    Raises ``AleppoError`` when a row has a comparison series and its specification no use for it, or the
    other way round. What goes wrong with a single row is its ``status``.
    """
    _check_comparisons(specifications, plan)
    for specification in specifications:
        if specification.period != data.period:
            raise AleppoError(
                f"period: expected {data.period!r} as in the counts, found {specification.period!r}"
            )
    shapes = Shapes(specifications, draw)
    order = np.lexsort(
        (plan.series, shapes.model[plan.specification], shapes.of[plan.specification], plan.week)
    )
    parts = [np.sort(order[low : low + SLAB]) for low in range(0, len(order), SLAB)]
    with ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
        run: _Map = map if jobs <= 1 else pool.map
        found = [_slab(data, specifications, shapes, plan.take(rows), run) for rows in parts]
    return _join(len(plan), parts, found)


_Map = Callable[[Callable, Iterable], Iterable]


def _check_comparisons(specifications: Sequence[Specification], plan: Plan) -> None:
    wants = np.array([specification.comparison != "none" for specification in specifications])
    has = plan.comparison >= 0
    for row in np.flatnonzero(wants[plan.specification] != has)[:1].tolist():
        specification = specifications[int(plan.specification[row])]
        wanted, found = ("no", "one") if has[row] else ("a", "none")
        raise AleppoError(
            f"comparison {specification.comparison!r}: expected {wanted} comparison series, found {found}"
        )


@dataclass(frozen=True, eq=False)
class _Fitted:
    """The regressions of a slab once fitted, one entry each.

    ``influence`` is targets × regressions × weeks, the kept weeks next to each other; the first post week
    has the same place in all of them.
    """

    status: Integers
    coefficients: Floats
    influence: Floats
    dispersion: Floats
    log_likelihood: Floats
    before: Integers
    after: Integers


def _fit_all(data: Panel, shapes: Shapes, need: Regressions, run: _Map) -> _Fitted:
    """All regressions of a slab."""
    before, after, status = window_deaths(data, shapes, need)
    ready, known = _ready(data, shapes, need, status)
    baseline, horizon = int(shapes.baseline.max(initial=1)), int(shapes.horizon.max(initial=1))
    fitted = _Fitted(
        status=status,
        coefficients=np.zeros((len(status), 2)),
        influence=np.zeros((2, len(status), baseline + horizon)),
        dispersion=np.zeros(len(status)),
        log_likelihood=np.zeros(len(status)),
        before=before,
        after=after,
    )

    def fit_chunk(places: Integers) -> None:
        rows = ready[places]
        part = need.take(rows)
        block = _block(data, shapes, part, known.take(places))
        fits = FITTERS["nb2" if part.model[0] else "poisson"](block)
        fitted.status[rows] = fits.status
        fitted.coefficients[rows] = fits.coefficients
        fitted.dispersion[rows] = fits.dispersion
        fitted.log_likelihood[rows] = fits.log_likelihood
        ahead = int(shapes.baseline[part.shape].max())
        donuts = shapes.donut[part.shape]
        for donut in np.unique(donuts).tolist():
            those = np.flatnonzero(donuts == donut)
            pre, post = fits.influence[:, those, : ahead - donut], fits.influence[:, those, ahead + donut :]
            fitted.influence[:, rows[those], baseline - pre.shape[2] : baseline] = pre
            fitted.influence[:, rows[those], baseline : baseline + post.shape[2]] = post

    for _ in run(fit_chunk, _chunks(data, shapes, need.take(ready), known)):
        pass
    return fitted


def _ready(data: Panel, shapes: Shapes, need: Regressions, status: Integers) -> tuple[Integers, Designs]:
    """The regressions that can be fitted, with their designs; why the others cannot goes into ``status``."""
    usable = np.flatnonzero(status == Status.OK)
    known = designs(data, shapes, need.take(usable))
    weeks = (shapes.baseline + shapes.horizon - 2 * shapes.donut)[need.shape[usable]]
    short = (known.parameters == 0) | (weeks <= known.parameters + need.model[usable])
    status[usable[short]] = Status.TOO_FEW_WEEKS
    exposed = np.flatnonzero((status == Status.OK) & (need.exposure >= 0))
    status[exposed[~_exposure_positive(data, shapes, need.take(exposed))]] = Status.EXPOSURE_NOT_POSITIVE
    good = np.flatnonzero(status[usable] == Status.OK)
    return usable[good], known.take(good)


def _chunks(data: Panel, shapes: Shapes, need: Regressions, known: Designs) -> list[Integers]:
    """Positions of regressions, cut into chunks that one block can hold and that stay in the cache.

    A block has one model, windows of one family and one number of parameters. Within it, long windows and
    large counts stand together, because the longest and the largest set the size of the arrays.
    """
    alike = np.stack([need.model, known.parameters, shapes.family[need.shape]])
    large = np.maximum(np.log2(data.counts.max(axis=1, initial=1.0)).astype(np.int64), 8)[need.series]
    order = np.lexsort(
        (
            need.series,
            need.week,
            shapes.donut[need.shape],
            shapes.horizon[need.shape],
            shapes.baseline[need.shape],
            large,
            known.place,
            *alike[::-1],
        )
    )
    cuts = np.flatnonzero((alike[:, order[1:]] != alike[:, order[:-1]]).any(axis=0)) + 1
    return [
        part
        for group in np.split(order, cuts)
        for part in np.array_split(group, max(1, round(len(group) / CHUNK)))
        if len(part)
    ]


def _exposure_positive(data: Panel, shapes: Shapes, need: Regressions) -> NDArray[np.bool_]:
    """Whether the exposure is above zero in every kept week, by regression."""
    lines = zip(need.exposure.tolist(), need.week.tolist(), need.shape.tolist(), strict=True)
    return np.array(
        [
            (data.counts[row, week + kept_weeks(shapes.distinct[shape])] > 0).all()
            for row, week, shape in lines
        ],
        dtype=bool,
    )


def _block(data: Panel, shapes: Shapes, need: Regressions, known: Designs) -> Block:
    """Counts, offsets and designs of regressions that are in the order of ``_chunks``."""
    before, _ = shapes.reach(int(need.shape[0]))
    ahead, on = int(shapes.baseline[need.shape].max()), int(shapes.horizon[need.shape].max())
    kept = shapes.kept(need.shape, ahead, on)
    weeks = need.week[:, None] + shapes.standing(need.shape, ahead, on)
    columns = np.clip(weeks, 0, data.counts.shape[1] - 1)
    counts = data.counts[need.series[:, None], columns]
    counts *= kept
    offset = np.where(kept, np.log(data.lengths)[columns], LEFT_OUT)
    exposed = np.flatnonzero(need.exposure >= 0)
    if len(exposed):
        exposure = np.where(kept[exposed], data.counts[need.exposure[exposed, None], columns[exposed]], 1.0)
        offset[exposed] += np.log(exposure)
    edges = (np.flatnonzero(np.diff(known.place)) + 1).tolist()
    pieces = []
    for low, high in zip([0, *edges], [*edges, len(kept)], strict=True):
        found = known.designs[int(known.place[low])]
        assert found is not None
        pieces.append((low, high, found.part(before - ahead, before + on)))
    return Block(counts, offset, tuple(pieces))


def _slab(
    data: Panel, specifications: Sequence[Specification], shapes: Shapes, plan: Plan, run: _Map
) -> Batch:
    need, outcome, comparison = regressions(shapes, plan)
    fitted = _fit_all(data, shapes, need, run)
    status = fitted.status[outcome]
    paired = comparison >= 0
    failed = paired & (status == Status.OK) & (fitted.status[comparison] != Status.OK)
    status = np.where(failed, int(Status.COMPARISON_FAILED), status)

    rows = np.flatnonzero(status == Status.OK)
    logs = fitted.coefficients[outcome[rows]] - np.where(
        paired[rows, None], fitted.coefficients[comparison[rows]], 0.0
    )
    errors = _errors(fitted, outcome[rows], comparison[rows], shapes.lags[plan.specification[rows]], run)
    reach = np.abs(logs) + QUANTILE * errors
    bounded = (np.isfinite(reach) & (reach < LARGEST_LOG)).all(axis=1)
    status[rows[~bounded]] = Status.UNBOUNDED
    rows, logs, errors = rows[bounded], logs[bounded], errors[bounded]
    shape = shapes.of[plan.specification]
    low, high = np.exp(logs - QUANTILE * errors), np.exp(logs + QUANTILE * errors)
    ratios = np.exp(logs)
    return Batch(
        status=status,
        weeks_pre=shapes.baseline[shape] - shapes.donut[shape],
        weeks_post=shapes.horizon[shape] - shapes.donut[shape],
        n_deaths_pre=fitted.before[outcome],
        n_deaths_post=fitted.after[outcome],
        rows=rows,
        rate_ratio=ratios[:, 0],
        low=low[:, 0],
        high=high[:, 0],
        slope_ratio=ratios[:, 1],
        slope_low=low[:, 1],
        slope_high=high[:, 1],
        dispersion=fitted.dispersion[outcome[rows]],
        log_likelihood=fitted.log_likelihood[outcome[rows]],
    )


def _errors(fitted: _Fitted, outcome: Integers, comparison: Integers, lags: Integers, run: _Map) -> Floats:
    """HAC standard errors of level and slope, rows × 2; with a comparison, of the difference."""
    errors = np.zeros((len(outcome), 2))

    def chunk(rows: Integers) -> None:
        paired = comparison[rows] >= 0
        for target in range(2):
            influence = fitted.influence[target, outcome[rows]]
            if paired.any():
                influence[paired] -= fitted.influence[target, comparison[rows[paired]]]
            errors[rows, target] = np.sqrt(long_run_variance(influence, int(lags[rows[0]])))

    order = np.argsort(lags, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(lags[order])) + 1)
    parts = [group[low : low + 256] for group in groups for low in range(0, len(group), 256)]
    for _ in run(chunk, parts):
        pass
    return errors


def _join(total: int, parts: list[Integers], found: list[Batch]) -> Batch:
    """Batches of parts of a plan, put back in the plan's order."""
    whole: dict[str, np.ndarray] = {}
    for name in ("status", *Batch.COUNTS):
        values = np.zeros(total, dtype=np.int64)
        for rows, batch in zip(parts, found, strict=True):
            values[rows] = getattr(batch, name)
        whole[name] = values
    positions = [rows[batch.rows] for rows, batch in zip(parts, found, strict=True)]
    rows = np.concatenate(positions) if positions else np.zeros(0, dtype=np.int64)
    order = np.argsort(rows)
    for name in Batch.ESTIMATES:
        pieces = [getattr(batch, name) for batch in found]
        whole[name] = np.concatenate(pieces)[order] if pieces else np.zeros(0)
    return Batch(rows=rows[order], **whole)
