"""Times counted in places whose width grows with the time: no memory per time, percentiles to 1 in 1000.

A time t lies at place t up to 1024 us. Beyond, t + 1024 is written in binary and all but its first eleven
digits are dropped: places are 2 us wide up to 3 ms, 4 us up to 7 ms, and so on. Each stands for its middle,
which is less than t / 1024 away. Source: G. Tene, HdrHistogram (log-linear counting).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from sim.load.blocks import Column
from sim.load.exact_sums import ExactSums
from sim.load.packing import packed, unpacked

_DIGITS = 10
_EXACT = 1 << _DIGITS
_MANTISSA = 52
_FIRST = (1023 + _DIGITS) << _DIGITS
"""What the exponent and ten digits of a float64 say for 1024, which is the time 0."""


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """Times as they were counted: *counts* of the *places* that have any, both packed; the rest is exact."""

    count: int
    total_us: int
    max_us: int
    places: bytes
    counts: bytes

    def quantile_us(self, percent: float) -> int | None:
        """Return the nearest rank: the time at rank ceil(*percent* of the count) from below; None: no time.

        It is exact up to 1024 us and less than one in 1024 away beyond. The last rank is exact.
        """
        if not self.count:
            return None
        rank = max(1, math.ceil(percent * self.count / 100))
        if rank >= self.count:
            return self.max_us
        ends = np.cumsum(unpacked(self.counts))
        place = unpacked(self.places)[int(np.searchsorted(ends, rank))]
        return min(self.max_us, int(_middles(np.array([place]))[0]))

    @property
    def mean_us(self) -> float | None:
        """Return the exact mean; None: no time."""
        return self.total_us / self.count if self.count else None


@dataclass(slots=True)
class Histograms:
    """A histogram for each key, side by side: *counts* has a row for each and grows with the longest time."""

    counts: Any
    longest_us: Column
    sums: ExactSums

    @classmethod
    def empty(cls, keys: int) -> "Histograms":
        """Return histograms without a time."""
        return cls(np.zeros((keys, _EXACT), np.int64), np.full(keys, -1, np.int64), ExactSums.zero(keys))

    def add(self, keys: Any, times_us: Column) -> None:
        """Count times of at least 0, each under its key."""
        if not len(times_us):
            return
        places = places_of(times_us)
        width = int(places.max()) + 1
        if width > self.counts.shape[1]:
            self.counts = np.pad(self.counts, ((0, 0), (0, width - self.counts.shape[1])))
        places += keys * self.counts.shape[1]
        np.add.at(self.counts.reshape(-1), places, 1)
        np.maximum.at(self.longest_us, keys, times_us)
        self.sums.add(keys, times_us)

    def tallies(self) -> tuple[Tally, ...]:
        """Return what was counted, by key."""
        totals = self.sums.totals()
        return tuple(
            _tally(row, totals[key], int(self.longest_us[key])) for key, row in enumerate(self.counts)
        )


def merged(tallies: Iterable[Tally]) -> Tally:
    """Return the times of several tallies as one."""
    parts = [tally for tally in tallies if tally.count]
    places = [unpacked(tally.places) for tally in parts]
    row = np.zeros(1 + max((int(own[-1]) for own in places), default=0), np.int64)
    for own, tally in zip(places, parts, strict=True):
        row[own] += unpacked(tally.counts)
    longest_us = max((tally.max_us for tally in parts), default=-1)
    return _tally(row, sum(tally.total_us for tally in parts), longest_us)


def places_of(times_us: Column) -> Column:
    """Return the place of each time of 0 to 2**52 us."""
    # Numbers below 2**53 are exact as float64, whose digits are already in the order wanted.
    return ((times_us + _EXACT).astype(np.float64).view(np.int64) >> (_MANTISSA - _DIGITS)) - _FIRST


def _middles(places: Column) -> Column:
    """Return the time in the middle of each place."""
    shift = places >> _DIGITS
    first = ((_EXACT + (places & (_EXACT - 1))) << shift) - _EXACT
    return np.asarray(first + ((1 << shift) - 1) // 2, np.int64)


def _tally(row: Column, total_us: int, longest_us: int) -> Tally:
    places = np.flatnonzero(row)
    return Tally(
        count=int(row.sum()),
        total_us=total_us,
        max_us=longest_us,
        places=packed(places),
        counts=packed(row[places]),
    )
