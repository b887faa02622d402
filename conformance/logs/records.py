"""What a reader hands on: records of named values as the source wrote them, and what could not be read."""

from dataclasses import dataclass
from enum import StrEnum

Value = str | int | float | bool | None
"""A value as the source wrote it; a moment is text in ISO 8601 wherever the format has a type for it."""

CASE = "case:"
"""Prefix of what a source says of a whole case: ``case:channel``."""


class Reason(StrEnum):
    """Why a record is no row of the log: a closed list, explained in docs/log-formats.md."""

    AMBIGUOUS_TIME = "AMBIGUOUS_TIME"
    BAD_ATTRIBUTES = "BAD_ATTRIBUTES"
    BAD_ENCODING = "BAD_ENCODING"
    BAD_LIFECYCLE = "BAD_LIFECYCLE"
    BAD_RECORD = "BAD_RECORD"
    BAD_TIME = "BAD_TIME"
    BAD_VALUE = "BAD_VALUE"
    DUPLICATE_NAME = "DUPLICATE_NAME"
    MISSING_VALUE = "MISSING_VALUE"
    NAIVE_TIME = "NAIVE_TIME"
    NO_SUCH_TIME = "NO_SUCH_TIME"
    OUT_OF_RANGE = "OUT_OF_RANGE"
    PERSONAL_NUMBER = "PERSONAL_NUMBER"
    RAGGED_ROW = "RAGGED_ROW"
    TOO_LONG = "TOO_LONG"
    UNMAPPED_ACTIVITY = "UNMAPPED_ACTIVITY"


@dataclass(frozen=True, slots=True)
class Record:
    """One event of a source; *ordinal* counts events from 1 (lines, where the format has lines)."""

    ordinal: int
    values: dict[str, Value]


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that became no row, and why; the value itself is not kept, for it may be personal.

    *case_id* is the case, by the name it has in the log, that lacks it; None if that could not be read.
    """

    ordinal: int
    column: str
    reason: Reason
    case_id: str | None = None
