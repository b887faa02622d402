"""Saved documents are verified again from nothing but themselves, and hostile ones never raise."""

import shutil
import subprocess
from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from actors.authority import Authority
from actors.cades import sign_detached
from actors.certificate import Purpose
from conformance.answers import PASSED
from conformance.evidence import Saved, verify_document
from conformance.norms import SignatureValid
from conformance.regulation import Signer
from conformance.saved_documents import open_documents
from tests.conformance.fragments import CONTEXT, TITLE, reason, row
from tests.conformance.judged_documents import REQUEST, assert_invalid, verdict
from tests.conformance.signed_world import (
    DAY,
    DAY_US,
    IIN,
    NOW,
    NOW_US,
    SERVICE,
    SIGNING,
    World,
    issue,
    key_of,
    list_of,
    name_of,
    usage,
)


@pytest.fixture
def world(tmp_path):
    return World(tmp_path / "documents")


# --- in order


def test_request_and_result_verify(world):
    assert verdict(world) == "pass"
    assert verdict(world, "result") == "pass"


def test_an_rsa_signature_verifies(world):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    world.save("c1", signer=world.citizen(key=key))
    assert verdict(world) == "pass"


def test_an_employee_signs_on_the_providers_path(world):
    world.save("c1", signer=world.organisation)
    assert verdict(world, signer=Signer.PROVIDER) == "pass"
    assert_invalid(world, "identity", signer=Signer.CONSUMER)
    assert "INDETERMINATE_SIGNATURE" in verdict(world, signer=None), "the pack does not say who signs"


def test_a_folder_may_lie_deeper(world):
    (world.folder / "S1").mkdir()
    world.save("S1/c1")
    assert verdict(world, case="S1/c1") == "pass"


# --- the certificate at the moment


def test_the_term_of_the_certificate(world):
    world.save(
        "c1", signer=world.citizen(start=NOW - DAY, end=NOW + DAY), bundle=world.bundle(end=NOW + 9 * DAY)
    )
    assert verdict(world, at_us=NOW_US + DAY_US + 999_999) == "pass"  # the last second belongs to the term
    assert_invalid(world, "expired", at_us=NOW_US + DAY_US + 1_000_000)
    assert verdict(world, at_us=NOW_US - DAY_US) == "pass"
    assert_invalid(world, "not yet valid", at_us=NOW_US - DAY_US - 1)


def test_a_coarse_clock_cannot_tell_the_term(world):
    edge = int(world.person.certificate.not_valid_after_utc.timestamp()) * 1_000_000 + 1_000_000
    world.save("c1", bundle=world.bundle(start=NOW + 300 * DAY, end=NOW + 500 * DAY))
    assert verdict(world, at_us=(edge - 5, edge - 1)) == "pass"
    assert "RESOLUTION" in verdict(world, at_us=(edge - 5, edge + 5))


def test_revocation_counts_from_its_moment(world):
    world.save("c1", bundle=world.bundle([(100, NOW)]))
    assert_invalid(world, "revoked")
    assert verdict(world, at_us=NOW_US - 1) == "pass"
    assert verdict(world, "result") == "pass"


def test_a_revoked_issuer_is_refused(world):
    world.save("c1", bundle=world.bundle(issuing_revoked=[(2, NOW - DAY)]))
    assert_invalid(world, "issuer: revoked")


def test_an_unknown_issuer_is_refused(world, tmp_path):
    stranger = World(tmp_path / "stranger")
    root = issue(name_of("TEST root"), key_of(91), serial=1, ca=True)
    issuing = issue(name_of("TEST issuing"), key_of(92), root, serial=2, ca=True)
    extra = root.pem + issuing.pem + list_of(root) + list_of(issuing)
    world.save("c1", signer=stranger.citizen(issuer=issuing), bundle=world.bundle(extra=extra))
    assert_invalid(world, "issuer: not trusted")


def test_a_self_made_certificate_is_refused(world):
    world.save("c1", signer=issue(name_of("TEST citizen", serial=f"IIN{IIN}"), key_of(50)))
    assert_invalid(world, "issuer: not trusted")


def test_a_citizen_is_no_issuer(world):
    child = world.citizen(key=51, serial=101, issuer=world.person)
    world.save("c1", signer=child, bundle=world.bundle(extra=world.person.pem))
    assert_invalid(world, "issuer: not trusted")


def test_what_the_root_signed_is_no_issuer_unless_it_is_an_authority(world):
    signed_by_root = world.citizen(key=52, serial=102, issuer=world.root)
    child = world.citizen(key=53, serial=103, issuer=signed_by_root)
    world.save("c1", signer=child, bundle=world.bundle(extra=signed_by_root.pem))
    assert_invalid(world, "issuer: not trusted")


def test_the_root_signs_authorities_only(world):
    world.save("c1", signer=world.citizen(issuer=world.root))
    assert_invalid(world, "issuer: not trusted")


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"extended": [ExtendedKeyUsageOID.CLIENT_AUTH]}, "usage: not a certificate for signing"),
        ({"extended": []}, "usage: not stated"),
        ({"key_usage": usage(digital_signature=True, key_encipherment=True)}, "usage: not a certificate"),
        (
            {
                "ca": True,
                "key_usage": usage(digital_signature=True, content_commitment=True),
                "extended": [SIGNING],
            },
            "usage: a certificate of an authority",
        ),
        (
            {"critical": x509.UnrecognizedExtension(ObjectIdentifier("1.2.3.4"), b"\x05\x00")},
            "certificate: an unknown critical extension",
        ),
    ],
)
def test_a_certificate_of_another_purpose_is_refused(world, changes, cause):
    world.save("c1", signer=world.citizen(**changes))
    assert_invalid(world, cause)


def test_an_expired_issuer_is_refused(world):
    world.issuing = issue(
        name_of("TEST issuing"), key_of(12), world.root, serial=2, start=NOW - 9 * DAY, end=NOW - DAY, ca=True
    )
    world.save("c1", bundle=world.bundle())
    assert_invalid(world, "issuer: expired")


def test_a_weak_hash_under_the_certificate_is_refused(world):
    world.save("c1", signer=world.citizen(digest=hashes.SHA224()))
    assert_invalid(world, "certificate: signed with a weak hash")


def test_weak_keys_are_refused(world):
    world.save("c1", signer=world.citizen(key=ec.derive_private_key(7, ec.SECP256K1())))
    assert_invalid(world, "key: ")


# --- what cannot be decided


def test_without_fresh_lists_nothing_is_decided(world):
    world.save("c1", bundle=world.bundle(end=NOW - 1 * DAY))
    assert "INDETERMINATE_SIGNATURE" in verdict(world)
    world.save("c1", bundle=world.issuing.pem + list_of(world.root))
    assert "INDETERMINATE_SIGNATURE" in verdict(world)
    world.save("c1", bundle=world.issuing.pem + list_of(world.issuing))
    assert "INDETERMINATE_SIGNATURE" in verdict(world)


def test_an_outdated_list_still_revokes(world):
    world.save("c1", bundle=world.bundle([(100, NOW - 9 * DAY)], end=NOW - DAY))
    assert_invalid(world, "revoked")


def test_a_list_of_another_signer_counts_for_nothing(world):
    false_issuer = issue(name_of("TEST issuing"), key_of(77), serial=2, ca=True)
    bundle = world.issuing.pem + list_of(world.root) + list_of(false_issuer)
    world.save("c1", bundle=bundle)
    assert "INDETERMINATE_SIGNATURE" in verdict(world)


def test_a_list_with_unknown_conditions_counts_for_nothing(world):
    partial = x509.IssuingDistributionPoint(None, None, True, False, None, False, False)
    bundle = world.issuing.pem + list_of(world.root) + list_of(world.issuing, critical=partial)
    world.save("c1", bundle=bundle)
    assert "INDETERMINATE_SIGNATURE" in verdict(world)


@pytest.mark.parametrize("name", ["trust/root.pem", "c1/trust.pem"])
@pytest.mark.parametrize("octets", [None, b"", b"garbage"])
def test_without_trust_nothing_is_accepted(world, name, octets):
    file = world.folder / name
    if octets is None:
        file.unlink()
    else:
        file.write_bytes(octets)
    assert verdict(world) != "pass"
    if name == "trust/root.pem" or octets is None:
        assert "INDETERMINATE_SIGNATURE" in verdict(world)


def test_the_root_is_the_pinned_one_not_one_of_the_bundle(tmp_path):
    other = World(tmp_path / "other")
    other_root = issue(name_of("TEST root"), key_of(91), serial=1, ca=True)
    (other.folder / "trust" / "root.pem").write_bytes(other_root.pem)
    assert_invalid(other, "issuer: not trusted")


# --- the norm, and other signers than ourselves

NORM = SignatureValid(
    id="n",
    rule="R",
    clause="S1/1",
    title=TITLE,
    services=("S1",),
    path="portal",
    step="P5",
    document="request",
)


def test_the_norm_verifies_at_the_end_of_the_step(world):
    world.save("c1", bundle=world.bundle([(100, NOW)]))
    context = replace(CONTEXT, documents=open_documents(world.folder), codes={"S1": SERVICE})
    signed = row("P5", NOW_US - 9, NOW_US - 1, attributes={"documents": "c1"})
    assert reason(NORM, signed, context=context) == "pass"
    assert reason(NORM, row("P5", NOW_US - 9, NOW_US, attributes={"documents": "c1"}), context=context) == (
        "INVALID_SIGNATURE"
    )
    assert reason(NORM, row("P5", NOW_US, None, attributes={"documents": "c1"}), context=context) == "OPEN"
    assert reason(NORM, row("P5", attributes={}), context=context) == "NO_DATA"
    assert reason(NORM, row("P5", attributes=None), context=context) == "NO_DATA"
    assert reason(NORM, row("P5", attributes={"documents": 5}), context=context) == "BAD_INPUT"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the openssl command is not installed")
def test_a_signature_made_by_openssl_verifies(world, tmp_path):
    secret = world.person.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(secret)
    (tmp_path / "certificate.pem").write_bytes(world.person.pem)
    case = world.folder / "c1"
    command = [
        "openssl",
        "cms",
        "-sign",
        "-cades",
        "-binary",
        "-md",
        "sha256",
        "-outform",
        "DER",
        "-nosmimecap",
    ]
    files = ["-signer", tmp_path / "certificate.pem", "-inkey", tmp_path / "key.pem"]
    target = ["-in", case / "request.json", "-out", case / "request.p7s"]
    subprocess.run([*command, *files, *target], check=True, capture_output=True)
    assert verdict(world) == "pass"
    (case / "request.json").write_bytes(b"{}")
    assert_invalid(world, "digest: ")


def test_what_the_actors_sign_verifies_by_the_judges_own_way(tmp_path):
    start, end = NOW_US - 30 * DAY_US, NOW_US + 300 * DAY_US
    authority = Authority(b"a seed for tests only", start - DAY_US)
    period = {"not_before_us": start, "not_after_us": end}
    names = {"iin": IIN, "surname": "ТЕСТОВА", "given_name": "ҰЛЖАН", "label": "citizen"}
    citizen = authority.issue_person(**names, purpose=Purpose.SIGN, **period)
    logging_in = authority.issue_person(**names | {"label": "login"}, purpose=Purpose.AUTH, **period)
    folder = tmp_path / "c1"
    (tmp_path / "trust").mkdir()
    folder.mkdir()
    (tmp_path / "trust" / "root.pem").write_bytes(authority.root_pem())
    (folder / "request.json").write_bytes(REQUEST)

    def verified(credential):
        (folder / "trust.pem").write_bytes(authority.trust_bundle_pem(authority.publish(NOW_US)))
        (folder / "request.p7s").write_bytes(sign_detached(REQUEST, credential, NOW_US))
        return verify_document(
            open_documents(tmp_path), Saved("c1", "request", Signer.CONSUMER, SERVICE), [NOW_US]
        )

    assert verified(citizen) == PASSED
    assert "usage: " in verified(logging_in).detail
    authority.revoke(citizen.certificate.serial, NOW_US - DAY_US)
    assert "revoked" in verified(citizen).detail


def test_the_signing_purpose_is_email_protection():
    assert SIGNING.dotted_string == "1.3.6.1.5.5.7.3.4"
