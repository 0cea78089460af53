"""How far two people who scored the same things agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

#: Points that are no further apart than this are adjacent.
_ADJACENT = 1.0


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of ``number`` pairs of points: how many are equal, and how many at most one apart (the equal ones included).

    ``kappa`` is the weighted kappa; None where it is not defined because the points do not vary.
    """

    number: int
    exact: int
    adjacent: int
    kappa: float | None


def agreement(first: Sequence[float], second: Sequence[float]) -> Agreement:
    """The agreement of two lists of points, pair by pair."""
    apart = [abs(one - other) for one, other in zip(first, second, strict=True)]
    adjacent = sum(distance <= _ADJACENT for distance in apart)
    return Agreement(len(apart), apart.count(0), adjacent, weighted_kappa(first, second))


def weighted_kappa(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Cohen's kappa with quadratic weights, from two lists of points: 1 is full agreement, 0 is agreement by chance.

    One minus the mean square of the differences, divided by the mean square of all differences that would occur if the
    two scored independently. None where both gave the same single number throughout, or the lists are empty. Source: J.
    Cohen (1968), Weighted kappa: Nominal scale agreement with provision for scaled disagreement or partial credit,
    Psychological Bulletin 70(4), 213-220.
    """
    observed = sum((one - other) ** 2 for one, other in zip(first, second, strict=True))
    # Of each number of points at once: a class has thousands, and they are few that differ.
    pairs = product(Counter(first).items(), Counter(second).items())
    expected = sum(often * as_often * (one - other) ** 2 for (one, often), (other, as_often) in pairs)
    return None if expected == 0 else 1 - len(first) * observed / expected
