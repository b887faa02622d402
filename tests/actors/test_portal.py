from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.accounts import AlreadySignedUp
from actors.authority import Authority
from actors.cades import MAX_OCTETS as MAX_SIGNATURE
from actors.canonical_json import MAX_OCTETS
from actors.conduct import PortalConduct
from actors.envelopes import SignedDocument, read_request
from actors.errors import FormatError, InvalidNumber
from actors.portal import (
    SESSION_US,
    Login,
    NoSession,
    Portal,
    SlotChoice,
    Status,
    UnknownRequest,
    UnknownService,
)
from actors.revocation import RevocationList
from actors.validation import ValidationPolicy
from tests.actors.small_clinic import (
    IIN,
    LATER_SLOT,
    NOW,
    OTHER_IIN,
    PASSWORD,
    SALT,
    SERVICES,
    SLOT,
    SmallClinic,
    resigned,
    schedule,
)

NOBODY = "751231100011"


@pytest.fixture
def clinic():
    return SmallClinic()


def with_policy(**changes):
    return SmallClinic(PortalConduct(validation=ValidationPolicy(**changes)))


def reason(clinic, document, now_us=NOW):
    return clinic.portal.check_signature(clinic.log_in(now_us=now_us), document, now_us).reason


def submitted(clinic, service="doctor-home-call", **changes):
    document = clinic.document(service, **changes)
    return clinic.portal.submit(clinic.log_in(), document, "2013-01-15", NOW).request.id


CALLS = {
    "open_form": lambda c, s, t: c.portal.open_form(s, SERVICES[0], t),
    "choose_slot": lambda c, s, t: c.portal.choose_slot(s, schedule(), SLOT, "R-1", t),
    "check_signature": lambda c, s, t: c.portal.check_signature(s, c.document(), t),
    "submit": lambda c, s, t: c.portal.submit(s, c.document(), "", t),
    "status_screen": lambda c, s, t: c.portal.status_screen(s, "R-1", t),
    "open_result": lambda c, s, t: c.portal.open_result(s, "R-1", t),
}


class TestAccounts:
    def test_the_right_password_opens_a_session(self, clinic):
        assert clinic.portal.authorise(IIN, PASSWORD, "token", NOW) == Login(True, "token")

    def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(self, clinic):
        wrong = clinic.portal.authorise(IIN, "wrong", "one", NOW)
        unknown = clinic.portal.authorise(NOBODY, PASSWORD, "two", NOW)

        assert wrong == unknown == Login(False, None)
        for token in ("one", "two", "", "None"):
            with pytest.raises(NoSession):
                clinic.portal.open_form(token, SERVICES[0], NOW)

    def test_nobody_signs_up_twice(self, clinic):
        with pytest.raises(AlreadySignedUp):
            clinic.portal.sign_up(IIN, "another", SALT)

        assert clinic.log_in() is not None

    @pytest.mark.parametrize("iin", ["", "1", "850704200018", "000000000000", "85070420001x", "٨" * 12])
    def test_only_a_real_number_signs_up(self, clinic, iin):
        with pytest.raises(InvalidNumber):
            clinic.portal.sign_up(iin, PASSWORD, SALT)

    def test_a_portal_at_fault_admits_a_wrong_password_and_says_so(self):
        clinic = SmallClinic(PortalConduct(refuses_bad_logins=False))

        assert clinic.portal.authorise(IIN, "wrong", "token", NOW) == Login(False, "token")


class TestSessions:
    @pytest.mark.parametrize("call", CALLS)
    @pytest.mark.parametrize("token", ["", "session of nobody"])
    def test_nothing_is_done_without_a_session(self, clinic, call, token):
        clinic.log_in()
        with pytest.raises(NoSession):
            CALLS[call](clinic, token, NOW)

    @pytest.mark.parametrize("call", CALLS)
    def test_nothing_is_done_after_the_session_is_over(self, clinic, call):
        session = clinic.log_in()
        with pytest.raises(NoSession):
            CALLS[call](clinic, session, NOW + SESSION_US + 1)

    def test_a_session_lasts_through_its_last_microsecond(self, clinic):
        assert clinic.portal.open_form(clinic.log_in(), SERVICES[0], NOW + SESSION_US)

    def test_logging_in_again_prolongs_the_session(self, clinic):
        clinic.log_in()
        session = clinic.log_in(now_us=NOW + SESSION_US)

        assert clinic.portal.open_form(session, SERVICES[0], NOW + 2 * SESSION_US)

    def test_what_was_refused_without_a_session_left_no_trace(self, clinic):
        with pytest.raises(NoSession):
            clinic.portal.submit("nobody", clinic.document(), "", NOW)
        with pytest.raises(UnknownRequest):
            clinic.portal.status_screen(clinic.log_in(), "R-1", NOW)


class TestForms:
    @pytest.mark.parametrize("service", SERVICES)
    def test_every_service_has_a_form_and_none_asks_for_the_number(self, clinic, service):
        fields = clinic.portal.open_form(clinic.log_in(), service, NOW)

        assert "surname" in fields
        assert "iin" not in fields
        assert ("slot" in fields) == (service == "doctor-appointment")

    @pytest.mark.parametrize("service", ["", "driving-licence"])
    def test_an_unknown_service_has_none(self, clinic, service):
        with pytest.raises(UnknownService):
            clinic.portal.open_form(clinic.log_in(), service, NOW)

    def test_a_chosen_slot_is_held_and_no_longer_offered(self, clinic):
        slots, session = schedule(), clinic.log_in()

        choice = clinic.portal.choose_slot(session, slots, SLOT, "R-1", NOW)

        assert choice == SlotChoice(SLOT, was_free=True, held=True)
        assert [slot.id for slot in clinic.portal.offer_slots(slots, NOW)] == [LATER_SLOT]

    def test_a_slot_that_another_has_is_neither_free_nor_held(self, clinic):
        slots, session = schedule(), clinic.log_in()
        slots.take(SLOT, "R-other", NOW)

        choice = clinic.portal.choose_slot(session, slots, SLOT, "R-1", NOW)

        assert choice == SlotChoice(SLOT, was_free=False, held=False)

    def test_an_unknown_slot_is_not_held(self, clinic):
        choice = clinic.portal.choose_slot(clinic.log_in(), schedule(), "doctor-9@", "R-1", NOW)

        assert not choice.held

    def test_a_portal_at_fault_offers_what_is_taken(self):
        clinic, slots = SmallClinic(PortalConduct(offers_only_free_slots=False)), schedule()
        slots.take(SLOT, "R-other", NOW)

        assert [slot.id for slot in clinic.portal.offer_slots(slots, NOW)] == [SLOT, LATER_SLOT]


class TestSignatures:
    @pytest.mark.parametrize("service", SERVICES)
    def test_a_good_request_passes(self, clinic, service):
        decision = clinic.portal.check_signature(clinic.log_in(), clinic.document(service), NOW)

        assert decision.passed
        assert decision.reason == "ok"

    def test_a_certificate_is_judged_by_the_moment(self, clinic):
        key = clinic.pki.person(not_before_us=NOW - 10**6, not_after_us=NOW + 10**6, label="short")
        document = clinic.document(key=key)

        assert reason(clinic, document, NOW - 2 * 10**6) == "CERT_NOT_YET_VALID"
        assert reason(clinic, document, NOW) == "ok"
        assert reason(clinic, document, NOW + 2 * 10**6) == "CERT_EXPIRED"

    def test_a_revoked_certificate_is_refused_from_the_next_list_on(self, clinic):
        document = clinic.document()
        clinic.pki.authority.revoke(clinic.citizen_key.certificate.serial, NOW)
        assert reason(clinic, document) == "ok"

        clinic.portal.revocation = clinic.pki.revocation()

        assert reason(clinic, document) == "CERT_REVOKED"

    def test_without_a_fresh_list_nothing_passes(self, clinic):
        clinic.portal.revocation = None
        assert reason(clinic, clinic.document()) == "CHECK_UNAVAILABLE"

        clinic.portal.revocation = RevocationList.read(
            clinic.pki.authority.publish(NOW - 48 * 3600 * 10**6), clinic.pki.trust
        )
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

    @pytest.mark.parametrize("change", [{"form": {}}, {"provider": "130151000029"}, {"issued_at_us": 0}])
    def test_a_request_changed_after_signing_is_refused(self, clinic, change):
        assert reason(clinic, resigned(clinic.document(), **change)) == "SIGNATURE_INVALID"

    def test_the_signature_of_another_request_is_refused(self, clinic):
        one, two = clinic.document(), clinic.document(request_id="R-2")

        assert reason(clinic, SignedDocument(one.octets, two.signature)) == "SIGNATURE_INVALID"

    @pytest.mark.parametrize("signature", [None, b"", b"\x00", b"\x30\x80", b"x" * (MAX_SIGNATURE + 1)])
    def test_a_missing_unreadable_or_huge_signature_is_refused(self, clinic, signature):
        document = SignedDocument(clinic.document().octets, signature)

        assert reason(clinic, document) == "SIGNATURE_INVALID"

    @pytest.mark.parametrize("octets", [b"", b"null", b"{}", b"\xff", b"[" * 9_999, b" " * (MAX_OCTETS + 1)])
    def test_what_is_no_request_is_refused(self, clinic, octets):
        document = SignedDocument(octets, clinic.document().signature)

        assert reason(clinic, document) == "SIGNATURE_INVALID"

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
            clinic.pki.authority.revoke(clinic.citizen_key.certificate.serial, NOW - 10**6)
            clinic.portal.revocation = clinic.pki.revocation()
        document = clinic.document(key=keys[key])

        assert reason(clinic, document) == "ok"
        clinic.portal.conduct = PortalConduct()
        assert reason(clinic, document) != "ok"


class TestSubmissions:
    def test_a_request_is_shown_as_sent(self, clinic):
        request = submitted(clinic)

        screen = clinic.portal.status_screen(clinic.log_in(), request, NOW)

        assert screen == {
            "iin": IIN,
            "number": "",
            "service": "doctor-home-call",
            "status": Status.SENT,
            "term": "2013-01-15",
        }

    def test_the_same_octets_again_are_the_same_submission(self, clinic):
        session, document = clinic.log_in(), clinic.document()
        first = clinic.portal.submit(session, document, "2013-01-15", NOW)
        clinic.portal.note_registration("R-1", "11301150000001")

        second = clinic.portal.submit(session, document, "2013-01-16", NOW + 1)

        assert (first.repeated, second.repeated) == (False, True)
        assert first.request == second.request
        screen = clinic.portal.status_screen(session, "R-1", NOW)
        assert (screen["status"], screen["term"]) == (Status.REGISTERED, "2013-01-15")

    def test_other_octets_under_a_known_identifier_are_refused(self, clinic):
        session, document = clinic.log_in(), clinic.document()
        clinic.portal.submit(session, document, "", NOW)

        with pytest.raises(FormatError):
            clinic.portal.submit(session, clinic.document(form={"phone": "2"}), "", NOW)

        assert clinic.portal.submit(session, document, "", NOW).repeated

    def test_the_request_of_another_person_cannot_be_sent(self, clinic):
        document = clinic.document(key=clinic.other_key, iin=OTHER_IIN)
        with pytest.raises(FormatError):
            clinic.portal.submit(clinic.log_in(), document, "", NOW)

    @pytest.mark.parametrize("octets", [b"", b"{}", b"\xff"])
    def test_what_is_no_request_cannot_be_sent(self, clinic, octets):
        with pytest.raises(FormatError):
            clinic.portal.submit(clinic.log_in(), SignedDocument(octets, None), "", NOW)

    def test_nobody_sees_the_request_of_another(self, clinic):
        request, stranger = submitted(clinic), clinic.log_in(OTHER_IIN)

        with pytest.raises(UnknownRequest) as theirs:
            clinic.portal.status_screen(stranger, request, NOW)
        with pytest.raises(UnknownRequest) as none:
            clinic.portal.status_screen(stranger, "R-404", NOW)

        assert str(theirs.value) == str(none.value)


class TestAnswers:
    def test_there_is_nothing_to_open_before_the_answer(self, clinic):
        request = submitted(clinic)
        with pytest.raises(UnknownRequest):
            clinic.portal.open_result(clinic.log_in(), request, NOW)

    @pytest.mark.parametrize(("refused", "status"), [(False, Status.COMPLETED), (True, Status.REFUSED)])
    def test_the_answer_can_be_opened_by_whoever_asked(self, clinic, refused, status):
        request, answer, session = submitted(clinic), SignedDocument(b"{}", b"signature"), clinic.log_in()

        clinic.portal.deliver(request, answer, refused=refused)

        screen = clinic.portal.status_screen(session, request, NOW)
        assert (screen["status"], screen["view_results"]) == (status, "shown")
        assert clinic.portal.open_result(session, request, NOW) == answer
        with pytest.raises(UnknownRequest):
            clinic.portal.open_result(clinic.log_in(OTHER_IIN), request, NOW)

    def test_nothing_is_noted_or_delivered_for_a_request_that_was_never_sent(self, clinic):
        with pytest.raises(UnknownRequest):
            clinic.portal.note_registration("R-404", "1")
        with pytest.raises(UnknownRequest):
            clinic.portal.deliver("R-404", SignedDocument(b"", None), refused=False)

    def test_a_portal_at_fault_hides_the_status(self):
        clinic = SmallClinic(PortalConduct(screen_fields=("iin", "number")))
        request = submitted(clinic)

        assert set(clinic.portal.status_screen(clinic.log_in(), request, NOW)) == {"iin", "number"}


shared = SmallClinic()
good = shared.document()


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

    decision = shared.portal.check_signature(shared.log_in(), document, NOW)

    assert decision.passed == (document == good)


@settings(deadline=None, max_examples=60)
@given(octets=st.binary(max_size=200), signature=st.none() | st.binary(max_size=200))
def test_arbitrary_octets_get_a_decision(octets, signature):
    decision = shared.portal.check_signature(shared.log_in(), SignedDocument(octets, signature), NOW)

    assert not decision.passed


def test_two_portals_of_other_trust_disagree():
    other = Authority(b"another seed of tests", NOW - 10**12)
    portal = Portal(shared.portal.accounts, shared.pki.trust.of(other), shared.revocation)
    portal.authorise(IIN, PASSWORD, "token", NOW)

    assert portal.check_signature("token", good, NOW).reason == "CERT_UNTRUSTED"


def test_the_request_inside_is_the_one_that_was_written():
    request = read_request(good.octets)

    assert replace(request, form={}) == replace(shared.request(), form={})
