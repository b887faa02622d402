"""Hand-made points of load studies: steps, stations, days, and all that belongs to one load."""

import math
from dataclasses import dataclass

from conformance.study_figures import (
    Bottleneck,
    CaseCounts,
    Curve,
    Estimate,
    LimitShown,
    PathFigures,
    PointResults,
    Spread,
    StationFigures,
    StepFigures,
    TimeGrid,
    UnfinishedCase,
    UnfinishedPlace,
)

MIDNIGHT_US = 1_368_554_400_000_000  # 2013-05-15 00:00 in Almaty
GRID = TimeGrid(from_us=MIDNIGHT_US, step_us=300_000_000, count=288)
RUNS = 10


def estimate(value, half=None, runs=RUNS, method="t"):
    if value is None or half is None:
        return Estimate(value=value, low=None, high=None, replications=runs, method=method)
    return Estimate(value=value, low=value - half, high=value + half, replications=runs, method=method)


def spread(count, median, scale=1.0):
    """Return times with a tail; those of nobody have no figures."""
    if not count:
        none = estimate(None, runs=0)
        figures = dict.fromkeys(("mean_s", "median_s", "p90_s", "p95_s", "p99_s", "max_s"))
        return Spread(count=0, mean=none, p95=none, **figures)
    p95 = median * (1.6 + scale)
    return Spread(
        count=count,
        mean_s=median * 1.17,
        median_s=median,
        p90_s=median * (1.3 + scale),
        p95_s=p95,
        p99_s=median * (2.1 + 2 * scale),
        max_s=median * (3.7 + 4 * scale),
        mean=estimate(median * 1.17, median * 0.03),
        p95=estimate(p95 * 1.01, p95 * 0.06),
    )


@dataclass(frozen=True)
class Made:
    """How a step of an example fares: median against its limit, share in time and its half-width."""

    place: tuple[str, str, str]
    count: int
    median: float
    limit: float | None
    share: float | None
    half: float | None = 0.01
    status: str | None = "agreed"
    why: str | None = None


def step(made):
    service, path, name = made.place
    low = None if made.share is None or made.half is None else made.share - made.half
    high = None if low is None else min(1.0, made.share + made.half)
    if made.why is not None:
        kept = "not_shown"
    else:
        kept = "kept" if low >= 0.95 else "not_kept" if high < 0.95 else "not_shown"
    why = made.why or ("interval" if kept == "not_shown" else None)
    number = {"doctor-home-call": "S1", "doctor-appointment": "S2", "clinic-attachment": "S3"}.get(service)
    return StepFigures(
        service=service,
        path=path,
        step=name,
        count=made.count,
        open=3 if name == "P6" else 0,
        wait_s=spread(made.count, made.median * 0.6),
        service_s=spread(made.count, made.median * 0.4),
        sojourn_s=spread(made.count, made.median),
        limit_s=made.limit,
        norm=f"{number}.{name}.limit" if number and made.status else None,
        limit_status=made.status,
        late=0 if made.share is None else round(made.count * (1 - made.share)),
        share_within=Estimate(value=made.share, low=low, high=high, replications=RUNS),
        kept=kept,
        why=why,
    )


def day(height, *, at=9.0, width=2.0, band=0.15):
    """Return a curve with one hump over the day."""
    mean = [height * math.exp(-(((i / 12 - at) / width) ** 2)) for i in range(288)]
    rounded = tuple(round(value, 4) for value in mean)
    return Curve(
        mean=rounded,
        low=tuple(round(value * (1 - band), 4) for value in mean),
        high=tuple(round(value * (1 + band), 4) for value in mean),
    )


def station(name, use, queue, *, office=None, offices=12, served=60_000):
    return StationFigures(
        station=name,
        office=office,
        offices=offices,
        servers=4.0,
        utilisation=estimate(use, 0.02),
        wait_s=spread(served, 12.5),
        queue_mean=estimate(queue / 8, queue / 90),
        queue_max=math.ceil(queue * 2),
        queue=day(queue),
        busy=day(3.0),
        on_duty=day(4.0),
        asked=served + 40,
        served=served,
        left=40,
    )


def shown(made):
    """Return a limit as others name it."""
    own = step(made)
    return LimitShown(
        service=own.service,
        path=own.path,
        step=own.step,
        norm=own.norm,
        share_within=own.share_within.value or 0.0,
    )


HOME, VISIT, JOIN = "doctor-home-call", "doctor-appointment", "clinic-attachment"
WORST = Made((VISIT, "provider", "V5"), 61_740, 88.0, 60.0, 0.7123, 0.021)
MADE = (
    Made((HOME, "portal", "P1"), 290, 21.0, 60.0, 0.998, 0.002),
    Made((HOME, "portal", "P3"), 284, 25.0, 90.0, 0.97, 0.01),
    Made((HOME, "portal", "P6"), 270, 22.9, 60.0, 0.955, 0.03),
    Made((HOME, "portal", "P8"), 262, 40.0, None, None, None, "unknown", "limit_not_stated"),
    Made((HOME, "provider", "V5"), 5_400, 61.0, 60.0, 0.93, 0.04, "assumed", "limit_not_stated"),
    Made((VISIT, "portal", "P0"), 3_210, 200.0, None, None, None, None, "no_limit"),
    Made((VISIT, "portal", "P5"), 3_190, 18.0, 1_800.0, 1.0, 0.0),
    WORST,
    Made((VISIT, "provider", "V6"), 61_500, 40.0, 60.0, 0.9301, 0.012),
    Made((JOIN, "portal", "P7"), 0, 1.0, 60.0, None, None, "agreed", "no_executions"),
    Made((JOIN, "provider", "V3"), 1_900, 30.0, 90.0, 0.9996, 0.0003),
)


def point(label="base", made=MADE, *, value=None, parameter=None, scale=1.0, unfinished=37, abandoned=412):
    arrived = sum(own.count for own in made) // 3
    counts = CaseCounts(
        arrived=arrived,
        ended=arrived - unfinished - abandoned,
        abandoned=abandoned,
        unfinished=unfinished,
        measured=arrived,
    )
    steps = tuple(step(own) for own in made)
    stated = {own.kept for own in steps if own.limit_status == "agreed"}
    worst = min(
        (own for own in made if own.share is not None and own.status == "agreed"), key=lambda o: o.share
    )
    places = (
        UnfinishedPlace(
            service=VISIT, path="provider", step="V5", station="workstation", doing="waits", count=31
        ),
        UnfinishedPlace(service=HOME, path="portal", step="P6", station="registrar", doing="served", count=4),
        UnfinishedPlace(service=JOIN, path="provider", step=None, station=None, doing="under_way", count=2),
    )
    named = tuple(
        UnfinishedCase(
            replication=i % RUNS,
            case=4000 + i,
            office=i % 12,
            service=VISIT,
            path="provider",
            step="V5",
            station="workstation",
            doing="waits",
            since_us=MIDNIGHT_US + 64_000_000_000 + i * 1_000_000,
        )
        for i in range(31)
    )
    return PointResults(
        label=label,
        parameter=parameter,
        value=value,
        replications=RUNS,
        cases=counts,
        paths=(
            PathFigures(service=VISIT, path="provider", cases=counts, time_s=spread(arrived, 400.0)),
            PathFigures(service=HOME, path="portal", cases=counts, time_s=spread(290, 300.0)),
        ),
        unfinished_where=places if unfinished else (),
        unfinished_cases=named if unfinished else (),
        steps=steps,
        kept=next(kept for kept in ("not_kept", "not_shown", "kept") if kept in stated),
        stations=(
            station("workstation", min(0.97, 0.7 * scale), 14.0 * scale),
            station("workstation", min(1.04, 0.75 * scale), 16.0 * scale, office=6),
            station("registrar", 0.41 * scale, 1.5 * scale),
            station("portal", 0.08 * scale, 0.02, offices=1),
        ),
        bottlenecks=(
            Bottleneck(
                station="workstation",
                office=6,
                utilisation=min(1.04, 0.75 * scale),
                wait_share=0.913,
                breaks=shown(worst) if worst.share < 0.95 else None,
            ),
            Bottleneck(
                station="registrar", office=2, utilisation=0.41 * scale, wait_share=0.087, breaks=None
            ),
            Bottleneck(station="portal", office=None, utilisation=0.08 * scale, wait_share=0.0, breaks=None),
        ),
        grid=GRID,
        arrivals=day(40.0 * scale),
        under_way=day(90.0 * scale, at=9.5),
    )
