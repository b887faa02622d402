"""What is said of a whole case, from the columns of its rows: its steps, its span, its late steps."""

from dataclasses import dataclass
from typing import Any

from conformance.case_listing import MOMENTS, OVER, CaseListing


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSpan:
    """One case in a line; moments are microseconds UTC, *late* are steps with the microseconds beyond."""

    service: str
    path: str
    steps: tuple[str, ...]
    outcome: str | None
    first_us: int | None
    last_us: int | None
    late: tuple[tuple[str, int], ...]

    @property
    def lasted_us(self) -> int | None:
        """Return the time from the first known moment to the last one."""
        if self.first_us is None or self.last_us is None:
            return None
        return self.last_us - self.first_us


class CaseSpans:
    """The cases of a listing, each in a line when it is asked for; *over* is the worst lateness of each."""

    __slots__ = ("_columns", "_firsts", "_lasts", "_late", "_listing", "_starts", "over")

    def __init__(self, listing: CaseListing) -> None:
        import numpy as np  # noqa: PLC0415 - as long to load as all the rest

        rows, self._listing = listing.rows, listing
        numbers = np.asarray(rows["number"])
        starts = np.flatnonzero(np.diff(numbers, prepend=-1))
        moments = np.ma.stack([np.ma.asarray(rows[name]) for name in MOMENTS])
        late = np.ma.filled(rows["completed_us"], 0) - np.ma.filled(rows["enabled_us"], 0)
        late = np.where(np.asarray(rows["standing"]) == OVER, late - np.ma.filled(rows["limit_us"], 0), 0)
        most = np.iinfo(np.int64).max
        self._starts = [*starts.tolist(), len(numbers)]
        self._columns: dict[str, list[Any]] = {
            name: np.ma.asarray(rows[name]).tolist() for name in ("service", "path", "step", "outcome")
        }
        self._late = late.tolist()
        lowest, highest = moments.filled(most).min(axis=0), moments.filled(-most).max(axis=0)
        self._firsts = np.minimum.reduceat(lowest, starts).tolist() if len(starts) else []
        self._lasts = np.maximum.reduceat(highest, starts).tolist() if len(starts) else []
        self.over: list[int] = np.maximum.reduceat(late, starts).tolist() if len(starts) else []

    def case(self, number: int) -> CaseSpan:
        """Return the case at a place of the listing."""
        names, columns = self._listing.names, self._columns
        begin, end = self._starts[number], self._starts[number + 1]
        first, last, outcome = self._firsts[number], self._lasts[number], columns["outcome"][end - 1]
        steps = tuple(names["step"][place] for place in columns["step"][begin:end])
        late = self._late[begin:end] if self.over[number] else ()
        return CaseSpan(
            service=names["service"][columns["service"][begin]],
            path=names["path"][columns["path"][begin]],
            steps=steps,
            outcome=None if outcome is None else names["outcome"][outcome],
            first_us=first if last >= first else None,
            last_us=last if last >= first else None,
            late=tuple((steps[at], over) for at, over in enumerate(late) if over),
        )
