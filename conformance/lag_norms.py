"""Norms of lag: from one step to another at most so long, the next row or the first of its kind.

As for order, a row may hide where ends tie or are missing: every order that the evidence allows is asked.
"""

from conformance.answers import Answer, because, seconds, settle
from conformance.cases import Case, Event, difference_doubt_us, surely_before
from conformance.context import Context, absence, may_still_come, unfinished
from conformance.duration_norms import judge_span, moment_us
from conformance.impossible_moments import impossible
from conformance.norms import Follows, Lag, Moment
from conformance.order_norms import agree, possible_successors
from conformance.verdicts import Reason


def judge_lag(norm: Lag, case: Case, context: Context) -> Answer:
    """Judge the time from each execution of the first step to the second one that follows it."""
    firsts = case.judged(norm.first)
    if not firsts:
        return absence(case, (norm.first,), context)
    judge = _directly if norm.follows is Follows.DIRECTLY else _eventually
    return settle(agree(judge(norm, first, case, context), case) for first in firsts)


def lags_us(norm: Lag, case: Case) -> tuple[int, ...]:
    """Return the lags of *case* that are certain: which rows they join and both their moments."""
    found = []
    for first in case.judged(norm.first):
        seconds_ = [event for event in case.by_step.get(norm.step, ()) if surely_before(first, event)]
        moments = [(moment_us(first, norm.begins), moment_us(event, norm.ends)) for event in seconds_[:1]]
        found += [end - begin for begin, end in moments if begin is not None and end is not None]
    return tuple(found)


def _directly(norm: Lag, first: Event, case: Case, context: Context) -> list[Answer]:
    candidates, none_needed = possible_successors(first, case)
    answers = [
        _span(norm, first, event, case)
        if event.step == norm.step
        else because(Reason.OTHER_BRANCH, f"{event.step} comes next after {norm.first}")
        for event in candidates
    ]
    return [*answers, _none(norm, case, context)] if none_needed else answers


def _eventually(norm: Lag, first: Event, case: Case, context: Context) -> list[Answer]:
    others = [event for event in case.by_step.get(norm.step, ()) if event is not first]
    later = [event for event in others if surely_before(first, event)]
    possible = [
        event
        for event in others
        if not surely_before(event, first) and not any(surely_before(sure, event) for sure in later)
    ]
    answers = [_span(norm, first, event, case) for event in possible]
    return answers if later else [*answers, _none(norm, case, context)]


def _span(norm: Lag, first: Event, second: Event, case: Case) -> Answer:
    contradiction = impossible([first], norm.begins, Moment.COMPLETED) or impossible(
        [second], norm.ends, Moment.COMPLETED
    )
    if contradiction is not None:  # the ends count, too: they say which rows a lag joins
        return contradiction
    begun, ended = moment_us(first, norm.begins), moment_us(second, norm.ends)
    for us, moment, event in ((begun, norm.begins, first), (ended, norm.ends, second)):
        if us is None:
            reason = unfinished(case) if moment is Moment.COMPLETED else Reason.MISSING_START
            return because(reason, f"{event.step} has no moment at which it was {moment}")
    span = (ended or 0) - (begun or 0)
    answer = judge_span(f"{norm.first} to {norm.step}", span, norm.max_s, difference_doubt_us(first, second))
    if span < 0 and answer.reason is None:
        return answer._replace(
            detail=f"{norm.step} came {seconds(-span)} before {norm.first} was {norm.begins}"
        )
    return answer


def _none(norm: Lag, case: Case, context: Context) -> Answer:
    if not case.ended and may_still_come(case, (norm.step,), context):
        return because(Reason.OPEN, f"the case is open and {norm.step} may still come after {norm.first}")
    return because(Reason.OTHER_BRANCH, f"no {norm.step} comes after {norm.first}")
