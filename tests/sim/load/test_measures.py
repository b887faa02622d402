"""What is measured of a run, against the same read off its rows one by one."""

import pickle
from collections import Counter

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.load.blocks import PlayedCases
from sim.load.histogram import Histograms
from sim.load.measures import Measures
from sim.load.packing import unpacked
from sim.load.replication import Replication
from sim.load.state import ABANDONED, ENDED
from tests.sim.load.small_runs import HOUR, draw, pieces, play, small_frame, small_network

NETWORK = small_network()
MINUTE = HOUR // 60


def measured(blocks, frame, network=NETWORK):
    measures = Measures.begin(network, frame)
    for block in blocks:
        measures.add(block)
    return measures.result()


def rows_of(table):
    names = table.__slots__
    return [
        dict(zip(names, row, strict=True))
        for row in zip(*(getattr(table, n).tolist() for n in names), strict=True)
    ]


def tally(times):
    histograms = Histograms.empty(1)
    histograms.add(np.zeros(len(times), np.int64), np.array(times, np.int64))
    return histograms.tallies()[0]


RUNS = st.tuples(st.integers(0, 10_000), st.integers(1, 60), st.sampled_from([5, 30, 90]))
FRAMES = st.sampled_from([(0, 2 * HOUR), (20 * MINUTE, 50 * MINUTE), (5 * MINUTE, 6 * MINUTE)])


@settings(max_examples=30, deadline=None)
@given(RUNS, FRAMES, st.lists(st.integers(0, 60), max_size=5))
def test_blocks_may_be_cut_anywhere(run, window, cuts):
    seed, cases, every_s = run
    played = play(NETWORK, draw(NETWORK, seed, cases, every_s))
    frame = small_frame(NETWORK, *window)
    whole = measured([played], frame)
    parts = pieces(played, [min(cut, len(played)) for cut in cuts])
    assert measured(parts, frame) == whole
    assert measured(parts[::-1], frame) == whole


@settings(max_examples=30, deadline=None)
@given(RUNS, FRAMES)
def test_steps_are_those_of_the_rows(run, window):
    seed, cases, every_s = run
    played = play(NETWORK, draw(NETWORK, seed, cases, every_s))
    frame = small_frame(NETWORK, *window)
    known = {case["number"]: case for case in rows_of(played.cases)}
    found = {frame.places[step.place]: step for step in measured([played], frame).steps}
    rows = [
        (*frame.programs[known[row["case"]]["program"]], frame.steps[row["step"]], row)
        for row in rows_of(played.rows)
        if frame.from_us <= known[row["case"]]["arrival_us"] < frame.until_us
    ]
    for place in frame.places:
        own = [row for *where, row in rows if tuple(where) == place]
        done = [row for row in own if row["completed_us"] >= 0]
        if not own:
            assert place not in found
            continue
        step, limit = found[place], frame.limits.get(place)
        assert step.open == len(own) - len(done)
        phases = played.cases.phase.tolist()
        gone = [
            (row["note"] if phases[row["case"]] == ABANDONED else frame.ends_us) - row["enabled_us"]
            for row in own
            if row["completed_us"] < 0
        ]
        assert step.open_late == sum(time > limit.limit_us for time in gone if limit)
        assert step.wait == tally([row["waited_us"] for row in done])
        assert step.sojourn == tally([row["completed_us"] - row["enabled_us"] for row in done])
        assert step.service == tally([row["completed_us"] - row["started_us"] for row in done])
        late = [row for row in done if limit and row["completed_us"] - row["enabled_us"] > limit.limit_us]
        assert step.late == len(late) == sum(step.late_at)
        stations = [*(kind for kind, _ in NETWORK.stations), 3]
        at = Counter(stations[row["station"]] for row in done)
        assert step.done_at == tuple(at[kind] for kind in range(4))


@settings(max_examples=30, deadline=None)
@given(RUNS, FRAMES)
def test_stations_are_those_of_the_visits(run, window):
    seed, cases, every_s = run
    played = play(NETWORK, draw(NETWORK, seed, cases, every_s))
    frame = small_frame(NETWORK, *window)
    result = measured([played], frame)
    arrivals = dict(zip(played.cases.number.tolist(), played.cases.arrival_us.tolist(), strict=True))
    shape = (len(NETWORK.stations), -1)
    queue, busy = unpacked(result.queue).reshape(shape), unpacked(result.busy).reshape(shape)
    for station, found in enumerate(result.stations):
        own = [visit for visit in rows_of(played.visits) if visit["station"] == station]
        spans = []
        for visit in own:
            gone = visit["ended_us"] if visit["ended_us"] >= 0 else frame.ends_us
            served = visit["started_us"] if visit["started_us"] >= 0 else gone
            spans.append((visit["asked_us"], served, gone))
        inside = [v for v in own if frame.from_us <= arrivals[v["case"]] < frame.until_us]
        begun = [visit for visit in inside if visit["started_us"] >= 0]
        left = [visit for visit in inside if visit["started_us"] < 0 <= visit["ended_us"]]
        assert (found.asked, found.served, found.left) == (len(inside), len(begun), len(left))
        assert found.wait_us == sum(visit["started_us"] - visit["asked_us"] for visit in begun)

        def within(a, b, frame=frame):
            return max(0, min(b, frame.until_us) - max(a, frame.from_us))

        assert found.queue_us == sum(within(a, b) for a, b, _ in spans)
        assert found.busy_us == sum(within(b, c) for _, b, c in spans)
        for at, moment in enumerate(frame.moments_us().tolist()):
            assert queue[station, at] == sum(a <= moment < b for a, b, _ in spans)
            assert busy[station, at] == sum(b <= moment < c for _, b, c in spans)


@settings(max_examples=30, deadline=None)
@given(RUNS)
def test_cases_are_conserved_and_those_left_have_a_place(run):
    seed, cases, every_s = run
    network = small_network(horizon_us=HOUR // 2)
    played = play(network, draw(network, seed, cases, every_s))
    frame = small_frame(network)
    result = measured([played], frame, network)
    phases = played.cases.phase.tolist()
    assert sum(own.arrived for own in result.cases) == len(phases)
    assert (
        sum(own.ended for own in result.cases) == phases.count(ENDED) == sum(end[-1] for end in result.ends)
    )
    assert sum(own.abandoned for own in result.cases) == phases.count(ABANDONED)
    left = sum(own.unfinished for own in result.cases)
    assert left == len(phases) - phases.count(ENDED) - phases.count(ABANDONED)
    assert left == sum(own.count for own in result.standing)
    assert len(result.standing_cases) == min(left, 50)
    open_ = {v["case"]: v for v in rows_of(played.visits) if v["ended_us"] < 0}
    for own in result.standing_cases:
        visit = open_.get(own.case)
        assert own.doing == (2 if visit is None else int(visit["started_us"] >= 0))
        assert own.step == played.cases.step[own.case]
    under_way = unpacked(result.under_way)
    assert int(under_way[-1]) == left
    assert int(unpacked(result.arrivals).sum()) == len(phases)


def test_the_law_of_little_holds_to_the_microsecond():
    """Waiting added over cases is queue length added over time, if the window holds all of both."""
    played = play(NETWORK, draw(NETWORK, 3, 80, 60))
    assert (played.cases.phase == ENDED).sum() > 60
    result = measured([played], small_frame(NETWORK))
    served = [own for own in result.stations if own.left == 0 and own.asked == own.served]
    assert len(served) >= 2
    assert all(own.queue_us == own.wait_us for own in served)


def test_duty_is_that_of_the_changes_in_the_window():
    result = measured([], small_frame(NETWORK, 5 * MINUTE, 100 * MINUTE))
    assert [own.duty_us // MINUTE if own.duty_us >= 0 else -1 for own in result.stations] == [
        190,
        80,
        190,
        -1,
    ]
    duty = unpacked(result.duty).reshape(4, -1)
    assert duty[1].tolist() == [0, 0, *[1] * 16, *[0] * 6]
    assert set(duty[0].tolist()) == {2}


def test_a_replication_can_travel_and_be_kept():
    result = measured([play(NETWORK, draw(NETWORK, 1, 40))], small_frame(NETWORK))
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - made a moment ago
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(result), type=Replication) == result
    assert msgspec.json.decode(msgspec.json.encode(result), type=Replication) == result


def test_memory_is_that_of_the_figures():
    frame = small_frame(NETWORK)
    played = play(NETWORK, draw(NETWORK, 1, 40))
    measures = Measures.begin(NETWORK, frame)
    sizes = []
    for _ in range(3):
        measures.add(played)
        sizes.append(len(pickle.dumps(measures)))
    assert sizes[1] == pytest.approx(sizes[2], abs=200)


def test_a_block_without_cases_changes_nothing():
    frame = small_frame(NETWORK)
    played = play(NETWORK, draw(NETWORK, 1, 10))
    nothing = pieces(played, [])[0]
    empty = PlayedCases(
        *(
            type(t)(*(getattr(t, n)[:0] for n in t.__slots__))
            for t in (nothing.cases, nothing.rows, nothing.visits)
        )
    )
    assert measured([played, empty], frame) == measured([played], frame)
