"""Learn from the actors what becomes of a kind of citizen: one is played, every decision is real.

A study with a million citizens has a few dozen kinds of them (service, path, trait), and what the actors
decide is the same for all of a kind, but for what the moment brings: a cut-off that has passed, no slot left,
a registry that does not answer. Each of these is rehearsed too. So no route, reason or attribute of a study
is written a second time.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from msgspec.structs import replace

from actors.accounts import PasswordCost
from actors.schedule import Schedule, Slot
from actors.signature_mode import SignatureMode
from conformance.calendar import WorkingCalendar
from conformance.errors import InputError
from conformance.log import Row
from conformance.pack import Pack
from sim.hours import next_day_us
from sim.laws import Constant
from sim.plan import CasePlan, CitizenPlan, Deed, Happening, LateRequests, Moment, Play, WorldPlan
from sim.recorder import Recorder
from sim.signatures import SignatureChoice
from sim.volume import Traffic
from sim.world import World, build_world, cutoffs_s

_CHEAP = PasswordCost(memory_kib=8, passes=1)
_CASE = "rehearsal"
_BRISK = Constant(value="1 s")
_HOUR_US = 3_600_000_000

MOVING = frozenset(
    {
        "provider",
        "waited_us",
        "gateway_message",
        "received_us",
        "slot",
        "decision_us",
        "journal_entry_us",
        "oral_answer_us",
        "talon",
        "documents",
    }
)
"""Attributes whose value differs from case to case; all others are those of the rehearsed one."""


class Turn(StrEnum):
    """What the moment can bring to a case, whoever comes."""

    USUAL = "usual"
    LATE = "late"
    NO_SLOT = "no_slot"
    SLOT_LOST = "slot_lost"
    REGISTRY_DOWN = "registry_down"
    GATEWAY_DOWN = "gateway_down"


@dataclass(frozen=True, slots=True)
class RowTemplate:
    """What all rows have in common that a kind of citizen leaves at one step.

    *fixed* are attributes with their values, *moving* the names of those that each case gives a value of its
    own.
    """

    step: str
    unit: str
    outcome: str
    has_number: bool
    fixed: tuple[tuple[str, str], ...]
    moving: frozenset[str]

    @classmethod
    def of(cls, row: Row) -> "RowTemplate":
        """Return what is common in a rehearsed *row*; values are JSON texts."""
        attributes = json.loads(row.attributes or "{}")
        fixed = {name: json.dumps(value, ensure_ascii=False) for name, value in attributes.items()}
        return cls(
            step=row.step,
            unit=row.unit,
            outcome=row.outcome or "",
            has_number=row.request_number is not None,
            fixed=tuple(sorted((name, text) for name, text in fixed.items() if name not in MOVING)),
            moving=frozenset(attributes) & MOVING - {"documents"},
        )


Route = tuple[RowTemplate, ...]


@dataclass(slots=True)
class _NoSlots(Schedule):
    """A schedule in which everything is taken."""

    def free_slots(self, now_us: int) -> tuple[Slot, ...]:
        """Return none."""
        del now_us
        return ()


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Play one citizen of each kind in the world of a study, on a quiet working day."""

    pack: Pack
    world: WorldPlan
    near_us: int
    _known: dict[tuple[str, str, CitizenPlan, Turn], Route] = field(default_factory=dict)

    def route(self, service: str, path: str, citizen: CitizenPlan, turn: Turn = Turn.USUAL) -> Route:
        """Return the rows that such a citizen leaves, in order. Raises InputError if nobody can be that."""
        key = (service, path, citizen, turn)
        if key not in self._known:
            rows = self._play(service, path, citizen, turn)
            self._known[key] = tuple(RowTemplate.of(row) for row in rows)
        return self._known[key]

    def _play(self, service: str, path: str, citizen: CitizenPlan, turn: Turn) -> list[Row]:
        recorder = Recorder()
        play = Play(
            id="rehearsal",
            starts_us=self._starts_us(service, turn),
            cases=(CasePlan(id=_CASE, service=service, path=path, citizen=citizen),),
            world=self._world(turn),
            happenings=_HAPPENINGS[turn](path),
        )
        signatures = SignatureChoice(mode=SignatureMode.OFF)
        world = build_world(play, self.pack, 1, _CHEAP, signatures=signatures, recorder=recorder)
        if turn is Turn.NO_SLOT:
            provider = world.cast.provider
            provider.schedule = _NoSlots(provider.schedule.slots, provider.schedule.hold_us)
        _run(world, play)
        return sorted(recorder.rows, key=lambda row: (row.completed_us or 0, row.step))

    def _world(self, turn: Turn) -> WorldPlan:
        """Return the study's world, brisk and without queues; the late are not put off to another day.

        With the study's own times the usual one could be late, or find a slot gone.
        """
        stations = {name: replace(station, servers=None) for name, station in self.world.stations.items()}
        steps = {step: dict.fromkeys(laws, _BRISK) for step, laws in self.world.steps.items()}
        late = dict.fromkeys(("portal", "provider"), LateRequests.REFUSE) if turn is Turn.LATE else None
        return replace(
            self.world,
            stations=stations,
            steps=steps,
            decision=dict.fromkeys(self.world.decision, _BRISK),
            late_requests=self.world.late_requests if late is None else late,
        )

    def _starts_us(self, service: str, turn: Turn) -> int:
        """Return the next day's opening; for the late, the middle of the time after the cut-off."""
        calendar = WorkingCalendar(self.pack.calendar("provider-hours"), self.pack.act.zone)
        opens_us = next_day_us(calendar, self.near_us)
        cutoff_s = cutoffs_s(self.pack).get(service)
        if turn is not Turn.LATE or cutoff_s is None:
            return opens_us
        closes_us = calendar.closes_us(calendar.local_day(opens_us)) or opens_us
        return max(opens_us, closes_us - cutoff_s * 500_000)


def _run(world: World, play: Play) -> None:
    world.env.process(world.publish_revocations())
    ended = world.env.process(Traffic(world).run(play.cases))
    world.env.run(until=ended | world.env.timeout(30 * 24 * _HOUR_US))
    if not ended.processed:
        raise InputError(
            "the study", "traits", "a citizen whose case does not end", "one that ends in 30 days"
        )


def _nothing(path: str) -> tuple[Happening, ...]:
    del path
    return ()


def _outage(deed: Deed) -> Callable[[str], tuple[Happening, ...]]:
    def happening(path: str) -> tuple[Happening, ...]:
        del path
        return (Happening(do=deed, step="V3", when=Moment.START, lasting="10 h"),)

    return happening


def _slot_taken(path: str) -> tuple[Happening, ...]:
    return (Happening(do=Deed.TAKE_SLOT, step="P3" if path == "portal" else "V5"),)


_HAPPENINGS: dict[Turn, Any] = {
    Turn.USUAL: _nothing,
    Turn.LATE: _nothing,
    Turn.NO_SLOT: _nothing,
    Turn.SLOT_LOST: _slot_taken,
    Turn.REGISTRY_DOWN: _outage(Deed.REGISTRY_DOWN),
    Turn.GATEWAY_DOWN: _outage(Deed.GATEWAY_DOWN),
}
