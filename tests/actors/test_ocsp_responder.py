"""The responder: what it says about certificates, when, and in which octets."""

import hashlib

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp as library
from hypothesis import given, settings
from hypothesis import strategies as st

from actors import der
from actors.authority import ANSWER_LIFETIME_US, Authority
from actors.certificate import Credential
from actors.errors import FormatError, ValidityError
from actors.keys import KeyKind
from actors.ocsp import OcspStatus, key_octets
from actors.responder import MALFORMED_REQUEST, UNAUTHORIZED, sign_answer
from tests.actors.ocsp_answers import answered, asked, facts, refused

SECOND = 1_000_000
DAY = 86_400 * SECOND


def test_a_good_certificate(shared_pki):
    assert asked(shared_pki) == facts(shared_pki)


def test_a_revoked_one_from_its_moment_on(pki):
    serial = pki.person().draft.serial
    pki.authority.revoke(serial, pki.now_us + 5 * SECOND + 700_000)
    assert asked(pki, answered(pki, at_us=pki.now_us + 4 * SECOND)).status is OcspStatus.GOOD
    after = asked(pki, answered(pki, at_us=pki.now_us + 5 * SECOND))
    assert (after.status, after.revoked_at_us) == (OcspStatus.REVOKED, pki.now_us + 5 * SECOND)


def test_a_number_that_was_never_given_is_unknown(shared_pki):
    assert asked(shared_pki, answered(shared_pki, serial=7)).status is OcspStatus.UNKNOWN
    assert asked(shared_pki, answered(shared_pki, books_lost=True)).status is OcspStatus.UNKNOWN


def test_lost_books_say_nothing_of_a_revoked_one_either(pki):
    serial = pki.person().draft.serial
    pki.authority.revoke(serial, pki.now_us)
    answer = asked(pki, answered(pki, books_lost=True))
    assert (answer.status, answer.revoked_at_us) == (OcspStatus.UNKNOWN, None)


def test_the_root_answers_about_the_issuing_authority(pki):
    authority = pki.authority
    octets = answered(pki, serial=authority.issuing.serial, issuer=authority.root)
    assert asked(pki, octets).issuer == authority.root.as_issuer
    assert asked(pki, octets).status is OcspStatus.GOOD
    authority.revoke_issuing(authority.issuing, pki.now_us)
    octets = answered(pki, serial=authority.issuing.serial, issuer=authority.root)
    assert asked(pki, octets).revoked_at_us == pki.now_us
    assert asked(pki, answered(pki, serial=7, issuer=authority.root)).status is OcspStatus.UNKNOWN


@settings(deadline=None)
@given(
    serial=st.one_of(st.integers(1, 2**159 - 1), st.integers(0x40 << 120, (0x41 << 120) - 1)),
    seconds=st.integers(-DAY // SECOND, 300 * DAY // SECOND),
    revoked=st.one_of(st.none(), st.integers(-100, 100)),
)
def test_the_books_and_the_octets_agree(shared_pki, serial, seconds, revoked):
    authority = Authority(shared_pki.seed, shared_pki.authority.root.not_before_us)
    at_us = shared_pki.now_us + seconds * SECOND
    if revoked is not None:
        authority.revoke(serial, at_us + revoked * SECOND)
    octets = authority.answer_ocsp(serial, authority.issuing, at_us + 1)
    assert asked(shared_pki, octets, at_us=at_us) == authority.answer(serial, authority.issuing, at_us)


def test_the_library_reads_it_too(pki):
    pki.authority.revoke(pki.person().draft.serial, pki.now_us - SECOND)
    answer = library.load_der_ocsp_response(answered(pki))
    assert answer.response_status is library.OCSPResponseStatus.SUCCESSFUL
    assert answer.certificate_status is library.OCSPCertStatus.REVOKED
    assert answer.serial_number == pki.person().draft.serial
    assert answer.revocation_time_utc.timestamp() == pki.now_us // SECOND - 1
    assert answer.produced_at_utc.timestamp() == pki.now_us // SECOND
    assert answer.next_update_utc.timestamp() == (pki.now_us + ANSWER_LIFETIME_US) // SECOND
    key = answer.certificates[0].public_key()
    assert answer.responder_key_hash == x509.SubjectKeyIdentifier.from_public_key(key).digest


def test_the_responder_and_its_certificate(shared_pki):
    issuing, now_us = shared_pki.authority.issuing, shared_pki.now_us
    responder = shared_pki.authority.responder(issuing, now_us)
    certificate = responder.certificate
    assert certificate.common_name.startswith("TEST ")
    assert certificate.purposes == frozenset()
    assert Credential.of(responder.key, certificate, issuing).draft == responder.draft
    assert certificate.not_before_us <= now_us < certificate.not_after_us
    assert certificate.not_after_us - certificate.not_before_us == 60 * DAY
    assert shared_pki.authority.responder(issuing, now_us) is responder
    later = shared_pki.authority.responder(issuing, now_us + 30 * DAY)
    assert later.draft.not_before_us == certificate.not_before_us + 30 * DAY
    assert later.key.private_numbers() != responder.key.private_numbers()


def test_a_responder_is_entitled_in_its_time_only(shared_pki):
    responder = shared_pki.authority.responder(shared_pki.authority.issuing, shared_pki.now_us).draft
    octets = answered(shared_pki)
    for moment_us in (responder.not_before_us, responder.not_after_us + 999_999):
        assert asked(shared_pki, octets, at_us=moment_us) == facts(shared_pki)
    for moment_us in (responder.not_before_us - 1, responder.not_after_us + SECOND):
        refused(shared_pki, octets, at_us=moment_us)


def test_no_answers_outside_its_time_or_for_others(shared_pki):
    issuing = shared_pki.authority.issuing
    for moment_us in (issuing.not_before_us - SECOND, issuing.not_after_us + SECOND):
        with pytest.raises(ValidityError):
            shared_pki.authority.answer(7, issuing, moment_us)
        with pytest.raises(ValidityError):
            shared_pki.authority.responder(issuing, moment_us)
    last = shared_pki.authority.answer(7, issuing, issuing.not_after_us)
    assert last.next_update_us == issuing.not_after_us
    with pytest.raises(FormatError):
        answered(shared_pki, issuer=shared_pki.stranger.issuing)


def test_the_same_question_has_the_same_octets(shared_pki):
    again = Authority(shared_pki.seed, shared_pki.authority.root.not_before_us)
    assert again.answer_ocsp(5, again.issuing, shared_pki.now_us) == answered(shared_pki, serial=5)


def test_it_signs_with_a_curve_only(shared_pki):
    rsa = shared_pki.person(key_kind=KeyKind.RSA_2048)
    with pytest.raises(FormatError):
        sign_answer(facts(shared_pki), shared_pki.authority.issuing, rsa)


def request(pki, issuer=None, serial=None, nonce=None):
    issuer = issuer or pki.authority.issuing
    builder = library.OCSPRequestBuilder().add_certificate_by_hash(
        hashlib.sha256(issuer.subject).digest(),
        hashlib.sha256(key_octets(issuer)).digest(),
        serial or pki.person().draft.serial,
        hashes.SHA256(),
    )
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return builder.build().public_bytes(Encoding.DER)


def test_requests_are_answered(shared_pki):
    authority, now_us = shared_pki.authority, shared_pki.now_us
    assert authority.respond(request(shared_pki), now_us) == answered(shared_pki)
    about_issuing = request(shared_pki, authority.root, authority.issuing.serial)
    answer = asked(shared_pki, authority.respond(about_issuing, now_us))
    assert (answer.issuer, answer.serial) == (authority.root.as_issuer, authority.issuing.serial)
    with_nonce = request(shared_pki, nonce=b"0123456789abcdef")
    assert authority.respond(with_nonce, now_us) == answered(shared_pki)


def test_requests_that_are_not(shared_pki):
    authority, now_us = shared_pki.authority, shared_pki.now_us
    assert authority.respond(request(shared_pki, shared_pki.stranger.issuing), now_us) == UNAUTHORIZED
    good = request(shared_pki)
    single = der.read_all(der.read_all(der.read(good, der.SEQUENCE).content)[0].content)[0].content
    two = der.write(der.SEQUENCE, der.write(der.SEQUENCE, der.write(der.SEQUENCE, single, single)))
    more = der.write(der.SEQUENCE, der.read(good, der.SEQUENCE).content, der.write(der.NULL))
    for odd in (b"", more, good[:-1], good + b"\x00", good + bytes(5_000), two):
        assert authority.respond(odd, now_us) == MALFORMED_REQUEST
    told = [library.load_der_ocsp_response(octets) for octets in (UNAUTHORIZED, MALFORMED_REQUEST)]
    statuses = library.OCSPResponseStatus
    assert [one.response_status for one in told] == [statuses.UNAUTHORIZED, statuses.MALFORMED_REQUEST]
    refused(shared_pki, UNAUTHORIZED)


@settings(deadline=None)
@given(data=st.data())
def test_mangled_requests_never_break_the_responder(shared_pki, data):
    good = request(shared_pki)
    at = data.draw(st.integers(0, len(good)))
    odd = good[:at] + data.draw(st.binary(max_size=8)) + good[at + data.draw(st.integers(0, 8)) :]
    assert shared_pki.authority.respond(odd, shared_pki.now_us).startswith(b"\x30")
