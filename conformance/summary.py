"""Put a judgement together into the results that are saved and shown."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata

from conformance import __version__
from conformance.expectation_results import ExpectationResults
from conformance.judge import Judgement
from conformance.log import Manifest, Row
from conformance.log_results import LogResults
from conformance.log_size import LogSize
from conformance.pack import Pack
from conformance.results import (
    RESULTS_SCHEMA_VERSION,
    FaultResult,
    Named,
    Provenance,
    Results,
    ScenarioResult,
    ServiceName,
    SignatureUse,
    Summary,
)
from conformance.timelines import timelines_of
from conformance.verdicts import Reason, Verdict

"""How many cases are told step by step; a log of a million cases still makes a small page."""

_LIBRARIES = (
    "asn1crypto",
    "cryptography",
    "duckdb",
    "jinja2",
    "matplotlib",
    "msgspec",
    "numpy",
    "scipy",
    "simpy",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What the judgement itself does not know: which command, on what, and how to repeat it.

    *signatures* says how far signatures were made and verified, *log* how the log came in.
    """

    command: str
    outcome: str
    replay: str
    signatures: SignatureUse
    scenarios: Sequence[ScenarioResult] = ()
    faults: Sequence[FaultResult] = ()
    log: LogResults | None = None
    expectations: ExpectationResults | None = None


def assemble_results(  # noqa: PLR0913, PLR0917 - what a report says comes from all of these
    pack: Pack,
    judgement: Judgement,
    size: LogSize,
    told: Sequence[Row],
    manifest: Manifest,
    how: Circumstances,
) -> Results:
    """Return the results of one judged log of *size* with its provenance.

    *told* are rows of the log that reports may show: all of a short one, of a long one those of some cases.
    """
    return Results(
        schema_version=RESULTS_SCHEMA_VERSION,
        services=tuple(ServiceName(id=s.id, code=s.code, name=s.name) for s in pack.services),
        summary=_summary(judgement, size, manifest, how),
        norms=judgement.norms,
        clauses=judgement.clauses,
        steps=judgement.steps,
        scenarios=tuple(how.scenarios),
        faults=tuple(how.faults),
        timelines=timelines_of(judgement.norms, told, {s.code: s.id for s in pack.services}),
        provenance=_provenance(pack, manifest, how),
        evidence=judgement.evidence,
        expectations=how.expectations,
        paths=tuple(Named(id=path.id, name=path.title) for path in pack.paths),
        units=tuple(Named(id=unit.code, name=unit.name) for unit in pack.units),
        flow=judgement.flow,
        charts=judgement.charts,
        log=how.log,
    )


def signature_use(
    mode: str, *, verified: int, computed: int, drawn: int = 0, mismatches: int = 0
) -> SignatureUse:
    """Return the statement on signatures, with the bound of 3/n where n *drawn* ones showed no mismatch."""
    bound = min(1.0, 3 / drawn) if drawn and computed and not mismatches else None
    return SignatureUse(mode=mode, verified=verified, computed=computed, mismatches=mismatches, bound=bound)


def judged_signatures(judgement: Judgement, *, mode: str) -> SignatureUse:
    """Return how many signatures the judge itself verified, good or bad, and how many nobody had made."""
    computed = sum(norm.reasons.get(Reason.SIGNATURE_NOT_COMPUTED, 0) for norm in judgement.norms)
    verified = 0 if judgement.evidence is None else judgement.evidence.verified
    return signature_use(mode, verified=verified, computed=computed)


def _summary(judgement: Judgement, size: LogSize, manifest: Manifest, how: Circumstances) -> Summary:
    checked = [c for c in judgement.clauses if c.verdict not in (None, Verdict.NOT_RUN)]
    norms = [n for n in judgement.norms if n.verdict is not Verdict.NOT_RUN]
    # What could not be judged for bad input is not shown, rather than not met: nothing was proved broken.
    inconclusive = [n for n in norms if n.verdict in (Verdict.INCONCLUSIVE, Verdict.ERROR)]
    met = sum(c.verdict is Verdict.PASS for c in checked)
    not_met = sum(c.verdict is Verdict.FAIL for c in checked)
    return Summary(
        command=how.command,
        outcome=how.outcome,
        complete=manifest.complete,
        cases=size.cases,
        rows=size.rows,
        clauses_met=met,
        clauses_not_met=not_met,
        clauses_not_shown=len(checked) - met - not_met,
        clauses_not_checked=len(judgement.clauses) - len(checked),
        norms_pass=sum(n.verdict is Verdict.PASS for n in norms),
        norms_fail=sum(n.verdict is Verdict.FAIL for n in norms),
        norms_inconclusive=sum(not n.excused for n in inconclusive),
        norms_excused=sum(n.excused for n in inconclusive),
        scenarios_passed=sum(s.status == "passed" for s in how.scenarios),
        scenarios_failed=sum(s.status in {"failed", "error"} for s in how.scenarios),
        scenarios_not_run=sum(s.status == "not_run" for s in how.scenarios),
        scenarios_expected=sum(s.status == "expected" for s in how.scenarios),
        faults_caught=sum(f.status == "passed" for f in how.faults),
        faults_total=len(how.faults),
    )


def _provenance(pack: Pack, manifest: Manifest, how: Circumstances) -> Provenance:
    return Provenance(
        tool_version=__version__,
        pack=pack.act.id,
        pack_version=pack.act.version,
        pack_title=pack.act.title,
        pack_sha256=pack.sha256,
        log_sha256=manifest.log_sha256,
        origin=manifest.origin,
        seed=manifest.seed,
        zone=manifest.zone,
        period_start=manifest.period_start,
        period_end=manifest.period_end,
        extracted_at=manifest.extracted_at,
        signatures=how.signatures,
        replay=how.replay,
        python=platform.python_version(),
        libraries={name: metadata.version(name) for name in _LIBRARIES},
    )
