"""Poisson and negative binomial regressions for many count series at once.

One *row* is one regression: the counts of one series in one window, on one design. Rows stand below each
other in a ``Block``; rows that share a design are neighbours, so that predictions, gradients and normal
equations are matrix products over all of them. Windows of different lengths share a design too: it covers
the longest, and the weeks that a row leaves out carry no weight in it.

Methods
-------
* Poisson and NB2 (variance ``mu + dispersion * mu**2``) with log link, by Newton's method on the full
  likelihood with step halving; NB2 jointly in the coefficients and the logarithm of the dispersion
  (Cameron & Trivedi, *Regression Analysis of Count Data*, 2nd ed., 2013, ch. 3; Hilbe, *Negative Binomial
  Regression*, 2nd ed., 2011, ch. 8). For a given dispersion the likelihood is concave in the coefficients.
* Standard errors robust to heteroscedasticity and autocorrelation (HAC) with the Bartlett kernel (Newey &
  West, *Econometrica* 55, 1987), observed information as bread, no small-sample factor. For NB2 the
  dispersion is part of the sandwich. Both are what statsmodels does with ``cov_type="HAC"``.
* A Bartlett kernel is a box convolved with itself, so the long-run variance is a sum of squared moving sums:
  never negative, and linear in the number of weeks whatever the number of lags.
* An estimate does not exist when the likelihood rises for ever along some direction ("separation": Correia,
  Guimarães & Zylkin, 2019, arXiv:1903.01633). Such a row is seen by coefficients that keep moving while the
  likelihood has stopped rising, and reported, never returned as a number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

STEP_TOLERANCE = 3e-4  # a Newton step squares the error: what is left after the last is below 1e-8
MAX_EVALUATIONS = 100
MAX_DISPERSION_STEP = 1.5  # in the logarithm: a factor of 4.5 a step
HANDOVER = np.log(1e-4)  # below this the dispersion may be zero, and the Poisson fit decides
ZERO_DISPERSION = np.log(1e-9)
GUESS = 0.1  # a dispersion to begin with


class Status(IntEnum):
    """Whether a regression was estimated, and if not, why not."""

    OK = 0
    NO_DEATHS = 1
    BREAK_OUTSIDE = 2
    BASELINE_BEFORE_DATA = 3
    HORIZON_PAST_DATA = 4
    NO_DEATHS_IN_WINDOW = 5
    NO_DEATHS_BEFORE = 6
    NO_DEATHS_AFTER = 7
    TOO_FEW_WEEKS = 8
    EXPOSURE_NOT_POSITIVE = 9
    SEPARATED = 10
    NOT_CONVERGED = 11
    UNBOUNDED = 12
    COMPARISON_FAILED = 13

    @property
    def words(self) -> str:
        """The reason in words, for tables and messages."""
        return _WORDS[self]


_WORDS = {
    Status.OK: "estimated",
    Status.NO_DEATHS: "no deaths in the whole series",
    Status.BREAK_OUTSIDE: "the break is outside the series",
    Status.BASELINE_BEFORE_DATA: "the baseline begins before the data",
    Status.HORIZON_PAST_DATA: "the horizon runs past the data",
    Status.NO_DEATHS_IN_WINDOW: "no deaths in the window",
    Status.NO_DEATHS_BEFORE: "no deaths before the break",
    Status.NO_DEATHS_AFTER: "no deaths after the break",
    Status.TOO_FEW_WEEKS: "too few weeks for the parameters",
    Status.EXPOSURE_NOT_POSITIVE: "the exposure is not positive in every week",
    Status.SEPARATED: "separated: the counts do not bound the coefficients",
    Status.NOT_CONVERGED: "the fit did not converge",
    Status.UNBOUNDED: "the interval reaches beyond a factor of a million million",
    Status.COMPARISON_FAILED: "the comparison series could not be estimated",
}


@dataclass(frozen=True, eq=False)
class Design:
    """A design made ready for many fits.

    ``basis`` (weeks × parameters) spans the same space as the design, with columns that are orthonormal over
    all its weeks; no two of the last ``groups`` are above zero in the same week (month dummies). ``pairs``
    holds the products of its columns that normal equations need: weights times ``pairs`` are those equations.
    ``contrasts`` (targets × parameters) takes coefficients on the basis back to the wanted coefficients of
    the design. ``constant`` are the coefficients that give 1 in every week.
    """

    basis: Floats
    pairs: Floats
    contrasts: Floats
    constant: Floats
    groups: int

    @property
    def parameters(self) -> int:
        return self.basis.shape[1]

    def part(self, low: int, high: int) -> Design:
        """The same design over its weeks from ``low`` to ``high`` only, on the same basis."""
        return replace(self, basis=self.basis[low:high], pairs=self.pairs[low:high])


def prepare(columns: Floats, groups: Floats, targets: Sequence[int]) -> Design | None:
    """The design made ready: ``columns`` (weeks × columns) beside ``groups`` (weeks × groups, maybe none).

    ``groups`` are indicators of which each week has one; without them the constant is among ``columns``.
    ``targets`` are the columns whose coefficients are wanted. ``None`` when the weeks cannot tell the
    parameters apart: too few weeks, or columns that depend on each other.
    """
    weeks, parameters = len(columns), columns.shape[1] + groups.shape[1]
    lengths, sizes = np.sqrt(np.square(columns).sum(axis=0)), np.sqrt(groups.sum(axis=0))
    if weeks <= parameters or not lengths.all() or not sizes.all():
        return None
    shared = groups / sizes
    apart = columns / lengths
    apart = apart - shared @ (shared.T @ apart)
    orthonormal, triangle = np.linalg.qr(apart)
    if np.abs(np.diagonal(triangle)).min() < 1e-8:
        return None
    basis = np.concatenate([orthonormal, shared], axis=1)
    transform = basis.T @ np.concatenate([columns, groups], axis=1)
    first, second = _needed(columns.shape[1], groups.shape[1])
    return Design(
        basis=basis,
        pairs=np.ascontiguousarray(basis[:, first] * basis[:, second]),
        contrasts=np.linalg.solve(transform, np.eye(parameters))[list(targets)],
        constant=basis.sum(axis=0),
        groups=groups.shape[1],
    )


def identified(design: Design, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether the weeks of each row of ``kept`` (rows × weeks of the design) identify the parameters.

    By the pivots of the normal equations with unit weights: a column of which the others leave less than a
    millionth of its length does not stand on its own.
    """
    block = Block(np.zeros(kept.shape), np.zeros(kept.shape), ((0, len(kept), design),))
    normal = block.curvature(kept.astype(float))
    matrices = normal.dense
    found = np.ones(len(kept), dtype=bool)
    lengths = np.sqrt(np.diagonal(matrices, axis1=1, axis2=2))
    if normal.cross is not None and normal.single is not None:
        found &= (normal.single > 0).all(axis=1)
        share = normal.cross / np.where(normal.single > 0, normal.single, 1.0)[:, None, :]
        matrices = matrices - share @ normal.cross.transpose(0, 2, 1)
    found &= (lengths > 0).all(axis=1)
    scaled = matrices / np.where(lengths > 0, lengths, 1.0)[:, :, None]
    scaled = scaled / np.where(lengths > 0, lengths, 1.0)[:, None, :]
    for step in range(scaled.shape[1]):
        pivot = scaled[:, step, step].copy()
        found &= pivot > 1e-12
        pivot = np.where(pivot > 1e-12, pivot, 1.0)
        line = scaled[:, step, :].copy()
        scaled -= line[:, :, None] * line[:, None, :] / pivot[:, None, None]
    return found


@lru_cache(maxsize=64)
def _needed(dense: int, groups: int) -> tuple[Integers, Integers]:
    """Which products of basis columns the normal equations need: dense × dense (upper triangle), dense ×
    groups, and the square of each group (two groups have no week in common)."""
    rows, columns = np.triu_indices(dense)
    cross = np.indices((dense, groups)).reshape(2, -1)
    single = np.arange(dense, dense + groups)
    return (
        np.concatenate([rows, cross[0], single]),
        np.concatenate([columns, cross[1] + dense, single]),
    )


@lru_cache(maxsize=64)
def _unpack(size: int) -> Integers:
    """Where entry (i, j) of a symmetric matrix stands in its packed upper triangle."""
    place = np.zeros((size, size), dtype=np.int64)
    upper = np.triu_indices(size)
    place[upper] = np.arange(len(upper[0]))
    return np.maximum(place, place.T)


@dataclass(frozen=True, eq=False)
class Normal:
    """Normal equations of every row, with the columns of groups eliminated where there are any.

    ``dense`` is rows × d × d; ``cross`` rows × d × groups and ``single`` rows × groups, or ``None``.
    """

    dense: Floats
    cross: Floats | None = None
    single: Floats | None = None

    def solve(self, right: Floats) -> Floats:
        """Solutions for right-hand sides (rows × parameters × k); zeros for a row that has none."""
        if self.cross is None or self.single is None:
            return _solve(self.dense, right)
        d = self.dense.shape[1]
        top, bottom = right[:, :d], right[:, d:]
        turned = self.cross.transpose(0, 2, 1)
        share = self.cross / self.single[:, None, :]
        upper = _solve(self.dense - share @ turned, top - share @ bottom)
        lower = (bottom - turned @ upper) / self.single[:, :, None]
        return np.concatenate([upper, lower], axis=1)


def _solve(matrices: Floats, right: Floats) -> Floats:
    """Solutions of rows of symmetric systems; zeros for a system that cannot be solved."""
    diagonal = np.diagonal(matrices, axis1=1, axis2=2)
    bad = ~(np.isfinite(matrices.sum(axis=(1, 2))) & (diagonal.min(axis=1) > 1e-200))
    if bad.any():
        matrices, right = matrices.copy(), right.copy()
        matrices[bad], right[bad] = np.eye(matrices.shape[1]), 0.0
    try:
        return np.asarray(np.linalg.solve(matrices, right), dtype=np.float64)
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.pinv(matrices, hermitian=True) @ right, dtype=np.float64)


LEFT_OUT = -1e300  # an offset that makes a mean exactly 0, and a product with a count of 0 harmless


@dataclass(frozen=True, eq=False)
class Block:
    """Rows of counts with their designs, over the same number of weeks and with as many parameters.

    ``counts`` and ``offset`` are rows × weeks. The offset is the logarithm of the exposure (0 without one),
    or ``LEFT_OUT`` in a week that the row leaves out; its count is 0 there. ``pieces`` are ``(from row, to
    row, design)``, in order and without gaps.
    """

    counts: Floats
    offset: Floats
    pieces: tuple[tuple[int, int, Design], ...]

    @property
    def parameters(self) -> int:
        return self.pieces[0][2].parameters

    def take(self, rows: Integers) -> Block:
        """The same block with only ``rows`` (increasing positions)."""
        edges = np.searchsorted(rows, [high for _, high, _ in self.pieces]).tolist()
        pieces = [
            (low, high, piece[2])
            for low, high, piece in zip([0, *edges[:-1]], edges, self.pieces, strict=True)
            if high > low
        ]
        return Block(self.counts[rows], self.offset[rows], tuple(pieces))

    def predict(self, coefficients: Floats) -> Floats:
        """Linear predictor with the offset, rows × weeks."""
        eta = self.spread(coefficients)
        eta += self.offset
        return eta

    def spread(self, coefficients: Floats) -> Floats:
        """Linear predictor without the offset, rows × weeks."""
        out = np.empty_like(self.counts)
        for low, high, design in self.pieces:
            np.matmul(coefficients[low:high], design.basis.T, out=out[low:high])
        return out

    def project(self, values: Floats) -> Floats:
        """``values`` (rows × weeks) summed over weeks against each column of the basis: rows × parameters."""
        out = np.empty((len(values), self.parameters))
        for low, high, design in self.pieces:
            np.matmul(values[low:high], design.basis, out=out[low:high])
        return out

    def curvature(self, weights: Floats) -> Normal:
        """Normal equations ``basis' diag(weights) basis`` of every row."""
        design = self.pieces[0][2]
        packed = np.empty((len(weights), design.pairs.shape[1]))
        for low, high, piece in self.pieces:
            np.matmul(weights[low:high], piece.pairs, out=packed[low:high])
        groups, dense = design.groups, design.parameters - design.groups
        if not groups:
            return Normal(packed[:, _unpack(dense)])
        first, second = dense * (dense + 1) // 2, dense * groups
        return Normal(
            packed[:, _unpack(dense)],
            packed[:, first : first + second].reshape(-1, dense, groups),
            packed[:, first + second :],
        )

    def contrasts(self) -> Floats:
        """The wanted combinations of coefficients, rows × parameters × targets."""
        return self._repeat([design.contrasts.T for _, _, design in self.pieces])

    def constants(self) -> Floats:
        """Coefficients on the basis that give 1 in every week, rows × parameters."""
        return self._repeat([design.constant for _, _, design in self.pieces])

    def _repeat(self, values: Sequence[Floats]) -> Floats:
        """One value for each piece, repeated for each of its rows."""
        if len(values) == 1:
            return np.broadcast_to(values[0], (len(self.counts), *values[0].shape))
        return np.repeat(np.stack(values), [high - low for low, high, _ in self.pieces], axis=0)


@dataclass(frozen=True, eq=False)
class Fits:
    """What the regressions of a block give.

    ``status`` (rows) holds ``Status`` codes. The other arrays are meaningful where it is ``Status.OK`` and
    zero elsewhere. ``coefficients`` (rows × targets); ``influence`` (targets × rows × weeks) is each week's
    contribution to the error of a coefficient, so that the long-run variance of its sum is the coefficient's
    variance; ``dispersion`` and ``log_likelihood`` (rows), the latter with every constant; ``evaluations``
    counts the evaluations of the likelihood.
    """

    status: Integers
    coefficients: Floats
    influence: Floats
    dispersion: Floats
    log_likelihood: Floats
    evaluations: Integers


def long_run_variance(influence: Floats, lags: int) -> Floats:
    """Bartlett-weighted sum of autocovariances (Newey & West, 1987) of each row of ``influence``.

    ``influence`` is rows × weeks in order of time, and weeks of zeros at the end change nothing. The weight
    at lag l is ``1 - l / (lags + 1)``; the result is the mean over ``lags + 1`` of squared sums over all
    moving windows of ``lags + 1`` weeks that touch the series, which is the same number.
    """
    rows, weeks = influence.shape
    width = lags + 1
    running = np.zeros((rows, weeks + 2 * width - 1))
    np.cumsum(influence, axis=1, out=running[:, width : width + weeks])
    running[:, width + weeks :] = running[:, width + weeks - 1, None]
    moving = running[:, width:] - running[:, :-width]
    return np.vecdot(moving, moving) / width


# Sums over 0, 1, ..., count - 1 ------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class SumRule:
    """Sums of a smooth function over the integers below a count, from few values of the function.

    ``blocks`` are ``(from, to, nodes, running)``: the sum of the function over from..from+i is row i of
    ``running`` times the values at the block's nodes. Functions such as 1 / (1 + a x) with a >= 0 have their
    pole at or below zero; on a block that is as long as its distance to zero, Chebyshev interpolation in 20
    nodes is exact to about 1e-14.
    """

    nodes: Floats
    blocks: tuple[tuple[int, int, slice, Floats], ...]

    @property
    def top(self) -> int:
        """The largest count the rule covers."""
        return self.blocks[-1][1]


FIRST_BLOCK = 32
NODES = 20


@lru_cache(maxsize=64)
def sum_rule(size: int) -> SumRule:
    """The rule for counts up to ``32 * 2**size``: 32 integers one by one, then blocks that double."""
    nodes = [np.arange(FIRST_BLOCK, dtype=float)]
    blocks = [(0, FIRST_BLOCK, slice(0, FIRST_BLOCK), np.tri(FIRST_BLOCK))]
    angles = (2 * np.arange(NODES) + 1) * np.pi / (2 * NODES)
    barycentric = np.sin(angles) * (-1.0) ** np.arange(NODES)
    low = FIRST_BLOCK
    for number in range(size):
        points = np.arange(low, 2 * low, dtype=float)
        places = (points[0] + points[-1]) / 2 + (points[-1] - points[0]) / 2 * np.cos(angles)
        shares = barycentric / (
            points[:, None] - places
        )  # no node is an integer: their cosines are irrational
        shares /= shares.sum(axis=1, keepdims=True)
        first = FIRST_BLOCK + number * NODES
        nodes.append(places)
        blocks.append((low, 2 * low, slice(first, first + NODES), shares.cumsum(axis=0)))
        low *= 2
    return SumRule(np.concatenate(nodes), tuple(blocks))


def rule_for(largest: float) -> SumRule:
    """The smallest rule that covers counts up to ``largest``."""
    return sum_rule(max(0, int(np.ceil(np.log2(max(largest, 1.0) / FIRST_BLOCK)))))


def node_weights(counts: Floats, rule: SumRule) -> Floats:
    """Weights (rows × nodes): summed with f(nodes) they give ``sum_t sum_{j < counts_t} f(j)`` of each row."""
    rows, top = len(counts), int(counts.max(initial=0.0))
    places = counts.astype(np.int64)
    places += np.arange(0, rows * (top + 1), top + 1)[:, None]
    held = np.bincount(places.ravel(), minlength=rows * (top + 1)).astype(float).reshape(rows, top + 1)
    weights = np.zeros((rows, len(rule.nodes)))
    beyond = np.zeros(rows)  # weeks whose count runs through the whole block
    for low, high, place, running in reversed(rule.blocks):
        inside = held[:, low + 1 : high + 1]
        np.matmul(inside, running[: inside.shape[1]], out=weights[:, place])
        weights[:, place] += beyond[:, None] * running[-1]
        beyond += inside.sum(axis=1)
    return weights


def sums_below(counts: Floats, values: Floats, rule: SumRule) -> Floats:
    """``sum_{j < count} f(j)`` for every count (rows × weeks); ``values`` are f(nodes), rows × nodes."""
    table = np.empty((len(counts), int(counts.max(initial=0.0)) + 1))
    table[:, 0] = 0.0
    for low, high, place, running in rule.blocks:
        part = table[:, low + 1 : high + 1]
        np.matmul(values[:, place], running[: part.shape[1]].T, out=part)
        part += table[:, low, None]
    return np.take_along_axis(table, counts.astype(np.int64), axis=1)


# Likelihoods -------------------------------------------------------------------------------------------

# An evaluation gives, for every row: log-likelihood up to a constant, Newton step, expected gain of the step.
Evaluation = tuple[Floats, Floats, Floats]


def _poisson(block: Block, gradient_at_counts: Floats) -> Callable[[Floats], Evaluation]:
    """Evaluation of the Poisson likelihood at coefficients on the basis (rows × parameters)."""

    def evaluate(coefficients: Floats) -> Evaluation:
        mean = block.predict(coefficients)
        np.exp(mean, out=mean)
        value = np.vecdot(gradient_at_counts, coefficients) - mean.sum(axis=1)
        gradient = gradient_at_counts - block.project(mean)
        step = block.curvature(mean).solve(gradient[:, :, None])[:, :, 0]
        return value, step, np.vecdot(gradient, step)

    return evaluate


@dataclass(frozen=True, eq=False)
class _NB2:
    """The pieces of the NB2 likelihood at one point; weeks are summed unless said otherwise."""

    value: Floats
    residual: Floats  # score of the linear predictor, rows × weeks
    weight: Floats  # observed information of the linear predictor, rows × weeks
    cross: Floats  # minus the mixed derivative, rows × weeks
    logarithm: Floats  # log(1 + dispersion * mean), rows × weeks
    score: Floats  # derivative by the logarithm of the dispersion
    information: Floats  # minus the second derivative


def _nb2_pieces(
    block: Block, coefficients: Floats, theta: Floats, sums: Floats, nodes: Floats, linear: Floats
) -> _NB2:
    """The NB2 likelihood and its derivatives at ``theta``, the logarithm of the dispersion (rows).

    ``sums`` are the rows' ``node_weights``; ``linear`` is the sum of counts times linear predictor.
    """
    dispersion = np.exp(theta)[:, None]
    inverse = np.exp(-theta)
    mean = block.predict(coefficients)
    np.exp(mean, out=mean)
    spread = dispersion * mean
    logarithm = np.log1p(spread)
    shrink = spread + 1.0
    np.reciprocal(shrink, out=shrink)
    mean *= shrink
    residual = block.counts * shrink
    residual -= mean
    spread *= shrink
    cross = residual * spread
    # observed information: mean shrink² (1 + dispersion count)
    weight = dispersion * block.counts
    weight += 1.0
    weight *= shrink
    weight *= mean
    ladder = 1.0 / (1.0 + dispersion * nodes)
    tilt = inverse * logarithm.sum(axis=1)
    value = linear - np.vecdot(sums, np.log(ladder)) - np.vecdot(block.counts, logarithm) - tilt
    tilt -= np.vecdot(sums, ladder)
    return _NB2(
        value=value,
        residual=residual,
        weight=weight,
        cross=cross,
        logarithm=logarithm,
        score=tilt + residual.sum(axis=1),
        information=tilt - mean.sum(axis=1) + np.vecdot(sums, np.square(ladder)) + cross.sum(axis=1),
    )


def _nb2(
    block: Block, gradient_at_counts: Floats, sums: Floats, nodes: Floats
) -> Callable[[Floats], Evaluation]:
    """Evaluation of the NB2 likelihood at coefficients and log dispersion (rows × parameters + 1)."""

    def evaluate(point: Floats) -> Evaluation:
        coefficients = point[:, :-1]
        pieces = _nb2_pieces(
            block,
            coefficients,
            point[:, -1],
            sums,
            nodes,
            np.vecdot(gradient_at_counts, coefficients),
        )
        gradient = block.project(pieces.residual)
        mixed = block.project(pieces.cross)
        solved = block.curvature(pieces.weight).solve(np.stack([gradient, mixed], axis=2))
        slope = pieces.score - np.vecdot(mixed, solved[:, :, 0])
        bend = pieces.information - np.vecdot(mixed, solved[:, :, 1])
        # away from the optimum the likelihood can bend upwards in the dispersion: go uphill by a fixed step
        curved = bend > 1e-12
        last = np.where(curved, slope / np.where(curved, bend, 1.0), np.sign(slope) * MAX_DISPERSION_STEP)
        last = np.clip(last, -MAX_DISPERSION_STEP, MAX_DISPERSION_STEP)
        step = solved[:, :, 0] - solved[:, :, 1] * last[:, None]
        gain = np.vecdot(gradient, step) + pieces.score * last
        return pieces.value, np.concatenate([step, last[:, None]], axis=1), gain

    return evaluate


# Newton's method over rows ------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Ascent:
    point: Floats
    status: Integers
    evaluations: Integers


def _ascend(
    build: Callable[[Integers], Callable[[Floats], Evaluation]], start: Floats, floor: float = -np.inf
) -> _Ascent:
    """Newton's method with step halving on every row until each has settled.

    ``build(rows)`` gives the evaluation for a subset of rows. A row whose last parameter falls below
    ``floor`` stops there. Rows that have settled leave the work, in blocks, when half of them are done.
    """
    total = len(start)
    point, status = start.copy(), np.full(total, int(Status.NOT_CONVERGED), dtype=np.int64)
    evaluations = np.zeros(total, dtype=np.int64)
    rows = np.arange(total)
    evaluate = build(rows)
    trial, best = start.copy(), start.copy()
    best_value = np.full(total, -np.inf)
    last_size = np.full(total, np.inf)
    stalled = np.zeros(total, dtype=np.int64)
    open_rows = np.ones(total, dtype=bool)
    for _ in range(MAX_EVALUATIONS):
        value, step, gain = evaluate(trial)
        evaluations[rows[open_rows]] += 1
        size = np.abs(step).max(axis=1)
        finite = np.isfinite(value) & np.isfinite(size)
        better = finite & (value >= best_value - 1e-10 * (1.0 + np.abs(best_value)))
        best = np.where(better[:, None], trial, best)
        best_value = np.where(better, value, best_value)
        trial = np.where(better[:, None], trial + step, 0.5 * (best + trial))
        # the likelihood no longer rises, the coefficients still move by as much as before: separation
        idle = better & (gain < 1e-8) & (size > 1e-3) & (size > 0.5 * last_size)
        stalled = np.where(idle, stalled + 1, np.where(better, 0, stalled))
        last_size = np.where(better, size, last_size)
        settled = better & (size < STEP_TOLERANCE)
        sunk = better & (trial[:, -1] < floor)
        lost = stalled >= 3
        leave = open_rows & (settled | sunk | lost)
        if leave.any():
            going = rows[leave]
            point[going] = trial[leave]
            status[going] = np.where(lost[leave] & ~settled[leave], int(Status.SEPARATED), int(Status.OK))
            open_rows = open_rows & ~leave
            left = np.flatnonzero(open_rows)
            if not len(left):
                break
            if 2 * len(left) <= len(rows):
                rows, trial, best = rows[left], trial[left], best[left]
                best_value, last_size, stalled = best_value[left], last_size[left], stalled[left]
                open_rows = np.ones(len(rows), dtype=bool)
                evaluate = build(rows)
    return _Ascent(point, status, evaluations)


def _start(block: Block, dispersion: float) -> tuple[Floats, Floats]:
    """Where Newton's method begins (rows × parameters), and the means there (rows × weeks).

    One step of iteratively reweighted least squares from means half-way between each count and the row's
    average (McCullagh & Nelder, *Generalized Linear Models*, 2nd ed., 1989, ch. 2.5), with a guess at the
    dispersion; then a lift that makes the means add up to the counts, as every design holds the constant.
    """
    kept = block.offset > LEFT_OUT
    mean = block.counts + (block.counts.sum(axis=1) / kept.sum(axis=1))[:, None]
    mean *= 0.5
    working = block.counts / mean
    working += np.log(mean)
    working -= 1.0
    working -= block.offset
    weights = mean / (1.0 + dispersion * mean)
    weights *= kept
    working *= weights
    start = block.curvature(weights).solve(block.project(working)[:, :, None])[:, :, 0]
    mean = np.exp(block.predict(start))
    lift = block.counts.sum(axis=1) / mean.sum(axis=1)
    mean *= lift[:, None]
    return start + np.log(lift)[:, None] * block.constants(), mean


def _log_factorials(counts: Floats) -> Floats:
    """Sum over weeks of log(count!), by row."""
    table = np.concatenate([[0.0], np.log(np.arange(1, int(counts.max(initial=0.0)) + 1)).cumsum()])
    return table[counts.astype(np.int64)].sum(axis=1)


def _offset_sum(block: Block) -> Floats:
    return np.vecdot(block.counts, block.offset)


def _finish(
    block: Block,
    status: Integers,
    evaluations: Integers,
    coefficients: Floats,
    bread: Floats,
    scores: Floats,
    dispersion: Floats,
    log_likelihood: Floats,
    extra: tuple[Floats, Floats] | None = None,
) -> Fits:
    """Coefficients and influence of the targets; ``bread`` is rows × parameters × targets.

    ``scores`` (rows × weeks) are the scores of the linear predictor; ``extra`` the weekly scores of one more
    parameter (rows × weeks) and its share in each target (rows × targets).
    """
    wanted = block.contrasts()
    found = np.matmul(coefficients[:, None, :], wanted)[:, 0, :]
    influence = np.stack(
        [block.spread(np.ascontiguousarray(bread[:, :, k])) * scores for k in range(wanted.shape[2])]
    )
    if extra is not None:
        weekly, shares = extra
        for k in range(wanted.shape[2]):
            influence[k] += weekly * shares[:, k, None]
    failed = status != Status.OK
    broken = ~failed & ~(
        np.isfinite(found).all(axis=1)
        & np.isfinite(influence.sum(axis=2)).all(axis=0)
        & np.isfinite(log_likelihood)
        & np.isfinite(dispersion)
    )
    status = np.where(broken, int(Status.NOT_CONVERGED), status)
    failed |= broken
    if failed.any():
        found[failed], influence[:, failed] = 0.0, 0.0
        dispersion = np.where(failed, 0.0, dispersion)
        log_likelihood = np.where(failed, 0.0, log_likelihood)
    return Fits(status, found, influence, dispersion, log_likelihood, evaluations)


def fit_poisson(block: Block) -> Fits:
    """Poisson regressions of every row of the block."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        sums = block.project(block.counts)
        whole = np.arange(len(block.counts))

        def build(rows: Integers) -> Callable[[Floats], Evaluation]:
            part = block if len(rows) == len(whole) else block.take(rows)
            return _poisson(part, sums[rows])

        ascent = _ascend(build, _start(block, 0.0)[0])
        mean = np.exp(block.predict(ascent.point))
        bread = block.curvature(mean).solve(block.contrasts())
        value = np.vecdot(sums, ascent.point) + _offset_sum(block) - mean.sum(axis=1)
        return _finish(
            block,
            ascent.status,
            ascent.evaluations,
            ascent.point,
            bread,
            block.counts - mean,
            np.zeros(len(mean)),
            value - _log_factorials(block.counts),
        )


def _moment_dispersion(counts: Floats, mean: Floats) -> Floats:
    """Dispersion by moments, by row: the variance beyond the mean over the squared mean."""
    return (np.square(counts - mean) - counts).sum(axis=1) / np.square(mean).sum(axis=1)


def fit_nb2(block: Block) -> Fits:
    """NB2 regressions of every row, the dispersion by maximum likelihood.

    A row whose counts vary no more than Poisson counts has its maximum at dispersion 0: it is the Poisson
    fit, with dispersion 0.
    """
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        rule = rule_for(float(block.counts.max(initial=0.0)))
        sums = node_weights(block.counts, rule)
        gradient = block.project(block.counts)
        total = len(block.counts)

        def build(rows: Integers) -> Callable[[Floats], Evaluation]:
            if len(rows) == total:
                return _nb2(block, gradient, sums, rule.nodes)
            return _nb2(block.take(rows), gradient[rows], sums[rows], rule.nodes)

        start, mean = _start(block, GUESS)
        dispersion = np.clip(_moment_dispersion(block.counts, mean), 1e-2, 10.0)
        ascent = _ascend(build, np.concatenate([start, np.log(dispersion)[:, None]], axis=1), HANDOVER)
        point, status, evaluations = ascent.point, ascent.status, ascent.evaluations
        doubtful = np.flatnonzero(~(point[:, -1] >= HANDOVER) & (status == Status.OK))
        plain: Fits | None = None
        flat = np.empty(0, dtype=np.int64)
        if len(doubtful):
            # is the likelihood falling in the dispersion at 0? Then the Poisson fit is the maximum
            part = block.take(doubtful)
            poisson_sums = gradient[doubtful]

            def build_plain(rows: Integers) -> Callable[[Floats], Evaluation]:
                piece = part if len(rows) == len(doubtful) else part.take(rows)
                return _poisson(piece, poisson_sums[rows])

            zero = _ascend(build_plain, point[doubtful, :-1])
            moment = _moment_dispersion(part.counts, np.exp(part.predict(zero.point)))
            status[doubtful] = zero.status
            evaluations[doubtful] += zero.evaluations
            over = (moment > 0) & (zero.status == Status.OK)
            flat = doubtful[~over]
            again = doubtful[over]
            if len(again):
                first = np.log(np.maximum(moment[over], 1e-8))
                second = _ascend(
                    lambda rows: build(again[rows]),
                    np.concatenate([zero.point[over], first[:, None]], axis=1),
                    ZERO_DISPERSION,
                )
                point[again], status[again] = second.point, second.status
                evaluations[again] += second.evaluations
                flat = np.sort(np.concatenate([flat, again[second.point[:, -1] < ZERO_DISPERSION]]))
            if len(flat):
                plain = fit_poisson(block.take(flat))
                point[flat, -1] = HANDOVER  # any finite place: these rows are replaced below
                status[flat] = plain.status
        fits = _nb2_finish(block, point, status, evaluations, gradient, sums, rule)
        return fits if plain is None else _replace(fits, flat, plain)


def _nb2_finish(
    block: Block,
    point: Floats,
    status: Integers,
    evaluations: Integers,
    gradient: Floats,
    sums: Floats,
    rule: SumRule,
) -> Fits:
    """Targets and influence at the maximum, the dispersion part of the sandwich."""
    coefficients, theta = np.ascontiguousarray(point[:, :-1]), point[:, -1]
    linear = np.vecdot(gradient, coefficients)
    pieces = _nb2_pieces(block, coefficients, theta, sums, rule.nodes, linear)
    mixed = block.project(pieces.cross)
    wanted = block.contrasts()
    solved = block.curvature(pieces.weight).solve(np.concatenate([wanted, mixed[:, :, None]], axis=2))
    bend = pieces.information - np.vecdot(mixed, solved[:, :, -1])
    shares = -np.matmul(mixed[:, None, :], solved[:, :, :-1])[:, 0, :] / bend[:, None]
    bread = solved[:, :, :-1] - solved[:, :, -1:] * shares[:, None, :]
    dispersion = np.exp(theta)
    # r (digamma(count + r) - digamma(r)) with r = 1 / dispersion, as a sum that does not cancel
    ladder = sums_below(block.counts, 1.0 / (1.0 + dispersion[:, None] * rule.nodes), rule)
    weekly = pieces.logarithm / dispersion[:, None] - ladder + pieces.residual
    return _finish(
        block,
        status,
        evaluations,
        coefficients,
        bread,
        pieces.residual,
        dispersion,
        pieces.value + _offset_sum(block) - np.vecdot(sums, np.log1p(rule.nodes)),
        (weekly, shares),
    )


def _replace(fits: Fits, rows: Integers, other: Fits) -> Fits:
    """``fits`` with ``rows`` taken from ``other``, evaluations added up."""
    fits.status[rows] = other.status
    fits.coefficients[rows] = other.coefficients
    fits.influence[:, rows] = other.influence
    fits.dispersion[rows] = other.dispersion
    fits.log_likelihood[rows] = other.log_likelihood
    fits.evaluations[rows] += other.evaluations
    return fits


FITTERS: dict[str, Callable[[Block], Fits]] = {"poisson": fit_poisson, "nb2": fit_nb2}
