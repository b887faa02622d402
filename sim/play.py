"""Play one scenario from its plan to its log and documents."""

from collections.abc import Mapping
from dataclasses import dataclass

from actors.accounts import PasswordCost
from conformance.errors import InputError
from conformance.log import Row
from conformance.pack import Pack
from sim.durations import MAX_DURATION_US, parse_duration_us
from sim.plan import CasePlan, Play
from sim.portal_path import play_portal_case
from sim.provider_path import play_provider_case
from sim.world import Case, Process, World, build_world

MAX_PLAY_US = 2 * MAX_DURATION_US
"""How much simulated time a play may take; keys and calendars are made for that long."""

_PATHS = {"portal": play_portal_case, "provider": play_provider_case}


@dataclass(frozen=True, slots=True)
class Played:
    """What a play leaves: the log's rows, the documents by folder and name, the anchor of trust (PEM)."""

    rows: tuple[Row, ...]
    documents: Mapping[str, Mapping[str, bytes]]
    root_pem: bytes
    answered_by_1414: int


def play(plan: Play, pack: Pack, seed: int, *, password_cost: PasswordCost | None = None) -> Played:
    """Play *plan* with the random streams of *seed* until every case has ended.

    *password_cost* is what accounts spend on a hash; it changes neither the log nor the documents. Raises
    InputError for a play that cannot begin, or that does not end within two years of simulated time.
    """
    world = build_world(plan, pack, seed, password_cost or PasswordCost())
    world.env.process(world.publish_revocations())
    ended = world.env.all_of([world.env.process(_case(world, case)) for case in plan.cases])
    world.env.run(until=ended | world.env.timeout(MAX_PLAY_US))
    if not ended.processed:
        raise InputError(f"the play {plan.id}", "", "a play longer than 732 days", "shorter times")
    return Played(
        rows=tuple(world.recorder.rows),
        documents=world.recorder.documents,
        root_pem=world.cast.authority.root_pem(),
        answered_by_1414=sum(enquiry.answered for enquiry in world.cast.call_centre.enquiries),
    )


def _case(world: World, plan: CasePlan) -> Process:
    yield world.env.timeout(parse_duration_us(plan.arrives))
    case = Case(plan, world.cast.players[plan.id])
    if plan.citizen.asks_1414:
        world.cast.call_centre.inform(plan.service, world.now_us)
    yield from _PATHS[plan.path](world, case)
    if case.id in world.recorder.documents:
        publication = world.cast.authority.publish(world.now_us)
        bundle = world.cast.authority.trust_bundle_pem(publication)
        world.recorder.keep(case.id, "trust.pem", bundle)
