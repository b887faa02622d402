"""What a fit needs of a log, asked of the database: beginnings and endings of cases, times, who was busy."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from conformance.log_store import opened_log, quoted

if TYPE_CHECKING:
    import duckdb

MOST_SAMPLED = 20_000
"""Of one time so many are looked at, taken by a hash of their cases: a law does not get better with more."""

LONGEST_US = 366 * 86_400_000_000

_WAITED = (
    "CASE WHEN json_valid(attributes) THEN "
    "TRY_CAST(json_extract_string(attributes, '$.waited_us') AS BIGINT) END"
)
_TEXT = "CASE WHEN json_valid(attributes) THEN json_extract_string(attributes, '$.{name}') END"

_TABLES = f"""
CREATE TEMP TABLE work AS
SELECT
    case_id, service, path, step, resource, enabled_us, started_us, completed_us, office,
    CASE WHEN waited BETWEEN 0 AND {LONGEST_US} THEN waited END AS waited_us,
    CASE WHEN outcome <> 'ok' THEN left(step || ' ' || outcome || coalesce(' (' || reason || ')', ''), 200)
        END AS ending
FROM (
    SELECT *,
        {_WAITED} AS waited,
        {_TEXT.format(name="provider")} AS office,
        {_TEXT.format(name="reason")} AS reason
    FROM events
);
CREATE TEMP TABLE endings AS
SELECT
    case_id,
    min(service) AS service,
    min(path) AS path,
    min(coalesce(enabled_us, started_us, completed_us)) AS arrival_us,
    max(office) AS office,
    bool_or(completed_us IS NULL) AS is_open,
    array_to_string(list_sort(list_distinct(list(ending) FILTER (WHERE ending IS NOT NULL))), ', ') AS ending
FROM work
GROUP BY case_id;
"""  # noqa: S608 - made of names of this module


@dataclass(frozen=True, slots=True)
class Sample:
    """Times of one kind: those that can be used, in microseconds, and why the others cannot.

    *rows* are all executions: *open* ones have not ended, *unstarted* ones do not say when the work began,
    *negative* ones end before they begin, *huge* ones take more than a year. *used* are all the others.
    """

    times_us: Any
    rows: int
    used: int
    open: int = 0
    unstarted: int = 0
    negative: int = 0
    huge: int = 0


@dataclass(frozen=True, slots=True)
class Busy:
    """Spans in which servers of a station were at work, as arrays, with the number of their office."""

    begins_us: Any
    ends_us: Any
    office: Any


@dataclass(frozen=True, slots=True)
class FitRows:
    """The rows of a log as tables of a database."""

    database: "duckdb.DuckDBPyConnection"

    def totals(self) -> tuple[int, int, int]:
        """Return how many rows and cases there are, and the coarsest resolution of the clocks."""
        rows = self._ask("SELECT count(*), count(DISTINCT case_id), max(resolution_us) FROM events")[0]
        return int(rows[0]), int(rows[1]), int(rows[2] or 1)

    def period_us(self) -> tuple[int, int]:
        """Return the first and the last moment of the log; 0 for a log without any."""
        asked = (
            "SELECT min(least(enabled_us, started_us, completed_us)), "
            "max(greatest(enabled_us, started_us, completed_us)) FROM work"
        )
        first, last = self._ask(asked)[0]
        return int(first or 0), int(last or 0)

    def streams(self) -> list[tuple[str, str, int, int]]:
        """Return each service and path with its cases, and how many of them are not known to have ended."""
        asked = (
            "SELECT service, path, count(*), count(*) FILTER (WHERE is_open) FROM endings "
            "WHERE arrival_us IS NOT NULL GROUP BY ALL ORDER BY service, path"
        )
        return [(str(a), str(b), int(c), int(d)) for a, b, c, d in self._ask(asked)]

    def arrivals_us(self, service: str, path: str) -> Any:
        """Return when the cases of a service and path came, in order."""
        return self._column(
            "SELECT arrival_us AS value FROM endings WHERE arrival_us IS NOT NULL "  # noqa: S608 - quoted
            f"AND service = {quoted(service)} AND path = {quoted(path)} ORDER BY value"
        )

    def mixed_cases(self) -> int:
        """Return how many cases are of several services or paths."""
        asked = (
            "SELECT count(*) FROM (SELECT case_id FROM work GROUP BY case_id "
            "HAVING count(DISTINCT service) > 1 OR count(DISTINCT path) > 1)"
        )
        return int(self._ask(asked)[0][0])

    def unplaced_cases(self) -> int:
        """Return how many cases have no moment at all."""
        return int(self._ask("SELECT count(*) FROM endings WHERE arrival_us IS NULL")[0][0])

    def late_beginnings(self) -> int:
        """Return how many cases have no row that says when it could start."""
        asked = "SELECT count(*) FROM (SELECT case_id FROM work GROUP BY 1 HAVING max(enabled_us) IS NULL)"
        return int(self._ask(asked)[0][0])

    def steps(self) -> list[str]:
        """Return the steps of the log."""
        return [str(row[0]) for row in self._ask("SELECT DISTINCT step FROM work ORDER BY step")]

    def work_times(self, step: str) -> Sample:
        """Return how long a step was worked on: without the time in queues, as far as the row tells it.

        That is its duration less ``waited_us`` where the row has that, otherwise from its start to its end.
        """
        spans = (
            "SELECT case_id, completed_us IS NULL AS is_open, "  # noqa: S608 - quoted
            "CASE WHEN waited_us IS NOT NULL AND enabled_us IS NOT NULL "
            "THEN completed_us - enabled_us - waited_us ELSE completed_us - started_us END AS span "
            f"FROM work WHERE step = {quoted(step)}"
        )
        return self._sample(spans)

    def decision_times(
        self, path: str, registering: str, answers: Sequence[str], *, undisturbed: bool
    ) -> Sample:
        """Return how long after the end of *registering* the first of the *answers* could start.

        With *undisturbed* only of requests that came to an office with no other one undecided: these did not
        wait.
        """
        spans = (
            "SELECT case_id, e IS NULL AS is_open, e - b AS span, max(e) OVER (PARTITION BY office "  # noqa: S608
            "ORDER BY b, case_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before, b "
            f"FROM ({_undecided(path, registering, answers)})"
        )
        free = " WHERE is_open OR before IS NULL OR before <= b" if undisturbed else ""
        return self._sample(f"SELECT * FROM ({spans}){free}")  # noqa: S608 - made here

    def endings(self) -> list[tuple[str, str, str, int]]:
        """Return the endings other than ok of each service and path, with the cases that have ended so."""
        asked = (
            "SELECT service, path, coalesce(ending, '') AS ending, count(*) FROM endings "
            "WHERE NOT is_open GROUP BY ALL ORDER BY ALL"
        )
        return [(str(a), str(b), str(c), int(d)) for a, b, c, d in self._ask(asked)]

    def offices(self) -> list[tuple[str | None, int]]:
        """Return the offices that the rows name, with their cases; None for cases that name none."""
        asked = "SELECT office, count(*) FROM endings GROUP BY office ORDER BY office NULLS LAST"
        return [(row[0], int(row[1])) for row in self._ask(asked)]

    def busy(self, steps: Sequence[str], *, whole_visit: bool) -> Busy:
        """Return when *steps* were worked on; with *whole_visit* from a case's first to its last of them."""
        names = ", ".join(map(quoted, steps))
        spans = (
            "SELECT case_id, started_us AS b, completed_us AS e, office "  # noqa: S608 - quoted
            f"FROM work WHERE step IN ({names}) AND started_us <= completed_us"
        )
        if whole_visit:
            spans = (
                f"SELECT case_id, min(b) AS b, max(e) AS e, max(office) AS office FROM ({spans}) GROUP BY 1"  # noqa: S608
            )
        return self._busy(spans)

    def deciding(self, path: str, registering: str, answers: Sequence[str]) -> Busy:
        """Return from when to when requests were registered and not decided yet."""
        spans = _undecided(path, registering, answers)
        return self._busy(f"SELECT * FROM ({spans}) WHERE b <= e")  # noqa: S608 - made here

    def _busy(self, spans: str) -> Busy:
        found = self.database.execute(
            f"SELECT b, e, dense_rank() OVER (ORDER BY office NULLS FIRST) AS o FROM ({spans})"  # noqa: S608
        ).fetchnumpy()
        return Busy(*(np.asarray(found[name], np.int64) for name in ("b", "e", "o")))

    def named_servers(self, steps: Sequence[str]) -> dict[str | None, int]:
        """Return by office how many different resources are named at *steps*."""
        names = ", ".join(map(quoted, steps))
        asked = (
            "SELECT office, count(DISTINCT resource) FROM work "  # noqa: S608 - quoted
            f"WHERE step IN ({names}) GROUP BY office"
        )
        return {row[0]: int(row[1]) for row in self._ask(asked)}

    def named_in_all(self, steps: Sequence[str]) -> int:
        """Return how many different resources are named at *steps*, whatever the office."""
        names = ", ".join(map(quoted, steps))
        asked = f"SELECT count(DISTINCT resource) FROM work WHERE step IN ({names})"  # noqa: S608 - quoted
        return int(self._ask(asked)[0][0])

    def waits(self, steps: Sequence[str]) -> int:
        """Return how many executions of *steps* began later than they could."""
        names = ", ".join(map(quoted, steps))
        asked = f"SELECT count(*) FROM work WHERE step IN ({names}) AND started_us > enabled_us"  # noqa: S608
        return int(self._ask(asked)[0][0])

    def write_beginnings(self, to: Path) -> None:
        """Write the first row of every case as a log of its own: what a trace of its arrivals needs."""
        first = (
            "SELECT * EXCLUDE (place) FROM (SELECT *, row_number() OVER (PARTITION BY case_id ORDER BY "
            "coalesce(enabled_us, started_us, completed_us) NULLS LAST, step, unit, outcome) AS place "
            "FROM events) WHERE place = 1 ORDER BY case_id"
        )
        self.database.execute(f"COPY ({first}) TO {quoted(str(to))} (FORMAT parquet, COMPRESSION zstd)")

    def _sample(self, spans: str) -> Sample:
        counted = self._ask(
            "SELECT count(*), count(*) FILTER (WHERE is_open), "  # noqa: S608 - made here
            "count(*) FILTER (WHERE NOT is_open AND span IS NULL), "
            "count(*) FILTER (WHERE NOT is_open AND span < 0), "
            f"count(*) FILTER (WHERE NOT is_open AND span > {LONGEST_US}) FROM ({spans})"
        )[0]
        rows, opened, unstarted, negative, huge = map(int, counted)
        times = self._column(
            f"SELECT span AS value FROM ({spans}) WHERE span BETWEEN 0 AND {LONGEST_US} "  # noqa: S608
            f"ORDER BY hash(case_id), case_id, span LIMIT {MOST_SAMPLED}"
        )
        used = rows - opened - unstarted - negative - huge
        return Sample(np.sort(times), rows, used, opened, unstarted, negative, huge)

    def _column(self, asked: str) -> Any:
        return np.asarray(self.database.execute(asked).fetchnumpy()["value"], np.int64)

    def _ask(self, asked: str) -> list[Any]:
        return self.database.execute(asked).fetchall()


def _undecided(path: str, registering: str, answers: Sequence[str]) -> str:
    """Return the query of who was registered when (b), and when the answer could begin (e)."""
    names = ", ".join(map(quoted, answers))
    return (
        "SELECT * FROM (SELECT case_id, max(office) AS office, "  # noqa: S608 - quoted
        f"max(completed_us) FILTER (WHERE step = {quoted(registering)}) AS b, "
        f"min(enabled_us) FILTER (WHERE step IN ({names})) AS e "
        f"FROM work WHERE path = {quoted(path)} GROUP BY case_id) WHERE b IS NOT NULL"
    )


@contextmanager
def fit_rows(log: Path) -> Iterator[FitRows]:
    """Open the canonical *log* for a fit."""
    with opened_log(log) as database:
        database.execute(_TABLES)
        yield FitRows(database)
