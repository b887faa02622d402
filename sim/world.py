"""A small world in SimPy: the actors, the stations they queue at, the calendar, and what happens.

Simulated time is the integer ``env.now``: microseconds since the epoch, UTC.
"""

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import simpy

from conformance.calendar import WorkingCalendar
from conformance.errors import InputError
from conformance.pack import Pack
from sim.cast import Cast, Player
from sim.durations import parse_duration_us
from sim.laws import draw_us
from sim.plan import CasePlan, Deed, Happening, LateRequests, Moment, Play
from sim.recorder import Recorder
from sim.stations import Station
from sim.streams import Streams

Process = Generator[simpy.Event, Any, Any]

STATIONS_OF_STEPS = {
    "P0": ("citizen", "portal"),
    "P1": ("citizen", "portal"),
    "P2": ("portal",),
    "P3": ("citizen", "portal"),
    "P4": ("portal",),
    "P5": ("citizen", "portal", "gateway"),
    "P6": ("workstation",),
    "P7": ("workstation", "gateway", "portal"),
    "P8": ("workstation", "gateway", "portal"),
    "V1": ("desk",),
    "V2": ("desk",),
    "V3": ("gateway", "registry"),
    "V4": ("desk",),
    "V5": ("desk",),
    "V6": ("workstation",),
    "V7": ("desk",),
    "V8": ("desk",),
}
"""Where each step is worked on, in this order: what a world plan must give times for."""

DECISION_STATIONS = {"portal": "registrar", "provider": "desk"}
"""Who judges a registered request (C3, K2) on each path."""

_PUBLICATION_US = 12 * 3_600_000_000


@dataclass(slots=True)
class Case:
    """One request while it is played."""

    plan: CasePlan
    player: Player
    executed: int = 0

    @property
    def id(self) -> str:
        """Return the case's identifier in the log."""
        return self.plan.id


@dataclass(slots=True)
class Execution:
    """One execution of one step, from the moment it could start until it is recorded."""

    world: "World"
    case: Case
    step: str
    enabled_us: int
    started_us: int | None = None
    waited_us: int = 0
    resource: str | None = None
    completed_us: int | None = None

    def work(self, station: str) -> Process:
        """Queue at *station* and be served there."""
        asked_us = self.world.now_us
        server = yield from self.world.stations[station].acquire(self.case.id, self.step)
        self.waited_us += self.world.now_us - asked_us
        yield from self.spend(station, server)
        self.world.stations[station].release(server)

    def spend(self, station: str, server: str) -> Process:
        """Be served by a server one already has."""
        if self.started_us is None:
            self.started_us = self.world.now_us
        self.resource = self.case.player.pseudonym if station == "citizen" else server
        self.case.executed += 1
        name = f"{self.case.id}/{self.step}/{station}/{self.case.executed}"
        yield self.world.env.timeout(
            draw_us(self.world.play.world.steps[self.step][station], self.world.streams.stream(name))
        )

    def complete(self) -> None:
        """Note that the step is completed now; its outcome may be decided later."""
        self.completed_us = self.world.now_us
        self.world.happen(self.case, self.step, Moment.END)

    def record(
        self, outcome: str, *, number: str | None = None, unit: str | None = None, **attributes: Any
    ) -> None:
        """Write the row; the step is completed now, if not before. Attributes that are None are left out."""
        if self.completed_us is None:
            self.complete()
        world, plan = self.world, self.case.plan
        known = {"provider": world.cast.clinic.code, "waited_us": self.waited_us, **attributes}
        world.recorder.write(
            case_id=self.case.id,
            service=plan.service,
            path=plan.path,
            step=self.step,
            unit=unit or world.pack.step(self.step).unit,
            resource=self.resource,
            enabled_us=self.enabled_us,
            started_us=self.enabled_us if self.started_us is None else self.started_us,
            completed_us=self.completed_us or world.now_us,
            outcome=outcome,
            request_number=number,
            attributes={name: value for name, value in known.items() if value is not None},
        )


@dataclass(slots=True)
class World:
    """Everything a play needs: time, stations, actors, calendar, streams, recorder."""

    play: Play
    pack: Pack
    streams: Streams
    cast: Cast
    env: simpy.Environment
    calendar: WorkingCalendar
    cutoffs_s: dict[str, int]
    recorder: Recorder = field(default_factory=Recorder)
    stations: dict[str, Station] = field(default_factory=dict)
    registry_up: bool = True

    @property
    def now_us(self) -> int:
        """Return the simulated moment."""
        return int(self.env.now)

    @property
    def yymmdd(self) -> str:
        """Return the local day as request numbers write it."""
        return self.calendar.local_day(self.now_us).strftime("%y%m%d")

    def begin(self, case: Case, step: str) -> Execution:
        """Start the execution of a step that can start now."""
        self.happen(case, step, Moment.START)
        return Execution(self, case, step, self.now_us)

    def decide(self, case: Case, server: str | None = None) -> Process:
        """Let the provider judge a registered request; a *server* one already has works alone."""
        path = case.plan.path
        station = self.stations[DECISION_STATIONS[path]]
        taken = server or (yield from station.acquire(case.id, "decision"))
        stream = self.streams.stream(f"{case.id}/decision")
        yield self.env.timeout(draw_us(self.play.world.decision[path], stream))
        if server is None:
            station.release(taken)

    def wait_until(self, moment_us: int) -> Process:
        """Wait for a moment; one that has passed is now."""
        yield self.env.timeout(max(0, moment_us - self.now_us))

    def is_late(self, service: str) -> bool:
        """Tell whether the cut-off of paragraph 9 has passed for today."""
        if service not in self.cutoffs_s:
            return False
        cutoff = self.calendar.cutoff_us(self.calendar.local_day(self.now_us), self.cutoffs_s[service])
        return cutoff is None or self.now_us > cutoff

    def wait_for_admission(self, case: Case) -> Process:
        """Wait until the workstation takes the request (ASSUME-32, ASSUME-33).

        Outside working hours that is the next opening; after the cut-off the next working day, unless
        the provider refuses late requests or ignores the cut-off.
        """
        yield from self.wait_until(self.calendar.next_open_us(self.now_us))
        late = self.is_late(case.plan.service)
        policy = self.play.world.late_requests.get(case.plan.path, LateRequests.NEXT_WORKING_DAY)
        keeps = self.cast.workstation.conduct.keeps_cutoff
        if late and keeps and policy is LateRequests.NEXT_WORKING_DAY:
            yield from self.wait_for_next_day()

    def wait_for_next_day(self) -> Process:
        """Wait until the opening of the next working day."""
        closes = self.calendar.closes_us(self.calendar.local_day(self.now_us))
        after = self.now_us if closes is None else max(closes, self.now_us)
        yield from self.wait_until(self.calendar.next_open_us(after + 1))

    def happen(self, case: Case, step: str, when: Moment) -> None:
        """Let happen what the play has for this moment of the first case."""
        if case.plan is not self.play.cases[0]:
            return
        for happening in self.play.happenings:
            if happening.step == step and happening.when is when:
                self._do(happening, case)

    def publish_revocations(self) -> Process:
        """Publish the list of revoked certificates twice a day, for ever."""
        while True:
            self.cast.publish_revocations(self.now_us)
            yield self.env.timeout(_PUBLICATION_US)

    def _do(self, happening: Happening, case: Case) -> None:
        match happening.do:
            case Deed.GATEWAY_DOWN | Deed.REGISTRY_DOWN:
                self.env.process(self._outage(happening.do, parse_duration_us(happening.lasting or "0 s")))
            case Deed.TAKE_SLOT:
                if case.player.slot is not None:
                    self.cast.provider.schedule.seize(case.player.slot, "registrar's telephone")
            case Deed.TAMPER_IN_TRANSIT:
                case.player.tampered_in_transit = True
            case Deed.REVOKE_CERTIFICATE:
                self.cast.authority.revoke(case.player.citizen.credential.certificate.serial, self.now_us)
                self.cast.publish_revocations(self.now_us)

    def _outage(self, deed: Deed, lasting_us: int) -> Process:
        self._switch(deed, up=False)
        yield self.env.timeout(lasting_us)
        self._switch(deed, up=True)

    def _switch(self, deed: Deed, *, up: bool) -> None:
        if deed is Deed.GATEWAY_DOWN:
            self.cast.gateway.up = up
        else:
            self.registry_up = up


def build_world(play: Play, pack: Pack, seed: int) -> World:
    """Build the world of *play*: its actors, its stations and its calendar.

    Raises InputError if the plan lacks a station or a time that a step needs.
    """
    _check_plan(play)
    streams = Streams(seed)
    env = simpy.Environment(initial_time=play.starts_us)
    calendar = WorkingCalendar(pack.calendar("provider-hours"), pack.act.zone)
    world = World(
        play=play,
        pack=pack,
        streams=streams,
        cast=Cast.assemble(play, pack, streams, calendar),
        env=env,
        calendar=calendar,
        cutoffs_s=_cutoffs(pack),
    )
    for name, station in play.world.stations.items():
        world.stations[name] = Station(env, name, station.servers)
    return world


def _cutoffs(pack: Pack) -> dict[str, int]:
    return {
        pack.service(service).code: deadline.before_closing_s
        for deadline in pack.deadlines
        if deadline.kind == "cutoff" and deadline.before_closing_s is not None
        for service in deadline.services
    }


def _check_plan(play: Play) -> None:
    plan = play.world
    place = f"the world of {play.id}"
    for step, stations in STATIONS_OF_STEPS.items():
        for station in stations:
            if station not in plan.stations:
                raise InputError(place, "stations", "nothing", f"the station {station}")
            if station not in plan.steps.get(step, {}):
                raise InputError(place, f"steps.{step}", "no time", f"a time at the station {station}")
    for path, station in DECISION_STATIONS.items():
        if path not in plan.decision or station not in plan.stations:
            raise InputError(place, "decision", "no time", f"a time for the {path} path at {station}")
