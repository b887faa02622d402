"""Working hours become moments, on both sides of the day the zone changed its offset."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.calendar import WorkingCalendar, local_time, parse_day, parse_hour, parse_local
from conformance.regulation import Calendar, OpeningHours

ALMATY = "Asia/Almaty"
HOUR_US = 3_600_000_000
WORKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
HOURS = (
    OpeningHours(days=WORKDAYS, opens="08:00", closes="20:00"),
    OpeningHours(days=("saturday",), opens="09:00", closes="14:00"),
)
PROVIDER = WorkingCalendar(Calendar(id="p", hours=HOURS, holidays=("2013-03-21",)), ALMATY)
ROUND_THE_CLOCK = WorkingCalendar(
    Calendar(
        id="r", hours=(OpeningHours(days=(*WORKDAYS, "saturday", "sunday"), opens="00:00", closes="24:00"),)
    ),
    ALMATY,
)
# From 2012 to 2030: the act's own years, and both sides of 2024-03-01, when Almaty went from UTC+6 to UTC+5.
MOMENTS = st.integers(min_value=1_325_376_000_000_000, max_value=1_893_456_000_000_000)
NEAR_THE_CHANGE = st.integers(min_value=1_709_000_000_000_000, max_value=1_709_500_000_000_000)
DAYS = st.dates(min_value=date(2012, 1, 1), max_value=date(2030, 1, 1))


def utc(us: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)


def us(text: str) -> int:
    return parse_local(text, ALMATY)


def test_the_offset_is_that_of_the_day() -> None:
    assert utc(us("2013-05-15T10:00")) == datetime(2013, 5, 15, 4, 0, tzinfo=UTC)
    assert utc(us("2024-05-15T10:00")) == datetime(2024, 5, 15, 5, 0, tzinfo=UTC)


def test_opening_counts_and_closing_does_not() -> None:
    assert not PROVIDER.is_open(us("2013-05-15T07:59:59.999999"))
    assert PROVIDER.is_open(us("2013-05-15T08:00"))
    assert PROVIDER.is_open(us("2013-05-15T19:59:59.999999"))
    assert not PROVIDER.is_open(us("2013-05-15T20:00"))


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2013-05-15T10:00", "2013-05-15T10:00"),  # open already
        ("2013-05-15T03:00", "2013-05-15T08:00"),  # night
        ("2013-05-17T20:00", "2013-05-18T09:00"),  # Friday evening
        ("2013-05-18T14:00", "2013-05-20T08:00"),  # Saturday afternoon
        ("2013-03-20T21:00", "2013-03-22T08:00"),  # before a holiday
    ],
)
def test_next_opening(moment: str, opens: str) -> None:
    assert PROVIDER.next_open_us(us(moment)) == us(opens)


def test_cut_off_is_before_closing() -> None:
    assert PROVIDER.cutoff_us(date(2013, 5, 15), 7200) == us("2013-05-15T18:00")
    assert PROVIDER.cutoff_us(date(2013, 5, 18), 7200) == us("2013-05-18T12:00")


@pytest.mark.parametrize("day", [date(2013, 5, 19), date(2013, 3, 21)], ids=["sunday", "holiday"])
def test_a_closed_day_has_no_hours(day: date) -> None:
    assert PROVIDER.opens_us(day) is None
    assert PROVIDER.closes_us(day) is None
    assert PROVIDER.cutoff_us(day, 7200) is None


def test_a_break_in_the_day_is_closed() -> None:
    hours = tuple(
        OpeningHours(days=("monday",), opens=a, closes=b) for a, b in (("14:00", "18:00"), ("09:00", "13:00"))
    )
    calendar = WorkingCalendar(Calendar(id="b", hours=hours), ALMATY)
    assert not calendar.is_open(us("2013-05-20T13:30"))
    assert calendar.next_open_us(us("2013-05-20T13:30")) == us("2013-05-20T14:00")
    assert calendar.opens_us(date(2013, 5, 20)) == us("2013-05-20T09:00")
    assert calendar.closes_us(date(2013, 5, 20)) == us("2013-05-20T18:00")


def test_the_day_of_the_change_has_25_hours() -> None:
    day = date(2024, 2, 29)
    opens, closes = ROUND_THE_CLOCK.opens_us(day), ROUND_THE_CLOCK.closes_us(day)
    assert opens is not None
    assert closes is not None
    assert closes - opens == 25 * HOUR_US
    assert ROUND_THE_CLOCK.opens_us(date(2024, 3, 1)) == closes


def test_a_calendar_that_never_opens_is_refused() -> None:
    with pytest.raises(ValueError, match="does not open"):
        WorkingCalendar(Calendar(id="n", hours=()), ALMATY).next_open_us(0)


@pytest.mark.parametrize(
    ("hours", "says"),
    [
        (OpeningHours(days=("monday",), opens="20:00", closes="08:00"), "not before"),
        (OpeningHours(days=("mondai",), opens="08:00", closes="20:00"), "not a weekday"),
        (OpeningHours(days=("monday", "monday"), opens="08:00", closes="20:00"), "overlap"),
        (OpeningHours(days=("monday",), opens="8:00", closes="20:00"), "not an hour"),
    ],
)
def test_impossible_hours_are_refused(hours: OpeningHours, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        WorkingCalendar(Calendar(id="x", hours=(hours,)), ALMATY)


@pytest.mark.parametrize(
    "text", ["25:00", "24:01", "08:60", "8:00", "0800", "", "ab:cd", "08:00:00", "٠٨:٠٠", "-1:00"]
)
def test_not_an_hour(text: str) -> None:
    with pytest.raises(ValueError, match="not an hour"):
        parse_hour(text)


@pytest.mark.parametrize("text", ["2013-02-30", "20130215", "2013-2-5", "2013-W05-1", "", "15.02.2013"])
def test_not_a_day(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_day(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2013-05-15T10:00+06:00", "carries an offset"),
        ("2013-05-15T10:00Z", "carries an offset"),
        ("2013-05-15", "no time of day"),
        ("20130515", "no time of day"),
        ("2024-02-29T23:30", "twice"),
        ("tomorrow", "Invalid isoformat"),
        ("2013-05-15T25:00", "hour must be"),
    ],
)
def test_a_local_time_that_says_too_little_or_too_much(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_local(text, ALMATY)


def test_a_local_time_that_never_was() -> None:
    with pytest.raises(ValueError, match="never"):
        parse_local("2024-03-31T02:30", "Europe/Berlin")


@settings(deadline=None)
@given(MOMENTS | NEAR_THE_CHANGE)
def test_open_means_inside_the_local_day(moment: int) -> None:
    local = local_time(moment, ALMATY)
    expected = False
    if local.date() != date(2013, 3, 21):
        if local.weekday() < 5:
            expected = 8 <= local.hour < 20
        elif local.weekday() == 5:
            expected = 9 <= local.hour < 14
    assert PROVIDER.is_open(moment) is expected
    assert ROUND_THE_CLOCK.is_open(moment)


@settings(deadline=None)
@given(MOMENTS | NEAR_THE_CHANGE)
def test_next_opening_is_open_and_nothing_is_between(moment: int) -> None:
    opens = PROVIDER.next_open_us(moment)
    assert opens >= moment
    assert PROVIDER.is_open(opens)
    assert PROVIDER.next_open_us(opens) == opens
    assert opens == moment or not PROVIDER.is_open(opens - 1)
    assert opens == moment or not PROVIDER.is_open(moment)


@settings(deadline=None)
@given(DAYS)
def test_hours_lie_on_their_local_day(day: date) -> None:
    opens, closes = PROVIDER.opens_us(day), PROVIDER.closes_us(day)
    assert (opens is None) == (closes is None)
    if opens is None or closes is None:
        return
    assert PROVIDER.local_day(opens) == PROVIDER.local_day(closes - 1) == day
    assert PROVIDER.is_open(opens)
    assert not PROVIDER.is_open(closes)
    assert PROVIDER.cutoff_us(day, 0) == closes


@settings(deadline=None)
@given(MOMENTS)
def test_local_time_and_back(moment: int) -> None:
    text = local_time(moment, ALMATY).replace(tzinfo=None).isoformat()
    if not text.startswith("2024-02-29T23"):
        assert parse_local(text, ALMATY) == moment
