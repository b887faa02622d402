"""Hand-made results of load studies: an ordinary one, a sweep, a sizing, and the odd ones."""

from msgspec.structs import replace

from conformance.pack import load_pack
from conformance.regulation import Text
from conformance.study_figures import CaseCounts, Curve, LimitShown, PointResults
from conformance.study_results import (
    STUDY_SCHEMA_VERSION,
    BreakingLoad,
    Difference,
    LoadTried,
    Move,
    NameOf,
    PhaseTime,
    Sizing,
    SizingNote,
    Staffing,
    StepName,
    StopRule,
    StudyProvenance,
    StudyResults,
    Targets,
    WarmUp,
)
from tests.reports.study_points import (
    GRID,
    HOME,
    JOIN,
    MADE,
    RUNS,
    VISIT,
    WORST,
    Made,
    day,
    estimate,
    point,
)

PACK = load_pack("astana-106-1923")
MARKUP = "<img src=x onerror=alert(1)>"
HOSTILE = f"{MARKUP} =SUM(A1) \x1b[31m\u202e {'Very long clinic name ' * 3}"
HASH = "0123456789abcdef" * 4


def text(words):
    return Text(en=words, ru=words, kk=words)


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
    offices=tuple(f"clinic-{number:02}" for number in range(1, 13)),
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
        Difference(
            measure="doctor-appointment/provider/V5 share_within",
            from_label="x0.5",
            to_label="x1",
            difference=estimate(-0.0254, 0.0101),
        ),
        Difference(
            measure="workstation mean_wait_s",
            from_label="x0.5",
            to_label="x1",
            difference=estimate(5.5, 0.5),
        ),
        Difference(
            measure="clinic-attachment/portal/P1 share_within",
            from_label="x0.5",
            to_label="x1",
            difference=estimate(None),
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


MOVES = (
    *(Move(kind=kind) for kind in ("given", "doubled", "everybody", "least_each", "one_more", "confirmed")),
    Move(kind="scarce", station="workstation"),
    Move(kind="changed", changes={"registrar": -1, "workstation": 1_000}),
    Move(kind="probe", changes={"portal": 2}),
)
NOTES = (
    *(SizingNote(kind=kind) for kind in ("smallest", "perhaps_smaller", "interrupted", "nothing_to_keep")),
    SizingNote(kind="few_executions", limits=(TRIED[0].worst,) * 2, more=3),
    SizingNote(kind="too_slow", limits=(replace(TRIED[1].worst, executions=1_234),)),
    SizingNote(kind="abandoned", shares=(0.0312, 0.0004)),
    *(
        SizingNote(kind=kind, stations=("registrar", "portal"))
        for kind in ("idle", "largest_shift", "offices_differ")
    ),
)
SIZING = replace(
    ORDINARY,
    command="size",
    study="astana-staff",
    sizing=Sizing(
        path=(
            *(
                staffing(n, 2, 0.5 + n / 30, "not_kept", Move(kind="changed", changes={"workstation": 1}))
                for n in range(3, 13)
            ),
            staffing(13, 2, 0.9631, "kept", Move(kind="changed", changes={"workstation": 1})),
            staffing(13, 1, 0.88, "not_kept", Move(kind="changed", changes={"registrar": -1})),
        ),
        chosen=staffing(13, 2, 0.9631, "kept"),
        alternatives=(
            staffing(13, 3, 0.981, "kept", Move(kind="changed", changes={"registrar": 1})),
            staffing(14, 2, 0.979, "kept"),
        ),
        notes=NOTES,
    ),
    given_breaking_load=replace(SWEEP.breaking_load, holds_at=None, breaks_at=1.0),
)
NO_STAFFING = replace(
    SIZING,
    sizing=Sizing(
        path=tuple(staffing(3, 2, 0.6, "not_kept", move) for move in (None, *MOVES)),
        chosen=None,
        alternatives=(),
        notes=(SizingNote(kind="out_of_trials", n=401),),
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
    offices=(),
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
