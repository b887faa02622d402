"""Which stations can be staffed, what a staffing costs, what becomes of shifts and of uneven offices."""

import pytest

from scenarios.staffing import cost_of, given_numbers, staffed_stations, with_staffing
from sim.load.task import plan_of
from tests.scenarios.queue_studies import DESK, ready

SHIFTS = [
    {"days": ["wednesday"], "start": "08:00", "end": "12:00", "servers": 4},
    {"days": ["wednesday"], "start": "12:00", "end": "18:00", "servers": 2},
    {"days": ["wednesday"], "start": "18:00", "end": "20:00", "servers": 0},
]
OFFICES = [
    {"name": "north"},
    {"name": "south", "servers": {"desk": 5}},
    {"name": "west", "servers": {"desk": 1}},
]


def staffed(known):
    return {station.name: station for station in staffed_stations(known, plan_of(known.source()))}


def test_stations_with_an_end_of_servers_are_staffed(tmp_path):
    found = staffed(ready(tmp_path, DESK))

    assert {name: station.given for name, station in found.items()} == {
        "portal": 4, "gateway": 4, "registry": 1, "workstation": 8, "registrar": 2, "desk": 1,
    }  # fmt: skip


def test_the_given_staffing_is_the_study_itself(tmp_path):
    known = ready(tmp_path, DESK)
    stations = tuple(staffed(known).values())

    assert with_staffing(known.study, stations, given_numbers(stations)) is known.study


def test_a_station_of_each_office_costs_its_number_in_each(tmp_path):
    known = ready(tmp_path, DESK, offices=12, costs={"servers": {"desk": 2.5}})
    stations = staffed(known)

    assert stations["desk"].cost(3) == 12 * 3 * 2.5
    assert stations["registry"].cost(3) == 3
    assert cost_of((stations["desk"], stations["registry"]), (1, 2)) == 32.0


def test_offices_keep_their_difference_to_the_common_number(tmp_path):
    known = ready(tmp_path, DESK, offices=OFFICES, stations={"desk": {"servers": 3}})
    desk = staffed(known)["desk"]

    changed = with_staffing(known.study, (desk,), (6,))
    least = with_staffing(known.study, (desk,), (1,))

    assert changed.stations["desk"].servers == 6
    assert [office.servers for office in changed.offices] == [{}, {"desk": 8}, {"desk": 4}]
    assert [office.servers for office in least.offices] == [{}, {"desk": 3}, {"desk": 1}]
    assert (desk.cost(3), desk.cost(6), desk.cost(1)) == (9, 18, 5)


@pytest.mark.parametrize(
    ("number", "servers"), [(4, [4, 2, 0]), (6, [6, 3, 0]), (3, [3, 2, 0]), (1, [1, 1, 0])]
)
def test_shifts_keep_their_proportion(tmp_path, number, servers):
    known = ready(tmp_path, DESK, stations={"desk": {"shifts": SHIFTS}})
    desk = staffed(known)["desk"]

    changed = with_staffing(known.study, (desk,), (number,))

    assert desk.given == 4
    assert [shift.servers for shift in changed.stations["desk"].shifts] == servers


def test_other_stations_stay_as_they_are(tmp_path):
    known = ready(tmp_path, DESK)
    desk = staffed(known)["desk"]

    changed = with_staffing(known.study, (desk,), (7,))

    assert changed.stations["registry"] == known.study.stations["registry"]
    assert changed.arrivals == known.study.arrivals
