"""Binomial and hypergeometric probabilities, without the seconds that a statistics package takes to load."""

from collections.abc import Callable
from math import exp, lgamma


def binomial_cdf(k: int, n: int, share: float) -> float:
    """Return the probability of at most *k* of *n*, each with probability *share*."""
    from scipy.special import bdtr  # noqa: PLC0415 - a tenth of a second that most commands do not need

    return 0.0 if k < 0 else 1.0 if k >= n else float(bdtr(k, n, share))


def hypergeometric_point(k: int, n: int, good: int, population: int) -> float:
    """Return the probability of *k* good ones in *n* drawn without return."""
    if not max(0, n - (population - good)) <= k <= min(n, good):
        return 0.0
    return exp(_choose(good, k) + _choose(population - good, n - k) - _choose(population, n))


def hypergeometric_cdf(k: int, n: int, good: int, population: int) -> float:
    """Return the probability of at most *k* good ones in *n* drawn without return."""
    least = max(0, n - (population - good))
    return min(1.0, sum(hypergeometric_point(i, n, good, population) for i in range(least, k + 1)))


def least_that(holds: Callable[[int], bool], least: int, most: int) -> int:
    """Return the least number of *least* to *most* of which *holds* is true; from it on it stays true.

    Returns *most* if it is true of no smaller one.
    """
    while least < most:
        middle = (least + most) // 2
        least, most = (least, middle) if holds(middle) else (middle + 1, most)
    return least


def _choose(n: int, k: int) -> float:
    """Return the logarithm of the number of ways to choose *k* of *n*."""
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
