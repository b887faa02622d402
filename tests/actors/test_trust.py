"""Whom a verifier trusts, and which paths it accepts."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID

from actors.authority import Authority
from actors.cades import sign_detached
from actors.certificate import Credential
from actors.keys import derive_p256
from actors.trust import TrustAnchors, find_chain
from actors.validation import SubIndication, gather_certificate_facts

SECOND = 1_000_000
DAY = 86_400 * SECOND
DOCUMENT = b'{"typ":"egov.request.v1"}'


def test_a_citizen_is_no_issuer(pki):
    citizen = pki.person()
    child = pki.odd(issuer=citizen.certificate.parsed.subject, issuer_key=citizen.key)
    assert pki.judge(child).reason == "CERT_UNTRUSTED"
    careless = TrustAnchors(pki.trust.roots, (*pki.trust.issuers, citizen.certificate))
    assert pki.judge(child, trust=careless).reason == "CERT_UNTRUSTED"


def test_one_who_may_sign_certificates_but_is_no_authority(pki):
    holder = pki.odd(
        usages=("key_cert_sign",),
        issuer=pki.authority.root.parsed.subject,
        issuer_key=derive_p256(pki.seed, "authority/root"),
    )
    child = pki.odd(issuer=holder.certificate.parsed.subject, issuer_key=holder.key)
    careless = TrustAnchors(pki.trust.roots, (*pki.trust.issuers, holder.certificate))
    assert pki.judge(child, trust=careless).reason == "CERT_UNTRUSTED"


@pytest.mark.parametrize("label", ["root", "issuing"])
def test_an_authority_does_not_sign_requests(pki, label):
    certificate = getattr(pki.authority, label)
    credential = Credential.of(derive_p256(pki.seed, f"authority/{label}"), certificate)
    assert pki.judge(credential).reason == "CERT_WRONG_TYPE"


NO_OTHER_USAGE = dict.fromkeys(
    ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only"),
    False,
)


SIGNING_USAGE = x509.KeyUsage(
    digital_signature=True, content_commitment=True, decipher_only=False, **NO_OTHER_USAGE
)


@pytest.mark.parametrize(
    "changes",
    [
        {"usages": None},
        {"usages": None, "extensions": [(SIGNING_USAGE, False)]},
        {"usages": ("digital_signature",)},
        {"usages": ("content_commitment",)},
        {"extended": ()},
        {"extended": (ExtendedKeyUsageOID.CLIENT_AUTH,)},
        {"extended": (ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,)},
        {"extensions": [(x509.BasicConstraints(ca=True, path_length=0), True)]},
        {"extensions": [(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3"), b"\x05\x00"), True)]},
    ],
    ids=str,
)
def test_certificates_of_the_wrong_type(pki, changes):
    assert pki.judge(pki.odd(**changes)).reason == "CERT_WRONG_TYPE"


def test_an_ordinary_odd_certificate_passes(pki):
    """The control of the tests around it: what is odd in them is what is refused."""
    assert pki.judge(pki.odd()).passed


def test_a_certificate_signed_with_a_weak_hash(pki):
    assert pki.judge(pki.odd(hash_algorithm=hashes.SHA224())).reason == "CERT_UNTRUSTED"


def test_a_revoked_issuing_authority(pki):
    pki.authority.revoke(pki.authority.issuing.serial, pki.now_us)
    assert pki.judge().sub_indication is SubIndication.REVOKED_CA_NO_POE
    assert pki.judge(at_us=pki.now_us - 1).passed


def test_an_authority_at_the_end_of_its_time(pki):
    end_us = pki.authority.issuing.not_after_us
    citizen = pki.person(not_after_us=end_us)
    p7s = sign_detached(DOCUMENT, citizen, end_us)
    lists = pki.revocation(end_us - 24 * 3600 * SECOND)
    assert pki.judge(p7s=p7s, at_us=end_us, revocation=lists).passed
    later_us = end_us + SECOND
    assert pki.judge(p7s=p7s, at_us=later_us, revocation=lists).reason == "CERT_UNTRUSTED"


def test_an_issuer_whose_root_is_not_trusted(pki):
    odd = TrustAnchors(TrustAnchors.of(pki.stranger).roots, pki.trust.issuers)
    assert pki.judge(trust=odd).reason == "CERT_UNTRUSTED"


def test_holders_directly_below_the_root(pki):
    credential = pki.odd(
        issuer=pki.authority.root.parsed.subject, issuer_key=derive_p256(pki.seed, "authority/root")
    )
    assert pki.judge(credential).passed


def test_a_renewed_authority_with_the_same_name_beside_the_old_one(pki):
    """Roll-over: two keys under one name are both pinned, and each holder finds the right one."""
    renewed = Authority(b"renewed " + pki.seed, pki.authority.root.not_before_us)
    both = TrustAnchors.of(pki.authority, renewed)
    for issuer in (pki.authority, renewed):
        citizen = pki.person(issuer=issuer)
        facts = gather_certificate_facts(citizen.der, both, None, expected_iin=pki.iin, moment_us=pki.now_us)
        assert facts.issuer_known
        assert facts.path_sound


def test_every_generation_of_an_authority_is_pinned(pki):
    before = TrustAnchors.of(pki.authority)
    old = pki.person()
    pki.authority.roll_over(pki.now_us - DAY)
    new = pki.person(label="new", not_before_us=pki.now_us - DAY)
    after = TrustAnchors.of(pki.authority)
    for credential, trusted, known in ((old, before, True), (new, before, False), (old, after, True)):
        assert (find_chain(credential.certificate, trusted).issuer is not None) is known
    assert find_chain(new.certificate, after).path == (pki.authority.issuing, pki.authority.root)
