"""The shape of a regulation held as data: clauses, tables, deadlines, terms, defects, assumptions.

Everything is frozen; *conformance.pack* reads it from YAML and checks what one file cannot know.
"""

from enum import StrEnum

import msgspec

from conformance.errors import UnfitValue


class Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of all pack data: frozen, keyword-only, unknown keys refused."""


class Text(Data, frozen=True, kw_only=True):
    """One text in the three languages of the reports."""

    en: str
    ru: str
    kk: str

    def __post_init__(self) -> None:
        """Refuse empty translations."""
        for language in ("en", "ru", "kk"):
            if not getattr(self, language).strip():
                raise UnfitValue(f"an empty {language} text", "words in en, ru and kk")

    def in_language(self, language: str) -> str:
        """Return the text in *language* (en, ru or kk)."""
        return str(getattr(self, language))


class Signer(StrEnum):
    """Whose signature the request of a path must carry."""

    CONSUMER = "consumer"
    PROVIDER = "provider"


class ServicePath(Data, frozen=True, kw_only=True):
    """One way through the services; *signed_by* is None where no signed request is known."""

    id: str
    title: Text
    signed_by: Signer | None = None


class ClauseStatus(StrEnum):
    """What a log can show of a clause."""

    CHECKED = "checked"
    NOT_CHECKABLE = "not_checkable"
    DEFINITION = "definition"
    INFORMATIVE = "informative"


class CellStatus(StrEnum):
    """How a table cell came to us."""

    PRINTED = "printed"
    RECONSTRUCTED = "reconstructed"
    ASSUMED = "assumed"
    UNKNOWN = "unknown"
    DISPUTED = "disputed"


class Clause(Data, frozen=True, kw_only=True):
    """One clause as a row of the report.

    *reason* says why the clause is not checked; it is required unless the status is *checked*.
    """

    id: str
    service: str | None
    paragraph: str
    gist: Text
    status: ClauseStatus
    reason: Text | None = None
    defects: tuple[str, ...] = ()


class ClauseEntry(Data, frozen=True, kw_only=True):
    """A clause as written in the pack, for one or several services (none: the resolution itself)."""

    paragraph: str
    services: tuple[str, ...] = ()
    gist: Text
    status: ClauseStatus
    reason: Text | None = None
    defects: tuple[str, ...] = ()


class Origin(Data, frozen=True, kw_only=True):
    """Where a cell comes from: its status, the place in the source, what was assumed or is wrong there."""

    status: CellStatus
    source: str
    assumption: str | None = None
    defects: tuple[str, ...] = ()


class UnitCell(Data, frozen=True, kw_only=True):
    """Who performs a step: *printed* as the act has it, *unit* as the model reads it."""

    unit: str
    printed: str | None
    origin: Origin


class TextCell(Data, frozen=True, kw_only=True):
    """An action or a form of completion, worded anew."""

    text: Text
    origin: Origin


class LimitCell(Data, frozen=True, kw_only=True):
    """A duration: *printed* literally, and in seconds. A single printed value is the maximum."""

    printed: str | None
    min_s: int | None
    max_s: int | None
    origin: Origin


class NextCell(Data, frozen=True, kw_only=True):
    """The allowed successors of a step.

    *printed_steps* is the graph as printed (``strict_table``), *steps* after the text has been heard
    (``text_resolved``). *on_ok* and *otherwise* say which successor belongs to which outcome.
    *resolved_by* is the clause whose text settles a lost or disputed cell.
    """

    printed: str | None
    printed_steps: tuple[str, ...]
    steps: tuple[str, ...]
    on_ok: str | None = None
    otherwise: str | None = None
    resolved_by: str | None = None
    origin: Origin


class Column(Data, frozen=True, kw_only=True):
    """One numbered step of a table."""

    number: int
    step: str
    unit: UnitCell
    action: TextCell
    form: TextCell
    limit: LimitCell
    next: NextCell


class Table(Data, frozen=True, kw_only=True):
    """Table 1 or 2 of a service's Annex 1."""

    service: str
    number: int
    path: str
    caption: Text
    defects: tuple[str, ...] = ()
    columns: tuple[Column, ...]


class Step(Data, frozen=True, kw_only=True):
    """A step code; *number* is its table column, None for a step without one.

    *paragraph* is None where no clause speaks of the step; *ends*: a case may be over with it.
    """

    code: str
    name: str
    path: str
    unit: str
    paragraph: str | None = None
    number: int | None = None
    ends: bool = False
    gist: Text


class FlowStep(Data, frozen=True, kw_only=True):
    """The allowed successors of one step of a flow."""

    step: str
    next: tuple[str, ...] = ()


class Flow(Data, frozen=True, kw_only=True):
    """The order of one path where no table states it: where cases begin, and what may follow each step.

    *paragraph* is the clause that states the order. A step that is not among *steps* may be followed by any
    other. A step that ends the case may have successors all the same. *assumption* makes the order assumed.
    """

    services: tuple[str, ...]
    path: str
    paragraph: str
    starts: tuple[str, ...]
    steps: tuple[FlowStep, ...]
    assumption: str | None = None


class Condition(Data, frozen=True, kw_only=True):
    """A decision between two steps."""

    id: str
    path: str
    after: str
    paragraph: str
    question: Text
    yes: str
    no: str
    defects: tuple[str, ...] = ()


class Message(Data, frozen=True, kw_only=True):
    """A document that is handed over in *step*; who performs the step is its *sender* or its *receiver*.

    *through* is a unit that only carries it, where the act names one.
    """

    id: str
    services: tuple[str, ...]
    path: str
    step: str
    paragraph: str
    sender: str
    receiver: str
    through: str | None = None
    document: Text


class Service(Data, frozen=True, kw_only=True):
    """One electronic service of the regulation."""

    id: str
    code: str
    name: Text
    annex: int | None = None


class Unit(Data, frozen=True, kw_only=True):
    """Somebody or something that performs steps."""

    code: str
    name: Text


class Participant(Data, frozen=True, kw_only=True):
    """An information system named by paragraph 17, or missing there."""

    code: str
    name: Text
    listed: bool
    services: tuple[str, ...]
    note: str | None = None
    defects: tuple[str, ...] = ()


class Deadline(Data, frozen=True, kw_only=True):
    """What paragraph 9 promises: the same day, a cut-off before closing, or a choice of slots."""

    id: str
    kind: str
    services: tuple[str, ...]
    paragraph: str
    gist: Text
    before_closing_s: int | None = None
    assumption: str | None = None


class OpeningHours(Data, frozen=True, kw_only=True):
    """Opening and closing of one weekday, local time ``HH:MM``."""

    days: tuple[str, ...]
    opens: str
    closes: str


class DayException(Data, frozen=True, kw_only=True):
    """One date with other hours than its weekday: either *closed*, or *opens* to *closes* (``HH:MM``).

    *note* says why, *source* where that is known from, *assumption* what had to be assumed.
    """

    date: str
    closed: bool = False
    opens: str | None = None
    closes: str | None = None
    note: str
    source: str | None = None
    assumption: str | None = None


class Validity(Data, frozen=True, kw_only=True):
    """The days for which a calendar knows its exceptions: from *first* until *until* (exclusive)."""

    first: str
    until: str


class Calendar(Data, frozen=True, kw_only=True):
    """Working hours with their exceptions, local to the pack's zone.

    *version* and *source* say which calendar it is. Outside *valid* its exceptions are not known;
    without it they are known for every day.
    """

    id: str
    version: str | None = None
    source: str | None = None
    valid: Validity | None = None
    hours: tuple[OpeningHours, ...]
    holidays: tuple[str, ...] = ()
    exceptions: tuple[DayException, ...] = ()
    assumption: str | None = None


class SurveyQuestion(Data, frozen=True, kw_only=True):
    """A question of Annex 3 with its graded answers, lowest first."""

    id: str
    question: Text
    answers: tuple[Text, ...]


class Term(Data, frozen=True, kw_only=True):
    """A term of the act: Kazakh as printed, Russian, and the word of the code."""

    code: str
    kk: tuple[str, ...]
    ru: str
    en: str
    paragraph: str | None = None
    note: str | None = None


class Defect(Data, frozen=True, kw_only=True):
    """A fault of the printed act and how it is handled."""

    id: str
    where: str
    services: tuple[str, ...]
    kind: str
    weight: str
    finding: str
    handling: str


class Assumption(Data, frozen=True, kw_only=True):
    """An editorial decision that fills a gap of the act."""

    id: str
    topic: str
    choice: str
    grounds: str


class Milestone(Data, frozen=True, kw_only=True):
    """A dated event of the act's life."""

    date: str
    event: Text
    source: str


class InForce(Data, frozen=True, kw_only=True):
    """The days on which the act binds: from *first* (inclusive) until *until* (exclusive), local dates."""

    first: str
    until: str | None
    note: Text


class Act(Data, frozen=True, kw_only=True):
    """What the regulation is.

    *paragraphs*: every service has the clauses 1 to that number; None where no such numbering binds.
    """

    id: str
    version: str
    number: str
    title: Text
    issuer: Text
    adopted: str
    zone: str
    in_force: InForce
    paragraphs: int | None = None
    timeline: tuple[Milestone, ...] = ()
