"""One reader for each format: all give records, or rejects for what is no record."""

from collections.abc import Iterator
from pathlib import Path

from conformance.errors import InputError
from conformance.logs.csv_reader import read_csv
from conformance.logs.jsonl_reader import read_jsonl
from conformance.logs.mapping import Csv, Mapping
from conformance.logs.ocel_json_reader import read_ocel_json
from conformance.logs.ocel_reader import read_ocel_sqlite
from conformance.logs.parquet_reader import read_parquet
from conformance.logs.records import Record, Reject
from conformance.logs.xes_reader import read_xes


def read_records(path: Path, form: str, mapping: Mapping | None) -> Iterator[Record | Reject]:
    """Yield the records of the log *path* in the format *form*, as *mapping* says it is written.

    Raises InputError for a file that is not of that format.
    """
    wanted = mapping.sources() if mapping else ()
    if form == "csv":
        how = mapping.csv if mapping else Csv()
        return read_csv(path, delimiter=how.delimiter, encoding=how.encoding, wanted=wanted)
    if form == "jsonl":
        return read_jsonl(path)
    if form == "parquet":
        return read_parquet(path, wanted)
    if form == "xes":
        return read_xes(path)
    if mapping is None or mapping.ocel is None:
        raise InputError(
            str(path), "ocel.case", "nothing", "in the mapping, the type of objects that are the cases"
        )
    read = read_ocel_json if form == "ocel-json" else read_ocel_sqlite
    return read(path, mapping.ocel.case)
