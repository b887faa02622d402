"""The gateway's message log as the judge reads it: a chain of entries, the gateway's receipts signed.

One line is one entry in canonical JSON with its signature. Each entry names the hash of the one before it,
the last one closes the log: what was changed, left out, put in or cut off shows. The reader takes one line
after the other and remembers of a message no more than a short form of its identifier.

Source: RFC 8785 for the idea of one form of JSON; the signatures are those of conformance.signed_data.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from cryptography import x509
from cryptography.x509.oid import NameOID, ObjectIdentifier

from conformance.answers import PASSED, Answer, because
from conformance.saved_documents import read_content, require_subject
from conformance.signed_data import (
    ODD_CERTIFICATE,
    SignedData,
    Unacceptable,
    read_signature,
    verify_signature,
)
from conformance.trust import Trust, Unsettled, require_chain, require_signing
from conformance.verdicts import Reason

MAX_LINE = 64 * 1024
MAX_ENTRIES = 2_000_000
MAX_SKEW_US = 60_000_000
"""How far a signing time may lie from the moment at which the gateway had the octets."""

_TYPE = "egov.message.v1"
_FIRST = "0" * 64
_SYSTEM = ObjectIdentifier("1.2.398.3.3.4.1.2.6")
_MAX_INTEGER = 2**53
_UNANSWERED = 0
_COMMON = {"typ", "seq", "kind", "at", "prev"}
_KEYS = {
    "accepted": _COMMON | {"msg", "channel", "from", "to", "svc", "sha256"},
    "delivered": _COMMON | {"msg"},
    "closed": _COMMON,
}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")
_HASH = re.compile(r"[0-9a-f]{64}")
_FORMS = {
    "msg": _NAME,
    "from": _NAME,
    "to": _NAME,
    "svc": _NAME,
    "channel": re.compile("sync|async"),
    "sha256": _HASH,
    "prev": _HASH,
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """A message as the gateway took it: between whom, the hash of its content, when.

    *proved* tells whether the gateway's signature on it verifies.
    """

    sender: str
    receiver: str
    sha256: str
    accepted_us: int
    proved: bool


@dataclass(slots=True)
class LogReading:
    """What was read of one log: the answer about it, and what was counted on the way."""

    answer: Answer = PASSED
    entries: int = 0
    messages: int = 0
    delivered: int = 0
    computed: int = 0


class _Broken(Exception):  # noqa: N818 - a finding, not an error of the program
    """Say why the log cannot be believed from here on."""

    def __init__(self, reason: Reason, cause: str) -> None:
        self.reason = reason
        super().__init__(cause)


@dataclass(frozen=True, slots=True)
class Gateway:
    """Whose signature the receipts must bear; *doubt* says why without *trust* nobody can tell."""

    bin: str
    trust: Trust | None
    doubt: str = ""


def read_message_log(
    file: BinaryIO,
    gateway: Gateway,
    heed: Callable[[Receipt], None],
    elsewhere: set[bytes] | None = None,
) -> LogReading:
    """Read and verify a log; *heed* hears of every message in turn, until the first thing that is wrong.

    *elsewhere* holds the messages of other logs, and gets those of this one: no message stands in two.
    """
    reader = _Reader(gateway, heed, set() if elsewhere is None else elsewhere)
    reading = reader.reading
    while line := file.readline(MAX_LINE + 1):
        number = reading.entries + 1
        if number > MAX_ENTRIES:
            reading.answer = because(Reason.BAD_INPUT, f"over {MAX_ENTRIES} entries, not read further")
            return reading
        if not line.endswith(b"\n") and len(line) <= MAX_LINE:
            reader.note(because(Reason.MISSING_END, "cut off"), number)
            break
        try:
            reader.take(line, number)
        except _Broken as broken:
            reading.answer = because(broken.reason, f"line {number}: {broken}")
            return reading
        except Unacceptable as cause:
            reading.answer = because(Reason.INVALID_SIGNATURE, f"line {number}: {cause}")
            return reading
        reading.entries = number
    reading.answer = reader.end()
    return reading


@dataclass(slots=True)
class _Reader:
    """Where the reading stands: the chain so far, the messages under way, the first thing left open."""

    gateway: Gateway
    heed: Callable[[Receipt], None]
    elsewhere: set[bytes]
    reading: LogReading = field(default_factory=LogReading)
    doubt: Answer | None = None
    previous: str = _FIRST
    at_us: int = 0
    closed: bool = False
    known: set[bytes] = field(default_factory=set)
    under_way: dict[bytes, int] = field(default_factory=dict)

    def take(self, line: bytes, number: int) -> None:
        """Take one line. Raises _Broken or Unacceptable."""
        entry, octets, signature = _parse(line)
        self._require_link(entry, number)
        doubt = _receipt_doubt(entry, octets, signature, self.gateway)
        if doubt is not None:
            self.note(doubt, number)
        match entry["kind"]:
            case "accepted":
                self._accept(entry, number)
                proved = doubt is None
                self.heed(Receipt(entry["from"], entry["to"], entry["sha256"], entry["at"], proved=proved))
            case "delivered":
                if self.under_way.pop(_short(entry["msg"]), None) is None:
                    raise _Broken(Reason.REPEATED, "a delivery of what is not under way")
                self.reading.delivered += 1
            case _:
                self.closed = True
        self.previous, self.at_us = hashlib.sha256(octets).hexdigest(), entry["at"]

    def note(self, doubt: Answer, number: int) -> None:
        """Count what cannot be told, and keep the first such thing."""
        self.reading.computed += doubt.reason is Reason.SIGNATURE_NOT_COMPUTED
        if self.doubt is None:
            self.doubt = doubt._replace(detail=f"line {number}: {doubt.detail}")

    def end(self) -> Answer:
        """Return the answer about a log that was read to its end."""
        if not self.closed:
            cut = "no closing entry: the log was cut off, or is still being written"
            return self.doubt or because(Reason.MISSING_END, cut)
        # Whoever calls waits for the answer and knows that there was none; what is sent must arrive.
        lost = sorted(line for line in self.under_way.values() if line != _UNANSWERED)
        if lost:
            undelivered = f"{len(lost)} sent but never delivered, the first in line {lost[0]}"
            return because(Reason.MISSING_STEP, undelivered)
        return self.doubt or PASSED

    def _require_link(self, entry: dict[str, Any], number: int) -> None:
        if self.closed:
            raise _Broken(Reason.BAD_ORDER, "an entry after the closing one")
        if entry["seq"] != number:
            raise _Broken(Reason.BAD_ORDER, "the entries are not numbered one after the other")
        if entry["prev"] != self.previous:
            raise _Broken(Reason.MISMATCH, "the entry before this one is not the one that was there")
        if entry["at"] < self.at_us:
            raise _Broken(Reason.BAD_ORDER, "earlier than the entry before it")

    def _accept(self, entry: dict[str, Any], number: int) -> None:
        message = _short(entry["msg"])
        if message in self.known:
            raise _Broken(Reason.NOT_UNIQUE, "an identifier that another message has")
        # Each play of a simulation numbers its messages anew, so the content belongs to it as well.
        everywhere = _short(f"{entry['msg']} {entry['sha256']}")
        if everywhere in self.elsewhere:
            raise _Broken(Reason.NOT_UNIQUE, "a message that another log holds")
        self.elsewhere.add(everywhere)
        self.known.add(message)
        self.under_way[message] = _UNANSWERED if entry["channel"] == "sync" else number
        self.reading.messages += 1


def _parse(line: bytes) -> tuple[dict[str, Any], bytes, str | None]:
    """Return the entry, its octets and its signature. Raises Unacceptable for any other form."""
    if len(line) > MAX_LINE:
        raise Unacceptable(f"format: over {MAX_LINE} octets")
    body = line[:-1]
    values = read_content(body)
    if set(values) != {"entry", "signature"} or _canonical(values) != body:
        raise Unacceptable("format: not the one form of a line")
    entry, signature = values["entry"], values["signature"]
    if not isinstance(entry, dict) or set(entry) != _KEYS.get(str(entry.get("kind"))):
        raise Unacceptable("format: not an entry of a message log")
    for name, form in _FORMS.items():
        if name in entry and not (isinstance(entry[name], str) and form.fullmatch(entry[name])):
            raise Unacceptable(f"format: {name}")
    for name in ("seq", "at"):
        if type(entry[name]) is not int or not 0 < entry[name] < _MAX_INTEGER:
            raise Unacceptable(f"format: {name}")
    if entry["typ"] != _TYPE or not (signature is None or isinstance(signature, str)):
        raise Unacceptable("format: not an entry of a message log")
    return entry, _canonical(entry), signature


def _canonical(value: dict[str, Any]) -> bytes:
    try:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text.encode()
    except (ValueError, RecursionError):  # half of a surrogate pair
        raise Unacceptable("format: not the one form of a line") from None


def _short(message: str) -> bytes:
    """Return a fixed short form of an identifier, so that long ones cost no memory."""
    return hashlib.sha256(message.encode()).digest()[:16]


def _receipt_doubt(
    entry: dict[str, Any], octets: bytes, signature: str | None, gateway: Gateway
) -> Answer | None:
    """Verify the gateway's signature where there must be one; return why it cannot be told, or None."""
    if entry["kind"] == "delivered":
        if signature is not None:
            raise Unacceptable("format: a signature where none belongs")
        return None
    if signature is None:
        return because(Reason.SIGNATURE_NOT_COMPUTED, "no signature was computed")
    signed = read_signature(_from_base64(signature))
    verify_signature(signed, octets)
    _require_gateway(signed, gateway.bin)
    require_near(signed.signing_time_us, entry["at"])
    if gateway.trust is None:
        return because(Reason.INDETERMINATE_SIGNATURE, gateway.doubt)
    try:
        require_chain(signed.certificate, gateway.trust, entry["at"])
    except Unsettled as cause:
        return because(Reason.INDETERMINATE_SIGNATURE, str(cause))
    return None


def require_near(signing_time_us: int | None, accepted_us: int) -> None:
    """Require that nobody claims to have signed after the gateway had the octets. Raises Unacceptable."""
    if signing_time_us is not None and signing_time_us > accepted_us + MAX_SKEW_US:
        raise Unacceptable("time: signed after the gateway had it, as the signer says")


def _from_base64(text: str) -> bytes:
    try:
        octets = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise Unacceptable("format: not base64") from None
    if base64.b64encode(octets).decode() != text:  # the last character can hold bits that mean nothing
        raise Unacceptable("format: not base64 in its one form")
    return octets


def _require_gateway(signed: SignedData, bin_: str) -> None:
    """Require a certificate for signing, of an information system, of the gateway's organisation."""
    require_signing(signed.certificate)
    try:
        extended = signed.certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, *ODD_CERTIFICATE):
        raise Unacceptable("certificate: unreadable") from None
    if _SYSTEM not in extended:
        raise Unacceptable("usage: not a certificate of an information system")
    require_subject(signed, NameOID.ORGANIZATIONAL_UNIT_NAME, "BIN", bin_)
