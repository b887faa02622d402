"""Judge a log against a pack: every norm over every case, every clause from its norms, one outcome."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from conformance.answers import Answer
from conformance.cases import Case, group_cases
from conformance.context import Context, Route, context_of, standing
from conformance.duration_norms import durations_us
from conformance.errors import InputError, nearest_name
from conformance.log import Row
from conformance.norm_checks import check_case, concerns, finding_of
from conformance.norms import Norm, StepDuration, kind_of
from conformance.pack import Pack
from conformance.regulation import Clause, ClauseStatus
from conformance.results import CaseFinding, ClauseResult, Measured, NormResult, StepResult
from conformance.saved_documents import open_documents
from conformance.verdicts import Reason, Verdict, worst

MAX_FINDINGS = 20
_SHOWN = (Verdict.FAIL, Verdict.ERROR, Verdict.INCONCLUSIVE)
_APPLICABLE = (*_SHOWN, Verdict.PASS)
_VERDICTS = tuple(str(verdict) for verdict in Verdict)
_REASONS = tuple(str(reason) for reason in Reason)
_DECLARED = frozenset({Reason.NORM_UNKNOWN, Reason.NORM_DISPUTED})


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the judge says of one log.

    *scope* holds the services and paths that were judged; norms of all others were not run.
    """

    norms: tuple[NormResult, ...]
    clauses: tuple[ClauseResult, ...]
    steps: tuple[StepResult, ...]
    scope: tuple[Route, ...]


@dataclass(slots=True)
class _Tally:
    """What is counted of one norm while the cases pass by."""

    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    findings: list[CaseFinding] = field(default_factory=list)
    durations: list[int] = field(default_factory=list)


def judge(
    pack: Pack,
    rows: Sequence[Row],
    documents: Path | None = None,
    scope: Iterable[Route] | None = None,
    root: Path | None = None,
) -> Judgement:
    """Judge the *rows* of a log, and the signed *documents* saved beside it, against *pack*.

    *scope* names the services and paths that the log should show; by default those that occur in it. A norm
    of the scope that no case shows is inconclusive, a norm outside it is not run. *root* is the file
    of the root certificate to trust instead of the one that came with the documents. Raises InputError for
    rows that name a service or path the pack does not know, or that cannot be judged.
    """
    endings = frozenset(step.code for step in pack.steps if step.ends)
    cases = group_cases(_known_rows(pack, rows), endings)
    store = open_documents(documents, root) if documents is not None else None
    context = context_of(pack, cases, store)
    routes = {(case.service, case.path) for case in cases} if scope is None else set(scope)
    tallies = _tally(pack.norms, cases, context)
    norms = tuple(_norm_result(pack, norm, tallies[norm.id], routes) for norm in pack.norms)
    return Judgement(
        norms=norms,
        clauses=_clause_results(pack.clauses, norms),
        steps=_step_results(pack, norms),
        scope=tuple(sorted(routes)),
    )


def overall(judgement: Judgement, *, strict: bool = False) -> tuple[str, int]:
    """Return the outcome in a word and the exit code: 0 conforms, 1 does not, 3 incomplete.

    What only the pack declares unknown or disputed is excused unless *strict*.
    """
    ran = [norm for norm in judgement.norms if norm.verdict is not Verdict.NOT_RUN]
    if any(norm.verdict is Verdict.FAIL or norm.counts.get(Verdict.FAIL, 0) for norm in ran):
        return "does_not_conform", 1
    met = [norm for norm in ran if norm.verdict is Verdict.PASS]
    excused = [norm for norm in ran if norm.excused and not strict]
    if met and len(met) + len(excused) == len(ran):
        return "conforms", 0
    return "incomplete", 3


def measure(durations_us: Iterable[int], min_s: int | None = None) -> Measured | None:
    """Return median, 95th percentile (both by nearest rank) and maximum; None if nothing was measured."""
    ordered = sorted(durations_us)
    if not ordered:
        return None
    n = len(ordered)
    fast = 0 if min_s is None else sum(duration < min_s * 1_000_000 for duration in ordered)
    return Measured(
        n=n,
        median_us=ordered[-(-n * 50 // 100) - 1],
        p95_us=ordered[-(-n * 95 // 100) - 1],
        max_us=ordered[-1],
        below_minimum=fast,
    )


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


def _tally(norms: Sequence[Norm], cases: Iterable[Case], context: Context) -> Mapping[str, _Tally]:
    tallies = {norm.id: _Tally() for norm in norms}
    concerned: dict[Route, list[Norm]] = {}
    for case in cases:
        route = (case.service, case.path)
        if route not in concerned:
            concerned[route] = [norm for norm in norms if concerns(norm, case)]
        barred = standing(case, context)
        for norm in concerned[route]:
            _count(tallies[norm.id], norm, case, check_case(norm, case, context, barred), barred)
    return tallies


def _count(tally: _Tally, norm: Norm, case: Case, answer: Answer, barred: Answer | None) -> None:
    tally.counts[answer.verdict] += 1
    if answer.reason is not None:
        tally.reasons[answer.reason] += 1
    if answer.verdict in _SHOWN:
        tally.findings.append(finding_of(case, answer))
    if isinstance(norm, StepDuration) and barred is None:
        tally.durations.extend(durations_us(norm, case))


def _norm_result(pack: Pack, norm: Norm, tally: _Tally, routes: set[Route]) -> NormResult:
    service, path = norm.services[0], str(norm.path)
    verdict = _verdict_of(tally, ran=(service, path) in routes)
    column = pack.column(service, norm.step) if isinstance(norm, StepDuration) else None
    return NormResult(
        id=norm.id,
        rule=norm.rule,
        kind=kind_of(norm),
        clause=norm.clause,
        title=norm.title,
        service=service,
        path=path,
        status=str(norm.status),
        verdict=verdict,
        excused=verdict is Verdict.INCONCLUSIVE and _is_declared(tally),
        counts={verdict: tally.counts[verdict] for verdict in _VERDICTS if verdict in tally.counts},
        reasons=_reasons_of(tally, verdict),
        assumption=norm.assumption,
        limit_printed=column.limit.printed if column else None,
        limit_s=norm.max_s if isinstance(norm, StepDuration) else None,
        measured=measure(tally.durations, norm.min_s) if isinstance(norm, StepDuration) else None,
        findings=_worst_findings(tally.findings),
    )


def _reasons_of(tally: _Tally, verdict: Verdict) -> dict[str, int]:
    """Return how often each reason was given; what did not run has its reason although nothing counts."""
    if verdict is Verdict.NOT_RUN:
        return {Reason.EXCLUDED_BY_PROFILE: 0}
    return {reason: tally.reasons[reason] for reason in _REASONS if reason in tally.reasons}


def _verdict_of(tally: _Tally, *, ran: bool) -> Verdict:
    if not ran and not tally.counts:
        return Verdict.NOT_RUN
    return worst(Verdict(name) for name in tally.counts)


def _is_declared(tally: _Tally) -> bool:
    """Tell whether the norm is inconclusive for no other reason than that the pack is not sure of it."""
    open_cases = tally.counts[Verdict.INCONCLUSIVE]
    return open_cases > 0 and sum(tally.reasons[reason] for reason in _DECLARED) == open_cases


def _worst_findings(findings: Iterable[CaseFinding]) -> tuple[CaseFinding, ...]:
    ordered = sorted(findings, key=lambda finding: (_SHOWN.index(finding.verdict), finding.case_id))
    return tuple(ordered[:MAX_FINDINGS])


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
