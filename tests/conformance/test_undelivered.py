"""What the source of a log does not deliver is missing evidence, never missing content; a value is judged."""

from dataclasses import replace

import pytest

from conformance.norms import Contains, Count, Existence, MomentOrder, SameValue, SeparationOfActors, Unique
from tests.conformance.fragments import CONTEXT, answer, norm, reason, row

SENT = norm(Existence, steps=("P5",), field="outcome", equals="ok")
NUMBERED = norm(Existence, steps=("P5",), field="request_number")
NATURAL = norm(Existence, steps=("P5",), field="attributes.applicant")
LISTED = norm(Contains, steps=("P5",), field="attributes.fields", items=("name",))
REPEATED = norm(SameValue, first="P5", step="P6", field="request_number")
IN_ORDER = norm(MomentOrder, step="P5", first="signed_us", then="received_us")
CASE_IN_ORDER = norm(MomentOrder, first="signed_us", then="received_us")
NOT_SHARED = norm(Unique, steps=("P5",), field="attributes.slot", within="unit")
TWO_PEOPLE = norm(SeparationOfActors, first="P5", step="P6")
SURE = ("case_id", "completed_us", "path", "resolution_us", "service", "step", "unit")
BARE = {"outcome": None, "request_number": None, "resource": None, "attributes": {"channel": "portal"}}


def rows(**changes):
    return [row("P5", **(BARE | changes)), row("P6", **BARE)]


def delivering(*names):
    return replace(CONTEXT, delivered=frozenset({*SURE, *names}))


def told(one, *names, given=None):
    return reason(one, *(given or rows()), context=delivering(*names))


@pytest.mark.parametrize(
    ("one", "name", "absent"),
    [
        (SENT, "outcome", "MISSING_CONTENT"),
        (NUMBERED, "request_number", "MISSING_CONTENT"),
        (NATURAL, "attributes.applicant", "MISSING_CONTENT"),
        (LISTED, "attributes.fields", "MISSING_CONTENT"),
        (REPEATED, "request_number", "MISSING_CONTENT"),
        (IN_ORDER, "attributes.signed_us", "MISSING_CONTENT"),
        (CASE_IN_ORDER, "attributes.signed_us", "OPEN"),
        (NOT_SHARED, "attributes.slot", "NO_DATA"),
        (TWO_PEOPLE, "resource", "NO_DATA"),
    ],
)
def test_what_the_source_does_not_deliver_is_not_shown(one, name, absent):
    assert told(one, "attributes.channel") == "NO_DATA"
    assert told(one, "attributes.channel", name, "attributes.received_us") == absent
    assert reason(one, *rows(), context=CONTEXT) == absent


def test_the_answer_names_what_is_not_delivered():
    for one, name in (
        (SENT, "outcome"),
        (NATURAL, "applicant"),
        (NOT_SHARED, "slot"),
        (TWO_PEOPLE, "resource"),
    ):
        assert answer(one, *rows(), context=delivering()).detail == f"the source does not deliver {name}"


def test_a_missing_end_does_not_hide_that_the_column_is_not_delivered():
    open_row = [row("P5", completed_us=None, **BARE)]
    assert told(SENT, given=open_row) == "NO_DATA"
    assert told(SENT, "outcome", given=open_row) == "OPEN"


def test_an_attribute_that_is_delivered_is_missing_content_whatever_else_the_row_carries():
    nothing = rows(attributes=None)
    assert told(NATURAL, "attributes.applicant", given=nothing) == "MISSING_CONTENT"
    assert told(NATURAL, "attributes.applicant") == "MISSING_CONTENT"
    assert reason(NATURAL, *nothing, context=CONTEXT) == "NO_DATA"  # nobody said what is delivered


def test_a_value_is_judged_whatever_is_said_to_be_delivered():
    assert told(SENT, given=rows(outcome="ok")) == "pass"
    assert told(SENT, given=rows(outcome="REFUSED")) == "MISMATCH"


def test_a_condition_on_what_is_not_delivered_is_left_open():
    unsaid = norm(Existence, steps=("P5",), field="outcome", applies_when="request_number is null")
    said = norm(Count, steps=("P5",), least=0, most=0, applies_when="not attributes.applicant is null")
    given = rows(outcome="ok")
    assert told(unsaid, given=given) == "NO_DATA"
    assert told(unsaid, "request_number", given=given) == "pass"
    assert told(said, given=given) == "NO_DATA"
    assert told(said, "attributes.applicant", given=given) != "NO_DATA"
