"""Norms of duration: a step takes at most so long, waiting included.

Source: JCGM 106:2012, 8.3 (guard band): the clock's uncertainty decides against a verdict, not for one.
"""

from conformance.answers import PASSED, Answer, because, seconds, settle
from conformance.cases import Case, Event
from conformance.context import Context, unfinished
from conformance.norms import StepDuration
from conformance.verdicts import Reason, Verdict, within_limit


def judge_step_duration(norm: StepDuration, case: Case, context: Context) -> Answer:  # noqa: ARG001 - one shape for all kinds
    """Judge every execution of the step; the worst one speaks for the case."""
    events = case.by_step.get(norm.step)
    if not events:
        return because(Reason.OTHER_BRANCH, f"the case has no {norm.step}")
    return settle(_judge_execution(norm, event, case) for event in events)


def durations_us(norm: StepDuration, case: Case) -> tuple[int, ...]:
    """Return the measurable durations of the step in *case*, in microseconds."""
    measured = (_duration_us(event) for event in case.by_step.get(norm.step, ()))
    return tuple(duration for duration in measured if duration is not None and duration >= 0)


def _judge_execution(norm: StepDuration, event: Event, case: Case) -> Answer:
    duration = _duration_us(event)
    if duration is None:
        return _unmeasured(norm, event, case)
    if duration < 0:
        return because(Reason.BAD_INPUT, f"{norm.step} ends {seconds(-duration)} before it begins", duration)
    if norm.max_s is None:
        return because(
            Reason.NORM_UNKNOWN, f"{norm.step} took {seconds(duration)}; its limit is not known", duration
        )
    limit = norm.max_s * 1_000_000
    verdict = within_limit(duration, limit, event.uncertainty_us)
    detail = f"{norm.step} took {seconds(duration)}, limit {norm.max_s} s"
    if verdict is Verdict.PASS:
        return PASSED._replace(detail=detail, measured_us=duration, limit_us=limit)
    if verdict is Verdict.FAIL:
        return because(Reason.OVER_LIMIT, detail, duration, limit)
    known = f"{detail}, known to {seconds(event.uncertainty_us)} only"
    return because(Reason.RESOLUTION, known, duration, limit)


def _unmeasured(norm: StepDuration, event: Event, case: Case) -> Answer:
    if event.row.completed_us is None:
        return because(unfinished(case), f"{norm.step} has no end")
    return because(Reason.MISSING_START, f"{norm.step} has no start")


def _duration_us(event: Event) -> int | None:
    enabled, completed = event.row.enabled_us, event.row.completed_us
    return None if enabled is None or completed is None else completed - enabled
