"""The event loop: every case follows its program through stations, hours, outages and slots, in one heap.

Plain Python over whole numbers, written so that Numba compiles it as it stands (*sim.load.compiled*).

The tie rule, the same in the reference engine. Events of one moment come in this order: changes of the
stations first, as they are listed; then what happens to cases, by their number, those that arrive among them.
When nothing more happens at a moment, the stations that it touched give out their free servers one by one,
the station with the lowest number first; what follows at the same moment, as after a service without length,
happens before the next server is given. A station serves by (priority, moment of asking, case), and gives the
free server with the lowest number. Patience that ends when a server becomes free has ended.
"""

from sim.load.event_heap import pop_event, pop_number
from sim.load.instructions import give_up, go_on, run_case
from sim.load.programs import WIDTH
from sim.load.queues import change_station, next_served, take_server, touch_station
from sim.load.state import (
    AGENDA_AT,
    ALL_ENDED,
    ARRIVAL_US,
    ARRIVALS_AT,
    ARRIVED,
    AT_HORIZON,
    CAPACITY,
    CASE_WIDTH,
    CASES_AT,
    CHANGE,
    CHANGE_COUNT,
    CHANGE_US,
    CHANGES_AT,
    CHANGES_DONE,
    CODES,
    COMPLETE,
    COMPLETED_US,
    DESK_MASK,
    DRAWN,
    DUE_US,
    EVENTS,
    FIELDS_OF_PROGRESS,
    HORIZON_US,
    IS_TOUCHED,
    KEY,
    NEEDS_CASES,
    NEEDS_ROOM,
    NEVER,
    NEXT_ARRIVAL_US,
    NOW_US,
    PC,
    PHASE,
    PROGRAM,
    ROOM,
    ROW_COUNT,
    RUNS,
    TOUCHED,
    TOUCHED_AT,
    TRIES,
    UNDER_WAY,
    VISIT_COUNT,
    WAITS,
    Ints,
)


def run_events(m: Ints) -> int:
    """Let happen what is to come; return why that stops: ALL_ENDED, AT_HORIZON, NEEDS_CASES or NEEDS_ROOM.

    It is called again after NEEDS_CASES, once more cases are drawn or COMPLETE says that none will come, and
    after NEEDS_ROOM, once the agenda is longer: each turn of the loop adds one event at most.
    """
    while m[EVENTS] < m[ROOM]:
        if m[ARRIVED] == m[DRAWN] and m[COMPLETE] == 0:
            return NEEDS_CASES
        arrival_us, change_us = m[NEXT_ARRIVAL_US], next_change_us(m)
        event_us = m[m[AGENDA_AT]] if m[EVENTS] > 0 else NEVER
        next_us = min(event_us, arrival_us, change_us)
        place = -1
        if m[TOUCHED] > 0 and next_us > m[NOW_US]:
            place = dispatch_first(m)
        elif arrival_us == NEVER and m[UNDER_WAY] == 0:
            return ALL_ENDED
        elif next_us > m[HORIZON_US]:
            m[NOW_US] = m[HORIZON_US]
            return AT_HORIZON
        else:
            m[NOW_US] = next_us
            if change_us == next_us:
                change_station(m)
            elif event_us == next_us:  # who has arrived has a lower number than whoever arrives now
                place = happen(m)
            else:
                place = arrive(m)
        if place >= 0:
            run_case(m, place)
    return NEEDS_ROOM


def place_of(m: Ints, desk: int) -> int:
    """Return the place of the case at a desk."""
    return int(m[CASES_AT] + desk * m[CASE_WIDTH])


def next_arrival(m: Ints) -> int:
    """Return the place of the case that arrives next; there must be one."""
    return place_of(m, m[m[ARRIVALS_AT] + m[ARRIVED] % m[CAPACITY]])


def next_change_us(m: Ints) -> int:
    """Return when the next change of a station comes."""
    if m[CHANGES_DONE] == m[CHANGE_COUNT]:
        return NEVER
    return int(m[m[CHANGES_AT] + m[CHANGES_DONE] * CHANGE + CHANGE_US])


def happen(m: Ints) -> int:
    """Let the first event happen; return the case that goes on, -1 if it waits for something else by now."""
    key = pop_event(m)
    place = place_of(m, key & DESK_MASK)
    if m[place + KEY] != key or m[place + DUE_US] != m[NOW_US]:
        return -1
    m[place + DUE_US] = NEVER
    if m[place + PHASE] == WAITS and not give_up(m, place):
        return -1
    return place


def arrive(m: Ints) -> int:
    """Let the next case arrive at the beginning of its program and return it."""
    place = next_arrival(m)
    m[ARRIVED] += 1
    m[NEXT_ARRIVAL_US] = m[next_arrival(m) + ARRIVAL_US] if m[ARRIVED] < m[DRAWN] else NEVER
    m[UNDER_WAY] += 1
    m[place + PHASE] = RUNS
    m[place + PC] = m[place + PROGRAM]
    m[place + DUE_US] = NEVER
    for field in range(COMPLETED_US, FIELDS_OF_PROGRESS):
        m[place + field] = -1
    m[place + TRIES] = 0
    m[place + ROW_COUNT] = 0
    m[place + VISIT_COUNT] = 0
    return place


def dispatch_first(m: Ints) -> int:
    """Let the touched station with the lowest number give out a server; return who got it, -1 for nobody."""
    station = pop_number(m, m[TOUCHED_AT], m[TOUCHED])
    m[TOUCHED] -= 1
    m[station + IS_TOUCHED] = 0
    place = next_served(m, station)
    if place < 0:
        return -1
    m[place + DUE_US] = NEVER
    take_server(m, place, m[m[CODES] + m[place + PC] * WIDTH + 1], station)
    touch_station(m, station)
    go_on(m, place)
    return place
