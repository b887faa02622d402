"""The rules of a policy: what a key has to be, and how long a nonce has to be remembered."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.certificate import KeyFacts, Purpose, Role
from actors.policy import SECOND_US, Proof, SignatureRules, ValidationPolicy

seconds = st.integers(0, 10**6)


def test_a_strict_policy_makes_every_check():
    policy = ValidationPolicy()

    assert all(getattr(policy, name) for name in policy.__struct_fields__ if name.startswith("check_"))
    assert (policy.purpose, policy.proof) == (Purpose.SIGN, Proof.RECEIPT)
    assert policy.roles == {Role.HEAD, Role.SIGNATORY}


@pytest.mark.parametrize(
    ("changes", "key", "accepted"),
    [
        ({"min_rsa_bits": 4096}, KeyFacts("RSA", 3072, None, 65_537), False),
        ({"min_rsa_bits": 3072}, KeyFacts("RSA", 3072, None, 65_537), True),
        ({"min_rsa_exponent": 3}, KeyFacts("RSA", 2048, None, 3), True),
        ({}, KeyFacts("RSA", 2048, None, None), False),
        ({"curves": frozenset()}, KeyFacts("EC", 256, "secp256r1", None), False),
        ({"curves": frozenset({"secp256k1"})}, KeyFacts("EC", 256, "secp256k1", None), True),
        ({}, KeyFacts("EC", 256, None, None), False),
        ({}, KeyFacts("other", 10_000, "secp256r1", 65_537), False),
    ],
)
def test_keys_are_accepted_by_the_policy_alone(changes, key, accepted):
    assert SignatureRules(**changes).accepts_key(key) is accepted


@given(age_s=seconds, skew_s=seconds, issued_us=st.integers(0, 2**50))
def test_the_window_of_nonces_outlasts_every_fresh_request(age_s, skew_s, issued_us):
    """Two clocks that differ in opposite directions still leave a nonce remembered while it is fresh."""
    rules = SignatureRules(max_request_age_s=age_s, clock_skew_s=skew_s)

    last_fresh_us = issued_us + (age_s + skew_s) * SECOND_US
    assert issued_us + rules.replay_window_us >= last_fresh_us


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"min_rsa_bit": 1}, "min_rsa_bit"),
        ({"min_rsa_bits": "2048"}, "min_rsa_bits"),
        ({"max_list_age_s": 3_599}, "max_list_age_s"),
        ({"digests": "sha256"}, "digests"),
        ({"digests": ["sha256", "sha1"]}, "digests"),
        ({"curves": ["secp256r1", "nonsense"]}, "curves"),
        ({"roles": ["chief"]}, "roles"),
        ({"attachments": {"max_files": True}}, "max_files"),
    ],
)
def test_rules_from_a_file_are_read_strictly(changes, place):
    with pytest.raises(msgspec.ValidationError, match=place):
        msgspec.convert(changes, SignatureRules, strict=True)
