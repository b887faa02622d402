"""Hours, shifts, outages and slots of a study as moments: when what changes, up to the horizon."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from conformance.calendar import (
    WEEKDAYS,
    WorkingCalendar,
    local_time,
    minute_us,
    parse_hour,
    parse_local,
)
from sim.durations import parse_duration_us
from sim.load.network import Change, HoursTable, SlotTime
from sim.load.programs import NONE
from sim.load.state import NEVER
from sim.load.study import Slots, StationStudy, WhenDown


@dataclass(frozen=True, slots=True)
class Span:
    """The time that a plan has to know: from its beginning to its horizon, in a zone."""

    starts_us: int
    horizon_us: int
    zone: str

    def days(self, before: int = 1, after: int = 1) -> Iterator[date]:
        """Yield each local day of the span, and some days before and after it."""
        day = local_time(self.starts_us, self.zone).date() - timedelta(days=before)
        last = local_time(self.horizon_us, self.zone).date() + timedelta(days=after)
        while day <= last:
            yield day
            day += timedelta(days=1)

    def local_us(self, day: date, text: str) -> int:
        """Return the moment of the time *text* on a local *day*; one that the clocks skip is near it."""
        return minute_us(day, parse_hour(text), self.zone)

    def days_us(self, before: int = 1, after: int = 1) -> Iterator[int]:
        """Yield the beginning of each local day, some days before and after the span too."""
        return (self.local_us(day, "00:00") for day in self.days(before, after))


def hours_table(calendar: WorkingCalendar, span: Span) -> HoursTable:
    """Return the hours of *calendar* from the day before the span up to an opening after its horizon."""
    first_us = next(span.days_us())
    return HoursTable(
        open_us=tuple(_intervals(calendar, first_us, span.horizon_us)),
        days=tuple(
            (span.local_us(day, "00:00"), NONE if closes_us is None else closes_us)
            for day in span.days()
            for closes_us in [calendar.closes_us(day)]
        ),
    )


def _intervals(calendar: WorkingCalendar, first_us: int, horizon_us: int) -> Iterator[tuple[int, int]]:
    moment_us = first_us
    while True:
        opens_us = calendar.next_open_us(moment_us)
        moment_us = calendar.open_until_us(opens_us)
        yield opens_us, moment_us
        if opens_us > horizon_us:
            return


def station_changes(
    station: StationStudy, servers: int, calendar: WorkingCalendar | None, span: Span
) -> tuple[Change, ...]:
    """Return how many *servers* of a station are on duty, from when on, and when it refuses callers."""
    open_us = [] if calendar is None else list(_intervals(calendar, next(span.days_us()), span.horizon_us))
    shifts = list(_shifts(station, span))
    outages = [
        (begins_us, begins_us + parse_duration_us(outage.lasting), outage.servers)
        for outage in station.outages
        for begins_us in [parse_local(outage.start, span.zone)]
    ]
    bounds = [*open_us, *((begins, ends) for begins, ends, _ in [*shifts, *outages])]
    moments = sorted({-NEVER, *(moment for bound in bounds for moment in bound)})
    changes: list[Change] = []
    for moment_us in moments:
        on_duty = servers if not station.shifts else sum(n for a, b, n in shifts if a <= moment_us < b)
        if calendar is not None and not any(opens <= moment_us < closes for opens, closes in open_us):
            on_duty = 0
        left = [count for begins, ends, count in outages if begins <= moment_us < ends]
        on_duty = min([on_duty, *left])
        refuses = 0 in left and station.when_down is WhenDown.RETRY
        change = Change(moment_us, on_duty, refuses)
        if not changes or (changes[-1].servers, changes[-1].refuses) != (on_duty, refuses):
            changes.append(change)
    return tuple(changes)


def _shifts(station: StationStudy, span: Span) -> Iterator[tuple[int, int, int]]:
    for day in span.days() if station.shifts else ():
        for shift in station.shifts:
            if WEEKDAYS[day.weekday()] in shift.days:
                yield span.local_us(day, shift.start), span.local_us(day, shift.end), shift.servers


def slot_times(slots: Slots, doctors: int, calendar: WorkingCalendar, span: Span) -> tuple[SlotTime, ...]:
    """Return the slots of *doctors* doctors, on each working day that can be booked in the span."""
    first_us, every_us = parse_duration_us(slots.first), parse_duration_us(slots.every)
    times: list[SlotTime] = []
    for day in span.days(before=0, after=slots.days_ahead + 1):
        opens_us = calendar.opens_us(day)
        if opens_us is None:
            continue
        known_us = span.local_us(day - timedelta(days=slots.days_ahead), slots.opens_at)
        for number in range(slots.per_day):
            begins_us = opens_us + first_us + number * every_us
            if calendar.is_open(begins_us):
                times.extend(SlotTime(begins_us, known_us, doctor) for doctor in range(doctors))
    return tuple(times)
