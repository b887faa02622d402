"""Laws fitted to what they drew: the family comes back; what fits none is left as it was measured."""

import numpy as np
import pytest

from conformance.strict_yaml import decode_yaml
from scenarios.fit_rows import Sample
from scenarios.law_fits import (
    cumulants_of,
    distance,
    duration_text,
    fitted_laws,
    law_text,
    laws_of_moments,
    sample_cdf,
    scaled_law,
    spread_evenly,
)
from scenarios.time_fits import fit_time
from sim.durations import parse_duration_us
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
)

LAWS = (
    Uniform(low="10 s", high="40 s"),
    Triangular(low="10 s", mode="15 s", high="60 s"),
    Exponential(mean="30 s"),
    Gamma(mean="30 s", cv=0.4),
    LogNormal(p50="30 s", p95="80 s"),
)


def drawn(law, count, seed=1):
    return np.sort(draw_many_us(law, np.random.default_rng(seed), count))


def sample(times_us, **others):
    return Sample(np.asarray(times_us), len(times_us) + sum(others.values()), len(times_us), **others)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: type(law).__name__)
@pytest.mark.parametrize("count", [300, 5_000])
def test_the_family_that_drew_the_times_is_the_best(law, count):
    best = fitted_laws(drawn(law, count))[0]
    assert type(best.law) is type(law)
    far = distance(drawn(law, 20_000, seed=2), best.cdf)
    assert far.ks < 0.1 if count == 300 else far.ks < 0.025


@pytest.mark.parametrize("law", LAWS, ids=lambda law: type(law).__name__)
def test_the_distribution_function_is_that_of_the_law_that_is_written(law):
    for one in fitted_laws(drawn(law, 2_000)):
        assert distance(drawn(one.law, 20_000, seed=3), one.cdf).ks < 0.013


@pytest.mark.parametrize("law", LAWS, ids=lambda law: type(law).__name__)
def test_laws_of_moments_have_these_moments(law):
    wanted = cumulants_of(drawn(law, 50_000))
    for family, one in laws_of_moments(wanted):
        found = cumulants_of(drawn(one, 50_000, seed=4))
        assert found.mean == pytest.approx(wanted.mean, rel=0.03)
        if family not in {"constant", "exponential"}:
            assert found.variance == pytest.approx(wanted.variance, rel=0.1)


def test_one_family_is_left_where_the_others_took_all_the_variance():
    wanted = cumulants_of(drawn(Constant(value="9 s"), 100))
    assert laws_of_moments(wanted) == [("constant", Constant(value="9 s"))]


def test_times_of_two_kinds_are_played_as_they_were_measured():
    times = np.concatenate(
        [drawn(Uniform(low="5 s", high="6 s"), 500), drawn(Uniform(low="60 s", high="80 s"), 500)]
    )
    found = fit_time("V1", sample(np.sort(times)), {"desk": Constant(value="1 s")}, 1)
    assert found.fit.status == "measured"
    assert isinstance(found.laws["desk"], Quantiles)
    assert distance(times, sample_cdf(drawn(found.laws["desk"], 50_000))).ks < 0.03
    assert {one.family for one in found.fit.candidates} == {
        "uniform",
        "triangular",
        "exponential",
        "gamma",
        "lognormal",
    }


def test_thirty_times_give_a_law_and_fewer_do_not():
    enough, few = (fit_time("V1", sample(drawn(LAWS[3], n)), {"desk": LAWS[0]}, 1) for n in (30, 29))
    assert (enough.fit.status, set(enough.laws)) == ("good", {"desk"})
    assert (few.fit.status, few.laws) == ("kept", {})
    assert [(gap.code, gap.n, gap.total) for gap in few.gaps] == [("few_times", 29, 30)]


def test_a_step_that_is_shorter_than_its_short_stations_stretches_all_of_them():
    world = {"citizen": Uniform(low="60 s", high="80 s"), "portal": Uniform(low="20 s", high="30 s")}
    times = drawn(Uniform(low="9 s", high="19 s"), 400)
    found = fit_time("P1", sample(times), world, 1)
    assert found.fit.status == "scaled"
    total_us = sum(np.mean(drawn(law, 20_000)) for law in found.laws.values())
    assert total_us == pytest.approx(np.mean(times), rel=0.02)


def test_a_coarse_clock_is_said_and_its_ticks_are_spread():
    exact = drawn(Gamma(mean="30 s", cv=0.4), 3_000)
    ticks = exact // 5_000_000 * 5_000_000
    found = fit_time("V1", sample(ticks), {"desk": Constant(value="1 s")}, 5_000_000)
    assert [gap.code for gap in found.gaps] == ["coarse_clock"]
    assert found.fit.status in {"good", "close"}
    assert np.mean(spread_evenly(ticks, 5_000_000)) == pytest.approx(np.mean(ticks), rel=0.01)
    assert np.min(spread_evenly(np.zeros(10, np.int64), 60_000_000)) >= 0


def test_a_clock_that_ticks_slower_than_the_work_takes_gives_no_law():
    found = fit_time(
        "V1", sample(np.repeat([0, 60_000_000], [90, 10])), {"desk": Constant(value="1 s")}, 60_000_000
    )
    assert (found.fit.status, found.laws) == ("kept", {})
    assert [gap.code for gap in found.gaps] == ["clock_too_coarse"]


def test_what_was_left_out_is_said():
    others = {"open": 3, "unstarted": 4, "negative": 5, "huge": 6}
    found = fit_time("V1", sample(drawn(LAWS[0], 100), **others), {"desk": LAWS[0]}, 1)
    said = {gap.code: (gap.n, gap.total) for gap in found.gaps}
    assert said == {
        "open_rows": (3, 118),
        "no_start": (4, 118),
        "negative_times": (5, 118),
        "huge_times": (6, 118),
    }


@pytest.mark.parametrize("law", [*LAWS, Constant(value="3 s"), Quantiles(values=("1 s", "2 s"))])
def test_a_scaled_law_takes_that_many_times_as_long(law):
    assert np.mean(drawn(scaled_law(law, 2.5), 5_000)) == pytest.approx(
        2.5 * np.mean(drawn(law, 5_000)), rel=0.001
    )


@pytest.mark.parametrize("law", [*LAWS, Constant(value="3 s"), Quantiles(values=("1 s", "2 s"))])
def test_the_text_of_a_law_is_that_law(law):
    assert decode_yaml(law_text(law), Law, "test") == law


@pytest.mark.parametrize("time_us", [0, 1, 999_999, 1_000_000, 59_123_456, 10**15, -5])
def test_a_duration_is_written_so_that_it_can_be_read(time_us):
    read = parse_duration_us(duration_text(time_us))
    assert abs(read - min(max(time_us, 0), 366 * 86_400_000_000)) <= 500
