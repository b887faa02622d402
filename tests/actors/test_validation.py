"""Judging signed documents: real octets in, facts and a decision out."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st

from actors import cades, der, trust
from actors.cades import sign_detached
from actors.certificate import CertificateCache, Purpose, Role
from actors.errors import FormatError
from actors.keys import derive_p256
from actors.revocation import RevocationList
from actors.validation import (
    Refusal,
    SubIndication,
    ValidationPolicy,
    decide,
    decide_certificate,
    gather_certificate_facts,
    gather_facts,
)
from tests.actors.damage import with_algorithms

SECOND = 1_000_000
DOCUMENT = b'{"typ":"egov.request.v1"}'
STRICT = ValidationPolicy()


def without(check):
    return ValidationPolicy(**{check: False})


def test_a_good_request_passes(pki):
    decision = pki.judge()
    assert decision.passed
    assert decision.reason == "ok"


def test_a_changed_request(pki):
    decision = pki.judge(octets=DOCUMENT + b" ")
    assert (decision.sub_indication, decision.reason) == (SubIndication.HASH_FAILURE, "SIGNATURE_INVALID")
    assert pki.judge(octets=DOCUMENT + b" ", policy=without("check_signature")).passed


@pytest.mark.parametrize("p7s", [b"", b"0", b"\x30\x00", b"\x30\x80" * 5_000])
def test_what_is_no_signature(pki, p7s):
    decision = pki.judge(p7s=p7s)
    assert decision.sub_indication is SubIndication.FORMAT_FAILURE
    assert not pki.judge(p7s=p7s, policy=without("check_signature")).passed


def test_a_signature_that_is_too_large(pki):
    assert pki.judge(p7s=b"\x30" * 16_385).sub_indication is Refusal.TOO_LARGE


def test_a_certificate_that_is_expired(pki):
    citizen = pki.person(not_after_us=pki.now_us - SECOND)
    assert pki.judge(citizen).reason == "CERT_EXPIRED"
    assert pki.judge(citizen, policy=without("check_period")).passed
    assert pki.judge(citizen, at_us=pki.now_us - 1).passed


def test_a_certificate_that_is_not_yet_valid(pki):
    citizen = pki.person(not_before_us=pki.now_us + SECOND)
    assert pki.judge(citizen).reason == "CERT_NOT_YET_VALID"
    assert pki.judge(citizen, policy=without("check_period")).passed
    assert pki.judge(citizen, at_us=pki.now_us + SECOND).passed


def test_a_revoked_certificate(pki):
    citizen = pki.person()
    pki.authority.revoke(citizen.certificate.serial, pki.now_us)
    assert pki.judge(citizen).reason == "CERT_REVOKED"
    assert pki.judge(citizen, policy=without("check_revocation")).passed
    assert pki.judge(citizen, at_us=pki.now_us - 1).passed
    assert pki.judge(pki.person(label="another")).passed


def test_revocation_that_cannot_be_checked(pki):
    stale = pki.revocation(pki.now_us - 25 * 3600 * SECOND)
    publication = pki.authority.publish(pki.now_us)
    roots_only = RevocationList.read([publication.root_crl], pki.trust)
    holders_only = RevocationList.read([publication.issuing_crl], pki.trust)
    for known in (stale, roots_only, holders_only, RevocationList({})):
        assert pki.judge(revocation=known).reason == "CHECK_UNAVAILABLE"
        assert pki.judge(revocation=known, policy=without("check_revocation")).passed


def test_no_list_at_all(pki):
    p7s = sign_detached(DOCUMENT, pki.person(), pki.now_us)
    facts = gather_facts(DOCUMENT, p7s, pki.trust, None, expected_iin=pki.iin, moment_us=pki.now_us)
    assert decide(facts, STRICT, pki.now_us).reason == "CHECK_UNAVAILABLE"


def test_somebody_elses_certificate(pki):
    other = pki.person(iin="850704200801")
    assert pki.judge(other).reason == "IIN_MISMATCH"
    assert pki.judge(other, policy=without("check_identity")).passed
    assert pki.judge(expected_iin=None).reason == "IDENTITY_MISMATCH"


def test_an_unknown_issuer_of_the_same_name(pki):
    citizen = pki.person(issuer=pki.stranger)
    assert pki.judge(citizen).reason == "CERT_UNTRUSTED"
    assert pki.judge(citizen, policy=without("check_issuer")).passed


def self_signed(pki):
    key = derive_p256(pki.seed, "self")
    return pki.odd(key=key, issuer_key=key, issuer=pki.person().certificate.parsed.subject)


def test_a_self_made_certificate_is_good_enough_for_the_letter_of_the_act_only(pki):
    """Source: D-85: period, revocation and identity alone let a self-made certificate through."""
    assert pki.judge(self_signed(pki)).reason == "CERT_UNTRUSTED"
    letter_of_the_act = ValidationPolicy(
        check_signature=False, check_strength=False, check_issuer=False, check_usage=False, check_role=False
    )
    assert pki.judge(self_signed(pki), policy=letter_of_the_act).passed


def test_a_key_for_authentication_does_not_sign(pki):
    credential = pki.person(Purpose.AUTH)
    assert pki.judge(credential).sub_indication is SubIndication.CHAIN_CONSTRAINTS_FAILURE
    assert pki.judge(credential, policy=without("check_usage")).passed
    assert pki.judge(credential, policy=ValidationPolicy(purpose=Purpose.AUTH)).passed


@pytest.mark.parametrize(
    ("numbers", "units"), [((), ()), (("IIN850704200017", "IIN850704200801"), ()), ((), ("BIN121240000013",))]
)
def test_a_certificate_without_exactly_one_number(pki, numbers, units):
    names = [x509.NameAttribute(x509.NameOID.SERIAL_NUMBER, number) for number in numbers]
    names += [x509.NameAttribute(x509.NameOID.ORGANIZATIONAL_UNIT_NAME, unit) for unit in units]
    odd = pki.odd(subject=x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "TEST"), *names]))
    assert pki.judge(odd).reason == "IIN_MISMATCH"


class Signer:
    """Sign with any key, as sign_detached does with P-256, and name any algorithm."""

    def __init__(self, key, oid):
        self.key = key
        self.oid = oid

    def sign(self, _credential, octets):
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(octets, padding.PKCS1v15(), hashes.SHA256())
        if isinstance(self.key, ed25519.Ed25519PrivateKey):
            return self.key.sign(octets)
        return self.key.sign(octets, ec.ECDSA(hashes.SHA256()))

    def signed(self, pki, monkeypatch):
        credential = pki.odd(key=self.key)
        monkeypatch.setattr(cades, "_sign_value", self.sign)
        algorithm = der.write(der.SEQUENCE, der.write_oid(self.oid), der.write(der.NULL))
        return with_algorithms(sign_detached(DOCUMENT, credential, pki.now_us), signature=algorithm)


ED25519 = "1.3.101.112"


@pytest.mark.parametrize(
    ("key", "oid", "word"),
    [
        (rsa.generate_private_key(65_537, 2048), cades.RSA, None),
        (rsa.generate_private_key(65_537, 2048), cades.RSA_SHA256, None),
        (ec.generate_private_key(ec.SECP384R1()), cades.ECDSA_SHA256, None),
        (rsa.generate_private_key(65_537, 1024), cades.RSA, "CRYPTO_CONSTRAINTS_FAILURE"),  # noqa: S505 - bad
        (ec.generate_private_key(ec.SECP256K1()), cades.ECDSA_SHA256, "CRYPTO_CONSTRAINTS_FAILURE"),
        (ed25519.Ed25519PrivateKey.generate(), ED25519, "CRYPTO_CONSTRAINTS_FAILURE"),
        (rsa.generate_private_key(65_537, 2048), cades.ECDSA_SHA256, "SIG_CRYPTO_FAILURE"),
        (ec.generate_private_key(ec.SECP256R1()), cades.RSA, "SIG_CRYPTO_FAILURE"),
    ],
    ids=[
        "RSA",
        "RSA named with its hash",
        "P-384",
        "RSA-1024",
        "secp256k1",
        "Ed25519",
        "not RSA",
        "not ECDSA",
    ],
)
def test_algorithms(pki, monkeypatch, key, oid, word):
    decision = pki.judge(p7s=Signer(key, oid).signed(pki, monkeypatch))
    assert decision.sub_indication == word


def test_a_hash_that_is_not_accepted(pki):
    sha1 = der.write(der.SEQUENCE, der.write_oid("1.3.14.3.2.26"))
    p7s = with_algorithms(sign_detached(DOCUMENT, pki.person(), pki.now_us), digest=sha1)
    assert pki.judge(p7s=p7s).sub_indication is SubIndication.CRYPTO_CONSTRAINTS_FAILURE


def with_certificate(p7s, certificates):
    """Put other certificates into a signature."""
    outer = der.read_all(der.read(p7s, der.SEQUENCE).content)
    parts = [part.octets for part in der.read_all(der.read(outer[1].content, der.SEQUENCE).content)]
    parts[3] = der.write(der.context(0), *certificates) if certificates else b""
    inner = der.write(der.SEQUENCE, *parts)
    return der.write(der.SEQUENCE, outer[0].octets, der.write(der.context(0), inner))


def test_a_signature_without_its_certificate(pki):
    p7s = with_certificate(sign_detached(DOCUMENT, pki.person(), pki.now_us), [])
    assert pki.judge(p7s=p7s).sub_indication is SubIndication.NO_SIGNING_CERTIFICATE_FOUND


@pytest.mark.parametrize("unreadable", [b"\x30\x00", der.write(der.SEQUENCE, b"\x05\x00" * 5_000)])
def test_a_signature_with_an_unreadable_certificate(pki, unreadable):
    p7s = with_certificate(sign_detached(DOCUMENT, pki.person(), pki.now_us), [unreadable])
    assert pki.judge(p7s=p7s).sub_indication is SubIndication.NO_SIGNING_CERTIFICATE_FOUND


def test_a_certificate_of_somebody_else_put_in(pki):
    p7s = with_certificate(sign_detached(DOCUMENT, pki.person(), pki.now_us), [pki.person(label="other").der])
    assert pki.judge(p7s=p7s).sub_indication is SubIndication.NO_SIGNING_CERTIFICATE_FOUND


def test_a_certificate_with_the_same_key_and_number_put_in(pki):
    """The issuer made a second certificate with one serial number: only its hash tells them apart."""
    key = derive_p256(pki.seed, "odd")
    other = pki.odd(key=key, extended=(ExtendedKeyUsageOID.EMAIL_PROTECTION, ExtendedKeyUsageOID.CLIENT_AUTH))
    p7s = with_certificate(sign_detached(DOCUMENT, pki.odd(key=key), pki.now_us), [other.der])
    assert pki.judge(p7s=p7s).sub_indication is SubIndication.SIG_CONSTRAINTS_FAILURE


def organisation(pki, credential, policy=STRICT, **changes):
    expected = {"expected_iin": None, "expected_bin": pki.bin}
    return pki.judge(credential, policy=policy, **(expected | changes))


@pytest.mark.parametrize("role", [Role.HEAD, Role.SIGNATORY])
def test_a_result_signed_for_the_organisation(pki, role):
    assert organisation(pki, pki.organisation(role)).passed


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.SYSTEM])
def test_who_may_not_bind_the_organisation(pki, role):
    credential = pki.organisation(role)
    assert organisation(pki, credential).reason == "CERT_WRONG_TYPE"
    assert organisation(pki, credential, without("check_role")).passed
    assert organisation(pki, credential, ValidationPolicy(roles=frozenset((role,)))).passed


def test_a_result_of_another_organisation(pki):
    other = pki.organisation(bin="130151000029")
    assert organisation(pki, other).reason == "BIN_MISMATCH"
    assert organisation(pki, other, without("check_identity")).passed


def test_a_person_signs_for_no_organisation(pki):
    assert organisation(pki, pki.person()).reason == "BIN_MISMATCH"


def test_one_who_acts_for_an_organisation_under_their_own_number(pki):
    head = pki.organisation(iin=pki.iin)
    assert organisation(pki, head, expected_iin=pki.iin).passed
    assert organisation(pki, head, expected_iin="850704200801").reason == "IIN_MISMATCH"


def test_a_certificate_alone(pki):
    facts = gather_certificate_facts(
        pki.person().der, pki.trust, pki.revocation(), expected_iin=pki.iin, moment_us=pki.now_us
    )
    assert decide_certificate(facts, STRICT, pki.now_us).passed
    with pytest.raises(FormatError):
        gather_certificate_facts(b"", pki.trust, None, expected_iin=pki.iin, moment_us=pki.now_us)


def test_a_cache_changes_nothing_but_the_time_it_takes(pki, monkeypatch):
    cache = CertificateCache()
    revoked = pki.person(label="revoked")
    pki.authority.revoke(revoked.certificate.serial, pki.now_us)
    known = pki.revocation()
    looked_for = []
    find_chain = trust.find_chain
    monkeypatch.setattr(
        trust, "find_chain", lambda *arguments: looked_for.append(1) or find_chain(*arguments)
    )
    for _ in range(3):
        assert pki.judge(cache=cache, revocation=known).passed
        assert pki.judge(revoked, cache=cache, revocation=known).reason == "CERT_REVOKED"
        assert pki.judge(cache=cache, revocation=known, at_us=pki.end_us + SECOND).reason == "CERT_EXPIRED"
    assert len(looked_for) == 2


@given(octets=st.binary(max_size=20), p7s=st.binary(max_size=200), moment_us=st.integers())
def test_gathering_never_raises(shared_pki, octets, p7s, moment_us):
    facts = gather_facts(octets, p7s, shared_pki.trust, None, expected_iin="", moment_us=moment_us)
    assert not decide(facts, STRICT, moment_us).passed


@given(moment_us=st.integers())
def test_any_moment_can_be_asked_about(shared_pki, moment_us):
    p7s = sign_detached(DOCUMENT, shared_pki.person(), shared_pki.now_us)
    known = shared_pki.revocation()
    facts = gather_facts(
        DOCUMENT, p7s, shared_pki.trust, known, expected_iin=shared_pki.iin, moment_us=moment_us
    )
    day_us = 86_400 * SECOND
    in_time = shared_pki.now_us <= moment_us < shared_pki.now_us + day_us + SECOND
    assert decide(facts, STRICT, moment_us).passed is in_time


def test_no_flipped_bit_passes_even_without_a_look_at_the_issuer(pki):
    p7s = sign_detached(DOCUMENT, pki.person(), pki.now_us)
    known = pki.revocation()
    careless = ValidationPolicy(check_issuer=False, check_revocation=False)
    for at in range(0, len(p7s), 3):
        odd = bytearray(p7s)
        odd[at] ^= 0x80 >> at % 8
        assert not pki.judge(p7s=bytes(odd), revocation=known, policy=careless).passed, at
