"""What was found when a load study was fitted to an event log: the published shape of ``fit.json``.

Durations are seconds in names ending in ``_s``. What could not be found is None, never a number that stands
for it.
"""

import msgspec

FIT_SCHEMA_VERSION = 1


class Fitted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what a fit saves."""


class Gap(Fitted, frozen=True, kw_only=True):
    """Something that the log does not show, or not well enough.

    *code* names what is said, *place* where it holds (a stream, a step, a station), *n* how many of *total*.
    """

    code: str
    place: str = ""
    n: int = 0
    total: int = 0
    detail: str = ""


class WeekdayFit(Fitted, frozen=True, kw_only=True):
    """The weight of a weekday: *fitted* if it differs from 1 for a reason; *days* of it are in the log."""

    day: str
    days: int
    arrivals: int
    weight: float
    fitted: bool


class ArrivalFit(Fitted, frozen=True, kw_only=True):
    """The arrivals of one service and path.

    *low* and *high* bound *per_day* at 95 %, wider where arrivals are more uneven than Poisson's. *profile*
    has the weight from each local time on. *dispersion* is the index over *cells* spans of time (1 for
    Poisson), *p* how probable one so large is for Poisson arrivals. *gaps_ks* is how far the times between
    arrivals, with the profile taken out, are from exponential ones. *counted* are the arrivals of each half
    hour of the day.
    """

    id: str
    service: str
    path: str
    kind: str
    cases: int
    days: int
    per_day: float
    low: float
    high: float
    profile: tuple[tuple[str, float], ...]
    week: tuple[WeekdayFit, ...]
    dispersion: float | None
    p: float | None
    cells: int
    gaps_ks: float | None
    gaps_p: float | None
    at_once: int
    counted: tuple[int, ...]
    quantiles: tuple[tuple[float, float], ...] = ()


class Candidate(Fitted, frozen=True, kw_only=True):
    """One family of laws that was tried.

    The least *aicc* is chosen, in a sum of several stations the least *ks*.
    """

    family: str
    ks: float
    aicc: float | None = None


class TimeFit(Fitted, frozen=True, kw_only=True):
    """The law of one time: of a step (``P5``) or of a decision (``decision/portal``).

    *status* is ``good`` (the test does not reject the law), ``close`` (it does, but no share is far off),
    ``measured`` (no family is acceptable: the quantiles themselves), ``scaled`` (the laws of the world,
    stretched) or ``kept`` (those of the world, as they are). Of a step that several *stations* serve in a row
    the log shows one time; *carrier* is the station whose law was fitted. *law* is as a study writes it.
    *used* of *rows* executions gave the law; *sampled* were looked at. *quantiles* pairs those of the law
    with the measured ones, in seconds.
    """

    name: str
    stations: tuple[str, ...]
    carrier: str | None
    status: str
    family: str | None
    law: str | None
    rows: int
    used: int
    sampled: int
    mean_s: float | None = None
    deviation_s: float | None = None
    median_s: float | None = None
    p95_s: float | None = None
    ks: float | None = None
    p: float | None = None
    factor: float | None = None
    candidates: tuple[Candidate, ...] = ()
    quantiles: tuple[tuple[float, float], ...] = ()


class ServerFit(Fitted, frozen=True, kw_only=True):
    """How many servers a station has at least: *busy* were at work at once, *names* different ones are named.

    None is what the log cannot show of the station. Where people *waited* while all of them were busy the
    bound is likely the number itself. *world* is what the world says, None: no end of them. *per_office*:
    figures are those of the office with the most.
    """

    station: str
    servers: int
    busy: int | None
    names: int | None
    waited: bool
    world: int | None
    per_office: bool


class OfficeFit(Fitted, frozen=True, kw_only=True):
    """One provider, its cases, and the least number of servers of its own stations."""

    name: str
    cases: int
    share: float
    servers: dict[str, int]


class TraitFit(Fitted, frozen=True, kw_only=True):
    """The share of citizens with a trait: *n* of *cases*, with its interval at 95 %.

    *citizen* is the field and value of the trait; *others* would leave the very same rows.
    """

    id: str
    path: str
    services: tuple[str, ...]
    outcome: str
    citizen: tuple[str, str]
    others: tuple[str, ...]
    n: int
    cases: int
    share: float
    low: float
    high: float


class UnfittedOutcome(Fitted, frozen=True, kw_only=True):
    """An ending that was not turned into a trait, and why.

    *why* is ``unknown`` (no kind of citizen ends so), ``several`` (kinds that go different ways do) or
    ``moment`` (what was free or open at that moment can have brought it).
    """

    service: str
    path: str
    outcome: str
    cases: int
    why: str


class FitResults(Fitted, frozen=True, kw_only=True):
    """All that was found in a log; *playable* tells whether a study was written for it."""

    schema_version: int = FIT_SCHEMA_VERSION
    pack: str
    world: str
    zone: str
    log_sha256: str
    origin: str
    rows: int
    cases: int
    rejected: int
    first_day: str
    last_day: str
    days: int
    resolution_us: int
    playable: bool
    starts: str | None
    criterion: str
    arrivals: tuple[ArrivalFit, ...]
    times: tuple[TimeFit, ...]
    servers: tuple[ServerFit, ...]
    offices: tuple[OfficeFit, ...]
    traits: tuple[TraitFit, ...]
    outcomes: tuple[UnfittedOutcome, ...]
    gaps: tuple[Gap, ...]
