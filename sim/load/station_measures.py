"""Visits to stations, counted: waits, time in queues and with servers, and how many are there at moments."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.load.blocks import Column, VisitColumns
from sim.load.exact_sums import ExactSums
from sim.load.frame import Duty, Frame
from sim.load.histogram import Histograms
from sim.load.known_cases import KnownCases
from sim.load.replication import StationTally


@dataclass(slots=True)
class StationMeasures:
    """Figures by station; *waits* by kind.

    *queue* and *busy* hold, by station and moment of the grid, by how many more there are than before.
    """

    frame: Frame
    kinds: Column
    waits: Histograms
    asked: Column
    served: Column
    left: Column
    wait_us: ExactSums
    wait_max_us: Column
    queue_us: ExactSums
    busy_us: ExactSums
    queue: Any
    busy: Any

    @classmethod
    def begin(cls, frame: Frame, kinds: Column) -> "StationMeasures":
        """Return the figures of no visit; *kinds* is the kind of each station and their number."""
        stations = len(kinds) - 1
        asked, served, left, queue, busy = (
            np.zeros(shape, np.int64)
            for shape in (*(stations,) * 3, *((stations, frame.grid.count + 1),) * 2)
        )
        wait_us, queue_us, busy_us = (ExactSums.zero(stations) for _ in range(3))
        return cls(
            frame=frame,
            kinds=kinds,
            waits=Histograms.empty(int(kinds[-1])),
            asked=asked,
            served=served,
            left=left,
            wait_us=wait_us,
            wait_max_us=np.zeros(stations, np.int64),
            queue_us=queue_us,
            busy_us=busy_us,
            queue=queue,
            busy=busy,
        )

    def add(self, visits: VisitColumns, known: KnownCases) -> None:
        """Count visits: those of measured cases, and of all the time that they take in the window."""
        measured = known.measured_of(known.of_visit)
        self._count(
            visits.station[measured],
            visits.asked_us[measured],
            visits.started_us[measured],
            visits.ended_us[measured],
        )
        begun = visits.started_us >= 0
        ended_us = np.where(visits.ended_us < 0, self.frame.ends_us, visits.ended_us)
        out_us = np.where(begun, visits.started_us, ended_us)
        self._spend(self.queue, self.queue_us, visits.station, visits.asked_us, out_us)
        served = slice(None) if begun.all() else begun
        self._spend(self.busy, self.busy_us, visits.station[served], out_us[served], ended_us[served])

    def _count(self, station: Column, asked_us: Column, started_us: Column, ended_us: Column) -> None:
        served = started_us >= 0
        np.add.at(self.asked, station, 1)
        np.add.at(self.left, station[~served & (ended_us >= 0)], 1)
        if not served.all():
            station, asked_us, started_us = station[served], asked_us[served], started_us[served]
        wait_us = started_us - asked_us
        np.add.at(self.served, station, 1)
        np.maximum.at(self.wait_max_us, station, wait_us)
        self.wait_us.add(station, wait_us)
        self.waits.add(self.kinds[station], wait_us)

    def _spend(
        self, at_grid: Any, time_us: ExactSums, station: Column, from_us: Column, until_us: Column
    ) -> None:
        """Count who is at a station from one moment until before another."""
        frame = self.frame
        first, behind = frame.ticks(from_us), frame.ticks(until_us)
        there = np.flatnonzero(first < behind)
        np.add.at(at_grid, (station[there], first[there]), 1)
        np.subtract.at(at_grid, (station[there], behind[there]), 1)
        inside = np.minimum(until_us, frame.until_us) - np.maximum(from_us, frame.from_us)
        time_us.add(station, np.maximum(inside, 0))

    def queue_at_grid(self) -> Any:
        """Return how many wait, by station and moment."""
        return np.cumsum(self.queue, axis=1)[:, :-1]

    def busy_at_grid(self) -> Any:
        """Return how many are served, by station and moment."""
        return np.cumsum(self.busy, axis=1)[:, :-1]

    def tallies(self, stations: Sequence[tuple[int, int]], duty: Duty) -> tuple[StationTally, ...]:
        """Return the figures of each station, given as its kind and office."""
        waits_us, queues_us, busy_us = (sums.totals() for sums in (self.wait_us, self.queue_us, self.busy_us))
        return tuple(
            StationTally(
                kind=kind,
                office=office,
                asked=int(self.asked[number]),
                served=int(self.served[number]),
                left=int(self.left[number]),
                wait_us=waits_us[number],
                wait_max_us=int(self.wait_max_us[number]),
                queue_us=queues_us[number],
                busy_us=busy_us[number],
                duty_us=duty.time_us[number],
            )
            for number, (kind, office) in enumerate(stations)
        )
