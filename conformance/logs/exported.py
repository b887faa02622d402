"""Write the canonical log in other formats, and read such a file back without a mapping: the same rows.

Each format's own text rules are here: how nothing differs from an empty text in CSV, and how signs that XML
cannot hold stand in XES.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conformance.errors import InputError
from conformance.log import COLUMNS, Row
from conformance.log_file import row_of
from conformance.log_store import COLUMN_NAMES, opened_log

BATCH = 5_000


def stream_rows(log: Path) -> Iterator[Row]:
    """Yield the rows of the canonical *log* in its order, a few thousand in memory at a time."""
    with opened_log(log, threads=1) as database:
        cursor = database.execute(f"SELECT {', '.join(COLUMN_NAMES)} FROM events")  # noqa: S608
        while batch := cursor.fetchmany(BATCH):
            for values in batch:
                yield Row(**dict(zip(COLUMN_NAMES, values, strict=True)))


def cell_of(value: str | int | None) -> str:
    """Return a cell of CSV: empty for nothing; a backslash before an empty text or another backslash."""
    if value is None:
        return ""
    text = str(value)
    return "\\" + text if not text or text[0] == "\\" else text


def value_of(cell: str) -> str | None:
    """Return what *cell* means: the reverse of *cell_of*."""
    if not cell:
        return None
    return cell[1:] if cell[0] == "\\" else cell


_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-F]{4}_)")
_ESCAPED = re.compile("_x([0-9A-F]{4})_")


def fit_for_xml(text: str) -> str:
    """Return *text* with signs that XML cannot hold as ``_x0000_``.

    Source: ECMA-376 part 1, 22.4.2.4: an underscore that would begin such a sequence is ``_x005F_``.
    """
    return _UNFIT.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def from_xml(text: str) -> str:
    """Return the text that *fit_for_xml* was given."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def row_from(values: dict[str, Any], place: str, number: int) -> Row:
    """Return the row of a file that this program exported. Raises InputError for a value that is none."""
    whole = {}
    for name, type_ in COLUMNS:
        value = values.get(name)
        if type_ == "BIGINT" and isinstance(value, str):
            value = _integer(value, place, number, name)
        whole[name] = value
    return row_of(whole, place, number)


def _integer(text: str, place: str, number: int, name: str) -> int:
    if not re.match(r"-?[0-9]{1,19}\Z", text):
        raise InputError(place, f"row {number}, {name}", "a text that is no whole number", "microseconds")
    return int(text)
