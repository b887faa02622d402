"""The counts behind the computed indicators, by SQL over the table of cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.indicators.case_table import CaseTable
from conformance.log_store import quoted

if TYPE_CHECKING:
    import duckdb

_QUARTER_US = 900_000_000


class Group(NamedTuple):
    """A service and a path, by which figures are kept apart."""

    service: str
    path: str


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """How many cases are what: *excluded* ones are in no other count.

    *by_outcome*: per group and outcome. *timeliness*: per group ``kept``, ``missed``, ``unsure``, ``open``.
    *reasons*: per service, outcome code of the refusal. *attempts*: per path, tried and met by
    unavailability. *outcome_by_month* and *timeliness_by_month*: the same words per group and local month in
    which the case began. *lost* cases, every record of which was rejected, may be of any group.
    """

    cases: int
    excluded: int
    by_outcome: Mapping[tuple[Group, str], int]
    timeliness: Mapping[tuple[Group, str], int]
    reasons: Mapping[tuple[str, str], int]
    attempts: Mapping[str, tuple[int, int]]
    outcome_by_month: Mapping[tuple[Group, str], Mapping[str, int]]
    timeliness_by_month: Mapping[tuple[Group, str], Mapping[str, int]]
    lost: int = 0


def count_cases(table: CaseTable) -> CaseCounts:
    """Return the counts of *table*; they are exact whatever the size."""
    database = table.database
    _count_alike(table)
    cases, excluded = _rows(database, "SELECT sum(n)::BIGINT, sum(n) FILTER (excluded)::BIGINT FROM alike")[0]
    return CaseCounts(
        cases=cases or 0,
        excluded=excluded or 0,
        by_outcome=_grouped(database, "outcome"),
        timeliness=_grouped(database, "timeliness"),
        reasons={
            (service, code): n
            for service, code, n in _rows(
                database,
                "SELECT service, code, sum(n)::BIGINT FROM alike WHERE NOT excluded AND outcome = 'refused' "
                "GROUP BY ALL ORDER BY ALL",
            )
        },
        attempts={
            path: (tried, met or 0)
            for path, tried, met in _rows(
                database,
                "SELECT path, sum(n)::BIGINT, sum(n) FILTER (unavailable)::BIGINT FROM alike "
                "WHERE NOT excluded AND attempted GROUP BY ALL ORDER BY ALL",
            )
        },
        outcome_by_month=_monthly(table, "outcome"),
        timeliness_by_month=_monthly(table, "timeliness"),
        lost=table.unplaced
        + _rows(database, "SELECT count(*) FROM damaged ANTI JOIN cases USING (case_id)")[0][0],
    )


def _count_alike(table: CaseTable) -> None:
    """Count the cases that are alike and began in one quarter of an hour: every month begins with one."""
    table.database.execute(
        f"""CREATE OR REPLACE TEMP TABLE alike AS
        SELECT excluded, service, path, outcome, timeliness, attempted, unavailable,
               CASE WHEN outcome = 'refused' THEN code END AS code,
               begun_us // {_QUARTER_US} * {_QUARTER_US} AS begun_us, count(*) AS n
        FROM cases GROUP BY ALL"""  # noqa: S608 - a number of ours
    )


def _monthly(table: CaseTable, column: str) -> dict[tuple[Group, str], dict[str, int]]:
    month = f"strftime(timezone({quoted(table.zone)}, make_timestamptz(begun_us)), '%Y-%m')"
    found: dict[tuple[Group, str], dict[str, int]] = {}
    for service, path, begun, word, n in _rows(
        table.database,
        f"SELECT service, path, {month}, {column}, sum(n)::BIGINT FROM alike WHERE NOT excluded "  # noqa: S608 - quoted
        f"AND {column} IS NOT NULL AND begun_us IS NOT NULL GROUP BY ALL ORDER BY ALL",
    ):
        found.setdefault((Group(service, path), begun), {})[word] = n
    return found


def _grouped(database: "duckdb.DuckDBPyConnection", column: str) -> dict[tuple[Group, str], int]:
    found = _rows(
        database,
        f"SELECT service, path, {column}, sum(n)::BIGINT FROM alike "  # noqa: S608 - a name of ours
        f"WHERE NOT excluded AND {column} IS NOT NULL GROUP BY ALL ORDER BY ALL",
    )
    return {(Group(service, path), value): n for service, path, value, n in found}


def _rows(database: "duckdb.DuckDBPyConnection", sql: str) -> list[tuple[Any, ...]]:
    return database.execute(sql).fetchall()
