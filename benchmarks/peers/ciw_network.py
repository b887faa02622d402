"""The reference work in Ciw as its documentation teaches it: two classes of customers, each with a route.

Source: https://ciw.readthedocs.io, guides "multiple classes of customer" and "process-based routing". Ciw
draws for itself, in seconds; its records are the rows.
"""

from typing import Any

import ciw  # type: ignore[import-untyped] # Ciw has no types
import numpy as np

from benchmarks.reference_work import (
    GAP_S,
    ROUTES,
    SEED,
    SERVERS,
    SERVICE_S,
    SHARES,
    Numbers,
    Prepared,
    Work,
    rows_of_tuples,
)

CLASSES = ("portal path", "provider path")


def prepare(work: Work) -> Prepared:
    """Describe the network; of *work* only the number of requests counts."""
    network = ciw.create_network(
        arrival_distributions=dict(zip(CLASSES, map(_arrivals, ROUTES, SHARES), strict=True)),
        service_distributions={name: [ciw.dists.Uniform(*SERVICE_S) for _ in SERVERS] for name in CLASSES},
        number_of_servers=list(SERVERS),
        routing=dict(zip(CLASSES, map(_routing, ROUTES), strict=True)),
    )

    def run() -> list[Any]:
        ciw.seed(SEED)
        simulation = ciw.Simulation(network)
        simulation.simulate_until_max_customers(work.requests, method="Finish")
        records: list[Any] = simulation.get_all_records()
        return records

    return Prepared(run, read)


def read(records: list[Any]) -> Numbers:
    """Return Ciw's records as rows; a case's steps are numbered in the order in which it came to them."""
    times = np.array([(r.arrival_date, r.service_start_date, r.service_end_date) for r in records])
    times_us = np.rint(times * 1e6).astype(np.int64).tolist()
    steps: dict[int, int] = {}
    rows = []
    for place in sorted(range(len(records)), key=lambda place: times_us[place][0]):
        case = records[place].id_number
        steps[case] = steps.get(case, -1) + 1
        rows.append((case, steps[case], records[place].node - 1, *times_us[place]))
    return rows_of_tuples(rows)


def _arrivals(route: tuple[int, ...], share: int) -> list[Any]:
    rate = share / sum(SHARES) / GAP_S
    return [ciw.dists.Exponential(rate) if station == route[0] else None for station in range(len(SERVERS))]


def _routing(route: tuple[int, ...]) -> Any:
    return ciw.routing.ProcessBased(lambda _ind, _simulation: [station + 1 for station in route[1:]])
