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
from conformance.indicators.row_places import Place, RowPlaces, places_of
from conformance.log import Manifest, moment_us_of
from conformance.log_store import name_damaged, one_of, quoted
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
    _make_terms(database, rules)
    name_damaged(database, manifest.damaged)
    database.execute(_gathered(pack, rules, manifest.clock_error_us))
    _settle_endings(database, rules)
    _make_due_dates(database, pack, rules)
    hidden = _hidden_steps(pack, manifest)
    database.execute(
        _judged(
            rules,
            taken_us,
            hides_endings=_hides_endings(pack, rules, hidden),
            unseen=_hides_limits(_limits(pack, rules), hidden),
        )
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


def _make_terms(database: "duckdb.DuckDBPyConnection", rules: IndicatorRules) -> None:
    """Put the terms of the pack into a small table that the cases are joined with."""
    by_day = [term for term in rules.terms if isinstance(term.due, SameDay)]
    terms = [(s, t.path, _key(t) if t in by_day else None) for t in rules.terms for s in t.services]
    _fill(database, "terms", "service VARCHAR, path VARCHAR, due VARCHAR", terms)


def _limits(pack: Pack, rules: IndicatorRules) -> dict[Place, int]:
    """Return the limits, microseconds, of the steps of paths whose term is that each step keeps its limit."""
    found: dict[Place, int] = {}
    routes = {(s, t.path) for t in rules.terms if isinstance(t.due, StepLimits) for s in t.services}
    for table in pack.tables:
        for column in table.columns if (table.service, table.path) in routes else ():
            if column.limit.max_s is not None:
                place, limit_us = (table.service, table.path, column.step), column.limit.max_s * 1_000_000
                found[place] = min(limit_us, found.get(place, limit_us))
    return found


def _fill(
    database: "duckdb.DuckDBPyConnection", table: str, columns: str, rows: Iterable[tuple[object, ...]]
) -> None:
    database.execute(f"CREATE TEMP TABLE {table} ({columns})")
    listed = list(rows)
    if listed:
        marks = ", ".join("?" for _ in listed[0])
        database.executemany(f"INSERT INTO {table} VALUES ({marks})", listed)  # noqa: S608 - names of ours


def _gathered(pack: Pack, rules: IndicatorRules, clock_error_us: int) -> str:
    """Return the one scan of the log: per case its ending and all that needs its rows."""
    places = places_of(pack)
    starts = {(s, t.path, t.start) for t in rules.terms for s in t.services}
    answers = {(s, t.path, step) for t in rules.terms for s in t.services for step in t.answers}
    blur = f"(resolution_us - 1 + {2 * clock_error_us})"  # of the difference of two readings
    rows = f"""
        SELECT *, completed_us - enabled_us AS took_us, {places.is_one_of("place", starts)} AS starts,
            {places.is_one_of("place", answers)} AS answers, {_ending(rules)} AS ends,
            {places.value_at("place", _limits(pack, rules))} AS limit_us,
            {_attempts(rules, places)} AS attempts
        FROM (
            SELECT *, {places.place("whose")} AS place
            FROM (SELECT *, {places.service()} AS whose FROM events))
    """  # noqa: S608 - every name of the pack is quoted
    return f"""
        CREATE TEMP TABLE gathered AS
        SELECT
            case_id,
            {places.service_of("min(whose)")} AS service,
            min(path) AS path,
            count(whose) < count(*) AS unknown,
            coalesce(min(whose) <> max(whose), false) OR min(path) <> max(path) AS mixed,
            count(*) FILTER (ends) AS endings,
            min(CASE WHEN ends THEN completed_us END) AS ended_us,
            min(CASE WHEN ends THEN step END) AS ended_by,
            min(CASE WHEN ends THEN coalesce(outcome, '') END) AS code,
            bool_or({_stated(rules)}) AS stated,
            min(least(enabled_us, completed_us)) AS begun_us,
            max(greatest(enabled_us, started_us, completed_us)) AS last_us,
            max(resolution_us) - 1 + {clock_error_us} AS blur_us,
            min({_start_us(rules, places)}) AS start_us,
            bool_or(attempts) AS attempted,
            bool_or({_unavailable(rules, places)}) AS unavailable,
            bool_or(coalesce(took_us - {blur} > limit_us, false)) AS over,
            bool_or(limit_us IS NOT NULL AND coalesce(took_us + {blur} > limit_us, true)) AS not_kept,
            bool_or(starts) AS asked,
            min(CASE WHEN starts THEN completed_us END) AS asked_us,
            min(CASE WHEN answers THEN completed_us END) AS answered_us
        FROM ({rows})
        GROUP BY case_id
    """  # noqa: S608 - every name of the pack is quoted


def _settle_endings(database: "duckdb.DuckDBPyConnection", rules: IndicatorRules) -> None:
    """Of several endings let the first one count, of equal ones the first step by name, and so on.

    So the same log gives the same figures.
    """
    if not database.execute("SELECT 1 FROM gathered WHERE endings > 1 LIMIT 1").fetchall():
        return
    database.execute(
        f"""
        UPDATE gathered SET
            ended_us = ending.at, ended_by = ending.step, code = ending.code, stated = ending.stated
        FROM (
            SELECT case_id, min(struct_pack(at := completed_us, step := step, code := coalesce(outcome, ''),
                stated := coalesce({_stated(rules)}, false))) AS ending
            FROM events WHERE {_ending(rules)} AND case_id IN (SELECT case_id FROM gathered WHERE endings > 1)
            GROUP BY case_id) AS found
        WHERE gathered.case_id = found.case_id
        """  # noqa: S608 - every name of the pack is quoted
    )


def _ending(rules: IndicatorRules) -> str:
    endings = dict.fromkeys(quoted(step) for entry in rules.endings for step in entry.steps)
    return f"({one_of('step', endings)} AND completed_us IS NOT NULL)"


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


def _judged(rules: IndicatorRules, taken_us: int, *, hides_endings: bool, unseen: str) -> str:
    lacking = "(g.case_id IN (FROM damaged)" + (" OR g.endings = 0)" if hides_endings else ")")
    dropped = f"last_us + {rules.dropped_after_s * 1_000_000} < {taken_us} AND NOT {lacking}"
    return f"""
        CREATE TEMP TABLE cases AS
        SELECT
            g.case_id, g.service, g.path, g.mixed OR g.unknown AS excluded,
            g.ended_us, CASE WHEN g.endings > 0 THEN g.code END AS code, g.begun_us, g.last_us, g.start_us,
            g.attempted, g.unavailable,
            CASE WHEN g.endings = 0 THEN CASE WHEN {dropped} THEN 'dropped' ELSE 'open' END
                 {_outcome_cases(rules)} END AS outcome,
            CASE WHEN t.service IS NULL OR NOT g.asked THEN NULL
                 WHEN {lacking} THEN 'unsure'
                 WHEN t.due IS NULL THEN CASE
                    WHEN g.over THEN 'missed'
                    WHEN g.answered_us IS NULL AND g.endings = 0 THEN 'open'
                    WHEN g.answered_us IS NULL OR g.not_kept OR {unseen} THEN 'unsure'
                    ELSE 'kept' END
                 WHEN g.asked_us IS NULL OR g.blur_us > {DAY_US} THEN 'unsure'
                 WHEN earliest.due_us IS NULL OR latest.due_us IS NULL THEN 'unsure'
                 WHEN g.answered_us IS NULL AND {taken_us} - g.blur_us > latest.due_us THEN 'missed'
                 WHEN g.answered_us IS NULL AND g.endings = 0 THEN 'open'
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


def _hides_limits(limits: Iterable[Place], hidden: frozenset[str]) -> str:
    """Return the condition that the limit of a step of the case's route was kept or not, unseen."""
    routes = sorted({(service, path) for service, path, step in limits if step in hidden})
    listed = " OR ".join(f"(g.service = {quoted(s)} AND g.path = {quoted(p)})" for s, p in routes)
    return f"({listed})" if listed else "false"


def _holds(due: str, asked_us: str) -> str:
    """Return the condition that the row *due* of the due dates holds for who asks at *asked_us*."""
    in_time = f"{asked_us} >= {due}.from_us AND {asked_us} < {due}.until_us"
    return f"{due}.utc_day = ({asked_us}) // {DAY_US} AND {in_time}"


def _outcome_cases(rules: IndicatorRules) -> str:
    """Return the branches of a CASE: the first entry that fits, and no refusal without a reason."""
    branches = []
    for entry in rules.endings:
        fits = f"g.ended_by IN ({_listed(entry.steps)})"
        if entry.codes:
            fits += f" AND g.code IN ({_listed(entry.codes)})"
        outcome = quoted(entry.outcome)
        if entry.outcome == "refused":
            outcome = f"CASE WHEN g.stated THEN {outcome} ELSE 'failed' END"
        branches.append(f"WHEN {fits} THEN {outcome}")
    return " ".join(branches)


def _stated(rules: IndicatorRules) -> str:
    """Return the condition that a refusal states its reason; of other rows nothing is asked."""
    refused = [entry for entry in rules.endings if entry.outcome == "refused"]
    refusals = one_of("step", dict.fromkeys(quoted(step) for entry in refused for step in entry.steps))
    field = rules.reason_field
    if field.startswith(_ATTRIBUTE):
        key = quoted('$."' + field.removeprefix(_ATTRIBUTE) + '"')
        field = f"json_extract_string(attributes, {key})"
    return f"CASE WHEN {refusals} AND completed_us IS NOT NULL THEN {field} IS NOT NULL END"


def _start_us(rules: IndicatorRules, places: RowPlaces) -> str:
    """Return the SQL of the moment from which the time to the result counts, null at all other rows."""
    branches = " ".join(
        f"WHEN {places.is_one_of('place', places.on_path(start.path, [start.step]))} "
        f"THEN {'enabled_us' if start.moment is Moment.ENABLED else 'completed_us'}"
        for start in rules.result_times
    )
    return f"CASE {branches} END" if branches else "NULL::BIGINT"


def _attempts(rules: IndicatorRules, places: RowPlaces) -> str:
    tried = [places.on_path(a.path, a.steps) for a in rules.availability]
    return places.is_one_of("place", set().union(*tried))


def _unavailable(rules: IndicatorRules, places: RowPlaces) -> str:
    parts = [
        f"(attempts AND outcome IN ({_listed(a.unavailable)}) "
        f"AND {places.is_one_of('place', places.on_path(a.path, a.steps))})"
        for a in rules.availability
        if a.unavailable
    ]
    return f"coalesce({' OR '.join(parts)}, false)" if parts else "false"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(quoted, dict.fromkeys(names))) or "NULL"


def _key(term: Term) -> str:
    due = term.due
    return f"{due.calendar}/{due.before_closing_s}" if isinstance(due, SameDay) else ""
