"""What the portal keeps when it is restarted: accounts, requests with their answers, accepted nonces."""

from dataclasses import dataclass, field
from enum import StrEnum

from actors.accounts import AccountBook
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

    def record(self, request_id: str) -> Record:
        """Return the record of a request; raise UnknownRequest if it was never sent."""
        if request_id not in self.records:
            raise UnknownRequest
        return self.records[request_id]

    def archive(self, before_us: int) -> None:
        """Put away answered requests received before *before_us*, and nonces that could not be fresh.

        Only the oldest ones are looked at, so that this costs little however often it is called.
        """
        self.seen.forget(before_us)
        while self.records:
            request_id, record = next(iter(self.records.items()))
            if record.received_us >= before_us or record.result is None:
                return
            del self.records[request_id]
