"""The shape of a suite: scenarios with what is set, what is expected, and the clauses they exercise."""

from typing import Any

import msgspec

from sim.plan import CitizenPlan, Happening, Plan, StationPlan, LateRequests
from sim.laws import Law


class WorldChanges(Plan, kw_only=True):
    """What a scenario changes of its suite's world; stations and times are merged by name."""

    stations: dict[str, StationPlan] = {}
    steps: dict[str, dict[str, Law]] = {}
    decision: dict[str, Law] = {}
    gateway_retry: str | None = None
    registry_timeout: str | None = None
    registry_attempts: int | None = None
    slot_hold: str | None = None
    late_requests: dict[str, LateRequests] = {}


class Expectation(Plan, kw_only=True):
    """The route and the outcome a case must have."""

    route: tuple[str, ...]
    outcome: str


class FurtherCase(Plan, kw_only=True):
    """Another citizen of the same scenario; *path* only where it differs."""

    arrives: str
    expect: Expectation
    citizen: CitizenPlan = CitizenPlan()
    path: str | None = None
    service: str | None = None


class Scenario(Plan, kw_only=True):
    """One scenario.

    *at* is the local time of its start. *breaks* lists the norms that a deliberate violation (a fault, or
    a world outside the act's) must break; such a scenario never counts in the clause matrix.
    """

    id: str
    title: str
    at: str
    clauses: tuple[str, ...]
    expect: Expectation
    service: str | None = None
    path: str | None = None
    citizen: CitizenPlan = CitizenPlan()
    others: tuple[FurtherCase, ...] = ()
    happenings: tuple[Happening, ...] = ()
    world: WorldChanges = WorldChanges()
    fault: str | None = None
    breaks: tuple[str, ...] = ()


class Suite(Plan, kw_only=True):
    """A named list of scenarios on one pack and one world; *service* and *path* are their defaults."""

    suite: str
    title: str
    pack: str
    world: str
    scenarios: tuple[Scenario, ...]
    service: str | None = None
    path: str | None = None


def merged(base: Any, changes: WorldChanges) -> dict[str, Any]:
    """Return the plain form of a world plan with *changes* merged in."""
    plain: dict[str, Any] = msgspec.to_builtins(base)
    for name, value in msgspec.to_builtins(changes).items():
        if value is None:
            continue
        if not isinstance(value, dict):
            plain[name] = value
            continue
        for key, inner in value.items():
            both = name == "steps" and key in plain[name]
            plain[name][key] = {**plain[name][key], **inner} if both else inner
    return plain
