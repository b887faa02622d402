"""The routes that the cases of a log of any size took, each once: counted by a database, in ranges.

The ranges are of case ids: every case is whole in one of them, and memory does not depend on the log's
length.
*conformance.variants* says the same a case at a time, and is what this is tested against.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from string import Template
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from conformance.context import LOST_DOUBT, MAX_CASE_ROWS, Context
from conformance.log_store import VIEW, name_damaged, quoted
from conformance.variants import MOST_EXAMPLES, Order, Path, Variant

if TYPE_CHECKING:
    import duckdb

ROWS_OF_A_RANGE = 1_000_000
_DAYS_OF_DOUBT = 2
_FETCHED = 1_000

_BOUNDS = Template("""
SELECT DISTINCT case_id FROM (SELECT case_id, row_number() OVER () AS place FROM $view)
WHERE place % $rows = 0 ORDER BY case_id
""")
# What conformance.context.standing says of a case, rows of several services or paths, and rejected records.
_BARRED = Template("""
CREATE OR REPLACE TEMP TABLE barred AS SELECT case_id FROM (
  SELECT case_id, count(*) AS n, count(enabled_us) < count(*) AS lacks_start,
    least(min(enabled_us), min(completed_us)) AS began,
    min($service) <> max($service) OR min(path) <> max(path) AS mixed
  FROM $view WHERE $range GROUP BY case_id)
WHERE mixed OR n > $most OR began IS NULL OR NOT ($in_force) OR (lacks_start AND ($in_doubt))
  OR ($hides_steps AND ($in_long_doubt)) OR case_id IN (FROM damaged)
""")
# Most cases have clocks of one resolution and an end of its own for every row: the rest is taken apart below.
_ROUTES = Template("""
CREATE OR REPLACE TEMP TABLE routes AS
SELECT case_id, min(service) AS service, min(path) AS path, list(step ORDER BY done) AS steps,
  NOT bool_or(tied) AND min(resolution) = max(resolution) AS plain
FROM (
  SELECT case_id, $service AS service, path, step, completed_us AS done, resolution_us AS resolution,
    completed_us IS NULL OR coalesce(completed_us - lag(completed_us) OVER (
      PARTITION BY case_id ORDER BY completed_us NULLS LAST) <= $doubt, false) AS tied
  FROM $view WHERE $range AND case_id NOT IN (SELECT case_id FROM barred))
GROUP BY case_id
""")
_PLAIN = Template("""
INSERT INTO variants
SELECT service, path, list_transform(steps, lambda step: [step]), 'certain', n, examples FROM (
  SELECT service, path, steps, count(*) AS n, min(case_id, $most) AS examples
  FROM routes WHERE plain GROUP BY service, path, steps)
""")
# late: the step was enabled when the others of the same exact instant ended, so it came after them.
# sure: the row came after the one before it, as conformance.cases.surely_before has it.
# place: equal for rows of one block. Clocks that err have no exact instants, but a doubt to be exceeded.
_OTHERS = Template("""
INSERT INTO variants
WITH taken AS (
  SELECT case_id, $service AS service, path, step, completed_us AS done, enabled_us AS begun,
    resolution_us AS resolution
  FROM $view WHERE $range AND case_id IN (SELECT case_id FROM routes WHERE NOT plain)
), told AS (
  SELECT *,
    $exact AND done IS NOT NULL AND begun >= done
      AND bool_and(begun IS NOT NULL AND resolution = 1) OVER same AS late,
    CASE WHEN done IS NULL OR row_number() OVER ordered = 1 THEN true
      WHEN resolution = lag(resolution) OVER ordered
        THEN done - lag(done) OVER ordered > $gap OR coalesce(
          $exact AND lag(done) OVER ordered = done AND resolution = 1
          AND lag(begun) OVER ordered < done AND done <= begun, false)
      ELSE done - lag(done) OVER ordered > lag(resolution) OVER ordered + resolution - 2 + 2 * $error
      END AS sure
  FROM taken
  WINDOW same AS (PARTITION BY case_id, done),
    ordered AS (PARTITION BY case_id ORDER BY done NULLS LAST, begun NULLS LAST, step)
), placed AS (
  SELECT *, CASE WHEN $exact OR done IS NULL THEN done ELSE sum(sure::INT) OVER (
    PARTITION BY case_id ORDER BY done NULLS LAST, begun NULLS LAST, step
    ROWS UNBOUNDED PRECEDING) END AS place
  FROM told
), judged AS (
  SELECT case_id,
    min(resolution) FILTER (done IS NOT NULL) <> max(resolution) FILTER (done IS NOT NULL)
      AND NOT bool_and(sure) AS unsettled
  FROM told GROUP BY case_id
), blocks AS (
  SELECT case_id, min(service) AS service, min(path) AS path, list(step ORDER BY step) AS steps,
    min(step) <> max(step) AS tied, done IS NULL AS unended, min(done) AS first,
    late AND NOT unsettled AS after
  FROM placed JOIN judged USING (case_id)
  GROUP BY case_id, done IS NULL, CASE WHEN unsettled THEN NULL ELSE place END, late AND NOT unsettled
), cases AS (
  SELECT case_id, min(service) AS service, min(path) AS path,
    list(steps ORDER BY unended, first, after) AS groups,
    CASE WHEN bool_or(unended) THEN 'no_end' WHEN bool_or(tied) THEN 'tie' ELSE 'certain' END AS certainty
  FROM blocks GROUP BY case_id
)
SELECT service, path, groups, certainty, count(*), min(case_id, $most)
FROM cases GROUP BY service, path, groups, certainty
""")
_CREATE = """
CREATE OR REPLACE TEMP TABLE variants (
  service VARCHAR, path VARCHAR, groups VARCHAR[][], certainty VARCHAR, n BIGINT, examples VARCHAR[])
"""
_ALL = Template("""
SELECT service, path, groups, certainty, sum(n)::BIGINT AS n,
  list_slice(list_sort(flatten(list(examples))), 1, $most)
FROM variants GROUP BY service, path, groups, certainty
ORDER BY n DESC, service, path, groups, certainty
""")


@dataclass(frozen=True, slots=True)
class _Range:
    """Case ids from *low* up to, and without, *high* (None: to the last)."""

    low: str
    high: str | None

    def condition(self) -> str:
        """Return the range as a condition of SQL."""
        below = "" if self.high is None else f" AND case_id < {quoted(self.high)}"
        return f"case_id >= {quoted(self.low)}{below}"


def gather_variants(
    database: "duckdb.DuckDBPyConnection", context: Context, rows: int = ROWS_OF_A_RANGE
) -> int:
    """Count the variants of the log in *database* into its table ``variants``, some *rows* at a time.

    Returns the number of cases that no norm can judge, or that lack a record: they have no variant.
    """
    database.execute(_CREATE)
    name_damaged(database, context.damaged)
    outside = 0
    for part in _ranges(database, rows):
        names = {"range": part.condition(), "service": _service(context), "view": VIEW} | _clocks(context)
        force = {
            "in_force": _in_force(context),
            "in_doubt": _in_doubt(context, _DAYS_OF_DOUBT),
            "in_long_doubt": _in_doubt(context, LOST_DOUBT.days + 1),
            "hides_steps": str(bool(context.undelivered_steps)).lower(),
        }
        database.execute(_BARRED.substitute(names, most=MAX_CASE_ROWS, **force))
        outside += _number(database, "SELECT count(*) FROM barred")
        database.execute(_ROUTES.substitute(names))
        database.execute(_PLAIN.substitute(most=MOST_EXAMPLES))
        if _number(database, "SELECT count(*) FROM routes WHERE NOT plain"):
            database.execute(_OTHERS.substitute(names, most=MOST_EXAMPLES))
    return outside


def read_variants(database: "duckdb.DuckDBPyConnection") -> Iterator[Variant]:
    """Yield the variants that were gathered into *database*, the most frequent first."""
    cursor = database.execute(_ALL.substitute(most=MOST_EXAMPLES))
    while rows := cursor.fetchmany(_FETCHED):
        yield from map(_variant, rows)


def _variant(row: tuple[Any, ...]) -> Variant:
    service, path, groups, certainty, cases, examples = row
    steps = tuple(map(tuple, groups))
    return Variant(Path((service, path), steps, Order(certainty)), cases, tuple(examples))


def _ranges(database: "duckdb.DuckDBPyConnection", rows: int) -> list[_Range]:
    """Return ranges that hold every case once, of about *rows* rows where the log is sorted by case."""
    found = database.execute(_BOUNDS.substitute(rows=rows, view=VIEW)).fetchall()
    borders = [case_id for (case_id,) in found if case_id]
    return [_Range(low, high) for low, high in zip(["", *borders], [*borders, None], strict=True)]


def _number(database: "duckdb.DuckDBPyConnection", query: str) -> int:
    row = database.execute(query).fetchone()
    return int(row[0]) if row else 0


def _service(context: Context) -> str:
    """Return the service of a row as SQL: a log may name it by its id or by its code."""
    if not context.codes:
        return "service"
    pairs = " ".join(f"WHEN {quoted(code)} THEN {quoted(id_)}" for id_, code in sorted(context.codes.items()))
    return f"(CASE service {pairs} ELSE service END)"


def _clocks(context: Context) -> dict[str, str]:
    """Return as SQL what two ends of one clock must differ by, and more, for their order to be certain."""
    error = context.clock_error_us
    doubt = f"(resolution_us - 1 + {2 * error})" if error else "0"
    return {
        "exact": "false" if error else "true",
        "error": str(error),
        "doubt": doubt,
        "gap": doubt.replace("resolution_us", "resolution"),
    }


def _in_force(context: Context) -> str:
    conditions = [f"began >= {_midnight_us(context.first_day, context)}"]
    if context.until is not None:
        conditions.append(f"began < {_midnight_us(context.until, context)}")
    return " AND ".join(conditions)


def _in_doubt(context: Context, days: int) -> str:
    """Return as SQL that the case may have begun when the act's force began or ended."""
    borders = [day for day in (context.first_day, context.until) if day is not None]
    near = [
        f"(began >= {_midnight_us(day, context)} "
        f"AND began < {_midnight_us(day + timedelta(days=days), context)})"
        for day in borders
    ]
    return " OR ".join(near)


def _midnight_us(day: date, context: Context) -> int:
    """Return the first moment of the local *day*, in microseconds since the epoch."""
    return int(datetime.combine(day, time(), ZoneInfo(context.zone)).timestamp()) * 1_000_000
