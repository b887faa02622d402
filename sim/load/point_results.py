"""One point of a study: everything that its replications say, put together."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from conformance.study_figures import PathEnd, PointResults, UnfinishedCase, UnfinishedPlace
from conformance.study_results import Targets
from sim.load.bottlenecks import bottlenecks
from sim.load.case_measures import MOST_NAMED
from sim.load.figures import kept_by_replication
from sim.load.frame import Frame
from sim.load.network import Network
from sim.load.packing import unpacked
from sim.load.replication import DOING, Replication
from sim.load.spreads import curve_of
from sim.load.station_figures import station_figures
from sim.load.step_figures import counts_of, kept_of_all, path_figures, step_figures


@dataclass(frozen=True, slots=True)
class Point:
    """Which point of a sweep it is: its label, the parameter that is swept and its value there."""

    label: str
    parameter: str | None = None
    value: float | str | None = None


def point_results(
    replications: Sequence[Replication], network: Network, frame: Frame, targets: Targets, point: Point
) -> PointResults:
    """Return the figures of a point from at least one replication, all measured by the same *frame*."""
    confidence = targets.confidence
    steps = step_figures(replications, frame, targets)
    return PointResults(
        label=point.label,
        parameter=point.parameter,
        value=point.value,
        replications=len(replications),
        cases=counts_of([cases for own in replications for cases in own.cases]),
        paths=path_figures(replications, frame, confidence),
        unfinished_where=_standing(replications, network, frame),
        unfinished_cases=_named(replications, network, frame),
        steps=steps,
        kept=kept_of_all(steps),
        stations=station_figures(replications, network, confidence),
        bottlenecks=bottlenecks(replications, network, frame, targets),
        grid=frame.grid,
        arrivals=curve_of([unpacked(own.arrivals) for own in replications], confidence),
        under_way=curve_of([unpacked(own.under_way) for own in replications], confidence),
        ends=_ends(replications, frame),
        by_replication=kept_by_replication(replications, network, frame),
    )


def _ends(replications: Sequence[Replication], frame: Frame) -> tuple[PathEnd, ...]:
    counts: Counter[tuple[int, int, int]] = Counter()
    for replication in replications:
        for path, step, outcome, count in replication.ends:
            counts[path, step, outcome] += count
    return tuple(
        PathEnd(
            service=frame.paths[path][0],
            path=frame.paths[path][1],
            step=frame.steps[step],
            outcome=frame.outcomes[outcome] if outcome >= 0 else "open",
            count=count,
        )
        for (path, step, outcome), count in sorted(counts.items())
    )


def _standing(
    replications: Sequence[Replication], network: Network, frame: Frame
) -> tuple[UnfinishedPlace, ...]:
    counts: Counter[tuple[int, int, int, int]] = Counter()
    for replication in replications:
        for own in replication.standing:
            counts[own.path, own.step, own.kind, own.doing] += own.count
    return tuple(
        UnfinishedPlace(
            service=frame.paths[path][0],
            path=frame.paths[path][1],
            step=_step_name(frame, step),
            station=_kind_name(network, kind),
            doing=DOING[doing],
            count=count,
        )
        for (path, step, kind, doing), count in sorted(counts.items())
    )


def _named(replications: Sequence[Replication], network: Network, frame: Frame) -> tuple[UnfinishedCase, ...]:
    """Return those that came first, replication by replication, at most MOST_NAMED."""
    named = [
        UnfinishedCase(
            replication=replication.replication,
            case=own.case,
            office=own.office,
            service=frame.paths[own.path][0],
            path=frame.paths[own.path][1],
            step=_step_name(frame, own.step),
            station=_kind_name(network, own.kind),
            doing=DOING[own.doing],
            since_us=own.since_us,
        )
        for replication in replications
        for own in replication.standing_cases
    ]
    return tuple(named[:MOST_NAMED])


def _step_name(frame: Frame, step: int) -> str | None:
    return None if step < 0 else frame.steps[step]


def _kind_name(network: Network, kind: int) -> str | None:
    return None if kind < 0 else network.kinds[kind].name
