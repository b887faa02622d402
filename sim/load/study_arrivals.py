"""Who comes to the services of a study, and when: streams of arrivals, as people write them."""

import msgspec

from conformance.calendar import WEEKDAYS
from conformance.errors import UnfitValue
from sim.load.study_values import duration_us, minute_of_day, refuse_unknown, require_name, require_weights
from sim.plan import Plan

MOST_PRIORITIES = 9
MOST_OF_A_CROWD = 20_000_000


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
            if minute_of_day(text) == 24 * 60:
                raise UnfitValue(text, "a time of day before 24:00")
        refuse_unknown(self.week, WEEKDAYS, "a weekday")
        require_weights([*self.day.values()])
        require_weights([self.week.get(day, 1.0) for day in WEEKDAYS])
        if list(self.day) != sorted(self.day) or next(iter(self.day), None) != "00:00":
            raise UnfitValue(", ".join(self.day), "times of day in rising order from 00:00 on")


class Factor(Plan, frozen=True, kw_only=True):
    """From *start* until *end* (local) arrivals are *times* as many: a wave, a campaign, a holiday."""

    start: str
    end: str
    times: float

    def __post_init__(self) -> None:
        """Refuse a factor that cannot be."""
        require_weights([self.times], may_be_none=True)


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
        """Refuse a name, a priority or a scale that cannot be."""
        require_name(self.id, "the id")
        if not 0 <= self.priority <= MOST_PRIORITIES - 1:
            raise UnfitValue(f"the priority {self.priority}", f"0 to {MOST_PRIORITIES - 1}")
        require_weights([self.scale], may_be_none=True)


class Poisson(_Arrivals, frozen=True, kw_only=True, tag="poisson"):
    """People who come independently: *per_day* of them on an ordinary day, spread as *profile* says."""

    per_day: float
    profile: Profile = Profile()
    factors: tuple[Factor, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a rate that cannot be."""
        super().__post_init__()
        require_weights([self.per_day], may_be_none=True)


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
        if not 0 <= self.count <= MOST_OF_A_CROWD:
            raise UnfitValue(f"{self.count} people", f"0 to {MOST_OF_A_CROWD}")
        duration_us("half_life", self.half_life, least_us=1)
        if self.daily:
            minute_of_day(self.start)


class FixedTimes(_Arrivals, frozen=True, kw_only=True, tag="times"):
    """People who come at exactly these *times* after the study's beginning."""

    times: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse what is no time."""
        super().__post_init__()
        if not 1 <= len(self.times) <= 100_000:
            raise UnfitValue(f"{len(self.times)} times", "1 to 100000")
        for text in self.times:
            duration_us("times", text)


class Trace(_Arrivals, frozen=True, kw_only=True, tag="trace"):
    """People who came in an event *log*: the beginnings of its cases of this service and path, moved in time.

    The first local day of the log becomes the first day of the study. *log* is looked for beside the study.
    """

    log: str


Arrivals = Poisson | Flash | FixedTimes | Trace
