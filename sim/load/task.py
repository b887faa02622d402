"""One replication as a piece of work: small enough to be sent away, and always the same.

A task carries the study and where to find its pack, no plan: whoever plays it prepares the plan once and
keeps it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import msgspec
import numpy as np

from conformance.calendar import parse_local
from conformance.pack import Pack, load_pack
from sim.load.blocks import PlayedCases
from sim.load.engines import Engine, play_cases
from sim.load.frame import Frame, Limit, Place, grid_over
from sim.load.measures import Measures
from sim.load.plan import LoadPlan, draw_cases
from sim.load.preparation import changed_world, prepare
from sim.load.rehearsal import Rehearsal
from sim.load.replication import Replication
from sim.load.study import Study
from sim.plan import WorldPlan


@dataclass(frozen=True, slots=True)
class PlanSource:
    """What a plan is made from: study and world as JSON, the pack by name or folder, the arrivals of traces.

    *place* names the study in errors. *limits* are those of the pack, as JSON too.
    """

    study: bytes
    world: bytes
    pack: str
    place: str
    limits: bytes
    moments_us: tuple[tuple[str, bytes], ...] = ()

    @property
    def fingerprint(self) -> str:
        """Return what is equal for two sources only if the same is played."""
        parts = (self.study, self.world, self.pack.encode(), self.limits)
        traces = (part for name, moments in self.moments_us for part in (name.encode(), moments))
        return sha256(b"\0".join((*parts, *traces))).hexdigest()


class KnownLimit(msgspec.Struct, frozen=True):
    """A limit of the pack with its place, as it travels with a task."""

    place: Place
    limit_us: int
    norm: str
    status: str


@dataclass(frozen=True, slots=True)
class Task:
    """The replication with this number, measured from *from_us* on."""

    source: PlanSource
    seed: int
    replication: int
    engine: Engine
    from_us: int


def source_of(  # noqa: PLR0913, PLR0917 - what a plan is made from
    study: Study,
    world: WorldPlan,
    pack: str,
    limits: Iterable[KnownLimit],
    moments_us: dict[str, np.ndarray[tuple[int], np.dtype[np.int64]]],
    place: str,
) -> PlanSource:
    """Return the source of a plan, the same octets for the same study."""
    encode = msgspec.json.Encoder(order="sorted").encode
    traces = tuple((name, moments.tobytes()) for name, moments in sorted(moments_us.items()))
    return PlanSource(encode(study), encode(world), pack, place, encode(list(limits)), traces)


@lru_cache(maxsize=8)
def plan_of(source: PlanSource) -> LoadPlan:
    """Return the plan of *source*. Raises InputError for a study that cannot be played."""
    study = msgspec.json.decode(source.study, type=Study)
    world = msgspec.json.decode(source.world, type=WorldPlan)
    pack = _pack(source.pack)
    moments = {name: np.frombuffer(octets, np.int64) for name, octets in source.moments_us}
    rehearsal = _rehearsal(
        source.pack, msgspec.json.encode(changed_world(study, world), order="sorted"), study.starts
    )
    return prepare(study, world, pack, place=source.place, moments_us=moments, rehearsal=rehearsal)


@lru_cache(maxsize=4)
def _pack(name: str) -> Pack:
    return load_pack(Path(name) if Path(name).is_dir() else name)


@lru_cache(maxsize=4)
def _rehearsal(pack: str, world: bytes, starts: str) -> Rehearsal:
    """Return the rehearsal in a world, which all points of a sweep share that leave the times as they are."""
    known = _pack(pack)
    return Rehearsal(known, msgspec.json.decode(world, type=WorldPlan), parse_local(starts, known.act.zone))


def frame_of(plan: LoadPlan, source: PlanSource, from_us: int) -> Frame:
    """Return how the cases of *plan* are measured that arrive from *from_us* on."""
    known = msgspec.json.decode(source.limits, type=list[KnownLimit])
    return Frame(
        programs={begins: (kind.service, kind.path) for begins, kind in plan.kinds.items()},
        steps=plan.steps,
        outcomes=tuple(template.outcome for template in plan.templates),
        limits={tuple(one.place): Limit(one.limit_us, one.norm, one.status) for one in known},  # type: ignore[misc]
        from_us=from_us,
        until_us=plan.ends_us,
        ends_us=plan.network.horizon_us,
        grid=grid_over(plan.starts_us, plan.ends_us),
    )


def play_task(
    task: Task,
    listen: Callable[[PlayedCases], None] | None = None,
) -> Replication:
    """Play a replication and return its figures; *listen* hears of all its cases as they come."""
    plan = plan_of(task.source)
    measures = Measures.begin(plan.network, frame_of(plan, task.source, task.from_us))
    for block in _played(plan, task):
        measures.add(block)
        if listen is not None:
            listen(block)
    return measures.result(task.replication)


def _played(plan: LoadPlan, task: Task) -> Iterator[PlayedCases]:
    return play_cases(plan.network, draw_cases(plan, task.seed, task.replication), task.engine)
