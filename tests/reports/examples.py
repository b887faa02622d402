"""Results made by hand, rich enough to try every part of every report."""

from typing import Any

import msgspec

from conformance.results import (
    RESULTS_SCHEMA_VERSION,
    CaseFinding,
    ClauseResult,
    NormResult,
    Provenance,
    Results,
    ServiceName,
    SignatureUse,
    StepResult,
    Summary,
)
from conformance.verdicts import Reason, Verdict
from tests.reports.example_words import HOME, MARKUP, REGISTER, SEC, SLOT, measured, text
from tests.reports.run_examples import FAULTS, FLOW, SCENARIOS, TIMELINES


def norm(id_: str, verdict: Verdict, **changes: Any) -> NormResult:
    base = NormResult(
        id=id_,
        rule="R-06",
        kind="step_duration",
        clause="S1/T1.c6",
        title=REGISTER,
        service=HOME,
        path="portal",
        status="agreed",
        assumption=None,
        verdict=verdict,
        excused=False,
        counts={verdict.value: 120},
        reasons={},
        limit_printed=None,
        limit_s=None,
        measured=None,
        findings=(),
    )
    return msgspec.structs.replace(base, **changes)


def finding(case: str, verdict: Verdict, reason: Reason, detail: str) -> CaseFinding:
    return CaseFinding(
        case_id=case, verdict=verdict, reason=reason, detail=detail, measured_us=75 * SEC, limit_us=60 * SEC
    )


NORMS = (
    norm(
        "S1.P1.limit",
        Verdict.PASS,
        limit_printed="30 сек. - 1 мин.",
        limit_s=60,
        measured=measured(120, 31 * SEC, 48 * SEC, 59 * SEC, 4),
    ),
    norm(
        "S1.P6.limit",
        Verdict.FAIL,
        counts={"fail": 3, "pass": 117},
        reasons={"OVER_LIMIT": 3, "OTHER_BRANCH": 12},
        limit_printed="1 м",
        limit_s=60,
        measured=measured(120, 22 * SEC, 51 * SEC, 60_040_000),
        findings=tuple(
            finding(f"c{n:04d}", Verdict.FAIL, Reason.OVER_LIMIT, f"P6 took 75 s, limit 60 s {MARKUP}")
            for n in range(30)
        ),
    ),
    norm(
        "S1.P3.next",
        Verdict.ERROR,
        kind="next_step",
        counts={"error": 1},
        reasons={"BAD_INPUT": 1},
        clause="S1/12(5)",
    ),
    norm(
        "S1.P7.limit",
        Verdict.INCONCLUSIVE,
        status="unknown",
        excused=True,
        counts={"inconclusive": 9},
        reasons={"NORM_UNKNOWN": 9},
        measured=measured(9, 3 * SEC, 4 * SEC, 5 * SEC),
        clause="S1/T1.c7",
    ),
    norm("S1.deadline", Verdict.INCONCLUSIVE, kind="same_local_day", counts={}, reasons={}, clause="S1/9"),
    norm(
        "S2.slot",
        Verdict.NOT_RUN,
        kind="unique",
        service=SLOT,
        counts={},
        reasons={"INTERRUPTED": 1},
        clause="S2/9",
    ),
    norm(
        "S2.talon",
        Verdict.NOT_APPLICABLE,
        kind="existence",
        service=SLOT,
        counts={"not_applicable": 5},
        reasons={"OUT_OF_SCOPE": 5},
        clause="S2/9",
    ),
)


def clause(id_: str, verdict: Verdict | None, **changes: Any) -> ClauseResult:
    base = ClauseResult(
        id=id_,
        service=HOME,
        paragraph=id_.split("/")[1],
        gist=text(f"What {id_} asks for"),
        status="checked",
        why=None,
        norms=(),
        verdict=verdict,
        excused=False,
        n_pass=0,
        n_applicable=0,
        defects=(),
    )
    return msgspec.structs.replace(base, **changes)


CLAUSES = (
    clause("R/1", None, service=None, status="informative", why=text("It only approves the annexes")),
    clause("S1/9", Verdict.INCONCLUSIVE, norms=("S1.deadline",)),
    clause("S1/11(4)", None, status="definition", why=text("It defines a word")),
    clause("S1/12(5)", Verdict.ERROR, norms=("S1.P3.next",), n_applicable=1, defects=("D-44", "D-45")),
    clause("S1/21", None, status="not_checkable", why=text(f"No log shows confidentiality {MARKUP}")),
    clause("S1/T1.c1", Verdict.PASS, norms=("S1.P1.limit",), n_pass=120, n_applicable=120),
    clause(
        "S1/T1.c6",
        Verdict.FAIL,
        norms=("S1.P6.limit", "S1.P6.a", "S1.P6.b", "S1.P6.c", "S1.P6.d"),
        n_pass=117,
        n_applicable=120,
    ),
    clause("S1/T1.c7", Verdict.INCONCLUSIVE, excused=True, norms=("S1.P7.limit",), n_applicable=9),
    clause("S2/9", Verdict.INCONCLUSIVE, service=SLOT, norms=("S2.slot", "S2.talon")),
)


def step(code: str, norm_id: str, verdict: Verdict, **changes: Any) -> StepResult:
    base = StepResult(
        norm=norm_id,
        service=HOME,
        path="portal",
        step=code,
        action=REGISTER,
        limit_printed=None,
        limit_s=None,
        cell_status="printed",
        measured=None,
        verdict=verdict,
    )
    return msgspec.structs.replace(base, **changes)


STEPS = (
    step(
        "P1",
        "S1.P1.limit",
        Verdict.PASS,
        limit_printed="30 сек. - 1 мин.",
        limit_s=60,
        measured=NORMS[0].measured,
    ),
    step(
        "P6",
        "S1.P6.limit",
        Verdict.FAIL,
        limit_printed="1 м",
        limit_s=60,
        cell_status="reconstructed",
        measured=NORMS[1].measured,
    ),
    step("P7", "S1.P7.limit", Verdict.INCONCLUSIVE, cell_status="unknown", measured=NORMS[3].measured),
    step("P8", "S1.P8.limit", Verdict.INCONCLUSIVE, cell_status="unknown"),
    step(
        "V3",
        "S2.V3.limit",
        Verdict.FAIL,
        service=SLOT,
        path="provider",
        limit_printed="1,5 мин",
        limit_s=90,
        measured=measured(7, 80 * SEC, 600 * SEC, 4000 * SEC),
    ),
    step(
        "V4",
        "S2.V4.limit",
        Verdict.PASS,
        service=SLOT,
        path="provider",
        limit_printed="10-15 сек",
        limit_s=15,
        measured=measured(1, 12 * SEC, 12 * SEC, 12 * SEC),
    ),
)
SUMMARY = Summary(
    command="run",
    outcome="does_not_conform",
    complete=True,
    cases=1234,
    rows=8765,
    clauses_met=1,
    clauses_not_met=2,
    clauses_not_shown=3,
    clauses_not_checked=3,
    norms_pass=1,
    norms_fail=2,
    norms_inconclusive=3,
    norms_excused=1,
    scenarios_passed=1,
    scenarios_failed=2,
    scenarios_not_run=1,
    faults_caught=1,
    faults_total=4,
)
SAMPLED = SignatureUse(mode="sampled", verified=1_500, computed=98_500, mismatches=0, bound=0.002)
REAL = SignatureUse(mode="real", verified=240, computed=0, mismatches=0, bound=None)
PROVENANCE = Provenance(
    tool_version="0.1.0",
    pack="astana-106-1923",
    pack_version="2012-12-29",
    pack_title=text(
        "Three electronic health services of Astana",
        "Три электронные услуги здравоохранения Астаны",
        "Астананың денсаулық сақтау саласындағы үш электрондық қызметі",
    ),
    pack_sha256="ab" * 32,
    log_sha256="cd" * 32,
    origin="simulated",
    seed=7,
    zone="Asia/Almaty",
    period_start="2013-03-04T03:00:00Z",
    period_end="2013-03-05T12:30:00Z",
    signatures=SAMPLED,
    replay="reglament run --seed 7",
    python="3.11",
    libraries={"simpy": "4.1.2", "duckdb": "1.4.4"},
)
SERVICES = (
    ServiceName(id="S1", code=HOME, name=text("Calling a doctor home")),
    ServiceName(id="S2", code=SLOT, name=text("Appointment with a doctor")),
)
RICH = Results(
    services=SERVICES,
    schema_version=RESULTS_SCHEMA_VERSION,
    summary=SUMMARY,
    norms=NORMS,
    clauses=CLAUSES,
    steps=STEPS,
    scenarios=SCENARIOS,
    faults=FAULTS,
    timelines=TIMELINES,
    provenance=PROVENANCE,
    flow=FLOW,
)
_ZEROS = dict.fromkeys(
    (name for name in SUMMARY.__struct_fields__ if isinstance(getattr(SUMMARY, name), int)), 0
)
EMPTY = Results(
    services=SERVICES,
    schema_version=RESULTS_SCHEMA_VERSION,
    summary=msgspec.structs.replace(
        SUMMARY, **(_ZEROS | {"command": "check", "outcome": "incomplete", "complete": True})
    ),
    norms=(),
    clauses=(),
    steps=(),
    scenarios=(),
    faults=(),
    timelines={},
    provenance=msgspec.structs.replace(
        PROVENANCE,
        origin="production",
        seed=None,
        period_start=None,
        period_end=None,
        libraries={},
        zone="Nowhere/Land",
    ),
)
INCONCLUSIVE = msgspec.structs.replace(
    EMPTY,
    summary=msgspec.structs.replace(
        EMPTY.summary, clauses_not_shown=2, norms_inconclusive=2, cases=5, rows=20
    ),
    norms=(NORMS[4], NORMS[3]),
    clauses=(CLAUSES[1], CLAUSES[7]),
)
INTERRUPTED = msgspec.structs.replace(
    RICH,
    summary=msgspec.structs.replace(SUMMARY, outcome="interrupted", complete=False),
    norms=(*NORMS, norm("S1.late", Verdict.NOT_RUN, counts={}, reasons={"INTERRUPTED": 1})),
)
ALL_MET = msgspec.structs.replace(
    RICH,
    summary=msgspec.structs.replace(
        SUMMARY,
        outcome="conforms",
        clauses_met=1,
        clauses_not_met=0,
        clauses_not_shown=0,
        clauses_not_checked=0,
        norms_pass=1,
        norms_fail=0,
        norms_inconclusive=0,
        norms_excused=0,
        scenarios_passed=1,
        scenarios_failed=0,
        scenarios_not_run=0,
        faults_caught=1,
        faults_total=1,
    ),
    norms=NORMS[:1],
    clauses=(CLAUSES[5],),
    steps=STEPS[:1],
    scenarios=SCENARIOS[:1],
    faults=FAULTS[:1],
    provenance=msgspec.structs.replace(PROVENANCE, signatures=REAL),
)
EXAMPLES = {
    "rich": RICH,
    "empty": EMPTY,
    "inconclusive": INCONCLUSIVE,
    "interrupted": INTERRUPTED,
    "all_met": ALL_MET,
}
