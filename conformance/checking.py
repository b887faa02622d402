"""Check a log as a whole: take it in, judge it, and put the results together, in one folder."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from conformance.canonical_log import require_canonical
from conformance.case_verdicts import VERDICTS_NAME
from conformance.engine.judging import JudgedLog, judge_log
from conformance.errors import InputError
from conformance.evidence import require_documents
from conformance.expectations import hold_expectations, read_expectations
from conformance.indicators.accessibility_file import read_accessibility
from conformance.indicators.computation import answers_for_norms, indicators_of_folder
from conformance.indicators.indicator_results import Accessibility, Indicators
from conformance.judge import overall
from conformance.log import Manifest, moment_us_of
from conformance.log_file import sha256_file, write_manifest
from conformance.log_results import LogResults
from conformance.log_size import period_of_log
from conformance.logs.completeness import log_results
from conformance.logs.intake import Intake, take_in
from conformance.logs.mapping import read_mapping
from conformance.manifests import (
    LOG_NAME,
    judged_manifest,
    lost_of,
    manifest_beside,
    stated_clock_error_us,
    stated_delivery,
)
from conformance.pack import Pack
from conformance.results import Results
from conformance.summary import Circumstances, assemble_results, judged_signatures
from conformance.timelines import MOST_TIMELINES

CONFORMS, INCOMPLETE = 0, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """What to check, by what, and the words that would ask for it again.

    *mapping* is the file that says how to read a foreign log, *survey* the answers of people, *accessibility*
    what an automated tool found on the pages, *expected* what is expected to fail. *strict* excuses nothing
    that the pack leaves open.
    """

    log: Path
    pack: Pack
    replay: str
    mapping: Path | None = None
    documents: Path | None = None
    root: Path | None = None
    survey: Path | None = None
    accessibility: Path | None = None
    expected: Path | None = None
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """The results of a check and its exit code; *foreign*: the manifest beside fits no log."""

    results: Results
    code: int
    foreign: bool


def check_log(request: CheckRequest, folder: Path) -> Checked:
    """Check the log of *request*; write it as it was judged into *folder*, with its manifest and its rejects.

    Raises InputError for whatever cannot be read or judged.
    """
    require_documents(request.documents, request.root)
    entries = read_expectations(request.expected, request.pack) if request.expected is not None else None
    pages = _findings_on_pages(request)  # before the log, which may take long
    taken, manifest, foreign = _taken_in(request, folder)
    indicators = indicators_of_folder(request.pack, folder, manifest, request.survey)
    judged = _judged(request, folder / LOG_NAME, manifest, indicators)
    found = hold_expectations(entries, judged.judgement.norms, manifest)
    outcome, code = overall(judged.judgement, strict=request.strict, expected=found)
    came_in = _how_it_came_in(request, taken, manifest)
    if code == CONFORMS and not (manifest.complete and came_in.sound):
        outcome, code = "incomplete", INCOMPLETE  # what was not read, guessed or not played is not shown
    how = Circumstances(
        command="check",
        outcome=outcome,
        replay=request.replay,
        signatures=judged_signatures(judged.judgement, mode="given" if request.documents else "none"),
        log=came_in,
        expectations=found,
    )
    shown = None if indicators is None else msgspec.structs.replace(indicators, accessibility=pages)
    results = assemble_results(request.pack, judged.judgement, judged.size, judged.told, manifest, how)
    return Checked(msgspec.structs.replace(results, indicators=shown), code, foreign)


def judge_simulated(pack: Pack, folder: Path, manifest: Manifest, *, replay: str) -> Checked:
    """Judge the log that a simulation of ours wrote into *folder*: canonical already, and without documents.

    *manifest* is its own. It is read as seldom as can be: nothing is taken in, and that no two requests share
    a number is looked for where the rows are judged. The results are those of a check, without how it
    came in. Raises InputError if the log is not canonical after all.
    """
    log = folder / LOG_NAME
    require_canonical(log)
    indicators = indicators_of_folder(pack, folder, manifest)
    judged = _judge(pack, log, manifest, trusting=True)
    outcome, code = overall(judged.judgement)
    if code == CONFORMS and not manifest.complete:
        outcome, code = "incomplete", INCOMPLETE
    how = Circumstances(
        command="check",
        outcome=outcome,
        replay=replay,
        signatures=judged_signatures(judged.judgement, mode="none"),
    )
    results = assemble_results(pack, judged.judgement, judged.size, judged.told, manifest, how)
    return Checked(msgspec.structs.replace(results, indicators=indicators), code, foreign=False)


def _taken_in(request: CheckRequest, folder: Path) -> tuple[Intake, Manifest, bool]:
    """Write log and manifest into *folder*; tell as well whether the manifest beside fits no log."""
    mapping = read_mapping(request.mapping) if request.mapping is not None else None
    log = folder / LOG_NAME
    taken = take_in(request.log, mapping, request.pack, log, place=str(request.mapping or ""))
    beside, foreign = manifest_beside(request.log)
    manifest = judged_manifest(
        request.pack,
        period_of_log(log),
        log,
        beside,
        origin=taken.facts.origin,
        clock_error_us=stated_clock_error_us(taken, beside),
        extracted_at=taken.facts.extracted_at,
        complete=taken.whole and not foreign,
        delivered=stated_delivery(taken, beside),
        lost=lost_of(taken, beside),
    )
    write_manifest(manifest, folder)
    return taken, manifest, foreign


def _judged(request: CheckRequest, log: Path, manifest: Manifest, indicators: Indicators | None) -> JudgedLog:
    return _judge(
        request.pack,
        log,
        manifest,
        documents=request.documents,
        root=request.root,
        surveys=answers_for_norms(indicators),
    )


def _judge(pack: Pack, log: Path, manifest: Manifest, **further: Any) -> JudgedLog:
    """Judge a log by what its manifest says of it; *further* goes to *judge_log* as it is."""
    return judge_log(
        pack,
        log,
        clock_error_us=manifest.clock_error_us,
        extracted_us=moment_us_of(manifest.extracted_at),
        delivered=frozenset(manifest.delivered) if manifest.delivered is not None else None,
        damaged=frozenset(manifest.damaged),
        unplaced=manifest.unplaced,
        first_cases=MOST_TIMELINES,
        verdicts=log.with_name(VERDICTS_NAME),
        **further,
    )


def _how_it_came_in(request: CheckRequest, taken: Intake, manifest: Manifest) -> LogResults:
    zone, error_us = request.pack.act.zone, manifest.clock_error_us
    return msgspec.structs.replace(
        log_results(taken, zone, request.pack, clock_error_us=error_us),
        damaged=len(manifest.damaged),
        unplaced=manifest.unplaced,
        mapping_sha256=sha256_file(request.mapping) if request.mapping is not None else None,
    )


def _findings_on_pages(request: CheckRequest) -> Accessibility | None:
    """Return what was found on the pages: shown beside the indicators, and of no weight in the outcome."""
    if request.accessibility is None:
        return None
    if request.pack.indicators is None:
        found = f"findings for the pack {request.pack.act.id} that has no indicators"
        raise InputError(str(request.accessibility), "", found, "a pack with indicators.yaml")
    return read_accessibility(request.accessibility)
