"""Write what a run leaves for its judges: the event log, its manifest, and the documents."""

from pathlib import Path

from conformance.log import Manifest
from conformance.log_file import write_log, write_manifest
from conformance.log_size import size_of
from conformance.manifests import simulated_manifest
from scenarios.run import Run
from scenarios.runner import write_documents


def write_evidence(run: Run, folder: Path, *, violations: bool) -> Manifest:
    """Write the regular scenarios of *run*, or its deliberate *violations*, into *folder*."""
    outcomes, rows = run.outcomes_of(violations=violations), run.rows(violations=violations)
    documents: dict[str, dict[str, bytes]] = {}
    for outcome in outcomes:
        for name, files in outcome.documents.items():  # several plays share the folder of the message logs
            documents.setdefault(name, {}).update(files)
    (folder / "documents").mkdir(parents=True)
    root_pem = next((outcome.root_pem for outcome in outcomes if outcome.root_pem), None)
    if root_pem is not None:
        write_documents(documents, root_pem, folder / "documents")
    log = folder / "log.parquet"
    write_log(rows, log)
    manifest = simulated_manifest(run.pack, size_of(rows).period, log, seed=run.seed, complete=run.complete)
    write_manifest(manifest, folder)
    return manifest
