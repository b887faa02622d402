"""The executions of steps, counted: how long they took, and how many took longer than their limit."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.load.blocks import Column, RowColumns
from sim.load.frame import Frame
from sim.load.histogram import Histograms
from sim.load.known_cases import KnownCases
from sim.load.replication import StepTally


@dataclass(slots=True)
class StepMeasures:
    """Figures by place: a step of a path. *kinds* is the kind of each station, the last one for none."""

    steps: int
    limits_us: Column
    kinds: Column
    wait: Histograms
    service: Histograms
    sojourn: Histograms
    open: Column
    open_late: Column
    ends_us: int
    done_at: Any
    late_at: Any

    @classmethod
    def begin(cls, frame: Frame, kinds: Column) -> "StepMeasures":
        """Return the figures of no execution."""
        places = len(frame.places)
        at = (places, int(kinds[-1]) + 1)
        wait, service, sojourn = (Histograms.empty(places) for _ in range(3))
        return cls(
            steps=len(frame.steps),
            limits_us=frame.limits_us(),
            kinds=kinds,
            wait=wait,
            service=service,
            sojourn=sojourn,
            open=np.zeros(places, np.int64),
            open_late=np.zeros(places, np.int64),
            ends_us=frame.ends_us,
            done_at=np.zeros(at, np.int64),
            late_at=np.zeros(at, np.int64),
        )

    def add(self, rows: RowColumns, known: KnownCases) -> None:
        """Count the executions of measured cases."""
        completed = rows.completed_us >= 0
        place = known.path[known.of_row] * self.steps + rows.step
        measured = known.measured_of(known.of_row)
        if not completed.all():
            self._count_open(place, rows, known, ~completed)
            measured = completed if known.all_measured else completed & measured
        elif known.all_measured:
            measured = slice(None)
        self._count(place[measured], self.kinds[rows.station[measured]], _Executions.of(rows, measured))

    def _count_open(self, place: Column, rows: RowColumns, known: KnownCases, is_open: Any) -> None:
        """Count executions without an end; one that has already taken longer than its limit is late."""
        which = np.flatnonzero(is_open & known.measured[known.of_row])
        place = place[which]
        # Who has gone has left the moment as a note; whoever has not is there until the end of the run.
        until_us = np.where(known.finished[known.of_row[which]], rows.note[which], self.ends_us)
        late = until_us - rows.enabled_us[which] > self.limits_us[place]
        self.open += np.bincount(place, minlength=len(self.open))
        self.open_late += np.bincount(place[late], minlength=len(self.open))

    def _count(self, place: Column, kind: Column, executions: "_Executions") -> None:
        sojourn_us = executions.sojourn_us
        self.wait.add(place, executions.wait_us)
        self.service.add(place, executions.service_us)
        self.sojourn.add(place, sojourn_us)
        flat = place * self.done_at.shape[1] + kind
        late = sojourn_us > self.limits_us[place]
        np.add.at(self.done_at.reshape(-1), flat, 1)
        np.add.at(self.late_at.reshape(-1), flat[late], 1)

    def tallies(self) -> tuple[StepTally, ...]:
        """Return the figures of every place that has any."""
        waits, services, sojourns = self.wait.tallies(), self.service.tallies(), self.sojourn.tallies()
        return tuple(
            StepTally(
                place=place,
                open=int(self.open[place]),
                open_late=int(self.open_late[place]),
                late=int(self.late_at[place].sum()),
                wait=waits[place],
                service=services[place],
                sojourn=sojourns[place],
                done_at=tuple(self.done_at[place].tolist()),
                late_at=tuple(self.late_at[place].tolist()),
            )
            for place in range(len(self.open))
            if self.open[place] or waits[place].count
        )


@dataclass(frozen=True, slots=True)
class _Executions:
    """Executions that have ended."""

    wait_us: Column
    service_us: Column
    sojourn_us: Column

    @classmethod
    def of(cls, rows: RowColumns, which: Any) -> "_Executions":
        """Return the times of *which* rows; who was never served has no service."""
        started_us, completed_us = rows.started_us[which], rows.completed_us[which]
        began_us = np.where(started_us < 0, completed_us, started_us)
        # Work that begins after the end of the step takes none of its time.
        service_us = np.maximum(completed_us - began_us, 0)
        return cls(rows.waited_us[which], service_us, completed_us - rows.enabled_us[which])
