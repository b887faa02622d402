"""The e-government gateway (ЭҮШ, ШЭП): carries messages between systems and keeps a log of them.

Two channels, as the public integrations show: *call* waits for the answer, *send* is answered later and
its delivery is confirmed. Whoever hands in a message gets a receipt: the entry of the log, signed with the
gateway's own key, apart from any signature of a citizen or a provider.

Source: paragraphs 11(13), 12(8), 13(3); the channel of each message is ASSUME-25.
"""

import hmac
from dataclasses import dataclass, field

from actors.errors import ActorError
from actors.message_log import Channel, MessageLog, Receipt, RoutingHeader, Signer

__all__ = [
    "LETTERS",
    "Channel",
    "Gateway",
    "GatewayUnavailable",
    "Message",
    "RoutingHeader",
    "UnknownMessage",
]

LETTERS = str.maketrans("0123456789", "ghijklmnop")
"""Digits become letters, so that no identifier can look like the number of a person."""


class GatewayUnavailable(ActorError):  # noqa: N818 - a state of affairs, not a defect
    """Say that the gateway does not take messages at the moment."""

    sentence = "The gateway does not answer."


class UnknownMessage(ActorError):  # noqa: N818 - a state of affairs, not a defect
    """Say that no such message is under way."""

    sentence = "No such message is under way."


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message on its way: *content* is the document in clear or sealed, as it was handed in."""

    id: str
    header: RoutingHeader
    receipt: Receipt
    content: bytes = field(repr=False)


@dataclass(slots=True, kw_only=True)
class Gateway:
    """Take messages while it is up, number them, give receipts, and log their delivery.

    *sign* makes the gateway's signature. *id_key* makes its identifiers unlike those of other gateways; they
    say nothing of what a message carries. Only messages under way are kept.
    """

    log: MessageLog
    sign: Signer = field(repr=False)
    id_key: bytes = field(repr=False)
    up: bool = True
    _under_way: dict[str, Message] = field(default_factory=dict, repr=False)

    def accept(self, header: RoutingHeader, content: bytes, now_us: int) -> Message:
        """Take a message and return it with its identifier and a signed receipt.

        *content* is the document whose hash the header gives, or its sealed form. Raises GatewayUnavailable
        while the gateway is down, LogClosed after the end; nothing is kept then.
        """
        if not self.up:
            raise GatewayUnavailable
        message_id = self._identifier(len(self.log) + 1)
        receipt = self.log.accept(message_id, header, now_us, self.sign)
        message = Message(id=message_id, header=header, receipt=receipt, content=content)
        self._under_way[message_id] = message
        return message

    def confirm_delivery(self, message_id: str, now_us: int) -> None:
        """Note that the receiver has the message, and forget it; an outage does not hinder that.

        Raises UnknownMessage for what is not under way: a second confirmation is one too many.
        """
        message = self.message(message_id)
        self.log.deliver(message.id, now_us)
        del self._under_way[message_id]

    def message(self, message_id: str) -> Message:
        """Return a message that is under way; raise UnknownMessage if it is not."""
        if message_id not in self._under_way:
            raise UnknownMessage
        return self._under_way[message_id]

    @property
    def under_way(self) -> tuple[str, ...]:
        """Return the identifiers of what is accepted and not delivered, in the order of acceptance."""
        return tuple(self._under_way)

    def close(self, now_us: int) -> Receipt:
        """End the log with a signed entry; raise LogClosed if it has ended already."""
        return self.log.close(now_us, self.sign)

    def _identifier(self, number: int) -> str:
        # Made of the place in the log alone: a hash over a document could be tried against guesses.
        digest = hmac.digest(self.id_key, b"message/%d" % number, "sha256")
        return "gw-" + digest[:10].hex().translate(LETTERS)
