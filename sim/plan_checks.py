"""Check a play before it begins: every name it uses must exist, every time a step needs must be given."""

import re
from collections.abc import Iterable
from typing import NoReturn

from actors.faults import FAULTS
from actors.forgery import SignatureFlaw
from conformance.calendar import parse_local
from conformance.errors import InputError, nearest_name
from conformance.pack import Pack
from sim.people import MAX_PEOPLE
from sim.plan import CasePlan, Certificate, Play, RequestFlaw

STATIONS_OF_STEPS = {
    "P0": ("citizen", "portal"),
    "P1": ("citizen", "portal"),
    "P2": ("portal",),
    "P3": ("citizen", "portal"),
    "P4": ("portal",),
    "P5": ("citizen", "portal", "gateway"),
    "P6": ("workstation",),
    "P7": ("workstation", "gateway", "portal"),
    "P8": ("workstation", "gateway", "portal"),
    "V1": ("desk",),
    "V2": ("desk",),
    "V3": ("gateway", "registry"),
    "V4": ("desk",),
    "V5": ("desk",),
    "V6": ("workstation",),
    "V7": ("desk",),
    "V8": ("desk",),
}
"""Where each step is worked on, in this order: what a world plan must give times for."""

DECISION_STATIONS = {"portal": "registrar", "provider": "desk"}
"""Who judges a registered request (C3, K2) on each path."""

PATHS = ("portal", "provider")

UNREADABLE_REQUESTS = frozenset(
    (
        RequestFlaw.TOO_LARGE,
        RequestFlaw.NOT_CANONICAL,
        RequestFlaw.DUPLICATE_KEY,
        RequestFlaw.FRACTION,
        RequestFlaw.DEEP,
        RequestFlaw.UNKNOWN_FIELD,
    )
)
"""Flaws after which a request can no longer be read, and so not be changed field by field."""

OTHER_KEYS = frozenset(
    (Certificate.RSA, Certificate.AUTHENTICATION_KEY, Certificate.WEAK_RSA, Certificate.WEAK_CURVE)
)
"""Certificates for a key of which there is no second one."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")
_EARLIEST, _LATEST = "1992-01-01T00:00", "2100-01-01T00:00"


def check_play(play: Play, pack: Pack) -> None:
    """Raise InputError, with the nearest name if there is one, at the first thing that cannot be played."""
    place = f"the play {play.id}"
    _check_moment(place, play.starts_us, pack.act.zone)
    if play.fault is not None:
        _check_name(place, "fault", play.fault, FAULTS, "a fault of an actor")
    people = {case.citizen.person or case.id for case in play.cases}
    if len(people) > MAX_PEOPLE:
        _refuse(place, "cases", f"{len(people)} people", f"at most {MAX_PEOPLE}")
    services = [service.code for service in pack.services]
    known: set[str] = set()
    for index, case in enumerate(play.cases):
        check_case(place, f"cases[{index}]", case, services)
        if case.id in known:
            _refuse(place, f"cases[{index}].id", f"the id {case.id} twice", "each id once")
        known.add(case.id)
    _check_world(play)


def _check_moment(place: str, moment_us: int, zone: str) -> None:
    # Certificates and calendars have their own, wider bounds; nothing of this kind existed before.
    if not parse_local(_EARLIEST, zone) <= moment_us < parse_local(_LATEST, zone):
        _refuse(place, "starts_us", str(moment_us), "a moment in the years 1992 to 2099")


def check_case(place: str, inside: str, case: CasePlan, services: Iterable[str]) -> None:
    """Raise InputError if a case names what does not exist."""
    if _NAME.match(case.id) is None:
        _refuse(place, f"{inside}.id", repr(case.id[:40]), "letters, digits, hyphens: it names a folder")
    _check_name(place, f"{inside}.service", case.service, services, "a service of the pack")
    _check_name(place, f"{inside}.path", case.path, PATHS, "a path")
    _check_flaws(place, f"{inside}.citizen", case)


def _check_flaws(place: str, inside: str, case: CasePlan) -> None:
    """Refuse flaws that nobody could make: of what is not there, or of what another flaw has spoilt."""
    plan = case.citizen
    for name, flaw in (("signature", plan.signature), ("request", plan.request)):
        if flaw is not None and case.path != "portal":
            _refuse(
                place,
                f"{inside}.{name}",
                f"{flaw} on the {case.path} path",
                "the portal path: only there a citizen signs",
            )
    if plan.signature is SignatureFlaw.DOCUMENT_CHANGED and plan.request in UNREADABLE_REQUESTS:
        _refuse(
            place,
            f"{inside}.signature",
            f"{plan.signature} of a request that is {plan.request}",
            "one of the two",
        )
    if plan.signature is SignatureFlaw.SUBSTITUTED_CERTIFICATE and plan.certificate in OTHER_KEYS:
        expected = "another certificate for the same key, which only an ordinary one has"
        _refuse(place, f"{inside}.certificate", f"{plan.certificate} with {plan.signature}", expected)


def _check_world(play: Play) -> None:
    plan, place = play.world, f"the world of {play.id}"
    for step in plan.steps:
        _check_name(place, f"steps.{step}", step, STATIONS_OF_STEPS, "a step that is played")
    for step, stations in STATIONS_OF_STEPS.items():
        given = plan.steps.get(step, {})
        for station in given:
            _check_name(place, f"steps.{step}", station, stations, "a station of the step")
        for station in stations:
            _demand(place, "stations", station, plan.stations, f"the station {station}")
            _demand(place, f"steps.{step}", station, given, f"a time at the station {station}")
    for path, station in DECISION_STATIONS.items():
        _demand(place, "stations", station, plan.stations, f"the station {station}")
        _demand(place, "decision", path, plan.decision, f"a time for the {path} path")
    for field in ("decision", "late_requests"):
        for path in getattr(plan, field):
            _check_name(place, field, path, PATHS, "a path")


def _demand(place: str, inside: str, name: str, given: Iterable[str], what: str) -> None:
    if name not in given:
        _refuse(place, inside, "nothing", what)


def _check_name(place: str, inside: str, name: str, valid: Iterable[str], what: str) -> None:
    valid = tuple(valid)
    if name not in valid:
        _refuse(place, inside, f"the unknown name {name}", what, nearest_name(name, valid))


def _refuse(place: str, inside: str, found: str, expected: str, nearest: str | None = None) -> NoReturn:
    raise InputError(place, inside, found, expected, nearest)
