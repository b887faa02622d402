"""Put cases in order that end out of order, with no more in hand than has to wait for somebody else."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from sim.load.blocks import PlayedCases, VisitColumns, joined

_FEWEST = 20_000
"""New cases after which it is worth looking whether those before them are all there."""


@dataclass(slots=True)
class InOrder:
    """Take blocks of cases as they end and give them out by their numbers; visits are left out."""

    _next: int = 0
    _waiting: list[PlayedCases] = field(default_factory=list)
    _looked_at: int = 0
    _count: int = 0

    def add(self, block: PlayedCases) -> Iterator[PlayedCases]:
        """Take a block, and yield what is in order now; that is looked at from time to time only."""
        self._waiting.append(_without_visits(block))
        self._count += len(block)
        if self._count - self._looked_at >= max(_FEWEST, self._looked_at // 2):
            yield from self._in_order()

    def rest(self) -> Iterator[PlayedCases]:
        """Yield all that is left, in order."""
        if self._waiting:
            yield joined(self._waiting)
        self._waiting, self._count = [], 0

    def _in_order(self) -> Iterator[PlayedCases]:
        together = joined(self._waiting)
        numbers = together.cases.number
        gaps = np.flatnonzero(numbers != np.arange(self._next, self._next + len(numbers)))
        count = int(gaps[0]) if len(gaps) else len(numbers)
        if count:
            self._next += count
            ready, together = _parted(together, count)
            yield ready
        self._waiting = [together]
        self._count = self._looked_at = len(together)


def _without_visits(block: PlayedCases) -> PlayedCases:
    nothing = np.empty(0, np.int64)
    return PlayedCases(block.cases, block.rows, VisitColumns(*(nothing for _ in fields(VisitColumns))))


def _parted(block: PlayedCases, count: int) -> tuple[PlayedCases, PlayedCases]:
    """Return the first *count* cases, and the others."""
    cases, rows = block.cases, block.rows
    first_row = int(np.searchsorted(rows.case, cases.number[count - 1], side="right"))
    nothing = block.visits
    return (
        PlayedCases(_piece(cases, slice(0, count)), _piece(rows, slice(0, first_row)), nothing),
        PlayedCases(_piece(cases, slice(count, None)), _piece(rows, slice(first_row, None)), nothing),
    )


def _piece(table: Any, own: slice) -> Any:
    return type(table)(**{f.name: getattr(table, f.name)[own].copy() for f in fields(table)})
