"""Lags, durations of cases and percentiles: each kind tells a conforming fragment from a violating one."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.answers import Units
from conformance.cases import group_cases
from conformance.lag_norms import lags_us
from conformance.norms import CaseDuration, Follows, Lag, Moment, Percentile, StepDuration
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

DAY = 24 * HOUR

# --- lag

NEXT = norm(Lag, first="P5", step="P6", follows=Follows.DIRECTLY, max_s=60)
SOON = norm(Lag, first="P1", step="P6", follows=Follows.EVENTUALLY, max_s=60)


@pytest.mark.parametrize("each", [NEXT, SOON])
@pytest.mark.parametrize(
    ("each_us", "expected"), [(10 * SECOND, "pass"), (20 * SECOND, "pass"), (90 * SECOND, "OVER_LIMIT")]
)
def test_a_lag_is_from_end_to_end(each, each_us, expected):
    assert reason(each, *route(*WHOLE, each_us=each_us)) == expected


def test_eventually_adds_up_and_directly_does_not():
    rows = route(*WHOLE, each_us=30 * SECOND)
    assert reason(NEXT, *rows) == "pass"
    assert reason(SOON, *rows) == "OVER_LIMIT"
    assert answer(SOON, *rows).measured_us == 90 * SECOND


def test_directly_means_the_very_next_row():
    between = route("P5", "P3", "P6", "P8", each_us=90 * SECOND)
    assert reason(NEXT, *between) == "OTHER_BRANCH"
    eventually = msgspec.structs.replace(NEXT, follows=Follows.EVENTUALLY)
    assert reason(eventually, *between) == "OVER_LIMIT"


def test_a_lag_ends_at_the_first_one_that_follows():
    again = [*route("P1", "P6", each_us=30 * SECOND), row("P6", TEN, TEN + HOUR), row("P8", TEN, TEN + DAY)]
    assert reason(SOON, *again) == "pass"


def test_the_worst_first_step_speaks_for_the_case():
    twice = [row("P1", TEN, TEN), row("P1", TEN, TEN + 50 * SECOND), row("P6", TEN, TEN + 90 * SECOND)]
    assert answer(SOON, *twice, row("P8", TEN, TEN + HOUR)).measured_us == 90 * SECOND


def test_a_lag_may_run_between_other_moments():
    waits = norm(
        Lag,
        first="P5",
        step="P6",
        follows=Follows.EVENTUALLY,
        max_s=5,
        begins=Moment.COMPLETED,
        ends=Moment.STARTED,
    )
    rows = [row("P5", TEN, TEN + 10), row("P6", TEN + 10, TEN + HOUR, started_us=TEN + 3 * SECOND)]
    assert reason(waits, *rows, row("P8", TEN, TEN + DAY)) == "pass"
    late = changed(rows, "P6", started_us=TEN + 6 * SECOND)
    assert reason(waits, *late, row("P8", TEN, TEN + DAY)) == "OVER_LIMIT"
    assert reason(waits, *changed(rows, "P6", started_us=None), row("P8", TEN, TEN + DAY)) == "MISSING_START"


@pytest.mark.parametrize("each", [NEXT, SOON])
def test_a_lag_without_its_second_step_is_no_violation(each):
    assert reason(each, *route("P1", "P3", "P5")) == "OPEN"
    assert reason(each, *route("P1", "P3", "P5", "P8")) == "OTHER_BRANCH"
    assert reason(each, *route("P3", "P4")) == "OTHER_BRANCH"


def test_a_lag_with_a_lost_end_is_not_shown():
    assert reason(SOON, *changed(route(*WHOLE), "P6", completed_us=None)) == "MISSING_END"
    assert reason(SOON, *changed(route(*WHOLE), "P1", completed_us=None)) == "MISSING_END"


def test_a_lag_between_rows_that_tie_is_not_shown():
    tie = norm(Lag, first="P5", step="P6", follows=Follows.EVENTUALLY, max_s=60)
    rows = [row("P5", TEN, TEN + 5), row("P6", TEN, TEN + 5), row("P8", TEN, TEN + DAY)]
    assert reason(tie, *rows) == "TIE"


def test_clocks_of_two_resolutions_add_their_doubt():
    rows = [
        row("P1", TEN, TEN, resolution_us=SECOND),
        row("P6", TEN, TEN + 60 * SECOND),
        row("P8", TEN, TEN + DAY),
    ]
    assert reason(SOON, *rows) == "RESOLUTION"
    assert reason(SOON, *changed(rows, "P6", completed_us=TEN + 59 * SECOND)) == "pass"
    assert reason(SOON, *changed(rows, "P6", completed_us=TEN + 61 * SECOND)) == "OVER_LIMIT"


def test_certain_lags_are_measured():
    (case,) = group_cases(route(*WHOLE), ENDINGS)
    assert lags_us(SOON, case) == (30 * SECOND,)
    assert lags_us(NEXT, case) == (10 * SECOND,)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 200), min_size=2, max_size=6, unique=True))
def test_a_lag_agrees_with_the_plain_difference_where_the_order_is_certain(ends):
    steps = ["P1", "P6", *["P3"] * (len(ends) - 2)]
    rows = [row(s, TEN - SECOND, TEN + e * SECOND) for s, e in zip(steps, ends, strict=True)]
    rows.append(row("P8", TEN, TEN + DAY))
    gap = ends[1] - ends[0]
    expected = "OTHER_BRANCH" if gap < 0 else "pass" if gap <= 60 else "OVER_LIMIT"
    assert reason(SOON, *rows) == expected


# --- duration of a case

CASE = norm(CaseDuration, max_s=60)


def test_a_case_lasts_from_its_first_start_to_its_last_end():
    assert reason(CASE, *route(*WHOLE, each_us=12 * SECOND)) == "pass"
    slow = answer(CASE, *route(*WHOLE, each_us=13 * SECOND))
    assert (slow.reason, slow.measured_us) == ("OVER_LIMIT", 65 * SECOND)
    ends = norm(CaseDuration, max_s=60, begins=Moment.COMPLETED)
    assert reason(ends, *route(*WHOLE, each_us=15 * SECOND)) == "pass"


def test_an_open_case_is_open_until_it_is_too_long():
    assert reason(CASE, *route("P1", "P3")) == "OPEN"
    assert reason(CASE, *route("P1", "P3", each_us=31 * SECOND)) == "OVER_LIMIT"
    recorded = norm(CaseDuration, max_s=60, as_recorded=True)
    assert reason(recorded, *route("P1", "P3")) == "pass"


def test_a_case_with_a_lost_moment_is_not_shown_unless_it_is_too_long_anyway():
    rows = route(*WHOLE)
    assert reason(CASE, *changed(rows, "P1", enabled_us=None)) == "MISSING_START"
    assert reason(CASE, *changed(rows, "P5", completed_us=None)) == "MISSING_END"
    assert reason(CASE, *changed(rows, "P8", completed_us=None)) == "OPEN"
    assert reason(CASE, *changed(route(*WHOLE, each_us=30 * SECOND), "P1", enabled_us=None)) == "OVER_LIMIT"


def test_a_case_of_whole_days_cannot_show_a_minute():
    assert reason(CASE, *route(*WHOLE, resolution_us=DAY)) == "RESOLUTION"


# --- percentile

P95 = norm(Percentile, step="P6", percentile=95, max_s=60)


def test_a_percentile_counts_executions():
    rows = [row("P6", TEN, TEN + us * SECOND) for us in (10, 90, 70, 20)]
    given_ = answer(P95, *rows, row("P6", None), row("P8"))
    assert given_.units == Units(met=2, broken=2, undecided=1)
    assert reason(P95, row("P6", TEN, TEN + 10 * SECOND)) == "pass"
    assert reason(P95, row("P1"), row("P2")) == "OTHER_BRANCH"


def test_a_percentile_of_cases_counts_cases():
    whole = norm(Percentile, percentile=95, max_s=60)
    assert answer(whole, *route(*WHOLE)).units == Units(met=1)
    assert answer(whole, *route(*WHOLE, each_us=30 * SECOND)).units == Units(broken=1)
    assert answer(whole, *route("P1")).units == Units(undecided=1)


# --- the lower end of a range

RANGE = norm(StepDuration, step="P6", min_s=30, max_s=60)
BOTH = msgspec.structs.replace(RANGE, min_binds=True)


@pytest.mark.parametrize(
    ("taken_us", "resolution_us", "upper", "both"),
    [
        (10 * SECOND, 1, "pass", "UNDER_MINIMUM"),
        (30 * SECOND, 1, "pass", "pass"),
        (60 * SECOND, 1, "pass", "pass"),
        (61 * SECOND, 1, "OVER_LIMIT", "OVER_LIMIT"),
        (30 * SECOND, SECOND, "pass", "RESOLUTION"),
        (29 * SECOND, SECOND, "pass", "UNDER_MINIMUM"),
        (0, MINUTE, "pass", "RESOLUTION"),
        (0, DAY, "RESOLUTION", "RESOLUTION"),
    ],
)
def test_the_lower_end_binds_only_where_it_is_read_so(taken_us, resolution_us, upper, both):
    slow = row("P6", TEN, TEN + taken_us, resolution_us=resolution_us)
    assert reason(RANGE, slow) == upper
    assert reason(BOTH, slow) == both
