"""Read CSV strictly: one header, every row as wide as it, quotes closed, text in the encoding it claims.

Source: RFC 4180.
"""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from conformance.errors import InputError, nearest_name, printable
from conformance.logs.records import Reason, Record, Reject, Value

MAX_LINE = 1024 * 1024
MAX_COLUMNS = 2_000
_MOST_NAMED = 8
_LONGEST_NAME = 80
_UNREADABLE = re.compile("[\ud800-\udfff]")


def read_csv(
    path: Path,
    *,
    delimiter: str = ",",
    encoding: str = "utf-8",
    wanted: tuple[str, ...] = (),
    any_sign: bool = False,
) -> Iterator[Record | Reject]:
    """Yield the rows of the CSV file *path*, numbered by the line they end in; empty lines are none.

    With *any_sign* even a NUL may stand in a text, as in a file that this program exported. Raises
    InputError for a header that is absent or names a column twice, for *wanted* columns it lacks, and for a
    line that no row can have.
    """
    place = str(path)
    try:
        with _opened(path, encoding) as file:
            rows = csv.reader(_lines(file, place), delimiter=delimiter, strict=True)
            header = _header(rows, place, wanted)
            while True:
                try:
                    cells = next(rows, None)
                except csv.Error:
                    yield Reject(rows.line_num, "", Reason.BAD_RECORD)
                    continue
                if cells is None:
                    return
                if cells:
                    yield _record(header, cells, rows.line_num, any_sign=any_sign)
    except UnicodeError:
        raise InputError(place, "", f"octets that are not {encoding}", f"text in {encoding}") from None


def header_of(path: Path, *, delimiter: str = ",", encoding: str = "utf-8") -> tuple[str, ...]:
    """Return the names of the columns of the CSV file *path*. Raises InputError as *read_csv* does."""
    with _opened(path, encoding) as file:
        return _header(csv.reader(_lines(file, str(path)), delimiter=delimiter, strict=True), str(path), ())


def _opened(path: Path, encoding: str) -> TextIO:
    # Octets that are no UTF-8 reject their row alone; in UTF-16 one of them shifts all that follow.
    errors = "strict" if encoding == "utf-16" else "surrogateescape"
    name = "utf-8-sig" if encoding == "utf-8" else encoding
    try:
        return path.open(encoding=name, errors=errors, newline="")
    except OSError as error:
        found = (error.strerror or "no file").lower()
        raise InputError(str(path), "", found, "a readable file") from None


def _lines(file: TextIO, place: str) -> Iterator[str]:
    number = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            raise InputError(place, f"line {number}", "a longer line", f"at most {MAX_LINE} signs")
        yield line


def _header(rows: Iterator[list[str]], place: str, wanted: tuple[str, ...]) -> tuple[str, ...]:
    try:
        header = next(rows, [])
    except csv.Error:
        raise InputError(place, "line 1", "quotes that are not closed", "the names of the columns") from None
    if not any(header) or len(header) > MAX_COLUMNS:
        raise InputError(place, "line 1", f"{len(header)} names", "the names of the columns")
    for number, name in enumerate(header):
        if _UNREADABLE.search(name) or "\0" in name:
            raise InputError(place, f"line 1, column {number + 1}", "octets that are no text", "a name")
        if name in header[:number]:
            raise InputError(place, f"line 1, column {number + 1}", "a name for the second time", "each once")
    for name in wanted:
        if name not in header:
            found, expected = _found(header), f"the column {name}{_other_delimiter(header)}"
            raise InputError(place, "line 1", found, expected, nearest_name(name, header))
    return tuple(header)


def _found(header: list[str]) -> str:
    shown = ", ".join(repr(printable(name[:_LONGEST_NAME])) for name in header[:_MOST_NAMED])
    more = ", ..." if len(header) > _MOST_NAMED else ""
    return f"the columns {shown}{more}" if len(header) > 1 else f"one column {shown}"


def _other_delimiter(header: list[str]) -> str:
    """Return a hint at the sign that probably separates the columns, if it is not the one in use."""
    if len(header) > 1:
        return ""
    sign = max(";\t|,", key=header[0].count)
    return f" (in the mapping, csv: {{delimiter: {json.dumps(sign)}}})" if sign in header[0] else ""


def _record(header: tuple[str, ...], cells: list[str], line: int, *, any_sign: bool) -> Record | Reject:
    if len(cells) != len(header):
        return Reject(line, "", Reason.RAGGED_ROW)
    values: dict[str, Value] = dict(zip(header, cells, strict=True))
    for name, cell in zip(header, cells, strict=True):
        if ("\0" in cell and not any_sign) or (not cell.isascii() and _UNREADABLE.search(cell)):
            return Reject(line, name, Reason.BAD_ENCODING)
    return Record(line, values)
