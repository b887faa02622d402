"""A load study as people write it: who comes, how often and how patient, to how many servers, and what is asked.

These are data; `scenarios/studies/*.yaml` holds them. Durations are texts with a unit (*sim.durations*), days and
moments are local in the zone of the pack.
"""

from enum import StrEnum
from typing import Any

import msgspec

from conformance.calendar import WEEKDAYS, parse_hour
from conformance.errors import UnfitValue, nearest_name
from sim.durations import parse_duration_us
from sim.laws import Law
from sim.plan import CitizenPlan, LateRequests, Plan

MOST_OFFICES = 5_000
MOST_SERVERS = 1_000_000
MOST_PRIORITIES = 9


def _checked(parse: Any, text: str) -> int:
    try:
        return int(parse(text))
    except ValueError as error:
        raise UnfitValue(str(error), "a time of day HH:MM") from None


def _refuse_unknown(names: Any, known: Any, what: str) -> None:
    for name in names:
        if name not in known:
            raise UnfitValue(f"the unknown name {name}", what, nearest_name(name, known))


def _require_servers(servers: int, least: int) -> None:
    if not least <= servers <= MOST_SERVERS:
        raise UnfitValue(f"{servers} servers", f"{least} to {MOST_SERVERS}")


def _require_weights(weights: list[float], *, may_be_none: bool = False) -> None:
    if not all(0 <= weight <= 1e12 for weight in weights):
        raise UnfitValue(", ".join(map(str, weights)), "numbers from 0 on")
    if not may_be_none and not sum(weights) > 0:
        raise UnfitValue("weights that are all 0", "at least one weight above 0")


class Profile(Plan, frozen=True, kw_only=True):
    """How arrivals are spread: weights of the hours of a day and of the days of a week.

    *day* gives a weight from each local time on, up to the next; 0 is nobody. *week* names only the days that
    differ from 1. The mean over a week of ordinary days is what ``per_day`` says.
    """

    day: dict[str, float] = msgspec.field(default_factory=lambda: {"00:00": 1.0})
    week: dict[str, float] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what is no time of day, no weekday, and weights that leave no time to come."""
        for text in self.day:
            _checked(parse_hour, text)
        _refuse_unknown(self.week, WEEKDAYS, "a weekday")
        _require_weights([*self.day.values()])
        _require_weights([self.week.get(day, 1.0) for day in WEEKDAYS])
        if list(self.day) != sorted(self.day) or next(iter(self.day), None) != "00:00":
            raise UnfitValue(", ".join(self.day), "times of day in rising order from 00:00 on")


class Factor(Plan, frozen=True, kw_only=True):
    """From *start* until *end* (local) arrivals are *times* as many: a wave, a campaign, a holiday."""

    start: str
    end: str
    times: float

    def __post_init__(self) -> None:
        """Refuse a factor that cannot be."""
        _require_weights([self.times], may_be_none=True)


class _Arrivals(Plan, frozen=True, kw_only=True, tag_field="kind"):
    """What every stream of arrivals has.

    *scale* multiplies it, and is what a sweep over the load changes. *priority* 0 is served first.
    """

    id: str
    service: str
    path: str
    priority: int = 0
    scale: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a priority or a scale that cannot be."""
        if not 0 <= self.priority <= MOST_PRIORITIES - 1:
            raise UnfitValue(f"the priority {self.priority}", f"0 to {MOST_PRIORITIES - 1}")
        _require_weights([self.scale], may_be_none=True)


class Poisson(_Arrivals, frozen=True, kw_only=True, tag="poisson"):
    """People who come independently: *per_day* of them on an ordinary day, spread as *profile* says."""

    per_day: float
    profile: Profile = Profile()
    factors: tuple[Factor, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a rate that cannot be."""
        super().__post_init__()
        _require_weights([self.per_day], may_be_none=True)


class Flash(_Arrivals, frozen=True, kw_only=True, tag="flash"):
    """A crowd: *count* people from *start* on, their rate falling to a half every *half_life*.

    With *daily* the crowd comes again at that time on each of the study's days.
    """

    start: str
    count: int
    half_life: str
    daily: bool = False

    def __post_init__(self) -> None:
        """Refuse a crowd that cannot be."""
        super().__post_init__()
        if not 0 <= self.count <= 100_000_000:
            raise UnfitValue(f"{self.count} people", "0 to 100000000")
        if parse_duration_us(self.half_life) <= 0:
            raise UnfitValue(self.half_life, "a time longer than none")


class FixedTimes(_Arrivals, frozen=True, kw_only=True, tag="times"):
    """People who come at exactly these *times* after the study's beginning."""

    times: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse what is no time."""
        super().__post_init__()
        for text in self.times:
            parse_duration_us(text)


class Trace(_Arrivals, frozen=True, kw_only=True, tag="trace"):
    """People who came in an event *log*: the beginnings of its cases of this service and path, moved in time.

    The first local day of the log becomes the first day of the study. *log* is looked for beside the study.
    """

    log: str


Arrivals = Poisson | Flash | FixedTimes | Trace


class Trait(Plan, frozen=True, kw_only=True):
    """A *share* of the citizens who are, or do, what *citizen* says; of some services and paths only."""

    id: str
    share: float
    citizen: CitizenPlan
    services: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a share that is none, and what needs a person known by name."""
        if not 0 <= self.share <= 1:
            raise UnfitValue(f"the share {self.share}", "0 to 1")
        plain = CitizenPlan()
        for name in ("person", "retry", "looks_again"):
            if getattr(self.citizen, name) != getattr(plain, name):
                raise UnfitValue(f"{name} in a study", "traits that need no person known by name")


class WhenDown(StrEnum):
    """What callers do while a station is down: wait in its queue, or be refused and try again."""

    QUEUE = "queue"
    RETRY = "retry"


class RetryPlan(Plan, frozen=True, kw_only=True):
    """Try again after *first*, each time *factor* times later, at most *longest*; *attempts* tries in all."""

    first: str
    factor: float = 1.0
    longest: str = "366 d"
    attempts: int = 0

    def __post_init__(self) -> None:
        """Refuse tries without a pause, and pauses that shrink."""
        if parse_duration_us(self.first) < 100_000:
            raise UnfitValue(self.first, "at least 100 ms")
        parse_duration_us(self.longest)
        if not 1 <= self.factor <= 100:
            raise UnfitValue(f"the factor {self.factor}", "1 to 100")
        if not 0 <= self.attempts <= 100:
            raise UnfitValue(f"{self.attempts} attempts", "0 (no end) to 100")


class Shift(Plan, frozen=True, kw_only=True):
    """On these weekdays, between two local times, the station has *servers* servers."""

    days: tuple[str, ...]
    start: str
    end: str
    servers: int

    def __post_init__(self) -> None:
        """Refuse a shift that cannot be."""
        _refuse_unknown(self.days, WEEKDAYS, "a weekday")
        if _checked(parse_hour, self.start) >= _checked(parse_hour, self.end):
            raise UnfitValue(f"{self.start} to {self.end}", "a beginning before the end, on one day")
        _require_servers(self.servers, least=0)


class Outage(Plan, frozen=True, kw_only=True):
    """From *start* (local) for as long as *lasting* the station is down, or has *servers* servers left."""

    start: str
    lasting: str
    servers: int = 0

    def __post_init__(self) -> None:
        """Refuse an outage without length."""
        if parse_duration_us(self.lasting) <= 0:
            raise UnfitValue(self.lasting, "a time longer than none")
        _require_servers(self.servers, least=0)


class TimeOut(Plan, frozen=True, kw_only=True):
    """How long people wait in the queue of a station before they leave it, and what they do then.

    With *retry* they ask again; without, or after its last attempt, the case is abandoned.
    """

    after: Law
    retry: RetryPlan | None = None

    def __post_init__(self) -> None:
        """Refuse tries without end: somebody who always comes back has patience."""
        if self.retry is not None and self.retry.attempts < 2:
            raise UnfitValue(f"{self.retry.attempts} attempts", "at least 2, or no retry")


class StationStudy(Plan, frozen=True, kw_only=True):
    """What a study says of a station of its world: servers, when they work and fail, how long people wait.

    *per* ``office``: each office has a station of its own, ``all``: one serves all of them. *hours* names a
    calendar of the pack outside of which nobody works. *shifts* replace *servers*: outside of all of them
    nobody works. *when_down*: what callers do meanwhile.
    """

    servers: int | None = None
    per: str | None = None
    hours: str | None = None
    shifts: tuple[Shift, ...] = ()
    outages: tuple[Outage, ...] = ()
    when_down: WhenDown | None = None
    retry: RetryPlan | None = None
    time_out: TimeOut | None = None

    def __post_init__(self) -> None:
        """Refuse a station that cannot be."""
        if self.servers is not None:
            _require_servers(self.servers, least=1)
        if self.per not in {None, "office", "all"}:
            raise UnfitValue(repr(self.per), "office, or all", nearest_name(str(self.per), ["office", "all"]))


class Office(Plan, frozen=True, kw_only=True):
    """One provider: its *share* of the citizens (in any measure), and where it differs from the others."""

    name: str
    share: float = 1.0
    servers: dict[str, int] = msgspec.field(default_factory=dict)
    doctors: int | None = None

    def __post_init__(self) -> None:
        """Refuse an office that nobody could know."""
        _require_weights([self.share], may_be_none=True)
        for servers in self.servers.values():
            _require_servers(servers, least=1)


class Slots(Plan, frozen=True, kw_only=True):
    """The doctors' slots: how many doctors an office has, when they see people, and since when one can choose.

    *first* after opening, then *every* so often, *per_day* of them. The slots of a working day can be chosen
    from *opens_at* on, *days_ahead* days before it.
    """

    doctors: int = 2
    first: str = "1 h"
    every: str = "20 min"
    per_day: int = 6
    days_ahead: int = 3
    opens_at: str = "00:00"
    hold: str = "15 min"

    def __post_init__(self) -> None:
        """Refuse slots that cannot be."""
        for name in ("doctors", "per_day", "days_ahead"):
            if not 0 <= getattr(self, name) <= 1_000:
                raise UnfitValue(f"{getattr(self, name)} {name}", "0 to 1000")
        parse_duration_us(self.first)
        parse_duration_us(self.hold)
        _checked(parse_hour, self.opens_at)
        if parse_duration_us(self.every) <= 0:
            raise UnfitValue(self.every, "a time longer than none")


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
        for text in self.limits.values():
            parse_duration_us(text)


class Stop(Plan, frozen=True, kw_only=True):
    """Go on until the half-width of the interval of *measure* is at most *half_width*, at *most* replications.

    *measure* is one of the names of *sim.load.figures*, such as ``doctor-home-call/portal/P6 share_within`` or
    ``desk mean_wait_s``.
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


class Costs(Plan, frozen=True, kw_only=True):
    """What one server more costs, by station; 1 where nothing is said. Used to compare staffings."""

    servers: dict[str, float] = msgspec.field(default_factory=dict)


class Study(Plan, frozen=True, kw_only=True):
    """A load study, which answers the *question* of a planner.

    *sources* and *assumptions* say where its figures come from. *world* gives the stations and times that the
    study does not. Cases arrive for *lasts* from *starts* on; the run may go on for *drain* longer. *warm_up*:
    ``auto`` (MSER-5), ``none``, or a duration.
    """

    study: str
    title: str
    pack: str
    world: str
    starts: str
    lasts: str
    arrivals: tuple[Arrivals, ...]
    question: str | None = None
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
        for text in (self.lasts, self.drain):
            parse_duration_us(text)
        if parse_duration_us(self.lasts) <= 0:
            raise UnfitValue(f"lasts: {self.lasts}", "a time longer than none")
        if self.warm_up not in {"auto", "none"}:
            parse_duration_us(self.warm_up)
        if not 1 <= self.replications <= 10_000:
            raise UnfitValue(f"{self.replications} replications", "1 to 10000")
        offices = self.offices if isinstance(self.offices, int) else len(self.offices)
        if not 1 <= offices <= MOST_OFFICES:
            raise UnfitValue(f"{offices} offices", f"1 to {MOST_OFFICES}")
        _require_weights([self.load], may_be_none=True)
