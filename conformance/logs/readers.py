"""One reader for each format: all give records, or rejects for what is no record."""

from collections.abc import Iterator
from pathlib import Path

from conformance.errors import InputError
from conformance.logs.mapping import Mapping
from conformance.logs.records import Record, Reject
from conformance.logs.xes_reader import read_xes


def read_records(path: Path, form: str, mapping: Mapping | None) -> Iterator[Record | Reject]:
    """Yield the records of the log *path* in the format *form*, as *mapping* says it is written.

    Raises InputError for a file that is not of that format.
    """
    del mapping
    if form == "xes":
        return read_xes(path)
    raise InputError(str(path), "", f"the format {form}", "xes")
