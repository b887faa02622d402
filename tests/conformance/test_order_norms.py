"""Norms of order on small cases: what may follow, what must precede, how often."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.cases import group_cases, surely_before
from conformance.norms import (
    Count,
    NextStep,
    Precedence,
)
from conformance.order_norms import possible_successors
from tests.conformance.fragments import (
    ENDINGS,
    HOUR,
    MINUTE,
    SECOND,
    TEN,
    WHOLE,
    answer,
    changed,
    norm,
    reason,
    route,
    row,
)

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
