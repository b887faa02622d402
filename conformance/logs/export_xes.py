"""Write the canonical log as XES, with what the standard has no word for as attributes of an own extension.

Source: IEEE 1849-2016; the extensions Concept, Lifecycle, Organizational and Time are the standard's.
"""

import gzip
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from xml.sax.saxutils import quoteattr

from conformance.errors import InputError
from conformance.log import Row, utc_text
from conformance.logs.exported import fit_for_xml, from_xml, row_from
from conformance.logs.moments import microseconds_of
from conformance.logs.records import Record, Reject
from conformance.logs.xes_reader import read_xes

_EXTENSIONS = ("Concept", "Lifecycle", "Organizational", "Time")
_PREFIXES = ("concept", "lifecycle", "org", "time")
_URI = "urn:reglament:xes"
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">\n'
    + "".join(
        f'<extension name="{name}" prefix="{prefix}" uri="http://www.xes-standard.org/{prefix}.xesext"/>\n'
        for name, prefix in zip(_EXTENSIONS, _PREFIXES, strict=True)
    )
    + f'<extension name="Reglament" prefix="reglament" uri="{_URI}"/>\n'
    '<global scope="trace">\n<string key="concept:name" value=""/>\n</global>\n'
    '<global scope="event">\n<string key="concept:name" value=""/>\n'
    '<string key="lifecycle:transition" value="complete"/>\n'
    '<int key="reglament:resolution_us" value="1"/>\n</global>\n'
    '<classifier name="Step" keys="concept:name"/>\n'
)
_STRINGS = (
    ("concept:name", "step"),
    ("org:resource", "resource"),
    ("org:group", "unit"),
    ("reglament:service", "service"),
    ("reglament:path", "path"),
    ("reglament:outcome", "outcome"),
    ("reglament:request_number", "request_number"),
    ("reglament:attributes", "attributes"),
)
_DATES = (("reglament:enabled", "enabled_us"), ("reglament:started", "started_us"))
_ENDED = "complete"
MARK = "reglament:resolution_us"


def write_xes(rows: Iterator[Row], path: Path, *, compressed: bool) -> None:
    """Write *rows*, which stand case by case, to *path*. Raises OSError if it cannot be written."""
    with path.open("wb") as raw:
        if not compressed:
            _write(rows, raw)
            return
        with gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0, compresslevel=6) as file:
            _write(rows, file)


def read_exported_xes(path: Path) -> Iterator[Row]:
    """Yield the rows of a file that *write_xes* wrote. Raises InputError for a foreign one."""
    for found in read_xes(path):
        if isinstance(found, Reject):
            inside = f"event {found.ordinal}"
            raise InputError(str(path), inside, f"what is no event ({found.reason})", "an event of a log")
        yield _row(found, str(path))


def _write(rows: Iterator[Row], file: "BinaryIO | gzip.GzipFile") -> None:
    file.write(_HEAD.encode())
    case: str | None = None
    for row in rows:
        if row.case_id != case:
            file.write(b"" if case is None else b"</trace>\n")
            case = row.case_id
            file.write(f"<trace>\n{_string('concept:name', case)}".encode())
        file.write(_event(row).encode())
    file.write(b"</log>\n" if case is None else b"</trace>\n</log>\n")


def _event(row: Row) -> str:
    parts = [_string(key, getattr(row, name)) for key, name in _STRINGS if getattr(row, name) is not None]
    parts += [_date(key, getattr(row, name)) for key, name in _DATES if getattr(row, name) is not None]
    transition, moment = _ENDED, row.completed_us
    if moment is None:  # still open: the latest that is known of it
        transition, moment = (
            ("start", row.started_us) if row.started_us is not None else ("schedule", row.enabled_us)
        )
    parts.append(_string("lifecycle:transition", transition))
    if moment is not None:
        parts.append(_date("time:timestamp", moment))
    parts.append(f'<int key="{MARK}" value="{row.resolution_us}"/>\n')
    return f"<event>\n{''.join(parts)}</event>\n"


_SPACES = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


def _string(key: str, value: str) -> str:
    return f'<string key="{key}" value={quoteattr(fit_for_xml(value), _SPACES)}/>\n'


def _date(key: str, moment_us: int) -> str:
    return f'<date key="{key}" value="{utc_text(moment_us)}"/>\n'


def _row(record: Record, place: str) -> Row:
    values = record.values
    if MARK not in values:
        expected = "a mapping (--mapping FILE); `reglament map` proposes one"
        raise InputError(place, f"event {record.ordinal}", "a foreign log (xes) without a mapping", expected)
    read: dict[str, Any] = {"resolution_us": values[MARK], "case_id": _text(values.get("case:concept:name"))}
    read |= {name: _text(values.get(key)) for key, name in _STRINGS}
    read |= {name: _moment(values.get(key), place, record.ordinal) for key, name in _DATES}
    ended = values.get("lifecycle:transition") == _ENDED
    read["completed_us"] = _moment(values.get("time:timestamp"), place, record.ordinal) if ended else None
    return row_from(read, place, record.ordinal)


def _text(value: object) -> object:
    return from_xml(value) if isinstance(value, str) else value


def _moment(value: object, place: str, ordinal: int) -> int | None:
    if value is None:
        return None
    try:
        return microseconds_of(datetime.fromisoformat(str(value)))
    except (ValueError, TypeError, OverflowError):
        raise InputError(place, f"event {ordinal}", "a text that is no moment", "ISO 8601 in UTC") from None
