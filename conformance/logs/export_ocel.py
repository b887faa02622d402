"""Write the canonical log as OCEL 2.0, in JSON or SQLite, and read such a file back: the same rows.

Source: OCEL 2.0 specification (2024), clauses 7 and 8.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import msgspec

from conformance.errors import InputError
from conformance.log import Row
from conformance.log_store import opened_log
from conformance.logs.exported import row_from, stream_rows
from conformance.logs.moments import microseconds_of
from conformance.logs.ocel_json_reader import read_ocel_json
from conformance.logs.ocel_model import (
    ATTRIBUTES,
    CASE,
    QUALIFIERS,
    RESOURCE,
    UNIT,
    event_attributes,
    event_time,
    links,
    row_values,
)
from conformance.logs.ocel_reader import OBJECT, TYPE, read_ocel_sqlite
from conformance.logs.records import Record, Reject

_KINDS = ((CASE, "case_id"), (UNIT, "unit"), (RESOURCE, "resource"))
_SQL_TYPES = {"string": "TEXT", "time": "TIMESTAMP", "integer": "INTEGER"}
_BATCH = 5_000


def write_ocel_json(log: Path, to: Path) -> None:
    """Write the canonical *log* to *to*, row by row. Raises OSError if it cannot be written."""
    with to.open("wb") as file:
        types = [{"name": step, "attributes": _listed_attributes()} for step in _steps(log)]
        kinds = [{"name": kind, "attributes": []} for kind, _ in _KINDS]
        file.write(b'{"objectTypes":' + msgspec.json.encode(kinds))
        file.write(b',\n"eventTypes":' + msgspec.json.encode(types))
        _write_list(file, b"objects", ({"id": id_, "type": kind} for kind, id_ in _objects(log)))
        _write_list(file, b"events", _events(log))
        file.write(b"}\n")


def write_ocel_sqlite(log: Path, to: Path) -> None:
    """Write the canonical *log* to the new database *to*. Raises InputError if it cannot be written."""
    to.unlink(missing_ok=True)
    try:
        database = sqlite3.connect(to, isolation_level=None)
        try:
            for setting in ("journal_mode = OFF", "synchronous = OFF", "temp_store = FILE"):
                database.execute(f"PRAGMA {setting}")
            database.execute("BEGIN")
            _fill(database, log)
            database.execute("COMMIT")
        finally:
            database.close()
    except sqlite3.Error as error:
        raise InputError(str(to), "", str(error)[:120], "a place that can be written") from None


def read_exported_ocel(path: Path, *, as_json: bool) -> Iterator[Row]:
    """Yield the rows of a file that one of the writers here wrote. Raises InputError for a foreign one."""
    records = read_ocel_json(path, CASE) if as_json else read_ocel_sqlite(path, CASE)
    for number, record in enumerate(records, 1):
        if isinstance(record, Reject):
            found = f"what is no event ({record.reason})"
            raise InputError(str(path), f"event {number}", found, "an event of a log")
        yield _row(record, str(path), number)


def _row(record: Record, place: str, number: int) -> Row:
    values = dict(record.values)
    if "resolution_us" not in values:
        expected = "a mapping (--mapping FILE); `reglament map` proposes one"
        raise InputError(place, f"event {number}", "a foreign log (OCEL) without a mapping", expected)

    def moment(value: object) -> int | None:
        try:
            return None if value is None else microseconds_of(datetime.fromisoformat(str(value)))
        except (ValueError, TypeError, OverflowError):
            raise InputError(
                place, f"event {number}", "a text that is no moment", "ISO 8601 in UTC"
            ) from None

    objects = {kind: str(values[OBJECT + kind]) for kind, _ in _KINDS if OBJECT + kind in values}
    return row_from(row_values(str(values[TYPE]), values, objects, moment), place, number)


def _listed_attributes() -> list[dict[str, str]]:
    return [{"name": name, "type": type_} for name, type_ in ATTRIBUTES]


def _events(log: Path) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(stream_rows(log), 1):
        yield {
            "id": f"e{number}",
            "type": row.step,
            "time": event_time(row),
            "attributes": [{"name": name, "value": value} for name, value in event_attributes(row).items()],
            "relationships": [{"objectId": id_, "qualifier": QUALIFIERS[kind]} for kind, id_ in links(row)],
        }


def _write_list(file: IO[bytes], name: bytes, items: Iterable[dict[str, Any]]) -> None:
    encode = msgspec.json.Encoder().encode
    file.write(b',\n"' + name + b'":[')
    for number, item in enumerate(items):
        file.write(b",\n" if number else b"\n")
        file.write(encode(item))
    file.write(b"]")


def _steps(log: Path) -> list[str]:
    with opened_log(log, threads=1) as database:
        return [
            row[0] for row in database.execute("SELECT DISTINCT step FROM events ORDER BY step").fetchall()
        ]


def _objects(log: Path) -> Iterator[tuple[str, str]]:
    """Yield type and id of every object, each once."""
    with opened_log(log, threads=1) as database:
        for kind, column in _KINDS:
            query = f"SELECT DISTINCT {column} FROM events WHERE {column} IS NOT NULL ORDER BY 1"  # noqa: S608
            cursor = database.execute(query)
            while batch := cursor.fetchmany(_BATCH):
                for (name,) in batch:
                    yield kind, f"{kind}:{name}"


def _fill(database: sqlite3.Connection, log: Path) -> None:
    for statement in _SCHEMA:
        database.execute(statement)
    tables: dict[str, str] = {}
    for number, step in enumerate(_steps(log), 1):
        short = re.sub("[^A-Za-z0-9]", "", step)[:40] + f"_{number}"
        tables[step] = f"event_{short}"
        database.execute("INSERT INTO event_map_type VALUES (?, ?)", (step, short))
        columns = ", ".join(f"{name} {_SQL_TYPES[type_]}" for name, type_ in ATTRIBUTES)
        database.execute(
            f"CREATE TABLE event_{short} (ocel_id TEXT PRIMARY KEY, ocel_time TIMESTAMP, {columns})"
        )
    for kind, _ in _KINDS:
        database.execute("INSERT INTO object_map_type VALUES (?, ?)", (kind, kind))
        database.execute(
            f"CREATE TABLE object_{kind} (ocel_id TEXT, ocel_time TIMESTAMP, ocel_changed_field TEXT)"
        )
    for kind, id_ in _objects(log):
        database.execute("INSERT INTO object VALUES (?, ?)", (id_, kind))
        database.execute(f"INSERT INTO object_{kind} VALUES (?, ?, NULL)", (id_, "1970-01-01T00:00:00Z"))  # noqa: S608
    marks = ", ".join("?" for _ in range(len(ATTRIBUTES) + 2))
    for number, row in enumerate(stream_rows(log), 1):
        id_, found = f"e{number:012}", event_attributes(row)
        values = (id_, event_time(row), *(found.get(name) for name, _ in ATTRIBUTES))
        database.execute("INSERT INTO event VALUES (?, ?)", (id_, row.step))
        database.execute(f"INSERT INTO {tables[row.step]} VALUES ({marks})", values)  # noqa: S608 - own names
        linked = [(id_, thing, QUALIFIERS[kind]) for kind, thing in links(row)]
        database.executemany("INSERT INTO event_object VALUES (?, ?, ?)", linked)


_SCHEMA = (
    "CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT)",
    "CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT)",
    "CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT REFERENCES event_map_type (ocel_type))",
    "CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT REFERENCES object_map_type (ocel_type))",
    """CREATE TABLE event_object (ocel_event_id TEXT REFERENCES event (ocel_id),
    ocel_object_id TEXT REFERENCES object (ocel_id), ocel_qualifier TEXT,
    PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier))""",
    """CREATE TABLE object_object (ocel_source_id TEXT, ocel_target_id TEXT, ocel_qualifier TEXT,
    PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier))""",
)
