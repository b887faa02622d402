"""The gateway's log of messages: one line for each event, each line chained to the one before by its hash.

A line is canonical JSON, ``{"entry": {...}, "signature": ...}``. The gateway signs what it accepts and the
end of the log; what lies between is covered by the chain. Content stands in it by its hash only. Lines go to
a sink as they are written, so a log of any length takes the same memory.
"""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any, TypeVar

from actors import canonical_json
from actors.document_fields import check_keys, read_count, read_moment, read_plain, read_sha256
from actors.errors import ActorError, FormatError

MESSAGE_TYPE = "egov.message.v1"
ROUTE_TYPE = "egov.route.v1"
START = "0" * 64
"""What the first entry names as the hash of the one before."""

Signer = Callable[[bytes, int], bytes | None]
"""Signs octets as of a moment in microseconds; None where signatures are not computed."""


class LogClosed(ActorError):  # noqa: N818 - a state of affairs, not a defect
    """Say that the log has its last line."""

    sentence = "The message log is closed."


class ChainBroken(ActorError):  # noqa: N818 - a finding about a log, not a defect
    """Say that a log is not what a gateway wrote; *place* is the line and what is wrong with it."""

    sentence = "The message log does not hold together."


_Member = TypeVar("_Member", bound=StrEnum)


class Channel(StrEnum):
    """How a message is answered."""

    SYNC = "sync"
    ASYNC = "async"


class Kind(StrEnum):
    """What an entry of the log says."""

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingHeader:
    """From whom a message goes to whom, and what it carries, as *content_sha256* in hex.

    The hash is that of the document itself, not of its sealed form. Raises FormatError unless the names are
    plain ones and the hash is one.
    """

    channel: Channel
    sender: str
    receiver: str
    service: str
    content_sha256: str

    def __post_init__(self) -> None:
        """Refuse what the log could not be read with again."""
        route = _route(self)
        for key in ("from", "to", "svc"):
            read_plain(route, key)
        read_sha256(route, "sha256")

    def digest(self) -> bytes:
        """Return the hash that a sealed message is bound to."""
        return sha256(canonical_json.encode({"typ": ROUTE_TYPE} | _route(self))).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as read: *message* for all but the closing one, *header* for an accepted message."""

    kind: Kind
    number: int
    at_us: int
    previous: str
    message: str | None = None
    header: RoutingHeader | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The octets of an entry with the gateway's signature; *signature* None where none was computed."""

    octets: bytes
    signature: bytes | None


@dataclass(slots=True)
class MessageLog:
    """Write entries to *sink*, one line of octets at a time, each with its line feed.

    Entries keep the order of time: a moment before the last one's raises FormatError, and so does one that
    is not after the epoch. If the signer or the sink fails, the entry counts as not written.
    """

    sink: Callable[[bytes], object]
    _count: int = 0
    _head: str = START
    _last_us: int = 1
    _closed: bool = False

    def __len__(self) -> int:
        return self._count

    @property
    def head(self) -> str:
        """Return the hash of the last entry in hex, 64 zeros before the first."""
        return self._head

    @property
    def closed(self) -> bool:
        """Tell whether the log has its last line."""
        return self._closed

    def accept(self, message: str, header: RoutingHeader, at_us: int, sign: Signer) -> Receipt:
        """Note an accepted message, signed; raise LogClosed after the end."""
        return self._append(Kind.ACCEPTED, {"msg": message} | _route(header), at_us, sign)

    def deliver(self, message: str, at_us: int) -> None:
        """Note that the receiver has a message; raise LogClosed after the end."""
        self._append(Kind.DELIVERED, {"msg": message}, at_us, None)

    def close(self, at_us: int, sign: Signer) -> Receipt:
        """Write the last line, signed; raise LogClosed if it is there already."""
        receipt = self._append(Kind.CLOSED, {}, at_us, sign)
        self._closed = True
        return receipt

    def _append(self, kind: Kind, values: Mapping[str, str], at_us: int, sign: Signer | None) -> Receipt:
        if self._closed:
            raise LogClosed
        if at_us < self._last_us:
            raise FormatError("moment of a log entry")
        number = self._count + 1
        octets = canonical_json.encode(
            {
                "typ": MESSAGE_TYPE,
                "kind": kind.value,
                "seq": number,
                "at": at_us,
                "prev": self._head,
                **values,
            }
        )
        signature = None if sign is None else sign(octets, at_us)
        self.sink(_line(octets, signature))
        self._count, self._head, self._last_us = number, sha256(octets).hexdigest(), at_us
        return Receipt(octets, signature)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainSummary:
    """What a log that holds together says.

    *unsigned* counts entries that should be signed and have no signature; *under_way* lists the messages
    accepted and not delivered. A log that is not *closed* was cut off, or is still written.
    """

    entries: int
    head: str
    closed: bool
    accepted: int
    delivered: int
    unsigned: int
    under_way: tuple[str, ...]


def read_entry(octets: bytes) -> Entry:
    """Read one entry, such as a receipt; raise FormatError if it is not exactly one."""
    return _entry(canonical_json.decode(octets))


def verify_chain(
    lines: Iterable[bytes], is_signed: Callable[[bytes, bytes], bool] | None = None
) -> ChainSummary:
    """Read a log line by line and check that it holds together.

    *is_signed* judges the signature over an entry's octets; without it only the chain is checked. Raises
    ChainBroken with the line for any octet that is not as the gateway writes it, for a wrong number, hash,
    moment or signature, for a delivery of what is not under way, and for anything after the end.
    """
    chain = _Chain()
    for number, line in enumerate(lines, start=1):
        try:
            entry, octets, signature = _read_line(line)
            chain.take(entry, octets)
        except FormatError as error:
            raise ChainBroken(f"line {number}: {error.place}") from None
        if signature is None:
            chain.unsigned += entry.kind is not Kind.DELIVERED
        elif is_signed is not None and not is_signed(octets, signature):
            raise ChainBroken(f"line {number}: signature")
    return chain.summary()


@dataclass(slots=True)
class _Chain:
    head: str = START
    entries: int = 0
    last_us: int = 1
    closed: bool = False
    unsigned: int = 0
    delivered: int = 0
    known: set[str] = field(default_factory=set)
    under_way: dict[str, None] = field(default_factory=dict)

    def take(self, entry: Entry, octets: bytes) -> None:
        if self.closed:
            raise FormatError("after the end")
        if entry.number != self.entries + 1:
            raise FormatError("number")
        if entry.previous != self.head:
            raise FormatError("hash of the entry before")
        if entry.at_us < self.last_us:
            raise FormatError("moment")
        self._follow(entry)
        self.entries, self.head, self.last_us = entry.number, sha256(octets).hexdigest(), entry.at_us
        self.closed = entry.kind is Kind.CLOSED

    def summary(self) -> ChainSummary:
        return ChainSummary(
            entries=self.entries,
            head=self.head,
            closed=self.closed,
            accepted=len(self.known),
            delivered=self.delivered,
            unsigned=self.unsigned,
            under_way=tuple(self.under_way),
        )

    def _follow(self, entry: Entry) -> None:
        if entry.message is None:
            return
        if entry.kind is Kind.ACCEPTED:
            if entry.message in self.known:
                raise FormatError("message accepted twice")
            self.known.add(entry.message)
            self.under_way[entry.message] = None
        elif entry.message not in self.under_way:
            raise FormatError("delivery of what is not under way")
        else:
            del self.under_way[entry.message]
            self.delivered += 1


_COMMON_KEYS = frozenset({"typ", "kind", "seq", "at", "prev"})
_KEYS = {
    Kind.ACCEPTED: _COMMON_KEYS | {"msg", "channel", "from", "to", "svc", "sha256"},
    Kind.DELIVERED: _COMMON_KEYS | {"msg"},
    Kind.CLOSED: _COMMON_KEYS,
}


def _route(header: RoutingHeader) -> dict[str, str]:
    return {
        "channel": header.channel.value,
        "from": header.sender,
        "to": header.receiver,
        "svc": header.service,
        "sha256": header.content_sha256,
    }


def _line(octets: bytes, signature: bytes | None) -> bytes:
    # The entry's octets stand in the line as they were signed; keys and base64 need no escapes.
    value = b"null" if signature is None else b'"' + b64encode(signature) + b'"'
    return b'{"entry":' + octets + b',"signature":' + value + b"}\n"


def _read_line(line: bytes) -> tuple[Entry, bytes, bytes | None]:
    if not line.endswith(b"\n"):
        raise FormatError("end of the line")
    values = canonical_json.decode(line[:-1])
    if values.keys() != {"entry", "signature"} or not isinstance(values["entry"], dict):
        raise FormatError("keys of a line")
    entry = _entry(values["entry"])
    signature = _signature(values["signature"])
    if signature is not None and entry.kind is Kind.DELIVERED:
        raise FormatError("signature of a delivery")
    return entry, canonical_json.encode(values["entry"]), signature


def _entry(values: Mapping[str, Any]) -> Entry:
    kind = _member(Kind, values.get("kind"), "kind")
    check_keys(values, MESSAGE_TYPE, _KEYS[kind])
    return Entry(
        kind=kind,
        number=read_count(values, "seq"),
        at_us=read_moment(values, "at"),
        previous=read_sha256(values, "prev"),
        message=None if kind is Kind.CLOSED else read_plain(values, "msg"),
        header=_header(values) if kind is Kind.ACCEPTED else None,
    )


def _header(values: Mapping[str, Any]) -> RoutingHeader:
    return RoutingHeader(
        channel=_member(Channel, values["channel"], "channel"),
        sender=read_plain(values, "from"),
        receiver=read_plain(values, "to"),
        service=read_plain(values, "svc"),
        content_sha256=read_sha256(values, "sha256"),
    )


def _member(kind: type[_Member], value: object, key: str) -> _Member:
    if not isinstance(value, str) or value not in kind._value2member_map_:
        raise FormatError(f"value of {key}")
    return kind(value)


def _signature(value: object) -> bytes | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise FormatError("signature")
    try:
        signature = b64decode(value.encode(), validate=True)
    except binascii.Error:
        raise FormatError("signature") from None
    if b64encode(signature).decode() != value:  # spare bits of the last character
        raise FormatError("signature")
    return signature
