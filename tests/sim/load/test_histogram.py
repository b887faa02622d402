"""Histograms against the times themselves, sorted."""

import math

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.load.exact_sums import ExactSums
from sim.load.histogram import Histograms, Tally, _middles, merged, places_of

TIMES = st.lists(st.one_of(st.integers(0, 3000), st.integers(0, 2**45)), max_size=60)


def tally(times):
    histograms = Histograms.empty(1)
    histograms.add(np.zeros(len(times), np.int64), np.array(times, np.int64))
    return histograms.tallies()[0]


@given(TIMES, st.sampled_from([0, 1, 50, 90, 95, 99, 100]))
def test_a_quantile_is_the_nearest_rank_to_one_in_1024(times, percent):
    found = tally(times).quantile_us(percent)
    if not times:
        assert found is None
        return
    rank = max(1, math.ceil(percent * len(times) / 100))
    true = sorted(times)[rank - 1]
    assert abs(found - true) * 1024 < max(true, 1024)
    if true < 1024 or rank == len(times):
        assert found == true


@given(TIMES)
def test_count_sum_and_maximum_are_exact(times):
    found = tally(times)
    assert (found.count, found.total_us) == (len(times), sum(times))
    assert found.max_us == max(times, default=-1)
    assert found.mean_us == (sum(times) / len(times) if times else None)


@given(st.lists(TIMES, max_size=4))
def test_merged_tallies_are_the_tally_of_all(parts):
    assert merged(tally(part) for part in parts) == tally([time for part in parts for time in part])


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2**40)), max_size=40), st.integers(0, 40))
def test_keys_stay_apart_however_the_times_are_cut(pairs, cut):
    histograms = Histograms.empty(4)
    for part in (pairs[:cut], pairs[cut:]):
        keys, times = (np.array([pair[n] for pair in part], np.int64) for n in (0, 1))
        histograms.add(keys, times)
    expected = tuple(tally([time for key, time in pairs if key == n]) for n in range(4))
    assert histograms.tallies() == expected


def test_places_follow_one_another_without_a_gap():
    times = np.arange(0, 1 << 16)
    assert set(np.diff(places_of(times)).tolist()) == {0, 1}
    assert places_of(np.array([0, 1023, 1024, 1025])).tolist() == [0, 1023, 1024, 1024]


def test_a_place_stands_for_times_less_than_one_in_1024_away():
    times = np.array([*range(1 << 14), 2**30, 2**30 + 1, 2**45 - 1, 2**45 - 1024])
    for time in (times, times + 12_345_678):
        assert np.all(np.abs(_middles(places_of(time)) - time) * 1024 < np.maximum(time, 1024))


def test_a_tally_can_be_kept_and_read_again():
    once = tally([5, 70_000_000, 86_400_000_000])
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(once), type=Tally) == once


@pytest.mark.parametrize("values", [[2**62] * 5, [3, 2**61, 2**61, 2**61], [7] * 10])
def test_sums_do_not_overflow(values):
    sums = ExactSums.zero(2)
    for value in values:
        sums.add(np.array([1]), np.array([value], np.int64))
    sums.add(np.ones(len(values), np.int64), np.array(values, np.int64))
    assert sums.totals() == [0, 2 * sum(values)]
