"""When an answer is due, by the moment of asking: local calendars become plain numbers."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from conformance.calendar import MAX_CLOSED_DAYS, WorkingCalendar
from conformance.indicators.definitions import SameDay, Term
from conformance.pack import Pack

_EPOCH = date(1970, 1, 1)


def due_rows(pack: Pack, term: Term, utc_days: Sequence[int]) -> list[tuple[int, int | None]]:
    """Return (*from_us*, *due_us*) for every moment of the *utc_days* (counted from 1970), in rising order.

    Who asks at *from_us* or later, and before the next row, is answered in time until *due_us*, the last
    microsecond of a local day; None where the calendar's exceptions are not known. Raises ValueError for a
    calendar that is closed for a year.
    """
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
    """Return each day with its neighbours: a moment's local day is at most one away from its day in UTC."""
    around = {day + step for day in utc_days for step in (-2, -1, 0, 1, 2)}
    return [_EPOCH + timedelta(days=day) for day in sorted(around)]


def _midnight_us(day: date, zone: str) -> int:
    local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return (local.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
