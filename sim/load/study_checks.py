"""Check a study before it is played: every name must exist, every time and moment must be possible."""

from collections.abc import Iterable
from typing import NoReturn

from conformance.calendar import WorkingCalendar, local_time, parse_local
from conformance.errors import InputError, nearest_name
from conformance.pack import Pack
from sim.durations import MAX_DURATION_US, parse_duration_us
from sim.load.study import Flash, Poisson, Study
from sim.load.timeline import Span
from sim.plan import WorldPlan
from sim.plan_checks import DECISION_STATIONS, PATHS, STATIONS_OF_STEPS

MOST_ARRIVALS = 200_000_000
NEEDED = tuple(
    dict.fromkeys(
        [*(name for names in STATIONS_OF_STEPS.values() for name in names), *DECISION_STATIONS.values()]
    )
)
"""The stations that the paths of the act go through."""


def check_study(study: Study, world: WorldPlan, pack: Pack, place: str) -> Span:
    """Return the span of *study*; raise InputError at the first thing in it that cannot be played."""
    starts_us = _moment(study.starts, pack.act.zone, place, "starts")
    horizon_us = starts_us + parse_duration_us(study.lasts) + parse_duration_us(study.drain)
    if horizon_us - starts_us > MAX_DURATION_US:
        _refuse(place, "lasts", f"{study.lasts} and {study.drain} of drain", "at most 366 d together")
    span = Span(starts_us, horizon_us, pack.act.zone)
    _check_days(pack, span, place)
    _check_arrivals(study, pack, place)
    _check_traits(study, pack, place)
    _check_stations(study, world, pack, place)
    _check_steps(study, world, place)
    return span


def _check_days(pack: Pack, span: Span, place: str) -> None:
    """Refuse days whose hours the pack does not know: what is open then would be guessed."""
    calendar = WorkingCalendar(pack.calendar("provider-hours"), span.zone)
    for moment_us in (span.starts_us, span.horizon_us):
        day = local_time(moment_us, span.zone).date()
        if not calendar.knows(day):
            valid = calendar.calendar.valid
            known = f"days from {valid.first} until {valid.until}" if valid else "known days"
            _refuse(place, "starts", f"the day {day}, of which the pack knows no hours", known)


def _check_arrivals(study: Study, pack: Pack, place: str) -> None:
    services = [service.code for service in pack.services]
    if not study.arrivals:
        _refuse(place, "arrivals", "nobody", "at least one stream of arrivals")
    known: set[str] = set()
    for number, arrivals in enumerate(study.arrivals):
        inside = f"arrivals[{number}]"
        _check_name(place, f"{inside}.service", arrivals.service, services, "a service of the pack")
        _check_name(place, f"{inside}.path", arrivals.path, PATHS, "a path")
        if arrivals.id in known:
            _refuse(place, f"{inside}.id", f"the id {arrivals.id} twice", "each id once")
        known.add(arrivals.id)
        if isinstance(arrivals, Poisson):
            for at, factor in enumerate(arrivals.factors):
                begins, ends = (
                    _moment(text, pack.act.zone, place, f"{inside}.factors[{at}].{name}")
                    for name, text in (("start", factor.start), ("end", factor.end))
                )
                if begins >= ends:
                    found = f"{factor.start} to {factor.end}"
                    _refuse(place, f"{inside}.factors[{at}]", found, "a beginning before the end")
        elif isinstance(arrivals, Flash) and not arrivals.daily:
            _moment(arrivals.start, pack.act.zone, place, f"{inside}.start")


def _check_traits(study: Study, pack: Pack, place: str) -> None:
    services = [service.code for service in pack.services]
    names: set[str] = set()
    for number, trait in enumerate(study.traits):
        inside = f"traits[{number}]"
        for service in trait.services:
            _check_name(place, f"{inside}.services", service, services, "a service of the pack")
        for path in trait.paths:
            _check_name(place, f"{inside}.paths", path, PATHS, "a path")
        if trait.id in names:
            _refuse(place, f"{inside}.id", f"the id {trait.id} twice", "each id once")
        names.add(trait.id)
    for service in services:
        for path in PATHS:
            shares = [
                trait.share
                for trait in study.traits
                if (not trait.services or service in trait.services)
                and (not trait.paths or path in trait.paths)
            ]
            if sum(shares) > 1 + 1e-9:
                found = f"shares of {sum(shares):g} for {service} on the {path} path"
                _refuse(place, "traits", found, "at most 1 together: nobody has two traits")


def _check_stations(study: Study, world: WorldPlan, pack: Pack, place: str) -> None:
    calendars = [calendar.id for calendar in pack.calendars]
    for name in NEEDED:
        if name not in world.stations:
            _refuse(place, "world", "nothing", f"the station {name}")
    for name, station in study.stations.items():
        inside = f"stations.{name}"
        _check_name(place, inside, name, world.stations, "a station of the world")
        if station.hours is not None:
            _check_name(place, f"{inside}.hours", station.hours, calendars, "a calendar of the pack")
        for number, outage in enumerate(station.outages):
            _moment(outage.start, pack.act.zone, place, f"{inside}.outages[{number}].start")
        endless = station.servers is None and world.stations[name].servers is None and not station.shifts
        if endless and (station.outages or station.hours or station.time_out):
            found = "hours, outages or a time-out where there is no end of servers"
            _refuse(place, inside, found, "a number of servers, or none of these")
    for number, office in enumerate(() if isinstance(study.offices, int) else study.offices):
        for name in office.servers:
            _check_name(place, f"offices[{number}].servers", name, world.stations, "a station of the world")
    _check_office_names(study, place)
    for name in study.costs.servers:
        _check_name(place, "costs.servers", name, world.stations, "a station of the world")


def _check_office_names(study: Study, place: str) -> None:
    if isinstance(study.offices, int):
        return
    names = [office.name for office in study.offices]
    for number, name in enumerate(names):
        if not name or len(name) > 60 or not name.isascii() or not name.replace("-", "").isalnum():
            found = f"the name {name[:60]!r}"
            _refuse(place, f"offices[{number}].name", found, "at most 60 letters, digits and hyphens")
        if names.index(name) < number:
            _refuse(place, f"offices[{number}].name", f"the name {name} twice", "each name once")
    if not sum(office.share for office in study.offices) > 0:
        _refuse(place, "offices", "shares that are all 0", "at least one office with citizens")


def _check_steps(study: Study, world: WorldPlan, place: str) -> None:
    for step, laws in study.steps.items():
        _check_name(place, "steps", step, STATIONS_OF_STEPS, "a step that is played")
        for station in laws:
            _check_name(place, f"steps.{step}", station, STATIONS_OF_STEPS[step], "a station of the step")
    for step, stations in STATIONS_OF_STEPS.items():
        for station in stations:
            if station not in world.steps.get(step, {}):
                _refuse(place, f"steps.{step}", "nothing", f"a time at the station {station}")
    for field in ("decision", "late_requests"):
        for path in getattr(study, field):
            _check_name(place, field, path, PATHS, "a path")


def _moment(text: str, zone: str, place: str, inside: str) -> int:
    try:
        return parse_local(text, zone)
    except ValueError as error:
        raise InputError(place, inside, str(error), "a local date and time, YYYY-MM-DDTHH:MM") from None


def _check_name(place: str, inside: str, name: str, valid: Iterable[str], what: str) -> None:
    valid = tuple(valid)
    if name not in valid:
        _refuse(place, inside, f"the unknown name {name}", what, nearest_name(name, valid))


def _refuse(place: str, inside: str, found: str, expected: str, nearest: str | None = None) -> NoReturn:
    raise InputError(place, inside, found, expected, nearest)
