"""The e-government gateway (ЭҮШ, ШЭП): carries messages between systems and keeps a journal of them.

Two channels, as the public integrations show: *call* waits for the answer, *send* is answered later and
its delivery is confirmed.

Source: paragraphs 11(13), 12(8), 13(3); the channel of each message is ASSUME-25.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256

from actors.errors import ActorError

LETTERS = str.maketrans("0123456789", "ghijklmnop")
"""Digits become letters, so that no identifier can look like the number of a person."""


class GatewayUnavailable(ActorError):  # noqa: N818 - a state of affairs, not a defect
    """Say that the gateway does not take messages at the moment."""

    sentence = "The gateway does not answer."


class UnknownMessage(ActorError):  # noqa: N818 - a state of affairs, not a defect
    """Say that no such message has passed the gateway."""

    sentence = "No such message has passed the gateway."


class Channel(StrEnum):
    """How a message is answered."""

    SYNC = "sync"
    ASYNC = "async"


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """One message in the journal; the content only by its hash."""

    message_id: str
    channel: Channel
    sender: str
    receiver: str
    service: str
    content_sha256: str
    accepted_at_us: int
    delivered_at_us: int | None = None


@dataclass(slots=True)
class Gateway:
    """Take messages while it is up, number them, and remember their delivery."""

    up: bool = True
    _journal: dict[str, JournalEntry] = field(default_factory=dict)

    def accept(  # noqa: PLR0913 - the fields of a message
        self, *, channel: Channel, sender: str, receiver: str, service: str, content: bytes, now_us: int
    ) -> str:
        """Take a message and return its identifier.

        Raises GatewayUnavailable while the gateway is down; nothing is kept then.
        """
        if not self.up:
            raise GatewayUnavailable
        digest = sha256(content).hexdigest()
        number = len(self._journal) + 1
        seed = f"{number}/{sender}/{receiver}/{service}/{now_us}/{digest}"
        message_id = "gw-" + sha256(seed.encode()).hexdigest()[:20].translate(LETTERS)
        self._journal[message_id] = JournalEntry(
            message_id=message_id,
            channel=channel,
            sender=sender,
            receiver=receiver,
            service=service,
            content_sha256=digest,
            accepted_at_us=now_us,
        )
        return message_id

    def confirm_delivery(self, message_id: str, now_us: int) -> None:
        """Note that the receiver has the message; the first confirmation counts.

        Raises UnknownMessage for an identifier that was never given out.
        """
        entry = self.entry(message_id)
        if entry.delivered_at_us is None:
            self._journal[message_id] = replace(entry, delivered_at_us=now_us)

    def entry(self, message_id: str) -> JournalEntry:
        """Return the journal's entry for *message_id*; raise UnknownMessage if there is none."""
        if message_id not in self._journal:
            raise UnknownMessage
        return self._journal[message_id]

    @property
    def journal(self) -> tuple[JournalEntry, ...]:
        """Return all entries in the order of acceptance."""
        return tuple(self._journal.values())
