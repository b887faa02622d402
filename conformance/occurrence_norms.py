"""Norms of occurrence: what has to come after a step, and what must never come.

Source: the rule names are those of processcheckR (response, absence), so that people recognise them.
"""

from conformance.answers import PASSED, Answer, because, settle
from conformance.cases import Case, Event, surely_before
from conformance.context import Context, absence, may_still_come, unfinished
from conformance.norms import Absence, Response
from conformance.order_norms import doubt
from conformance.verdicts import Reason


def judge_response(norm: Response, case: Case, context: Context) -> Answer:
    """Judge that something answers each execution; while the case is open the answer may still come."""
    firsts = case.judged(norm.first)
    if not firsts:
        return absence(case, (norm.first,), context)
    return settle(_answered(norm, first, case, context) for first in firsts)


def judge_absence(norm: Absence, case: Case, context: Context) -> Answer:
    """Judge that the steps did not happen, and in an open case that they cannot happen any more."""
    events = case.judged(*norm.steps)
    names = " or ".join(norm.steps)
    done = [event for event in events if event.row.completed_us is not None]
    if done:
        return because(Reason.FORBIDDEN_STEP, f"{done[0].step} happened, which must never happen")
    if events:
        return because(unfinished(case), f"{events[0].step} has no end")
    if not case.ended and may_still_come(case, norm.steps, context):
        return because(Reason.OPEN, f"the case is open and {names} may still come")
    return PASSED


def _answered(norm: Response, first: Event, case: Case, context: Context) -> Answer:
    others = [event for event in case.of(norm.to) if event is not first]
    names = " or ".join(norm.to)
    if any(surely_before(first, event) for event in others):
        return PASSED
    if any(not surely_before(event, first) for event in others):
        return because(doubt(case), f"whether {names} came after {norm.first} is not certain")
    if not case.ended and may_still_come(case, norm.to, context):
        return because(Reason.OPEN, f"the case is open and {names} may still come after {norm.first}")
    return because(Reason.MISSING_STEP, f"no {names} comes after {norm.first}")
