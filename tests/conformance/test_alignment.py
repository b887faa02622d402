"""The cheapest explanation of a route: what each fault is called, what it costs, that nothing is cheaper."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.alignment import MOST_WORK, Process, explain_route, fits, work_of
from conformance.context import Graph
from tests.conformance.fragments import CONTEXT

PORTAL = CONTEXT.graphs["S1", "portal"]
WHOLE, BEGUN = Process(PORTAL), Process(PORTAL, unfinished=True)


def told(route, process=WHOLE):
    found = explain_route(route.split(), process)
    return found.cost, [" ".join((move.kind, *move.steps)) for move in found.moves if move.kind != "fits"]


@pytest.mark.parametrize(
    ("route", "cost", "moves"),
    [
        ("P1 P3 P5 P6 P8", 0, []),
        ("P1 P3 P5 P8", 1, ["skipped P6"]),
        ("P3 P5 P6 P8", 1, ["skipped P1"]),
        ("P1 P3 P5 V6 P6 P8", 1, ["inserted V6"]),
        ("P1 P4 P3 P5 P6 P8", 1, ["inserted P4"]),
        ("P1 P3 P6 P5 P8", 2, ["swapped P6 P5"]),
        ("P3 P1 P5 P6 P8", 2, ["swapped P3 P1"]),
        ("P1 P3 P5 P8 P6", 2, ["swapped P8 P6"]),
        ("P1 P1 P1 P3 P5 P6 P8", 2, ["repeated P1", "repeated P1"]),
        ("P1 P3 P5 P6 P5 P8", 1, ["repeated P5"]),
        ("P1 P3 P5 P6 P8 P8", 1, ["repeated P8"]),
        ("P1 P3 P5 P6 P8 P7", 1, ["after_end P7"]),
        ("P1 P3 P5 P6 P8 P1 P3", 2, ["after_end P1", "after_end P3"]),
        ("P1 P5 P3 P6 P6 P8 P7", 4, ["swapped P5 P3", "repeated P6", "after_end P7"]),
        ("X", 3, ["inserted X", "skipped P1", "skipped P2"]),
    ],
)
def test_each_kind_of_fault_has_its_name_and_cost(route, cost, moves):
    assert told(route) == (cost, moves)


def test_what_lacks_at_the_end_of_an_unfinished_route_may_still_come():
    assert told("P1 P3", BEGUN) == (0, [])
    assert told("P1 P5", BEGUN) == (1, ["skipped P3"])
    assert told("P1 P3") == (1, ["skipped P4"])


def test_fitness_counts_against_the_route_and_the_shortest_way():
    found = explain_route(["P1", "P3", "P5", "P8"], WHOLE)
    assert (found.cost, found.worst) == (1, 4 + 2)  # P1 P2 is the shortest way
    assert found.fitness == pytest.approx(5 / 6)
    assert explain_route(["X"], WHOLE).fitness == 0.0
    assert explain_route(["P1", "P3"], BEGUN).worst == 2


def test_a_route_that_is_too_long_is_refused_and_not_searched():
    longest = MOST_WORK // WHOLE.edges - 1
    assert work_of(longest, WHOLE) <= MOST_WORK < work_of(longest + 1, WHOLE)
    assert explain_route(["P1"] * (longest + 1), WHOLE) is None


def test_a_process_without_a_way_to_its_end_explains_nothing():
    circle = Graph({"A": ("B",), "B": ("A",)}, frozenset({"A"}), frozenset({"Z"}))
    assert explain_route(["A", "B"], Process(circle)) is None
    assert explain_route(["A", "B"], Process(circle, unfinished=True)).cost == 0


STEPS = "ABCD"


@st.composite
def graphs(draw):
    after = st.lists(st.sampled_from(STEPS), unique=True, max_size=3).map(tuple)
    some = st.sets(st.sampled_from(STEPS), min_size=1).map(frozenset)
    return Graph({step: draw(after) for step in STEPS}, draw(some), draw(some))


def allowed(graph, unfinished, longest):
    """Every way through *graph* of at most *longest* steps: slow, and without any search for the cheapest."""
    ways = [()] if unfinished else []
    begun = [(step,) for step in sorted(graph.starts)]
    for _ in range(longest):
        ways += [way for way in begun if unfinished or way[-1] in graph.endings]
        begun = [(*way, step) for way in begun for step in graph.successors.get(way[-1], ())]
    return ways


def common(one, other):
    """The length of the longest common subsequence."""
    best = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i, j in product(range(len(one)), range(len(other))):
        here = best[i][j] + 1 if one[i] == other[j] else 0
        best[i + 1][j + 1] = max(here, best[i][j + 1], best[i + 1][j])
    return best[-1][-1]


@settings(deadline=None, max_examples=60)
@given(graphs(), st.sets(st.sampled_from(STEPS), max_size=2))
def test_a_process_with_hidden_steps_allows_what_can_be_seen_of_its_ways(graph, hidden):
    seen = {tuple(step for step in way if step not in hidden) for way in allowed(graph, False, 8)}
    told = set(allowed(graph.without(frozenset(hidden)), False, 2))
    assert {way for way in seen if 0 < len(way) <= 2} == told


@given(graphs(), st.lists(st.sampled_from(STEPS + "X"), min_size=1, max_size=4), st.booleans())
def test_the_cost_is_the_distance_to_the_nearest_allowed_way(graph, route, unfinished):
    found = explain_route(route, Process(graph, unfinished))
    ways = allowed(graph, unfinished, 7)
    if found is None:
        assert ways == []
        return
    distances = [len(route) + len(way) - 2 * common(route, way) for way in ways]
    assert found.cost == min(distances)
    assert found.worst == len(route) + min(map(len, ways))


@given(graphs(), st.lists(st.sampled_from(STEPS + "X"), min_size=1, max_size=9), st.booleans())
def test_an_explanation_speaks_of_every_step_once_and_leads_along_an_allowed_way(graph, route, unfinished):
    process = Process(graph, unfinished)
    found = explain_route(route, process)
    if found is None:
        return
    read = [step for move in found.moves if move.kind != "skipped" for step in move.steps]
    assert read == route
    way = []
    for move in found.moves:
        if move.kind in {"fits", "skipped", "swapped"}:
            way += reversed(move.steps)
    assert fits(way, process)
    prices = {"fits": 0, "swapped": 2}
    assert sum(prices.get(move.kind, 1) for move in found.moves) == found.cost
    assert fits(route, process) == (found.cost == 0)
    assert found == explain_route(route, Process(graph, unfinished))
