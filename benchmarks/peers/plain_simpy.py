"""The reference work in SimPy as its documentation teaches it: a process for each request, and its Resource.

Source: https://simpy.readthedocs.io, topical guide "Shared Resources", example "Bank Renege". It draws
nothing: the inputs are lists, which SimPy's processes read faster than arrays. It is also the oracle: other
hands wrote the event queue and the stations.
"""

from collections.abc import Generator, Sequence
from typing import Any

import simpy

from benchmarks.reference_work import SERVERS, Prepared, Work, rows_of_tuples

Row = tuple[int, int, int, float, float, float]


def prepare(work: Work) -> Prepared:
    """Lay out the inputs of *work* as lists."""
    arrivals = work.arrive_us.tolist()
    routes = work.station.tolist()
    services = work.service_us.tolist()

    def run() -> list[Row]:
        env = simpy.Environment()
        stations = [simpy.Resource(env, servers) for servers in SERVERS]
        rows: list[Row] = []
        env.process(source(env, stations, (arrivals, routes, services), rows))
        env.run()
        return rows

    return Prepared(run, rows_of_tuples)


def source(
    env: simpy.Environment,
    stations: list[simpy.Resource],
    inputs: tuple[list[int], list[list[int]], list[list[int]]],
    rows: list[Row],
) -> Generator[simpy.Event, Any, None]:
    """Let the requests arrive."""
    for case, (arrive, route, services) in enumerate(zip(*inputs, strict=True)):
        yield env.timeout(arrive - env.now)
        env.process(request(env, stations, case, (route, services), rows))


def request(
    env: simpy.Environment,
    stations: list[simpy.Resource],
    case: int,
    steps: tuple[Sequence[int], Sequence[int]],
    rows: list[Row],
) -> Generator[simpy.Event, Any, None]:
    """Go from station to station, and write a row at the end of each step."""
    for step, (station, service) in enumerate(zip(*steps, strict=True)):
        arrive = env.now
        with stations[station].request() as turn:
            yield turn
            start = env.now
            yield env.timeout(service)
        rows.append((case, step, station, arrive, start, env.now))
