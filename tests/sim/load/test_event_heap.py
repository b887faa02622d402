"""The heaps of the event loop against Python's own."""

import heapq

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.load.event_heap import pop_event, pop_number, push_event, push_number
from sim.load.state import AGENDA_AT, EVENTS, HEADER

few = st.integers(0, 3)


@settings(max_examples=200, deadline=None)
@given(steps=st.lists(st.none() | st.tuples(few, st.integers(0, 40)), max_size=60))
def test_events_come_by_moment_and_case(steps):
    m, agenda = [0] * (HEADER + 2 * len(steps)), []
    m[AGENDA_AT] = HEADER
    for step in steps:
        if step is not None:
            push_event(m, *step)
            heapq.heappush(agenda, step)
        elif agenda:
            assert m[HEADER] == agenda[0][0]
            assert pop_event(m) == heapq.heappop(agenda)[1]
        assert m[EVENTS] == len(agenda)
    assert [pop_event(m) for _ in list(agenda)] == [number for _, number in sorted(agenda)]


@settings(max_examples=100, deadline=None)
@given(numbers=st.lists(st.integers(0, 20)))
def test_the_lowest_number_comes_first(numbers):
    m = [0] * (len(numbers) + 7)
    for size, number in enumerate(numbers):
        push_number(m, 7, size, number)

    assert [pop_number(m, 7, size) for size in range(len(numbers), 0, -1)] == sorted(numbers)
