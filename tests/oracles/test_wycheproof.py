"""Signatures of Wycheproof: the valid ones are accepted, the invalid ones refused."""

import pytest

from tests.oracles import vectors


@pytest.mark.parametrize("name", vectors.SIGNATURES)
def test_signatures(name, record_property):
    found = vectors.judge_signatures(vectors.file(name).read_bytes(), vectors.SIGNATURES[name])
    record_property("heard", f"{name}: {vectors.summary(pair[1:] for pair in found)}")
    assert found
    assert [number for number, must, accepted in found if accepted and must == "invalid"] == []
    assert [number for number, must, accepted in found if not accepted and must == "valid"] == []
