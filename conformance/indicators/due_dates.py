"""When an answer is due, by the moment of asking: local calendars become plain numbers."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from conformance.calendar import MAX_CLOSED_DAYS, WorkingCalendar
from conformance.indicators.definitions import SameDay, Term
from conformance.pack import Pack

DAY_US = 86_400_000_000
_EPOCH = date(1970, 1, 1)


class Due(NamedTuple):
    """Who asks on *utc_day* (counted from 1970), from *from_us* on and before *until_us*, is due by then.

    *due_us* is the last microsecond of a local day; None where the calendar's exceptions are not known.
    """

    utc_day: int
    from_us: int
    until_us: int
    due_us: int | None


def due_dates(pack: Pack, term: Term, utc_days: Sequence[int]) -> Iterator[Due]:
    """Yield when every request of the *utc_days*, and of the days beside them, is due, in rising order.

    Raises ValueError for a calendar that is closed for a year.
    """
    rows = _rising(pack, term, utc_days)
    ends = [from_us for from_us, _ in rows[1:]]
    for (from_us, due_us), until_us in zip(rows, ends, strict=False):
        for day in range(from_us // DAY_US, min((until_us - 1) // DAY_US, from_us // DAY_US + 1) + 1):
            yield Due(day, max(from_us, day * DAY_US), min(until_us, (day + 1) * DAY_US), due_us)


def _rising(pack: Pack, term: Term, utc_days: Sequence[int]) -> list[tuple[int, int | None]]:
    """Return from when on which due date holds: until the next row, and not for longer than a day."""
    if not isinstance(term.due, SameDay):
        raise TypeError("only a term of days has due dates")
    calendar = WorkingCalendar(pack.calendar(term.due.calendar), pack.act.zone)
    rows: dict[int, int | None] = {}
    for day in _days_around(utc_days):
        cutoff = calendar.cutoff_us(day, term.due.before_closing_s)
        rows[_midnight_us(day, calendar.zone)] = _due_us(calendar, day, closed=cutoff is None)
        if cutoff is not None:
            rows[cutoff + 1] = _due_us(calendar, day, closed=True)
    return sorted(rows.items())


def _due_us(calendar: WorkingCalendar, day: date, *, closed: bool) -> int | None:
    """Return the end of *day*, or of the next working day; None if a day on the way is not known."""
    due = day
    for _ in range(MAX_CLOSED_DAYS):
        if not calendar.knows(due):
            return None
        if not closed:
            return _midnight_us(due + timedelta(days=1), calendar.zone) - 1
        due += timedelta(days=1)
        closed = calendar.opens_us(due) is None
    raise ValueError(f"calendar {calendar.calendar.id} does not open within {MAX_CLOSED_DAYS} days")


def _days_around(utc_days: Iterable[int]) -> list[date]:
    """Return each day with its neighbours, and one more, which only says until when the last one holds.

    A moment's local day is at most one away from its day in UTC, and its clock may be off by another.
    """
    around = {day + step for day in utc_days for step in (-2, -1, 0, 1, 2, 3)}
    return [_EPOCH + timedelta(days=day) for day in sorted(around)]


def _midnight_us(day: date, zone: str) -> int:
    local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return (local.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
