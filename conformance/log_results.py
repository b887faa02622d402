"""What is saved of the log itself, before any verdict: what was read, what was not, and what it lacks."""

from typing import Literal

import msgspec


class UnknownName(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A name in *rows* rows that the regulation does not know as a *kind* of its own, and the *nearest* one.

    A step is known only on its own path.
    """

    kind: Literal["step", "unit"]
    name: str
    rows: int
    nearest: str | None


class LogResults(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a log came in, and how complete it is.

    *format* is that of the source, *source_sha256* its digest, *mapped* whether a mapping was applied. *read*
    records became *rows*, *ignored* ones and *rejects* (by reason); with a lifecycle several records make
    one row. *with_value* counts the rows that have a value, by column. *open_cases* have a row without an
    end, *ties* are rows that end at the moment of another one of their case, *midnight* rows end at local
    midnight. *resolutions* are counts of rows by resolution in microseconds. *unmapped* are the most frequent
    activities without a step, *unconfirmed* those whose step is a proposal that nobody has confirmed.
    *clock_error_us* and *zone* are None where nobody stated them. *unknown* are steps and units that the
    regulation does not know, *inverted* counts rows whose moments contradict each other.
    *mapping_sha256* is the digest of the mapping. *damaged* cases lack a record that was rejected, now or
    when the log was made; *unplaced* counts rejected records of no known case.
    """

    format: str
    source_sha256: str
    mapped: bool
    zone: str | None
    clock_error_us: int | None
    read: int
    rows: int
    ignored: int
    rejects: dict[str, int]
    unmapped: dict[str, int]
    unconfirmed: tuple[str, ...]
    cases: int
    open_cases: int
    with_value: dict[str, int]
    resolutions: dict[str, int]
    ties: int
    midnight: int
    mapping_sha256: str | None = None
    unknown: tuple[UnknownName, ...] = ()
    inverted: int = 0
    damaged: int = 0
    unplaced: int = 0

    @property
    def sound(self) -> bool:
        """Tell whether every row names what the regulation knows and could have happened."""
        return not self.unknown and not self.inverted
