"""Rows of any number into the canonical file: sorted on disk, the same rows always the same octets."""

import tempfile
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import msgspec

from conformance.errors import InputError
from conformance.log import COLUMNS, Row
from conformance.log_store import pattern_of, quoted
from conformance.replaced_file import replacing

ROW_GROUP = 122_880
PART = 100_000
MAX_OBJECT = 4 * 1024 * 1024
MEMORY_LIMITS = ("96MB", "512MB", "2GB")
NAMES = ", ".join(name for name, _ in COLUMNS)
ORDER = (
    "case_id, completed_us IS NULL, completed_us, enabled_us IS NULL, enabled_us, step, service, path, unit, "
    "coalesce(resource, ''), coalesce(started_us, 0), coalesce(attributes, ''), "
    "resource IS NULL, started_us IS NULL, attributes IS NULL, resolution_us, "
    "outcome IS NULL, outcome, request_number IS NULL, request_number"
)
"""The order of the canonical file, down to rows that differ in nothing: that of ``log_file.sort_rows``."""


class RowSink:
    """Take rows one by one; at the end they stand sorted in the canonical file. Use it as a context."""

    def __init__(self, path: Path) -> None:
        self.rows = 0
        self._path = path
        self._folder = tempfile.TemporaryDirectory(prefix="reglament-")
        self._parts: list[Path] = []
        self._encode = msgspec.json.Encoder().encode
        self._lines = Path(self._folder.name) / "lines.jsonl"
        self._file: BinaryIO = self._lines.open("wb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            self._file.close()
            self._folder.cleanup()

    def add(self, row: Row) -> None:
        """Take one row. Raises InputError if there is no place for it."""
        self._file.write(self._encode(row) + b"\n")
        self.rows += 1
        if self.rows % PART == 0:
            self._put_aside()

    def _put_aside(self) -> None:
        """Turn the lines so far into a part: Parquet takes a tenth of their place."""
        self._file.close()
        part = Path(self._folder.name) / f"{len(self._parts)}.parquet"
        _run(
            f"COPY (SELECT {NAMES} FROM {self._source()}) "  # noqa: S608 - names of this program
            f"TO {quoted(str(part))} (FORMAT parquet, ROW_GROUP_SIZE 20000)",
            self._path,
        )
        self._parts.append(part)
        self._file = self._lines.open("wb")

    def _source(self) -> str:
        """Return the lines as a table function of SQL."""
        columns = ", ".join(f"'{name}': '{type_}'" for name, type_ in COLUMNS)
        form = f"format='newline_delimited', maximum_object_size={MAX_OBJECT}"
        return f"read_json({quoted(pattern_of(self._lines))}, columns={{{columns}}}, {form})"

    def _finish(self) -> None:
        if self._parts and self.rows % PART:
            self._put_aside()
        self._file.close()
        sources = ", ".join(quoted(pattern_of(part)) for part in self._parts)
        parts = f"read_parquet([{sources}], hive_partitioning=false)"
        write_sorted(parts if self._parts else self._source(), self._path)


def write_sorted(source: str, path: Path) -> None:
    """Write the rows of *source*, a table or table function of SQL, sorted to the canonical file *path*."""
    with replacing(path) as beside:
        _run(
            f"COPY (SELECT {NAMES} FROM {source} ORDER BY {ORDER}) TO {quoted(str(beside))} "  # noqa: S608
            f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})",
            path,
        )


def _run(statement: str, path: Path) -> None:
    """Run *statement* on the way to *path*, with more memory only for rows that are too wide for less.

    One thread, one order; what does not fit is spilled. Raises InputError for whatever cannot be done.
    """
    import duckdb  # noqa: PLC0415 - half of the start-up time of everything that only writes reports

    for limit in MEMORY_LIMITS:
        with tempfile.TemporaryDirectory(prefix="reglament-") as spill:
            settings: dict[str, str | bool | int | float | list[str]] = {
                "memory_limit": limit,
                "threads": 1,
                "temp_directory": spill,
                "autoinstall_known_extensions": False,
            }
            try:
                with duckdb.connect(":memory:", config=settings) as database:
                    database.execute(statement)
                    return
            except duckdb.OutOfMemoryException as error:
                found = words_of(error)
            except duckdb.Error as error:
                raise InputError(str(path), "", words_of(error), "a place that can be written") from None
    raise InputError(str(path), "", found, f"rows that can be sorted within {MEMORY_LIMITS[-1]}")


def words_of(error: Exception) -> str:
    """Return the first line of a library's message, without its full stop."""
    text = (str(error).splitlines() or [type(error).__name__])[0].strip().rstrip(".")
    return text[:200] or type(error).__name__
