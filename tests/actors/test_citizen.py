from dataclasses import replace

import pytest

from actors.citizen import REQUEST_LIFETIME_US, verify_result
from actors.envelopes import SignedDocument, read_request, read_result
from actors.signing import Verifier
from actors.validation import Indication
from tests.actors.small_clinic import NOW, SmallClinic


@pytest.fixture(scope="module")
def clinic():
    return SmallClinic()


@pytest.fixture(scope="module")
def asked(clinic):
    return clinic.document()


@pytest.fixture(scope="module")
def answered(clinic, asked):
    return clinic.workstation.issue(clinic.workstation.register(asked, "130115").number, NOW)


def verify(clinic, result, request, **changes):
    fields = {
        "provider_bin": clinic.pki.bin,
        "verifier": clinic.verifier,
        "now_us": NOW,
    }
    return verify_result(result, request, **(fields | changes))


def forged(clinic, answered, **changes):
    """Sign an altered answer with the provider's own key."""
    octets = replace(read_result(answered.octets), **changes).octets()
    return clinic.sign(octets, clinic.provider_key)


def test_a_request_says_until_when_it_is_meant(clinic):
    request = clinic.request()

    assert request.expires_at_us - request.issued_at_us == REQUEST_LIFETIME_US


def test_signing_leaves_the_request_as_it_is_and_is_deterministic(clinic):
    request = clinic.request()

    one, two = (clinic.sign(request.octets(), clinic.citizen_key) for _ in range(2))

    assert read_request(one.octets) == request
    assert one == two


def test_the_answer_to_the_own_request_is_believed(clinic, asked, answered):
    decision = verify(clinic, answered, asked)

    assert decision.passed
    assert decision.reason == "ok"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"request_sha256": "0" * 64}, "IDENTITY_MISMATCH"),
        ({"request_id": "R-2"}, "IDENTITY_MISMATCH"),
        ({"service": "clinic-attachment"}, "IDENTITY_MISMATCH"),
        ({"provider": "130151000029"}, "IDENTITY_MISMATCH"),
    ],
)
def test_an_answer_to_something_else_is_refused_though_the_signature_is_good(
    clinic, asked, answered, change, reason
):
    decision = verify(clinic, forged(clinic, answered, **change), asked)

    assert decision.indication is Indication.REFUSED
    assert decision.reason == reason


def test_the_same_answer_signed_again_is_believed(clinic, asked, answered):
    assert verify(clinic, forged(clinic, answered), asked).passed


def test_an_answer_to_another_request_is_refused(clinic, answered):
    other = clinic.document(form={"address": "street 2"})

    assert verify(clinic, answered, other).reason == "IDENTITY_MISMATCH"


def test_an_answer_of_another_organisation_is_refused(clinic, asked, answered):
    foreign = clinic.sign(answered.octets, clinic.foreign_key)

    assert verify(clinic, foreign, asked).reason == "BIN_MISMATCH"


def test_an_answer_of_an_employee_binds_nobody(clinic, asked, answered):
    by_employee = clinic.sign(answered.octets, clinic.employee_key)

    assert verify(clinic, by_employee, asked).reason == "CERT_WRONG_TYPE"


def test_an_answer_signed_by_the_citizen_is_refused(clinic, asked, answered):
    by_citizen = clinic.sign(answered.octets, clinic.citizen_key)

    assert not verify(clinic, by_citizen, asked).passed


def test_a_changed_answer_is_refused(clinic, asked, answered):
    octets = replace(read_result(answered.octets), content={"address": "elsewhere"}).octets()

    decision = verify(clinic, SignedDocument(octets, answered.signature), asked)

    assert decision.reason == "SIGNATURE_INVALID"


def test_without_lists_of_revoked_certificates_nothing_is_believed(clinic, asked, answered):
    blind = Verifier(clinic.pki.trust)

    assert verify(clinic, answered, asked, verifier=blind).reason == "CHECK_UNAVAILABLE"


@pytest.mark.parametrize(
    ("signature", "reason"),
    [
        (None, "SIGNATURE_INVALID"),
        (b"", "SIGNATURE_INVALID"),
        (b"\x30\x00", "SIGNATURE_INVALID"),
        (b"x" * 100_000, "TOO_LARGE"),
    ],
)
def test_an_answer_without_a_readable_signature_is_refused(clinic, asked, answered, signature, reason):
    assert verify(clinic, SignedDocument(answered.octets, signature), asked).reason == reason


@pytest.mark.parametrize("octets", [b"", b"{}", b"\xff" * 10, b"[" * 100_000])
def test_what_is_no_result_is_refused(clinic, asked, answered, octets):
    assert not verify(clinic, SignedDocument(octets, answered.signature), asked).passed
