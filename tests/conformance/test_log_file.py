"""Logs are written the same every time and read strictly."""

import hashlib
import json
import os
import subprocess
import sys

import duckdb
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance import log_file
from conformance.errors import InputError
from conformance.log import COLUMNS, Manifest, Row
from conformance.log_file import (
    MAX_LINE,
    read_log,
    read_manifest,
    sha256_file,
    sort_rows,
    write_log,
    write_manifest,
)
from conformance.log_rows import LATEST_US, MAX_ATTRIBUTES
from tests.conformance.fragments import TEN, route, row

NAMES = [name for name, _ in COLUMNS]
SELECT = ", ".join(f"NULL::{type_} AS {name}" for name, type_ in COLUMNS)
ODD = "Қазақ \x00 \t\n ' \" \\ \u2028 😀 2013-01-01 null"


def write_parquet(path, select):
    with duckdb.connect() as database:
        database.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")


def refused(path, *words):
    with pytest.raises(InputError) as caught:
        read_log(path)
    for word in (str(path), *words):
        assert word in str(caught.value)


def lines(path, *values):
    path.write_text("".join(json.dumps(value) + "\n" for value in values))
    return path


def as_dict(row_):
    return msgspec.to_builtins(row_)


def test_a_log_comes_back_as_it_was_written(tmp_path):
    rows = [
        *route("P1", "P3", "P5"),
        row("P6", None, None, unit=ODD, attributes=None, request_number="00123"),
    ]
    write_log(rows, tmp_path / "log.parquet")
    assert list(read_log(tmp_path / "log.parquet")) == sort_rows(rows)


def test_the_same_rows_give_the_same_octets_in_any_order(tmp_path):
    rows = [r for n in range(50) for r in route("P1", "P3", "P5", case_id=f"c{n}")]
    one, two = tmp_path / "one.parquet", tmp_path / "two.parquet"
    write_log(rows, one)
    write_log(reversed(rows), two)
    assert one.read_bytes() == two.read_bytes()
    assert sha256_file(one) == sha256_file(two)


def test_the_octets_do_not_depend_on_the_hash_seed(tmp_path):
    code = (
        "import sys; from pathlib import Path; from conformance.log_file import write_log\n"
        "from tests.conformance.fragments import route\n"
        "write_log(route('P1', 'P3', attributes={'b': 1, 'a': [2]}), Path(sys.argv[1]))"
    )
    for seed in ("1", "2"):
        target = str(tmp_path / seed)
        environment = os.environ | {"PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", code, target], check=True, env=environment)
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()


def test_rows_are_sorted_with_open_ones_last():
    open_row, closed, other = row("P3", TEN, None), row("P5"), row("P1", case_id="b")
    assert sort_rows([open_row, closed, other]) == [other, closed, open_row]


def test_names_with_the_signs_of_patterns_and_partitions_are_plain_names(tmp_path):
    folder = tmp_path / "service=S9" / "year=2013"
    folder.mkdir(parents=True)
    path = folder / "a[1]*?'{b}.parquet"
    write_log(route("P1"), path)
    write_log(route("P3"), folder / "a1xx'{b}.parquet")
    assert [(r.service, r.step) for r in read_log(path)] == [("S1", "P1")]


def test_nothing_half_written_is_left(tmp_path):
    with pytest.raises(InputError, match="can be written"):
        write_log(route("P1"), tmp_path / "absent" / "log.parquet")
    with pytest.raises(InputError, match="can be written"):
        write_log(route("P1"), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_json_lines_hold_the_same_rows(tmp_path):
    rows = route("P1", "P3", unit=ODD)
    assert list(read_log(lines(tmp_path / "log.jsonl", *map(as_dict, rows)))) == rows


def test_unreadable_places_are_refused(tmp_path):
    refused(tmp_path / "absent.parquet", "no such file")
    refused(tmp_path, "a directory")


@pytest.mark.parametrize("octets", [b"", b"PAR", b"PAR1", b"PAR1" + bytes(100) + b"PAR1", b"case_id,step\n"])
def test_what_is_not_parquet_is_refused(tmp_path, octets):
    path = tmp_path / "log.parquet"
    path.write_bytes(octets)
    refused(path)


def test_an_empty_log_is_refused(tmp_path):
    write_log([], tmp_path / "log.parquet")
    refused(tmp_path / "log.parquet", "no rows")
    refused(lines(tmp_path / "log.jsonl"), "no rows")


def test_a_missing_column_is_named_with_the_nearest(tmp_path):
    path = tmp_path / "log.parquet"
    write_parquet(path, "SELECT " + SELECT.replace("AS completed_us", "AS complete_us"))
    refused(path, "the column completed_us", "did you mean complete_us")


def test_an_extra_column_is_refused_with_the_nearest(tmp_path):
    path = tmp_path / "log.parquet"
    write_parquet(path, f"SELECT {SELECT}, 1 AS outcom")
    refused(path, "the unknown name outcom", "did you mean outcome")


def test_a_column_of_another_type_is_refused(tmp_path):
    path = tmp_path / "log.parquet"
    write_parquet(
        path, "SELECT " + SELECT.replace("NULL::BIGINT AS enabled_us", "NULL::TIMESTAMP AS enabled_us")
    )
    refused(path, "column enabled_us", "found TIMESTAMP, expected BIGINT")


@pytest.mark.parametrize("name", ["case_id", "service", "path", "step", "unit", "resolution_us"])
def test_a_null_in_a_required_column_is_named_with_its_row(tmp_path, name):
    good = as_dict(row("P1"))
    path = lines(tmp_path / "log.jsonl", good, good | {name: None})
    refused(path, f"row 2, {name}", "nothing")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"step": ""}, "row 1, step"),
        ({"enabled_us": LATEST_US + 1}, "row 1, enabled_us"),
        ({"completed_us": "yesterday"}, "completed_us"),
        ({"completed_us": 1.5}, "completed_us"),
        ({"completed_us": True}, "completed_us"),
        ({"resolution_us": 0}, "resolution_us"),
        ({"resolution_us": 10**18}, "resolution_us"),
        ({"attributes": "{"}, "broken JSON"),
        ({"attributes": "[1]"}, "a JSON list"),
        ({"attributes": '{"a":1,"a":2}'}, "a repeated key"),
        ({"attributes": '{"a":NaN}'}, "the number NaN"),
        ({"attributes": "[" * 60_000}, "attributes"),
        ({"attributes": '"' + "x" * MAX_ATTRIBUTES + '"'}, "attributes"),
        ({"attributes": {"a": 1}}, "attributes"),
        ({"outcom": "ok"}, "did you mean outcome"),
    ],
)
def test_a_bad_row_is_refused(tmp_path, change, words):
    refused(lines(tmp_path / "log.jsonl", as_dict(row("P1")) | change), words)


def test_a_row_without_a_column_is_refused(tmp_path):
    values = as_dict(row("P1"))
    del values["outcome"]
    refused(lines(tmp_path / "log.jsonl", values), "row 1", "the column outcome")


@pytest.mark.parametrize("text", ["\n", "{", "[1]\n", '"x"\n', "\udcff", "x" * (MAX_LINE + 1), "[" * 5000])
def test_broken_lines_are_refused(tmp_path, text):
    path = tmp_path / "log.jsonl"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    refused(path, "row 1")


def test_no_message_repeats_the_attributes(tmp_path):
    secret = as_dict(row("P1")) | {"attributes": '{"iin": "760805393806'}
    with pytest.raises(InputError) as caught:
        read_log(lines(tmp_path / "log.jsonl", secret))
    assert "760805393806" not in str(caught.value)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.sampled_from([".parquet", ".jsonl"]))
def test_any_octets_are_read_or_refused(tmp_path, octets, suffix):
    path = tmp_path / f"log{suffix}"
    path.write_bytes(octets)
    with pytest.raises(InputError):
        read_log(path)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6), st.integers(0, 255))
def test_a_damaged_octet_is_read_or_refused(tmp_path, place, octet):
    path, whole = tmp_path / "log.parquet", tmp_path / "whole.parquet"
    if not whole.exists():
        write_log(route("P1", "P3"), whole)
    octets = bytearray(whole.read_bytes())
    octets[place % len(octets)] = octet
    path.write_bytes(octets)
    try:
        rows = read_log(path)
    except InputError:
        return
    assert all(isinstance(r, Row) for r in rows)


MANIFEST = Manifest(
    schema_version=1,
    pack="astana-106-1923",
    pack_sha256="0" * 64,
    seed=7,
    origin="simulated",
    period_start="2013-05-15T04:00:00Z",
    period_end=None,
    zone="Asia/Almaty",
    extracted_at=None,
    log_sha256="1" * 64,
)


def test_a_manifest_comes_back(tmp_path):
    write_manifest(MANIFEST, tmp_path)
    assert read_manifest(tmp_path) == MANIFEST
    keys = list(json.loads((tmp_path / "manifest.json").read_text()))
    assert keys == sorted(keys)
    assert [p.name for p in tmp_path.iterdir()] == ["manifest.json"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"schema_version": 2}, "schema version 2"),
        ({"origin": "simulate"}, "did you mean simulated"),
        ({"sed": 1}, "did you mean seed"),
        ({"seed": "7"}, "seed"),
        ({"unplaced": -1}, "unplaced"),
        ({"unplaced": 10**13}, "unplaced"),
    ],
)
def test_a_damaged_manifest_is_refused(tmp_path, change, words):
    (tmp_path / "manifest.json").write_text(json.dumps(msgspec.to_builtins(MANIFEST) | change))
    with pytest.raises(InputError, match=words):
        read_manifest(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", "x" * 70_000])
def test_no_manifest_is_refused(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(InputError):
        read_manifest(tmp_path)


def test_a_manifest_without_end_is_not_read(tmp_path, monkeypatch):
    write_manifest(MANIFEST, tmp_path)
    octets = (tmp_path / "manifest.json").stat().st_size
    monkeypatch.setattr(log_file, "MAX_MANIFEST", octets)
    assert read_manifest(tmp_path) == MANIFEST
    monkeypatch.setattr(log_file, "MAX_MANIFEST", octets - 1)
    with pytest.raises(InputError, match=f"at most {octets - 1}"):
        read_manifest(tmp_path)


def test_an_absent_manifest_is_refused(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("key", ["step", "\\u0073tep"])
def test_a_name_that_stands_twice_is_refused(tmp_path, key):
    path = tmp_path / "log.jsonl"
    line = msgspec.json.encode(row("P1", TEN, TEN + 1)).decode()
    path.write_text(line[:-1] + f',"{key}":"P3"}}\n')
    with pytest.raises(InputError, match="the name step twice"):
        read_log(path)
    path.write_text(line + "\n")
    assert len(read_log(path)) == 1


def test_a_manifest_that_says_a_thing_twice_is_refused(tmp_path):
    write_manifest(MANIFEST, tmp_path)
    path = tmp_path / "manifest.json"
    path.write_text(path.read_text().rstrip()[:-1] + ',"complete":true}')
    with pytest.raises(InputError, match="the name complete twice"):
        read_manifest(tmp_path)


def test_a_large_file_is_hashed_again_when_it_has_changed_and_only_then(tmp_path, monkeypatch):
    place, read = tmp_path / "log.parquet", []
    real = log_file._sha256
    monkeypatch.setattr("conformance.log_file._sha256", lambda path: read.append(path) or real(path))
    monkeypatch.setattr("conformance.log_file._LARGE", 2)
    for n, octets in enumerate((b"one", b"two")):
        place.write_bytes(octets)
        os.utime(place, ns=(n, n))
        assert [sha256_file(place)] * 2 == [hashlib.sha256(octets).hexdigest(), sha256_file(place)]
    assert len(read) == 2
    place.write_bytes(b"1")
    assert [sha256_file(place), sha256_file(place)] == [hashlib.sha256(b"1").hexdigest()] * 2
    assert len(read) == 4, "of a small file the times do not tell enough"
