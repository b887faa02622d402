"""What has to be said beside a staffing: why it is the smallest, and what was not shown."""

from collections.abc import Sequence

from conformance.study_results import SizingNote
from scenarios.staffing import StaffedStation
from scenarios.trials import LimitLook, Look, limit_shown

MOST_NAMED = 6
"""So many limits are named; of further ones the number."""


def why_none(ended: SizingNote | None, ample: Look | None) -> tuple[SizingNote, ...]:
    """Return why there is no staffing that keeps every limit; *ended* is why the search came to an end."""
    if ended is not None:
        return (ended,)
    if ample is None or ample.kept == "kept":
        return ()
    broken = [limit for limit in ample.limits if limit.kept == "not_kept"]
    return (_of_limits("too_slow", broken) if broken else SizingNote(kind="nothing_to_keep"),)


def notes_of(
    ended: SizingNote | None, found: Look, ample: Look | None, stations: Sequence[StaffedStation]
) -> tuple[SizingNote, ...]:
    """Return what is said of the staffing *found*; *ended* is why it may not be the smallest."""
    said = [SizingNote(kind="smallest")] if ended is None else [ended, SizingNote(kind="perhaps_smaller")]
    if found.not_shown:
        said.append(_of_limits("few_executions", found.not_shown))
    if ample is not None and found.abandoned > ample.abandoned:
        said.append(SizingNote(kind="abandoned", shares=(found.abandoned, ample.abandoned)))
    of_stations = {
        "idle": [s.name for s in stations if ample is not None and not ample.kinds[s.name].asked],
        "largest_shift": [station.name for station in stations if station.shifts],
        "offices_differ": [station.name for station in stations if any(station.differences)],
    }
    said += [SizingNote(kind=kind, stations=tuple(names)) for kind, names in of_stations.items() if names]
    return tuple(said)


def _of_limits(kind: str, limits: Sequence[LimitLook]) -> SizingNote:
    named = tuple(limit_shown(limit) for limit in limits[:MOST_NAMED])
    return SizingNote(kind=kind, limits=named, more=len(limits) - len(named))
