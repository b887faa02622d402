"""The doctors' slots in the event loop: held for a while when chosen, taken for good when granted.

Source: paragraph 9 of the appointment service; holding a slot is an assumption of the pack (ASSUME-31).
"""

from sim.load.state import (
    DOCTORS_AT,
    FIRST_SLOT,
    HOLDER,
    NEVER,
    NEXT_SLOT,
    NOW_US,
    NUMBER,
    OFFICE,
    OFFICE_WIDTH,
    OFFICES_AT,
    SLOT,
    SLOT_COUNT,
    SLOT_DOCTOR,
    SLOT_FROM,
    SLOT_HELD,
    SLOT_HOLD_US,
    SLOT_KNOWN,
    SLOTS_AT,
    UNTIL_US,
    USE,
    USES_AT,
    Ints,
)


def hold_slot(m: Ints, place: int) -> bool:
    """Hold the earliest free slot of the case's office that has not begun; tell whether there was one.

    Slots that nobody can have any more leave the chain of the office's slots when they are met.
    """
    office, now_us = m[place + OFFICE], m[NOW_US]
    link = m[OFFICES_AT] + office * OFFICE_WIDTH + FIRST_SLOT
    slot = m[link]
    while slot < m[SLOT_COUNT]:
        at = m[SLOTS_AT] + slot * SLOT
        use = m[USES_AT] + (office * m[SLOT_COUNT] + slot) * USE
        gone = m[at + SLOT_FROM] <= now_us or m[at + SLOT_DOCTOR] >= m[m[DOCTORS_AT] + office]
        if gone or m[use + UNTIL_US] == NEVER:
            m[link] = m[use + NEXT_SLOT]
        elif m[use + UNTIL_US] <= now_us and m[at + SLOT_KNOWN] <= now_us:
            m[use + UNTIL_US] = now_us + m[SLOT_HOLD_US]
            m[use + HOLDER] = m[place + NUMBER]
            m[place + SLOT_HELD] = slot
            return True
        else:
            link = use + NEXT_SLOT
        slot = m[use + NEXT_SLOT]
    return False


def free_slot(m: Ints, place: int) -> None:
    """Give the case's slot back, unless it was taken for good or somebody else has it by now."""
    slot = m[place + SLOT_HELD]
    if slot < 0:
        return
    use = m[USES_AT] + (m[place + OFFICE] * m[SLOT_COUNT] + slot) * USE
    if m[use + UNTIL_US] != NEVER and m[use + HOLDER] == m[place + NUMBER]:
        m[use + UNTIL_US] = 0


def take_slot(m: Ints, place: int) -> bool:
    """Give the case its slot for good, unless somebody else has it; tell whether that worked."""
    slot = m[place + SLOT_HELD]
    if slot < 0:
        return False
    use = m[USES_AT] + (m[place + OFFICE] * m[SLOT_COUNT] + slot) * USE
    if m[use + UNTIL_US] > m[NOW_US] and m[use + HOLDER] != m[place + NUMBER]:
        return False
    m[use + UNTIL_US] = NEVER
    m[use + HOLDER] = m[place + NUMBER]
    return True
