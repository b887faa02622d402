"""A row whose moments contradict one another serves no pass, whatever norm of time asks for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.norms import (
    AvailabilityWindow,
    CalendarCutoff,
    CaseDuration,
    Follows,
    Lag,
    Moment,
    MomentOrder,
    Percentile,
    SameLocalDay,
    StepDuration,
)
from tests.conformance.fragments import HOUR, MINUTE, SECOND, TEN, answer, norm, reason, row

LAG = norm(
    Lag,
    first="P1",
    step="P8",
    follows=Follows.EVENTUALLY,
    max_s=3600,
    begins=Moment.ENABLED,
    ends=Moment.STARTED,
)
OF_TIME = {
    "duration": norm(StepDuration, step="P8", max_s=3600),
    "lag": LAG,
    "case": norm(CaseDuration, max_s=3600),
    "percentile": norm(Percentile, percentile=95, max_s=3600, step="P8"),
    "percentile of cases": norm(Percentile, percentile=95, max_s=3600),
    "same day": norm(SameLocalDay, start="P1", to=("P8",)),
    "one day": norm(SameLocalDay),
    "cut-off": norm(CalendarCutoff, step="P8", calendar="provider-hours", before_closing_s=7200),
    "availability": norm(AvailabilityWindow, steps=("P8",), unavailable=("DOWN",), calendar="provider-hours"),
}


def case(enabled_s, started_s, completed_s, **changes):
    moments = [None if s is None else TEN + MINUTE + s * SECOND for s in (enabled_s, started_s, completed_s)]
    return row("P1", started_us=TEN), row("P8", moments[0], moments[2], started_us=moments[1], **changes)


@pytest.mark.parametrize("name", OF_TIME)
def test_moments_in_order_serve_a_pass(name):
    assert reason(OF_TIME[name], *case(0, 5, 10)) == "pass"
    assert reason(OF_TIME[name], *case(0, 0, 0)) == "pass"


@pytest.mark.parametrize("name", OF_TIME)
@pytest.mark.parametrize("moments", [(20, 5, 10), (20, 30, 10), (20, None, 10), (0, 20, 10), (8, 5, 10)])
def test_a_contradiction_of_a_moment_that_is_used_is_an_error(name, moments):
    enabled, started, completed = moments
    turned = started is not None
    in_pair = {
        "enabled": enabled > completed or (turned and enabled > started),
        "completed": enabled > completed or (turned and started > completed),
        "started": turned and (enabled > started or started > completed),
    }
    used = {
        "same day": ("completed",),
        "one day": ("completed",),
        "cut-off": ("enabled",),
        "availability": ("enabled",),
        "lag": ("started", "completed"),
    }.get(name, ("enabled", "completed"))
    expected = "BAD_INPUT" if any(in_pair[moment] for moment in used) else "pass"
    assert reason(OF_TIME[name], *case(*moments)) == expected


def test_the_error_says_which_moments_contradict_each_other():
    assert answer(LAG, *case(0, 20, 10)).detail == "P8 was completed 10 s before it was started"


def test_what_the_clock_may_have_turned_round_contradicts_nothing():
    assert reason(LAG, *case(0, 20, 10, resolution_us=MINUTE)) == "pass"
    assert reason(LAG, *case(0, 20, 10, resolution_us=5 * SECOND)) == "BAD_INPUT"


def test_a_sound_answer_serves_beside_a_contradictory_one():
    first, answered = case(0, 5, 10)
    assert reason(OF_TIME["same day"], first, case(20, 5, 10)[1], answered) == "pass"


@given(moments=st.permutations([0, 5, 10]), name=st.sampled_from(sorted(OF_TIME)))
def test_turning_moments_round_never_makes_a_pass_of_an_error(moments, name):
    if moments != [0, 5, 10]:
        assert reason(OF_TIME["percentile of cases"], *case(*moments)) == "BAD_INPUT"
    assert reason(OF_TIME[name], *case(*moments)) in {"pass", "BAD_INPUT"}


@pytest.mark.parametrize("step", ["P8", None])
@pytest.mark.parametrize(("first", "expected"), [(0, "BAD_INPUT"), (-1, "BAD_INPUT"), (TEN, "pass")])
def test_a_stated_moment_lies_in_the_years_of_the_log(step, first, expected):
    order = norm(MomentOrder, first="begun_us", then="done_us", step=step)
    assert reason(order, row("P8", attributes={"begun_us": first, "done_us": TEN + HOUR})) == expected
    far = {"begun_us": TEN, "done_us": 10**17}
    assert reason(order, row("P8", attributes=far)) == "BAD_INPUT"
