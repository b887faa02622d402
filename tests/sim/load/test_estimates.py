"""Intervals over replications, against SciPy's and against how often they hold."""

import numpy as np
import pytest
import scipy.stats

from sim.load.estimates import (
    Until,
    enough_after,
    estimate,
    half_width,
    paired_differences,
    share_estimate,
    stop_of,
)


@pytest.mark.parametrize("n", [2, 3, 10, 100])
@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
def test_the_t_interval_is_scipys(n, confidence):
    values = np.random.default_rng(n).exponential(3, n).tolist()
    found = estimate(values, confidence)
    low, high = scipy.stats.t.interval(confidence, n - 1, np.mean(values), scipy.stats.sem(values))
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-9)
    assert found.value == pytest.approx(np.mean(values))


def test_one_replication_has_no_interval_and_none_no_value():
    one = estimate([4.0, None], 0.95)
    assert (one.value, one.low, one.high, one.replications) == (4.0, None, None, 1)
    assert estimate([None], 0.95).value is None


def test_nineteen_of_twenty_intervals_hold():
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(2000):
        found = estimate(rng.normal(7, 2, 5).tolist(), 0.95)
        held += found.low <= 7 <= found.high
    assert 0.94 <= held / 2000 <= 0.96


def test_intervals_of_percentiles_over_replications_hold():
    """The 95th percentile of 400 exponential times in each of 10 replications."""
    rng, true, held = np.random.default_rng(6), -np.log(0.05), 0
    for _ in range(1000):
        ranked = np.sort(rng.exponential(1, (10, 400)), axis=1)[:, 379]
        found = estimate(ranked.tolist(), 0.95)
        held += found.low <= true <= found.high
    assert 0.92 <= held / 1000 <= 0.97


def test_a_share_without_spread_is_only_as_sure_as_its_executions():
    few = share_estimate([10] * 5, [10] * 5, 0.95)
    assert (few.value, few.high, few.method) == (1.0, 1.0, "exact")
    assert few.low == pytest.approx(0.025 ** (1 / 50))
    half = share_estimate([1, 2, 3], [2, 4, 6], 0.95)
    exact = scipy.stats.binomtest(6, 12).proportion_ci(0.95, "exact")
    assert (half.low, half.high) == pytest.approx((exact.low, exact.high))
    assert share_estimate([10], [10], 0.95).low is None
    assert share_estimate([], [], 0.95).value is None


def test_the_interval_of_a_share_ends_where_shares_do():
    found = share_estimate([10, 9, 10], [10, 10, 10], 0.95)
    assert found.high == 1.0
    assert found.method == "t"
    assert found.value == pytest.approx(29 / 30)


def test_differences_are_paired_by_replication():
    rng = np.random.default_rng(1)
    common = rng.normal(50, 20, 8)
    before = {n: {"a": value, "b": 1.0} for n, value in enumerate(common)}
    after = {n: {"a": value + 2 + rng.normal(0, 0.1)} for n, value in enumerate(common) if n != 3}
    found, missing = paired_differences(("1", before), ("2", after), ["a", "b"], 0.95)
    assert found.difference.replications == 7
    assert found.difference.low < 2 < found.difference.high
    assert found.difference.high - found.difference.low < 0.5
    assert missing.difference.value is None


def test_replications_stop_at_the_first_that_is_enough_however_many_were_played():
    values = np.random.default_rng(2).normal(10, 1, 60).tolist()
    rule = Until("m", 0.5, least=5, most=50)
    n = enough_after(rule, values, 0.95)
    assert n == enough_after(rule, values[:n], 0.95)
    assert enough_after(rule, values[: n - 1], 0.95) is None
    assert half_width(values[:n], 0.95) <= 0.5
    stop = stop_of(rule, values[:n], 0.95)
    assert stop.reached
    assert "approximate" in stop.note
    assert enough_after(Until("m", 100.0, least=5), values, 0.95) == 5
    assert enough_after(Until("m", 0.0001, least=5, most=20), values, 0.95) == 20
    assert stop_of(Until("m", 0.0001, least=5, most=20), values[:20], 0.95).reached is False


def test_without_a_measure_there_are_as_many_as_asked_for():
    assert enough_after(Until(most=3), [None, None], 0.95) is None
    assert enough_after(Until(most=3), [None] * 3, 0.95) == 3
    assert stop_of(Until(most=3), [None] * 3, 0.95).reached is None


def test_the_sequential_rule_covers_about_what_it_says():
    """It stops where the spread happens to look small: so a little less than 95 %, as its note says."""
    rng, held = np.random.default_rng(9), 0
    rule = Until("m", 0.5, least=5, most=200)
    for _ in range(1000):
        values = rng.normal(0, 1, 200).tolist()
        found = estimate(values[: enough_after(rule, values, 0.95)], 0.95)
        held += found.low <= 0 <= found.high
    assert 0.85 <= held / 1000 <= 0.95
