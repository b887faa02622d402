"""Norms of the calendar: the same local day, and not later than so long before closing."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from conformance.answers import PASSED, Answer, because, settle
from conformance.calendar import WorkingCalendar, local_time
from conformance.cases import Case, Event, surely_before
from conformance.context import Context, absence, may_still_come, unfinished, usable
from conformance.impossible_moments import impossible
from conformance.log import OK
from conformance.norms import CalendarCutoff, Moment, SameLocalDay
from conformance.order_norms import doubt
from conformance.verdicts import Reason, Verdict

Days = tuple[date, date]
"""The first and last local day that a reading of a clock may stand for."""

HALF_A_DAY_US = 12 * 3_600_000_000


def judge_same_local_day(norm: SameLocalDay, case: Case, context: Context) -> Answer:
    """Judge that what began before the cut-off of a day was answered on that day."""
    if norm.start is None:
        return _same_day_as_first(norm, case, context)
    starts = case.judged(norm.start)
    if not starts:
        return absence(case, (norm.start,), context)
    return settle(_same_day(norm, start, case, context) for start in starts)


def judge_calendar_cutoff(norm: CalendarCutoff, case: Case, context: Context) -> Answer:
    """Judge that what was accepted had arrived on an open day and before the cut-off."""
    events = case.judged(norm.step)
    if not events:
        return absence(case, (norm.step,), context)
    return settle(_accepted_in_time(norm, event, case, context) for event in events)


def _same_day_as_first(norm: SameLocalDay, case: Case, context: Context) -> Answer:
    contradiction = impossible(case.events, Moment.COMPLETED)
    if contradiction is not None:
        return contradiction
    lost = next((event for event in case.events if event.row.completed_us is None), None)
    if lost is not None:
        return because(unfinished(case), f"{lost.step} has no end, so the first row is not certain")
    # Which of several clocks ended a row first is not certain: every one of them may have.
    return _answer_day(norm, case.events[0], case.events, case, context)


def _same_day(norm: SameLocalDay, start: Event, case: Case, context: Context) -> Answer:
    if start.row.completed_us is None:
        return because(unfinished(case), f"{start.step} has no end")
    contradiction = impossible((start,) if norm.to else case.events, Moment.COMPLETED)
    return contradiction or _answer_day(norm, start, (start,), case, context)


def _answer_day(
    norm: SameLocalDay, start: Event, firsts: Sequence[Event], case: Case, context: Context
) -> Answer:
    """Answer for *start*, the first of *firsts* by its reading."""
    if norm.calendar is not None:
        untimely = _not_in_time(norm, norm.calendar, start, firsts, context)
        if untimely is not None:
            return untimely
    day = _day_range(context, min, firsts)
    return _answered(norm, start, day, case, context) if norm.to else _ended(norm, day, case, context)


def _not_in_time(
    norm: SameLocalDay, name: str, start: Event, firsts: Sequence[Event], context: Context
) -> Answer | None:
    """Return why the norm does not apply to *start*, or may not; None if it came before the cut-off."""
    calendar, begun = context.calendars[name], start.row.completed_us or 0
    doubt = max(event.reading_doubt_us for event in firsts)
    if not calendar.knows(calendar.local_day(begun)):
        return because(Reason.NO_DATA, _unknown_day(name, calendar.local_day(begun)), begun)
    verdict = _before_cutoff(calendar, begun, doubt, norm.before_closing_s or 0)
    if verdict is Verdict.FAIL:
        late = f"{start.step} came after the cut-off or on a closed day"
        return because(Reason.OUT_OF_SCOPE, late, begun)
    if verdict is Verdict.INCONCLUSIVE:
        return because(Reason.RESOLUTION, f"the clock cannot tell {start.step} from the cut-off", begun)
    return None


def _answered(norm: SameLocalDay, start: Event, asked: Days, case: Case, context: Context) -> Answer:
    answers = [event for event in case.of(norm.to) if norm.start is None or _may_answer(event, start)]
    names = " or ".join(norm.to)
    if not answers:
        return _unanswered(names, norm, start, asked, case, context)
    sound = [event for event in answers if impossible([event], Moment.COMPLETED) is None]
    ended = [event for event in sound if event.row.completed_us is not None]
    days = [_day_range(context, min, (event,)) for event in ended]
    agreed = {event: _same(asked, answered) for event, answered in zip(ended, days, strict=True)}
    if any(same and (norm.start is None or surely_before(start, event)) for event, same in agreed.items()):
        return PASSED
    contradiction = impossible(answers, Moment.COMPLETED)
    if contradiction is not None or len(days) < len(answers):
        return contradiction or because(unfinished(case), f"an answer by {names} has no end")
    if None in agreed.values():
        return because(Reason.RESOLUTION, f"the clock cannot tell the day of {names}")
    if True in agreed.values():
        return because(doubt(case), f"whether {names} came after {start.step} is not certain")
    return because(Reason.NOT_SAME_DAY, f"answered on {min(days)[0]}, asked on {asked[0]}")


def _may_answer(event: Event, start: Event) -> bool:
    """Tell whether *event* may be an answer to *start*: what surely came before it answers nothing."""
    return event is not start and not surely_before(event, start)


def _unanswered(  # noqa: PLR0913, PLR0917 - what was asked, when, and what the log may not know yet
    names: str, norm: SameLocalDay, start: Event, asked: Days, case: Case, context: Context
) -> Answer:
    if case.ended or not may_still_come(case, norm.to, context):
        return because(Reason.MISSING_STEP, f"{start.step} has no answer by {names}")
    taken = _day_taken(start, context)
    if taken is not None and taken > asked[1]:
        late = f"no answer by {names} when the log was taken on {taken}, asked on {asked[0]}"
        return because(Reason.NOT_SAME_DAY, late)
    return because(Reason.OPEN, f"the case is open and {names} may still come")


def _ended(norm: SameLocalDay, asked: Days, case: Case, context: Context) -> Answer:
    """Judge the last row of the case: rows that may still come can only make it later."""
    known = [event for event in case.events if event.row.completed_us is not None]
    last = _day_range(context, max, known)
    same = _same(asked, last)
    if same is False:
        return because(Reason.NOT_SAME_DAY, f"ended on {last[0]}, begun on {asked[0]}")
    if len(known) < len(case.events) or not (case.ended or norm.as_recorded):
        return because(unfinished(case), "the case may not be over")
    if same is None:
        return because(Reason.RESOLUTION, "the clock cannot tell the day of the last row")
    return PASSED


def _accepted_in_time(norm: CalendarCutoff, event: Event, case: Case, context: Context) -> Answer:
    enabled = event.row.enabled_us
    if enabled is None or event.row.outcome != OK:
        return _not_accepted(norm, event, case)
    contradiction = impossible([event], Moment.ENABLED)
    if contradiction is not None:
        return contradiction
    calendar = context.calendars[norm.calendar]
    if not calendar.knows(calendar.local_day(enabled)):
        return because(Reason.NO_DATA, _unknown_day(norm.calendar, calendar.local_day(enabled)), enabled)
    verdict = _before_cutoff(calendar, enabled, event.reading_doubt_us, norm.before_closing_s)
    if verdict is Verdict.PASS:
        return PASSED
    limit = calendar.cutoff_us(calendar.local_day(enabled), norm.before_closing_s)
    if verdict is Verdict.INCONCLUSIVE:
        return because(
            Reason.RESOLUTION, f"the clock cannot tell {norm.step} from the cut-off", enabled, limit
        )
    late = "on a closed day" if limit is None else "after the cut-off"
    return because(Reason.AFTER_CUTOFF, f"{norm.step} accepted a request that came {late}", enabled, limit)


def _not_accepted(norm: CalendarCutoff, event: Event, case: Case) -> Answer:
    if usable(event.row.outcome) is None:
        reason = Reason.NO_DATA if event.row.completed_us is not None else unfinished(case)
        return because(reason, f"{norm.step} has no outcome")
    if event.row.outcome != OK:
        return because(Reason.OUT_OF_SCOPE, f"{norm.step} did not accept the request")
    return because(Reason.MISSING_START, f"{norm.step} has no start")


def _unknown_day(calendar: str, day: date) -> str:
    return f"the calendar {calendar} does not say which days were worked about {day}"


def _before_cutoff(calendar: WorkingCalendar, us: int, uncertainty_us: int, before_closing_s: int) -> Verdict:
    """Compare with the cut-off every moment that the clock's reading *us* may stand for."""
    earliest, latest = us - uncertainty_us, us + uncertainty_us
    if uncertainty_us >= HALF_A_DAY_US:
        return Verdict.INCONCLUSIVE
    days = calendar.local_day(earliest), calendar.local_day(latest)
    if not all(map(calendar.knows, days)):
        return Verdict.INCONCLUSIVE
    cutoffs = [calendar.cutoff_us(day, before_closing_s) for day in days]
    late = [
        cutoff is None or moment > cutoff for moment, cutoff in zip((earliest, latest), cutoffs, strict=True)
    ]
    if not any(late) and days[0] == days[1]:
        return Verdict.PASS
    if all(late) and (days[0] == days[1] or cutoffs[1] is None):
        return Verdict.FAIL
    return Verdict.INCONCLUSIVE


def _day_taken(event: Event, context: Context) -> date | None:
    """Return the first local day on which the log may have been taken by the clock of *event*, if known."""
    if context.extracted_us is None:
        return None
    return local_time(context.extracted_us - event.reading_doubt_us, context.zone).date()


def _day_range(context: Context, chosen: Callable[[Iterable[int]], int], events: Iterable[Event]) -> Days:
    """Return the first and last local day on which the earliest, or latest, of *events* may have ended."""
    readings = [(event.row.completed_us or 0, event.reading_doubt_us) for event in events]
    earliest = chosen(completed - doubt for completed, doubt in readings)
    latest = chosen(completed + doubt for completed, doubt in readings)
    return local_time(earliest, context.zone).date(), local_time(latest, context.zone).date()


def _same(one: Days, two: Days) -> bool | None:
    """Tell whether two moments lie on one day; None if they may or may not."""
    if one[0] == one[1] == two[0] == two[1]:
        return True
    return False if one[1] < two[0] or two[1] < one[0] else None
