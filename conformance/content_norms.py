"""Norms of content: what a row must carry, list, share with another row or with no other case.

A field that its source does not deliver is missing evidence; a field that is absent from what it delivers
is missing content.
"""

from typing import Any

from conformance.answers import PASSED, Answer, because, settle, span
from conformance.calendar import local_time
from conformance.cases import Case, Event
from conformance.context import Context, absence, shared_key, undelivered, unfinished, value_key, value_of
from conformance.log_rows import EARLIEST_US, LATEST_US
from conformance.norms import Contains, Existence, MomentOrder, SameValue, Unique
from conformance.verdicts import Reason, Verdict, within_limit


def judge_existence(norm: Existence, case: Case, context: Context) -> Answer:
    """Judge that each execution carries the field, with the value asked for if there is one."""
    events = case.judged(*norm.steps)
    if not events:
        return absence(case, norm.steps, context)
    return settle(_carries(norm, event, case, context) for event in events)


def judge_contains(norm: Contains, case: Case, context: Context) -> Answer:
    """Judge that each execution lists every item."""
    events = case.judged(*norm.steps)
    if not events:
        return absence(case, norm.steps, context)
    return settle(_lists(norm, event, case, context) for event in events)


def judge_unique(norm: Unique, case: Case, context: Context) -> Answer:
    """Judge that no other case has the value of any execution."""
    events = case.judged(*norm.steps)
    if not events:
        return absence(case, norm.steps, context)
    return settle(_unshared(norm, event, case, context) for event in events)


def judge_same_value(norm: SameValue, case: Case, context: Context) -> Answer:
    """Judge that each later execution repeats the value of each earlier one."""
    events = case.judged(norm.step)
    if not events:
        return absence(case, (norm.step,), context)
    firsts = case.by_step.get(norm.first)
    if not firsts:
        return because(Reason.NO_DATA, f"the case has no {norm.first} to compare {norm.step} with")
    return settle(_repeats(norm, first, event, case, context) for event in events for first in firsts)


def judge_moment_order(norm: MomentOrder, case: Case, context: Context) -> Answer:
    """Judge that the first moment of each execution, or of the case, is not after the other one."""
    if norm.step is None:
        return _case_in_time(norm, case, context)
    events = case.judged(norm.step)
    if not events:
        return absence(case, (norm.step,), context)
    return settle(_in_time(norm, event, case, context) for event in events)


def _missing(event: Event, field: str, case: Case, context: Context) -> Answer | None:
    """Return why *field* is not there, or None if it is."""
    if value_of(event, field) is not None:
        return None
    if (untold := undelivered(field, context)) is not None:
        return untold
    if context.delivered is None and field.startswith("attributes.") and event.attributes is None:
        return because(Reason.NO_DATA, f"the source delivered no attributes for {event.step}")
    if event.row.completed_us is None:
        return because(unfinished(case), f"{event.step} has no {_short(field)}, and no end")
    return because(Reason.MISSING_CONTENT, f"{event.step} carries no {_short(field)}")


def _carries(norm: Existence, event: Event, case: Case, context: Context) -> Answer:
    missing = _missing(event, norm.field, case, context)
    if missing is not None:
        return missing
    if norm.equals is None and not value_of(event, norm.field):
        return because(Reason.MISSING_CONTENT, f"{_short(norm.field)} of {event.step} is empty")
    if norm.equals is None or value_key(value_of(event, norm.field)) == value_key(norm.equals):
        return PASSED
    return because(Reason.MISMATCH, f"{_short(norm.field)} of {event.step} is not {value_key(norm.equals)}")


def _lists(norm: Contains, event: Event, case: Case, context: Context) -> Answer:
    missing = _missing(event, norm.field, case, context)
    if missing is not None:
        return missing
    value = value_of(event, norm.field)
    if not isinstance(value, list):
        return because(Reason.MISMATCH, f"{_short(norm.field)} of {event.step} is not a list")
    absent = [item for item in norm.items if item not in value]
    if not absent:
        return PASSED
    return because(Reason.MISSING_CONTENT, f"{_short(norm.field)} of {event.step} lacks {', '.join(absent)}")


def _unshared(norm: Unique, event: Event, case: Case, context: Context) -> Answer:
    within, value = value_of(event, norm.within), value_of(event, norm.field)
    for name, found in ((norm.field, value), (norm.within, within)):
        if found is None:
            absent = because(Reason.NO_DATA, f"{event.step} has no {_short(name)} to compare")
            return undelivered(name, context) or absent
    holders = context.shared[shared_key(norm)].get((value_key(within), value_key(value)))
    others, first = holders.others(case.case_id) if holders is not None else (0, "")
    if not others:
        return PASSED
    named = first if others == 1 else f"{first} and {others - 1} more"
    return because(Reason.NOT_UNIQUE, f"{_short(norm.field)} of {event.step} is also held by {named}")


def _repeats(norm: SameValue, first: Event, event: Event, case: Case, context: Context) -> Answer:
    missing = [
        answer for e in (first, event) if (answer := _missing(e, norm.field, case, context)) is not None
    ]
    if missing:
        return settle(missing)
    if value_key(value_of(first, norm.field)) == value_key(value_of(event, norm.field)):
        return PASSED
    return because(Reason.MISMATCH, f"{_short(norm.field)} of {norm.step} is not that of {norm.first}")


def _in_time(norm: MomentOrder, event: Event, case: Case, context: Context) -> Answer:
    fields = (f"attributes.{norm.first}", f"attributes.{norm.then}")
    missing = [answer for field in fields if (answer := _missing(event, field, case, context)) is not None]
    if missing:
        return settle(missing)
    first, then = (value_of(event, field) for field in fields)
    return _not_after(norm, first, then, event.uncertainty_us, context.zone)


def _case_in_time(norm: MomentOrder, case: Case, context: Context) -> Answer:
    """Compare what the case states, read from the coarsest of its clocks: no row says which one it was."""
    fields = (f"attributes.{norm.first}", f"attributes.{norm.then}")
    carriers = [next((e for e in case.events if value_of(e, field) is not None), None) for field in fields]
    for carrier, field in zip(carriers, fields, strict=True):
        if carrier is None:
            reason = Reason.NO_DATA if case.ended else Reason.OPEN
            absent = because(reason, f"no row of the case carries {_short(field)}")
            return undelivered(field, context) or absent
    one, two = (carrier for carrier in carriers if carrier is not None)
    doubt_us = max(event.uncertainty_us for event in case.events)
    return _not_after(norm, value_of(one, fields[0]), value_of(two, fields[1]), doubt_us, context.zone)


def _not_after(norm: MomentOrder, first: Any, then: Any, doubt_us: int, zone: str) -> Answer:
    whose = f" of {norm.step}" if norm.step else ""
    if not (_is_moment(first) and _is_moment(then)):
        return because(Reason.BAD_INPUT, f"{norm.first} or {norm.then}{whose} is no moment of 1990 to 2200")
    verdict = within_limit(first - then, 0, doubt_us)
    if verdict is Verdict.PASS:
        return PASSED
    gap = f"{span(first - then)} after" if first > then else "not surely before"
    detail = f"{norm.first}{whose} ({_local(first, zone)}) is {gap} {norm.then} ({_local(then, zone)})"
    return because(Reason.AFTER_MOMENT if verdict is Verdict.FAIL else Reason.RESOLUTION, detail)


def _local(us: int, zone: str) -> str:
    """Return a moment as people of *zone* read it, to the second."""
    return f"{local_time(us, zone):%Y-%m-%d %H:%M:%S}"


def _is_moment(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and EARLIEST_US <= value <= LATEST_US


def _short(field: str) -> str:
    return field.removeprefix("attributes.")
