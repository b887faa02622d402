"""CSV, JSON Lines, Parquet and OCEL give records; what is none is a reject with its place, or refused."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from conformance.errors import InputError
from conformance.log_file import write_log
from conformance.logs.convert import convert
from conformance.logs.csv_reader import MAX_LINE, read_csv
from conformance.logs.jsonl_reader import read_jsonl
from conformance.logs.ocel_json_reader import read_ocel_json
from conformance.logs.ocel_reader import read_ocel_sqlite
from conformance.logs.parquet_reader import read_parquet
from conformance.logs.records import Reason, Record, Reject
from tests.conformance.fragments import route

pytestmark = pytest.mark.xdist_group("readers")  # one worker writes the files, once


def put(path, octets):
    path.write_bytes(octets if isinstance(octets, bytes) else octets.encode())
    return path


def test_csv_rows_are_numbered_by_the_line_they_end_in(tmp_path):
    path = put(tmp_path / "log.csv", '\ufeffa;b\r\n"1\n2";"x;y"\r\n\r\n3;"q""q"\r\n')
    assert list(read_csv(path, delimiter=";")) == [
        Record(3, {"a": "1\n2", "b": "x;y"}),
        Record(5, {"a": "3", "b": 'q"q'}),
    ]


@pytest.mark.parametrize(
    ("line", "reject"),
    [
        (b"1\n", Reject(3, "", Reason.RAGGED_ROW)),
        (b"1,2,3\n", Reject(3, "", Reason.RAGGED_ROW)),
        (b'1,"2"x\n', Reject(3, "", Reason.BAD_RECORD)),
        (b'1,"2\n', Reject(3, "", Reason.BAD_RECORD)),
        (b"1,\xff\n", Reject(3, "b", Reason.BAD_ENCODING)),
        (b"1,\x00\n", Reject(3, "b", Reason.BAD_ENCODING)),
    ],
)
def test_a_bad_row_of_csv_is_a_reject_and_the_next_one_is_read(tmp_path, line, reject):
    after = b"" if b'"2\n' in line else b"5,6\n"
    found = list(read_csv(put(tmp_path / "log.csv", b"a,b\n1,2\n" + line + after)))
    assert found[0] == Record(2, {"a": "1", "b": "2"})
    assert found[1] == reject
    assert len(found) == 2 + len(after.split())


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (b"", "the names of the columns"),
        (b"\n\n", "the names of the columns"),
        (b"a,a\n", "a name for the second time"),
        (b"a,\xff\n", "octets that are no text"),
        (b'"a\n', "not closed"),
        (b"a,b\n" + b"x" * (MAX_LINE + 2), "a longer line"),
    ],
)
def test_a_csv_without_a_usable_header_is_refused(tmp_path, octets, words):
    with pytest.raises(InputError, match=words):
        list(read_csv(put(tmp_path / "log.csv", octets)))


def test_a_column_that_csv_lacks_is_named_with_the_nearest(tmp_path):
    with pytest.raises(InputError, match="did you mean case_id"):
        list(read_csv(put(tmp_path / "log.csv", "case_id,b\n1,2\n"), wanted=("caseid",)))


def test_csv_in_other_encodings_is_read_as_declared(tmp_path):
    for encoding in ("cp1251", "utf-16"):
        path = put(tmp_path / "log.csv", "шаг,b\nприём,1\n".encode(encoding))
        assert list(read_csv(path, encoding=encoding)) == [Record(2, {"шаг": "приём", "b": "1"})]
    with pytest.raises(InputError, match="octets that are not utf-16"):
        list(read_csv(put(tmp_path / "log.csv", "a,b\n".encode("utf-16") + b"\x00"), encoding="utf-16"))


def test_json_lines_may_be_nested(tmp_path):
    path = put(
        tmp_path / "log.jsonl", b'\xef\xbb\xbf{"a":{"b":1,"c":null},"d":[1,"x"],"e":true}\n\n{"a":2.5}\n'
    )
    assert list(read_jsonl(path)) == [
        Record(1, {"a/b": 1, "a/c": None, "d": '[1, "x"]', "e": True}),
        Record(3, {"a": 2.5}),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", Reason.BAD_RECORD),
        (b"[1]", Reason.BAD_RECORD),
        (b'{"a":NaN}', Reason.BAD_RECORD),
        (b'{"a":' + b"[" * 9000, Reason.BAD_RECORD),
        (b'{"a":' + b"9" * 9000 + b"}", Reason.BAD_RECORD),
        (b'{"a":1,"a":2}', Reason.DUPLICATE_NAME),
        (b'{"a/b":1,"a":{"b":2}}', Reason.DUPLICATE_NAME),
        (b'{"a":"\xff"}', Reason.BAD_ENCODING),
        (b'{"a":"\\ud800"}', Reason.BAD_ENCODING),
    ],
)
def test_a_bad_line_is_a_reject(tmp_path, line, reason):
    path = put(tmp_path / "log.jsonl", line + b'\n{"a":1}\n')
    assert list(read_jsonl(path)) == [Reject(1, "", reason), Record(2, {"a": 1})]


def test_parquet_moments_say_whether_they_have_a_zone(tmp_path):
    path = tmp_path / "log.parquet"
    with duckdb.connect() as database:
        database.execute(
            "COPY (SELECT TIMESTAMPTZ '2020-01-01 00:00:00+05' AS aware, "
            "TIMESTAMP '2020-01-01 00:00:00.5' AS naive, DATE '2020-01-01' AS day, "
            f"3::UTINYINT AS n, [1] AS l, 'x' AS t) TO '{path}' (FORMAT parquet)"
        )
    (found,) = read_parquet(path)
    assert found.values == {
        "aware": "2019-12-31T19:00:00.000000Z",
        "naive": "2020-01-01T00:00:00.500000",
        "day": "2020-01-01",
        "n": "3",
        "l": "[1]",
        "t": "x",
    }
    with pytest.raises(InputError, match="did you mean aware"):
        list(read_parquet(path, ("awar",)))


OCEL = {
    "objectTypes": [{"name": "order", "attributes": []}, {"name": "item", "attributes": []}],
    "eventTypes": [{"name": "pack", "attributes": []}],
    "objects": [
        {
            "id": "o1",
            "type": "order",
            "attributes": [{"name": "by", "time": "1970-01-01T00:00:00Z", "value": "web"}],
        },
        {"id": "o2", "type": "order"},
        {"id": "i1", "type": "item"},
    ],
    "events": [
        {
            "id": "e1",
            "type": "pack",
            "time": "2020-01-01T00:00:00Z",
            "attributes": [{"name": "n", "value": 3}],
            "relationships": [{"objectId": id_, "qualifier": "q"} for id_ in ("o1", "o2", "i1")],
        },
        {"id": "e2", "type": "pack", "time": "2020-01-02T00:00:00Z"},
    ],
}


def test_an_event_of_several_cases_gives_a_record_for_each(tmp_path):
    found = list(read_ocel_json(put(tmp_path / "log.json", json.dumps(OCEL)), "order"))
    shared = {
        "n": 3,
        "ocel:id": "e1",
        "ocel:type": "pack",
        "ocel:time": "2020-01-01T00:00:00Z",
        "object:item": "i1",
    }
    assert [f.values for f in found] == [
        {**shared, "object:order": "o1", "case:by": "web", "case:ocel:id": "o1"},
        {**shared, "object:order": "o1", "case:ocel:id": "o2"},
        {"ocel:id": "e2", "ocel:type": "pack", "ocel:time": "2020-01-02T00:00:00Z"},
    ]
    with pytest.raises(InputError, match="did you mean order"):
        list(read_ocel_json(tmp_path / "log.json", "orders"))


@pytest.mark.parametrize("octets", [b"", b"{}", b"[1]", b'{"objects":[]}', b"\xff", b"[" * 5000])
def test_other_json_is_refused(tmp_path, octets):
    with pytest.raises(InputError):
        list(read_ocel_json(put(tmp_path / "log.json", octets), "order"))


@pytest.fixture
def sqlite(tmp_path):
    write_log(route("P1", "P3"), tmp_path / "log.parquet")
    convert(tmp_path / "log.parquet", tmp_path / "log.sqlite", None, None)
    return tmp_path / "log.sqlite"


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DROP TABLE event_object", "event_object"),
        ("ALTER TABLE event DROP COLUMN ocel_type", "event"),
        ("CREATE VIEW v AS SELECT 1", "a view that computes"),
        ("CREATE TRIGGER t AFTER INSERT ON event BEGIN SELECT 1; END", "a trigger that computes"),
        ("CREATE VIRTUAL TABLE v USING fts5(a)", "that computes"),
        ("CREATE TABLE g (a, b GENERATED ALWAYS AS (a + 1))", "columns that compute"),
        ("DROP TABLE event_P1_1", "a table for each type"),
        ("UPDATE object_map_type SET ocel_type_map = 'x\"; DROP TABLE event; --'", "a table for each type"),
    ],
)
def test_another_schema_is_refused(sqlite, statement, words):
    with closing(sqlite3.connect(sqlite)) as database:
        database.execute(statement)
        database.commit()
    before = sqlite.read_bytes()
    with pytest.raises(InputError, match=words):
        list(read_ocel_sqlite(sqlite, "application"))
    assert sqlite.read_bytes() == before
    assert sorted(p.name for p in sqlite.parent.iterdir()) == [
        "log.parquet",
        "log.sqlite",
        "log.sqlite.manifest.json",
    ]


def test_odd_values_of_sqlite_are_rejects(sqlite):
    with closing(sqlite3.connect(sqlite)) as database:
        database.execute("UPDATE event_P1_1 SET outcome = x'ff'")
        database.execute("UPDATE event_P3_2 SET outcome = CAST(x'ff' AS TEXT)")
        database.commit()
    assert list(read_ocel_sqlite(sqlite, "application")) == [
        Reject(1, "outcome", Reason.BAD_VALUE),
        Reject(2, "outcome", Reason.BAD_ENCODING),
    ]


@pytest.mark.parametrize("reason", Reason)
def test_the_documents_explain_every_reason(reason):
    assert f"`{reason}`" in (Path(__file__).parents[3] / "docs" / "log-formats.md").read_text(
        encoding="utf-8"
    )
