"""Play cases as they come, however many: what has ended is put away, and memory does not grow."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import simpy

from actors import canonical_json
from actors.accounts import PasswordCost
from actors.policy import SECOND_US
from actors.signing import SignatureCounts, SignatureMode
from conformance.errors import InputError
from conformance.pack import Pack
from sim.durations import MAX_DURATION_US, parse_duration_us
from sim.people import MAX_PEOPLE
from sim.plan import CasePlan, Certificate, Play
from sim.plan_checks import check_case
from sim.portal_path import play_portal_case
from sim.provider_path import play_provider_case
from sim.recorder import Sink
from sim.signatures import SignatureChoice
from sim.world import Case, Process, World, build_world

MAX_PLAY_US = 2 * MAX_DURATION_US
"""How much simulated time a play may take; keys and calendars are made for that long."""

KEPT_CASES = 2_000
"""Of how many cases, the last ones to come, everything is kept; nothing of a smaller play is put away."""

_PATHS: Mapping[str, Callable[[World, Case], Process]] = {
    "portal": play_portal_case,
    "provider": play_provider_case,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What is known of a play as a whole, whatever its sink made of the details.

    *signatures* counts what was really signed and verified.
    """

    cases: int
    answered_by_1414: int
    root_pem: bytes
    signatures: SignatureCounts
    ended_us: int


def play_stream(  # noqa: PLR0913 - a world, who comes to it, where to put what happens
    template: Play,
    cases: Iterable[CasePlan],
    pack: Pack,
    seed: int,
    sink: Sink,
    *,
    password_cost: PasswordCost | None = None,
    signatures: SignatureChoice | None = None,
    kept_cases: int = KEPT_CASES,
) -> Totals:
    """Play *cases*, in the order of arrival, in the world of *template* until all have ended.

    The cases of the template itself are not played; its first one, if it has any, is the one to which things
    happen, otherwise that is the first to arrive. At most 900 people come: who comes again is named by the
    ``person`` of the plan. Of cases that ended, the actors keep what concerns the last *kept_cases* to arrive
    and whatever can still be replayed. Raises as *sim.play.play*, and InputError for a case that cannot be
    played or that arrives before the one before it.
    """
    world = build_world(
        template, pack, seed, password_cost or PasswordCost(), signatures=signatures, recorder=sink
    )
    traffic = Traffic(world, kept_cases)
    world.env.process(world.publish_revocations())
    ended = world.env.process(traffic.run(cases))
    world.env.run(until=ended | world.env.timeout(MAX_PLAY_US))
    if not ended.processed:
        raise InputError(f"the play {template.id}", "", "a play longer than 732 days", "shorter times")
    close_messages(world)
    return Totals(
        cases=traffic.arrived,
        answered_by_1414=world.cast.call_centre.answered,
        root_pem=world.cast.authority.root_pem(),
        signatures=world.cast.signer.counts,
        ended_us=world.now_us,
    )


@dataclass(slots=True)
class Traffic:
    """Let cases into a world and follow them to their end.

    *arrived* counts them; *under_way* are those that have not ended, with the moments of their arrival.
    """

    world: World
    kept_cases: int = KEPT_CASES
    arrived: int = 0
    under_way: dict[str, int] = field(default_factory=dict)
    _arrivals: deque[int] = field(default_factory=deque)
    _idle: simpy.Event | None = None

    def run(self, cases: Iterable[CasePlan]) -> Process:
        """Let each case arrive in its time, then wait for the last to end."""
        world = self.world
        for plan in cases:
            arrives_us = world.play.starts_us + parse_duration_us(plan.arrives)
            self._check(plan, arrives_us)
            if arrives_us > world.now_us:
                yield world.moment(arrives_us)
            self._enter(plan)
        if self.under_way:
            self._idle = world.env.event()
            yield self._idle

    def _check(self, plan: CasePlan, arrives_us: int) -> None:
        world, inside = self.world, f"cases[{self.arrived}]"
        place = f"the play {world.play.id}"
        check_case(place, inside, plan, [service.code for service in world.pack.services])
        if arrives_us < world.now_us:
            raise InputError(place, f"{inside}.arrives", plan.arrives, "arrivals in the order of time")
        if plan.id in self.under_way:
            raise InputError(place, f"{inside}.id", f"the id {plan.id} twice", "each id once")
        people = world.cast.people
        if not people.knows(plan) and len(people) >= MAX_PEOPLE:
            raise InputError(place, "cases", f"{MAX_PEOPLE + 1} people", f"at most {MAX_PEOPLE}")

    def _enter(self, plan: CasePlan) -> None:
        world = self.world
        self.arrived += 1
        self.under_way[plan.id] = world.now_us
        self._arrivals.append(world.now_us)
        if len(self._arrivals) > 2 * self.kept_cases:
            self._put_away()
        world.first = world.first or plan.id
        world.cast.timetable.reach(world.now_us)
        case = Case(plan, world.cast.people.enter(plan, world.cast.portal, world.now_us))
        if plan.citizen.certificate is Certificate.REVOKED:
            world.cast.revocation.publish(world.now_us)  # it stands in every list of the last two days
        if plan.path == "provider":
            world.cast.open_desk(world.streams)
        if plan.citizen.asks_1414:
            world.cast.call_centre.inform(plan.service, world.now_us)
        world.env.process(self._play(case))

    def _play(self, case: Case) -> Process:
        world = self.world
        yield from _PATHS[case.plan.path](world, case)
        if world.recorder.has_documents(case.id):
            world.recorder.keep(case.id, "trust.pem", _trust_bundle(world))
        del self.under_way[case.id]
        if self._idle is not None and not self.under_way:
            self._idle.succeed()

    def _put_away(self) -> None:
        """Put away what concerns nobody any more: older than the cases that are kept, and ended."""
        window_us = self.world.cast.portal.conduct.validation.rules.replay_window_us
        before_us = min(
            self._arrivals[-self.kept_cases],
            next(iter(self.under_way.values())),
            self.world.now_us - window_us - SECOND_US,
        )
        while self._arrivals[0] < before_us:
            self._arrivals.popleft()
        self.world.cast.put_away(before_us)


def close_messages(world: World) -> None:
    """End the gateway's log and put it, with what its signatures are verified by, among the documents."""
    if not len(world.cast.gateway.log):
        return
    world.cast.gateway.close(world.now_us)
    gateway = canonical_json.encode({"bin": world.cast.pen.bin})
    world.recorder.end_messages(world.play.id)
    world.recorder.keep("messages", f"{world.play.id}.pem", _trust_bundle(world))
    world.recorder.keep("messages", "gateway.json", gateway)


def _trust_bundle(world: World) -> bytes:
    if world.cast.signer.mode is SignatureMode.OFF:
        return b""
    return world.cast.authority.trust_bundle_pem(world.cast.authority.publish(world.now_us))
