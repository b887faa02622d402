"""Working hours as moments: when a provider is open, when it closes, and how late a request may come.

Local rules are turned into microseconds UTC at the edge, with the zone's own history of offsets.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from conformance.regulation import Calendar, DayException

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MAX_CLOSED_DAYS = 370
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
Hours = tuple[tuple[int, int], ...]
"""Opening and closing in minutes after midnight, in order; none: closed all day."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """A pack's calendar in its zone; all moments are microseconds since the epoch, UTC."""

    calendar: Calendar
    zone: str
    _week: tuple[Hours, ...] = field(init=False, repr=False, compare=False)
    _days: Mapping[date, Hours] = field(init=False, repr=False, compare=False)
    _bounds: tuple[date, date] | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Read the hours once. Raises ValueError for a bad hour, weekday, date or overlap."""
        object.__setattr__(self, "_week", _week_of(self.calendar))
        object.__setattr__(self, "_days", _exceptions_of(self.calendar))
        valid = self.calendar.valid
        bounds = None if valid is None else (parse_day(valid.first), parse_day(valid.until))
        object.__setattr__(self, "_bounds", bounds)

    def knows(self, day: date) -> bool:
        """Tell whether the exceptions of the local *day* are known: it is in the calendar's validity."""
        return self._bounds is None or self._bounds[0] <= day < self._bounds[1]

    def local_day(self, us: int) -> date:
        """Return the local date of the moment *us*."""
        return local_time(us, self.zone).date()

    def is_open(self, us: int) -> bool:
        """Tell whether the provider works at *us*: the opening belongs to the hours, the closing does not."""
        intervals = self._intervals(self.local_day(us))
        i = bisect_right(intervals, us, key=lambda interval: interval[0]) - 1
        return i >= 0 and us < intervals[i][1]

    def open_until_us(self, us: int) -> int:
        """Return the closing of the hours that *us* lies in, *us* itself if closed then.

        Hours that touch, as at midnight of a service round the clock, are one.
        """
        day = self.local_day(us)
        until = us
        for _ in range(MAX_CLOSED_DAYS):
            following = [closes for opens, closes in self._intervals(day) if opens <= until < closes]
            if not following:
                return until
            until = following[-1]
            day = self.local_day(until)
        return until

    def opens_us(self, day: date) -> int | None:
        """Return the first opening on the local *day*, None if closed all day."""
        intervals = self._intervals(day)
        return intervals[0][0] if intervals else None

    def closes_us(self, day: date) -> int | None:
        """Return the last closing on the local *day*, None if closed all day."""
        intervals = self._intervals(day)
        return intervals[-1][1] if intervals else None

    def cutoff_us(self, day: date, before_closing_s: int) -> int | None:
        """Return the last moment to accept on the local *day*, None if closed all day."""
        closes = self.closes_us(day)
        return None if closes is None else closes - before_closing_s * 1_000_000

    def next_open_us(self, us: int) -> int:
        """Return the first open moment not before *us*; *us* itself if open.

        Raises ValueError if nothing opens within a year.
        """
        day = self.local_day(us)
        for _ in range(MAX_CLOSED_DAYS):
            for opens, closes in self._intervals(day):
                if us < closes:
                    return max(us, opens)
            day += timedelta(days=1)
        raise ValueError(f"calendar {self.calendar.id} does not open within {MAX_CLOSED_DAYS} days")

    def _intervals(self, day: date) -> tuple[tuple[int, int], ...]:
        return tuple(
            (minute_us(day, opens, self.zone), minute_us(day, closes, self.zone))
            for opens, closes in self._days.get(day, self._week[day.weekday()])
        )


def local_time(us: int, zone: str) -> datetime:
    """Return the moment *us* as local time in *zone*."""
    return (_EPOCH + timedelta(microseconds=us)).astimezone(ZoneInfo(zone))


def parse_local(text: str, zone: str) -> int:
    """Return the moment of the local time *text* (``2013-05-15T10:00``) in *zone*, microseconds UTC.

    Raises ValueError for a text that is no local date and time, that carries an offset, or that the
    clocks of the zone showed twice or never.
    """
    local = datetime.fromisoformat(text)
    if local.tzinfo is not None:
        raise ValueError(f"{text} carries an offset; a local time in {zone} is expected")
    if "T" not in text and " " not in text:
        raise ValueError(f"{text} has no time of day; a local date and time is expected")
    first, second = (_to_us(local.replace(tzinfo=ZoneInfo(zone), fold=fold)) for fold in (0, 1))
    if first == second:
        return first
    times = "never" if first > second else "twice"
    raise ValueError(f"the clocks of {zone} showed {text} {times}")


def parse_day(text: str) -> date:
    """Return the date ``YYYY-MM-DD``. Raises ValueError for anything else."""
    if not _DAY.match(text):  # ISO 8601 knows weeks and dates without hyphens, too
        raise ValueError(f"{text!r} is not a date YYYY-MM-DD")
    return date.fromisoformat(text)


def parse_hour(text: str) -> int:
    """Return the minutes after midnight of ``HH:MM``, up to ``24:00``. Raises ValueError."""
    hours, colon, minutes = text.partition(":")
    digits = (hours + minutes).isascii() and (hours + minutes).isdigit()
    if not (colon and digits and len(hours) == len(minutes) == 2):
        raise ValueError(f"{text!r} is not an hour HH:MM")
    total = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or total > 24 * 60:
        raise ValueError(f"{text!r} is not an hour between 00:00 and 24:00")
    return total


def _exceptions_of(calendar: Calendar) -> dict[date, Hours]:
    """Return the hours of every date that departs from its weekday; a holiday has none."""
    days: dict[date, Hours] = {parse_day(text): () for text in calendar.holidays}
    for exception in calendar.exceptions:
        hours = _hours_of(exception)
        if days.setdefault(parse_day(exception.date), hours) != hours:
            raise ValueError(f"{exception.date} is there twice, with different hours")
    return days


def _hours_of(exception: DayException) -> Hours:
    if exception.closed:
        return ()
    opens, closes = parse_hour(exception.opens or ""), parse_hour(exception.closes or "")
    if opens >= closes:
        raise ValueError(f"opens {exception.opens} is not before closes {exception.closes}")
    return ((opens, closes),)


def _week_of(calendar: Calendar) -> tuple[Hours, ...]:
    week: list[list[tuple[int, int]]] = [[] for _ in WEEKDAYS]
    for hours in calendar.hours:
        opens, closes = parse_hour(hours.opens), parse_hour(hours.closes)
        if opens >= closes:
            raise ValueError(f"opens {hours.opens} is not before closes {hours.closes}")
        for day in hours.days:
            if day not in WEEKDAYS:
                raise ValueError(f"{day!r} is not a weekday")
            week[WEEKDAYS.index(day)].append((opens, closes))
    for name, intervals in zip(WEEKDAYS, week, strict=True):
        intervals.sort()
        if any(left[1] > right[0] for left, right in pairwise(intervals)):
            raise ValueError(f"hours of {name} overlap")
    return tuple(tuple(intervals) for intervals in week)


@lru_cache(maxsize=16384)
def minute_us(day: date, minute: int, zone: str) -> int:
    """Return the moment of a *minute* of the local *day*; 1440 is the midnight that ends it.

    A time that the clocks show twice is the first of the two; one that they skip is as if they had not.
    """
    if minute == 24 * 60:
        day, minute = day + timedelta(days=1), 0
    return _to_us(datetime.combine(day, time(minute // 60, minute % 60), ZoneInfo(zone)))


def _to_us(moment: datetime) -> int:
    return (moment.astimezone(UTC) - _EPOCH) // _MICROSECOND
