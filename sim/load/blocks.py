"""Cases in columns: as they were drawn, and as they were played. Moments are microseconds, UTC."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class DrawnCases:
    """Cases that come one after another: what was drawn for them before anything happened.

    *program* is where the program of the case begins, *times_us* a table with a row for each case and the
    times of its program in the order of the program's layout.
    """

    arrival_us: Column
    program: Column
    office: Column
    priority: Column
    times_us: Column

    def __len__(self) -> int:
        return len(self.arrival_us)


@dataclass(frozen=True, slots=True)
class CaseColumns:
    """One entry for each case; *phase* is as in *sim.load.state*, *step* what is under way, -1: nothing."""

    number: Column
    arrival_us: Column
    program: Column
    office: Column
    phase: Column
    step: Column


@dataclass(frozen=True, slots=True)
class RowColumns:
    """One entry for each execution of a step, by case and in the order of the case.

    An absent moment, outcome or number is -1: a row without *completed_us* is open.
    """

    case: Column
    step: Column
    outcome: Column
    enabled_us: Column
    started_us: Column
    completed_us: Column
    waited_us: Column
    station: Column
    server: Column
    request: Column
    message: Column
    slot: Column
    note: Column


@dataclass(frozen=True, slots=True)
class VisitColumns:
    """One entry for each visit to a station with servers, by case and in the order of the case.

    Who left without having been served has no *started_us*, whoever is there yet no *ended_us* (-1).
    """

    case: Column
    station: Column
    asked_us: Column
    started_us: Column
    ended_us: Column


@dataclass(frozen=True, slots=True)
class PlayedCases:
    """Cases in the order of their numbers, all that came after those of an earlier block."""

    cases: CaseColumns
    rows: RowColumns
    visits: VisitColumns

    def __len__(self) -> int:
        return len(self.cases.number)


def columns_of(table: type[Any], values: dict[str, Any]) -> Any:
    """Return *values* as the columns of *table*, each an array of int64."""
    return table(**{field.name: np.asarray(values[field.name], np.int64) for field in fields(table)})


def joined(blocks: list[PlayedCases]) -> PlayedCases:
    """Return *blocks* as one."""

    def table(kind: type[Any], parts: list[Any]) -> Any:
        return kind(
            **{
                field.name: np.concatenate([getattr(part, field.name) for part in parts])
                if parts
                else np.empty(0, np.int64)
                for field in fields(kind)
            }
        )

    return PlayedCases(
        table(CaseColumns, [block.cases for block in blocks]),
        table(RowColumns, [block.rows for block in blocks]),
        table(VisitColumns, [block.visits for block in blocks]),
    )
