"""Each kind of norm tells a conforming fragment from a violating one, and from missing evidence."""

import typing
from dataclasses import replace

import msgspec
import pytest

from conformance.answers import PASSED
from conformance.cases import group_cases, surely_before
from conformance.context import MAX_CASE_ROWS, standing
from conformance.errors import InputError
from conformance.norm_checks import CHECKS
from conformance.norms import (
    CASELESS,
    CalendarCutoff,
    Existence,
    Norm,
    NormStatus,
    SameLocalDay,
    SignatureValid,
    StepDuration,
)
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
    norm,
    reason,
    row,
)


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

NUMBER = norm(Existence, steps=("P6",), field="request_number")


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
