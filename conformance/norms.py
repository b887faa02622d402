"""The closed list of norm kinds: what a clause demands of a log, as data.

A norm is written once in a pack for several services and expanded to one norm per service (and step).
"""

from enum import StrEnum

import msgspec

from conformance.indications import Sub
from conformance.regulation import Data, Text


class NormStatus(StrEnum):
    """How sure the pack is of a norm; only *agreed* norms can be met."""

    AGREED = "agreed"
    ASSUMED = "assumed"
    UNKNOWN = "unknown"
    DISPUTED = "disputed"


class NormEntry(Data, frozen=True, kw_only=True, tag_field="kind"):
    """What every norm carries.

    *id* is ``S1.P6.limit`` after expansion; in the pack it holds ``{service}`` (and ``{step}``).
    *clause* likewise. *rule* is the number in the domain's list of rules. *assumption* is
    what had to be assumed for it.
    """

    id: str
    rule: str
    clause: str
    title: Text
    services: tuple[str, ...]
    path: str
    status: NormStatus = NormStatus.AGREED
    assumption: str | None = None


class StepDuration(NormEntry, frozen=True, kw_only=True, tag="step_duration"):
    """Each execution of *step* takes at most *max_s* seconds, waiting included.

    *min_s* is the printed lower end of a range: reported, not binding. *max_s* None: the cell is lost.
    """

    step: str
    max_s: int | None = None
    min_s: int | None = None


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


class MomentOrder(NormEntry, frozen=True, kw_only=True, tag="moment_order"):
    """At each *step* the moment *first* is not after the moment *then* (attributes, microseconds)."""

    step: str
    first: str
    then: str


class SameLocalDay(NormEntry, frozen=True, kw_only=True, tag="same_local_day"):
    """One of *to* completes on the local day on which *start* completed, if that was before the cut-off.

    The cut-off is *before_closing_s* before closing in *calendar*; later or on a closed day the norm
    does not apply.
    """

    start: str
    to: tuple[str, ...]
    calendar: str
    before_closing_s: int


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


Norm = (
    StepDuration
    | NextStep
    | Precedence
    | Count
    | Existence
    | Contains
    | Unique
    | SameValue
    | MomentOrder
    | SameLocalDay
    | CalendarCutoff
    | SignatureValid
    | RefusalGrounded
)


class PerColumn(Data, frozen=True, kw_only=True):
    """A family of norms: one per table column, for limits and for successors, or per step of a flow."""

    id: str
    rule: str
    make: str
    title: Text


def kind_of(norm: Norm) -> str:
    """Return the name of the norm's kind, as written in packs."""
    return str(msgspec.structs.asdict(norm).get("kind") or type(norm).__struct_config__.tag)
