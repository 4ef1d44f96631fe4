"""Sums of a smooth function over 0, 1, ..., count - 1: what NB2 needs of the gamma functions.

``log Γ(count + r) - log Γ(r)`` and its derivatives are such sums. Written as sums they do not cancel when the
dispersion is small, and few values of the function serve every week of a regression.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from aleppo.model.block import Floats


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
