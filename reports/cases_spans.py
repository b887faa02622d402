"""What is said of a whole case, from the columns of its rows: its steps, its span, its late steps."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from conformance.case_listing import MOMENTS, OVER, CaseListing

_NONE = -1
"""The place of a name that is not there."""


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
    """The cases of a listing, each in a line when it is asked for, or all of them column by column.

    *over* is the worst lateness of each in microseconds.
    """

    __slots__ = ("_bounds", "_columns", "_firsts", "_lasts", "_late", "_listing", "over")

    def __init__(self, listing: CaseListing) -> None:
        import numpy as np  # noqa: PLC0415 - as long to load as all the rest

        rows, self._listing = listing.rows, listing
        numbers = np.asarray(rows["number"])
        starts = np.flatnonzero(np.diff(numbers, prepend=-1))
        moments = np.ma.stack([np.ma.asarray(rows[name]) for name in MOMENTS])
        late = np.ma.filled(rows["completed_us"], 0) - np.ma.filled(rows["enabled_us"], 0)
        late -= np.ma.filled(rows["limit_us"], 0)
        self._late = np.where(np.asarray(rows["standing"]) == OVER, late, 0)
        most = np.iinfo(np.int64).max
        self._bounds = np.append(starts, len(numbers))
        self._columns: dict[str, Any] = {
            name: np.ma.filled(rows[name], _NONE) for name in ("service", "path", "step", "outcome")
        }
        lowest, highest = moments.filled(most).min(axis=0), moments.filled(-most).max(axis=0)
        none = np.empty(0, np.int64)
        self._firsts = np.minimum.reduceat(lowest, starts) if len(starts) else none
        self._lasts = np.maximum.reduceat(highest, starts) if len(starts) else none
        self.over: Any = np.maximum.reduceat(self._late, starts) if len(starts) else none

    def of_first_rows(self, name: str) -> list[int]:
        """Return the places of the names that the first rows of all cases have in a column."""
        places: list[int] = self._columns[name][self._bounds[:-1]].tolist()
        return places

    def of_last_rows(self, name: str) -> list[int]:
        """Return the places of the names that the last rows of all cases have in a column, -1 for none."""
        places: list[int] = self._columns[name][self._bounds[1:] - 1].tolist()
        return places

    def moments(self) -> tuple[list[int | None], list[int | None]]:
        """Return the first and the last known moments of all cases, microseconds UTC."""
        known = (self._lasts >= self._firsts).tolist()
        first, last = (
            [us if is_known else None for us, is_known in zip(found.tolist(), known, strict=True)]
            for found in (self._firsts, self._lasts)
        )
        return first, last

    def steps(self) -> Iterator[tuple[str, ...]]:
        """Yield the steps of all cases; cases of the same steps share them."""
        names, places = self._listing.names["step"], self._columns["step"]
        bounds = self._bounds.tolist()
        octets, width = places.tobytes(), places.itemsize
        told: dict[bytes, tuple[str, ...]] = {}
        for begin, end in pairwise(bounds):
            route = octets[begin * width : end * width]
            if route not in told:
                told[route] = tuple(names[place] for place in places[begin:end].tolist())
            yield told[route]

    def late_steps(self) -> list[tuple[str, ...]]:
        """Return the late steps of all cases."""
        import numpy as np  # noqa: PLC0415 - as above

        names = self._listing.names["step"]
        found: list[tuple[str, ...]] = [()] * len(self.over)
        for number in np.flatnonzero(self.over).tolist():
            begin, end = self._bounds[number : number + 2].tolist()
            at = begin + np.flatnonzero(self._late[begin:end])
            found[number] = tuple(names[place] for place in self._columns["step"][at].tolist())
        return found

    def case(self, number: int) -> CaseSpan:
        """Return the case at a place of the listing."""
        names, columns = self._listing.names, self._columns
        begin, end = self._bounds[number : number + 2].tolist()
        first, last = int(self._firsts[number]), int(self._lasts[number])
        outcome = int(columns["outcome"][end - 1])
        steps = tuple(names["step"][place] for place in columns["step"][begin:end].tolist())
        late = self._late[begin:end].tolist()
        return CaseSpan(
            service=names["service"][columns["service"][begin]],
            path=names["path"][columns["path"][begin]],
            steps=steps,
            outcome=None if outcome == _NONE else names["outcome"][outcome],
            first_us=first if last >= first else None,
            last_us=last if last >= first else None,
            late=tuple((steps[at], over) for at, over in enumerate(late) if over),
        )
