"""A class's statistics by plain loops that read like the definitions, to measure and check those of the report."""

from __future__ import annotations

import math
from collections.abc import Sequence

#: One response: the student, the item, the points it earned, and the options chosen.
Record = tuple[str, str, float, tuple[str, ...]]


def statistics(records: Sequence[Record], maxima: dict[str, float]) -> dict[str, dict[str, float]]:
    """The figures of each item of one module, by its id, and of the whole, under ``""``.

    Of an item: ``facility``, ``index``, ``efficiency``, and for each option, by its id, how many chose it and, as
    ``<id> total``, the mean percent of all points that those earned. Of the whole: ``alpha``. ``maxima`` are the items'
    points.
    """
    by_student: dict[str, dict[str, float]] = {}
    for student, item, points, _ in records:
        by_student.setdefault(student, {})[item] = points
    totals = {student: sum(points.values()) for student, points in by_student.items()}
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
    earned: dict[tuple[str, str], list[float]] = {}
    for student, item, _, chosen in records:
        for option in chosen:
            earned.setdefault((item, option), []).append(totals[student])
    for (item, option), of in earned.items():
        figures[item][option] = len(of)
        figures[item][f"{option} total"] = 100 * mean(of) / sum(maxima.values())
    all_of = list(totals.values())
    spread, k = covariance(all_of, all_of), len(maxima)
    figures[""] = {"alpha": k / (k - 1) * (1 - variances / spread) if spread and k > 1 else math.nan}
    return figures


def mean(values: Sequence[float]) -> float:
    """The mean of values."""
    return sum(values) / len(values)


def covariance(one: Sequence[float], other: Sequence[float]) -> float:
    """The covariance of two lists of values, pair by pair, with the denominator n - 1."""
    middle, other_middle = mean(one), mean(other)
    return sum((a - middle) * (b - other_middle) for a, b in zip(one, other, strict=True)) / (len(one) - 1)
