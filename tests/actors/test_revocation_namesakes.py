"""Whose lists and answers speak for a certificate, where several authorities have one name or one key."""

import pytest
from cryptography import x509

from actors.keys import derive_p256
from actors.ocsp import OcspAnswer, OcspStatus
from actors.revocation import RevocationList
from actors.trust import TrustAnchors
from actors.validation import gather_certificate_facts
from tests.actors.conftest import odd_certificate
from tests.actors.test_revocation import SECOND, build, entry


def authority(pki, label, *, key=None, signer=None, issuer=None, subject=None, serial=900):
    """Issue another certificate for an authority, by default of the issuing one's name below the root."""
    key = key or derive_p256(pki.seed, label)
    signer = signer or derive_p256(pki.seed, "authority/root")
    identifier = (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    return odd_certificate(
        pki,
        key=key,
        issuer_key=signer,
        issuer=issuer or pki.authority.root.parsed.subject,
        subject=subject or pki.authority.issuing.parsed.subject,
        serial=serial,
        usages=("key_cert_sign", "crl_sign"),
        extended=(),
        extensions=[(x509.BasicConstraints(ca=True, path_length=None), True), identifier],
    ).certificate


def root_list(pki):
    return build(pki, issuer=pki.authority.root.parsed.subject, key=derive_p256(pki.seed, "authority/root"))


def known_of_holder(pki, trust, known):
    """Return revocation and coverage of the certificate 77, which the key of the issuing authority signed."""
    found = gather_certificate_facts(pki.odd().der, trust, known, moment_us=pki.now_us)
    assert found.issuer == pki.authority.issuing
    return found.revoked_at_us, found.coverage_us


@pytest.mark.parametrize("order", [1, -1])
def test_namesakes_do_not_speak_for_each_other(shared_pki, order):
    pki, key = shared_pki, derive_p256(shared_pki.seed, "namesake")
    namesake = authority(pki, "namesake")
    trust = TrustAnchors(pki.trust.roots, (*pki.trust.issuers, namesake)[::order])
    revoked = build(pki, entries=[entry(pki, serial=77)])
    later = build(pki, key=key, start_us=pki.now_us, extensions=[(x509.CRLNumber(8), False)])
    both = RevocationList.read([root_list(pki), *(revoked, later)[::order]], trust)
    its_own = RevocationList.read([root_list(pki), later], trust)

    assert known_of_holder(pki, trust, both)[0] == pki.now_us - SECOND
    assert known_of_holder(pki, trust, its_own) == (None, None)
    assert both.revoked_at_us(namesake, 77) is None
    assert its_own.coverage_us(namesake, 77, pki.now_us) is not None
    # Nobody knows whose key signed: both are heard.
    assert both.revoked_at_us(namesake.subject, 77) == pki.now_us - SECOND
    assert its_own.coverage_us(namesake.subject, 77, pki.now_us) is not None


def test_the_answer_of_a_namesake_vouches_for_nobody_else(shared_pki):
    pki, namesake = shared_pki, authority(shared_pki, "namesake")
    trust = TrustAnchors(pki.trust.roots, (*pki.trust.issuers, namesake))
    known = RevocationList.read([root_list(pki)], trust)
    times = (pki.now_us, pki.now_us + SECOND)

    for issuer, revoked_at_us in ((namesake, None), (namesake, pki.now_us)):
        status = OcspStatus.GOOD if revoked_at_us is None else OcspStatus.REVOKED
        answer = OcspAnswer(issuer.as_issuer, 77, status, revoked_at_us, *times)
        assert known_of_holder(pki, trust, known.with_answer(answer)) == (None, None)
        assert known.with_answer(answer).coverage_us(namesake.subject, 77, pki.now_us) == times
    own = OcspAnswer(pki.authority.issuing.as_issuer, 77, OcspStatus.GOOD, None, *times)
    assert known_of_holder(pki, trust, known.with_answer(own)) == (None, times)


def test_an_authority_is_looked_up_by_the_key_that_signed_it(shared_pki):
    """The list of a namesake of the root says nothing about the authorities below the root."""
    pki, key = shared_pki, derive_p256(shared_pki.seed, "other root")
    name = pki.authority.root.parsed.subject
    other = authority(pki, "other root", signer=key, subject=name)
    trust = TrustAnchors((*pki.trust.roots, other), pki.trust.issuers)
    revoked = build(pki, issuer=name, key=key, entries=[entry(pki, serial=pki.authority.issuing.serial)])
    for lists, covered in (([build(pki), revoked], False), ([build(pki), revoked, root_list(pki)], True)):
        known = RevocationList.read(lists, trust)
        found = gather_certificate_facts(pki.odd().der, trust, known, moment_us=pki.now_us)
        assert found.issuer_revoked_at_us is None
        assert (found.coverage_us is not None) is covered


@pytest.mark.parametrize("order", [1, -1])
def test_a_renewed_certificate_of_one_name_and_key_shares_the_lists(shared_pki, order):
    pki = shared_pki
    renewed = authority(pki, "", key=derive_p256(pki.seed, "authority/issuing"))
    known = RevocationList.read(
        [build(pki, entries=[entry(pki)])],
        TrustAnchors(pki.trust.roots, (pki.authority.issuing, renewed)[::order]),
    )
    for one in (pki.authority.issuing, renewed):
        assert known.revoked_at_us(one, 7) == pki.now_us - SECOND
        assert known.is_fresh(one, pki.now_us)


@pytest.mark.parametrize("vouched", [True, False])
def test_keys_of_which_one_signed_for_the_other_are_one_issuers(shared_pki, vouched):
    """A roll-over under one name: the old key signs a certificate for the new one."""
    pki, key = shared_pki, derive_p256(shared_pki.seed, "rolled")
    old = derive_p256(pki.seed, "authority/issuing")
    name = pki.authority.issuing.parsed.subject
    rolled = authority(pki, "rolled", signer=old, issuer=name) if vouched else authority(pki, "rolled")
    trust = TrustAnchors(pki.trust.roots, (*pki.trust.issuers, rolled))
    known = RevocationList.read([build(pki, key=key, entries=[entry(pki, serial=77)])], trust)

    assert known.revoked_at_us(pki.authority.issuing, 77) == (pki.now_us - SECOND if vouched else None)
    assert known.revoked_at_us(rolled, 77) == pki.now_us - SECOND


def test_what_nobody_known_signed_is_looked_up_by_the_name_it_gives(shared_pki):
    """A verifier that does not ask who signed takes a stranger's serial number for one of its issuer's."""
    pki = shared_pki
    known = RevocationList.read([build(pki, entries=[entry(pki, serial=77)])], pki.trust)
    stranger = pki.odd(issuer_key=derive_p256(pki.seed, "stranger"))
    found = gather_certificate_facts(stranger.der, pki.trust, known, moment_us=pki.now_us)
    assert found.issuer is None
    assert found.revoked_at_us == pki.now_us - SECOND
    assert found.coverage_us == (pki.now_us, pki.now_us + 86_400 * SECOND)
