"""Ranges of cases: a long log is judged piece by piece, so that memory depends on the piece alone."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.context import MAX_CASE_ROWS
from conformance.log_store import pattern_of, quoted

if TYPE_CHECKING:
    import duckdb

BATCH_ROWS = 1_000_000
_FIRST_CASES = """
SELECT min(case_id) FROM read_parquet({file}, hive_partitioning=false, file_row_number=true)
GROUP BY file_row_number // {rows} ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Ranges:
    """A log cut into ranges of cases; *giants* are cases longer than a range, which no range is to hold."""

    spans: tuple[tuple[str | None, str | None], ...]
    giants: tuple[str, ...]


def case_ranges(log: "duckdb.DuckDBPyConnection", file: Path, rows: int = BATCH_ROWS) -> Ranges:
    """Return ranges of case ids of about *rows* rows each: from the first id, to before the second.

    *file* is the sorted log that is open as *log*. None stands for an open end.
    """
    place = quoted(pattern_of(file))
    found = [str(first) for (first,) in log.execute(_FIRST_CASES.format(file=place, rows=rows)).fetchall()]
    giants = (
        sorted({before for before, after in pairwise(found) if before == after})
        if rows > MAX_CASE_ROWS
        else ()
    )
    starts = sorted(set(found))
    return Ranges(tuple(pairwise([None, *starts[1:], None])), tuple(giants))


def within(span: tuple[str | None, str | None], giants: tuple[str, ...] = ()) -> str:
    """Return the SQL condition that a case lies in the range *span* and is none of the *giants*."""
    first, until = span
    parts = [f"case_id <> {quoted(giant)}" for giant in giants]
    if first is not None:
        parts.append(f"case_id >= {quoted(first)}")
    if until is not None:
        parts.append(f"case_id < {quoted(until)}")
    return " AND ".join(parts) or "true"
