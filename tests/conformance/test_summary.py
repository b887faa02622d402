"""What the results say of signatures: counted from the judgement, with a bound for a clean sample."""

from dataclasses import replace

import msgspec
import pytest

from conformance.judge import Judgement
from conformance.summary import judged_signatures, signature_use
from conformance.verdicts import Verdict
from tests.reports.examples import norm
from tests.reports.test_evidence import EVIDENCE


@pytest.mark.parametrize(
    ("mode", "drawn", "computed", "mismatches", "bound"),
    [
        ("sampled", 1_500, 7, 0, 0.002),
        ("sampled", 2, 7, 0, 1.0),
        ("sampled", 0, 7, 0, None),  # what was not chosen by chance stands for nothing else
        ("sampled", 1_500, 0, 0, None),
        ("sampled", 1_500, 7, 1, None),
        ("real", 0, 0, 0, None),
        ("off", 0, 7, 0, None),
    ],
)
def test_only_a_clean_sample_has_a_bound(mode, drawn, computed, mismatches, bound):
    use = signature_use(mode, verified=2_000, computed=computed, drawn=drawn, mismatches=mismatches)
    assert use.bound == bound
    assert (use.mode, use.verified, use.computed, use.mismatches) == (mode, 2_000, computed, mismatches)


def test_signatures_are_counted_from_what_the_judge_verified():
    about = norm(
        "S1.P5.request-signature",
        Verdict.INCONCLUSIVE,
        kind="signature_valid",
        counts={"pass": 5, "inconclusive": 4},
        reasons={"SIGNATURE_NOT_COMPUTED": 3, "NO_DATA": 1},
    )
    other = norm("S1.P6.limit", Verdict.PASS, counts={"pass": 100})
    judged = Judgement((about, other), (), (), (), evidence=msgspec.structs.replace(EVIDENCE, verified=7))
    use = judged_signatures(judged, mode="given")
    assert (use.mode, use.verified, use.computed, use.bound) == ("given", 7, 3, None)
    assert judged_signatures(replace(judged, evidence=None), mode="none").verified == 0
