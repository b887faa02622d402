"""Intervals of rates agree with published figures, with brute force and with the law of coverage."""

import functools
import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.intervals import (
    SMALL,
    bounds_if_open,
    clopper_pearson,
    interval,
    least_n_for_percentile,
    percentile_bounds,
    wilson,
)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(9, 10, 0.60, 0.98), (90, 100, 0.83, 0.94), (900, 1000, 0.88, 0.92)],
)
def test_wilson_agrees_with_the_notes(k, n, low, high):
    found = wilson(k, n)
    assert (round(found.low, 2), round(found.high, 2)) == (low, high)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (815, 1434, 54.3, 59.4),
        (377, 1329, 26.0, 30.9),
        (1250, 1434, 85.3, 88.8),
        (623, 3340, 17.4, 20.0),
    ],
)
def test_wilson_agrees_with_the_figures_of_two_real_logs(k, n, low, high):
    found = wilson(k, n)
    assert (round(100 * found.low, 1), round(100 * found.high, 1)) == (low, high)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, methods 3 and 5.
    [(81, 263, 0.2527, 0.3676), (15, 148, 0.0578, 0.1617), (0, 20, 0.0, 0.1684), (1, 29, 0.0009, 0.1776)],
)
def test_clopper_pearson_agrees_with_newcombe(k, n, low, high):
    found = clopper_pearson(k, n)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_agrees_with_newcombe(k, n, low, high):
    found = wilson(k, n)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(("p", "n"), [(0.90, 29), (0.95, 59), (0.99, 299)])
def test_how_many_faultless_cases_a_percentile_needs(p, n):
    assert least_n_for_percentile(p) == n
    assert percentile_bounds(n, n).low >= p > percentile_bounds(n - 1, n - 1).low


@pytest.mark.parametrize(("k", "n"), [(-1, 5), (6, 5), (1, 0)])
def test_impossible_counts_are_refused(k, n):
    for method in (wilson, clopper_pearson, interval, percentile_bounds):
        with pytest.raises(ValueError, match="no count"):
            method(k, n)


@pytest.mark.parametrize(("p", "confidence"), [(0, 0.95), (1, 0.95), (0.9, 1.0)])
def test_a_share_or_confidence_of_nothing_is_refused(p, confidence):
    with pytest.raises(ValueError, match="between 0 and 1"):
        least_n_for_percentile(p, confidence)


def test_the_rule_chooses_the_method():
    assert interval(5, SMALL - 1).method == "clopper_pearson"
    assert interval(5, SMALL).method == "wilson"
    assert interval(0, 1000).method == interval(1000, 1000).method == "clopper_pearson"
    assert (interval(0, 0).low, interval(0, 0).high) == (0.0, 1.0)


COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@settings(deadline=None)
@given(COUNTS)
def test_an_interval_holds_its_rate_and_mirrors(counts):
    k, n = counts
    for method in (wilson, clopper_pearson):
        found, mirrored = method(k, n), method(n - k, n)
        assert 0 <= found.low <= k / n <= found.high <= 1
        assert math.isclose(found.low, 1 - mirrored.high, abs_tol=1e-9)


def upper_tail(k, n, p):
    """Return the exact chance of *k* or more successes."""
    return sum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k, n + 1))


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n))))
def test_clopper_pearson_solves_the_binomial_equation(counts):
    k, n = counts
    low = Fraction(clopper_pearson(k, n).low)
    assert math.isclose(float(upper_tail(k, n, low)), 0.025, rel_tol=1e-6)


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 40), st.integers(1, 99))
def test_the_exact_interval_covers_at_least_as_often_as_it_says(n, percent):
    p = percent / 100
    covered = sum(
        math.comb(n, k) * p**k * (1 - p) ** (n - k)
        for k in range(n + 1)
        if clopper_pearson(k, n).low <= p <= clopper_pearson(k, n).high
    )
    assert covered >= 0.95 - 1e-9


@pytest.mark.parametrize(("met", "broken", "target"), [(15, 14, 0.33), (26, 3, 0.97)])
def test_one_open_case_more_decides_nothing(met, broken, target):
    shown = interval(met, met + broken)
    assert shown.low < target <= shown.high
    least, most = bounds_if_open(interval, met, broken, 1)
    assert least < target <= most


@pytest.mark.parametrize("bounds", [interval, percentile_bounds])
def test_open_cases_only_ever_widen_what_is_possible(bounds):
    once = functools.cache(bounds)
    for n in range(60):
        for met in range(n + 1):
            before = (once(met, n).low, once(met, n).high)
            for open_ in range(62 - n):
                found = bounds_if_open(once, met, n - met, open_)
                assert found[0] <= before[0], (met, n, open_)
                assert found[1] >= before[1], (met, n, open_)
                before = found
