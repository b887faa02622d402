"""Each kind of norm tells a conforming fragment from a violating one, and from missing evidence."""

import typing
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.answers import PASSED
from conformance.cases import group_cases, surely_before
from conformance.context import MAX_CASE_ROWS, sharing, standing
from conformance.errors import InputError
from conformance.norm_checks import CHECKS, check_case
from conformance.norms import (
    CASELESS,
    CalendarCutoff,
    Contains,
    Count,
    Existence,
    MomentOrder,
    NextStep,
    Norm,
    NormStatus,
    Precedence,
    SameLocalDay,
    SameValue,
    SignatureValid,
    StepDuration,
    Unique,
)
from conformance.order_norms import possible_successors
from conformance.verdicts import Verdict
from tests.conformance.fragments import (
    CONTEXT,
    ENDINGS,
    HOUR,
    MINUTE,
    SECOND,
    TEN,
    answer,
    at,
    changed,
    norm,
    reason,
    route,
    row,
)

WHOLE = ("P1", "P3", "P5", "P6", "P8")


def test_every_kind_has_a_function_and_none_is_left_over():
    assert {*CHECKS, *CASELESS} == set(typing.get_args(Norm))


# --- duration

LIMIT = norm(StepDuration, step="P6", max_s=60)


@pytest.mark.parametrize(
    ("taken_us", "resolution_us", "expected"),
    [
        (60 * SECOND, 1, "pass"),
        (60 * SECOND + 1, 1, "OVER_LIMIT"),
        (0, 1, "pass"),
        (59 * SECOND, SECOND, "pass"),
        (60 * SECOND, SECOND, "RESOLUTION"),
        (61 * SECOND, SECOND, "OVER_LIMIT"),
        (0, 86_400 * SECOND, "RESOLUTION"),
        (-1, 1, "BAD_INPUT"),
    ],
)
def test_a_duration_is_judged_against_its_limit(taken_us, resolution_us, expected):
    assert reason(LIMIT, row("P6", TEN, TEN + taken_us, resolution_us=resolution_us)) == expected


def test_a_duration_reports_measure_and_limit():
    given = answer(LIMIT, row("P6", TEN, TEN + 61 * SECOND))
    assert (given.measured_us, given.limit_us) == (61 * SECOND, 60 * SECOND)
    assert given.detail == "P6 took 61 s, limit 60 s"


def test_the_worst_execution_speaks_for_the_case():
    rows = [row("P6", TEN, TEN + us * SECOND) for us in (10, 90, 70)]
    assert answer(LIMIT, *rows).measured_us == 90 * SECOND
    assert reason(LIMIT, row("P6"), row("P6", None)) == "MISSING_START"


def test_a_duration_without_its_moments_is_not_shown():
    assert reason(LIMIT, row("P6", None)) == "MISSING_START"
    assert reason(LIMIT, row("P6", TEN, None)) == "OPEN"
    assert reason(LIMIT, row("P6", TEN, None), row("P8")) == "MISSING_END"
    assert reason(LIMIT, row("P1")) == "OTHER_BRANCH"


@pytest.mark.parametrize(
    ("status", "max_s", "expected"),
    [
        (NormStatus.ASSUMED, 60, "NORM_UNKNOWN"),
        (NormStatus.UNKNOWN, None, "NORM_UNKNOWN"),
        (NormStatus.DISPUTED, 60, "NORM_DISPUTED"),
    ],
)
@pytest.mark.parametrize("taken_s", [1, 100])
def test_what_the_pack_is_not_sure_of_is_measured_and_never_green(status, max_s, expected, taken_s):
    weak = norm(StepDuration, step="P6", max_s=max_s, status=status)
    given = answer(weak, row("P6", TEN, TEN + taken_s * SECOND))
    assert given.reason.value == expected
    assert given.measured_us == taken_s * SECOND
    assert f"{taken_s} s" in given.detail


# --- next step

AFTER_P6 = norm(NextStep, step="P6", allowed=("P7", "P8"), on_ok="P8", otherwise="P7")
AFTER_P5 = norm(NextStep, step="P5", allowed=("P6",))
AFTER_P8 = norm(NextStep, step="P8")
AFTER_P1 = norm(NextStep, step="P1", allowed=("P2", "P3"), on_ok="P3", otherwise="P2")


def test_a_whole_route_keeps_every_successor():
    for each in (AFTER_P1, AFTER_P5, AFTER_P6, AFTER_P8):
        assert reason(each, *route(*WHOLE)) == "pass"


def test_a_skipped_step_is_bad_order():
    assert reason(AFTER_P5, *route("P1", "P3", "P5", "P8")) == "BAD_ORDER"


def test_the_outcome_chooses_the_successor():
    assert reason(AFTER_P6, *route("P5", "P6", "P7", outcomes={"P6": "NOT_ATTACHED"})) == "pass"
    assert reason(AFTER_P6, *route("P5", "P6", "P8", outcomes={"P6": "NOT_ATTACHED"})) == "BAD_ORDER"
    assert reason(AFTER_P6, *route("P5", "P6", "P7")) == "BAD_ORDER"
    for blank in (None, "", " "):
        assert reason(AFTER_P6, *route("P5", "P6", "P7", outcomes={"P6": blank})) == "NO_DATA"


def test_nothing_may_follow_an_ending():
    assert reason(AFTER_P8, *route("P6", "P8", "P7")) == "BAD_ORDER"


def test_an_open_case_is_open():
    assert reason(AFTER_P5, *route("P1", "P3", "P5")) == "OPEN"


def test_a_case_begins_with_a_step_that_may_begin_it():
    assert reason(AFTER_P5, *route("P5", "P6", "P8")) == "BAD_ORDER"
    assert "cannot begin" in answer(AFTER_P5, *route("P5", "P6", "P8")).detail
    assert reason(AFTER_P1, *route("P0", "P1", "P3")) == "pass"


def test_an_unknown_step_is_not_guessed():
    assert reason(AFTER_P5, *route("P3", "P5", "X9", "P6")) == "UNMAPPED_ACTIVITY"


def test_equal_ends_leave_the_order_open_where_it_matters():
    rows = route(*WHOLE, resolution_us=SECOND)
    tied = changed(rows, "P6", completed_us=next(r.completed_us for r in rows if r.step == "P5"))
    assert reason(AFTER_P5, *tied) == "TIE"
    assert reason(AFTER_P8, *tied) == "pass"


def test_equal_ends_do_not_matter_where_every_order_is_allowed():
    both = norm(NextStep, step="P5", allowed=("P6", "P8"))
    tied = [row("P3", TEN, TEN + 1), *(row(s, TEN, TEN + 9) for s in ("P6", "P8")), row("P5", TEN, TEN + 5)]
    assert reason(both, *tied) == "pass"


def test_an_instantaneous_step_follows_what_enabled_it_on_an_exact_clock():
    instant = [row("P5", TEN, TEN + 5), row("P6", TEN + 5, TEN + 5), row("P8", TEN + 5, TEN + 9)]
    rows = [row("P3", TEN - 9, TEN), *instant]
    assert reason(AFTER_P5, *rows) == "pass"
    assert reason(AFTER_P5, *changed(rows, "P6", enabled_us=None)) == "TIE"
    coarse = [msgspec.structs.replace(r, resolution_us=SECOND) for r in rows]
    assert reason(AFTER_P5, *coarse) == "TIE"


def test_clocks_of_different_resolution_order_only_what_is_far_apart():
    near = [row("P3", TEN - 9, TEN), row("P5", TEN, TEN + SECOND), row("P6", TEN, TEN + 2 * SECOND)]
    mixed = changed(near, "P6", resolution_us=MINUTE)
    assert reason(AFTER_P5, *near, row("P8", TEN, TEN + HOUR)) == "pass"
    assert reason(AFTER_P5, *mixed, row("P8", TEN, TEN + HOUR)) == "TIE"


def test_a_row_without_an_end_may_stand_anywhere():
    lost = changed(route(*WHOLE), "P3", completed_us=None)
    assert reason(AFTER_P5, *lost) == "MISSING_END"
    running = changed(route(*WHOLE), "P8", completed_us=None)
    assert reason(AFTER_P6, *running) == "OPEN"


MOMENTS = st.one_of(st.none(), st.integers(TEN, TEN + 6))


@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(MOMENTS, MOMENTS, st.sampled_from((1, 1, 2, 3))), min_size=1, max_size=7))
def test_possible_successors_are_all_that_nothing_surely_parts(drawn):
    rows = [row("P5", enabled, completed, resolution_us=r) for enabled, completed, r in drawn]
    (case,) = group_cases(rows, ENDINGS)
    for event in case.events:
        later = [e for e in case.events if surely_before(event, e)]
        plain = [
            e
            for e in case.events
            if e is not event
            and not surely_before(e, event)
            and not any(surely_before(between, e) for between in later)
        ]
        assert possible_successors(event, case) == (plain, not later)


# --- precedence

AUTHORISED = norm(Precedence, first="P1", step="P3")


def test_precedence_wants_a_success_before():
    assert reason(AUTHORISED, *route(*WHOLE)) == "pass"
    assert reason(AUTHORISED, *route("P3", "P5")) == "MISSING_STEP"
    assert reason(AUTHORISED, *route("P3", "P1")) == "BAD_ORDER"
    assert reason(AUTHORISED, *route("P1", "P3", outcomes={"P1": "AUTH_FAIL"})) == "BAD_ORDER"


def test_precedence_with_lost_evidence_is_not_shown():
    for blank in (None, "", " "):
        assert reason(AUTHORISED, *route("P1", "P3", outcomes={"P1": blank})) == "NO_DATA"
    assert reason(AUTHORISED, *changed(route(*WHOLE), "P1", completed_us=None)) == "MISSING_END"
    assert reason(AUTHORISED, row("P1", TEN - 1, TEN), row("P3", TEN - 1, TEN)) == "TIE"
    assert reason(AUTHORISED, *route("P1")) == "OPEN"
    assert reason(AUTHORISED, *route("P1", "P2")) == "OTHER_BRANCH"


# --- count

ONE_ENDING = norm(Count, steps=("P2", "P4", "P7", "P8"), least=1, most=1)
REGISTERED_ONCE = norm(Count, steps=("P6",), least=0, most=1)


def test_exactly_one_ending():
    assert reason(ONE_ENDING, *route(*WHOLE)) == "pass"
    assert reason(ONE_ENDING, *route(*WHOLE, "P7")) == "REPEATED"
    assert reason(ONE_ENDING, *route("P1", "P3")) == "OPEN"
    assert reason(ONE_ENDING, *changed(route(*WHOLE), "P8", completed_us=None)) == "OPEN"
    doubtful = [*route(*WHOLE), row("P7", TEN, None)]
    assert reason(ONE_ENDING, *doubtful) == "MISSING_END"


def test_what_can_no_longer_come_is_missing():
    once = norm(Count, steps=("P1",), least=1, most=1)
    assert reason(once, *route("P3", "P5")) == "MISSING_STEP"
    assert reason(once, *route("P3", "P5", "P6", "P8")) == "MISSING_STEP"


def test_a_step_that_need_not_come_is_another_branch():
    assert reason(REGISTERED_ONCE, *route("P1", "P2")) == "OTHER_BRANCH"
    assert reason(REGISTERED_ONCE, *route("P1")) == "OPEN"
    assert reason(REGISTERED_ONCE, *route(*WHOLE)) == "pass"
    assert reason(REGISTERED_ONCE, *route(*WHOLE, "P6")) == "REPEATED"


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


# --- calendar

SAME_DAY = norm(SameLocalDay, start="P5", to=("P7", "P8"), calendar="provider-hours", before_closing_s=7200)
CUTOFF = norm(CalendarCutoff, step="P6", calendar="provider-hours", before_closing_s=7200)


def asked(sent, answered, **changes):
    return [row("P5", at(sent), at(sent), **changes), row("P8", at(sent), at(answered), **changes)]


@pytest.mark.parametrize(
    ("sent", "answered", "expected"),
    [
        ("10:00", "18:00", "pass"),
        ("18:00", "23:59", "pass"),
        ("18:01", "2013-05-16T09:00", "OUT_OF_SCOPE"),
        ("10:00", "2013-05-16T00:00", "NOT_SAME_DAY"),
        ("2013-05-18T12:00", "2013-05-18T13:00", "pass"),
        ("2013-05-18T12:01", "2013-05-20T09:00", "OUT_OF_SCOPE"),
        ("2013-05-19T10:00", "2013-05-20T09:00", "OUT_OF_SCOPE"),
    ],
)
def test_same_local_day(sent, answered, expected):
    assert reason(SAME_DAY, *asked(sent, answered)) == expected


def test_same_local_day_is_the_day_of_the_zone_not_of_utc():
    assert reason(SAME_DAY, *asked("05:30", "06:30")) == "pass"
    assert reason(SAME_DAY, *asked("05:00", "2013-05-16T05:00")) == "NOT_SAME_DAY"


def test_same_local_day_without_evidence_is_not_shown():
    assert reason(SAME_DAY, row("P5", TEN, None), row("P8")) == "MISSING_END"
    assert reason(SAME_DAY, row("P5"), row("P8", TEN, None)) == "OPEN"
    assert reason(SAME_DAY, row("P5")) == "OPEN"
    assert reason(SAME_DAY, row("P5"), row("P4")) == "MISSING_STEP"
    assert reason(SAME_DAY, *asked("18:00", "18:30", resolution_us=HOUR)) == "RESOLUTION"
    assert reason(SAME_DAY, *asked("17:00", "23:30", resolution_us=HOUR)) == "RESOLUTION"
    assert reason(SAME_DAY, *asked("10:00", "11:00", resolution_us=24 * HOUR)) == "RESOLUTION"


def test_a_clock_of_hours_does_not_jump_over_the_night():
    evening = asked("2013-05-16T03:59", "2013-05-16T10:00", resolution_us=11 * HOUR)
    assert reason(SAME_DAY, *evening) == "RESOLUTION"
    night = at("2013-05-16T03:59")
    assert reason(CUTOFF, row("P6", night, night, resolution_us=11 * HOUR)) == "RESOLUTION"


def test_a_clock_of_days_does_not_jump_over_an_open_morning():
    saturday = at("2013-05-18T14:30")
    assert reason(CUTOFF, row("P6", saturday, saturday)) == "AFTER_CUTOFF"
    assert reason(CUTOFF, row("P6", saturday, saturday, resolution_us=8 * HOUR)) == "RESOLUTION"
    assert reason(CUTOFF, row("P6", saturday, saturday, resolution_us=20 * HOUR)) == "RESOLUTION"
    sunday = at("2013-05-19T00:30")
    assert reason(CUTOFF, row("P6", sunday, sunday, resolution_us=11 * HOUR)) == "AFTER_CUTOFF"


@pytest.mark.parametrize(
    ("enabled", "expected"),
    [
        ("18:00", "pass"),
        ("08:00", "pass"),
        ("2013-05-18T12:00", "pass"),
        ("2013-05-18T12:30", "AFTER_CUTOFF"),
        ("18:01", "AFTER_CUTOFF"),
        ("2013-05-19T10:00", "AFTER_CUTOFF"),
    ],
)
def test_calendar_cutoff(enabled, expected):
    assert reason(CUTOFF, row("P6", at(enabled), at(enabled) + SECOND)) == expected


@pytest.mark.parametrize("blank", [None, "", " "])
def test_calendar_cutoff_without_an_outcome_is_not_shown(blank):
    assert reason(CUTOFF, row("P6", outcome=blank)) == "NO_DATA"


def test_calendar_cutoff_concerns_what_was_accepted():
    late = at("19:00")
    assert reason(CUTOFF, row("P6", late, late + 1, outcome="CUTOFF_MISSED")) == "OUT_OF_SCOPE"
    assert reason(CUTOFF, row("P6", late, late + 1, outcome=None)) == "NO_DATA"
    assert reason(CUTOFF, row("P6", None)) == "MISSING_START"
    assert reason(CUTOFF, row("P6", at("18:00"), at("18:05"), resolution_us=MINUTE)) == "RESOLUTION"


# --- what all kinds share


def test_a_signature_without_documents_is_not_shown():
    signed = norm(SignatureValid, step="P5", document="request")
    assert reason(signed, row("P5", attributes={"documents": "c1"})) == "NO_DATA"
    assert reason(signed, row("P1")) == "OPEN"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2013-02-17T23:59", "NOT_IN_FORCE"),
        ("2013-02-18T00:00", "pass"),
        ("2014-08-28T23:59", "pass"),
        ("2014-08-29T00:00", "NOT_IN_FORCE"),
        ("2024-03-02T10:00", "NOT_IN_FORCE"),
    ],
)
def test_the_act_judges_the_days_on_which_it_was_in_force(day, expected):
    assert reason(LIMIT, row("P6", at(day), at(day) + SECOND)) == expected


def test_a_lost_start_near_the_borders_of_the_act_leaves_the_law_open():
    for day in ("2013-02-18T10:00", "2014-08-29T10:00"):
        assert reason(NUMBER, row("P6", None, at(day), request_number="1")) == "MISSING_START"
    assert reason(NUMBER, row("P6", None, at("2013-03-18T10:00"), request_number="1")) == "pass"


def test_a_case_without_a_moment_is_not_shown():
    assert reason(NUMBER, row("P6", None, None, request_number="1")) == "NO_DATA"


def test_an_act_without_an_end_stays_in_force():
    endless = replace(CONTEXT, until=None)
    assert reason(LIMIT, row("P6", at("2024-03-02T10:00"), at("2024-03-02T10:00")), context=endless) == "pass"


def test_a_case_that_mixes_services_or_paths_is_an_error():
    rows = [row("P6"), row("V6")]
    cases = group_cases(rows, ENDINGS)
    assert [standing(case, CONTEXT).verdict for case in cases] == [Verdict.ERROR, Verdict.ERROR]


def test_a_case_of_far_too_many_rows_is_an_error():
    assert reason(NUMBER, *[row("P6", request_number="1")] * MAX_CASE_ROWS) == "pass"
    assert reason(NUMBER, *[row("P6", request_number="1")] * (MAX_CASE_ROWS + 1)) == "BAD_INPUT"


def test_rows_that_cannot_be_judged_are_refused():
    with pytest.raises(InputError, match="row 2, attributes"):
        group_cases([row("P1"), msgspec.structs.replace(row("P3"), attributes="{")], ENDINGS)


def test_order_is_irreflexive_and_asymmetric():
    (case,) = group_cases([row("P1", TEN, TEN), row("P3", TEN, TEN), row("P5", TEN, TEN + 1)], ENDINGS)
    for one in case.events:
        for two in case.events:
            assert not (surely_before(one, two) and surely_before(two, one))


def test_passed_is_the_only_answer_without_a_reason():
    assert PASSED.verdict is Verdict.PASS
    assert PASSED.reason is None
