"""How complete a canonical log is: counted in few scans, whatever its size."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from conformance.log_results import LogResults
from conformance.log_rows import without_numbers
from conformance.log_store import opened_log, quoted
from conformance.logs.intake import Intake
from conformance.logs.unknown_names import unknown_names
from conformance.pack import Pack

if TYPE_CHECKING:
    import duckdb

COUNTED = ("enabled_us", "started_us", "completed_us", "resource", "outcome", "request_number", "attributes")
MOST_UNMAPPED = 20
_LONGEST_NAME = 80
_QUARTER_US = 900_000_000
"""Every zone's midnight lies on a quarter of an hour in UTC: no other row is asked for its local time."""


def log_results(
    intake: Intake, zone: str, pack: Pack | None = None, *, clock_error_us: int = 0
) -> LogResults:
    """Return what is saved of the log that was taken in; midnight is that of *zone*.

    Names are held against *pack*; two readings contradict each other only beyond *clock_error_us* of each.
    """
    with opened_log(intake.log) as database:
        counts = ", ".join(f"count({name})" for name in COUNTED)
        found = _row(database, f"SELECT count(*), {counts} FROM events")  # noqa: S608 - own names
        cases, open_cases, ties = _row(database, _BY_CASE)
        return LogResults(
            format=intake.facts.format,
            source_sha256=intake.facts.sha256,
            mapped=intake.facts.mapped,
            zone=intake.facts.zone,
            clock_error_us=intake.facts.clock_error_us,
            read=intake.read,
            rows=found[0],
            ignored=intake.ignored,
            rejects=intake.rejects,
            unmapped=_shown(intake.unmapped),
            unconfirmed=tuple(without_numbers(name[:_LONGEST_NAME]) for name in intake.unconfirmed),
            cases=cases,
            open_cases=open_cases,
            with_value=dict(zip(COUNTED, found[1:], strict=True)),
            resolutions={str(us): n for us, n in database.execute(_RESOLUTIONS).fetchall()},
            ties=ties,
            midnight=_at_midnight(database, zone),
            unknown=unknown_names(database, pack) if pack is not None else (),
            inverted=_row(database, _INVERTED.format(error=2 * clock_error_us))[0],
        )


# Rows of a case stand together, so what two neighbours share is found without grouping the whole log.
_BY_CASE = """
SELECT count(*) FILTER (case_id IS DISTINCT FROM before_case),
       count(*) FILTER (completed_us IS NULL AND case_id IS DISTINCT FROM next_case),
       coalesce(sum((completed_us IS NOT NULL AND (
           (case_id IS NOT DISTINCT FROM before_case AND completed_us = before_end)
           OR (case_id IS NOT DISTINCT FROM next_case AND completed_us = next_end)))::INTEGER), 0)::BIGINT
FROM (SELECT case_id, completed_us,
             lag(case_id) OVER () AS before_case, lag(completed_us) OVER () AS before_end,
             lead(case_id) OVER () AS next_case, lead(completed_us) OVER () AS next_end
      FROM events)
"""

# A coarse reading may seem to lie before a fine one: only a whole unit of the clock is a contradiction.
_INVERTED = """
SELECT count(*) FROM events WHERE greatest(
    enabled_us - completed_us, enabled_us - started_us, started_us - completed_us
) >= resolution_us + {error}
"""

_RESOLUTIONS = """
SELECT resolution_us, count(*) AS n FROM events GROUP BY resolution_us
ORDER BY n DESC, resolution_us LIMIT 20
"""


def _at_midnight(database: "duckdb.DuckDBPyConnection", zone: str) -> int:
    ZoneInfo(zone)  # the pack or the mapping has checked it; DuckDB knows the same names
    local = f"timezone({quoted(zone)}, make_timestamptz(completed_us))"
    query = (
        "SELECT count(*) FROM "  # noqa: S608 - quoted above
        f"(SELECT completed_us FROM events WHERE completed_us % {_QUARTER_US} = 0) "
        f"WHERE hour({local}) = 0 AND minute({local}) = 0 AND second({local}) = 0"
    )
    return int(_row(database, query)[0])


def _shown(unmapped: dict[str, int]) -> dict[str, int]:
    """Return the most frequent activities, without anything that may be somebody's number."""
    shown: dict[str, int] = {}
    for name, count in list(unmapped.items())[:MOST_UNMAPPED]:
        plain = without_numbers(name[:_LONGEST_NAME])
        shown[plain] = shown.get(plain, 0) + count
    return shown


def _row(database: "duckdb.DuckDBPyConnection", query: str) -> tuple[int, ...]:
    found = database.execute(query).fetchone()
    return tuple(int(value) for value in found) if found else ()
