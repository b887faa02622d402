"""A saved document belongs to its person, provider, service and case; files missing, large or elsewhere."""

import hashlib
import shutil

import pytest
from cryptography.x509.oid import ObjectIdentifier

from conformance.errors import InputError
from conformance.regulation import Signer
from conformance.saved_documents import MAX_DOCUMENT, open_documents
from tests.conformance.judged_documents import REQUEST, assert_invalid, verdict
from tests.conformance.signed_world import (
    BIN,
    OTHER_IIN,
    SIGNING,
    World,
    canonical,
    issue,
    key_of,
    name_of,
    request_for,
    result_for,
)


@pytest.fixture
def world(tmp_path):
    return World(tmp_path / "documents")


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
