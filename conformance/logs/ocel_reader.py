"""Read OCEL 2.0 from SQLite: as a stranger's file, read-only, and one event after the other.

Source: OCEL 2.0 specification (2024), clause 7. An event of several cases gives a record for each.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

from conformance.errors import InputError, nearest_name
from conformance.logs.records import CASE, Reason, Record, Reject, Value

TYPE, TIME, ID = "ocel:type", "ocel:time", "ocel:id"
CASE_ID = CASE + ID
OBJECT = "object:"
MAX_TYPES = 2_000
MAX_TEXT = 16 * 1024 * 1024
MAX_LINKS = 10_000
_NEEDED = {
    "event": {"ocel_id", "ocel_type"},
    "object": {"ocel_id", "ocel_type"},
    "event_object": {"ocel_event_id", "ocel_object_id", "ocel_qualifier"},
    "event_map_type": {"ocel_type", "ocel_type_map"},
    "object_map_type": {"ocel_type", "ocel_type_map"},
}
_UNREADABLE = re.compile("[\ud800-\udfff]")


def read_ocel_sqlite(path: Path, case: str) -> Iterator[Record | Reject]:
    """Yield a record for each event of the file *path* and each object of the type *case* that it belongs to.

    Raises InputError for a file that is not of the schema of OCEL 2.0.
    """
    with opened_sqlite(path) as database:
        types = _types(database, "event", str(path))
        _require_type(_types(database, "object", str(path)), case, str(path))
        ordinal = 0
        described = _case_attributes(database, case, str(path))
        for name, table in types.items():
            for values, objects in _events(database, name, table, str(path)):
                cases = _of_kind(case, objects)
                for id_ in cases:
                    ordinal += 1
                    yield record_of(
                        ordinal, {**values, TYPE: name}, objects, id_, described.get(id_ or "", {})
                    )


def record_of(
    ordinal: int,
    values: dict[str, Value],
    objects: list[tuple[str, str]],
    case: str | None,
    of_case: dict[str, Value],
) -> Record | Reject:
    """Return one record of an event for one of its cases; *objects* are types and ids."""
    found: dict[str, Any] = dict(values)
    for kind, id_ in objects:
        found.setdefault(OBJECT + kind, id_)
    found |= {CASE + name: value for name, value in of_case.items()}
    if case is not None:
        found[CASE_ID] = case
    for name, value in found.items():
        if isinstance(value, str) and not value.isascii() and _UNREADABLE.search(value):
            return Reject(ordinal, name, Reason.BAD_ENCODING)
        if value is not None and not isinstance(value, str | int | float):
            return Reject(ordinal, name, Reason.BAD_VALUE)
    return Record(ordinal, found)


def object_types(path: Path) -> tuple[str, ...]:
    """Return the types of objects of the file *path*. Raises InputError as *read_ocel_sqlite* does."""
    with opened_sqlite(path) as database:
        return tuple(_types(database, "object", str(path)))


@contextmanager
def opened_sqlite(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a stranger's database: read-only, unchanging, no extensions, nothing of its schema trusted.

    Raises InputError for what is no such database, or becomes none on the way.
    """
    database: sqlite3.Connection | None = None
    try:
        database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        database.text_factory = lambda octets: octets.decode("utf-8", "surrogateescape")
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_TEXT)
        database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        for setting in ("trusted_schema = OFF", "query_only = ON", "cell_size_check = ON"):
            database.execute(f"PRAGMA {setting}")
        _check_schema(database, str(path))
        yield database
    except (sqlite3.Error, OverflowError, ValueError) as error:
        raise InputError(str(path), "", _words(error), "a database of OCEL 2.0") from None
    finally:
        if database is not None:
            database.close()


def _check_schema(database: sqlite3.Connection, place: str) -> None:
    """Refuse other schemas, and everything in a schema that computes: views, triggers, virtual tables."""
    for kind, name, sql in database.execute("SELECT type, name, sql FROM sqlite_master"):
        if kind not in {"table", "index"} or re.match(r"\s*CREATE\s+VIRTUAL", sql or "", re.IGNORECASE):
            raise InputError(
                place, printable_name(name), f"a {kind} that computes", "plain tables and indexes"
            )
        if kind == "table" and re.search(r"\bGENERATED\b|\bAS\s*\(", sql or "", re.IGNORECASE):
            raise InputError(place, printable_name(name), "columns that compute", "plain columns")
    for table, needed in _NEEDED.items():
        missing = needed - set(_columns(database, table))
        if missing:
            raise InputError(place, table, "no such column", f"the column {min(missing)} of OCEL 2.0")


def printable_name(name: object) -> str:
    """Return a name of a stranger's schema, short enough for a message."""
    return str(name)[:60].encode("utf-8", "backslashreplace").decode()


def _columns(database: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in database.execute(f"PRAGMA table_info({_name(table)})")]


def _types(database: sqlite3.Connection, kind: str, place: str) -> dict[str, str]:
    """Return the tables of each type of *kind*, in the order of the names."""
    query = f"SELECT ocel_type, ocel_type_map FROM {kind}_map_type ORDER BY ocel_type"  # noqa: S608 - own words
    types: dict[str, str] = {}
    for name, short in database.execute(query).fetchmany(MAX_TYPES):
        table = f"{kind}_{short}"
        if not isinstance(name, str) or "ocel_id" not in _columns(database, table):
            raise InputError(
                place, printable_name(table), "no such table", f"a table for each type of {kind}"
            )
        types[name] = table
    return types


def _require_type(types: dict[str, str], case: str, place: str) -> None:
    if case not in types:
        nearest = nearest_name(case, types)
        raise InputError(place, "", f"no objects of the type {case}", "the type of the cases", nearest)


def _events(
    database: sqlite3.Connection, name: str, table: str, place: str
) -> Iterator[tuple[dict[str, Value], list[tuple[str, str]]]]:
    """Yield values and objects of the events of one type: two sorted streams, merged."""
    columns = _columns(database, table)
    if "ocel_time" not in columns:
        raise InputError(place, printable_name(table), "no such column", "the column ocel_time of OCEL 2.0")
    listed = ", ".join(_name(column) for column in columns)
    events = database.execute(f"SELECT {listed} FROM {_name(table)} ORDER BY ocel_id")  # noqa: S608 - quoted
    linked = groupby(database.execute(_LINKS, [name]), key=lambda row: str(row[0]))
    waiting = next(linked, None)
    for values in events:
        named = dict(zip(columns, values, strict=True))
        id_ = str(named.pop("ocel_id"))
        objects: list[tuple[str, str]] = []
        while waiting is not None and waiting[0] < id_:
            waiting = next(linked, None)
        if waiting is not None and waiting[0] == id_:
            objects = [(str(row[2]), str(row[1])) for row in waiting[1]][:MAX_LINKS]
            waiting = next(linked, None)
        moment = named.pop("ocel_time")
        yield {**named, ID: id_, TIME: moment}, objects


_LINKS = """
SELECT link.ocel_event_id, link.ocel_object_id, thing.ocel_type
FROM event_object AS link
JOIN event ON event.ocel_id = link.ocel_event_id
JOIN object AS thing ON thing.ocel_id = link.ocel_object_id
WHERE event.ocel_type = ?
ORDER BY link.ocel_event_id, link.rowid
"""


def _case_attributes(database: sqlite3.Connection, case: str, place: str) -> dict[str, dict[str, Value]]:
    """Return the first values of the attributes of every case; empty if the type has none."""
    table = _types(database, "object", place)[case]
    own = [
        name
        for name in _columns(database, table)
        if name not in {"ocel_id", "ocel_time", "ocel_changed_field"}
    ]
    if not own:
        return {}
    listed = ", ".join(_name(name) for name in ("ocel_id", *own))
    found: dict[str, dict[str, Value]] = {}
    for id_, *values in database.execute(f"SELECT {listed} FROM {_name(table)} ORDER BY rowid"):  # noqa: S608
        first = found.setdefault(str(id_), {})
        for name, value in zip(own, values, strict=True):
            if value is not None:
                first.setdefault(name, value)
    return found


def _of_kind(case: str, objects: list[tuple[str, str]]) -> list[str | None]:
    """Return the ids of the cases among *objects*, None alone where there is none."""
    found: list[str | None] = [id_ for kind, id_ in objects if kind == case]
    return found or [None]


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _words(error: Exception) -> str:
    return str(error).splitlines()[0][:120].lower() if str(error) else "a damaged database"
