"""The norms of the calendar on exceptional days, and on both sides of the change of offset of 2024-03-01."""

from dataclasses import replace
from datetime import date

import pytest

from conformance.norms import CalendarCutoff, SameLocalDay
from tests.conformance.fragments import CONTEXT, SECOND, TITLE, at, reason, row
from tests.conformance.test_calendar_exceptions import SPRING

COMMON = {"id": "n", "rule": "R", "clause": "S1/9", "title": TITLE, "services": ("S1",), "path": "portal"}
SAME_DAY = SameLocalDay(**COMMON, start="P5", to=("P7", "P8"), calendar="spring", before_closing_s=7200)
CUTOFF = CalendarCutoff(**COMMON, step="P6", calendar="spring", before_closing_s=7200)
SPRING_CONTEXT = replace(
    CONTEXT, first_day=date(2013, 2, 18), until=date(2026, 1, 1), calendars={"spring": SPRING}
)


def same_day(sent, answered):
    sent, answered = at(sent), at(answered)
    rows = [row("P5", sent - SECOND, sent), row("P8", sent, answered)]
    return reason(SAME_DAY, *rows, context=SPRING_CONTEXT)


def accepted(moment):
    return reason(CUTOFF, row("P6", at(moment), at(moment) + SECOND), context=SPRING_CONTEXT)


@pytest.mark.parametrize(
    ("sent", "answered", "expected"),
    [
        ("2024-02-29T15:30", "2024-02-29T22:59", "pass"),  # UTC+6
        ("2024-02-29T15:30", "2024-03-01T00:30", "NOT_SAME_DAY"),  # half a day of 25 hours later
        ("2024-03-01T10:00", "2024-03-01T23:59", "pass"),  # UTC+5
        ("2024-03-01T00:30", "2024-03-01T17:00", "pass"),
        ("2024-02-24T16:00", "2024-02-24T17:00", "pass"),  # a moved working Saturday, before
        ("2024-03-02T16:00", "2024-03-02T17:00", "pass"),  # and after the change
        ("2024-03-02T16:01", "2024-03-04T10:00", "OUT_OF_SCOPE"),
        ("2024-02-17T10:00", "2024-02-19T10:00", "OUT_OF_SCOPE"),  # another Saturday
        ("2024-02-26T10:00", "2024-02-27T10:00", "OUT_OF_SCOPE"),  # the day off of a Saturday
        ("2024-03-08T10:00", "2024-03-11T10:00", "OUT_OF_SCOPE"),  # a holiday
        ("2024-03-07T10:00", "2024-03-07T11:00", "pass"),  # a short day
        ("2024-03-07T10:01", "2024-03-11T11:00", "OUT_OF_SCOPE"),
        ("2024-03-10T22:00", "2024-03-10T23:59", "pass"),  # a day without closing
        ("2023-12-29T10:00", "2023-12-29T11:00", "NO_DATA"),  # no calendar for that year
        ("2025-01-03T10:00", "2025-01-03T11:00", "NO_DATA"),
    ],
)
def test_same_local_day(sent, answered, expected):
    assert same_day(sent, answered) == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2024-02-29T16:00", "pass"),
        ("2024-02-29T16:01", "AFTER_CUTOFF"),
        ("2024-03-01T16:00", "pass"),
        ("2024-03-01T16:01", "AFTER_CUTOFF"),
        ("2024-03-02T16:00", "pass"),
        ("2024-03-08T10:00", "AFTER_CUTOFF"),
        ("2024-03-07T10:01", "AFTER_CUTOFF"),
        ("2024-03-10T22:00", "pass"),
        ("2024-03-10T22:01", "AFTER_CUTOFF"),
        ("2025-01-03T10:00", "NO_DATA"),
    ],
)
def test_calendar_cutoff(moment, expected):
    assert accepted(moment) == expected
