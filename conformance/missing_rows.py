"""What an answer is worth where rows of a case may be missing: records were rejected, or steps not delivered.

A row that is missing may be the one that keeps a norm, or the one that breaks it. So only that violation
stands which no further row could undo; everything else is not shown.
"""

from dataclasses import replace

from conformance.answers import Answer, Units, because
from conformance.cases import Case
from conformance.context import MAX_CASE_ROWS, Context, Graph
from conformance.norm_scope import counts_executions, judged_steps
from conformance.norms import (
    Absence,
    AvailabilityWindow,
    CalendarCutoff,
    CaseDuration,
    Contains,
    Count,
    Demand,
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


def shown_of(case: Case, context: Context) -> Context:
    """Return *context* without the moment at which the log was taken, if it does not say that *case* is open.

    The row that ended it may be the one that is missing: then nothing was waited for.
    """
    if context.extracted_us is None:
        return context
    graph = context.graphs.get((case.service, case.path))
    hides_endings = graph is not None and not graph.endings.isdisjoint(context.undelivered_steps)
    if case.case_id in context.damaged or hides_endings:
        return replace(context, extracted_us=None)
    return context


def founded(norm: Norm, case: Case, context: Context, answer: Answer) -> Answer:
    """Return *answer*, what *norm* says of the rows of *case*, or that rows may be missing that it needs."""
    if case.case_id in context.damaged and not _lasts_in_a_damaged_case(norm, case, answer):
        return _unfounded(norm, answer, "a record of this case was rejected")
    if context.undelivered_steps:
        broken = answer.verdict is Verdict.FAIL
        lacking = context.undelivered_steps.intersection(_asked_for(norm, case, context, broken=broken))
        if lacking and not _lasts(norm, answer):
            return _unfounded(norm, answer, f"the source does not deliver {' or '.join(sorted(lacking))}")
    if context.damaged and isinstance(norm, Unique) and answer.verdict is Verdict.PASS:
        return _unfounded(norm, answer, "a rejected record of another case may hold the same value")
    return answer


def lost_answer(norm: Norm) -> Answer:
    """Return what *norm* says of a case of which every record was rejected: it is there, and not shown."""
    lost = because(Reason.NO_DATA, "every record of this case was rejected")
    return lost._replace(units=_open_units(norm))


def _asked_for(norm: Norm, case: Case, context: Context, *, broken: bool) -> frozenset[str]:
    """Return the steps that the answer of *norm* asks for: those it names, or those of its route."""
    steps = frozenset(named_steps(norm))
    if norm.applies_when is not None and judged_steps(norm) is None:
        steps = frozenset()
    graph = context.graphs.get((case.service, case.path), Graph({}, frozenset(), frozenset()))
    every = graph.steps
    match norm:
        case NextStep():  # that nothing came between is not shown by a source that hides steps
            return steps if broken else every
        case Lag(follows=Follows.DIRECTLY) | SameLocalDay(start=None) | SameLocalDay(to=()):
            return every
    return steps or every


def _lasts_in_a_damaged_case(norm: Norm, case: Case, answer: Answer) -> bool:
    if not _stands_alone(norm, answer):
        return False
    named = named_steps(norm)
    if any(event.row.completed_us is None for event in case.of(named)):
        return False  # of several records for one row, the one that would speak may be the rejected one
    if isinstance(norm, Existence):
        return norm.field not in _MOMENTS
    return isinstance(norm, _WHOLE_ROW) or _is_too_many(norm, answer)


def _lasts(norm: Norm, answer: Answer) -> bool:
    by_row = isinstance(norm, MomentOrder) and norm.step is not None
    kind = isinstance(norm, _WHOLE_ROW + _PAIRED) or by_row or _is_too_many(norm, answer)
    return kind and _stands_alone(norm, answer)


def _stands_alone(norm: Norm, answer: Answer) -> bool:
    """Tell whether *answer* is a violation that is one whatever else happened.

    A rate also counts what kept it; the condition of a whole case is asked of its first row.
    """
    of_the_case = norm.applies_when is not None and judged_steps(norm) is None
    return answer.verdict is Verdict.FAIL and norm.demand is not Demand.RATE and not of_the_case


def _is_too_many(norm: Norm, answer: Answer) -> bool:
    return isinstance(norm, Count) and answer.reason is Reason.REPEATED


def _unfounded(norm: Norm, answer: Answer, why: str) -> Answer:
    """Return that *answer* is not shown; one that is not shown anyway keeps its reason."""
    shown = (Verdict.PASS, Verdict.FAIL, Verdict.NOT_APPLICABLE)
    if answer.verdict in shown:
        answer = because(Reason.NO_DATA, why, answer.measured_us, answer.limit_us)
    return answer._replace(units=_open_units(norm))


def _open_units(norm: Norm) -> Units | None:
    """Return what a rate leaves open of a case that lacks rows: all the executions that a case may have."""
    if norm.demand is not Demand.RATE:
        return None
    return Units(undecided=MAX_CASE_ROWS if counts_executions(norm) else 1)
