"""What a report says first: the one sentence, the worst findings in order, and what was not checked."""

import math
from collections import Counter
from collections.abc import Iterable

from conformance.results import (
    FaultResult,
    Named,
    NormResult,
    Results,
    ScenarioResult,
    SignatureUse,
    StepResult,
)
from conformance.verdicts import ALLOWED_REASONS, Reason, Verdict, severity
from reports.texts import Texts

MARKS = {
    "pass": "✓",
    "passed": "✓",
    "expected": "≈",
    "fail": "✗",
    "failed": "✗",
    "error": "!",
    "inconclusive": "?",
    "not_run": "○",
    "not_applicable": "–",
    "not_checked": "·",
}
"""A sign for every status, so that no status is told by colour alone."""

_RANK = {"error": 0, "failed": 1, "not_run": 2, "expected": 3, "passed": 4}


def verdict_sentence(results: Results, texts: Texts) -> str:
    """Return the verdict in one sentence: lead, scenarios, faults, clauses."""
    summary = results.summary
    parts = [*_lead(results, texts), *_played(results, texts), _clauses(results, texts)]
    if summary.clauses_not_checked:
        parts.append(texts.say("sentence.not_checked", n=summary.clauses_not_checked))
    sentence = "; ".join(parts)
    return sentence[:1].upper() + sentence[1:] + "."


def fault_status(fault: FaultResult) -> str:
    """Return the status of *fault*; only one that was caught and whose control passed has passed."""
    if fault.status == "passed" and not (fault.caught and fault.control_passed):
        return "failed"
    return fault.status


def norms_worst_first(results: Results) -> list[NormResult]:
    """Return the norms by severity; what the pack itself declares comes after what the log leaves open."""
    return sorted(results.norms, key=lambda norm: (severity(norm.verdict), norm.excused))


def scenarios_worst_first(results: Results) -> list[ScenarioResult]:
    """Return the scenarios: errors, failures, those that did not run, then the others."""
    return sorted(results.scenarios, key=lambda scenario: _RANK.get(scenario.status, 1))


def faults_worst_first(results: Results) -> list[FaultResult]:
    """Return the faults: errors, those not caught, those that did not run, then the caught ones."""
    return sorted(results.faults, key=lambda fault: _RANK.get(fault_status(fault), 1))


def service_name(results: Results, service: str, language: str) -> str:
    """Return the id and the name of a service known by its id or code; an unknown one as it stands."""
    for known in results.services:
        if service in {known.id, known.code}:
            return f"{known.id} {known.name.in_language(language)}"
    return service


def path_name(results: Results, path: str, texts: Texts) -> str:
    """Return the name of a path: as the pack has it; of a run saved without, as the reports have it."""
    return _name(results.paths, "path", path, texts)


def step_at(results: Results, place: tuple[str, str, str]) -> StepResult | None:
    """Return what is known of the step at a *place*: a service, a path and a step."""
    return next((s for s in results.steps if (s.service, s.path, s.step) == place), None)


def unit_name(results: Results, unit: str, texts: Texts) -> str:
    """Return the name of a unit: as the pack has it; of a run saved without, as the reports have it."""
    return _name(results.units, "unit", unit, texts)


def _name(names: Iterable[Named], group: str, name: str, texts: Texts) -> str:
    known = next((named.name for named in names if named.id == name), None)
    return known.in_language(texts.language) if known else texts.word(group, name)


def applicable(norm: NormResult) -> int:
    """Return on how many pieces of evidence *norm* was judged."""
    if norm.rate is not None:
        return norm.rate.n + norm.rate.undecided
    judged = (Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.ERROR)
    return sum(norm.counts.get(verdict.value, 0) for verdict in judged)


def concerned(norm: NormResult) -> int:
    """Return how many pieces of evidence have the verdict of the whole *norm*; of a rate, those met."""
    if norm.rate is not None:
        return norm.rate.met
    return norm.counts.get(norm.verdict.value, 0)


def main_reason(norm: NormResult) -> str | None:
    """Return the most frequent reason that explains *norm*'s verdict, or None if there is none."""
    if norm.why is not None:
        return norm.why.value
    fitting = [r.value for r in ALLOWED_REASONS[norm.verdict] if norm.reasons.get(r.value)]
    if norm.verdict is Verdict.NOT_RUN and norm.reasons:
        return next(iter(norm.reasons))
    if not fitting:
        return Reason.NO_DATA.value if norm.verdict is Verdict.INCONCLUSIVE else None
    return max(fitting, key=lambda reason: norm.reasons[reason])


def worst_replay(results: Results) -> str:
    """Return the command that replays the worst finding alone, or the whole run if nothing is wrong."""
    for scenario in scenarios_worst_first(results):
        if scenario.status in {"failed", "error"}:
            return scenario.replay
    for fault in faults_worst_first(results):
        if fault_status(fault) in {"failed", "error"}:
            return fault.replay
    replay_of = {case: scenario.replay for scenario in results.scenarios for case in scenario.cases}
    for norm in norms_worst_first(results):
        if norm.verdict in {Verdict.FAIL, Verdict.ERROR}:
            for finding in norm.findings:
                if finding.case_id in replay_of:
                    return replay_of[finding.case_id]
    return results.provenance.replay


def gaps(results: Results, texts: Texts) -> list[str]:
    """Return a sentence for everything that was not checked or not shown."""
    summary = results.summary
    found = []
    if summary.outcome == "interrupted" or (summary.command == "run" and not summary.complete):
        found.append(texts.say("gap.interrupted"))
    elif not summary.complete:
        found.append(texts.say("gap.log_incomplete"))
    if not summary.cases:
        found.append(texts.say("gap.no_cases"))
    if summary.scenarios_not_run:
        found.append(texts.say("gap.scenarios_not_run", n=summary.scenarios_not_run))
    found += _unshown(results, texts)
    found += _unchecked(results, texts)
    use = results.provenance.signatures
    if use.mode in {"sampled", "off"}:
        found.append(texts.say(f"gap.signatures_{use.mode}"))
    if use.mismatches:
        found.append(texts.say("gap.signatures_mismatch", n=use.mismatches))
    return found


def signature_statement(use: SignatureUse, texts: Texts) -> list[str]:
    """Return in words how far signatures were verified: mode and counts, mismatches, the bound of 3/n."""
    said = [texts.say(f"signatures.{use.mode}", verified=use.verified, computed=use.computed)]
    if use.mismatches:
        said.append(texts.say("signatures.mismatches", n=use.mismatches))
    elif use.mode == "sampled" and use.verified:
        said.append(texts.say("signatures.agree"))
    if use.bound is not None:
        share = f"{math.ceil(use.bound * 1_000_000) / 10_000:g}"
        said.append(texts.say("signatures.bound", share=share.replace(".", texts.decimal_sign)))
    return said


def _lead(results: Results, texts: Texts) -> list[str]:
    outcome = results.summary.outcome
    if outcome == "interrupted":
        return [texts.say("sentence.interrupted")]
    if results.summary.command == "run" and (results.scenarios or results.faults):
        return []  # a run answers for its suites, and the counts that follow say how
    if outcome == "incomplete" and results.expectations is not None and results.expectations.excused:
        return [texts.say("sentence.incomplete_expected")]
    return [texts.word("sentence", outcome)]


def _played(results: Results, texts: Texts) -> list[str]:
    summary = results.summary
    total = summary.scenarios_passed + summary.scenarios_failed + summary.scenarios_not_run
    total += summary.scenarios_expected
    parts = []
    if summary.outcome == "unexpected_pass":
        parts.append(texts.word("sentence", summary.outcome))
    if total == summary.scenarios_passed == 1:  # the form that Russian has for 1 it has for 21 as well
        parts.append(texts.say("sentence.scenario_only"))
    elif total and total == summary.scenarios_passed:
        parts.append(texts.say("sentence.scenarios_all", n=total))
    elif total:
        parts.append(texts.say("sentence.scenarios", n=total, passed=summary.scenarios_passed))
        if summary.scenarios_expected:
            parts.append(texts.say("sentence.scenarios_expected", n=summary.scenarios_expected))
    if summary.faults_total:
        parts.append(texts.say("sentence.faults", n=summary.faults_total, caught=summary.faults_caught))
    return parts


def _clauses(results: Results, texts: Texts) -> str:
    summary = results.summary
    total = summary.clauses_met + summary.clauses_not_met + summary.clauses_not_shown
    if not total:
        return texts.say("sentence.no_clauses")
    text = texts.say("sentence.clauses", n=total, met=summary.clauses_met)
    if summary.clauses_not_met:
        text += texts.say("sentence.clauses_not_met", n=summary.clauses_not_met)
    if summary.clauses_not_shown:
        text += texts.say("sentence.clauses_not_shown", n=summary.clauses_not_shown)
    return text


def _unshown(results: Results, texts: Texts) -> list[str]:
    """Return a sentence for every reason why norms are not shown, are excused, or were not run."""
    open_norms = [n for n in results.norms if n.verdict is Verdict.INCONCLUSIVE]
    groups = {
        "gap.norms_not_shown": [norm for norm in open_norms if not norm.excused],
        "gap.norms_excused": [norm for norm in open_norms if norm.excused],
        "gap.norms_not_run": [norm for norm in results.norms if norm.verdict is Verdict.NOT_RUN],
    }
    found = []
    for text_id, norms in groups.items():
        counts = Counter(main_reason(norm) or norm.verdict.value for norm in norms)
        for reason, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
            found.append(texts.say(text_id, n=n, reason=texts.word("reason", reason), code=reason))
    return found


def _unchecked(results: Results, texts: Texts) -> list[str]:
    """Return a sentence for every reason why clauses are not checked; the counts add up to all."""
    unchecked = [clause for clause in results.clauses if clause.verdict in {None, Verdict.NOT_RUN}]
    counts = Counter(
        texts.say("gap.clauses_not_run")
        if clause.verdict is Verdict.NOT_RUN
        else texts.say("gap.no_norm")
        if clause.status == "checked"
        else texts.word("clause_status", clause.status)
        for clause in unchecked
    )
    return [
        texts.say("gap.clauses", n=n, status=status)
        for status, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
