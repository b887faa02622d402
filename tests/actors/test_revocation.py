"""Lists of revoked certificates."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.errors import FormatError
from actors.keys import derive_p256
from actors.moments import to_datetime
from actors.ocsp import OcspAnswer, OcspStatus
from actors.revocation import RevocationList
from actors.trust import TrustAnchors

SECOND = 1_000_000


NUMBER = (x509.CRLNumber(7), False)


def build(
    pki,
    *,
    entries=(),
    extensions=(NUMBER,),
    hours=24,
    start_us=None,
    key=None,
    issuer=None,
    algorithm=None,
):
    start_us = start_us or pki.now_us
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer or pki.authority.issuing.parsed.subject)
        .last_update(to_datetime(start_us))
        .next_update(to_datetime(start_us + hours * 3600 * SECOND))
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    for entry in entries:
        builder = builder.add_revoked_certificate(entry)
    signed = builder.sign(
        key or derive_p256(pki.seed, "authority/issuing"),
        algorithm or hashes.SHA256(),
        ecdsa_deterministic=True,
    )
    return signed.public_bytes(Encoding.DER)


def entry(pki, serial=7, seconds=-1, extensions=()):
    builder = x509.RevokedCertificateBuilder(serial, to_datetime(pki.now_us + seconds * SECOND))
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.build()


def test_a_list_speaks_for_the_time_between_its_two_dates(shared_pki):
    known = RevocationList.read([build(shared_pki)], shared_pki.trust)
    issuer, now_us = shared_pki.authority.issuing, shared_pki.now_us
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
    polite_delta = (x509.DeltaCRLIndicator(1), False)
    number = (x509.CRLNumber(7), True)
    partial = x509.IssuingDistributionPoint(None, None, True, False, None, False, False)
    removal = (x509.CRLReason(x509.ReasonFlags.remove_from_crl), False)
    indirect = (x509.CertificateIssuer([x509.DirectoryName(holder.certificate.parsed.subject)]), True)
    good = build(shared_pki)
    odd = {
        "another key": build(shared_pki, key=key),
        "a name nobody knows": build(shared_pki, issuer=holder.certificate.parsed.subject, key=holder.key),
        "a delta alone": build(shared_pki, extensions=[NUMBER, delta]),
        "a delta that may be taken for a full list": build(shared_pki, extensions=[NUMBER, polite_delta]),
        "a delta without a number": build(shared_pki, extensions=[delta]),
        "no number": build(shared_pki, extensions=[]),
        "a critical number": build(shared_pki, extensions=[number]),
        "a partial list": build(shared_pki, extensions=[NUMBER, (partial, True)]),
        "a removal": build(shared_pki, entries=[entry(shared_pki, extensions=[removal])]),
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
    # Several lists, since some flips could only do harm in a signature that ends in a zero bit.
    lists = [build(shared_pki, entries=[entry(shared_pki, serial=serial)]) for serial in (7, 8, 9)]
    assert {crl[-1] & 1 for crl in lists} == {0, 1}
    for crl in lists:
        for at in range(8 * len(crl)):
            odd = bytearray(crl)
            odd[at // 8] ^= 1 << at % 8
            with pytest.raises(FormatError):
                RevocationList.read([bytes(odd)], shared_pki.trust)


@settings(deadline=None)
@given(octets=st.binary(max_size=200))
def test_any_octets_are_refused_with_the_one_error(shared_pki, octets):
    with pytest.raises(FormatError):
        RevocationList.read([octets], shared_pki.trust)


@settings(deadline=None)
@given(data=st.data())
def test_mangled_lists_are_refused_with_the_one_error(shared_pki, data):
    crl = build(shared_pki, entries=[entry(shared_pki)])
    at = data.draw(st.integers(0, len(crl) - 1))
    cut = data.draw(st.integers(0, 8))
    odd = crl[:at] + data.draw(st.binary(max_size=8)) + crl[at + cut :]
    try:
        assert RevocationList.read([odd], shared_pki.trust).lists
        assert odd == crl
    except FormatError:
        assert odd != crl


@settings(deadline=None)
@given(answered=st.sampled_from(OcspStatus), listed=st.booleans(), hours=st.integers(-30, 30))
def test_what_covers_a_certificate(shared_pki, answered, listed, hours):
    issuer, now_us = shared_pki.authority.issuing, shared_pki.now_us
    moment_us = now_us + hours * 3600 * SECOND
    revoked_at_us = now_us - SECOND if answered is OcspStatus.REVOKED else None
    answer = OcspAnswer(issuer.as_issuer, 7, answered, revoked_at_us, now_us, now_us + 3600 * SECOND)
    crls = [build(shared_pki)] if listed else []
    known = RevocationList.read(crls, shared_pki.trust).with_answer(answer)
    by_list = (now_us, now_us + 86_400 * SECOND) if listed and 0 <= hours <= 24 else None
    answers = answered is not OcspStatus.UNKNOWN and hours in (0, 1)
    assert known.coverage_us(issuer, 8, moment_us) == by_list
    by_answer = (now_us, now_us + 3600 * SECOND) if answers else None
    assert known.coverage_us(issuer, 7, moment_us) == (by_list or by_answer)
    assert known.revoked_at_us(issuer, 7) == revoked_at_us
    assert known.revoked_at_us(issuer, 8) is None


def test_lists_and_answers_the_earlier_counts(shared_pki):
    issuer, now_us = shared_pki.authority.issuing, shared_pki.now_us
    known = RevocationList.read(
        [build(shared_pki, entries=[entry(shared_pki, seconds=-5)])], shared_pki.trust
    )
    for seconds, expected in ((-9, -9), (-1, -5)):
        answer = OcspAnswer(
            issuer.as_issuer, 7, OcspStatus.REVOKED, now_us + seconds * SECOND, now_us, now_us
        )
        assert known.with_answer(answer).revoked_at_us(issuer, 7) == now_us + expected * SECOND
    assert known.answers == {}


def test_of_two_answers_the_later_counts(shared_pki):
    issuer, now_us = shared_pki.authority.issuing, shared_pki.now_us
    early = OcspAnswer(issuer.as_issuer, 7, OcspStatus.GOOD, None, now_us, now_us + SECOND)
    late = OcspAnswer(issuer.as_issuer, 7, OcspStatus.REVOKED, now_us, now_us + SECOND, now_us + 2 * SECOND)
    for one, other in ((early, late), (late, early)):
        known = RevocationList({}).with_answer(one).with_answer(other)
        assert known.revoked_at_us(issuer, 7) == now_us


@pytest.mark.parametrize("order", [1, -1])
def test_a_delta_is_added_to_its_full_list(shared_pki, order):
    full = build(shared_pki, entries=[entry(shared_pki), entry(shared_pki, serial=9)])
    later_us = shared_pki.now_us + 3600 * SECOND
    removal = (x509.CRLReason(x509.ReasonFlags.remove_from_crl), False)
    delta = build(
        shared_pki,
        entries=[entry(shared_pki, serial=8), entry(shared_pki, serial=9, extensions=[removal])],
        extensions=[(x509.CRLNumber(8), False), (x509.DeltaCRLIndicator(7), True)],
        start_us=later_us,
        hours=2,
    )
    known = RevocationList.read([full, delta][::order], shared_pki.trust)
    issuer = shared_pki.authority.issuing.subject
    found = [known.revoked_at_us(issuer, serial) for serial in (7, 8, 9)]
    assert found == [shared_pki.now_us - SECOND, shared_pki.now_us - SECOND, None]
    full_period = (shared_pki.now_us, shared_pki.now_us + 86_400 * SECOND)
    assert known.coverage_us(issuer, 8, later_us) == (later_us, later_us + 7200 * SECOND)
    assert known.coverage_us(issuer, 8, later_us - SECOND) == full_period
    assert known.coverage_us(issuer, 8, later_us + 3 * 3600 * SECOND) == full_period


def test_a_delta_that_may_be_overlooked_is_none(shared_pki):
    """RFC 5280, 5.2.4: the indicator is critical, or else a reader could take the delta for a full list."""
    extensions = [(x509.CRLNumber(8), False), (x509.DeltaCRLIndicator(7), False)]
    with pytest.raises(FormatError):
        RevocationList.read([build(shared_pki), build(shared_pki, extensions=extensions)], shared_pki.trust)


@pytest.mark.parametrize(
    ("number", "base", "believed"), [(8, 7, True), (8, 3, True), (8, 8, False), (7, 7, None), (5, 4, None)]
)
def test_numbers_of_a_delta(shared_pki, number, base, believed):
    """None: an old delta, which says nothing that the full list does not."""
    extensions = [(x509.CRLNumber(number), False), (x509.DeltaCRLIndicator(base), True)]
    delta = build(shared_pki, entries=[entry(shared_pki, serial=8)], extensions=extensions)
    lists = [build(shared_pki), delta]
    if believed is False:
        with pytest.raises(FormatError):
            RevocationList.read(lists, shared_pki.trust)
        return
    known = RevocationList.read(lists, shared_pki.trust)
    assert (known.revoked_at_us(shared_pki.authority.issuing.subject, 8) is not None) is bool(believed)


def test_a_delta_of_another_key_of_the_same_name(shared_pki):
    both = TrustAnchors.of(shared_pki.authority, shared_pki.stranger)
    extensions = [(x509.CRLNumber(8), False), (x509.DeltaCRLIndicator(7), True)]
    key = shared_pki.stranger.signing_credential().key
    delta = build(shared_pki, extensions=extensions, key=key)
    assert RevocationList.read([build(shared_pki), build(shared_pki, key=key)], both).lists
    with pytest.raises(FormatError):
        RevocationList.read([build(shared_pki), delta], both)


def test_a_hundred_thousand_entries(pki):
    serials = [(0x40 << 120) + number * 7_919 for number in range(100_000)]
    for serial in serials:
        pki.authority.revoke(serial, pki.now_us - SECOND)
    known = pki.revocation()
    assert known == pki.authority.ledger(pki.now_us)
    issuer = pki.authority.issuing.subject
    assert all(known.revoked_at_us(issuer, serial) is not None for serial in serials)
    assert known.revoked_at_us(issuer, serials[0] + 1) is None
