"""Plays of a few cases in the shipped world, for the tests of the simulation."""

from functools import cache
from pathlib import Path

import msgspec

from actors.accounts import PasswordCost
from conformance.calendar import WorkingCalendar, parse_local
from conformance.pack import load_pack
from conformance.strict_yaml import read_yaml
from sim.hours import Hours
from sim.laws import Constant
from sim.plan import CasePlan, CitizenPlan, Deed, Happening, Play, WorldPlan
from sim.play import play

CHEAP = PasswordCost(memory_kib=8, passes=1)
ZONE = "Asia/Almaty"
SERVICES = ("doctor-home-call", "doctor-appointment", "clinic-attachment")
ENDINGS = {"portal": {"P2", "P4", "P7", "P8"}, "provider": {"V4", "V7", "V8"}}
SERVED = {"portal": "P1 P3 P5 P6 P8", "provider": "V1 V2 V3 V5 V6 V8"}
REFUSED = {"portal": "P1 P3 P5 P6 P7", "provider": "V1 V2 V3 V5 V6 V7"}
MINUTE, HOUR, DAY = 60_000_000, 3_600_000_000, 86_400_000_000


@cache
def pack():
    return load_pack("astana-106-1923")


@cache
def shipped_world():
    root = Path(__file__).parents[2]
    return read_yaml(root / "scenarios" / "worlds" / "astana-2013.yaml", WorldPlan)


def hours():
    """Return the shipped provider's hours, with its cut-off two hours before closing."""
    calendar = WorkingCalendar(pack().calendar("provider-hours"), ZONE)
    return Hours(calendar, {"doctor-home-call": 7200, "clinic-attachment": 7200})


def _constants(**lengths):
    return {station: Constant(value=length) for station, length in lengths.items()}


BRISK_STEPS = {
    "P1": _constants(citizen="30 s", portal="0 s"),
    "P3": _constants(citizen="60 s", portal="0 s"),
    "P5": _constants(citizen="30 s", portal="0 s", gateway="0 s"),
}
"""A request is sent two minutes after its citizen came, to the microsecond."""


def at(text):
    return parse_local(text, ZONE)


def world(**changes):
    """Return the shipped world with *changes*; service times are given as ``{"P1": {"portal": law}}``."""
    base = shipped_world()
    steps = {code: laws | changes.get("steps", {}).get(code, {}) for code, laws in base.steps.items()}
    stations = base.stations | changes.get("stations", {})
    decision = base.decision | changes.get("decision", {})
    other = {k: v for k, v in changes.items() if k not in {"steps", "stations", "decision"}}
    return msgspec.structs.replace(base, steps=steps, stations=stations, decision=decision, **other)


def case(number=1, service="doctor-home-call", path="portal", arrives="0 s", **citizen):
    return CasePlan(
        id=f"case-{number}",
        service=service,
        path=path,
        citizen=msgspec.convert(citizen, CitizenPlan),
        arrives=arrives,
    )


def a_play(*cases, start="2013-05-15T10:00", world=None, happenings=(), fault=None):
    return Play(
        id="a-play",
        starts_us=at(start),
        cases=cases or (case(),),
        world=world or shipped_world(),
        happenings=tuple(happenings),
        fault=fault,
    )


def run(*cases, seed=1, **setting):
    return play(a_play(*cases, **setting), pack(), seed, password_cost=CHEAP)


def rows_of(played, number=1):
    rows = [row for row in played.rows if row.case_id == f"case-{number}"]
    return sorted(rows, key=lambda row: (row.completed_us, row.step))


def route(played, number=1):
    return " ".join(row.step for row in rows_of(played, number))


def outcome(played, number=1):
    return rows_of(played, number)[-1].outcome


def row(played, step, number=1):
    (found,) = [row for row in rows_of(played, number) if row.step == step]
    return found


def attributes(row):
    return msgspec.json.decode(row.attributes)


def ending(played, number=1):
    return route(played, number), outcome(played, number)


def revocation(step):
    return Happening(do=Deed.REVOKE_CERTIFICATE, step=step)
