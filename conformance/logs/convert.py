"""Convert a log from any of the formats to any other, through the canonical one."""

import csv
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from conformance.errors import InputError
from conformance.interruption import current_interruption
from conformance.log import Row
from conformance.log_file import write_manifest
from conformance.log_store import COLUMN_NAMES
from conformance.logs.export_ocel import write_ocel_json, write_ocel_sqlite
from conformance.logs.export_xes import write_xes
from conformance.logs.exported import cell_of, stream_rows
from conformance.logs.formats import format_named
from conformance.logs.intake import Intake, take_in
from conformance.logs.mapping import Mapping
from conformance.logs.rejects import NAME
from conformance.manifests import converted_manifest, manifest_beside, own_manifest_name
from conformance.pack import Pack
from conformance.replaced_file import replacing


def convert(log: Path, to: Path, mapping: Mapping | None, pack: Pack | None, place: str = "") -> Intake:
    """Convert *log* to *to*, in the format that its name says; manifest and rejects are written beside it.

    *place* names the mapping in messages. Raises InputError for a log that cannot be taken in, a name without
    a format, and a place that cannot be written; then nothing is written.
    """
    form = format_named(to)
    if form is None or (to.name.endswith(".gz") and form != "xes"):
        expected = "a name that ends in .csv, .jsonl, .parquet, .xes, .xes.gz, .json or .sqlite"
        raise InputError(str(to), "", "a name without a known format", expected)
    if to.exists() and log.exists() and to.samefile(log):
        raise InputError(str(to), "", "the log itself", "another place")
    with tempfile.TemporaryDirectory(prefix="reglament-") as folder:
        canonical = Path(folder) / "log.parquet"
        source = manifest_beside(log)
        intake = take_in(log, mapping, pack, canonical, place=place)
        with replacing(to) as beside:
            write_as(form, canonical, beside, compressed=to.name.endswith(".gz"))
        current_interruption().written = to
        write_manifest(converted_manifest(intake, to, pack, source), to.parent, own_manifest_name(to))
        if (Path(folder) / NAME).is_file():
            with replacing(rejects_beside(to)) as beside:
                shutil.copyfile(Path(folder) / NAME, beside)
        else:  # those of an earlier conversion to this place speak of another log
            rejects_beside(to).unlink(missing_ok=True)
    return intake


def rejects_beside(to: Path) -> Path:
    """Return the place of the rejects of a conversion to *to*."""
    return to.with_name(f"{to.name}.{NAME}")


def write_as(form: str, canonical: Path, to: Path, *, compressed: bool = False) -> None:
    """Write the *canonical* log to *to* in the format *form*. Raises OSError or InputError."""
    if form == "parquet":
        shutil.copyfile(canonical, to)
    elif form == "csv":
        _write_csv(stream_rows(canonical), to)
    elif form == "jsonl":
        _write_jsonl(stream_rows(canonical), to)
    elif form == "xes":
        write_xes(stream_rows(canonical), to, compressed=compressed)
    elif form == "ocel-json":
        write_ocel_json(canonical, to)
    else:
        write_ocel_sqlite(canonical, to)


def _write_csv(rows: Iterator[Row], to: Path) -> None:
    with to.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMN_NAMES)
        writer.writerows([cell_of(getattr(row, name)) for name in COLUMN_NAMES] for row in rows)


def _write_jsonl(rows: Iterator[Row], to: Path) -> None:
    encode = msgspec.json.Encoder().encode
    with to.open("wb") as file:
        file.writelines(encode(row) + b"\n" for row in rows)
