"""How one field of a document is read: exact types, bounded sizes, no characters that deceive the eye.

Each function returns the value it was given, or raises FormatError with the field's name. Whether a number
belongs to a person or a moment is recent is judged elsewhere; here a value only has to be one that a signer
can have meant.
"""

import re
from collections.abc import Mapping
from typing import Any

from actors.canonical_json import MAX_INTEGER
from actors.errors import FormatError

MAX_FIELDS = 50
MAX_TEXT = 4_000
MAX_LINE = 255
MAX_NUMBER = 20

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")
_HEX_128 = re.compile(r"[0-9a-f]{32}")
_HEX_256 = re.compile(r"[0-9a-f]{64}")
# Control characters; and those that turn the direction of writing: a text with one shows what nobody signed.
_DECEIVING = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def read_plain(values: Mapping[str, Any], key: str) -> str:
    """Read an identifier: 1 to 128 Latin letters, digits, dots, colons, hyphens; a letter or digit first."""
    return _matching(values, key, _PLAIN)


def read_nonce(values: Mapping[str, Any], key: str) -> str:
    """Read 16 octets in lower-case hex."""
    return _matching(values, key, _HEX_128)


def read_sha256(values: Mapping[str, Any], key: str) -> str:
    """Read 32 octets in lower-case hex."""
    return _matching(values, key, _HEX_256)


def read_moment(values: Mapping[str, Any], key: str) -> int:
    """Read a moment after the epoch, in microseconds."""
    return _bounded(values, key, 1)


def read_count(values: Mapping[str, Any], key: str) -> int:
    """Read a whole number from zero on."""
    return _bounded(values, key, 0)


def read_flag(values: Mapping[str, Any], key: str) -> bool:
    """Read true or false."""
    value = values[key]
    if not isinstance(value, bool):
        raise FormatError(f"value of {key}")
    return value


def read_number(values: Mapping[str, Any], key: str) -> str:
    """Read what claims to be an IIN or a BIN: one line of at most 20 characters, right or wrong."""
    return _line(values, key, MAX_NUMBER)


def read_line(values: Mapping[str, Any], key: str) -> str:
    """Read one line of at most 255 characters."""
    return _line(values, key, MAX_LINE)


def read_text(values: Mapping[str, Any], key: str) -> str:
    """Read a text of at most 4 000 characters; it may have several lines."""
    value = values[key]
    if not isinstance(value, str) or len(value) > MAX_TEXT or _DECEIVING.search(value):
        raise FormatError(f"value of {key}")
    return value


def read_fields(values: Mapping[str, Any], key: str) -> dict[str, str]:
    """Read the fields of a form: at most 50 texts under plain names."""
    fields = values[key]
    if not isinstance(fields, dict) or len(fields) > MAX_FIELDS:
        raise FormatError(f"value of {key}")
    for name, value in fields.items():
        plain = _PLAIN.fullmatch(name) is not None and isinstance(value, str)
        if not plain or len(value) > MAX_TEXT or _DECEIVING.search(value):
            raise FormatError(f"fields of {key}")
    return fields


def check_keys(values: Mapping[str, Any], type_: str, keys: frozenset[str]) -> None:
    """Check that a document is of one type and has all of its keys and no other."""
    if values.get("typ") != type_:
        raise FormatError("type of a document")
    if values.keys() != keys:
        raise FormatError("keys of a document")


def _matching(values: Mapping[str, Any], key: str, pattern: re.Pattern[str]) -> str:
    value = values[key]
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise FormatError(f"value of {key}")
    return value


def _bounded(values: Mapping[str, Any], key: str, least: int) -> int:
    value = values[key]
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= MAX_INTEGER:
        raise FormatError(f"value of {key}")
    return value


def _line(values: Mapping[str, Any], key: str, most: int) -> str:
    value = values[key]
    if not isinstance(value, str) or len(value) > most or "\n" in value or _DECEIVING.search(value):
        raise FormatError(f"value of {key}")
    return value
