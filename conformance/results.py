"""The result of a judgement, as it is saved and shown: the published shape of ``results.json``.

Every report is made from these values alone, so any report can be made again from a saved run.
"""

import msgspec

from conformance.chart_results import ChartFigures
from conformance.evidence_results import EvidenceResult
from conformance.expectation_results import ExpectationResults
from conformance.flow_results import FlowResults
from conformance.indicators.indicator_results import Indicators
from conformance.log_results import LogResults
from conformance.regulation import Text
from conformance.verdicts import Reason, Verdict

RESULTS_SCHEMA_VERSION = 3


class Saved(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of all saved results."""


class CaseFinding(Saved, frozen=True, kw_only=True):
    """The verdict of one norm on one case, with the evidence that led to it.

    *measured_us* and *limit_us* stand for durations and moments where the norm has them.
    """

    case_id: str
    verdict: Verdict
    reason: Reason | None
    detail: str
    measured_us: int | None = None
    limit_us: int | None = None


class Measured(Saved, frozen=True, kw_only=True):
    """What was measured of a step's duration, in microseconds; *below_minimum* counts faster ones.

    *p95_low_us* and *p95_high_us* are the durations whose ranks bound the 95th percentile with 95 % on two
    sides, however durations are spread; None: too few.
    """

    n: int
    median_us: int
    p95_us: int
    max_us: int
    below_minimum: int = 0
    p95_low_us: int | None = None
    p95_high_us: int | None = None


class RateResult(Saved, frozen=True, kw_only=True):
    """How many executions or cases kept a norm of a rate: *met* of *n*, and *undecided* ones beside them.

    *low* and *high* bound the true share of those decided, by *method* at *confidence*; *least* and *most*
    are the bounds if all undecided ones had broken, or kept, the norm. A claim needs *min_n* decided ones.
    """

    n: int
    met: int
    undecided: int
    low: float
    high: float
    least: float
    most: float
    method: str
    confidence: float
    min_n: int


class ReadingResult(Saved, frozen=True, kw_only=True):
    """One reading of a norm with its verdicts over all cases; the *default* one judges an agreed norm."""

    id: str
    note: Text
    default: bool
    counts: dict[str, int]


class NormResult(Saved, frozen=True, kw_only=True):
    """One norm over the whole log: exact counts, the worst findings, and the limit if it has one.

    *excused* marks an inconclusive verdict that the pack itself declares (a lost or disputed cell): it
    does not change the exit code unless strictness is asked for. *assumption* is what the pack had to
    assume for the norm to be judged, None where the act says it all.

    *demand* is ``absolute``, or ``rate`` with a *target* (None: the act names none) and the *rate* itself.
    *parts* are the norms of a statement. *why* is the reason of the whole verdict where no case gives it.
    """

    id: str
    rule: str
    kind: str
    clause: str
    title: Text
    service: str
    path: str
    status: str
    assumption: str | None
    verdict: Verdict
    excused: bool
    counts: dict[str, int]
    reasons: dict[str, int]
    limit_printed: str | None
    limit_s: int | None
    measured: Measured | None
    findings: tuple[CaseFinding, ...]
    demand: str = "absolute"
    target: float | None = None
    rate: RateResult | None = None
    readings: tuple[ReadingResult, ...] = ()
    parts: tuple[str, ...] = ()
    why: Reason | None = None


class ClauseResult(Saved, frozen=True, kw_only=True):
    """One clause of the act. *verdict* is None where nothing checks it; *why* then says why."""

    id: str
    service: str | None
    paragraph: str
    gist: Text
    status: str
    why: Text | None
    norms: tuple[str, ...]
    verdict: Verdict | None
    excused: bool
    n_pass: int
    n_applicable: int
    defects: tuple[str, ...]


class StepResult(Saved, frozen=True, kw_only=True):
    """One row of the step table: limit against measured."""

    norm: str
    service: str
    path: str
    step: str
    action: Text
    limit_printed: str | None
    limit_s: int | None
    cell_status: str
    measured: Measured | None
    verdict: Verdict


class ScenarioResult(Saved, frozen=True, kw_only=True):
    """How one scenario went against its expectation.

    *status* is ``passed``, ``failed``, ``expected`` (it failed as a file of expectations says), ``error`` or
    ``not_run``; a scenario that was cut off has no pass.
    """

    id: str
    suite: str
    title: str | Text
    service: str
    path: str
    status: str
    expected_route: tuple[str, ...]
    got_route: tuple[str, ...]
    expected_outcome: str
    got_outcome: str | None
    clauses: tuple[str, ...]
    failures: tuple[str, ...]
    replay: str
    cases: tuple[str, ...]


class FaultResult(Saved, frozen=True, kw_only=True):
    """A deliberate violation and whether the norm it names caught it.

    *caught*: the norm failed with the fault; *control_passed*: without the fault no norm failed.
    """

    id: str
    suite: str
    title: str | Text
    fault: str
    norm: str
    clause: str
    caught: bool
    control_passed: bool
    status: str
    failures: tuple[str, ...]
    replay: str


class TimelineStep(Saved, frozen=True, kw_only=True):
    """One row of a case's timeline, for the report."""

    step: str
    unit: str
    enabled_us: int | None
    completed_us: int | None
    outcome: str | None
    started_us: int | None = None
    service: str = ""
    path: str = ""


class Summary(Saved, frozen=True, kw_only=True):
    """The one sentence and its counts.

    *outcome* is ``conforms``, ``as_expected``, ``does_not_conform``, ``unexpected_pass`` (an expectation no
    longer holds), ``incomplete`` or ``interrupted``. Clause counts
    speak of clauses with at least one norm; *clauses_not_checked* of the others. *norms_excused* are the
    inconclusive norms that the pack itself leaves open, *norms_inconclusive* the other ones.
    """

    command: str
    outcome: str
    complete: bool
    cases: int
    rows: int
    clauses_met: int
    clauses_not_met: int
    clauses_not_shown: int
    clauses_not_checked: int
    norms_pass: int
    norms_fail: int
    norms_inconclusive: int
    norms_excused: int
    scenarios_passed: int
    scenarios_failed: int
    scenarios_not_run: int
    scenarios_expected: int = 0
    faults_caught: int
    faults_total: int


class SignatureUse(Saved, frozen=True, kw_only=True):
    """How far signatures were made and verified.

    *mode* is ``real``, ``sampled`` or ``off`` for a run, ``given`` or ``none`` for a log with or without
    documents. *verified* counts signatures verified by cryptography, *computed* those whose outcome was
    worked out from facts, *mismatches* those of which both were done and disagreed. *bound* is set for a
    sample without a mismatch: with 95 % confidence at most this share of the others could disagree (3/n).
    """

    mode: str
    verified: int
    computed: int
    mismatches: int
    bound: float | None


class Provenance(Saved, frozen=True, kw_only=True):
    """Everything needed to know the run again and to repeat it."""

    tool_version: str
    pack: str
    pack_version: str
    pack_title: Text
    pack_sha256: str
    log_sha256: str
    origin: str
    seed: int | None
    zone: str
    period_start: str | None
    period_end: str | None
    extracted_at: str | None = None
    signatures: SignatureUse
    replay: str
    python: str
    libraries: dict[str, str]


class ServiceName(Saved, frozen=True, kw_only=True):
    """A service as reports call it: *id* in clauses and norms, *code* in logs and suites."""

    id: str
    code: str
    name: Text


class Named(Saved, frozen=True, kw_only=True):
    """A path or a unit as the pack names it."""

    id: str
    name: Text


class Results(Saved, frozen=True, kw_only=True):
    """A whole saved judgement."""

    schema_version: int
    services: tuple[ServiceName, ...]
    summary: Summary
    norms: tuple[NormResult, ...]
    clauses: tuple[ClauseResult, ...]
    steps: tuple[StepResult, ...]
    scenarios: tuple[ScenarioResult, ...]
    faults: tuple[FaultResult, ...]
    timelines: dict[str, tuple[TimelineStep, ...]]
    provenance: Provenance
    paths: tuple[Named, ...] = ()
    units: tuple[Named, ...] = ()
    flow: FlowResults | None = None
    evidence: EvidenceResult | None = None
    log: LogResults | None = None
    indicators: Indicators | None = None
    expectations: ExpectationResults | None = None
    charts: ChartFigures | None = None
