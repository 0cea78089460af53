"""A small model that picks an option by its surface, to measure how much the surface gives away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float64]

#: The strength of regularization: strong, because there are few items.
_HELD_DOWN = 1.0
_STEPS = 25


def picked_without_a_stem(items: Sequence[tuple[Sequence[Sequence[float]], int, str]]) -> Iterator[tuple[float, bool]]:
    """For each item, the probability that the model gives to the key, and whether that is its first choice.

    An item is a row of features for each option, the position of the key, and its module. The model is a conditional
    logit; for each module it is fitted on the items of all others, so that no module predicts itself. It is
    deterministic.
    """
    centered = [_centered(rows) for rows, _, _ in items]
    spread = _spread(centered)
    known = [(table / spread, key, module) for table, (_, key, module) in zip(centered, items, strict=True)]
    weights = {
        module: _learned([(table, key) for table, key, other in known if other != module], len(spread))
        for module in {module for _, _, module in known}
    }
    for table, key, module in known:
        # Rounded, so that ties do not depend on a machine's arithmetic.
        chances = np.round(_chances(table, weights[module]), 9)
        yield float(chances[key]), int(np.argmax(chances)) == key


def _learned(items: Sequence[tuple[Table, int]], features: int) -> Table:
    """The weights that maximize the likelihood of these keys, by Newton's method."""
    weights: Table = np.zeros(features)
    for _ in range(_STEPS):
        slope, bend = -_HELD_DOWN * weights, -_HELD_DOWN * np.eye(features)
        for table, key in items:
            chances = _chances(table, weights)
            mean = chances @ table
            slope = slope + table[key] - mean
            bend = bend - (table.T * chances) @ table + np.outer(mean, mean)
        weights = weights - np.linalg.solve(bend, slope)
    return weights


def _chances(table: Table, weights: Table) -> Table:
    strengths = table @ weights
    raised: Table = np.exp(strengths - strengths.max())
    return np.asarray(raised / raised.sum())


def _centered(rows: Sequence[Sequence[float]]) -> Table:
    table = np.asarray(rows, dtype=np.float64)
    return np.asarray(table - table.mean(axis=0))


def _spread(tables: Sequence[Table]) -> Table:
    """The spread of each feature within items, so that no unit of measure counts for more than another."""
    spread = np.concatenate(tables).std(axis=0) if tables else np.ones(0)
    return np.where(spread > 0, spread, 1.0)
