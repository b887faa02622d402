"""A mapping leaves nothing to a guess, and says where it is wrong."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.errors import InputError
from conformance.logs.durations import span_us
from conformance.logs.mapping import read_mapping
from conformance.logs.moments import Moment, parser_of
from conformance.logs.records import Reason

GOOD = """
columns: {case_id: a, activity: b, completed: c}
constants: {service: S1, path: portal, unit: portal}
time: {resolution: 1 s, zone: Asia/Almaty}
activities: {Send: P5}
"""


def read(tmp_path, text):
    path = tmp_path / "mapping.yaml"
    path.write_text(text)
    return read_mapping(path)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("completed: c", "completedd: c", "did you mean completed"),
        (", completed: c", "", "the column of at least one moment"),
        ("resolution: 1 s", "resolution: 1", "time.resolution"),
        ("resolution: 1 s", "resolution: 1 lightyear", "a whole number and a unit"),
        ("resolution: 1 s", "resolution: 0 s", "1 us to 366 days"),
        ("resolution: 1 s, ", "", "resolution"),
        ("Asia/Almaty", "Asia/Almata", "a zone of the IANA database"),
        ("Asia/Almaty", "../../etc/passwd", "a zone of the IANA database"),
        ("zone: Asia/Almaty", "format: '%d.%m.%Y %H:%M'", "the zone of these clocks"),
        ("zone:", "format: '%d %H:%M', zone:", "a pattern with year and day"),
        ("zone:", "format: '%Y %d %Q', zone:", "the directive %Q"),
        ("zone:", "format: isso, zone:", "did you mean iso"),
        ("path: portal, ", "", "columns.path"),
        ("activities: {Send: P5}", "activities: {Send: P5}\nignore: [Send]", "one of the two"),
        ("activities: {Send: P5}", "activities: {Send: P5}\nunconfirmed: [Sent]", "did you mean Send"),
        (
            "activities: {Send: P5}",
            "activities: {Send: P5}\nattributes: {x: {column: y, type: moment}}",
            "ends in _us",
        ),
        (
            "activities: {Send: P5}",
            "activities: {Send: P5}\nattributes: {x: {column: y, type: date}}",
            "type",
        ),
        ("case_id: a", "case_id: a, service: s", "one of the two"),
        ("activities: {Send: P5}", "activities: {Send: P5}\ncsv: {delimiter: ';;'}", "csv.delimiter"),
        ("activities: {Send: P5}", "activities: {Send: P5}\ncsv: {encoding: rot13}", "csv.encoding"),
        (
            "activities: {Send: P5}",
            "activities: {Send: P5}\nlifecycle: {column: l, complete: []}",
            "at least one",
        ),
        (
            "activities: {Send: P5}",
            "activities: {Send: P5}\nlifecycle: {column: l, complete: [x], start: [x]}",
            "each value once",
        ),
        (
            "activities: {Send: P5}",
            "activities: {Send: P5}\npseudonymise: {columns: [unit], key_file: k}",
            "pseudonymise.columns",
        ),
        (
            "activities: {Send: P5}",
            "activities: {Send: P5}\npseudonymise: {columns: [case_id]}",
            "only one of them",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(tmp_path, old, new, words):
    assert read(tmp_path, GOOD).activities == {"Send": "P5"}
    with pytest.raises(InputError, match=words):
        read(tmp_path, GOOD.replace(old, new, 1))


def test_resolution_may_depend_on_what_the_clock_shows(tmp_path):
    text = GOOD.replace("1 s", "{midnight: 1 day, otherwise: 1 s}")
    assert read(tmp_path, text).time.resolution.midnight == "1 day"
    assert [span_us(text) for text in ("1 us", "3ms", "2 min", "1 h")] == [
        1,
        3000,
        120_000_000,
        3_600_000_000,
    ]


ALMATY = ZoneInfo("Asia/Almaty")


@pytest.mark.parametrize(
    ("form", "zone", "value", "us", "midnight"),
    [
        ("iso", None, "2024-01-01T00:00:00+06:00", 1704045600000000, True),
        ("iso", ALMATY, "2024-02-29T22:59:59", 1709225999000000, False),
        ("iso", ALMATY, "2024-03-02", 1709319600000000, True),
        ("iso", ALMATY, "2024-03-02 10:00:00,5", 1709355600500000, False),
        ("epoch_s", None, "1709355600", 1709355600000000, False),
        ("epoch_ms", None, 1709355600500, 1709355600500000, False),
        ("epoch_us", ALMATY, 1709319600000000, 1709319600000000, True),
        ("%d.%m.%Y %H:%M", ALMATY, "02.03.2024 10:00", 1709355600000000, False),
        ("%d.%m.%Y %H:%M %z", None, "02.03.2024 10:00 +0500", 1709355600000000, False),
    ],
)
def test_moments_are_read_as_declared(form, zone, value, us, midnight):
    assert parser_of(form, zone)(value) == Moment(us, midnight)


@pytest.mark.parametrize(
    ("form", "zone", "value", "reason"),
    [
        ("iso", None, "2024-01-01T00:00:00", Reason.NAIVE_TIME),
        ("iso", None, "2024-W01", Reason.BAD_TIME),
        ("iso", None, "2024-01-01T25:00:00Z", Reason.BAD_TIME),
        ("iso", ALMATY, "2024-02-29T23:30:00", Reason.AMBIGUOUS_TIME),  # an hour that came twice
        ("iso", ZoneInfo("Europe/Berlin"), "2024-03-31T02:30:00", Reason.NO_SUCH_TIME),
        ("iso", ALMATY, 5, Reason.BAD_TIME),
        ("epoch_s", None, True, Reason.BAD_TIME),
        ("epoch_s", None, "10**9", Reason.BAD_TIME),
        ("epoch_s", None, 10**30, Reason.BAD_TIME),
        ("epoch_ms", None, float("nan"), Reason.BAD_TIME),
        ("%d.%m.%Y", ALMATY, "32.01.2024", Reason.BAD_TIME),
    ],
)
def test_what_is_no_moment_has_a_reason(form, zone, value, reason):
    assert parser_of(form, zone)(value) is reason


@given(
    st.text() | st.integers() | st.floats() | st.none() | st.booleans(),
    st.sampled_from(["iso", "epoch_s", "epoch_ms", "%Y-%m-%d", "%d.%m.%y %I %p %z"]),
)
def test_any_value_is_a_moment_or_has_a_reason(value, form):
    assert isinstance(parser_of(form, ALMATY)(value), Moment | Reason)


@pytest.mark.parametrize("text", ["yesterday", "2013-06-01T00:00:00", "0001-01-01T00:00:00+00:00"])
def test_the_moment_at_which_a_log_was_taken_tells_its_offset_and_a_likely_year(tmp_path, text):
    path = tmp_path / "mapping.yaml"
    path.write_text(
        "columns: {case_id: c, activity: a, completed: t}\n"
        "constants: {service: s, path: p, unit: u}\n"
        f'time: {{resolution: 1 s, extracted_at: "{text}"}}\n'
        "activities: {A: A}\n",
        encoding="utf-8",
    )

    with pytest.raises(InputError, match=r"time\.extracted_at"):
        read_mapping(path)
