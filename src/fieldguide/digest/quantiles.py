"""Quantiles of Student's t and of Fisher's F, by the incomplete beta function: two figures are no reason for SciPy."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

_TINY = 1e-300
_EXACT = 1e-14
_NEAR = 1e-13


@cache
def t_quantile(share: float, freedom: float) -> float:
    """The quantile of Student's t distribution for a probability of one half or more; ``freedom`` is above 0."""

    def below(t: float) -> float:
        return 1 - _beta_below(freedom / (freedom + t * t), freedom / 2, 0.5) / 2

    return _where(below, share)


@cache
def f_quantile(share: float, first: float, second: float) -> float:
    """The quantile of the F distribution for a probability between 0 and 1, with two degrees of freedom above 0."""

    def below(f: float) -> float:
        return _beta_below(first * f / (first * f + second), first / 2, second / 2)

    return _where(below, share)


def _where(below: Callable[[float], float], share: float) -> float:
    """Where a rising function from 0 up reaches a share: bracketed, and then by the Illinois method.

    M. Dowell and P. Jarratt (1971), A modified regula falsi method for computing the root of an equation, BIT 11,
    168-174: the straight line between two ends, with half the height of an end that stays twice.
    """
    low, high = 0.0, 1.0
    while below(high) < share:
        low, high = high, 2 * high
    left, right = below(low) - share, below(high) - share
    stayed = 0
    while high - low > _NEAR * high:
        middle = high - right * (high - low) / (right - left)
        if not low < middle < high:
            break
        height = below(middle) - share
        if height < 0:
            low, left = middle, height
            right, stayed = (right / 2 if stayed == 1 else right), 1
        else:
            high, right = middle, height
            left, stayed = (left / 2 if stayed == -1 else left), -1
    return high


def _beta_below(x: float, a: float, b: float) -> float:
    """The regularized incomplete beta function, by its continued fraction (DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta_below(1 - x, b, a)
    scale = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x) - math.log(a)
    )
    value = c = 1.0
    d = 0.0
    step = 0
    while True:
        m = step // 2
        if step == 0:
            term = 1.0
        elif step % 2:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / (1 + term * d or _TINY)
        c = 1 + term / c or _TINY
        value *= c * d
        if step and abs(c * d - 1) < _EXACT:
            return scale * (value - 1)
        step += 1
