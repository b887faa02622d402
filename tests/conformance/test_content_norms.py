"""Norms of content on small cases: what a row has to carry, and what rows have in common."""

import msgspec
import pytest

from conformance.cases import group_cases
from conformance.context import sharing
from conformance.norm_checks import check_case
from conformance.norms import (
    Contains,
    Existence,
    MomentOrder,
    SameValue,
    Unique,
)
from tests.conformance.fragments import (
    CONTEXT,
    ENDINGS,
    SECOND,
    TEN,
    answer,
    at,
    norm,
    reason,
    route,
    row,
)

# --- content

NUMBER = norm(Existence, steps=("P6",), field="request_number")
REASON = norm(Existence, steps=("P7",), field="attributes.reason")
PERSON = norm(Existence, steps=("P5",), field="attributes.applicant", equals="natural_person")
FREE = norm(Existence, steps=("P3",), field="attributes.slot_free", equals=True)


def test_existence_of_a_column():
    assert reason(NUMBER, row("P6", request_number="1")) == "pass"
    assert reason(NUMBER, row("P6")) == "MISSING_CONTENT"
    assert reason(NUMBER, row("P6", completed_us=None)) == "OPEN"
    assert reason(NUMBER, *route("P1")) == "OPEN"
    assert reason(NUMBER, *route("P1", "P2")) == "OTHER_BRANCH"
    assert reason(NUMBER, *route("P1", "P3", "P5", "P8")) == "OTHER_BRANCH"


@pytest.mark.parametrize("blank", ["", "  ", None, [], {}])
def test_a_blank_attribute_is_absent(blank):
    assert reason(REASON, row("P7", attributes={"reason": blank})) == "MISSING_CONTENT"


def test_existence_of_an_attribute():
    assert reason(REASON, row("P7", attributes={"reason": "NOT_ATTACHED"})) == "pass"
    assert reason(REASON, row("P7", attributes={})) == "MISSING_CONTENT"
    assert reason(REASON, row("P7", attributes=None)) == "NO_DATA"


def test_existence_of_a_value():
    assert reason(PERSON, row("P5", attributes={"applicant": "natural_person"})) == "pass"
    assert reason(PERSON, row("P5", attributes={"applicant": "legal_person"})) == "MISMATCH"
    assert reason(FREE, row("P3", attributes={"slot_free": True})) == "pass"
    for other in (False, 1, "true"):
        assert reason(FREE, row("P3", attributes={"slot_free": other})) == "MISMATCH"


SCREEN = norm(Contains, steps=("P7", "P8"), field="attributes.status_screen", items=("iin", "number"))


def test_contains_wants_every_item():
    assert reason(SCREEN, row("P8", attributes={"status_screen": ["number", "x", "iin"]})) == "pass"
    assert reason(SCREEN, row("P8", attributes={"status_screen": ["iin"]})) == "MISSING_CONTENT"
    assert "number" in answer(SCREEN, row("P8", attributes={"status_screen": ["iin"]})).detail
    assert reason(SCREEN, row("P8", attributes={"status_screen": "iin number"})) == "MISMATCH"
    assert reason(SCREEN, row("P8", attributes={})) == "MISSING_CONTENT"
    assert reason(SCREEN, row("P8", attributes=None)) == "NO_DATA"


NUMBERED = norm(Unique, steps=("P6",), field="request_number", within="attributes.provider")


def held(case_id, number, provider="A", **changes):
    attributes = {} if provider is None else {"provider": provider}
    return row("P6", case_id=case_id, request_number=number, attributes=attributes, **changes)


def test_unique_across_cases():
    first = held("c1", "7")
    assert reason(NUMBERED, first, held("c2", "8")) == "pass"
    assert reason(NUMBERED, first, held("c2", "7")) == "NOT_UNIQUE"
    assert "c2" in answer(NUMBERED, first, held("c2", "7")).detail
    assert "c2 and 1 more" in answer(NUMBERED, first, held("c3", "7"), held("c2", "7")).detail
    assert reason(NUMBERED, first, held("c2", "7", "B")) == "pass"
    assert reason(NUMBERED, first, held("c2", "7", service="S2")) == "pass"


def test_unique_reaches_over_both_paths_by_its_twin_norm():
    twin = norm(
        Unique, id="m", path="provider", steps=("V6",), field="request_number", within=NUMBERED.within
    )
    rows = [held("c1", "7"), msgspec.structs.replace(held("c2", "7"), step="V6", path="provider")]
    cases = group_cases(rows, ENDINGS)
    context = sharing(CONTEXT, [NUMBERED, twin], cases)
    answers = [check_case(n, c, context, None) for n, c in zip((NUMBERED, twin), cases, strict=True)]
    assert [a.reason for a in answers] == ["NOT_UNIQUE", "NOT_UNIQUE"]


def test_unique_without_a_value_is_not_shown():
    assert reason(NUMBERED, held("c1", None)) == "NO_DATA"
    assert reason(NUMBERED, held("c1", "7", None)) == "NO_DATA"


def test_unique_does_not_look_at_cases_of_another_law():
    old = held("c2", "7", enabled_us=at("2012-05-15T10:00"), completed_us=at("2012-05-15T10:01"))
    assert reason(NUMBERED, held("c1", "7"), old) == "pass"


KEPT = norm(SameValue, first="P3", step="P8", field="attributes.slot")


def slots(*pairs):
    return [row(s, attributes=None if v is None else v) for s, v in pairs]


def test_same_value():
    ten, eleven = {"slot": "10:00"}, {"slot": "11:00"}
    assert reason(KEPT, *slots(("P3", ten), ("P8", ten))) == "pass"
    assert reason(KEPT, *slots(("P3", ten), ("P8", eleven))) == "MISMATCH"
    assert reason(KEPT, *slots(("P3", ten), ("P3", eleven), ("P8", ten))) == "MISMATCH"
    assert reason(KEPT, *slots(("P3", ten), ("P8", {}))) == "MISSING_CONTENT"
    assert reason(KEPT, *slots(("P3", None), ("P8", ten))) == "NO_DATA"
    assert reason(KEPT, *slots(("P8", ten))) == "NO_DATA"
    assert reason(KEPT, *slots(("P3", ten), ("P2", {}))) == "OTHER_BRANCH"


JOURNAL = norm(MomentOrder, step="V8", path="provider", first="journal_entry_us", then="oral_answer_us")


@pytest.mark.parametrize(
    ("first", "then", "resolution_us", "expected"),
    [
        (5, 5, 1, "pass"),
        (4, 5, 1, "pass"),
        (6, 5, 1, "AFTER_MOMENT"),
        (0, SECOND, SECOND, "pass"),
        (5, 5, SECOND, "RESOLUTION"),
        (SECOND, 0, SECOND, "AFTER_MOMENT"),
        (None, 5, 1, "MISSING_CONTENT"),
        (5, None, 1, "MISSING_CONTENT"),
        ("5", 5, 1, "BAD_INPUT"),
        (True, 5, 1, "BAD_INPUT"),
        (4.5, 5, 1, "BAD_INPUT"),
    ],
)
def test_moment_order(first, then, resolution_us, expected):
    first, then = (TEN + us if isinstance(us, int) and us is not True else us for us in (first, then))
    moments = {"journal_entry_us": first, "oral_answer_us": then}
    assert reason(JOURNAL, row("V8", attributes=moments, resolution_us=resolution_us)) == expected


def test_moment_order_without_attributes_is_not_shown():
    assert reason(JOURNAL, row("V8", attributes=None)) == "NO_DATA"
    assert reason(JOURNAL, row("V8", completed_us=None)) == "OPEN"
