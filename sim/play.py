"""Play one scenario from its plan to its log and documents."""

from collections.abc import Mapping
from dataclasses import dataclass

from conformance.log import Row
from conformance.pack import Pack
from sim.durations import parse_duration_us
from sim.plan import CasePlan, Play
from sim.portal_path import play_portal_case
from sim.provider_path import play_provider_case
from sim.world import Case, Process, World, build_world

_PATHS = {"portal": play_portal_case, "provider": play_provider_case}


@dataclass(frozen=True, slots=True)
class Played:
    """What a play leaves: the log's rows, the documents by folder and name, the anchor of trust (PEM)."""

    rows: tuple[Row, ...]
    documents: Mapping[str, Mapping[str, bytes]]
    root_pem: bytes
    answered_by_1414: int


def play(plan: Play, pack: Pack, seed: int) -> Played:
    """Play *plan* with the random streams of *seed* until every case has ended."""
    world = build_world(plan, pack, seed)
    world.env.process(world.publish_revocations())
    cases = [world.env.process(_case(world, case)) for case in plan.cases]
    world.env.run(until=world.env.all_of(cases))
    return Played(
        rows=tuple(world.recorder.rows),
        documents=world.recorder.documents,
        root_pem=world.cast.authority.root_pem(),
        answered_by_1414=sum(enquiry.answered for enquiry in world.cast.call_centre.enquiries),
    )


def _case(world: World, plan: CasePlan) -> Process:
    yield world.env.timeout(parse_duration_us(plan.arrives))
    case = Case(plan, world.cast.players[plan.id])
    yield from _PATHS[plan.path](world, case)
    if case.id in world.recorder.documents:
        publication = world.cast.authority.publish(world.now_us)
        bundle = world.cast.authority.trust_bundle_pem(publication)
        world.recorder.keep(case.id, "trust.pem", bundle)
