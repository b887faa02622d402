"""Do what the command `study` does, from the file of the study to the figures and the log in a folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import process_time

from msgspec.structs import replace

from actors.signature_mode import SignatureMode
from conformance.checking import CheckRequest, check_log, judge_simulated
from conformance.log import COLUMNS, STEP, utc_text
from conformance.log_file import read_manifest, write_manifest
from conformance.log_size import period_of_log
from conformance.manifests import LOG_NAME, simulated_manifest
from conformance.results import Results
from conformance.study_results import PhaseTime, StudyResults
from scenarios.enacted_log import DOCUMENTS, write_enacted_log
from scenarios.study_findings import Circumstances, findings
from scenarios.study_journal import Journal
from scenarios.study_play import Listener, PlayedStudy, StudyPlayer, variants
from scenarios.study_reader import ReadyStudy, find_study, read_study
from scenarios.trials import TrialListener
from sim.load.blocks import PlayedCases
from sim.load.enactment import require_enactable
from sim.load.engines import Engine, usable_engine
from sim.load.log_writer import ATTRIBUTES, LogWriter
from sim.load.plan import LoadPlan
from sim.load.task import plan_of
from sim.load.workers import Workforce, require_workers
from sim.signatures import SignatureChoice

NOTHING_SIGNED = SignatureChoice(mode=SignatureMode.OFF)


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyRequest:
    """What a user asks of a study: *replications* None for its own number, *with_log* for its event log.

    Unless *signatures* are off the actors play the first replication too, and leave log and documents.
    """

    ready: ReadyStudy
    seed: int
    engine: Engine
    force: Workforce
    replay: str
    replications: int | None = None
    with_log: bool = True
    signatures: SignatureChoice = NOTHING_SIGNED


def request_of(  # noqa: PLR0913, PLR0917 - what a user types
    study: str,
    seed: int,
    engine: str,
    workers: tuple[int, str | None],
    replications: int | None,
    replay: str,
    *,
    with_log: bool,
    signatures: SignatureChoice = NOTHING_SIGNED,
) -> StudyRequest:
    """Return what a user asks of the study in a file, or of a shipped one by its name.

    *workers* are the jobs on this machine (0: one for each core, up to 8), and the address of a cluster that
    plays instead. Raises InputError for a study that cannot be read.
    """
    jobs, cluster = workers
    return StudyRequest(
        ready=read_study(find_study(study)),
        seed=seed,
        engine=Engine(engine),
        force=Workforce(jobs or min(os.cpu_count() or 1, 8), cluster),
        replay=replay,
        replications=replications,
        with_log=with_log,
        signatures=signatures,
    )


def do_study(request: StudyRequest, folder: Path, journal: Journal, listener: TrialListener) -> StudyResults:
    """Play a study and return what it found; write log and manifest of its first replication into *folder*.

    After an interruption what was finished is returned, marked incomplete, and no log is left: half a day
    looks like a quiet one. Raises KeyboardInterrupt if nothing was finished, InputError for what cannot be
    played.
    """
    engine, note = usable_engine(request.engine)
    enacted = request.signatures.mode is not SignatureMode.OFF
    if enacted:
        require_enactable(_first_plan(request), request.seed, 0)
    require_workers(request.force)
    player = StudyPlayer(request.ready, request.seed, engine, request.force, journal, listener)
    log = folder / LOG_NAME
    with _log_of(request, player, log) as writer:
        played = player.play(request.replications)
        if not any(point.replications for point in played.points):
            raise KeyboardInterrupt
        written_s = _finish_log(writer, played, listener)
    first = played.points[0]
    sha = None
    if log.is_file():
        standing = bool(first.replications[0].standing)
        sha = write_study_manifest(first.plan, folder, request.seed, unfinished=standing)
        if enacted:
            sha = write_enacted_log(
                first,
                request.ready.world,
                request.seed,
                request.signatures,
                folder=folder,
                listener=listener,
            )
    how = Circumstances(
        command="study",
        replay=request.replay,
        seed=request.seed,
        engine=engine,
        engine_note=note,
        signatures=request.signatures.mode,
        log_sha256=sha,
        phases=(PhaseTime(phase="play", cpu_s=played.cpu_s), PhaseTime(phase="log", cpu_s=written_s)),
    )
    return findings(request.ready, played, how)


@contextmanager
def _log_of(request: StudyRequest, player: StudyPlayer, log: Path) -> Iterator[LogWriter | None]:
    """Open the writer of the log, and let it hear the first replication of the first point."""
    if not request.with_log:
        yield None
        return
    plan = _first_plan(request)
    with LogWriter.opened(plan, log) as writer:

        def hear(_: LoadPlan, block: PlayedCases) -> None:
            writer.add(block)

        player.first_listener = hear
        yield writer


def _first_plan(request: StudyRequest) -> LoadPlan:
    return plan_of(request.ready.source(variants(request.ready)[0][1]))


def _finish_log(writer: LogWriter | None, played: PlayedStudy, listener: Listener) -> float:
    """Write the log of a study that was played to its end; return what that cost in processor time.

    If nobody came there is none: a log without rows says nothing, and no judge takes it.
    """
    began_s = process_time()
    if writer is not None and played.complete:
        writer.finish()
        if not writer.rows:
            writer.path.unlink()
            listener.warn("nobody came in the first replication, so there is no log")
    return process_time() - began_s


def write_study_manifest(plan: LoadPlan, folder: Path, seed: int, *, unfinished: bool) -> str:
    """Write what belongs to the log of a study in *folder*, and return the log's hash.

    No document was made, so none is delivered. Cases that had not ended (*unfinished*: there are some) are
    looked at as of the end of the run.
    """
    log, pack = folder / LOG_NAME, plan.pack
    manifest = simulated_manifest(pack, period_of_log(log), log, seed=seed, complete=True)
    delivered = (
        *(name for name, _ in COLUMNS),
        *(f"attributes.{name}" for name in ATTRIBUTES),
        *(f"{STEP}{step.code}" for step in pack.steps),
    )
    extracted_at = utc_text(plan.network.horizon_us) if unfinished else manifest.extracted_at
    write_manifest(replace(manifest, delivered=delivered, extracted_at=extracted_at), folder)
    return manifest.log_sha256


def judge_study(ready: ReadyStudy, folder: Path, into: Path, replay: str) -> Results | None:
    """Judge the log that *do_study* left in *folder* as `check` would, with its documents if it has any.

    What `check` leaves beside its reports goes *into* a folder; *replay* is how to ask for it again. Return
    None if there is no log: nobody came, or the study was interrupted.
    """
    log, documents = folder / LOG_NAME, folder / DOCUMENTS
    if not log.is_file():
        return None
    if documents.is_dir():
        into.mkdir()
        return check_log(
            CheckRequest(log=log, pack=ready.pack, replay=replay, documents=documents), into
        ).results
    return judge_simulated(ready.pack, folder, read_manifest(folder), replay=replay).results
