"""The algebra of verdicts keeps its laws."""

from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.answers import PASSED, because, seconds, settle
from conformance.verdicts import ALLOWED_REASONS, Reason, Verdict, severity, verdict_of, within_limit, worst

VERDICTS = list(Verdict)
KNOWN = [v for v in VERDICTS if v not in (Verdict.NOT_RUN, Verdict.NOT_APPLICABLE)]


def test_worst_does_not_depend_on_order_or_repetition():
    for three in product(VERDICTS, repeat=3):
        assert {worst(order) for order in permutations(three)} == {worst(three)}
        assert worst((*three, *three)) is worst(three)


def test_worst_is_associative():
    for one, two, three in product(KNOWN, repeat=3):
        assert worst([worst([one, two]), three]) is worst([one, worst([two, three])])


def test_worst_of_one_known_verdict_is_itself():
    assert [worst([v]) for v in KNOWN] == KNOWN


def test_worst_takes_the_graver_of_two():
    assert worst([Verdict.PASS, Verdict.INCONCLUSIVE]) is Verdict.INCONCLUSIVE
    assert worst([Verdict.INCONCLUSIVE, Verdict.FAIL]) is Verdict.FAIL
    assert worst([Verdict.FAIL, Verdict.ERROR]) is Verdict.ERROR


@pytest.mark.parametrize(
    "nothing", [[], [Verdict.NOT_APPLICABLE], [Verdict.NOT_RUN], [Verdict.NOT_RUN, Verdict.NOT_APPLICABLE]]
)
def test_no_evidence_is_never_a_pass(nothing):
    assert worst(nothing) is Verdict.INCONCLUSIVE


def test_not_applicable_is_neutral():
    for verdict in KNOWN:
        assert worst([verdict, Verdict.NOT_APPLICABLE]) is verdict


def test_not_run_spoils_a_pass():
    assert worst([Verdict.PASS, Verdict.NOT_RUN]) is Verdict.INCONCLUSIVE


def test_every_reason_has_exactly_one_verdict():
    for reason in Reason:
        assert [v for v, reasons in ALLOWED_REASONS.items() if reason in reasons] == [verdict_of(reason)]


def test_a_pass_has_no_reason():
    assert Verdict.PASS not in {verdict_of(reason) for reason in Reason}


def test_severity_puts_the_worst_first():
    assert sorted(VERDICTS, key=severity)[:3] == [Verdict.ERROR, Verdict.FAIL, Verdict.INCONCLUSIVE]
    assert len({severity(v) for v in VERDICTS}) == len(VERDICTS)


MICROSECONDS = st.integers(0, 10**12)


@given(MICROSECONDS, MICROSECONDS, MICROSECONDS)
def test_within_limit_is_certain_only_if_every_true_duration_agrees(duration, limit, uncertainty):
    verdict = within_limit(duration, limit, uncertainty)
    shortest, longest = duration - uncertainty, duration + uncertainty
    assert (verdict is Verdict.PASS) == (longest <= limit)
    assert (verdict is Verdict.FAIL) == (shortest > limit)


@given(MICROSECONDS, MICROSECONDS, MICROSECONDS, MICROSECONDS)
def test_a_coarser_clock_never_gives_a_pass(duration, limit, uncertainty, more):
    if within_limit(duration, limit, uncertainty + more) is Verdict.PASS:
        assert within_limit(duration, limit, uncertainty) is Verdict.PASS


def test_settle_takes_the_worst_answer_and_the_larger_measure():
    late, later = (because(Reason.OVER_LIMIT, "late", us) for us in (5, 9))
    assert settle([PASSED, late, later, because(Reason.OTHER_BRANCH, "")]) is later


def test_settle_returns_not_applicable_only_alone():
    branch = because(Reason.OTHER_BRANCH, "")
    assert settle([branch]) is branch
    assert settle([branch, PASSED]) is PASSED
    with pytest.raises(ValueError, match="no answers"):
        settle([])


@pytest.mark.parametrize(
    ("us", "words"),
    [(0, "0 s"), (1, "0.000001 s"), (1_500_000, "1.5 s"), (60_000_000, "60 s"), (-1_500_000, "-1.5 s")],
)
def test_seconds_lose_nothing(us, words):
    assert seconds(us) == words
