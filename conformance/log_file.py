"""Read and write event logs: Parquet by DuckDB, JSON Lines beside it, and the manifest of both.

Reading is strict: a log that is not exactly of the schema is refused, never coerced.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec

from conformance.errors import InputError, nearest_name, printable
from conformance.log import COLUMNS, SCHEMA_VERSION, Manifest, Row
from conformance.log_rows import COARSEST_US, check_row
from conformance.log_store import pattern_of
from conformance.logs.sink import RowSink, words_of
from conformance.replaced_file import replacing

if TYPE_CHECKING:
    import duckdb

MAX_ROWS = 5_000_000
"""Of a log held in memory; `reglament check` streams and has no such limit."""
MAX_LINE = 256 * 1024
MEMORY_LIMIT = "1GB"
ORIGINS = ("simulated", "test", "production", "unknown")
MANIFEST_NAME = "manifest.json"
MAX_MANIFEST = 16 * 1024 * 1024
MAX_UNPLACED = 10**12
_NAMES = tuple(name for name, _ in COLUMNS)
_PARQUET = b"PAR1"
_SELECT = "SELECT * FROM read_parquet($1, hive_partitioning=false)"
_DESCRIBE = "DESCRIBE SELECT * FROM read_parquet($1, hive_partitioning=false)"
_COUNT = "SELECT count(*) FROM read_parquet($1, hive_partitioning=false)"


def read_log(path: Path) -> tuple[Row, ...]:
    """Return the rows of the log *path*, Parquet or (with suffix ``.jsonl``) JSON Lines, in file order.

    Raises InputError with the row and column for everything that is not a log of this schema.
    """
    _require_file(path)
    rows = tuple(_read_jsonl(path) if path.suffix == ".jsonl" else _read_parquet(path))
    if not rows:
        raise InputError(str(path), "", "no rows", "a log with at least one row")
    for number, row in enumerate(rows, 1):
        check_row(row, str(path), number)
    return rows


def write_log(rows: Iterable[Row], path: Path) -> None:
    """Write *rows*, sorted, to the Parquet file *path*: the same rows always give the same octets.

    Raises InputError if the place cannot be written; nothing half-written is left.
    """
    with RowSink(path) as sink:
        for row in rows:
            sink.add(row)


def sort_rows(rows: Iterable[Row]) -> list[Row]:
    """Return *rows* by case, end (open ones last), start and step."""
    return sorted(rows, key=_sort_key)


def write_manifest(manifest: Manifest, folder: Path, name: str = MANIFEST_NAME) -> None:
    """Write *manifest* into *folder*. Raises InputError if it cannot be written."""
    octets = msgspec.json.format(msgspec.json.encode(manifest, order="sorted"), indent=2) + b"\n"
    with replacing(folder / name) as beside:
        beside.write_bytes(octets)


def read_manifest(folder: Path, name: str = MANIFEST_NAME) -> Manifest:
    """Return the manifest in *folder*. Raises InputError for a damaged one or another schema version."""
    path = folder / name
    _require_file(path)
    octets = _read_limited(path, MAX_MANIFEST)
    try:
        values = msgspec.json.decode(octets)
        _refuse_repeated(octets, str(path), "")
        _refuse_unknown(values, Manifest.__struct_fields__, str(path), "")
        manifest = msgspec.convert(values, Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(str(path), "", words_of(error), "a manifest of this schema") from None
    if manifest.schema_version != SCHEMA_VERSION:
        found = f"schema version {manifest.schema_version}"
        raise InputError(str(path), "schema_version", found, f"schema version {SCHEMA_VERSION}")
    if manifest.origin not in ORIGINS:
        nearest = nearest_name(manifest.origin, ORIGINS)
        raise InputError(str(path), "origin", repr(manifest.origin), " or ".join(ORIGINS), nearest)
    if not 0 <= manifest.clock_error_us <= COARSEST_US:
        found, expected = f"{manifest.clock_error_us} microseconds", "0 microseconds to one year"
        raise InputError(str(path), "clock_error_us", found, expected)
    if not 0 <= manifest.unplaced <= MAX_UNPLACED:
        raise InputError(str(path), "unplaced", f"{manifest.unplaced} records", f"0 to {MAX_UNPLACED}")
    return manifest


def sha256_file(path: Path) -> str:
    """Return the SHA-256 of the file *path* in hexadecimal. Raises InputError if it cannot be read.

    A large file that has not changed since this process read it is not read again: the writer of a log, its
    judge and its reports ask one after another.
    """
    try:
        found = path.stat()
        if found.st_size < _LARGE:
            return _sha256(path)
        return _sha256_of_state(
            path, (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
        )
    except OSError as error:
        _refuse_file(path, error)


_LARGE = 64 * 1024 * 1024
"""To read so much takes longer than a file system's clock may stand still: later changes have later times."""


@lru_cache(maxsize=8)
def _sha256_of_state(path: Path, state: tuple[int, ...]) -> str:
    del state
    return _sha256(path)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_parquet(path: Path) -> Iterator[Row]:
    import duckdb  # noqa: PLC0415 - half of the start-up time of everything that only writes reports

    with path.open("rb") as file:
        if file.read(4) != _PARQUET:
            raise InputError(str(path), "", "a file that is not Parquet", "a Parquet or .jsonl event log")
    try:
        with _connection() as database:
            described = database.execute(_DESCRIBE, [pattern_of(path)]).fetchall()
            names = check_columns({row[0]: row[1] for row in described}, str(path))
            counted = database.execute(_COUNT, [pattern_of(path)]).fetchone()
            _check_size(counted[0] if counted else 0, str(path))
            cursor = database.execute(_SELECT, [pattern_of(path)])
            number = 0
            while chunk := cursor.fetchmany(10_000):
                for values in chunk:
                    number += 1
                    yield row_of(dict(zip(names, values, strict=True)), str(path), number)
    except duckdb.Error as error:
        raise InputError(str(path), "", words_of(error), "a readable Parquet event log") from None


def _read_jsonl(path: Path) -> Iterator[Row]:
    for number, row in enumerate(rows_of_lines(path), 1):
        _check_size(number, str(path))
        yield row


def rows_of_lines(path: Path) -> Iterator[Row]:
    """Yield the rows of the JSON Lines *path*, one at a time. Raises InputError at the first that is none."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(MAX_LINE + 1):
            number += 1
            if len(line) > MAX_LINE:
                raise InputError(str(path), f"row {number}", "a longer line", f"at most {MAX_LINE} octets")
            yield row_of(_decode_line(line, path, number), str(path), number)


def _decode_line(line: bytes, path: Path, number: int) -> dict[str, Any]:
    try:
        values = msgspec.json.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(str(path), f"row {number}", words_of(error), "a JSON object") from None
    if not isinstance(values, dict):
        raise InputError(str(path), f"row {number}", f"a JSON {type(values).__name__}", "a JSON object")
    _refuse_repeated(line, str(path), f"row {number}")
    _refuse_unknown(values, _NAMES, str(path), f"row {number}")
    return values


def _refuse_repeated(octets: bytes, place: str, inside: str) -> None:
    """Refuse a name that stands twice in one object: the decoder would keep the last, a reader sees both."""

    def unique(pairs: list[tuple[str, Any]]) -> None:
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise InputError(place, inside, f"the name {printable(twice[:80])} twice", "each name once")

    json.loads(octets, object_pairs_hook=unique)


def row_of(values: dict[str, Any], place: str, number: int) -> Row:
    """Return *values* as a row. Raises InputError with its *number* for a column that is absent or unfit."""
    for name in _NAMES:
        if name not in values:
            nearest = nearest_name(name, values)
            raise InputError(place, f"row {number}", "nothing", f"the column {name}", nearest)
        if values[name] is None and name not in _NULLABLE:
            raise InputError(place, f"row {number}, {name}", "nothing", "a value")
    try:
        return msgspec.convert(values, Row)
    except msgspec.ValidationError as error:
        raise InputError(place, f"row {number}", words_of(error), "a row of this schema") from None


_NULLABLE = frozenset(
    {
        "resource",
        "enabled_us",
        "started_us",
        "completed_us",
        "outcome",
        "request_number",
        "attributes",
    }
)


def check_columns(found: dict[str, str], place: str) -> tuple[str, ...]:
    """Return the names of the columns *found* (name: type). Raises InputError unless they are the log's."""
    expected = dict(COLUMNS)
    for name, type_ in COLUMNS:
        if name not in found:
            spare = [other for other in found if other not in expected]
            raise InputError(place, "columns", "nothing", f"the column {name}", nearest_name(name, spare))
        if found[name] != type_:
            raise InputError(place, f"column {name}", found[name], type_)
    _refuse_unknown(found, _NAMES, place, "columns")
    return tuple(found)


def _refuse_unknown(found: Any, known: Sequence[str], place: str, inside: str) -> None:
    if not isinstance(found, dict):
        raise InputError(place, inside, f"a JSON {type(found).__name__}", "a JSON object")
    for name in found:
        if name not in known:
            raise InputError(
                place, inside, f"the unknown name {name}", "a known name", nearest_name(name, known)
            )


def _check_size(rows: int, place: str) -> None:
    if rows > MAX_ROWS:
        raise InputError(place, "", f"{rows} rows", f"at most {MAX_ROWS}")


def _require_file(path: Path) -> None:
    try:
        if path.is_dir():
            raise InputError(str(path), "", "a directory", "an event log or manifest file")
        if path.exists() and not path.is_file():
            raise InputError(str(path), "", "no regular file", "an event log or manifest file")
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        _refuse_file(path, error)


def _refuse_file(path: Path, error: OSError) -> NoReturn:
    raise InputError(str(path), "", (error.strerror or "no file").lower(), "a readable file") from None


def _read_limited(path: Path, limit: int) -> bytes:
    with path.open("rb") as file:
        octets = file.read(limit + 1)
    if len(octets) > limit:
        raise InputError(str(path), "", f"more than {limit} octets", f"at most {limit}")
    return octets


@contextmanager
def _connection() -> Iterator["duckdb.DuckDBPyConnection"]:
    """Open an in-memory database with every limit and the zone set, and nothing fetched from outside."""
    import duckdb  # noqa: PLC0415 - as above

    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY_LIMIT,
        "threads": 1,
        "autoinstall_known_extensions": False,
    }
    database = duckdb.connect(":memory:", config=settings)
    try:
        database.execute("SET TimeZone = 'UTC'")
        yield database
    finally:
        database.close()


def _sort_key(row: Row) -> tuple[Any, ...]:
    ends, starts = row.completed_us, row.enabled_us
    key = (row.case_id, ends is None, ends or 0, starts is None, starts or 0, row.step, row.service, row.path)
    rest = (row.unit, row.resource or "", row.started_us or 0, row.attributes or "")
    last = (row.resource is None, row.started_us is None, row.attributes is None, row.resolution_us)
    texts = tuple((text is None, text or "") for text in (row.outcome, row.request_number))
    return (*key, *rest, *last, *texts)
