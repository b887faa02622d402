"""Every cause that the judge can state has a word of the standard: none falls through to GENERIC."""

import ast
from pathlib import Path

import pytest

import conformance
from conformance.answers import PASSED, because
from conformance.indications import FAILED, UNSETTLED, Indication, Sub, finding_from, sub_indication
from conformance.verdicts import Reason

READERS = ("evidence", "saved_documents", "saved_trust", "signed_data", "trust")
"""Where the causes come from that the decision norms can meet."""
NOT_ABOUT_SIGNATURES = {
    "the log names no request number to compare",
    "the pack does not say whose signature a request must carry",
}


def first_words(node):
    """Return the text of a message up to its first placeholder, None if it is no literal."""
    if isinstance(node, ast.JoinedStr) and node.values:
        node = node.values[0]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def stated_causes():
    for name in READERS:
        tree = ast.parse((Path(conformance.__file__).parent / f"{name}.py").read_text(encoding="utf-8"))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            called = call.func.id if isinstance(call.func, ast.Name) else ""
            place = {"Unacceptable": 0, "Unsettled": 0, "_require": 1}.get(called)
            if place is not None and (words := first_words(call.args[place])) is not None:
                yield words


def test_every_cause_has_its_word():
    causes = set(stated_causes()) - NOT_ABOUT_SIGNATURES
    assert len(causes) > 40
    assert [cause for cause in sorted(causes) if sub_indication(cause) is Sub.GENERIC] == []


@pytest.mark.parametrize("whose", ["expired", "not yet valid", "revoked"])
def test_the_three_causes_with_a_bearer_are_told_apart(whose):
    assert sub_indication(whose) in FAILED
    assert sub_indication(f"issuer: {whose}") not in FAILED | UNSETTLED


def test_answers_become_findings():
    assert finding_from(PASSED, "request").indication is Indication.TOTAL_PASSED
    broken = finding_from(because(Reason.INVALID_SIGNATURE, "request: signature: no"), "request")
    assert (broken.indication, broken.sub, broken.settled) == (
        Indication.TOTAL_FAILED,
        Sub.SIG_CRYPTO_FAILURE,
        True,
    )
    doubted = finding_from(because(Reason.INVALID_SIGNATURE, "request: issuer: not trusted"), "request")
    assert (doubted.indication, doubted.settled) == (Indication.INDETERMINATE, True)
    absent = finding_from(because(Reason.MISSING_CONTENT, "request.p7s is not there"), "request")
    assert (absent.sub, absent.settled) == (Sub.SIGNED_DATA_NOT_FOUND, False)


def test_the_document_explains_every_word():
    text = (Path(conformance.__file__).parent.parent / "docs" / "signed-evidence.md").read_text("utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    for sub in Sub:
        (row,) = [line for line in rows if sub in line.split("|")[1].replace(",", " ").split()]
        kind = "TOTAL_FAILED" if sub in FAILED else "lacking" if sub in UNSETTLED else "shown"
        assert kind in row.split("|")[3], sub
