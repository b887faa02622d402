"""Put cases in order that end out of order, with no more in hand than has to wait for somebody else."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from sim.load.blocks import PlayedCases, VisitColumns, joined

SHEET = 16_384
"""Cases, one number after another, that are given out together."""


@dataclass(slots=True)
class InOrder:
    """Take cases as they end, give them out by their numbers, sheet after sheet; without visits."""

    _next: int = 0
    _sheets: dict[int, list[PlayedCases]] = field(default_factory=dict)
    _counts: dict[int, int] = field(default_factory=dict)

    def add(self, block: PlayedCases) -> Iterator[PlayedCases]:
        """Take a block, whose cases are in order among themselves, and yield what is complete now."""
        sheets = block.cases.number // SHEET
        for sheet in np.unique(sheets).tolist():
            begins, ends = (int(np.searchsorted(sheets, sheet, side)) for side in ("left", "right"))
            piece = _piece(block, begins, ends)
            self._sheets.setdefault(sheet, []).append(piece)
            self._counts[sheet] = self._counts.get(sheet, 0) + len(piece)
        while self._counts.get(self._next) == SHEET:
            yield self._given(self._next)
            self._next += 1

    def rest(self) -> Iterator[PlayedCases]:
        """Yield all that is left, in order."""
        for sheet in sorted(self._sheets):
            yield self._given(sheet)

    def _given(self, sheet: int) -> PlayedCases:
        del self._counts[sheet]
        return joined(self._sheets.pop(sheet))


def _piece(block: PlayedCases, begins: int, ends: int) -> PlayedCases:
    """Return the cases of a block from one place to another, with their rows."""
    cases, rows, nothing = block.cases, block.rows, np.empty(0, np.int64)
    first, last = cases.number[begins], cases.number[ends - 1]
    own = slice(int(np.searchsorted(rows.case, first)), int(np.searchsorted(rows.case, last, side="right")))
    return PlayedCases(
        _copied(cases, slice(begins, ends)),
        _copied(rows, own),
        VisitColumns(*(nothing for _ in fields(VisitColumns))),
    )


def _copied(table: Any, own: slice) -> Any:
    return type(table)(**{f.name: getattr(table, f.name)[own].copy() for f in fields(table)})
