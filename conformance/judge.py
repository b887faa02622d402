"""Judge a log against a pack: every norm over every case, every clause from its norms, one outcome."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from conformance.answers import Answer
from conformance.case_verdicts import ToldCases
from conformance.cases import Case, group_cases
from conformance.chart_figures import chart_figures_of
from conformance.chart_results import ChartFigures
from conformance.context import Context, Route, SurveyCounts, SurveyKey, context_of, standing
from conformance.decision_tally import DecisionTally
from conformance.errors import InputError, nearest_name
from conformance.evidence_results import EvidenceResult
from conformance.expectation_results import ExpectationResults
from conformance.flow import flow_of_cases
from conformance.flow_results import FlowResults
from conformance.log import Row
from conformance.missing_rows import lost_answer
from conformance.norm_checks import check_case, concerns, finding_of, measures_us
from conformance.norm_verdicts import SHOWN, Tally, norm_result, statement_results
from conformance.norms import CASELESS, Demand, Norm, StepDuration, SurveyIndicator
from conformance.pack import Pack
from conformance.regulation import Clause, ClauseStatus
from conformance.results import ClauseResult, NormResult, StepResult
from conformance.saved_documents import open_documents
from conformance.seen_signatures import with_seen
from conformance.survey_norms import survey_tally
from conformance.verdicts import Verdict, worst

_APPLICABLE = (*SHOWN, Verdict.PASS)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the judge says of one log.

    *scope* holds the services and paths that were judged; norms of all others were not run. *evidence* holds
    the decisions about signatures, None without documents; *charts* what is only drawn.
    """

    norms: tuple[NormResult, ...]
    clauses: tuple[ClauseResult, ...]
    steps: tuple[StepResult, ...]
    scope: tuple[Route, ...]
    flow: FlowResults | None = None
    evidence: EvidenceResult | None = None
    charts: ChartFigures | None = None


def judge(  # noqa: PLR0913 - what may stand beside a log
    pack: Pack,
    rows: Sequence[Row],
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
    told: ToldCases | None = None,
) -> Judgement:
    """Judge the *rows* of a log, and the signed *documents* saved beside it, against *pack*.

    *scope* names the services and paths that the log should show; by default those that occur in it. A norm
    of the scope that no case shows is inconclusive, a norm outside it is not run. *root* is the file
    of the root certificate to trust instead of the one that came with the documents. *surveys* holds the
    answers to the pack's questions, *clock_error_us* the stated error of one reading of the clocks,
    *extracted_us* the moment at which the log was taken: what is open by then has lasted so long at least.
    *delivered* names the columns, attributes and steps that the source delivers, *damaged* the cases of which
    a record was rejected (conformance.context.Context), *unplaced* counts rejected records of no known case.
    *told* hears what the norms say of each case.
    Raises InputError for rows that name a service or path the pack does not know, or that cannot be judged.
    """
    endings = frozenset(step.code for step in pack.steps if step.ends)
    cases = group_cases(_known_rows(pack, rows), endings)
    store = open_documents(documents, root) if documents is not None else None
    context = context_of(pack, cases, store, surveys, clock_error_us, extracted_us, delivered, damaged)
    routes = {(case.service, case.path) for case in cases} if scope is None else set(scope)
    decisions = DecisionTally(pack, context, store) if store is not None else None
    tallies = _tally(pack.norms, cases, context, decisions, told)
    count_lost(pack.norms, tallies, routes, unplaced + len(damaged - {case.case_id for case in cases}))
    evidence = decisions.result() if decisions is not None else None
    judged = (case for case in cases if standing(case, context) is None)
    charts = chart_figures_of(pack.norms, pack.act.zone, cases, judged)
    judgement = judgement_of(pack, tallies, routes, flow_of_cases(cases, context), evidence, charts)
    return replace(judgement, evidence=with_seen(evidence, pack.norms, judgement.norms, cases, context))


def count_lost(
    norms: Iterable[Norm], tallies: Mapping[str, Tally], routes: Collection[Route], lost: int
) -> None:
    """Count *lost* cases, of which no row is left, as open for every norm of *routes*: they may be of any.

    A rejected record of no known case may be a whole case, so it is counted as one.
    """
    for norm in norms:
        if lost and (norm.services[0], norm.path) in routes and not isinstance(norm, CASELESS):
            tallies[norm.id].add(lost_answer(norm), lost)


def judgement_of(  # noqa: PLR0913, PLR0917 - what a judgement is put together from
    pack: Pack,
    tallies: Mapping[str, Tally],
    routes: Collection[Route],
    flow: FlowResults,
    evidence: EvidenceResult | None,
    charts: ChartFigures | None,
) -> Judgement:
    """Return the judgement that the *tallies* of the norms, by id, add up to for a log of these *routes*."""
    norms = norm_results(pack, tallies, routes)
    return Judgement(
        norms=norms,
        clauses=_clause_results(pack.clauses, norms),
        steps=_step_results(pack, norms),
        scope=tuple(sorted(routes)),
        flow=flow,
        evidence=evidence,
        charts=charts,
    )


def norm_results(
    pack: Pack, tallies: Mapping[str, Tally], routes: Collection[Route]
) -> tuple[NormResult, ...]:
    """Return the result of every norm of *pack*, in its order, from what was counted on *routes*."""
    results = {
        norm.id: norm_result(pack, norm, tallies[norm.id], ran=(norm.services[0], norm.path) in routes)
        for norm in pack.norms
    }
    return tuple(statement_results(pack.norms, results).values())


def overall(
    judgement: Judgement, *, strict: bool = False, expected: ExpectationResults | None = None
) -> tuple[str, int]:
    """Return the outcome in a word and the exit code: 0 conforms, 1 does not, 3 incomplete.

    What only the pack declares unknown or disputed is excused unless *strict*, and so are verdicts that were
    *expected*. An expectation that no longer holds is a failure of its own. Cases that could not be judged at
    all leave the outcome incomplete, however many others meet a rate.
    """
    known = expected.excused if expected is not None else frozenset()
    ran = [norm for norm in judgement.norms if norm.verdict is not Verdict.NOT_RUN]
    if any(is_broken(norm) for norm in ran if norm.id not in known):
        return "does_not_conform", 1
    if expected is not None and expected.unexpected:
        return "unexpected_pass", 1
    met = [norm for norm in ran if norm.verdict is Verdict.PASS]
    excused = [norm for norm in ran if norm.id in known or (norm.excused and not strict)]
    unreadable = any(norm.counts.get(Verdict.ERROR, 0) > 0 for norm in ran if norm.id not in known)
    if met and not unreadable and len(met) + len(excused) == len(ran):
        return ("as_expected" if any(norm.id in known for norm in ran) else "conforms"), 0
    return "incomplete", 3


def is_broken(norm: NormResult) -> bool:
    """Tell whether *norm* was shown to be broken: by one case, or as a rate by its interval."""
    one_is_enough = norm.demand == Demand.ABSOLUTE and norm.counts.get(Verdict.FAIL, 0) > 0
    return norm.verdict is Verdict.FAIL or one_is_enough


def _known_rows(pack: Pack, rows: Sequence[Row]) -> list[Row]:
    """Return *rows* with the pack's ids of services; refuse services and paths it does not know."""
    ids = {service.id: service.id for service in pack.services}
    ids |= {service.code: service.id for service in pack.services}
    paths = {path.id for path in pack.paths}
    known = []
    for number, row in enumerate(rows, 1):
        for name, value, valid in (("service", row.service, ids.keys()), ("path", row.path, paths)):
            if value not in valid:
                expected = f"a {name} of the pack: {', '.join(sorted(valid))}"
                nearest = nearest_name(str(value), valid)
                raise InputError("the log", f"row {number}, {name}", repr(value), expected, nearest)
        service = ids[row.service]
        known.append(row if row.service == service else msgspec.structs.replace(row, service=service))
    return known


def fresh_tallies(norms: Iterable[Norm], context: Context) -> dict[str, Tally]:
    """Return the tally of each norm before any case was counted; a survey needs no case."""
    return {
        norm.id: survey_tally(norm, context.surveys) if isinstance(norm, SurveyIndicator) else Tally()
        for norm in norms
    }


def _tally(
    norms: Sequence[Norm],
    cases: Iterable[Case],
    context: Context,
    decisions: DecisionTally | None,
    told: ToldCases | None,
) -> Mapping[str, Tally]:
    tallies = fresh_tallies(norms, context)
    concerned: dict[Route, list[Norm]] = {}
    for case in cases:
        route = (case.service, case.path)
        if route not in concerned:
            concerned[route] = [norm for norm in norms if concerns(norm, case)]
        barred = standing(case, context)
        said = [(norm, check_case(norm, case, context, barred)) for norm in concerned[route]]
        for norm, answer in said:
            _count(tallies[norm.id], norm, case, answer, barred)
        if told is not None:
            told.hear(case, said)
        if decisions is not None:
            decisions.observe(case)
    return tallies


def _count(tally: Tally, norm: Norm, case: Case, answer: Answer, barred: Answer | None) -> None:
    tally.add(answer)
    if answer.verdict in SHOWN:
        tally.findings.append(finding_of(case, answer))
    if barred is None:
        tally.durations.extend(measures_us(norm, case))


def _clause_results(clauses: Iterable[Clause], norms: Iterable[NormResult]) -> tuple[ClauseResult, ...]:
    by_clause: dict[str, list[NormResult]] = {}
    for norm in norms:
        by_clause.setdefault(norm.clause, []).append(norm)
    return tuple(_clause_result(clause, by_clause.get(clause.id, [])) for clause in clauses)


def _clause_result(clause: Clause, norms: Sequence[NormResult]) -> ClauseResult:
    verdict = _clause_verdict(norms) if clause.status is ClauseStatus.CHECKED else None
    open_norms = [norm for norm in norms if norm.verdict is Verdict.INCONCLUSIVE]
    return ClauseResult(
        id=clause.id,
        service=clause.service,
        paragraph=clause.paragraph,
        gist=clause.gist,
        status=str(clause.status),
        why=clause.reason,
        norms=tuple(norm.id for norm in norms),
        verdict=verdict,
        excused=verdict is Verdict.INCONCLUSIVE and bool(open_norms) and all(n.excused for n in open_norms),
        n_pass=sum(norm.counts.get(Verdict.PASS, 0) for norm in norms),
        n_applicable=sum(norm.counts.get(verdict, 0) for norm in norms for verdict in _APPLICABLE),
        defects=clause.defects,
    )


def _clause_verdict(norms: Iterable[NormResult]) -> Verdict:
    """Return the worst verdict of the norms that ran; NOT_RUN if there are norms and none ran."""
    verdicts = [norm.verdict for norm in norms]
    ran = [verdict for verdict in verdicts if verdict is not Verdict.NOT_RUN]
    return Verdict.NOT_RUN if verdicts and not ran else worst(ran)


def _step_results(pack: Pack, norms: Iterable[NormResult]) -> tuple[StepResult, ...]:
    results = {norm.id: norm for norm in norms}
    limits = [norm for norm in pack.norms if isinstance(norm, StepDuration)]
    return tuple(_step_result(pack, norm, results[norm.id]) for norm in limits)


def _step_result(pack: Pack, norm: StepDuration, result: NormResult) -> StepResult:
    column = pack.column(result.service, norm.step)
    action = column.action.text if column else pack.step(norm.step).gist
    return StepResult(
        norm=norm.id,
        service=result.service,
        path=result.path,
        step=norm.step,
        action=action,
        limit_printed=result.limit_printed,
        limit_s=norm.max_s,
        cell_status=str(column.limit.origin.status) if column else str(norm.status),
        measured=result.measured,
        verdict=result.verdict,
    )
