"""The shape of a suite: scenarios with what is set, what is expected, and the clauses they exercise."""

import msgspec

from conformance.regulation import Text
from sim.laws import Law
from sim.plan import CitizenPlan, Happening, LateRequests, Plan, StationPlan, WorldPlan


class WorldChanges(Plan, frozen=True, kw_only=True):
    """What a scenario changes of its suite's world; stations and times are merged by name."""

    stations: dict[str, StationPlan] = msgspec.field(default_factory=dict)
    steps: dict[str, dict[str, Law]] = msgspec.field(default_factory=dict)
    decision: dict[str, Law] = msgspec.field(default_factory=dict)
    gateway_retry: str | None = None
    registry_timeout: str | None = None
    registry_attempts: int | None = None
    slot_hold: str | None = None
    late_requests: dict[str, LateRequests] = msgspec.field(default_factory=dict)
    check_retry: str | None = None
    signature_policy: str | None = None


class Expectation(Plan, frozen=True, kw_only=True):
    """The route and the outcome a case must have.

    *validation* is what the last verification of the case's documents must find: indication, sub-indication
    (``-`` for none) and the citizen's message, as in ``TOTAL_FAILED/EXPIRED/CERT_PERIOD``. A list gives every
    finding in the order of the verifications, each time only once what is found again and again.
    """

    route: tuple[str, ...]
    outcome: str
    validation: str | tuple[str, ...] | None = None

    @property
    def findings(self) -> tuple[str, ...]:
        """Return the findings that are expected; nothing if none is."""
        if self.validation is None:
            return ()
        return (self.validation,) if isinstance(self.validation, str) else self.validation


class FurtherCase(Plan, frozen=True, kw_only=True):
    """Another citizen of the same scenario; *path* only where it differs."""

    arrives: str
    expect: Expectation
    citizen: CitizenPlan = CitizenPlan()
    path: str | None = None
    service: str | None = None


class Scenario(Plan, frozen=True, kw_only=True):
    """One scenario.

    With *services* it is played for each of them. *at* is the local time of its start. *breaks* lists the
    norms that a deliberate violation (a fault, or a world outside the act's) must break; such a scenario
    never counts in the clause matrix.
    """

    id: str
    title: str | Text
    at: str
    clauses: tuple[str, ...]
    expect: Expectation
    service: str | None = None
    services: tuple[str, ...] = ()
    path: str | None = None
    citizen: CitizenPlan = CitizenPlan()
    others: tuple[FurtherCase, ...] = ()
    happenings: tuple[Happening, ...] = ()
    world: WorldChanges = WorldChanges()
    fault: str | None = None
    breaks: tuple[str, ...] = ()


class Suite(Plan, frozen=True, kw_only=True):
    """A named list of scenarios on one pack and one world.

    *service* or *services*, and *path*, are the defaults of the scenarios.
    """

    suite: str
    title: str
    pack: str
    world: str
    scenarios: tuple[Scenario, ...]
    service: str | None = None
    services: tuple[str, ...] = ()
    path: str | None = None


def changed_world(world: WorldPlan, changes: WorldChanges) -> WorldPlan:
    """Return *world* with *changes* merged in by name. Raises UnfitValue if no such world can be."""
    plain = {
        name: value
        for name in changes.__struct_fields__
        if (value := getattr(changes, name)) is not None and not isinstance(value, dict)
    }
    steps = {**world.steps}
    for step, laws in changes.steps.items():
        steps[step] = {**steps.get(step, {}), **laws}
    return msgspec.structs.replace(
        world,
        stations={**world.stations, **changes.stations},
        steps=steps,
        decision={**world.decision, **changes.decision},
        late_requests={**world.late_requests, **changes.late_requests},
        **plain,
    )
