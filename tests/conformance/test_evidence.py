"""Saved documents are verified again from nothing but themselves, and hostile ones never raise."""

import hashlib
import shutil
import subprocess
from dataclasses import replace

import pytest
from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.authority import Authority
from actors.cades import sign_detached
from actors.certificate import Purpose
from conformance.answers import PASSED
from conformance.errors import InputError
from conformance.evidence import Saved, verify_document
from conformance.norms import SignatureValid
from conformance.regulation import Signer
from conformance.saved_documents import MAX_DOCUMENT, open_documents
from conformance.signed_data import (
    HOSTILE,
    Unacceptable,
    _signing_time_us,
    read_signature,
    verify_signature,
)
from conformance.verdicts import Reason, Verdict, verdict_of
from tests.conformance.fragments import CONTEXT, TITLE, reason, row
from tests.conformance.signed_world import (
    BIN,
    DAY,
    DAY_US,
    IIN,
    NOW,
    NOW_US,
    NUMBER,
    OTHER_IIN,
    SERVICE,
    SIGNING,
    World,
    canonical,
    issue,
    key_of,
    list_of,
    name_of,
    request_for,
    result_for,
    sign,
    usage,
)

REQUEST = canonical(request_for("c1"))


@pytest.fixture
def world(tmp_path):
    return World(tmp_path / "documents")


def verdict(world, document="request", *, case="c1", signer=Signer.CONSUMER, at_us=NOW_US, number=NUMBER):
    moments = at_us if isinstance(at_us, tuple) else (at_us,)
    given_ = verify_document(
        open_documents(world.folder), Saved(case, document, signer, SERVICE, number), moments
    )
    assert IIN not in given_.detail
    assert OTHER_IIN not in given_.detail
    return f"{given_.reason}: {given_.detail}" if given_.reason else "pass"


def assert_invalid(world, cause, document="request", **options):
    assert f"INVALID_SIGNATURE: {document}: {cause}" in verdict(world, document, **options)


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


# --- the signature


def test_a_changed_document_is_refused(world):
    world.save("c1")
    (world.folder / "c1" / "request.json").write_bytes(REQUEST.replace(b"c1", b"c2"))
    assert_invalid(world, "digest: ")


def test_a_substituted_certificate_is_refused(world):
    twin = world.citizen(serial=101)
    world.save("c1", signer=world.person, reference=twin)
    assert_invalid(world, "certificate: substituted")


def test_a_foreign_signature_value_is_refused(world):
    thief = type(world.person)(key_of(66), world.person.certificate)
    world.save("c1", signer=thief)
    assert_invalid(world, "signature: ")


@pytest.mark.parametrize(
    ("odd", "cause"),
    [
        ({"without": ["signing_certificate_v2"]}, "format: a mandatory attribute"),
        ({"without": ["message_digest"]}, "format: a mandatory attribute"),
        ({"content_type": "signed_data"}, "format: signed content type"),
        ({"signers": 2}, "format: one signer"),
        ({"serial": 5}, "certificate: not the signer's"),
        ({"inside": REQUEST}, "format: the document is inside"),
        ({"digest": b"short"}, "digest: "),
    ],
)
def test_odd_signatures_are_refused(world, odd, cause):
    world.save("c1", **odd)
    assert_invalid(world, cause)


def test_several_certificates_are_refused(world):
    more = asn1_x509.Certificate.load(world.issuing.certificate.public_bytes(Encoding.DER))
    world.save("c1", more=[more])
    assert_invalid(world, "format: one certificate")


def test_a_second_way_to_write_the_same_signature_is_refused(world):
    file = world.folder / "c1" / "request.p7s"
    octets = file.read_bytes()
    assert octets[1] == 0x82
    file.write_bytes(octets[:1] + b"\x83\x00" + octets[2:])
    assert_invalid(world, "format: not DER")


@pytest.mark.parametrize("tail", [b"\x00", b"\x05\x00"])
def test_trailing_octets_are_refused(world, tail):
    file = world.folder / "c1" / "request.p7s"
    file.write_bytes(file.read_bytes() + tail)
    assert_invalid(world, "format: ")


def test_no_flipped_bit_is_accepted_and_none_raises(world):
    file = world.folder / "c1" / "request.p7s"
    octets = file.read_bytes()
    for place in range(len(octets)):
        file.write_bytes(octets[:place] + bytes([octets[place] ^ 1 << place % 8]) + octets[place + 1 :])
        assert verdict(world) != "pass", f"octet {place}"


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=200))
def test_garbage_is_unacceptable(octets):
    with pytest.raises(Unacceptable):
        read_signature(octets)


TORN = sign(REQUEST, issue(name_of("TEST citizen", serial=f"IIN{IIN}"), key_of(50)))


@settings(deadline=None, max_examples=200)
@given(st.integers(0, len(TORN) - 1), st.binary(max_size=3))
def test_a_torn_signature_is_unacceptable(cut, tail):
    if TORN[cut : cut + len(tail)] == tail and cut + len(tail) == len(TORN):
        return
    with pytest.raises(Unacceptable):
        verify_signature(read_signature(TORN[:cut] + tail), REQUEST)


@pytest.mark.parametrize(
    ("value", "moment_us"),
    [(b"\x17\x0d130515040000Z", NOW_US), (b"\x18\x0f20500101000000Z", 2_524_608_000_000_000)],
)
def test_a_signing_time_is_read(value, moment_us):
    assert _signing_time_us(cms.Time.load(value)) == moment_us


@pytest.mark.parametrize(
    "value",
    [
        b"\x18\x0f20130515040000Z",
        b"\x18\x0f20491231235959Z",
        b"\x17\x0b1305150400Z",
        b"\x17\x11130515040000+0600",
        b"\x18\x1120130515040000.5Z",
        b"\x18\x0e20130515040000",
        b"\x17\x0d131315040000Z",
    ],
)
def test_a_signing_time_has_no_other_form(value):
    with pytest.raises((Unacceptable, *HOSTILE)):
        _signing_time_us(cms.Time.load(value))


def test_the_signing_time_is_that_of_the_signature():
    person = issue(name_of("TEST citizen"), key_of(50))
    assert read_signature(sign(REQUEST, person, at_us=NOW_US)).signing_time_us == NOW_US
    assert read_signature(sign(REQUEST, person)).signing_time_us is None


def test_attributes_that_nobody_signed_are_refused(world):
    extra = cms.CMSAttributes([cms.CMSAttribute({"type": "signing_time", "values": [_TIME]})])
    world.save("c1", unsigned=extra)
    assert_invalid(world, "format: attributes that nobody signed")


_TIME = cms.Time({"utc_time": NOW})


def test_a_signature_that_nobody_computed_is_neither_good_nor_bad(world):
    (world.folder / "c1" / "request.p7s").unlink()
    marker = world.folder / "c1" / "request.computed"
    marker.touch()
    assert verdict(world) == "SIGNATURE_NOT_COMPUTED: request: no signature was computed"
    assert verdict_of(Reason.SIGNATURE_NOT_COMPUTED) is Verdict.INCONCLUSIVE
    marker.write_bytes(b"not empty")
    assert verdict(world) == "MISSING_CONTENT: request.p7s is not among the saved documents"
    marker.write_bytes(b"")
    (world.folder / "c1" / "request.json").unlink()
    assert verdict(world) == "MISSING_CONTENT: request.json is not among the saved documents"


# --- identity


def test_a_signature_for_one_purpose_serves_no_other(world):
    folder = world.folder / "c1"
    for suffix in ("json", "p7s"):
        (folder / f"request.{suffix}").write_bytes((folder / f"result.{suffix}").read_bytes())
    assert_invalid(world, "content: the document is no request", signer=Signer.PROVIDER)


def test_another_persons_certificate_is_refused(world):
    world.save("c1", signer=world.citizen(OTHER_IIN))
    assert_invalid(world, "identity: the IIN of the certificate is not that of the document")


@pytest.mark.parametrize(
    "content", [b"[]", b"{", b'{"iin":1}', b'{"iin":"a","iin":"b"}', b"\xff", b"[" * 5000, b'{"prov":"x"}']
)
def test_a_document_without_an_identity_is_refused(world, content):
    world.save("c1", request=content)
    assert "INVALID_SIGNATURE" in verdict(world)


def test_a_result_of_another_provider_is_refused(world):
    other = issue(name_of("TEST employee", unit="BIN130151000029"), key_of(15), world.issuing, serial=201)
    world.save("c1", result_signer=other)
    assert_invalid(world, "identity: the BIN", "result")


def test_a_result_signed_by_the_citizen_is_refused(world):
    world.save("c1", result_signer=world.person)
    assert_invalid(world, "identity: ", "result")


def test_a_result_signed_by_an_employee_without_the_right_is_refused(world):
    employee = issue(
        name_of("TEST employee", unit=f"BIN{BIN}"),
        key_of(15),
        world.issuing,
        serial=201,
        extended=[SIGNING, ROLE],
    )
    world.save("c1", signer=employee, result_signer=employee)
    assert_invalid(world, "usage: the signer has no right to sign for the organisation", "result")
    assert verdict(world, signer=Signer.PROVIDER) == "pass", "a request at the desk is an employee's to sign"


ROLE = ObjectIdentifier("1.2.398.3.3.4.1.2.5")


def test_a_result_for_another_request_is_refused(world):
    digest = hashlib.sha256(b"another").hexdigest()
    world.save("c1", result=canonical(result_for(digest)))
    assert_invalid(world, "identity: the result answers another request", "result")


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"svc": "clinic-attachment"}, "identity: the document is about another service"),
        ({"reg_no": "11305150000002"}, "identity: the result bears another request number"),
        ({"outcome": "refused"}, "content: the result does not grant the request"),
    ],
)
def test_a_result_that_is_not_the_cases_own_is_refused(world, changes, cause):
    digest = hashlib.sha256(REQUEST).hexdigest()
    world.save("c1", result=canonical(result_for(digest, **changes)))
    assert_invalid(world, cause, "result")


def test_a_result_of_a_provider_that_was_not_asked_is_refused(world):
    asked = canonical(request_for("c1", prov="130151000029"))
    world.save("c1", request=asked)
    assert_invalid(world, "identity: another provider was asked", "result")


def test_a_request_about_another_service_is_refused(world):
    world.save("c1", request=canonical(request_for("c1", svc="doctor-appointment")))
    assert_invalid(world, "identity: the document is about another service")


def test_a_result_without_a_number_in_the_log_is_undecided(world):
    world.save("c1")
    assert "INDETERMINATE_SIGNATURE" in verdict(world, "result", number=None)


def test_a_loop_of_links_is_no_document(world):
    folder = world.save("c1")
    (folder / "request.json").unlink()
    (folder / "request.json").symlink_to("request.json")
    assert "MISSING_CONTENT" in verdict(world)


# --- files


@pytest.mark.parametrize("name", ["request.json", "request.p7s"])
def test_a_missing_file_is_missing_content(world, name):
    (world.folder / "c1" / name).unlink()
    assert verdict(world) == f"MISSING_CONTENT: {name} is not among the saved documents"


def test_a_result_without_signature_is_missing_content(world):
    (world.folder / "c1" / "result.p7s").unlink()
    assert "MISSING_CONTENT" in verdict(world, "result")
    world.save("c1")
    (world.folder / "c1" / "request.json").unlink()
    assert "MISSING_CONTENT" in verdict(world, "result")


@pytest.mark.parametrize(
    "name", ["..", "../c1", "/etc", "c1/../c1", "", ".", "c1\x00", "-", "c 1", "a" * 200]
)
def test_no_name_leads_out_of_the_folder(world, name):
    shutil.copytree(world.folder / "c1", world.folder.parent / "c1")
    assert "BAD_INPUT" in verdict(world, case=name)


def test_no_link_leads_out_of_the_folder(world, tmp_path):
    world.save("c1").rename(tmp_path / "outside")
    (world.folder / "c1").symlink_to(tmp_path / "outside")
    assert "MISSING_CONTENT" in verdict(world)


@pytest.mark.parametrize("name", ["request.json", "request.p7s"])
def test_too_large_a_file_is_refused(world, name):
    (world.folder / "c1" / name).write_bytes(b"x" * (MAX_DOCUMENT + 1))
    assert_invalid(world, "format: ")


def test_a_directory_in_place_of_a_file_is_missing_content(world):
    (world.folder / "c1" / "request.json").unlink()
    (world.folder / "c1" / "request.json").mkdir()
    assert "MISSING_CONTENT" in verdict(world)


def test_documents_must_be_a_directory(tmp_path):
    with pytest.raises(InputError, match="found nothing"):
        open_documents(tmp_path / "absent")
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="found a file"):
        open_documents(tmp_path / "file")


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
