"""Files that this program exported, read back without a mapping: strictly, for they claim to be logs."""

from collections.abc import Iterator
from pathlib import Path

from conformance.errors import InputError
from conformance.log import Row
from conformance.log_file import rows_of_lines
from conformance.log_store import COLUMN_NAMES
from conformance.logs.csv_reader import header_of, read_csv
from conformance.logs.export_ocel import read_exported_ocel
from conformance.logs.export_xes import read_exported_xes
from conformance.logs.exported import row_from, value_of
from conformance.logs.records import Reject


def own_rows(path: Path, form: str) -> Iterator[Row]:
    """Yield the rows of the exported file *path*. Raises InputError at the first thing that is no row."""
    if form == "jsonl":
        return rows_of_lines(path)
    if form == "csv":
        return _csv_rows(path)
    if form == "xes":
        return read_exported_xes(path)
    return read_exported_ocel(path, as_json=form == "ocel-json")


def _csv_rows(path: Path) -> Iterator[Row]:
    place = str(path)
    if set(header_of(path)) != set(COLUMN_NAMES):
        expected = "a mapping (--mapping FILE); `reglament map` proposes one"
        raise InputError(place, "line 1", "a foreign log (csv) without a mapping", expected)
    for number, found in enumerate(read_csv(path, any_sign=True), 1):
        if isinstance(found, Reject):
            raise InputError(
                place, f"line {found.ordinal}", f"what is no row ({found.reason})", "a row of a log"
            )
        values = {name: value_of(str(cell)) for name, cell in found.values.items()}
        yield row_from(values, place, number)
