"""Differences between two shares with their interval, corrected for how many were looked at.

Source: Newcombe (1998), method 10: the interval of a difference from the two Wilson intervals; Holm (1979).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from statistics import NormalDist

from conformance.indicators.discrete_laws import hypergeometric_point
from conformance.intervals import wilson

LEAST_EXPECTED = 5
SHOWN_BELOW = 0.05


@dataclass(frozen=True, slots=True)
class Share:
    """*good* of *n*, with a name."""

    name: str
    good: int
    n: int


@dataclass(frozen=True, slots=True)
class Difference:
    """The share of *first* minus that of *second* with its 95 % interval, p as it is and as corrected."""

    first: str
    second: str
    difference: float
    low: float
    high: float
    p: float
    corrected_p: float = 1.0

    @property
    def shown(self) -> bool:
        """Tell whether the difference is shown after the correction."""
        return self.corrected_p < SHOWN_BELOW


def newcombe(first: Share, second: Share) -> tuple[float, float]:
    """Return the 95 % interval of the share of *first* minus that of *second*."""
    one, two = first.good / first.n, second.good / second.n
    around_one, around_two = wilson(first.good, first.n), wilson(second.good, second.n)
    return (
        one - two - sqrt((one - around_one.low) ** 2 + (around_two.high - two) ** 2),
        one - two + sqrt((around_one.high - one) ** 2 + (two - around_two.low) ** 2),
    )


def equality_p(first: Share, second: Share) -> float:
    """Return the two-sided p of equal shares: by the score test, by Fisher's where little is expected."""
    good, n = first.good + second.good, first.n + second.n
    if good in {0, n}:
        return 1.0
    if min(first.n, second.n) * min(good, n - good) / n < LEAST_EXPECTED:
        return _fisher_p(first, second)
    pooled = good / n
    error = sqrt(pooled * (1 - pooled) * (1 / first.n + 1 / second.n))
    z = abs(first.good / first.n - second.good / second.n) / error
    return 2 * NormalDist().cdf(-z)


def _fisher_p(first: Share, second: Share) -> float:
    """Return Fisher's exact p: of all tables with these margins, those that are no likelier than this one."""
    good, n = first.good + second.good, first.n + second.n
    likely = [
        hypergeometric_point(k, first.n, good, n)
        for k in range(max(0, good - second.n), min(first.n, good) + 1)
    ]
    seen = hypergeometric_point(first.good, first.n, good, n)
    return min(1.0, sum(p for p in likely if p <= seen * (1 + 1e-9)))


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return *p_values* corrected for their number, each in its place, never above 1."""
    order = sorted(range(len(p_values)), key=lambda i: (p_values[i], i))
    corrected = [0.0] * len(p_values)
    so_far = 0.0
    for rank, i in enumerate(order):
        so_far = max(so_far, min(1.0, p_values[i] * (len(p_values) - rank)))
        corrected[i] = so_far
    return tuple(corrected)


def compare_pairs(shares: Sequence[Share]) -> list[Difference]:
    """Return every pair of *shares* that count something, not yet corrected."""
    counted = [share for share in shares if share.n]
    return [
        Difference(
            first=first.name,
            second=second.name,
            difference=first.good / first.n - second.good / second.n,
            low=low,
            high=high,
            p=equality_p(first, second),
        )
        for first, second in combinations(counted, 2)
        for low, high in [newcombe(first, second)]
    ]
