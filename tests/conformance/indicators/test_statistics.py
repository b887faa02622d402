"""The statistics against known values, and against what brute force says of them."""

import itertools
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.indicators.comparisons import Share, compare_pairs, equality_p, holm, newcombe
from conformance.indicators.discrete_laws import binomial_cdf, hypergeometric_cdf, hypergeometric_point
from conformance.indicators.funnel import funnel_limits, place_in_funnel
from conformance.indicators.order_statistics import percentile_ranks
from conformance.indicators.rates import bounds, hypergeometric, rate, standing
from conformance.indicators.survival import kaplan_meier, survival_percentile
from conformance.intervals import clopper_pearson, wilson


def binomial(k, n, p):
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)


def coverage(method, n, p):
    return sum(binomial(k, n, p) for k in range(n + 1) if method(k, n).low <= p <= method(k, n).high)


@pytest.mark.parametrize(
    ("n", "p", "by_wilson", "exactly"),
    [(10, 0.95, 0.91, 0.99), (30, 0.95, 0.94, 0.98), (30, 0.99, 0.96, 1.00), (100, 0.99, 0.92, 0.98)],
)
def test_the_real_coverage_is_that_of_the_table(n, p, by_wilson, exactly):
    assert coverage(wilson, n, p) == pytest.approx(by_wilson, abs=0.005)
    assert coverage(clopper_pearson, n, p) == pytest.approx(exactly, abs=0.005)


@pytest.mark.parametrize(
    ("good", "n", "low", "high"), [(9, 10, 60, 98), (90, 100, 83, 94), (900, 1000, 88, 92)]
)
def test_the_intervals_of_the_table(good, n, low, high):
    found = wilson(good, n)
    assert (round(100 * found.low), round(100 * found.high)) == (low, high)


@pytest.mark.parametrize(("percent", "least"), [(90, 29), (95, 59), (99, 299)])
def test_how_many_values_bound_a_percentile_from_above(percent, least):
    assert percentile_ranks(percent, least).high == least
    assert percentile_ranks(percent, least - 1).high is None


@settings(max_examples=40, deadline=None)
@given(percent=st.integers(1, 99), n=st.integers(1, 120))
def test_each_bound_of_a_percentile_holds_with_95_per_cent(percent, n):
    ranks, share = percentile_ranks(percent, n), percent / 100
    below = [sum(binomial(k, n, share) for k in range(r)) for r in range(n + 1)]  # P(fewer than r below)
    if ranks.high is not None:
        assert below[ranks.high] >= 0.95 - 1e-9
        assert ranks.high == 1 or below[ranks.high - 1] < 0.95 + 1e-9
    if ranks.low is not None:
        assert 1 - below[ranks.low] >= 0.95 - 1e-9
        assert ranks.low == n or 1 - below[ranks.low + 1] < 0.95 + 1e-9 if ranks.low < n else True
    assert (ranks.low or 1) <= ranks.value <= (ranks.high or n)


def test_the_target_is_met_only_by_the_whole_interval():
    assert standing(0.951, 0.99, 95) == "met"
    assert standing(0.90, 0.949, 95) == "not_met"
    assert standing(0.90, 0.99, 95) == "not_shown"
    assert standing(0.95, 0.99, 95) == "not_shown"
    assert rate(100, 100, 95).standing == "met"
    assert rate(59, 59, 95).standing == "not_shown"  # two-sided: the one-sided bound would just reach it
    assert rate(19, 20, 95).standing == "not_shown"  # the point estimate alone is 95 %
    assert rate(0, 0, 95).standing == "no_data"
    assert rate(None, 10, 95).standing == "hidden"


def test_small_or_extreme_samples_are_exact_and_others_wilson():
    assert rate(29, 29, None).method == rate(15, 29, None).method == "clopper_pearson"
    assert rate(30, 30, None).method == rate(0, 500, None).method == "clopper_pearson"
    assert rate(29, 30, None).method == "wilson"


@pytest.mark.parametrize(("population", "n"), [(12, 9), (20, 11), (40, 25)])
def test_the_exact_interval_of_a_finite_population_covers_it(population, n):
    for good_of_all in range(population + 1):
        covered = 0.0
        for good in range(n + 1):
            p = hypergeometric_point(good, n, good_of_all, population)
            if p:
                low, high = hypergeometric(good, n, population)
                covered += p * (low - 1e-12 <= good_of_all / population <= high + 1e-12)
        assert covered >= 0.95


def test_a_sample_of_most_of_a_population_gets_a_narrower_interval_and_all_of_it_none():
    free_low, free_high, _ = bounds(60, 80)
    low, high, method = bounds(60, 80, 100)
    assert method == "wilson_finite"
    assert free_low < low < 0.75 < high < free_high
    assert bounds(60, 80, 1_000)[2] == "wilson"
    assert bounds(60, 80, 80) == (0.75, 0.75, "census")
    # By hand: n' = 80 * 99 / 20 = 396 draws with replacement are as good.
    assert (low, high) == pytest.approx((wilson(297, 396).low, wilson(297, 396).high))


def test_newcombe_gives_the_published_example():
    """Newcombe (1998), table II, case a: 56/70 and 48/80, method 10: 0.0524 to 0.3339."""
    low, high = newcombe(Share("a", 56, 70), Share("b", 48, 80))
    assert (low, high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    low, high = newcombe(Share("a", 9, 10), Share("b", 3, 10))
    assert (low, high) == pytest.approx((0.1705, 0.8090), abs=5e-5)


def test_fishers_p_is_that_of_the_lady_tasting_tea():
    assert equality_p(Share("a", 3, 4), Share("b", 1, 4)) == pytest.approx(34 / 70)
    assert equality_p(Share("a", 4, 4), Share("b", 0, 4)) == pytest.approx(2 / 70)
    assert equality_p(Share("a", 4, 4), Share("b", 7, 7)) == 1.0


def test_large_samples_are_compared_by_the_score_test():
    z = (0.6 - 0.5) / math.sqrt(0.55 * 0.45 * 2 / 200)
    wanted = math.erfc(z / math.sqrt(2))
    assert equality_p(Share("a", 120, 200), Share("b", 100, 200)) == pytest.approx(wanted)


def test_holm_gives_the_worked_example():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert holm([]) == ()


@given(st.lists(st.floats(0, 1), max_size=8))
def test_holm_never_lowers_a_p_and_keeps_their_order(values):
    corrected = holm(values)
    assert all(after >= before for before, after in zip(values, corrected, strict=True))
    for (a, one), (b, two) in itertools.combinations(zip(values, corrected, strict=True), 2):
        assert (a <= b) <= (one <= two)


def test_pairs_without_cases_are_not_compared():
    pairs = compare_pairs([Share("a", 1, 2), Share("b", 0, 0), Share("c", 2, 2)])
    assert [(p.first, p.second) for p in pairs] == [("a", "c")]


@pytest.mark.parametrize(("n", "target"), [(1, 0.95), (9, 0.95), (48, 0.95), (200, 0.5), (50, 0.99)])
def test_funnel_limits_leave_out_no_more_than_chance_allows(n, target):
    limits = funnel_limits(n, target)
    outside_95 = sum(binomial(k, n, target) for k in range(n + 1) if not limits.low_95 <= k <= limits.high_95)
    outside_998 = sum(
        binomial(k, n, target) for k in range(n + 1) if not limits.low_998 <= k <= limits.high_998
    )
    assert outside_95 <= 0.05
    assert outside_998 <= 0.002
    assert limits.low_998 <= limits.low_95 <= n * target + 1
    assert place_in_funnel(limits.low_95, limits) == "inside"


def test_units_outside_the_funnel_are_named():
    limits = funnel_limits(1000, 0.95)
    assert place_in_funnel(900, limits) == "far_below"
    assert place_in_funnel(limits.low_95 - 1, limits) == "below"
    assert place_in_funnel(limits.high_95 + 1, limits) == "above"
    assert place_in_funnel(1000, limits) == "far_above"


def test_the_laws_of_counts_add_up():
    assert binomial_cdf(3, 10, 0.4) == pytest.approx(sum(binomial(k, 10, 0.4) for k in range(4)))
    assert binomial_cdf(-1, 10, 0.4) == 0
    assert binomial_cdf(10, 10, 0.4) == 1
    assert hypergeometric_cdf(2, 5, 6, 15) == pytest.approx(
        sum(math.comb(6, k) * math.comb(9, 5 - k) for k in range(3)) / math.comb(15, 5)
    )


def test_kaplan_meier_gives_the_textbook_example():
    """Six-mercaptopurine arm of Freireich et al. (1963): the remission times of Kalbfleisch and Prentice."""
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    waiting = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    steps = kaplan_meier(ended, waiting)
    assert [round(step.share, 4) for step in steps] == [
        0.8571,
        0.8067,
        0.7529,
        0.6902,
        0.6275,
        0.5378,
        0.4482,
    ]
    assert survival_percentile(steps, 50)[0] == 23
    assert survival_percentile(steps, 90)[0] is None
    greenwood = math.sqrt(3 / (21 * 18)) * steps[0].share
    assert greenwood == pytest.approx(0.0764, abs=5e-5)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=60))
def test_without_open_cases_kaplan_meier_is_the_plain_percentile(ended):
    steps = kaplan_meier(ended, [])
    for percent in (50, 90, 95):
        rank = percentile_ranks(percent, len(ended)).value
        assert survival_percentile(steps, percent)[0] == sorted(ended)[rank - 1]
    assert steps[-1].share == 0


def test_open_cases_only_ever_lengthen_the_estimate():
    draw = random.Random(7)
    ended = [draw.randrange(1, 100) for _ in range(80)]
    waiting = [draw.randrange(50, 100) for _ in range(20)]
    with_open = survival_percentile(kaplan_meier(ended, waiting), 90)[0]
    without = survival_percentile(kaplan_meier(ended, []), 90)[0]
    assert with_open is None or with_open >= without
