"""Read Parquet of any columns; timestamps come as text in ISO 8601, with Z only if they have a zone."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.errors import InputError, nearest_name
from conformance.log_store import opened_parquet, quoted
from conformance.logs.records import Reason, Record, Reject
from conformance.logs.sink import words_of

if TYPE_CHECKING:
    import duckdb

BATCH = 5_000
MAX_COLUMNS = 2_000
_ISO = "%Y-%m-%dT%H:%M:%S.%f"
_PLAIN = ("VARCHAR", "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "DOUBLE", "FLOAT")


def read_parquet(path: Path, wanted: tuple[str, ...] = ()) -> Iterator[Record | Reject]:
    """Yield the rows of the Parquet file *path*, only the *wanted* columns if any are named.

    Raises InputError for a file that is no Parquet, or lacks a wanted column.
    """
    import duckdb  # noqa: PLC0415 - half of the start-up time of everything that only writes reports

    place = str(path)
    try:
        with opened_parquet(path) as database:
            types = _types(database, place)
            for name in wanted:
                if name not in types:
                    nearest = nearest_name(name, types)
                    raise InputError(place, "columns", "no such column", f"the column {name}", nearest)
            names = wanted or tuple(types)
            columns = ", ".join(_selected(name, types[name]) for name in names)
            cursor = database.execute(f"SELECT file_row_number + 1, {columns} FROM source")  # noqa: S608
            while batch := cursor.fetchmany(BATCH):
                for number, *values in batch:
                    record = Record(number, dict(zip(names, values, strict=True)))
                    bad = next(
                        (n for n, v in record.values.items() if isinstance(v, str) and "\0" in v), None
                    )
                    yield record if bad is None else Reject(number, bad, Reason.BAD_ENCODING)
    except duckdb.Error as error:
        raise InputError(place, "", words_of(error), "a readable Parquet file") from None


def columns_of(path: Path) -> dict[str, str]:
    """Return the columns of the Parquet file *path* and their types. Raises InputError for another file."""
    import duckdb  # noqa: PLC0415 - as above

    try:
        with opened_parquet(path) as database:
            return _types(database, str(path))
    except duckdb.Error as error:
        raise InputError(str(path), "", words_of(error), "a readable Parquet file") from None


def _types(database: "duckdb.DuckDBPyConnection", place: str) -> dict[str, str]:
    described = database.execute("DESCRIBE source").fetchall()
    types = {row[0]: row[1] for row in described if row[0] != "file_row_number"}
    if len(types) > MAX_COLUMNS:
        raise InputError(place, "columns", f"{len(types)} columns", f"at most {MAX_COLUMNS}")
    return types


def _selected(name: str, type_: str) -> str:
    column = '"' + name.replace('"', '""') + '"'
    if type_ in _PLAIN:
        return column
    if type_ == "DATE":
        return f"strftime({column}, '%Y-%m-%d')"
    if type_ == "TIMESTAMP WITH TIME ZONE":
        return f"strftime(make_timestamp(epoch_us({column})), {quoted(_ISO + 'Z')})"
    if type_.startswith("TIMESTAMP"):
        return f"strftime({column}::TIMESTAMP, {quoted(_ISO)})"
    return f"{column}::VARCHAR"
