"""Tallies and curves of many replications as the figures that a study saves."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from conformance.study_figures import Curve, Spread
from sim.load.estimates import above_zero, estimate, t_quantile
from sim.load.figures import seconds
from sim.load.histogram import Tally, merged


def spread_of(tallies: Sequence[Tally], confidence: float) -> Spread:
    """Return how the times of all replications are spread; *tallies* has one for each of them."""
    together = merged(tallies)
    return Spread(
        count=together.count,
        mean_s=seconds(together.mean_us),
        median_s=seconds(together.quantile_us(50)),
        p90_s=seconds(together.quantile_us(90)),
        p95_s=seconds(together.quantile_us(95)),
        p99_s=seconds(together.quantile_us(99)),
        max_s=seconds(together.quantile_us(100)),
        mean=above_zero(estimate([seconds(own.mean_us) for own in tallies], confidence)),
        p95=above_zero(estimate([seconds(own.quantile_us(95)) for own in tallies], confidence)),
    )


def sums_spread(sums: Sequence[tuple[int, int, int]], confidence: float) -> Spread:
    """Return what can be said of times without their histograms: *sums* are count, sum and maximum in us."""
    count, total_us = sum(own[0] for own in sums), sum(own[1] for own in sums)
    means = [total / number / 1e6 if number else None for number, total, _ in sums]
    nothing = estimate([], confidence)
    return Spread(
        count=count,
        mean_s=total_us / count / 1e6 if count else None,
        median_s=None,
        p90_s=None,
        p95_s=None,
        p99_s=None,
        max_s=max(own[2] for own in sums) / 1e6 if count else None,
        mean=above_zero(estimate(means, confidence)),
        p95=nothing,
    )


def curve_of(rows: Any, confidence: float) -> Curve:
    """Return the mean at each moment with its t interval; *rows* has one for each replication."""
    values = np.asarray(rows, float)
    mean, n = values.mean(axis=0), len(values)
    if n < 2:
        return Curve(mean=_short(mean))
    reach = t_quantile(n - 1, confidence) * values.std(axis=0, ddof=1) / n**0.5
    return Curve(mean=_short(mean), low=_short(np.maximum(mean - reach, 0)), high=_short(mean + reach))


def _short(values: Any) -> tuple[float, ...]:
    """Return values to four digits: what a picture can show, in few octets."""
    return tuple(float(f"{value:.4g}") for value in values)
