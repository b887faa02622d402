"""Whom a norm looks at: its days in force, its condition, and which executions that condition leaves out."""

from dataclasses import dataclass, replace

from conformance.answers import Answer, because
from conformance.calendar import parse_day
from conformance.cases import Case, Event
from conformance.context import MAX_CASE_ROWS, Context, in_force
from conformance.expressions import evaluate, parse
from conformance.norms import (
    Absence,
    AvailabilityWindow,
    CaseDuration,
    Contains,
    Count,
    Existence,
    Lag,
    Norm,
    Percentile,
    Response,
    SameLocalDay,
    SeparationOfActors,
    Statement,
    SurveyIndicator,
    Unique,
)
from conformance.verdicts import Reason


@dataclass(frozen=True, slots=True)
class Scope:
    """A case as a norm sees it: *known* without the executions that the condition leaves out or leaves open.

    *doubtful* still has those that it leaves open; None if there are none.
    """

    known: Case
    doubtful: Case | None


def not_in_force(norm: Norm, case: Case, context: Context) -> Answer | None:
    """Return why this version of the norm does not judge *case*, or None if it does."""
    if norm.in_force is None:
        return None
    first, until = norm.in_force.first, norm.in_force.until
    begun = parse_day(first) if first is not None else context.first_day
    ended = parse_day(until) if until is not None else context.until
    return in_force(case, context, begun, ended, "this version of the norm")


def judged_steps(norm: Norm) -> tuple[str, ...] | None:
    """Return the steps whose executions *norm* is about; None if it is about the case as a whole."""
    match norm:
        case Count() | Existence() | Contains() | Unique() | Absence() | AvailabilityWindow():
            return norm.steps
        case Lag() | Response():
            return (norm.first,)
        case SameLocalDay():
            step = norm.start
        case CaseDuration() | SeparationOfActors() | SurveyIndicator() | Statement():
            step = None
        case _:
            step = norm.step
    return None if step is None else (step,)


def counts_executions(norm: Norm) -> bool:
    """Tell whether a rate of *norm* counts executions of steps, and not cases."""
    return isinstance(norm, AvailabilityWindow) or (isinstance(norm, Percentile) and norm.step is not None)


def most_units(norm: Norm, case: Case) -> int:
    """Return the most that a rate of *norm* would count of *case* if it could be judged, at least the case.

    Of a case of too many rows every one may be an execution: they need not have been read.
    """
    if not counts_executions(norm):
        return 1
    length = len(case.events) if case.length is None else case.length
    return length if length > MAX_CASE_ROWS else max(1, len(case.of(judged_steps(norm) or ())))


def scope_of(norm: Norm, case: Case, context: Context) -> Scope | Answer:
    """Return what of *case* the condition of *norm* lets it see, or the answer if that is nothing."""
    if norm.applies_when is None:
        return Scope(case, None)
    steps = judged_steps(norm)
    subjects = case.events[:1] if steps is None else case.of(steps)
    if not subjects:
        return Scope(case, None)
    expression = parse(norm.applies_when)
    truths = {event: evaluate(expression, event, context.delivered) for event in subjects}
    counts = isinstance(norm, Count | Absence)  # of those, none is a number too
    if not counts and all(truth is False for truth in truths.values()):
        return because(Reason.OUT_OF_SCOPE, f"it is not so that {norm.applies_when}")
    if steps is None:
        return Scope(case, None) if True in truths.values() else unanswered(norm)
    outside = {event for event, truth in truths.items() if truth is False}
    open_ = {event for event, truth in truths.items() if truth is None}
    known = replace(case, left_out=frozenset(outside | open_))
    return Scope(known, replace(case, left_out=frozenset(outside)) if open_ else None)


def unanswered(norm: Norm) -> Answer:
    """Return that the evidence does not say whether the condition of *norm* holds."""
    return because(Reason.NO_DATA, f"the log does not say whether {norm.applies_when}")


def left_open(scope: Scope) -> tuple[Event, ...]:
    """Return the executions of which the condition cannot be answered."""
    if scope.doubtful is None:
        return ()
    return tuple(scope.known.left_out - scope.doubtful.left_out)
