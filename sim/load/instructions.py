"""The instructions of a program in the event loop, executed for one case until it has to wait."""

from sim.load.event_heap import push_event
from sim.load.hours_table import admission_us, is_late
from sim.load.programs import WIDTH, Op
from sim.load.queues import join_queue, release_server, station_of, unlink
from sim.load.slots import free_slot, hold_slot, take_slot
from sim.load.state import (
    ABANDONED,
    ASKED_US,
    ATTEMPTS,
    CODES,
    COMPLETED_US,
    DESK,
    DUE_US,
    ENABLED_US,
    ENDED,
    ENDED_AT,
    ENDED_COUNT,
    FACTOR_PERCENT,
    HELD,
    KEY,
    KINDS,
    LAST_MESSAGE,
    LAST_REQUEST,
    LONGEST_US,
    MARK_US,
    MESSAGE,
    NOTE,
    NOW_US,
    OFFICE,
    OFFICE_WIDTH,
    OFFICES_AT,
    PAUSE_US,
    PC,
    PHASE,
    REFUSES,
    REQUEST,
    RETRIES_AT,
    RETRY,
    ROW,
    ROW_COMPLETED_US,
    ROW_COUNT,
    ROW_ENABLED_US,
    ROW_MESSAGE,
    ROW_NOTE,
    ROW_OUTCOME,
    ROW_REQUEST,
    ROW_SERVER,
    ROW_SLOT,
    ROW_STARTED_US,
    ROW_STATION,
    ROW_STEP,
    ROW_WAITED_US,
    ROWS,
    ROWS_AT,
    RUNS,
    SERVER,
    SLOT_HELD,
    STARTED_US,
    STATION,
    STATION_NUMBER,
    STEP,
    TIMES_FROM,
    TRIES,
    UNDER_WAY,
    UNLIMITED,
    VISIT_ENDED_US,
    VISIT_OF,
    WAITED_US,
    Ints,
)

_END, _BEGIN, _SEIZE, _SPEND, _RELEASE = (
    int(op) for op in (Op.END, Op.BEGIN, Op.SEIZE, Op.SPEND, Op.RELEASE)
)
_RECORD, _TRY, _ADMIT, _LATE, _JUMP = (int(op) for op in (Op.RECORD, Op.TRY, Op.ADMIT, Op.LATE, Op.JUMP))
_NUMBER, _MESSAGE, _HOLD_SLOT, _TAKE_SLOT = (
    int(op) for op in (Op.NUMBER, Op.MESSAGE, Op.HOLD_SLOT, Op.TAKE_SLOT)
)
_COMPLETE, _MARK, _NOTE_NOW, _NOTE_SINCE = (
    int(op) for op in (Op.COMPLETE, Op.MARK, Op.NOTE_NOW, Op.NOTE_SINCE)
)
_FREE_SLOT = int(Op.FREE_SLOT)
_STOPS = -1
"""What an instruction returns, instead of where to go on, when the case waits or has ended."""


def run_case(m: Ints, place: int) -> None:
    """Execute the instructions of the case at *place* until it waits or ends."""
    at, codes = m[place + PC], m[CODES]
    while at >= 0:
        line = codes + at * WIDTH
        op, a = m[line], m[line + 1]
        if op == _SPEND:
            if a >= 0:
                note_service(m, place, a)
            duration_us = m[place + m[TIMES_FROM] + m[line + 2]]
            wait_until(m, place, at + 1, m[NOW_US] + duration_us)
            at = _STOPS
        elif op == _SEIZE:
            at = seize(m, place, at)
        elif op == _RELEASE:
            release_server(m, place, a)
            at += 1
        elif op == _BEGIN:
            begin(m, place, a)
            at += 1
        elif op == _RECORD:
            record(m, place, a)
            at += 1
        elif op == _TRY:
            at = call(m, place, at)
        else:
            at = run_rare(m, place, at)


def run_rare(m: Ints, place: int, at: int) -> int:
    """Execute an instruction that comes once in a case, or seldom; return where to go on."""
    line = m[CODES] + at * WIDTH
    op, a, b = m[line], m[line + 1], m[line + 2]
    if op == _END:
        end(m, place, ENDED)
        return _STOPS
    if op == _ADMIT:
        wait_until(m, place, at + 1, admission_us(m, a, m[NOW_US]))
        return _STOPS
    goes_on = True
    if op == _JUMP:
        goes_on = False
    elif op == _HOLD_SLOT:
        goes_on = hold_slot(m, place)
    elif op == _TAKE_SLOT:
        goes_on = take_slot(m, place)
    elif op == _LATE:
        return int(b) if is_late(m, a, m[NOW_US]) else at + 1
    else:
        note(m, place, op)
    return at + 1 if goes_on else int(a)


def note(m: Ints, place: int, op: int) -> None:
    """Execute an instruction that keeps a moment or a number, or gives a slot back."""
    if op == _COMPLETE:
        m[place + COMPLETED_US] = m[NOW_US]
    elif op == _MARK:
        m[place + MARK_US] = m[NOW_US]
    elif op == _NOTE_NOW:
        m[place + NOTE] = m[NOW_US]
    elif op == _NOTE_SINCE:
        m[place + NOTE] = m[NOW_US] - m[place + MARK_US]
    elif op == _MESSAGE:
        m[place + MESSAGE] = count_up(m, place, LAST_MESSAGE)
    elif op == _NUMBER:
        m[place + REQUEST] = count_up(m, place, LAST_REQUEST)
    elif op == _FREE_SLOT:
        free_slot(m, place)


def count_up(m: Ints, place: int, which: int) -> int:
    """Return the next number of the case's office."""
    at = m[OFFICES_AT] + m[place + OFFICE] * OFFICE_WIDTH + which
    m[at] += 1
    return int(m[at])


def wait_until(m: Ints, place: int, then: int, when_us: int) -> None:
    """Let the case at *place* go on at the instruction *then* at *when_us*."""
    m[place + PC] = then
    m[place + DUE_US] = when_us
    push_event(m, when_us, m[place + KEY])


def begin(m: Ints, place: int, step: int) -> None:
    """Let a step begin that can start now."""
    m[place + STEP] = step
    m[place + ENABLED_US] = m[NOW_US]
    m[place + STARTED_US] = -1
    m[place + WAITED_US] = 0
    m[place + COMPLETED_US] = -1
    m[place + STATION] = -1
    m[place + SERVER] = 0
    m[place + TRIES] = 0


def seize(m: Ints, place: int, at: int) -> int:
    """Ask for a server; return where to go on, which is at once only where there is no end of servers."""
    line = m[CODES] + at * WIDTH
    kind, patience = m[line + 1], m[line + 3]
    m[place + PC] = at
    station = station_of(m, place, kind)
    if m[station + UNLIMITED] != 0:
        return at + 1
    join_queue(m, place, kind, station)
    if patience >= 0:
        leaves_us = m[NOW_US] + m[place + m[TIMES_FROM] + patience]
        wait_until(m, place, at, leaves_us)
    return _STOPS


def go_on(m: Ints, place: int) -> None:
    """Let a case go on, next, after the instruction that asked for the server that it has just got."""
    at = m[place + PC]
    if m[m[CODES] + at * WIDTH + 2] != 0:
        m[place + WAITED_US] += m[NOW_US] - m[place + ASKED_US]
    m[place + PC] = at + 1


def note_service(m: Ints, place: int, kind: int) -> None:
    """Note that the step is worked on from now, and by whom."""
    if m[place + STARTED_US] < 0:
        m[place + STARTED_US] = m[NOW_US]
    m[place + STATION] = m[station_of(m, place, kind) + STATION_NUMBER]
    m[place + SERVER] = m[place + m[HELD] + kind]


def record(m: Ints, place: int, outcome: int) -> None:
    """Write the row of the step; NONE as *outcome* leaves it open, unless it was completed before."""
    row = m[ROWS_AT] + (m[place + DESK] * m[ROWS] + m[place + ROW_COUNT]) * ROW
    m[place + ROW_COUNT] += 1
    completed_us = m[place + COMPLETED_US]
    if outcome >= 0 and completed_us < 0:
        completed_us = m[NOW_US]
    started_us = m[place + STARTED_US]
    if started_us < 0 and outcome >= 0:
        started_us = m[place + ENABLED_US]
    m[row + ROW_STEP] = m[place + STEP]
    m[row + ROW_OUTCOME] = outcome
    m[row + ROW_ENABLED_US] = m[place + ENABLED_US]
    m[row + ROW_STARTED_US] = started_us
    m[row + ROW_COMPLETED_US] = completed_us
    m[row + ROW_WAITED_US] = m[place + WAITED_US]
    m[row + ROW_STATION] = m[place + STATION]
    m[row + ROW_SERVER] = m[place + SERVER]
    m[row + ROW_REQUEST] = m[place + REQUEST]
    m[row + ROW_MESSAGE] = m[place + MESSAGE]
    m[row + ROW_SLOT] = m[place + SLOT_HELD]
    m[row + ROW_NOTE] = m[place + NOTE]
    m[place + STEP] = -1


def call(m: Ints, place: int, at: int) -> int:
    """Call a station: go on if it takes callers, otherwise wait before the next try or give up."""
    line = m[CODES] + at * WIDTH
    kind, retry = m[line + 1], m[line + 2]
    if m[station_of(m, place, kind) + REFUSES] == 0:
        m[place + TRIES] = 0
        return at + 1
    m[place + TRIES] += 1
    most = m[m[RETRIES_AT] + retry * RETRY + ATTEMPTS]
    then = m[line + 4] if 0 < most <= m[place + TRIES] else m[line + 3]
    wait_until(m, place, then, m[NOW_US] + pause_us(m, retry, m[place + TRIES]))
    return _STOPS


def pause_us(m: Ints, retry: int, tries: int) -> int:
    """Return how long to wait after the failed try number *tries*: each time longer, up to the longest."""
    rule = m[RETRIES_AT] + retry * RETRY
    wait_us, longest_us = m[rule + PAUSE_US], m[rule + LONGEST_US]
    for _ in range(tries - 1):
        if wait_us >= longest_us:
            break
        wait_us = wait_us * m[rule + FACTOR_PERCENT] // 100
    return int(min(wait_us, longest_us))


def give_up(m: Ints, place: int) -> bool:
    """Let a case leave a queue whose patience has ended: it tries again, goes elsewhere or is abandoned.

    Return whether it goes on now.
    """
    at = m[place + PC]
    line = m[CODES] + at * WIDTH
    kind, then, retry = m[line + 1], m[line + 4], m[line + 5]
    unlink(m, place, station_of(m, place, kind))
    visit = m[place + m[VISIT_OF] + kind]
    m[visit + VISIT_ENDED_US] = m[NOW_US]
    if m[line + 2] != 0:
        m[place + WAITED_US] += m[NOW_US] - m[place + ASKED_US]
    m[place + PHASE] = RUNS
    m[place + TRIES] += 1
    if retry >= 0 and m[place + TRIES] < m[m[RETRIES_AT] + retry * RETRY + ATTEMPTS]:
        wait_until(m, place, at, m[NOW_US] + pause_us(m, retry, m[place + TRIES]))
        return False
    m[place + TRIES] = 0
    m[place + PC] = then
    if then < 0:
        abandon(m, place)
    return bool(then >= 0)


def abandon(m: Ints, place: int) -> None:
    """End a case whose citizen has gone: its step stays open, the servers it had are free again."""
    m[place + NOTE] = m[NOW_US]
    if m[place + STEP] >= 0:
        record(m, place, -1)
    for kind in range(m[KINDS]):
        if m[place + m[HELD] + kind] > 0:
            release_server(m, place, kind)
    end(m, place, ABANDONED)


def end(m: Ints, place: int, phase: int) -> None:
    """End a case: it stays at its desk until it is handed out."""
    m[place + PHASE] = phase
    m[m[ENDED_AT] + m[ENDED_COUNT]] = m[place + DESK]
    m[ENDED_COUNT] += 1
    m[UNDER_WAY] -= 1
