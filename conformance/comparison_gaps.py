"""Differences of two shares, two percentiles or two means, each with interval and p.

Source: R. G. Newcombe, Statistics in Medicine 17 (1998), 873-890, method 10 (shares); G. Y. Zou and A.
Donner, Statistics in Medicine 27 (2008), 1693-1702 (the same way from the two intervals of any figure); B. L.
Welch, Biometrika 34 (1947), 28-35; S. Holm, Scandinavian Journal of Statistics 6 (1979), 65-70.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from msgspec.structs import replace

from conformance.comparison_results import Gap
from conformance.indicators.comparisons import SHOWN_BELOW, Share, equality_p, holm, newcombe

CONFIDENCE = 0.95
WORSE_IF_HIGHER = {"p95_s": True, "mean_wait_s": True, "abandoned_share": True, "share": False}
"""Which way each figure gets worse; one that is not here only changes."""


@dataclass(frozen=True, slots=True)
class Bounded:
    """A figure with the ends of its interval, None where it has none."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Sample:
    """The mean of *n* independent replications, and their standard deviation (n - 1)."""

    mean: float
    deviation: float
    n: int


def gap_of_counts(what: str, before: tuple[int, int], after: tuple[int, int]) -> Gap:
    """Return the difference of two shares, each *good* of *n*, of independent cases."""
    first, second = Share("after", *after), Share("before", *before)
    low, high = newcombe(first, second)
    value = first.good / first.n - second.good / second.n
    return _gap(what, value, low, high, equality_p(first, second), "newcombe")


def gap_of_same_cases(what: str, before: float, after: float) -> Gap:
    """Return the difference of a figure over the very same cases: there is no chance in it."""
    value = after - before
    return _gap(what, value, value, value, None, "same_log")


def gap_of_bounds(what: str, before: Bounded, after: Bounded) -> Gap:
    """Return the difference of two independent figures, each with its own 95 % interval."""
    value = after.value - before.value
    if before.low is None or before.high is None or after.low is None or after.high is None:
        return untested(what, value)
    low = value - math.hypot(after.value - after.low, before.high - before.value)
    high = value + math.hypot(after.high - after.value, before.value - before.low)
    return _gap(what, value, low, high, _p_of_reach(value, low, high), "order")


def gap_of_pairs(what: str, differences: Sequence[float]) -> Gap:
    """Return the mean of paired differences, replication by replication, with its t interval."""
    sample = sample_of(differences)
    if sample.n < 2:
        return untested(what, sample.mean, len(differences))
    error = sample.deviation / math.sqrt(sample.n)
    return _t_gap(what, sample.mean, error, sample.n - 1, ("paired", sample.n))


def gap_of_samples(what: str, before: Sample, after: Sample) -> Gap:
    """Return the difference of the means of independent replications, by Welch's t."""
    value = after.mean - before.mean
    if before.n < 2 or after.n < 2:
        return untested(what, value)
    parts = [one.deviation**2 / one.n for one in (before, after)]
    error = math.sqrt(math.fsum(parts))
    below = math.fsum(part**2 / (one.n - 1) for part, one in zip(parts, (before, after), strict=True))
    freedom = math.fsum(parts) ** 2 / below if below else float(before.n + after.n - 2)
    return _t_gap(what, value, error, freedom, ("welch", None))


def sample_of(values: Sequence[float]) -> Sample:
    """Return mean and deviation of *values*, at least one."""
    n = len(values)
    mean = math.fsum(values) / n
    squares = math.fsum((value - mean) ** 2 for value in values)
    # A spread of rounding errors is none.
    deviation = math.sqrt(squares / (n - 1)) if n > 1 else 0.0
    return Sample(mean, deviation if deviation > 1e-12 * max(1.0, abs(mean)) else 0.0, n)


def sample_of_interval(value: float, reach: float, n: int, confidence: float) -> Sample:
    """Return the sample of *n* whose t interval at *confidence* reaches so far to either side."""
    from scipy.special import stdtrit  # noqa: PLC0415 - a tenth of a second that most commands do not need

    if n < 2:
        return Sample(value, 0.0, n)
    return Sample(value, reach * math.sqrt(n) / float(stdtrit(n - 1, (1 + confidence) / 2)), n)


def untested(what: str, value: float, pairs: int | None = None) -> Gap:
    """Return a difference for which there is too little to say how sure it is."""
    return _gap(what, value, None, None, None, "none", pairs)


def settled(gaps: Sequence[Gap]) -> list[Gap]:
    """Return *gaps* with their p corrected for how many were tested, and what each of them shows."""
    tested = [index for index, gap in enumerate(gaps) if gap.p is not None]
    corrected = holm([gaps[index].p or 0.0 for index in tested])
    found = list(gaps)
    for index, p in zip(tested, corrected, strict=True):
        found[index] = replace(found[index], corrected_p=p)
    return [replace(gap, standing=_standing(gap)) for gap in found]


def _standing(gap: Gap) -> str:
    if gap.method == "none":
        return "same" if gap.value == 0 else "untested"
    if gap.value == 0:
        return "same"
    shown = gap.p is None or (gap.corrected_p is not None and gap.corrected_p < SHOWN_BELOW)
    if not shown or gap.low is None or gap.high is None or gap.low <= 0 <= gap.high:
        return "not_shown"
    if gap.what not in WORSE_IF_HIGHER:
        return "changed"
    return "worse" if (gap.value > 0) == WORSE_IF_HIGHER[gap.what] else "better"


def _t_gap(what: str, value: float, error: float, freedom: float, how: tuple[str, int | None]) -> Gap:
    from scipy.special import stdtr, stdtrit  # noqa: PLC0415 - as above

    if error == 0:
        return _gap(what, value, value, value, 1.0 if value == 0 else 0.0, *how)
    reach = float(stdtrit(freedom, (1 + CONFIDENCE) / 2)) * error
    p = min(1.0, 2 * float(stdtr(freedom, -abs(value) / error)))
    return _gap(what, value, value - reach, value + reach, p, *how)


def _p_of_reach(value: float, low: float, high: float) -> float:
    """Return the p at which the interval, if it reaches as a normal one does, would just end at 0."""
    reach = value - low if value > 0 else high - value
    if value == 0:
        return 1.0
    if reach == 0:
        return 0.0
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    return 2 * NormalDist().cdf(-abs(value) / reach * z)


def _gap(  # noqa: PLR0913, PLR0917 - a difference and all that is known of it
    what: str,
    value: float,
    low: float | None,
    high: float | None,
    p: float | None,
    method: str,
    pairs: int | None = None,
) -> Gap:
    return Gap(
        what=what,
        value=value,
        low=low,
        high=high,
        p=p,
        corrected_p=None,
        method=method,
        pairs=pairs,
        standing="",
    )
