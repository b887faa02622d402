"""What a replication is measured by: whose steps they are, their limits, the window, the moments."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from conformance.study_figures import MOST_MOMENTS, TimeGrid
from sim.load.blocks import Column
from sim.load.network import Network
from sim.load.state import NEVER

_SECOND = 1_000_000
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)

Place = tuple[str, str, str]
"""A service, a path and a step."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a step may take by the *norm* of the pack; *status* is how sure the pack is of it."""

    limit_us: int
    norm: str
    status: str = "agreed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """How to read the figures of played cases.

    *programs* tells the service and path of each program by where it begins; *steps* and *outcomes* are the
    names of their numbers. Cases that arrive from *from_us* to before *until_us* are measured, and stations
    between these moments. The run ends at *ends_us*.
    """

    programs: Mapping[int, tuple[str, str]]
    steps: tuple[str, ...]
    outcomes: tuple[str, ...]
    limits: Mapping[Place, Limit]
    from_us: int
    until_us: int
    ends_us: int
    grid: TimeGrid

    @property
    def paths(self) -> tuple[tuple[str, str], ...]:
        """Return each service and path once, in the order of their first programs."""
        return tuple(dict.fromkeys(self.programs[begins] for begins in sorted(self.programs)))

    @property
    def places(self) -> tuple[Place, ...]:
        """Return every step of every path, path by path: the order in which places are numbered."""
        return tuple((service, path, step) for service, path in self.paths for step in self.steps)

    def path_numbers(self) -> Column:
        """Return the number of the path by where its program begins."""
        numbers = np.full(1 + max(self.programs, default=0), -1, np.int64)
        for begins, path in self.programs.items():
            numbers[begins] = self.paths.index(path)
        return numbers

    def limits_us(self) -> Column:
        """Return the limit of each place; NEVER where it has none."""
        limits = (self.limits.get(place) for place in self.places)
        return np.array([NEVER if limit is None else limit.limit_us for limit in limits], np.int64)

    def ticks(self, moments_us: Column) -> Column:
        """Return which moment of the grid is the first one at or after each, from 0 to their count."""
        grid = self.grid
        return np.clip(-((grid.from_us - moments_us) // grid.step_us), 0, grid.count)

    def moments_us(self) -> Column:
        """Return the moments of the grid."""
        return self.grid.from_us + np.arange(self.grid.count, dtype=np.int64) * self.grid.step_us


def grid_over(from_us: int, until_us: int, most: int = MOST_MOMENTS) -> TimeGrid:
    """Return moments from *from_us* to before *until_us*: the finest usual step with at most *most*."""
    length_us = max(until_us - from_us, 1)
    for step_s in _STEPS_S:
        if -(-length_us // (step_s * _SECOND)) <= most:
            break
    else:
        step_s = -(-length_us // (most * 86400 * _SECOND)) * 86400
    return TimeGrid(from_us=from_us, step_us=step_s * _SECOND, count=-(-length_us // (step_s * _SECOND)))


@dataclass(frozen=True, slots=True)
class Duty:
    """Servers on duty by station: their time in the window, -1 without an end of servers, and at the grid."""

    time_us: tuple[int, ...]
    at_grid: Column


def duty_of(network: Network, frame: Frame) -> Duty:
    """Return how many servers each station of *network* has on duty, as its changes say."""
    moments = frame.moments_us()
    times, rows = [], []
    for number, office in network.stations:
        changes = network.kinds[number].changes
        own = () if changes is None else changes[max(office, 0)]
        at = np.array([frame.from_us, *(change.at_us for change in own), frame.until_us], np.int64)
        servers = np.array([0, *(change.servers for change in own)], np.int64)
        spans = np.diff(np.clip(at, frame.from_us, frame.until_us))
        times.append(-1 if changes is None else sum(map(int.__mul__, spans.tolist(), servers.tolist())))
        rows.append(servers[np.searchsorted(at[1:-1], moments, "right")])
    return Duty(tuple(times), np.array(rows, np.int64).reshape(len(rows), len(moments)))
