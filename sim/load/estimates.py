"""What replications together say of a figure: t intervals, shares, paired differences, and when to stop.

Replications are independent, executions within one are not: so an interval is one over replications.
Source: A. M. Law, Simulation Modeling and Analysis, 5th ed. (2015), 9.4 and 10.2 (replications; common random
numbers); C. J. Clopper and E. S. Pearson, Biometrika 26 (1934), 404-413.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conformance.intervals import clopper_pearson
from conformance.study_figures import Estimate
from conformance.study_results import Difference, StopRule

SEQUENTIAL = (
    "The number of replications was chosen by looking at their figures, so the confidence of the interval "
    "that ended it is approximate."
)


@dataclass(frozen=True, slots=True)
class Until:
    """Replicate until the half-width of *measure* is at most *half_width*; at least *least*, at most *most*.

    Without a measure there are *most*.
    """

    measure: str | None = None
    half_width: float | None = None
    least: int = 5
    most: int = 20


def estimate(values: Sequence[float | None], confidence: float) -> Estimate:
    """Return the mean of a figure over the replications that have it, with its t interval."""
    known = [value for value in values if value is not None]
    if not known:
        return Estimate(value=None, low=None, high=None, replications=0)
    mean = math.fsum(known) / len(known)
    reach = half_width(known, confidence)
    if reach is None:
        return Estimate(value=mean, low=None, high=None, replications=len(known))
    return Estimate(value=mean, low=mean - reach, high=mean + reach, replications=len(known))


def half_width(values: Sequence[float], confidence: float) -> float | None:
    """Return half the length of the t interval of a mean; None with fewer than two values."""
    n = len(values)
    if n < 2:
        return None
    mean = math.fsum(values) / n
    variance = math.fsum((value - mean) ** 2 for value in values) / (n - 1)
    return t_quantile(n - 1, confidence) * math.sqrt(variance / n)


def t_quantile(freedom: int, confidence: float) -> float:
    """Return the quantile of Student's t that bounds *confidence* on two sides."""
    from scipy.special import stdtrit  # noqa: PLC0415 - a tenth of a second that most commands do not need

    return float(stdtrit(freedom, (1 + confidence) / 2))


def above_zero(found: Estimate, highest: float = math.inf) -> Estimate:
    """Return an estimate whose interval ends at 0, and at *highest*, beyond which the figure cannot be."""
    if found.low is None or found.high is None:
        return found
    return Estimate(
        value=found.value,
        low=max(0.0, found.low),
        high=min(highest, found.high),
        replications=found.replications,
        method=found.method,
    )


def share_estimate(good: Sequence[int], counts: Sequence[int], confidence: float) -> Estimate:
    """Return the mean share of *good* in *counts* over the replications that have any.

    Where all have the same share there is no spread to learn from: then the interval is the exact one of all
    executions together, so that few faultless ones do not pass for certainty.
    """
    pairs = [(k, n) for k, n in zip(good, counts, strict=True) if n]
    same = len(pairs) >= 2 and all(k * pairs[0][1] == pairs[0][0] * n for k, n in pairs)
    if not same:
        return above_zero(estimate([k / n for k, n in pairs], confidence), 1.0)
    k, n = (sum(column) for column in zip(*pairs, strict=True))
    exact = clopper_pearson(k, n, confidence)
    return Estimate(value=k / n, low=exact.low, high=exact.high, replications=len(pairs), method="exact")


def paired_differences(
    from_point: tuple[str, Mapping[int, Mapping[str, float]]],
    to_point: tuple[str, Mapping[int, Mapping[str, float]]],
    measures: Sequence[str],
    confidence: float,
) -> tuple[Difference, ...]:
    """Return how far each measure differs between two points, over the replications that both have.

    A point is its label and the figures of its replications by their numbers: replications of one number
    have played the same random numbers.
    """
    (from_label, before), (to_label, after) = from_point, to_point
    both = sorted(before.keys() & after.keys())
    return tuple(
        Difference(
            measure=measure,
            from_label=from_label,
            to_label=to_label,
            difference=estimate(
                [
                    after[number][measure] - before[number][measure]
                    for number in both
                    if measure in before[number] and measure in after[number]
                ],
                confidence,
            ),
        )
        for measure in measures
    )


def enough_after(rule: Until, values: Sequence[float | None], confidence: float) -> int | None:
    """Return how many of the first replications are enough by *rule*; None: more are needed.

    *values* are those of its measure in the order of replications, so that the answer does not depend on
    how many of them were played at once.
    """
    if rule.measure is not None and rule.half_width is not None:
        for n in range(max(rule.least, 2), min(len(values), rule.most) + 1):
            reach = half_width([value for value in values[:n] if value is not None], confidence)
            if reach is not None and reach <= rule.half_width:
                return n
    return rule.most if len(values) >= rule.most else None


def stop_of(rule: Until, values: Sequence[float | None], confidence: float) -> StopRule:
    """Return how replications came to an end by *rule*; *values* are those of its measure that were kept."""
    if rule.measure is None or rule.half_width is None:
        reached, last = None, None
    else:
        last = half_width([value for value in values if value is not None], confidence)
        reached = last is not None and last <= rule.half_width and len(values) >= rule.least
    return StopRule(
        measure=rule.measure,
        half_width=rule.half_width,
        least=rule.least,
        most=rule.most,
        reached=reached,
        last_half_width=last,
        note=None if rule.measure is None else SEQUENTIAL,
    )
