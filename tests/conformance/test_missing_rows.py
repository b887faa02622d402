"""Where rows may be missing, only that violation stands which no further row could undo."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.context import MAX_CASE_ROWS
from conformance.judge import judge
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
    Force,
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
from conformance.pack import load_pack
from conformance.verdicts import Reason, Verdict
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
    norm(CaseDuration, max_s=60, applies_when="outcome = 'ok'"),
    norm(SeparationOfActors, first="P5", step="P6", applies_when="outcome = 'ok'"),
    norm(Absence, steps=("P5",), in_force=Force(first="2013-05-16")),
    norm(Existence, steps=("P5",), field="outcome", in_force=Force(until="2013-05-16")),
    norm(Contains, steps=("P5", "P8"), field="attributes.fields", items=("name",), demand=Demand.RATE),
    norm(AvailabilityWindow, steps=("P5", "P6"), unavailable=("DOWN",)),
]
OPEN_LATER = replace(CONTEXT, extracted_us=TEN + 200 * HOUR)


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


@settings(deadline=None, max_examples=60)
@given(rows=cases(), data=st.data(), context=st.sampled_from([CONTEXT, OPEN_LATER]))
def test_a_lost_record_makes_neither_an_accusation_nor_a_pass(rows, data, context):
    kept = [each for each in rows if data.draw(st.booleans())]
    if not kept:
        return
    damaged = replace(context, damaged=frozenset({"c1"}))
    for one, whole, told in zip(EVERY, verdicts(rows, context), verdicts(kept, damaged), strict=True):
        assert told.units is None or told.units[:2] == (0, 0), one
        if told.reason is Reason.NOT_IN_FORCE:
            assert whole.reason is Reason.NOT_IN_FORCE, one
            continue
        assert told.verdict not in SHOWN - {Verdict.FAIL}, one
        if told.verdict is Verdict.FAIL:
            assert whole.verdict is Verdict.FAIL, one


@settings(deadline=None, max_examples=60)
@given(
    rows=cases(),
    hidden=st.sets(st.sampled_from(sorted(PORTAL)), min_size=1, max_size=3),
    context=st.sampled_from([CONTEXT, OPEN_LATER]),
)
def test_steps_that_are_never_told_make_neither_an_accusation_nor_a_pass(rows, hidden, context):
    kept = [each for each in rows if each.step not in hidden]
    if not kept:
        return
    unseen = replace(context, undelivered_steps=frozenset(hidden))
    for one, whole, told in zip(EVERY, verdicts(rows, context), verdicts(kept, unseen), strict=True):
        if told.verdict is Verdict.FAIL:
            assert whole.verdict is Verdict.FAIL, one
        if told.verdict in {Verdict.PASS, Verdict.NOT_APPLICABLE}:
            assert whole.verdict is not Verdict.FAIL, one


ONE_ACTOR = norm(SeparationOfActors, first="P5", step="P6", applies_when="outcome = 'ok'")


def by_one(first_outcome):
    return [row("P5", resource="r1", outcome=first_outcome), row("P6", TEN, TEN + 20 * SECOND, resource="r1")]


def test_the_condition_of_a_case_may_be_that_of_a_missing_first_row():
    begun = row("P1", TEN - SECOND, TEN - SECOND)
    assert reason(ONE_ACTOR, begun, *by_one("DOWN")) == "SAME_ACTOR"
    assert reason(ONE_ACTOR, *by_one("DOWN"), context=without("P1")) == "NO_DATA"
    assert reason(ONE_ACTOR, *by_one("ok"), context=without("P1")) == "NO_DATA"
    assert reason(ONE_ACTOR, *by_one("ok"), context=DAMAGED) == "NO_DATA"


@pytest.mark.parametrize("lacking", [DAMAGED, without("P8")], ids=["damaged", "hidden ending"])
def test_what_may_have_ended_unseen_was_not_waited_for(lacking):
    later = replace(lacking, extracted_us=TEN + 5 * HOUR)
    open_ = route("P1", "P3", "P5")
    assert reason(WHOLE, *open_, context=replace(CONTEXT, extracted_us=TEN + 5 * HOUR)) == "OVER_LIMIT"
    assert reason(WHOLE, *open_, context=later) != "OVER_LIMIT"
    waiting = [row("P5", TEN, None)]
    assert reason(LIMIT, *waiting, context=later) != "OVER_LIMIT"


def test_a_row_without_an_end_in_a_damaged_case_accuses_nobody():
    begun = row("P5", TEN, None, outcome="started", resource="r1")
    other = row("P6", TEN, TEN + SECOND, resource="r1")
    sent = norm(Existence, steps=("P5",), field="outcome", equals="ok")
    two = norm(SeparationOfActors, first="P5", step="P6")
    for one in (sent, two):
        assert answer(one, begun, other).verdict is Verdict.FAIL
        assert reason(one, begun, other, context=DAMAGED) == "NO_DATA"


def test_an_undamaged_case_does_not_hold_a_value_alone_if_a_rejected_record_may_hold_it():
    alone = norm(Unique, steps=("P5",), field="request_number", within="unit")
    rows = [row("P5", request_number="7"), row("P5", request_number="8", case_id="c2")]
    assert reason(alone, *rows, case_id="c2") == "pass"
    assert reason(alone, *rows, case_id="c2", context=DAMAGED) == "NO_DATA"


def test_an_execution_that_may_be_missing_is_open_in_a_rate():
    up = norm(AvailabilityWindow, steps=("P5",), unavailable=("DOWN",), target=0.4)
    unclear = [row("P5"), row("P5", TEN + SECOND, TEN + 2 * SECOND, outcome=None)]
    assert answer(up, *unclear).units == (1, 0, 1)
    assert answer(up, *unclear, context=DAMAGED).units == (0, 0, MAX_CASE_ROWS)


def test_a_case_without_any_record_left_is_open_for_every_norm():
    pack = load_pack("astana-106-1923")
    rows = route("P1", "P3", "P5", "P6", "P8")
    norms = {norm.id: norm for norm in judge(pack, rows, damaged=frozenset({"gone"}), unplaced=1).norms}
    limit = norms["S1.P3.limit"]
    assert (limit.verdict, limit.counts) == ("inconclusive", {"pass": 1, "inconclusive": 2})
    assert limit.reasons == {"NO_DATA": 2}
    assert norms["S2.P3.limit"].verdict == "not_run"
    again = {norm.id: norm for norm in judge(pack, rows, damaged=frozenset(), unplaced=0).norms}
    assert again["S1.P3.limit"].verdict == "pass"
