"""Time to the result per service and path: percentiles by rank, by Kaplan-Meier where many are open."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.indicators.case_counts import Group
from conformance.indicators.case_table import CaseTable
from conformance.indicators.order_statistics import percentile_ranks
from conformance.indicators.survival import TOLERANCE, Z_ONE_SIDED

if TYPE_CHECKING:
    import duckdb

PERCENTS = (50, 90, 95)
MOST_OPEN = 0.03
"""The share of open cases from which the ended ones alone would mislead: the long ones are the open ones."""


@dataclass(frozen=True, slots=True)
class Percentile:
    """A percentile with its bounds, each at 95 % by itself; None: not reached, or too few values."""

    percent: int
    value_us: int | None
    low_us: int | None
    high_us: int | None


@dataclass(frozen=True, slots=True)
class Durations:
    """*n* measured times, *open* ones, *unusable* ones; *method* is ``order`` or ``survival``."""

    n: int
    open: int
    unusable: int
    method: str
    percentiles: tuple[Percentile, ...]


def measure_durations(table: CaseTable) -> Mapping[Group, Durations]:
    """Return the times to the result of every group that has a start, in the order of groups."""
    database = table.database
    database.execute(
        f"""CREATE TEMP TABLE times AS
        SELECT service, path, ended_us IS NULL AS open,
               coalesce(ended_us, CASE WHEN outcome = 'dropped' THEN last_us ELSE {table.taken_us} END)
                   - start_us AS time_us
        FROM cases WHERE NOT excluded AND start_us IS NOT NULL"""  # noqa: S608 - a number of ours
    )
    groups = database.execute(
        "SELECT service, path, count(*) FILTER (NOT open AND time_us >= 0), "
        "count(*) FILTER (open AND time_us >= 0), count(*) FILTER (time_us < 0) "
        "FROM times GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    counted = {Group(service, path): (n, open_, bad) for service, path, n, open_, bad in groups}
    by_rank = {g: n for g, (n, open_, _) in counted.items() if n and not _many_open(n, open_)}
    found = _by_rank(database, by_rank)
    for group, (n, open_, _) in counted.items():
        if group not in found:
            found[group] = _by_survival(database, group) if n and _many_open(n, open_) else ()
    return {
        group: Durations(n, open_, bad, "survival" if _many_open(n, open_) else "order", found[group])
        for group, (n, open_, bad) in counted.items()
    }


def _many_open(n: int, open_: int) -> bool:
    return open_ > MOST_OPEN * (n + open_)


def _by_rank(
    database: "duckdb.DuckDBPyConnection", sizes: Mapping[Group, int]
) -> dict[Group, tuple[Percentile, ...]]:
    """Look up all ranks of all groups in one sort."""
    ranks = {(g, p): percentile_ranks(p, n) for g, n in sizes.items() for p in PERCENTS}
    wanted = sorted(
        {(*g, rank) for (g, _), r in ranks.items() for rank in (r.value, r.low, r.high) if rank is not None}
    )
    if not wanted:
        return {}
    database.execute("CREATE TEMP TABLE wanted (service VARCHAR, path VARCHAR, rank BIGINT)")
    database.executemany("INSERT INTO wanted VALUES (?, ?, ?)", wanted)
    found = {
        (Group(service, path), rank): time_us
        for service, path, rank, time_us in database.execute(
            """WITH ranked AS (
                SELECT service, path, time_us,
                       row_number() OVER (PARTITION BY service, path ORDER BY time_us) AS rank
                FROM times WHERE NOT open AND time_us >= 0)
            SELECT service, path, rank, time_us FROM ranked JOIN wanted USING (service, path, rank)"""
        ).fetchall()
    }
    return {
        group: tuple(
            Percentile(
                percent,
                found[group, ranks[group, percent].value],
                *(
                    None if rank is None else found[group, rank]
                    for rank in (ranks[group, percent].low, ranks[group, percent].high)
                ),
            )
            for percent in PERCENTS
        )
        for group in sizes
    }


def _by_survival(database: "duckdb.DuckDBPyConnection", group: Group) -> tuple[Percentile, ...]:
    """Estimate the percentiles with the open cases counted as long as they waited."""
    picked = ", ".join(
        f"min(time_us) FILTER ({column} <= {1 - percent / 100 + TOLERANCE!r})"
        for percent in PERCENTS
        for column in ("share", "low", "high")
    )
    row = database.execute(
        f"""WITH ends AS (
            SELECT time_us, count(*) FILTER (NOT open) AS ending, count(*) AS leaving
            FROM times WHERE service = $1 AND path = $2 AND time_us >= 0 GROUP BY time_us),
        risks AS (
            SELECT time_us, ending, sum(leaving) OVER (ORDER BY time_us DESC) AS at_risk FROM ends),
        sums AS (
            SELECT time_us, ending = at_risk AS last,
                   sum(CASE WHEN ending < at_risk THEN ln(1 - ending / at_risk) ELSE 0 END)
                       OVER before AS logarithm,
                   sum(CASE WHEN ending < at_risk
                       THEN ending / (at_risk * (at_risk - ending)::DOUBLE) ELSE 0 END)
                       OVER before AS variance
            FROM risks WHERE ending > 0 WINDOW before AS (ORDER BY time_us)),
        steps AS (
            SELECT time_us,
                   CASE WHEN last THEN 0 ELSE exp(logarithm) END AS share,
                   CASE WHEN last THEN 0
                        ELSE exp(logarithm * exp({Z_ONE_SIDED!r} * sqrt(variance) / -logarithm)) END AS low,
                   CASE WHEN last THEN NULL
                        ELSE exp(logarithm * exp(-{Z_ONE_SIDED!r} * sqrt(variance) / -logarithm)) END AS high
            FROM sums)
        SELECT {picked} FROM steps""",  # noqa: S608 - numbers of ours
        list(group),
    ).fetchone()
    values = row or (None,) * (3 * len(PERCENTS))
    return tuple(Percentile(p, *values[3 * i : 3 * i + 3]) for i, p in enumerate(PERCENTS))
