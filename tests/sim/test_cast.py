"""The actors and the people of a world."""

from datetime import date

import pytest

from actors import iin as personal_number
from actors.certificate import Role
from actors.envelopes import read_request
from conformance.calendar import local_time
from sim import people as sim_people
from sim.cast import altered, synthetic_bin
from sim.form import write_request
from sim.people import MAX_PEOPLE, synthetic_iin
from sim.world import Case, build_world
from tests.sim.small_plays import CHEAP, SERVICES, ZONE, a_play, at, case, hours, pack

CROWD = tuple(case(n, SERVICES[n % 3]) for n in range(1, 41))


def build(*cases, seed=1, **setting):
    return build_world(a_play(*cases, **setting), pack(), seed, CHEAP)


def enter(world, number=0):
    return world.cast.people.enter(world.play.cases[number], world.cast.portal, world.now_us)


@pytest.fixture(scope="module")
def crowd():
    """Forty people, as they came."""
    world = build(*CROWD)
    return world, [enter(world, n) for n in range(len(CROWD))]


def test_nobody_in_a_world_can_be_alive(crowd):
    for player in crowd[1]:
        number = player.citizen.iin
        assert personal_number.validate(number) == number
        assert number[6] in "12"
        assert personal_number.get_birth_date(number).year < 1900


def test_everybody_has_a_number_and_a_key_of_their_own(crowd):
    people = [player.citizen for player in crowd[1]]

    assert len({one.iin for one in people}) == len(CROWD)
    assert len({one.credential.draft.serial for one in people}) == len(CROWD)
    assert len({one.password for one in people}) == len(CROWD)


def test_who_comes_again_is_the_same_person_with_the_same_key():
    world = build(case(1, person="a"), case(2, person="a"), case(3))
    first, again, other = (enter(world, n) for n in range(3))

    assert first.citizen.iin == again.citizen.iin != other.citizen.iin
    assert first.citizen.password == again.citizen.password
    assert first.citizen.credential is again.citizen.credential


def test_numbers_differ_even_for_people_of_one_birthday():
    """Of the serial numbers of a day some are never issued; no neighbour's takes their place."""
    numbers = [synthetic_iin(days, n)[0] for days in (0, 777) for n in range(MAX_PEOPLE + 1)]

    assert len(set(numbers)) == len(numbers)


def test_a_birthday_is_the_one_in_the_number():
    number, birth = synthetic_iin(12_345, 7)

    assert personal_number.get_birth_date(number) == date.fromisoformat(birth)


def test_more_people_than_can_be_numbered_do_not_come(monkeypatch):
    monkeypatch.setattr(sim_people, "MAX_PEOPLE", 1)
    world = build(case(1), case(2))
    enter(world)

    with pytest.raises(ValueError, match="more than 1 people"):
        enter(world, 1)


def test_a_pseudonym_says_nothing_of_the_number_and_is_another_in_another_run(crowd):
    player = crowd[1][0]
    again, other = (enter(build(*CROWD[:1], seed=seed)) for seed in (1, 2))

    assert player.citizen.iin not in player.pseudonym
    assert player.pseudonym == again.pseudonym
    assert player.pseudonym != other.pseudonym


def test_the_cast_is_the_same_for_the_same_seed():
    one, two = (build(case(1)) for _ in range(2))

    assert enter(one).citizen.iin == enter(two).citizen.iin
    assert one.cast.authority.root_pem() == two.cast.authority.root_pem()
    assert one.cast.workstation.credential.certificate == two.cast.workstation.credential.certificate


def test_keys_do_not_follow_from_the_seed_of_the_simulation():
    one, two = (build(case(1), seed=seed) for seed in (1, 2))

    assert one.cast.authority.root_pem() == two.cast.authority.root_pem()


def test_keys_of_another_play_are_others():
    one, two = (build(case(1)) for _ in range(2))
    two.cast.people.play_id = "another-play"

    first, second = enter(one).citizen, enter(two).citizen

    assert first.iin == second.iin
    assert first.credential.draft.serial != second.credential.draft.serial


def test_head_employee_and_another_organisation_have_keys_of_their_own(crowd):
    cast = crowd[0].cast
    keys = [cast.workstation.credential, cast.employee.credential, cast.workstation.other_key]

    assert len({key.draft.serial for key in keys}) == 3
    assert [key.draft.bin for key in keys] == [cast.clinic.bin, cast.clinic.bin, cast.other_clinic_bin]
    assert [key.draft.roles for key in keys] == [{Role.HEAD}, {Role.EMPLOYEE}, {Role.HEAD}]


def test_organisations_have_numbers_of_their_own():
    assert len({synthetic_bin(number) for number in range(50)}) == 50


def test_those_who_verify_ask_the_same_service(crowd):
    cast = crowd[0].cast

    assert set(cast.verifiers) == {"portal", "workstation", "registry", "citizen"}
    assert cast.portal.verifier is cast.verifiers["portal"]
    assert cast.workstation.verifier is cast.verifiers["workstation"]
    assert all(one.counts is cast.signer.counts for one in cast.verifiers.values())


@pytest.mark.parametrize("start", ["2013-05-15T10:00", "2013-05-17T10:00", "2013-05-19T10:00"])
@pytest.mark.parametrize("arrives", ["0 s", "10 d"])
def test_the_schedule_has_three_working_days_after_the_last_arrival(start, arrives):
    schedule = build(case(arrives=arrives), start=start).cast.provider.schedule
    last_us = at(start) + (10 * 86_400_000_000 if arrives == "10 d" else 0)

    days = {local_time(slot.begins_us, ZONE).date() for slot in schedule.slots if slot.begins_us > last_us}
    later = {day for day in days if day > local_time(last_us, ZONE).date()}
    assert len(later) == 3
    assert all(day.weekday() != 6 for day in days)
    assert all(hours().calendar.is_open(slot.begins_us) for slot in schedule.slots)
    assert all(slot.starts == f"{local_time(slot.begins_us, ZONE):%Y-%m-%dT%H:%M}" for slot in schedule.slots)


def test_an_altered_document_keeps_its_signature_and_changes_its_content():
    world = build(case(1))
    player = enter(world)
    request = write_request(world, Case(world.play.cases[0], player))
    document = world.cast.signer.sign(request.octets(), player.citizen.credential, world.now_us)

    changed = altered(document)

    assert (changed.signature, changed.claim) == (document.signature, document.claim)
    assert read_request(changed.octets).form["phone"] == request.form["phone"] + "0"
    assert read_request(changed.octets).id == request.id
