"""Make the manifest of a log that was just written, and read the one beside a log that was given."""

from pathlib import Path
from typing import NamedTuple

import msgspec

from conformance.log import SCHEMA_VERSION, Manifest
from conformance.log_file import MANIFEST_NAME, read_manifest, sha256_file
from conformance.log_rows import names_a_person
from conformance.log_size import Period, period_of_log
from conformance.logs.intake import Intake
from conformance.logs.rejects import DamagedCases
from conformance.pack import Pack

LOG_NAME = "log.parquet"
"""The log of a run or a check, to which the manifest of its folder belongs."""


class Lost(NamedTuple):
    """The cases of which records were rejected, and how many rejected records are of no known case."""

    damaged: tuple[str, ...] = ()
    unplaced: int = 0


NOTHING_LOST = Lost()
Beside = tuple[Manifest | None, bool]
"""The manifest that fits a log, and whether there is one that fits no log."""


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
    complete: bool = True,
    delivered: tuple[str, ...] | None = None,
    lost: Lost = NOTHING_LOST,
) -> Manifest:
    """Return the manifest of the judged *log*, which covers *period*.

    What was *known* of it stands; *origin* and *extracted_at* are for a log without a manifest of its own.
    It is *complete* only if all of its source was read, and the source was complete.
    *delivered* is what its source delivers, if somebody said so, *lost* what became no row.
    """
    made = _manifest(
        pack,
        period,
        log,
        origin=known.origin if known else origin,
        seed=known.seed if known else None,
        extracted_at=known.extracted_at if known else extracted_at,
        complete=complete and (known.complete if known else True),
    )
    return msgspec.structs.replace(made, clock_error_us=clock_error_us, delivered=delivered, **lost._asdict())


def converted_manifest(intake: Intake, log: Path, pack: Pack | None, beside: Beside) -> Manifest:
    """Return the manifest of *log*, which was converted from what *intake* took in: it forgets nothing.

    What the mapping says of clocks and zone goes before what the manifest *beside* the source says.
    """
    facts, (known, foreign) = intake.facts, beside
    start, end = period_of_log(intake.log)
    return Manifest(
        schema_version=SCHEMA_VERSION,
        pack=pack.act.id if pack else (known.pack if known else ""),
        pack_sha256=pack.sha256 if pack else (known.pack_sha256 if known else ""),
        seed=known.seed if known else None,
        origin=known.origin if known else facts.origin,
        period_start=start,
        period_end=end,
        zone=facts.zone or (known.zone if known else "") or (pack.act.zone if pack else ""),
        extracted_at=facts.extracted_at or (known.extracted_at if known else None),
        log_sha256=sha256_file(log),
        complete=intake.whole and not foreign and (known is None or known.complete),
        clock_error_us=stated_clock_error_us(intake, known),
        delivered=stated_delivery(intake, known),
        **lost_of(intake, known)._asdict(),
    )


def stated_clock_error_us(intake: Intake, known: Manifest | None) -> int:
    """Return the stated error of one reading: what the mapping says, else what the manifest says."""
    if intake.facts.clock_error_us is not None:
        return intake.facts.clock_error_us
    return known.clock_error_us if known is not None else 0


def stated_delivery(intake: Intake, known: Manifest | None) -> tuple[str, ...] | None:
    """Return what the source delivers: what the mapping says, else what the manifest says."""
    if intake.facts.delivered is not None:
        return intake.facts.delivered
    return known.delivered if known is not None else None


def lost_of(intake: Intake, known: Manifest | None) -> Lost:
    """Return what became no row, now and when the log was made.

    A case for which a manifest has no room, or that a foreign one names by a person's number, counts as one
    record of no known case.
    """
    both = intake.damaged.union(known.damaged if known is not None else ())
    kept = DamagedCases()
    left_out = sum(names_a_person(name) or not kept.add(name) for name in sorted(both))
    unplaced = intake.unplaced + (known.unplaced if known is not None else 0)
    return Lost(tuple(sorted(kept.names)), unplaced + left_out)


def own_manifest_name(log: Path) -> str:
    """Return the name of the manifest that belongs to *log* alone, whatever else lies beside it."""
    return f"{log.name}.{MANIFEST_NAME}"


def manifest_beside(log: Path) -> Beside:
    """Return the manifest beside *log* if it speaks of this very log, and whether it fits no log there.

    A log's own manifest, named after it, goes before that of the folder, which may speak of the folder's
    ``log.parquet``. Raises InputError if there is one that cannot be read.
    """
    own = own_manifest_name(log)
    name = own if (log.parent / own).is_file() else MANIFEST_NAME
    if not (log.parent / name).is_file():
        return None, False
    manifest = read_manifest(log.parent, name)
    if manifest.log_sha256 == sha256_file(log):
        return manifest, False
    other = log.parent / LOG_NAME
    of_another = name == MANIFEST_NAME and other.is_file() and sha256_file(other) == manifest.log_sha256
    return None, not of_another


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
