"""What no log could violate, or none could keep, is no norm: how each kind gives itself away.

A norm that is always kept looks like a good result in every report; so it is refused when the pack is read.
"""

import itertools
from collections.abc import Iterator
from typing import Any

from conformance.expressions import Comparison, Expression, comparisons_in, judge, parse
from conformance.norms import (
    AvailabilityWindow,
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
    Statement,
    StepDuration,
    SurveyIndicator,
    Unique,
)

UNBOUNDED = 1_000_000
NEVER_NULL = ("case_id", "service", "path", "step", "unit", "resolution_us")
ALWAYS_RATES = (Percentile, SurveyIndicator)
_MOST_WORLDS = 20_000
_LONGEST_S = 100 * 366 * 86_400

Fault = tuple[str, str, str]
"""Key of a norm, what was found there, what was expected."""


def vacuous(norm: Norm, graph_steps: frozenset[str]) -> Iterator[Fault]:
    """Yield key, found and expected for every way in which no log could violate *norm*.

    *graph_steps* are the steps of the norm's path.
    """
    yield from _empty_lists(norm)
    yield from _demand(norm)
    yield from _condition(norm)
    yield from _own_bounds(norm, graph_steps)
    yield from _against_itself(norm)


def _own_bounds(norm: Norm, graph_steps: frozenset[str]) -> Iterator[Fault]:
    match norm:
        case Count():
            yield from _count(norm)
        case StepDuration():
            yield from _limit(norm)
        case Lag() | CaseDuration() | Percentile():
            yield from _bound(norm)
        case Unique():
            yield from _unique(norm)
        case NextStep():
            yield from _next_step(norm, graph_steps)
        case SameLocalDay():
            yield from _same_day(norm)
        case SurveyIndicator() if any(grade < 1 for grade in norm.satisfied):
            yield "satisfied", str(min(norm.satisfied)), "grades counted from 1"
        case RefusalGrounded():
            yield from _refusal(norm)


def _against_itself(norm: Norm) -> Iterator[Fault]:
    match norm:
        case Response() if norm.first in norm.to and len(norm.to) == 1:
            yield "to", f"{norm.first}, the same step", "another step: the last one would never be answered"
        case Existence(equals=None, field=field) if field in NEVER_NULL:
            yield "field", f"{field}, which every row has", "a field that a row could lack"
        case Precedence() | SameValue() | SeparationOfActors() if norm.first == norm.step:
            yield "first", f"{norm.first}, the same step", "another step"
        case MomentOrder(first=first, then=then) if first == then:
            yield "then", f"{then}, the same moment", "another moment"
        case AvailabilityWindow() if "ok" in norm.unavailable:
            yield "unavailable", "ok", "outcomes of a service that is down"
        case Statement() if norm.id in norm.parts:
            yield "parts", f"{norm.id}, the norm itself", "ids of other norms"


def _empty_lists(norm: Norm) -> Iterator[Fault]:
    may_be_empty = ("to",) if isinstance(norm, SameLocalDay) else ()
    for key in ("steps", "items", "to", "grounds", "unavailable", "satisfied", "parts"):
        if key not in may_be_empty and getattr(norm, key, None) == ():
            yield key, f"an empty list of {key}", "something that a log could lack"
    if isinstance(norm, Contains) and any(not item for item in norm.items):
        yield "items", "an empty item", "something that a log could lack"


def _demand(norm: Norm) -> Iterator[Fault]:
    rate = norm.demand is Demand.RATE
    if isinstance(norm, ALWAYS_RATES) and not rate:
        yield "demand", "absolute", "rate: no single case can break this norm"
    if isinstance(norm, Statement) and (rate or norm.applies_when or norm.readings):
        yield "demand", "a demand of its own", "parts alone: a statement says no more than they"
    if rate and norm.target is None and not isinstance(norm, Percentile) and _is_sure(norm):
        yield "target", "no target", "a share above 0 and at most 1, or the status unknown"
    if norm.target is not None and not rate:
        yield "target", str(norm.target), "no target: the norm is absolute"
    if norm.target is not None and isinstance(norm, Percentile):
        yield "target", str(norm.target), "no target: the percentile is the target"
    if norm.target is not None and not 0 < norm.target <= 1:
        yield "target", str(norm.target), "a share above 0 (which every log would reach) and at most 1"
    if norm.min_n is not None and (norm.min_n < 1 or not rate):
        yield "min_n", str(norm.min_n), "a number of 1 or more, of a rate"


def _is_sure(norm: Norm) -> bool:
    return norm.status not in (NormStatus.UNKNOWN, NormStatus.ASSUMED)


def _condition(norm: Norm) -> Iterator[Fault]:
    if norm.applies_when is not None and never_true(parse(norm.applies_when)):
        yield "applies_when", f"{norm.applies_when}, which is never true", "a condition that a log could meet"


def never_true(expression: Expression) -> bool:
    """Tell whether no row can make *expression* true.

    Each field is tried with every literal it is compared with, with values between, below and above them,
    with a value of another type and with null: two values between the same literals never differ. An
    expression of too many fields is given the benefit of the doubt.
    """
    literals: dict[str, list[Any]] = {}
    for comparison in comparisons_in(expression):
        found = literals.setdefault(comparison.field, [])
        if isinstance(comparison, Comparison):
            found.append(comparison.literal)
    worlds = [[(name, value) for value in _values(name, found)] for name, found in literals.items()]
    tried = itertools.islice(itertools.product(*worlds), _MOST_WORLDS)
    exhausted = 1
    for values in worlds:
        exhausted *= len(values)
    found_true = any(judge(expression, dict(world).__getitem__) for world in tried)
    return not found_true and exhausted <= _MOST_WORLDS


def _values(name: str, literals: list[Any]) -> list[Any]:
    values: list[Any] = [None] if name not in NEVER_NULL else []
    texts = sorted({value for value in literals if isinstance(value, str)})
    numbers = sorted({value for value in literals if not isinstance(value, str | bool)})
    values += ["", *texts, *(text + "\0" for text in texts)]
    values += [True, False]
    if numbers:
        between = [(low + high) / 2 for low, high in itertools.pairwise(numbers)]
        values += [numbers[0] - 1, *numbers, *between, numbers[-1] + 1]
    else:
        values.append(0)
    return values


def _count(norm: Count) -> Iterator[Fault]:
    if norm.least < 0:
        yield "least", str(norm.least), "0 or more"
    if norm.most < norm.least:
        yield "most", str(norm.most), f"not less than least ({norm.least})"
    if norm.least == 0 and norm.most >= UNBOUNDED:
        yield "most", f"{norm.most} with least 0", f"a bound below {UNBOUNDED}, or a least above 0"


def _limit(norm: StepDuration) -> Iterator[Fault]:
    if norm.max_s is None:
        if norm.status is not NormStatus.UNKNOWN:
            yield "max_s", "no maximum", "seconds, or the status unknown"
    elif norm.max_s <= 0 or (norm.min_s or 0) > norm.max_s:
        yield "max_s", f"{norm.max_s} s", "more than 0 s, and not less than min_s"
    if norm.min_binds and not norm.min_s:
        yield "min_binds", "no min_s to bind", "a min_s above 0 s"


def _bound(norm: Lag | CaseDuration | Percentile) -> Iterator[Fault]:
    if not 0 < norm.max_s <= _LONGEST_S:
        yield "max_s", f"{norm.max_s} s", f"more than 0 s, and at most {_LONGEST_S} s (a hundred years)"
    if isinstance(norm, Percentile) and not 0 < norm.percentile < 100:
        yield "percentile", str(norm.percentile), "more than 0 and less than 100"


def _unique(norm: Unique) -> Iterator[Fault]:
    if norm.field == "case_id":
        yield "field", "case_id, unique by its meaning", "a field that two cases could share"
    if norm.field == norm.within:
        yield "within", f"{norm.within}, the field itself", "another field"


def _next_step(norm: NextStep, graph_steps: frozenset[str]) -> Iterator[Fault]:
    chosen = norm.on_ok is not None or norm.otherwise is not None
    if not chosen and graph_steps and graph_steps <= set(norm.allowed):
        yield "allowed", "every step of the path", "a step that may not come next"


def _same_day(norm: SameLocalDay) -> Iterator[Fault]:
    if norm.calendar is None and norm.before_closing_s is not None:
        yield "before_closing_s", f"{norm.before_closing_s} s of no calendar", "a calendar as well"
    if norm.calendar is not None and norm.before_closing_s is None:
        yield "before_closing_s", "nothing", "seconds before closing, 0 or more, for the calendar"
    if norm.to == (norm.start,):
        yield "to", f"{norm.start}, the same step", "another step"


def _refusal(norm: RefusalGrounded) -> Iterator[Fault]:
    if norm.received == norm.step:
        yield "received", f"{norm.received}, the refusal itself", "the step in which the document came"
    reasons = [ground.reason for ground in norm.grounds]
    for i, ground in enumerate(norm.grounds):
        if not ground.shown_by:
            yield f"grounds[{i}].shown_by", "nothing", "what bears the reason out"
        if ground.reason in reasons[:i]:
            yield f"grounds[{i}].reason", f"{ground.reason} a second time", "each reason once"
