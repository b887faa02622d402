"""Make sure at small cost that a log is the canonical one that a writer of ours promised."""

from pathlib import Path

from conformance.errors import InputError
from conformance.log_file import check_columns
from conformance.log_rows import COARSEST_US, EARLIEST_US, LATEST_US, MOMENTS, REQUIRED
from conformance.log_store import opened_parquet
from conformance.logs.sink import words_of

_PARQUET = b"PAR1"
_AFTER = "a log that one of our writers wrote"


def require_canonical(log: Path) -> None:
    """Refuse a *log* of another schema, with gaps or impossible moments, or that is not sorted by case.

    Names and moments are judged by what the file states of its columns, the order by every row; the order
    within a case is for the judge to see. Nobody looks for personal numbers, nor at the form of attributes:
    whoever wrote them answers for that. Raises InputError.
    """
    import duckdb  # noqa: PLC0415 - half of the start-up time of everything that only writes reports

    with log.open("rb") as file:
        if file.read(len(_PARQUET)) != _PARQUET:
            raise InputError(str(log), "", "a file that is not Parquet", _AFTER)
    try:
        with opened_parquet(log) as database:
            described = database.execute("DESCRIBE source").fetchall()
            check_columns({row[0]: row[1] for row in described if row[0] != "file_row_number"}, str(log))
            (figures,) = database.execute(_figures()).fetchall()
            _require_values(log, figures)
            if database.execute(_UNSORTED).fetchall():
                raise InputError(str(log), "case_id", "rows that are not sorted by case", _AFTER)
    except duckdb.Error as error:
        raise InputError(str(log), "", words_of(error), "a readable Parquet event log") from None


_NEIGHBOURS = "SELECT case_id, lag(case_id) OVER () AS before FROM source"
_UNSORTED = f"SELECT 1 FROM ({_NEIGHBOURS}) WHERE before > case_id LIMIT 1"  # noqa: S608 - words of ours


def _figures() -> str:
    """Return the query of the number of rows, and of each column's gaps and extremes."""
    named = ", ".join(f"count({name}), min({name})" for name in REQUIRED)
    moments = ", ".join(f"min({name}), max({name})" for name in (*MOMENTS, "resolution_us"))
    return f"SELECT count(*), {named}, {moments} FROM source"  # noqa: S608 - names of ours


def _require_values(log: Path, figures: tuple[object, ...]) -> None:
    rows, *told = figures
    if rows == 0:
        raise InputError(str(log), "", "no rows", "a log with at least one row")
    for name in REQUIRED:
        count, least = told.pop(0), told.pop(0)
        if count != rows or not least:
            raise InputError(str(log), name, "nothing", "a value in every row")
    bounds = dict.fromkeys(MOMENTS, (EARLIEST_US, LATEST_US)) | {"resolution_us": (1, COARSEST_US)}
    for name, (lowest, highest) in bounds.items():
        for found in (told.pop(0), told.pop(0)):
            if isinstance(found, int) and not lowest <= found <= highest:
                raise InputError(str(log), name, str(found), f"{lowest} to {highest} microseconds")
