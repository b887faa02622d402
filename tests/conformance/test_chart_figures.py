"""What charts draw of a log: by hand and by brute force, the same from both evaluators, bounded."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from conformance.chart_figures import MOST_POINTS, NOTHING, clock_of, worst_of
from conformance.engine import durations
from conformance.judge import judge
from tests.conformance.engine.agreement import PACK, both, drawing
from tests.conformance.engine.drawn_logs import logs
from tests.conformance.test_judge import log

HOUR_US, SEC = 3_600_000_000, 1_000_000


def measured_by_place(judgement):
    return {
        (norm.service, norm.path, step.step): norm.measured.n
        for step in judgement.steps
        for norm in judgement.norms
        if norm.id == step.norm and norm.measured is not None and step.limit_s is not None
    }


def test_executions_are_those_of_the_step_table_and_late_ones_those_over_the_limit():
    judgement = judge(PACK, log(5))
    charts = judgement.charts
    assert {(h.service, h.path, h.step): sum(h.n) for h in charts.hours} == measured_by_place(judgement)
    assert all(sum(h.within) == sum(h.n) for h in charts.hours)
    late = [
        replace(row, completed_us=row.enabled_us + 61 * SEC)
        if (row.step, row.case_id) == ("P6", log(5)[0].case_id)
        else row
        for row in log(5)
    ]
    worst = judge(PACK, late).charts.worst
    assert (worst.step, worst.n, worst.within, worst.points[-1]) == ("P6", 5, 4, (61 * SEC, 5))


def test_the_step_function_is_exact_where_it_is_told_and_of_bounded_size():
    rows = [
        replace(row, case_id=f"c{n:05}", completed_us=row.enabled_us + (n + 1) * 1000)
        for n in range(1000)
        for row in log(1)
        if row.step == "P6"
    ]
    worst = judge(PACK, rows).charts.worst
    assert len(worst.points) <= MOST_POINTS + 1
    assert all(upto == us // 1000 for us, upto in worst.points)
    assert worst.points[-1] == (1_000_000, 1000)


@pytest.mark.parametrize("zone", ["Asia/Almaty", "America/New_York", "Asia/Kathmandu"])
def test_the_local_clock_is_that_of_the_zone_over_a_change_of_summer_time(zone):
    first = datetime(2013, 3, 10, tzinfo=UTC)
    last = first + timedelta(days=300)
    us = [round(moment.timestamp() * SEC) for moment in (first, last)]
    clock = clock_of(zone, *us)
    for hours in range(0, 300 * 24, 5):
        moment = first + timedelta(hours=hours)
        assert clock.hour(round(moment.timestamp() * SEC)) == moment.astimezone(ZoneInfo(zone)).hour


@drawing(4)
@given(logs(PACK), st.booleans())
def test_a_log_too_long_to_remember_has_the_same_figures(rows, small):
    limit = durations.MAX_KEPT
    try:
        durations.MAX_KEPT = 0
        plain, fast = both(PACK, rows, batch_rows=50 if small else 1_000_000)
    finally:
        durations.MAX_KEPT = limit
    assert fast.judgement.charts == plain.charts


def test_who_waits_is_the_mean_over_time():
    (row,) = [row for row in log(1) if row.step == "P6"]
    base = row.enabled_us // HOUR_US * HOUR_US
    rows = [
        replace(row, case_id=name, enabled_us=base + a, started_us=base + b, completed_us=base + 3600 * SEC)
        for name, a, b in (("a", 0, 450 * SEC), ("b", 450 * SEC, 1350 * SEC), ("c", 900 * SEC, 900 * SEC))
    ]
    day = judge(PACK, rows).charts.day
    first = next(quarter for quarter, mean in enumerate(day.waiting) if mean)
    # 450 s of a and 450 s of b in the first quarter, 450 s of b in the second.
    assert day.waiting[first : first + 3] == (1.0, 0.5, 0.0)
    assert (day.waiting_rows, day.days, sum(day.arrivals)) == (3, 1, 3)
    unsaid = [replace(one, started_us=None) for one in rows]
    assert judge(PACK, unsaid).charts.day.waiting == ()


def test_nothing_and_a_log_of_a_broken_clock_have_no_day():
    assert judge(PACK, []).charts == NOTHING
    (row,) = [row for row in log(1) if row.step == "P6"]
    assert judge(PACK, [row, replace(row, case_id="x", enabled_us=631_152_000 * SEC)]).charts == NOTHING
    assert worst_of([], {}) is None
