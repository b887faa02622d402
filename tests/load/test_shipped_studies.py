"""The shipped load studies: what each must say of itself, and that each plays, the same in both engines."""

import re
from functools import lru_cache

import pytest
from msgspec.structs import replace

from reports.catalogues import LANGUAGES
from scenarios.study_play import variants
from scenarios.study_reader import read_study, shipped_studies
from sim.durations import UNITS_US, parse_duration_us
from sim.load.blocks import joined
from sim.load.engines import Engine, play_cases
from sim.load.plan import draw_cases
from sim.load.study import Flash
from sim.load.task import plan_of
from tests.sim.load.playing import differences

SHIPPED = shipped_studies()
EXPECTED = {
    "arvi-week",
    "astana-day-2013",
    "attachment-campaign",
    "gateway-outage",
    "kazakhstan-peak-day",
    "slot-rush",
}
CASES = 1_000
NAMED = re.compile(r"ASSUME-\d+")

every_study = pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)


@lru_cache
def ready(path):
    return read_study(path)


def test_the_studies_that_the_documents_name_are_shipped():
    assert {path.stem for path in SHIPPED} >= EXPECTED


@every_study
def test_it_asks_a_question_and_says_where_its_figures_come_from(path):
    study = ready(path).study
    assert study.study == path.stem
    for language in LANGUAGES:
        assert study.question.in_language(language).endswith("?")
        assert not study.title.in_language(language).endswith(".")
    assert study.sources
    assert all(re.match(r".+: \S", source) for source in study.sources), "a figure, then where it is from"
    assert any(NAMED.search(text) for text in study.assumptions)
    assert any(not NAMED.search(text) for text in study.assumptions), "none of its own?"


@every_study
def test_the_assumptions_it_names_are_those_of_the_pack(path):
    known = {assumption.id for assumption in ready(path).pack.assumptions}
    assert set(NAMED.findall(path.read_text(encoding="utf-8"))) <= known


@every_study
def test_people_work_by_the_hours_of_the_provider(path):
    stations = ready(path).study.stations
    for name in ("desk", "workstation", "registrar"):
        assert stations[name].hours == "provider-hours", name


@every_study
@pytest.mark.xdist_group("the compiled loop")
def test_a_thousand_of_its_requests_end_the_same_in_both_engines(path):
    plan = small_plan(ready(path), variants(ready(path))[-1][1])
    compiled, reference = (
        joined(list(play_cases(plan.network, draw_cases(plan, 1, 0), engine)))
        for engine in (Engine.COMPILED, Engine.SIMPY)
    )
    assert 0.2 * CASES < len(compiled) < 2 * CASES
    assert {plan.steps[step] for step in compiled.rows.step.tolist()} >= {"P5", "P6", "P8", "V3", "V8"}
    assert differences(compiled, reference) == []


def small_plan(shipped, study):
    """Return the plan of *study* with at most about a thousand requests, and a tenth of its servers."""
    days = max(1, parse_duration_us(study.lasts) / UNITS_US["d"])
    expected = sum(
        arrivals.scale * (arrivals.count if isinstance(arrivals, Flash) else arrivals.per_day)
        for arrivals in study.arrivals
    )
    servers = {
        name: replace(station, servers=max(1, station.servers // 10))
        for name, station in study.stations.items()
    }
    return plan_of(shipped.source(replace(study, load=CASES / (days * expected), stations=servers)))
