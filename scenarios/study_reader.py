"""Read load studies: the file, the pack and world it names, its limits, the logs of its traces."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from conformance.calendar import local_time, parse_local
from conformance.errors import InputError, nearest_name
from conformance.norms import StepDuration
from conformance.pack import Pack
from conformance.strict_yaml import convert_plain, read_yaml
from scenarios.suite_reader import find_shipped, load_named_pack, load_world
from sim.durations import parse_duration_us
from sim.load.preparation import changed_world
from sim.load.study import Study, Trace
from sim.load.study_checks import check_study
from sim.load.task import KnownLimit, PlanSource, source_of
from sim.plan import WorldPlan

STUDIES = Path(__file__).parent / "studies"
MOST_TRACED = 20_000_000


@dataclass(frozen=True, slots=True)
class ReadyStudy:
    """A study with all that it names; *pack_name* is how another process finds the pack."""

    path: Path
    study: Study
    world: WorldPlan
    pack: Pack
    pack_name: str
    limits: tuple[KnownLimit, ...]
    moments_us: dict[str, Any]

    def source(self, study: Study | None = None) -> PlanSource:
        """Return what the plan of the study, or of a variant of it, is made from."""
        chosen = self.study if study is None else study
        return source_of(chosen, self.world, self.pack_name, self.limits, self.moments_us, str(self.path))


def shipped_studies() -> tuple[Path, ...]:
    """Return the files of the shipped studies in the order of their names."""
    return tuple(sorted(STUDIES.glob("*.yaml")))


def find_study(name: str) -> Path:
    """Return the file of a study: a path, or the name of a shipped one.

    Raises InputError with the nearest name if there is none.
    """
    return find_shipped("study", name, shipped_studies())


def read_study(path: Path) -> ReadyStudy:
    """Read the study in *path* with all that it names; raise InputError at the first thing that is wrong."""
    study = read_yaml(path, Study)
    pack, pack_name = load_named_pack(path, study.pack)
    world = load_world(path, study.world, pack)
    check_study(study, changed_world(study, world), pack, str(path))
    limits = limits_of(pack, study, str(path))
    moments = {
        arrivals.id: _traced(path, arrivals, study, pack)
        for arrivals in study.arrivals
        if isinstance(arrivals, Trace)
    }
    return ReadyStudy(path, study, world, pack, pack_name, limits, moments)


def limits_of(pack: Pack, study: Study, place: str) -> tuple[KnownLimit, ...]:
    """Return how long each step may take: by the pack's norms, and by the targets of the study.

    A norm whose column is lost has no limit. Raises InputError for a target of a step that does not exist.
    """
    limits = {}
    for norm in pack.norms:
        if isinstance(norm, StepDuration) and norm.max_s is not None:
            path = pack.step(norm.step).path
            for service in norm.services:
                where = (pack.service(service).code, path, norm.step)
                limits[where] = KnownLimit(where, norm.max_s * 1_000_000, norm.id, norm.status.value)
    services = {service.code for service in pack.services}
    steps = {step.code: step for step in pack.steps}
    for name, text in study.targets.limits.items():
        service, _, code = name.rpartition("/")
        if code not in steps:
            nearest = nearest_name(code, steps)
            raise InputError(place, f"targets.limits.{name}", f"the unknown step {code}", "a step", nearest)
        if service and service not in services:
            nearest = nearest_name(service, services)
            found = f"the unknown service {service}"
            raise InputError(place, f"targets.limits.{name}", found, "a service of the pack", nearest)
        for one in [service] if service else sorted(services):
            where = (one, steps[code].path, code)
            limits[where] = KnownLimit(where, parse_duration_us(text), "target", "agreed")
    return tuple(limits[where] for where in sorted(limits))


def with_parameter(study: Study, name: str, value: float, place: str) -> Study:
    """Return *study* with another value of a parameter, named by its place: ``stations.desk.servers``.

    An element of a list is named by its id, several by a pattern: ``arrivals.home-calls-*.scale``. Raises
    InputError for a name that leads nowhere, or to no number.
    """
    plain = msgspec.to_builtins(study)
    *way, last = name.split(".")
    places: list[Any] = [plain]
    for part in way:
        places = [inner for at in places for inner in _parts(at, part, name, place)]
    for at in places:
        _set_number(at, last, value, name, place)
    return convert_plain(plain, Study, f"{place}: sweep to {value:g}")


def _set_number(at: Any, last: str, value: float, name: str, place: str) -> None:
    if not isinstance(at, dict):
        raise InputError(place, "sweep.parameter", f"no number at {name!r}", "the place of a number")
    known = at.get(last)
    if isinstance(known, bool) or not isinstance(known, int | float | None):
        raise InputError(place, "sweep.parameter", f"no number at {name}", "the place of a number")
    if last not in at:
        raise _no_place(place, f"nothing at {name!r}", last, list(at))
    at[last] = int(value) if float(value).is_integer() and not isinstance(known, float) else value


def _parts(at: Any, part: str, name: str, place: str) -> list[Any]:
    """Return where *part* of the parameter *name* leads from *at*: all that fit it as a pattern."""
    if isinstance(at, dict):
        named = list(at.items())
    else:
        elements = at if isinstance(at, list | tuple) else ()
        named = [(str(one.get("id") or one.get("name")), one) for one in elements if isinstance(one, dict)]
    found = [inner for known, inner in named if fnmatchcase(known, part)]
    if not found:
        raise _no_place(place, f"nothing at {part!r} in {name!r}", part, [known for known, _ in named])
    return found


def _no_place(place: str, found: str, part: str, names: list[str]) -> InputError:
    known = f": {', '.join(names[:12])}" if names else ""
    expected = f"a place that the study has{known}"
    return InputError(place, "sweep.parameter", found, expected, nearest_name(part, names))


def _traced(path: Path, trace: Trace, study: Study, pack: Pack) -> Any:
    """Return when the cases of a stream began, moved so that the log's first day is the first of the study.

    It is the first day of the whole log, so that streams of one log stay as far apart as they were.
    """
    import duckdb  # noqa: PLC0415 - half of the start-up time

    log = path.parent / trace.log
    if not log.is_file():
        raise InputError(str(path), f"arrivals.{trace.id}.log", f"no file {trace.log}", "a Parquet event log")
    began = "SELECT min(coalesce(enabled_us, started_us, completed_us)) AS first FROM read_parquet(?)"
    own = "WHERE service = ? AND path = ? GROUP BY case_id HAVING first IS NOT NULL ORDER BY first"
    try:
        with duckdb.connect() as database:
            earliest = database.execute(began, [str(log)]).fetchone()
            given = [str(log), trace.service, trace.path]
            found = database.execute(f"{began} {own}", given).fetchnumpy()["first"]
    except duckdb.Error:
        found_text = "a file that is no event log"
        raise InputError(str(log), "", found_text, "a Parquet event log of this schema") from None
    if len(found) > MOST_TRACED:
        raise InputError(str(log), "", f"{len(found)} cases", f"at most {MOST_TRACED}")
    moments = np.asarray(found, np.int64)
    if not len(moments):
        found_text = f"no case of {trace.service} on the {trace.path} path"
        raise InputError(str(log), "", found_text, "cases of the service and path of the trace")
    zone = pack.act.zone
    first_us = int(moments[0]) if earliest is None else int(earliest[0])
    first_day = parse_local(f"{local_time(first_us, zone).date()}T00:00", zone)
    starts_day = parse_local(f"{study.starts[:10]}T00:00", zone)
    return moments - first_day + starts_day
