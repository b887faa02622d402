"""Files other than text logs, malformed by construction: Parquet, OCEL, and YAML of every kind."""

import json
import sqlite3
from contextlib import closing

import duckdb
from hypothesis import strategies as st

from tests.robust.bad_logs import HEADER, MAPPING, ROWS, bad_cells, not_text, places


def parquet_of(path, rows, header=HEADER):
    """Write a Parquet file of texts."""
    values = ", ".join("(" + ", ".join("?" for _ in row) + ")" for row in rows)
    names = ", ".join('"' + name.replace('"', '""') + '"' for name in header)
    with duckdb.connect() as database:
        made = f"CREATE TABLE t AS SELECT * FROM (VALUES {values}) AS v({names})"  # noqa: S608 - marks and own names
        database.execute(made, [cell for row in rows for cell in row])
        database.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    return path.read_bytes()


@st.composite
def bad_parquet(draw, path):
    """Damage the octets of a good file, or write one with other columns or bad cells."""
    kind = draw(st.integers(0, 3))
    if kind == 0:
        place, (column, cell) = draw(places), draw(bad_cells)
        rows = [list(row) for row in ROWS]
        rows[place][column] = cell
        return parquet_of(path, rows)
    if kind == 1:
        gone = draw(st.integers(0, len(HEADER) - 1))
        return parquet_of(path, ROWS, [name + "_" if n == gone else name for n, name in enumerate(HEADER)])
    good = parquet_of(path, ROWS)
    if kind == 2:
        return good[: draw(st.integers(0, len(good) - 1))]
    tail = bytearray(good)
    at = len(good) - draw(st.integers(1, 8))  # the length of the footer and the mark at the end
    tail[at] ^= draw(st.integers(1, 255))
    return bytes(tail)


OCEL = {
    "objectTypes": [{"name": "case", "attributes": []}],
    "eventTypes": [{"name": "Send", "attributes": []}],
    "objects": [{"id": f"c{n}", "type": "case"} for n in range(3)],
    "events": [
        {
            "id": f"e{n}",
            "type": row[1],
            "time": row[2],
            "attributes": [{"name": "size", "value": n}],
            "relationships": [{"objectId": row[0], "qualifier": ""}],
        }
        for n, row in enumerate(ROWS)
    ],
}
OCEL_MAPPING = (
    MAPPING.replace("case_id: case", 'case_id: "case:ocel:id"')
    .replace("activity: act", 'activity: "ocel:type"')
    .replace("completed: time", 'completed: "ocel:time"')
    .replace(", resource: who", "")
    + "ocel: {case: case}\n"
)


@st.composite
def bad_ocel(draw):
    """Damage one event, one object or the document."""
    text = json.dumps(OCEL)
    kind = draw(st.integers(0, 4))
    if kind == 0:
        return text[: draw(st.integers(1, len(text) - 1))].encode()
    found = json.loads(text)
    event = found["events"][draw(places)]
    if kind == 1:
        event[draw(st.sampled_from(["id", "type", "time", "relationships"]))] = draw(
            st.integers() | st.none()
        )
    elif kind == 2:
        event["relationships"] = [{"objectId": "nobody"}] * draw(st.integers(0, 3))
    elif kind == 3:
        event["type" if draw(st.booleans()) else "time"] = "?"
    else:
        del found[draw(st.sampled_from(["events", "objects", "objectTypes", "eventTypes"]))]
    return json.dumps(found).encode()


STATEMENTS = (
    "DROP TABLE event",
    "DROP TABLE event_object",
    "DELETE FROM event_map_type",
    "UPDATE event_map_type SET ocel_type_map = 'gone'",
    "CREATE VIEW v AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT * FROM r",
    "CREATE TRIGGER t AFTER DELETE ON event BEGIN DELETE FROM object; END",
    "ALTER TABLE object RENAME COLUMN ocel_type TO kind",
    "DELETE FROM object WHERE ocel_type = 'application'; DELETE FROM object_map_type",
)


@st.composite
def bad_sqlite(draw, good, path):
    """Damage the octets or the schema of the *good* database; write it to *path*."""
    octets = good.read_bytes()
    if draw(st.booleans()):
        path.write_bytes(octets[: draw(st.integers(0, 90))] + draw(st.binary(max_size=40)))
        return
    path.write_bytes(octets)
    with closing(sqlite3.connect(path)) as database:
        database.executescript(draw(st.sampled_from(STATEMENTS)))


@st.composite
def bad_yaml(draw, text):
    """Spoil YAML so that no reading of it is right: its syntax, its octets, or a trap for readers."""
    lines = text.splitlines()
    at = draw(st.integers(0, len(lines)))
    line = draw(
        st.sampled_from(
            [
                "? [odd]: key",
                "\ttab: x",
                "never_a_key: 1",
                "a: &anchor [1]\nb: *anchor",
                "t: !!python/object/apply:os.system ['true']",
                "d: " + "[" * 60 + "]" * 60,
                "unclosed: [1, 2",
                'quote: "never closed',
                "n: 123456789012345678901234567890",
                "x: 760805393806",
                "nul: \x00",
                "- item",
                "}",
            ]
        )
    )
    octets = "\n".join([*lines[:at], line, *lines[at:]]).encode()
    spoil = draw(st.sampled_from(["line", "cut", "octets", "empty"]))
    if spoil == "octets":
        return octets + draw(not_text)
    if spoil == "empty":
        return draw(
            st.sampled_from([b"", b"---\n", b"[]", b"just text", b"\x00", b"{}", "x: 1".encode("utf-16")])
        )
    return octets[: len(octets) // 2] + b"\n\t{" if spoil == "cut" else octets
