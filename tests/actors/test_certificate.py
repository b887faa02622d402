"""Reading certificates, and remembering them."""

import dataclasses

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.certificate import (
    MAX_OCTETS,
    CertificateCache,
    Purpose,
    Role,
    is_strong,
    read_certificate,
    read_pem_certificates,
)
from actors.errors import FormatError
from actors.trust import TrustAnchors, examine


def name(**attributes):
    oids = {"sn": NameOID.SERIAL_NUMBER, "ou": NameOID.ORGANIZATIONAL_UNIT_NAME, "cn": NameOID.COMMON_NAME}
    return x509.Name(
        [x509.NameAttribute(oids[key], text) for key, texts in attributes.items() for text in texts]
    )


def test_a_person(shared_pki):
    certificate = shared_pki.person().certificate
    assert certificate.common_name == "TEST ТЕСТОВА ҰЛЖАН"
    assert (certificate.iin, certificate.bin) == (shared_pki.iin, None)
    assert (certificate.not_before_us, certificate.not_after_us) == (shared_pki.start_us, shared_pki.end_us)
    assert certificate.purposes == {Purpose.SIGN}
    assert certificate.role_oids == ("1.2.398.3.3.4.1.1",)
    assert certificate.roles == frozenset()
    assert certificate.issuer == shared_pki.authority.issuing.subject
    assert not certificate.is_authority
    assert certificate.key_usage.content_commitment


def test_a_key_for_authentication(shared_pki):
    certificate = shared_pki.person(Purpose.AUTH).certificate
    assert certificate.purposes == {Purpose.AUTH}
    assert not certificate.key_usage.content_commitment


@pytest.mark.parametrize(
    ("role", "oid"),
    [
        (Role.HEAD, "1.2.398.3.3.4.1.2.1"),
        (Role.SIGNATORY, "1.2.398.3.3.4.1.2.2"),
        (Role.EMPLOYEE, "1.2.398.3.3.4.1.2.5"),
        (Role.SYSTEM, "1.2.398.3.3.4.1.2.6"),
    ],
)
def test_an_organisation(shared_pki, role, oid):
    certificate = shared_pki.organisation(role, iin=shared_pki.iin).certificate
    assert (certificate.iin, certificate.bin) == (shared_pki.iin, shared_pki.bin)
    assert certificate.roles == {role}
    assert certificate.role_oids == ("1.2.398.3.3.4.1.2", oid)


def test_a_role_without_the_legal_entity_is_none(shared_pki):
    role_only = x509.ObjectIdentifier("1.2.398.3.3.4.1.2.1")
    certificate = shared_pki.odd(extended=(ExtendedKeyUsageOID.EMAIL_PROTECTION, role_only)).certificate
    assert certificate.role_oids == (role_only.dotted_string,)
    assert certificate.roles == frozenset()


@pytest.mark.parametrize(
    "numbers",
    [
        (),
        ("850704200017",),
        ("IIN85070420001",),
        ("IIN8507042000170",),
        ("IIN850704200017 ",),
        ("iin850704200017",),
        ("IIN850704200017", "IIN850704200801"),
    ],
)
def test_a_number_stands_there_once_and_exactly(shared_pki, numbers):
    subject = name(cn=("TEST",), sn=numbers, ou=[text.replace("IIN", "BIN") for text in numbers])
    certificate = shared_pki.odd(subject=subject).certificate
    assert (certificate.iin, certificate.bin) == (None, None)


def test_other_units_and_serial_numbers_do_not_hide_the_number(shared_pki):
    subject = name(cn=("TEST",), sn=("passport 7", "IIN850704200017"), ou=("ward 1", "BIN121240000013"))
    certificate = shared_pki.odd(subject=subject).certificate
    assert (certificate.iin, certificate.bin) == ("850704200017", "121240000013")


def test_a_bare_certificate(shared_pki):
    certificate = shared_pki.odd(usages=None, extended=()).certificate
    assert certificate.key_usage is None
    assert certificate.purposes == frozenset()


def test_nothing_personal_in_its_text(shared_pki):
    credential = shared_pki.person()
    for thing in (credential, credential.certificate):
        for secret in (shared_pki.iin, "ТЕСТОВА", repr(credential.der)[2:40]):
            assert secret not in f"{thing!r} {thing}"


def test_certificates_are_equal_as_their_octets_are(shared_pki):
    certificate = shared_pki.person().certificate
    assert read_certificate(certificate.der) == certificate
    assert len({read_certificate(certificate.der), certificate}) == 1
    assert shared_pki.person(label="another").certificate != certificate


def test_every_flipped_bit_is_read_as_something_else_or_refused(shared_pki):
    der = shared_pki.person().der
    refused = 0
    for at in range(len(der)):
        odd = bytearray(der)
        odd[at] ^= 1 << at % 8
        try:
            assert read_certificate(bytes(odd)).der != der
        except FormatError:
            refused += 1
    assert refused > 100


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_octets_are_refused_with_the_one_error(octets):
    with pytest.raises(FormatError):
        read_certificate(octets)


def test_truncated_padded_and_large_ones_are_refused(shared_pki):
    der = shared_pki.person().der
    for odd in (der[:-1], der + b"\x00", der[: len(der) // 2], b"\x30\x82" + b"\xff" * MAX_OCTETS):
        with pytest.raises(FormatError):
            read_certificate(odd)


def test_a_certificate_of_unusual_size_is_refused(shared_pki):
    for octets in (6_000, 9_000):
        ballast = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x00" * octets)
        try:
            shared_pki.odd(extensions=[(ballast, False)])
            small = True
        except FormatError:
            small = False
        assert small is (octets < MAX_OCTETS)


def test_sixty_four_characters_in_cyrillic(shared_pki):
    certificate = shared_pki.person(surname="Ұ" * 30, given_name="Ә" * 28).certificate
    assert len(certificate.common_name) == 64


def test_pem(shared_pki):
    one, other = shared_pki.authority.root, shared_pki.authority.issuing
    assert read_pem_certificates(one.pem() + other.pem()) == (one, other)
    for odd in (b"", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", b"\xff"):
        with pytest.raises(FormatError):
            read_pem_certificates(odd)


@pytest.mark.parametrize(
    ("key", "strong"),
    [
        (ec.generate_private_key(ec.SECP256R1()), True),
        (ec.generate_private_key(ec.SECP384R1()), True),
        (ec.generate_private_key(ec.SECP256K1()), False),
        (ec.generate_private_key(ec.SECP224R1()), False),
        (ed25519.Ed25519PrivateKey.generate(), False),
        (rsa.generate_private_key(65_537, 1024), False),  # noqa: S505 - to be refused
        (rsa.generate_private_key(65_537, 2048), True),
    ],
    ids=["P-256", "P-384", "secp256k1", "P-224", "Ed25519", "RSA-1024", "RSA-2048"],
)
def test_strength_of_keys(key, strong):
    assert is_strong(key.public_key()) is strong


def test_no_key_is_not_strong():
    assert not is_strong(None)


def test_the_cache_gives_the_same_object_again(shared_pki):
    cache = CertificateCache()
    der = shared_pki.person().der
    first = examine(der, shared_pki.trust, cache)
    assert examine(der, shared_pki.trust, cache)[0] is first[0]
    assert examine(der, shared_pki.trust)[0] is not first[0]


def test_the_cache_forgets_what_was_not_used_for_longest(shared_pki):
    cache = CertificateCache(capacity=2)
    ders = [shared_pki.person(label=label).der for label in "abc"]
    trust = shared_pki.trust
    for at in (0, 1, 0, 2):
        examine(ders[at], trust, cache)
    assert len(cache) == 2
    assert cache.get(ders[1], trust) is None
    assert cache.get(ders[0], trust) is not None


def test_the_cache_forgets_everything_under_other_trust(shared_pki):
    cache = CertificateCache()
    der = shared_pki.person().der
    assert examine(der, shared_pki.trust, cache)[1].issuer is not None
    assert examine(der, TrustAnchors.of(shared_pki.stranger), cache)[1].issuer is None
    assert examine(der, shared_pki.trust, cache)[1].issuer is not None


def test_a_certificate_cannot_be_changed(shared_pki):
    with pytest.raises(dataclasses.FrozenInstanceError):
        shared_pki.person().certificate.iin = "0"
