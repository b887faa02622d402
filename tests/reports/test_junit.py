"""The JUnit file counts right, survives any text, and never passes what was not shown."""

from xml.etree import ElementTree as ET

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.verdicts import Verdict
from reports.junit import junit_xml
from reports.texts import LANGUAGES, Texts
from tests.reports.examples import EXAMPLES, RICH, norm
from tests.reports.run_examples import scenario

ENGLISH = Texts("en")


def parse(results, texts=ENGLISH):
    return ET.fromstring(junit_xml(results, texts))  # noqa: S314 - our own output


def case(root, name):
    (found,) = (c for c in root.iter("testcase") if c.get("name") == name)
    return found


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_counts_are_those_of_the_cases(name):
    root = parse(EXAMPLES[name])
    for element in (root, *root.iter("testsuite")):
        cases = list(element.iter("testcase"))
        assert element.get("tests") == str(len(cases))
        for tag, attribute in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert element.get(attribute) == str(sum(c.find(tag) is not None for c in cases))
    assert root.get("tests") == str(
        len(EXAMPLES[name].scenarios) + len(EXAMPLES[name].faults) + len(EXAMPLES[name].norms)
    )


def test_there_is_a_suite_per_suite_and_one_of_norms():
    names = [suite.get("name") for suite in parse(RICH).iter("testsuite")]
    assert names == ["doctor-home-call", "edge", "faults", "norms"]


@pytest.mark.parametrize(
    ("verdict", "tag"),
    [
        (Verdict.PASS, None),
        (Verdict.FAIL, "failure"),
        (Verdict.ERROR, "error"),
        (Verdict.INCONCLUSIVE, "skipped"),
        (Verdict.NOT_RUN, "skipped"),
        (Verdict.NOT_APPLICABLE, "skipped"),
    ],
)
def test_only_a_met_norm_passes(verdict, tag):
    root = parse(msgspec.structs.replace(RICH, norms=(norm("one", verdict),)))
    outcomes = [child.tag for child in case(root, "one")]
    assert outcomes == ([tag] if tag else [])


@pytest.mark.parametrize(
    ("status", "tag"),
    [
        ("passed", None),
        ("failed", "failure"),
        ("error", "error"),
        ("not_run", "skipped"),
        ("invented", "error"),
    ],
)
def test_only_a_passed_scenario_passes(status, tag):
    root = parse(msgspec.structs.replace(RICH, scenarios=(scenario("one", status),)))
    outcomes = [child.tag for child in case(root, "one")]
    assert outcomes == ([tag] if tag else [])


def test_a_failure_says_expected_got_clause_and_replay():
    failure = case(parse(RICH), "wrong-password").find("failure")
    assert failure.get("message") == "expected the route P1 P2, got P1 P3"
    for part in ("expected: P1 P3", "got: P1 P3 (no outcome)", "clause S1/12(5)", "replay: reglament run"):
        assert part in failure.text


def test_a_skipped_norm_says_why():
    skipped = case(parse(RICH), "S1.P7.limit").find("skipped")
    assert "not shown" in skipped.get("message")
    assert "(NORM_UNKNOWN)" in skipped.get("message")
    assert ENGLISH.say("excused") in skipped.get("message")


def test_a_fault_that_was_not_caught_fails_whatever_its_status_claims():
    assert case(parse(RICH), "claims-to-pass").find("failure") is not None


def test_no_time_is_claimed():
    assert not [e for e in parse(RICH).iter() if "time" in e.attrib or "timestamp" in e.attrib]


@given(st.text(max_size=30))
@settings(deadline=None)
def test_any_text_gives_a_file_that_can_be_read(text):
    bad = scenario("one", "failed", title=text, suite=text, failures=(text,), replay=text, got_outcome=text)
    named = msgspec.structs.replace(bad, id=text)
    results = msgspec.structs.replace(RICH, scenarios=(bad, named))
    ET.fromstring(junit_xml(results, ENGLISH).encode())  # noqa: S314 - our own output


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_gives_a_file(language):
    assert parse(RICH, Texts(language)).get("tests") == "15"
