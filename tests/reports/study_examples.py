"""Hand-made results of load studies: an ordinary one, a sweep, a sizing, and the odd ones."""

import math
from dataclasses import dataclass

from msgspec.structs import replace

from conformance.pack import load_pack
from conformance.regulation import Text
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
from conformance.study_results import (
    STUDY_SCHEMA_VERSION,
    BreakingLoad,
    Difference,
    LoadTried,
    NameOf,
    PhaseTime,
    Sizing,
    Staffing,
    StepName,
    StopRule,
    StudyProvenance,
    StudyResults,
    Targets,
    WarmUp,
)

PACK = load_pack("astana-106-1923")
MARKUP = "<img src=x onerror=alert(1)>"
HOSTILE = f"{MARKUP} =SUM(A1) \x1b[31m\u202e {'Very long clinic name ' * 3}"
MIDNIGHT_US = 1_368_554_400_000_000  # 2013-05-15 00:00 in Almaty
GRID = TimeGrid(from_us=MIDNIGHT_US, step_us=300_000_000, count=288)
RUNS = 10
HASH = "0123456789abcdef" * 4


def text(words):
    return Text(en=words, ru=words, kk=words)


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


STATIONS = tuple(
    NameOf(id=code, name=Text(en=en, ru=ru, kk=kk))
    for code, en, ru, kk in (
        ("workstation", "provider's workplace", "АРМ услугодателя", "қызмет көрсетушінің АЖО-сы"),
        ("registrar", "registrar", "регистратор", "тіркеуші"),
        ("portal", "e-government portal", "ПЭП", "ЭҮП"),
    )
)
ORDINARY = StudyResults(
    schema_version=STUDY_SCHEMA_VERSION,
    command="study",
    study="astana-day-2013",
    title="An ordinary day in Astana, 2013",
    question="Are the limits of the resolution kept on an ordinary day?",
    pack="astana-106-1923",
    replay="reglament study astana-day-2013 --seed 7",
    seed=7,
    engine="compiled",
    engine_note=None,
    signatures="off",
    zone="Asia/Almaty",
    starts="2013-05-15T00:00:00",
    ends="2013-05-16T00:00:00",
    sources=("Population 780,880 on 1 February 2013: tengrinews.kz, 17751",),
    assumptions=("ASSUME-27: 12 clinics", "ASSUME-30: how a day is spread"),
    replications=RUNS,
    complete=True,
    stop=StopRule(measure=None, half_width=None, least=RUNS, most=RUNS, reached=None),
    warm_up=WarmUp(
        method="mser5",
        cut_us=3_600_000_000,
        settled=True,
        of="under_way",
        from_us=GRID.from_us,
        step_us=GRID.step_us,
        series=day(90.0, at=9.5).mean,
        smoothed=day(88.0, at=9.5).mean[:283],
        window=5,
    ),
    targets=Targets(share=0.95, confidence=0.95),
    points=(point(scale=1.3),),
    differences=(),
    breaking_load=None,
    sizing=None,
    services=tuple(NameOf(id=service.code, name=service.name) for service in PACK.services),
    paths=tuple(NameOf(id=path.id, name=path.title) for path in PACK.paths),
    stations=STATIONS,
    steps=tuple(
        StepName(service=s.code, path=t.path, step=c.step, action=c.action.text)
        for s in PACK.services
        for t in PACK.tables
        if t.service == s.id
        for c in t.columns
    ),
    provenance=StudyProvenance(
        tool_version="0.5.0",
        study_sha256=HASH,
        pack_version="2012-12-29",
        pack_sha256=HASH[::-1],
        log_sha256=None,
        python="3.13.1",
        libraries={"numba": "0.62.1", "numpy": "2.3.4"},
    ),
    phases=(PhaseTime(phase="draw", cpu_s=1.25), PhaseTime(phase="play", cpu_s=0.5)),
)
SHARES = {0.5: 1.0, 1.0: 0.985, 1.5: 0.953, 2.0: 0.7123, 3.0: 0.31}
FACTOR = "arrivals.*.factor"


def at_load(load, share):
    worst = Made(WORST.place, 61_740, 22.0 * load**2, 60.0, share, 0.012 if share < 1 else 0.0)
    others = [Made(own.place, own.count, 0.8 * own.median, own.limit, 0.99, 0.005) for own in MADE[:3]]
    few = {"unfinished": 0, "abandoned": 0} if load < 2 else {}
    return point(f"x{load:g}", (*others, worst), value=load, parameter=FACTOR, scale=load / 1.5, **few)


TRIED = tuple(
    LoadTried(
        value=value,
        replications=RUNS,
        share=share,
        low=share - 0.012,
        high=share + 0.012,
        kept=kept,
        worst=LimitShown(service=VISIT, path="provider", step="V5", norm="S2.V5.limit", share_within=share),
    )
    for value, share, kept in (
        (1.0, 0.985, "kept"),
        (2.0, 0.7123, "not_kept"),
        (1.5, 0.953, "not_shown"),
        (1.25, 0.971, "kept"),
    )
)
SWEEP = replace(
    ORDINARY,
    study="astana-sweep",
    title="How much more can Astana take?",
    points=tuple(at_load(load, share) for load, share in SHARES.items()),
    differences=(
        Difference(
            measure="doctor-appointment/provider/V5 p95_sojourn_s",
            from_label="x0.5",
            to_label="x1",
            difference=estimate(16.5, 2.25),
        ),
    ),
    breaking_load=BreakingLoad(
        parameter=FACTOR, path=TRIED, holds_at=1.25, breaks_at=1.5, tolerance=0.25, first=TRIED[2].worst
    ),
)


def staffing(workstations, registrars, share, kept, move=None):
    return Staffing(
        servers={"workstation": workstations, "registrar": registrars},
        cost=float(workstations + registrars),
        replications=RUNS,
        share=share,
        low=share - 0.01,
        high=min(1.0, share + 0.01),
        kept=kept,
        worst=TRIED[0].worst,
        move=move,
    )


SIZING = replace(
    ORDINARY,
    command="size",
    study="astana-staff",
    sizing=Sizing(
        path=(
            *(staffing(n, 2, 0.5 + n / 30, "not_kept", f"workstation +1 (to {n})") for n in range(3, 13)),
            staffing(13, 2, 0.9631, "kept", "workstation +1 (to 13)"),
            staffing(13, 1, 0.88, "not_kept", "registrar -1"),
        ),
        chosen=staffing(13, 2, 0.9631, "kept"),
        alternatives=(staffing(13, 3, 0.981, "kept"), staffing(14, 2, 0.979, "kept")),
    ),
)
NO_STAFFING = replace(
    SIZING,
    sizing=Sizing(
        path=(staffing(3, 2, 0.6, "not_kept"),), chosen=None, alternatives=(), note="the bounds are reached"
    ),
)
NOBODY = CaseCounts(arrived=0, ended=0, abandoned=0, unfinished=0, measured=0)
FLAT = Curve(mean=(0.0,) * 288)
EMPTY = replace(
    ORDINARY,
    question=None,
    sources=(),
    assumptions=(),
    replications=1,
    zone="Nowhere/Nothing",
    warm_up=WarmUp(method="none", cut_us=None, settled=True, of="under_way", from_us=0, step_us=1, series=()),
    points=(
        PointResults(
            label="base",
            parameter=None,
            value=None,
            replications=1,
            cases=NOBODY,
            paths=(),
            unfinished_where=(),
            unfinished_cases=(),
            steps=(),
            kept="not_shown",
            stations=(),
            bottlenecks=(),
            grid=GRID,
            arrivals=FLAT,
            under_way=FLAT,
        ),
    ),
    services=(),
    paths=(),
    stations=(),
    steps=(),
    phases=(),
)
UNSHOWN = replace(
    ORDINARY,
    replications=1,
    engine="simpy",
    engine_note="the compiled engine does not play balking: simpy played it",
    warm_up=replace(ORDINARY.warm_up, cut_us=None, settled=False, note="The series is too short."),
    points=(
        point(
            made=(
                Made((HOME, "portal", "P6"), 27, 31.0, 60.0, 0.9, None, "agreed", "one_replication"),
                Made((HOME, "portal", "P8"), 26, 40.0, None, None, None, "unknown", "limit_not_stated"),
                Made((JOIN, "portal", "P7"), 900, 1.0, 60.0, 0.949, 0.02),
            ),
            unfinished=0,
            abandoned=0,
        ),
    ),
)
INTERRUPTED = replace(
    ORDINARY,
    complete=False,
    replications=3,
    stop=StopRule(
        measure="doctor-appointment/provider/V5 p95_sojourn_s",
        half_width=1.0,
        least=5,
        most=100,
        reached=False,
        last_half_width=3.25,
        note="The number of replications was chosen by looking at their figures.",
    ),
)
NO_POINT = replace(ORDINARY, complete=False, replications=0, points=())
STRANGE = replace(
    ORDINARY,
    study=HOSTILE,
    title=HOSTILE,
    question=HOSTILE,
    replay=HOSTILE,
    engine_note=HOSTILE,
    sources=(HOSTILE,),
    services=tuple(NameOf(id=service.id, name=text(HOSTILE)) for service in ORDINARY.services),
    stations=tuple(NameOf(id=station.id, name=text(HOSTILE)) for station in ORDINARY.stations),
    steps=tuple(replace(own, action=text(HOSTILE)) for own in ORDINARY.steps),
    points=(replace(point(scale=1.3), label=HOSTILE),),
)
STUDIES = {
    "ordinary": ORDINARY,
    "sweep": SWEEP,
    "sizing": SIZING,
    "no_staffing": NO_STAFFING,
    "empty": EMPTY,
    "unshown": UNSHOWN,
    "interrupted": INTERRUPTED,
    "no_point": NO_POINT,
    "strange": STRANGE,
}
