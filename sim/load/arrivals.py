"""When cases arrive: each stream of a study draws its own, from random streams of its own.

A rate that changes is inverted, not thinned: the same unit exponential numbers give the arrivals of any rate,
so that a sweep over the load compares like with like (common random numbers).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.random import Generator

from conformance.calendar import WEEKDAYS, local_time, parse_hour, parse_local
from sim.durations import UNITS_US, parse_duration_us
from sim.load.blocks import Column
from sim.load.study import Factor, Flash, Poisson, Profile
from sim.load.timeline import Span

_BATCH = 4096
"""Exponential numbers drawn at a time; the arrivals do not depend on it."""

_DAY_US = UNITS_US["d"]


@dataclass(frozen=True, slots=True)
class Intensity:
    """How many people are expected up to a moment: *expected* at *knots_us*, straight between them."""

    knots_us: Any
    expected: Any

    @property
    def total(self) -> float:
        """Return how many are expected in all."""
        return float(self.expected[-1])

    def moments_us(self, counts: Any) -> Column:
        """Return when each of rising *counts* of people is expected to have come."""
        moments: Column = np.rint(np.interp(counts, self.expected, self.knots_us)).astype(np.int64)
        return moments


@dataclass(slots=True)
class PoissonSource:
    """The arrivals of a Poisson process with an intensity, in order, as far as they are asked for."""

    intensity: Intensity
    stream: Generator
    _ahead: Any = field(default_factory=lambda: np.empty(0, np.int64))
    _reached: float = 0.0
    _ended: bool = False

    def until(self, moment_us: int) -> Column:
        """Return the arrivals before *moment_us* that have not been returned yet."""
        parts = [self._ahead]
        while not self._ended and (not len(parts[-1]) or parts[-1][-1] < moment_us):
            parts.append(self._draw())
        known = np.concatenate(parts)
        count = int(np.searchsorted(known, moment_us, side="left"))
        self._ahead = known[count:]
        return known[:count]

    def _draw(self) -> Column:
        steps = self.stream.standard_exponential(_BATCH)
        steps[0] += self._reached
        counts = np.cumsum(steps)
        self._reached = float(counts[-1])
        self._ended = self._reached > self.intensity.total
        return self.intensity.moments_us(counts[counts <= self.intensity.total])


@dataclass(slots=True)
class FixedSource:
    """Arrivals whose moments are known, in order."""

    moments_us: Column
    _next: int = 0

    def until(self, moment_us: int) -> Column:
        """Return the arrivals before *moment_us* that have not been returned yet."""
        first, self._next = self._next, int(np.searchsorted(self.moments_us, moment_us, side="left"))
        return self.moments_us[first : self._next]


Source = PoissonSource | FixedSource


def poisson_intensity(arrivals: Poisson, span: Span, load: float) -> Intensity:
    """Return the intensity of *arrivals* in a span, with its profile, factors and scale.

    The mean over a week of ordinary days is ``per_day``, whatever the weights add up to.
    """
    knots = sorted({span.starts_us, span.horizon_us, *_profile_knots(arrivals, span)})
    week = [arrivals.profile.week.get(day, 1.0) for day in WEEKDAYS]
    mean = sum(week) / 7 * _mean_of_day(arrivals.profile)
    rates = [
        arrivals.per_day * arrivals.scale * load / _DAY_US / mean * _weight(arrivals, knot, span.zone)
        for knot in knots[:-1]
    ]
    lengths = np.diff(np.array(knots, np.int64)).astype(float)
    expected = np.concatenate([[0.0], np.cumsum(np.array(rates) * lengths)])
    return Intensity(np.array(knots, float), expected)


def flash_moments_us(flash: Flash, span: Span, load: float, stream: Generator) -> Column:
    """Return when the people of a crowd come; each beginning of the crowd draws its own.

    How late somebody comes is exponential with the given half-life; the number of people is exact.
    """
    mean_us = parse_duration_us(flash.half_life) / np.log(2)
    count = round(flash.count * flash.scale * load)
    moments = [
        begins_us + np.rint(stream.exponential(mean_us, count)).astype(np.int64)
        for begins_us in _beginnings(flash, span)
    ]
    known = np.sort(np.concatenate([np.empty(0, np.int64), *moments]))
    return known[(known >= span.starts_us) & (known < span.horizon_us)]


def scaled_moments_us(moments_us: Column, factor: float, stream: Generator) -> Column:
    """Return known arrivals *factor* times: each as often as the factor says, the rest of it by chance."""
    whole = int(factor)
    extra = stream.random(len(moments_us)) < factor - whole
    return np.repeat(moments_us, whole + extra)


def _profile_knots(arrivals: Poisson, span: Span) -> Iterator[int]:
    """Yield the moments at which the rate may change."""
    of_days = (span.local_us(day, text) for day in span.days() for text in arrivals.profile.day)
    of_factors = (
        parse_local(text, span.zone) for factor in arrivals.factors for text in (factor.start, factor.end)
    )
    for moment_us in (*of_days, *of_factors):
        if span.starts_us < moment_us < span.horizon_us:
            yield moment_us


def _weight(arrivals: Poisson, moment_us: int, zone: str) -> float:
    local = local_time(moment_us, zone)
    minute = local.hour * 60 + local.minute
    profile = arrivals.profile
    of_day = [weight for text, weight in profile.day.items() if parse_hour(text) <= minute][-1]
    weight = of_day * profile.week.get(WEEKDAYS[local.weekday()], 1.0)
    for factor in arrivals.factors:
        weight *= factor.times if _applies(factor, moment_us, zone) else 1.0
    return weight


def _applies(factor: Factor, moment_us: int, zone: str) -> bool:
    return parse_local(factor.start, zone) <= moment_us < parse_local(factor.end, zone)


def _mean_of_day(profile: Profile) -> float:
    minutes = [*(parse_hour(text) for text in profile.day), 24 * 60]
    lengths = np.diff(minutes)
    return float(np.dot(lengths, list(profile.day.values())) / (24 * 60))


def _beginnings(flash: Flash, span: Span) -> Sequence[int]:
    if not flash.daily:
        return [parse_local(flash.start, span.zone)]
    return [span.local_us(day, flash.start) for day in span.days(before=0, after=0)]
