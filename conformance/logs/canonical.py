"""Verify a file that is already canonical without reading it row by row: by SQL, and exactly where in doubt.

The conditions in SQL let through only rows that ``log_rows.check_row`` would accept; every other row is asked
that very function. So the answer is the same as that of a slow reader, and most logs cost seconds.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.errors import InputError
from conformance.log import COLUMNS
from conformance.log_file import check_columns, row_of
from conformance.log_rows import COARSEST_US, EARLIEST_US, LATEST_US, MOMENTS, REQUIRED, check_row
from conformance.log_store import opened_parquet, pattern_of, quoted
from conformance.logs.attribute_shapes import usual_shapes
from conformance.logs.sink import NAMES, words_of, write_sorted
from conformance.replaced_file import replacing

if TYPE_CHECKING:
    import duckdb

SAMPLE = 20_000
_BATCH = 5_000
_MAGIC = b"PAR1"
_PERSONAL = "(^|[^0-9A-Za-z])[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[1-6][0-9]{5}($|[^0-9A-Za-z])"
"""Whatever looks like a person's number before its check digit is computed."""
_ASKED = ("step", "unit", "resource", "outcome", "attributes")
_LONG = 3_000
"""Attributes of more octets are asked one by one: a number in them may have too many digits."""
_KEY = (
    "{'a': case_id, 'b': completed_us IS NULL, 'c': completed_us, "
    "'d': enabled_us IS NULL, 'e': enabled_us, 'f': step}"
)


def settle(path: Path, to: Path) -> int:
    """Verify the Parquet log *path* and copy it to *to*, sorted if it was not; return its number of rows.

    Raises InputError with the row and column for everything that is not a log of the schema.
    """
    import duckdb  # noqa: PLC0415 - half of the start-up time of everything that only writes reports

    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise InputError(str(path), "", "a file that is not Parquet", "a Parquet event log")
    try:
        with opened_parquet(path) as database:
            described = database.execute("DESCRIBE source").fetchall()
            check_columns({row[0]: row[1] for row in described if row[0] != "file_row_number"}, str(path))
            rows = _one(database, "SELECT count(*) FROM source")
            if rows == 0:
                raise InputError(str(path), "", "no rows", "a log with at least one row")
            for number, values in _in_doubt(database):
                check_row(row_of(values, str(path), number), str(path), number)
            ordered = _one(database, _OUT_OF_ORDER) == 0
    except duckdb.Error as error:
        raise InputError(str(path), "", words_of(error), "a readable Parquet event log") from None
    if ordered:
        with replacing(to) as beside:
            shutil.copyfile(path, beside)
    else:
        write_sorted(f"read_parquet({quoted(pattern_of(path))}, hive_partitioning=false)", to)
    return rows


_OUT_OF_ORDER = (
    f"SELECT count(*) FROM (SELECT {_KEY} AS this, lag({_KEY}) OVER () AS earlier FROM source) "  # noqa: S608
    "WHERE earlier > this"
)


def _in_doubt(database: "duckdb.DuckDBPyConnection") -> Iterator[tuple[int, dict[str, object]]]:
    """Yield the rows that the conditions in SQL do not vouch for, in file order, with their numbers."""
    sample = database.execute(f"SELECT attributes FROM source WHERE attributes IS NOT NULL LIMIT {SAMPLE}")  # noqa: S608
    shapes = usual_shapes(text for (text,) in sample.fetchall())
    cursor = database.execute(
        f"SELECT file_row_number, {NAMES} FROM source WHERE NOT coalesce({_vouched(shapes)}, false)"  # noqa: S608
    )
    names = tuple(name for name, _ in COLUMNS)
    while batch := cursor.fetchmany(_BATCH):
        for place, *values in batch:
            yield place + 1, dict(zip(names, values, strict=True))


def _vouched(shapes: str) -> str:
    """Return the condition under which a row needs no closer look."""
    personal = quoted(_PERSONAL)
    conditions = [f"strlen({name}) > 0" for name in REQUIRED]
    conditions += [f"({n} IS NULL OR {n} BETWEEN {EARLIEST_US} AND {LATEST_US})" for n in MOMENTS]
    conditions += [f"resolution_us BETWEEN 1 AND {COARSEST_US}"]
    conditions += [
        f"({n} IS NULL OR strlen({n}) < 12 OR NOT regexp_matches({n}, {personal}))" for n in _ASKED
    ]
    conditions += [f"(strlen(case_id) < 12 OR NOT regexp_matches(case_id, {personal}))"]
    usual = f"(strlen(attributes) <= {_LONG} AND regexp_full_match(attributes, {quoted(shapes)}))"
    return " AND ".join([*conditions, f"(attributes IS NULL OR {usual})"])


def _one(database: "duckdb.DuckDBPyConnection", query: str) -> int:
    found = database.execute(query).fetchone()
    return int(found[0]) if found else 0
