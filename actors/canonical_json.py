"""Canonical JSON: one value, one sequence of octets, so that a signature over octets is one over the value.

Keys are sorted by code point, nothing stands between the tokens, characters are UTF-8 and escaped only where
JSON demands it. Values are objects, lists, text, integers below 2**53 in size, true, false and null.
Fractions are refused: their text is not unique.
"""

import json
from typing import Any

from actors.errors import FormatError

MAX_OCTETS = 65_536
MAX_DEPTH = 16
MAX_INTEGER = 2**53 - 1


def encode(value: dict[str, Any]) -> bytes:
    """Return the octets of *value*; raise FormatError if it holds anything else than listed above."""
    if type(value) is not dict:
        raise FormatError("not an object")
    _check(value, 1)
    return _dump(value)


def decode(octets: bytes, max_octets: int = MAX_OCTETS) -> dict[str, Any]:
    """Return the object written in *octets*; raise FormatError unless they are its canonical form."""
    if len(octets) > max_octets:
        raise FormatError("too many octets")
    value: dict[str, Any] = _parse(octets)
    # What the reader lets through is written differently, or not at all: the last of two equal keys,
    # fractions, NaN, other spellings of a number or a character, anything but an object.
    if encode(value) != octets:
        raise FormatError("not canonical")
    return value


def _parse(octets: bytes) -> Any:
    try:
        return json.loads(octets.decode("utf-8"))
    except ValueError:  # not UTF-8, not JSON, or thousands of digits
        raise FormatError("not JSON") from None
    except RecursionError:
        raise FormatError("too deep") from None


def _dump(value: dict[str, Any]) -> bytes:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:  # half of a surrogate pair
        raise FormatError("not a character") from None


def _check(value: object, depth: int) -> None:
    # Exact types: a subclass may print itself in its own way.
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return
    if isinstance(value, int) and kind is int:
        if abs(value) > MAX_INTEGER:
            raise FormatError("integer too large")
    elif depth > MAX_DEPTH:
        raise FormatError("too deep")
    elif isinstance(value, list) and kind is list:
        for item in value:
            _check(item, depth + 1)
    elif isinstance(value, dict) and kind is dict:
        _check_object(value, depth)
    else:
        raise FormatError("not a JSON value")


def _check_object(value: dict[object, object], depth: int) -> None:
    for key, item in value.items():
        if type(key) is not str:
            raise FormatError("a key that is not text")
        _check(item, depth + 1)
