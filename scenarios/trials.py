"""Try variants of a study on the same random numbers: few replications first, then all if need be."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from conformance.intervals import clopper_pearson
from conformance.study_figures import Estimate, LimitShown
from conformance.study_results import Targets
from scenarios.study_play import Listener, PlayedPoint, StudyPlayer
from sim.load.estimates import Until, share_estimate
from sim.load.frame import Frame, Limit, Place
from sim.load.network import Network
from sim.load.point_results import Point
from sim.load.replication import Replication, StepTally
from sim.load.step_figures import is_stated, standing_of
from sim.load.study import Study
from sim.load.task import frame_of, plan_of

SCREENING = 4
"""Replications that are enough to see that a limit is clearly not kept."""

FOURFOLD = 4

CLEARLY = 0.99
"""The confidence at which a limit is clearly kept or not, unless the study asks for more."""

_RANK = {"not_kept": 0, "not_shown": 1, "kept": 2}


class TrialListener(Listener, Protocol):
    """Who hears which variant is tried next."""

    def trying(self, text: str) -> None:
        """Hear what is tried next."""


@dataclass(frozen=True, slots=True)
class LimitLook:
    """How a stated limit fares: *shown* by its interval alone, *kept* as the search counts it.

    They differ for a limit of which too few executions show anything, whatever the variant: it counts as kept
    if its share reaches the target.
    """

    place: Place
    norm: str
    share: Estimate
    executions: int
    shown: str
    kept: str


@dataclass(frozen=True, slots=True)
class KindLook:
    """A kind of station in all replications: who asked for a server, how long they waited in the window.

    *load* is the utilisation of its busiest office.
    """

    asked: int
    queue_us: int
    load: float


@dataclass(frozen=True, slots=True)
class Look:
    """What replications say of the stated limits; *abandoned* is the share of cases that gave up."""

    replications: int
    limits: tuple[LimitLook, ...]
    kinds: Mapping[str, KindLook]
    abandoned: float

    @property
    def kept(self) -> str:
        """Return the worst standing of the limits; nothing is kept where there is none."""
        return min((limit.kept for limit in self.limits), key=_RANK.__getitem__, default="not_shown")

    @property
    def worst(self) -> LimitLook | None:
        """Return the limit that decides: of the worst standing the one with the smallest share."""
        return min(self.limits, key=_worst_first, default=None)

    @property
    def queues(self) -> tuple[int, ...]:
        """Return how long people waited at each kind of station."""
        return tuple(kind.queue_us for kind in self.kinds.values())

    @property
    def wanting(self) -> tuple[Place, ...]:
        """Return the limits that are not kept, or not shown to be."""
        return tuple(limit.place for limit in self.limits if limit.kept != "kept")

    @property
    def not_shown(self) -> tuple[LimitLook, ...]:
        """Return the limits of which too few executions were seen to show that they are kept."""
        return tuple(limit for limit in self.limits if limit.shown == "not_shown")

    def share(self, place: Place) -> float:
        """Return the share within a limit; 1 if nothing was late there because nothing was done."""
        found = next((limit.share.value for limit in self.limits if limit.place == place), None)
        return 1.0 if found is None else found


def limit_shown(look: LimitLook) -> LimitShown:
    """Return a limit as it is saved."""
    service, path, step = look.place
    return LimitShown(
        service=service,
        path=path,
        step=step,
        norm=look.norm,
        share_within=look.share.value or 0.0,
        executions=look.executions,
    )


@dataclass(slots=True)
class Trials:
    """Variants of a study that have been tried; all are measured from the same moment on.

    *aside* has the limits that are not shown to be kept with any number of servers, with their share then.
    """

    player: StudyPlayer
    listener: TrialListener
    from_us: int
    until: Until
    aside: dict[Place, float] = field(default_factory=dict)

    @property
    def screening(self) -> int:
        """Return how many replications a first look takes."""
        least = self.until.most if self.until.measure is None else self.until.least
        return min(SCREENING, least, self.until.most)

    def first_look(self, study: Study) -> Look:
        """Return what a few replications say; only what they clearly break counts as not kept."""
        return self._few(study, self.screening)

    def full_look(self, study: Study) -> Look:
        """Return what all replications say."""
        return self._look(study, self.played(study, "").replications, study.targets.confidence)

    def look(self, study: Study) -> Look:
        """Return what all replications say, or fewer where these are clear.

        Four times as many are asked each time: whether a limit is clearly not kept, and from the second time
        on whether all of them clearly are.
        """
        found, count = self.first_look(study), self.screening
        while found.kept != "not_kept" and (FOURFOLD * count) < self.until.most:
            count *= FOURFOLD
            found = self._few(study, count)
            if found.kept == "kept":
                return found
        return found if found.kept == "not_kept" else self.full_look(study)

    def played(self, study: Study, label: str) -> PlayedPoint:
        """Return a variant with all its replications, as a point of a study."""
        source = self.player.ready.source(study)
        plan = plan_of(source)
        found = self.player.until_enough(source, plan, self.from_us, self.until)
        frame = frame_of(plan, source, self.from_us)
        return PlayedPoint(Point(label=label), source, plan, frame, tuple(found))

    def _few(self, study: Study, count: int) -> Look:
        source = self.player.ready.source(study)
        plan_of(source)  # once, before workers ask for it at the same time
        replications = self.player.replications(source, self.from_us, range(count))
        return self._look(study, replications, max(study.targets.confidence, CLEARLY))

    def _look(self, study: Study, replications: Sequence[Replication], confidence: float) -> Look:
        source = self.player.ready.source(study)
        plan = plan_of(source)
        frame = frame_of(plan, source, self.from_us)
        targets = Targets(share=study.targets.share, confidence=confidence)
        return look_of(replications, plan.network, frame, targets, self.aside)


def look_of(
    replications: Sequence[Replication],
    network: Network,
    frame: Frame,
    targets: Targets,
    aside: Mapping[Place, float],
) -> Look:
    """Return what *replications* say of the limits that the pack states."""
    tallies: dict[Place, list[StepTally]] = {}
    places = frame.places
    for replication in replications:
        for tally in replication.steps:
            tallies.setdefault(places[tally.place], []).append(tally)
    cases = [own for replication in replications for own in replication.cases]
    return Look(
        replications=len(replications),
        limits=tuple(
            _limit(place, limit, tallies[place], targets, aside)
            for place in places
            if place in tallies and is_stated(limit := frame.limits.get(place)) and limit is not None
        ),
        kinds={
            kind.name: _kind(
                replications, [at for at, (its, _) in enumerate(network.stations) if its == number]
            )
            for number, kind in enumerate(network.kinds)
        },
        abandoned=sum(own.abandoned for own in cases) / max(1, sum(own.arrived for own in cases)),
    )


def _limit(
    place: Place, limit: Limit, tallies: Sequence[StepTally], targets: Targets, aside: Mapping[Place, float]
) -> LimitLook:
    decided = [tally.decided for tally in tallies]
    share = share_estimate([tally.within for tally in tallies], decided, targets.confidence)
    shown, _ = standing_of(share, targets.share, limit.status)
    kept = shown
    if shown == "not_shown" and (place in aside or _too_few(sum(decided), len(tallies), targets)):
        asked = min(targets.share, aside.get(place, targets.share))
        kept = "kept" if share.value is None or share.value >= asked else "not_shown"
    return LimitLook(place, limit.norm, share, sum(decided), shown, kept)


def _too_few(executions: int, replications: int, targets: Targets) -> bool:
    """Tell whether even faultless executions would not show that a limit is kept."""
    if replications < 2 or not executions:
        return True
    return clopper_pearson(executions, executions, targets.confidence).low < targets.share


def _kind(replications: Sequence[Replication], stations: Sequence[int]) -> KindLook:
    tallies = [replication.stations[station] for replication in replications for station in stations]
    loads = []
    for station in stations:
        own = [replication.stations[station] for replication in replications]
        duty_us = sum(tally.duty_us for tally in own)
        loads.append(sum(tally.busy_us for tally in own) / duty_us if duty_us > 0 else 0.0)
    return KindLook(
        asked=sum(tally.asked for tally in tallies),
        queue_us=sum(tally.queue_us for tally in tallies),
        load=max(loads, default=0.0),
    )


def _worst_first(limit: LimitLook) -> tuple[int, bool, float]:
    share = limit.share.value
    return _RANK[limit.kept], limit.shown != limit.kept, math.inf if share is None else share
