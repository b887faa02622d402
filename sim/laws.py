"""Laws of service times: constant, uniform, triangular, and lognormal by two of its percentiles."""

import math
from statistics import NormalDist

import msgspec
from numpy.random import Generator

from conformance.errors import UnfitValue
from sim.durations import MAX_DURATION_US, parse_duration_us

_Z95 = NormalDist().inv_cdf(0.95)


class _Law(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="law"):
    """Base of the laws; every field is a duration as text."""

    def __post_init__(self) -> None:
        """Refuse bounds that are not in rising order."""
        values = [parse_duration_us(text) for text in msgspec.structs.astuple(self)]
        if values != sorted(values):
            raise UnfitValue(" > ".join(map(str, msgspec.structs.astuple(self))), "durations in rising order")


class Constant(_Law, frozen=True, kw_only=True, tag="constant"):
    """Always the same time."""

    value: str


class Uniform(_Law, frozen=True, kw_only=True, tag="uniform"):
    """Any time between two bounds."""

    low: str
    high: str


class Triangular(_Law, frozen=True, kw_only=True, tag="triangular"):
    """A time between two bounds, most often near *mode*."""

    low: str
    mode: str
    high: str


class LogNormal(_Law, frozen=True, kw_only=True, tag="lognormal"):
    """A skewed time, given by its median and its 95th percentile."""

    p50: str
    p95: str


Law = Constant | Uniform | Triangular | LogNormal


def draw_us(law: Law, stream: Generator) -> int:
    """Draw one service time in whole microseconds; a lognormal one is cut at the longest duration."""
    match law:
        case Constant(value=value):
            return parse_duration_us(value)
        case Uniform(low=low, high=high):
            return round(stream.uniform(parse_duration_us(low), parse_duration_us(high)))
        case Triangular(low=low, mode=mode, high=high):
            bounds = (parse_duration_us(low), parse_duration_us(mode), parse_duration_us(high))
            return bounds[0] if bounds[0] == bounds[2] else round(stream.triangular(*bounds))
        case LogNormal(p50=p50, p95=p95):
            median = math.log(max(1, parse_duration_us(p50)))
            spread = (math.log(max(1, parse_duration_us(p95))) - median) / _Z95
            return round(min(stream.lognormal(median, spread), MAX_DURATION_US))
