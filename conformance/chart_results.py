"""What the charts of a judged run draw that nothing else of its results holds, as it is saved and shown.

Times are microseconds; the size of all of it is bounded by the steps of the pack, whatever the log's is.
"""

import msgspec

HOURS = 24
QUARTERS = 96


class Drawn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what is saved here."""


class StepHours(Drawn, frozen=True, kw_only=True):
    """One step with a limit, by the local hour in which it could start: executions, and those within it.

    Counted are rows with both moments, the second not before the first.
    """

    service: str
    path: str
    step: str
    limit_s: int
    n: tuple[int, ...]
    within: tuple[int, ...]


class StepTimes(Drawn, frozen=True, kw_only=True):
    """How long one step took: *points* are durations, rising, each with how many lasted at most so long.

    At most some 160 of all durations; the counts are exact at each of them, and so is *within*, at the limit.
    """

    service: str
    path: str
    step: str
    limit_s: int
    n: int
    within: int
    points: tuple[tuple[int, int], ...]


class DayFigures(Drawn, frozen=True, kw_only=True):
    """The day of the log, its days laid over one another by the local clock of *zone*.

    *arrivals* are cases by the hour of their first moment, *arrival_days* how many days of the log had that
    hour, in full or in part. *waiting* is how many steps could start and had not been started, on average
    over time and days, in each quarter of an hour; empty if no row of the log says when work began. There is
    none of a log of more than twenty years.
    """

    zone: str
    days: int
    arrivals: tuple[int, ...]
    arrival_days: tuple[int, ...]
    waiting: tuple[float, ...]
    waiting_rows: int


class ChartFigures(Drawn, frozen=True, kw_only=True):
    """All that is only drawn: *worst* is the step with the smallest share within its limit."""

    hours: tuple[StepHours, ...]
    worst: StepTimes | None
    day: DayFigures | None
