"""Norms of duration: a step, a case, or a percentile of either takes at most so long, waiting included.

Source: JCGM 106:2012, 8.3 (guard band): the clock's uncertainty decides against a verdict, not for one.
"""

from conformance.answers import PASSED, Answer, because, counted, seconds, settle
from conformance.cases import Case, Event, difference_doubt_us
from conformance.context import Context, absence, unfinished
from conformance.impossible_moments import impossible
from conformance.norms import CaseDuration, Moment, Norm, Percentile, StepDuration
from conformance.verdicts import Reason, Verdict, within_limit


def judge_step_duration(norm: StepDuration, case: Case, context: Context) -> Answer:
    """Judge every execution of the step; the worst one speaks for the case."""
    events = case.judged(norm.step)
    if not events:
        return because(Reason.OTHER_BRANCH, f"the case has no {norm.step}")
    return settle(_judge_execution(norm, event, case, context) for event in events)


def judge_case_duration(norm: CaseDuration, case: Case, context: Context) -> Answer:
    """Judge the whole case, from its first moment to its last completed row."""
    return _judge_case(norm.max_s, norm.begins, case, context, as_recorded=norm.as_recorded)


def judge_percentile(norm: Percentile, case: Case, context: Context) -> Answer:
    """Judge each duration against the limit; how many keep it decides for the norm, not for the case."""
    if norm.step is None:
        return _judge_case(norm.max_s, Moment.ENABLED, case, context, as_recorded=norm.as_recorded)
    events = case.judged(norm.step)
    if not events:
        return absence(case, (norm.step,), context)
    limit = norm.max_s
    answers = [_within_limit(norm.step, event, limit, case, context) for event in events]
    return settle(answers)._replace(units=counted(answers))


def durations_us(norm: Norm, case: Case) -> tuple[int, ...]:
    """Return what *norm* measures in *case*, in microseconds: durations that are known and not negative."""
    match norm:
        case StepDuration(step=str(step)) | Percentile(step=str(step)):
            found = [_duration_us(event) for event in case.by_step.get(step, ())]
        case Percentile() | CaseDuration():
            begins = norm.begins if isinstance(norm, CaseDuration) else Moment.ENABLED
            found = [_case_duration_us(begins, case)]
        case _:
            found = []
    return tuple(duration for duration in found if duration is not None and duration >= 0)


def moment_us(event: Event, moment: Moment) -> int | None:
    """Return one of the three moments of a row."""
    row = event.row
    return {
        Moment.ENABLED: row.enabled_us,
        Moment.STARTED: row.started_us,
        Moment.COMPLETED: row.completed_us,
    }[moment]


def overdue(  # noqa: PLR0913, PLR0917 - what is waited for, since when, how long it may take
    what: str, since_us: int | None, limit_s: int, case: Case, context: Context, doubt_us: int
) -> Answer | None:
    """Return that what was open when the log was taken had lasted too long by then, or None if it had not.

    Only the open case says so: in one that has ended, a missing end was lost.
    """
    if since_us is None or case.ended or context.extracted_us is None:
        return None
    waited, limit = context.extracted_us - since_us, limit_s * 1_000_000
    if within_limit(waited, limit, doubt_us) is not Verdict.FAIL:
        return None
    detail = f"{what} was open {seconds(waited)} after it could begin, limit {limit_s} s"
    return because(Reason.OVER_LIMIT, detail, waited, limit)


def judge_span(what: str, span_us: int, limit_s: int, doubt_us: int) -> Answer:
    """Judge a measured span against its limit, both ends read from clocks that leave *doubt_us*."""
    limit = limit_s * 1_000_000
    verdict = within_limit(span_us, limit, doubt_us)
    detail = f"{what} took {seconds(span_us)}, limit {limit_s} s"
    if verdict is Verdict.PASS:
        return PASSED._replace(detail=detail, measured_us=span_us, limit_us=limit)
    if verdict is Verdict.FAIL:
        return because(Reason.OVER_LIMIT, detail, span_us, limit)
    known = f"{detail}, known to {seconds(doubt_us)} only"
    return because(Reason.RESOLUTION, known, span_us, limit)


def _judge_execution(norm: StepDuration, event: Event, case: Case, context: Context) -> Answer:
    if norm.max_s is not None:
        answer = _within_limit(norm.step, event, norm.max_s, case, context)
        return _not_too_fast(norm, event, answer) if norm.min_binds else answer
    duration = _duration_us(event)
    unmeasured = _unmeasured(norm.step, event, case)
    if unmeasured is not None or duration is None:
        return unmeasured or because(Reason.NO_DATA, f"{norm.step} has no duration")
    unknown = f"{norm.step} took {seconds(duration)}; its limit is not known"
    return because(Reason.NORM_UNKNOWN, unknown, duration)


def _within_limit(step: str, event: Event, limit_s: int, case: Case, context: Context) -> Answer:
    unmeasured = _unmeasured(step, event, case)
    if unmeasured is not None:
        waiting = event.row.enabled_us if event.row.completed_us is None else None
        return overdue(step, waiting, limit_s, case, context, event.uncertainty_us) or unmeasured
    return judge_span(step, _duration_us(event) or 0, limit_s, event.uncertainty_us)


def _not_too_fast(norm: StepDuration, event: Event, answer: Answer) -> Answer:
    """Return *answer* of the upper limit, or what the lower one says against it."""
    least, duration = norm.min_s, answer.measured_us
    if least is None or duration is None or answer.verdict in (Verdict.FAIL, Verdict.ERROR):
        return answer
    verdict = within_limit(least * 1_000_000, duration, event.uncertainty_us)
    detail = f"{norm.step} took {seconds(duration)}, at least {least} s"
    if verdict is Verdict.FAIL:
        return because(Reason.UNDER_MINIMUM, detail, duration, least * 1_000_000)
    if verdict is Verdict.INCONCLUSIVE:
        known = f"{detail}, known to {seconds(event.uncertainty_us)} only"
        return because(Reason.RESOLUTION, known, duration, least * 1_000_000)
    return answer


def _unmeasured(step: str, event: Event, case: Case) -> Answer | None:
    duration = _duration_us(event)
    if duration is None and event.row.completed_us is None:
        return because(unfinished(case), f"{step} has no end")
    if duration is None:
        return because(Reason.MISSING_START, f"{step} has no start")
    if duration < 0:
        return because(Reason.BAD_INPUT, f"{step} ends {seconds(-duration)} before it begins", duration)
    return impossible([event], Moment.ENABLED, Moment.COMPLETED)


def _duration_us(event: Event) -> int | None:
    enabled, completed = event.row.enabled_us, event.row.completed_us
    return None if enabled is None or completed is None else completed - enabled


def _judge_case(limit_s: int, begins: Moment, case: Case, context: Context, *, as_recorded: bool) -> Answer:
    """Judge from what is known: a lost moment can only make a case longer than it seems, never shorter."""
    contradiction = impossible(case.events, begins, Moment.COMPLETED)
    if contradiction is not None:  # any row may be the one that truly began the case, or ended it
        return contradiction
    ends = [event for event in case.events if event.row.completed_us is not None]
    starts = [event for event in case.events if moment_us(event, begins) is not None]
    if not ends or not starts:
        reason = unfinished(case) if not ends else Reason.MISSING_START
        return because(reason, "the case has no first or no last moment")
    first = min(starts, key=lambda event: moment_us(event, begins) or 0)
    span = (ends[-1].row.completed_us or 0) - (moment_us(first, begins) or 0)
    if span < 0:
        return because(Reason.BAD_INPUT, f"the case ends {seconds(-span)} before it begins", span)
    answer = judge_span("the case", span, limit_s, difference_doubt_us(first, ends[-1]))
    if answer.verdict is Verdict.FAIL:
        return answer
    return _may_be_longer(answer, first, begins, case, context, as_recorded=as_recorded)


def _may_be_longer(  # noqa: PLR0913 - what was measured, from where, and what the log may not know yet
    answer: Answer, first: Event, begins: Moment, case: Case, context: Context, *, as_recorded: bool
) -> Answer:
    """Return *answer*, or what is not known of the case that may make it longer."""
    span, limit = answer.measured_us, answer.limit_us or 0
    if not as_recorded:
        since = moment_us(first, begins)
        late = overdue("the case", since, limit // 1_000_000, case, context, first.uncertainty_us)
        if late is not None:
            return late
    ends = [event for event in case.events if event.row.completed_us is not None]
    starts = [event for event in case.events if moment_us(event, begins) is not None]
    if len(starts) < len(case.events):
        reason = Reason.MISSING_START if begins is not Moment.COMPLETED else unfinished(case)
        return because(reason, "a row of the case has no start", span, limit)
    if len(ends) < len(case.events) or not (case.ended or as_recorded):
        return because(unfinished(case), "the case may not be over", span, limit)
    return answer


def _case_duration_us(begins: Moment, case: Case) -> int | None:
    firsts = [us for event in case.events if (us := moment_us(event, begins)) is not None]
    lasts = [us for event in case.events if (us := event.row.completed_us) is not None]
    return max(lasts) - min(firsts) if firsts and lasts else None
