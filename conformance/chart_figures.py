"""What the charts of a judged log draw, from its cases: hour by step, times, who waits."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.cases import Case
from conformance.chart_results import HOURS, QUARTERS, ChartFigures, DayFigures, StepHours, StepTimes
from conformance.engine.zones import transitions
from conformance.norms import Norm, StepDuration

Place = tuple[str, str, str]
"""A service, a path and a step."""
Quarters = Mapping[int, tuple[int, int]]
"""By quarter of an hour since 1970 (UTC): how many moments lie in it, and the time from them to its end."""

MOST_POINTS = 160
QUARTER_US = 900_000_000
_HOUR_US = 4 * QUARTER_US
_MOST_SPAN_US = 20 * 366 * HOURS * _HOUR_US
_Numbers = Any
"""An array of whole numbers."""


@dataclass(frozen=True, slots=True)
class LocalClock:
    """The clock of a *zone* over the period of a log: *offsets* as *conformance.engine.zones* has them."""

    zone: str
    first_us: int
    last_us: int
    offsets: tuple[tuple[int, int], ...]

    def hour(self, us: int) -> int:
        """Return the hour, 0 to 23, that the clock shows at *us*."""
        offset = next((shift for moment, shift in reversed(self.offsets) if moment <= us), self.offsets[0][1])
        return (us + offset) // _HOUR_US % HOURS


@dataclass(frozen=True, slots=True)
class Waits:
    """When steps could start and when work began, of the *rows* that say both."""

    rows: int
    came: Quarters
    went: Quarters


NOTHING = ChartFigures(hours=(), worst=None, day=None)


def clock_of(zone: str, first_us: int | None, last_us: int | None) -> LocalClock | None:
    """Return the clock of a period; None without moments, and of a log of more than twenty years."""
    if first_us is None or last_us is None or last_us - first_us > _MOST_SPAN_US or first_us < 0:
        return None
    return LocalClock(zone, first_us, last_us, transitions(zone, first_us, last_us))


def limits_of(norms: Iterable[Norm]) -> dict[Place, int]:
    """Return the limit in seconds of every step that has one."""
    found: dict[Place, int] = {}
    for norm in norms:
        if isinstance(norm, StepDuration) and norm.max_s is not None:
            found.setdefault((norm.services[0], norm.path, norm.step), norm.max_s)
    return found


def chart_figures_of(
    norms: Sequence[Norm], zone: str, cases: Iterable[Case], judged: Iterable[Case]
) -> ChartFigures:
    """Return what the charts of *cases* draw; of those that could not be *judged* only how many waited."""
    events = [event.row for case in cases for event in case.events]
    moments = [
        us for row in events for us in (row.enabled_us, row.started_us, row.completed_us) if us is not None
    ]
    clock = clock_of(zone, min(moments, default=None), max(moments, default=None))
    if clock is None:
        return NOTHING
    limits = limits_of(norms)
    times: dict[Place, list[tuple[int, int]]] = {}
    arrivals: Counter[int] = Counter()
    for case in judged:
        rows = [event.row for event in case.events]
        begun = [us for row in rows for us in (row.enabled_us, row.completed_us) if us is not None]
        if begun:
            arrivals[clock.hour(min(begun))] += 1
        for row in rows:
            place = (case.service, case.path, row.step)
            if place in limits and row.enabled_us is not None and row.completed_us is not None:
                took = row.completed_us - row.enabled_us
                if took >= 0:
                    times.setdefault(place, []).append((clock.hour(row.enabled_us), took))
    hours = tuple(_step_hours(place, limits[place], times[place]) for place in sorted(times))
    worst = worst_of(hours, {place: max(took for _, took in own) for place, own in times.items()})
    durations = sorted(took for _, took in times[place_of(worst)]) if worst is not None else []
    kept = [
        (row.enabled_us, row.started_us)
        for row in events
        if row.enabled_us is not None and row.started_us is not None and row.enabled_us <= row.started_us
    ]
    waits = Waits(len(kept), _by_quarter(came for came, _ in kept), _by_quarter(went for _, went in kept))
    return ChartFigures(
        hours=hours,
        worst=None if worst is None else step_times(worst, durations),
        day=day_figures(clock, arrivals, waits),
    )


def worst_of(hours: Iterable[StepHours], longest_us: Mapping[Place, int]) -> StepHours | None:
    """Return the step with the smallest share within its limit; of equals the one that came closest to it."""

    def badness(one: StepHours) -> tuple[float, float, Place]:
        place = place_of(one)
        return sum(one.within) / sum(one.n), -longest_us[place] / max(one.limit_s, 1), place

    return min(hours, key=badness, default=None)


def place_of(one: StepHours) -> Place:
    """Return the place of a step."""
    return one.service, one.path, one.step


def step_times(worst: StepHours, durations_us: _Numbers) -> StepTimes:
    """Return the times of *worst*, all of whose *durations_us* are given."""
    import numpy as np  # noqa: PLC0415 - a tenth of the start-up time of whoever only reports

    total = len(durations_us)
    values, counts = np.unique(np.asarray(durations_us, dtype=np.int64), return_counts=True)
    upto = counts.cumsum()
    groups = (upto - 1) * MOST_POINTS // total
    last = np.flatnonzero(np.diff(groups, append=groups[-1] + 1))
    return times_of(worst, zip(values[last].tolist(), upto[last].tolist(), strict=True))


def times_of(worst: StepHours, points: Iterable[tuple[int, int]]) -> StepTimes:
    """Return the times of *worst* by some of its durations, each with how many lasted at most so long."""
    return StepTimes(
        service=worst.service,
        path=worst.path,
        step=worst.step,
        limit_s=worst.limit_s,
        n=sum(worst.n),
        within=sum(worst.within),
        points=tuple(points),
    )


def day_figures(clock: LocalClock, arrivals: Mapping[int, int], waits: Waits) -> DayFigures:
    """Return the day of a log from its *arrivals* by local hour, and from who waits."""
    slots = _local_quarters(clock)
    seen = Counter(int(number) % HOURS for number in {int(slot) // 4 for slot in slots})
    return DayFigures(
        zone=clock.zone,
        days=len({int(slot) // QUARTERS for slot in slots}),
        arrivals=tuple(arrivals.get(hour, 0) for hour in range(HOURS)),
        arrival_days=tuple(seen[hour] for hour in range(HOURS)),
        waiting=_waiting(clock, slots, waits) if waits.rows else (),
        waiting_rows=waits.rows,
    )


def _step_hours(place: Place, limit_s: int, times: Iterable[tuple[int, int]]) -> StepHours:
    n, within = [0] * HOURS, [0] * HOURS
    for hour, took in times:
        n[hour] += 1
        within[hour] += took <= limit_s * 1_000_000
    service, path, step = place
    return StepHours(service=service, path=path, step=step, limit_s=limit_s, n=tuple(n), within=tuple(within))


def _by_quarter(moments: Iterable[int]) -> Quarters:
    found: dict[int, tuple[int, int]] = {}
    for us in moments:
        n, rest = found.get(us // QUARTER_US, (0, 0))
        found[us // QUARTER_US] = (n + 1, rest + QUARTER_US - us % QUARTER_US)
    return found


def _local_quarters(clock: LocalClock) -> _Numbers:
    """Return for each quarter of an hour of the period its number by the local clock, since 1970."""
    import numpy as np  # noqa: PLC0415 - as above

    quarters = np.arange(clock.first_us // QUARTER_US, clock.last_us // QUARTER_US + 1, dtype=np.int64)
    moments, shifts = (np.array(column, dtype=np.int64) for column in zip(*clock.offsets, strict=True))
    places = np.searchsorted(moments, quarters * QUARTER_US, side="right") - 1
    return (quarters * QUARTER_US + shifts[np.maximum(places, 0)]) // QUARTER_US


def _waiting(clock: LocalClock, slots: _Numbers, waits: Waits) -> tuple[float, ...]:
    """Return how many waited on average in each quarter of the day, by time."""
    import numpy as np  # noqa: PLC0415 - as above

    first = clock.first_us // QUARTER_US
    begun, inside = (np.zeros(len(slots), dtype=np.int64) for _ in range(2))
    for quarters, sign in ((waits.came, 1), (waits.went, -1)):
        for quarter, (n, rest_us) in quarters.items():
            begun[quarter - first] += sign * n
            inside[quarter - first] += sign * rest_us
    # Who came before a quarter waits all of it, who comes within it the rest; who is started, no longer.
    waited_us = (begun.cumsum() - begun) * QUARTER_US + inside
    covered_us = np.full(len(slots), QUARTER_US)
    covered_us[0] -= clock.first_us % QUARTER_US
    covered_us[-1] -= QUARTER_US - clock.last_us % QUARTER_US
    sums = np.bincount(slots % QUARTERS, waited_us, minlength=QUARTERS)
    seen = np.bincount(slots % QUARTERS, covered_us, minlength=QUARTERS)
    means = np.divide(sums, seen, out=np.zeros(QUARTERS), where=seen > 0)
    return tuple(round(float(mean), 6) for mean in means)
