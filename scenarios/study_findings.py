"""Put together what a load study found: figures of every point, comparisons, names, and their origin."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise

from actors.signature_mode import SignatureMode
from conformance import __version__
from conformance.calendar import local_time
from conformance.log_file import sha256_file
from conformance.regulation import Text
from conformance.study_results import (
    STUDY_SCHEMA_VERSION,
    BreakingLoad,
    Difference,
    NameOf,
    PhaseTime,
    Sizing,
    StepName,
    StudyProvenance,
    StudyResults,
    Targets,
)
from scenarios.study_play import PlayedPoint, PlayedStudy
from scenarios.study_reader import ReadyStudy
from sim.load.engines import Engine
from sim.load.estimates import paired_differences, stop_of
from sim.load.figures import compared_measures
from sim.load.plan import LoadPlan
from sim.load.point_results import point_results

_LIBRARIES = ("numpy", "numba", "simpy", "duckdb", "scipy", "joblib", "distributed")
_STATIONS = {
    "citizen": Text(en="Consumer", ru="Потребитель", kk="Тұтынушы"),
    "registrar": Text(
        en="Registrar who decides", ru="Регистратор, принимающий решение", kk="Шешім қабылдайтын тіркеуші"
    ),
    "desk": Text(en="Reception desk", ru="Окно регистратуры", kk="Тіркеу терезесі"),
}
"""Stations that are no units of the act."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """How a study was done: the command and how to repeat it, by which engine and why, at what cost."""

    command: str
    replay: str
    seed: int
    engine: Engine
    engine_note: str | None
    signatures: SignatureMode = SignatureMode.OFF
    log_sha256: str | None = None
    phases: tuple[PhaseTime, ...] = ()
    breaking_load: BreakingLoad | None = None
    given_breaking_load: BreakingLoad | None = None
    sizing: Sizing | None = None


def findings(ready: ReadyStudy, played: PlayedStudy, how: Circumstances) -> StudyResults:
    """Return everything that playing a study found."""
    study, plan = ready.study, played.points[0].plan
    targets = Targets(share=study.targets.share, confidence=study.targets.confidence)
    shown = [point for point in played.points if point.replications]
    counts = [len(point.replications) for point in shown]
    first = shown[0].figures() if shown else {}
    values = [figures.get(played.until.measure or "") for figures in first.values()]
    return StudyResults(
        schema_version=STUDY_SCHEMA_VERSION,
        command=how.command,
        study=study.study,
        title=study.title,
        question=study.question,
        pack=ready.pack.act.id,
        replay=how.replay,
        seed=how.seed,
        engine=how.engine.value,
        engine_note=how.engine_note,
        signatures=how.signatures.value,
        zone=plan.zone,
        starts=_local(plan.starts_us, plan.zone),
        ends=_local(plan.ends_us, plan.zone),
        sources=study.sources,
        assumptions=study.assumptions,
        replications=min(counts, default=0),
        complete=played.complete,
        stop=stop_of(played.until, values, targets.confidence),
        warm_up=played.warm_up,
        targets=targets,
        points=tuple(
            point_results(point.replications, point.plan.network, point.frame, targets, point.point)
            for point in shown
        ),
        differences=_differences(shown, targets.confidence),
        breaking_load=how.breaking_load,
        given_breaking_load=how.given_breaking_load,
        sizing=how.sizing,
        services=tuple(NameOf(id=service.code, name=service.name) for service in ready.pack.services),
        paths=tuple(NameOf(id=path.id, name=path.title) for path in ready.pack.paths),
        stations=_station_names(ready, plan),
        offices=plan.offices,
        steps=tuple(
            StepName(service=service.code, path=step.path, step=step.code, action=step.gist)
            for service in ready.pack.services
            for step in ready.pack.steps
        ),
        provenance=_provenance(ready, how),
        phases=how.phases,
    )


def _differences(points: Sequence[PlayedPoint], confidence: float) -> tuple[Difference, ...]:
    """Return how each point of a sweep differs from the one before it, on the same random numbers."""
    return tuple(
        difference
        for before, after in pairwise(points)
        for difference in paired_differences(
            (before.point.label, before.figures()),
            (after.point.label, after.figures()),
            compared_measures(after.plan.network, after.frame),
            confidence,
        )
    )


def _station_names(ready: ReadyStudy, plan: LoadPlan) -> tuple[NameOf, ...]:
    units = {unit.code: unit.name for unit in ready.pack.units}
    plain = {kind.name: Text(en=kind.name, ru=kind.name, kk=kind.name) for kind in plan.network.kinds}
    names = {**plain, **units, **_STATIONS}
    return tuple(NameOf(id=kind.name, name=names[kind.name]) for kind in plan.network.kinds)


def _provenance(ready: ReadyStudy, how: Circumstances) -> StudyProvenance:
    return StudyProvenance(
        tool_version=__version__,
        study_sha256=sha256_file(ready.path),
        pack_version=ready.pack.act.version,
        pack_sha256=ready.pack.sha256,
        log_sha256=how.log_sha256,
        python=platform.python_version(),
        libraries={name: found for name in _LIBRARIES if (found := _version(name)) is not None},
    )


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:  # an extra that is not installed
        return None


def _local(moment_us: int, zone: str) -> str:
    return f"{local_time(moment_us, zone):%Y-%m-%dT%H:%M}"
