"""The Kaplan-Meier estimate of times of which some have not ended: the plain evaluator, over a list.

Over a log of any size *conformance.indicators.duration_figures* computes the same in SQL; tests hold the two
against each other.

Source: Kaplan, Meier (1958); Greenwood's variance; log-log bounds as in Kalbfleisch, Prentice, 1.4.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

Z_ONE_SIDED = NormalDist().inv_cdf(0.95)
"""Each bound holds with 95 % by itself, as those by rank do."""
TOLERANCE = 1e-12
"""What rounding may add to a share that is exactly the one looked for."""


@dataclass(frozen=True, slots=True)
class Survival:
    """The share still waiting after *time_us*, with its lower and upper bound (None where all have ended)."""

    time_us: int
    share: float
    low: float
    high: float | None


def kaplan_meier(ended_us: Sequence[int], open_us: Sequence[int]) -> list[Survival]:
    """Return the estimate at each time at which something ended; *open_us* are the times waited so far."""
    ends, waits = Counter(ended_us), Counter(open_us)
    at_risk = len(ended_us) + len(open_us)
    logarithm, variance = 0.0, 0.0
    steps: list[Survival] = []
    for time_us in sorted(ends.keys() | waits.keys()):
        ending = ends[time_us]
        if ending == at_risk:
            steps.append(Survival(time_us, 0.0, 0.0, None))
        elif ending:
            logarithm += math.log(1 - ending / at_risk)
            variance += ending / (at_risk * (at_risk - ending))
            steps.append(_step(time_us, logarithm, variance))
        at_risk -= ending + waits[time_us]
    return steps


def _step(time_us: int, logarithm: float, variance: float) -> Survival:
    width = Z_ONE_SIDED * math.sqrt(variance) / abs(logarithm)
    low, high = (math.exp(logarithm * math.exp(sign * width)) for sign in (1, -1))
    return Survival(time_us, math.exp(logarithm), low, high)


def survival_percentile(steps: Iterable[Survival], percent: int) -> tuple[int | None, int | None, int | None]:
    """Return the time by which *percent* per cent have ended, and its bounds; None: not reached."""
    left = 1 - percent / 100 + TOLERANCE
    listed = list(steps)
    value = next((step.time_us for step in listed if step.share <= left), None)
    low = next((step.time_us for step in listed if step.low <= left), None)
    high = next((step.time_us for step in listed if step.high is not None and step.high <= left), None)
    return value, low, high
