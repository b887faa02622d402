"""What every row of an event log must be before anything is judged: named, in range, well-formed."""

import json
import re
from collections.abc import Iterable
from typing import Any

from conformance.errors import InputError
from conformance.log import Row

REQUIRED = ("case_id", "service", "path", "step", "unit")
MOMENTS = ("enabled_us", "started_us", "completed_us")
EARLIEST_US = 631_152_000_000_000
"""1990-01-01, UTC: what lies before, zero above all, is a missing moment in disguise."""
LATEST_US = 7_258_118_400_000_000
"""2200-01-01, UTC: what lies beyond is not a moment in microseconds."""
COARSEST_US = 366 * 86_400_000_000
MAX_ATTRIBUTES = 64 * 1024
MAX_DEPTH = 64
"""Containers within containers: more is no attribute of an event."""
IMPERSONAL = ("case_id", "step", "unit", "resource", "outcome", "request_number", "attributes")
"""Columns in which nobody's number has any business.

The act gives a registration number no form, and ours have 14 digits: none is like one of a person, of 12.
"""
_TWELVE_DIGITS = re.compile(r"(?<![0-9A-Za-z])[0-9]{12}(?![0-9A-Za-z])")
_DIGITS = re.compile(r"\d{12,}")
"""Digits of any script: what is masked is shown to people, who read full-width ones as well."""
_MASK = "************"
_WEIGHTS = ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2))


class RowFault(InputError):  # noqa: N818 - a fault of the row, an error of its reader
    """Report what is wrong with one row: its *column*, and the *kind* of fault as one word."""

    def __init__(self, kind: str, column: str, where: tuple[str, int], found: str, expected: str) -> None:
        self.kind = kind
        self.column = column
        place, number = where
        super().__init__(place, f"row {number}, {column}", found, expected)


def check_row(row: Row, place: str, number: int) -> dict[str, Any] | None:
    """Return the attributes of a row that names its step, lies within 1990 to 2200 and is well-formed.

    Raises RowFault with the row's *number*, counted from 1, and the column.
    """
    where = (place, number)
    check_values(row, where)
    return _read_attributes(row, where)


def check_values(row: Row, where: tuple[str, int]) -> None:
    """Check everything of *row* but the form of its attributes: enough where this program has written them.

    Raises RowFault at the place and row number *where*.
    """
    for name in REQUIRED:
        if not getattr(row, name):
            raise RowFault("MISSING_VALUE", name, where, "nothing", "a value")
    for name in MOMENTS:
        moment = getattr(row, name)
        if moment is not None and not EARLIEST_US <= moment <= LATEST_US:
            expected = "microseconds since 1970, in the years 1990 to 2200, or null"
            raise RowFault("OUT_OF_RANGE", name, where, f"the moment {moment}", expected)
    if not 1 <= row.resolution_us <= COARSEST_US:
        found = f"{row.resolution_us} microseconds"
        raise RowFault("OUT_OF_RANGE", "resolution_us", where, found, "1 microsecond to one year")
    for name in IMPERSONAL:
        text = getattr(row, name)
        if text and names_a_person(text):
            raise RowFault("PERSONAL_NUMBER", name, where, "the number of a person (IIN)", "a pseudonym")


def names_a_person(text: str) -> bool:
    """Tell whether the number of a person (IIN) stands in *text*."""
    return len(text) >= 12 and any(map(_is_personal, _TWELVE_DIGITS.findall(text)))


def _is_personal(digits: str) -> bool:
    """Tell whether twelve digits have an IIN's date, century and check digit."""
    month, day, century = int(digits[2:4]), int(digits[4:6]), int(digits[6])
    if not (1 <= month <= 12 and 1 <= day <= 31 and 1 <= century <= 6):
        return False
    for weights in _WEIGHTS:
        rest = sum(int(d) * w for d, w in zip(digits, weights, strict=False)) % 11
        if rest < 10:
            return rest == int(digits[11])
    return False


def without_numbers(text: str) -> str:
    """Return *text* with the number of every person (IIN) in it made unreadable."""
    return _DIGITS.sub(lambda found: _MASK if _holds_personal(found[0]) else found[0], text)


def _holds_personal(digits: str) -> bool:
    return any(_is_personal(digits[start : start + 12]) for start in range(len(digits) - 11))


def _read_attributes(row: Row, where: tuple[str, int]) -> dict[str, Any] | None:
    """Return the row's attributes, or None if the source delivered none.

    Raises RowFault unless they are one JSON object of at most 64 KiB with each key once.
    """
    if row.attributes is None:
        return None
    fault = ("BAD_ATTRIBUTES", "attributes", where)
    if len(row.attributes) > MAX_ATTRIBUTES:
        raise RowFault(*fault, f"{len(row.attributes)} characters", f"at most {MAX_ATTRIBUTES}")
    try:
        values = _DECODER.decode(row.attributes)
    except (ValueError, RecursionError) as error:
        problem = "too many nested levels" if isinstance(error, RecursionError) else _problem(error)
        raise RowFault(*fault, problem, "a JSON object") from None
    if not isinstance(values, dict):
        raise RowFault(*fault, f"a JSON {type(values).__name__}", "a JSON object")
    if _depth(values) > MAX_DEPTH:
        raise RowFault(*fault, "too many nested levels", f"at most {MAX_DEPTH}")
    if "\\u" in row.attributes and not _is_text(values):
        raise RowFault(*fault, "half of a surrogate pair", "text that can be written down")
    return values


def _depth(values: Any) -> int:
    """Return how deep the containers of a JSON value are nested."""
    deepest, level = 0, [values]
    while level:
        inner: list[Any] = []
        for value in level:
            inner += value.values() if isinstance(value, dict) else value
        level = [value for value in inner if isinstance(value, dict | list)]
        deepest += 1
    return deepest


def _is_text(values: Any) -> bool:
    """Tell whether UTF-8 can hold every text in a JSON value."""
    try:
        json.dumps(values, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


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


_DECODER = json.JSONDecoder(object_pairs_hook=_unique_keys, parse_constant=_refuse)
