"""What the indicators of a regulation count, as data of its pack: ``indicators.yaml``.

Nothing here is fixed by code: which ending is a result and which a failure, what "in time" means for a
service, which targets are set, how a graded answer counts.
"""

from enum import StrEnum

import msgspec

from conformance.errors import UnfitValue
from conformance.regulation import Data, Text


class Outcome(StrEnum):
    """How a case stands for the indicators.

    A refusal is a completion if it states its reason; one without a reason counts as *failed*. *dropped* is a
    case that stopped without an ending, *open* one that may still go on.
    """

    ACCEPTED = "accepted"
    REFUSED = "refused"
    FAILED = "failed"
    DROPPED = "dropped"
    OPEN = "open"


ENDED = (Outcome.ACCEPTED, Outcome.REFUSED, Outcome.FAILED)
COMPLETED = (Outcome.ACCEPTED, Outcome.REFUSED)


class Ending(Data, frozen=True, kw_only=True):
    """What an end at one of *steps* is; with *codes*, only where the step's outcome is one of them.

    The first entry that fits decides.
    """

    steps: tuple[str, ...]
    codes: tuple[str, ...] = ()
    outcome: Outcome

    def __post_init__(self) -> None:
        """Refuse the two outcomes that are the lack of an ending."""
        if self.outcome not in ENDED:
            raise UnfitValue(f"the outcome {self.outcome} for an ending", "accepted, refused or failed")


class SameDay(Data, frozen=True, kw_only=True, tag_field="kind", tag="same_day"):
    """An answer is due on the working day on which the request was accepted.

    A request that comes less than *before_closing_s* before closing, or on a closed day, belongs to the next
    working day of *calendar*.
    """

    calendar: str
    before_closing_s: int


class StepLimits(Data, frozen=True, kw_only=True, tag_field="kind", tag="step_limits"):
    """The act sets no day: every step of the case with a known limit in the tables keeps it."""


class Term(Data, frozen=True, kw_only=True):
    """When a request of these *services* and this *path* counts as answered in time.

    It counts from the end of *start* to the first end of one of *answers*.
    """

    services: tuple[str, ...]
    path: str
    start: str
    answers: tuple[str, ...]
    due: SameDay | StepLimits
    clause: str
    assumption: str | None = None
    gist: Text


class Moment(StrEnum):
    """A moment of a step."""

    ENABLED = "enabled"
    COMPLETED = "completed"


class ResultTime(Data, frozen=True, kw_only=True):
    """From where the time to the result of a *path* counts: to the case's ending."""

    path: str
    step: str
    moment: Moment


class Availability(Data, frozen=True, kw_only=True):
    """Which cases of *path* tried the system, and which outcomes of *steps* say that it did not answer."""

    path: str
    steps: tuple[str, ...]
    unavailable: tuple[str, ...]


class SurveyRules(Data, frozen=True, kw_only=True):
    """How the answers of the survey count: *instrument* is the version of its wording.

    *satisfied_strict* and *satisfied_lenient* are the grades, from 1, that count as satisfied.
    """

    instrument: str
    assumption: str | None = None
    satisfied_strict: tuple[int, ...]
    satisfied_lenient: tuple[int, ...]


class Targets(Data, frozen=True, kw_only=True):
    """Targets in per cent; None: the regulation and its pack set none."""

    timeliness: int | None = None
    completion: int | None = None
    availability: int | None = None
    satisfaction: int | None = None
    assumption: str | None = None

    def __post_init__(self) -> None:
        """Refuse what is no percentage."""
        for name in ("timeliness", "completion", "availability", "satisfaction"):
            value = getattr(self, name)
            if value is not None and not 0 < value < 100:
                raise UnfitValue(f"the target {value} for {name}", "whole per cent, 1 to 99")


class IndicatorRules(Data, frozen=True, kw_only=True):
    """What ``indicators.yaml`` holds.

    *reason_field* is where a refusal states its reason (a column, or ``attributes.NAME``). A case without an
    ending is dropped *dropped_after_s* seconds after its last event. *digital_paths* are those that the
    citizen walks alone.
    """

    endings: tuple[Ending, ...]
    reason_field: str
    dropped_after_s: int
    digital_paths: tuple[str, ...]
    terms: tuple[Term, ...] = ()
    result_times: tuple[ResultTime, ...] = ()
    availability: tuple[Availability, ...] = ()
    targets: Targets = msgspec.field(default_factory=Targets)
    survey: SurveyRules | None = None
