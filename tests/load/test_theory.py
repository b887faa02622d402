"""The compiled engine against queueing theory: theory lies in a 95 % interval no wider than 2 % each way."""

import pytest

from tests.sim.load.theory import (
    Queues,
    cobham_waits_s,
    erlang_c_wait_s,
    pollaczek_khinchine_wait_s,
    waits_of,
)

pytestmark = pytest.mark.xdist_group("the compiled loop")

NARROW = 0.02


def require(waits, theory):
    for name, mean_s in theory.items():
        interval = waits.interval(name)
        assert mean_s in interval, (name, mean_s, interval)
        assert interval.width < NARROW, (name, interval.width)


@pytest.mark.parametrize(
    ("load", "replications", "cases", "warm_up"),
    [(0.5, 40, 40_000, 1_000), (0.8, 80, 60_000, 3_000), (0.95, 100, 200_000, 20_000)],
)
def test_three_servers_keep_to_erlang_c(load, replications, cases, warm_up):
    queues = Queues((3,), (1 / (3 * load),))

    waits = waits_of(queues, seed=1, replications=replications, cases=cases, warm_up=warm_up)

    require(waits, {0: erlang_c_wait_s(3, load)})


def test_services_of_fixed_length_keep_to_pollaczek_and_khinchine():
    queues = Queues((1,), (1 / 0.7,), fixed=True)

    waits = waits_of(queues, seed=2, replications=20, cases=40_000, warm_up=2_000)

    require(waits, {0: pollaczek_khinchine_wait_s(0.7, 0)})


def test_a_tandem_keeps_to_theory_at_both_stations():
    """By Burke's theorem the second station sees arrivals like those of the first."""
    queues = Queues((2, 1), (1 / 0.7,))

    waits = waits_of(queues, seed=3, replications=20, cases=60_000, warm_up=2_000)

    require(waits, {0: erlang_c_wait_s(2, 0.35), 1: erlang_c_wait_s(1, 0.7)})


def test_two_priorities_keep_to_cobham():
    queues = Queues((1,), (1 / 0.3, 1 / 0.4))

    waits = waits_of(queues, seed=4, replications=40, cases=60_000, warm_up=2_000)

    require(waits, dict(enumerate(cobham_waits_s((0.3, 0.4)))))
