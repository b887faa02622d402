"""Norms of order: what may follow what, what comes before, how often.

A row may hide among its neighbours where ends tie or are missing. So each question is put to every order
that the evidence allows: all yes is a pass, all no is a fail, anything else is inconclusive.
"""

from collections.abc import Iterable

from conformance.answers import PASSED, Answer, because, settle
from conformance.cases import Case, Event, succeeded, surely_before
from conformance.context import Context, absence, may_still_come, unfinished, usable
from conformance.log import OK
from conformance.norms import Count, NextStep, Precedence
from conformance.verdicts import Reason, Verdict

MOST_NAMED = 6
"""More allowed successors are counted, not listed."""


def judge_next_step(norm: NextStep, case: Case, context: Context) -> Answer:
    """Judge what follows each execution of the step, and that a case begins with a step that may begin it.

    Where the source hides steps, nothing is said of how a case begins.
    """
    events = case.judged(norm.step)
    if not events:
        return because(Reason.OTHER_BRANCH, f"the case has no {norm.step}")
    answers = [agree(_successors(norm, event, case, context), case) for event in events]
    graph = context.graphs.get((case.service, case.path))
    if graph is not None and norm.step not in graph.starts and not context.hides(graph):
        answers += [_not_first(event, case) for event in events]
    return settle(answers)


def judge_precedence(norm: Precedence, case: Case, context: Context) -> Answer:
    """Judge that before each execution of the step the first one ended with outcome ok."""
    events = case.judged(norm.step)
    if not events:
        return absence(case, (norm.step,), context)
    return settle(_preceded(norm, event, case) for event in events)


def judge_count(norm: Count, case: Case, context: Context) -> Answer:
    """Judge how often the steps were completed; an execution without an end may or may not count."""
    events = case.judged(*norm.steps)
    most = len(events)
    least = sum(event.row.completed_us is not None for event in events)
    names = " or ".join(norm.steps)
    detail = f"{least} completed executions of {names}, {norm.least} to {norm.most} allowed"
    if least > norm.most:
        return because(Reason.REPEATED, detail)
    if most < norm.least:
        if not case.ended and may_still_come(case, norm.steps, context):
            return because(Reason.OPEN, f"the case is open and {names} may still come")
        return because(Reason.MISSING_STEP, detail)
    if not events:
        return absence(case, norm.steps, context)
    if norm.least <= least and most <= norm.most:
        return PASSED
    return because(unfinished(case), f"{most - least} executions of {names} have no end")


def possible_successors(event: Event, case: Case) -> tuple[list[Event], bool]:
    """Return the rows that may come directly after *event*, and whether none need come after it."""
    later = [other for other in case.events if surely_before(event, other)]
    nearest = _nearest(later)
    candidates = [
        other
        for other in case.events
        if other is not event
        and not surely_before(other, event)
        and not any(surely_before(between, other) for between in nearest)
    ]
    return candidates, not later


def _nearest(later: Iterable[Event]) -> list[Event]:
    """Return the first row of each clock: what any row of that clock is before, its first one is before.

    The rows of a case stand in the order of their ends, then of their starts.
    """
    found: dict[int, Event] = {}
    for event in later:
        found.setdefault(event.row.resolution_us, event)
    return list(found.values())


def _successors(norm: NextStep, event: Event, case: Case, context: Context) -> list[Answer]:
    """Answer for every row that may come directly after *event*, and for nothing if nothing need come."""
    candidates, none_needed = possible_successors(event, case)
    steps = dict.fromkeys(other.step for other in candidates)
    answers = [_followed_by(norm, event, step, context) for step in steps]
    if none_needed:
        answers.append(_followed_by_nothing(norm, case, context))
    return answers


def _followed_by(norm: NextStep, event: Event, step: str, context: Context) -> Answer:
    if step not in context.steps:
        return because(Reason.UNMAPPED_ACTIVITY, f"{norm.step} is followed by a step the pack does not know")
    if not _allowed(norm):
        return because(Reason.BAD_ORDER, f"{step} comes after {norm.step}, which ends the case")
    if step not in _allowed(norm):
        return because(Reason.BAD_ORDER, f"{step} comes after {norm.step}; {_listed(_allowed(norm))} may")
    if norm.on_ok is None and norm.otherwise is None:
        return PASSED
    return _chosen(norm, usable(event.row.outcome), step)


def _chosen(norm: NextStep, outcome: str | None, step: str) -> Answer:
    if outcome is None:
        return because(Reason.NO_DATA, f"{norm.step} has no outcome to say which step comes next")
    chosen = norm.on_ok if outcome == OK else norm.otherwise
    if step == chosen or (chosen is None and step in norm.allowed):
        return PASSED
    return because(Reason.BAD_ORDER, f"{step} comes after {norm.step} with outcome {outcome}; {chosen} may")


def _followed_by_nothing(norm: NextStep, case: Case, context: Context) -> Answer:
    graph = context.graphs.get((case.service, case.path))
    if not _allowed(norm) or (graph is not None and norm.step in graph.endings):
        return PASSED
    return because(Reason.OPEN, f"nothing comes after {norm.step} yet; {_listed(_allowed(norm))} may")


def _listed(steps: list[str]) -> str:
    if len(steps) > MOST_NAMED:
        steps = [*steps[: MOST_NAMED - 1], f"one of {len(steps) - MOST_NAMED + 1} more"]
    return " or ".join(steps)


def _allowed(norm: NextStep) -> list[str]:
    named = (*norm.allowed, norm.on_ok, norm.otherwise)
    return sorted({step for step in named if step is not None})


def _not_first(event: Event, case: Case) -> Answer:
    others = [other for other in case.events if other is not event]
    if any(surely_before(other, event) for other in others):
        return PASSED
    if all(surely_before(event, other) for other in others):
        return because(Reason.BAD_ORDER, f"the case begins with {event.step}, which cannot begin one")
    return because(doubt(case), f"the case may begin with {event.step}: its order is not certain")


def agree(answers: list[Answer], case: Case) -> Answer:
    """Return the common answer of all possible orders, or that they differ."""
    verdicts = {answer.verdict for answer in answers}
    if len(verdicts) == 1:
        return settle(answers)
    if Verdict.PASS not in verdicts and Verdict.FAIL not in verdicts:
        return settle(answers)
    worst = settle(answers)
    return because(doubt(case), f"the order is not certain: in one order {worst.detail}")


def doubt(case: Case) -> Reason:
    """Return why an order is not certain: a row without an end, or ends that tie."""
    if any(event.row.completed_us is None for event in case.events):
        return unfinished(case)
    return Reason.TIE


def _preceded(norm: Precedence, event: Event, case: Case) -> Answer:
    firsts = case.by_step.get(norm.first, ())
    if any(succeeded(first) and surely_before(first, event) for first in firsts):
        return PASSED
    if not firsts:
        return because(Reason.MISSING_STEP, f"{norm.step} without {norm.first} before it")
    possible = [first for first in firsts if not surely_before(event, first) and first is not event]
    return _possibly_preceded(norm, possible, case)


def _possibly_preceded(norm: Precedence, possible: Iterable[Event], case: Case) -> Answer:
    undecided = [first for first in possible if usable(first.row.outcome) is None or succeeded(first)]
    if not undecided:
        return because(Reason.BAD_ORDER, f"{norm.step} without a successful {norm.first} before it")
    if any(usable(first.row.outcome) is None for first in undecided):
        return because(Reason.NO_DATA, f"{norm.first} before {norm.step} has no outcome")
    return because(doubt(case), f"whether {norm.first} came before {norm.step} is not certain")
