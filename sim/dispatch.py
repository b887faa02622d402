"""Pass signed documents through the gateway: sealed for their receiver, against a receipt, taken by it.

Source: paragraphs 12(8), 12(12), 13(3); the channels are ASSUME-25.
"""

from dataclasses import replace
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric import ec

from actors.certificate import Role
from actors.confidentiality import SealBroken, open_document, seal_document
from actors.envelopes import SignedDocument
from actors.errors import ActorError
from actors.gateway import Channel, GatewayUnavailable, Message, RoutingHeader
from actors.policy import ValidationPolicy
from actors.validation import decide
from sim.durations import parse_duration_us
from sim.world import Execution, Process, World

_GATEWAY_POLICY = ValidationPolicy(roles=frozenset((Role.SYSTEM,)))


class ReceiptRefused(ActorError):  # noqa: N818 - a finding about the gateway
    """Say that a receiver does not believe the gateway's receipt, so that the message cannot be taken."""

    sentence = "The gateway's receipt is not accepted."


class Carried(NamedTuple):
    """A message's identifier, the document as it arrived, and when the gateway took it."""

    message_id: str
    document: SignedDocument
    accepted_us: int


def pass_gateway(step: Execution, sender: str, receiver: str, document: SignedDocument) -> Process:
    """Carry *document* from *sender* to *receiver* and return what was Carried.

    While the gateway is down the sender tries again. The receiver takes a message only with a receipt that it
    believes; while that cannot be checked, the message waits.
    """
    world = step.world
    header = RoutingHeader(
        channel=Channel.ASYNC,
        sender=sender,
        receiver=receiver,
        service=step.case.plan.service,
        content_sha256=document.sha256,
    )
    content = _sealed(world, receiver, document, header)
    retry_us = parse_duration_us(world.play.world.gateway_retry)
    while True:
        try:
            message = world.cast.gateway.accept(header, content, world.now_us)
            break
        except GatewayUnavailable:
            yield world.env.timeout(retry_us)
    accepted_us = world.now_us
    yield from step.work("gateway")
    yield from believe_receipt(world, receiver, message, accepted_us)
    world.cast.gateway.confirm_delivery(message.id, world.now_us)
    return Carried(message.id, _opened(world, receiver, document, message), accepted_us)


def _sealed(world: World, receiver: str, document: SignedDocument, header: RoutingHeader) -> bytes:
    """Seal what goes to the workstation; a signature that is only claimed is worth no seal."""
    recipient = world.cast.recipients.get(receiver)
    if recipient is None or document.signature is None:
        return document.octets
    return seal_document(document, recipient.certificate, header)


def _opened(world: World, receiver: str, document: SignedDocument, message: Message) -> SignedDocument:
    recipient = world.cast.recipients.get(receiver)
    if recipient is None or document.signature is None:
        return document
    key = recipient.key
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise SealBroken
    return replace(open_document(message.content, key, message.header), claim=document.claim)


def believe_receipt(world: World, receiver: str, message: Message, accepted_us: int) -> Process:
    """Wait until *receiver* believes the gateway's receipt of *message*.

    Raises ReceiptRefused if it never will.
    """
    receipt = world.cast.pen.receipt(message, accepted_us)
    verifier, since_us = world.cast.verifiers[receiver], world.now_us
    while True:
        facts = verifier.facts(
            receipt,
            expected_bin=world.cast.pen.bin,
            moment_us=accepted_us,
            checked_us=world.now_us,
        )
        decision = decide(facts, _GATEWAY_POLICY, accepted_us, checked_us=world.now_us)
        if decision.passed:
            return
        if not decision.try_later:
            raise ReceiptRefused(decision.reason)
        yield from world.wait_to_check(since_us)
