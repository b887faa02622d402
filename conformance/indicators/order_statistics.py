"""Percentiles of durations by rank, with bounds that suppose nothing about how durations are spread.

Source: Hahn, Meeker, Statistical Intervals, 5.2: the number of values below a quantile is binomial.
"""

from dataclasses import dataclass

from conformance.indicators.discrete_laws import binomial_cdf, least_that

CONFIDENCE = 0.95
"""Of each bound by itself."""
BOTH_SIDES = 0.975
"""Of each of two bounds that hold together with 95 %."""


@dataclass(frozen=True, slots=True)
class Ranks:
    """The ranks (from 1) of a percentile in a sorted sample, and of its bounds; None: too few values."""

    value: int
    low: int | None
    high: int | None


def percentile_ranks(percent: int, n: int, confidence: float = CONFIDENCE) -> Ranks:
    """Return the rank of the percentile *percent* of *n* values, and of its lower and upper bound.

    The percentile is by nearest rank. Each bound holds with *confidence* by itself: with 95 % the upper one
    of the 90th percentile needs 29 values, that of the 95th 59. Raises ValueError for no values.
    """
    if n < 1 or not 0 < percent < 100:
        raise ValueError(f"no percentile {percent} of {n} values")
    share = percent / 100
    high = 1 + least_that(
        lambda k: binomial_cdf(k, n, share) >= confidence, 0, n
    )  # fewer than that lie below
    low = least_that(lambda k: binomial_cdf(k, n, share) > 1 - confidence, 0, n)  # as many at least do
    return Ranks(
        value=-(-n * percent // 100),
        low=low if low >= 1 else None,
        high=high if high <= n else None,
    )
