"""Read OCEL 2.0 from JSON. The format is one document, so it is read whole, and has a limit; SQLite has none.

Source: OCEL 2.0 specification (2024), clause 8.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from conformance.errors import InputError, nearest_name
from conformance.logs.ocel_reader import ID, TIME, TYPE, record_of
from conformance.logs.records import Record, Reject, Value

MAX_OCTETS = 256 * 1024 * 1024


class _Value(msgspec.Struct, frozen=True):
    name: str
    value: Any = None
    time: str | None = None


class _Link(msgspec.Struct, frozen=True):
    objectId: str  # noqa: N815 - the standard's name
    qualifier: str = ""


class _Object(msgspec.Struct, frozen=True):
    id: str
    type: str
    attributes: list[_Value] = []
    relationships: list[_Link] = []


class _Event(msgspec.Struct, frozen=True):
    id: str
    type: str
    time: str
    attributes: list[_Value] = []
    relationships: list[_Link] = []


class _Log(msgspec.Struct, frozen=True):
    objectTypes: list[Any]  # noqa: N815 - the standard's names
    eventTypes: list[Any]  # noqa: N815
    objects: list[_Object]
    events: list[_Event]


def read_ocel_json(path: Path, case: str) -> Iterator[Record | Reject]:
    """Yield a record for each event of the file *path* and each object of the type *case* that it belongs to.

    Raises InputError for a file beyond the limit, or not of the schema of OCEL 2.0.
    """
    log = _read(path)
    things = {thing.id: thing for thing in log.objects}
    kinds = {thing.type for thing in log.objects}
    if case not in kinds:
        nearest = nearest_name(case, kinds)
        raise InputError(str(path), "objects", f"none of the type {case}", "the type of the cases", nearest)
    ordinal = 0
    for event in log.events:
        linked = [things[link.objectId] for link in event.relationships if link.objectId in things]
        objects = [(thing.type, thing.id) for thing in linked]
        values: dict[str, Value] = {given.name: given.value for given in event.attributes}
        values |= {ID: event.id, TYPE: event.type, TIME: event.time}
        cases: list[_Object | None] = [thing for thing in linked if thing.type == case]
        for one in cases or [None]:
            ordinal += 1
            of_case = _first_values(one) if one is not None else {}
            yield record_of(ordinal, values, objects, one.id if one is not None else None, of_case)


def object_types_of(path: Path) -> tuple[str, ...]:
    """Return the types of objects of the file *path*, sorted. Raises InputError as *read_ocel_json* does."""
    return tuple(sorted({thing.type for thing in _read(path).objects}))


def _first_values(thing: _Object) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for one in thing.attributes:
        found.setdefault(one.name, one.value)
    return found


def _read(path: Path) -> _Log:
    try:
        with path.open("rb") as file:
            octets = file.read(MAX_OCTETS + 1)
    except OSError as error:
        found = (error.strerror or "no file").lower()
        raise InputError(str(path), "", found, "a readable file") from None
    if len(octets) > MAX_OCTETS:
        found = f"more than {MAX_OCTETS} octets"
        raise InputError(str(path), "", found, "a smaller file, or the same log as OCEL in SQLite")
    try:
        return msgspec.json.decode(octets.removeprefix(b"\xef\xbb\xbf"), type=_Log)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        found = str(error).partition("\n")[0][:120]
        raise InputError(str(path), "", found or "broken JSON", "a document of OCEL 2.0") from None
