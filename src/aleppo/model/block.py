"""Designs made ready for many fits, and blocks of regressions that share them.

One *row* is one regression: the counts of one series in one window, on one design. Rows stand below each
other in a ``Block``; rows that share a design are neighbours, so that predictions, gradients and normal
equations are matrix products over all of them. Windows of different lengths share a design too: it covers
the longest, and the weeks that a row leaves out carry no weight in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Design:
    """A design made ready for many fits.

    ``basis`` (weeks × parameters) spans the same space as the design, with columns that are orthonormal over
    all its weeks; no two of the last ``groups`` are above zero in the same week (month dummies). ``pairs``
    holds the products of its columns that normal equations need: weights times ``pairs`` are those equations.
    ``contrasts`` (targets × parameters) takes coefficients on the basis back to the wanted coefficients of
    the design. ``constant`` are the coefficients that give 1 in every week that has a group, if there are groups.
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

    def drawn(self, weeks: Integers, kept: NDArray[np.bool_]) -> Design:
        """The same design over ``weeks`` in that order, on the same basis: some may come twice, some never.

        ``kept`` says which of the places count. A group that none of these has is left out, with its coefficient.
        """
        found = replace(self, basis=self.basis[weeks], pairs=self.pairs[weeks])
        dense = self.parameters - self.groups
        seen = (found.basis[kept, dense:] > 0).any(axis=0)
        if seen.all():
            return found
        columns = np.concatenate([np.ones(dense, dtype=bool), seen])
        pairs = np.concatenate([np.ones(dense * dense, dtype=bool), np.tile(seen, dense), seen])
        return Design(
            basis=np.ascontiguousarray(found.basis[:, columns]),
            pairs=np.ascontiguousarray(found.pairs[:, pairs]),
            contrasts=self.contrasts[:, columns],
            constant=self.constant[columns],
            groups=int(seen.sum()),
        )


def prepare(columns: Floats, groups: Floats, targets: Sequence[int | None]) -> Design | None:
    """The design made ready: ``columns`` (weeks × columns) beside ``groups`` (weeks × groups, maybe none).

    ``groups`` are indicators of which each week has one, or none if no row keeps it; without groups the constant
    is among ``columns``.
    ``targets`` are the columns whose coefficients are wanted; a target that is ``None`` is a coefficient held
    at 0. ``None`` is returned when the weeks cannot tell the parameters apart: too few weeks, or columns that
    depend on each other.
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
    ones = groups.sum(axis=1) if groups.shape[1] else np.ones(weeks)
    transform = basis.T @ np.concatenate([columns, groups], axis=1)
    inverse = np.linalg.solve(transform, np.eye(parameters))
    first, second = _needed(columns.shape[1], groups.shape[1])
    return Design(
        basis=basis,
        pairs=np.ascontiguousarray(basis[:, first] * basis[:, second]),
        contrasts=np.stack([np.zeros(parameters) if each is None else inverse[each] for each in targets]),
        constant=basis.T @ ones,
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
    """Which products of basis columns the normal equations need: dense × dense, dense × groups, and the square of
    each group (two groups have no week in common)."""
    square, cross = np.indices((dense, dense)).reshape(2, -1), np.indices((dense, groups)).reshape(2, -1)
    single = np.arange(dense, dense + groups)
    return (
        np.concatenate([square[0], cross[0], single]),
        np.concatenate([square[1], cross[1] + dense, single]),
    )


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
    try:
        found = np.asarray(np.linalg.solve(matrices, right), dtype=np.float64)
    except np.linalg.LinAlgError:
        found = np.full(right.shape, np.nan)
    if np.isfinite(found.sum()):
        return found
    diagonal = np.diagonal(matrices, axis1=1, axis2=2)
    bad = ~(np.isfinite(matrices.sum(axis=(1, 2))) & (diagonal.min(axis=1) > 1e-200))
    matrices, right = matrices.copy(), right.copy()
    matrices[bad], right[bad] = np.eye(matrices.shape[1]), 0.0
    try:
        return np.asarray(np.linalg.solve(matrices, right), dtype=np.float64)
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.pinv(matrices, hermitian=True) @ right, dtype=np.float64)


# An offset that marks a week as left out. exp() of it is as good as 0 beside any sum of means, and unlike that
# of a number far below it takes a processor no longer than that of others.
LEFT_OUT = -600.0


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

    @cached_property
    def kept(self) -> Floats:
        """1 in the weeks that a row keeps, 0 in those that it leaves out."""
        return (self.offset > LEFT_OUT).astype(np.float64)

    def predict(self, coefficients: Floats, out: Floats | None = None) -> Floats:
        """Linear predictor with the offset, rows × weeks, in ``out`` if given; ``LEFT_OUT`` in weeks left out."""
        eta = self.spread(coefficients, out)
        eta *= self.kept
        eta += self.offset
        return eta

    def spread(self, coefficients: Floats, out: Floats | None = None) -> Floats:
        """Linear predictor without the offset, rows × weeks, in ``out`` if given."""
        out = np.empty_like(self.counts) if out is None else out
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
        first, second = dense * dense, dense * groups
        square = packed[:, :first].reshape(-1, dense, dense)
        if not groups:
            return Normal(square)
        cross = packed[:, first : first + second].reshape(-1, dense, groups)
        return Normal(square, cross, packed[:, first + second :])

    def contrasts(self) -> Floats:
        """The wanted combinations of coefficients, rows × parameters × targets."""
        return self._repeat([design.contrasts.T for _, _, design in self.pieces])

    def constants(self) -> Floats:
        """Coefficients on the basis that give 1 in every week, rows × parameters."""
        return self._repeat([design.constant for _, _, design in self.pieces])

    def totals(self) -> Floats:
        """1 in every week, also in those left out, summed against each column of the basis: as ``project``."""
        return self._repeat([design.basis.sum(axis=0) for _, _, design in self.pieces])

    def _repeat(self, values: Sequence[Floats]) -> Floats:
        """One value for each piece, repeated for each of its rows."""
        if len(values) == 1:
            return np.broadcast_to(values[0], (len(self.counts), *values[0].shape))
        return np.repeat(np.stack(values), [high - low for low, high, _ in self.pieces], axis=0)
