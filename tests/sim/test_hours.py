import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.calendar import WorkingCalendar
from conformance.regulation import Calendar, OpeningHours
from sim.hours import Hours, next_day_us
from tests.sim.small_plays import DAY, HOUR, SERVICES, ZONE, at, hours

LONGEST_PAUSE = 5 * DAY + 8 * HOUR
"""From the start of 20 March 2013 over Nauryz and a Sunday to the opening on the 25th: none is longer."""

HOME_CALL, APPOINTMENT, ATTACHMENT = SERVICES


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2013-05-15T07:00", "2013-05-16T08:00"),
        ("2013-05-15T08:00", "2013-05-16T08:00"),
        ("2013-05-15T19:59", "2013-05-16T08:00"),
        ("2013-05-15T20:00", "2013-05-16T08:00"),
        ("2013-05-15T23:59", "2013-05-16T08:00"),
        ("2013-05-17T12:00", "2013-05-18T09:00"),
        ("2013-05-18T10:00", "2013-05-20T08:00"),
        ("2013-05-19T00:00", "2013-05-20T08:00"),
        ("2013-12-31T12:00", "2014-01-03T08:00"),
    ],
)
def test_the_next_working_day_begins_with_its_opening(moment, opening):
    assert next_day_us(hours().calendar, at(moment)) == at(opening)


@pytest.mark.parametrize(
    ("moment", "late"),
    [
        ("2013-05-15T10:00", False),
        ("2013-05-15T18:00", False),
        ("2013-05-15T18:01", True),
        ("2013-05-18T12:00", False),
        ("2013-05-18T12:01", True),
        ("2013-05-19T10:00", True),
    ],
)
def test_the_cut_off_is_two_hours_before_closing(moment, late):
    assert hours().is_late(HOME_CALL, at(moment)) is late
    assert not hours().is_late(APPOINTMENT, at(moment))


def test_the_cut_off_itself_is_in_time_and_the_next_microsecond_is_not():
    assert not hours().is_late(ATTACHMENT, at("2013-05-15T18:00"))
    assert hours().is_late(ATTACHMENT, at("2013-05-15T18:00") + 1)


@pytest.mark.parametrize(
    ("moment", "waiting", "refusing"),
    [
        ("2013-05-15T10:00", "2013-05-15T10:00", "2013-05-15T10:00"),
        ("2013-05-15T18:01", "2013-05-16T08:00", "2013-05-15T18:01"),
        ("2013-05-15T20:00", "2013-05-16T08:00", "2013-05-16T08:00"),
        ("2013-05-18T13:00", "2013-05-20T08:00", "2013-05-18T13:00"),
    ],
)
def test_a_late_request_waits_a_day_only_where_late_ones_wait(moment, waiting, refusing):
    assert hours().admission_us(HOME_CALL, at(moment), late_ones_wait=True) == at(waiting)
    assert hours().admission_us(HOME_CALL, at(moment), late_ones_wait=False) == at(refusing)


def test_a_day_shorter_than_the_cut_off_is_late_from_its_opening():
    calendar = Calendar(
        id="short",
        hours=(OpeningHours(days=("wednesday",), opens="10:00", closes="11:00"),),
        holidays=(),
        assumption="ASSUME-20",
    )
    short = Hours(WorkingCalendar(calendar, ZONE), {HOME_CALL: 7200})

    assert short.is_late(HOME_CALL, at("2013-05-15T10:00"))
    assert short.admission_us(HOME_CALL, at("2013-05-15T09:00"), late_ones_wait=True) == at(
        "2013-05-22T10:00"
    )


@settings(deadline=None, max_examples=100)
@given(st.integers(at("2013-01-01T00:00"), at("2014-12-31T00:00")), st.sampled_from(SERVICES), st.booleans())
def test_a_request_is_taken_up_while_the_provider_is_open(moment_us, service, late_ones_wait):
    taken_us = hours().admission_us(service, moment_us, late_ones_wait=late_ones_wait)

    assert moment_us <= taken_us < moment_us + LONGEST_PAUSE
    assert hours().calendar.is_open(taken_us)
    if late_ones_wait:
        assert not hours().is_late(service, taken_us)


@settings(deadline=None, max_examples=100)
@given(st.integers(at("2013-01-01T00:00"), at("2014-12-31T00:00")))
def test_the_next_day_is_never_today(moment_us):
    calendar = hours().calendar
    opens_us = next_day_us(calendar, moment_us)

    assert calendar.local_day(opens_us) > calendar.local_day(moment_us)
    assert calendar.is_open(opens_us)
    assert not calendar.is_open(opens_us - 1)
    assert opens_us - moment_us <= LONGEST_PAUSE
