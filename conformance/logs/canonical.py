"""Verify a file that is already canonical without reading it row by row: by SQL, and exactly where in doubt.

The conditions in SQL let through only rows that ``log_rows.check_row`` would accept; every other row is asked
that very function. So the answer is the same as that of a slow reader, and most logs cost seconds.
"""

import shutil
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import structs

from conformance.errors import InputError
from conformance.log import COLUMNS, Row
from conformance.log_file import check_columns, row_of
from conformance.log_rows import COARSEST_US, EARLIEST_US, LATEST_US, MOMENTS, REQUIRED, check_row
from conformance.log_store import opened_parquet, pattern_of, quoted
from conformance.logs.attribute_shapes import usual_shapes
from conformance.logs.sink import NAMES, words_of, write_sorted
from conformance.replaced_file import replacing

if TYPE_CHECKING:
    import duckdb

SAMPLE = 50_000
_BATCH = 5_000
_MAGIC = b"PAR1"
_PERSONAL = "(^|[^0-9A-Za-z])[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[1-6][0-9]{5}($|[^0-9A-Za-z])"
"""Whatever looks like a person's number before its check digit is computed."""
_ASKED = ("step", "unit", "resource", "outcome", "request_number")
_LONG = 3_000
"""Attributes of more octets are asked one by one: a number in them may have too many digits."""
_NEVER = 2**63 - 1
"""What comes after every moment: open rows stand last."""


Numbered = tuple[int, dict[str, object]]
_PLAIN = Row(
    case_id="c",
    service="s",
    path="p",
    step="s",
    unit="u",
    resource=None,
    enabled_us=None,
    started_us=None,
    completed_us=None,
    resolution_us=1,
    outcome=None,
    request_number=None,
    attributes=None,
)
"""A row in which only the attributes can be wrong."""


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
            disorder, odd_cases = _neighbours(database)
            doubts = chain(_odd_values(database, ask_cases=odd_cases > 0), _odd_attributes(database, path))
            for number, values in doubts:
                check_row(row_of(values, str(path), number), str(path), number)
    except duckdb.Error as error:
        raise InputError(str(path), "", words_of(error), "a readable Parquet event log") from None
    if disorder == 0:
        with replacing(to) as beside:
            shutil.copyfile(path, beside)
    else:
        write_sorted(f"read_parquet({quoted(pattern_of(path))}, hive_partitioning=false)", to)
    return rows


def _neighbours(database: "duckdb.DuckDBPyConnection") -> tuple[int, int]:
    """Count the rows that should stand before the one above them, and the cases whose id may be personal.

    Rows of a case stand together, so every id is looked at about once.
    """
    ends, begins = f"coalesce(completed_us, {_NEVER})", f"coalesce(enabled_us, {_NEVER})"
    early = "c < pc OR (c = pc AND (e < pe OR (e = pe AND (b < pb OR (b = pb AND s < ps)))))"
    odd = f"(pc IS NULL OR c <> pc) AND strlen(c) >= 12 AND regexp_matches(c, {quoted(_PERSONAL)})"
    found = database.execute(
        f"SELECT count(*) FILTER ({early}), count(*) FILTER ({odd}) FROM ("  # noqa: S608 - own words
        f"SELECT case_id AS c, {ends} AS e, {begins} AS b, step AS s, lag(case_id) OVER () AS pc, "
        f"lag({ends}) OVER () AS pe, lag({begins}) OVER () AS pb, lag(step) OVER () AS ps FROM source)"
    ).fetchone()
    return (int(found[0]), int(found[1])) if found else (0, 0)


def _odd_values(database: "duckdb.DuckDBPyConnection", *, ask_cases: bool) -> Iterator[Numbered]:
    """Yield the rows of which a column but the attributes may be wrong, with their numbers, in file order."""
    asked = ("case_id", *_ASKED) if ask_cases else _ASKED
    conditions = [f"strlen({name}) > 0" for name in REQUIRED]
    conditions += [f"({n} IS NULL OR {n} BETWEEN {EARLIEST_US} AND {LATEST_US})" for n in MOMENTS]
    conditions += [f"resolution_us BETWEEN 1 AND {COARSEST_US}"]
    like = quoted(_PERSONAL)
    conditions += [f"({n} IS NULL OR strlen({n}) < 12 OR NOT regexp_matches({n}, {like}))" for n in asked]
    return _selected(database, "source", " AND ".join(conditions))


def _odd_attributes(database: "duckdb.DuckDBPyConnection", path: Path) -> Iterator[Numbered]:
    """Yield the rows whose attributes need a closer look, with their numbers, in file order.

    Attributes that a sample holds more than once are asked here, each once, and then known to be well; of the
    others the expression made of the sample's shapes vouches for most.
    """
    sample = f"SELECT attributes FROM source WHERE attributes IS NOT NULL LIMIT {SAMPLE}"  # noqa: S608
    counted = database.execute(f"SELECT attributes, count(*) FROM ({sample}) GROUP BY attributes").fetchall()  # noqa: S608
    well = [text for text, count in counted if count > 1 and len(text) <= _LONG and _is_well(text, path)]
    database.execute("CREATE TEMP TABLE known AS SELECT unnest($1::VARCHAR[]) AS attributes", [well])
    shapes = usual_shapes(text for text, _ in counted)
    matches = f"strlen(attributes) <= {_LONG} AND regexp_full_match(attributes, {quoted(shapes)})"
    usual = f"attributes IS NULL OR ({matches})"
    return _selected(database, "source ANTI JOIN known USING (attributes)", usual)


def _is_well(text: str, path: Path) -> bool:
    try:
        check_row(structs.replace(_PLAIN, attributes=text), str(path), 0)
    except InputError:
        return False
    return True


def _selected(database: "duckdb.DuckDBPyConnection", source: str, vouched: str) -> Iterator[Numbered]:
    """Yield the rows of *source* for which *vouched* does not hold; a count tells if there are any."""
    where = f"FROM {source} WHERE NOT coalesce({vouched}, false)"
    if _one(database, f"SELECT count(*) {where}") == 0:
        return
    cursor = database.execute(f"SELECT file_row_number, {NAMES} {where}")
    names = tuple(name for name, _ in COLUMNS)
    while batch := cursor.fetchmany(_BATCH):
        for place, *values in batch:
            yield place + 1, dict(zip(names, values, strict=True))


def _one(database: "duckdb.DuckDBPyConnection", query: str) -> int:
    found = database.execute(query).fetchone()
    return int(found[0]) if found else 0
