"""A share with its interval, and whether it shows that a target is met: the rule is fixed before the data."""

from math import sqrt
from statistics import NormalDist

from conformance.indicators.discrete_laws import hypergeometric_cdf, least_that
from conformance.indicators.indicator_results import Rate
from conformance.intervals import CONFIDENCE, SMALL, interval

MET, NOT_MET, NOT_SHOWN, NO_TARGET, HIDDEN, NO_DATA = (
    "met",
    "not_met",
    "not_shown",
    "no_target",
    "hidden",
    "no_data",
)
MOST_OF = 0.5
"""From this share of a finite population on the sample's interval is corrected for its size."""
_DIGITS = 6


def rate(good: int | None, n: int | None, target: int | None, *, population: int | None = None) -> Rate:
    """Return *good* of *n* with its 95 % interval and its standing against *target* (per cent).

    *population* is the number of which *n* is a sample: if it is more than half of it, the interval is
    corrected. None for a count: it is hidden, and so is all that would tell it.
    """
    if good is None or n is None:
        return Rate(
            good=good, n=n, share=None, low=None, high=None, method=None, target=target, standing=HIDDEN
        )
    if n == 0:
        return Rate(
            good=0, n=0, share=None, low=None, high=None, method=None, target=target, standing=NO_DATA
        )
    low, high, method = bounds(good, n, population)
    return Rate(
        good=good,
        n=n,
        share=round(good / n, _DIGITS),
        low=round(low, _DIGITS),
        high=round(high, _DIGITS),
        method=method,
        target=target,
        standing=standing(low, high, target),
    )


def bounds(good: int, n: int, population: int | None = None) -> tuple[float, float, str]:
    """Return the 95 % bounds of *good* in *n*, and the method as results name it."""
    if population is not None and population < n:
        raise ValueError(f"{n} of a population of {population}")
    if population is None or n <= MOST_OF * population:
        found = interval(good, n)
        return found.low, found.high, found.method
    if n == population:
        return good / n, good / n, "census"
    if good in {0, n} or n < SMALL:
        return (*hypergeometric(good, n, population), "hypergeometric")
    equivalent = n * (population - 1) / (population - n)
    return (*_wilson_of(good / n, equivalent), "wilson_finite")


def _wilson_of(share: float, n: float) -> tuple[float, float]:
    """Return Wilson's bounds for a *share* of a sample as good as *n* draws, which need not be whole."""
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, centre - reach), min(1.0, centre + reach)


def hypergeometric(good: int, n: int, population: int) -> tuple[float, float]:
    """Return exact 95 % bounds of the share in a *population* of which *n* were drawn without return."""
    tail = (1 - CONFIDENCE) / 2
    least, most = good, population - (n - good)
    low = least_that(
        lambda all_good: 1 - hypergeometric_cdf(good - 1, n, all_good, population) > tail, least, most
    )
    beyond = least_that(
        lambda all_good: hypergeometric_cdf(good, n, all_good, population) <= tail, least, most + 1
    )
    return low / population, (beyond - 1) / population


def standing(low: float, high: float, target: int | None) -> str:
    """Return whether bounds show that *target* (per cent) is ``met``, ``not_met``, or neither."""
    if target is None:
        return NO_TARGET
    return MET if low > target / 100 else NOT_MET if high < target / 100 else NOT_SHOWN
