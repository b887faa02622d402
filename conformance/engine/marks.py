"""For each kind of norm what it can see of a case, as marks of SQL: the counterpart of *norm_checks*.

A kind without an entry is not forgotten: its cases are judged one by one.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from conformance.context import value_key
from conformance.engine.day_marks import mark_calendar_cutoff, mark_same_local_day
from conformance.engine.row_marks import chosen
from conformance.engine.shared_values import shared_mark
from conformance.engine.sketch import Sketch, steps_in
from conformance.engine.span_marks import (
    mark_availability,
    mark_case_duration,
    mark_lag,
    mark_moment_order,
    mark_percentile,
    mark_step_duration,
)
from conformance.engine.sql_fields import equality, presence, same_text
from conformance.expressions import comparisons_in, parse
from conformance.log import OK
from conformance.norm_scope import judged_steps
from conformance.norms import (
    Absence,
    AvailabilityWindow,
    CalendarCutoff,
    CaseDuration,
    Contains,
    Count,
    Existence,
    Lag,
    MomentOrder,
    NextStep,
    Norm,
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
    read_as,
)

Marker = Callable[[Any, Sketch], None]


def mark_norm(norm: Norm, sketch: Sketch) -> None:
    """Let *sketch* tell apart whatever *norm* can, in each of its readings and under its condition."""
    readings = [read_as(norm, reading) for reading in norm.readings] or [norm]
    for reading in readings:
        _mark_reading(reading, sketch)


def _mark_reading(norm: Norm, sketch: Sketch) -> None:
    _mark_condition(norm, sketch)
    marker = MARKERS.get(type(norm))
    if marker is None:
        sketch.alone("true")
    else:
        marker(norm, sketch)


def _mark_condition(norm: Norm, sketch: Sketch) -> None:
    """Tell apart what the condition of *norm* asks about: the values themselves."""
    if norm.applies_when is None:
        return
    steps = judged_steps(norm)
    for field in dict.fromkeys(part.field for part in comparisons_in(parse(norm.applies_when))):
        mark = sketch.whole(sketch.value(field, steps))
        if steps is None:
            sketch.mark_first_row(mark)
        else:
            sketch.mark_rows(steps, mark)


def _nothing_more(norm: Norm, sketch: Sketch) -> None:
    """Add nothing: steps, outcomes, ends and their order are in every token."""


def _mark_existence(norm: Existence, sketch: Sketch) -> None:
    if norm.field == "outcome" and norm.equals in (None, OK):
        return
    value = sketch.value(norm.field, norm.steps)
    if norm.equals is None:
        sketch.mark_rows(norm.steps, presence(norm.field, value))
        return
    wanted = value_key(norm.equals) if norm.field.startswith("attributes.") else str(norm.equals)
    sketch.mark_rows(norm.steps, equality(norm.field, value, wanted))


def _mark_contains(norm: Contains, sketch: Sketch) -> None:
    value = sketch.value(norm.field, norm.steps)
    absent = presence(norm.field, value)
    sketch.mark_rows(norm.steps, chosen(f"{value} IS NULL", absent, sketch.whole(value)))


def _mark_unique(norm: Unique, sketch: Sketch) -> None:
    for name in (norm.field, norm.within):
        sketch.mark_rows(norm.steps, presence(name, sketch.value(name, norm.steps)))
    sketch.mark_rows(norm.steps, shared_mark(norm, sketch))


def _mark_same_value(norm: SameValue, sketch: Sketch) -> None:
    _mark_equal((norm.first, norm.step), norm.field, sketch)


def _mark_separation(norm: SeparationOfActors, sketch: Sketch) -> None:
    _mark_equal((norm.first, norm.step), norm.field, sketch)


def _mark_equal(steps: Iterable[str], field: str, sketch: Sketch) -> None:
    """Tell cases apart by whether all rows of *steps* carry one value; alone if some of many do not."""
    both = tuple(steps)
    value = sketch.value(field, both)
    sketch.mark_rows(both, presence(field, value))
    held = sketch.column(f"CASE WHEN {steps_in(both)} THEN {same_text(field, value)} END")
    sketch.mark_case(
        f"CASE WHEN min({held}) = max({held}) THEN 'e' WHEN min({held}) IS NULL THEN 'n' ELSE 'd' END"
    )
    sketch.alone(f"count({held}) > 2 AND min({held}) <> max({held})")


def _mark_signature_valid(norm: SignatureValid, sketch: Sketch) -> None:
    if sketch.documents:
        sketch.alone(f"bool_or({steps_in([norm.step])})")


def _mark_refusal_grounded(norm: RefusalGrounded, sketch: Sketch) -> None:
    if sketch.documents:
        sketch.alone(f"bool_or({steps_in([norm.step])})")
        return
    sketch.mark_rows([norm.step], sketch.whole(sketch.value("attributes.reason", [norm.step])))


MARKERS: Mapping[type, Marker] = {
    StepDuration: mark_step_duration,
    Lag: mark_lag,
    CaseDuration: mark_case_duration,
    Percentile: mark_percentile,
    NextStep: _nothing_more,
    Precedence: _nothing_more,
    Response: _nothing_more,
    Absence: _nothing_more,
    Count: _nothing_more,
    Existence: _mark_existence,
    Contains: _mark_contains,
    Unique: _mark_unique,
    SameValue: _mark_same_value,
    SeparationOfActors: _mark_separation,
    MomentOrder: mark_moment_order,
    SameLocalDay: mark_same_local_day,
    CalendarCutoff: mark_calendar_cutoff,
    SignatureValid: _mark_signature_valid,
    RefusalGrounded: _mark_refusal_grounded,
    AvailabilityWindow: mark_availability,
}
