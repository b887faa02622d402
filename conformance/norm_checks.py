"""The table of norm kinds: for each of the closed list one plain function, and what every kind shares.

This evaluator is the reference: obvious before fast. What it says of a case depends on the rows of that case
and on the declared context alone.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from conformance.actor_norms import judge_separation_of_actors
from conformance.answers import Answer, Units, because, counted
from conformance.availability_norms import judge_availability_window
from conformance.calendar_norms import judge_calendar_cutoff, judge_same_local_day
from conformance.cases import Case, with_clock_error
from conformance.content_norms import (
    judge_contains,
    judge_existence,
    judge_moment_order,
    judge_same_value,
    judge_unique,
)
from conformance.context import Context
from conformance.duration_norms import (
    durations_us,
    judge_case_duration,
    judge_percentile,
    judge_step_duration,
)
from conformance.lag_norms import judge_lag, lags_us
from conformance.missing_rows import founded, shown_of
from conformance.norm_scope import (
    counts_executions,
    left_open,
    most_units,
    not_in_force,
    scope_of,
    unanswered,
)
from conformance.norms import (
    CASELESS,
    Absence,
    AvailabilityWindow,
    CalendarCutoff,
    CaseDuration,
    Contains,
    Count,
    Demand,
    Existence,
    Lag,
    MomentOrder,
    NextStep,
    Norm,
    NormStatus,
    Percentile,
    Precedence,
    RefusalGrounded,
    Response,
    SameLocalDay,
    SameValue,
    SeparationOfActors,
    SignatureValid,
    StepDuration,
    Unique,
    default_reading,
    read_as,
)
from conformance.occurrence_norms import judge_absence, judge_response
from conformance.order_norms import judge_count, judge_next_step, judge_precedence
from conformance.results import CaseFinding
from conformance.signature_norms import judge_refusal_grounded, judge_signature_valid
from conformance.verdicts import Reason, Verdict

Check = Callable[[Any, Case, Context], Answer]

CHECKS: Mapping[type, Check] = {
    StepDuration: judge_step_duration,
    Lag: judge_lag,
    CaseDuration: judge_case_duration,
    Percentile: judge_percentile,
    NextStep: judge_next_step,
    Precedence: judge_precedence,
    Response: judge_response,
    Absence: judge_absence,
    Count: judge_count,
    Existence: judge_existence,
    Contains: judge_contains,
    Unique: judge_unique,
    SameValue: judge_same_value,
    SeparationOfActors: judge_separation_of_actors,
    MomentOrder: judge_moment_order,
    SameLocalDay: judge_same_local_day,
    CalendarCutoff: judge_calendar_cutoff,
    SignatureValid: judge_signature_valid,
    RefusalGrounded: judge_refusal_grounded,
    AvailabilityWindow: judge_availability_window,
}
"""Every kind of conformance.norms that a case can keep or break, with its function."""

WEAK = {
    NormStatus.ASSUMED: (Reason.NORM_UNKNOWN, "the norm is assumed"),
    NormStatus.UNKNOWN: (Reason.NORM_UNKNOWN, "the norm is not known"),
    NormStatus.DISPUTED: (Reason.NORM_DISPUTED, "the norm is disputed"),
}
"""What a verdict becomes where the pack is not sure of the norm."""

_DECIDED = (Verdict.PASS, Verdict.FAIL)
_CLOCKS = (Reason.RESOLUTION, Reason.TIE)


def concerns(norm: Norm, case: Case) -> bool:
    """Tell whether *norm* is about cases of the service and path of *case*."""
    return case.path == norm.path and case.service in norm.services and not isinstance(norm, CASELESS)


def check_case(norm: Norm, case: Case, context: Context, barred: Answer | None) -> Answer:
    """Judge one case by one norm.

    *barred* is why no norm can judge the case, if so (conformance.context.standing). What the pack is not
    sure of can neither be met nor broken: it is measured, and inconclusive. A disputed norm is judged by each
    of its readings; where all agree the dispute does not matter.
    """
    if barred is not None:
        return _counting(norm, case, barred)
    case, context = with_clock_error(case, context.clock_error_us), shown_of(case, context)
    outside = not_in_force(norm, case, context)
    if outside is not None:
        return _counting(norm, case, outside)
    answer = _by_readings(norm, case, context) if norm.readings else _checked(norm, case, context)
    if norm.demand is Demand.RATE and answer.units is None:
        answer = answer._replace(units=counted([answer]))
    if is_sure(norm) or answer.verdict not in _DECIDED:
        return answer
    reason, words = WEAK[norm.status]
    told = answer.detail or "otherwise met"
    weak = because(reason, f"{words}: {told}", answer.measured_us, answer.limit_us)
    return weak._replace(units=answer.units, readings=answer.readings)


def measures_us(norm: Norm, case: Case) -> tuple[int, ...]:
    """Return what *norm* measures in *case*, in microseconds: the spans that are certain."""
    return lags_us(norm, case) if isinstance(norm, Lag) else durations_us(norm, case)


def is_sure(norm: Norm) -> bool:
    """Tell whether a verdict may stand: the norm is agreed, or its dispute is settled by its readings."""
    return norm.status is NormStatus.AGREED or (norm.status is NormStatus.DISPUTED and bool(norm.readings))


def finding_of(case: Case, answer: Answer) -> CaseFinding:
    """Return *answer* as it is saved for *case*."""
    return CaseFinding(
        case_id=case.case_id,
        verdict=answer.verdict,
        reason=answer.reason,
        detail=answer.detail,
        measured_us=answer.measured_us,
        limit_us=answer.limit_us,
    )


def _counting(norm: Norm, case: Case, answer: Answer) -> Answer:
    """Return *answer*, by which no norm looks at *case*, with what a rate must leave open because of it."""
    if norm.demand is not Demand.RATE or answer.verdict is Verdict.NOT_APPLICABLE:
        return answer
    return answer._replace(units=Units(undecided=most_units(norm, case)))


def _by_readings(norm: Norm, case: Case, context: Context) -> Answer:
    answers = {reading.id: _checked(read_as(norm, reading), case, context) for reading in norm.readings}
    told = tuple((name, answer.verdict) for name, answer in answers.items())
    chosen = default_reading(norm)
    default = answers[chosen.id] if chosen is not None else next(iter(answers.values()))
    if norm.status is NormStatus.DISPUTED and norm.demand is Demand.RATE:
        common = _agreed_units(answers.values())
        answers = {name: answer._replace(units=common) for name, answer in answers.items()}
        default = default._replace(units=common)
    verdicts = {answer.verdict for answer in answers.values()}
    if norm.status is not NormStatus.DISPUTED or len(verdicts) == 1:
        return default._replace(readings=told)
    open_ = [answer for answer in answers.values() if answer.verdict in (Verdict.ERROR, Verdict.INCONCLUSIVE)]
    if open_:  # what the log does not show is not excused by the dispute
        return min(open_, key=lambda answer: answer.verdict is not Verdict.ERROR)._replace(readings=told)
    words = "; ".join(f"{name}: {_told(answer)}" for name, answer in answers.items())
    dispute = because(Reason.NORM_DISPUTED, words, default.measured_us, default.limit_us)
    return dispute._replace(readings=told, units=default.units)


def _agreed_units(answers: Iterable[Answer]) -> Units:
    """Return what a rate counts by every reading; what only some of them count, or count so, is open."""
    each = [counted([answer]) if answer.units is None else answer.units for answer in answers]
    met, broken = min(units.met for units in each), min(units.broken for units in each)
    return Units(met, broken, max(map(sum, each)) - met - broken)


def _told(answer: Answer) -> str:
    return answer.detail or answer.verdict.replace("_", " ")


def _checked(norm: Norm, case: Case, context: Context) -> Answer:
    """Judge one reading; if only the stated error of the clocks leaves it open, say so."""
    answer = _within_scope(norm, case, context)
    if answer.reason not in _CLOCKS or not case.clock_error_us:
        return answer
    exact = _within_scope(norm, with_clock_error(case, 0), context)
    if exact.reason in _CLOCKS:
        return answer
    blamed = f"{answer.detail}; the clock may be wrong by {case.clock_error_us} us"
    return because(Reason.CLOCK, blamed, answer.measured_us, answer.limit_us)._replace(units=answer.units)


def _within_scope(norm: Norm, case: Case, context: Context) -> Answer:
    return founded(norm, case, context, _said_of_rows(norm, case, context))


def _said_of_rows(norm: Norm, case: Case, context: Context) -> Answer:
    scope = scope_of(norm, case, context)
    if isinstance(scope, Answer):
        return scope
    check = CHECKS[type(norm)]
    known = check(norm, scope.known, context)
    if scope.doubtful is None:
        return known
    # Too few of a count may be enough, or too many, with those that the condition leaves open.
    fails_anyway = known.verdict is Verdict.FAIL and (
        not isinstance(norm, Count) or known.reason is check(norm, scope.doubtful, context).reason
    )
    answer = known if fails_anyway else unanswered(norm)
    units = known.units
    if units is None and counts_executions(norm):
        units = Units()
    if units is not None:
        units = Units(units.met, units.broken, units.undecided + len(left_open(scope)))
    return answer._replace(units=units)
