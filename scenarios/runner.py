"""Play scenarios and hold what happened against what each one expects."""

import shlex
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

import msgspec

from actors.accounts import PasswordCost
from actors.errors import ActorError
from actors.signing import FactsDiffer, SignatureCounts, SignatureMode
from conformance.judge import Judgement, judge
from conformance.log import Row
from conformance.norms import RefusalGrounded, SignatureValid
from conformance.pack import Pack, as_agreed
from conformance.results import FaultResult, NormResult, ScenarioResult
from conformance.verdicts import Verdict
from scenarios.endings import finding
from scenarios.suite_checks import ReadyScenario
from sim.plan import Play
from sim.play import Played, play
from sim.signatures import SignatureChoice

DEFAULT_SEED = 20130515

EVERYTHING_REAL = SignatureChoice()
QUICK_PASSWORDS = PasswordCost(memory_kib=64, passes=1)
"""Passwords of synthetic people guard nothing; what their hashes cost changes neither log nor documents."""

NO_SIGNATURES = "signatures are not computed in this mode, and nothing else shows this violation"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one scenario left: its result as a scenario or as a deliberate violation, rows, documents.

    *signatures* counts what was really signed and verified; *mismatches* is 1 if a signature was not what was
    known of it, so that the play could not go on. *broken* are the norms that failed, if nothing else did.
    """

    result: ScenarioResult | FaultResult
    rows: tuple[Row, ...] = ()
    documents: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)
    root_pem: bytes = b""
    signatures: SignatureCounts = field(default_factory=SignatureCounts)
    mismatches: int = 0
    broken: frozenset[str] = frozenset()

    @property
    def passed(self) -> bool:
        """Tell whether everything went as expected, or failed as a file of expectations says."""
        return self.result.status in {"passed", "expected"}


def run_scenario(
    ready: ReadyScenario,
    pack: Pack,
    seed: int,
    suite_name: str,
    signatures: SignatureChoice = EVERYTHING_REAL,
) -> Outcome:
    """Play and judge one scenario; a deliberate violation is played a second time without it.

    A violation that only signatures can show is not run where none are computed. Where the actors cannot go
    on, the scenario ends with an error and the run goes on.
    """
    replay = replay_command(ready, seed, suite_name)
    if signatures.mode is SignatureMode.OFF and _needs_signatures(ready, pack):
        unplayed = msgspec.structs.replace(not_run(ready, seed, suite_name), failures=(NO_SIGNATURES,))
        return Outcome(unplayed)
    try:
        played = _play(ready.play, pack, seed, signatures)
        control = _play(without_violation(ready), pack, seed, signatures) if ready.is_violation else None
    except ActorError as error:
        failed = msgspec.structs.replace(
            not_run(ready, seed, suite_name), status="error", failures=(str(error),)
        )
        return Outcome(failed, mismatches=isinstance(error, FactsDiffer))
    # What the pack only assumes is held against a violation as if it were agreed: it would have caught it.
    judgement = judge_played(played, as_agreed(pack) if ready.is_violation else pack)
    route_failures = _route_failures(ready, played)
    result: ScenarioResult | FaultResult
    if control is not None:
        result = _violation(ready, judgement, judge_played(control, pack), route_failures, replay)
    else:
        result = _regular(ready, played, judgement, route_failures, replay)
    outcome = Outcome(result, played.rows, played.documents, played.root_pem, played.signatures)
    if control is not None or route_failures or _unexercised(ready, judgement):
        return outcome
    return replace(outcome, broken=frozenset(norm.id for norm in _broken(judgement)))


def _play(plan: Play, pack: Pack, seed: int, signatures: SignatureChoice) -> Played:
    return play(plan, pack, seed, password_cost=QUICK_PASSWORDS, signatures=signatures)


def replay_command(ready: ReadyScenario, seed: int, suite_name: str) -> str:
    """Return the command that plays this scenario alone."""
    return shlex.join(["reglament", "run", suite_name, "--only", ready.id, "--seed", str(seed)])


def not_run(ready: ReadyScenario, seed: int, suite_name: str) -> ScenarioResult | FaultResult:
    """Return the result of a scenario that an interruption kept from being played."""
    replay = replay_command(ready, seed, suite_name)
    if ready.is_violation:
        return FaultResult(
            id=ready.id,
            suite=ready.suite,
            title=ready.scenario.title,
            fault=ready.scenario.fault or "world",
            norm=", ".join(ready.scenario.breaks),
            clause="",
            caught=False,
            control_passed=False,
            status="not_run",
            failures=(),
            replay=replay,
        )
    first = ready.play.cases[0]
    return ScenarioResult(
        id=ready.id,
        suite=ready.suite,
        title=ready.scenario.title,
        service=first.service,
        path=first.path,
        status="not_run",
        expected_route=ready.expected[first.id].route,
        got_route=(),
        expected_outcome=ready.expected[first.id].outcome,
        got_outcome=None,
        clauses=ready.scenario.clauses,
        failures=(),
        replay=replay,
        cases=tuple(ready.expected),
    )


def judge_played(played: Played, pack: Pack) -> Judgement:
    """Judge a play as a third party would: by its log and its documents, if there are any."""
    if not played.documents:
        return judge(pack, played.rows, None)
    with tempfile.TemporaryDirectory(prefix="reglament-") as folder:
        directory = Path(folder)
        write_documents(played.documents, played.root_pem, directory)
        return judge(pack, played.rows, directory)


def write_documents(documents: Mapping[str, Mapping[str, bytes]], root_pem: bytes, directory: Path) -> None:
    """Write documents into *directory*: the anchor of trust, then one folder per case."""
    trust = directory / "trust"
    trust.mkdir(parents=True, exist_ok=True)
    (trust / "root.pem").write_bytes(root_pem)
    for folder, files in sorted(documents.items()):
        (directory / folder).mkdir(exist_ok=True)
        for name, octets in sorted(files.items()):
            (directory / folder / name).write_bytes(octets)


def route_of(rows: tuple[Row, ...], case_id: str) -> tuple[tuple[str, ...], str | None]:
    """Return the steps of a case in the order of completion, and the outcome of the last one."""
    own = sorted((r for r in rows if r.case_id == case_id), key=lambda r: (r.completed_us or 0, r.step))
    return tuple(row.step for row in own), own[-1].outcome if own else None


def validation_of(played: Played, case_id: str) -> tuple[str, ...]:
    """Return what the verifications of a case found, in their order, as expectations write it.

    What is found again at once, because a check was repeated or somebody else came to the same, counts once.
    """
    found = (finding(decision) for decision in played.decisions.get(case_id, ()))
    return tuple(text for text, _ in groupby(found))


def _route_failures(ready: ReadyScenario, played: Played) -> list[str]:
    failures = []
    for case_id, expected in ready.expected.items():
        route, outcome = route_of(played.rows, case_id)
        if route != expected.route:
            failures.append(f"{case_id}: expected the route {_line(expected.route)}, got {_line(route)}")
        if outcome != expected.outcome:
            failures.append(f"{case_id}: expected the outcome {expected.outcome}, got {outcome}")
        found = validation_of(played, case_id)
        if isinstance(expected.validation, str):
            found = found[-1:]
        if expected.findings and found != expected.findings:
            wanted = _listed(expected.findings)
            failures.append(f"{case_id}: expected the validation {wanted}, got {_listed(found)}")
    enquiries = sum(case.citizen.asks_1414 for case in ready.play.cases)
    if played.answered_by_1414 != enquiries:
        failures.append(f"expected {enquiries} answers of the call centre, got {played.answered_by_1414}")
    return failures


def _regular(
    ready: ReadyScenario, played: Played, judgement: Judgement, failures: list[str], replay: str
) -> ScenarioResult:
    broken = _broken(judgement)
    failures = [
        *failures,
        *(f"{n.clause}: {n.id} failed ({_reasons(n)}): {n.findings[0].detail}" for n in broken),
        *_unexercised(ready, judgement),
    ]
    first = ready.play.cases[0]
    expected = ready.expected[first.id]
    route, outcome = route_of(played.rows, first.id)
    return ScenarioResult(
        id=ready.id,
        suite=ready.suite,
        title=ready.scenario.title,
        service=first.service,
        path=first.path,
        status="failed" if failures else "passed",
        expected_route=expected.route,
        got_route=route,
        expected_outcome=expected.outcome,
        got_outcome=outcome,
        clauses=ready.scenario.clauses,
        failures=tuple(failures),
        replay=replay,
        cases=tuple(ready.expected),
    )


def _violation(
    ready: ReadyScenario, judgement: Judgement, control: Judgement, route_failures: list[str], replay: str
) -> FaultResult:
    """Demand that every named norm catches the violation, and that nothing fails without it."""
    broken = {norm.id for norm in _broken(judgement)}
    missed = [norm for norm in ready.scenario.breaks if norm not in broken]
    control_broken = _broken(control)
    failures = [
        *route_failures,
        *(f"the norm {norm} did not catch it" for norm in missed),
        *(f"without the violation {norm.id} fails as well" for norm in control_broken),
    ]
    clauses = {norm.id: norm.clause for norm in judgement.norms}
    return FaultResult(
        id=ready.id,
        suite=ready.suite,
        title=ready.scenario.title,
        fault=ready.scenario.fault or "world",
        norm=", ".join(ready.scenario.breaks),
        clause=", ".join(dict.fromkeys(clauses[norm] for norm in ready.scenario.breaks if norm in clauses)),
        caught=not missed,
        control_passed=not control_broken,
        status="failed" if failures else "passed",
        failures=tuple(failures),
        replay=replay,
    )


def without_violation(ready: ReadyScenario) -> Play:
    """Return the play of *ready* without its fault; where the world is at fault, in the suite's world."""
    if ready.scenario.fault is not None:
        return msgspec.structs.replace(ready.play, fault=None)
    return msgspec.structs.replace(ready.play, world=ready.suite_world, happenings=())


def _needs_signatures(ready: ReadyScenario, pack: Pack) -> bool:
    by_signature = {norm.id for norm in pack.norms if isinstance(norm, SignatureValid | RefusalGrounded)}
    return not by_signature.isdisjoint(ready.scenario.breaks)


def _unexercised(ready: ReadyScenario, judgement: Judgement) -> list[str]:
    """Find clauses that the scenario names although no norm of them applied to any of its cases."""
    idle = {c.id for c in judgement.clauses if c.norms and c.n_applicable == 0}
    return [
        f"{clause}: the scenario names it but does not exercise it"
        for clause in ready.scenario.clauses
        if clause in idle
    ]


def _broken(judgement: Judgement) -> list[NormResult]:
    return [norm for norm in judgement.norms if norm.verdict in (Verdict.FAIL, Verdict.ERROR)]


def _reasons(norm: NormResult) -> str:
    return ", ".join(sorted(norm.reasons))


def _line(route: tuple[str, ...]) -> str:
    return " ".join(route) or "nothing"


def _listed(findings: tuple[str, ...]) -> str:
    return ", ".join(findings) or "none"
