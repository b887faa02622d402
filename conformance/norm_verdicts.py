"""From the answers of all cases to the verdict of a norm: counts, a rate with its interval, the worst cases.

Everything here is a pure function of counts, so that whoever counts faster gets the same verdicts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from conformance.answers import Answer, Units
from conformance.indicators.order_statistics import BOTH_SIDES, percentile_ranks
from conformance.intervals import (
    Interval,
    bounds_if_open,
    interval,
    least_n_for_percentile,
    percentile_bounds,
)
from conformance.norm_checks import WEAK, is_sure
from conformance.norms import (
    Demand,
    Norm,
    NormStatus,
    Percentile,
    Statement,
    StepDuration,
    default_reading,
    kind_of,
)
from conformance.pack import Pack
from conformance.results import CaseFinding, Measured, NormResult, RateResult, ReadingResult
from conformance.verdicts import Reason, Verdict, worst

MAX_FINDINGS = 20
SHOWN = (Verdict.FAIL, Verdict.ERROR, Verdict.INCONCLUSIVE)
"""Verdicts of which cases are shown, the worst first."""
_VERDICTS = tuple(str(verdict) for verdict in Verdict)
_REASONS = tuple(str(reason) for reason in Reason)
_DECLARED = frozenset({Reason.NORM_UNKNOWN, Reason.NORM_DISPUTED})


@dataclass(slots=True)
class Tally:
    """What is counted of one norm while the cases pass by.

    *durations* (or *measured*, where somebody else has sorted them) are what the norm measures.
    """

    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    readings: dict[str, Counter[str]] = field(default_factory=dict)
    met: int = 0
    broken: int = 0
    undecided: int = 0
    findings: list[CaseFinding] = field(default_factory=list)
    durations: list[int] = field(default_factory=list)
    measured: Measured | None = None

    def add(self, answer: Answer, times: int = 1) -> None:
        """Count *answer*, given by so many cases."""
        self.counts[answer.verdict] += times
        if answer.reason is not None:
            self.reasons[answer.reason] += times
        for name, verdict in answer.readings:
            self.readings.setdefault(name, Counter())[verdict] += times
        if answer.units is not None:
            self.count(answer.units, times)

    def count(self, units: Units, times: int = 1) -> None:
        """Count what a rate counts: executions or cases that keep the norm, break it, or leave it open."""
        self.met += units.met * times
        self.broken += units.broken * times
        self.undecided += units.undecided * times


def measure(durations_us: Iterable[int], min_s: int | None = None) -> Measured | None:
    """Return median, 95th percentile (by nearest rank, with its bounds) and maximum; None of nothing."""
    ordered = sorted(durations_us)
    if not ordered:
        return None
    n = len(ordered)
    ranks = percentile_ranks(95, n, BOTH_SIDES)
    fast = 0 if min_s is None else sum(duration < min_s * 1_000_000 for duration in ordered)
    return Measured(
        n=n,
        median_us=ordered[-(-n * 50 // 100) - 1],
        p95_us=ordered[ranks.value - 1],
        max_us=ordered[-1],
        below_minimum=fast,
        p95_low_us=ordered[ranks.low - 1] if ranks.low is not None else None,
        p95_high_us=ordered[ranks.high - 1] if ranks.high is not None else None,
    )


def norm_result(pack: Pack, norm: Norm, tally: Tally, *, ran: bool) -> NormResult:
    """Return the result of *norm* from what was counted; *ran* tells that its service and path were judged.

    A statement has no result of its own: see *statement_results*.
    """
    service = norm.services[0]
    rate = rate_of(norm, tally) if norm.demand is Demand.RATE else None
    verdict, why = _verdict_of(norm, tally, rate, ran=ran)
    column = pack.column(service, norm.step) if isinstance(norm, StepDuration) else None
    least = norm.min_s if isinstance(norm, StepDuration) else None
    return NormResult(
        id=norm.id,
        rule=norm.rule,
        kind=kind_of(norm),
        clause=norm.clause,
        title=norm.title,
        service=service,
        path=norm.path,
        status=str(norm.status),
        verdict=verdict,
        excused=verdict is Verdict.INCONCLUSIVE and _is_declared(norm, tally, rate),
        counts={verdict: tally.counts[verdict] for verdict in _VERDICTS if verdict in tally.counts},
        reasons=_reasons_of(tally, verdict),
        assumption=norm.assumption,
        limit_printed=column.limit.printed if column else None,
        limit_s=getattr(norm, "max_s", None),
        measured=tally.measured or measure(tally.durations, least),
        findings=_worst_findings(tally.findings),
        demand=str(norm.demand),
        target=target_of(norm),
        rate=rate,
        readings=_reading_results(norm, tally),
        why=why,
    )


def target_of(norm: Norm) -> float | None:
    """Return the least share that *norm* asks for, None if it is absolute or the act names none."""
    return norm.percentile / 100 if isinstance(norm, Percentile) else norm.target


def rate_of(norm: Norm, tally: Tally) -> RateResult:
    """Return the share that kept *norm*, its interval, and its bounds whatever the open ones would show."""
    met, broken, open_ = tally.met, tally.broken, tally.undecided
    bounds = percentile_bounds if isinstance(norm, Percentile) else interval
    shown: Interval = bounds(met, met + broken)
    least, most = bounds_if_open(bounds, met, broken, open_)
    return RateResult(
        n=met + broken,
        met=met,
        undecided=open_,
        low=shown.low,
        high=shown.high,
        least=least,
        most=most,
        method=shown.method,
        confidence=shown.confidence,
        min_n=least_n(norm),
    )


def least_n(norm: Norm) -> int:
    """Return on how many a claim about the rate must rest; for a percentile as many as can show it at all."""
    if norm.min_n is not None:
        return norm.min_n
    target = target_of(norm)
    return least_n_for_percentile(target) if isinstance(norm, Percentile) and target is not None else 1


def rate_verdict(rate: RateResult, target: float) -> tuple[Verdict, Reason | None]:
    """Return what a rate shows of its *target*, and why it shows nothing.

    Met if even with every open one broken the lower bound reaches the target; not met if even with every open
    one kept the upper bound stays below it.
    """
    if rate.n == 0:
        return Verdict.INCONCLUSIVE, None if rate.undecided else Reason.NO_DATA
    if rate.n < rate.min_n:
        return Verdict.INCONCLUSIVE, Reason.SAMPLE_TOO_SMALL
    if rate.least >= target:
        return Verdict.PASS, None
    if rate.most < target:
        return Verdict.FAIL, None
    decided = rate.low >= target or rate.high < target
    return Verdict.INCONCLUSIVE, None if decided else Reason.SAMPLE_TOO_SMALL


def statement_results(norms: Sequence[Norm], results: Mapping[str, NormResult]) -> dict[str, NormResult]:
    """Return *results* with the statements among *norms* filled in: each takes the worst of its parts.

    Parts that did not run say nothing; if none ran, the statement did not run either.
    """
    filled = dict(results)
    statements = {norm.id: norm for norm in norms if isinstance(norm, Statement)}

    def settled(name: str) -> NormResult:
        result = filled[name]
        if name in statements and not result.parts:
            parts = [settled(part) for part in statements[name].parts]
            filled[name] = result = _stated(result, statements[name], parts)
        return result

    for name in statements:
        settled(name)
    return filled


def _stated(result: NormResult, norm: Statement, parts: Sequence[NormResult]) -> NormResult:
    ran = [part for part in parts if part.verdict is not Verdict.NOT_RUN]
    verdict = worst(part.verdict for part in ran) if ran else Verdict.NOT_RUN
    open_ = [part for part in ran if part.verdict is Verdict.INCONCLUSIVE]
    weak = norm.status is not NormStatus.AGREED and verdict in (Verdict.PASS, Verdict.FAIL)
    reason = WEAK[norm.status][0] if weak else None
    return msgspec.structs.replace(
        result,
        verdict=Verdict.INCONCLUSIVE if weak else verdict,
        excused=weak or (verdict is Verdict.INCONCLUSIVE and all(part.excused for part in open_)),
        reasons={Reason.EXCLUDED_BY_PROFILE: 0} if verdict is Verdict.NOT_RUN else {},
        parts=norm.parts,
        why=reason or _why(parts, verdict),
    )


def _why(parts: Sequence[NormResult], verdict: Verdict) -> Reason | None:
    """Return the first reason that a part of this verdict gives."""
    for part in parts:
        if part.verdict is verdict and part.why is not None:
            return part.why
        fitting = [Reason(name) for name in part.reasons if part.verdict is verdict]
        if fitting:
            return max(fitting, key=lambda reason: part.reasons[reason])
    return None


def _verdict_of(
    norm: Norm, tally: Tally, rate: RateResult | None, *, ran: bool
) -> tuple[Verdict, Reason | None]:
    if not ran and not tally.counts:
        return Verdict.NOT_RUN, None
    if rate is None:
        return worst(Verdict(name) for name in tally.counts), None
    return _rate_verdict_of(norm, rate)


def _rate_verdict_of(norm: Norm, rate: RateResult) -> tuple[Verdict, Reason | None]:
    target = target_of(norm)
    verdict, why = rate_verdict(rate, target) if target is not None else (Verdict.PASS, None)
    unsure = not is_sure(norm)
    if (unsure or target is None) and verdict in (Verdict.PASS, Verdict.FAIL):
        return Verdict.INCONCLUSIVE, WEAK[norm.status][0] if unsure else Reason.NORM_UNKNOWN
    return verdict, why


def _reasons_of(tally: Tally, verdict: Verdict) -> dict[str, int]:
    """Return how often each reason was given; what did not run has its reason although nothing counts."""
    if verdict is Verdict.NOT_RUN:
        return {Reason.EXCLUDED_BY_PROFILE: 0}
    return {reason: tally.reasons[reason] for reason in _REASONS if reason in tally.reasons}


def _is_declared(norm: Norm, tally: Tally, rate: RateResult | None) -> bool:
    """Tell whether the norm is inconclusive for no other reason than that the pack is not sure of it."""
    if rate is not None and (why := _rate_verdict_of(norm, rate)[1]) is not None:
        return why in _DECLARED
    open_cases = tally.counts[Verdict.INCONCLUSIVE]
    return open_cases > 0 and sum(tally.reasons[reason] for reason in _DECLARED) == open_cases


def _reading_results(norm: Norm, tally: Tally) -> tuple[ReadingResult, ...]:
    chosen = default_reading(norm)
    return tuple(
        ReadingResult(
            id=reading.id,
            note=reading.note,
            default=reading is chosen,
            counts={v: n for v in _VERDICTS if (n := tally.readings.get(reading.id, Counter())[v])},
        )
        for reading in norm.readings
    )


def _worst_findings(findings: Iterable[CaseFinding]) -> tuple[CaseFinding, ...]:
    ordered = sorted(findings, key=lambda finding: (SHOWN.index(finding.verdict), finding.case_id))
    return tuple(ordered[:MAX_FINDINGS])
