"""Take any log in: whatever it is, out comes the canonical file that everything after it reads."""

from dataclasses import dataclass
from pathlib import Path

from conformance.errors import InputError
from conformance.log_file import sha256_file
from conformance.log_rows import check_row
from conformance.logs.canonical import settle
from conformance.logs.durations import span_us
from conformance.logs.formats import format_of
from conformance.logs.mapped_rows import Mapper
from conformance.logs.mapping import Mapping, check_against
from conformance.logs.own_files import own_rows
from conformance.logs.readers import read_records
from conformance.logs.records import Reject
from conformance.logs.rejects import Rejects
from conformance.logs.sink import RowSink
from conformance.pack import Pack


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What a mapping, or nobody, vouches for; what nobody said is None.

    *delivered* are the columns and attributes of the log that the source fills.
    """

    format: str
    sha256: str
    origin: str
    zone: str | None
    clock_error_us: int | None
    mapped: bool
    extracted_at: str | None = None
    delivered: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of a log: rows kept, rejects by reason, records knowingly ignored, and activities.

    *unmapped* counts activities without a step; *unconfirmed* are those that nobody has confirmed yet.
    *damaged* are the cases that lack a rejected record, *unplaced* counts rejects of no known case.
    """

    log: Path
    facts: SourceFacts
    read: int
    rows: int
    ignored: int
    rejects: dict[str, int]
    unmapped: dict[str, int]
    unconfirmed: tuple[str, ...]
    damaged: frozenset[str] = frozenset()
    unplaced: int = 0

    @property
    def rejected(self) -> int:
        """Return how many records were rejected: with any, no log conforms."""
        return sum(self.rejects.values())

    @property
    def whole(self) -> bool:
        """Tell whether every record was read, by nobody's guess."""
        return not self.rejected and not self.unconfirmed


def take_in(log: Path, mapping: Mapping | None, pack: Pack | None, to: Path, *, place: str = "") -> Intake:
    """Read *log*, apply *mapping*, and write the canonical sorted log to *to*, rejects beside it.

    A log without a mapping must be of this schema: then nothing is rejected, the first bad row is an error.
    *place* names the mapping in messages. Raises InputError for an unreadable log, a mapping that does not
    fit *pack*, and a log of which not one row is left.
    """
    form = format_of(log)
    if mapping is None:
        return _own(log, form, to)
    place = place or "mapping"
    if mapping.format is not None and mapping.format != form:
        raise InputError(str(log), "", f"a log in the format {form}", f"{mapping.format}, as {place} says")
    if pack is not None:
        check_against(mapping, pack, place)
    mapper = Mapper(mapping, place)
    with Rejects(to.parent) as rejects, RowSink(to) as sink:
        for item in mapper.rows(read_records(log, form, mapping)):
            if isinstance(item, Reject):
                rejects.add(item)
            else:
                sink.add(item)
        if sink.rows == 0:
            raise InputError(str(log), "", _nothing_left(mapper.tally.read, rejects), "at least one row")
    return Intake(
        log=to,
        facts=_facts(log, form, mapping),
        read=mapper.tally.read,
        rows=sink.rows,
        ignored=mapper.tally.ignored,
        rejects=rejects.counted(),
        unmapped=dict(sorted(mapper.tally.unmapped.items(), key=lambda pair: (-pair[1], pair[0]))),
        unconfirmed=mapping.unconfirmed,
        damaged=frozenset(rejects.damaged.names),
        unplaced=rejects.unplaced,
    )


def _own(log: Path, form: str, to: Path) -> Intake:
    """Take in a log that is of this schema already."""
    rows = settle(log, to) if form == "parquet" else _streamed(log, form, to)
    facts = _facts(log, form, None)
    return Intake(
        log=to, facts=facts, read=rows, rows=rows, ignored=0, rejects={}, unmapped={}, unconfirmed=()
    )


def _streamed(log: Path, form: str, to: Path) -> int:
    with RowSink(to) as sink:
        for number, row in enumerate(own_rows(log, form), 1):
            check_row(row, str(log), number)
            sink.add(row)
        if sink.rows == 0:
            raise InputError(str(log), "", "no rows", "a log with at least one row")
    return sink.rows


def _nothing_left(read: int, rejects: Rejects) -> str:
    reasons = ", ".join(f"{count} {reason}" for reason, count in rejects.counted().items())
    return f"not one row in {read} records" + (f" (rejected: {reasons})" if reasons else "")


def _facts(log: Path, form: str, mapping: Mapping | None) -> SourceFacts:
    error = mapping.time.clock_error if mapping else None
    return SourceFacts(
        format=form,
        sha256=sha256_file(log),
        origin=mapping.origin if mapping else "unknown",
        zone=mapping.time.zone if mapping else None,
        clock_error_us=span_us(error) if error is not None else None,
        extracted_at=mapping.time.extracted_at if mapping else None,
        mapped=mapping is not None,
        delivered=mapping.delivered() if mapping else None,
    )
