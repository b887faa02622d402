"""Write the verdicts as EARL in JSON-LD: who asserts which outcome of which subject, by which test.

The context stands in the file, so that nobody has to fetch anything to read it. Norms are test cases, clauses
test requirements; a clause that no norm checks is untested. Nothing of a single case is in it.

Source: W3C, Evaluation and Report Language (EARL) 1.0 Schema, sections 2.2 to 2.7; JSON-LD 1.1 for language
maps.
"""

import json
from typing import Any
from urllib.parse import quote

from conformance.regulation import Text
from conformance.results import ClauseResult, NormResult, Results
from conformance.verdicts import Verdict
from reports.characters import legal
from reports.expectations import excuse, unexpected
from reports.texts import LANGUAGES, Texts

CONTEXT: dict[str, Any] = {
    "@version": 1.1,
    "earl": "http://www.w3.org/ns/earl#",
    "dct": "http://purl.org/dc/terms/",
    "doap": "http://usefulinc.com/ns/doap#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "title": {"@id": "dct:title", "@container": "@language"},
    "description": {"@id": "dct:description", "@container": "@language"},
    "identifier": "dct:identifier",
    "date": {"@id": "dct:date", "@type": "xsd:dateTime"},
    "isPartOf": {"@id": "dct:isPartOf", "@type": "@id"},
    "name": "doap:name",
    "release": "doap:release",
    "revision": "doap:revision",
    "assertedBy": {"@id": "earl:assertedBy", "@type": "@id"},
    "subject": {"@id": "earl:subject", "@type": "@id"},
    "test": {"@id": "earl:test", "@type": "@id"},
    "mode": {"@id": "earl:mode", "@type": "@id"},
    "result": "earl:result",
    "outcome": {"@id": "earl:outcome", "@type": "@id"},
    "info": "earl:info",
}
OUTCOMES = {
    Verdict.PASS: "earl:passed",
    Verdict.FAIL: "earl:failed",
    Verdict.INCONCLUSIVE: "earl:cantTell",
    Verdict.ERROR: "earl:cantTell",
    Verdict.NOT_APPLICABLE: "earl:inapplicable",
    Verdict.NOT_RUN: "earl:untested",
}


def earl_json(results: Results) -> str:
    """Return *results* as one JSON-LD document, in all languages at once."""
    tool, log = f"urn:reglament:tool:{quote(results.provenance.tool_version)}", _log_of(results)
    words = {language: Texts(language) for language in LANGUAGES}  # read once, not for each of the norms
    graph = [_assertor(results, tool), _subject(results, log, words)]
    for clause in results.clauses:
        test = _place(results, "clause", clause.id)
        graph += [_requirement(clause, test), _assertion(results, tool, log, test, _clause_result(clause))]
    for norm in results.norms:
        test, found = _place(results, "norm", norm.id), _norm_result(results, norm, words["en"])
        graph += [_case(results, norm, test), _assertion(results, tool, log, test, found)]
    document = {"@context": CONTEXT, "@graph": graph}
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _assertor(results: Results, tool: str) -> dict[str, Any]:
    return {
        "@id": tool,
        "@type": ["earl:Assertor", "earl:Software"],
        "name": "reglament",
        "release": {"@type": "doap:Version", "revision": results.provenance.tool_version},
    }


def _subject(results: Results, log: str, words: dict[str, Texts]) -> dict[str, Any]:
    """Return the log that was judged, with its origin: what was simulated is called so."""
    run = results.provenance
    subject: dict[str, Any] = {
        "@id": log,
        "@type": "earl:TestSubject",
        "title": {language: texts.say("earl.subject") for language, texts in words.items()},
        "description": {language: texts.word("origin", run.origin) for language, texts in words.items()},
        "identifier": f"sha256:{run.log_sha256}",
    }
    return subject | ({"date": run.extracted_at} if run.extracted_at is not None else {})


def _requirement(clause: ClauseResult, place: str) -> dict[str, Any]:
    return {
        "@id": place,
        "@type": ["earl:TestCriterion", "earl:TestRequirement"],
        "identifier": clause.id,
        "title": _in_languages(clause.gist),
    }


def _case(results: Results, norm: NormResult, place: str) -> dict[str, Any]:
    return {
        "@id": place,
        "@type": ["earl:TestCase", "earl:TestCriterion"],
        "identifier": norm.id,
        "title": _in_languages(norm.title),
        "isPartOf": _place(results, "clause", norm.clause),
    }


def _assertion(results: Results, tool: str, log: str, test: str, result: dict[str, Any]) -> dict[str, Any]:
    when = results.provenance.extracted_at
    dated = result | ({"date": when} if when is not None else {})
    return {
        "@type": "earl:Assertion",
        "assertedBy": tool,
        "subject": log,
        "test": test,
        "mode": "earl:automatic",
        "result": {"@type": "earl:TestResult", **dated},
    }


def _norm_result(results: Results, norm: NormResult, texts: Texts) -> dict[str, Any]:
    parts = [f"{name}: {n}" for name, n in sorted(norm.counts.items())]
    parts += [f"{reason}: {n}" for reason, n in sorted(norm.reasons.items())]
    known = excuse(results.expectations, norm.id, texts) or unexpected(results.expectations, norm.id, texts)
    parts += ["excused: the regulation's own text leaves this open"] if norm.excused else []
    parts += [known] if known else []
    return _told(OUTCOMES[norm.verdict], parts)


def _clause_result(clause: ClauseResult) -> dict[str, Any]:
    if clause.verdict is None:
        return _told("earl:untested", [clause.status])
    parts = [f"met: {clause.n_pass} of {clause.n_applicable}"] if clause.n_applicable else []
    return _told(OUTCOMES[clause.verdict], parts)


def _told(outcome: str, parts: list[str]) -> dict[str, Any]:
    return {"outcome": outcome} | ({"info": legal("; ".join(parts))} if parts else {})


def _in_languages(text: Text) -> dict[str, str]:
    return {language: legal(text.in_language(language)) for language in LANGUAGES}


def _log_of(results: Results) -> str:
    return f"urn:reglament:log:sha256:{quote(results.provenance.log_sha256, safe='')}"


def _place(results: Results, kind: str, name: str) -> str:
    """Return the name of a clause or norm of this version of the pack, as a URN."""
    run = results.provenance
    parts = (quote(part, safe="") for part in (run.pack, run.pack_version, kind, name))
    return ":".join(("urn:reglament:pack", *parts))
