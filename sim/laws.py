"""Laws of service times: constant, uniform, triangular, lognormal, exponential, gamma, measured quantiles."""

import math
from statistics import NormalDist
from typing import Any

import msgspec
import numpy as np
from numpy.random import Generator

from conformance.errors import UnfitValue
from sim.durations import MAX_DURATION_US, parse_duration_us

_Z95 = NormalDist().inv_cdf(0.95)


class _Law(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="law"):
    """Base of the laws."""


class _Bounded(_Law, frozen=True, kw_only=True):
    """Base of the laws whose fields are all durations, as text."""

    def __post_init__(self) -> None:
        """Refuse bounds that are not in rising order."""
        values = [parse_duration_us(text) for text in msgspec.structs.astuple(self)]
        if values != sorted(values):
            raise UnfitValue(" > ".join(map(str, msgspec.structs.astuple(self))), "durations in rising order")


class Constant(_Bounded, frozen=True, kw_only=True, tag="constant"):
    """Always the same time."""

    value: str


class Uniform(_Bounded, frozen=True, kw_only=True, tag="uniform"):
    """Any time between two bounds."""

    low: str
    high: str


class Triangular(_Bounded, frozen=True, kw_only=True, tag="triangular"):
    """A time between two bounds, most often near *mode*."""

    low: str
    mode: str
    high: str


class LogNormal(_Bounded, frozen=True, kw_only=True, tag="lognormal"):
    """A skewed time, given by its median and its 95th percentile."""

    p50: str
    p95: str


class Exponential(_Bounded, frozen=True, kw_only=True, tag="exponential"):
    """A time without memory, given by its mean."""

    mean: str


class Gamma(_Law, frozen=True, kw_only=True, tag="gamma"):
    """A time given by its mean and coefficient of variation *cv*; below 1 it is steadier than exponential."""

    mean: str
    cv: float

    def __post_init__(self) -> None:
        """Refuse a mean that is no duration, and a variation that is none or out of all measure."""
        parse_duration_us(self.mean)
        if not 0.01 <= self.cv <= 10:
            raise UnfitValue(f"the coefficient of variation {self.cv}", "0.01 to 10")


class Quantiles(_Law, frozen=True, kw_only=True, tag="quantiles"):
    """A measured time: *values* are its quantiles, evenly spaced from the least to the greatest."""

    values: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse quantiles that are not in rising order."""
        values = [parse_duration_us(text) for text in self.values]
        if not 2 <= len(values) <= 10_000 or values != sorted(values):
            raise UnfitValue(f"{len(values)} quantiles", "2 to 10000 durations in rising order")


Law = Constant | Uniform | Triangular | LogNormal | Exponential | Gamma | Quantiles


def draw_us(law: Law, stream: Generator) -> int:
    """Draw one service time in whole microseconds; none is longer than the longest duration."""
    match law:
        case Constant(value=value):
            return parse_duration_us(value)
        case Uniform(low=low, high=high):
            return round(stream.uniform(parse_duration_us(low), parse_duration_us(high)))
        case Triangular(low=low, mode=mode, high=high):
            bounds = (parse_duration_us(low), parse_duration_us(mode), parse_duration_us(high))
            return bounds[0] if bounds[0] == bounds[2] else round(stream.triangular(*bounds))
        case LogNormal():
            return round(min(stream.lognormal(*_logarithms(law)), MAX_DURATION_US))
        case _:
            return int(draw_many_us(law, stream, 1)[0])


def draw_many_us(law: Law, stream: Generator, count: int) -> Any:
    """Draw *count* service times as an array of int64; none is longer than the longest duration.

    They are the same numbers whether they are drawn at once or in pieces.
    """
    match law:
        case Constant(value=value):
            return np.full(count, parse_duration_us(value), np.int64)
        case Uniform(low=low, high=high):
            drawn = stream.uniform(parse_duration_us(low), parse_duration_us(high), count)
        case Triangular(low=low, mode=mode, high=high):
            bounds = (parse_duration_us(low), parse_duration_us(mode), parse_duration_us(high))
            if bounds[0] == bounds[2]:
                return np.full(count, bounds[0], np.int64)
            drawn = stream.triangular(*bounds, count)
        case LogNormal():
            drawn = stream.lognormal(*_logarithms(law), count)
        case Exponential(mean=mean):
            drawn = stream.exponential(parse_duration_us(mean), count)
        case Gamma(mean=mean, cv=cv):
            drawn = stream.gamma(1 / cv**2, parse_duration_us(mean) * cv**2, count)
        case Quantiles(values=values):
            known = [parse_duration_us(text) for text in values]
            drawn = np.interp(stream.random(count) * (len(known) - 1), np.arange(len(known)), known)
    return np.rint(np.minimum(drawn, MAX_DURATION_US)).astype(np.int64)


def _logarithms(law: LogNormal) -> tuple[float, float]:
    """Return mean and deviation of the logarithm of a lognormal time in microseconds."""
    median = math.log(max(1, parse_duration_us(law.p50)))
    return median, (math.log(max(1, parse_duration_us(law.p95))) - median) / _Z95
