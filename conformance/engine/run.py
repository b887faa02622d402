"""One pass over a log: batch by batch its cases become profiles, and each profile is judged once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.cases import Case, group_cases
from conformance.context import MAX_CASE_ROWS
from conformance.engine.facts import LogFacts
from conformance.engine.profiles import ProfileQueries
from conformance.errors import InputError
from conformance.log import Row
from conformance.log_store import COLUMN_NAMES, ORDER, quoted

if TYPE_CHECKING:
    import duckdb

ProfileKey = tuple[str, str, str]
"""A service, a path and a profile."""

CHUNK_ROWS = 50_000
"""How many rows of a batch are Python objects at a time, if its cases are all unlike: some 100 MiB."""
MAX_KNOWN_ROWS = 50_000
"""How many rows the remembered cases have together; of other profiles a case is read again in each batch."""
_MOST_LISTED = 2_000
"""So many case ids stand in the words of a query: then no group of rows without any of them is read."""
MAX_EXAMPLES = 20
"""How many case ids of a profile are kept: as many as findings of a norm are shown."""


@dataclass(frozen=True, slots=True)
class CaseClass:
    """Cases of one batch that no norm can tell apart: one of them, how many, and the smallest ids."""

    case: Case
    count: int
    ids: Sequence[str]
    key: ProfileKey | None


class KnownCases:
    """A case of each profile that may come again, as long as they have few rows together."""

    __slots__ = ("_cases", "_rows")

    def __init__(self) -> None:
        self._cases: dict[ProfileKey, Case] = {}
        self._rows = 0

    def get(self, key: ProfileKey) -> Case | None:
        """Return the case of a profile, None if none is remembered."""
        return self._cases.get(key)

    def keep(self, key: ProfileKey, case: Case) -> None:
        """Remember *case* if there is room: the cases that come first are of the most usual profiles."""
        if self._rows + len(case.events) <= MAX_KNOWN_ROWS:
            self._cases[key] = case
            self._rows += len(case.events)


@dataclass(frozen=True, slots=True)
class _Found:
    """A class as the database counts it; *length* is how many rows each of its cases has."""

    key: ProfileKey
    own: str | None
    count: int
    ids: Sequence[str]
    length: int


def fill_batch(log: "duckdb.DuckDBPyConnection", queries: ProfileQueries, span: str) -> None:
    """Fill the table ``profiles`` with the cases in *span*, a condition on case ids.

    Raises InputError if the log turns out not to be sorted.
    """
    log.execute(f"CREATE OR REPLACE TEMP TABLE profiles AS {queries.by_numbers.replace('{span}', span)}")
    unsorted, mixed, longest, odd = log.execute(
        "SELECT bool_or(unsorted), count(*) > count(*) FILTER (begins), max(n), bool_or(odd) FROM profiles"
    ).fetchall()[0]
    if unsorted:
        raise InputError(
            "the log", "case_id", "rows that are not sorted by case", "a log as `convert` writes it"
        )
    if odd:
        log.execute("CREATE OR REPLACE TEMP TABLE odd AS SELECT case_id FROM profiles WHERE odd")
        log.execute("DELETE FROM profiles WHERE case_id IN (FROM odd)")
        those = f"({span}) AND case_id IN (FROM odd)"
        log.execute(f"INSERT INTO profiles {queries.by_texts.replace('{span}', those)}")
    if mixed:
        log.execute(
            "UPDATE profiles SET own = 'mixed' || case_id WHERE case_id IN "
            "(SELECT case_id FROM profiles GROUP BY case_id HAVING count(*) > 1)"
        )
    if longest is not None and longest > MAX_CASE_ROWS:
        log.execute(f"UPDATE profiles SET own = 'long' || case_id WHERE n > {MAX_CASE_ROWS}")


def classes_of_batch(
    log: "duckdb.DuckDBPyConnection", facts: LogFacts, known: KnownCases, endings: frozenset[str]
) -> Iterator[CaseClass]:
    """Yield the classes of the filled batch; *known* remembers a case of each profile that may come again."""
    # By their first case: then those to be read lie side by side in the log, and the usual ones come first.
    found = log.execute(
        f"SELECT route, profile, own, count(*), min(case_id, {MAX_EXAMPLES}), max(n) FROM profiles "
        "GROUP BY route, profile, own ORDER BY min(case_id), route, profile, own"
    ).fetchall()
    classes = (_Found((*facts.route(route), profile), *more) for route, profile, *more in found)
    for chunk, fresh in _chunks(classes, known):
        yield from _classes_of(log, chunk, fresh, known, endings)


def _chunks(classes: Iterable[_Found], known: KnownCases) -> Iterator[tuple[list[_Found], set[str]]]:
    """Yield *classes* in lists, each with the ids of the cases to read for it: not too many rows in all."""
    chunk: list[_Found] = []
    fresh: set[str] = set()
    rows = 0
    for one in classes:
        is_fresh = one.length <= MAX_CASE_ROWS and (one.own is not None or known.get(one.key) is None)
        if is_fresh and fresh and rows + one.length > CHUNK_ROWS:
            yield chunk, fresh
            chunk, fresh, rows = [], set(), 0
        if is_fresh:
            fresh.add(one.ids[0])
            rows += one.length
        chunk.append(one)
    yield chunk, fresh


def _classes_of(
    log: "duckdb.DuckDBPyConnection",
    chunk: Iterable[_Found],
    fresh: set[str],
    known: KnownCases,
    endings: frozenset[str],
) -> Iterator[CaseClass]:
    """Yield the classes of a *chunk*, with the *fresh* cases as the log has them."""
    cases = {
        (case.service, case.path, case.case_id): case for case in group_cases(rows_of(log, fresh), endings)
    }
    for one in chunk:
        service, path, _ = one.key
        if one.length > MAX_CASE_ROWS:
            case = long_case(log, one.ids[0], service, path, one.length)
        elif one.own is not None:
            case = cases[service, path, one.ids[0]]
        else:
            remembered = known.get(one.key)
            case = remembered or cases[service, path, one.ids[0]]
            if remembered is None:
                known.keep(one.key, case)
        yield CaseClass(case, one.count, one.ids, one.key if one.own is None else None)


def rows_of(log: "duckdb.DuckDBPyConnection", case_ids: Iterable[str]) -> tuple[Row, ...]:
    """Return all rows of the cases *case_ids*, in the order of the log."""
    wanted = sorted(case_ids)
    if not wanted:
        return ()
    names = ", ".join(COLUMN_NAMES)
    if len(wanted) <= _MOST_LISTED:
        listed = ", ".join(map(quoted, wanted))
        found = log.execute(
            f"SELECT {names} FROM judged WHERE case_id IN ({listed}) ORDER BY {ORDER}"
        ).fetchall()
    else:
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
