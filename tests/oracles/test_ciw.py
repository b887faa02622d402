"""The compiled engine and Ciw on the same queues, each with draws of its own: their intervals overlap."""

import ciw
import pytest

from tests.sim.load.theory import Queues, Waits, waits_of

REPLICATIONS, UNTIL_S, WARM_UP_S = 20, 1_500, 200


def ciw_waits(servers, arrivals_s):
    """Return Ciw's mean waits at a line of stations with exponential arrivals and services of one second."""
    number = len(servers)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(1 / arrivals_s), *(None,) * (number - 1)],
        service_distributions=[ciw.dists.Exponential(1.0)] * number,
        routing=[[float(to == at + 1) for to in range(number)] for at in range(number)],
        number_of_servers=list(servers),
    )
    found = Waits()
    for seed in range(REPLICATIONS):
        ciw.seed(seed)
        simulation = ciw.Simulation(network)
        simulation.simulate_until_max_time(UNTIL_S)
        records = [record for record in simulation.get_all_records() if record.arrival_date > WARM_UP_S]
        for station in range(number):
            waits = [record.waiting_time for record in records if record.node == station + 1]
            found.add(station, sum(waits) / len(waits))
    return found


@pytest.mark.parametrize("servers", [(3,), (2, 1)], ids=["three servers", "a tandem"])
def test_ciw_finds_the_same_waits(servers, record_property):
    arrivals_s = 1 / (0.7 * min(servers))

    theirs = ciw_waits(servers, arrivals_s)
    ours = waits_of(Queues(servers, (arrivals_s,)), seed=6, replications=20, cases=20_000, warm_up=1_000)

    for station in range(len(servers)):
        one, other = theirs.interval(station), ours.interval(station)
        record_property(
            "heard",
            f"ciw: {one.mean:.3f} +- {one.half_width:.3f}, ours {other.mean:.3f} +- {other.half_width:.3f} s",
        )
        assert abs(one.mean - other.mean) <= one.half_width + other.half_width
        assert one.width < 0.15
