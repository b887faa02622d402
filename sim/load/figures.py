"""The figures of a replication by name: what can be compared between points, or decide when to stop.

A name is a place and a figure: ``workstation utilisation``, ``clinic-attachment/portal/P6 p95_sojourn_s``.
"""

from collections.abc import Mapping, Sequence

from conformance.errors import InputError, nearest_name
from conformance.study_figures import MOST_KEPT
from sim.load.frame import Frame
from sim.load.network import Network
from sim.load.replication import Replication, StationTally, StepTally

OF_STEPS = tuple(f"{which}_{time}_s" for which in ("mean", "p95") for time in ("wait", "service", "sojourn"))
OF_LIMITS = ("share_within",)
OF_PATHS = ("mean_time_s", "p95_time_s", "abandoned_share")
OF_STATIONS = ("utilisation", "mean_wait_s", "p95_wait_s", "mean_queue")


def figures_of(replication: Replication, network: Network, frame: Frame) -> dict[str, float]:
    """Return the figures of a replication by name, those it has: no wait of a station that nobody visited."""
    found: dict[str, float | None] = {}
    places = frame.places
    for step in replication.steps:
        place = places[step.place]
        found |= _named("/".join(place), of_step(step, with_limit=place in frame.limits))
    for path, cases in zip(frame.paths, replication.cases, strict=True):
        values = {
            "mean_time_s": seconds(cases.time.mean_us),
            "p95_time_s": seconds(cases.time.quantile_us(95)),
            "abandoned_share": cases.abandoned / cases.arrived if cases.arrived else None,
        }
        found |= _named("/".join(path), values)
    for number, kind in enumerate(network.kinds):
        stations = [own for own in replication.stations if own.kind == number]
        waits = replication.waits[number]
        values = {
            "utilisation": utilisation(stations),
            "mean_wait_s": seconds(waits.mean_us),
            "p95_wait_s": seconds(waits.quantile_us(95)),
            "mean_queue": mean_queue(stations, replication.window_us),
        }
        found |= _named(kind.name, values)
    return {name: value for name, value in found.items() if value is not None}


def of_step(step: StepTally, *, with_limit: bool) -> dict[str, float | None]:
    """Return the figures of a step by name."""
    times = {"wait": step.wait, "service": step.service, "sojourn": step.sojourn}
    found: dict[str, float | None] = {}
    for name, tally in times.items():
        found[f"mean_{name}_s"] = seconds(tally.mean_us)
        found[f"p95_{name}_s"] = seconds(tally.quantile_us(95))
    if with_limit and step.decided:
        found["share_within"] = step.within / step.decided
    return found


def measure_names(network: Network, frame: Frame) -> tuple[str, ...]:
    """Return all names that *figures_of* can give."""
    places = [
        *(("/".join(place), OF_STEPS) for place in frame.places),
        *(("/".join(place), OF_LIMITS) for place in frame.limits),
        *(("/".join(path), OF_PATHS) for path in frame.paths),
        *((kind.name, OF_STATIONS) for kind in network.kinds),
    ]
    return tuple(f"{place} {figure}" for place, figures in places for figure in figures)


def compared_measures(network: Network, frame: Frame) -> tuple[str, ...]:
    """Return what is compared between points unless a study says otherwise: limits, waits and work."""
    of_limits, of_stations = ("share_within", "p95_sojourn_s"), ("utilisation", "mean_wait_s")
    return (
        *(f"{'/'.join(place)} {figure}" for place in frame.limits for figure in of_limits),
        *(f"{kind.name} {figure}" for kind in network.kinds for figure in of_stations),
    )


def kept_by_replication(
    replications: Sequence[Replication], network: Network, frame: Frame
) -> dict[str, tuple[float | None, ...]]:
    """Return by name the figures of each replication by which whole studies are compared."""
    if len(replications) > MOST_KEPT:
        return {}
    figures = [figures_of(own, network, frame) for own in replications]
    of_paths = (f"{'/'.join(path)} abandoned_share" for path in frame.paths)
    found = {
        name: tuple(own.get(name) for own in figures)
        for name in (*compared_measures(network, frame), *of_paths)
    }
    return {name: values for name, values in found.items() if any(value is not None for value in values)}


def require_measure(name: str, network: Network, frame: Frame, *, place: str, inside: str) -> None:
    """Raise InputError if there is no figure of this name; *place* and *inside* say where it stands."""
    names = measure_names(network, frame)
    if name not in names:
        raise InputError(place, inside, repr(name), "the name of a measure", nearest_name(name, names))


def utilisation(stations: Sequence[StationTally]) -> float | None:
    """Return busy time over time on duty of stations together; None without an end, or none, of servers."""
    duty_us = sum(own.duty_us for own in stations)
    if not stations or duty_us <= 0:
        return None
    return sum(own.busy_us for own in stations) / duty_us


def mean_queue(stations: Sequence[StationTally], window_us: int) -> float | None:
    """Return how many wait on average over the window."""
    if window_us <= 0 or any(own.duty_us < 0 for own in stations):
        return None
    return sum(own.queue_us for own in stations) / window_us


def seconds(time_us: float | None) -> float | None:
    """Return a time in seconds."""
    return None if time_us is None else time_us / 1_000_000


def _named(place: str, values: Mapping[str, float | None]) -> dict[str, float | None]:
    return {f"{place} {figure}": value for figure, value in values.items()}
