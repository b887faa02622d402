"""The document of causes is what the suites and the oracle's verdicts say, and says where they differ."""

import pytest

from tests import signature_matrix as matrix

CAUSES = {cause.id: cause for cause in matrix.causes()}
VERDICTS = matrix.verdicts()


def test_the_document_is_the_generated_one() -> None:
    text = matrix.DOCUMENT.read_text(encoding="utf-8")
    assert text == matrix.page(text), "run: python tests/signature_matrix.py"


def test_every_cause_has_a_verdict_of_openssl_and_the_other_way_round() -> None:
    assert list(VERDICTS) == list(CAUSES)


@pytest.mark.parametrize("name", CAUSES)
def test_a_verdict_that_is_not_ours_is_explained(name: str) -> None:
    cause, verdict = CAUSES[name], VERDICTS[name]
    indication, sub, _ = cause.finding
    of_signature = indication in ("TOTAL_FAILED", "INDETERMINATE") and sub != matrix.LATER
    if indication != "REFUSED":
        assert (verdict.accepts is of_signature) == (verdict.why is not None)
    assert verdict.accepts or of_signature or verdict.why, "openssl refuses wrong signatures only"
    assert verdict.moment in ("end", "receipt")


def test_a_document_without_the_heading_is_not_overwritten() -> None:
    with pytest.raises(ValueError, match="no heading"):
        matrix.page("# Something else\n")


def test_causes_are_found_by_whom_they_say() -> None:
    finders = {name: (cause.finder, cause.document) for name, cause in CAUSES.items()}
    assert finders["sig-expired"] == ("portal", "rejected-request")
    assert finders["sig-revoked-under-examination"] == ("workstation", "request")
    assert finders["sig-nothing-answers"] == ("portal", "request")
    assert finders["sig-nothing-answers-workstation"] == ("workstation", "request")
    assert finders["sig-result-after-end"] == ("citizen", "result")
    assert finders["provider-revoked-before-result"] == ("citizen", "result")
