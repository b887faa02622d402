"""What every row of an event log must be before anything is judged: named, in range, well-formed."""

import json
from collections.abc import Iterable
from typing import Any

from conformance.errors import InputError
from conformance.log import Row

REQUIRED = ("case_id", "service", "path", "step", "unit")
MOMENTS = ("enabled_us", "started_us", "completed_us")
EARLIEST_US = -2_208_988_800_000_000
"""1900-01-01, UTC."""
LATEST_US = 7_258_118_400_000_000
"""2200-01-01, UTC: what lies beyond is not a moment in microseconds."""
COARSEST_US = 366 * 86_400_000_000
MAX_ATTRIBUTES = 64 * 1024


def check_row(row: Row, place: str, number: int) -> dict[str, Any] | None:
    """Return the attributes of a row that names its step, lies within 1900 to 2200 and is well-formed.

    Raises InputError with the row's *number*, counted from 1, and the column.
    """
    for name in REQUIRED:
        if not getattr(row, name):
            raise InputError(place, f"row {number}, {name}", "nothing", "a value")
    for name in MOMENTS:
        moment = getattr(row, name)
        if moment is not None and not EARLIEST_US <= moment <= LATEST_US:
            found = f"the moment {moment}"
            raise InputError(place, f"row {number}, {name}", found, "microseconds since 1970, 1900 to 2200")
    if not 1 <= row.resolution_us <= COARSEST_US:
        found = f"{row.resolution_us} microseconds"
        raise InputError(place, f"row {number}, resolution_us", found, "1 microsecond to one year")
    return _read_attributes(row, place, number)


def _read_attributes(row: Row, place: str, number: int) -> dict[str, Any] | None:
    """Return the row's attributes, or None if the source delivered none.

    Raises InputError unless they are one JSON object of at most 64 KiB with each key once.
    """
    if row.attributes is None:
        return None
    inside = f"row {number}, attributes"
    if len(row.attributes) > MAX_ATTRIBUTES:
        raise InputError(place, inside, f"{len(row.attributes)} characters", f"at most {MAX_ATTRIBUTES}")
    try:
        values = json.loads(row.attributes, object_pairs_hook=_unique_keys, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        problem = "too many nested levels" if isinstance(error, RecursionError) else _problem(error)
        raise InputError(place, inside, problem, "a JSON object") from None
    if not isinstance(values, dict):
        raise InputError(place, inside, f"a JSON {type(values).__name__}", "a JSON object")
    return values


def _problem(error: ValueError) -> str:
    """Say what is wrong without repeating the text itself, which may be personal."""
    if isinstance(error, json.JSONDecodeError):
        return f"broken JSON at character {error.pos}"
    return str(error) if isinstance(error, _Unwanted) else "broken JSON"


class _Unwanted(ValueError):  # noqa: N818 - it never leaves this module
    pass


def _unique_keys(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in pairs:
        if key in values:
            raise _Unwanted("a repeated key")
        values[key] = value
    return values


def _refuse(name: str) -> None:
    raise _Unwanted(f"the number {name}")
