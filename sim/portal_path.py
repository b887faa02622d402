"""The portal path of a case, P0 to P8: who does what, in which order, on paragraph 12 of the act."""

from dataclasses import dataclass
from typing import NamedTuple

from actors import citizen as citizen_acts
from actors.envelopes import Notice, Request, SignedDocument, read_result
from actors.forgery import SignatureFlaw, forge
from actors.messages import TEXTS
from actors.outcomes import Decision, Refusal
from actors.policy import Proof, policy_of
from actors.portal import NoSession, NotAccepted
from actors.provider import OK
from actors.workstation import Registration
from sim.cast import altered
from sim.dispatch import pass_gateway
from sim.durations import parse_duration_us
from sim.form import attached_files, request_octets, write_request
from sim.plan import Certificate, Retry
from sim.world import Case, Execution, Process, World

WORKSTATION = "workstation"
CHECK_UNAVAILABLE = "CHECK_UNAVAILABLE"

_ON_THE_WAY_US = 10_000_000


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
    if not world.cast.portal.store.accounts.has(case.player.citizen.iin):
        yield from _sign_up(world, case)
    conduct = world.cast.portal.conduct
    login = yield from _authorise(world, case)
    if not login.verified and conduct.refuses_bad_logins:
        yield from _refuse(world, case, "P2", "AUTH_FAIL")
    if login.session is None:
        return
    document, decision = yield from _compose(world, case)
    if not decision.passed:
        world.recorder.keep_document(case.id, "rejected-request", document)
        if conduct.heeds_condition_2:
            yield from _refuse(world, case, "P4", decision.reason, documents=case.id)
            world.recorder.keep(case.id, "notice.json", _notice(document, decision, world.now_us))
            if conduct.stops_after_refusals:
                return
    sent = yield from _send(world, case, document)
    if sent is None:
        return
    received, accepted_us = sent
    registered = yield from _register(world, case, received, accepted_us)
    yield from _answer(world, case, registered)


def _sign_up(world: World, case: Case) -> Process:
    step = world.begin(case, "P0")
    yield from step.work("citizen")
    yield from step.work("portal")
    citizen, portal = case.player.citizen, world.cast.portal
    if not portal.store.accounts.has(citizen.iin):  # as another request of the same person can have found
        portal.sign_up(citizen.iin, citizen.password, world.streams.octets(f"{case.id}/salt", 16))
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
    return login


def _refuse(world: World, case: Case, code: str, reason: str, documents: str | None = None) -> Process:
    step = world.begin(case, code)
    yield from step.work("portal")
    stated = reason if world.cast.portal.conduct.states_reasons else None
    step.record(reason, reason=stated, documents=documents)


def _notice(document: SignedDocument, decision: Decision, now_us: int) -> bytes:
    notice = Notice(
        message=decision.message_id.value,
        request_sha256=document.sha256,
        issued_at_us=now_us,
        texts=TEXTS[decision.message_id]._asdict(),
    )
    return notice.octets()


def _compose(world: World, case: Case) -> Process:
    """Fill and sign the request, then let the portal judge condition C2."""
    step = world.begin(case, "P3")
    world.cast.portal.open_form(_session(world, case), case.plan.service, world.now_us)
    slot_free = _choose_slot(world, case)
    yield from step.work("citizen")
    request = write_request(world, case)
    document = _sign(world, case, request)
    case.named = request.id
    received_us = world.cast.portal.receive(_session(world, case), document, world.now_us)
    yield from step.work("portal")
    files = attached_files(case)
    decision = yield from world.settle(case, lambda: _check(world, case, document, files))
    step.record(
        decision.reason,
        slot=case.player.slot,
        slot_free=slot_free,
        indication=decision.indication.value,
        sub_indication=None if decision.sub_indication is None else decision.sub_indication.value,
        message=decision.message_id.value,
        received_us=received_us,
    )
    return document, decision


def _check(world: World, case: Case, document: SignedDocument, files: dict[str, bytes]) -> Decision:
    portal = world.cast.portal
    return portal.check_signature(_session(world, case), document, world.now_us, files)


def _sign(world: World, case: Case, request: Request) -> SignedDocument:
    """Sign as the citizen does, and spoil what the plan wants spoiled."""
    plan, credential = case.plan.citizen, case.player.citizen.credential
    signs_us = world.now_us + plan.clock_us
    if plan.certificate is Certificate.EXPIRES_DURING_CHECK:
        credential = world.cast.people.reissued(case.plan, world.now_us)
    elif plan.certificate is Certificate.EXPIRES_BEFORE_RECEIPT:
        credential = world.cast.people.reissued(case.plan, world.now_us - _ON_THE_WAY_US)
        signs_us -= 2 * _ON_THE_WAY_US
    flawed = plan.signature is not None or plan.request is not None
    spoiled = flawed or plan.certificate is not Certificate.VALID
    document = world.cast.signer.sign(
        request_octets(request, plan.request),
        credential,
        signs_us,
        always_real=spoiled or case.player.tampered_in_transit,
    )
    if plan.signature is SignatureFlaw.DOCUMENT_CHANGED:
        return altered(document)
    if plan.signature is None:
        return document
    renewed = world.cast.people.reissued(case.plan, world.now_us + 200 * 86_400_000_000)
    return forge(document, plan.signature, credential, renewed)


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
    """Send the certified request to the workstation; return what arrives there, None if it was not taken."""
    cast = world.cast
    step = world.begin(case, "P5")
    yield from step.work("citizen")
    yield from step.work("portal")
    for again in (False,) if case.plan.citizen.retry is Retry.NONE else (False, True):
        if again and case.plan.citizen.retry is Retry.AFTER_RESTART:
            cast.portal = cast.portal.restarted()
        reason = yield from _submit(world, case, document)
        if reason != OK:
            world.recorder.keep_document(case.id, "rejected-request", document)
            yield from _refuse(world, case, "P4", reason, documents=case.id)
            return None
    case.player.sent = document
    message, arrived, accepted_us = None, document, world.now_us
    if cast.portal.conduct.sends_through_gateway:
        carried = yield from pass_gateway(step, "portal", WORKSTATION, document)
        message, arrived, accepted_us = carried.message_id, carried.document, carried.accepted_us
    world.recorder.keep_document(case.id, "request", document)
    applicant = "natural_person" if cast.portal.conduct.serves_only_natural_persons else "legal_person"
    step.record(OK, gateway_message=message, applicant=applicant, documents=case.id)
    if case.player.tampered_in_transit:
        arrived = altered(arrived)
        world.recorder.keep_document(case.id, "arrived-request", arrived)
    return arrived, accepted_us


def _submit(world: World, case: Case, document: SignedDocument) -> Process:
    """Hand the request in, and return why it is refused, OK if not.

    A portal that has forgotten its check has to check it again. It may find then that another request has
    taken the identifier; one that does not look for that in its check still finds the name taken.
    """
    if _hand_in(world, case, document):
        return OK
    decision = yield from world.settle(case, lambda: _check(world, case, document, attached_files(case)))
    if _hand_in(world, case, document):
        return OK
    return Refusal.REPLAY.value if decision.passed else decision.reason


def _hand_in(world: World, case: Case, document: SignedDocument) -> bool:
    portal = world.cast.portal
    try:
        portal.submit(_session(world, case), document, _term(world, case), world.now_us)
    except NotAccepted:
        return False
    return True


def _register(world: World, case: Case, document: SignedDocument, accepted_us: int) -> Process:
    """Register what arrived; a request that arrives twice is registered once, if all is well."""
    yield from world.wait_for_admission(case)
    late = world.is_late(case)
    registered: list[_Registered] = []
    for _ in range(1 if case.plan.citizen.retry is Retry.NONE else 2):
        registration = world.cast.workstation.register(document, world.yymmdd, accepted_us)
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
        reason = yield from _judge(world, case, entry)
        entry.step.record(reason, number=entry.registration.number)
    ruling = _Ruling(registered[-1].registration.number, reason, decision_us)
    if reason != OK:
        yield from _deliver(world, case, ruling)
        if workstation.conduct.answers_once:
            return
    yield from _deliver(world, case, ruling._replace(reason=OK))


def _judge(world: World, case: Case, entry: _Registered) -> Process:
    """Judge condition C3, again and again while nobody can say whether the certificate is revoked."""
    workstation, since_us = world.cast.workstation, world.now_us
    while True:
        reason = workstation.check_grounds(
            entry.registration.number,
            world.now_us,
            by_employee=False,
            vouched_name=None,
            late=entry.late,
            note=lambda decision: world.note(case, decision),
        )
        if reason != CHECK_UNAVAILABLE:
            return reason
        yield from world.wait_to_check(since_us)


def _deliver(world: World, case: Case, ruling: _Ruling) -> Process:
    """Send the refusal (P7) or the result (P8) to the portal, where the citizen opens and verifies it."""
    cast, refused = world.cast, ruling.reason != OK
    step = world.begin(case, "P7" if refused else "P8")
    yield from step.work(WORKSTATION)
    if refused:
        result = cast.workstation.refuse(ruling.number, ruling.reason, world.now_us)
    else:
        result = cast.workstation.issue(ruling.number, world.now_us)
    carried = yield from pass_gateway(step, WORKSTATION, "portal", result)
    yield from step.work("portal")
    cast.portal.deliver(case.request_id, result, refused=refused)
    screen, seen = _look_at_result(world, case)
    verdict = yield from world.settle(case, lambda: _verify(world, case, seen))
    world.recorder.keep_document(case.id, "refusal" if refused else "result", seen)
    answer = read_result(seen.octets)
    step.record(
        ruling.reason,
        number=cast.workstation.stated_number(ruling.number),
        reason=answer.reason,
        slot=answer.content.get("slot"),
        gateway_message=carried.message_id,
        status_screen=sorted(name for name in screen if name != "view_results"),
        indication=verdict.indication.value,
        decision_us=ruling.decision_us,
        documents=case.id,
    )
    if case.plan.citizen.looks_again is not None:
        yield world.env.timeout(parse_duration_us(case.plan.citizen.looks_again))
        yield from world.settle(case, lambda: _verify(world, case, seen))


def _verify(world: World, case: Case, seen: SignedDocument) -> Decision:
    cast = world.cast
    return citizen_acts.verify_result(
        seen,
        case.player.sent or seen,
        provider_bin=cast.clinic.bin,
        verifier=cast.verifiers["citizen"],
        now_us=world.now_us,
        policy=policy_of(world.play.rules, Proof.NONE),
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
