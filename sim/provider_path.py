"""The provider path of a case, V1 to V8: a citizen at the desk, on paragraph 13 of the act.

The desk is held for the whole visit: an employee serves one person at a time.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from actors.envelopes import PersonQuery, SignedDocument
from actors.gateway import Channel, GatewayUnavailable, Message, RoutingHeader
from actors.provider import OK
from actors.registry import Person
from sim.cast import altered
from sim.dispatch import believe_receipt
from sim.durations import parse_duration_us
from sim.form import write_request
from sim.world import Case, Execution, Process, World

DESK = "desk"
CHECK_UNAVAILABLE = "CHECK_UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class _Found:
    """What the query of V3 brought: a reason code, and the person if there is one."""

    outcome: str
    person: Person | None


class _Ruling(NamedTuple):
    """What condition K2 found about a registered request, and how long that took."""

    number: str
    reason: str
    decision_us: int


def play_provider_case(world: World, case: Case) -> Process:
    """Play one visit to the provider to its one ending."""
    yield from world.wait_for_admission(case)
    step = world.begin(case, "V1")
    server = yield from step.queue(DESK)
    yield from _visit(world, case, step, server)
    world.stations[DESK].release(server)


def _visit(world: World, case: Case, first: Execution, server: str) -> Process:
    yield from first.spend(DESK, server)
    employee, workstation = world.cast.employee, world.cast.workstation
    if not workstation.log_in(employee.login, employee.password):
        raise RuntimeError("the employee's own password was refused")
    first.record(OK, information="1414" if case.plan.citizen.asks_1414 else None)
    yield from _at_desk(world, case, "V2", server)
    found = _Found(OK, None)
    if workstation.conduct.asks_registry:
        found = yield from _query(world, case)
    if found.outcome != OK and workstation.conduct.heeds_missing_data:
        step = world.begin(case, "V4")
        yield from step.spend(DESK, server)
        stated = found.outcome if workstation.conduct.states_reasons else None
        step.record(found.outcome, reason=stated)
        if workstation.conduct.stops_without_data:
            return
    document = yield from _complete(world, case, server)
    yield from _register_and_answer(world, case, document, found.person, server)


def _at_desk(world: World, case: Case, code: str, server: str) -> Process:
    step = world.begin(case, code)
    yield from step.spend(DESK, server)
    step.record(OK)


def _query(world: World, case: Case) -> Process:
    """Ask the state database of natural persons through the gateway, as often as the plan allows."""
    step = world.begin(case, "V3")
    timeout_us = parse_duration_us(world.play.world.registry_timeout)
    message: Message | None = None
    outcome, person = "GATEWAY_UNAVAILABLE", None
    for attempt in range(1, world.play.world.registry_attempts + 1):
        asked_us = world.now_us
        if world.cast.workstation.conduct.asks_through_gateway:
            accepted = _ask_gateway(world, case, attempt)
            if accepted is None:
                outcome = "GATEWAY_UNAVAILABLE"
                yield world.env.timeout(timeout_us)
                continue
            message = accepted
            yield from step.work("gateway")
            yield from believe_receipt(world, "registry", accepted, asked_us)
        if not world.registry_up:
            outcome = "REGISTRY_TIMEOUT"
            yield world.env.timeout(timeout_us)
            continue
        yield from step.work("registry")
        person = world.cast.registry.look_up(case.player.citizen.iin)
        outcome = OK if person else "GBDFL_NOT_FOUND"
        if message is not None:
            world.cast.gateway.confirm_delivery(message.id, world.now_us)
        break
    step.record(outcome, gateway_message=None if message is None else message.id)
    return _Found(outcome, person)


def _ask_gateway(world: World, case: Case, attempt: int) -> Message | None:
    """Send the query; its nonce keeps whoever sees its hash from trying all numbers of people."""
    query = PersonQuery(
        id=f"Q-{case.id}-{attempt}",
        iin=case.player.citizen.iin,
        asker=world.cast.clinic.bin,
        purpose=case.plan.service,
        issued_at_us=world.now_us,
        nonce=world.streams.octets(f"{case.id}/query/{attempt}", 16).hex(),
    )
    document = SignedDocument(query.octets(), None)
    header = RoutingHeader(
        channel=Channel.SYNC,
        sender="workstation",
        receiver="registry",
        service=case.plan.service,
        content_sha256=document.sha256,
    )
    try:
        message = world.cast.gateway.accept(header, document.octets, world.now_us)
    except GatewayUnavailable:
        return None
    world.recorder.keep(case.id, f"query-{attempt}.json", document.octets)
    return message


def _complete(world: World, case: Case, server: str) -> Process:
    """Fill the form for the citizen and certify it with the employee's key."""
    step = world.begin(case, "V5")
    slot_free = _choose_slot(world, case)
    yield from step.spend(DESK, server)
    request = write_request(world, case)
    document = world.cast.signer.sign(
        request.octets(),
        world.cast.employee.credential,
        world.now_us,
        always_real=case.player.tampered_in_transit,
    )
    workstation = world.cast.workstation
    if not workstation.conduct.signs_requests:
        document = SignedDocument(document.octets, None)
    world.recorder.keep_document(case.id, "request", document)
    applicant = "natural_person" if workstation.conduct.serves_only_natural_persons else "legal_person"
    step.record(OK, applicant=applicant, slot=case.player.slot, slot_free=slot_free, documents=case.id)
    if case.player.tampered_in_transit:
        document = altered(document)
        world.recorder.keep_document(case.id, "arrived-request", document)
    return document


def _choose_slot(world: World, case: Case) -> bool | None:
    """Let the employee offer slots; the schedule is the same one the portal shows."""
    if case.plan.service != "doctor-appointment":
        return None
    schedule = world.cast.provider.schedule
    offered = world.cast.portal.offer_slots(schedule, world.now_us)
    if not offered:
        return None
    case.player.slot = offered[0].id
    return schedule.hold(offered[0].id, case.request_id, world.now_us)


def _register_and_answer(
    world: World, case: Case, document: SignedDocument, person: Person | None, server: str
) -> Process:
    """Register, decide K2 and answer; a fault can answer twice."""
    workstation = world.cast.workstation
    late = world.is_late(case)
    step = world.begin(case, "V6")
    number = workstation.register(document, world.yymmdd).number
    yield from step.work("workstation")
    step.complete()
    asked_us = world.now_us
    yield from world.decide(case, server)
    decided_us = world.now_us
    while True:
        reason = workstation.check_grounds(
            number,
            world.now_us,
            by_employee=True,
            vouched_name=person.surname if person else None,
            late=late,
            note=lambda decision: world.note(case, decision),
        )
        if reason != CHECK_UNAVAILABLE:
            break
        yield from world.wait_to_check(decided_us)
    step.record(reason, number=number)
    ruling = _Ruling(number, reason, decided_us - asked_us)
    if reason != OK:
        yield from _refuse(world, case, ruling, server)
        if workstation.conduct.answers_once:
            return
    yield from _render(world, case, ruling, server)


def _refuse(world: World, case: Case, ruling: _Ruling, server: str) -> Process:
    workstation, number, reason = world.cast.workstation, ruling.number, ruling.reason
    step = world.begin(case, "V7")
    yield from step.spend(DESK, server)
    result = workstation.refuse(number, reason, world.now_us)
    world.recorder.keep_document(case.id, "refusal", result)
    step.record(
        reason,
        number=number,
        reason=reason if workstation.conduct.states_reasons else None,
        decision_us=ruling.decision_us,
        documents=case.id,
    )


def _render(world: World, case: Case, ruling: _Ruling, server: str) -> Process:
    """Give the result of paragraph 13(10): journal and oral answer, or a paper talon."""
    workstation, number = world.cast.workstation, ruling.number
    step = world.begin(case, "V8")
    attributes: dict[str, Any] = {"slot": workstation.slot_for(number)}
    if case.plan.service == "clinic-attachment":
        yield from step.spend(DESK, server)
        if workstation.conduct.issues_talon:
            attributes["talon"] = world.cast.provider.issue_talon(number)
    else:
        if workstation.conduct.writes_journal_first:
            attributes["journal_entry_us"] = _enter(world, case, number)
        yield from step.spend(DESK, server)
        attributes["oral_answer_us"] = world.now_us
        if not workstation.conduct.writes_journal_first:
            yield world.env.timeout(1_000_000)
            attributes["journal_entry_us"] = _enter(world, case, number)
    result = workstation.issue(number, world.now_us)
    world.recorder.keep_document(case.id, "result", result)
    stated = workstation.stated_number(number)
    step.record(OK, number=stated, decision_us=ruling.decision_us, documents=case.id, **attributes)


def _enter(world: World, case: Case, number: str) -> int:
    promise = case.player.slot or f"visit on {world.calendar.local_day(world.now_us)}"
    return world.cast.workstation.enter_in_journal(number, promise, world.now_us).written_us
