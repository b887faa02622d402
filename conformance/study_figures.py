"""The figures of one point of a load study, as they are saved and shown.

Moments are microseconds since the epoch, UTC; names ending in ``_s`` are seconds. Shares lie between 0 and 1.
What could not be estimated is None, never a number that stands for it.
"""

import msgspec

MOST_MOMENTS = 288
"""So many points has a curve at most: one in five minutes of a day."""
MOST_KEPT = 200
"""Of so many replications at most the figures are saved one by one."""


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

    *sojourn_s* is from enabled to completed, as the law counts it; *wait_s* the part in all its queues,
    *service_s* from the beginning of the work to the end: queues at later stations of the step are in both.
    *count* executions ended; *open* ones were broken off or lasted beyond the end of the run. *late* are
    those beyond the limit, of the open ones those that already were; the other open ones are in no share.

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
    """A limit by its place, with the share of executions within it, and of how many where that is said."""

    service: str
    path: str
    step: str
    norm: str | None
    share_within: float
    executions: int | None = None


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

    *kept* is the worst of all stated limits: ``not_kept``, ``not_shown`` or ``kept``. *by_replication* has,
    by name (``clinic-attachment/portal/P6 share_within``), the figures by which runs are compared, one for
    each replication in their order, None where it has none; empty for more than MOST_KEPT replications.
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
    by_replication: dict[str, tuple[float | None, ...]] = {}
