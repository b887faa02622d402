"""A log converted to any format and back is the same log; a format's own readers agree."""

import csv
import json
import sqlite3
import xml.etree.ElementTree as ET
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.errors import InputError
from conformance.log import Row, utc_text
from conformance.log_file import read_log, write_log
from conformance.log_rows import EARLIEST_US, LATEST_US
from conformance.logs.convert import convert
from conformance.logs.mapping import read_mapping
from tests.conformance.fragments import route, row

NAMES = ("log.csv", "log.jsonl", "log.parquet", "log.xes", "log.xes.gz", "log.json", "log.sqlite")
ODD = "Қазақ \x00 \t\r\n ' \" \\ <&> ]]> \u2028 \uffff 😀 _x0041_ _x005F_ null"

texts = st.text(st.characters(exclude_categories=["Cs", "Nd"]), min_size=1, max_size=12) | st.just(ODD)
maybe_text = st.none() | st.just("") | st.just("\\") | texts
moments = st.none() | st.integers(EARLIEST_US, LATEST_US)
attributes = st.none() | st.dictionaries(
    texts, st.none() | st.booleans() | texts | st.lists(texts, max_size=2), max_size=3
).map(lambda values: json.dumps(values, ensure_ascii=False))
rows = st.lists(
    st.builds(
        Row,
        case_id=texts,
        service=texts,
        path=texts,
        step=texts,
        unit=texts,
        resource=maybe_text,
        enabled_us=moments,
        started_us=moments,
        completed_us=moments,
        resolution_us=st.integers(1, 86_400_000_000),
        outcome=maybe_text,
        request_number=maybe_text,
        attributes=attributes,
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=rows, name=st.sampled_from(NAMES))
def test_every_format_gives_the_same_rows_back(tmp_path, rows, name):
    log = tmp_path / "whole.parquet"
    write_log(rows, log)
    convert(log, tmp_path / name, None, None)
    convert(tmp_path / name, tmp_path / "back.parquet", None, None)
    assert (tmp_path / "back.parquet").read_bytes() == log.read_bytes()


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "whole.parquet"
    rows = [
        *route("P1", "P3", case_id="c<1>", attributes={"provider": "k"}),
        row("P5", None, None, case_id="c2"),
    ]
    write_log(rows, path)
    return path


@pytest.mark.parametrize("name", NAMES)
def test_the_same_log_gives_the_same_octets(tmp_path, log, name):
    once = convert(log, tmp_path / name, None, None)
    octets = (tmp_path / name).read_bytes()
    convert(log, tmp_path / name, None, None)
    assert (tmp_path / name).read_bytes() == octets
    assert once.rows == 3


def test_xes_says_what_the_standard_has_words_for(tmp_path, log):
    convert(log, tmp_path / "log.xes", None, None)
    space = {"x": "http://www.xes-standard.org/"}
    root = ET.parse(tmp_path / "log.xes").getroot()  # noqa: S314 - written a line above
    prefixes = {extension.get("prefix") for extension in root.findall("x:extension", space)}
    keys = {part.get("key") for part in root.iterfind("x:trace//*", space) if part.get("key")}
    assert {key.partition(":")[0] for key in keys} <= prefixes
    cases = [trace.find("x:string", space).get("value") for trace in root.findall("x:trace", space)]
    assert cases == ["c2", "c<1>"]
    ended = root.findall("x:trace/x:event/x:date[@key='time:timestamp']", space)
    ends = [utc_text(one.completed_us) for one in read_log(log) if one.completed_us is not None]
    assert [one.get("value") for one in ended] == ends


def test_ocel_links_events_to_their_application_unit_and_resource(tmp_path, log):
    convert(log, tmp_path / "log.json", None, None)
    found = json.loads((tmp_path / "log.json").read_text())
    assert {one["name"] for one in found["objectTypes"]} == {"application", "unit", "resource"}
    ids = {one["id"] for one in found["objects"]}
    for event in found["events"]:
        assert {link["objectId"] for link in event["relationships"]} <= ids
    assert (
        {e["type"] for e in found["events"]} == {e["name"] for e in found["eventTypes"]} == {"P1", "P3", "P5"}
    )


def test_the_sqlite_form_holds_the_same_events(tmp_path, log):
    convert(log, tmp_path / "log.sqlite", None, None)
    with sqlite3.connect(tmp_path / "log.sqlite") as database:
        assert database.execute("SELECT count(*) FROM event").fetchone() == (3,)
        ends = database.execute("SELECT ocel_time FROM event_P5_3").fetchall()
        assert ends == [("1970-01-01T00:00:00.000000Z",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    database.close()


def test_csv_is_plain_csv(tmp_path, log):
    convert(log, tmp_path / "log.csv", None, None)
    with (tmp_path / "log.csv").open(newline="") as file:
        found = list(csv.DictReader(file))
    assert [one["step"] for one in found] == [one.step for one in read_log(log)]


def test_other_names_and_the_log_itself_are_refused(tmp_path, log):
    for name in ("log.txt", "log.csv.gz", "log"):
        with pytest.raises(InputError, match="a name without a known format"):
            convert(log, tmp_path / name, None, None)
    with pytest.raises(InputError, match="another place"):
        convert(log, log, None, None)


@pytest.mark.parametrize("name", ["log.csv", "log.jsonl", "log.xes", "log.json", "log.sqlite"])
def test_a_changed_export_is_refused_or_read_but_never_crashes(tmp_path, log, name):
    convert(log, tmp_path / name, None, None)
    octets = (tmp_path / name).read_bytes()
    for place in range(0, len(octets), max(1, len(octets) // 10)):
        (tmp_path / name).write_bytes(octets[:place] + bytes([octets[place] ^ 0x15]) + octets[place + 1 :])
        with suppress(InputError):
            assert convert(tmp_path / name, tmp_path / "back.parquet", None, None).rows > 0


def test_rejects_of_an_earlier_conversion_do_not_stay(tmp_path):
    (tmp_path / "log.csv").write_text("case,act,time\nc1,Send,2013-05-15T10:00:00\nc1,Send,soon\n")
    (tmp_path / "mapping.yaml").write_text(
        "columns: {case_id: case, activity: act, completed: time}\n"
        "constants: {service: doctor-home-call, path: portal, unit: portal}\n"
        "time: {resolution: 1 s, zone: Asia/Almaty}\nactivities: {Send: P5}\n"
    )
    mapping = read_mapping(tmp_path / "mapping.yaml")
    left = tmp_path / "out.xes.rejects.jsonl"
    convert(tmp_path / "log.csv", tmp_path / "out.xes", mapping, None)
    assert left.is_file()
    (tmp_path / "log.csv").write_text("case,act,time\nc1,Send,2013-05-15T10:00:00\n")
    convert(tmp_path / "log.csv", tmp_path / "out.xes", mapping, None)
    assert not left.exists()
