"""Checks of the dates of a pack: hours that open before they close, and every exceptional date once."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from conformance.calendar import WEEKDAYS, WorkingCalendar, parse_day, parse_hour
from conformance.errors import InputError
from conformance.pack_draft import Draft, refer, refer_all, refuse_duplicates
from conformance.regulation import Calendar, DayException

T = TypeVar("T")


def check_calendars(draft: Draft) -> None:
    """Refuse calendars with wrong hours or dates, and with two words on one date."""
    place = draft.files.place("process.yaml")
    for i, calendar in enumerate(draft.files.process.calendars):
        inside = f"calendars[{i}]"
        _check_hours(place, inside, calendar)
        _check_dates(place, inside, calendar)
        for j, exception in enumerate(calendar.exceptions):
            at = f"{inside}.exceptions[{j}]"
            _check_exception(place, at, exception)
            if exception.assumption is not None:
                known = draft.assumption_ids()
                refer(place, f"{at}.assumption", exception.assumption, known, "assumption")
        try:
            WorkingCalendar(calendar, draft.files.act.zone)
        except ValueError as error:
            raise InputError(place, f"{inside}.hours", str(error), "hours that do not overlap") from None


def check_day(place: str, inside: str, text: str) -> date:
    """Return the date *text* has, or refuse it."""
    return _value(place, inside, text, parse_day, "a date YYYY-MM-DD")


def _check_hours(place: str, inside: str, calendar: Calendar) -> None:
    if not calendar.hours:
        raise InputError(place, f"{inside}.hours", "no hours", "at least one weekday")
    for j, hours in enumerate(calendar.hours):
        at = f"{inside}.hours[{j}]"
        refer_all(place, f"{at}.days", hours.days, WEEKDAYS, "weekday")
        if not hours.days:
            raise InputError(place, f"{at}.days", "no days", "at least one weekday")
        _check_span(place, at, hours.opens, hours.closes)


def _check_span(place: str, at: str, opens: str, closes: str) -> None:
    first = _value(place, f"{at}.opens", opens, parse_hour, "an hour HH:MM up to 24:00")
    last = _value(place, f"{at}.closes", closes, parse_hour, "an hour HH:MM up to 24:00")
    if last <= first:
        raise InputError(place, f"{at}.closes", closes, f"an hour after {opens}")


def _check_dates(place: str, inside: str, calendar: Calendar) -> None:
    """Refuse a date that is none, that is there twice, or that lies outside the calendar's validity."""
    dates = [(f"{inside}.holidays[{j}]", text) for j, text in enumerate(calendar.holidays)]
    dates += [(f"{inside}.exceptions[{j}].date", e.date) for j, e in enumerate(calendar.exceptions)]
    days = [(at, check_day(place, at, text)) for at, text in dates]
    refuse_duplicates(((place, at, str(day)) for at, day in days), "date")
    if calendar.valid is None:
        return
    first = check_day(place, f"{inside}.valid.first", calendar.valid.first)
    until = check_day(place, f"{inside}.valid.until", calendar.valid.until)
    if until <= first:
        raise InputError(place, f"{inside}.valid.until", str(until), f"a day after {first}")
    for at, day in days:
        if not first <= day < until:
            raise InputError(place, at, str(day), f"a day from {first} to before {until}, as valid has it")


def _check_exception(place: str, at: str, exception: DayException) -> None:
    if not exception.note.strip():
        raise InputError(place, f"{at}.note", "nothing", "why the day is exceptional")
    hours = (exception.opens, exception.closes)
    if exception.closed and hours != (None, None):
        raise InputError(place, f"{at}.closed", "closed, and hours too", "one of them")
    if not exception.closed:
        if None in hours:
            raise InputError(place, at, "neither closed nor hours", "closed: true, or opens and closes")
        _check_span(place, at, exception.opens or "", exception.closes or "")


def _value(place: str, inside: str, text: str, parse: Callable[[str], T], expected: str) -> T:
    try:
        return parse(text)
    except ValueError:
        raise InputError(place, inside, repr(text), expected) from None
