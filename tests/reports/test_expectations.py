"""Expectations as people and build servers read them."""

from datetime import date
from xml.etree import ElementTree as ET

import msgspec
import pytest

from conformance.expectations import Expectation, apply_expectations
from conformance.verdicts import Verdict
from reports.html import render_page
from reports.junit import junit_xml
from reports.overview import verdict_sentence
from reports.results_json import decode_results, encode_results
from reports.terminal import render_summary
from reports.texts import LANGUAGES, Texts
from tests.reports.examples import EXAMPLES, norm

NORMS = (
    norm("S1.P6.limit", Verdict.FAIL),
    norm("S2.P6.limit", Verdict.PASS),
    norm("S3.P6.limit", Verdict.PASS),
)
ENTRIES = (
    Expectation(norm="S1.P6.limit", verdict="fail", reason="<b>slow</b>", issue="HELP-1", until="2013-06-01"),
    Expectation(norm="S2.P6.limit", verdict="fail", reason="was slow"),
    Expectation(norm="S3.P6.limit", verdict="fail", reason="old", until="2012-01-01"),
)
FOUND = apply_expectations(ENTRIES, NORMS, date(2013, 5, 15))
WITH = msgspec.structs.replace(
    EXAMPLES["rich"],
    norms=NORMS,
    expectations=FOUND,
    summary=msgspec.structs.replace(EXAMPLES["rich"].summary, outcome="unexpected_pass", command="check"),
)


def cases():
    root = ET.fromstring(junit_xml(WITH, Texts("en")).encode())  # noqa: S314 - our own output
    return {case.get("name"): case for case in root.iter("testcase")}


def test_a_build_server_sees_a_skip_and_a_failure():
    found = cases()
    skipped = found["S1.P6.limit"].find("skipped")
    assert skipped.get("message") == "expected: <b>slow</b>; HELP-1; until 2013-06-01"
    assert found["S1.P6.limit"].find("failure") is None
    failure = found["S2.P6.limit"].find("failure")
    assert failure.get("message") == 'unexpected pass: expected "not met" (was slow)'
    assert list(found["S3.P6.limit"]) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_and_a_terminal_tell_every_entry_that_does_not_hold(language):
    texts = Texts(language)
    page = render_page(WITH, texts)
    assert 'id="expectations"' in page
    assert "&lt;b&gt;slow" in page
    assert "<b>slow</b>" not in page
    for state in ("met", "unexpected_pass", "expired"):
        assert texts.word("expected_state", state) in page
    printed = render_summary(WITH, texts, width=200)
    assert texts.word("expected_state", "unexpected_pass").upper() in printed
    assert texts.word("expected_state", "expired").upper() in printed
    assert texts.say("expected.reason", reason="").strip() in printed
    lead = texts.word("sentence", "unexpected_pass")
    assert verdict_sentence(WITH, texts).lower().startswith(lead.lower())


def test_expected_failures_never_read_as_nothing_failed():
    summary = msgspec.structs.replace(WITH.summary, outcome="incomplete")
    told = verdict_sentence(msgspec.structs.replace(WITH, summary=summary), Texts("en"))
    assert told.startswith("Nothing failed but what was expected to")


def test_without_a_file_nothing_is_said():
    without = msgspec.structs.replace(WITH, expectations=None)
    assert 'id="expectations"' not in render_page(without, Texts("en"))


def test_they_are_saved_with_the_results():
    assert decode_results(encode_results(WITH), "here").expectations == FOUND


def test_a_scenario_that_failed_as_expected_is_skipped():
    scenario = msgspec.structs.replace(
        EXAMPLES["rich"].scenarios[0], status="expected", failures=("S1/T1 failed",)
    )
    results = msgspec.structs.replace(WITH, scenarios=(scenario,))
    root = ET.fromstring(junit_xml(results, Texts("en")).encode())  # noqa: S314 - our own output
    found = next(case for case in root.iter("testcase") if case.get("name") == scenario.id)
    assert found.find("skipped").get("message") == "expected: S1/T1 failed"
