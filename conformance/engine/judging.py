"""Judge a saved log of any size: what *conformance.judge* says of its rows, in bounded memory."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.cases import group_cases
from conformance.chart_results import ChartFigures
from conformance.context import Context, Route, Shared, SharedKey, SurveyCounts, SurveyKey, surroundings
from conformance.decision_tally import DecisionTally
from conformance.engine.attribute_values import name_known_values
from conformance.engine.batches import BATCH_ROWS, case_ranges, within
from conformance.engine.case_classes import ToldClasses
from conformance.engine.class_count import ClassCount
from conformance.engine.durations import DurationCounts
from conformance.engine.facts import LogFacts, facts_of
from conformance.engine.hour_counts import BARRED, HourCounts
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
from conformance.engine.shared_values import (
    find_shared,
    is_any_shared,
    keep_hashes,
    prepare_shared_values,
    sketch_hashes,
    steps_of_shared,
)
from conformance.engine.sketch import Sketch
from conformance.errors import InputError, nearest_name
from conformance.flow import flow_of_log
from conformance.judge import Judgement, count_lost, judgement_of
from conformance.log import Row
from conformance.log_size import LogSize
from conformance.log_store import COLUMN_NAMES, name_damaged, opened_log, quoted
from conformance.pack import Pack
from conformance.saved_documents import open_documents
from conformance.seen_signatures import with_seen

if TYPE_CHECKING:
    import duckdb

_ROWS_OF_A_CASE = 50
"""More than most cases have: so many rows of a log are looked at for its first cases, or else all."""


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
    trusting: bool = False,
    verdicts: Path | None = None,
) -> JudgedLog:
    """Judge the canonical *log*, and what stands beside it, against *pack*.

    The judgement equals that of *conformance.judge.judge* on the log's rows, figure by figure, and takes the
    same arguments. *first_cases* says of how many cases, beyond those with findings, all rows are wanted.
    A *trusting* judge hopes that no two cases share what is to be unique, and reads the log again if they do.
    *verdicts* is a file to write the verdict of every case into (conformance.case_verdicts).
    Raises InputError for a log that names services or paths the pack does not know, or is not sorted.
    """
    store = open_documents(documents, root) if documents is not None else None
    beside = surroundings(pack, store, surveys, clock_error_us, extracted_us, delivered, damaged)
    with opened_log(log) as database:
        name_damaged(database, damaged)
        facts = facts_of(database, _open_judged(database, pack))
        prepare_shared_values(database)
        each = verdicts is not None
        counted = None
        if trusting:
            counted = _counted(database, log, pack, facts, beside, batch_rows, trusting=True, each=each)
        if counted is None:
            counted = _counted(database, log, pack, facts, beside, batch_rows, trusting=False, each=each)
        if counted is None:
            raise RuntimeError("a log that was not trusted was found out")
        count, charts = counted
        if verdicts is not None and count.told is not None:
            count.told.write(verdicts)
        told = _tell(database, count, first_cases)
        lost = unplaced + _number_lost(database)
    flow = count.flow() or flow_of_log(log, count.context)
    routes = {(service, path) for service, path, _ in facts.steps} if scope is None else set(scope)
    size = LogSize(count.all_cases, facts.rows, facts.first_us, facts.last_us)
    evidence = count.decisions.result() if count.decisions is not None else None
    count_lost(pack.norms, count.tallies, routes, lost)
    judgement = judgement_of(pack, count.tallies, routes, flow, evidence, charts)
    if evidence is not None:
        cases = group_cases(told, count.endings)
        evidence = with_seen(evidence, pack.norms, judgement.norms, cases, count.context)
    return JudgedLog(replace(judgement, evidence=evidence), size, told)


def _counted(  # noqa: PLR0913, PLR0917 - the log, the pack, and what stands beside
    log: "duckdb.DuckDBPyConnection",
    file: Path,
    pack: Pack,
    facts: LogFacts,
    beside: Context,
    batch_rows: int,
    *,
    trusting: bool,
    each: bool,
) -> tuple[ClassCount, ChartFigures] | None:
    """Return what the classes of the log count up to, and what its charts draw.

    None if it was trusted and may share values.
    """
    sketch, context = _prepare(log, pack, facts, beside, trusting=trusting)
    hours = HourCounts(log, pack, facts)
    durations = DurationCounts(log, pack.norms, facts, hours)
    store = context.documents
    decisions = DecisionTally(pack, context, store) if store is not None else None
    count = ClassCount(pack, context, durations, decisions, ToldClasses(log, facts) if each else None)
    _pass_over(log, file, profile_queries(sketch), (count, hours), facts, batch_rows)
    if sketch.hashes and is_any_shared(log, sketch):
        return None
    for norm_id, measured in durations.measured(barred=count.any_barred).items():
        count.tallies[norm_id].measured = measured
    return count, hours.figures(durations, barred=count.any_barred)


def _number_lost(log: "duckdb.DuckDBPyConnection") -> int:
    """Return how many damaged cases have not one row."""
    found = log.execute("SELECT count(*) FROM damaged ANTI JOIN judged USING (case_id)").fetchall()
    return int(found[0][0])


def _open_judged(log: "duckdb.DuckDBPyConnection", pack: Pack) -> tuple[tuple[str, str, str], ...]:
    """Make the view ``judged``: the events with the pack's ids of services; return routes and their steps.

    Raises InputError for a service or path that the pack does not know.
    """
    found = log.execute("SELECT DISTINCT service, path, step FROM events ORDER BY ALL").fetchall()
    ids = {service.id: service.id for service in pack.services}
    ids |= {service.code: service.id for service in pack.services}
    paths = {path.id for path in pack.paths}
    _require_known("service", {service for service, _, _ in found}, ids)
    _require_known("path", {path for _, path, _ in found}, paths)
    named = {service: ids[service] for service, _, _ in found if ids[service] != service}
    cases = " ".join(f"WHEN {quoted(code)} THEN {quoted(own)}" for code, own in sorted(named.items()))
    service = f"CASE service {cases} ELSE service END" if cases else "service"
    columns = ", ".join(f"{service} AS service" if name == "service" else name for name in COLUMN_NAMES)
    log.execute(f"CREATE TEMP VIEW judged AS SELECT {columns} FROM events")
    return tuple(sorted({(ids[service], path, step) for service, path, step in found}))


def _require_known(name: str, found: Iterable[str], valid: Collection[str]) -> None:
    odd = min((value for value in found if value not in valid), default=None)
    if odd is not None:
        expected = f"a {name} of the pack: {', '.join(sorted(valid))}"
        raise InputError("the log", name, repr(odd), expected, nearest_name(str(odd), valid))


def _prepare(
    log: "duckdb.DuckDBPyConnection", pack: Pack, facts: LogFacts, context: Context, *, trusting: bool
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
    wanted = steps_of_shared(pack.norms)
    shared: Mapping[SharedKey, Shared] = {key: {} for key in wanted}
    if trusting:
        sketch_hashes(log, sketch, wanted)
    else:
        outside = outside_query(pack, sketch, hides_steps=bool(context.undelivered_steps))
        shared = find_shared(log, wanted, outside)
    sketch.shared = {key: number for number, key in enumerate(wanted) if shared[key]}
    for norm in judged:
        mark_norm(norm, sketch)
    for name, cutoffs in cutoff_lists(sketch, context.calendars):
        listed = ", ".join("NULL" if cutoff is None else str(cutoff) for cutoff in cutoffs)
        log.execute(f"SET VARIABLE {name} = [{listed}]::BIGINT[]")
    name_known_values(log, sketch)
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


def _pass_over(  # noqa: PLR0913, PLR0917 - the log, how to read it, and what to count
    log: "duckdb.DuckDBPyConnection",
    file: Path,
    queries: ProfileQueries,
    counts: tuple[ClassCount, HourCounts],
    facts: LogFacts,
    batch_rows: int,
) -> None:
    """Count every case and every duration of the log."""
    count, hours = counts
    ranges = case_ranges(log, file, batch_rows)
    known = KnownCases()
    for span in ranges.spans:
        condition = within(span, ranges.giants)
        fill_batch(log, queries, condition)
        keep_hashes(log, queries.hashes)
        # Names alone: were all cases of a batch barred, their rows would fill the memory.
        barred = [
            (found.key, found.case.case_id)
            for found in classes_of_batch(log, facts, known, count.endings)
            if count.add(found)
        ]
        _bar(log, facts, barred)
        count.end_batch()
        hours.add_cases()
        count.durations.count_batch(condition, barred=count.any_barred)
    for giant in ranges.giants:
        for found in giant_classes(log, giant):
            count.add(found)
        log.execute(f"INSERT INTO {BARRED} VALUES ($1)", [giant])
        count.end_batch()


def _bar(
    log: "duckdb.DuckDBPyConnection", facts: LogFacts, classes: Iterable[tuple[ProfileKey | None, str]]
) -> None:
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
            "AND route = $1 AND profile = $2",
            [facts.number(*key[:2]), key[2]],
        )
    if alone:
        log.execute(f"INSERT INTO {BARRED} SELECT unnest($1)", [alone])


def _first_ids(log: "duckdb.DuckDBPyConnection", number: int) -> set[str]:
    """Return the ids of the first *number* cases: of a sorted log they stand at its beginning."""
    for rows in (f"LIMIT {number * _ROWS_OF_A_CASE}", ""):
        found = log.execute(
            f"SELECT DISTINCT case_id FROM (SELECT case_id FROM judged {rows}) "
            f"ORDER BY case_id LIMIT {number}"
        ).fetchall()
        if len(found) == number:
            break
    return {case_id for (case_id,) in found}


def _tell(log: "duckdb.DuckDBPyConnection", count: ClassCount, first_cases: int) -> tuple[Row, ...]:
    """Give every norm its findings, from the rows of the cases they name; return those rows and some more."""
    named = count.named()
    rows = rows_of(log, {*named, *_first_ids(log, first_cases)})
    for case in group_cases(rows, count.endings):
        count.find(case, named.get(case.case_id, {}))
    return rows
