"""Stations of a point: each kind over all its offices, and its busiest office."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from conformance.study_figures import Estimate, Spread, StationFigures
from sim.load.estimates import above_zero, estimate
from sim.load.figures import mean_queue, utilisation
from sim.load.network import Network
from sim.load.packing import unpacked
from sim.load.replication import Replication, StationTally
from sim.load.spreads import curve_of, spread_of, sums_spread


@dataclass(frozen=True, slots=True)
class Grids:
    """Queues, busy servers and servers on duty by replication, station and moment."""

    queue: Any
    busy: Any
    duty: Any

    @classmethod
    def of(cls, replications: Sequence[Replication], stations: int) -> "Grids":
        """Unpack those of all replications."""

        def table(name: str) -> Any:
            return np.array([unpacked(getattr(own, name)).reshape(stations, -1) for own in replications])

        return cls(table("queue"), table("busy"), table("duty"))


def station_figures(
    replications: Sequence[Replication], network: Network, confidence: float
) -> tuple[StationFigures, ...]:
    """Return each kind of station, followed by its busiest office if it has several."""
    grids = Grids.of(replications, len(network.stations))
    found = []
    for number, kind in enumerate(network.kinds):
        own = [place for place, (its, _) in enumerate(network.stations) if its == number]
        waits = spread_of([replication.waits[number] for replication in replications], confidence)
        found.append(_figures(replications, grids, kind.name, own, waits, confidence))
        busiest = busiest_of(replications, own)
        if len(own) > 1 and busiest is not None:
            sums = [
                (tally.served, tally.wait_us, tally.wait_max_us)
                for tally in (replication.stations[busiest] for replication in replications)
            ]
            waits = sums_spread(sums, confidence)
            found.append(_figures(replications, grids, kind.name, [busiest], waits, confidence))
    return tuple(found)


def busiest_of(replications: Sequence[Replication], stations: Sequence[int]) -> int | None:
    """Return the station with the highest utilisation, the first of equal ones; None if none has any."""
    shares = [
        (-share, station)
        for station in stations
        if (share := utilisation([own.stations[station] for own in replications])) is not None
    ]
    return min(shares)[1] if shares else None


def _figures(  # noqa: PLR0913, PLR0917 - the parts of one row
    replications: Sequence[Replication],
    grids: Grids,
    name: str,
    stations: list[int],
    waits: Spread,
    confidence: float,
) -> StationFigures:
    tallies = [[own.stations[station] for station in stations] for own in replications]
    limited = all(own.duty_us >= 0 for own in tallies[0])
    queue = grids.queue[:, stations].sum(axis=1)
    return StationFigures(
        station=name,
        office=tallies[0][0].office if len(stations) == 1 and tallies[0][0].office >= 0 else None,
        offices=len(stations),
        servers=_servers(tallies, [own.window_us for own in replications]) if limited else None,
        utilisation=_over([utilisation(own) for own in tallies], confidence),
        wait_s=waits,
        queue_mean=_over(
            [mean_queue(own, it.window_us) for own, it in zip(tallies, replications, strict=True)], confidence
        ),
        queue_max=int(queue.max(initial=0)),
        queue=curve_of(queue, confidence) if limited else None,
        busy=curve_of(grids.busy[:, stations].sum(axis=1), confidence) if limited else None,
        on_duty=curve_of(grids.duty[:, stations].sum(axis=1), confidence) if limited else None,
        asked=_total(tallies, "asked"),
        served=_total(tallies, "served"),
        left=_total(tallies, "left"),
    )


def _servers(tallies: Sequence[Sequence[StationTally]], windows_us: Sequence[int]) -> float | None:
    if not sum(windows_us):
        return None
    return sum(tally.duty_us for own in tallies for tally in own) / sum(windows_us)


def _over(values: Sequence[float | None], confidence: float) -> Estimate:
    return above_zero(estimate(values, confidence))


def _total(tallies: Sequence[Sequence[StationTally]], field: str) -> int:
    return sum(getattr(tally, field) for own in tallies for tally in own)
