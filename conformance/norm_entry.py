"""What every norm carries besides the parameters of its kind."""

from enum import StrEnum
from typing import Any

import msgspec

from conformance.errors import UnfitValue
from conformance.regulation import Data, Text


class NormStatus(StrEnum):
    """How sure the pack is of a norm; only *agreed* norms can be met."""

    AGREED = "agreed"
    ASSUMED = "assumed"
    UNKNOWN = "unknown"
    DISPUTED = "disputed"


class Demand(StrEnum):
    """Whether one shown violation breaks the norm, or only a share of them that is too large."""

    ABSOLUTE = "absolute"
    RATE = "rate"


class Reading(Data, frozen=True, kw_only=True):
    """One way to read the clause: *changes* (in the pack: ``set``) are other values of the norm's parameters.

    An agreed norm is judged by its *default* reading; a disputed one by all, and only where all agree.
    """

    id: str
    note: Text
    default: bool = False
    changes: dict[str, Any] = msgspec.field(name="set", default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a reading without a name."""
        if not self.id.strip():
            raise UnfitValue("a reading without an id", "a short name of the reading")


class Force(Data, frozen=True, kw_only=True):
    """The days on which one version of a norm binds: from *first* (inclusive) until *until* (exclusive).

    Local dates within the act's own life; None stands for the act's first day, or for its end.
    """

    first: str | None = None
    until: str | None = None


class NormEntry(Data, frozen=True, kw_only=True, tag_field="kind"):
    """What every norm carries.

    *id* is ``S1.P6.limit`` after expansion; in the pack it holds ``{service}`` (and ``{step}``).
    *clause* likewise. *rule* is the number in the domain's list of rules. *assumption* is
    what had to be assumed for it.

    *demand* ``rate`` needs a *target*, the least share (0 to 1) of cases or executions that keep the norm;
    its interval decides. *min_n* is the least number that a claim about the norm may rest on.

    *applies_when* is an expression of *conformance.expressions*. For kinds about executions of steps it is
    asked of each execution, and those for which it is false are not looked at; for kinds about whole cases it
    is asked of the case's first row. Where it cannot be answered, the evidence is missing.

    *in_force* narrows the act's life to that of one version; *version_of* names the norm it is a version of.
    """

    id: str
    rule: str
    clause: str
    title: Text
    services: tuple[str, ...]
    path: str
    status: NormStatus = NormStatus.AGREED
    assumption: str | None = None
    readings: tuple[Reading, ...] = ()
    demand: Demand = Demand.ABSOLUTE
    target: float | None = None
    min_n: int | None = None
    applies_when: str | None = None
    in_force: Force | None = None
    version_of: str | None = None
