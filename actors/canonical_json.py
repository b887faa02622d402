"""Canonical JSON: one value, one sequence of octets, so that a signature over octets is one over the value.

Keys are sorted by code point, nothing stands between the tokens, characters are UTF-8 and escaped only where
JSON demands it. Values are objects, lists, text, integers below 2**53 in size, true, false and null.
Fractions are refused: their text is not unique.
"""

import re
from typing import Any

import msgspec

from actors.errors import FormatError

MAX_OCTETS = 65_536
MAX_DEPTH = 16
MAX_CONTAINERS = 4_096
MAX_INTEGER = 2**53 - 1

_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER = msgspec.json.Decoder()


def encode(value: dict[str, Any]) -> bytes:
    """Return the octets of *value*.

    Raises FormatError if it holds anything else than listed above, or more than MAX_CONTAINERS objects and
    lists.
    """
    if type(value) is not dict:
        raise FormatError("not an object")
    _check(value, 1)
    octets = _dump(value)
    if _openings(octets) > MAX_CONTAINERS:
        _check_brackets(octets)
    return octets


def decode(octets: bytes, max_octets: int = MAX_OCTETS) -> dict[str, Any]:
    """Return the object written in *octets*; raise FormatError unless they are its canonical form.

    Refuses more than *max_octets* unread, and more than MAX_CONTAINERS objects and lists unparsed. Time grows
    with the number of octets only.
    """
    if len(octets) > max_octets:
        raise FormatError("too many octets")
    _check_brackets(octets)
    value = _parse(octets)
    if not isinstance(value, dict):
        raise FormatError("not an object")
    _check(value, 1)
    # What the reader lets through is written differently, or not at all: the last of two equal keys,
    # a minus before zero, other spellings of a character, spaces, half of a surrogate pair.
    if _dump(value) != octets:
        raise FormatError("not canonical")
    return value


def _check_brackets(octets: bytes) -> None:
    # Counted before anything is parsed: the reader's own limit of depth is the interpreter's stack, which is
    # another one in every version, and containers are what costs most time by the octet. Nearly all
    # documents have too few brackets for either.
    if _openings(octets) <= MAX_DEPTH:
        return
    depth = containers = 0
    for token in _TOKEN.finditer(octets):
        first = octets[token.start()]
        if first in b"[{":
            depth += 1
            containers += 1
            if depth > MAX_DEPTH:
                raise FormatError("too deep")
            if containers > MAX_CONTAINERS:
                raise FormatError("too many values")
        elif first in b"]}":
            depth -= 1


def _openings(octets: bytes) -> int:
    """Count the brackets that open something, and those inside of text as well."""
    return octets.count(b"{") + octets.count(b"[")


def _parse(octets: bytes) -> Any:
    try:
        return _DECODER.decode(octets)
    except ValueError:  # not UTF-8 or not JSON
        raise FormatError("not JSON") from None


def _dump(value: dict[str, Any]) -> bytes:
    try:
        return _ENCODER.encode(value)
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


def _check_object(value: dict[object, Any], depth: int) -> None:
    for key, item in value.items():
        if type(key) is not str:
            raise FormatError("a key that is not text")
        kind = type(item)  # nearly all are texts and small numbers
        if kind is str or (kind is int and -MAX_INTEGER <= item <= MAX_INTEGER):
            continue
        _check(item, depth + 1)
