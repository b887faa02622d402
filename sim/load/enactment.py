"""Confirm a plan with the actors: its cases once more, with every decision and document made for real.

The actors get the plan's cases, servers, slots and drawn times. What they leave has to be what the engines
leave.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from msgspec.structs import replace
from numpy.random import Generator

from actors.accounts import PasswordCost
from actors.outcomes import Decision
from actors.schedule import Schedule, Slot
from conformance.calendar import local_time
from conformance.errors import InputError
from conformance.log import Row
from sim.laws import Exponential
from sim.load.network import Change, Kind
from sim.load.plan import LoadPlan, draw_cases
from sim.load.study import StationStudy
from sim.people import MAX_PEOPLE
from sim.plan import CasePlan, CitizenPlan, Deed, Play, StationPlan, WorldPlan
from sim.recorder import Sink
from sim.signatures import SignatureChoice
from sim.streams import Streams
from sim.volume import Traffic, close_messages
from sim.world import Process, World, build_world

FIRST_NUMBER = 100_000_000
"""What is added to the number of a case in its name, so that names sort as numbers do."""

_DRAWN = Exponential(mean="1 s")
_CALLED = {"gateway": Deed.GATEWAY_DOWN, "registry": Deed.REGISTRY_DOWN}


@dataclass(frozen=True, slots=True)
class _Planned:
    """A random stream that gives the time of the plan, whatever is drawn from it."""

    time_us: int

    def exponential(self, _: float, count: int) -> Any:
        return [self.time_us] * count


@dataclass(frozen=True, slots=True)
class _PlannedStreams(Streams):
    """Streams that know the times of the plan by case and by name; all else is drawn as ever."""

    times_us: dict[str, dict[str, int]] = field(default_factory=dict)

    def stream(self, name: str) -> Generator:
        case, _, what = name.partition("/")
        time = what if what == "decision" else what.rpartition("/")[0]
        planned = self.times_us.get(case, {}).get(time)
        return Streams.stream(self, name) if planned is None else cast("Generator", _Planned(planned))


@dataclass(slots=True)
class _KnownSlots(Schedule):
    """A schedule whose slots, in the order of doctors' numbers, can be chosen from *known_us* on."""

    known_us: Mapping[str, int] = field(default_factory=dict)

    def free_slots(self, now_us: int) -> tuple[Slot, ...]:
        free = {slot.id for slot in Schedule.free_slots(self, now_us)}
        return tuple(s for s in self.slots if s.id in free and self.known_us[s.id] <= now_us)


@dataclass(slots=True)
class _Watch(Sink):
    """Hand everything on to another sink, and keep rows and the order of the gateway's messages."""

    inner: Sink
    rows: list[Row] = field(default_factory=list)
    messages: dict[str, int] = field(default_factory=dict)

    def keep_row(self, row: Row) -> None:
        self.rows.append(row)
        self.inner.keep_row(row)

    def keep(self, folder: str, name: str, octets: bytes | None) -> None:
        self.inner.keep(folder, name, octets)

    def has_documents(self, folder: str) -> bool:
        return self.inner.has_documents(folder)

    def keep_message(self, line: bytes) -> None:
        message = json.loads(line)["entry"].get("msg")
        if message is not None and message not in self.messages:
            self.messages[message] = len(self.messages) + 1
        self.inner.keep_message(line)

    def end_messages(self, play_id: str) -> None:
        self.inner.end_messages(play_id)

    def keep_decision(self, case_id: str, decision: Decision) -> None:
        self.inner.keep_decision(case_id, decision)


@dataclass(frozen=True, slots=True)
class Enacted:
    """What the actors left: rows by case and step, the place of each message among all, their root."""

    rows: Mapping[tuple[str, str], Row]
    messages: Mapping[str, int]
    root_pem: bytes


def enact(  # noqa: PLR0913 - a plan, which replication, what to make of it
    plan: LoadPlan,
    world: WorldPlan,
    seed: int,
    *,
    replication: int,
    sink: Sink,
    signatures: SignatureChoice,
) -> Enacted:
    """Play a replication of *plan* with the actors; *world* is that of the study with its changes.

    What the actors make goes to *sink*. Raises InputError for a plan that has something they do not know.
    """
    require_enactable(plan, seed, replication)
    watch = _Watch(sink)
    play = Play(id="study", starts_us=plan.starts_us, cases=(), world=_world(plan, world))
    cost = PasswordCost(memory_kib=8, passes=1)
    stage = build_world(play, plan.pack, seed, cost, signatures=signatures, recorder=watch)
    streams = _PlannedStreams(seed)
    stage.streams = streams
    stage.cast.provider.schedule = _slots(plan)
    for kind in plan.network.kinds:
        stage.env.process(_change(stage, kind.name, _changes(kind)))
    stage.env.process(stage.publish_revocations())
    ended = stage.env.process(Traffic(stage).run(_cases(plan, seed, replication, streams)))
    stage.env.run(until=ended | stage.env.timeout(plan.network.horizon_us + 1 - plan.starts_us))
    close_messages(stage)
    rows = {(row.case_id, row.step): row for row in watch.rows}
    return Enacted(rows, watch.messages, stage.cast.authority.root_pem())


def require_enactable(plan: LoadPlan, seed: int, replication: int) -> None:
    """Raise InputError for a plan that has something the actors do not know, or more people than they are."""
    if len(plan.offices) > 1:
        _refuse("offices", f"{len(plan.offices)} offices", "one office: the actors are those of one clinic")
    if plan.network.priorities > 1:
        _refuse("arrivals", "priorities", "no priorities: the actors serve who comes first")
    for name, station in plan.study.stations.items():
        _require_known(f"stations.{name}", name, station)
    for kind in plan.network.kinds:
        for change in _changes(kind):
            if change.servers not in {0, _most(kind)}:
                _refuse(f"stations.{kind.name}", f"{change.servers} servers left", "all of them, or none")
            if change.refuses and kind.name not in _CALLED:
                _refuse(f"stations.{kind.name}.when_down", "retry", "queue, but for gateway and registry")
    people = 0
    for block in draw_cases(plan, seed, replication):
        people += len(block.arrival_us)
        if people > MAX_PEOPLE:
            _refuse("arrivals", f"more than {MAX_PEOPLE} people", f"at most {MAX_PEOPLE} in a replication")


def _require_known(inside: str, name: str, station: StationStudy) -> None:
    if station.time_out is not None:
        _refuse(f"{inside}.time_out", "a time-out", "none: whoever the actors let wait does wait")
    if station.shifts:
        _refuse(f"{inside}.shifts", "shifts", "none: the actors know one number of servers")
    if station.retry is not None and (station.retry.factor != 1 or name != "gateway"):
        _refuse(f"{inside}.retry", "a retry", "none, but for the gateway one with the factor 1")


def _refuse(inside: str, found: str, expected: str) -> None:
    raise InputError("the study", inside, f"{found}, with signatures real or sampled", expected)


def _changes(kind: Kind) -> tuple[Change, ...]:
    return () if kind.changes is None else kind.changes[0]


def _most(kind: Kind) -> int:
    return max((change.servers for change in _changes(kind)), default=0)


def _world(plan: LoadPlan, world: WorldPlan) -> WorldPlan:
    """Return the world in which every time is drawn from a stream of the plan."""
    stations = {
        kind.name: StationPlan(servers=None if kind.changes is None else _most(kind))
        for kind in plan.network.kinds
    }
    gateway = plan.study.stations.get("gateway")
    retry = world.gateway_retry if gateway is None or gateway.retry is None else gateway.retry.first
    return replace(
        world,
        stations=stations,
        steps={step: dict.fromkeys(laws, _DRAWN) for step, laws in world.steps.items()},
        decision=dict.fromkeys(world.decision, _DRAWN),
        gateway_retry=retry,
    )


def _change(world: World, name: str, changes: tuple[Change, ...]) -> Process:
    """Close and open a station when the plan says so; a system that is called can refuse its callers."""
    station, down = world.stations[name], False
    for change in changes:
        if change.at_us > world.now_us:
            yield world.moment(change.at_us)
        if change.servers == 0:
            station.close()
        else:
            station.open()
        if change.refuses is not down:
            world.happenings.change(world, _CALLED[name], 1 if change.refuses else -1)
            down = change.refuses


def _slots(plan: LoadPlan) -> Schedule:
    slots, known = [], {}
    for slot in plan.network.slots_in_order:
        starts = f"{local_time(slot.begins_us, plan.zone):%Y-%m-%dT%H:%M}"
        one = Slot(f"doctor-{slot.doctor + 1}", starts, slot.begins_us)
        slots.append(one)
        known[one.id] = slot.known_us
    return _KnownSlots(tuple(slots), plan.network.slot_hold_us, known_us=known)


def _cases(plan: LoadPlan, seed: int, replication: int, streams: _PlannedStreams) -> Iterator[CasePlan]:
    """Yield the cases of the plan, and let *streams* know their times as they come."""
    citizens = {trait.id: trait.citizen for trait in plan.study.traits}
    layouts, number = plan.network.programs.layouts, 0
    for block in draw_cases(plan, seed, replication):
        columns = (block.arrival_us.tolist(), block.program.tolist(), block.times_us.tolist())
        for arrival_us, program, times in zip(*columns, strict=True):
            kind, case = plan.kinds[program], f"case-{FIRST_NUMBER + number}"
            named = dict(zip(layouts[program], times, strict=False))
            streams.times_us[case] = {
                "decision" if name.startswith("decision/") else name: time for name, time in named.items()
            }
            after_us = arrival_us - plan.starts_us
            yield CasePlan(
                id=case,
                service=kind.service,
                path=kind.path,
                citizen=citizens.get(kind.trait, CitizenPlan()),
                arrives=f"{after_us // 1_000_000}.{after_us % 1_000_000:06d} s",
            )
            number += 1
