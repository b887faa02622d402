"""The cases of a saved log as columns of numbers, few enough to be shown one by one.

A log of any size is read: if it has more cases or rows than can be shown, all cases that do not keep a norm
(or a limit, where nobody judged) come first, and of the others a sample by a key that anybody can repeat.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.case_verdicts import VERDICTS_NAME
from conformance.errors import InputError
from conformance.log_store import COLUMN_NAMES, opened_log, pattern_of, quoted
from conformance.logs.sink import words_of
from conformance.manifests import LOG_NAME

if TYPE_CHECKING:
    import duckdb

MOST_CASES = 100_000
MOST_ROWS = 1_000_000
"""A log of at most so many is shown whole."""
SAMPLE_CASES = 36_000
SAMPLE_ROWS = 200_000
"""Of a larger one at most so many are shown: their page stays under 3 MB."""
MOST_ROWS_OF_A_CASE = 500
NO_LIMIT, WITHIN, OVER, UNKNOWN = range(4)
"""How a row stands to the limit of its step; unknown: a moment is missing, or the clocks leave it open."""
DOCUMENTS = "documents"
"""The folder beside the log that holds what its rows name."""
STEPS, UNITS, RESOURCES, OUTCOMES = "step", "unit", "resource", "outcome"
_PLACED = ("service", "path", STEPS, UNITS, RESOURCES, OUTCOMES)
"""The columns whose values are kept once, and told by their places."""
MOMENTS = ("enabled_us", "started_us", "completed_us")


@dataclass(frozen=True, slots=True)
class StepLimit:
    """The longest that a step of a service and path may take, in microseconds."""

    service: str
    path: str
    step: str
    limit_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseListing:
    """The cases that are shown, sorted by id, and how many there are in all.

    *cases* and *rows* are columns by name, arrays of numbers: names are places in *names*, moments are
    microseconds (absent ones masked). *key* decided the sample. *bad* counts the cases that do not keep
    something; *judged*: by the verdicts of the judge, otherwise by the limits alone. *folders* are the
    documents of a case, by its place.
    """

    key: str
    total: int
    bad: int
    bad_shown: int
    judged: bool
    cases: dict[str, Any]
    rows: dict[str, Any]
    names: dict[str, tuple[str, ...]]
    folders: dict[int, str] = field(default_factory=dict)

    @property
    def shown(self) -> int:
        """Return how many cases are shown."""
        return len(self.names["case_id"])


def list_cases(  # noqa: PLR0913 - a folder, what is known of it, and two bounds
    folder: Path,
    limits: Iterable[StepLimit],
    key: str,
    *,
    clock_error_us: int = 0,
    most_cases: int = MOST_CASES,
    most_rows: int = MOST_ROWS,
) -> CaseListing | None:
    """Return the cases of the log saved in *folder*; None if it holds none.

    *key* decides the sample of a log of more than *most_cases* or *most_rows*: cases are taken by the MD5 of
    key and case id. *clock_error_us* is the stated
    error of one reading of the clocks. Raises InputError for a damaged log.
    """
    import duckdb  # noqa: PLC0415 - half of the start-up time of everything that only writes reports

    log = folder / LOG_NAME
    if not log.is_file():
        return None
    try:
        return _list(log, limits, key, clock_error_us, (most_cases, most_rows))
    except duckdb.Error as error:
        raise InputError(str(log), "", words_of(error), "a readable event log, and its verdicts") from None


def _list(
    log: Path, limits: Iterable[StepLimit], key: str, clock_error_us: int, most: tuple[int, int]
) -> CaseListing:
    with opened_log(log) as database:
        database.execute(
            f"CREATE TEMP VIEW placed AS SELECT {', '.join(COLUMN_NAMES)}, file_row_number AS row_at "  # noqa: S608
            f"FROM read_parquet({quoted(pattern_of(log))}, hive_partitioning=false, file_row_number=true)"
        )
        _name_limits(database, limits)
        judged = _name_verdicts(database, log.with_name(VERDICTS_NAME))
        counted = _COUNTED_JUDGED if judged else _counted(clock_error_us)
        database.execute(f"CREATE TEMP TABLE counted AS {counted}")
        total, rows, bad = database.execute(
            "SELECT count(*), sum(n), count(*) FILTER (bad) FROM counted"
        ).fetchall()[0]
        if total > most[0] or (rows or 0) > most[1]:
            _choose(database, key, (total, bad), min(most[0], SAMPLE_CASES), min(most[1], SAMPLE_ROWS))
        else:
            database.execute("CREATE TEMP VIEW chosen AS SELECT * FROM counted")
        database.execute(_NUMBERED)
        documents = log.with_name(DOCUMENTS).is_dir()
        database.execute(_told(clock_error_us, _FOLDER if documents else "NULL::VARCHAR"))
        return _listing(database, key, total, bad, judged=judged)


def _name_limits(database: "duckdb.DuckDBPyConnection", limits: Iterable[StepLimit]) -> None:
    known = {(limit.service, limit.path, limit.step): limit.limit_us for limit in limits}
    columns = [list(column) for column in zip(*known, strict=True)] if known else [[], [], []]
    database.execute(
        "CREATE TEMP TABLE limits AS SELECT unnest($1::VARCHAR[]) AS service, unnest($2::VARCHAR[]) AS path, "
        "unnest($3::VARCHAR[]) AS step, unnest($4::BIGINT[]) AS limit_us",
        [*columns, list(known.values())],
    )


def _name_verdicts(database: "duckdb.DuckDBPyConnection", file: Path) -> bool:
    """Make the view ``verdicts``; tell whether anybody judged the log."""
    source = (
        f"read_parquet({quoted(pattern_of(file))}, hive_partitioning=false)" if file.is_file() else _NOBODY
    )
    database.execute(f"CREATE TEMP VIEW verdicts AS SELECT case_id, verdict, norms FROM {source}")  # noqa: S608
    return file.is_file()


_NOBODY = "(SELECT '' AS case_id, '' AS verdict, '' AS norms WHERE false)"


def _standing(clock_error_us: int) -> str:
    """Return the expression of how the row ``e`` stands to the limit ``l`` of its step."""
    doubt = f"(e.resolution_us - 1 + {2 * clock_error_us})"
    took = "(e.completed_us - e.enabled_us)"
    return (
        f"CASE WHEN l.limit_us IS NULL THEN {NO_LIMIT} WHEN {took} IS NULL OR {took} < 0 THEN {UNKNOWN} "
        f"WHEN {took} + {doubt} <= l.limit_us THEN {WITHIN} "
        f"WHEN {took} - {doubt} > l.limit_us THEN {OVER} ELSE {UNKNOWN} END"
    )


_LIMITED = "LEFT JOIN limits l ON e.service = l.service AND e.path = l.path AND e.step = l.step"
_COUNTED_JUDGED = """
SELECT case_id, n,
    coalesce(case_id IN (SELECT case_id FROM verdicts WHERE verdict IN ('fail', 'error')), false) AS bad
FROM (SELECT case_id, count(*) AS n FROM placed GROUP BY case_id)
"""


def _counted(clock_error_us: int) -> str:
    return (
        "SELECT case_id, count(*) AS n, "  # noqa: S608 - numbers of ours
        f"bool_or({_standing(clock_error_us)} = {OVER}) AS bad FROM placed e {_LIMITED} GROUP BY case_id"
    )


def _choose(
    database: "duckdb.DuckDBPyConnection", key: str, found: tuple[int, int], most_cases: int, most_rows: int
) -> None:
    """Make the table ``chosen``: the bad cases first, then others, each by the key, as there is room.

    *found*: how many cases there are, and how many of them are bad. Only cases whose key is small enough are
    put in order, since to do that with all of them takes longer than to read the log.
    """
    total, bad = found
    among, wanted = (total - bad, most_cases - bad) if bad < most_cases else (bad, most_cases)
    share = max(1.1 * wanted + _SPARE, 0) / max(among, 1)
    first = f"{int(share * 16**_DIGITS):0{_DIGITS}x}" if share < 1 else _ALL
    kept = "bad OR hash < $2" if bad < most_cases else "bad AND hash < $2"
    for bound in dict.fromkeys((first, _ALL)):
        database.execute(
            "CREATE OR REPLACE TEMP TABLE likely AS SELECT * FROM "  # noqa: S608 - a condition of ours
            f"(SELECT *, md5($1 || case_id) AS hash FROM counted) WHERE {kept}",
            [key, bound],
        )
        ((likely,),) = database.execute("SELECT count(*) FROM likely").fetchall()
        if likely >= most_cases:
            break
    database.execute(_CHOSEN, [most_cases, most_rows])


_SPARE = 1_000
"""So many more keys than wanted, and a tenth, are looked at: hashes do not fall evenly."""
_DIGITS = 8
_ALL = "g"
"""Greater than every hash."""
_CHOSEN = f"""
CREATE TEMP TABLE chosen AS SELECT * EXCLUDE (place, so_far) FROM (
    SELECT *, row_number() OVER by_key AS place, sum(least(n, {MOST_ROWS_OF_A_CASE})) OVER by_key AS so_far
    FROM likely
    WINDOW by_key AS (ORDER BY bad DESC, hash, case_id ROWS UNBOUNDED PRECEDING)
) WHERE place <= $1 AND so_far <= $2
"""  # noqa: S608 - numbers of ours


def _listing(
    database: "duckdb.DuckDBPyConnection", key: str, total: int, bad: int, *, judged: bool
) -> CaseListing:
    names = {name: _values(database, name, "told") for name in _PLACED}
    names |= {name: _values(database, name, "numbered") for name in ("verdict", "norms")}
    names["case_id"] = tuple(one for (one,) in database.execute("SELECT case_id FROM numbered").fetchall())
    cases = database.execute(
        f"SELECT {_place('verdict')}, {_place('norms')}, n, bad FROM numbered ORDER BY number"  # noqa: S608
    ).fetchnumpy()
    return CaseListing(
        key=key,
        total=total,
        bad=bad,
        bad_shown=int(cases["bad"].sum()) if len(cases["bad"]) else 0,
        judged=judged,
        cases=cases,
        rows=database.execute(_ROWS).fetchnumpy(),
        names=names,
        folders=dict(database.execute(_FOLDERS).fetchall()),
    )


def _values(database: "duckdb.DuckDBPyConnection", name: str, source: str) -> tuple[str, ...]:
    """Return the values of a column, in order, and keep their places in the table ``NAME_places``."""
    database.execute(
        f"CREATE TEMP TABLE {name}_places AS SELECT value, row_number() OVER (ORDER BY value) - 1 AS place "  # noqa: S608
        f"FROM (SELECT DISTINCT {name} AS value FROM {source} WHERE {name} IS NOT NULL) ORDER BY place"
    )
    found = database.execute(f"SELECT value FROM {name}_places ORDER BY place").fetchall()  # noqa: S608
    return tuple(value for (value,) in found)


def _place(name: str) -> str:
    return f"(SELECT place FROM {name}_places WHERE value = {name})::INTEGER AS {name}"  # noqa: S608


_NUMBERED = """
CREATE TEMP TABLE numbered AS
SELECT row_number() OVER (ORDER BY case_id) - 1 AS number, case_id, n, bad,
    coalesce(verdict, '') AS verdict, coalesce(norms, '') AS norms
FROM chosen LEFT JOIN verdicts USING (case_id) ORDER BY number
"""
_FOLDER = """
CASE WHEN contains(attributes, '"documents"') AND json_type(attributes, '$.documents') = 'VARCHAR'
    THEN json_extract_string(attributes, '$.documents') END
"""


def _told(clock_error_us: int, folder: str) -> str:
    """Return the statement that makes the table ``told``: the log is read once for all that is asked."""
    listed = (*_PLACED, *MOMENTS)
    return f"""
CREATE TEMP TABLE told AS SELECT number, row_at, {", ".join(f"e.{name}" for name in listed)}, l.limit_us,
    {_standing(clock_error_us)} AS standing, folder
FROM (
    SELECT number, row_at, {", ".join(listed)}, resolution_us, {folder} AS folder
    FROM placed JOIN (SELECT case_id, number FROM numbered) USING (case_id)
) e {_LIMITED}
"""  # noqa: S608 - names of ours


# The log is sorted: the place of a row in the file tells its place in the case.
_ROWS = f"""
SELECT number::INTEGER AS number, {", ".join(f"{name}_places.place::INTEGER AS {name}" for name in _PLACED)},
    {", ".join(MOMENTS)}, limit_us, standing::INTEGER AS standing
FROM told JOIN (SELECT number, min(row_at) AS first_row FROM told GROUP BY number) USING (number)
    {" ".join(f"LEFT JOIN {name}_places ON told.{name} = {name}_places.value" for name in _PLACED)}
WHERE row_at - first_row < {MOST_ROWS_OF_A_CASE} ORDER BY row_at
"""  # noqa: S608 - names of ours
_FOLDERS = "SELECT number, max(folder) FROM told WHERE folder IS NOT NULL GROUP BY number ORDER BY number"


def step_limits(
    limits: Iterable[tuple[str, str, str, float | None]], services: Sequence[tuple[str, ...]]
) -> tuple[StepLimit, ...]:
    """Return *limits* (service, path, step, seconds) under every name that a service has in *services*."""
    alike = {name: names for names in services for name in names}
    return tuple(
        StepLimit(name, path, step, round(limit_s * 1_000_000))
        for service, path, step, limit_s in limits
        if limit_s is not None
        for name in alike.get(service, (service,))
    )
