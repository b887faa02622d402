"""Facts from the books: what a claim says of a signature, and the chains it is looked up by."""

import hashlib
from dataclasses import replace

import pytest

from actors.claims import ClaimedChains, SignatureClaim, claimed_facts
from actors.facts import Facts
from actors.trust import NO_CHAIN, TrustAnchors
from tests.actors.conftest import DAY, DOCUMENT, SECOND, Pki

UNREADABLE = Facts(
    size_ok=True,
    format_ok=False,
    digest=None,
    algorithm=None,
    digest_equal=False,
    signature_ok=False,
    certificate_bound=False,
    signing_time_us=None,
    certificate=None,
)


@pytest.fixture(scope="module")
def draft(shared_pki):
    return shared_pki.person().draft


@pytest.fixture
def claim(draft):
    return SignatureClaim(
        signed_sha256=hashlib.sha256(DOCUMENT).digest(), signing_time_us=Pki.now_us, signer=draft
    )


def facts(pki, claim, *, octets=DOCUMENT, moment_us=Pki.now_us, **changes):
    return claimed_facts(
        octets,
        claim,
        changes.pop("trust", pki.trust),
        changes.pop("known", pki.revocation()),
        expected_iin=pki.iin,
        moment_us=moment_us,
        chains=ClaimedChains(),
        **changes,
    )


def test_a_good_claim(shared_pki, claim, draft):
    found = facts(shared_pki, claim)

    assert not claim.flawed
    assert found == replace(
        UNREADABLE,
        format_ok=True,
        digest="sha256",
        algorithm="ecdsa-sha256",
        digest_equal=True,
        signature_ok=True,
        certificate_bound=True,
        signing_time_us=Pki.now_us,
        certificate=found.certificate,
    )
    certificate = found.certificate
    assert (certificate.serial, certificate.iin, certificate.expected_iin) == (draft.serial, Pki.iin, Pki.iin)
    assert (certificate.issuer, certificate.issuer_known) == (shared_pki.authority.issuing, True)
    assert (certificate.path_sound, certificate.revoked_at_us) == (True, None)


@pytest.mark.parametrize("size_ok", [True, False])
def test_of_what_cannot_be_read_nothing_else_is_known(shared_pki, claim, size_ok):
    wrong = replace(claim, size_ok=size_ok, format_ok=False, value_ok=False)

    assert wrong.flawed
    assert facts(shared_pki, wrong) == replace(UNREADABLE, size_ok=size_ok)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"value_ok": False}, {"signature_ok": False}),
        ({"certificate_bound": False}, {"certificate_bound": False}),
        (
            {"digest": "sha1", "algorithm": "ecdsa-sha1"},
            {"digest": "sha1", "algorithm": "ecdsa-sha1", "digest_equal": False, "signature_ok": False},
        ),
        (
            {"signer": None},
            {"certificate": None, "signature_ok": False, "certificate_bound": False},
        ),
    ],
)
def test_a_flaw_is_a_fact(shared_pki, claim, changes, expected):
    wrong = replace(claim, **changes)

    assert wrong.flawed
    assert facts(shared_pki, wrong) == replace(facts(shared_pki, claim), **expected)


def test_the_time_of_signing_has_whole_seconds(shared_pki, claim):
    late = replace(claim, signing_time_us=Pki.now_us + SECOND - 1)

    assert facts(shared_pki, late).signing_time_us == Pki.now_us


def test_the_octets_at_hand_are_those_that_count(shared_pki, claim):
    changed = facts(shared_pki, claim, octets=DOCUMENT + b" ")

    assert changed == replace(facts(shared_pki, claim), digest_equal=False)


def test_revocation_is_looked_up_for_the_moment_of_the_check(pki):
    person = pki.person()
    claim = SignatureClaim(signed_sha256=b"", signing_time_us=pki.now_us, signer=person.draft)
    known = pki.revocation()

    inside = facts(pki, claim, known=known, checked_us=pki.now_us + DAY).certificate.coverage_us
    outside = facts(pki, claim, known=known, checked_us=pki.now_us + DAY + SECOND).certificate.coverage_us

    assert inside == (pki.now_us, pki.now_us + DAY)
    assert outside is None


def test_an_authority_that_has_ended_is_not_known_then(shared_pki, claim):
    end_us = shared_pki.authority.issuing.not_after_us

    assert facts(shared_pki, claim, moment_us=end_us).certificate.issuer_known
    assert not facts(shared_pki, claim, moment_us=end_us + SECOND).certificate.issuer_known


class TestChains:
    def test_nobody_is_below_what_is_not_pinned(self, shared_pki, draft):
        other = TrustAnchors.of(shared_pki.stranger)

        assert ClaimedChains().below(draft, other) is NO_CHAIN
        assert ClaimedChains().below(replace(draft, issuer=None), shared_pki.trust) is NO_CHAIN

    def test_a_draft_that_is_not_sound_has_a_chain_that_is_not(self, shared_pki, draft):
        chains = ClaimedChains()
        sound = chains.below(draft, shared_pki.trust)

        assert sound.sound
        assert chains.below(replace(draft, sound=False), shared_pki.trust) == replace(sound, sound=False)
        assert chains.below(draft, shared_pki.trust) is sound

    def test_another_trust_is_asked_anew(self, shared_pki, draft):
        chains = ClaimedChains()
        assert chains.below(draft, shared_pki.trust).path

        assert chains.below(draft, TrustAnchors.of(shared_pki.stranger)) is NO_CHAIN
        assert chains.below(draft, shared_pki.trust).path

    def test_no_number_shows_in_the_text_of_a_claim(self, claim):
        assert Pki.iin not in repr((claim, claim.signer))
