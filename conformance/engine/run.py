"""One pass over a log: batch by batch its cases become profiles, and each profile is judged once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.cases import Case, group_cases
from conformance.context import MAX_CASE_ROWS
from conformance.engine.profiles import ProfileQueries
from conformance.errors import InputError
from conformance.log import Row
from conformance.log_store import COLUMN_NAMES, ORDER, quoted

if TYPE_CHECKING:
    import duckdb

ProfileKey = tuple[str, str, str]
"""A service, a path and a profile."""

MAX_EXAMPLES = 20
"""How many case ids of a profile are kept: as many as findings of a norm are shown."""


@dataclass(frozen=True, slots=True)
class CaseClass:
    """Cases of one batch that no norm can tell apart: one of them, how many, and the smallest ids."""

    case: Case
    count: int
    ids: Sequence[str]
    key: ProfileKey | None


def fill_batch(log: "duckdb.DuckDBPyConnection", queries: ProfileQueries, span: str) -> None:
    """Fill the tables ``batch`` and ``profiles`` with the rows and cases in *span*, a condition on case ids.

    Raises InputError if the log turns out not to be sorted.
    """
    log.execute(f"CREATE OR REPLACE TEMP TABLE batch AS {queries.rows.replace('{span}', span)}")
    if log.execute("SELECT bool_or(unsorted) FROM batch").fetchall()[0][0]:
        raise InputError(
            "the log", "case_id", "rows that are not sorted by case", "a log as `convert` writes it"
        )
    log.execute(f"CREATE OR REPLACE TEMP TABLE profiles AS {queries.cases}")
    mixed = log.execute("SELECT count(*) > count(DISTINCT case_id) FROM profiles").fetchall()[0][0]
    if mixed:
        log.execute(
            "UPDATE profiles SET own = 'mixed' || case_id WHERE case_id IN "
            "(SELECT case_id FROM profiles GROUP BY case_id HAVING count(*) > 1)"
        )
    if log.execute(f"SELECT max(n) > {MAX_CASE_ROWS} FROM profiles").fetchall()[0][0]:
        log.execute(f"UPDATE profiles SET own = 'long' || case_id WHERE n > {MAX_CASE_ROWS}")


def classes_of_batch(
    log: "duckdb.DuckDBPyConnection", known: dict[ProfileKey, Case], endings: frozenset[str]
) -> Iterator[CaseClass]:
    """Yield the classes of the filled batch; *known* remembers a case of each profile that may come again."""
    found = log.execute(
        f"SELECT service, path, profile, own, count(*), min(case_id, {MAX_EXAMPLES}), max(n) FROM profiles "
        "GROUP BY service, path, profile, own ORDER BY ALL"
    ).fetchall()
    fresh = {
        row[5][0] for row in found if row[6] <= MAX_CASE_ROWS and (row[3] is not None or row[:3] not in known)
    }
    cases = {
        (case.service, case.path, case.case_id): case for case in group_cases(rows_of(log, fresh), endings)
    }
    for service, path, profile, own, count, ids, length in found:
        key = (service, path, profile)
        if length > MAX_CASE_ROWS:
            case = long_case(log, ids[0], service, path, length)
        elif own is not None:
            case = cases[service, path, ids[0]]
        else:
            case = known.setdefault(key, cases.get((service, path, ids[0])) or known[key])
        yield CaseClass(case, count, ids, key if own is None else None)


def rows_of(log: "duckdb.DuckDBPyConnection", case_ids: Iterable[str]) -> tuple[Row, ...]:
    """Return all rows of the cases *case_ids*, in the order of the log."""
    wanted = sorted(case_ids)
    if not wanted:
        return ()
    names = ", ".join(COLUMN_NAMES)
    log.execute("CREATE OR REPLACE TEMP TABLE wanted AS SELECT unnest($1) AS case_id", [wanted])
    bounds = f"case_id BETWEEN {quoted(wanted[0])} AND {quoted(wanted[-1])}"
    found = log.execute(
        f"SELECT {names} FROM judged SEMI JOIN wanted USING (case_id) WHERE {bounds} ORDER BY {ORDER}"
    ).fetchall()
    return tuple(Row(**dict(zip(COLUMN_NAMES, values, strict=True))) for values in found)


def long_case(log: "duckdb.DuckDBPyConnection", case_id: str, service: str, path: str, length: int) -> Case:
    """Return a case of too many rows to be one: it holds none of them, for no norm looks at it."""
    routes = log.execute(
        "SELECT count(DISTINCT (service, path)) FROM judged WHERE case_id = $1", [case_id]
    ).fetchall()[0][0]
    return Case(case_id, service, path, (), ended=False, mixed=routes > 1, length=length)


def giant_classes(log: "duckdb.DuckDBPyConnection", case_id: str) -> list[CaseClass]:
    """Return the classes of a case that is longer than a batch, one for each of its routes."""
    found = log.execute(
        "SELECT service, path, count(*) FROM judged WHERE case_id = $1 GROUP BY ALL ORDER BY ALL", [case_id]
    ).fetchall()
    mixed = len(found) > 1
    cases = [Case(case_id, s, p, (), ended=False, mixed=mixed, length=length) for s, p, length in found]
    return [CaseClass(case, 1, [case_id], None) for case in cases]
