"""The decision about a signed document, from facts alone."""

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.certificate import KeyFacts, Purpose, Role
from actors.decision import (
    decide,
    decide_certificate,
    decide_request,
    identity_mismatch,
    malformed_document,
)
from actors.facts import CertificateFacts, Facts, RequestFacts
from actors.outcomes import Indication, MessageId, Refusal, SubIndication
from actors.policy import Proof, SignatureRules, ValidationPolicy

SECOND = 1_000_000
NOW = 1_358_229_600 * SECOND
STRICT = ValidationPolicy()
SWITCHES = [name for name in STRICT.__struct_fields__ if name.startswith("check_")]

GOOD_CERTIFICATE = CertificateFacts(
    serial=7,
    key=KeyFacts("EC", 256, "secp256r1", None),
    issuer=None,
    issuer_known=True,
    path_sound=True,
    not_before_us=NOW - SECOND,
    not_after_us=NOW + SECOND,
    revoked_at_us=None,
    issuer_revoked_at_us=None,
    coverage_us=(NOW - 3600 * SECOND, NOW + 3600 * SECOND),
    purposes=frozenset((Purpose.SIGN,)),
    roles=frozenset((Role.HEAD,)),
    common_name="TEST",
    iin="850704200017",
    bin="121240000013",
    expected_iin="850704200017",
    expected_bin=None,
)

GOOD = Facts(
    size_ok=True,
    format_ok=True,
    digest="sha256",
    algorithm="ecdsa-sha256",
    digest_equal=True,
    signature_ok=True,
    certificate_bound=True,
    signing_time_us=NOW,
    certificate=GOOD_CERTIFICATE,
)

# what is bad, and the switches that each turn the check off (none: nothing does)
BAD = [
    ({"size_ok": False}, "", "REFUSED TOO_LARGE TOO_LARGE TOO_LARGE"),
    ({"format_ok": False}, "", "TOTAL_FAILED FORMAT_FAILURE SIGN_INVALID SIGNATURE_INVALID"),
    (
        {"certificate": None},
        "",
        "INDETERMINATE NO_SIGNING_CERTIFICATE_FOUND SIGN_INVALID SIGNATURE_INVALID",
    ),
    (
        {"digest": "sha1"},
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
        {"key": KeyFacts("RSA", 1024, None, 65537)},
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
        {"coverage_us": None},
        "check_revocation",
        "INDETERMINATE TRY_LATER CHECK_UNAVAILABLE CHECK_UNAVAILABLE",
    ),
    ({"iin": None}, "check_identity", "REFUSED IDENTITY_MISMATCH ID_MISMATCH IIN_MISMATCH"),
    ({"iin": "850704200801"}, "check_identity", "REFUSED IDENTITY_MISMATCH ID_MISMATCH IIN_MISMATCH"),
    ({"expected_iin": None}, "check_identity", "REFUSED IDENTITY_MISMATCH ID_MISMATCH IDENTITY_MISMATCH"),
    (
        {"expected_bin": "130151000029"},
        "check_identity",
        "REFUSED IDENTITY_MISMATCH ID_MISMATCH BIN_MISMATCH",
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


def changed(policy, **fields):
    return msgspec.structs.replace(policy, **fields)


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


GOOD_REQUEST = RequestFacts(
    size_ok=True,
    envelope_ok=True,
    iin_well_formed=True,
    is_account_holder=True,
    provider_competent=True,
    attachments_ok=True,
    issued_at_us=NOW,
    expires_at_us=NOW + 600 * SECOND,
    seen_before=False,
)

REQUESTS = [
    (replace(GOOD_REQUEST, **changes), switch, f"REFUSED {words}")
    for changes, switch, words in (
        ({"size_ok": False}, "", "TOO_LARGE TOO_LARGE TOO_LARGE"),
        ({"envelope_ok": False}, "", "REQUEST_INVALID REQUEST_INVALID REQUEST_INVALID"),
        ({"iin_well_formed": False}, "check_identity", "IIN_INVALID IIN_INVALID IIN_INVALID"),
        ({"is_account_holder": False}, "check_identity", "IDENTITY_MISMATCH ID_MISMATCH IIN_MISMATCH"),
        ({"provider_competent": False}, "", "PROVIDER_MISMATCH PROVIDER_MISMATCH PROVIDER_MISMATCH"),
        ({"attachments_ok": False}, "", "ATTACHMENT_REFUSED ATTACHMENT_REFUSED ATTACHMENT_REFUSED"),
        (
            {"issued_at_us": NOW - 601 * SECOND},
            "check_freshness",
            "STALE_REQUEST STALE_REQUEST STALE_REQUEST",
        ),
        (
            {"expires_at_us": NOW - 61 * SECOND},
            "check_freshness",
            "STALE_REQUEST STALE_REQUEST STALE_REQUEST",
        ),
        ({"seen_before": True}, "check_replay", "REPLAY REPLAY REPLAY"),
    )
]

LOOKING_BACK = ValidationPolicy(proof=Proof.NONE)
REVOKED_LATER = replace(GOOD_CERTIFICATE, revoked_at_us=NOW + SECOND)
REVOKED_BEFORE = replace(GOOD_CERTIFICATE, revoked_at_us=NOW)
LATER = [
    (GOOD, NOW + 2 * SECOND, "INDETERMINATE OUT_OF_BOUNDS_NO_POE RESULT_OLD CERT_EXPIRED"),
    (
        replace(GOOD, certificate=REVOKED_LATER),
        NOW + SECOND,
        "INDETERMINATE REVOKED_NO_POE RESULT_OLD CERT_REVOKED",
    ),
    (
        replace(GOOD, certificate=REVOKED_BEFORE),
        NOW + SECOND,
        "TOTAL_FAILED REVOKED SIGN_INVALID CERT_REVOKED",
    ),
]


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


moments = st.integers(NOW - 3 * SECOND, NOW + 3 * SECOND)
numbers = st.sampled_from([None, "850704200017", "850704200801"])
certificates = st.builds(
    CertificateFacts,
    serial=st.just(7),
    key=st.sampled_from([GOOD_CERTIFICATE.key, KeyFacts("EC", 256, "secp256k1", None)]),
    issuer=st.none(),
    issuer_known=st.booleans(),
    path_sound=st.booleans(),
    not_before_us=moments,
    not_after_us=moments,
    revoked_at_us=st.none() | moments,
    issuer_revoked_at_us=st.none() | moments,
    coverage_us=st.none() | st.tuples(moments, moments),
    purposes=st.frozensets(st.sampled_from(Purpose)),
    roles=st.frozensets(st.sampled_from(Role)),
    common_name=st.none(),
    iin=numbers,
    bin=numbers,
    expected_iin=numbers,
    expected_bin=numbers,
)
anything = st.builds(
    Facts,
    size_ok=st.booleans(),
    format_ok=st.booleans(),
    digest=st.sampled_from(["sha256", "sha1", None]),
    algorithm=st.sampled_from(["ecdsa-sha256", "ecdsa-sha1"]),
    digest_equal=st.booleans(),
    signature_ok=st.booleans(),
    certificate_bound=st.booleans(),
    signing_time_us=st.none() | moments,
    certificate=st.none() | certificates,
)
policies = st.builds(ValidationPolicy, **{switch: st.booleans() for switch in SWITCHES})


def covered(coverage_us, second_us):
    if coverage_us is None:
        return False
    return coverage_us[0] <= second_us <= coverage_us[1]


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
            facts.size_ok, facts.format_ok, facts.digest == "sha256", facts.algorithm == "ecdsa-sha256",
            facts.digest_equal, facts.signature_ok, facts.certificate_bound, c.key.curve == "secp256r1",
            c.issuer_known, c.path_sound, covered(c.coverage_us, second_us),
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
    if decide(facts, changed(policy, **{switch: True}), moment_us).passed:
        assert decide(facts, changed(policy, **{switch: False}), moment_us).passed
