"""The closed list of norm kinds: what a clause demands of a log, as data.

A norm is written once in a pack for several services and expanded to one norm per service (and step).
"""

from enum import StrEnum

import msgspec

from conformance.indications import Sub
from conformance.norm_entry import Demand, Force, NormEntry, NormStatus, Reading
from conformance.regulation import Data, Text

__all__ = ("Demand", "Force", "NormEntry", "NormStatus", "Reading")


class Moment(StrEnum):
    """One of the three moments of a row."""

    ENABLED = "enabled"
    STARTED = "started"
    COMPLETED = "completed"


class Follows(StrEnum):
    """Which step counts as the next one: the very next row, or the first of its kind that comes after."""

    DIRECTLY = "directly"
    EVENTUALLY = "eventually"


class ActorField(StrEnum):
    """By which column a norm tells actors apart."""

    RESOURCE = "resource"
    UNIT = "unit"


class StepDuration(NormEntry, frozen=True, kw_only=True, tag="step_duration"):
    """Each execution of *step* takes at most *max_s* seconds, waiting included.

    *min_s* is the printed lower end of a range: reported, and binding only with *min_binds*. *max_s* None:
    the cell is lost.
    """

    step: str
    max_s: int | None = None
    min_s: int | None = None
    min_binds: bool = False


class Lag(NormEntry, frozen=True, kw_only=True, tag="lag"):
    """From the *begins* of each *first* to the *ends* of the *step* after it pass at most *max_s* seconds.

    *follows* says which *step* that is. A *first* that none follows is no violation: see ``response``.
    """

    first: str
    step: str
    follows: Follows
    max_s: int
    begins: Moment = Moment.COMPLETED
    ends: Moment = Moment.COMPLETED


class CaseDuration(NormEntry, frozen=True, kw_only=True, tag="case_duration"):
    """From the earliest *begins* to the last completed row a case takes at most *max_s* seconds.

    A case that has not ended may still grow; with *as_recorded* its last recorded row is taken as its last.
    """

    max_s: int
    begins: Moment = Moment.ENABLED
    as_recorded: bool = False


class Percentile(NormEntry, frozen=True, kw_only=True, tag="percentile"):
    """The *percentile* of the durations of *step* (None: of whole cases) is at most *max_s* seconds.

    Whatever the distribution, this is the claim that at least that share lasts no longer. It is judged as
    one, with exact one-sided bounds, from *min_n* durations on (29, 59, 299 for the 90th, 95th, 99th).
    """

    percentile: float
    max_s: int
    step: str | None = None
    as_recorded: bool = False
    demand: Demand = Demand.RATE


class NextStep(NormEntry, frozen=True, kw_only=True, tag="next_step"):
    """After *step* comes one of *allowed* (nothing: the case ends), by outcome where the table says so."""

    step: str
    allowed: tuple[str, ...] = ()
    on_ok: str | None = None
    otherwise: str | None = None


class Precedence(NormEntry, frozen=True, kw_only=True, tag="precedence"):
    """Before *step* there is *first*, completed with outcome ``ok``."""

    first: str
    step: str


class Response(NormEntry, frozen=True, kw_only=True, tag="response"):
    """After each execution of *first* one of *to* is completed, sooner or later."""

    first: str
    to: tuple[str, ...]


class Absence(NormEntry, frozen=True, kw_only=True, tag="absence"):
    """None of *steps* ever happens."""

    steps: tuple[str, ...]


class Count(NormEntry, frozen=True, kw_only=True, tag="count"):
    """The case has *least* to *most* executions of *steps* together.

    Fewer than *least* in an open case is inconclusive.
    """

    steps: tuple[str, ...]
    least: int
    most: int


class Existence(NormEntry, frozen=True, kw_only=True, tag="existence"):
    """Each execution of *steps* carries *field*; with *equals*, exactly that value.

    *field* is a column of the log or ``attributes.NAME``.
    """

    steps: tuple[str, ...]
    field: str
    equals: str | bool | None = None


class Contains(NormEntry, frozen=True, kw_only=True, tag="contains"):
    """Each execution of *steps* lists all of *items* in *field*."""

    steps: tuple[str, ...]
    field: str
    items: tuple[str, ...]


class Unique(NormEntry, frozen=True, kw_only=True, tag="unique"):
    """No two cases share a value of *field* at *steps*, within one value of *within*."""

    steps: tuple[str, ...]
    field: str
    within: str


class SameValue(NormEntry, frozen=True, kw_only=True, tag="same_value"):
    """*field* at *first* equals *field* at *step*."""

    first: str
    step: str
    field: str


class SeparationOfActors(NormEntry, frozen=True, kw_only=True, tag="separation_of_actors"):
    """No one performs both *first* and *step* in one case; *field* says by which column people are known."""

    first: str
    step: str
    field: ActorField = ActorField.RESOURCE


class MomentOrder(NormEntry, frozen=True, kw_only=True, tag="moment_order"):
    """At each *step* the moment *first* is not after the moment *then* (attributes, microseconds).

    Without a *step* they are attributes of the case: each is taken from the first row that carries it.
    """

    first: str
    then: str
    step: str | None = None


class SameLocalDay(NormEntry, frozen=True, kw_only=True, tag="same_local_day"):
    """One of *to* completes on the local day on which *start* completed, if that was before the cut-off.

    The cut-off is *before_closing_s* before closing in *calendar*; later or on a closed day the norm
    does not apply. Without a calendar it applies to every *start*. No *start*: the first row of the case; no
    *to*: its last row, once the case has ended or, with *as_recorded*, whatever was recorded last.
    """

    start: str | None = None
    to: tuple[str, ...] = ()
    calendar: str | None = None
    before_closing_s: int | None = None
    as_recorded: bool = False


class CalendarCutoff(NormEntry, frozen=True, kw_only=True, tag="calendar_cutoff"):
    """*step* with outcome ``ok`` is enabled on an open day, *before_closing_s* before closing or earlier."""

    step: str
    calendar: str
    before_closing_s: int


class SignatureValid(NormEntry, frozen=True, kw_only=True, tag="signature_valid"):
    """The *document* handed over at *step* carries a signature that verifies at that moment.

    *document* is ``request`` or ``result``. The judge verifies it again from the saved documents; the
    log's own claim is never enough.
    """

    step: str
    document: str


class Ground(Data, frozen=True, kw_only=True):
    """A *reason* that a refusal can state, and the sub-indications of EN 319 102-1 that bear it out."""

    reason: str
    shown_by: tuple[Sub, ...]

    def __str__(self) -> str:
        return f"{self.reason} ({', '.join(self.shown_by)})"


class RefusalGrounded(NormEntry, frozen=True, kw_only=True, tag="refusal_grounded"):
    """A refusal at *step* because of a signature refuses one that does not verify.

    Judged is the saved *document*, at its receipt within *received*, the step in which it came; a certificate
    that is revoked by the decision may be refused as well. *grounds* are the reasons that speak of the
    signature: a refusal for another reason is out of the norm's scope.
    """

    step: str
    document: str
    received: str
    grounds: tuple[Ground, ...]


class AvailabilityWindow(NormEntry, frozen=True, kw_only=True, tag="availability_window"):
    """Attempts at *steps* within the hours of *calendar* (None: round the clock) find the service working.

    An attempt is one row; it lies where it was enabled. It found the service down if its outcome is one of
    *unavailable*.
    """

    steps: tuple[str, ...]
    unavailable: tuple[str, ...]
    calendar: str | None = None
    demand: Demand = Demand.RATE


class SurveyIndicator(NormEntry, frozen=True, kw_only=True, tag="survey_indicator"):
    """At least the share *target* of the answers to *question* are among the *satisfied* grades.

    Grades count from 1, the lowest of the pack's question. The answers come with the survey, not the log.
    Whoever was asked and kept silent may have been of either mind, unless the act counts *answered_only*.
    """

    question: str
    satisfied: tuple[int, ...]
    answered_only: bool = False
    demand: Demand = Demand.RATE


class Statement(NormEntry, frozen=True, kw_only=True, tag="statement"):
    """A heading: it says no more than its *parts*, ids of norms, and takes the worst of their verdicts."""

    parts: tuple[str, ...]


STEP_KEYS = ("step", "first", "start", "on_ok", "otherwise", "received")
"""The parameters of norms that name one step."""
STEP_LISTS = ("steps", "to", "allowed")
"""The parameters of norms that name several."""
CASELESS = (SurveyIndicator, Statement)
"""Kinds that no single case can keep or break."""


Norm = (
    StepDuration
    | Lag
    | CaseDuration
    | Percentile
    | NextStep
    | Precedence
    | Response
    | Absence
    | Count
    | Existence
    | Contains
    | Unique
    | SameValue
    | SeparationOfActors
    | MomentOrder
    | SameLocalDay
    | CalendarCutoff
    | SignatureValid
    | RefusalGrounded
    | AvailabilityWindow
    | SurveyIndicator
    | Statement
)


class PerColumn(Data, frozen=True, kw_only=True):
    """A family of norms: one per table column, for limits and for successors, or per step of a flow.

    *readings* are given to limits whose column prints a range, and to successors that the text corrects:
    there the reading that is not the default takes the successors as printed.
    """

    id: str
    rule: str
    make: str
    title: Text
    readings: tuple[Reading, ...] = ()


def kind_of(norm: Norm) -> str:
    """Return the name of the norm's kind, as written in packs."""
    return str(msgspec.structs.asdict(norm).get("kind") or type(norm).__struct_config__.tag)


def named_steps(norm: Norm) -> tuple[str, ...]:
    """Return every step that *norm* names, each once."""
    single = (getattr(norm, key, None) for key in STEP_KEYS if not is_field(norm, key))
    listed = (step for key in STEP_LISTS for step in getattr(norm, key, ()))
    return tuple(dict.fromkeys(step for step in (*single, *listed) if step is not None))


def is_field(norm: Norm, key: str) -> bool:
    """Tell whether a parameter that names a step elsewhere names a field of the rows in *norm*."""
    return isinstance(norm, MomentOrder) and key == "first"


def read_as(norm: Norm, reading: Reading) -> Norm:
    """Return *norm* with the values that *reading* gives its parameters."""
    return msgspec.structs.replace(norm, **reading.changes) if reading.changes else norm


def default_reading(norm: Norm) -> Reading | None:
    """Return the reading by which an agreed norm is judged, None if it has no readings."""
    return next((reading for reading in norm.readings if reading.default), None)
