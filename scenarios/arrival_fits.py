"""Fit arrivals: how many come a day, how day and week are spread, and whether they come independently.

The day's profile is a step function whose steps are found by dynamic programming: the likelihood of Poisson
counts of half hours, less a penalty of log n for each step (the Bayesian criterion for a place and a rate).
Whether arrivals are more uneven than Poisson's is asked of the index of dispersion over spans with at least
five expected ones, and shown by the times between arrivals with the profile taken out, which are exponential
then.
"""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import NormalDist
from typing import Any

import numpy as np

from conformance.calendar import WEEKDAYS, local_time, parse_local
from conformance.fit_results import ArrivalFit, WeekdayFit
from scenarios.law_fits import distance

CELLS = 48
"""Half hours of a day: where the profile can change."""
FEW = 30
"""Of fewer arrivals nothing but their number is said."""
LEAST_EXPECTED = 5
LEAST_OF_A_WEEKDAY = 2
LEAST_TO_BE_CUT = 3
"""So many days a log has at least whose first and last one are not taken as whole."""
OF_A_WEEK = 0.01
SIGNIFICANT = 0.001
"""Of several tests of each log one errs as rarely as this."""
UNEVEN = 1.25
"""The index of dispersion above which arrivals are no Poisson stream, if it is significant too."""
SHOWN_QUANTILES = 60

_DAY_US = 86_400_000_000
_CELL_US = _DAY_US // CELLS
_PART = 0.1
"""A day of which less than this is missing counts as whole."""


@dataclass(frozen=True, slots=True)
class Days:
    """The local days on which cases came: their beginnings, weekdays, and half hours that the log covers."""

    first: date
    begins_us: Any
    weekdays: Any
    covered: Any

    @property
    def count(self) -> int:
        """Return how many days there are."""
        return len(self.weekdays)


def days_of(arrivals_us: tuple[int, int], log_us: tuple[int, int], zone: str) -> Days:
    """Return the local days in *zone* from the first to the last arrival of a log that covers *log_us*.

    From three days on a first day that the log begins on is not covered before, and a last day that it ends
    on not after: a log that was cut at noon says nothing of an afternoon.
    """
    first, last = (local_time(us, zone).date() for us in arrivals_us)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    begins = np.array([_midnight_us(day, zone) for day in days], np.int64)
    covered = np.ones((len(days), CELLS))
    if len(days) >= LEAST_TO_BE_CUT:
        cells = begins[:, None] + np.arange(CELLS) * _CELL_US
        covered[0, cells[0] + _CELL_US <= log_us[0]] = 0
        covered[-1, cells[-1] > log_us[1]] = 0
    return Days(first, begins, np.array([day.weekday() for day in days]), covered)


def fit_arrivals(service: str, path: str, moments_us: Any, days: Days, resolution_us: int) -> ArrivalFit:
    """Fit the arrivals *moments_us* (in order, at least one) of a service and path on *days*.

    With clocks coarser than half an hour, or few arrivals, the day is taken as flat.
    """
    day = np.searchsorted(days.begins_us, moments_us, side="right") - 1
    cell = np.minimum((moments_us - days.begins_us[day]) // _CELL_US, CELLS - 1)
    table = np.zeros((days.count, CELLS))
    np.add.at(table, (day, cell), 1)
    covered = np.maximum(days.covered, table > 0)
    counted, hours = table.sum(axis=0), covered.sum(axis=0)
    enough = len(moments_us) >= FEW
    steps = _steps(counted, hours) if enough and resolution_us <= _CELL_US else [0]
    profile = _profile(counted, hours, steps)
    shares = covered @ profile / CELLS
    week = _week(table.sum(axis=1), shares, days, enough=enough)
    weights = np.array([weekday.weight for weekday in week])
    expected = covered * np.outer(weights[days.weekdays], profile)
    expected *= len(moments_us) / expected.sum()
    free = len(steps) + sum(weekday.fitted for weekday in week)
    index, p, cells = _dispersion(table, expected, free) if enough else (None, None, 0)
    uneven = index is not None and p is not None and index > UNEVEN and p < SIGNIFICANT
    gaps = _gaps(moments_us, days, expected) if enough and resolution_us <= 1_000_000 else None
    far = None if gaps is None else distance(gaps, lambda v: -np.expm1(-v))
    per_day = float(len(moments_us) / (weights[days.weekdays] @ shares) * weights.mean())
    low, high = _bounds(per_day, len(moments_us), max(1.0, index or 1.0))
    return ArrivalFit(
        id=f"{service}-{path}",
        service=service,
        path=path,
        kind="trace" if uneven else "poisson",
        cases=len(moments_us),
        days=days.count,
        per_day=per_day,
        low=low,
        high=high,
        profile=tuple((f"{at // 2:02d}:{30 * (at % 2):02d}", _rounded(profile[at])) for at in steps),
        week=week,
        dispersion=index,
        p=p,
        cells=cells,
        gaps_ks=None if far is None else far.ks,
        gaps_p=None if far is None else far.p,
        at_once=int(np.sum(np.diff(moments_us) == 0)) if resolution_us < 1_000 else 0,
        counted=tuple(int(n) for n in counted),
        quantiles=() if gaps is None else _exponential_quantiles(gaps),
    )


def _midnight_us(day: date, zone: str) -> int:
    """Return the beginning of a local day; where the clocks skip midnight, a moment near it."""
    try:
        return parse_local(f"{day}T00:00", zone)
    except ValueError:
        return parse_local(f"{day - timedelta(days=1)}T23:00", zone) + 3_600_000_000


def _week(by_day: Any, shares: Any, days: Days, *, enough: bool) -> tuple[WeekdayFit, ...]:
    """Return the weights of the weekdays: 1 of all of them unless their counts differ more than by chance.

    A weekday that is there less than twice has the weight 1, and is the measure of the others if there is
    one. *shares* say which part of each day the log covers.
    """
    seen = np.bincount(days.weekdays, minlength=7)
    lengths = np.bincount(days.weekdays, weights=shares, minlength=7)
    counts = np.bincount(days.weekdays, weights=by_day, minlength=7)
    known = lengths >= LEAST_OF_A_WEEKDAY - _PART
    fitted = enough and int(np.sum(known)) >= 2 and _differ(by_day, shares, days.weekdays, known)
    rest = (lengths > 0) & ~known
    measure = counts.sum() / lengths.sum()
    if rest.any() and counts[rest].sum() > 0:
        measure = counts[rest].sum() / lengths[rest].sum()
    return tuple(
        WeekdayFit(
            day=name,
            days=int(seen[n]),
            arrivals=int(counts[n]),
            weight=_rounded(counts[n] / lengths[n] / measure) if fitted and known[n] else 1.0,
            fitted=bool(fitted and known[n]),
        )
        for n, name in enumerate(WEEKDAYS)
    )


def _differ(by_day: Any, shares: Any, weekdays: Any, known: Any) -> bool:
    """Tell whether the means of weekdays differ more than the days of one weekday do among themselves.

    A quasi-Poisson F test over whole days: uneven arrivals do not make a week.
    """
    from scipy.stats import f as f_law  # noqa: PLC0415 - slow to load, needed by a fit alone

    mine = known[weekdays] & (shares > 1 - _PART)
    counts, weekdays = by_day[mine], weekdays[mine]
    groups = np.unique(weekdays)
    free = len(counts) - len(groups)
    if len(groups) < 2 or free < 1:
        return False
    mean = counts.mean()
    means = {int(group): counts[weekdays == group].mean() for group in groups}
    own = np.array([means[int(weekday)] for weekday in weekdays])
    between = float(np.sum((own - mean) ** 2)) / (len(groups) - 1)
    within = float(np.sum((counts - own) ** 2)) / free
    return float(f_law.sf(between / max(within, mean, 1e-9), len(groups) - 1, free)) < OF_A_WEEK


def _steps(counted: Any, hours: Any) -> list[int]:
    """Return the half hours at which the rate changes, from 0 on; *hours*: how often each is covered."""
    sums, lengths = (np.concatenate([[0], np.cumsum(values)]).tolist() for values in (counted, hours))
    penalty = math.log(sums[-1])
    best = [0.0] + [math.inf] * CELLS
    came_from = [0] * (CELLS + 1)
    for end in range(1, CELLS + 1):
        for start in range(end):
            n, length = sums[end] - sums[start], lengths[end] - lengths[start]
            cost = -n * math.log(n / length) if n else 0.0
            if best[start] + cost + penalty < best[end]:
                best[end], came_from[end] = best[start] + cost + penalty, start
    steps, at = [], CELLS
    while at > 0:
        at = came_from[at]
        steps.append(at)
    return steps[::-1]


def _profile(counted: Any, hours: Any, steps: list[int]) -> Any:
    """Return the weight of each half hour, whose mean is 1."""
    weights = np.zeros(CELLS)
    for start, end in zip(steps, [*steps[1:], CELLS], strict=True):
        weights[start:end] = counted[start:end].sum() / max(hours[start:end].sum(), 1)
    return weights / weights.mean()


def _bounds(per_day: float, count: int, index: float) -> tuple[float, float]:
    """Return the bounds at 95 % of a rate: exact for Poisson counts, wider by the index of dispersion."""
    from scipy.stats import chi2  # noqa: PLC0415 - as above

    if index <= 1:
        low, high = chi2.ppf(0.025, 2 * count) / 2 / count, chi2.ppf(0.975, 2 * count + 2) / 2 / count
        return per_day * float(low), per_day * float(high)
    reach = NormalDist().inv_cdf(0.975) * math.sqrt(index / count)
    return per_day * max(0.0, 1 - reach), per_day * (1 + reach)


def _dispersion(table: Any, expected: Any, free: int) -> tuple[float | None, float | None, int]:
    """Return the index of dispersion, its p-value and the number of spans of time it is made of.

    Neighbouring half hours are put together until at least five arrivals are expected.
    """
    from scipy.stats import chi2  # noqa: PLC0415 - as above

    spans = _spans(expected.ravel())
    seen = np.bincount(spans, weights=table.ravel())
    wanted = np.bincount(spans, weights=expected.ravel())
    freedom = len(seen) - free
    if freedom < 1:
        return None, None, len(seen)
    total = float(np.sum((seen - wanted) ** 2 / wanted))
    return total / freedom, float(chi2.sf(total, freedom)), len(seen)


def _spans(expected: Any) -> Any:
    """Return the number of the span that each half hour belongs to; the last one takes what is left over."""
    numbers, number, held = [], 0, 0.0
    for value in expected.tolist():
        numbers.append(number)
        held += value
        if held >= LEAST_EXPECTED:
            number, held = number + 1, 0.0
    return np.minimum(np.array(numbers, np.int64), max(0, number - 1))


def _gaps(moments_us: Any, days: Days, expected: Any) -> Any:
    """Return the times between arrivals, counted in expected arrivals: those of Poisson have the mean 1."""
    knots = (days.begins_us[:, None] + np.arange(CELLS) * _CELL_US).ravel()
    sums = np.concatenate([[0.0], np.cumsum(expected.ravel())])
    ends = np.append(knots, knots[-1] + _CELL_US)
    return np.diff(np.interp(moments_us.astype(float), ends.astype(float), sums))


def _exponential_quantiles(gaps: Any) -> tuple[tuple[float, float], ...]:
    shares = shown_shares(len(gaps))
    return tuple(
        (float(f"{-math.log1p(-share):.6g}"), float(f"{found:.6g}"))
        for share, found in zip(shares, np.quantile(gaps, shares), strict=True)
    )


def shown_shares(count: int) -> Any:
    """Return the shares of which the quantiles are shown, as far to the end as *count* values reach."""
    shown = min(count, SHOWN_QUANTILES)
    ends = [share for share in (0.995, 0.999) if count * (1 - share) >= 5]
    return np.concatenate([(np.arange(shown) + 0.5) / shown, ends])


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")
