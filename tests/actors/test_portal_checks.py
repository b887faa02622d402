"""Condition C2 at the portal: what passes, what is refused and why, and when."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.attachments import describe_file
from actors.authority import Authority
from actors.cades import MAX_OCTETS
from actors.check_digit import calc_check_digit
from actors.checks_under_way import ChecksUnderWay
from actors.conduct import PortalConduct
from actors.envelopes import AttachedFile, SignedDocument, read_request
from actors.errors import FormatError
from actors.policy import SignatureRules, ValidationPolicy
from actors.portal import NotAccepted, Portal
from actors.signing import Verifier
from tests.actors.small_clinic import (
    HOUR,
    IIN,
    NOW,
    OTHER_BIN,
    OTHER_IIN,
    PASSWORD,
    SALT,
    SECOND,
    SERVICES,
    SmallClinic,
    from_outside,
    resigned,
)

MAX_REQUEST = SignatureRules().max_request_octets


@pytest.fixture
def clinic():
    return SmallClinic()


def with_policy(**changes):
    return SmallClinic(PortalConduct(validation=ValidationPolicy(**changes)))


def check(clinic, document, now_us=NOW, files=None, iin=IIN):
    return clinic.portal.check_signature(clinic.log_in(iin, now_us=now_us), document, now_us, files)


def reason(clinic, document, now_us=NOW, files=None):
    return check(clinic, document, now_us, files).reason


class TestSignatures:
    @pytest.mark.parametrize("service", SERVICES)
    def test_a_good_request_passes(self, clinic, service):
        decision = clinic.portal.check_signature(clinic.log_in(), clinic.document(service), NOW)

        assert decision.passed
        assert decision.reason == "ok"

    def test_a_certificate_is_judged_by_the_moment(self, clinic):
        key = clinic.pki.person(not_before_us=NOW - 10**6, not_after_us=NOW + 10**6, label="short")
        document = clinic.document(key=key)

        assert reason(SmallClinic(), document, NOW - 2 * 10**6) == "CERT_NOT_YET_VALID"
        assert reason(SmallClinic(), document, NOW) == "ok"
        assert reason(SmallClinic(), document, NOW + 2 * 10**6) == "CERT_EXPIRED"

    def test_a_revoked_certificate_is_refused_from_the_next_list_on(self, clinic):
        document = clinic.document()
        clinic.pki.authority.revoke(clinic.citizen_key.certificate.serial, NOW)
        assert reason(clinic, document) == "ok"

        clinic.publish()

        assert reason(clinic, document) == "CERT_REVOKED"

    def test_without_a_fresh_list_nothing_passes(self, clinic):
        clinic.portal.verifier.revocation = None
        assert reason(clinic, clinic.document()) == "CHECK_UNAVAILABLE"

        clinic.publish(NOW - 48 * 3600 * 10**6)
        assert reason(clinic, clinic.document()) == "CHECK_UNAVAILABLE"

    def test_an_unknown_issuer_is_refused(self, clinic):
        key = clinic.pki.person(issuer=clinic.pki.stranger)

        assert reason(clinic, clinic.document(key=key)) == "CERT_UNTRUSTED"

    def test_a_key_for_logging_in_does_not_sign(self, clinic):
        assert reason(clinic, clinic.document(key=clinic.authentication_key())) == "CERT_WRONG_TYPE"

    def test_the_certificate_of_another_person_is_refused(self, clinic):
        assert reason(clinic, clinic.document(key=clinic.other_key)) == "IIN_MISMATCH"

    def test_a_good_request_of_another_person_is_refused(self, clinic):
        """The signature and the number agree; only the account is somebody else's."""
        document = clinic.document(key=clinic.other_key, iin=OTHER_IIN)

        assert reason(clinic, document) == "IIN_MISMATCH"
        assert clinic.portal.check_signature(clinic.log_in(OTHER_IIN), document, NOW).passed

    @pytest.mark.parametrize("change", [{"form": {}}, {"provider": OTHER_BIN}, {"issued_at_us": 0}])
    def test_a_request_changed_after_signing_is_refused(self, clinic, change):
        assert reason(clinic, resigned(clinic.document(), **change)) == "SIGNATURE_INVALID"

    def test_the_signature_of_another_request_is_refused(self, clinic):
        one, two = clinic.document(), clinic.document(request_id="R-2")

        assert reason(clinic, SignedDocument(one.octets, two.signature)) == "SIGNATURE_INVALID"

    @pytest.mark.parametrize("signature", [None, b"", b"\x00", b"\x30\x80", b"x" * MAX_OCTETS])
    def test_a_missing_or_unreadable_signature_is_refused(self, clinic, signature):
        document = SignedDocument(clinic.document().octets, signature)

        assert reason(clinic, document) == "SIGNATURE_INVALID"

    @pytest.mark.parametrize("octets", [b"", b"null", b"{}", b"\xff", b"[" * 9_999, b" " * MAX_REQUEST])
    def test_what_is_no_request_is_refused(self, clinic, octets):
        unsigned = SignedDocument(octets, clinic.document().signature)

        assert reason(clinic, unsigned) == "SIGNATURE_INVALID"
        assert reason(clinic, clinic.sign(octets, clinic.citizen_key)) == "REQUEST_INVALID"

    def test_what_is_too_large_is_refused_as_such(self, clinic):
        good = clinic.document()
        huge_signature = SignedDocument(good.octets, b"\x30" * (MAX_OCTETS + 1))
        huge_request = clinic.sign(b" " * (MAX_REQUEST + 1), clinic.citizen_key)

        assert reason(clinic, huge_signature) == reason(clinic, huge_request) == "TOO_LARGE"

    @pytest.mark.parametrize(
        ("policy", "key"),
        [
            ({"check_revocation": False}, "revoked"),
            ({"check_period": False}, "expired"),
            ({"check_identity": False}, "other"),
            ({"check_issuer": False}, "stranger"),
        ],
    )
    def test_a_check_left_out_lets_its_own_defect_through(self, policy, key):
        clinic = with_policy(**policy)
        keys = {
            "expired": clinic.pki.person(not_after_us=NOW - 10**6, label="expired"),
            "other": clinic.other_key,
            "stranger": clinic.pki.person(issuer=clinic.pki.stranger),
            "revoked": clinic.citizen_key,
        }
        if key == "revoked":
            clinic.pki.authority.revoke(clinic.citizen_key.draft.serial, NOW - 10**6)
            clinic.publish()
        document = clinic.document(key=keys[key])

        assert reason(clinic, document) == "ok"
        clinic.portal.conduct = PortalConduct()
        assert reason(clinic, document) != "ok"


class TestContents:
    """What the request itself says, once its signature is good."""

    @pytest.mark.parametrize("iin", ["850704200018", "000000000000"])
    def test_a_number_with_a_wrong_check_digit_is_malformed(self, clinic, iin):
        document = clinic.document(iin=iin, key=clinic.pki.person(iin=iin))

        assert reason(clinic, document) == "IIN_INVALID"

    def test_a_provider_that_does_not_render_the_service_is_refused(self, clinic):
        assert reason(clinic, clinic.document(provider=OTHER_BIN)) == "ok"
        assert reason(clinic, clinic.document(provider="121240000014")) == "PROVIDER_MISMATCH"

        clinic.portal.providers = None

        assert reason(clinic, clinic.document(provider="121240000014")) == "ok"

    def test_attached_files_have_to_be_those_that_were_signed(self, clinic):
        document = clinic.document(docs=(describe_file("scan.pdf", SCAN),))

        assert reason(clinic, document, files={"scan.pdf": SCAN}) == "ok"
        for files in (None, {}, {"scan.pdf": SCAN + b" "}, {"scan.pdf": SCAN, "more.pdf": SCAN}):
            assert reason(clinic, document, files=files) == "ATTACHMENT_REFUSED"
        assert reason(clinic, clinic.document(), files={"scan.pdf": SCAN}) == "ATTACHMENT_REFUSED"

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"max_request_octets": 100}, "TOO_LARGE"),
            ({"max_request_age_s": 0}, "STALE_REQUEST"),
            ({"signatures": frozenset({"rsa-sha256"})}, "CERT_WRONG_TYPE"),
            ({"curves": frozenset({"secp384r1"})}, "CERT_WRONG_TYPE"),
            ({"digests": frozenset()}, "CERT_WRONG_TYPE"),
            ({"max_list_age_s": 0}, "CHECK_UNAVAILABLE"),
            ({}, "ok"),
        ],
    )
    def test_the_rules_are_those_of_the_policy(self, changes, expected):
        clinic = with_policy(rules=SignatureRules(**changes))

        assert reason(clinic, clinic.document(), NOW + SECOND) == expected

    def test_who_has_no_known_sex_is_a_matter_of_the_policy(self):
        foreigner = personal_number_without_sex()
        for accepted, expected in ((True, "ok"), (False, "IIN_INVALID")):
            clinic = with_policy(rules=SignatureRules(accept_unknown_sex=accepted))
            document = clinic.document(iin=foreigner, key=clinic.pki.person(iin=foreigner))
            clinic.store.accounts.sign_up(foreigner, PASSWORD, SALT)

            assert check(clinic, document, iin=foreigner).reason == expected


SCAN = b"%PDF-1.4\n% a scan of tests\n%%EOF\n"


def personal_number_without_sex():
    """Return a well-formed number whose seventh digit says neither century nor sex."""
    first = "9001010" + "9001"
    digit = calc_check_digit(first)
    assert digit is not None
    return first + digit


def test_the_first_refusal_is_the_one_that_is_told(clinic):
    """A changed, stale request for an unknown provider, of another person: the signature comes first."""
    document = clinic.document(provider="121240000014", now_us=NOW - HOUR, key=clinic.other_key)

    assert reason(clinic, resigned(document, form={})) == "SIGNATURE_INVALID"
    assert reason(clinic, document) == "IIN_MISMATCH"
    mine = clinic.document(provider="121240000014", now_us=NOW - HOUR)
    assert reason(clinic, mine) == "PROVIDER_MISMATCH"
    assert reason(clinic, clinic.document(now_us=NOW - HOUR)) == "STALE_REQUEST"


shared = SmallClinic()
good = from_outside(shared.document())


def judged(document, **changes):
    """Judge a hostile document; nothing of it may be kept."""
    decision = check(shared, document, **changes)

    assert not shared.store.records
    assert len(shared.store.seen) == 0
    assert decision.passed == bool(shared.store.checks)
    shared.store.checks = ChecksUnderWay()
    return decision


@settings(deadline=None, max_examples=120)
@given(data=st.data())
def test_no_damage_to_a_document_passes_and_none_raises(data):
    """Flip, cut or add octets anywhere in the request or its signature."""
    whole = [good.octets, good.signature]
    which = data.draw(st.integers(0, 1))
    place = data.draw(st.integers(0, len(whole[which]) - 1))
    damage = data.draw(
        st.one_of(
            st.integers(1, 255).map(lambda mask: lambda b: bytes((b[0] ^ mask,)) + b[1:]),
            st.binary(min_size=1, max_size=9).map(lambda new: lambda b: new + b),
            st.integers(1, 99).map(lambda count: lambda b: b[count:]),
        )
    )
    whole[which] = whole[which][:place] + damage(whole[which][place:])
    document = SignedDocument(*whole)

    assert judged(document).passed == (document == good)


@settings(deadline=None, max_examples=60)
@given(octets=st.binary(max_size=200), signature=st.none() | st.binary(max_size=200))
def test_arbitrary_octets_get_a_decision(octets, signature):
    assert not judged(SignedDocument(octets, signature)).passed


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None, max_examples=120)
@given(data=st.data())
def test_a_signed_request_with_any_value_in_any_place_gets_a_decision(data):
    """Whoever has a good certificate can sign whatever they like."""
    fields = json.loads(shared.request().octets())
    key = data.draw(st.sampled_from(sorted(fields)) | st.text(max_size=5))
    fields[key] = data.draw(values)
    text = json.dumps(fields, ensure_ascii=data.draw(st.booleans()), sort_keys=True, separators=(",", ":"))
    document = shared.sign(text.encode("utf-8", "surrogatepass"), shared.citizen_key)

    decision = judged(from_outside(document))

    assert decision.passed or document.octets != shared.request().octets()
    assert decision.indication in {"REFUSED", "TOTAL_PASSED"}


@settings(deadline=None, max_examples=60)
@given(
    docs=st.lists(
        st.builds(
            AttachedFile,
            name=st.text(max_size=12),
            media=st.sampled_from(["application/pdf", "image/png", "application/zip", ""]),
            size=st.integers(-1, 2**70),
            sha256=st.sampled_from(["0" * 64, "", "x" * 64]),
        ),
        max_size=12,
    ),
    files=st.dictionaries(st.text(max_size=12), st.binary(max_size=40), max_size=3),
)
def test_any_list_of_files_gets_a_decision(docs, files):
    request = replace(shared.request(), docs=tuple(docs))
    try:
        octets = request.octets()
    except FormatError:  # no canonical JSON has such a text or number
        return
    document = from_outside(shared.sign(octets, shared.citizen_key))

    decision = judged(document, files=files)

    assert decision.passed == (not docs and not files)


def test_two_portals_of_other_trust_disagree():
    other = Authority(b"another seed of tests", NOW - 10**12)
    portal = Portal(Verifier(shared.pki.trust.of(other), shared.revocation), shared.store)
    portal.authorise(IIN, PASSWORD, "token", NOW)

    assert portal.check_signature("token", good, NOW).reason == "CERT_UNTRUSTED"


def test_the_request_inside_is_the_one_that_was_written():
    request = read_request(good.octets)

    assert replace(request, form={}) == replace(shared.request(), form={})


def test_attached_files_are_looked_at_only_under_a_good_signature(clinic, monkeypatch):
    looked = []
    monkeypatch.setattr("actors.portal.check_attachments", lambda *_: looked.append(1))
    document = clinic.document(docs=(describe_file("scan.pdf", b"%PDF-1.4"),))

    assert reason(clinic, SignedDocument(document.octets, b"garbage")) == "SIGNATURE_INVALID"
    assert looked == []
    assert reason(clinic, document) == "ok"
    assert looked == [1]


def test_a_signature_that_is_only_claimed_is_none(clinic):
    document = clinic.document()

    assert reason(clinic, SignedDocument(document.octets, None, document.claim)) == "SIGNATURE_INVALID"


def test_accepted_octets_under_garbage_are_not_accepted_again(clinic):
    document = clinic.document()
    assert check(clinic, document).passed
    clinic.portal.submit(clinic.log_in(), document, "", NOW)

    assert clinic.portal.submit(clinic.log_in(), document, "", NOW).repeated
    with pytest.raises(NotAccepted):
        clinic.portal.submit(clinic.log_in(), SignedDocument(document.octets, b"garbage"), "", NOW)
