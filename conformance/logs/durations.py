"""Spans of time as people write them in a mapping: ``1 s``, ``500 ms``, ``1 day``."""

import re

from conformance.errors import UnfitValue

_UNITS = {
    "us": 1,
    "ms": 1_000,
    "s": 1_000_000,
    "min": 60_000_000,
    "h": 3_600_000_000,
    "day": 86_400_000_000,
    "days": 86_400_000_000,
}
_SPAN = re.compile(r"(?P<count>0|[1-9][0-9]{0,8}) ?(?P<unit>[a-z]+)\Z")


def span_us(text: str) -> int:
    """Return the span *text* in microseconds. Raises UnfitValue for anything else."""
    match = _SPAN.match(text)
    if match is None or match["unit"] not in _UNITS:
        raise UnfitValue(repr(text[:40]), f"a whole number and a unit ({', '.join(_UNITS)})")
    return int(match["count"]) * _UNITS[match["unit"]]
