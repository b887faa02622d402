"""What is worked out once for a block of cases, before its rows and visits are counted."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.load.blocks import Column, PlayedCases
from sim.load.frame import Frame
from sim.load.state import ABANDONED, ENDED


@dataclass(frozen=True, slots=True)
class KnownCases:
    """The cases of a block by their place in it.

    *path* is the number of the path, *measured* whether they arrived in the window (*all_measured*: every one
    did), *end_us* when the last happened to them; *of_row* and *of_visit* are the cases of rows and visits.
    """

    path: Column
    measured: Any
    all_measured: bool
    ended: Any
    finished: Any
    end_us: Column
    of_row: Column
    of_visit: Column

    @classmethod
    def of(cls, block: PlayedCases, frame: Frame) -> "KnownCases":
        """Work it out for a block that has a case."""
        cases = block.cases
        measured = (cases.arrival_us >= frame.from_us) & (cases.arrival_us < frame.until_us)
        of_row, of_visit = (_places(cases.number, own) for own in (block.rows.case, block.visits.case))
        end_us = cases.arrival_us.copy()
        np.maximum.at(end_us, of_row, block.rows.completed_us)
        np.maximum.at(end_us, of_visit, block.visits.ended_us)
        ended = cases.phase == ENDED
        return cls(
            path=frame.path_numbers()[cases.program],
            measured=measured,
            all_measured=bool(measured.all()),
            ended=ended,
            finished=ended | (cases.phase == ABANDONED),
            end_us=end_us,
            of_row=of_row,
            of_visit=of_visit,
        )

    def measured_of(self, of: Column) -> Any:
        """Return whether the cases of rows or visits are measured; a slice of all if every one is."""
        return slice(None) if self.all_measured else self.measured[of]


def _places(numbers: Column, wanted: Column) -> Column:
    if int(numbers[-1]) - int(numbers[0]) + 1 == len(numbers):
        return np.asarray(wanted - numbers[0], np.int64)
    return np.asarray(np.searchsorted(numbers, wanted), np.int64)
