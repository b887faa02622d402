"""Any log comes out as the canonical one, with every bad record counted and none guessed."""

import json
import textwrap
from collections import Counter

import msgspec
import pytest

from conformance.errors import InputError
from conformance.log_file import read_log, write_log
from conformance.logs.intake import take_in
from conformance.logs.mapping import read_mapping
from conformance.pack import load_pack
from tests.conformance.fragments import route, row

MAPPING = """
columns:
  case_id: "case:concept:name"
  activity: "concept:name"
  completed: "time:timestamp"
  resource: "org:resource"
constants: {service: S1, path: portal}
time: {zone: Europe/Amsterdam, resolution: {midnight: 1 day, otherwise: 1 s}, clock_error: 2 s}
activities:
  Send: {step: P5, unit: citizen}
  Register: {step: P6, unit: workstation}
ignore: [Tea]
origin: production
"""


def mapped(tmp_path, text=MAPPING, **changes):
    for key, value in changes.items():
        text = text.replace(key, value)
    path = tmp_path / "mapping.yaml"
    path.write_text(textwrap.dedent(text))
    return read_mapping(path)


def xes(tmp_path, *events, case="c1"):
    """Write one trace; an event is (activity, time, more attributes)."""
    parts = []
    for activity, time, *more in events:
        moment = f'<date key="time:timestamp" value="{time}"/>' if time else ""
        extra = "".join(f'<string key="{key}" value="{value}"/>' for key, value in more)
        parts.append(f'<event><string key="concept:name" value="{activity}"/>{moment}{extra}</event>')
    path = tmp_path / "log.xes"
    trace = f'<trace><string key="concept:name" value="{case}"/>{"".join(parts)}</trace>'
    path.write_text(f"<log>{trace}</log>")
    return path


def taken(tmp_path, log, mapping, pack=None):
    intake = take_in(log, mapping, pack, tmp_path / "out.parquet")
    return intake, read_log(tmp_path / "out.parquet")


def rejects(tmp_path):
    return [json.loads(line) for line in (tmp_path / "rejects.jsonl").read_text().splitlines()]


def test_events_become_rows_and_the_rest_is_counted(tmp_path):
    log = xes(
        tmp_path,
        ("Register", "2020-05-05T12:00:01+02:00", ("org:resource", "R7")),
        ("Send", "2020-05-05T00:00:00+02:00"),
        ("Tea", "2020-05-05T12:00:00+02:00"),
        ("Coffee", "2020-05-05T12:00:00+02:00"),
        ("Send", ""),
        ("Send", "2020-13-05T12:00:00+02:00"),
    )
    intake, rows = taken(tmp_path, log, mapped(tmp_path), load_pack("astana-106-1923"))
    assert [(r.case_id, r.step, r.unit, r.resource, r.resolution_us) for r in rows] == [
        ("c1", "P5", "citizen", None, 86_400_000_000),
        ("c1", "P6", "workstation", "R7", 1_000_000),
        ("c1", "P5", "citizen", None, 1_000_000),
    ]
    assert [r.completed_us for r in rows] == [1588629600000000, 1588672801000000, None]
    assert all(r.enabled_us is None and r.started_us is None for r in rows)  # never copied from an end
    assert (intake.read, intake.rows, intake.ignored) == (6, 3, 1)
    assert intake.rejects == {"BAD_TIME": 1, "UNMAPPED_ACTIVITY": 1}
    assert intake.unmapped == {"Coffee": 1}
    assert (intake.facts.zone, intake.facts.clock_error_us) == ("Europe/Amsterdam", 2_000_000)
    assert rejects(tmp_path) == [
        {"ordinal": 4, "column": "concept:name", "reason": "UNMAPPED_ACTIVITY"},
        {"ordinal": 6, "column": "time:timestamp", "reason": "BAD_TIME"},
    ]


@pytest.mark.parametrize(
    ("time", "reason"),
    [
        ("2020-10-25T02:30:00", "AMBIGUOUS_TIME"),
        ("2020-03-29T02:30:00", "NO_SUCH_TIME"),
        ("1970-01-01T00:00:00Z", "OUT_OF_RANGE"),
        ("yesterday", "BAD_TIME"),
    ],
)
def test_moments_that_are_none_are_rejects(tmp_path, time, reason):
    log = xes(tmp_path, ("Send", "2020-05-05T12:00:00"), ("Send", time))
    intake, _ = taken(tmp_path, log, mapped(tmp_path))
    assert intake.rejects == {reason: 1}


def test_a_time_without_zone_is_never_taken_as_some_zone(tmp_path):
    mapping = mapped(tmp_path, **{"zone: Europe/Amsterdam, ": ""})
    log = xes(tmp_path, ("Send", "2020-05-05T12:00:00"), ("Send", "2020-05-05T12:00:00Z"))
    intake, _ = taken(tmp_path, log, mapping)
    assert intake.rejects == {"NAIVE_TIME": 1}


def test_a_log_of_rejects_alone_is_refused_with_their_reasons(tmp_path):
    log = xes(tmp_path, ("Coffee", "2020-05-05T12:00:00Z"))
    with pytest.raises(InputError, match="1 UNMAPPED_ACTIVITY"):
        take_in(log, mapped(tmp_path), None, tmp_path / "out.parquet")
    assert not (tmp_path / "out.parquet").exists()


LIFECYCLE = (
    MAPPING
    + """
lifecycle:
  {column: "lifecycle:transition", start: [start], complete: [complete], ignore: [pause]}
"""
)


def test_starts_and_ends_are_paired_and_what_never_ended_stays_open(tmp_path):
    def event(activity, minute, transition):
        return activity, f"2020-05-05T12:{minute:02}:00Z", ("lifecycle:transition", transition)

    log = xes(
        tmp_path,
        event("Send", 1, "start"),
        event("Send", 2, "start"),
        event("Send", 3, "pause"),
        event("Send", 4, "complete"),
        event("Register", 5, "complete"),
        event("Register", 6, "start"),
        event("Register", 7, "restart"),
    )
    intake, rows = taken(tmp_path, log, mapped(tmp_path, LIFECYCLE))
    zero = 1588680000000000
    minutes = [tuple(t and (t - zero) // 60_000_000 for t in (r.started_us, r.completed_us)) for r in rows]
    assert Counter((r.step, *m) for r, m in zip(rows, minutes, strict=True)) == Counter(
        [("P5", 1, 4), ("P6", None, 5), ("P5", 2, None), ("P6", 6, None)]
    )
    assert (intake.ignored, intake.rejects) == (1, {"BAD_LIFECYCLE": 1})


def test_a_start_is_not_taken_for_an_end_without_a_word_of_the_mapping(tmp_path):
    log = xes(
        tmp_path,
        ("Send", "2020-05-05T12:00:00Z", ("lifecycle:transition", "start")),
        ("Send", "2020-05-05T12:00:00Z", ("lifecycle:transition", "COMPLETE")),
    )
    intake, _ = taken(tmp_path, log, mapped(tmp_path))
    assert intake.rejects == {"BAD_LIFECYCLE": 1}


def test_names_become_pseudonyms_and_the_key_decides(tmp_path, monkeypatch):
    text = MAPPING + "pseudonymise: {columns: [case_id, resource], key_variable: LOG_KEY}\n"
    log = xes(tmp_path, ("Send", "2020-05-05T12:00:00Z", ("org:resource", "Anna")), case="760805393806")
    with pytest.raises(InputError, match="a key of 0 octets"):
        taken(tmp_path, log, mapped(tmp_path, text))
    seen = []
    for key in ("k" * 16, "K" * 16, "k" * 16):
        monkeypatch.setenv("LOG_KEY", key)
        intake, (one,) = taken(tmp_path, log, mapped(tmp_path, text))
        assert intake.rejects == {}
        assert "760805393806" not in one.case_id
        assert one.resource != "Anna"
        seen.append((one.case_id, one.resource))
    assert seen[0] == seen[2] != seen[1]


def test_a_personal_number_is_a_reject_and_stands_nowhere(tmp_path):
    log = xes(tmp_path, ("Send", "2020-05-05T12:00:00Z", ("org:resource", "760805393806")), ("Send", ""))
    intake, _ = taken(tmp_path, log, mapped(tmp_path))
    assert intake.rejects == {"PERSONAL_NUMBER": 1}
    assert "760805393806" not in (tmp_path / "rejects.jsonl").read_text()


def test_a_canonical_log_is_copied_octet_by_octet(tmp_path):
    log = tmp_path / "log.parquet"
    write_log([*route("P1", "P3", attributes={"a": [1, {"b": 2}]}), *route("P5", case_id="b")], log)
    intake, _ = taken(tmp_path, log, None)
    assert (tmp_path / "out.parquet").read_bytes() == log.read_bytes()
    assert (intake.rows, intake.rejected) == (3, 0)


def test_an_unsorted_log_of_the_schema_is_sorted(tmp_path):
    rows = [*route("P1", "P3", case_id="b"), *route("P1", "P3", case_id="a"), row("P5", None, None)]
    lines = tmp_path / "log.jsonl"
    lines.write_bytes(b"".join(msgspec.json.encode(r) + b"\n" for r in rows))
    take_in(lines, None, None, tmp_path / "one.parquet")
    write_log(rows, tmp_path / "two.parquet")
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()


def test_a_mapping_that_the_pack_does_not_know_is_refused(tmp_path):
    mapping = mapped(tmp_path, **{"step: P5": "step: P55"})
    with pytest.raises(InputError, match="the unknown step P55"):
        take_in(xes(tmp_path, ("Send", "")), mapping, load_pack("astana-106-1923"), tmp_path / "o.parquet")


def test_rows_too_wide_for_little_memory_get_more_and_then_a_message(tmp_path, monkeypatch):
    rows = [row("P1", case_id=f"c{n:04}", attributes={"text": "x" * 60_000}) for n in range(40, 0, -1)]
    monkeypatch.setattr("conformance.logs.sink.MEMORY_LIMITS", ("1MB", "256MB"))
    write_log(rows, tmp_path / "log.parquet")
    assert len(read_log(tmp_path / "log.parquet")) == len(rows)
    monkeypatch.setattr("conformance.logs.sink.MEMORY_LIMITS", ("1MB",))
    with pytest.raises(InputError, match="rows that can be sorted within 1MB"):
        write_log(rows, tmp_path / "other.parquet")
    assert [path.name for path in tmp_path.iterdir()] == ["log.parquet"]


def test_a_wrong_delimiter_is_hinted_at(tmp_path):
    log = tmp_path / "log.csv"
    log.write_text("a;b;c\n1;2;3\n")
    with pytest.raises(InputError, match=r"line 1: found one column 'a;b;c', .*csv: \{delimiter: \";\"\}"):
        taken(tmp_path, log, mapped(tmp_path))
    log.write_text("a,b,c\n1,2,3\n")
    with pytest.raises(InputError, match="found the columns 'a', 'b', 'c', expected the column"):
        taken(tmp_path, log, mapped(tmp_path))


@pytest.mark.parametrize("outcome", ["", "not ok", "1", "x" * 81])
def test_an_outcome_is_a_code(tmp_path, outcome):
    with pytest.raises(InputError, match=r"outcomes\.fine"):
        mapped(tmp_path, MAPPING + f'outcomes: {{fine: "{outcome}"}}\n')
    assert mapped(tmp_path, MAPPING + "outcomes: {fine: refused}\n").outcomes == {"fine": "refused"}
