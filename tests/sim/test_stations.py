import heapq
from itertools import pairwise

import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.stations import Station


def served(requests, servers):
    """Play *requests* (arrival, service time, case, step) in the order given: (start, server) by request."""
    env = simpy.Environment()
    station = Station(env, "desk", servers)
    found = {}

    def visit(arrival, service, case, step):
        yield env.timeout(arrival)
        server = yield from station.acquire(case, step)
        found[case, step] = (env.now, server)
        yield env.timeout(service)
        station.release(server)

    for request in requests:
        env.process(visit(*request))
    env.run()
    assert station.waiting == 0
    return found


def reference(requests, servers):
    """Say when each request is served, without SimPy: in the order of (moment, case, step)."""
    free_at = [0] * servers
    starts = {}
    for arrival, service, case, step in sorted(requests, key=lambda r: (r[0], r[2], r[3])):
        start = max(arrival, heapq.heappop(free_at))
        heapq.heappush(free_at, start + service)
        starts[case, step] = start
    return starts


def test_with_one_server_the_second_waits_for_the_first():
    found = served([(0, 10, "a", "P1"), (3, 10, "b", "P1")], 1)

    assert found == {("a", "P1"): (0, "desk-1"), ("b", "P1"): (10, "desk-1")}


def test_with_two_servers_nobody_waits():
    found = served([(0, 10, "a", "P1"), (3, 10, "b", "P1")], 2)

    assert found == {("a", "P1"): (0, "desk-1"), ("b", "P1"): (3, "desk-2")}


def test_without_a_limit_nobody_ever_waits():
    found = served([(0, 10, str(n), "P1") for n in range(50)], None)

    assert set(found.values()) == {(0, "desk")}


def test_who_comes_first_is_served_first():
    found = served([(0, 10, "z", "P1"), (1, 10, "b", "P1"), (2, 10, "a", "P1")], 1)

    assert [start for start, _ in (found["z", "P1"], found["b", "P1"], found["a", "P1"])] == [0, 10, 20]


def test_a_server_that_gets_free_at_a_moment_serves_the_first_of_that_moment():
    found = served([(0, 10, "z", "P1"), (10, 5, "b", "P1"), (10, 5, "a", "P1")], 1)

    assert (found["a", "P1"][0], found["b", "P1"][0]) == (10, 15)


def test_equal_cases_break_by_the_step():
    found = served([(0, 10, "a", "P6"), (0, 10, "a", "P1")], 1)

    assert (found["a", "P1"][0], found["a", "P6"][0]) == (0, 10)


def test_equal_keys_are_served_in_the_order_of_asking():
    env = simpy.Environment()
    station = Station(env, "desk", 1)
    order = []

    def visit(name):
        server = yield from station.acquire("same", "P1")
        order.append(name)
        yield env.timeout(1)
        station.release(server)

    for name in range(5):
        env.process(visit(name))
    env.run()

    assert order == [0, 1, 2, 3, 4]


def test_a_moment_is_over_only_after_its_last_event():
    """Whoever comes from a step that took no time has come in the same moment."""
    env = simpy.Environment()
    station = Station(env, "desk", 1)
    order = []

    def visit(case, detours):
        yield env.timeout(5)
        for _ in range(detours):
            yield env.timeout(0)
        server = yield from station.acquire(case, "P1")
        order.append(case)
        yield env.timeout(1)
        station.release(server)

    env.process(visit("b", 0))
    env.process(visit("a", 3))
    env.run()

    assert order == ["a", "b"]


def test_the_queue_can_be_counted():
    env = simpy.Environment()
    station = Station(env, "desk", 1)

    def visit(case):
        server = yield from station.acquire(case, "P1")
        yield env.timeout(10)
        station.release(server)

    for case in "abc":
        env.process(visit(case))
    env.run(until=5)

    assert station.waiting == 2


def test_a_name_with_hyphens_keeps_its_servers_apart():
    env = simpy.Environment()
    station = Station(env, "front-desk-2", 1)

    def visit():
        server = yield from station.acquire("a", "P1")
        assert server == "front-desk-2-1"
        station.release(server)
        assert (yield from station.acquire("a", "P1")) == server

    env.process(visit())
    env.run()


times = st.integers(0, 30)
keys = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(["P1", "P6"])), unique=True, max_size=14
)


@st.composite
def crowds(draw, services=times):
    return [(draw(times), draw(services), case, step) for case, step in draw(keys)]


@settings(deadline=None, max_examples=150)
@given(crowds(), st.integers(1, 4))
def test_waiting_is_that_of_a_queue(requests, servers):
    found = {key: start for key, (start, _) in served(requests, servers).items()}

    assert found == reference(requests, servers)


@settings(deadline=None, max_examples=100)
@given(crowds(), st.integers(1, 3), st.randoms(use_true_random=False))
def test_the_order_of_creation_changes_nothing(requests, servers, random):
    shuffled = random.sample(requests, len(requests))

    assert served(shuffled, servers) == served(requests, servers)


@settings(deadline=None, max_examples=80)
@given(crowds(st.integers(1, 30)), st.integers(1, 3))
def test_no_server_serves_two_at_once(requests, servers):
    length = {(case, step): service for _, service, case, step in requests}
    by_server = {}
    for key, (start, server) in served(requests, servers).items():
        by_server.setdefault(server, []).append((start, start + length[key]))

    assert len(by_server) <= servers
    for visits in by_server.values():
        visits.sort()
        assert all(one[1] <= two[0] for one, two in pairwise(visits))


@pytest.mark.parametrize("servers", [1, 2, 3])
def test_nobody_is_forgotten_in_a_long_queue(servers):
    requests = [(n // 7, 3, f"case-{n:04}", "P1") for n in range(600)]

    found = served(requests, servers)

    assert {key: start for key, (start, _) in found.items()} == reference(requests, servers)
