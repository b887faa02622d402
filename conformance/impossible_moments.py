"""Rows whose moments contradict one another: which of them is wrong nobody knows, so none serves a pass."""

from collections.abc import Iterable

from conformance.answers import Answer, because, seconds
from conformance.cases import Event
from conformance.norms import Moment
from conformance.verdicts import Reason

_ORDERED = (
    (Moment.ENABLED, Moment.STARTED),
    (Moment.STARTED, Moment.COMPLETED),
    (Moment.ENABLED, Moment.COMPLETED),
)
"""What comes first in every row, and what after it."""


def impossible(events: Iterable[Event], *used: Moment) -> Answer | None:
    """Return the error of the first of *events* of which a moment in *used* contradicts another one, or None.

    Moments that the clock's doubt may have turned round contradict nothing.
    """
    for event in events:
        row = event.row
        moments = {
            Moment.ENABLED: row.enabled_us,
            Moment.STARTED: row.started_us,
            Moment.COMPLETED: row.completed_us,
        }
        for first, then in _ORDERED:
            one, two = moments[first], moments[then]
            if one is None or two is None or one - two <= event.uncertainty_us:
                continue
            if first in used or then in used:
                return because(
                    Reason.BAD_INPUT, f"{event.step} was {then} {seconds(one - two)} before it was {first}"
                )
    return None
