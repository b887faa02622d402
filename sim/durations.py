"""Durations as people write them, ``30 s`` or ``1.5 min``, and as the simulation counts them: microseconds."""

import re
from decimal import Decimal

from conformance.errors import UnfitValue, nearest_name

UNITS_US = {"us": 1, "ms": 1_000, "s": 1_000_000, "min": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}
"""Known units with their length in microseconds."""

_FORM = re.compile(r"(?P<number>[0-9]{1,9}(\.[0-9]{1,6})?) ?(?P<unit>[A-Za-zµ]+)\Z")


def parse_duration_us(text: str) -> int:
    """Return the microseconds of *text*; raise UnfitValue for a wrong form or an unknown unit."""
    form = _FORM.match(text)
    if form is None:
        raise UnfitValue(repr(text), "a number and a unit, like 30 s or 1.5 min")
    unit = form["unit"]
    if unit not in UNITS_US:
        units = ", ".join(UNITS_US)
        raise UnfitValue(f"the unit {unit} in {text!r}", f"one of {units}", _nearest_unit(unit))
    return int(Decimal(form["number"]) * UNITS_US[unit])


def _nearest_unit(unit: str) -> str | None:
    by_first_letter = {"s": "s", "m": "min", "h": "h", "d": "d", "u": "us"}
    return nearest_name(unit, UNITS_US) or by_first_letter.get(unit[0].lower())
