"""Laws of the decision about a signed document, for any facts, policies and moments."""

from hypothesis import given
from hypothesis import strategies as st

from actors.certificate import KeyFacts, Purpose, Role
from actors.decision import (
    decide,
)
from actors.facts import CertificateFacts, Facts
from actors.outcomes import MessageId
from actors.policy import ValidationPolicy
from tests.actors.decision_facts import CASES, GOOD, GOOD_CERTIFICATE, NOW, SECOND, STRICT, SWITCHES, changed

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
