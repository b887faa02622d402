"""What the page of cases is made of, the same for a run, a check and a load study: names, limits, cases."""

from dataclasses import dataclass
from pathlib import Path

from conformance.case_listing import CaseListing, list_cases, step_limits
from conformance.errors import InputError
from conformance.evidence_results import SeenSignature
from conformance.log_file import MANIFEST_NAME, read_manifest, sha256_file
from conformance.manifests import LOG_NAME
from conformance.regulation import Text
from conformance.results import Results
from conformance.study_results import StudyResults

Step = tuple[str, str, str]
"""A service, a path and a step, each by its code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSource:
    """The cases of a saved folder and the names for whatever their rows hold.

    *statuses* hold how certain a limit is where it does not simply stand in the act: a group of texts and a
    code of it. *seen* is what the judge found of the signatures that the log accepts or refuses.
    """

    command: str
    outcome: str
    complete: bool
    pack: str
    title: Text | str
    origin: str
    zone: str
    replay: str
    listing: CaseListing
    services: dict[str, Text]
    paths: dict[str, Text]
    units: dict[str, Text]
    actions: dict[Step, Text]
    norms: dict[str, Text]
    statuses: dict[Step, tuple[str, str]]
    seen: tuple[SeenSignature, ...] = ()


def case_source(results: Results | StudyResults, folder: Path) -> CaseSource | None:
    """Return the cases of the log saved in *folder*, None if it holds none.

    Raises InputError for a damaged manifest or log, or for another log than the results speak of.
    """
    log = folder / LOG_NAME
    if not log.is_file():
        return None
    expected = results.provenance.log_sha256
    if sha256_file(log) != expected:
        raise InputError(str(log), "", "another log than was judged", f"the log of SHA-256 {expected}")
    return _of_study(results, folder) if isinstance(results, StudyResults) else _of_judgement(results, folder)


def _of_judgement(results: Results, folder: Path) -> CaseSource | None:
    known = [(service.id, service.code) for service in results.services]
    limits = step_limits([(s.service, s.path, s.step, s.limit_s) for s in results.steps], known)
    p = results.provenance
    listing = list_cases(folder, limits, p.log_sha256, clock_error_us=_clock_error_us(folder))
    if listing is None:
        return None
    codes = {service.id: service.code for service in results.services}
    steps = {(codes.get(s.service, s.service), s.path, s.step): s for s in results.steps}
    return CaseSource(
        command=results.summary.command,
        outcome=results.summary.outcome,
        complete=results.summary.complete,
        pack=p.pack,
        title=p.pack_title,
        origin=p.origin,
        zone=p.zone,
        replay=p.replay,
        listing=listing,
        services={name: s.name for s in results.services for name in (s.id, s.code)},
        paths={path.id: path.name for path in results.paths},
        units={unit.id: unit.name for unit in results.units},
        actions={key: step.action for key, step in steps.items()},
        norms={norm.id: norm.title for norm in results.norms},
        statuses={k: ("cell_status", s.cell_status) for k, s in steps.items() if s.cell_status != "printed"},
        seen=results.evidence.seen if results.evidence is not None else (),
    )


def _of_study(results: StudyResults, folder: Path) -> CaseSource | None:
    steps = results.points[0].steps if results.points else ()
    limits = step_limits([(s.service, s.path, s.step, s.limit_s) for s in steps], ())
    listing = list_cases(folder, limits, results.provenance.log_sha256 or "")
    if listing is None:
        return None
    return CaseSource(
        command=results.command,
        outcome="" if results.complete else "interrupted",
        complete=results.complete,
        pack=results.pack,
        title=results.title,
        origin="simulated",
        zone=results.zone,
        replay=results.replay,
        listing=listing,
        services={service.id: service.name for service in results.services},
        paths={path.id: path.name for path in results.paths},
        units={},
        actions={(step.service, step.path, step.step): step.action for step in results.steps},
        norms={},
        statuses={
            (step.service, step.path, step.step): ("norm_status", step.limit_status)
            for step in steps
            if step.limit_status not in {None, "agreed"}
        },
    )


def _clock_error_us(folder: Path) -> int:
    """Return the stated error of the clocks; a folder without a manifest states none."""
    if not (folder / MANIFEST_NAME).is_file():
        return 0
    return read_manifest(folder).clock_error_us
