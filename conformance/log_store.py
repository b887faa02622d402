"""A log of any size as a view of a database: opened with every limit set, read only as far as it is asked.

The file is the canonical one that *conformance.log_file* writes: Parquet, sorted by case, then by the ends of
its rows. So one case stands in one place, and a reader of a range of cases skips all other row groups.
"""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.log import COLUMNS

if TYPE_CHECKING:
    import duckdb

MEMORY_LIMIT = "512MB"
THREADS = 2
VIEW = "events"
COLUMN_NAMES = tuple(name for name, _ in COLUMNS)
ORDER = (
    "case_id, completed_us IS NULL, coalesce(completed_us, 0), enabled_us IS NULL, coalesce(enabled_us, 0), "
    "step, service, path, unit, coalesce(resource, ''), coalesce(started_us, 0), coalesce(attributes, '')"
)
"""The order of the canonical log's rows, as *conformance.log_file.sort_rows* has it, for SQL."""


@contextmanager
def opened_log(
    log: Path, *, memory_limit: str = MEMORY_LIMIT, threads: int = THREADS
) -> Iterator["duckdb.DuckDBPyConnection"]:
    """Open the canonical *log* as the view ``events`` of an in-memory database.

    Memory limit, spill folder, threads and the zone (UTC) are set; nothing is fetched from outside. What does
    not fit into memory is spilled into a temporary folder that is removed at the end.
    """
    with bounded_database(memory_limit=memory_limit, threads=threads) as database:
        source = quoted(pattern_of(log))
        database.execute(
            f"CREATE VIEW {VIEW} AS SELECT {', '.join(COLUMN_NAMES)} "  # noqa: S608 - quoted above
            f"FROM read_parquet({source}, hive_partitioning=false)"
        )
        yield database


@contextmanager
def opened_parquet(path: Path) -> Iterator["duckdb.DuckDBPyConnection"]:
    """Open any Parquet file as the view ``source``, with its ``file_row_number``, under the same limits.

    Raises DuckDB's error for what is no Parquet: the caller knows what it should have been.
    """
    with bounded_database() as database:
        source = quoted(pattern_of(path))
        database.execute(
            "CREATE VIEW source AS SELECT * "  # noqa: S608 - quoted above
            f"FROM read_parquet({source}, hive_partitioning=false, file_row_number=true)"
        )
        yield database


@contextmanager
def bounded_database(
    *, memory_limit: str = MEMORY_LIMIT, threads: int = THREADS
) -> Iterator["duckdb.DuckDBPyConnection"]:
    """Open an empty in-memory database with every limit of this module set."""
    import duckdb  # noqa: PLC0415 - half of the start-up time of everything that only writes reports

    with tempfile.TemporaryDirectory(prefix="reglament-") as spill:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory_limit,
            "threads": threads,
            "temp_directory": spill,
            "autoinstall_known_extensions": False,
        }
        database = duckdb.connect(":memory:", config=settings)
        try:
            database.execute("SET TimeZone = 'UTC'")
            yield database
        finally:
            database.close()


def name_damaged(database: "duckdb.DuckDBPyConnection", case_ids: Iterable[str]) -> None:
    """Make the table ``damaged`` of the cases of which a record was rejected."""
    database.execute("CREATE OR REPLACE TEMP TABLE damaged (case_id VARCHAR)")
    database.execute("INSERT INTO damaged SELECT unnest($1::VARCHAR[])", [sorted(case_ids)])


def quoted(text: str) -> str:
    """Return *text* as a string literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def one_of(value: str, literals: Iterable[str]) -> str:
    """Return the SQL condition that *value*, which is not null, is one of *literals*.

    Of a longer list in IN the database makes a join, which costs more and forgets the order of rows.
    """
    branches = " ".join(f"WHEN {literal} THEN true" for literal in literals)
    return f"(CASE {value} {branches} ELSE false END)" if branches else "false"


def pattern_of(path: Path) -> str:
    """Return *path* for DuckDB, which reads file names as patterns: their signs are put in brackets."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path.absolute()))
