"""The figures of one replication, gathered block by block: memory does not grow with the number of cases.

Everything is a sum, a count or a maximum, so it is the same however the cases are cut into blocks.
"""

from dataclasses import dataclass

import numpy as np

from sim.load.blocks import PlayedCases
from sim.load.case_measures import CaseMeasures
from sim.load.frame import Frame, duty_of
from sim.load.known_cases import KnownCases
from sim.load.network import Network
from sim.load.packing import packed
from sim.load.replication import Replication
from sim.load.station_measures import StationMeasures
from sim.load.step_measures import StepMeasures


@dataclass(slots=True)
class Measures:
    """What has been measured of a replication so far."""

    network: Network
    frame: Frame
    cases: CaseMeasures
    steps: StepMeasures
    stations: StationMeasures

    @classmethod
    def begin(cls, network: Network, frame: Frame) -> "Measures":
        """Return the measures of a run in which nothing has happened."""
        kinds = np.array([*(kind for kind, _ in network.stations), len(network.kinds)], np.int64)
        return cls(
            network,
            frame,
            CaseMeasures.begin(frame, kinds),
            StepMeasures.begin(frame, kinds),
            StationMeasures.begin(frame, kinds),
        )

    def add(self, block: PlayedCases) -> None:
        """Add cases; blocks of a run may come in any order and cut, as long as no case is parted."""
        if len(block):
            known = KnownCases.of(block, self.frame)
            self.cases.add(block, known)
            self.steps.add(block.rows, known)
            self.stations.add(block.visits, known)

    def result(self, replication: int = 0) -> Replication:
        """Return the figures, as those of the replication with this number."""
        duty = duty_of(self.network, self.frame)
        standing_cases = sorted(self.cases.standing_cases, key=lambda standing: standing.case)
        return Replication(
            replication=replication,
            window_us=self.frame.until_us - self.frame.from_us,
            cases=self.cases.by_path(),
            ends=self.cases.ends_in_order(),
            standing=self.cases.standing_in_order(),
            standing_cases=tuple(standing_cases),
            steps=self.steps.tallies(),
            stations=self.stations.tallies(self.network.stations, duty),
            waits=self.stations.waits.tallies(),
            queue=packed(self.stations.queue_at_grid()),
            busy=packed(self.stations.busy_at_grid()),
            duty=packed(duty.at_grid),
            arrivals=packed(self.cases.arrivals[:-1]),
            under_way=packed(np.cumsum(self.cases.under_way)[:-1]),
            ended=packed(self.cases.ended[:-1]),
            time_us=packed(self.cases.time_us[:-1]),
        )
