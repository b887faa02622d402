import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.errors import UnfitValue
from sim.durations import MAX_DURATION_US, parse_duration_us
from sim.laws import (
    Constant,
    Exponential,
    Gamma,
    Law,
    LogNormal,
    Quantiles,
    Triangular,
    Uniform,
    draw_many_us,
    draw_us,
)
from sim.streams import Streams

SECOND = 1_000_000


def draws(law, count=4000):
    stream = Streams(1).stream("law")
    return np.array([draw_us(law, stream) for _ in range(count)])


def test_a_constant_is_always_the_same():
    assert set(draws(Constant(value="1.5 s"), 20)) == {1_500_000}


def test_a_uniform_time_is_spread_between_its_bounds():
    found = draws(Uniform(low="10 s", high="20 s"))

    assert 10 * SECOND <= found.min() < 10.1 * SECOND
    assert 19.9 * SECOND < found.max() <= 20 * SECOND
    assert np.mean(found) == pytest.approx(15 * SECOND, rel=0.01)


def test_a_triangular_time_is_most_often_near_its_mode():
    found = draws(Triangular(low="10 s", mode="12 s", high="20 s"))

    assert found.min() >= 10 * SECOND
    assert found.max() <= 20 * SECOND
    assert np.mean(found) == pytest.approx(14 * SECOND, rel=0.01)
    counts, edges = np.histogram(found, bins=10)
    assert edges[counts.argmax()] < 13 * SECOND


def test_a_lognormal_time_has_the_percentiles_it_is_given_by():
    found = draws(LogNormal(p50="2 s", p95="4 s"), 20_000)

    assert np.percentile(found, 50) == pytest.approx(2 * SECOND, rel=0.02)
    assert np.percentile(found, 95) == pytest.approx(4 * SECOND, rel=0.03)


@pytest.mark.parametrize(
    "law",
    [
        Uniform(low="7 s", high="7 s"),
        Triangular(low="7 s", mode="7 s", high="7 s"),
        LogNormal(p50="7 s", p95="7 s"),
    ],
)
def test_equal_bounds_leave_one_time(law):
    assert set(draws(law, 20)) == {7 * SECOND}


@pytest.mark.parametrize("law", [Uniform(low="0 s", high="0 s"), Constant(value="0 s")])
def test_no_time_at_all_is_a_time(law):
    assert set(draws(law, 20)) == {0}


def test_a_lognormal_time_never_leaves_the_longest_duration():
    found = draws(LogNormal(p50="1 us", p95="366 d"), 5000)

    assert found.max() == MAX_DURATION_US
    assert found.min() >= 0


def test_no_median_is_hardly_any_time():
    assert draws(LogNormal(p50="0 s", p95="0 s"), 20).max() == 1


@pytest.mark.parametrize(
    ("law", "fields"),
    [
        (Uniform, {"low": "20 s", "high": "10 s"}),
        (Triangular, {"low": "10 s", "mode": "30 s", "high": "20 s"}),
        (Triangular, {"low": "10 s", "mode": "5 s", "high": "20 s"}),
        (LogNormal, {"p50": "4 s", "p95": "2 s"}),
    ],
)
def test_bounds_in_falling_order_are_refused(law, fields):
    with pytest.raises(UnfitValue, match="rising order"):
        law(**fields)


@pytest.mark.parametrize("text", ["1", "1 sek", "-1 s"])
def test_a_bound_that_is_no_duration_is_refused(text):
    with pytest.raises(UnfitValue):
        Constant(value=text)


@pytest.mark.parametrize(
    "plain",
    [
        {"law": "constant"},
        {"law": "constant", "value": "1 s", "mean": "1 s"},
        {"law": "weibull", "mean": "1 s"},
        {"value": "1 s"},
        {"law": "uniform", "low": "2 s", "high": "1 s"},
        {"law": "constant", "value": 1},
        "1 s",
    ],
)
def test_a_law_is_read_strictly(plain):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(plain, Law)


def test_a_law_is_read_by_its_name():
    plain = {"law": "triangular", "low": "1 s", "mode": "2 s", "high": "3 s"}

    assert msgspec.convert(plain, Law) == Triangular(low="1 s", mode="2 s", high="3 s")


whole_seconds = st.integers(0, 10_000).map(lambda n: f"{n} s")


@settings(deadline=None, max_examples=80)
@given(st.lists(whole_seconds, min_size=3, max_size=3), st.integers(0, 2**32))
def test_draws_stay_between_the_bounds(texts, seed):
    low, mode, high = sorted(texts, key=parse_duration_us)
    stream = Streams(seed).stream("law")

    for law in (Uniform(low=low, high=high), Triangular(low=low, mode=mode, high=high)):
        assert parse_duration_us(low) <= draw_us(law, stream) <= parse_duration_us(high)
    assert 0 <= draw_us(LogNormal(p50=low, p95=high), stream) <= MAX_DURATION_US


@pytest.mark.parametrize(
    ("law", "mean", "deviation"),
    [
        (Exponential(mean="20 s"), 20, 20),
        (Gamma(mean="20 s", cv=0.5), 20, 10),
        (Quantiles(values=("0 s", "10 s", "40 s")), 15, 0),
    ],
)
def test_the_further_laws_have_the_mean_and_spread_they_say(law, mean, deviation):
    drawn = draw_many_us(law, np.random.default_rng(1), 200_000) / SECOND
    assert drawn.mean() == pytest.approx(mean, rel=0.02)
    if not isinstance(law, Quantiles):
        assert drawn.std() == pytest.approx(deviation, rel=0.02)
    assert draw_us(law, np.random.default_rng(1)) == draw_many_us(law, np.random.default_rng(1), 1)[0]


@pytest.mark.parametrize(
    "law",
    [
        Constant(value="3 s"),
        Uniform(low="1 s", high="9 s"),
        Triangular(low="1 s", mode="2 s", high="9 s"),
        LogNormal(p50="2 s", p95="4 s"),
        Exponential(mean="20 s"),
        Gamma(mean="20 s", cv=1.5),
        Quantiles(values=("1 s", "2 s", "9 s")),
    ],
)
def test_times_are_the_same_whether_drawn_at_once_or_in_pieces(law):
    whole = draw_many_us(law, np.random.default_rng(7), 500)
    pieces = np.random.default_rng(7)
    assert np.array_equal(whole, np.concatenate([draw_many_us(law, pieces, n) for n in (0, 1, 200, 299)]))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Gamma(mean="1 s", cv=0),
        lambda: Gamma(mean="1 week", cv=1),
        lambda: Quantiles(values=("1 s",)),
        lambda: Quantiles(values=("2 s", "1 s")),
    ],
)
def test_laws_that_cannot_be_are_refused(make):
    with pytest.raises(UnfitValue):
        make()
