"""One request after the other through all actors, without simulated time: what a request costs by itself."""

from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from actors.accounts import PasswordCost
from actors.citizen import compose, verify_result
from actors.confidentiality import open_document, seal_document
from actors.envelopes import Request, SignedDocument
from actors.gateway import Channel, RoutingHeader
from actors.policy import ValidationPolicy
from actors.purposes import Role
from actors.signing import SignatureCounts
from actors.validation import decide
from conformance.calendar import WorkingCalendar, parse_local
from conformance.pack import Pack
from conformance.strict_yaml import read_yaml
from sim.cast import Cast, Circumstances, assemble
from sim.people import Player
from sim.plan import CasePlan, CitizenPlan, Play, WorldPlan
from sim.recorder import Recorder
from sim.signatures import SignatureChoice
from sim.streams import Streams

CHEAP = PasswordCost(memory_kib=8, passes=1)
WORLD = Path(__file__).parents[1] / "scenarios" / "worlds" / "astana-2013.yaml"
SERVICE = "doctor-home-call"
STEP_US = 10_000
"""The moments of two requests differ by this: sessions hold for 180 000 of them."""

_GATEWAY_POLICY = ValidationPolicy(roles=frozenset((Role.SYSTEM,)))


class NotServed(Exception):  # noqa: N818 - a finding, not a defect
    """Say that a request of the benchmark was refused: its figures would mean nothing."""


@dataclass(slots=True)
class Flow:
    """Serve requests of a fixed population; everybody has come once before anything is measured."""

    cast: Cast
    players: tuple[Player, ...]
    now_us: int
    recorder: Recorder = field(repr=False)
    _served: int = 0

    @property
    def counts(self) -> SignatureCounts:
        """Return what was signed and verified so far."""
        return self.cast.signer.counts

    def serve(self, number: int) -> None:
        """Take *number* requests from the form to the verified answer; raise NotServed if one is refused."""
        for _ in range(number):
            player = self.players[self._served % len(self.players)]
            self._serve(player, f"R-{self._served}", f"{self._served:032x}")
            self._served += 1
            self.now_us += STEP_US
            if self._served % 500 == 0:
                self._put_away()

    def _serve(self, player: Player, request_id: str, nonce: str) -> None:
        cast, now_us, session = self.cast, self.now_us, f"S-{player.citizen.iin}"
        request = self._request(player, request_id, nonce)
        document = cast.signer.sign(request.octets(), player.citizen.credential, now_us)
        cast.portal.receive(session, document, now_us)
        _demand(cast.portal.check_signature(session, document, now_us).reason)
        cast.portal.submit(session, document, "2013-05-15", now_us)
        arrived = self._carry("portal", "workstation", document)
        registration = cast.workstation.register(arrived, "130515", now_us)
        number = registration.number
        cast.portal.note_registration(request_id, number)
        _demand(
            cast.workstation.check_grounds(number, now_us, by_employee=False, vouched_name=None, late=False)
        )
        result = self._carry("workstation", "portal", cast.workstation.issue(number, now_us))
        cast.portal.deliver(request_id, result, refused=False)
        answer = cast.portal.open_result(session, request_id, now_us)
        verdict = verify_result(
            answer,
            document,
            provider_bin=cast.clinic.bin,
            verifier=cast.verifiers["citizen"],
            now_us=now_us,
        )
        _demand(verdict.reason)

    def _request(self, player: Player, request_id: str, nonce: str) -> Request:
        return compose(
            request_id=request_id,
            service=SERVICE,
            iin=player.citizen.iin,
            provider=self.cast.clinic.bin,
            form={
                "surname": player.citizen.surname,
                "phone": "+7 700 000 00 00",
                "address": "Synthetic street 1 (TEST)",
                "complaint": "fever",
            },
            nonce=nonce,
            now_us=self.now_us,
        )

    def _carry(self, sender: str, receiver: str, document: SignedDocument) -> SignedDocument:
        """Carry a document as the simulation does: sealed for the workstation, against a verified receipt."""
        cast, now_us = self.cast, self.now_us
        header = RoutingHeader(
            channel=Channel.ASYNC,
            sender=sender,
            receiver=receiver,
            service=SERVICE,
            content_sha256=document.sha256,
        )
        recipient = cast.recipients.get(receiver) if document.signature is not None else None
        content = (
            document.octets if recipient is None else seal_document(document, recipient.certificate, header)
        )
        message = cast.gateway.accept(header, content, now_us)
        facts = cast.verifiers[receiver].facts(
            cast.pen.receipt(message, now_us), expected_bin=cast.pen.bin, moment_us=now_us
        )
        _demand(decide(facts, _GATEWAY_POLICY, now_us).reason)
        cast.gateway.confirm_delivery(message.id, now_us)
        if recipient is None or not isinstance(recipient.key, ec.EllipticCurvePrivateKey):
            return document
        opened = open_document(message.content, recipient.key, message.header)
        return SignedDocument(opened.octets, opened.signature, document.claim)

    def _put_away(self) -> None:
        self.cast.put_away(self.now_us)


def prepare(pack: Pack, choice: SignatureChoice, people: int, seed: int = 1) -> Flow:
    """Return a flow with a population of *people* whose accounts, keys and chains are known already."""
    starts_us = parse_local("2013-05-15T10:00", pack.act.zone)
    play = Play(id="benchmark", starts_us=starts_us, cases=(), world=read_yaml(WORLD, WorldPlan))
    recorder, streams = Recorder(), Streams(seed)
    cast = assemble(
        Circumstances(
            play=play,
            pack=pack,
            streams=streams,
            calendar=WorkingCalendar(pack.calendar("provider-hours"), pack.act.zone),
            recorder=recorder,
            rules=play.rules,
            password_cost=CHEAP,
            signatures=choice,
        )
    )
    cast.revocation.publish(starts_us)
    players = tuple(_enter(cast, f"person-{number}", starts_us) for number in range(people))
    flow = Flow(cast, players, starts_us, recorder)
    flow.serve(people)
    return flow


def _enter(cast: Cast, person: str, now_us: int) -> Player:
    plan = CasePlan(id=person, service=SERVICE, path="portal", citizen=CitizenPlan(person=person))
    player = cast.people.enter(plan, cast.portal, now_us)
    citizen = player.citizen
    cast.portal.authorise(citizen.iin, citizen.password, f"S-{citizen.iin}", now_us)
    return player


def _demand(reason: str) -> None:
    if reason != "ok":
        raise NotServed(reason)
