"""Durations as people write them, ``30 s`` or ``1.5 min``, read as the microseconds a simulation counts."""

import re
from decimal import Decimal

from conformance.errors import UnfitValue, nearest_name

UNITS_US = {"us": 1, "ms": 1_000, "s": 1_000_000, "min": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}
"""Known units with their length in microseconds."""

MAX_DURATION_US = 366 * UNITS_US["d"]
"""The longest duration; nothing in a public service takes a year."""

_FORM = re.compile(r"(?P<number>[0-9]{1,9}(\.[0-9]{1,6})?) ?(?P<unit>[A-Za-zµμ]+)\Z")


def parse_duration_us(text: str) -> int:
    """Return the microseconds of *text*.

    Raises UnfitValue for a wrong form, an unknown unit, a part of a microsecond, and more than 366 days.
    """
    form = _FORM.match(text)
    if form is None:
        raise UnfitValue(repr(text[:40]), "a number and a unit, like 30 s or 1.5 min")
    unit = form["unit"]
    if unit not in UNITS_US:
        units = ", ".join(UNITS_US)
        raise UnfitValue(f"the unit {unit[:20]} in {text[:40]!r}", f"one of {units}", _nearest_unit(unit))
    length = Decimal(form["number"]) * UNITS_US[unit]
    if length != int(length):
        raise UnfitValue(repr(text), "a whole number of microseconds")
    if length > MAX_DURATION_US:
        raise UnfitValue(repr(text), "at most 366 d")
    return int(length)


def _nearest_unit(unit: str) -> str | None:
    written = unit.casefold()  # both signs for micro become one letter
    if written in UNITS_US:
        return written
    known = {"m": "min", "\N{GREEK SMALL LETTER MU}s": "us"}
    by_first_letter = {"s": "s", "m": "min", "h": "h", "d": "d"}
    return known.get(written) or nearest_name(written, UNITS_US) or by_first_letter.get(written[0])
