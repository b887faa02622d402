"""A load study as people write it: who comes, to how many servers, and what is asked.

These are data; `scenarios/studies/*.yaml` holds them. Durations are texts with a unit (*sim.durations*), days
and moments are local in the zone of the pack.
"""

import msgspec

from conformance.errors import UnfitValue
from conformance.regulation import Text
from sim.laws import Law
from sim.load.study_arrivals import Arrivals, Factor, FixedTimes, Flash, Poisson, Profile, Trace
from sim.load.study_stations import (
    Office,
    Outage,
    RetryPlan,
    Shift,
    Slots,
    StationStudy,
    TimeOut,
    WhenDown,
)
from sim.load.study_values import duration_us, require_name, require_weights
from sim.plan import CitizenPlan, LateRequests, Plan, RequestFlaw

__all__ = [
    "Arrivals",
    "Costs",
    "Factor",
    "FixedTimes",
    "Flash",
    "Office",
    "Outage",
    "Poisson",
    "Profile",
    "RetryPlan",
    "Shift",
    "Slots",
    "StationStudy",
    "Stop",
    "Study",
    "Sweep",
    "Targets",
    "TimeOut",
    "Trace",
    "Trait",
    "WhenDown",
]

MOST_OFFICES = 5_000


class Trait(Plan, frozen=True, kw_only=True):
    """A *share* of the citizens who are, or do, what *citizen* says; of some services and paths only."""

    id: str
    share: float
    citizen: CitizenPlan
    services: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a share that is none, and what needs a person known by name or the request of another."""
        require_name(self.id, "the id")
        if not 0 <= self.share <= 1:
            raise UnfitValue(f"the share {self.share}", "0 to 1")
        plain = CitizenPlan()
        for name in ("person", "retry", "looks_again"):
            if getattr(self.citizen, name) != getattr(plain, name):
                raise UnfitValue(f"{name} in a study", "traits that need no person known by name")
        if self.citizen.request in {RequestFlaw.REPLAYED, RequestFlaw.REUSED_ID}:
            raise UnfitValue(f"{self.citizen.request} in a study", "traits that need no other case")


class Targets(Plan, frozen=True, kw_only=True):
    """What "keeps the limits" means: this *share* of the executions of each step, shown with *confidence*.

    The act knows no share: each late step is a breach, and they are counted. A planner still needs to say how
    much load is too much. *limits* adds or replaces limits by ``service/step`` or ``step``.
    """

    share: float = 0.95
    confidence: float = 0.95
    limits: dict[str, str] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse shares that are none."""
        if not 0 < self.share <= 1:
            raise UnfitValue(f"the share {self.share}", "more than 0, at most 1")
        if not 0.5 <= self.confidence < 1:
            raise UnfitValue(f"the confidence {self.confidence}", "0.5 up to less than 1")
        for name, text in self.limits.items():
            duration_us(name, text)


class Stop(Plan, frozen=True, kw_only=True):
    """Go on until the interval of *measure* has at most this *half_width*, up to *most* replications.

    *measure* is one of the names of *sim.load.figures*, such as ``doctor-home-call/portal/P6 share_within``
    or ``desk mean_wait_s``.
    """

    measure: str
    half_width: float
    least: int = 5
    most: int = 100

    def __post_init__(self) -> None:
        """Refuse a rule that could never stop, or would stop before anything is known."""
        if not self.half_width > 0:
            raise UnfitValue(f"the half-width {self.half_width}", "more than 0")
        if not 2 <= self.least <= self.most <= 10_000:
            raise UnfitValue(
                f"{self.least} to {self.most} replications", "at least 2, and not more than most"
            )


class Sweep(Plan, frozen=True, kw_only=True):
    """Play the study once for each of *values* of a *parameter*: its place in the study, or ``load``.

    ``load`` multiplies all arrivals; ``arrivals.ID.scale`` one stream, or several with a ``*`` in ID;
    ``stations.NAME.servers`` a station.
    """

    parameter: str
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse a sweep over nothing."""
        if not 1 <= len(self.values) <= 200:
            raise UnfitValue(f"{len(self.values)} values", "1 to 200")
        if len(set(self.values)) < len(self.values):
            raise UnfitValue(", ".join(f"{value:g}" for value in self.values), "each value once")
        if self.parameter.partition(".")[0] in {"replications", "stop", "sweep", "costs"}:
            found = f"a sweep over {self.parameter}"
            raise UnfitValue(found, "a number that changes what is played, like load")


class Costs(Plan, frozen=True, kw_only=True):
    """What one server more costs, by station; 1 where nothing is said. Used to compare staffings."""

    servers: dict[str, float] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse costs that are none."""
        require_weights([*self.servers.values()], may_be_none=True)


class Study(Plan, frozen=True, kw_only=True):
    """A load study, which answers the *question* of a planner; *title* and it in one language, or in three.

    *sources* and *assumptions* say where its figures come from. *world* gives the stations and times that the
    study does not. Cases arrive for *lasts* from *starts* on; the run may go on for *drain* longer.
    *warm_up*: ``auto`` (MSER-5), ``none``, or a duration.
    """

    study: str
    title: str | Text
    pack: str
    world: str
    starts: str
    lasts: str
    arrivals: tuple[Arrivals, ...]
    question: str | Text | None = None
    sources: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    drain: str = "3 d"
    warm_up: str = "none"
    replications: int = 10
    load: float = 1.0
    offices: int | tuple[Office, ...] = 1
    stations: dict[str, StationStudy] = msgspec.field(default_factory=dict)
    steps: dict[str, dict[str, Law]] = msgspec.field(default_factory=dict)
    decision: dict[str, Law] = msgspec.field(default_factory=dict)
    late_requests: dict[str, LateRequests] = msgspec.field(default_factory=dict)
    traits: tuple[Trait, ...] = ()
    slots: Slots | None = None
    targets: Targets = Targets()
    stop: Stop | None = None
    sweep: Sweep | None = None
    costs: Costs = Costs()

    def __post_init__(self) -> None:
        """Refuse numbers that no study has."""
        require_name(self.study, "the name")
        lasts_us = duration_us("lasts", self.lasts, least_us=1)
        duration_us("drain", self.drain)
        if self.warm_up not in {"auto", "none"} and duration_us("warm_up", self.warm_up) >= lasts_us:
            raise UnfitValue(f"warm_up: {self.warm_up}", f"auto, none, or less than it lasts, {self.lasts}")
        if not 1 <= self.replications <= 10_000:
            raise UnfitValue(f"{self.replications} replications", "1 to 10000")
        offices = self.offices if isinstance(self.offices, int) else len(self.offices)
        if not 1 <= offices <= MOST_OFFICES:
            raise UnfitValue(f"{offices} offices", f"1 to {MOST_OFFICES}")
        require_weights([self.load], may_be_none=True)
