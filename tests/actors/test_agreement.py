"""The short cut of a comparison: who agrees at little cost agrees in every field."""

import dataclasses
import hashlib

import pytest

from actors.cades import sign_detached
from actors.certificate import Purpose, Role
from actors.claims import ClaimedChains, SignatureClaim, agrees, claimed_facts
from actors.public_keys import KeyFacts
from actors.validation import gather_facts

DOCUMENT = b'{"typ":"egov.request.v1"}'
FOLLOWS = {
    "issuer_known",
    "revoked_at_us",
    "issuer_revoked_at_us",
    "coverage_us",
    "expected_iin",
    "expected_bin",
}
"""What follows from certificate, chain and circumstances, the same ones on both sides."""

OTHER = {
    "digest": "sha384",
    "algorithm": "rsa-sha256",
    "digest_equal": False,
    "signature_ok": False,
    "certificate_bound": False,
    "signing_time_us": 0,
    "certificate": None,
}
OTHER_CERTIFICATE = {
    "serial": 1,
    "key": KeyFacts("RSA", 2048, None, 65_537),
    "issuer": None,
    "path_sound": False,
    "not_before_us": 0,
    "not_after_us": 0,
    "purposes": frozenset((Purpose.AUTH,)),
    "roles": frozenset((Role.HEAD,)),
    "common_name": "somebody else",
    "iin": None,
    "bin": "121240000013",
}


@pytest.fixture(scope="module")
def pair(shared_pki):
    credential = shared_pki.person()
    claim = SignatureClaim(
        signed_sha256=hashlib.sha256(DOCUMENT).digest(),
        signing_time_us=shared_pki.now_us,
        signer=credential.draft,
    )
    circumstances = {"expected_iin": shared_pki.iin, "moment_us": shared_pki.now_us}
    p7s = sign_detached(DOCUMENT, credential, shared_pki.now_us)
    revocation = shared_pki.revocation()
    found = gather_facts(DOCUMENT, p7s, shared_pki.trust, revocation, **circumstances)
    claimed = claimed_facts(
        DOCUMENT, claim, shared_pki.trust, revocation, chains=ClaimedChains(), **circumstances
    )
    assert claimed == found
    return claim, found


def test_a_good_signature_agrees_at_once(pair, shared_pki):
    claim, found = pair
    assert agrees(DOCUMENT, claim, found, ClaimedChains(), shared_pki.trust)


@pytest.mark.parametrize("name", OTHER)
def test_any_other_fact_disagrees(pair, shared_pki, name):
    claim, found = pair
    other = dataclasses.replace(found, **{name: OTHER[name]})

    assert not agrees(DOCUMENT, claim, other, ClaimedChains(), shared_pki.trust)


@pytest.mark.parametrize("name", OTHER_CERTIFICATE)
def test_any_other_fact_about_the_certificate_disagrees(pair, shared_pki, name):
    claim, found = pair
    certificate = dataclasses.replace(found.certificate, **{name: OTHER_CERTIFICATE[name]})
    other = dataclasses.replace(found, certificate=certificate)

    assert not agrees(DOCUMENT, claim, other, ClaimedChains(), shared_pki.trust)


def test_every_fact_is_looked_at_or_follows(pair):
    _, found = pair
    assert set(type(found).__dataclass_fields__) == set(OTHER) | {"size_ok", "format_ok"}
    assert set(type(found.certificate).__dataclass_fields__) == set(OTHER_CERTIFICATE) | FOLLOWS


def test_another_document_or_a_flawed_claim_takes_a_closer_look(pair, shared_pki):
    claim, found = pair
    flawed = dataclasses.replace(claim, value_ok=False)

    assert not agrees(DOCUMENT + b" ", claim, found, ClaimedChains(), shared_pki.trust)
    assert not agrees(DOCUMENT, flawed, found, ClaimedChains(), shared_pki.trust)
