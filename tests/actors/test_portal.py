"""The portal: accounts, sessions, forms, submissions, the status screen and results."""

import pytest

from actors.accounts import AlreadySignedUp
from actors.conduct import PortalConduct
from actors.envelopes import SignedDocument
from actors.errors import InvalidNumber
from actors.portal import (
    SESSION_US,
    Login,
    NoSession,
    NotAccepted,
    SlotChoice,
    UnknownService,
)
from actors.portal_store import Status, UnknownRequest
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
    from_outside,
    schedule,
)

NOBODY = "751231100011"


@pytest.fixture
def clinic():
    return SmallClinic()


def send(clinic, document, now_us=NOW, term="2013-01-15"):
    session = clinic.log_in(now_us=now_us)
    assert clinic.portal.check_signature(session, document, now_us).passed
    return clinic.portal.submit(session, document, term, now_us)


def submitted(clinic, service="doctor-home-call", **changes):
    return send(clinic, clinic.document(service, **changes)).request.id


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

    def test_a_portal_that_goes_on_after_a_denial_opens_a_session_and_says_so(self):
        clinic = SmallClinic(PortalConduct(stops_after_refusals=False))

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
        document = clinic.document()
        first = send(clinic, document)
        clinic.portal.note_registration("R-1", "11301150000001")

        second = send(clinic, document, NOW + 1, "2013-01-16")

        assert (first.repeated, second.repeated) == (False, True)
        assert first.request == second.request
        screen = clinic.portal.status_screen(clinic.log_in(), "R-1", NOW)
        assert (screen["status"], screen["term"]) == (Status.REGISTERED, "2013-01-15")

    def test_what_condition_2_has_not_seen_cannot_be_sent(self, clinic):
        session, document = clinic.log_in(), clinic.document()
        with pytest.raises(NotAccepted):
            clinic.portal.submit(session, document, "", NOW)

        clinic.receive(document, NOW)
        with pytest.raises(NotAccepted):
            clinic.portal.submit(session, document, "", NOW)

    @pytest.mark.parametrize("key", ["citizen_key", "other_key"])
    def test_what_condition_2_refused_cannot_be_sent(self, clinic, key):
        session, document = clinic.log_in(), clinic.document(key=getattr(clinic, key))
        clinic.portal.check_signature(session, document, NOW)
        clinic.revoke(clinic.citizen_key)
        assert not clinic.portal.check_signature(session, document, NOW).passed

        with pytest.raises(NotAccepted):
            clinic.portal.submit(session, document, "", NOW)

    @pytest.mark.parametrize("duty", ["heeds_condition_2", "stops_after_refusals"])
    def test_a_portal_at_fault_sends_what_condition_2_refused_and_nothing_else(self, duty):
        clinic = SmallClinic(PortalConduct(**{duty: False}))
        clinic.revoke(clinic.citizen_key)
        session, document = clinic.log_in(), clinic.document()
        assert not clinic.portal.check_signature(session, document, NOW).passed

        assert not clinic.portal.submit(session, document, "", NOW).repeated
        with pytest.raises(NotAccepted):
            clinic.portal.submit(session, clinic.document(request_id="R-2"), "", NOW)

    def test_other_octets_than_those_that_passed_cannot_be_sent(self, clinic):
        session, passed = clinic.log_in(), clinic.document()
        assert clinic.portal.check_signature(session, passed, NOW).passed

        for document in (clinic.document(form={"phone": "2"}), clinic.document(request_id="R-2")):
            with pytest.raises(NotAccepted):
                clinic.portal.submit(session, document, "", NOW)

    @pytest.mark.parametrize("signature", [None, b"", b"another"])
    def test_another_signature_than_the_one_that_passed_cannot_be_sent(self, clinic, signature):
        session, passed = clinic.log_in(), from_outside(clinic.document())
        assert clinic.portal.check_signature(session, passed, NOW).passed

        with pytest.raises(NotAccepted):
            clinic.portal.submit(session, SignedDocument(passed.octets, signature), "", NOW)
        assert not clinic.portal.submit(session, passed, "", NOW).repeated

    def test_a_bad_signature_over_what_was_accepted_passes_nothing(self, clinic):
        document = clinic.document()
        send(clinic, document)

        again = SignedDocument(document.octets, document.signature[:-1])

        assert clinic.portal.check_signature(clinic.log_in(), document, NOW).passed
        assert not clinic.portal.check_signature(clinic.log_in(), again, NOW).passed

    def test_the_request_of_another_person_cannot_be_sent(self, clinic):
        document = clinic.document(key=clinic.other_key, iin=OTHER_IIN)
        assert clinic.portal.check_signature(clinic.log_in(OTHER_IIN), document, NOW).passed

        with pytest.raises(NotAccepted):
            clinic.portal.submit(clinic.log_in(), document, "", NOW)
        assert clinic.portal.submit(clinic.log_in(OTHER_IIN), document, "", NOW)

    @pytest.mark.parametrize("octets", [b"", b"{}", b"\xff"])
    def test_what_is_no_request_cannot_be_sent(self, clinic, octets):
        with pytest.raises(NotAccepted):
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
