"""Who serves in a study: stations, when they work and fail, offices, doctors' slots, as people write them."""

from enum import StrEnum

import msgspec

from conformance.calendar import WEEKDAYS
from conformance.errors import UnfitValue, nearest_name
from sim.laws import Law
from sim.load.study_values import (
    MOST_SERVERS,
    duration_us,
    minute_of_day,
    refuse_unknown,
    require_name,
    require_servers,
    require_weights,
)
from sim.plan import MIN_PAUSE_US, Plan

MOST_DOCTORS = 1_000


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
        first_us = duration_us("first", self.first, least_us=MIN_PAUSE_US)
        if duration_us("longest", self.longest) < first_us:
            raise UnfitValue(f"{self.longest} as the longest pause", f"not less than the first, {self.first}")
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
        if not self.days:
            raise UnfitValue("no days", "at least one weekday")
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
        duration_us("lasting", self.lasting, least_us=1)
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
        if self.shifts and not 1 <= sum(shift.servers for shift in self.shifts) <= MOST_SERVERS:
            found = f"{sum(shift.servers for shift in self.shifts)} servers in all shifts"
            raise UnfitValue(found, f"1 to {MOST_SERVERS}")
        if self.retry is not None and self.when_down is WhenDown.QUEUE:
            raise UnfitValue("a retry of callers who queue", "when_down: retry, or no retry")
        if self.retry is not None and self.retry.attempts != 0:
            found = f"{self.retry.attempts} attempts at a station that is down"
            raise UnfitValue(found, "0: its callers try until it is up")


class Office(Plan, frozen=True, kw_only=True):
    """One provider: its *share* of the citizens (in any measure), and where it differs from the others."""

    name: str
    share: float = 1.0
    servers: dict[str, int] = msgspec.field(default_factory=dict)
    doctors: int | None = None

    def __post_init__(self) -> None:
        """Refuse an office that nobody could know."""
        require_name(self.name, "the name")
        require_weights([self.share], may_be_none=True)
        if self.doctors is not None and not 0 <= self.doctors <= MOST_DOCTORS:
            raise UnfitValue(f"{self.doctors} doctors", f"0 to {MOST_DOCTORS}")
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
            if not 0 <= getattr(self, name) <= MOST_DOCTORS:
                raise UnfitValue(f"{getattr(self, name)} {name}", f"0 to {MOST_DOCTORS}")
        duration_us("first", self.first)
        duration_us("hold", self.hold, least_us=MIN_PAUSE_US)
        duration_us("every", self.every, least_us=1)
        minute_of_day(self.opens_at)
