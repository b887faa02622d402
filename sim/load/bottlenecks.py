"""Which stations hold cases up, in order, and which limit breaks at each."""

from collections.abc import Sequence

from conformance.study_figures import Bottleneck, LimitShown
from conformance.study_results import Targets
from sim.load.figures import utilisation
from sim.load.frame import Frame
from sim.load.network import Network
from sim.load.replication import Replication
from sim.load.station_figures import busiest_of
from sim.load.step_figures import is_stated


def bottlenecks(
    replications: Sequence[Replication], network: Network, frame: Frame, targets: Targets
) -> tuple[Bottleneck, ...]:
    """Return the stations that somebody asked, those with the largest part of all waiting first.

    Of a kind with several offices the busiest one stands for it, with its utilisation; the part of the
    waiting is that of all offices. Waiting is that in the window, also of those who left the queue.
    """
    waiting_us = [0] * len(network.kinds)
    asked = [0] * len(network.kinds)
    for replication in replications:
        for tally in replication.stations:
            waiting_us[tally.kind] += tally.queue_us
            asked[tally.kind] += tally.asked
    found = []
    for number, kind in enumerate(network.kinds):
        if not asked[number]:
            continue
        own = [place for place, (its, _) in enumerate(network.stations) if its == number]
        busiest = busiest_of(replications, own)
        tallies = [] if busiest is None else [replication.stations[busiest] for replication in replications]
        found.append(
            Bottleneck(
                station=kind.name,
                office=network.stations[busiest][1] if busiest is not None and kind.per_office else None,
                utilisation=utilisation(tallies),
                wait_share=waiting_us[number] / max(sum(waiting_us), 1),
                breaks=_broken(replications, frame, number, targets),
            )
        )
    return tuple(sorted(found, key=lambda row: (-row.wait_share, -(row.utilisation or 0), row.station)))


def _broken(
    replications: Sequence[Replication], frame: Frame, kind: int, targets: Targets
) -> LimitShown | None:
    """Return the stated limit that the largest share broke of what is done at a kind; None: all are kept."""
    done, late = dict[int, int](), dict[int, int]()
    for replication in replications:
        for step in replication.steps:
            done[step.place] = done.get(step.place, 0) + step.done_at[kind]
            late[step.place] = late.get(step.place, 0) + step.late_at[kind]
    places = frame.places
    shares = [
        (1 - late[place] / done[place], place)
        for place in sorted(done)
        if done[place] and is_stated(frame.limits.get(places[place]))
    ]
    share, place = min(shares, default=(1.0, -1))
    if share >= targets.share:
        return None
    service, path, step_name = places[place]
    norm = frame.limits[places[place]].norm
    return LimitShown(service=service, path=path, step=step_name, norm=norm, share_within=share)
