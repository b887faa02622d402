"""The log of a small study with its documents: the first replication once more, by the real actors."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from conformance.errors import InputError
from conformance.log import Row
from conformance.log_file import read_log, sha256_file, write_log, write_manifest
from conformance.log_size import period_of_log
from conformance.manifests import LOG_NAME, simulated_manifest
from scenarios.runner import write_documents
from scenarios.study_play import PlayedPoint
from scenarios.trials import TrialListener
from sim.load.enactment import enact
from sim.load.preparation import changed_world
from sim.plan import WorldPlan
from sim.recorder import Recorder
from sim.signatures import SignatureChoice

DOCUMENTS = "documents"


@dataclass(slots=True)
class _HeardRecorder(Recorder):
    """Keep everything, and tell how much there is."""

    listener: TrialListener | None = None

    def keep_row(self, row: Row) -> None:
        Recorder.keep_row(self, row)
        if self.listener is not None:
            self.listener.trying(f"the actors: {len(self.rows):,} steps")


def write_enacted_log(  # noqa: PLR0913 - what is played, how, where it goes, who hears of it
    point: PlayedPoint,
    world: WorldPlan,
    seed: int,
    how: SignatureChoice,
    *,
    folder: Path,
    listener: TrialListener,
) -> str:
    """Let the actors play what the log in *folder* tells; put their log in its place, with their documents.

    Return the hash of that log. Raises InputError for a study that actors cannot play, or in which a request
    had not ended; and RuntimeError, which is a defect, if they do not leave the rows of the engine.
    """
    plan = point.plan
    if point.replications[0].standing:
        raise InputError(
            "the study", "drain", "requests without an end, with signatures real or sampled", "a longer one"
        )
    sink = _HeardRecorder(listener=listener)
    enacted = enact(plan, changed_world(plan.study, world), seed, replication=0, sink=sink, signatures=how)
    log = folder / LOG_NAME
    _require_same(read_log(log), enacted.rows.values())
    write_log(enacted.rows.values(), log)
    write_manifest(simulated_manifest(plan.pack, period_of_log(log), log, seed=seed, complete=True), folder)
    (folder / DOCUMENTS).mkdir()
    write_documents(sink.documents, enacted.root_pem, folder / DOCUMENTS)
    return sha256_file(log)


def _require_same(engine: Iterable[Row], actors: Iterable[Row]) -> None:
    """Raise RuntimeError unless the same cases took the same steps at the same moments, to the same ends."""
    different = {_played(row) for row in engine} ^ {_played(row) for row in actors}
    if different:
        raise RuntimeError(f"engine and actors differ in {len(different)} rows, such as {min(different)}")


def _played(row: Row) -> tuple[str, ...]:
    moments = (row.enabled_us, row.started_us, row.completed_us)
    return (row.case_id, row.step, row.service, row.path, row.unit, row.outcome or "", *map(str, moments))
