"""A point put together from its replications: what is kept, what is not shown and why, where cases wait."""

import dataclasses

import msgspec
import numpy as np
import pytest

from conformance.errors import InputError
from conformance.study_figures import PointResults
from conformance.study_results import Targets
from sim.load.figures import compared_measures, figures_of, measure_names, require_measure
from sim.load.frame import Limit
from sim.load.measures import Measures
from sim.load.point_results import Point, point_results
from sim.load.step_figures import worst_step
from tests.sim.load.small_runs import HOUR, SECOND, draw, play, small_frame, small_network

TARGETS = Targets(share=0.95, confidence=0.95)
ASK = ("call", "portal", "ask")


def replications(network, frame, count=5, cases=80, every_s=40):
    found = []
    for number in range(count):
        measures = Measures.begin(network, frame)
        measures.add(play(network, draw(network, number, cases, every_s)))
        found.append(measures.result(number))
    return found


def point_of(network, frame, count=5, **draws):
    return point_results(
        replications(network, frame, count, **draws), network, frame, TARGETS, Point("as is")
    )


def step_of(point, place):
    return next(step for step in point.steps if (step.service, step.path, step.step) == place)


NETWORK = small_network()
FRAME = small_frame(NETWORK)
POINT = point_of(NETWORK, FRAME)


def with_limit(limit):
    return dataclasses.replace(FRAME, limits={ASK: limit})


def test_it_can_be_saved_and_read_again():
    data = msgspec.json.encode(POINT)
    assert msgspec.json.decode(data, type=PointResults) == POINT
    assert b"NaN" not in data
    assert len(data) < 100_000


@pytest.mark.parametrize(
    ("limit_s", "kept", "why"),
    [(10_000, "kept", None), (1, "not_kept", None), (180, "not_shown", "interval")],
)
def test_a_limit_is_kept_broken_or_neither_shown(limit_s, kept, why):
    step = step_of(point_of(NETWORK, with_limit(Limit(limit_s * SECOND, "N1"))), ASK)
    assert (step.kept, step.why) == (kept, why), step.share_within


def test_few_executions_without_one_late_do_not_show_that_a_limit_is_kept():
    step = step_of(point_of(NETWORK, with_limit(Limit(HOUR, "N1")), cases=12), ASK)
    assert step.late == 0
    assert (step.kept, step.why, step.share_within.method) == ("not_shown", "interval", "exact")


def test_who_still_waits_beyond_the_limit_at_the_end_is_late():
    """The desk closes before the last ones come: those it never served would otherwise be forgotten."""
    frame = dataclasses.replace(FRAME, limits={("call", "portal", "handle"): Limit(30 * 60 * SECOND, "N1")})
    step = step_of(point_of(NETWORK, frame, cases=160), ("call", "portal", "handle"))
    assert step.sojourn_s.max_s < 30 * 60
    assert 0 < step.late <= step.open
    assert step.share_within.value < 1


def test_one_replication_shows_nothing():
    step = step_of(point_of(NETWORK, with_limit(Limit(HOUR, "N1")), count=1), ASK)
    assert (step.kept, step.why) == ("not_shown", "one_replication")


@pytest.mark.parametrize("status", ["assumed", "unknown", "disputed"])
def test_a_limit_that_is_not_stated_is_measured_and_never_kept(status):
    point = point_of(NETWORK, with_limit(Limit(HOUR, "N1", status)), cases=160)
    step = step_of(point, ASK)
    assert (step.kept, step.why, step.limit_status) == ("not_shown", "limit_not_stated", status)
    assert step.share_within.value == 1
    assert point.kept == "not_shown"
    assert worst_step(point.steps) is None


def test_the_point_is_as_good_as_its_worst_stated_limit():
    assert point_of(NETWORK, with_limit(Limit(10_000 * SECOND, "N1"))).kept == "kept"
    tight = {ASK: Limit(SECOND, "N1"), ("visit", "portal", "ask"): Limit(10_000 * SECOND, "N2")}
    point = point_of(NETWORK, dataclasses.replace(FRAME, limits=tight))
    assert point.kept == "not_kept"
    assert worst_step(point.steps).norm == "N1"


def test_counts_are_sums_over_replications():
    runs = replications(NETWORK, FRAME, cases=200)
    point = point_results(runs, NETWORK, FRAME, TARGETS, Point("as is"))
    cases = point.cases
    assert 5 * 150 < cases.arrived == sum(path.cases.arrived for path in point.paths)
    assert cases.arrived == cases.ended + cases.abandoned + cases.unfinished
    assert cases.unfinished == sum(place.count for place in point.unfinished_where) > 0
    assert cases.ended == sum(end.count for end in point.ends)
    step = step_of(point, ASK)
    assert step.count == sum(
        s.sojourn.count for run in runs for s in run.steps if FRAME.places[s.place] == ASK
    )
    assert step.sojourn_s.median_s <= step.sojourn_s.p95_s <= step.sojourn_s.max_s
    assert step.sojourn_s.mean.low < step.sojourn_s.mean_s < step.sojourn_s.mean.high


def test_stations_are_shown_whole_and_by_their_busiest_office():
    found = {(own.station, own.office): own for own in POINT.stations}
    assert set(found) == {("portal", None), ("desk", None), ("desk", 0), ("registry", None)}
    assert found["desk", None].offices == 2
    assert found["desk", 0].utilisation.value > found["desk", None].utilisation.value
    assert found["desk", None].servers == pytest.approx(2 + 80 / 120)
    assert found["desk", 0].queue_max <= found["desk", None].queue_max
    registry = found["registry", None]
    assert (registry.servers, registry.utilisation.value, registry.queue) == (None, None, None)
    assert len(found["portal", None].queue.mean) == POINT.grid.count


def test_the_bottleneck_is_where_they_wait_and_names_the_limit_that_breaks():
    first = POINT.bottlenecks[0]
    assert (first.station, first.office) == ("desk", 0)
    assert sum(own.wait_share for own in POINT.bottlenecks) == pytest.approx(1)
    assert (first.breaks.service, first.breaks.step) == ("call", "handle")
    assert first.breaks.share_within < 0.95
    roomy = point_of(small_network(servers=40), FRAME, every_s=60)
    assert next(own for own in roomy.bottlenecks if own.station == "portal").breaks.norm == "N1"


def test_every_figure_has_a_name_that_a_study_can_give():
    run = replications(NETWORK, FRAME, 1)[0]
    figures, names = figures_of(run, NETWORK, FRAME), measure_names(NETWORK, FRAME)
    assert set(figures) <= set(names)
    assert set(compared_measures(NETWORK, FRAME)) <= set(names)
    desk = [own for own in run.stations if own.kind == 1]
    busy, duty = (sum(getattr(own, name) for own in desk) for name in ("busy_us", "duty_us"))
    assert figures["desk utilisation"] == busy / duty
    assert "registry utilisation" not in figures
    with pytest.raises(InputError, match="did you mean desk utilisation"):
        require_measure("desk utilization", NETWORK, FRAME, place="study.yaml", inside="until.measure")


def test_an_open_grid_of_a_nation_stays_small():
    frame = small_frame(NETWORK, most=288)
    assert frame.grid.count <= 288
    assert len(msgspec.json.encode(point_of(NETWORK, frame))) < 150_000
    assert np.all(np.diff(frame.moments_us()) == frame.grid.step_us)
