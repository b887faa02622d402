"""What a load study found, as it is saved and shown: the published shape of the ``results.json`` of a study.

Units are those of *conformance.study_figures*, which has the figures of each point.
"""

import msgspec

from conformance.regulation import Text
from conformance.study_figures import Estimate, Found, LimitShown, PointResults

STUDY_SCHEMA_VERSION = 1


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
    """Where the first limit breaks: the greatest load shown to keep all limits, the least shown not to.

    *holds_at* None: not shown to be kept at any load tried; *breaks_at* None: not shown to break at any.
    Loads between the two are shown to be neither; each bound is found to the *tolerance*, a share of the
    load. *first* is the worst limit at *breaks_at*.
    """

    parameter: str
    path: tuple[LoadTried, ...]
    holds_at: float | None
    breaks_at: float | None
    tolerance: float
    first: LimitShown | None


class Move(Found, frozen=True, kw_only=True):
    """What led to a staffing: a *kind* of step of the search, the *station* it is about, what it changed.

    *changes* are servers more or fewer by station.
    """

    kind: str
    station: str | None = None
    changes: dict[str, int] = msgspec.field(default_factory=dict)


class SizingNote(Found, frozen=True, kw_only=True):
    """What has to be said beside a staffing, by its *kind*: with a number, limits, stations or shares.

    *more* limits than those are meant. *shares* are from 0 to 1.
    """

    kind: str
    n: int | None = None
    limits: tuple[LimitShown, ...] = ()
    more: int = 0
    stations: tuple[str, ...] = ()
    shares: tuple[float, ...] = ()


class Staffing(Found, frozen=True, kw_only=True):
    """Servers by station, what they cost, and how the worst limit fares with them.

    *cost* is in servers of all offices together, or in the units of the study's costs. *move* says what led
    here. *kept* is the worst of the stated limits; one of which no staffing could show anything, so few are
    its executions, counts as kept if its share in time is not below the target, and is named in the notes of
    the sizing. *replications* are few where these are clear.
    """

    servers: dict[str, int]
    cost: float
    replications: int
    share: float | None
    low: float | None
    high: float | None
    kept: str
    worst: LimitShown | None
    move: Move | None = None


class Sizing(Found, frozen=True, kw_only=True):
    """The search for the smallest staffing: its *path*, the *chosen* one (None: none), the next ones."""

    path: tuple[Staffing, ...]
    chosen: Staffing | None
    alternatives: tuple[Staffing, ...]
    notes: tuple[SizingNote, ...] = ()


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
    local times in *zone*. *offices* are named in the order of their numbers, as in the log. *complete* is
    false if it was broken off. *engine_note* says why another engine
    than the one asked for played it. Of a sizing the last point and *breaking_load* are those of the chosen
    staffing, or of the given one if none was; *given_breaking_load* is that of the given one beside another.
    """

    schema_version: int
    command: str
    study: str
    title: str | Text
    question: str | Text | None
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
    offices: tuple[str, ...]
    steps: tuple[StepName, ...]
    provenance: StudyProvenance
    phases: tuple[PhaseTime, ...] = ()
    given_breaking_load: BreakingLoad | None = None
