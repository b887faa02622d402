"""A canonical log put together from parts that stand in order: written once more, never held in memory."""

from collections.abc import Sequence
from pathlib import Path

from conformance.log_store import COLUMN_NAMES, bounded_database, pattern_of, quoted

ROW_GROUP = 122_880


def joined_parts(parts: Sequence[Path], out: Path) -> None:
    """Write the rows of the Parquet files *parts*, one after another, to *out*."""
    names = ", ".join(quoted(pattern_of(part)) for part in parts)
    with bounded_database() as database:
        database.execute(
            f"COPY (SELECT {', '.join(COLUMN_NAMES)} FROM read_parquet([{names}])) "  # noqa: S608 - quoted
            f"TO {quoted(str(out))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
        )
