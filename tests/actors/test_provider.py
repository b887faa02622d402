import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.provider import CALL_JOURNAL, JournalLine
from tests.actors.small_clinic import IIN, LATER_SLOT, NOW, SERVICES, SLOT, SmallClinic

NAME = "TEST ТЕСТОВА ҰЛЖАН"


@pytest.fixture
def clinic():
    return SmallClinic()


def grounds(clinic, service="doctor-home-call", name=NAME, now_us=NOW, **changes):
    return clinic.provider.grounds(clinic.request(service, **changes), name, now_us)


@pytest.mark.parametrize("service", SERVICES)
def test_whoever_fulfils_what_the_service_presupposes_is_served(clinic, service):
    if service == "clinic-attachment":
        clinic.health_is.attach(IIN, "clinic-02")

    assert grounds(clinic, service) == "ok"


@pytest.mark.parametrize("service", SERVICES)
def test_a_request_for_another_provider_is_not_this_ones(clinic, service):
    assert grounds(clinic, service, provider="130151000029") == "PROVIDER_MISMATCH"
    assert grounds(clinic, service, provider="") == "PROVIDER_MISMATCH"


@pytest.mark.parametrize("service", ["", "driving-licence", "Doctor-home-call", "__class__"])
def test_a_service_that_is_not_rendered_here_has_no_grounds(clinic, service):
    assert grounds(clinic, service) == "DATA_UNRELIABLE"


@pytest.mark.parametrize("service", ["doctor-home-call", "doctor-appointment"])
@pytest.mark.parametrize("attached", [None, "clinic-02"])
def test_whoever_is_attached_elsewhere_is_refused(clinic, service, attached):
    clinic.health_is._attachments.clear()
    if attached:
        clinic.health_is.attach(IIN, attached)

    assert grounds(clinic, service) == "NOT_ATTACHED"


def test_whoever_is_attached_here_cannot_be_attached_again(clinic):
    assert grounds(clinic, "clinic-attachment") == "ALREADY_ATTACHED"


@pytest.mark.parametrize("field", ["surname", "phone", "address"])
@pytest.mark.parametrize("value", ["", "  ", "\t\n"])
def test_an_empty_field_makes_the_data_unreliable(clinic, field, value):
    assert grounds(clinic, form={field: value}) == "DATA_UNRELIABLE"


def test_an_appointment_needs_no_address(clinic):
    assert grounds(clinic, "doctor-appointment", form={"address": ""}) == "ok"


@pytest.mark.parametrize(
    ("surname", "vouched", "expected"),
    [
        ("тестова", "TEST ТЕСТОВА ҰЛЖАН", "ok"),
        ("ТЕСТОВА", "Тестова", "ok"),
        ("Тест", "Тестова", "DATA_UNRELIABLE"),
        ("Басқа", "Тестова", "DATA_UNRELIABLE"),
        ("Әл Фараби", "TEST Әл Фараби Нұр", "ok"),
        ("Әл Фараби", "TEST Әл Нұр", "DATA_UNRELIABLE"),
        (unicodedata.normalize("NFD", "Айдарбайұлы"), "Айдарбайұлы", "ok"),
        ("Басқа", None, "ok"),
        ("", None, "DATA_UNRELIABLE"),
    ],
)
def test_the_surname_must_be_the_one_that_is_vouched_for(clinic, surname, vouched, expected):
    assert grounds(clinic, name=vouched, form={"surname": surname}) == expected


@pytest.mark.parametrize("slot", ["", "doctor-9@09:00"])
def test_a_slot_that_does_not_exist_makes_the_data_unreliable(clinic, slot):
    assert grounds(clinic, "doctor-appointment", form={"slot": slot}) == "DATA_UNRELIABLE"


def test_a_slot_of_another_person_is_taken(clinic):
    clinic.provider.schedule.take(SLOT, "R-other", NOW)
    clinic.provider.schedule.hold(LATER_SLOT, "R-other", NOW)

    assert grounds(clinic, "doctor-appointment") == "SLOT_TAKEN"
    assert grounds(clinic, "doctor-appointment", form={"slot": LATER_SLOT}) == "SLOT_TAKEN"


def test_a_slot_held_for_the_request_is_granted(clinic):
    clinic.provider.schedule.hold(SLOT, "R-1", NOW)

    assert grounds(clinic, "doctor-appointment") == "ok"


def test_journals_and_talons_are_kept(clinic):
    line = clinic.provider.write(CALL_JOURNAL, "1", "visit", NOW)

    assert clinic.provider.journal == (line,) == (JournalLine(CALL_JOURNAL, "1", NOW, "visit"),)
    assert clinic.provider.issue_talon("1") == clinic.provider.issue_talon("1")
    assert clinic.provider.issue_talon("1") != clinic.provider.issue_talon("2")


shared = SmallClinic()


@settings(deadline=None, max_examples=80)
@given(
    service=st.sampled_from(SERVICES) | st.text(max_size=5),
    provider=st.sampled_from([shared.pki.bin, ""]),
    form=st.dictionaries(
        st.sampled_from(["surname", "phone", "address", "slot", "else"]), st.text(max_size=8), max_size=5
    ),
    name=st.none() | st.text(max_size=10),
    now_us=st.integers(-(2**60), 2**60),
)
def test_every_request_gets_a_code_and_none_an_exception(service, provider, form, name, now_us):
    request = shared.request(service, provider=provider, form=form)

    reason = shared.provider.grounds(request, name, now_us)

    assert reason in {
        "ok", "NOT_ATTACHED", "ALREADY_ATTACHED", "DATA_UNRELIABLE", "SLOT_TAKEN", "PROVIDER_MISMATCH",
    }  # fmt: skip
