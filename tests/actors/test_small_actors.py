from actors.call_centre import CallCentre, Enquiry
from actors.health_is import HealthInformationSystem, RenderedService
from actors.registry import Person, PersonRegistry

PERSON = Person(iin="850704200017", surname="Тестова", given_name="Ұлжан", birth_date="1885-07-04")


def test_the_registry_knows_whom_it_was_told_of():
    registry = PersonRegistry()
    registry.enter([PERSON])

    assert registry.look_up(PERSON.iin) == PERSON
    assert registry.look_up("900115100010") is None
    assert registry.look_up("") is None


def test_a_later_entry_replaces_an_earlier_one():
    registry = PersonRegistry()
    renamed = Person(iin=PERSON.iin, surname="Жаңа", given_name="Ұлжан", birth_date="1885-07-04")

    registry.enter([PERSON, renamed])

    assert registry.look_up(PERSON.iin) == renamed


def test_a_person_is_attached_to_one_provider_at_a_time():
    system = HealthInformationSystem()
    assert system.attached_to(PERSON.iin) is None

    system.attach(PERSON.iin, "clinic-01")
    system.attach(PERSON.iin, "clinic-02")

    assert system.attached_to(PERSON.iin) == "clinic-02"
    assert system.attached_to("900115100010") is None


def test_the_statistics_keep_every_report_in_order():
    system = HealthInformationSystem()
    entries = tuple(
        RenderedService("clinic-attachment", "clinic-01", str(n), "issued", 9 - n) for n in range(3)
    )

    for entry in entries:
        system.report(entry)

    assert system.rendered == entries


def test_the_call_centre_answers_what_it_was_told_and_counts_every_question():
    centre = CallCentre({"doctor-home-call": "Calling a doctor home"})

    assert centre.inform("doctor-home-call", 1) == "Calling a doctor home"
    assert centre.inform("driving-licence", 2) is None
    assert centre.enquiries == (
        Enquiry("doctor-home-call", answered=True, at_us=1),
        Enquiry("driving-licence", answered=False, at_us=2),
    )


def test_an_empty_answer_is_an_answer():
    centre = CallCentre({"clinic-attachment": ""})

    assert centre.inform("clinic-attachment", 1) == ""
    assert centre.enquiries[0].answered
