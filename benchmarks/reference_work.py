"""The work that benchmarks/engines.py gives every engine: five stations, two routes, eight steps a request.

Both routes come back to stations that they have left, so no station can be played before another. Over the
two routes a request visits each station in proportion to its servers, so at one request every 12.5 s and 50 s
a step every station is exactly 80 % busy in the mean.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]

STATIONS = ("portal", "certificate check", "gateway", "provider workstation", "registry")
SERVERS = (13, 3, 7, 15, 2)
ROUTES = ((0, 1, 0, 2, 3, 3, 3, 0), (3, 2, 4, 3, 0, 2, 3, 0))
SHARES = (60, 40)
"""Of a hundred requests, how many take each route."""
STEPS = 8
GAP_S = 12.5
"""The mean time between two arrivals; the times between them are exponential."""
SERVICE_S = (10, 90)
"""Every step lasts a time between these, all equally likely."""
SEED = 20130515
COLUMNS = ("case", "step", "station", "arrive_us", "start_us", "end_us")
"""One row for each step of each request; rows are in order of case, then step."""


class AbsentError(Exception):
    """An engine cannot run here; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Work:
    """All that chance decides, drawn once: arrivals of cases, and station and service time of every step."""

    arrive_us: Numbers
    station: Numbers
    service_us: Numbers

    @property
    def requests(self) -> int:
        """Return how many requests arrive."""
        return len(self.arrive_us)


@dataclass(frozen=True, slots=True)
class Prepared:
    """An engine that is ready: the clock runs round *run* alone, and *read* makes rows of what it returns.

    *compile_s* is the processor time, in seconds, that it took to make the engine itself. *own_s* tells how
    much of the time of *run* is the engine's, if not all of it.
    """

    run: Callable[[], Any]
    read: Callable[[Any], Numbers]
    compile_s: float = 0.0
    own_s: Callable[[], float] | None = None


def draw(requests: int, seed: int = SEED) -> Work:
    """Draw the work of *requests* requests."""
    stream = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
    gaps_us = np.rint(stream.exponential(GAP_S * 1e6, requests)).astype(np.int64)
    takes = np.searchsorted(np.cumsum(SHARES), stream.integers(0, sum(SHARES), requests), side="right")
    least_us, most_us = (s * 1_000_000 for s in SERVICE_S)
    return Work(
        arrive_us=np.cumsum(gaps_us),
        station=np.array(ROUTES, dtype=np.int64)[takes],
        service_us=stream.integers(least_us, most_us, (requests, STEPS), endpoint=True),
    )


def loads() -> tuple[Fraction, ...]:
    """Return the share of time that the servers of each station work, in the mean."""
    rate = 1 / Fraction(GAP_S)
    visits = [
        sum(
            Fraction(share, sum(SHARES)) * route.count(station)
            for route, share in zip(ROUTES, SHARES, strict=True)
        )
        for station in range(len(STATIONS))
    ]
    service_s = Fraction(sum(SERVICE_S), 2)
    return tuple(rate * count * service_s / servers for count, servers in zip(visits, SERVERS, strict=True))


def rows_of_work(work: Work, arrive_us: Numbers, start_us: Numbers, end_us: Numbers) -> Numbers:
    """Return the rows of engines that keep one time for each case and step, in this order."""
    steps = np.arange(work.requests * STEPS)
    times = (np.ravel(times) for times in (arrive_us, start_us, end_us))
    return np.column_stack((steps // STEPS, steps % STEPS, work.station.ravel(), *times))


def rows_of_tuples(rows: Sequence[tuple[float, ...]]) -> Numbers:
    """Return the rows of engines that write tuples in the order in which steps end."""
    table = np.array(rows, dtype=np.int64)
    return table[np.lexsort((table[:, 1], table[:, 0]))]


def count_unlike(rows: Numbers, oracle: Numbers) -> int:
    """Return how many rows differ in any column; one that is missing or too many differs."""
    common = min(len(rows), len(oracle))
    return int((rows[:common] != oracle[:common]).any(axis=1).sum()) + abs(len(rows) - len(oracle))


def mean_wait_s(rows: Numbers) -> float:
    """Return how long a step waits for a server, in the mean, in seconds."""
    return float((rows[:, 4] - rows[:, 3]).mean() / 1e6)
