"""OpenSSL on the authority's lists, deltas, generations and answers."""

import shutil
import subprocess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from actors import odd_certificates as odd
from actors.certificate import Purpose, Role
from actors.errors import FormatError
from actors.keys import KeyKind
from actors.ocsp import read_answer
from actors.responder import sign_answer
from actors.revocation import RevocationList
from actors.trust import TrustAnchors, find_chain

SECOND = 1_000_000
HOUR = 3_600 * SECOND
DELTAS = ("-use_deltas", "-extended_crl")

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl command on this machine")


def run(folder, *arguments):
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert "Usage" not in done.stderr
    return done


def verify(folder, pki, certificate, publication, *options, at_us=None):
    """Say what OpenSSL thinks of a chain, its root pinned and the other certificates offered."""
    authority = pki.authority
    lists = [x509.load_der_x509_crl(crl).public_bytes(Encoding.PEM) for crl in publication]
    (folder / "root.pem").write_bytes(authority.root_pem())
    (folder / "issuing.pem").write_bytes(b"".join(one.pem() for one in authority.issuers))
    (folder / "lists.pem").write_bytes(b"".join(lists))
    (folder / "holder.pem").write_bytes(certificate.pem())
    done = run(
        folder, "verify", "-CAfile", "root.pem", "-untrusted", "issuing.pem", "-CRLfile", "lists.pem",
        "-crl_check_all", "-x509_strict", *options, "-attime", str((at_us or pki.now_us) // SECOND),
        "holder.pem",
    )  # fmt: skip
    return done.stdout.strip() == "holder.pem: OK", done.stderr


def known_to_us(pki, certificate, publication):
    known = RevocationList.read(publication, TrustAnchors.of(pki.authority))
    return known.revoked_at_us(certificate.issuer, certificate.serial)


def test_a_delta_is_understood(tmp_path, pki):
    first, second, never = (pki.person(label=label) for label in ("first", "second", "never"))
    pki.authority.revoke(first.draft.serial, pki.now_us - HOUR)
    base = pki.authority.publish(pki.now_us)
    pki.authority.revoke(second.draft.serial, pki.now_us + HOUR)
    publication = pki.authority.publish_delta(base, pki.now_us + HOUR)
    at_us = pki.now_us + 2 * HOUR
    for credential, since_us in ((first, pki.now_us - HOUR), (second, pki.now_us + HOUR), (never, None)):
        certificate = credential.certificate
        accepted, why = verify(tmp_path, pki, certificate, publication, *DELTAS, at_us=at_us)
        assert accepted is (since_us is None), why
        assert ("certificate revoked" in why) is not accepted
        assert known_to_us(pki, certificate, publication) == since_us


def test_a_delta_is_taken_for_a_full_list_by_the_careless(tmp_path, pki):
    """The reason why bundles for OpenSSL hold no deltas; the reader here is not deceived."""
    certificate = pki.person().certificate
    pki.authority.revoke(certificate.serial, pki.now_us - HOUR)
    base = pki.authority.publish(pki.now_us)
    publication = pki.authority.publish_delta(base, pki.now_us + HOUR)
    at_us = pki.now_us + 2 * HOUR
    assert verify(tmp_path, pki, certificate, publication, at_us=at_us)[0]
    assert known_to_us(pki, certificate, publication) == pki.now_us - HOUR
    assert pki.authority.trust_bundle_pem(publication) == pki.authority.trust_bundle_pem(base)


def test_a_delta_on_an_expired_full_list(tmp_path, pki):
    base = pki.authority.publish(pki.now_us, HOUR)
    publication = pki.authority.publish_delta(base, pki.now_us + 2 * HOUR)
    at_us = pki.now_us + 3 * HOUR
    certificate = pki.person().certificate
    assert verify(tmp_path, pki, certificate, publication, *DELTAS, at_us=at_us)[0]
    assert not verify(tmp_path, pki, certificate, base, *DELTAS, at_us=at_us)[0]
    known = RevocationList.read(publication, pki.trust)
    assert known.coverage_us(certificate.issuer, certificate.serial, at_us) is not None
    alone = RevocationList.read(base, pki.trust)
    assert alone.coverage_us(certificate.issuer, certificate.serial, at_us) is None


def test_two_generations(tmp_path, pki):
    old = pki.person().certificate
    pki.authority.roll_over(pki.now_us)
    new = pki.person(not_before_us=pki.now_us).certificate
    at_us = pki.now_us + HOUR
    publication = pki.authority.publish(pki.now_us)
    for certificate in (old, new):
        assert verify(tmp_path, pki, certificate, publication, at_us=at_us) == (True, "")
    pki.authority.revoke_issuing(pki.authority.issuers[0], pki.now_us)
    publication = pki.authority.publish(pki.now_us)
    accepted, why = verify(tmp_path, pki, old, publication, at_us=at_us)
    assert not accepted
    assert "certificate revoked" in why
    assert verify(tmp_path, pki, new, publication, at_us=at_us) == (True, "")


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("kind", [KeyKind.P256, KeyKind.RSA_2048])
def test_every_kind_of_certificate(tmp_path, shared_pki, monkeypatch, purpose, kind):
    if (purpose, kind) == (Purpose.ENCRYPT, KeyKind.RSA_2048):
        return
    monkeypatch.setattr("actors.authority.pool_label", lambda *_: "pool/0")  # one key of many bits for all
    pki = shared_pki
    certificate = pki.organisation(Role.SIGNATORY, purpose=purpose, key_kind=kind).certificate
    assert verify(tmp_path, pki, certificate, pki.authority.publish(pki.now_us)) == (True, "")
    responder = pki.authority.responder(pki.authority.issuing, pki.now_us).certificate
    assert verify(tmp_path, pki, responder, pki.authority.publish(pki.now_us)) == (True, "")


def test_chains_that_are_not(tmp_path, pki):
    issuer, stranger = pki.authority.signing_credential(), pki.stranger.signing_credential()
    model = pki.person()
    publication = pki.authority.publish(pki.now_us)
    for credential in (
        odd.self_signed(model),
        odd.by_stranger(stranger, model),
        odd.by_citizen(pki.person(label="a citizen"), model),
        odd.without_issuer_key_identifier(issuer, model),
        odd.with_unknown_extension(issuer, model),
    ):
        accepted, _ = verify(tmp_path, pki, credential.certificate, publication)
        chain = find_chain(credential.certificate, pki.trust)
        assert (accepted, chain.issuer is not None and chain.sound) == (False, False)


def read_by_openssl(folder, pki, certificate, octets):
    """Return what OpenSSL makes of an answer, its responder's chain followed to the root.

    It compares the times of the answer with the machine's clock, so very old ones are allowed for.
    """
    (folder / "answer.der").write_bytes(octets)
    (folder / "issuer.pem").write_bytes(pki.authority.issuing.pem())
    (folder / "holder.pem").write_bytes(certificate.pem())
    (folder / "root.pem").write_bytes(pki.authority.root_pem())
    return run(
        folder, "ocsp", "-respin", "answer.der", "-issuer", "issuer.pem", "-sha256", "-cert", "holder.pem",
        "-CAfile", "root.pem", "-verify_other", "issuer.pem", "-no_nonce", "-validity_period", "1000000000",
        "-attime", str(pki.now_us // SECOND),
    )  # fmt: skip


@pytest.mark.parametrize("status", ["good", "revoked", "unknown"])
def test_answers(tmp_path, pki, status):
    certificate, issuing = pki.person().certificate, pki.authority.issuing
    if status == "revoked":
        pki.authority.revoke(certificate.serial, pki.now_us - SECOND)
    lost = status == "unknown"
    octets = pki.authority.answer_ocsp(certificate.serial, issuing, pki.now_us, books_lost=lost)
    done = read_by_openssl(tmp_path, pki, certificate, octets)
    assert "Response verify OK" in done.stderr
    assert f"holder.pem: {status}" in done.stdout
    assert read_answer(octets, pki.trust, moment_us=pki.now_us).status == status


def believed_by_us(pki, octets):
    try:
        read_answer(octets, pki.trust, moment_us=pki.now_us)
    except FormatError:
        return False
    return True


def test_answers_that_are_not_believed(tmp_path, pki):
    certificate, issuing = pki.person().certificate, pki.authority.issuing
    good = pki.authority.answer_ocsp(certificate.serial, issuing, pki.now_us)
    changed = bytearray(good)
    changed[good.index(b"20130115") + 7] ^= 1
    answer = pki.authority.answer(certificate.serial, issuing, pki.now_us)
    stranger = pki.stranger.responder(pki.stranger.issuing, pki.now_us)
    for octets in (
        bytes(changed),
        sign_answer(answer, issuing, stranger),
        sign_answer(answer, issuing, pki.person(label="a holder")),
    ):
        done = read_by_openssl(tmp_path, pki, certificate, octets)
        assert ("Response verify OK" in done.stderr, believed_by_us(pki, octets)) == (False, False)
    done = read_by_openssl(tmp_path, pki, certificate, good)
    assert ("Response verify OK" in done.stderr, believed_by_us(pki, good)) == (True, True)


def test_a_request_by_openssl_is_answered(tmp_path, pki):
    certificate, issuing = pki.person().certificate, pki.authority.issuing
    (tmp_path / "issuer.pem").write_bytes(issuing.pem())
    (tmp_path / "holder.pem").write_bytes(certificate.pem())
    done = run(
        tmp_path, "ocsp", "-sha256", "-issuer", "issuer.pem", "-cert", "holder.pem", "-reqout", "request.der"
    )
    assert done.returncode == 0, done.stderr
    octets = pki.authority.respond((tmp_path / "request.der").read_bytes(), pki.now_us)
    assert octets == pki.authority.answer_ocsp(certificate.serial, issuing, pki.now_us)
