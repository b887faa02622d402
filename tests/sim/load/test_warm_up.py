"""Where the beginning of a run ends: a transient is found, rest is left alone, unrest is said."""

import numpy as np
import pytest

from sim.load.measures import Measures
from sim.load.warm_up import NEVER_SETTLES, TOO_SHORT, moving_average, mser5, series_of, warm_up_of
from tests.sim.load.small_runs import draw, play, small_frame, small_network


def noise(seed, count=280):
    return np.random.default_rng(seed).normal(0, 0.3, count)


def test_an_exponential_beginning_is_cut():
    cuts = []
    for seed in range(40):
        series = 10 * (1 - np.exp(-np.arange(280) / 15)) + noise(seed)
        cut = mser5(series.tolist())
        assert cut.settled
        assert abs(series.mean() - 10) > 0.4
        assert abs(series[cut.values :].mean() - 10) < 0.15
        cuts.append(cut.values)
    assert min(cuts) >= 25
    assert 35 <= np.median(cuts) <= 75
    assert max(cuts) <= 140


def test_mser_is_the_least_error_of_the_means_of_five():
    """Worked by hand: means 9, 1, 1, 2, 1, 1, 2, 1; the errors are least after the first."""
    means = [9, 1, 1, 2, 1, 1, 2, 1]
    assert mser5([mean for mean in means for _ in range(5)]).values == 5
    assert mser5([mean for mean in means for _ in range(5)] + [100.0] * 4).values == 5  # no whole batch


def test_rest_is_not_cut():
    assert mser5([4.0] * 100).values == 0
    assert mser5([3.0, 5.0] * 50).values == 0
    cuts = [mser5((7 + noise(seed)).tolist()) for seed in range(40)]
    assert all(cut.settled for cut in cuts)
    assert sum(cut.values == 0 for cut in cuts) >= 20
    assert np.mean([cut.values for cut in cuts]) < 280 / 8


@pytest.mark.parametrize("seed", range(20))
def test_a_series_that_never_settles_is_told_and_not_cut(seed):
    cut = mser5((0.1 * np.arange(280) + noise(seed)).tolist())
    assert (cut.values, cut.settled, cut.note) == (0, False, NEVER_SETTLES)


def test_a_short_series_says_nothing():
    assert mser5([1.0] * 19).note == TOO_SHORT


def test_the_moving_average_of_welch():
    assert moving_average([1, 2, 3, 4, 5, 60], 2) == (1.0, 2.0, 3.0, 14.8)
    assert moving_average([1, 2, 3], 0) == (1.0, 2.0, 3.0)
    assert moving_average([1, 2], 5) == ()


def test_the_series_is_the_mean_over_replications():
    network = small_network()
    frame = small_frame(network)
    runs = [play(network, draw(network, seed, 60)) for seed in (1, 2)]
    results = []
    for run in runs:
        measures = Measures.begin(network, frame)
        measures.add(run)
        results.append(measures.result())
    both, one, two = (series_of(own, frame, "under_way") for own in (results, results[:1], results[1:]))
    assert both == pytest.approx([(a + b) / 2 for a, b in zip(one, two, strict=True)])
    found = warm_up_of(results, frame, "time_s")
    assert len(found.series) == frame.grid.count
    assert max(found.series) > 60
    with pytest.raises(ValueError, match="no series"):
        series_of(results, frame, "queue")
