"""What an answer is worth where rows of a case may be missing: records were rejected, or steps not delivered.

A row that is missing may be the one that keeps a norm, or the one that breaks it. So only that violation
stands which no further row could undo; everything else is not shown.
"""

from conformance.answers import Answer, Units, because
from conformance.cases import Case
from conformance.context import Context, Graph
from conformance.norms import (
    Absence,
    AvailabilityWindow,
    CalendarCutoff,
    CaseDuration,
    Contains,
    Count,
    Existence,
    Follows,
    Lag,
    MomentOrder,
    NextStep,
    Norm,
    Percentile,
    SameLocalDay,
    SeparationOfActors,
    SignatureValid,
    StepDuration,
    Unique,
    named_steps,
)
from conformance.verdicts import Reason, Verdict

_WHOLE_ROW = (Absence, CaseDuration, Contains, SeparationOfActors, SignatureValid, Unique)
"""Kinds whose violation rests on what one record says, or only grows with more rows."""
_PAIRED = (AvailabilityWindow, CalendarCutoff, Existence, Percentile, StepDuration)
"""Kinds whose violation one row shows; but of several records, that row may be made of the wrong ones."""
_MOMENTS = ("enabled_us", "started_us", "completed_us")
_OPEN_TO_DOUBT = (Reason.OTHER_BRANCH, Reason.OUT_OF_SCOPE)


def founded(norm: Norm, case: Case, context: Context, answer: Answer) -> Answer:
    """Return *answer*, what *norm* says of the rows of *case*, or that rows may be missing that it needs."""
    damaged = case.case_id in context.damaged
    if not damaged and not context.undelivered_steps:
        return answer
    if answer.reason not in _OPEN_TO_DOUBT and answer.verdict not in (Verdict.PASS, Verdict.FAIL):
        return answer
    broken = answer.verdict is Verdict.FAIL
    if damaged and not (broken and _lasts_in_a_damaged_case(norm, answer)):
        return _unfounded(answer, "a record of this case was rejected")
    lacking = context.undelivered_steps.intersection(_asked_for(norm, case, context, broken=broken))
    if lacking and not (broken and _lasts(norm, answer)):
        return _unfounded(answer, f"the source does not deliver {' or '.join(sorted(lacking))}")
    return answer


def _asked_for(norm: Norm, case: Case, context: Context, *, broken: bool) -> frozenset[str]:
    """Return the steps that the answer of *norm* asks for: those it names, or those of its route."""
    steps = frozenset(named_steps(norm))
    graph = context.graphs.get((case.service, case.path), Graph({}, frozenset(), frozenset()))
    every = graph.steps
    match norm:
        case NextStep():  # that nothing came between is not shown by a source that hides steps
            return steps if broken else every
        case Lag(follows=Follows.DIRECTLY) | SameLocalDay(start=None) | SameLocalDay(to=()):
            return every
    return steps or every


def _lasts_in_a_damaged_case(norm: Norm, answer: Answer) -> bool:
    if isinstance(norm, Existence):
        return norm.field not in _MOMENTS
    return isinstance(norm, _WHOLE_ROW) or _is_too_many(norm, answer)


def _lasts(norm: Norm, answer: Answer) -> bool:
    by_row = isinstance(norm, MomentOrder) and norm.step is not None
    return isinstance(norm, _WHOLE_ROW + _PAIRED) or by_row or _is_too_many(norm, answer)


def _is_too_many(norm: Norm, answer: Answer) -> bool:
    return isinstance(norm, Count) and answer.reason is Reason.REPEATED


def _unfounded(answer: Answer, why: str) -> Answer:
    units = None if answer.units is None else Units(undecided=max(1, sum(answer.units)))
    return because(Reason.NO_DATA, why, answer.measured_us, answer.limit_us)._replace(units=units)
