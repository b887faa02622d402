"""A small world in SimPy: the actors, the stations they queue at, the hours, and what happens.

Simulated time is the integer ``env.now``: microseconds since the epoch, UTC.
"""

from collections import Counter
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

import simpy

from actors.accounts import PasswordCost
from actors.outcomes import Decision
from conformance.calendar import WorkingCalendar
from conformance.pack import Pack
from sim.cast import Cast, Circumstances, assemble
from sim.durations import parse_duration_us
from sim.happenings import Happenings
from sim.hours import Hours, next_day_us
from sim.laws import draw_us
from sim.people import Player
from sim.plan import CasePlan, Deed, LateRequests, Moment, Play
from sim.plan_checks import DECISION_STATIONS, check_play
from sim.recorder import Recorder, Sink
from sim.signatures import SignatureChoice
from sim.stations import Station
from sim.streams import Streams

Process = Generator[simpy.Event, Any, Any]

_PUBLICATION_US = 12 * 3_600_000_000
_FIRST = 0  # SimPy's urgent priority: who arrives at a moment arrives before all else happens


@dataclass(slots=True)
class Case:
    """One request while it is played; *draws* counts the service times drawn, by step and station.

    *named* is the identifier that the citizen wrote, if it is not the one meant for the case.
    """

    plan: CasePlan
    player: Player
    draws: Counter[tuple[str, str]] = field(default_factory=Counter)
    noted: Decision | None = None
    named: str | None = None

    @property
    def id(self) -> str:
        """Return the case's identifier in the log."""
        return self.plan.id

    @property
    def request_id(self) -> str:
        """Return the identifier inside the case's request."""
        return self.named or f"R-{self.plan.id}"


UNHEEDED = "FAILED"
"""The outcome of a step that failed, where whoever runs the process takes no notice."""
_AGAIN_US = 1_000_000


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
        server = yield from self.queue(station)
        yield from self.spend(station, server)
        self.world.stations[station].release(server)

    def queue(self, station: str) -> Process:
        """Wait for a server of *station* and return it; whoever asked has to release it."""
        asked_us = self.world.now_us
        server = yield from self.world.stations[station].acquire(self.case.id, self.step)
        self.waited_us += self.world.now_us - asked_us
        return server

    def spend(self, station: str, server: str) -> Process:
        """Be served by a server one already has."""
        if self.started_us is None:
            self.started_us = self.world.now_us
        self.resource = self.case.player.pseudonym if station == "citizen" else server
        self.case.draws[self.step, station] += 1
        name = f"{self.case.id}/{self.step}/{station}/{self.case.draws[self.step, station]}"
        law = self.world.play.world.steps[self.step][station]
        yield self.world.env.timeout(draw_us(law, self.world.streams.stream(name)))

    def complete(self) -> int:
        """Note and return that the step is completed now; its outcome may be decided later."""
        self.completed_us = now_us = self.world.now_us
        self.world.happen(self.case, self.step, Moment.END)
        return now_us

    def record(self, outcome: str, *, number: str | None = None, **attributes: Any) -> None:
        """Write the row; the step is completed now, if not before. Attributes that are None are left out.

        What the conduct of the procedure skips leaves no row, and what it repeats leaves a second one.
        """
        completed_us = self.complete() if self.completed_us is None else self.completed_us
        conduct = self.world.cast.procedure
        if self.step in conduct.skipped:
            return
        known = {"provider": self.world.cast.clinic.code, "waited_us": self.waited_us, **attributes}
        values = {"outcome": UNHEEDED if self.step in conduct.unheeded else outcome, "request_number": number}
        left_out = {name.partition(".")[2] for name in conduct.left_out if name.startswith(f"{self.step}.")}
        started_us = self.enabled_us if self.started_us is None else self.started_us
        row = {
            **{name: None if name in left_out else value for name, value in values.items()},
            "attributes": {k: v for k, v in known.items() if v is not None and k not in left_out},
        }
        self._write(row, self.enabled_us, started_us, completed_us)
        if self.step in conduct.repeated:
            self._write(row, completed_us, completed_us, completed_us + _AGAIN_US)

    def _write(self, row: dict[str, Any], enabled_us: int, started_us: int, completed_us: int) -> None:
        plan = self.case.plan
        self.world.recorder.write(
            case_id=self.case.id,
            service=plan.service,
            path=plan.path,
            step=self.step,
            unit=self.world.pack.step(self.step).unit,
            resource=self.resource,
            enabled_us=enabled_us,
            started_us=started_us,
            completed_us=completed_us,
            **row,
        )


@dataclass(slots=True)
class World:
    """Everything a play needs: time, stations, actors, hours, streams, recorder.

    *first* is the case to which things happen, *admitted* who waits for which opening.
    """

    play: Play
    pack: Pack
    streams: Streams
    cast: Cast
    env: simpy.Environment
    hours: Hours
    recorder: Sink = field(default_factory=Recorder)
    stations: dict[str, Station] = field(default_factory=dict)
    happenings: Happenings = field(default_factory=Happenings)
    first: str | None = None
    admitted: dict[int, list[tuple[str, simpy.Event]]] = field(default_factory=dict)

    @property
    def now_us(self) -> int:
        """Return the simulated moment."""
        return int(self.env.now)

    @property
    def calendar(self) -> WorkingCalendar:
        """Return the provider's calendar."""
        return self.hours.calendar

    @property
    def registry_up(self) -> bool:
        """Tell whether the state database answers now."""
        return not self.happenings.is_down(Deed.REGISTRY_DOWN)

    @property
    def yymmdd(self) -> str:
        """Return the local day as request numbers write it."""
        return self.calendar.local_day(self.now_us).strftime("%y%m%d")

    def moment(self, at_us: int) -> simpy.Event:
        """Return an event at *at_us*, before all else that happens at that moment."""
        event = self.env.event()
        event._ok = True  # noqa: SLF001 - SimPy has no public way to schedule with a priority of one's own
        event._value = None  # noqa: SLF001
        self.env.schedule(event, priority=_FIRST, delay=at_us - self.now_us)  # type: ignore[arg-type]
        return event

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

    def is_late(self, case: Case) -> bool:
        """Tell whether the cut-off of paragraph 9 has passed for today."""
        return self.hours.is_late(case.plan.service, self.now_us)

    def admission_us(self, case: Case) -> int:
        """Return when the workstation takes up a request that arrives now (ASSUME-32, ASSUME-33)."""
        policy = self.play.world.late_requests.get(case.plan.path, LateRequests.NEXT_WORKING_DAY)
        waits = self.cast.workstation.conduct.keeps_cutoff and policy is LateRequests.NEXT_WORKING_DAY
        return self.hours.admission_us(case.plan.service, self.now_us, late_ones_wait=waits)

    def wait_for_admission(self, case: Case) -> Process:
        """Wait until the provider takes up what arrives now; at an opening that is by the names of cases."""
        at_us = self.admission_us(case)
        if at_us == self.now_us:
            yield self.env.timeout(0)
            return
        if at_us not in self.admitted:
            self.env.process(self._admit(at_us))
        taken_up = self.env.event()
        self.admitted.setdefault(at_us, []).append((case.id, taken_up))
        yield taken_up

    def _admit(self, at_us: int) -> Process:
        yield self.env.timeout(at_us - self.now_us)
        for _, taken_up in sorted(self.admitted.pop(at_us), key=lambda waiting: waiting[0]):
            taken_up.succeed()

    def wait_for_next_day(self) -> Process:
        """Wait until the opening of the next working day."""
        yield self.env.timeout(next_day_us(self.calendar, self.now_us) - self.now_us)

    def happen(self, case: Case, step: str, when: Moment) -> None:
        """Let happen what the play has for this moment of the first case."""
        if case.id != self.first:
            return
        for happening in self.play.happenings:
            if happening.step == step and happening.when is when:
                self.happenings.happen(self, happening, case)

    def settle(self, case: Case, judge: Callable[[], Decision]) -> Process:
        """Return the decision of *judge*, asked again while the check cannot be made.

        That nobody can say whether a certificate is revoked delays a request; it never refuses the right.
        """
        since_us = self.now_us
        while True:
            decision = judge()
            self.note(case, decision)
            if not decision.try_later:
                return decision
            yield from self.wait_to_check(since_us)

    def note(self, case: Case, decision: Decision) -> None:
        """Keep what a verification found; that it still cannot be made is kept once."""
        if not (decision.try_later and case.noted == decision):
            self.recorder.keep_decision(case.id, decision)
        case.noted = decision

    def wait_to_check(self, since_us: int) -> Process:
        """Wait before a check is tried again that cannot be made since *since_us*: the longer, the rarer."""
        retry_us = parse_duration_us(self.play.world.check_retry)
        yield self.env.timeout(max(retry_us, (self.now_us - since_us) // 100))

    def publish_revocations(self) -> Process:
        """Publish the lists of revoked certificates twice a day, for ever."""
        while True:
            self.cast.revocation.publish(self.now_us)
            yield self.env.timeout(_PUBLICATION_US)


def build_world(  # noqa: PLR0913 - what a world is made of
    play: Play,
    pack: Pack,
    seed: int,
    password_cost: PasswordCost,
    *,
    signatures: SignatureChoice | None = None,
    recorder: Sink | None = None,
) -> World:
    """Build the world of *play*: its actors, its stations and its hours.

    Raises InputError for a play that names what does not exist, or that lacks what a step needs.
    """
    check_play(play, pack)
    streams = Streams(seed)
    env = simpy.Environment(initial_time=play.starts_us)
    calendar = WorkingCalendar(pack.calendar("provider-hours"), pack.act.zone)
    recorder = Recorder() if recorder is None else recorder
    known = Circumstances(
        play=play,
        pack=pack,
        streams=streams,
        calendar=calendar,
        recorder=recorder,
        rules=play.rules,
        password_cost=password_cost,
        signatures=signatures or SignatureChoice(),
    )
    world = World(
        play=play,
        pack=pack,
        streams=streams,
        cast=assemble(known),
        env=env,
        hours=Hours(calendar, cutoffs_s(pack)),
        recorder=recorder,
        first=play.cases[0].id if play.cases else None,
    )
    for name, station in play.world.stations.items():
        world.stations[name] = Station(env, name, station.servers)
    return world


def cutoffs_s(pack: Pack) -> dict[str, int]:
    """Return how many seconds before closing requests are taken, by service; others have no cut-off."""
    return {
        pack.service(service).code: deadline.before_closing_s
        for deadline in pack.deadlines
        if deadline.kind == "cutoff" and deadline.before_closing_s is not None
        for service in deadline.services
    }
