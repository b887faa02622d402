"""What holds in any network: nobody is lost, nobody overtakes, nobody idles while somebody waits.

One half is asked of the columns that an engine leaves, the other of the memory of the loop at every moment.
"""

from collections import defaultdict
from itertools import chain, pairwise

import numpy as np
import pytest
from hypothesis import given

from sim.load import state as s
from sim.load.compiled import compiled_loop
from sim.load.desks import Desks
from sim.load.engines import Engine
from sim.load.state import ABANDONED, ENDED, RUNS, WAITS
from tests.sim.load.agreement import TIED, drawing
from tests.sim.load.drawn_networks import LONG, drawn_networks, lines_of_desks
from tests.sim.load.playing import FOREVER_US, columns, played

pytestmark = pytest.mark.xdist_group("the compiled loop")

EVENTUALLY = 10 * LONG
"""A moment until which the memory is looked at."""


def over_networks(examples):
    return lambda test: drawing(examples)(given(drawn=drawn_networks(TIED))(test))


def outcome_of(drawn):
    return played(drawn.network, drawn.cases, Engine.COMPILED, drawn.sizes)


def capacity(network, station, moment_us):
    """Return how many servers of a station are on duty after the changes of a moment, and since when."""
    kind, office = network.stations[station]
    changes = network.kinds[kind].changes[max(office, 0)]
    past = [change for change in changes if change.at_us <= moment_us]
    return past[-1].servers, past[-1].at_us


def visits_by_station(outcome, drawn):
    """Return for each station its visits: asked, case, priority, started, left; NEVER for what never came."""
    found = defaultdict(list)
    for case, station, asked_us, started_us, ended_us in zip(
        *map(np.ndarray.tolist, columns(outcome.visits)), strict=True
    ):
        ends = (s.NEVER if moment_us < 0 else moment_us for moment_us in (started_us, ended_us))
        found[station].append((asked_us, case, int(drawn.cases.priority[case]), *ends))
    return found


@over_networks(60)
def test_no_case_is_lost(drawn):
    outcome = outcome_of(drawn)
    arrived = int((drawn.cases.arrival_us <= drawn.network.horizon_us).sum())

    assert outcome.cases.number.tolist() == list(range(arrived))
    assert np.array_equal(outcome.cases.arrival_us, drawn.cases.arrival_us[:arrived])
    counts = {phase: int((outcome.cases.phase == phase).sum()) for phase in (ENDED, ABANDONED, RUNS, WAITS)}
    assert sum(counts.values()) == arrived


@over_networks(60)
def test_nothing_begins_in_the_past(drawn):
    outcome = outcome_of(drawn)

    for asked_us, case, _, started_us, ended_us in chain(*visits_by_station(outcome, drawn).values()):
        assert drawn.cases.arrival_us[case] <= asked_us <= min(started_us, ended_us)
        assert started_us <= ended_us or (started_us == s.NEVER and asked_us <= ended_us)
    rows = outcome.rows
    assert (rows.enabled_us >= drawn.cases.arrival_us[rows.case]).all()
    assert ((rows.started_us < 0) | (rows.started_us >= rows.enabled_us)).all()
    assert ((rows.completed_us < 0) | (rows.completed_us >= rows.started_us)).all()


@over_networks(60)
def test_of_one_priority_nobody_overtakes_and_the_urgent_never_wait_for_others(drawn):
    for visits in visits_by_station(outcome_of(drawn), drawn).values():
        for asked_us, case, priority, started_us, _ in visits:
            if started_us == s.NEVER:
                continue
            for other_us, other, its_priority, began_us, left_us in visits:
                first = (its_priority, other_us, other) < (priority, asked_us, case)
                waits = other_us < started_us < began_us and left_us > started_us
                assert not (first and waits)


@over_networks(60)
def test_servers_who_are_not_on_duty_only_finish(drawn):
    for station, visits in visits_by_station(outcome_of(drawn), drawn).items():
        for _, _, _, moment_us, _ in visits:
            if moment_us == s.NEVER:
                continue
            servers, since_us = capacity(drawn.network, station, moment_us)
            busy = sum(since_us <= began_us <= moment_us < left_us for *_, began_us, left_us in visits)
            assert busy <= servers
            assert servers > 0


@drawing(60)
@given(drawn=lines_of_desks())
def test_a_step_has_waited_as_long_as_its_visits_and_a_server_serves_one_at_a_time(drawn):
    outcome = outcome_of(drawn)
    rows, visits = outcome.rows, outcome.visits
    rows_of_case, waits = defaultdict(int), defaultdict(int)
    for case, waited_us, completed_us in zip(rows.case, rows.waited_us, rows.completed_us, strict=True):
        rows_of_case[case] += int(waited_us) if completed_us >= 0 else 0
    for case, asked_us, started_us, ended_us in zip(
        visits.case, visits.asked_us, visits.started_us, visits.ended_us, strict=True
    ):
        waits[case] += int(started_us - asked_us) if ended_us >= 0 else 0
    assert {case: wait for case, wait in rows_of_case.items() if wait} == {
        case: wait for case, wait in waits.items() if wait
    }
    services = sorted(
        zip(rows.station, rows.server, rows.started_us, rows.completed_us, strict=True),
        key=lambda row: tuple(map(int, row)),
    )
    done = [row for row in services if row[3] >= 0]
    for one, other in pairwise(done):
        assert one[:2] != other[:2] or one[3] <= other[2]


def moments_of(drawn):
    """Yield the memory of the loop at the end of every moment, with the moment."""
    desks = Desks.prepare(drawn.network, as_list=False)
    desks.load(drawn.cases)
    desks.close()
    for moment_us in range(EVENTUALLY):
        desks.m[s.HORIZON_US] = min(moment_us, drawn.network.horizon_us)
        while (reason := compiled_loop()(desks.m)) == s.NEEDS_ROOM:
            desks.lengthen_agenda()
        yield moment_us, desks
        if reason == s.ALL_ENDED or moment_us >= drawn.network.horizon_us:
            return


def queue_lengths(m):
    """Return how many wait at each station, found by walking its queues."""
    lengths = []
    stations = (m[s.QUEUES_AT] - m[s.STATIONS_AT]) // s.STATION_WIDTH
    for station in range(stations):
        length = 0
        for priority in range(m[s.PRIORITIES]):
            place = m[m[s.QUEUES_AT] + (station * m[s.PRIORITIES] + priority) * s.QUEUE + s.HEAD]
            while place >= 0:
                length += 1
                place = m[place + s.AFTER]
        lengths.append(length)
    return lengths


def servers_of(m, station):
    """Return what the servers of a station do, and the numbers of the free ones on duty."""
    at = m[s.STATIONS_AT] + station * s.STATION_WIDTH
    stations = (m[s.QUEUES_AT] - m[s.STATIONS_AT]) // s.STATION_WIDTH
    last = at + s.STATION_WIDTH + s.SERVERS_FROM
    end = m[last] if station + 1 < stations else m[s.OFFICES_AT] - 1
    states = m[m[at + s.SERVERS_FROM] : end].tolist()
    on_duty = int(m[at + s.ON_DUTY])
    free = m[m[at + s.FREE_FROM] :][: m[at + s.FREE_COUNT]].tolist()
    assert sorted(free) == [number for number, state in enumerate(states, 1) if state == s.FREE]
    return states, [number for number in free if number <= on_duty], on_duty


@over_networks(60)
def test_no_server_on_duty_idles_while_somebody_waits(drawn):
    for _, desks in moments_of(drawn):
        for station, length in enumerate(queue_lengths(desks.m)):
            states, free, on_duty = servers_of(desks.m, station)
            assert not (length and free)
            assert s.AWAY not in states[:on_duty], "a server on duty is neither free nor busy"


@over_networks(60)
def test_littles_law_holds_to_the_microsecond(drawn):
    """The number at each station, summed over all moments, is the time that the visits took."""
    present, last_us = defaultdict(int), 0
    for moment_us, desks in moments_of(drawn):
        last_us = moment_us
        for station, length in enumerate(queue_lengths(desks.m)):
            present[station] += length + servers_of(desks.m, station)[0].count(s.BUSY)
    end_us = last_us + 1
    took = defaultdict(int)
    for station, visits in visits_by_station(desks.take_all(), drawn).items():
        took[station] = sum(min(left_us, end_us) - asked_us for asked_us, *_, left_us in visits)
    assert {station: sum_ for station, sum_ in present.items() if sum_} == {
        station: sum_ for station, sum_ in took.items() if sum_
    }


def test_the_laws_are_asked_of_networks_in_which_much_happens():
    """Count over a hundred networks what the laws are about; a law of nothing is none."""
    seen = defaultdict(int)

    @over_networks(100)
    def look(drawn):
        outcome = outcome_of(drawn)
        visits = outcome.visits
        seen["waited"] += int((visits.started_us > visits.asked_us).sum())
        seen["lost patience"] += int(((visits.started_us < 0) & (visits.ended_us >= 0)).sum())
        for phase, name in ((ENDED, "ended"), (ABANDONED, "abandoned"), (WAITS, "waits")):
            seen[name] += int((outcome.cases.phase == phase).sum())
        seen["has a slot"] += int((outcome.rows.slot >= 0).sum())
        seen["cut off"] += drawn.network.horizon_us != FOREVER_US

    look()
    assert min(seen.values()) >= 10, dict(seen)
