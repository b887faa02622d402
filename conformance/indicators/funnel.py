"""Funnel limits: how far a unit of its size may lie from the target by chance alone, instead of a ranking.

Source: Spiegelhalter (2005), Funnel plots for comparing institutional performance; exact binomial limits.
"""

from dataclasses import dataclass
from functools import lru_cache

from conformance.indicators.discrete_laws import binomial_cdf, least_that

WARNING, ALARM = 0.95, 0.998
"""The two customary limits: about two and three standard deviations."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The least and the most of *n* that chance alone gives, at 95 % and at 99.8 %."""

    n: int
    low_95: int
    high_95: int
    low_998: int
    high_998: int


@lru_cache(maxsize=1024)
def funnel_limits(n: int, target: float) -> Limits:
    """Return between which counts of *n* a unit stays, with 95 % and 99.8 %, whose true share is *target*.

    Raises ValueError for no cases or a target that is no share.
    """
    if n < 1 or not 0 <= target <= 1:
        raise ValueError(f"no funnel for {n} cases and the target {target}")
    low_95, high_95 = _limits(n, target, WARNING)
    low_998, high_998 = _limits(n, target, ALARM)
    return Limits(n, low_95, high_95, low_998, high_998)


def _limits(n: int, target: float, confidence: float) -> tuple[int, int]:
    tail = (1 - confidence) / 2
    if target in {0.0, 1.0}:
        return (round(n * target),) * 2
    low = least_that(lambda k: binomial_cdf(k, n, target) >= tail, 0, n)
    high = least_that(lambda k: 1 - binomial_cdf(k, n, target) <= tail, 0, n)
    return low, high


def place_in_funnel(good: int, limits: Limits) -> str:
    """Return ``inside``, ``below`` or ``above`` (the 95 % limits), ``far_below``, ``far_above`` (99.8 %)."""
    if good < limits.low_998:
        return "far_below"
    if good < limits.low_95:
        return "below"
    if good > limits.high_998:
        return "far_above"
    return "above" if good > limits.high_95 else "inside"
