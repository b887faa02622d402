"""Queues and servers in the event loop: who waits where, which server is free, who gets it.

A case and a station are given by their places in *m*, a *kind* of station by its number.
"""

from sim.load.event_heap import pop_number, push_number
from sim.load.state import (
    AFTER,
    ASKED_US,
    AWAY,
    BEFORE,
    BUSY,
    CHANGE,
    CHANGE_REFUSES,
    CHANGE_SERVERS,
    CHANGE_STATION,
    CHANGES_AT,
    CHANGES_DONE,
    DESK,
    FIRST_STATION,
    FREE,
    FREE_COUNT,
    FREE_FROM,
    HEAD,
    HELD,
    IS_TOUCHED,
    KIND,
    KINDS_AT,
    NOW_US,
    NUMBER,
    OFFICE,
    ON_DUTY,
    PER_OFFICE,
    PHASE,
    PRIORITIES,
    PRIORITY,
    QUEUE,
    QUEUES_AT,
    REFUSES,
    RUNS,
    SERVERS_FROM,
    STATION_NUMBER,
    STATION_WIDTH,
    STATIONS_AT,
    TAIL,
    TOUCHED,
    TOUCHED_AT,
    TRIES,
    UNLIMITED,
    VISIT,
    VISIT_ASKED_US,
    VISIT_COUNT,
    VISIT_ENDED_US,
    VISIT_OF,
    VISIT_STARTED_US,
    VISIT_STATION,
    VISITS,
    VISITS_AT,
    WAITS,
    Ints,
)


def station_of(m: Ints, place: int, kind: int) -> int:
    """Return the station of a *kind* that serves the case: the common one, or its office's."""
    at = m[KINDS_AT] + kind * KIND
    number = m[at + FIRST_STATION] + m[at + PER_OFFICE] * m[place + OFFICE]
    return int(m[STATIONS_AT] + number * STATION_WIDTH)


def touch_station(m: Ints, station: int) -> None:
    """Note that a station has something to give out at the end of the moment, if it has."""
    if m[station + IS_TOUCHED] == 0 and next_served(m, station) >= 0:
        m[station + IS_TOUCHED] = 1
        push_number(m, m[TOUCHED_AT], m[TOUCHED], station)
        m[TOUCHED] += 1


def join_queue(m: Ints, place: int, kind: int, station: int) -> None:
    """Let a case ask now for a server of a *station* of a *kind*, and note the visit."""
    visit = m[VISITS_AT] + (m[place + DESK] * m[VISITS] + m[place + VISIT_COUNT]) * VISIT
    m[place + VISIT_COUNT] += 1
    m[place + m[VISIT_OF] + kind] = visit
    m[visit + VISIT_STATION] = m[station + STATION_NUMBER]
    m[visit + VISIT_ASKED_US] = m[NOW_US]
    m[visit + VISIT_STARTED_US] = -1
    m[visit + VISIT_ENDED_US] = -1
    m[place + ASKED_US] = m[NOW_US]
    m[place + PHASE] = WAITS
    link(m, place, station)
    touch_station(m, station)


def queue_of(m: Ints, place: int, station: int) -> int:
    """Return the queue in which the case waits at a station: that of its priority."""
    return int(m[QUEUES_AT] + (m[station + STATION_NUMBER] * m[PRIORITIES] + m[place + PRIORITY]) * QUEUE)


def link(m: Ints, place: int, station: int) -> None:
    """Put a case into the queue of its priority, behind all that asked earlier or have a lower number."""
    queue, asked_us, number = queue_of(m, place, station), m[place + ASKED_US], m[place + NUMBER]
    before = m[queue + TAIL]
    while before >= 0 and (
        m[before + ASKED_US] > asked_us or (m[before + ASKED_US] == asked_us and m[before + NUMBER] > number)
    ):
        before = m[before + BEFORE]
    after = m[queue + HEAD] if before < 0 else m[before + AFTER]
    m[place + BEFORE] = before
    m[place + AFTER] = after
    m[queue + HEAD if before < 0 else before + AFTER] = place
    m[queue + TAIL if after < 0 else after + BEFORE] = place


def unlink(m: Ints, place: int, station: int) -> None:
    """Take a case out of its queue."""
    queue, before, after = queue_of(m, place, station), m[place + BEFORE], m[place + AFTER]
    m[queue + HEAD if before < 0 else before + AFTER] = after
    m[queue + TAIL if after < 0 else after + BEFORE] = before


def next_served(m: Ints, station: int) -> int:
    """Return the case that a station can serve now, -1 if nobody waits or no server on duty is free."""
    if not has_free_server(m, station):
        return -1
    first = m[QUEUES_AT] + m[station + STATION_NUMBER] * m[PRIORITIES] * QUEUE
    for queue in range(first, first + m[PRIORITIES] * QUEUE, QUEUE):
        if m[queue + HEAD] >= 0:
            return int(m[queue + HEAD])
    return -1


def has_free_server(m: Ints, station: int) -> bool:
    """Tell whether a server on duty is free; the lowest number is the first to be given."""
    return bool(m[station + FREE_COUNT] > 0 and m[m[station + FREE_FROM]] <= m[station + ON_DUTY])


def take_server(m: Ints, place: int, kind: int, station: int) -> None:
    """Give the case, the first in the queue, the free server with the lowest number."""
    server = pop_number(m, m[station + FREE_FROM], m[station + FREE_COUNT])
    m[station + FREE_COUNT] -= 1
    m[m[station + SERVERS_FROM] + server - 1] = BUSY
    unlink(m, place, station)
    m[place + m[HELD] + kind] = server
    m[m[place + m[VISIT_OF] + kind] + VISIT_STARTED_US] = m[NOW_US]
    m[place + PHASE] = RUNS
    m[place + TRIES] = 0


def release_server(m: Ints, place: int, kind: int) -> None:
    """Give the server back that the case has of a *kind*; one whose duty is over goes away."""
    station = station_of(m, place, kind)
    if m[station + UNLIMITED] != 0:
        return
    server = m[place + m[HELD] + kind]
    m[place + m[HELD] + kind] = 0
    m[m[place + m[VISIT_OF] + kind] + VISIT_ENDED_US] = m[NOW_US]
    if server > m[station + ON_DUTY]:
        m[m[station + SERVERS_FROM] + server - 1] = AWAY
    else:
        put_out(m, station, server)
        touch_station(m, station)


def put_out(m: Ints, station: int, server: int) -> None:
    """Put a server among the free ones."""
    m[m[station + SERVERS_FROM] + server - 1] = FREE
    push_number(m, m[station + FREE_FROM], m[station + FREE_COUNT], server)
    m[station + FREE_COUNT] += 1


def change_station(m: Ints) -> None:
    """Let the next change of the plan happen: servers come or go, a station refuses callers or takes them.

    Whoever is served stays served; a server that goes has ended its service first.
    """
    change = m[CHANGES_AT] + m[CHANGES_DONE] * CHANGE
    m[CHANGES_DONE] += 1
    station = m[STATIONS_AT] + m[change + CHANGE_STATION] * STATION_WIDTH
    had, has = m[station + ON_DUTY], m[change + CHANGE_SERVERS]
    m[station + ON_DUTY] = has
    m[station + REFUSES] = m[change + CHANGE_REFUSES]
    for server in range(had + 1, has + 1):
        if m[m[station + SERVERS_FROM] + server - 1] == AWAY:
            put_out(m, station, server)
    touch_station(m, station)
