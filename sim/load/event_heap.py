"""The agenda, a heap of what is to come ordered by (moment, case), and heaps of plain numbers, inside *m*.

Written out, since the compiled loop keeps them between calls and over a million events.
"""

from sim.load.state import (
    AGENDA_AT,
    EVENTS,
    Ints,
)


def push_event(m: Ints, when_us: int, key: int) -> None:
    """Add to the agenda that something happens at *when_us* to the case with this *key*."""
    base, child = m[AGENDA_AT], m[EVENTS]
    m[EVENTS] += 1
    while child > 0:
        parent = (child - 1) >> 1
        at = base + 2 * parent
        if m[at] < when_us or (m[at] == when_us and m[at + 1] <= key):
            break
        m[base + 2 * child] = m[at]
        m[base + 2 * child + 1] = m[at + 1]
        child = parent
    m[base + 2 * child] = when_us
    m[base + 2 * child + 1] = key


def pop_event(m: Ints) -> int:
    """Take the first event from the agenda and return the key of its case."""
    base, last = m[AGENDA_AT], m[EVENTS] - 1
    m[EVENTS] = last
    first = m[base + 1]
    when_us, key = m[base + 2 * last], m[base + 2 * last + 1]
    parent, child = 0, 1
    while child < last:
        at = base + 2 * child
        if child + 1 < last and (m[at + 2] < m[at] or (m[at + 2] == m[at] and m[at + 3] < m[at + 1])):
            child += 1
            at += 2
        if when_us < m[at] or (when_us == m[at] and key <= m[at + 1]):
            break
        m[base + 2 * parent] = m[at]
        m[base + 2 * parent + 1] = m[at + 1]
        parent = child
        child = 2 * parent + 1
    m[base + 2 * parent] = when_us
    m[base + 2 * parent + 1] = key
    return int(first)


def push_number(m: Ints, base: int, size: int, number: int) -> None:
    """Add *number* to the heap of *size* numbers that begins at *base*."""
    child = size
    while child > 0:
        parent = (child - 1) >> 1
        if m[base + parent] <= number:
            break
        m[base + child] = m[base + parent]
        child = parent
    m[base + child] = number


def pop_number(m: Ints, base: int, size: int) -> int:
    """Take the least of the *size* numbers of a heap."""
    last = size - 1
    first, number = m[base], m[base + last]
    parent, child = 0, 1
    while child < last:
        if child + 1 < last and m[base + child + 1] < m[base + child]:
            child += 1
        if number <= m[base + child]:
            break
        m[base + parent] = m[base + child]
        parent = child
        child = 2 * parent + 1
    m[base + parent] = number
    return int(first)
