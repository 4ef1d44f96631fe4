"""Poisson and negative binomial regressions for many count series at once.

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

Rows and blocks of them are in ``aleppo.model.block``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from aleppo.model.block import Block, Floats, Integers
from aleppo.model.ladder import SumRule, node_weights, rule_for, sums_below
from aleppo.model.likelihoods import CountSums, nb2, nb2_pieces, nb2_small, poisson
from aleppo.model.newton import Ascent, Evaluation, ascend
from aleppo.model.status import Status

HANDOVER = np.log(1e-4)  # below this the dispersion may be zero, and the Poisson fit decides
ZERO_DISPERSION = np.log(1e-9)
GUESS = 0.1  # a dispersion to begin with


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


def _start(block: Block, dispersion: float) -> tuple[Floats, Floats]:
    """Where Newton's method begins (rows × parameters), and the means there (rows × weeks).

    One step of iteratively reweighted least squares from means half-way between each count and the row's
    average (McCullagh & Nelder, *Generalized Linear Models*, 2nd ed., 1989, ch. 2.5), with a guess at the
    dispersion; then a lift that makes the means add up to the counts, as every design holds the constant.
    """
    mean = block.counts + (block.counts.sum(axis=1) / block.kept.sum(axis=1))[:, None]
    mean *= 0.5
    working = block.counts / mean
    working += np.log(mean)
    working -= 1.0
    working -= block.offset
    weights = mean / (1.0 + dispersion * mean)
    weights *= block.kept
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
            return poisson(part, sums[rows])

        ascent = ascend(build, _start(block, 0.0)[0])
        mean = np.exp(block.predict(ascent.point))
        mean *= block.kept
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
        counts = CountSums(
            block,
            block.project(block.counts),
            node_weights(block.counts, rule),
            rule.nodes,
            block.counts.sum(axis=1),
            block.totals(),
        )
        start, mean = _start(block, GUESS)
        dispersion = np.clip(_moment_dispersion(block.counts, mean), 1e-2, 10.0)
        found = ascend(
            lambda rows: nb2(counts.take(rows)),
            np.concatenate([start, np.log(dispersion)[:, None]], axis=1),
            HANDOVER,
        )
        doubtful = np.flatnonzero(~(found.point[:, -1] >= HANDOVER) & (found.status == Status.OK))
        flat = _settle_small(counts, found, doubtful) if len(doubtful) else doubtful
        plain = fit_poisson(block.take(flat)) if len(flat) else None
        if plain is not None:
            found.point[flat, -1] = HANDOVER  # any finite place: these rows are replaced below
            found.status[flat] = plain.status
        fits = _nb2_finish(counts, found, rule)
        return fits if plain is None else _replace(fits, flat, plain)


def _settle_small(counts: CountSums, found: Ascent, doubtful: Integers) -> Integers:
    """Settle the rows whose dispersion may be zero; the rows where it is, which the Poisson fit answers.

    Where the likelihood falls in the dispersion at zero, the Poisson fit is the maximum; elsewhere Newton's
    method goes on from there. ``found`` is changed in place.
    """
    part = counts.take(doubtful)
    zero = ascend(
        lambda rows: poisson(*_both(part.take(rows))), np.ascontiguousarray(found.point[doubtful, :-1])
    )
    moment = _moment_dispersion(part.block.counts, np.exp(part.block.predict(zero.point)))
    found.status[doubtful] = zero.status
    found.evaluations[doubtful] += zero.evaluations
    over = (moment > 0) & (zero.status == Status.OK)
    flat, again = doubtful[~over], doubtful[over]
    if not len(again):
        return flat
    first = np.log(np.maximum(moment[over], 1e-8))
    rest = counts.take(again)
    second = ascend(
        lambda rows: nb2_small(rest.take(rows)),
        np.concatenate([zero.point[over], first[:, None]], axis=1),
        ZERO_DISPERSION,
    )
    found.point[again], found.status[again] = second.point, second.status
    found.evaluations[again] += second.evaluations
    return np.sort(np.concatenate([flat, again[second.point[:, -1] < ZERO_DISPERSION]]))


def _both(counts: CountSums) -> tuple[Block, Floats]:
    return counts.block, counts.projected


def _nb2_finish(counts: CountSums, found: Ascent, rule: SumRule) -> Fits:
    """Targets and influence at the maximum, the dispersion part of the sandwich."""
    block, sums = counts.block, counts.sums
    coefficients, theta = np.ascontiguousarray(found.point[:, :-1]), found.point[:, -1]
    linear = np.vecdot(counts.projected, coefficients)
    pieces = nb2_pieces(block, coefficients, theta, sums, rule.nodes, linear)
    mixed = block.project(pieces.cross)
    wanted = block.contrasts()
    solved = block.curvature(pieces.weight).solve(np.concatenate([wanted, mixed[:, :, None]], axis=2))
    bend = pieces.information - np.vecdot(mixed, solved[:, :, -1])
    shares = -np.matmul(mixed[:, None, :], solved[:, :, :-1])[:, 0, :] / bend[:, None]
    bread = solved[:, :, :-1] - solved[:, :, -1:] * shares[:, None, :]
    dispersion = np.exp(theta)
    # size (digamma(count + size) - digamma(size)) with size = 1 / dispersion, as a sum that does not cancel
    ladder = sums_below(block.counts, 1.0 / (1.0 + dispersion[:, None] * rule.nodes), rule)
    weekly = pieces.logarithm / dispersion[:, None] - ladder + pieces.residual
    return _finish(
        block,
        found.status,
        found.evaluations,
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
