"""Judge a saved log of any size: what *conformance.judge* says of its rows, in bounded memory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.cases import group_cases
from conformance.context import Context, Route, SurveyCounts, SurveyKey, surroundings
from conformance.decision_tally import DecisionTally
from conformance.engine.batches import BATCH_ROWS, case_ranges, within
from conformance.engine.class_count import ClassCount
from conformance.engine.durations import BARRED, DurationCounts
from conformance.engine.facts import LogFacts, facts_of
from conformance.engine.marks import mark_norm
from conformance.engine.profiles import ProfileQueries, cutoff_lists, outside_query, profile_queries
from conformance.engine.run import (
    KnownCases,
    ProfileKey,
    classes_of_batch,
    fill_batch,
    giant_classes,
    rows_of,
)
from conformance.engine.shared_values import find_shared, prepare_shared_values, steps_of_shared
from conformance.engine.sketch import Sketch
from conformance.errors import InputError, nearest_name
from conformance.flow import flow_of_log
from conformance.judge import Judgement, count_lost, judgement_of
from conformance.log import Row
from conformance.log_size import LogSize
from conformance.log_store import COLUMN_NAMES, name_damaged, opened_log, quoted
from conformance.pack import Pack
from conformance.saved_documents import open_documents

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class JudgedLog:
    """The judgement of a whole log, with what is told of the log itself.

    *told* are all rows of the cases that the judgement names, and of as many others as were asked for.
    """

    judgement: Judgement
    size: LogSize
    told: tuple[Row, ...]


def judge_log(  # noqa: PLR0913 - what may stand beside a log
    pack: Pack,
    log: Path,
    documents: Path | None = None,
    *,
    scope: Iterable[Route] | None = None,
    root: Path | None = None,
    surveys: Mapping[SurveyKey, SurveyCounts] | None = None,
    clock_error_us: int = 0,
    extracted_us: int | None = None,
    delivered: frozenset[str] | None = None,
    damaged: frozenset[str] = frozenset(),
    unplaced: int = 0,
    first_cases: int = 0,
    batch_rows: int = BATCH_ROWS,
) -> JudgedLog:
    """Judge the canonical *log*, and what stands beside it, against *pack*.

    The judgement equals that of *conformance.judge.judge* on the log's rows, figure by figure, and takes the
    same arguments. *first_cases* says of how many cases, beyond those with findings, all rows are wanted.
    Raises InputError for a log that names services or paths the pack does not know, or is not sorted.
    """
    store = open_documents(documents, root) if documents is not None else None
    beside = surroundings(pack, store, surveys, clock_error_us, extracted_us, delivered, damaged)
    with opened_log(log) as database:
        _open_judged(database, pack)
        name_damaged(database, damaged)
        facts = facts_of(database)
        sketch, context = _prepare(database, pack, facts, beside)
        durations = DurationCounts(database, pack.norms)
        decisions = DecisionTally(pack, context, store) if store is not None else None
        count = ClassCount(pack, context, durations, decisions)
        _pass_over(database, log, profile_queries(sketch), count, batch_rows)
        for norm_id, measured in durations.measured(barred=count.any_barred).items():
            count.tallies[norm_id].measured = measured
        told = _tell(database, count, first_cases)
        lost = unplaced + _number_lost(database)
    flow = count.flow() or flow_of_log(log, context)
    routes = {(service, path) for service, path, _ in facts.steps} if scope is None else set(scope)
    size = LogSize(count.all_cases, facts.rows, facts.first_us, facts.last_us)
    evidence = decisions.result() if decisions is not None else None
    count_lost(pack.norms, count.tallies, routes, lost)
    return JudgedLog(judgement_of(pack, count.tallies, routes, flow, evidence), size, told)


def _number_lost(log: "duckdb.DuckDBPyConnection") -> int:
    """Return how many damaged cases have not one row."""
    found = log.execute("SELECT count(*) FROM damaged ANTI JOIN judged USING (case_id)").fetchall()
    return int(found[0][0])


def _open_judged(log: "duckdb.DuckDBPyConnection", pack: Pack) -> None:
    """Make the view ``judged``: the events with the pack's ids of services.

    Raises InputError for a service or path that the pack does not know.
    """
    ids = {service.id: service.id for service in pack.services}
    ids |= {service.code: service.id for service in pack.services}
    paths = {path.id for path in pack.paths}
    for name, valid in (("service", ids.keys()), ("path", paths)):
        known = ", ".join(quoted(value) for value in sorted(valid))
        odd = log.execute(f"SELECT min({name}) FROM events WHERE {name} NOT IN ({known})").fetchall()[0][0]
        if odd is not None:
            expected = f"a {name} of the pack: {', '.join(sorted(valid))}"
            raise InputError("the log", name, repr(odd), expected, nearest_name(str(odd), valid))
    cases = " ".join(
        f"WHEN {quoted(code)} THEN {quoted(own)}" for code, own in sorted(ids.items()) if code != own
    )
    service = f"CASE service {cases} ELSE service END" if cases else "service"
    columns = ", ".join(f"{service} AS service" if name == "service" else name for name in COLUMN_NAMES)
    log.execute(f"CREATE TEMP VIEW judged AS SELECT {columns} FROM events")


def _prepare(
    log: "duckdb.DuckDBPyConnection", pack: Pack, facts: LogFacts, context: Context
) -> tuple[Sketch, Context]:
    """Return what the norms of the log's routes can see, and the context with what its cases share."""
    routes = {(service, path) for service, path, _ in facts.steps}
    judged = [norm for norm in pack.norms if (norm.services[0], norm.path) in routes]
    sketch = Sketch(
        pack,
        facts,
        context.documents is not None,
        context.clock_error_us,
        context.extracted_us,
        damaged=bool(context.damaged),
    )
    prepare_shared_values(log)
    wanted = steps_of_shared(pack.norms)
    shared = find_shared(
        log, wanted, outside_query(pack, sketch, hides_steps=bool(context.undelivered_steps))
    )
    sketch.shared = {key: number for number, key in enumerate(wanted) if shared[key]}
    for norm in judged:
        mark_norm(norm, sketch)
    for name, cutoffs in cutoff_lists(sketch, context.calendars):
        listed = ", ".join("NULL" if cutoff is None else str(cutoff) for cutoff in cutoffs)
        log.execute(f"SET VARIABLE {name} = [{listed}]::BIGINT[]")
    folders = _shared_folders(log) if context.documents is not None else {}
    return sketch, replace(context, shared=shared, folders=folders)


def _shared_folders(log: "duckdb.DuckDBPyConnection") -> Mapping[str, frozenset[str]]:
    """Return the folders of documents that more than one case names, with two of those cases."""
    folder = "json_extract_string(attributes, '$.documents')"
    is_name = "json_type(attributes, '$.documents') = 'VARCHAR'"
    rows = log.execute(
        f"SELECT {folder}, min(DISTINCT case_id, 2) FROM judged WHERE {is_name} "
        "GROUP BY ALL HAVING min(case_id) <> max(case_id)"
    ).fetchall()
    return {name: frozenset(ids) for name, ids in rows}


def _pass_over(
    log: "duckdb.DuckDBPyConnection", file: Path, queries: ProfileQueries, count: ClassCount, batch_rows: int
) -> None:
    """Count every case and every duration of the log."""
    ranges = case_ranges(log, file, batch_rows)
    known = KnownCases()
    for span in ranges.spans:
        fill_batch(log, queries, within(span, ranges.giants))
        # Names alone: were all cases of a batch barred, their rows would fill the memory.
        barred = [
            (found.key, found.case.case_id)
            for found in classes_of_batch(log, known, count.endings)
            if count.add(found)
        ]
        _bar(log, barred)
        count.durations.count_batch(barred=count.any_barred)
    for giant in ranges.giants:
        for found in giant_classes(log, giant):
            count.add(found)
        log.execute(f"INSERT INTO {BARRED} VALUES ($1)", [giant])


def _bar(log: "duckdb.DuckDBPyConnection", classes: Iterable[tuple[ProfileKey | None, str]]) -> None:
    """Write down the cases of *classes*, which the batch holds: their durations count for nothing.

    A class is named by its profile, or by its only case.
    """
    alone = []
    for key, case_id in classes:
        if key is None:
            alone.append(case_id)
            continue
        log.execute(
            f"INSERT INTO {BARRED} SELECT case_id FROM profiles WHERE own IS NULL "
            "AND (service, path, profile) = ($1, $2, $3)",
            list(key),
        )
    if alone:
        log.execute(f"INSERT INTO {BARRED} SELECT unnest($1)", [alone])


def _tell(log: "duckdb.DuckDBPyConnection", count: ClassCount, first_cases: int) -> tuple[Row, ...]:
    """Give every norm its findings, from the rows of the cases they name; return those rows and some more."""
    named = count.named()
    more = log.execute(
        "SELECT DISTINCT case_id FROM judged ORDER BY case_id LIMIT $1", [first_cases]
    ).fetchall()
    rows = rows_of(log, {*named, *(case_id for (case_id,) in more)})
    for case in group_cases(rows, count.endings):
        count.find(case, named.get(case.case_id, {}))
    return rows
