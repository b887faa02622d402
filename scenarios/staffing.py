"""Which stations of a study can be staffed otherwise, and the study with another staffing."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from scenarios.study_reader import ReadyStudy
from sim.load.plan import LoadPlan
from sim.load.study import Office, StationStudy, Study
from sim.load.study_values import MOST_SERVERS

MOST_OF_A_STATION = 100_000
MOST_OF_ALL_OFFICES = 1_000_000

Numbers = tuple[int, ...]
"""A staffing: one number for each staffed station, in their order."""


@dataclass(frozen=True, slots=True)
class StaffedStation:
    """A station with a number of servers, *given* in the study; *price* is that of one server.

    A station of each office has one number for all offices: an office with a number of its own keeps its
    difference to it (*differences*, one for each office). With *shifts* the number is that of the largest
    shift; the others keep their proportion to it, rounded up.
    """

    name: str
    given: int
    price: float
    differences: tuple[int, ...] = (0,)
    shifts: bool = False

    @property
    def most(self) -> int:
        """Return the greatest number that is tried."""
        return max(self.given, min(MOST_OF_A_STATION, MOST_OF_ALL_OFFICES // len(self.differences)))

    def cost(self, number: int) -> float:
        """Return what *number* servers cost, in all offices together."""
        return self.price * sum(_of_office(number, difference) for difference in self.differences)


def staffed_stations(ready: ReadyStudy, plan: LoadPlan) -> tuple[StaffedStation, ...]:
    """Return the stations of a study that have an end of servers, in the order of its world."""
    study, offices = ready.study, len(plan.offices)
    found = []
    for kind in plan.network.kinds:
        station = study.stations.get(kind.name, StationStudy())
        default = ready.world.stations[kind.name].servers
        given = _largest_shift(station) or (default if station.servers is None else station.servers)
        if kind.changes is None or not given or (station.shifts and not _largest_shift(station)):
            continue
        price = study.costs.servers.get(kind.name, 1.0)
        differences: tuple[int, ...] = (0,) * (offices if kind.per_office else 1)
        if kind.per_office and not station.shifts and not isinstance(study.offices, int):
            differences = tuple(own.servers.get(kind.name, given) - given for own in study.offices)
        found.append(StaffedStation(kind.name, given, price, differences, bool(station.shifts)))
    return tuple(found)


def given_numbers(stations: Sequence[StaffedStation]) -> Numbers:
    """Return the staffing that the study gives."""
    return tuple(station.given for station in stations)


def cost_of(stations: Sequence[StaffedStation], numbers: Numbers) -> float:
    """Return what a staffing costs, in servers or in the units of the study's prices."""
    return math.fsum(station.cost(number) for station, number in zip(stations, numbers, strict=True))


def with_staffing(study: Study, stations: Sequence[StaffedStation], numbers: Numbers) -> Study:
    """Return *study* with another staffing; with the given one, the study itself."""
    if numbers == given_numbers(stations):
        return study
    changed = dict(study.stations)
    for station, number in zip(stations, numbers, strict=True):
        changed[station.name] = _staffed(changed.get(station.name, StationStudy()), station, number)
    offices = study.offices
    if not isinstance(offices, int):
        by_name = {
            station.name: number - station.given for station, number in zip(stations, numbers, strict=True)
        }
        offices = tuple(_office(office, by_name) for office in offices)
    return replace(study, stations=changed, offices=offices)


def _staffed(study: StationStudy, station: StaffedStation, number: int) -> StationStudy:
    if not station.shifts:
        return replace(study, servers=number)
    shifts = tuple(
        replace(shift, servers=min(MOST_SERVERS, -(-shift.servers * number // station.given)))
        for shift in study.shifts
    )
    return replace(study, shifts=shifts)


def _office(office: Office, by_name: Mapping[str, int]) -> Office:
    own = {name: _of_office(servers, by_name.get(name, 0)) for name, servers in office.servers.items()}
    return replace(office, servers=own)


def _of_office(number: int, difference: int) -> int:
    return min(MOST_SERVERS, max(1, number + difference))


def _largest_shift(station: StationStudy) -> int:
    return max((shift.servers for shift in station.shifts), default=0)
