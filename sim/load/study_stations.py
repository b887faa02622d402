"""Who serves in a study: stations, when they work and fail, offices, doctors' slots, as people write them."""

from enum import StrEnum

import msgspec

from conformance.calendar import WEEKDAYS
from conformance.errors import UnfitValue, nearest_name
from sim.durations import parse_duration_us
from sim.laws import Law
from sim.load.study_values import minute_of_day, refuse_unknown, require_servers, require_weights
from sim.plan import Plan


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
        refuse_unknown(self.days, WEEKDAYS, "a weekday")
        if minute_of_day(self.start) >= minute_of_day(self.end):
            raise UnfitValue(f"{self.start} to {self.end}", "a beginning before the end, on one day")
        require_servers(self.servers, least=0)


class Outage(Plan, frozen=True, kw_only=True):
    """From *start* (local) for as long as *lasting* the station is down, or has *servers* servers left."""

    start: str
    lasting: str
    servers: int = 0

    def __post_init__(self) -> None:
        """Refuse an outage without length."""
        if parse_duration_us(self.lasting) <= 0:
            raise UnfitValue(self.lasting, "a time longer than none")
        require_servers(self.servers, least=0)


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
            require_servers(self.servers, least=1)
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
        require_weights([self.share], may_be_none=True)
        for servers in self.servers.values():
            require_servers(servers, least=1)


class Slots(Plan, frozen=True, kw_only=True):
    """The doctors' slots: how many doctors an office has, when they see people, when one can choose.

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
        minute_of_day(self.opens_at)
        if parse_duration_us(self.every) <= 0:
            raise UnfitValue(self.every, "a time longer than none")
