"""Where rows may be missing, only that violation stands which no further row could undo."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.norms import (
    Absence,
    AvailabilityWindow,
    CalendarCutoff,
    CaseDuration,
    Contains,
    Count,
    Demand,
    Existence,
    Follows,
    Lag,
    MomentOrder,
    NextStep,
    Percentile,
    Precedence,
    Response,
    SameLocalDay,
    SameValue,
    SeparationOfActors,
    StepDuration,
    Unique,
    named_steps,
)
from conformance.verdicts import Verdict
from tests.conformance.fragments import CONTEXT, HOUR, PORTAL, SECOND, TEN, answer, norm, reason, route, row

DAMAGED = replace(CONTEXT, damaged=frozenset({"c1"}))
LATE = [row("P5", TEN, TEN + 61 * SECOND)]
LIMIT = norm(StepDuration, step="P5", max_s=60)
ANSWERED = norm(Response, first="P5", to=("P6",))
ONCE = norm(Count, steps=("P5",), least=1, most=1)
NEXT = norm(NextStep, step="P5", allowed=("P6",))
NEVER = norm(Absence, steps=("P2",))
WHOLE = norm(CaseDuration, max_s=60)
BEFORE = norm(Precedence, first="P3", step="P5")
SOON = norm(Lag, first="P5", step="P6", follows=Follows.EVENTUALLY, max_s=5)
NUMBERED = norm(Existence, steps=("P5",), field="request_number")
STARTED = norm(Existence, steps=("P5",), field="started_us")
ENDED = route("P5", "P8")


@pytest.mark.parametrize(
    ("one", "rows", "as_read", "if_damaged"),
    [
        (LIMIT, LATE, "OVER_LIMIT", "NO_DATA"),  # its start may be that of another execution
        (LIMIT, route("P5"), "pass", "NO_DATA"),
        (ANSWERED, route("P5"), "OPEN", "OPEN"),
        (LIMIT, route("P3", "P4"), "OTHER_BRANCH", "NO_DATA"),
        (ANSWERED, ENDED, "MISSING_STEP", "NO_DATA"),
        (ONCE, route("P4"), "MISSING_STEP", "NO_DATA"),
        (ONCE, route("P5", "P5"), "REPEATED", "REPEATED"),
        (NEXT, ENDED, "BAD_ORDER", "NO_DATA"),
        (NEVER, route("P2"), "FORBIDDEN_STEP", "FORBIDDEN_STEP"),
        (NEVER, ENDED, "pass", "NO_DATA"),
        (WHOLE, route("P5", "P8", each_us=40 * SECOND), "OVER_LIMIT", "OVER_LIMIT"),
        (BEFORE, ENDED, "MISSING_STEP", "NO_DATA"),
        (SOON, route("P5", "P6"), "OVER_LIMIT", "NO_DATA"),
        (NUMBERED, route("P5"), "MISSING_CONTENT", "MISSING_CONTENT"),
        (STARTED, route("P5"), "MISSING_CONTENT", "NO_DATA"),
    ],
)
def test_a_case_of_which_a_record_was_rejected(one, rows, as_read, if_damaged):
    assert reason(one, *rows) == as_read
    assert reason(one, *rows, context=DAMAGED) == if_damaged


def without(*steps):
    return replace(CONTEXT, undelivered_steps=frozenset(steps))


@pytest.mark.parametrize(
    ("one", "rows", "hidden", "told"),
    [
        (ANSWERED, ENDED, ("P6",), "NO_DATA"),
        (ANSWERED, ENDED, ("P4",), "MISSING_STEP"),
        (BEFORE, ENDED, ("P3",), "NO_DATA"),
        (NEXT, ENDED, ("P6",), "NO_DATA"),
        (NEXT, ENDED, ("P4",), "BAD_ORDER"),
        (NEXT, route("P3", "P5", "P6"), (), "pass"),
        (NEXT, route("P3", "P5", "P6"), ("P4",), "NO_DATA"),  # it may have come between
        (LIMIT, route("P3", "P4"), ("P5",), "NO_DATA"),
        (LIMIT, LATE, ("P6",), "OVER_LIMIT"),
        (LIMIT, route("P5"), ("P6",), "pass"),
        (WHOLE, route("P5", "P8"), ("P6",), "NO_DATA"),  # it may have been the last one
        (WHOLE, route("P5", "P8", each_us=40 * SECOND), ("P6",), "OVER_LIMIT"),
        (NEVER, ENDED, ("P2",), "NO_DATA"),
    ],
)
def test_steps_that_the_source_never_tells_of(one, rows, hidden, told):
    assert reason(one, *rows, context=without(*hidden)) == told


def test_the_answer_says_what_may_be_missing():
    assert answer(ANSWERED, *ENDED, context=DAMAGED).detail == "a record of this case was rejected"
    assert answer(ANSWERED, *ENDED, context=without("P6")).detail == "the source does not deliver P6"


def test_other_cases_are_judged():
    other = [*ENDED, *route("P5", "P8", case_id="c2")]
    assert reason(ANSWERED, *other, context=DAMAGED, case_id="c2") == "MISSING_STEP"


def test_a_rate_leaves_a_damaged_case_open():
    rate = norm(StepDuration, step="P5", max_s=60, demand=Demand.RATE, target=0.9)
    assert answer(rate, *LATE).units == (0, 1, 0)
    assert answer(rate, *LATE, context=DAMAGED).units == (0, 0, 1)


def test_every_step_that_a_norm_names_is_known():
    assert named_steps(ANSWERED) == ("P5", "P6")
    assert named_steps(norm(Unique, steps=("P8", "P7"), field="outcome", within="unit")) == ("P8", "P7")


EVERY = [
    LIMIT,
    ANSWERED,
    ONCE,
    NEXT,
    NEVER,
    WHOLE,
    BEFORE,
    SOON,
    NUMBERED,
    STARTED,
    norm(Lag, first="P5", step="P6", follows=Follows.DIRECTLY, max_s=5),
    norm(NextStep, step="P6", allowed=("P7", "P8")),
    norm(NextStep, step="P1", on_ok="P3", otherwise="P2"),
    norm(CaseDuration, max_s=60, as_recorded=True),
    norm(Percentile, percentile=90, max_s=60, as_recorded=True),
    norm(Percentile, step="P5", percentile=90, max_s=60),
    norm(Percentile, percentile=90, max_s=60),
    norm(Contains, steps=("P5", "P8"), field="attributes.fields", items=("name",)),
    norm(SameValue, first="P5", step="P6", field="outcome"),
    norm(SeparationOfActors, first="P5", step="P6"),
    norm(MomentOrder, first="signed_us", then="received_us"),
    norm(MomentOrder, step="P5", first="signed_us", then="received_us"),
    norm(SameLocalDay, start="P5", to=("P8",)),
    norm(SameLocalDay),
    norm(SameLocalDay, as_recorded=True, start="P1"),
    norm(CalendarCutoff, step="P5", calendar="provider-hours", before_closing_s=0),
    norm(AvailabilityWindow, steps=("P5",), unavailable=("DOWN",), demand=Demand.ABSOLUTE),
    norm(Count, steps=("P3", "P6"), least=1, most=2, applies_when="outcome = 'ok'"),
    norm(StepDuration, step="P6", max_s=60, applies_when="outcome = 'ok'"),
]


@st.composite
def cases(draw):
    """Draw the rows of one case, most of them in the order of some route."""
    steps = draw(st.lists(st.sampled_from(sorted(PORTAL)), min_size=1, max_size=6))
    steps = sorted(steps) if draw(st.booleans()) else steps
    now, rows = TEN, []
    for step in steps:
        begin = now + draw(st.sampled_from([0, 0, 3 * SECOND]))
        now = begin + draw(st.sampled_from([0, 20 * SECOND, 20 * SECOND, 90 * SECOND, 15 * HOUR]))
        attributes = draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "fields": st.sampled_from([["name"], []]),
                    "signed_us": st.sampled_from([TEN, TEN + 2]),
                    "received_us": st.just(TEN + 1),
                },
            )
        )
        others = {
            "started_us": draw(st.sampled_from([None, begin])),
            "outcome": draw(st.sampled_from(["ok", "ok", "DOWN", None])),
            "resource": draw(st.sampled_from([None, "r1", "r2"])),
        }
        rows.append(row(step, begin, now, attributes=attributes, **others))
    return rows


def verdicts(rows, context):
    return [answer(one, *rows, context=context) for one in EVERY]


SHOWN = {Verdict.PASS, Verdict.FAIL, Verdict.NOT_APPLICABLE}


@settings(deadline=None, max_examples=100)
@given(rows=cases(), data=st.data())
def test_a_lost_record_makes_neither_an_accusation_nor_a_pass(rows, data):
    kept = [each for each in rows if data.draw(st.booleans())]
    if not kept:
        return
    for one, whole, told in zip(EVERY, verdicts(rows, CONTEXT), verdicts(kept, DAMAGED), strict=True):
        assert told.verdict not in SHOWN - {Verdict.FAIL}, one
        if told.verdict is Verdict.FAIL:
            assert whole.verdict is Verdict.FAIL, one


@settings(deadline=None, max_examples=100)
@given(rows=cases(), hidden=st.sets(st.sampled_from(sorted(PORTAL)), min_size=1, max_size=3))
def test_steps_that_are_never_told_make_neither_an_accusation_nor_a_pass(rows, hidden):
    kept = [each for each in rows if each.step not in hidden]
    if not kept:
        return
    for one, whole, told in zip(
        EVERY, verdicts(rows, CONTEXT), verdicts(kept, without(*hidden)), strict=True
    ):
        if told.verdict is Verdict.FAIL:
            assert whole.verdict is Verdict.FAIL, one
        if told.verdict is Verdict.PASS:
            assert whole.verdict is not Verdict.FAIL, one
