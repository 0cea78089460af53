"""A class's statistics by plain loops that read like the definitions, to measure and check those of the report."""

from __future__ import annotations

import math
from collections.abc import Sequence

#: One response: the student, the item, the points it earned, and the options chosen.
Record = tuple[str, str, float, tuple[str, ...]]


def statistics(records: Sequence[Record], maxima: dict[str, float]) -> dict[str, dict[str, float]]:
    """The figures of each item of one module (``facility``, ``index``, ``efficiency``, and how many chose each option,
    by its id), and of the whole (``alpha``), under the item's id and under "". ``maxima`` are the items' points."""
    by_student: dict[str, dict[str, float]] = {}
    for student, item, points, _ in records:
        by_student.setdefault(student, {})[item] = points
    figures: dict[str, dict[str, float]] = {}
    variances = 0.0
    for item, maximum in maxima.items():
        mine = [points[item] for points in by_student.values()]
        rest = [sum(points[other] for other in maxima if other != item) for points in by_student.values()]
        spread = math.sqrt(covariance(mine, mine) * covariance(rest, rest))
        variances += covariance(mine, mine)
        figures[item] = {
            "facility": 100 * mean(mine) / maximum,
            "index": 100 * covariance(mine, rest) / spread if spread else math.nan,
            "efficiency": 100 * covariance(mine, rest) / covariance(sorted(mine), sorted(rest)) if spread else math.nan,
        }
    for _, item, _, chosen in records:
        for option in chosen:
            figures[item][option] = figures[item].get(option, 0) + 1
    totals = [sum(points.values()) for points in by_student.values()]
    spread, k = covariance(totals, totals), len(maxima)
    figures[""] = {"alpha": k / (k - 1) * (1 - variances / spread) if spread and k > 1 else math.nan}
    return figures


def mean(values: Sequence[float]) -> float:
    """The mean of values."""
    return sum(values) / len(values)


def covariance(one: Sequence[float], other: Sequence[float]) -> float:
    """The covariance of two lists of values, pair by pair, with the denominator n - 1."""
    middle, other_middle = mean(one), mean(other)
    return sum((a - middle) * (b - other_middle) for a, b in zip(one, other, strict=True)) / (len(one) - 1)
