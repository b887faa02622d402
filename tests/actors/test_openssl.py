"""Agreement with OpenSSL, which shares no code with the reader and the decision here."""

import shutil
import subprocess

import pytest

from actors import cades
from actors.cades import sign_detached
from actors.certificate import Purpose
from actors.validation import ValidationPolicy, decide, gather_facts

SECOND = 1_000_000
DOCUMENT = b'{"typ":"egov.request.v1"}'

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl command on this machine")


def run(folder, *arguments):
    return subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=False)


def openssl_accepts(folder, pki, p7s, *, document=DOCUMENT, at_us=None, published_us=None):
    at_us = at_us or pki.now_us
    publication = pki.authority.publish(published_us or at_us)
    (folder / "s.p7s").write_bytes(p7s)
    (folder / "document").write_bytes(document)
    (folder / "all.pem").write_bytes(pki.authority.trust_bundle_pem(publication))
    done = run(
        folder, "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "s.p7s",
        "-content", "document", "-CAfile", "all.pem", "-crl_check_all", "-attime", str(at_us // SECOND),
        "-purpose", "smimesign", "-out", "verified",
    )  # fmt: skip
    assert "Usage" not in done.stderr
    return done.returncode == 0


def we_accept(pki, p7s, *, document=DOCUMENT, at_us=None, published_us=None):
    at_us = at_us or pki.now_us
    known = pki.revocation(published_us or at_us)
    facts = gather_facts(document, p7s, pki.trust, known, expected_iin=pki.iin, moment_us=at_us)
    return decide(facts, ValidationPolicy(), at_us).passed


def both(folder, pki, credential=None, *, p7s=None, **changes):
    signing_us = changes.get("at_us", pki.now_us)
    p7s = p7s or sign_detached(DOCUMENT, credential or pki.person(), signing_us)
    return we_accept(pki, p7s, **changes), openssl_accepts(folder, pki, p7s, **changes)


ACCEPTED = (True, True)
REFUSED = (False, False)


def test_a_good_request(tmp_path, pki):
    assert both(tmp_path, pki) == ACCEPTED


def test_a_changed_request(tmp_path, pki):
    assert both(tmp_path, pki, document=DOCUMENT + b" ") == REFUSED


@pytest.mark.parametrize("seconds", [-1, 1])
def test_the_end_of_a_certificate(tmp_path, pki, seconds):
    # A second aside: OpenSSL 3.0 calls a certificate expired in its last second, RFC 5280 does not.
    citizen = pki.person(not_after_us=pki.now_us - seconds * SECOND)
    assert both(tmp_path, pki, citizen) == (ACCEPTED if seconds < 0 else REFUSED)


@pytest.mark.parametrize("seconds", [-1, 1])
def test_the_start_of_a_certificate(tmp_path, pki, seconds):
    citizen = pki.person(not_before_us=pki.now_us + seconds * SECOND)
    assert both(tmp_path, pki, citizen) == (ACCEPTED if seconds < 0 else REFUSED)


def test_a_revoked_certificate(tmp_path, pki):
    citizen = pki.person()
    pki.authority.revoke(citizen.certificate.serial, pki.now_us - SECOND)
    assert both(tmp_path, pki, citizen) == REFUSED
    assert both(tmp_path, pki, pki.person(label="another")) == ACCEPTED


def test_a_revoked_issuing_authority(tmp_path, pki):
    pki.authority.revoke(pki.authority.issuing.serial, pki.now_us - SECOND)
    assert both(tmp_path, pki) == REFUSED


def test_a_stale_list(tmp_path, pki):
    published_us = pki.now_us - 25 * 3600 * SECOND
    assert both(tmp_path, pki, published_us=published_us) == REFUSED
    assert both(tmp_path, pki, published_us=pki.now_us - 23 * 3600 * SECOND) == ACCEPTED


def test_an_unknown_issuer_of_the_same_name(tmp_path, pki):
    assert both(tmp_path, pki, pki.person(issuer=pki.stranger)) == REFUSED


def test_a_key_for_authentication(tmp_path, pki):
    assert both(tmp_path, pki, pki.person(Purpose.AUTH)) == REFUSED


def test_an_organisation(tmp_path, pki):
    p7s = sign_detached(DOCUMENT, pki.organisation(iin=pki.iin), pki.now_us)
    assert both(tmp_path, pki, p7s=p7s) == ACCEPTED


def test_the_chain_alone(tmp_path, pki):
    publication = pki.authority.publish(pki.now_us)
    (tmp_path / "root.pem").write_bytes(pki.authority.root_pem())
    (tmp_path / "issuing.pem").write_bytes(pki.authority.issuing.pem())
    (tmp_path / "lists.pem").write_bytes(pki.authority.trust_bundle_pem(publication))
    (tmp_path / "holder.pem").write_bytes(pki.person().certificate.pem())
    done = run(
        tmp_path, "verify", "-CAfile", "root.pem", "-untrusted", "issuing.pem", "-CRLfile", "lists.pem",
        "-crl_check_all", "-x509_strict", "-attime", str(pki.now_us // SECOND), "holder.pem",
    )  # fmt: skip
    assert done.stdout.strip() == "holder.pem: OK", done.stderr


@pytest.mark.parametrize("options", [[], ["-nosmimecap"]], ids=["with capabilities", "bare"])
def test_signatures_made_by_openssl_are_read(tmp_path, pki, options):
    credential = pki.person()
    (tmp_path / "holder.pem").write_bytes(credential.certificate.pem())
    (tmp_path / "key.pem").write_bytes(private_pem(credential.key))
    (tmp_path / "document").write_bytes(DOCUMENT)
    done = run(
        tmp_path, "cms", "-sign", "-cades", "-binary", *options, "-md", "sha256", "-in", "document",
        "-signer", "holder.pem", "-inkey", "key.pem", "-outform", "DER", "-out", "s.p7s",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    p7s = (tmp_path / "s.p7s").read_bytes()
    assert cades.read_detached(p7s).certificate_der == credential.der
    assert both(tmp_path, pki, p7s=p7s) == ACCEPTED
    assert both(tmp_path, pki, p7s=p7s, document=b"another") == REFUSED


def private_pem(key):
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - here only
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
