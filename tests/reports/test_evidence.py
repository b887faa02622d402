"""The decisions about signatures as people read them, in three languages, on a page and in a terminal."""

import msgspec
import pytest

from conformance.evidence_results import DecisionCounts, DecisionExample, EvidenceResult, FolderCounts
from reports.evidence import decision_statement, folder_statement
from reports.html import render_page
from reports.terminal import render_summary
from reports.texts import LANGUAGES, Texts
from tests.reports.examples import EXAMPLES

FOLDERS = FolderCounts(
    named=9,
    missing=1,
    incomplete=2,
    extra=3,
    strange=4,
    missing_examples=("<b>c8</b>",),
    extra_examples=("x1", "x2"),
)
COUNTS = DecisionCounts(
    norm="S1.P4.refusal-grounded",
    clause="S1/12(7)",
    service="S1",
    path="portal",
    step="P4",
    document="rejected-request",
    decided="refused",
    decisions=14,
    verified=9,
    agreed=4,
    contradicted=2,
    wrong_ground=3,
    undecided={"TRY_LATER": 1},
    out_of_scope={"REPLAY": 4},
)
EVIDENCE = EvidenceResult(
    anchor="saved",
    decisions=14,
    verified=9,
    agreed=4,
    accepted_invalid=0,
    refused_valid=2,
    wrong_ground=3,
    undecided={"TRY_LATER": 1},
    out_of_scope={"REPLAY": 4},
    not_judged=5,
    by_norm=(COUNTS,),
    examples=tuple(
        DecisionExample(
            case_id=f"c{number}",
            norm=COUNTS.norm,
            agreement=agreement,
            ground="CERT_EXPIRED",
            indication="TOTAL_PASSED",
            sub_indication=None,
            detail="<script>refused</script>",
        )
        for number, agreement in enumerate(("ACCEPTED_INVALID", "REFUSED_VALID", "WRONG_GROUND", "UNDECIDED"))
    ),
    folders=FOLDERS,
)
WITH = msgspec.structs.replace(EXAMPLES["rich"], evidence=EVIDENCE)


def test_both_directions_are_always_told():
    quiet = msgspec.structs.replace(
        EVIDENCE, refused_valid=0, wrong_ground=0, undecided={}, out_of_scope={}, not_judged=0
    )
    assert decision_statement(quiet, Texts("en")) == [
        "4 borne out by the documents",
        "0 accepted though invalid",
        "0 refused though valid",
    ]


def test_everything_else_is_told_where_there_is_some():
    said = decision_statement(EVIDENCE, Texts("en"))
    assert said[3:] == [
        "3 rightly refused for another reason than the one found",
        "1 undecided",
        "4 refused for no matter of the signature",
        "5 outside the regulation's force",
    ]
    assert folder_statement(EVIDENCE, Texts("en"))[1] == "1 of them is not there: <b>c8</b>"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_and_a_terminal_show_it(language):
    texts = Texts(language)
    page = render_page(WITH, texts)
    assert 'id="evidence"' in page
    assert "TRY_LATER" in page
    assert "REPLAY" in page
    assert "&lt;script&gt;refused" in page
    assert "<b>c8</b>" not in page
    printed = " ".join(render_summary(WITH, texts).split())
    assert texts.say("evidence.refused_valid", n=2) in printed
    assert texts.word("agreement", "REFUSED_VALID") in page


def test_without_documents_the_page_says_so_and_the_terminal_is_silent():
    texts = Texts("en")
    for verified in (0, 709):
        use = msgspec.structs.replace(WITH.provenance.signatures, verified=verified)
        provenance = msgspec.structs.replace(WITH.provenance, signatures=use)
        without = msgspec.structs.replace(WITH, evidence=None, provenance=provenance)
        page = render_page(without, texts)
        assert (texts.say("evidence.none") in page) == (not verified)
        assert (texts.say("evidence.unheld", n=709) in page) == bool(verified)
        assert texts.say("counts.decisions") not in render_summary(without, texts)
