"""Lists of revoked certificates."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from actors.errors import FormatError
from actors.keys import derive_p256
from actors.moments import to_datetime
from actors.revocation import RevocationList
from actors.trust import TrustAnchors

SECOND = 1_000_000


def build(pki, *, entries=(), extensions=(), hours=24, key=None, issuer=None, algorithm=None):
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer or pki.authority.issuing.parsed.subject)
        .last_update(to_datetime(pki.now_us))
        .next_update(to_datetime(pki.now_us + hours * 3600 * SECOND))
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    for entry in entries:
        builder = builder.add_revoked_certificate(entry)
    signed = builder.sign(key or derive_p256(pki.seed, "authority/issuing"), algorithm or hashes.SHA256())
    return signed.public_bytes(Encoding.DER)


def entry(pki, serial=7, seconds=-1, extensions=()):
    builder = x509.RevokedCertificateBuilder(serial, to_datetime(pki.now_us + seconds * SECOND))
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.build()


def test_a_list_speaks_for_the_time_between_its_two_dates(shared_pki):
    known = RevocationList.read([build(shared_pki)], shared_pki.trust)
    issuer, now_us = shared_pki.authority.issuing.subject, shared_pki.now_us
    end_us = now_us + 86_400 * SECOND
    assert [known.is_fresh(issuer, at) for at in (now_us - 1, now_us, end_us + 999_999, end_us + SECOND)] == [
        False,
        True,
        True,
        False,
    ]
    assert not known.is_fresh(shared_pki.authority.root.subject, now_us)


def test_of_two_lists_the_later_counts(pki):
    early = pki.authority.publish(pki.now_us)
    pki.authority.revoke(7, pki.now_us)
    late = pki.authority.publish(pki.now_us + SECOND)
    for crls in ((*early, *late), (*late, *early)):
        known = RevocationList.read(crls, pki.trust)
        assert known.revoked_at_us(pki.authority.issuing.subject, 7) == pki.now_us


def test_of_two_entries_the_earlier_counts(shared_pki):
    crl = build(shared_pki, entries=[entry(shared_pki, seconds=-9), entry(shared_pki, seconds=-5)])
    known = RevocationList.read([crl], shared_pki.trust)
    issuer = shared_pki.authority.issuing.subject
    assert known.revoked_at_us(issuer, 7) == shared_pki.now_us - 9 * SECOND


def test_an_ordinary_reason_is_no_obstacle(shared_pki):
    reason = (x509.CRLReason(x509.ReasonFlags.key_compromise), False)
    crl = build(shared_pki, entries=[entry(shared_pki, extensions=[reason])])
    known = RevocationList.read([crl], shared_pki.trust)
    assert known.revoked_at_us(shared_pki.authority.issuing.subject, 7) is not None


def test_lists_that_are_not_believed(shared_pki):
    key = derive_p256(b"somebody else's " + shared_pki.seed, "authority/issuing")
    holder = shared_pki.person()
    delta = (x509.DeltaCRLIndicator(1), True)
    indirect = (x509.CertificateIssuer([x509.DirectoryName(holder.certificate.parsed.subject)]), True)
    good = build(shared_pki)
    odd = {
        "another key": build(shared_pki, key=key),
        "a name nobody knows": build(shared_pki, issuer=holder.certificate.parsed.subject, key=holder.key),
        "a delta": build(shared_pki, extensions=[delta]),
        "an indirect one": build(shared_pki, entries=[entry(shared_pki, extensions=[indirect])]),
        "an expected hash": build(shared_pki, algorithm=hashes.SHA224()),
        "truncated": good[:-1],
        "trailing": good + b"\x00",
        "nothing": b"",
        "a certificate": shared_pki.authority.root.der,
    }
    for what, crl in odd.items():
        with pytest.raises(FormatError):
            pytest.fail(f"{what} was believed: {RevocationList.read([crl], shared_pki.trust)}")


def test_one_bad_list_spoils_the_reading(shared_pki):
    with pytest.raises(FormatError):
        RevocationList.read([build(shared_pki), b""], shared_pki.trust)


def test_a_holder_cannot_sign_lists_even_if_pinned(shared_pki):
    holder = shared_pki.person()
    crl = build(shared_pki, issuer=holder.certificate.parsed.subject, key=holder.key)
    careless = TrustAnchors(shared_pki.trust.roots, (holder.certificate,))
    with pytest.raises(FormatError):
        RevocationList.read([crl], careless)


def test_lists_are_signed_by_authorities_only(shared_pki):
    holder = shared_pki.odd(usages=("crl_sign",))
    crl = build(shared_pki, issuer=holder.certificate.parsed.subject, key=holder.key)
    careless = TrustAnchors(shared_pki.trust.roots, (holder.certificate,))
    with pytest.raises(FormatError):
        RevocationList.read([crl], careless)


def test_no_flipped_bit_gives_another_list(shared_pki):
    crl = build(shared_pki, entries=[entry(shared_pki)])
    for at in range(len(crl)):
        odd = bytearray(crl)
        odd[at] ^= 1 << at % 8
        with pytest.raises(FormatError):
            RevocationList.read([bytes(odd)], shared_pki.trust)


@given(octets=st.binary(max_size=200))
def test_any_octets_are_refused_with_the_one_error(shared_pki, octets):
    with pytest.raises(FormatError):
        RevocationList.read([octets], shared_pki.trust)
