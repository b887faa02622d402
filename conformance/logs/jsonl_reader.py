"""Read JSON Lines of any objects: nested ones get names such as ``outer/inner``, lists stay text in JSON."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conformance.errors import InputError
from conformance.logs.records import Reason, Record, Reject, Value

MAX_LINE = 1024 * 1024
MAX_VALUES = 2_000
_BOM = b"\xef\xbb\xbf"


def read_jsonl(path: Path) -> Iterator[Record | Reject]:
    """Yield the objects of the file *path*, numbered by their line; empty lines are none.

    Raises InputError for a file that cannot be read, or a line beyond the limit.
    """
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(MAX_LINE + 1):
                number += 1
                if len(line) > MAX_LINE:
                    found = "a longer line"
                    raise InputError(str(path), f"line {number}", found, f"at most {MAX_LINE} octets")
                if number == 1:
                    line = line.removeprefix(_BOM)
                if line.strip():
                    yield _record(line, number)
    except OSError as error:
        found = (error.strerror or "no file").lower()
        raise InputError(str(path), "", found, "a readable file") from None


def _record(line: bytes, number: int) -> Record | Reject:
    try:
        text = line.decode()
        found = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)
        values: dict[str, Value] = {}
        if not isinstance(found, dict):
            return Reject(number, "", Reason.BAD_RECORD)
        _flatten(found, "", values)
        if "\\u" in text:
            json.dumps(found, ensure_ascii=False).encode()  # half of a pair of surrogates is no text
    except UnicodeError:
        return Reject(number, "", Reason.BAD_ENCODING)
    except _DuplicateName:
        return Reject(number, "", Reason.DUPLICATE_NAME)
    except (ValueError, RecursionError):
        return Reject(number, "", Reason.BAD_RECORD)
    return Record(number, values)


class _DuplicateName(Exception):  # noqa: N818 - it never leaves this module
    pass


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise _DuplicateName
    return values


def _refuse(name: str) -> None:
    raise ValueError(name)


def _flatten(found: dict[str, Any], before: str, values: dict[str, Value]) -> None:
    for key, value in found.items():
        name = f"{before}{key}"
        if isinstance(value, dict):
            _flatten(value, f"{name}/", values)
            continue
        if name in values:
            raise _DuplicateName
        if len(values) >= MAX_VALUES:
            raise ValueError(name)
        values[name] = json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
