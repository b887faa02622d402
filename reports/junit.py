"""Write JUnit XML for build servers: a suite per suite of scenarios, and one of norms.

A case that was not shown or did not run is *skipped* with its reason: it never counts as a pass.
No duration is written, since none of a run's own time is part of the results.
"""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from conformance.expectation_results import ExpectationResults
from conformance.results import FaultResult, NormResult, Results, ScenarioResult
from conformance.verdicts import Verdict
from reports.characters import legal
from reports.expectations import excuse, unexpected
from reports.overview import fault_status, main_reason, signature_statement
from reports.rates import norm_notes
from reports.shares import norm_share
from reports.texts import Texts

_OUTCOMES = ("failure", "error", "skipped")
_STATUS_TAGS = {
    "passed": None,
    "expected": "skipped",
    "failed": "failure",
    "error": "error",
    "not_run": "skipped",
}
_VERDICT_TAGS = {
    Verdict.PASS: None,
    Verdict.FAIL: "failure",
    Verdict.ERROR: "error",
    Verdict.INCONCLUSIVE: "skipped",
    Verdict.NOT_RUN: "skipped",
    Verdict.NOT_APPLICABLE: "skipped",
}


def junit_xml(results: Results, texts: Texts) -> str:
    """Return *results* as one JUnit XML document."""
    root = Element("testsuites", {"name": "reglament"})
    suites = dict.fromkeys([s.suite for s in results.scenarios] + [f.suite for f in results.faults])
    for suite in suites:
        cases = [_scenario(s, texts) for s in results.scenarios if s.suite == suite]
        cases += [_fault(f, texts) for f in results.faults if f.suite == suite]
        _add_suite(root, suite, cases)
    expected = results.expectations
    _add_suite(root, "norms", [_norm(norm, expected, texts) for norm in results.norms])
    _add_property(
        root[-1], "signatures", "; ".join(signature_statement(results.provenance.signatures, texts))
    )
    _count(root, root.iter("testcase"))
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _add_suite(root: Element, name: str, cases: list[Element]) -> None:
    suite = SubElement(root, "testsuite", {"name": legal(name)})
    suite.extend(cases)
    _count(suite, cases)


def _add_property(suite: Element, name: str, value: str) -> None:
    properties = Element("properties")
    SubElement(properties, "property", {"name": name, "value": legal(value)})
    suite.insert(0, properties)


def _count(element: Element, cases: Iterable[Element]) -> None:
    cases = list(cases)
    element.set("tests", str(len(cases)))
    for tag, name in zip(_OUTCOMES, ("failures", "errors", "skipped"), strict=True):
        element.set(name, str(sum(case.find(tag) is not None for case in cases)))


def _case(classname: str, name: str, tag: str | None, message: str, lines: list[str]) -> Element:
    case = Element("testcase", {"classname": legal(classname), "name": legal(name)})
    if tag is not None:
        outcome = SubElement(case, tag, {"message": legal(message)})
        if tag != "skipped":
            outcome.set("type", tag)
        outcome.text = legal("\n".join(lines))
    return case


def _scenario(scenario: ScenarioResult, texts: Texts) -> Element:
    got = scenario.got_outcome or texts.say("nothing")
    lines = [
        texts.own(scenario.title),
        texts.say("terminal.expected", value=_route(scenario.expected_route, scenario.expected_outcome)),
        texts.say("terminal.got", value=_route(scenario.got_route, got)),
        *scenario.failures,
        texts.say("terminal.clause", clause=", ".join(scenario.clauses)),
        texts.say("terminal.replay", command=scenario.replay),
    ]
    message = next(iter(scenario.failures), texts.word("played", scenario.status))
    if scenario.status == "expected":
        message = texts.say("expected.reason", reason=message)
    return _case(scenario.suite, scenario.id, _STATUS_TAGS.get(scenario.status, "error"), message, lines)


def _fault(fault: FaultResult, texts: Texts) -> Element:
    status = fault_status(fault)
    lines = [texts.own(fault.title)]
    if not fault.caught:
        lines.append(texts.say("terminal.not_caught", norm=fault.norm))
    if not fault.control_passed:
        lines.append(texts.say("terminal.control_failed"))
    lines += fault.failures
    lines.append(texts.say("terminal.clause", clause=fault.clause))
    lines.append(texts.say("terminal.replay", command=fault.replay))
    message = next(iter(fault.failures), texts.word("played", status))
    return _case(fault.suite, fault.id, _STATUS_TAGS.get(status, "error"), message, lines)


def _norm(norm: NormResult, expected: ExpectationResults | None, texts: Texts) -> Element:
    tag = _VERDICT_TAGS[norm.verdict]
    word = texts.word("verdict", norm.verdict.value)
    reason = main_reason(norm)
    message = f"{word}: {texts.word('reason', reason)} ({reason})" if reason else word
    if norm.excused:
        message += f" - {texts.say('excused')}"
    if excused := excuse(expected, norm.id, texts):
        tag, message = "skipped", excused
    elif broken := unexpected(expected, norm.id, texts):
        tag, message = "failure", broken
    lines = [
        norm.title.in_language(texts.language),
        texts.say("terminal.clause", clause=norm.clause),
        *([share] if norm.rate is None and (share := norm_share(norm, texts)) is not None else []),
        *norm_notes(norm, texts),
        *(f"{finding.case_id}: {finding.detail}" for finding in norm.findings),
    ]
    return _case(f"norms.{norm.kind}", norm.id, tag, message, lines)


def _route(steps: tuple[str, ...], outcome: str) -> str:
    return f"{' '.join(steps)} ({outcome})"
