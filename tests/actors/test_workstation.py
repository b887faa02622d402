from dataclasses import replace

import pytest

from actors.cades import read_detached
from actors.certificate import read_certificate
from actors.citizen import verify_result
from actors.conduct import WorkstationConduct
from actors.envelopes import ISSUED, REFUSED, SignedDocument, read_result
from actors.errors import FormatError
from actors.provider import BOOKING_JOURNAL, CALL_JOURNAL
from actors.schedule import SlotState
from actors.workstation import NotRegistered
from tests.actors.small_clinic import (
    IIN,
    LATER_SLOT,
    NOW,
    OTHER_IIN,
    SALT,
    SERVICES,
    SLOT,
    SmallClinic,
    resigned,
)

OTHER = {"iin": OTHER_IIN, "form": {"surname": "Өзге"}}


@pytest.fixture
def clinic():
    return SmallClinic()


def at_fault(**changes):
    return SmallClinic(conduct=WorkstationConduct(**changes))


def appointment(clinic, **changes):
    return clinic.registered("doctor-appointment", **changes)


def rivals(clinic):
    """Register two appointments for one slot; nobody holds it."""
    clinic.health_is.attach(OTHER_IIN, "clinic-01")
    mine = appointment(clinic)
    theirs = appointment(clinic, request_id="R-2", key=clinic.other_key, **OTHER)
    return mine, theirs


class TestRegistration:
    @pytest.mark.parametrize(("service", "digit"), list(zip(SERVICES, "123", strict=True)))
    def test_a_number_names_service_day_and_sequence(self, clinic, service, digit):
        registration = clinic.workstation.register(clinic.document(service), "130115")

        assert registration.number == f"{digit}1301150000001"
        assert not registration.repeated

    def test_numbers_are_never_given_twice(self, clinic):
        numbers = [clinic.registered(request_id=f"R-{n}") for n in range(20)]

        assert len(set(numbers)) == 20

    def test_the_same_request_again_gets_its_number_again(self, clinic):
        first = clinic.workstation.register(clinic.document(), "130115")
        again = clinic.workstation.register(clinic.document(), "130116")

        assert again.repeated
        assert again.number == first.number
        assert clinic.registered(request_id="R-2").endswith("0000002")

    def test_a_service_that_is_not_rendered_here_is_registered_in_order_to_be_refused(self, clinic):
        number = clinic.registered("driving-licence")

        assert number.startswith("0")
        assert clinic.check(number) == "DATA_UNRELIABLE"
        refusal = read_result(clinic.workstation.refuse(number, "DATA_UNRELIABLE", NOW).octets)
        assert (refusal.outcome, refusal.service) == (REFUSED, "driving-licence")
        with pytest.raises(FormatError):
            clinic.workstation.issue(number, NOW)

    @pytest.mark.parametrize("octets", [b"", b"{}", b"\xff"])
    def test_what_is_no_request_gets_no_number(self, clinic, octets):
        with pytest.raises(FormatError):
            clinic.workstation.register(SignedDocument(octets, None), "130115")
        assert clinic.registered().endswith("0000001")

    @pytest.mark.parametrize(
        "call",
        [
            lambda w: w.verify("1", NOW, by_employee=False),
            lambda w: w.check_grounds("1", NOW, by_employee=False, vouched_name=None, late=False),
            lambda w: w.issue("1", NOW),
            lambda w: w.refuse("1", "OTHER", NOW),
            lambda w: w.enter_in_journal("1", "", NOW),
            lambda w: w.slot_for("1"),
        ],
    )
    def test_a_number_that_was_never_given_is_unknown(self, clinic, call):
        with pytest.raises(NotRegistered):
            call(clinic.workstation)

    def test_a_workstation_at_fault_registers_twice(self):
        clinic = at_fault(registers_once=False)

        assert clinic.registered() != clinic.registered()

    def test_a_workstation_at_fault_gives_one_number_to_all(self):
        clinic = at_fault(numbers_are_new=False)

        assert clinic.registered(request_id="R-1") == clinic.registered(request_id="R-2")


class TestGrounds:
    def test_a_good_request_has_grounds(self, clinic):
        assert clinic.check(clinic.registered()) == "ok"

    def test_the_signature_is_verified_again(self, clinic):
        number = clinic.registered()
        clinic.revoke(clinic.citizen_key)

        assert clinic.check(number) == "CERT_REVOKED"

    def test_a_request_changed_on_its_way_is_refused(self, clinic):
        document = resigned(clinic.document(), form={"surname": "Тестова", "phone": "2"})
        number = clinic.workstation.register(document, "130115").number

        assert clinic.check(number) == "SIGNATURE_INVALID"

    @pytest.mark.parametrize("signature", [None, b"", b"\x30\x00"])
    def test_a_request_without_a_readable_signature_is_refused(self, clinic, signature):
        document = SignedDocument(clinic.document().octets, signature)
        number = clinic.workstation.register(document, "130115").number

        assert clinic.check(number) == "SIGNATURE_INVALID"
        assert clinic.check(number, by_employee=True) == "SIGNATURE_INVALID"

    def test_a_request_for_another_provider_is_refused(self, clinic):
        assert clinic.check(clinic.registered(provider="130151000029")) == "PROVIDER_MISMATCH"

    def test_the_surname_must_be_the_one_in_the_certificate(self, clinic):
        assert clinic.check(clinic.registered(form={"surname": "Басқа"})) == "DATA_UNRELIABLE"

    def test_a_late_request_is_refused_for_being_late(self, clinic):
        assert clinic.check(clinic.registered(), late=True) == "CUTOFF_MISSED"
        assert clinic.check(clinic.registered(), late=False) == "ok"

    def test_a_bad_signature_comes_before_being_late(self, clinic):
        number = clinic.workstation.register(SignedDocument(clinic.document().octets, None), "130115").number

        assert clinic.check(number, late=True) == "SIGNATURE_INVALID"

    def test_an_employee_signs_with_the_number_of_the_clinic(self, clinic):
        number = clinic.registered(key=clinic.employee_key)

        assert clinic.check(number, by_employee=True, vouched_name="Тестова") == "ok"
        assert clinic.check(number, by_employee=True, vouched_name="Басқа") == "DATA_UNRELIABLE"
        assert clinic.check(number) == "IIN_MISMATCH"

    def test_the_citizen_does_not_sign_for_the_clinic(self, clinic):
        assert clinic.check(clinic.registered(), by_employee=True) == "BIN_MISMATCH"

    def test_the_employee_of_another_clinic_does_not_sign_for_this_one(self, clinic):
        number = clinic.registered(key=clinic.foreign_key)

        assert clinic.check(number, by_employee=True) == "BIN_MISMATCH"

    def test_a_workstation_at_fault_verifies_nothing(self):
        clinic = at_fault(verifies_again=False)
        number = clinic.workstation.register(SignedDocument(clinic.document().octets, None), "130115").number

        assert clinic.check(number) == "ok"

    def test_a_workstation_at_fault_ignores_the_cut_off(self):
        clinic = at_fault(keeps_cutoff=False)

        assert clinic.check(clinic.registered(), late=True) == "ok"


class TestSlots:
    def test_a_slot_is_given_with_the_grounds_and_stays_given(self, clinic):
        mine, theirs = rivals(clinic)

        assert clinic.check(mine) == "ok"
        assert clinic.check(theirs) == "SLOT_TAKEN"
        assert clinic.provider.schedule.holder(SLOT) == "R-1"
        assert clinic.provider.schedule.state(SLOT, NOW + 10**12) is SlotState.TAKEN

    def test_whoever_is_refused_gets_no_slot(self, clinic):
        number = appointment(clinic, form={"phone": ""})

        assert clinic.check(number) == "DATA_UNRELIABLE"
        assert clinic.provider.schedule.state(SLOT, NOW) is SlotState.FREE

    def test_checking_twice_gives_the_slot_once(self, clinic):
        number = appointment(clinic)

        assert [clinic.check(number), clinic.check(number)] == ["ok", "ok"]

    def test_the_result_names_the_chosen_slot(self, clinic):
        number = appointment(clinic, form={"slot": LATER_SLOT})
        clinic.check(number)

        content = read_result(clinic.workstation.issue(number, NOW).octets).content

        assert content == {"document": "appointment-certificate", "slot": LATER_SLOT}
        assert clinic.workstation.slot_for(number) == LATER_SLOT

    def test_a_refusal_gives_back_what_was_held(self, clinic):
        clinic.provider.schedule.hold(SLOT, "R-1", NOW)

        clinic.workstation.refuse(appointment(clinic), "OTHER", NOW)

        assert clinic.provider.schedule.state(SLOT, NOW) is SlotState.FREE

    def test_a_slot_in_the_form_of_another_service_means_nothing(self, clinic):
        number = clinic.registered(form={"slot": SLOT})

        assert clinic.check(number) == "ok"
        clinic.workstation.issue(number, NOW)

        assert clinic.workstation.slot_for(number) is None
        assert clinic.provider.schedule.state(SLOT, NOW) is SlotState.FREE

    def test_a_workstation_at_fault_gives_one_slot_to_two(self):
        clinic = at_fault(confirms_only_free_slots=False)
        mine, theirs = rivals(clinic)
        assert [clinic.check(mine), clinic.check(theirs)] == ["ok", "ok"]

        slots = [read_result(clinic.workstation.issue(n, NOW).octets).content["slot"] for n in (mine, theirs)]

        assert slots == [SLOT, SLOT]

    def test_a_workstation_at_fault_gives_another_slot(self):
        clinic = at_fault(keeps_chosen_slot=False)
        number = appointment(clinic)
        clinic.check(number)

        assert read_result(clinic.workstation.issue(number, NOW).octets).content["slot"] == LATER_SLOT

    def test_a_workstation_with_one_slot_has_no_other_to_give(self):
        clinic = at_fault(keeps_chosen_slot=False)
        clinic.provider.schedule.slots = clinic.provider.schedule.slots[:1]

        assert clinic.workstation.slot_for(appointment(clinic)) == SLOT


class TestAnswers:
    def verify(self, clinic, answer, document):
        return verify_result(
            answer,
            document,
            provider_bin=clinic.pki.bin,
            verifier=clinic.verifier,
            now_us=NOW,
        ).reason

    def signer(self, answer):
        return read_certificate(read_detached(answer.signature).certificate_der).bin

    @pytest.mark.parametrize("service", SERVICES)
    def test_a_result_is_bound_to_its_request_and_signed_by_the_provider(self, clinic, service):
        document = clinic.document(service)
        number = clinic.workstation.register(document, "130115").number

        answer = clinic.workstation.issue(number, NOW)

        result = read_result(answer.octets)
        assert (result.request_id, result.request_sha256) == ("R-1", document.sha256)
        assert (result.registration_number, result.outcome, result.reason) == (number, ISSUED, None)
        assert self.verify(clinic, answer, document) == "ok"

    def test_a_refusal_states_its_reason_and_is_signed_too(self, clinic):
        document = clinic.document()
        number = clinic.workstation.register(document, "130115").number

        answer = clinic.workstation.refuse(number, "NOT_ATTACHED", NOW)

        result = read_result(answer.octets)
        assert (result.outcome, result.reason, result.content) == (REFUSED, "NOT_ATTACHED", {})
        assert self.verify(clinic, answer, document) == "ok"

    def test_an_attachment_attaches(self, clinic):
        clinic.health_is.attach(IIN, "clinic-02")

        clinic.workstation.issue(clinic.registered("clinic-attachment"), NOW)

        assert clinic.health_is.attached_to(IIN) == "clinic-01"

    def test_a_refused_attachment_does_not(self, clinic):
        clinic.health_is.attach(IIN, "clinic-02")

        clinic.workstation.refuse(clinic.registered("clinic-attachment"), "OTHER", NOW)

        assert clinic.health_is.attached_to(IIN) == "clinic-02"

    def test_every_answer_enters_the_statistics(self, clinic):
        one, two = clinic.registered(request_id="R-1"), clinic.registered(request_id="R-2")

        clinic.workstation.issue(one, NOW)
        clinic.workstation.refuse(two, "OTHER", NOW + 1)

        entries = [(e.registration_number, e.outcome, e.at_us) for e in clinic.health_is.rendered]
        assert entries == [(one, ISSUED, NOW), (two, REFUSED, NOW + 1)]

    def test_a_home_call_without_an_address_is_still_no_crash(self, clinic):
        document = clinic.document()
        request = replace(clinic.request(), form={})
        number = clinic.workstation.register(SignedDocument(request.octets(), document.signature), "130115")

        assert clinic.check(number.number) == "SIGNATURE_INVALID"
        assert read_result(clinic.workstation.issue(number.number, NOW).octets).content["address"] == ""

    def test_calls_and_bookings_have_their_journals(self, clinic):
        call = clinic.workstation.enter_in_journal(clinic.registered(), "visit", NOW)
        booking = clinic.workstation.enter_in_journal(appointment(clinic, request_id="R-2"), SLOT, NOW)

        assert (call.journal, booking.journal) == (CALL_JOURNAL, BOOKING_JOURNAL)
        assert clinic.provider.journal == (call, booking)

    def test_a_workstation_at_fault_leaves_the_signature_out(self):
        clinic = at_fault(signs_results=False)

        assert clinic.workstation.issue(clinic.registered(), NOW).signature is None

    def test_a_workstation_at_fault_signs_with_the_key_of_another(self):
        clinic = at_fault(signs_with_own_key=False)
        number = clinic.registered()
        assert self.signer(clinic.workstation.issue(number, NOW)) == "130151000029"

        clinic.workstation.other_key = None
        assert self.signer(clinic.workstation.issue(number, NOW)) == clinic.pki.bin

    def test_a_workstation_at_fault_binds_its_result_to_nothing(self):
        clinic = at_fault(binds_result_to_request=False)
        document = clinic.document()
        answer = clinic.workstation.issue(clinic.workstation.register(document, "130115").number, NOW)

        assert self.verify(clinic, answer, document) == "IDENTITY_MISMATCH"

    def test_a_workstation_at_fault_gives_no_reason(self):
        clinic = at_fault(states_reasons=False)

        answer = clinic.workstation.refuse(clinic.registered(), "NOT_ATTACHED", NOW)

        assert read_result(answer.octets).reason is None


def test_an_employee_logs_in_with_the_password_and_not_without(clinic):
    clinic.workstation.accounts.sign_up("registrar", "right", SALT)

    assert clinic.workstation.log_in("registrar", "right")
    assert not clinic.workstation.log_in("registrar", "wrong")
    assert not clinic.workstation.log_in("nobody", "right")
