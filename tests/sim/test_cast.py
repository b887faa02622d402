from datetime import date

import pytest

from actors import iin as personal_number
from actors.citizen import sign
from actors.envelopes import read_request
from conformance.calendar import WorkingCalendar, local_time
from sim import cast as sim_cast
from sim.cast import MAX_CASES, Cast, altered
from sim.form import write_request
from sim.streams import Streams
from sim.world import Case, build_world
from tests.sim.small_plays import CHEAP, SERVICES, ZONE, a_play, at, case, hours, pack

CROWD = tuple(case(n, SERVICES[n % 3]) for n in range(1, 41))


@pytest.fixture(scope="module")
def crowd():
    return assemble(a_play(*CROWD))


def assemble(play, seed=1):
    calendar = WorkingCalendar(pack().calendar("provider-hours"), ZONE)
    return Cast.assemble(play, pack(), Streams(seed), calendar, CHEAP)


def test_nobody_in_a_world_can_be_alive(crowd):
    for player in crowd.players.values():
        number = player.citizen.iin
        assert personal_number.validate(number) == number
        assert number[6] in "12"
        assert personal_number.get_birth_date(number).year < 1900


def test_everybody_has_a_number_and_a_key_of_their_own(crowd):
    people = [player.citizen for player in crowd.players.values()]

    assert len({one.iin for one in people}) == len(CROWD)
    assert len({one.credential.certificate.serial for one in people}) == len(CROWD)
    assert len({one.password for one in people}) == len(CROWD)


def test_numbers_differ_even_for_people_of_one_birthday():
    """Of the serial numbers of a day some are never issued; no neighbour's takes their place."""
    numbers = [sim_cast._iin(days, n)[0] for days in (0, 777) for n in range(MAX_CASES + 1)]

    assert len(set(numbers)) == len(numbers)


def test_a_birthday_is_the_one_in_the_number():
    number, birth = sim_cast._iin(12_345, 7)

    assert personal_number.get_birth_date(number) == date.fromisoformat(birth)


def test_a_pseudonym_says_nothing_of_the_number_and_is_another_in_another_run(crowd):
    player = crowd.players["case-1"]
    again, other = (assemble(a_play(case(1)), seed).players["case-1"] for seed in (1, 2))

    assert player.citizen.iin not in player.pseudonym
    assert player.pseudonym == again.pseudonym
    assert player.pseudonym != other.pseudonym


def test_the_cast_is_the_same_for_the_same_seed():
    one, two = (assemble(a_play(case(1))) for _ in range(2))

    assert one.players["case-1"].citizen.iin == two.players["case-1"].citizen.iin
    assert one.authority.root_pem() == two.authority.root_pem()
    assert one.workstation.credential.certificate == two.workstation.credential.certificate


def test_keys_do_not_follow_from_the_seed_of_the_simulation():
    one, two = (assemble(a_play(case(1)), seed) for seed in (1, 2))

    assert one.authority.root_pem() == two.authority.root_pem()


def test_head_employee_and_another_organisation_have_keys_of_their_own(crowd):
    keys = [crowd.workstation.credential, crowd.employee.credential, crowd.workstation.other_key]

    assert len({key.certificate.serial for key in keys}) == 3
    assert [key.certificate.bin == crowd.clinic.bin for key in keys] == [True, True, False]
    assert crowd.workstation.other_key.certificate.bin == crowd.other_clinic_bin


@pytest.mark.parametrize("start", ["2013-05-15T10:00", "2013-05-17T10:00", "2013-05-19T10:00"])
@pytest.mark.parametrize("arrives", ["0 s", "10 d"])
def test_the_schedule_has_three_working_days_after_the_last_arrival(start, arrives):
    schedule = assemble(a_play(case(arrives=arrives), start=start)).provider.schedule
    last_us = at(start) + (10 * 86_400_000_000 if arrives == "10 d" else 0)

    days = {local_time(slot.begins_us, ZONE).date() for slot in schedule.slots if slot.begins_us > last_us}
    later = {day for day in days if day > local_time(last_us, ZONE).date()}
    assert len(later) == 3
    assert all(day.weekday() != 6 for day in days)
    assert all(hours().calendar.is_open(slot.begins_us) for slot in schedule.slots)
    assert all(slot.starts == f"{local_time(slot.begins_us, ZONE):%Y-%m-%dT%H:%M}" for slot in schedule.slots)


def test_an_altered_document_keeps_its_signature_and_changes_its_content():
    play = a_play(case(1))
    world = build_world(play, pack(), 1, CHEAP)
    player = world.cast.players["case-1"]
    request = write_request(world, Case(play.cases[0], player))
    document = sign(request, player.citizen.credential, play.starts_us)

    changed = altered(document)

    assert changed.signature == document.signature
    assert read_request(changed.octets).form["phone"] == request.form["phone"] + "0"
    assert read_request(changed.octets).id == request.id
