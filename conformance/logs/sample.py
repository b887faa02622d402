"""The head of a log, looked at so that a mapping can be proposed: names, values, how the file is written."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from conformance.errors import InputError
from conformance.logs.csv_reader import header_of, read_csv
from conformance.logs.formats import format_of
from conformance.logs.jsonl_reader import read_jsonl
from conformance.logs.mapping import Csv
from conformance.logs.ocel_json_reader import object_types_of, read_ocel_json
from conformance.logs.ocel_reader import object_types, read_ocel_sqlite
from conformance.logs.parquet_reader import read_parquet
from conformance.logs.records import Record, Reject, Value
from conformance.logs.xes_reader import read_xes

MOST_RECORDS = 20_000
MOST_VALUES = 2_000
"""Distinct values kept of one column."""
_DELIMITERS = ",;\t|"
_CASES = ("application", "case", "request", "order")


@dataclass(slots=True)
class Column:
    """What the head of a log holds in one column: how many values, and which how often, up to a limit."""

    name: str
    filled: int = 0
    values: Counter[Value] = field(default_factory=Counter)

    def add(self, value: Value) -> None:
        """Count one value."""
        if value is None or value == "":
            return
        self.filled += 1
        if value in self.values or len(self.values) < MOST_VALUES:
            self.values[value] += 1


@dataclass(frozen=True, slots=True)
class Sample:
    """The head of a log: *records* of them, *rejected* beside, and what every column holds.

    *case_types* are the types of objects of an object-centric log, the one that was taken as the case first.
    """

    format: str
    csv: Csv
    case_types: tuple[str, ...]
    records: int
    rejected: int
    columns: dict[str, Column]


def sample_of(log: Path) -> Sample:
    """Return the head of *log*. Raises InputError for a file that is no log, or holds no record."""
    form = format_of(log)
    how = _csv_form(log) if form == "csv" else Csv()
    kinds = _case_types(log, form)
    columns: dict[str, Column] = {}
    records = rejected = 0
    for found in islice(_records(log, form, how, kinds), MOST_RECORDS):
        if not isinstance(found, Record):
            rejected += 1
            continue
        records += 1
        for name, value in found.values.items():
            columns.setdefault(name, Column(name)).add(value)
    if not records:
        found_words = f"not one record among the first {rejected}" if rejected else "no records"
        raise InputError(str(log), "", found_words, "a log with at least one record")
    return Sample(form, how, kinds, records, rejected, columns)


def _records(log: Path, form: str, how: Csv, kinds: tuple[str, ...]) -> Iterator[Record | Reject]:
    if form == "csv":
        return read_csv(log, delimiter=how.delimiter, encoding=how.encoding)
    if form == "jsonl":
        return read_jsonl(log)
    if form == "parquet":
        return read_parquet(log)
    if form == "xes":
        return read_xes(log)
    return read_ocel_json(log, kinds[0]) if form == "ocel-json" else read_ocel_sqlite(log, kinds[0])


def _case_types(log: Path, form: str) -> tuple[str, ...]:
    if not form.startswith("ocel"):
        return ()
    found = object_types_of(log) if form == "ocel-json" else object_types(log)
    if not found:
        raise InputError(str(log), "", "no objects", "an object-centric log with objects")
    likely = [kind for kind in found if any(word in kind.lower() for word in _CASES)]
    return tuple(dict.fromkeys([*likely, *found]))


def _csv_form(log: Path) -> Csv:
    """Return the likely delimiter and encoding: the one that gives most columns, UTF-8 where it can be."""
    with log.open("rb") as file:
        head = file.read(256 * 1024)
    encoding = "utf-16" if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"
    if encoding == "utf-8":
        try:
            head[: head.rfind(b"\n") + 1 or len(head)].decode()
        except UnicodeDecodeError:
            encoding = "cp1251"
    widths = {}
    for delimiter in _DELIMITERS:
        try:
            widths[delimiter] = len(header_of(log, delimiter=delimiter, encoding=encoding))
        except (InputError, UnicodeError):
            widths[delimiter] = 0
    return Csv(delimiter=max(_DELIMITERS, key=lambda sign: widths[sign]), encoding=encoding)
