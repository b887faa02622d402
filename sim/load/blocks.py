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
    """Cases that have ended, or that the run has left, by their numbers; between them some may be missing."""

    cases: CaseColumns
    rows: RowColumns
    visits: VisitColumns

    def __len__(self) -> int:
        return len(self.cases.number)


def columns_of(table: type[Any], values: dict[str, Any]) -> Any:
    """Return *values* as the columns of *table*, each an array of int64."""
    return table(**{field.name: np.asarray(values[field.name], np.int64) for field in fields(table)})


def joined(blocks: list[PlayedCases]) -> PlayedCases:
    """Return *blocks* as one, in the order of the cases."""
    return PlayedCases(
        _joined(CaseColumns, "number", [block.cases for block in blocks]),
        _joined(RowColumns, "case", [block.rows for block in blocks]),
        _joined(VisitColumns, "case", [block.visits for block in blocks]),
    )


def _joined(kind: type[Any], key: str, parts: list[Any]) -> Any:
    """Return *parts* as one table by its *key*; what has the same key stays in its order."""
    names = [field.name for field in fields(kind)]
    empty = [np.empty(0, np.int64)]
    columns = {name: np.concatenate([getattr(part, name) for part in parts] or empty) for name in names}
    order = np.argsort(columns[key], kind="stable")
    return kind(**{name: column[order] for name, column in columns.items()})
