"""The decision about a signed document, from facts alone."""

import dataclasses
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.certificate import Purpose, Role
from actors.decision import (
    CertificateFacts,
    Facts,
    Indication,
    MessageId,
    SubIndication,
    ValidationPolicy,
    decide,
    decide_certificate,
    identity_mismatch,
    malformed_document,
)

SECOND = 1_000_000
NOW = 1_358_229_600 * SECOND
STRICT = ValidationPolicy()
SWITCHES = [field.name for field in dataclasses.fields(STRICT) if field.name.startswith("check_")]

GOOD_CERTIFICATE = CertificateFacts(
    key_strong=True,
    issuer_known=True,
    path_sound=True,
    not_before_us=NOW - SECOND,
    not_after_us=NOW + SECOND,
    revoked_at_us=None,
    issuer_revoked_at_us=None,
    revocation_known=True,
    purposes=frozenset((Purpose.SIGN,)),
    roles=frozenset((Role.HEAD,)),
    iin="850704200017",
    bin="121240000013",
    expected_iin="850704200017",
    expected_bin=None,
)

GOOD = Facts(
    size_ok=True,
    format_ok=True,
    algorithms_accepted=True,
    digest_equal=True,
    signature_ok=True,
    certificate_bound=True,
    certificate=GOOD_CERTIFICATE,
)

# what is bad, and the switches that each turn the check off (none: nothing does)
BAD = [
    ({"size_ok": False}, "", "REFUSED TOO_LARGE TOO_LARGE SIGNATURE_INVALID"),
    ({"format_ok": False}, "", "TOTAL_FAILED FORMAT_FAILURE SIGN_INVALID SIGNATURE_INVALID"),
    (
        {"certificate": None},
        "",
        "INDETERMINATE NO_SIGNING_CERTIFICATE_FOUND SIGN_INVALID SIGNATURE_INVALID",
    ),
    (
        {"algorithms_accepted": False},
        "check_strength",
        "INDETERMINATE CRYPTO_CONSTRAINTS_FAILURE CERT_WRONG_TYPE CERT_WRONG_TYPE",
    ),
    ({"digest_equal": False}, "check_signature", "TOTAL_FAILED HASH_FAILURE SIGN_INVALID SIGNATURE_INVALID"),
    (
        {"signature_ok": False},
        "check_signature",
        "TOTAL_FAILED SIG_CRYPTO_FAILURE SIGN_INVALID SIGNATURE_INVALID",
    ),
    (
        {"certificate_bound": False},
        "check_signature",
        "INDETERMINATE SIG_CONSTRAINTS_FAILURE SIGN_INVALID SIGNATURE_INVALID",
    ),
]

BAD_CERTIFICATES = [
    (
        {"key_strong": False},
        "check_strength",
        "INDETERMINATE CRYPTO_CONSTRAINTS_FAILURE CERT_WRONG_TYPE CERT_WRONG_TYPE",
    ),
    (
        {"issuer_known": False},
        "check_issuer",
        "INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND CERT_UNTRUSTED CERT_UNTRUSTED",
    ),
    ({"not_before_us": NOW + 1}, "check_period", "TOTAL_FAILED NOT_YET_VALID CERT_PERIOD CERT_NOT_YET_VALID"),
    ({"not_after_us": NOW - SECOND}, "check_period", "TOTAL_FAILED EXPIRED CERT_PERIOD CERT_EXPIRED"),
    (
        {"path_sound": False},
        "check_issuer",
        "INDETERMINATE CHAIN_CONSTRAINTS_FAILURE CERT_WRONG_TYPE CERT_WRONG_TYPE",
    ),
    (
        {"purposes": frozenset((Purpose.AUTH,))},
        "check_usage",
        "INDETERMINATE CHAIN_CONSTRAINTS_FAILURE CERT_WRONG_TYPE CERT_WRONG_TYPE",
    ),
    ({"revoked_at_us": NOW}, "check_revocation", "TOTAL_FAILED REVOKED CERT_REVOKED CERT_REVOKED"),
    (
        {"issuer_revoked_at_us": NOW},
        "check_revocation check_issuer",
        "INDETERMINATE REVOKED_CA_NO_POE CERT_UNTRUSTED CERT_UNTRUSTED",
    ),
    (
        {"revocation_known": False},
        "check_revocation",
        "INDETERMINATE TRY_LATER CHECK_UNAVAILABLE CHECK_UNAVAILABLE",
    ),
    ({"iin": None}, "check_identity", "REFUSED IDENTITY_MISMATCH ID_MISMATCH IIN_MISMATCH"),
    ({"iin": "850704200801"}, "check_identity", "REFUSED IDENTITY_MISMATCH ID_MISMATCH IIN_MISMATCH"),
    ({"expected_iin": None}, "check_identity", "REFUSED IDENTITY_MISMATCH ID_MISMATCH IIN_MISMATCH"),
    (
        {"expected_bin": "130151000029"},
        "check_identity",
        "REFUSED IDENTITY_MISMATCH ID_MISMATCH IIN_MISMATCH",
    ),
    (
        {"expected_bin": "121240000013", "roles": frozenset((Role.EMPLOYEE,))},
        "check_role",
        "INDETERMINATE CHAIN_CONSTRAINTS_FAILURE CERT_WRONG_TYPE CERT_WRONG_TYPE",
    ),
]

CASES = [(replace(GOOD, **changes), switches, words) for changes, switches, words in BAD] + [
    (replace(GOOD, certificate=replace(GOOD_CERTIFICATE, **changes)), switches, words)
    for changes, switches, words in BAD_CERTIFICATES
]


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
        decision = decide(facts, replace(STRICT, **{other: False}), NOW)
        assert decision.passed is (other in switches.split())


def test_every_word_is_used():
    decisions = [decide(facts, STRICT, NOW) for facts, _, _ in CASES]
    assert {d.sub_indication for d in decisions} == set(SubIndication)
    assert {d.indication for d in decisions} | {Indication.TOTAL_PASSED} == set(Indication)
    assert {d.message_id for d in decisions} | {MessageId.ACCEPTED} == set(MessageId)


def test_the_first_of_several_bad_facts_decides():
    order = [(facts, decide(facts, STRICT, NOW)) for facts, _, _ in CASES]
    everything = replace(
        GOOD,
        **{key: value for changes, _, _ in BAD[3:] for key, value in changes.items()},
        certificate=replace(GOOD_CERTIFICATE, key_strong=False, iin=None, revoked_at_us=0),
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
    facts = replace(GOOD_CERTIFICATE, revoked_at_us=NOW, revocation_known=False)
    assert decide_certificate(facts, STRICT, NOW).reason == "CERT_REVOKED"


def test_an_employee_may_sign_where_all_roles_may():
    facts = replace(
        GOOD_CERTIFICATE, expected_iin=None, expected_bin="121240000013", roles=frozenset((Role.EMPLOYEE,))
    )
    assert not decide_certificate(facts, STRICT, NOW).passed
    assert decide_certificate(facts, replace(STRICT, roles=frozenset(Role)), NOW).passed
    nobody = replace(facts, roles=frozenset())
    assert not decide_certificate(nobody, replace(STRICT, roles=frozenset(Role)), NOW).passed


def test_a_key_for_authentication_is_good_where_one_is_asked_for():
    facts = replace(GOOD_CERTIFICATE, purposes=frozenset((Purpose.AUTH,)))
    assert decide_certificate(facts, replace(STRICT, purpose=Purpose.AUTH), NOW).passed


def test_the_two_decisions_of_the_application():
    assert not malformed_document().passed
    assert not identity_mismatch().passed
    assert identity_mismatch().reason == "IIN_MISMATCH"


def test_numbers_are_not_in_the_text_of_facts():
    assert "850704200017" not in repr(GOOD)


moments = st.integers(NOW - 3 * SECOND, NOW + 3 * SECOND)
numbers = st.sampled_from([None, "850704200017", "850704200801"])
certificates = st.builds(
    CertificateFacts,
    key_strong=st.booleans(),
    issuer_known=st.booleans(),
    path_sound=st.booleans(),
    not_before_us=moments,
    not_after_us=moments,
    revoked_at_us=st.none() | moments,
    issuer_revoked_at_us=st.none() | moments,
    revocation_known=st.booleans(),
    purposes=st.frozensets(st.sampled_from(Purpose)),
    roles=st.frozensets(st.sampled_from(Role)),
    iin=numbers,
    bin=numbers,
    expected_iin=numbers,
    expected_bin=numbers,
)
anything = st.builds(
    Facts,
    size_ok=st.booleans(),
    format_ok=st.booleans(),
    algorithms_accepted=st.booleans(),
    digest_equal=st.booleans(),
    signature_ok=st.booleans(),
    certificate_bound=st.booleans(),
    certificate=st.none() | certificates,
)
policies = st.builds(ValidationPolicy, **{switch: st.booleans() for switch in SWITCHES})


def all_good(facts, moment_us):
    """Say the same as the decision in other words: every single fact is good."""
    c = facts.certificate
    if c is None:
        return False
    second_us = moment_us // SECOND * SECOND
    right_person = c.expected_iin is None or c.expected_iin == c.iin
    right_body = c.expected_bin is None or (c.expected_bin == c.bin and c.roles & {Role.HEAD, Role.SIGNATORY})
    return all(
        (
            facts.size_ok, facts.format_ok, facts.algorithms_accepted, facts.digest_equal, facts.signature_ok,
            facts.certificate_bound, c.key_strong, c.issuer_known, c.path_sound, c.revocation_known,
            c.not_before_us <= second_us <= c.not_after_us, Purpose.SIGN in c.purposes,
            c.revoked_at_us is None or c.revoked_at_us > second_us,
            c.issuer_revoked_at_us is None or c.issuer_revoked_at_us > second_us,
            c.expected_iin or c.expected_bin, right_person, right_body,
        )
    )  # fmt: skip


nearly_good = st.sampled_from([GOOD, *(facts for facts, _, _ in CASES)])


@given(anything | nearly_good, moments)
def test_it_passes_exactly_if_every_fact_is_good(facts, moment_us):
    assert decide(facts, STRICT, moment_us).passed is all_good(facts, moment_us)


@given(anything | nearly_good, policies, moments)
def test_every_decision_is_whole(facts, policy, moment_us):
    decision = decide(facts, policy, moment_us)
    assert decision.passed is (decision.reason == "ok")
    assert decision.passed is (decision.sub_indication is None)
    assert decision.passed is (decision.message_id is MessageId.ACCEPTED)


@given(anything | nearly_good, policies, st.sampled_from(SWITCHES), moments)
def test_a_check_more_never_lets_more_through(facts, policy, switch, moment_us):
    if decide(facts, replace(policy, **{switch: True}), moment_us).passed:
        assert decide(facts, replace(policy, **{switch: False}), moment_us).passed
