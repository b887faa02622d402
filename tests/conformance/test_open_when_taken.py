"""What was open when the log was taken had lasted so long at least: late is late, whether it ended or not."""

from dataclasses import replace

import pytest

from conformance.norms import CaseDuration, SameLocalDay, StepDuration
from tests.conformance.fragments import CONTEXT, HOUR, MINUTE, SECOND, TEN, at, norm, reason, row

LIMIT = norm(StepDuration, step="P6", max_s=60)
LENGTH = norm(CaseDuration, max_s=1800)
SAME_DAY = norm(SameLocalDay, start="P5", to=("P7", "P8"))


def open_case(**changes):
    return [row("P1"), row("P6", TEN + MINUTE, None, outcome=None, **changes)]


def taken(moment_us):
    return replace(CONTEXT, extracted_us=moment_us)


@pytest.mark.parametrize(
    ("taken_us", "expected"),
    [
        (None, "OPEN"),
        (TEN + MINUTE, "OPEN"),
        (TEN + 2 * MINUTE, "OPEN"),
        (TEN + 2 * MINUTE + 1, "OVER_LIMIT"),
        (TEN + HOUR, "OVER_LIMIT"),
    ],
)
def test_a_step_still_open_after_its_limit_has_broken_it(taken_us, expected):
    assert reason(LIMIT, *open_case(), context=taken(taken_us)) == expected


def test_a_lost_end_in_a_case_that_ended_is_never_overdue():
    rows = [*open_case(), row("P8", TEN + HOUR, TEN + HOUR + SECOND)]

    assert reason(LIMIT, *rows, context=taken(TEN + 24 * HOUR)) == "MISSING_END"


def test_a_coarse_clock_cannot_tell_an_open_step_late():
    rows = open_case(resolution_us=24 * HOUR)

    assert reason(LIMIT, *rows, context=taken(TEN + HOUR)) == "OPEN"


def test_an_open_case_that_has_lasted_too_long_has_broken_its_limit():
    assert reason(LENGTH, *open_case(), context=taken(TEN + 20 * MINUTE)) == "OPEN"
    assert reason(LENGTH, *open_case(), context=taken(TEN + HOUR)) == "OVER_LIMIT"


def test_a_request_unanswered_on_the_next_day_was_not_answered_on_its_own():
    rows = [row("P1"), row("P5", TEN, TEN + MINUTE)]

    assert reason(SAME_DAY, *rows, context=taken(at("23:59"))) == "OPEN"
    assert reason(SAME_DAY, *rows, context=taken(at("2013-05-16T00:00"))) == "NOT_SAME_DAY"
