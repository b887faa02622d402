"""Paths of x509-limbo: nothing is accepted that must be refused, and every answer comes in time.

Where we are stricter than the collection is printed and no failure; pkits.yaml has the reasons.
"""

from tests.oracles import vectors


def test_paths(record_property):
    cases = vectors.limbo_cases(vectors.file("limbo.json").read_bytes())
    answers = vectors.judge_apart(cases)
    pairs = [(case["expected_result"], answer == "ok") for case, answer in zip(cases, answers, strict=True)]
    named = [(case["id"], *pair) for case, pair in zip(cases, pairs, strict=True)]
    stricter = [name for name, expected, accepted in named if expected == "SUCCESS" and not accepted]
    line = f"limbo.json: {vectors.summary(pairs)}; stricter: {', '.join(stricter) or 'none'}"
    record_property("heard", line)
    assert cases
    assert [name for name, expected, accepted in named if expected == "FAILURE" and accepted] == []
    assert [case["id"] for case, answer in zip(cases, answers, strict=True) if answer == vectors.LATE] == []
    assert len(stricter) < len(cases) / 4
