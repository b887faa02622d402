"""What the portal keeps in a restart: accounts, requests with their answers, nonces, checks under way."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from actors.accounts import AccountBook
from actors.checks_under_way import ChecksUnderWay
from actors.envelopes import Request, SignedDocument
from actors.errors import ActorError
from actors.seen_requests import SeenRequests


class UnknownRequest(ActorError):  # noqa: N818 - a state of affairs, not a defect
    """Say that a person has no such request, or none that is answered; another's is as unknown as none."""

    sentence = "There is no such request."


class Status(StrEnum):
    """What the status screen says of a request. Source: ASSUME-26; the act names no list."""

    SENT = "SENT"
    REGISTERED = "REGISTERED"
    REFUSED = "REFUSED"
    COMPLETED = "COMPLETED"


@dataclass(frozen=True, slots=True, repr=False)
class Record:
    """A request with its state; *received_us* is when it came first, *term* the promised day."""

    request: Request
    document: SignedDocument
    status: Status
    term: str
    received_us: int
    number: str | None = None
    result: SignedDocument | None = None


@dataclass(slots=True, repr=False)
class PortalStore:
    """The portal's lasting state."""

    accounts: AccountBook
    seen: SeenRequests = field(default_factory=SeenRequests)
    records: dict[str, Record] = field(default_factory=dict)
    checks: ChecksUnderWay = field(default_factory=ChecksUnderWay)

    def reopened(self) -> "PortalStore":
        """Return the store as a restarted portal finds it: the journal tells which nonces are taken."""
        return replace(self, seen=SeenRequests(self.seen.journal))

    def record(self, request_id: str) -> Record:
        """Return the record of a request; raise UnknownRequest if it was never sent."""
        if request_id not in self.records:
            raise UnknownRequest
        return self.records[request_id]

    def archive(self, before_us: int) -> None:
        """Put away answered requests received before *before_us*, and nonces that could not be fresh.

        Nothing goes that a document still under check could repeat, and no request whose nonce is still
        remembered: its repetition gets the same answer. Only the oldest are looked at, so this costs little.
        """
        self.checks.abandon(before_us)
        oldest_us = self.checks.oldest_us()
        before_us = before_us if oldest_us is None else min(before_us, oldest_us)
        self.seen.forget(before_us)
        while self.records:
            request_id, record = next(iter(self.records.items()))
            if record.received_us >= before_us or record.result is None or self.seen.holds(record.request):
                return
            del self.records[request_id]
