"""Answers about single certificates: which are believed."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given, settings
from hypothesis import strategies as st

from actors import der
from actors.certificate import CertificateCache, Credential
from actors.errors import FormatError
from actors.keys import KeyKind, derive_key, derive_p256
from actors.ocsp import BASIC_ANSWER, ECDSA_ALGORITHM, MAX_OCTETS, read_answer, write_identifier
from actors.odd_certificates import with_usages
from actors.responder import sign_answer
from actors.trust import TrustAnchors
from tests.actors.conftest import odd_certificate
from tests.actors.ocsp_answers import answered, asked, facts, refused

SECOND = 1_000_000


def signed_by(pki, responder, **changes):
    return sign_answer(facts(pki, **changes), pki.authority.issuing, responder)


def responder_like(pki, **changes):
    extended = changes.pop("extended", (ExtendedKeyUsageOID.OCSP_SIGNING,))
    extensions = changes.pop("extensions", [(x509.OCSPNoCheck(), False)])
    known = {"usages": ("digital_signature",), "extended": extended, "extensions": extensions}
    return pki.odd(**(known | changes))


def test_signers_who_are_not_entitled(shared_pki):
    pki = shared_pki
    assert asked(pki, signed_by(pki, responder_like(pki))) == facts(pki)
    ca = (x509.BasicConstraints(ca=True, path_length=None), True)
    no_check = (x509.OCSPNoCheck(), False)
    both = (ExtendedKeyUsageOID.OCSP_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION)
    issuer = pki.authority.signing_credential()
    root = pki.authority.responder(pki.authority.root, pki.now_us)
    stranger = pki.stranger.responder(pki.stranger.issuing, pki.now_us)
    other_key = Credential.of(derive_key(b"another", "key", KeyKind.P256), responder_like(pki).certificate)
    not_entitled = {
        "a holder": pki.person(),
        "a holder with the flag of key usage alone": with_usages(
            issuer, pki.person(), ["digital_signature"], []
        ),
        "for more than answers": responder_like(pki, extended=both),
        "may not sign": responder_like(pki, usages=("key_agreement",)),
        "would have to be checked": responder_like(pki, extensions=[]),
        "an authority": responder_like(pki, extensions=[ca, no_check]),
        "without usage": responder_like(pki, usages=None),
        "over a short hash": responder_like(pki, hash_algorithm=hashes.SHA224()),
        "the root's responder": root,
        "the stranger's responder": stranger,
        "the certificate is not the signer's": other_key,
    }
    for what, responder in not_entitled.items():
        with pytest.raises(FormatError):
            pytest.fail(f"{what}: {asked(pki, signed_by(pki, responder))}")


@pytest.mark.parametrize("renewed_first", [True, False])
def test_a_renewed_certificate_of_the_issuer_makes_no_difference(shared_pki, renewed_first):
    """The same name and key under another serial number: its responders and its answers are the issuer's."""
    pki = shared_pki
    renewed = same_name_and_key(pki)
    trust = TrustAnchors(pki.trust.roots, (renewed, pki.authority.issuing)[:: 1 if renewed_first else -1])
    answer = asked(pki, trust=trust)
    assert answer == facts(pki)
    assert answer.issuer == renewed.as_issuer
    alone = TrustAnchors(pki.trust.roots, (renewed,))
    assert asked(pki, trust=alone) == answer


def same_name_and_key(pki):
    identifier = x509.SubjectKeyIdentifier.from_public_key(pki.authority.issuing.parsed.public_key())
    return odd_certificate(
        pki,
        key=derive_p256(pki.seed, "authority/issuing"),
        issuer_key=derive_p256(pki.seed, "authority/root"),
        issuer=pki.authority.root.parsed.subject,
        subject=pki.authority.issuing.parsed.subject,
        usages=("key_cert_sign", "crl_sign"),
        extended=(),
        extensions=[(x509.BasicConstraints(ca=True, path_length=0), True), (identifier, False)],
    ).certificate


def test_an_issuer_that_is_not_pinned(shared_pki):
    stranger = shared_pki.stranger
    octets = stranger.answer_ocsp(7, stranger.issuing, shared_pki.now_us)
    refused(shared_pki, octets)
    assert asked(shared_pki, octets, trust=TrustAnchors.of(stranger)).serial == 7


def taken_apart(octets):
    """Return the answer's data, signature and certificates as elements."""
    outer = der.read_all(der.read(octets, der.SEQUENCE).content)
    body = der.read_all(der.read(outer[1].content, der.SEQUENCE).content)
    data, _, signature, certificates = der.read_all(der.read(body[1].content, der.SEQUENCE).content)
    return data, signature, certificates


def put_together(pki, data, *, certificates=None, signature=None, key=None, algorithm=None, status=b"\x00"):
    responder = pki.authority.responder(pki.authority.issuing, pki.now_us)
    if signature is None:
        signature = (key or responder.key).sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    if certificates is None:
        certificates = der.write(der.context(0), der.write(der.SEQUENCE, responder.der))
    basic = der.write(
        der.SEQUENCE, data, algorithm or ECDSA_ALGORITHM, der.write_bit_string(signature), certificates
    )
    body = der.write(der.SEQUENCE, BASIC_ANSWER, der.write(der.OCTET_STRING, basic))
    return der.write(der.SEQUENCE, der.write(der.ENUMERATED, status), der.write(der.context(0), body))


def test_the_issuer_itself_may_answer(shared_pki):
    issuer = shared_pki.authority.signing_credential()
    name = der.write(der.context(1), issuer.certificate.subject)
    parts = der.read_all(taken_apart(answered(shared_pki))[0].content)
    data = der.write(der.SEQUENCE, name, *(part.octets for part in parts[1:]))
    octets = put_together(shared_pki, data, certificates=b"", key=issuer.key)
    assert asked(shared_pki, octets) == facts(shared_pki)
    refused(shared_pki, put_together(shared_pki, data, certificates=b""))
    root = der.write(der.context(1), shared_pki.authority.root.subject)
    data = der.write(der.SEQUENCE, root, *(part.octets for part in parts[1:]))
    refused(shared_pki, put_together(shared_pki, data, certificates=b"", key=issuer.key))


def single_with(pki, **changes):
    answer = facts(pki)
    parts = {
        "identifier": write_identifier(pki.authority.issuing, answer.serial),
        "status": b"\x80\x00",
        "this": der.write_generalized_time(answer.this_update_us),
        "next": der.write(der.context(0), der.write_generalized_time(answer.next_update_us)),
        "more": b"",
    } | changes
    return der.write(der.SEQUENCE, *parts.values())


def data_with(pki, singles=None, **changes):
    key = pki.authority.responder(pki.authority.issuing, pki.now_us).certificate.parsed.public_key()
    key_hash = x509.SubjectKeyIdentifier.from_public_key(key).digest
    parts = {
        "version": b"",
        "responder": der.write(der.context(2), der.write(der.OCTET_STRING, key_hash)),
        "produced": der.write_generalized_time(pki.now_us),
        "answers": der.write(der.SEQUENCE, *(singles or [single_with(pki)])),
        "more": b"",
    } | changes
    return der.write(der.SEQUENCE, *parts.values())


def test_other_forms_are_refused(shared_pki):
    pki = shared_pki
    assert asked(pki, put_together(pki, data_with(pki))) == facts(pki)
    extension = der.write(der.context(1), der.write(der.SEQUENCE))
    early = der.write_generalized_time(pki.now_us - SECOND)
    revoked = der.write_generalized_time(pki.now_us)
    utc = der.write_time(pki.now_us)
    algorithm, name, key, number = (
        part.octets
        for part in der.read_all(der.read(write_identifier(pki.authority.issuing, 7), 0x30).content)
    )
    nobody = der.write(der.OCTET_STRING, bytes(32))
    sha1 = der.write(0x30, der.write(0x30, der.write_oid("1.3.14.3.2.26")), name, key, number)
    odd = {
        "a version": data_with(pki, version=der.write(der.context(0), der.write_integer(0))),
        "extensions of the answer": data_with(pki, more=extension),
        "extensions of one": data_with(pki, [single_with(pki, more=extension)]),
        "two answers": data_with(pki, [single_with(pki)] * 2),
        "no answers": data_with(pki, answers=der.write(der.SEQUENCE)),
        "not a sequence": data_with(pki, [der.write_integer(1)]),
        "no next update": data_with(pki, [single_with(pki, next=b"")]),
        "the next before this": data_with(pki, [single_with(pki, next=der.write(der.context(0), early))]),
        "produced before it was so": data_with(pki, produced=early),
        "another name": data_with(
            pki, [single_with(pki, identifier=der.write(0x30, algorithm, nobody, key, number))]
        ),
        "another key": data_with(
            pki, [single_with(pki, identifier=der.write(0x30, algorithm, name, nobody, number))]
        ),
        "another hash": data_with(pki, [single_with(pki, identifier=sha1)]),
        "an hour in another form": data_with(pki, [single_with(pki, this=utc)]),
        "another responder": data_with(
            pki, responder=der.write(der.context(2), der.write(der.OCTET_STRING, b"\x00" * 20))
        ),
        "nobody": data_with(pki, responder=der.write(der.context(3), b"")),
        "a name of another": data_with(
            pki, responder=der.write(der.context(1), pki.authority.issuing.subject)
        ),
        "a fourth status": data_with(pki, [single_with(pki, status=b"\x83\x00")]),
        "good with contents": data_with(pki, [single_with(pki, status=b"\x80\x01\x00")]),
        "a reason that there is not": data_with(
            pki, [single_with(pki, status=der.write(0xA1, revoked, der.write(0xA0, b"\x0a\x01\x0b")))]
        ),
    }
    for what, data in odd.items():
        with pytest.raises(FormatError):
            pytest.fail(f"{what}: {asked(pki, put_together(pki, data))}")


def test_a_reason_may_be_given(shared_pki):
    moment = der.write_generalized_time(shared_pki.now_us)
    status = der.write(der.context(1), moment, der.write(der.context(0), b"\x0a\x01\x01"))
    octets = put_together(shared_pki, data_with(shared_pki, [single_with(shared_pki, status=status)]))
    assert asked(shared_pki, octets).revoked_at_us == shared_pki.now_us


def test_other_wrappings_are_refused(shared_pki):
    pki = shared_pki
    data, _, certificates = taken_apart(answered(pki))
    responder = der.read_all(certificates.content)[0].content
    twice = der.write(der.context(0), der.write(der.SEQUENCE, responder, responder))
    rsa = der.write(der.SEQUENCE, der.write_oid("1.2.840.113549.1.1.11"), der.write(der.NULL))
    good = put_together(pki, data.octets)
    assert good == answered(pki)
    odd = {
        "two certificates": put_together(pki, data.octets, certificates=twice),
        "no certificate": put_together(pki, data.octets, certificates=b""),
        "another algorithm": put_together(pki, data.octets, algorithm=rsa),
        "no success": put_together(pki, data.octets, status=b"\x02"),
        "nothing": b"\x30\x00",
        "truncated": good[:-1],
        "trailing": good + b"\x00",
        "too large": good + bytes(MAX_OCTETS),
        "try later": b"\x30\x03\x0a\x01\x03",
    }
    for what, octets in odd.items():
        with pytest.raises(FormatError):
            pytest.fail(f"{what}: {asked(pki, octets)}")


@pytest.mark.parametrize(("status", "step"), [("good", 9), ("revoked", 3), ("unknown", 9)])
def test_no_flipped_bit_is_accepted(pki, status, step):
    serial = pki.person().draft.serial if status != "unknown" else 7
    if status == "revoked":
        pki.authority.revoke(serial, pki.now_us - SECOND)
    octets, cache = answered(pki, serial), CertificateCache()
    assert asked(pki, octets, cache=cache).status == status
    for at in range(0, 8 * len(octets), step):
        odd = bytearray(octets)
        odd[at // 8] ^= 1 << at % 8
        refused(pki, bytes(odd), cache=cache)


@settings(deadline=None)
@given(data=st.data())
def test_mangled_answers_are_refused_with_the_one_error(shared_pki, data):
    octets = answered(shared_pki)
    at = data.draw(st.integers(0, len(octets)))
    odd = octets[:at] + data.draw(st.binary(max_size=8)) + octets[at + data.draw(st.integers(0, 8)) :]
    if odd != octets:
        refused(shared_pki, odd)


@settings(deadline=None)
@given(octets=st.binary(max_size=200))
def test_any_octets_are_refused_with_the_one_error(shared_pki, octets):
    with pytest.raises(FormatError):
        read_answer(octets, shared_pki.trust, moment_us=shared_pki.now_us)
