"""One row per case, made by SQL from the view ``events``: what every indicator then counts.

Columns of ``cases``: *service* (the pack's id), *path*, *excluded* (the rows name several services or
paths, or a service that the pack does not know), *outcome* (of *conformance.indicators.definitions*),
*code* (outcome code of the ending), *begun_us* (the first moment of all), *ended_us*, *start_us* (from where
the time to the result counts), *last_us*, *attempted* and *unavailable*, *timeliness* (``kept``, ``missed``,
``unsure``, ``open``, or null where no term applies).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.context import undelivered_steps
from conformance.indicators.definitions import IndicatorRules, Moment, SameDay, StepLimits, Term
from conformance.indicators.due_dates import DAY_US, due_dates
from conformance.log import Manifest, moment_us_of
from conformance.log_store import name_damaged, quoted
from conformance.pack import Pack

if TYPE_CHECKING:
    import duckdb

_ATTRIBUTE = "attributes."


@dataclass(frozen=True, slots=True)
class CaseTable:
    """The table ``cases`` of an open database; *taken_us* is when the log was taken, *zone* the pack's.

    *unplaced* counts rejected records of no known case, each of which may be a case.
    """

    database: "duckdb.DuckDBPyConnection"
    taken_us: int
    zone: str
    unplaced: int


def make_case_table(
    database: "duckdb.DuckDBPyConnection", pack: Pack, rules: IndicatorRules, manifest: Manifest
) -> CaseTable:
    """Make the table ``cases`` from the view ``events`` of the log that *manifest* speaks of.

    Without a moment of extraction the log was taken at its last moment. Of a case that may lack rows, for a
    record of it was rejected, or it has no ending and the source does not tell of every ending, it is not
    known whether it was in time, nor that it was dropped.
    """
    taken_us = moment_us_of(manifest.extracted_at)
    if taken_us is None:
        taken_us = _last_moment(database)
    _make_names(database, pack, rules)
    name_damaged(database, manifest.damaged)
    database.execute(_gathered(rules, manifest.clock_error_us))
    _make_due_dates(database, pack, rules)
    hidden = _hidden_steps(pack, manifest)
    database.execute(
        _judged(rules, taken_us, hides_endings=_hides_endings(pack, rules, hidden), hidden=hidden)
    )
    database.execute("DROP TABLE gathered")
    return CaseTable(database, taken_us, pack.act.zone, manifest.unplaced)


def _hidden_steps(pack: Pack, manifest: Manifest) -> frozenset[str]:
    delivered = None if manifest.delivered is None else frozenset(manifest.delivered)
    return undelivered_steps(frozenset(step.code for step in pack.steps), delivered)


def _hides_endings(pack: Pack, rules: IndicatorRules, hidden: frozenset[str]) -> bool:
    """Tell whether the source never tells of some step with which a case may end, on a path that it shows."""
    shown = {step.path for step in pack.steps if step.code not in hidden}
    endings = {step for entry in rules.endings for step in entry.steps}
    return any(step.code in hidden & endings and step.path in shown for step in pack.steps)


def _last_moment(database: "duckdb.DuckDBPyConnection") -> int:
    found = database.execute(
        "SELECT max(greatest(enabled_us, started_us, completed_us)) FROM events"
    ).fetchone()
    return int(found[0]) if found and found[0] is not None else 0


def _make_names(database: "duckdb.DuckDBPyConnection", pack: Pack, rules: IndicatorRules) -> None:
    """Put the names of the pack into small tables that the rows of the log are joined with."""
    services = [(name, s.id) for s in pack.services for name in dict.fromkeys((s.id, s.code))]
    _fill(database, "service_names", "name VARCHAR, service VARCHAR", services)
    by_day = [term for term in rules.terms if isinstance(term.due, SameDay)]
    by_step = [term for term in rules.terms if isinstance(term.due, StepLimits)]
    limits = [
        (service, term.path, column.step, column.limit.max_s * 1_000_000)
        for term in by_step
        for service in term.services
        for table in pack.tables
        if (table.service, table.path) == (service, term.path)
        for column in table.columns
        if column.limit.max_s is not None
    ]
    _fill(database, "limits", "service VARCHAR, path VARCHAR, step VARCHAR, limit_us BIGINT", limits)
    roles = [(s, t.path, t.start, "start") for t in rules.terms for s in t.services]
    roles += [(s, t.path, step, "answer") for t in rules.terms for s in t.services for step in t.answers]
    _fill(database, "term_roles", "service VARCHAR, path VARCHAR, step VARCHAR, role VARCHAR", roles)
    terms = [(s, t.path, _key(t) if t in by_day else None) for t in rules.terms for s in t.services]
    _fill(database, "terms", "service VARCHAR, path VARCHAR, due VARCHAR", terms)


def _fill(
    database: "duckdb.DuckDBPyConnection", table: str, columns: str, rows: Iterable[tuple[object, ...]]
) -> None:
    database.execute(f"CREATE TEMP TABLE {table} ({columns})")
    listed = list(rows)
    if listed:
        marks = ", ".join("?" for _ in listed[0])
        database.executemany(f"INSERT INTO {table} VALUES ({marks})", listed)  # noqa: S608 - names of ours


def _gathered(rules: IndicatorRules, clock_error_us: int) -> str:
    """Return the one scan of the log: per case its first ending and all that needs its rows.

    Of equal first endings the first step by name counts, so the same log gives the same figures.
    """
    endings = _listed(step for entry in rules.endings for step in entry.steps)
    blur = f"(e.resolution_us - 1 + {2 * clock_error_us})"  # of the difference of two readings
    return f"""
        CREATE TEMP TABLE gathered AS
        SELECT
            e.case_id,
            min(n.service) AS service,
            min(e.path) AS path,
            count(*) FILTER (n.service IS NULL) > 0 AS unknown,
            coalesce(min(n.service) <> max(n.service), false) OR min(e.path) <> max(e.path) AS mixed,
            min(struct_pack(at := e.completed_us, step := e.step, code := coalesce(e.outcome, ''),
                stated := {_stated(rules.reason_field)}))
                FILTER (e.step IN ({endings}) AND e.completed_us IS NOT NULL) AS ending,
            min(least(e.enabled_us, e.completed_us)) AS begun_us,
            max(greatest(e.enabled_us, e.started_us, e.completed_us)) AS last_us,
            max(e.resolution_us) - 1 + {clock_error_us} AS blur_us,
            min(CASE {_start_cases(rules)} END) AS start_us,
            bool_or({_attempts(rules)}) AS attempted,
            bool_or({_unavailable(rules)}) AS unavailable,
            bool_or(coalesce(
                e.completed_us - e.enabled_us - {blur} > l.limit_us, false)) AS over,
            bool_or(l.limit_us IS NOT NULL AND coalesce(
                e.completed_us - e.enabled_us + {blur} > l.limit_us, true)) AS not_kept,
            count(*) FILTER (r.role = 'start') > 0 AS asked,
            min(e.completed_us) FILTER (r.role = 'start') AS asked_us,
            min(e.completed_us) FILTER (r.role = 'answer') AS answered_us
        FROM events e
        LEFT JOIN service_names n ON n.name = e.service
        LEFT JOIN limits l ON l.service = n.service AND l.path = e.path AND l.step = e.step
        LEFT JOIN term_roles r ON r.service = n.service AND r.path = e.path AND r.step = e.step
        GROUP BY e.case_id
    """  # noqa: S608 - every name of the pack is quoted


def _make_due_dates(database: "duckdb.DuckDBPyConnection", pack: Pack, rules: IndicatorRules) -> None:
    """Make the table ``due_dates``, of days in UTC, so that a case finds its own by an equal day."""
    database.execute(
        "CREATE TEMP TABLE due_dates "
        "(due VARCHAR, utc_day BIGINT, from_us BIGINT, until_us BIGINT, due_us BIGINT)"
    )
    for term in {_key(t): t for t in rules.terms if isinstance(t.due, SameDay)}.values():
        days = database.execute(
            "SELECT DISTINCT asked_us // $1 FROM gathered g JOIN terms t USING (service, path) "
            "WHERE t.due = $2 AND asked_us IS NOT NULL ORDER BY 1",
            [DAY_US, _key(term)],
        ).fetchall()
        rows = [(_key(term), *due) for due in due_dates(pack, term, [int(day[0]) for day in days])]
        if rows:
            database.executemany("INSERT INTO due_dates VALUES (?, ?, ?, ?, ?)", rows)


def _judged(rules: IndicatorRules, taken_us: int, *, hides_endings: bool, hidden: frozenset[str]) -> str:
    lacking = "(g.case_id IN (FROM damaged)" + (" OR g.ending IS NULL)" if hides_endings else ")")
    dropped = f"last_us + {rules.dropped_after_s * 1_000_000} < {taken_us} AND NOT {lacking}"
    return f"""
        CREATE TEMP TABLE cases AS
        SELECT
            g.case_id, g.service, g.path, g.mixed OR g.unknown AS excluded,
            g.ending.at AS ended_us, g.ending.code AS code, g.begun_us, g.last_us, g.start_us,
            g.attempted, g.unavailable,
            CASE WHEN g.ending IS NULL THEN CASE WHEN {dropped} THEN 'dropped' ELSE 'open' END
                 {_outcome_cases(rules)} END AS outcome,
            CASE WHEN t.service IS NULL OR NOT g.asked THEN NULL
                 WHEN {lacking} THEN 'unsure'
                 WHEN t.due IS NULL THEN CASE
                    WHEN g.over THEN 'missed'
                    WHEN g.answered_us IS NULL AND g.ending IS NULL THEN 'open'
                    WHEN g.answered_us IS NULL OR g.not_kept OR {_hides_limits(hidden)} THEN 'unsure'
                    ELSE 'kept' END
                 WHEN g.asked_us IS NULL OR g.blur_us > {DAY_US} THEN 'unsure'
                 WHEN earliest.due_us IS NULL OR latest.due_us IS NULL THEN 'unsure'
                 WHEN g.answered_us IS NULL AND {taken_us} - g.blur_us > latest.due_us THEN 'missed'
                 WHEN g.answered_us IS NULL AND g.ending IS NULL THEN 'open'
                 WHEN g.answered_us IS NULL THEN 'unsure'
                 WHEN g.answered_us + g.blur_us <= earliest.due_us THEN 'kept'
                 WHEN g.answered_us - g.blur_us > latest.due_us THEN 'missed'
                 ELSE 'unsure' END AS timeliness
        FROM gathered g
        LEFT JOIN terms t ON t.service = g.service AND t.path = g.path
        LEFT JOIN due_dates earliest
            ON earliest.due = t.due AND {_holds("earliest", "g.asked_us - g.blur_us")}
        LEFT JOIN due_dates latest ON latest.due = t.due AND {_holds("latest", "g.asked_us + g.blur_us")}
    """  # noqa: S608 - every name of the pack is quoted


def _hides_limits(hidden: frozenset[str]) -> str:
    """Return the condition that the limit of a step of the case's route was kept or not, unseen."""
    if not hidden:
        return "false"
    return (
        "EXISTS (FROM limits l WHERE l.service = g.service AND l.path = g.path "
        f"AND l.step IN ({_listed(sorted(hidden))}))"
    )


def _holds(due: str, asked_us: str) -> str:
    """Return the condition that the row *due* of the due dates holds for who asks at *asked_us*."""
    in_time = f"{asked_us} >= {due}.from_us AND {asked_us} < {due}.until_us"
    return f"{due}.utc_day = ({asked_us}) // {DAY_US} AND {in_time}"


def _outcome_cases(rules: IndicatorRules) -> str:
    """Return the branches of a CASE: the first entry that fits, and no refusal without a reason."""
    branches = []
    for entry in rules.endings:
        fits = f"g.ending.step IN ({_listed(entry.steps)})"
        if entry.codes:
            fits += f" AND g.ending.code IN ({_listed(entry.codes)})"
        outcome = quoted(entry.outcome)
        if entry.outcome == "refused":
            outcome = f"CASE WHEN g.ending.stated THEN {outcome} ELSE 'failed' END"
        branches.append(f"WHEN {fits} THEN {outcome}")
    return " ".join(branches)


def _stated(field: str) -> str:
    if field.startswith(_ATTRIBUTE):
        key = quoted('$."' + field.removeprefix(_ATTRIBUTE) + '"')
        return f"json_extract_string(e.attributes, {key}) IS NOT NULL"
    return f"e.{field} IS NOT NULL"


def _start_cases(rules: IndicatorRules) -> str:
    cases = [
        f"WHEN e.path = {quoted(start.path)} AND e.step = {quoted(start.step)} "
        f"THEN e.{'enabled_us' if start.moment is Moment.ENABLED else 'completed_us'}"
        for start in rules.result_times
    ]
    return " ".join(cases) or "WHEN false THEN e.enabled_us"


def _attempts(rules: IndicatorRules) -> str:
    parts = [f"(e.path = {quoted(a.path)} AND e.step IN ({_listed(a.steps)}))" for a in rules.availability]
    return " OR ".join(parts) or "false"


def _unavailable(rules: IndicatorRules) -> str:
    parts = [
        f"(e.path = {quoted(a.path)} AND e.step IN ({_listed(a.steps)}) "
        f"AND coalesce(e.outcome IN ({_listed(a.unavailable)}), false))"
        for a in rules.availability
        if a.unavailable
    ]
    return " OR ".join(parts) or "false"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(quoted, dict.fromkeys(names))) or "NULL"


def _key(term: Term) -> str:
    due = term.due
    return f"{due.calendar}/{due.before_closing_s}" if isinstance(due, SameDay) else ""
