"""The runners of foreign vectors, on small files of our own: what is wrong is found, and what ran is said."""

import base64
import json
import textwrap
import time

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from actors import cades
from tests.actors.conftest import Pki
from tests.actors.test_paths import certificate, holder
from tests.oracles import pkits, vectors, verification

MESSAGE = b"what was signed"


def signature_file(key, signature, wrong):
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    tests = [
        {"tcId": 1, "msg": MESSAGE.hex(), "sig": signature.hex(), "result": "valid"},
        {"tcId": 2, "msg": b"another".hex(), "sig": signature.hex(), "result": "invalid"},
        {"tcId": 3, "msg": MESSAGE.hex(), "sig": wrong.hex(), "result": "invalid"},
        {"tcId": 4, "msg": MESSAGE.hex(), "sig": "", "result": "invalid"},
    ]
    return json.dumps({"testGroups": [{"publicKeyDer": public.hex(), "tests": tests}]})


def test_signatures_with_elliptic_curves():
    for curve in (ec.SECP256R1(), ec.SECP384R1()):
        key = ec.derive_private_key(12_345, curve)
        signature = key.sign(MESSAGE, ec.ECDSA(hashes.SHA256()))
        long = bytes((0x30, 0x81)) + signature[1:]  # BER
        found = vectors.judge_signatures(signature_file(key, signature, long), cades.ECDSA_SHA256)
        assert found == [
            (1, "valid", True), (2, "invalid", False), (3, "invalid", False), (4, "invalid", False)
        ]  # fmt: skip


def test_signatures_with_rsa():
    key = rsa.generate_private_key(65_537, 2_048)
    signature = key.sign(MESSAGE, padding.PKCS1v15(), hashes.SHA256())
    other_hash = key.sign(MESSAGE, padding.PKCS1v15(), hashes.SHA512())
    found = vectors.judge_signatures(signature_file(key, signature, other_hash), cades.RSA_SHA256)
    assert [accepted for _, _, accepted in found] == [True, False, False, False]


def pem(one):
    text = base64.b64encode(one.der).decode()
    return f"-----BEGIN CERTIFICATE-----\n{textwrap.fill(text, 64)}\n-----END CERTIFICATE-----\n"


def path_case(name, **changes):
    case = {
        "id": name,
        "features": None,
        "trusted_certs": [pem(certificate("root", "root"))],
        "untrusted_intermediates": [pem(certificate("middle", "root"))],
        "peer_certificate": pem(holder("middle")),
        "validation_time": "2013-01-15T06:00:00Z",
        "expected_result": "SUCCESS",
        "max_chain_depth": None,
    }
    return case | changes


def test_paths():
    assert vectors.judge_limbo(path_case("good")) == "ok"
    assert (
        vectors.judge_limbo(path_case("no way", untrusted_intermediates=[])) == "NO_CERTIFICATE_CHAIN_FOUND"
    )
    assert vectors.judge_limbo(path_case("late", validation_time="2023-01-15T06:00:00")) != "ok"
    assert vectors.judge_limbo(path_case("whenever", validation_time=None)) != "ok"
    short = pem(certificate("middle", "root", path_length=0))
    lower = pem(certificate("lower", "middle"))
    bent = path_case("bent", untrusted_intermediates=[short, lower], peer_certificate=pem(holder("lower")))
    assert vectors.judge_limbo(bent) == "CHAIN_CONSTRAINTS_FAILURE"


def test_paths_with_lists():
    pki = Pki()
    case = path_case(
        "crl::revoked",
        trusted_certs=[pem(pki.authority.root)],
        untrusted_intermediates=[pem(pki.authority.issuing)],
        peer_certificate=pem(pki.person()),
    )

    def judged():
        lists = [text(crl) for crl in pki.authority.publish(pki.now_us)]
        return vectors.judge_limbo(case | {"crls": lists})

    assert judged() == "ok"
    pki.authority.revoke(pki.person().certificate.serial, pki.now_us)
    assert judged() == "REVOKED"
    assert vectors.judge_limbo(case | {"crls": [text(pki.authority.publish(pki.now_us).root_crl)]}) != "ok"


def text(crl):
    return f"-----BEGIN X509 CRL-----\n{base64.b64encode(crl).decode()}\n-----END X509 CRL-----\n"


def test_more_authorities_than_can_be_pinned():
    many = [pem(certificate("middle", "root", f"middle {n}")) for n in range(100)]
    assert vectors.judge_limbo(path_case("pathological::many", untrusted_intermediates=many)) != "ok"


def test_which_cases_concern_us():
    asked = (
        "pathlen::x", "rfc5280::aki::x", "rfc5280::root-missing-basic-constraints", "crl::revoked",
    )  # fmt: skip
    left_out = ("webpki::san::x", "rfc5280::nc::x", "rfc5280::eku::x", "online::x", "rfc5280::san::x")
    cases = [{"id": name} for name in (*asked, *left_out)]
    cases += [{"id": "pathlen::deep", "max_chain_depth": 3}]
    cases += [{"id": "pathlen::web", "features": ["pedantic-webpki-eku"]}]
    cases += [{"id": "rfc5280::ca-nameconstraints-x"}]
    found = vectors.limbo_cases(json.dumps({"testcases": cases}))
    assert [case["id"] for case in found] == list(asked)


def test_a_child_that_does_not_answer_is_ended_and_the_next_case_asked():
    assert vectors.judge_apart([600, 0], time.sleep, seconds=0.5) == ["late", None]


def test_paths_in_a_child():
    cases = [path_case("good"), path_case("no way", untrusted_intermediates=[])]
    assert vectors.judge_apart(cases, seconds=60) == ["ok", "NO_CERTIFICATE_CHAIN_FOUND"]


def test_what_is_printed():
    pairs = [("valid", True), ("valid", True), ("invalid", False)]
    assert vectors.summary(pairs) == "3 ran: 1 invalid refused, 2 valid accepted"


def test_absent_vectors_are_skipped_with_a_reason(monkeypatch, tmp_path):
    monkeypatch.delenv("REGLAMENT_VECTORS", raising=False)
    with pytest.raises(pytest.skip.Exception, match="REGLAMENT_VECTORS names no folder"):
        vectors.file("limbo.json")
    monkeypatch.setenv("REGLAMENT_VECTORS", str(tmp_path))
    with pytest.raises(pytest.skip.Exception, match=r"limbo\.json is not in the folder"):
        vectors.file("limbo.json")
    (tmp_path / "limbo.json").write_text("{}", encoding="utf-8")
    assert vectors.file("limbo.json") == tmp_path / "limbo.json"


def test_unreadable_certificates_and_lists_are_neither_trusted_nor_known():
    pki = Pki()
    assert verification.readable([b"", pki.authority.root.der, b"\x30\x00"]) == (pki.authority.root,)
    publication = pki.authority.publish(pki.now_us)
    known = verification.believed([b"", *publication, b"\x30\x00"], pki.trust)
    assert known == pki.revocation()


def test_every_deviation_from_pkits_is_stricter_and_has_a_reason():
    must_accept = {name for _, name, accept in pkits.cases() if accept}
    assert set(pkits.DEVIATIONS) <= must_accept
    assert all(pkits.DEVIATIONS.values())
    assert len(pkits.cases()) == len({name for _, name, _ in pkits.cases()})
