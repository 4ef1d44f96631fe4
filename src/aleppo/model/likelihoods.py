"""The likelihoods of Poisson and NB2 regressions, evaluated for every row of a block at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from aleppo.model.block import Block, Floats, Integers
from aleppo.model.newton import Evaluation

MAX_DISPERSION_STEP = 1.5  # in the logarithm: a factor of 4.5 a step


def poisson(block: Block, gradient_at_counts: Floats) -> Callable[[Floats], Evaluation]:
    """Evaluation of the Poisson likelihood at coefficients on the basis (rows × parameters)."""
    mean = np.empty_like(block.counts)  # the same memory for every evaluation

    def evaluate(coefficients: Floats) -> Evaluation:
        np.exp(block.predict(coefficients, mean), out=mean)
        value = np.vecdot(gradient_at_counts, coefficients) - mean.sum(axis=1)
        gradient = gradient_at_counts - block.project(mean)
        step = block.curvature(mean).solve(gradient[:, :, None])[:, :, 0]
        return value, step, np.vecdot(gradient, step)

    return evaluate


@dataclass(frozen=True, eq=False)
class NB2Pieces:
    """The pieces of the NB2 likelihood at one point; weeks are summed unless said otherwise."""

    value: Floats
    residual: Floats  # score of the linear predictor, rows × weeks
    weight: Floats  # observed information of the linear predictor, rows × weeks
    cross: Floats  # minus the mixed derivative, rows × weeks
    logarithm: Floats  # log(1 + dispersion * mean), rows × weeks
    score: Floats  # derivative by the logarithm of the dispersion
    information: Floats  # minus the second derivative


def nb2_pieces(
    block: Block, coefficients: Floats, theta: Floats, sums: Floats, nodes: Floats, linear: Floats
) -> NB2Pieces:
    """The NB2 likelihood and its derivatives at ``theta``, the logarithm of the dispersion (rows).

    ``sums`` are the rows' ``node_weights``; ``linear`` is the sum of counts times linear predictor.
    """
    dispersion = np.exp(theta)[:, None]
    inverse = np.exp(-theta)
    mean = block.predict(coefficients)
    np.exp(mean, out=mean)
    mean *= block.kept
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
    return NB2Pieces(
        value=value,
        residual=residual,
        weight=weight,
        cross=cross,
        logarithm=logarithm,
        score=tilt + residual.sum(axis=1),
        information=tilt - mean.sum(axis=1) + np.vecdot(sums, np.square(ladder)) + cross.sum(axis=1),
    )


@dataclass(frozen=True, eq=False)
class CountSums:
    """What the NB2 likelihood needs of the counts of a block, all of it free of the parameters.

    ``projected`` are the counts on the basis, ``sums`` their ``node_weights`` and ``nodes`` the places of
    those; ``total`` adds the counts up; ``ones`` is 1 in every week of the block, on the basis.
    """

    block: Block
    projected: Floats
    sums: Floats
    nodes: Floats
    total: Floats
    ones: Floats

    def take(self, rows: Integers) -> CountSums:
        if len(rows) == len(self.total):
            return self
        return CountSums(
            self.block.take(rows),
            self.projected[rows],
            self.sums[rows],
            self.nodes,
            self.total[rows],
            self.ones[rows],
        )


def nb2(counts: CountSums) -> Callable[[Floats], Evaluation]:
    """Evaluation of the NB2 likelihood at coefficients and log dispersion (rows × parameters + 1).

    Written so that few passes over rows × weeks are left: with ``size`` for one over the dispersion, ``fit``
    for (count + size) / (mean + size) and ``held`` for mean / (mean + size), the score of the linear
    predictor is size (fit - 1), its information size held fit, and minus the mixed derivative
    size held (fit - 1). Good to about 1e-9 where the dispersion is above ``HANDOVER``.
    """
    block, constants = counts.block, counts.block.constants()
    # the same memory for every evaluation: getting it anew costs as much as the arithmetic
    ratio, fit, share, logarithm = (np.empty_like(block.counts) for _ in range(4))
    ladder, logs_of_ladder = np.empty_like(counts.sums), np.empty_like(counts.sums)

    def evaluate(point: Floats) -> Evaluation:
        coefficients, theta = point[:, :-1], point[:, -1]
        dispersion, size = np.exp(theta), np.exp(-theta)
        # the constant lifts the predictor by theta: its exponential is the dispersion times the mean
        lifted = coefficients + theta[:, None] * constants
        held = np.exp(block.predict(lifted, share), out=ratio)
        np.add(held, 1.0, out=share)
        np.log(share, out=logarithm)
        np.reciprocal(share, out=share)
        np.multiply(block.counts, dispersion[:, None], out=fit)
        np.add(fit, 1.0, out=fit)
        np.multiply(fit, share, out=fit)
        np.multiply(held, share, out=held)
        fits, helds = block.project(fit), block.project(held)
        np.multiply(fit, held, out=fit)
        both = block.project(fit)
        sides = np.stack([fits - counts.ones, both - helds], axis=2)
        solved = block.curvature(fit).solve(sides)
        np.multiply(counts.nodes, dispersion[:, None], out=ladder)
        np.add(ladder, 1.0, out=ladder)
        np.log(ladder, out=logs_of_ladder)
        np.reciprocal(ladder, out=ladder)
        tilt = size * logarithm.sum(axis=1)
        spread = np.vecdot(block.counts, logarithm) + tilt
        value = np.vecdot(counts.projected, coefficients) + np.vecdot(counts.sums, logs_of_ladder) - spread
        tilt -= np.vecdot(counts.sums, ladder)
        np.square(ladder, out=ladder)
        score = tilt + size * np.vecdot(fits - counts.ones, constants)
        information = tilt + np.vecdot(counts.sums, ladder) + size * np.vecdot(both - 2.0 * helds, constants)
        step, gain = _joint_step(solved, sides, size, score, information)
        return value, step, gain

    return evaluate


def nb2_small(counts: CountSums) -> Callable[[Floats], Evaluation]:
    """The same evaluation, exact for any dispersion, however small."""
    block = counts.block

    def evaluate(point: Floats) -> Evaluation:
        coefficients = point[:, :-1]
        linear = np.vecdot(counts.projected, coefficients)
        pieces = nb2_pieces(block, coefficients, point[:, -1], counts.sums, counts.nodes, linear)
        sides = np.stack([block.project(pieces.residual), block.project(pieces.cross)], axis=2)
        solved = block.curvature(pieces.weight).solve(sides)
        step, gain = _joint_step(solved, sides, np.ones(len(point)), pieces.score, pieces.information)
        return pieces.value, step, gain

    return evaluate


def _joint_step(
    solved: Floats, sides: Floats, scale: Floats, score: Floats, information: Floats
) -> tuple[Floats, Floats]:
    """Newton step in coefficients and log dispersion, and its expected gain.

    ``sides`` (rows × parameters × 2) are the gradient and minus the mixed derivative over ``scale`` (rows), as are
    the normal equations of which ``solved`` are the solutions; ``score`` and ``information`` are the dispersion's.
    """
    products = scale[:, None, None] * np.matmul(sides.transpose(0, 2, 1), solved)
    slope, bend = score - products[:, 1, 0], information - products[:, 1, 1]
    # away from the optimum the likelihood can bend upwards in the dispersion: go uphill by a fixed step
    curved = bend > 1e-12
    last = np.where(curved, slope / np.where(curved, bend, 1.0), np.sign(slope) * MAX_DISPERSION_STEP)
    last = np.clip(last, -MAX_DISPERSION_STEP, MAX_DISPERSION_STEP)
    step = np.empty((len(last), solved.shape[1] + 1))
    step[:, :-1] = solved[:, :, 0] - solved[:, :, 1] * last[:, None]
    step[:, -1] = last
    return step, products[:, 0, 0] - products[:, 0, 1] * last + score * last
