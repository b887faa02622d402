"""The provider's hours in the event loop, looked up in tables; *sim.hours* says the same of a calendar."""

from sim.load.state import (
    CUTOFF_US,
    DAY,
    DAY_CLOSES,
    DAYS_AT,
    DAYS_COUNT,
    HOURS_AT,
    HOURS_COUNT,
    LATE_WAITS,
    NEVER,
    RULE,
    RULES_AT,
    Ints,
)


def last_not_after(m: Ints, base: int, count: int, width: int, moment_us: int) -> int:
    """Return the place of the last of *count* records that begins not after *moment_us*, -1 for none."""
    low, high = 0, count
    while low < high:
        middle = (low + high) >> 1
        if m[base + middle * width] <= moment_us:
            low = middle + 1
        else:
            high = middle
    return base + (low - 1) * width if low > 0 else -1


def next_open_us(m: Ints, moment_us: int) -> int:
    """Return the first open moment not before *moment_us*, NEVER if the plan's hours end before."""
    at = last_not_after(m, m[HOURS_AT], m[HOURS_COUNT], 2, moment_us)
    if at >= 0 and moment_us < m[at + 1]:
        return moment_us
    following = m[HOURS_AT] if at < 0 else at + 2
    return int(m[following]) if following < m[HOURS_AT] + 2 * m[HOURS_COUNT] else NEVER


def closing_us(m: Ints, moment_us: int) -> int:
    """Return the last closing of the local day of *moment_us*, -1 if it is closed."""
    return int(m[last_not_after(m, m[DAYS_AT], m[DAYS_COUNT], DAY, moment_us) + DAY_CLOSES])


def is_late(m: Ints, rule: int, moment_us: int) -> bool:
    """Tell whether the cut-off of a *rule* has passed on the local day; a closed day has none left."""
    at = m[RULES_AT] + RULE * rule
    if rule < 0 or m[at + CUTOFF_US] < 0:
        return False
    closes_us = closing_us(m, moment_us)
    return bool(closes_us < 0 or moment_us > closes_us - m[at + CUTOFF_US])


def admission_us(m: Ints, rule: int, moment_us: int) -> int:
    """Return when a request that arrives at *moment_us* is taken up: at once, or at an opening."""
    open_us = next_open_us(m, moment_us)
    if open_us == NEVER or rule < 0 or m[m[RULES_AT] + RULE * rule + LATE_WAITS] == 0:
        return open_us
    if not is_late(m, rule, open_us):
        return open_us
    return next_open_us(m, max(closing_us(m, open_us), open_us))
