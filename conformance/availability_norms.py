"""Norms of availability: whoever tries within the hours finds the service working."""

from conformance.answers import PASSED, Answer, because, counted, settle
from conformance.calendar import WorkingCalendar
from conformance.cases import Case, Event
from conformance.context import Context, absence, unfinished, usable
from conformance.impossible_moments import impossible
from conformance.norms import AvailabilityWindow, Moment
from conformance.verdicts import Reason

_HALF_A_DAY_US = 12 * 3_600_000_000


def judge_availability_window(norm: AvailabilityWindow, case: Case, context: Context) -> Answer:
    """Judge each attempt within the hours by its outcome."""
    events = case.judged(*norm.steps)
    if not events:
        return absence(case, norm.steps, context)
    answers = [_found_working(norm, event, case, context) for event in events]
    return settle(answers)._replace(units=counted(answers))


def _found_working(norm: AvailabilityWindow, event: Event, case: Case, context: Context) -> Answer:
    outside = _outside(norm, event, context)
    if outside is not None:
        return outside
    outcome = usable(event.row.outcome)
    if outcome is None:
        reason = Reason.NO_DATA if event.row.completed_us is not None else unfinished(case)
        return because(reason, f"{event.step} has no outcome")
    if outcome in norm.unavailable:
        return because(Reason.UNAVAILABLE, f"{event.step} found the service unavailable: {outcome}")
    return PASSED


def _outside(norm: AvailabilityWindow, event: Event, context: Context) -> Answer | None:
    """Return why the attempt is not within the hours, or None if it is."""
    if norm.calendar is None:
        return None
    enabled = event.row.enabled_us
    if enabled is None:
        return because(Reason.MISSING_START, f"{event.step} does not say when it was tried")
    contradiction = impossible([event], Moment.ENABLED)
    if contradiction is not None:
        return contradiction
    calendar = context.calendars[norm.calendar]
    if not calendar.knows(calendar.local_day(enabled)):
        day = calendar.local_day(enabled)
        return because(Reason.NO_DATA, f"the calendar {norm.calendar} does not say what was open about {day}")
    opened = _open(calendar, enabled, event.reading_doubt_us)
    if opened is None:
        return because(Reason.RESOLUTION, f"the clock cannot tell whether {event.step} was within the hours")
    return None if opened else because(Reason.OUT_OF_SCOPE, f"{event.step} was tried outside the hours")


def _open(calendar: WorkingCalendar, us: int, doubt_us: int) -> bool | None:
    """Return whether it was open at every moment that the reading *us* may stand for; None if at some."""
    if doubt_us == 0:
        return calendar.is_open(us)
    if doubt_us >= _HALF_A_DAY_US:
        return None
    earliest, latest = us - doubt_us, us + doubt_us
    opens = calendar.next_open_us(earliest)
    if opens > latest:
        return False
    return True if opens == earliest and calendar.open_until_us(earliest) > latest else None
