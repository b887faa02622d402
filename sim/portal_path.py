"""The portal path of a case, P0 to P8: who does what, in which order, on paragraph 12 of the act."""

from dataclasses import dataclass
from typing import NamedTuple

from actors import citizen as citizen_acts
from actors.envelopes import SignedDocument, read_result
from actors.gateway import Channel, GatewayUnavailable
from actors.portal import NoSession
from actors.provider import OK
from actors.workstation import Registration
from sim.cast import altered
from sim.durations import parse_duration_us
from sim.form import write_request
from sim.world import Case, Execution, Process, World

WORKSTATION = "workstation"


@dataclass(frozen=True, slots=True)
class _Registered:
    """A registration with its step, whose outcome waits for condition C3."""

    step: Execution
    registration: Registration
    late: bool


class _Ruling(NamedTuple):
    """What condition C3 found about a registered request, and how long that took."""

    number: str
    reason: str
    decision_us: int


def play_portal_case(world: World, case: Case) -> Process:
    """Play one request through the portal to its one ending."""
    if not world.cast.portal.accounts.has(case.player.citizen.iin):
        yield from _sign_up(world, case)
    session = yield from _authorise(world, case)
    if session is None:
        yield from _refuse(world, case, "P2", "AUTH_FAIL")
        return
    document, reason = yield from _compose(world, case)
    if reason != OK:
        world.recorder.keep(case.id, "rejected-request.json", document.octets)
        world.recorder.keep(case.id, "rejected-request.p7s", document.signature)
        yield from _refuse(world, case, "P4", reason)
        return
    received = yield from _send(world, case, document)
    registered = yield from _register(world, case, received)
    yield from _answer(world, case, registered)


def _sign_up(world: World, case: Case) -> Process:
    step = world.begin(case, "P0")
    yield from step.work("citizen")
    yield from step.work("portal")
    citizen = case.player.citizen
    world.cast.portal.sign_up(citizen.iin, citizen.password, world.streams.octets(f"{case.id}/salt", 16))
    step.record(OK)


def _authorise(world: World, case: Case) -> Process:
    step = world.begin(case, "P1")
    yield from step.work("citizen")
    yield from step.work("portal")
    player = case.player
    login = world.cast.portal.authorise(
        player.citizen.iin, player.typed_password, f"S-{case.id}", world.now_us
    )
    step.record(
        OK if login.verified else "AUTH_FAIL",
        information="1414" if case.plan.citizen.asks_1414 else None,
    )
    return login.session


def _refuse(world: World, case: Case, code: str, reason: str) -> Process:
    step = world.begin(case, code)
    yield from step.work("portal")
    stated = reason if world.cast.portal.conduct.states_reasons else None
    step.record(reason, reason=stated)


def _compose(world: World, case: Case) -> Process:
    """Fill and sign the request, then let the portal judge condition C2."""
    step = world.begin(case, "P3")
    world.cast.portal.open_form(_session(world, case), case.plan.service, world.now_us)
    slot_free = _choose_slot(world, case)
    yield from step.work("citizen")
    request = write_request(world, case)
    document = citizen_acts.sign(request, case.player.citizen.credential, world.now_us)
    if case.plan.citizen.tampered:
        document = altered(document)
    yield from step.work("portal")
    session = _session(world, case)
    decision = world.cast.portal.check_signature(session, document, world.now_us)
    step.record(
        decision.reason,
        slot=case.player.slot,
        slot_free=slot_free,
        indication=decision.indication.value,
        sub_indication=None if decision.sub_indication is None else decision.sub_indication.value,
    )
    return document, decision.reason


def _choose_slot(world: World, case: Case) -> bool | None:
    if case.plan.service != "doctor-appointment":
        return None
    portal, schedule = world.cast.portal, world.cast.provider.schedule
    offered = portal.offer_slots(schedule, world.now_us)
    if not offered:
        return None
    session = _session(world, case)
    choice = portal.choose_slot(session, schedule, offered[0].id, case.request_id, world.now_us)
    case.player.slot = choice.slot
    return choice.was_free


def _send(world: World, case: Case, document: SignedDocument) -> Process:
    """Send the certified request to the workstation; return what arrives there."""
    cast = world.cast
    step = world.begin(case, "P5")
    yield from step.work("citizen")
    yield from step.work("portal")
    for _ in range(2 if case.plan.citizen.submits_twice else 1):
        cast.portal.submit(_session(world, case), document, _term(world, case), world.now_us)
    case.player.sent = document
    message = None
    if cast.portal.conduct.sends_through_gateway:
        message = yield from _pass_gateway(step, "portal", WORKSTATION, document.octets)
    world.recorder.keep(case.id, "request.json", document.octets)
    world.recorder.keep(case.id, "request.p7s", document.signature)
    step.record(OK, gateway_message=message, applicant="natural_person", documents=case.id)
    return altered(document) if case.player.tampered_in_transit else document


def _pass_gateway(step: Execution, sender: str, receiver: str, content: bytes) -> Process:
    """Hand a message to the gateway, again and again until it takes it, and confirm the delivery."""
    world, gateway = step.world, step.world.cast.gateway
    while True:
        try:
            message = gateway.accept(
                channel=Channel.ASYNC,
                sender=sender,
                receiver=receiver,
                service=step.case.plan.service,
                content=content,
                now_us=world.now_us,
            )
            break
        except GatewayUnavailable:
            yield world.env.timeout(parse_duration_us(world.play.world.gateway_retry))
    yield from step.work("gateway")
    gateway.confirm_delivery(message, world.now_us)
    return message


def _register(world: World, case: Case, document: SignedDocument) -> Process:
    """Register what arrived; a request that arrives twice is registered once, if all is well."""
    yield from world.wait_for_admission(case)
    late = world.is_late(case)
    registered: list[_Registered] = []
    for _ in range(2 if case.plan.citizen.submits_twice else 1):
        registration = world.cast.workstation.register(document, world.yymmdd)
        if registration.repeated:
            continue
        step = world.begin(case, "P6")
        yield from step.work(WORKSTATION)
        step.complete()
        world.cast.portal.note_registration(case.request_id, registration.number)
        registered.append(_Registered(step, registration, late))
    return registered


def _answer(world: World, case: Case, registered: list[_Registered]) -> Process:
    """Decide C3 and deliver the refusal or the result; a fault can deliver both."""
    workstation = world.cast.workstation
    if not workstation.conduct.answers_same_day:
        yield from world.wait_for_next_day()
    asked_us = world.now_us
    yield from world.decide(case)
    decision_us = world.now_us - asked_us
    for entry in registered:
        reason = workstation.check_grounds(
            entry.registration.number,
            world.now_us,
            by_employee=False,
            vouched_name=None,
            late=entry.late,
        )
        entry.step.record(reason, number=entry.registration.number)
    ruling = _Ruling(registered[-1].registration.number, reason, decision_us)
    if reason != OK:
        yield from _deliver(world, case, ruling)
        if workstation.conduct.answers_once:
            return
    yield from _deliver(world, case, ruling._replace(reason=OK))


def _deliver(world: World, case: Case, ruling: _Ruling) -> Process:
    """Send the refusal (P7) or the result (P8) to the portal, where the citizen opens and verifies it."""
    cast, refused = world.cast, ruling.reason != OK
    step = world.begin(case, "P7" if refused else "P8")
    yield from step.work(WORKSTATION)
    if refused:
        result = cast.workstation.refuse(ruling.number, ruling.reason, world.now_us)
    else:
        result = cast.workstation.issue(ruling.number, world.now_us)
    message = yield from _pass_gateway(step, WORKSTATION, "portal", result.octets)
    yield from step.work("portal")
    cast.portal.deliver(case.request_id, result, refused=refused)
    screen, seen = _look_at_result(world, case)
    verdict = citizen_acts.verify_result(
        seen,
        case.player.sent or seen,
        provider_bin=cast.clinic.bin,
        trust=cast.portal.trust,
        revocation=cast.portal.revocation,
        now_us=world.now_us,
    )
    prefix = "refusal" if refused else "result"
    world.recorder.keep(case.id, f"{prefix}.json", seen.octets)
    world.recorder.keep(case.id, f"{prefix}.p7s", seen.signature)
    answer = read_result(seen.octets)
    step.record(
        ruling.reason,
        number=ruling.number,
        reason=answer.reason,
        slot=answer.content.get("slot"),
        gateway_message=message,
        status_screen=sorted(name for name in screen if name != "view_results"),
        indication=verdict.indication.value,
        decision_us=ruling.decision_us,
        documents=case.id,
    )


def _look_at_result(world: World, case: Case) -> tuple[dict[str, str], SignedDocument]:
    session, portal = _session(world, case), world.cast.portal
    screen = portal.status_screen(session, case.request_id, world.now_us)
    return screen, portal.open_result(session, case.request_id, world.now_us)


def _session(world: World, case: Case) -> str:
    """Return the citizen's session; whoever was away for too long logs in again."""
    session, player, portal = f"S-{case.id}", case.player, world.cast.portal
    try:
        portal.open_form(session, case.plan.service, world.now_us)
    except NoSession:
        portal.authorise(player.citizen.iin, player.typed_password, session, world.now_us)
    return session


def _term(world: World, case: Case) -> str:
    """Return the service term of the status screen: the local day on which the answer is due."""
    return str(world.calendar.local_day(world.admission_us(case)))
