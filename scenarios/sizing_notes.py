"""What has to be said beside a staffing: why it is the smallest, and what was not shown."""

from collections.abc import Sequence

from conformance.study_results import BreakingLoad
from scenarios.staffing import StaffedStation
from scenarios.trials import LimitLook, Look, limit_name

MOST_NAMED = 6
"""So many limits are named; of further ones the number."""

_SMALLEST = (
    "No station can lose a server: with one less at any one of them a limit is no longer shown to be kept. "
    "No exchange of servers between two stations was found that is cheaper; other staffings were not tried."
)
_NOT_SHOWN = (
    "There are too few executions to show whether these are kept, whatever the staffing; none is less often "
    "in time than the target, or than with servers for everybody: {limits}. More replications show more."
)
_TOO_SLOW = (
    "No staffing keeps every limit: even with servers for everybody, the times of services and the opening "
    "hours alone break {limits}."
)
_NOTHING_TO_KEEP = "No step with a stated limit was executed: there is nothing to keep."
_ABANDONED = "{share:.1%} of the cases were abandoned, {ample:.1%} with servers for everybody."


def why_none(note: str | None, ample: Look | None) -> str | None:
    """Return why there is no staffing that keeps every limit."""
    if ample is None or note is not None or ample.kept == "kept":
        return note
    broken = [limit for limit in ample.limits if limit.kept == "not_kept"]
    return _TOO_SLOW.format(limits=_named(broken)) if broken else _NOTHING_TO_KEEP


def notes_of(
    note: str | None, found: Look, ample: Look | None, stations: Sequence[StaffedStation]
) -> str | None:
    """Return what is said of the staffing *found*; *note* is why it may not be the smallest."""
    said = [_SMALLEST if note is None else f"{note} Smaller staffings may keep every limit too."]
    if found.not_shown:
        said.append(_NOT_SHOWN.format(limits=_named(found.not_shown)))
    if ample is not None and found.abandoned > ample.abandoned:
        said.append(_ABANDONED.format(share=found.abandoned, ample=ample.abandoned))
    idle = [s.name for s in stations if ample is not None and not ample.kinds[s.name].asked]
    if idle:
        said.append(f"Nobody asked for a server of: {', '.join(idle)}.")
    return " ".join([*said, *_kinds_of_numbers(stations)])


def load_sentence(found: BreakingLoad) -> str:
    """Return up to which load a staffing keeps the limits."""
    holds = (
        "are shown to be kept at no load"
        if found.holds_at is None
        else f"are kept at load {found.holds_at:g}"
    )
    breaks = "none breaks" if found.breaks_at is None else f"one breaks at load {found.breaks_at:g}"
    return f"the limits {holds}, {breaks}."


def _kinds_of_numbers(stations: Sequence[StaffedStation]) -> list[str]:
    said = []
    shifts = [station.name for station in stations if station.shifts]
    if shifts:
        said.append(
            f"The number is that of the largest shift, the others in proportion: {', '.join(shifts)}."
        )
    apart = [station.name for station in stations if any(station.differences)]
    if apart:
        said.append(
            f"Offices with a number of their own keep their difference to the common one: {', '.join(apart)}."
        )
    return said


def _named(limits: Sequence[LimitLook]) -> str:
    named = [
        f"{limit_name(limit)} {limit.share.value or 0.0:.1%} of {limit.executions}"
        for limit in limits[:MOST_NAMED]
    ]
    more = len(limits) - len(named)
    return ", ".join([*named, f"and {more} more"] if more else named)
