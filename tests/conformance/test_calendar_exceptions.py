"""Dates with hours of their own: holidays, moved working days, short days, on both sides of 2024-03-01."""

from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.calendar import WorkingCalendar, parse_local
from conformance.pack import load_pack
from conformance.regulation import Calendar, DayException, OpeningHours, Validity

ALMATY = "Asia/Almaty"
WORKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
EXCEPTIONS = (
    DayException(date="2024-02-24", opens="09:00", closes="18:00", note="a moved working Saturday"),
    DayException(date="2024-02-26", closed=True, note="the day off of that Saturday"),
    DayException(date="2024-03-02", opens="09:00", closes="18:00", note="a moved working Saturday"),
    DayException(date="2024-03-08", closed=True, note="a holiday"),
    DayException(date="2024-03-07", opens="09:00", closes="12:00", note="a short day"),
    DayException(date="2024-03-10", opens="00:00", closes="24:00", note="a Sunday that never closes"),
)
WEEK = (OpeningHours(days=WORKDAYS, opens="09:00", closes="18:00"),)
SPRING = WorkingCalendar(
    Calendar(
        id="spring",
        version="2024.1",
        hours=WEEK,
        exceptions=EXCEPTIONS,
        valid=Validity(first="2024-01-01", until="2025-01-01"),
    ),
    ALMATY,
)


def us(text: str) -> int:
    return parse_local(text, ALMATY)


def utc(moment_us: int | None) -> datetime:
    assert moment_us is not None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment_us)


def test_a_moved_working_saturday_is_open_at_its_own_offset() -> None:
    before, after = date(2024, 2, 24), date(2024, 3, 2)
    assert utc(SPRING.opens_us(before)) == datetime(2024, 2, 24, 3, tzinfo=UTC)  # UTC+6
    assert utc(SPRING.opens_us(after)) == datetime(2024, 3, 2, 4, tzinfo=UTC)  # UTC+5
    assert utc(SPRING.cutoff_us(after, 7200)) == datetime(2024, 3, 2, 11, tzinfo=UTC)
    assert not SPRING.is_open(us("2024-02-17T12:00")), "another Saturday"


def test_the_day_off_of_a_moved_saturday_is_closed() -> None:
    assert SPRING.opens_us(date(2024, 2, 26)) is None
    assert SPRING.next_open_us(us("2024-02-24T18:00")) == us("2024-02-27T09:00")


def test_a_holiday_is_passed_over_and_a_short_day_ends_early() -> None:
    assert SPRING.cutoff_us(date(2024, 3, 7), 7200) == us("2024-03-07T10:00")
    assert SPRING.next_open_us(us("2024-03-07T12:00")) == us("2024-03-10T00:00")


def test_a_day_without_closing_ends_at_midnight() -> None:
    sunday = date(2024, 3, 10)
    assert SPRING.closes_us(sunday) == us("2024-03-11T00:00")
    assert SPRING.is_open(us("2024-03-10T23:59:59.999999"))
    assert not SPRING.is_open(us("2024-03-11T00:00"))


def test_the_change_of_the_offset_is_no_working_hour() -> None:
    assert SPRING.next_open_us(us("2024-02-29T18:00")) == us("2024-03-01T09:00")
    assert us("2024-03-01T09:00") - us("2024-02-29T09:00") == 25 * 3_600_000_000


@given(st.dates(min_value=date(2023, 6, 1), max_value=date(2025, 6, 1)))
def test_only_the_named_dates_differ_from_the_week(day: date) -> None:
    plain = WorkingCalendar(Calendar(id="plain", hours=WEEK), ALMATY)
    named = {date.fromisoformat(exception.date) for exception in EXCEPTIONS}
    same = SPRING.opens_us(day) == plain.opens_us(day) and SPRING.closes_us(day) == plain.closes_us(day)
    assert same == (day not in named)


def test_beyond_its_validity_a_calendar_knows_no_exceptions() -> None:
    assert SPRING.knows(date(2024, 1, 1))
    assert SPRING.knows(date(2024, 12, 31))
    assert not SPRING.knows(date(2023, 12, 31))
    assert not SPRING.knows(date(2025, 1, 1))
    assert WorkingCalendar(Calendar(id="plain", hours=WEEK), ALMATY).knows(date(1999, 1, 1))


@pytest.mark.parametrize(
    ("exceptions", "says"),
    [
        ((DayException(date="2024-02-30", closed=True, note="n"),), "day is out of range|not a date"),
        ((DayException(date="2024-02-01", opens="10:00", closes="09:00", note="n"),), "not before"),
        ((DayException(date="2024-02-01", note="n"),), "not an hour"),
        (
            (
                DayException(date="2024-02-01", closed=True, note="n"),
                DayException(date="2024-02-01", opens="10:00", closes="12:00", note="n"),
            ),
            "there twice",
        ),
    ],
)
def test_impossible_exceptions_are_refused(exceptions: tuple[DayException, ...], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        WorkingCalendar(Calendar(id="x", hours=WEEK, exceptions=exceptions), ALMATY)


# --- the days off of Kazakhstan in 2013 and 2014, by the law and not by the pack

FIXED = ((1, 1), (1, 2), (3, 8), (3, 21), (3, 22), (3, 23), (5, 1), (5, 7), (5, 9), (7, 6), (8, 30))
FIXED += ((12, 1), (12, 16), (12, 17))
RELIGIOUS = {date(2013, 1, 7), date(2014, 1, 7), date(2013, 10, 15), date(2014, 10, 4)}
MOVED_FROM_SUNDAY = {date(2014, 5, 4): date(2014, 5, 2), date(2014, 5, 11): date(2014, 5, 8)}
SUNDAY = 6


@cache
def provider() -> WorkingCalendar:
    pack = load_pack("astana-106-1923")
    return WorkingCalendar(pack.calendar("provider-hours"), pack.act.zone)


def days_off() -> set[date]:
    """Return the closed days of a six-day week: a holiday on a Sunday gives the next working day off."""
    holidays = {date(year, month, day) for year in (2013, 2014) for month, day in FIXED}
    off = holidays | RELIGIOUS | set(MOVED_FROM_SUNDAY.values())
    first = date(2013, 1, 1)
    off |= {day for day in (first + timedelta(days=n) for n in range(730)) if day.weekday() == SUNDAY} - set(
        MOVED_FROM_SUNDAY
    )
    for holiday in sorted(day for day in holidays if day.weekday() == SUNDAY):
        following = holiday + timedelta(days=1)
        while following in off:
            following += timedelta(days=1)
        off.add(following)
    return off


def test_the_provider_is_closed_on_the_days_off_of_the_law_and_on_no_other() -> None:
    days = [date(2013, 1, 1) + timedelta(days=n) for n in range(730)]
    assert {day for day in days if provider().opens_us(day) is None} == days_off()


def test_a_working_sunday_has_the_hours_of_the_day_it_stands_for() -> None:
    for sunday in MOVED_FROM_SUNDAY:
        assert provider().opens_us(sunday) == us(f"{sunday}T08:00")
        assert provider().cutoff_us(sunday, 7200) == us(f"{sunday}T18:00")


def test_a_day_off_moved_from_a_saturday_is_not_the_providers() -> None:
    for working in ("2013-05-10", "2013-10-14", "2014-01-03"):
        assert provider().opens_us(date.fromisoformat(working)) == us(f"{working}T08:00")
    assert provider().closes_us(date(2013, 12, 28)) == us("2013-12-28T14:00")


def test_the_calendar_covers_the_acts_own_years() -> None:
    pack = load_pack("astana-106-1923")
    assert provider().knows(date.fromisoformat(pack.act.in_force.first))
    assert pack.act.in_force.until is not None
    assert provider().knows(date.fromisoformat(pack.act.in_force.until))
