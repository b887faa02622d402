"""Check a study before it is played: every name must exist, every time and moment must be possible."""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import NoReturn

from conformance.calendar import WorkingCalendar, local_time, parse_local
from conformance.errors import InputError, nearest_name
from conformance.pack import Pack
from sim.durations import MAX_DURATION_US, UNITS_US, parse_duration_us
from sim.load.arrivals import poisson_intensity
from sim.load.study import Arrivals, FixedTimes, Flash, Office, Poisson, Slots, StationStudy, Study, WhenDown
from sim.load.study_stations import Outage
from sim.load.timeline import Span
from sim.plan import WorldPlan
from sim.plan_checks import DECISION_STATIONS, PATHS, STATIONS_OF_STEPS

MOST_ARRIVALS = 200_000_000
MOST_SERVERS_IN_ALL = 10_000_000
APPOINTMENT = "doctor-appointment"
OF_EACH_OFFICE = frozenset({"workstation", "registrar", "desk"})
"""Stations that each office has of its own, unless the study says otherwise."""
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?\Z")
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
    _check_days(study, pack, span, place)
    _check_arrivals(study, pack, span, place)
    _check_traits(study, pack, place)
    _check_stations(study, world, pack, span, place)
    _check_offices(study, world, place)
    _check_steps(study, world, place)
    return span


def _check_days(study: Study, pack: Pack, span: Span, place: str) -> None:
    """Refuse days whose hours the pack does not know: what is open then would be guessed."""
    calendar = WorkingCalendar(pack.calendar("provider-hours"), span.zone)
    ahead = (study.slots or Slots()).days_ahead + 1 if books_slots(study) else 0
    last = local_time(span.horizon_us, span.zone).date() + timedelta(days=ahead)
    for day in (local_time(span.starts_us, span.zone).date(), last):
        if not calendar.knows(day):
            valid = calendar.calendar.valid
            known = f"days from {valid.first} until {valid.until}" if valid else "known days"
            _refuse(place, "starts", f"the day {day}, of which the pack knows no hours", known)


def books_slots(study: Study) -> bool:
    """Tell whether anybody in the study chooses a doctor's slot."""
    return any(arrivals.service == APPOINTMENT for arrivals in study.arrivals)


def _check_arrivals(study: Study, pack: Pack, span: Span, place: str) -> None:
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
        _check_times(study, arrivals, span, place, inside)
    expected = sum(_expected(arrivals, study, span) for arrivals in study.arrivals)
    if expected > MOST_ARRIVALS:
        _refuse(place, "arrivals", f"{expected:.3g} people", f"at most {MOST_ARRIVALS} in a replication")
    if expected == 0:
        _refuse(place, "arrivals", "nobody who comes", "rates, scales and a load above 0")


def _check_times(study: Study, arrivals: Arrivals, span: Span, place: str, inside: str) -> None:
    """Refuse moments of arrivals that do not exist, or at which the study has not begun or is over."""
    ends_us = span.starts_us + parse_duration_us(study.lasts)
    if isinstance(arrivals, Poisson):
        for at, factor in enumerate(arrivals.factors):
            begins, ends = (
                _moment(text, span.zone, place, f"{inside}.factors[{at}].{name}")
                for name, text in (("start", factor.start), ("end", factor.end))
            )
            found, where = f"{factor.start} to {factor.end}", f"{inside}.factors[{at}]"
            if begins >= ends:
                _refuse(place, where, found, "a beginning before the end")
            if begins >= ends_us or ends <= span.starts_us:  # its month or year is a slip of the pen
                _refuse(place, where, found, f"some of the {study.lasts} of the study")
    elif isinstance(arrivals, Flash) and not arrivals.daily:
        starts_us = _moment(arrivals.start, span.zone, place, f"{inside}.start")
        if not span.starts_us <= starts_us < ends_us:
            _refuse(place, f"{inside}.start", arrivals.start, f"a moment in the {study.lasts} of the study")
    elif isinstance(arrivals, FixedTimes):
        for text in arrivals.times:
            if parse_duration_us(text) >= ends_us - span.starts_us:
                _refuse(place, f"{inside}.times", text, f"less than the study lasts, {study.lasts}")


def _expected(arrivals: Arrivals, study: Study, span: Span) -> float:
    """Return how many people a stream brings, roughly; of a trace as if one came."""
    factor = arrivals.scale * study.load
    if isinstance(arrivals, Poisson):
        ends_us = span.starts_us + parse_duration_us(study.lasts)
        return poisson_intensity(arrivals, Span(span.starts_us, ends_us, span.zone), study.load).total
    if isinstance(arrivals, Flash):
        days = 1 + parse_duration_us(study.lasts) // UNITS_US["d"] if arrivals.daily else 1
        return factor * arrivals.count * days
    return factor * (len(arrivals.times) if isinstance(arrivals, FixedTimes) else 1)


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


def _check_stations(study: Study, world: WorldPlan, pack: Pack, span: Span, place: str) -> None:
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
            _check_outage(outage, span, place, f"{inside}.outages[{number}]")
        if name == "registrar" and WhenDown.RETRY in {station.when_down, station.retry and WhenDown.RETRY}:
            _refuse(place, inside, "callers who try again", "none: what is registered waits for a decision")
        if name == "registry" and station.retry is not None:
            _refuse(
                place,
                f"{inside}.retry",
                "a retry",
                "none: the world's registry_timeout and registry_attempts",
            )
        endless = station.servers is None and world.stations[name].servers is None and not station.shifts
        if endless and (station.outages or station.hours or station.time_out):
            found = "hours, outages or a time-out where there is no end of servers"
            _refuse(place, inside, found, "a number of servers, or none of these")
    for name in study.costs.servers:
        _check_name(place, "costs.servers", name, world.stations, "a station of the world")


def _check_outage(outage: Outage, span: Span, place: str, inside: str) -> None:
    """Refuse an outage that the study never sees: its month or year is a slip of the pen."""
    begins_us = _moment(outage.start, span.zone, place, f"{inside}.start")
    if begins_us >= span.horizon_us or begins_us + parse_duration_us(outage.lasting) <= span.starts_us:
        found = f"{outage.start} for {outage.lasting}"
        _refuse(place, inside, found, "a time between the beginning of the study and the end of its drain")


def is_per_office(study: Study, name: str) -> bool:
    """Tell whether each office has a station of this kind of its own."""
    station = study.stations.get(name)
    return name in OF_EACH_OFFICE if station is None or station.per is None else station.per == "office"


def _check_offices(study: Study, world: WorldPlan, place: str) -> None:
    if isinstance(study.offices, int):
        _check_staff(study, world, place)
        return
    known: set[str] = set()
    for number, office in enumerate(study.offices):
        inside = f"offices[{number}]"
        if office.name in known:
            _refuse(place, f"{inside}.name", f"the name {office.name} twice", "each name once")
        known.add(office.name)
        for name in office.servers:
            _check_own_servers(study, world, name, place, f"{inside}.servers")
    if not sum(office.share for office in study.offices) > 0:
        _refuse(place, "offices", "shares that are all 0", "at least one office with citizens")
    _check_staff(study, world, place)


def _check_own_servers(study: Study, world: WorldPlan, name: str, place: str, inside: str) -> None:
    """Refuse servers of an office at a station that it does not have, or whose servers do not count."""
    _check_name(place, inside, name, world.stations, "a station of the world")
    station = study.stations.get(name, StationStudy())
    if not is_per_office(study, name):
        _refuse(place, inside, f"servers of the station {name}, which all share", "stations of each office")
    if station.shifts:
        _refuse(place, inside, f"servers of the station {name}, which has shifts", "stations without shifts")
    if station.servers is None and world.stations[name].servers is None:
        _refuse(place, inside, f"servers of the station {name}, which has no end of them", "other stations")


def _check_staff(study: Study, world: WorldPlan, place: str) -> None:
    """Refuse more servers in all than an engine could keep apart."""
    count = study.offices if isinstance(study.offices, int) else len(study.offices)
    offices = [Office(name="any")] * count if isinstance(study.offices, int) else study.offices
    for name, default in world.stations.items():
        station = study.stations.get(name, StationStudy())
        usual = sum(shift.servers for shift in station.shifts) or station.servers or default.servers or 0
        own = offices if is_per_office(study, name) else [Office(name="any")]
        total = sum(office.servers.get(name, usual) for office in own)
        if total > MOST_SERVERS_IN_ALL:
            found = f"{total} servers in all offices"
            _refuse(place, f"stations.{name}", found, f"at most {MOST_SERVERS_IN_ALL}")


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
    expected = "a local date and time, YYYY-MM-DDTHH:MM, in the years 1992 to 2099"
    if _MOMENT.match(text) is None or not "1992" <= text[:4] < "2100":
        raise InputError(place, inside, repr(text[:40]), expected)
    try:
        return parse_local(text, zone)
    except (ValueError, OverflowError) as error:
        raise InputError(place, inside, f"{text} ({error})", expected) from None


def _check_name(place: str, inside: str, name: str, valid: Iterable[str], what: str) -> None:
    valid = tuple(valid)
    if name not in valid:
        _refuse(place, inside, f"the unknown name {name}", what, nearest_name(name, valid))


def _refuse(place: str, inside: str, found: str, expected: str, nearest: str | None = None) -> NoReturn:
    raise InputError(place, inside, found, expected, nearest)
