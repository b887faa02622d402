"""The decision about a signed document, from facts alone."""

from dataclasses import replace

import pytest

from actors.certificate import KeyFacts, Purpose, Role
from actors.decision import (
    decide,
    decide_certificate,
    decide_request,
    identity_mismatch,
    malformed_document,
)
from actors.outcomes import Indication, MessageId, Refusal, SubIndication
from actors.policy import SignatureRules
from tests.actors.decision_facts import (
    BAD,
    CASES,
    GOOD,
    GOOD_CERTIFICATE,
    GOOD_REQUEST,
    LATER,
    LOOKING_BACK,
    NOW,
    REQUESTS,
    SECOND,
    STRICT,
    SWITCHES,
    changed,
)


def words_of(decision):
    return " ".join(
        map(str, (decision.indication, decision.sub_indication, decision.message_id, decision.reason))
    )


def test_good_facts_pass():
    decision = decide(GOOD, STRICT, NOW)
    assert words_of(decision) == "TOTAL_PASSED None ACCEPTED ok"
    assert decision.passed


@pytest.mark.parametrize(("facts", "switches", "words"), CASES, ids=[words for _, _, words in CASES])
def test_one_bad_fact_is_named_and_only_its_own_switches_let_it_through(facts, switches, words):
    assert words_of(decide(facts, STRICT, NOW)) == words
    for other in SWITCHES:
        decision = decide(facts, changed(STRICT, **{other: False}), NOW)
        assert decision.passed is (other in switches.split())


def test_every_word_is_used():
    decisions = [decide(facts, STRICT, NOW) for facts, _, _ in CASES]
    decisions += [decide_request(GOOD, facts, STRICT, NOW) for facts, _, _ in REQUESTS]
    decisions += [decide(facts, LOOKING_BACK, moment_us) for facts, moment_us, _ in LATER]
    words = {d.sub_indication for d in decisions}
    assert words == set(SubIndication) | set(Refusal)
    assert {d.indication for d in decisions} | {Indication.TOTAL_PASSED} == set(Indication)
    assert {d.message_id for d in decisions} | {MessageId.ACCEPTED} == set(MessageId)


def test_the_first_of_several_bad_facts_decides():
    order = [(facts, decide(facts, STRICT, NOW)) for facts, _, _ in CASES]
    everything = replace(
        GOOD,
        **{key: value for changes, _, _ in BAD[3:] for key, value in changes.items()},
        certificate=replace(GOOD_CERTIFICATE, issuer_known=False, iin=None, revoked_at_us=0),
    )
    assert decide(everything, STRICT, NOW) == order[3][1]
    assert decide(replace(everything, format_ok=False), STRICT, NOW) == malformed_document()
    expired_and_unknown = replace(GOOD_CERTIFICATE, issuer_known=False, not_after_us=0)
    assert decide_certificate(expired_and_unknown, STRICT, NOW).reason == "CERT_UNTRUSTED"


@pytest.mark.parametrize(
    ("shift_us", "reason"),
    [
        (-SECOND - 1, "CERT_NOT_YET_VALID"),
        (-SECOND, "ok"),
        (SECOND, "ok"),
        (2 * SECOND - 1, "ok"),
        (2 * SECOND, "CERT_EXPIRED"),
    ],
)
def test_the_first_and_the_last_second_belong_to_the_period(shift_us, reason):
    assert decide(GOOD, STRICT, NOW + shift_us).reason == reason


@pytest.mark.parametrize(("shift_us", "reason"), [(-1, "ok"), (0, "CERT_REVOKED"), (1, "CERT_REVOKED")])
def test_a_certificate_is_good_until_it_is_revoked(shift_us, reason):
    facts = replace(GOOD_CERTIFICATE, revoked_at_us=NOW)
    assert decide_certificate(facts, STRICT, NOW + shift_us).reason == reason


def test_a_listed_one_is_revoked_even_if_the_list_is_old():
    facts = replace(GOOD_CERTIFICATE, revoked_at_us=NOW, coverage_us=None)
    assert decide_certificate(facts, STRICT, NOW).reason == "CERT_REVOKED"


def test_an_employee_may_sign_where_all_roles_may():
    facts = replace(
        GOOD_CERTIFICATE, expected_iin=None, expected_bin="121240000013", roles=frozenset((Role.EMPLOYEE,))
    )
    assert not decide_certificate(facts, STRICT, NOW).passed
    assert decide_certificate(facts, changed(STRICT, roles=frozenset(Role)), NOW).passed
    nobody = replace(facts, roles=frozenset())
    assert not decide_certificate(nobody, changed(STRICT, roles=frozenset(Role)), NOW).passed


def test_a_key_for_authentication_is_good_where_one_is_asked_for():
    facts = replace(GOOD_CERTIFICATE, purposes=frozenset((Purpose.AUTH,)))
    assert decide_certificate(facts, changed(STRICT, purpose=Purpose.AUTH), NOW).passed


def test_the_two_decisions_of_the_application():
    assert not malformed_document().passed
    assert not identity_mismatch().passed
    assert identity_mismatch().reason == "IDENTITY_MISMATCH"


def test_numbers_are_not_in_the_text_of_facts():
    assert "850704200017" not in repr(GOOD)


@pytest.mark.parametrize(("request_facts", "switch", "words"), REQUESTS, ids=[w for _, _, w in REQUESTS])
def test_one_bad_fact_of_a_request_is_named(request_facts, switch, words):
    assert words_of(decide_request(GOOD, request_facts, STRICT, NOW)) == words
    for other in SWITCHES:
        decision = decide_request(GOOD, request_facts, changed(STRICT, **{other: False}), NOW)
        assert decision.passed is (other == switch)


def test_a_good_request_passes():
    assert decide_request(GOOD, GOOD_REQUEST, STRICT, NOW).passed


@pytest.mark.parametrize(
    ("age_s", "reason"), [(-61, "STALE_REQUEST"), (-60, "ok"), (600, "ok"), (601, "STALE_REQUEST")]
)
def test_a_request_has_an_age(age_s, reason):
    request = replace(GOOD_REQUEST, issued_at_us=NOW - age_s * SECOND, expires_at_us=NOW + 600 * SECOND)
    facts = replace(GOOD, signing_time_us=NOW - age_s * SECOND)
    assert decide_request(facts, request, STRICT, NOW).reason == reason


@pytest.mark.parametrize(
    ("gap_s", "reason"), [(-61, "STALE_REQUEST"), (-60, "ok"), (60, "ok"), (61, "STALE_REQUEST")]
)
def test_the_two_times_of_a_request_lie_close(gap_s, reason):
    facts = replace(GOOD, signing_time_us=NOW + gap_s * SECOND)
    assert decide_request(facts, GOOD_REQUEST, STRICT, NOW).reason == reason


@pytest.mark.parametrize("request_facts", [facts for facts, _, words in REQUESTS if "LARGE" not in words])
def test_a_bad_signature_comes_before_what_the_request_says(request_facts):
    bad = replace(GOOD, signature_ok=False)
    assert decide_request(bad, request_facts, STRICT, NOW).sub_indication is SubIndication.SIG_CRYPTO_FAILURE


@pytest.mark.parametrize(("facts", "moment_us", "words"), LATER, ids=[words for _, _, words in LATER])
def test_a_result_without_proof_of_its_time(facts, moment_us, words):
    assert words_of(decide(facts, LOOKING_BACK, moment_us)) == words


def test_a_check_that_had_to_wait_judges_the_moment_of_receipt():
    later_us = NOW + 1800 * SECOND
    facts = replace(GOOD, certificate=replace(GOOD_CERTIFICATE, coverage_us=(later_us, later_us + SECOND)))
    assert decide(facts, STRICT, NOW).try_later
    assert decide(facts, STRICT, NOW, checked_us=later_us).passed


@pytest.mark.parametrize(("age_s", "reason"), [(86_400, "ok"), (86_401, "CHECK_UNAVAILABLE")])
def test_a_list_may_be_too_old_although_it_says_it_holds(age_s, reason):
    start_us = NOW - age_s * SECOND
    facts = replace(GOOD_CERTIFICATE, coverage_us=(start_us, NOW + SECOND))
    assert decide_certificate(facts, STRICT, NOW).reason == reason


@pytest.mark.parametrize(
    ("key", "accepted"),
    [
        (KeyFacts("EC", 256, "secp256r1", None), True),
        (KeyFacts("EC", 384, "secp384r1", None), True),
        (KeyFacts("EC", 256, "secp256k1", None), False),
        (KeyFacts("RSA", 2048, None, 65537), True),
        (KeyFacts("RSA", 2047, None, 65537), False),
        (KeyFacts("RSA", 4096, None, 3), False),
        (KeyFacts("other", 0, None, None), False),
    ],
)
def test_which_keys_a_policy_accepts(key, accepted):
    assert SignatureRules().accepts_key(key) is accepted
