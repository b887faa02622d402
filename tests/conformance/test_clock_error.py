"""What a clock may be wrong by decides against a verdict; when the zone changes, the day is the local one."""

from dataclasses import replace
from datetime import date

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.cases import difference_doubt_us, group_cases, surely_before, with_clock_error
from conformance.norms import CalendarCutoff, NextStep, Precedence, SameLocalDay, StepDuration
from conformance.verdicts import Verdict
from tests.conformance.fragments import (
    CONTEXT,
    ENDINGS,
    HOUR,
    SECOND,
    TEN,
    answer,
    at,
    norm,
    reason,
    route,
    row,
)

WRONG = replace(CONTEXT, clock_error_us=SECOND)
LIMIT = norm(StepDuration, step="P6", max_s=60)
DAY_US = 86_400_000_000


@pytest.mark.parametrize(
    ("taken_s", "resolution_us", "expected"),
    [
        (58, 1, "pass"),
        (59, 1, "CLOCK"),
        (60, 1, "CLOCK"),
        (62, 1, "CLOCK"),
        (63, 1, "OVER_LIMIT"),
        (60, SECOND, "RESOLUTION"),
        (61, SECOND, "CLOCK"),
        (0, DAY_US, "RESOLUTION"),
    ],
)
def test_a_limit_keeps_twice_the_error_away(taken_s, resolution_us, expected):
    slow = row("P6", TEN, TEN + taken_s * SECOND, resolution_us=resolution_us)
    assert reason(LIMIT, slow, context=WRONG) == expected


def test_a_log_of_whole_days_cannot_show_thirty_seconds():
    quick = norm(StepDuration, step="P2", max_s=30)
    for days in (0, 1):
        taken = row("P2", TEN, TEN + days * DAY_US, resolution_us=DAY_US)
        assert reason(quick, taken) == "RESOLUTION"
    assert reason(quick, row("P2", TEN, TEN + 2 * DAY_US, resolution_us=DAY_US)) == "OVER_LIMIT"


def test_what_the_error_explains_names_it():
    given_ = answer(LIMIT, row("P6", TEN, TEN + 60 * SECOND), context=WRONG)
    assert (given_.verdict, given_.reason) == (Verdict.INCONCLUSIVE, "CLOCK")
    assert "1000000 us" in given_.detail
    assert given_.measured_us == 60 * SECOND


def test_an_order_is_sure_only_beyond_the_error():
    order = norm(Precedence, first="P5", step="P6")
    near = [row("P5", TEN, TEN + SECOND), row("P6", TEN, TEN + 2 * SECOND)]
    far = [row("P5", TEN, TEN + SECOND), row("P6", TEN, TEN + 4 * SECOND)]
    assert reason(order, *near) == "pass"
    assert reason(order, *near, context=WRONG) == "CLOCK"
    assert reason(order, *far, context=WRONG) == "pass"
    tied = [row("P5", TEN, TEN + SECOND), row("P6", TEN, TEN + SECOND)]
    assert reason(order, *tied, context=WRONG) == "TIE"
    successor = norm(NextStep, step="P5", allowed=("P6",))
    rows = route("P3", "P5", "P6", "P8", each_us=SECOND)
    assert reason(successor, *rows, context=WRONG) == "CLOCK"


def test_one_reading_is_wrong_once_and_a_difference_twice():
    cutoff = norm(CalendarCutoff, step="P6", calendar="provider-hours", before_closing_s=7200)
    for seconds, expected in ((0, "CLOCK"), (1, "pass")):
        moment = at("18:00") - seconds * SECOND
        assert reason(cutoff, row("P6", moment, moment), context=WRONG) == expected
    (case,) = group_cases([row("P6", resolution_us=10)], ENDINGS)
    (event,) = with_clock_error(case, 7).events
    assert (event.reading_doubt_us, event.uncertainty_us) == (16, 23)
    assert difference_doubt_us(event, event) == 23


@settings(deadline=None, max_examples=80)
@given(st.integers(0, 5), st.integers(0, 100), st.integers(0, 100), st.integers(-5, 5), st.integers(-5, 5))
def test_no_error_within_the_stated_one_turns_a_sure_order_round(error, one, two, first, second):
    """Whatever the clocks hide within their error, the order that was called sure is the true one."""
    (case,) = group_cases([row("P1", None, TEN + one), row("P3", None, TEN + two)], ENDINGS)
    before, after = with_clock_error(case, error).events
    true = [TEN + r + max(-error, min(error, e)) for r, e in ((one, first), (two, second))]
    by_step = {"P1": true[0], "P3": true[1]}
    if surely_before(before, after):
        assert by_step[before.step] < by_step[after.step]


@settings(deadline=None, max_examples=80)
@given(st.integers(0, 3 * SECOND), st.integers(50 * SECOND, 70 * SECOND))
def test_a_larger_error_never_decides_more(error, taken_us):
    measured = row("P6", TEN, TEN + taken_us)
    exact = reason(LIMIT, measured)
    doubtful = reason(LIMIT, measured, context=replace(CONTEXT, clock_error_us=error))
    assert doubtful in (exact, "CLOCK")


# --- Asia/Almaty went from UTC+6 to UTC+5 on 2024-03-01, at midnight

ENDLESS = replace(CONTEXT, until=None, first_day=date(2020, 1, 1))
DAYS = norm(SameLocalDay, start="P5", to=("P8",))
IN_TIME = norm(SameLocalDay, start="P5", to=("P8",), calendar="provider-hours", before_closing_s=7200)
CUTOFF = norm(CalendarCutoff, step="P6", calendar="provider-hours", before_closing_s=7200)


def utc(day, hour, minute=0):
    """Return a moment of UTC in microseconds."""
    return ((date.fromisoformat(day) - date(1970, 1, 1)).days * 86_400 + hour * 3600 + minute * 60) * SECOND


@pytest.mark.parametrize(
    ("asked", "answered", "expected"),
    [
        (utc("2024-02-28", 17, 59), utc("2024-02-28", 18, 1), "NOT_SAME_DAY"),  # midnight at UTC+6
        (utc("2024-02-28", 18, 1), utc("2024-02-29", 17, 59), "pass"),
        (utc("2024-03-01", 18, 59), utc("2024-03-01", 19, 1), "NOT_SAME_DAY"),  # midnight at UTC+5
        (utc("2024-03-01", 17, 59), utc("2024-03-01", 18, 1), "pass"),  # midnight no more
        (utc("2024-02-29", 19, 1), utc("2024-03-01", 18, 59), "pass"),
    ],
)
def test_the_local_day_follows_the_offset_of_its_date(asked, answered, expected):
    rows = [row("P5", None, asked), row("P8", None, answered)]
    assert reason(DAYS, *rows, context=ENDLESS) == expected


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (utc("2024-02-28", 12, 0), "pass"),  # 18:00 at UTC+6
        (utc("2024-02-28", 12, 1), "AFTER_CUTOFF"),
        (utc("2024-03-01", 13, 0), "pass"),  # 18:00 at UTC+5
        (utc("2024-03-01", 13, 1), "AFTER_CUTOFF"),
    ],
)
def test_the_cut_off_follows_the_offset_of_its_date(when, expected):
    assert reason(CUTOFF, row("P6", when, when + SECOND), context=ENDLESS) == expected


def test_a_day_with_a_cut_off_follows_the_offset_too():
    late = {utc("2024-02-28", 12, 1): "OUT_OF_SCOPE", utc("2024-03-01", 12, 1): "pass"}
    for asked, expected in late.items():
        rows = [row("P5", None, asked), row("P8", None, asked + HOUR)]
        assert reason(IN_TIME, *rows, context=ENDLESS) == expected


def test_a_clock_of_an_hour_cannot_tell_the_midnight_of_the_change():
    rows = [
        msgspec.structs.replace(r, resolution_us=2 * HOUR)
        for r in (row("P5", None, utc("2024-02-29", 17)), row("P8", None, utc("2024-02-29", 20)))
    ]
    assert reason(DAYS, *rows, context=ENDLESS) == "RESOLUTION"
