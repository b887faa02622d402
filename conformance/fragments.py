"""Fragments of a log as data of a pack: for each norm one case that keeps it and one that breaks it.

Base cases are written once, in local time. A fragment names its base case and says what is changed in it:
nothing or little for the case that conforms, the one thing that is wrong for the case that violates.
"""

import re

from conformance.calendar import parse_day
from conformance.errors import UnfitValue
from conformance.regulation import Data

OTHER = "@other"
"""As a value: what the other case of the fragment carries there."""
CONTENT_COLUMNS = ("unit", "resource", "outcome", "request_number")
"""Columns that are content, not place or time."""
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\Z")
_FIELD = re.compile(r"attributes\.[A-Za-z_][A-Za-z0-9_]*\Z")
_DURATION = re.compile(r"(?:(\d+) h)?(?: ?(\d+) min)?(?: ?(\d+) s)?\Z")
_OF_LIMIT = re.compile(r"limit(?: \+ (.+))?\Z")

Value = str | bool | int | list[str] | None


class Last(Data, frozen=True, kw_only=True, tag_field="do", tag="last"):
    """*step* takes exactly *time*; what comes after it shifts. ``limit`` is the limit of the norm."""

    step: str
    time: str

    def __post_init__(self) -> None:
        """Refuse a time that is neither a duration nor one made of the limit."""
        seconds_of(self.time, 0)


class Wait(Data, frozen=True, kw_only=True, tag_field="do", tag="wait"):
    """*time* more passes before *step* becomes possible; all that follows shifts with it."""

    before: str
    time: str

    def __post_init__(self) -> None:
        """Refuse a time that is no duration."""
        seconds_of(self.time, 0)


class Set(Data, frozen=True, kw_only=True, tag_field="do", tag="set"):
    """*field* of *steps* gets *value*; null takes it away.

    In a text ``{value}`` is what stood there, ``{begun}`` and ``{ended}`` alone are the row's moments, and
    ``@other`` is what the other case of the fragment carries there.
    """

    steps: tuple[str, ...]
    field: str
    value: Value

    def __post_init__(self) -> None:
        """Refuse a field that is neither an attribute nor a column of content."""
        _require_content(self.field)


class Remove(Data, frozen=True, kw_only=True, tag_field="do", tag="remove"):
    """*step* never happens; the others stay at their times."""

    step: str


class Repeat(Data, frozen=True, kw_only=True, tag_field="do", tag="repeat"):
    """*step* happens once more, at once and as long; what comes after it shifts."""

    step: str


class Insert(Data, frozen=True, kw_only=True, tag_field="do", tag="insert"):
    """*step* happens directly after *after*, for five seconds; what comes after it shifts."""

    step: str
    after: str
    outcome: str = "ok"


class Tamper(Data, frozen=True, kw_only=True, tag_field="do", tag="tamper"):
    """The *document* saved for *step* was changed after it was signed."""

    step: str
    document: str


class Exchange(Data, frozen=True, kw_only=True, tag_field="do", tag="exchange"):
    """The *document* saved for *step* is in truth the sound request of the fragment's other case."""

    step: str
    document: str


Change = Last | Wait | Set | Remove | Repeat | Insert | Tamper | Exchange


class BaseRow(Data, frozen=True, kw_only=True):
    """One execution of a base case, from *begun* to *ended* (``10:00:40``, local time)."""

    step: str
    begun: str
    ended: str
    outcome: str = "ok"

    def __post_init__(self) -> None:
        """Refuse what is no time of day, and an end before its beginning."""
        for text in (self.begun, self.ended):
            if not _TIME.match(text):
                raise UnfitValue(repr(text), "a time of day such as '10:00:40'")
        if self.ended < self.begun:
            raise UnfitValue("an end before its beginning", f"a time from {self.begun} on")


class BaseCase(Data, frozen=True, kw_only=True):
    """A case that keeps every norm of its service, on the local *day*."""

    id: str
    path: str
    day: str
    rows: tuple[BaseRow, ...]

    def __post_init__(self) -> None:
        """Refuse a case without rows, and what is no day."""
        if not self.rows:
            raise UnfitValue("no rows", "at least one row")
        try:
            parse_day(self.day)
        except ValueError as error:
            raise UnfitValue(f"{self.day!r} ({error})", "a day YYYY-MM-DD") from None


class Content(Data, frozen=True, kw_only=True):
    """What rows carry when all is as it should be: *value* in *field* at *steps* (none: at all).

    In a text ``{case}`` is the case's own name and ``{outcome}`` the row's outcome; ``{begun}`` and
    ``{ended}`` alone are its moments.
    """

    field: str
    value: Value
    steps: tuple[str, ...] = ()
    services: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a field that is neither an attribute nor a column of content."""
        _require_content(self.field)


class FragmentEntry(Data, frozen=True, kw_only=True):
    """The two fragments of the norms that *norm* names, for each service and each of *steps*.

    *also* names other norms that the violating case breaks as well. *other* is the base case that stands
    beside it, where one is needed.
    """

    norm: str
    case: str
    violates: tuple[Change, ...]
    conforms: tuple[Change, ...] = ()
    steps: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    other: str | None = None


class FragmentsFile(Data, frozen=True, kw_only=True):
    """What ``fragments.yaml`` holds."""

    content: tuple[Content, ...]
    cases: tuple[BaseCase, ...]
    fragments: tuple[FragmentEntry, ...]


def seconds_of(text: str, limit_s: int | None) -> int | None:
    """Return the seconds of ``9 h``, ``7 h 59 min``, ``limit`` or ``limit + 1 s``; None if the limit is lost.

    Raises UnfitValue for anything else.
    """
    of_limit = _OF_LIMIT.match(text)
    if of_limit is None:
        return _plain_seconds(text)
    more = _plain_seconds(of_limit[1]) if of_limit[1] else 0
    return None if limit_s is None else limit_s + more


def _require_content(field: str) -> None:
    if field not in CONTENT_COLUMNS and not _FIELD.match(field):
        raise UnfitValue(repr(field), f"attributes.NAME or one of {', '.join(CONTENT_COLUMNS)}")


def _plain_seconds(text: str) -> int:
    found = _DURATION.match(text)
    if not text or found is None:
        raise UnfitValue(repr(text), "a time such as '9 h', '7 h 59 min', '61 s', 'limit' or 'limit + 1 s'")
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds
