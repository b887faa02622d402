"""Confidence intervals of a rate, and how many cases a claim about a percentile needs.

Source: E. B. Wilson, JASA 22 (1927), 209-212; C. J. Clopper and E. S. Pearson, Biometrika 26 (1934), 404-413;
S. S. Wilks, Annals of Mathematical Statistics 12 (1941), 91-96 (distribution-free bound of a percentile).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

CONFIDENCE = 0.95
SMALL = 30
"""Below so many cases the interval is the exact one."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A rate of *k* in *n* with its two-sided bounds; *method* is ``wilson`` or ``clopper_pearson``."""

    k: int
    n: int
    low: float
    high: float
    method: str
    confidence: float = CONFIDENCE


def interval(k: int, n: int, confidence: float = CONFIDENCE) -> Interval:
    """Return the interval of *k* successes in *n*: exact for none, all, or n < 30, otherwise Wilson's.

    Nothing observed bounds nothing: 0 in 0 is between 0 and 1. Raises ValueError for impossible counts.
    """
    exact = n < SMALL or k in (0, n)
    return clopper_pearson(k, n, confidence) if exact else wilson(k, n, confidence)


def wilson(k: int, n: int, confidence: float = CONFIDENCE) -> Interval:
    """Return Wilson's score interval. Raises ValueError for impossible counts."""
    _require(k, n, confidence)
    if n == 0:
        return Interval(k, n, 0.0, 1.0, "wilson", confidence)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, square = k / n, z * z
    centre = (share + square / (2 * n)) / (1 + square / n)
    reach = z * math.sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    low = 0.0 if k == 0 else max(0.0, centre - reach)
    high = 1.0 if k == n else min(1.0, centre + reach)
    return Interval(k, n, low, high, "wilson", confidence)


def clopper_pearson(k: int, n: int, confidence: float = CONFIDENCE) -> Interval:
    """Return the exact interval, from quantiles of the beta distribution. Raises ValueError."""
    from scipy.special import betaincinv  # noqa: PLC0415 - a tenth of a second that most commands do not need

    _require(k, n, confidence)
    tail = (1 - confidence) / 2
    low = 0.0 if k == 0 else float(betaincinv(k, n - k + 1, tail))
    high = 1.0 if k == n else float(betaincinv(k + 1, n - k, 1 - tail))
    return Interval(k, n, low, high, "clopper_pearson", confidence)


def least_n_for_percentile(p: float, confidence: float = CONFIDENCE) -> int:
    """Return how many faultless cases show, whatever the distribution, that the share is at least *p*.

    29 for 0.90, 59 for 0.95, 299 for 0.99 at 95 % confidence. Raises ValueError unless both are in (0, 1).
    """
    if not (0 < p < 1 and 0 < confidence < 1):
        raise ValueError(f"{p} and {confidence} must lie between 0 and 1")
    n = max(1, math.ceil(math.log(1 - confidence) / math.log(p)))
    while p**n > 1 - confidence:  # the quotient of logarithms may be rounded down
        n += 1
    return n


def percentile_bounds(k: int, n: int, confidence: float = CONFIDENCE) -> Interval:
    """Return one-sided exact bounds, each at *confidence*, of a share of which *k* in *n* were seen.

    The lower bound reaches p exactly when an order statistic bounds the p-th percentile from above:
    with all n within the limit, from *least_n_for_percentile* on. Raises ValueError for impossible counts.
    """
    both = clopper_pearson(k, n, 2 * confidence - 1)
    return Interval(k, n, both.low, both.high, "exact_one_sided", confidence)


def bounds_if_open(
    bounds: Callable[[int, int], Interval], met: int, broken: int, open_: int
) -> tuple[float, float]:
    """Return the least lower and the most upper bound while up to *open_* more may turn out either way.

    An interval of one method narrows the claim with each open one, but from exact to Wilson's it jumps: so
    the ends of both ranges are asked, or an open case could decide what the decided ones do not.
    """
    n, total = met + broken, met + broken + open_
    sizes = {n, total, min(max(n, SMALL - 1), total)}
    least = min(bounds(met, size).low for size in sizes)
    return least, max(bounds(size - broken, size).high for size in sizes)


def _require(k: int, n: int, confidence: float) -> None:
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is no count")
    if not 0 < confidence < 1:
        raise ValueError(f"the confidence {confidence} must lie between 0 and 1")
