"""Make the manifest of a log that was just written, and read the one beside a log that was given."""

from pathlib import Path

import msgspec

from conformance.log import SCHEMA_VERSION, Manifest
from conformance.log_file import read_manifest, sha256_file
from conformance.log_size import Period
from conformance.pack import Pack


def simulated_manifest(pack: Pack, period: Period, log: Path, *, seed: int, complete: bool) -> Manifest:
    """Return the manifest of the simulated *log*, which covers *period*."""
    _, end = period
    return _manifest(pack, period, log, origin="simulated", seed=seed, extracted_at=end, complete=complete)


def judged_manifest(  # noqa: PLR0913 - what a manifest says
    pack: Pack,
    period: Period,
    log: Path,
    known: Manifest | None,
    *,
    origin: str,
    clock_error_us: int,
    extracted_at: str | None = None,
) -> Manifest:
    """Return the manifest of the judged *log*, which covers *period*.

    What was *known* of it stands; *origin* and *extracted_at* are for a log without a manifest of its own.
    """
    made = _manifest(
        pack,
        period,
        log,
        origin=known.origin if known else origin,
        seed=known.seed if known else None,
        extracted_at=known.extracted_at if known else extracted_at,
        complete=known.complete if known else True,
    )
    return msgspec.structs.replace(made, clock_error_us=clock_error_us)


def manifest_beside(log: Path) -> tuple[Manifest | None, bool]:
    """Return the manifest beside *log* if it speaks of this very log, and whether it speaks of another one.

    Raises InputError if there is one that cannot be read.
    """
    if not (log.parent / "manifest.json").is_file():
        return None, False
    manifest = read_manifest(log.parent)
    return (manifest, False) if manifest.log_sha256 == sha256_file(log) else (None, True)


def _manifest(  # noqa: PLR0913 - what a manifest says
    pack: Pack,
    period: Period,
    log: Path,
    *,
    origin: str,
    seed: int | None,
    extracted_at: str | None,
    complete: bool,
) -> Manifest:
    start, end = period
    return Manifest(
        schema_version=SCHEMA_VERSION,
        pack=pack.act.id,
        pack_sha256=pack.sha256,
        seed=seed,
        origin=origin,
        period_start=start,
        period_end=end,
        zone=pack.act.zone,
        extracted_at=extracted_at,
        log_sha256=sha256_file(log),
        complete=complete,
    )
