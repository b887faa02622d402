"""The reference work in salabim as its manual teaches it: components that claim resources.

Source: https://www.salabim.org/manual, chapter "Resource", example "bank, 3 clerks (resources)". It draws
for itself, in seconds. It is measured twice: as the manual's examples stand (without `yield`, monitors on),
and in its leanest form (with `yield`, the monitors of the resources off).
"""

from collections.abc import Generator
from typing import Any

import numpy as np
import salabim as sim  # type: ignore[import-not-found] # only with the extra `bench`

from benchmarks.reference_work import (
    GAP_S,
    ROUTES,
    SEED,
    SERVERS,
    SERVICE_S,
    SHARES,
    STATIONS,
    Numbers,
    Prepared,
    Work,
    rows_of_tuples,
)

Row = tuple[int, int, int, float, float, float]


class Day:
    """The stations and laws of one run, and the rows that it writes."""

    def __init__(self, *, monitor: bool) -> None:
        self.stations = [
            sim.Resource(name, capacity=servers, monitor=monitor)
            for name, servers in zip(STATIONS, SERVERS, strict=True)
        ]
        self.gap = sim.Exponential(GAP_S)
        self.service = sim.Uniform(*SERVICE_S)
        self.route = sim.Pdf((0, SHARES[0], 1, SHARES[1]))
        self.rows: list[Row] = []


class Customer(sim.Component):  # type: ignore[misc] # salabim has no types
    """A request, without `yield`."""

    def setup(self, case: int, day: Day) -> None:
        """Keep what the process needs."""
        self.case, self.day = case, day

    def process(self) -> None:
        """Go from station to station."""
        day = self.day
        for step, station in enumerate(ROUTES[day.route.sample()]):
            arrive = self.env.now()
            self.request(day.stations[station])
            start = self.env.now()
            self.hold(day.service.sample())
            self.release(day.stations[station])
            day.rows.append((self.case, step, station, arrive, start, self.env.now()))


class CustomerGenerator(sim.Component):  # type: ignore[misc] # salabim has no types
    """The arrivals, without `yield`."""

    def setup(self, requests: int, day: Day) -> None:
        """Keep what the process needs."""
        self.requests, self.day = requests, day

    def process(self) -> None:
        """Let the requests arrive."""
        for case in range(self.requests):
            self.hold(self.day.gap.sample())
            Customer(case=case, day=self.day)


class YieldingCustomer(Customer):
    """A request, with `yield`."""

    def process(self) -> Generator[Any, Any, None]:  # type: ignore[override] # what salabim calls a process
        """Go from station to station."""
        day = self.day
        for step, station in enumerate(ROUTES[day.route.sample()]):
            arrive = self.env.now()
            yield self.request(day.stations[station])
            start = self.env.now()
            yield self.hold(day.service.sample())
            self.release(day.stations[station])
            day.rows.append((self.case, step, station, arrive, start, self.env.now()))


class YieldingGenerator(CustomerGenerator):
    """The arrivals, with `yield`."""

    def process(self) -> Generator[Any, Any, None]:  # type: ignore[override] # what salabim calls a process
        """Let the requests arrive."""
        for case in range(self.requests):
            yield self.hold(self.day.gap.sample())
            YieldingCustomer(case=case, day=self.day)


def prepare(work: Work) -> Prepared:
    """Make the model as the manual teaches it; of *work* only the number of requests counts."""
    return _prepared(work, CustomerGenerator, yieldless=True, monitor=True)


def prepare_lean(work: Work) -> Prepared:
    """Make the leanest model that salabim offers."""
    return _prepared(work, YieldingGenerator, yieldless=False, monitor=False)


def _prepared(work: Work, generator: type[sim.Component], *, yieldless: bool, monitor: bool) -> Prepared:
    def run() -> list[Row]:
        env = sim.Environment(random_seed=SEED, yieldless=yieldless)
        day = Day(monitor=monitor)
        generator(requests=work.requests, day=day)
        env.run()
        return day.rows

    return Prepared(run, read)


def read(rows: list[Row]) -> Numbers:
    """Return the rows in microseconds."""
    return rows_of_tuples([(*row[:3], *(int(np.rint(moment * 1e6)) for moment in row[3:])) for row in rows])
