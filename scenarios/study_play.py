"""Play a study: its points and replications, however spread over workers, until enough is known."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from time import process_time
from typing import Protocol

from conformance.study_results import WarmUp
from scenarios.study_journal import Journal
from scenarios.study_reader import ReadyStudy, with_parameter
from sim.durations import parse_duration_us
from sim.load.blocks import PlayedCases
from sim.load.engines import Engine
from sim.load.estimates import Until, enough_after
from sim.load.figures import figures_of, require_measure
from sim.load.frame import Frame
from sim.load.plan import LoadPlan
from sim.load.point_results import Point
from sim.load.replication import Replication
from sim.load.study import Study
from sim.load.task import PlanSource, Task, frame_of, plan_of, play_task
from sim.load.warm_up import warm_up_of
from sim.load.workers import Workforce, play_tasks

PILOTS = 5
"""Replications whose mean series decides on the warm-up."""


class Listener(Protocol):
    """Who hears how far a study is."""

    def cases(self, plan: LoadPlan, block: PlayedCases) -> None:
        """Hear of cases of the first replication as they come."""

    def replication(self, done: int, total: int) -> None:
        """Hear that one more replication is done, of as many as are planned now."""

    def warn(self, text: str) -> None:
        """Hear of something that went wrong and was mended."""


@dataclass(frozen=True, slots=True)
class PlayedPoint:
    """A point of a study with its plan, how it is measured, and its replications in order."""

    point: Point
    source: PlanSource
    plan: LoadPlan
    frame: Frame
    replications: tuple[Replication, ...]

    def figures(self) -> dict[int, Mapping[str, float]]:
        """Return the figures of each replication by its number."""
        return {own.replication: figures_of(own, self.plan.network, self.frame) for own in self.replications}


@dataclass(frozen=True, slots=True)
class PlayedStudy:
    """What playing a study left; *complete* is False after an interruption."""

    points: tuple[PlayedPoint, ...]
    warm_up: WarmUp
    until: Until
    complete: bool
    cpu_s: float


@dataclass(slots=True)
class StudyPlayer:
    """Play variants of a study with the same random numbers.

    *first_listener* hears all cases of replication 0 of the first point: whoever writes the log.
    """

    ready: ReadyStudy
    seed: int
    engine: Engine
    force: Workforce
    journal: Journal
    listener: Listener
    first_listener: Callable[[LoadPlan, PlayedCases], None] | None = None
    done: int = 0
    planned: int = 0
    interrupted: bool = field(default=False)

    def play(self, replications: int | None = None) -> PlayedStudy:
        """Play the study, each point of its sweep, and return what that left.

        *replications* replaces the number that the study asks for. A KeyboardInterrupt ends it early:
        whatever replications have ended are kept. Raises InputError for a study that cannot be played.
        """
        began_s = process_time()
        study = self.ready.study
        points = variants(self.ready)
        sources = [self.ready.source(variant) for _, variant in points]
        plans = [plan_of(source) for source in sources]
        until = _until(study, replications)
        if until.measure is not None:
            frame = frame_of(plans[0], sources[0], plans[0].starts_us)
            place = str(self.ready.path)
            require_measure(until.measure, plans[0].network, frame, place=place, inside="stop.measure")
        found: list[list[Replication]] = [[] for _ in points]
        warm_up = _no_warm_up(plans[0])
        try:
            warm_up = self._warm_up(study, sources, plans)
            from_us = plans[0].starts_us + (warm_up.cut_us or 0)
            self._fill(found, sources, plans, from_us, until)
        except KeyboardInterrupt:
            self.interrupted = True
            from_us = plans[0].starts_us + (warm_up.cut_us or 0)
            found = [self._known(source, from_us, until.most) for source in sources]
        played = tuple(
            PlayedPoint(point, source, plan, frame_of(plan, source, from_us), tuple(own))
            for (point, _), source, plan, own in zip(points, sources, plans, found, strict=True)
        )
        return PlayedStudy(played, warm_up, until, not self.interrupted, process_time() - began_s)

    def replications(self, source: PlanSource, from_us: int, numbers: Iterable[int]) -> list[Replication]:
        """Return replications of one variant by their numbers, playing those that are not known yet."""
        tasks = [Task(source, self.seed, number, self.engine, from_us) for number in numbers]
        self._play_all(tasks)
        return [self._of(task) for task in tasks]

    def until_enough(
        self, source: PlanSource, plan: LoadPlan, from_us: int, until: Until
    ) -> list[Replication]:
        """Return as many replications of one variant as the rule *until* asks for."""
        found: list[list[Replication]] = [[]]
        self._fill(found, [source], [plan], from_us, until)
        return found[0]

    def _fill(
        self,
        found: list[list[Replication]],
        sources: Sequence[PlanSource],
        plans: Sequence[LoadPlan],
        from_us: int,
        until: Until,
    ) -> None:
        """Play replications of every point until the rule says that they are enough."""
        wanted = until.most if until.measure is None else min(until.least, until.most)
        if self.first_listener is not None:
            self._play_first(sources[0], plans[0], from_us)
        open_points = set(range(len(sources)))
        while open_points:
            tasks = [
                Task(sources[at], self.seed, number, self.engine, from_us)
                for number in range(wanted)
                for at in sorted(open_points)
            ]
            self._play_all(tasks)
            for at in sorted(open_points):
                own = self._known(sources[at], from_us, wanted)
                frame = frame_of(plans[at], sources[at], from_us)
                values = [figures_of(one, plans[at].network, frame).get(until.measure or "") for one in own]
                enough = enough_after(until, values, self.ready.study.targets.confidence)
                if enough is not None:
                    found[at] = own[:enough]
                    open_points.discard(at)
            wanted = min(until.most, wanted + max(2, wanted // 2))

    def _play_first(self, source: PlanSource, plan: LoadPlan, from_us: int) -> None:
        """Play replication 0 in this process, and let those hear its cases who want to."""
        task = Task(source, self.seed, 0, self.engine, from_us)

        def hear(block: PlayedCases) -> None:
            if self.first_listener is not None:
                self.first_listener(plan, block)
            self.listener.cases(plan, block)

        self.journal.keep(task, play_task(task, hear))

    def _play_all(self, tasks: Sequence[Task]) -> None:
        missing = [task for task in dict.fromkeys(tasks) if self.journal.find(task) is None]
        self.planned = self.done + len(missing)
        for number, replication in play_tasks(missing, self.force, self.listener.warn):
            self.journal.keep(missing[number], replication)
            self.done += 1
            self.listener.replication(self.done, self.planned)

    def _known(self, source: PlanSource, from_us: int, most: int) -> list[Replication]:
        """Return the first replications of a variant without a gap, as far as they are known."""
        known: list[Replication] = []
        for number in range(most):
            own = self.journal.find(Task(source, self.seed, number, self.engine, from_us))
            if own is None:
                break
            known.append(own)
        return known

    def _of(self, task: Task) -> Replication:
        known = self.journal.find(task)
        if known is None:
            raise RuntimeError("a task that was played left nothing")
        return known

    def _warm_up(self, study: Study, sources: Sequence[PlanSource], plans: Sequence[LoadPlan]) -> WarmUp:
        """Return how much of the beginning is cut off: by MSER-5, by the study's word, or nothing."""
        if study.warm_up == "none":
            return _no_warm_up(plans[0])
        if study.warm_up != "auto":
            return _given_warm_up(plans[0], parse_duration_us(study.warm_up))
        cuts = []
        for source, plan in zip(sources, plans, strict=True):
            pilots = self.replications(source, plan.starts_us, range(PILOTS))
            cuts.append(warm_up_of(pilots, frame_of(plan, source, plan.starts_us)))
        settled = [cut for cut in cuts if cut.cut_us is not None]
        return max(settled, key=lambda cut: cut.cut_us or 0) if len(settled) == len(cuts) else cuts[-1]


def variants(ready: ReadyStudy) -> list[tuple[Point, Study]]:
    """Return each point of the study's sweep with its variant; one point without a sweep."""
    study, sweep = ready.study, ready.study.sweep
    if sweep is None:
        return [(Point(label=study.study), study)]
    return [
        (
            Point(label=f"{sweep.parameter} {value:g}", parameter=sweep.parameter, value=value),
            with_parameter(study, sweep.parameter, value, str(ready.path)),
        )
        for value in sweep.values
    ]


def _until(study: Study, replications: int | None) -> Until:
    if study.stop is None or replications is not None:
        return Until(most=study.replications if replications is None else replications)
    stop = study.stop
    return Until(measure=stop.measure, half_width=stop.half_width, least=stop.least, most=stop.most)


def _no_warm_up(plan: LoadPlan) -> WarmUp:
    return WarmUp(
        method="none", cut_us=0, settled=True, of="under_way", from_us=plan.starts_us, step_us=1, series=()
    )


def _given_warm_up(plan: LoadPlan, cut_us: int) -> WarmUp:
    return WarmUp(
        method="given",
        cut_us=cut_us,
        settled=True,
        of="under_way",
        from_us=plan.starts_us,
        step_us=1,
        series=(),
    )
