"""What a load study found, as it is saved and shown: the published shape of the ``results.json`` of a study.

Moments are microseconds since the epoch, UTC; names ending in ``_s`` are seconds. Shares lie between 0 and 1.
What could not be estimated is None, never a number that stands for it.
"""

import msgspec

from conformance.regulation import Text

STUDY_SCHEMA_VERSION = 1

MOST_MOMENTS = 288
"""So many points has a curve at most: one in five minutes of a day."""


class Found(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what a study saves."""


class Estimate(Found, frozen=True, kw_only=True):
    """The mean of one figure over *replications*, with its interval at the study's confidence.

    *low* and *high* are None with fewer than two replications that have the figure, *value* with none.
    *method* is ``t``, or ``exact`` for a share whose replications do not differ (Clopper-Pearson, pooled).
    """

    value: float | None
    low: float | None
    high: float | None
    replications: int
    method: str = "t"


class Spread(Found, frozen=True, kw_only=True):
    """How *count* times of all replications together are spread, and what repetition says of two figures.

    Percentiles are nearest ranks. *mean* and *p95* are estimated over replications, so their value can
    differ a little from *mean_s* and *p95_s*, in which every execution weighs the same.
    """

    count: int
    mean_s: float | None
    median_s: float | None
    p90_s: float | None
    p95_s: float | None
    p99_s: float | None
    max_s: float | None
    mean: Estimate
    p95: Estimate


class TimeGrid(Found, frozen=True, kw_only=True):
    """*count* moments, *step_us* apart, the first at *from_us*; at most MOST_MOMENTS."""

    from_us: int
    step_us: int
    count: int


class Curve(Found, frozen=True, kw_only=True):
    """A figure at the moments of the grid: mean over replications with its interval (empty: only one).

    What is counted (arrivals) stands for the span from a moment to the next one.
    """

    mean: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()


class CaseCounts(Found, frozen=True, kw_only=True):
    """Cases of all replications: *arrived* is the sum of the next three, *measured* came in the window."""

    arrived: int
    ended: int
    abandoned: int
    unfinished: int
    measured: int


class PathFigures(Found, frozen=True, kw_only=True):
    """The cases of one service and path; *time_s* is from the arrival to the last step, of ended cases."""

    service: str
    path: str
    cases: CaseCounts
    time_s: Spread


class UnfinishedPlace(Found, frozen=True, kw_only=True):
    """How many cases of all replications had not ended at the end of the run, by where they stood.

    *step* is None between two steps. *doing* is ``waits`` (in the queue of *station*), ``served`` (has a
    server of it), or ``under_way``: in a step without a queue, or until an opening or the next try.
    """

    service: str
    path: str
    step: str | None
    station: str | None
    doing: str
    count: int


class UnfinishedCase(Found, frozen=True, kw_only=True):
    """One of them by name; *since_us* is when it asked for its server, or arrived where it has none."""

    replication: int
    case: int
    office: int
    service: str
    path: str
    step: str | None
    station: str | None
    doing: str
    since_us: int


class PathEnd(Found, frozen=True, kw_only=True):
    """How many cases of all replications ended after a step with an outcome."""

    service: str
    path: str
    step: str
    outcome: str
    count: int


class StepFigures(Found, frozen=True, kw_only=True):
    """One step of a path: its times, and how many executions were within the limit of the pack.

    *sojourn_s* is from enabled to completed, as the law counts it; *wait_s* the part in queues, *service_s*
    the rest from the beginning of the work. *count* executions ended; *open* ones were broken off or lasted
    beyond the end of the run. *late* are those beyond the limit, of the open ones those that already were;
    the other open ones are in no share.

    *limit_status* is the pack's: ``agreed``, ``assumed``, ``unknown`` (lost) or ``disputed``; None: no limit.
    *kept*: ``kept`` if the lower bound of *share_within* reaches the target, ``not_kept`` if the upper one
    stays below, otherwise ``not_shown`` with *why*: ``no_limit``, ``limit_not_stated``, ``no_executions``,
    ``one_replication`` or ``interval``.
    """

    service: str
    path: str
    step: str
    count: int
    open: int
    wait_s: Spread
    service_s: Spread
    sojourn_s: Spread
    limit_s: float | None
    norm: str | None
    limit_status: str | None
    late: int
    share_within: Estimate
    kept: str
    why: str | None = None


class StationFigures(Found, frozen=True, kw_only=True):
    """A kind of station over all its offices (*office* None), or its busiest one (*office* from 0).

    *servers* is the mean number on duty, in one office where *office* is given, otherwise in all. The
    *utilisation* is busy time of servers over time on duty; more than 1 if services ran past the end of
    duty. *queue_mean* is weighted by time, *queue_max* the longest at a moment of the grid.
    """

    station: str
    office: int | None
    offices: int
    servers: float | None
    utilisation: Estimate
    wait_s: Spread
    queue_mean: Estimate
    queue_max: int
    queue: Curve | None
    busy: Curve | None
    on_duty: Curve | None
    asked: int
    served: int
    left: int


class LimitShown(Found, frozen=True, kw_only=True):
    """A limit by its place, with the share of executions within it."""

    service: str
    path: str
    step: str
    norm: str | None
    share_within: float


class Bottleneck(Found, frozen=True, kw_only=True):
    """A station in the order in which it holds cases up: *wait_share* is its part of all waiting.

    *breaks* is the limit broken most, by share, among the steps done at it; None where all are kept.
    """

    station: str
    office: int | None
    utilisation: float | None
    wait_share: float
    breaks: LimitShown | None


class PointResults(Found, frozen=True, kw_only=True):
    """One value of a sweep, or the whole of a study without one (*parameter* None).

    *kept* is the worst of all stated limits: ``not_kept``, ``not_shown`` or ``kept``.
    """

    label: str
    parameter: str | None
    value: float | str | None
    replications: int
    cases: CaseCounts
    paths: tuple[PathFigures, ...]
    unfinished_where: tuple[UnfinishedPlace, ...]
    unfinished_cases: tuple[UnfinishedCase, ...]
    steps: tuple[StepFigures, ...]
    kept: str
    stations: tuple[StationFigures, ...]
    bottlenecks: tuple[Bottleneck, ...]
    grid: TimeGrid
    arrivals: Curve
    under_way: Curve
    ends: tuple[PathEnd, ...] = ()


class StopRule(Found, frozen=True, kw_only=True):
    """When replications stop: once the half-width of *measure* is at most *half_width*, or after *most*.

    *measure* None: after *most*, whatever they say. *last_half_width* is the one that ended it.
    """

    measure: str | None
    half_width: float | None
    least: int
    most: int
    reached: bool | None
    last_half_width: float | None = None
    note: str | None = None


class WarmUp(Found, frozen=True, kw_only=True):
    """What was cut off at the beginning, and the series that says why: means over replications.

    *method* is ``mser5``, ``welch``, ``given`` or ``none``. Not *settled*: the series never comes to rest,
    and nothing was cut. *series* holds one value for each *step_us* from *from_us* on; *smoothed* is its
    moving average over *window* values to each side.
    """

    method: str
    cut_us: int | None
    settled: bool
    of: str
    from_us: int
    step_us: int
    series: tuple[float, ...]
    smoothed: tuple[float, ...] = ()
    window: int = 0
    note: str | None = None


class Targets(Found, frozen=True, kw_only=True):
    """What "kept" asks for: *share* of the executions within the limit, shown with *confidence*."""

    share: float
    confidence: float


class Difference(Found, frozen=True, kw_only=True):
    """How much larger *measure* is at point *to_label* than at *from_label*, replication by replication.

    Both played the same random numbers; the interval is that of the paired differences.
    """

    measure: str
    from_label: str
    to_label: str
    difference: Estimate


class LoadTried(Found, frozen=True, kw_only=True):
    """One load of the bisection, with its worst limit: *kept* as in StepFigures."""

    value: float
    replications: int
    share: float | None
    low: float | None
    high: float | None
    kept: str
    worst: LimitShown | None


class BreakingLoad(Found, frozen=True, kw_only=True):
    """Where the first limit breaks: kept up to *holds_at*, no longer shown to be kept from *breaks_at* on.

    *holds_at* None: not kept at the least load tried; *breaks_at* None: kept at the greatest.
    """

    parameter: str
    path: tuple[LoadTried, ...]
    holds_at: float | None
    breaks_at: float | None
    tolerance: float
    first: LimitShown | None


class Staffing(Found, frozen=True, kw_only=True):
    """Servers by station, what they cost, and how the worst limit fares with them.

    *cost* is in servers, or in the units of the study's weights. *move* says what led here.
    """

    servers: dict[str, int]
    cost: float
    replications: int
    share: float | None
    low: float | None
    high: float | None
    kept: str
    worst: LimitShown | None
    move: str | None = None


class Sizing(Found, frozen=True, kw_only=True):
    """The search for the smallest staffing: its *path*, the *chosen* one (None: none), the next ones."""

    path: tuple[Staffing, ...]
    chosen: Staffing | None
    alternatives: tuple[Staffing, ...]
    note: str | None = None


class PhaseTime(Found, frozen=True, kw_only=True):
    """Processor time of one phase of the study, in seconds."""

    phase: str
    cpu_s: float


class NameOf(Found, frozen=True, kw_only=True):
    """A service, a path or a station by its code, as the pack or the study calls it."""

    id: str
    name: Text


class StepName(Found, frozen=True, kw_only=True):
    """A step as the pack words it."""

    service: str
    path: str
    step: str
    action: Text


class StudyProvenance(Found, frozen=True, kw_only=True):
    """What the figures were made with and from; all hashes are SHA-256."""

    tool_version: str
    study_sha256: str
    pack_version: str
    pack_sha256: str
    log_sha256: str | None
    python: str
    libraries: dict[str, str]


class StudyResults(Found, frozen=True, kw_only=True):
    """Everything a load study found.

    *command* is ``study`` or ``size``, *replay* what to type to get the same again. *starts* and *ends* are
    local times in *zone*. *complete* is false if it was broken off. *engine_note* says why another engine
    than the one asked for played it.
    """

    schema_version: int
    command: str
    study: str
    title: str
    question: str | None
    pack: str
    replay: str
    seed: int
    engine: str
    engine_note: str | None
    signatures: str
    zone: str
    starts: str
    ends: str
    sources: tuple[str, ...]
    assumptions: tuple[str, ...]
    replications: int
    complete: bool
    stop: StopRule
    warm_up: WarmUp
    targets: Targets
    points: tuple[PointResults, ...]
    differences: tuple[Difference, ...]
    breaking_load: BreakingLoad | None
    sizing: Sizing | None
    services: tuple[NameOf, ...]
    paths: tuple[NameOf, ...]
    stations: tuple[NameOf, ...]
    steps: tuple[StepName, ...]
    provenance: StudyProvenance
    phases: tuple[PhaseTime, ...] = ()
