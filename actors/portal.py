"""The e-government portal (ЭҮП, ПЭП): accounts, sessions, forms, condition C2, status screen, results.

Source: paragraphs 2, 12(1)-(8), 14, 15. The portal is handed every moment; it owns no clock.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from actors import iin as personal_number
from actors.accounts import AccountBook
from actors.certificate import CertificateCache
from actors.conduct import PortalConduct
from actors.envelopes import Request, SignedDocument, read_request
from actors.errors import ActorError, FormatError
from actors.schedule import Schedule, Slot, SlotState
from actors.validation import (
    Decision,
    RevocationList,
    TrustAnchors,
    decide,
    gather_facts,
    identity_mismatch,
    malformed_document,
)

SESSION_US = 30 * 60 * 1_000_000

FORM_FIELDS = {
    "doctor-home-call": ("surname", "address", "phone", "complaint"),
    "doctor-appointment": ("surname", "phone", "slot"),
    "clinic-attachment": ("surname", "address", "phone"),
}
"""What the request form of each service asks for; the IIN comes from the account (14(4))."""


class NoSession(ActorError):  # noqa: N818 - a state of affairs, not a defect
    """Say that a session is unknown or over."""

    sentence = "The session is unknown or over."


class UnknownService(ActorError):  # noqa: N818 - a state of affairs, not a defect
    """Say that the portal offers no such service."""

    sentence = "The portal offers no such service."


class UnknownRequest(ActorError):  # noqa: N818 - a state of affairs, not a defect
    """Say that a person has no such request, or none that is answered; another's is as unknown as none."""

    sentence = "There is no such request."


class Status(StrEnum):
    """What the status screen says of a request. Source: ASSUME-26; the act names no list."""

    SENT = "SENT"
    REGISTERED = "REGISTERED"
    REFUSED = "REFUSED"
    COMPLETED = "COMPLETED"


@dataclass(frozen=True, slots=True)
class Login:
    """The answer to a login: what condition C1 found, and the session if one was opened."""

    verified: bool
    session: str | None


@dataclass(frozen=True, slots=True, repr=False)
class Submission:
    """An accepted request; *repeated* if the same octets had been accepted before."""

    request: Request
    repeated: bool


@dataclass(frozen=True, slots=True)
class SlotChoice:
    """What happened when a citizen chose a slot: it was free, and it is now held."""

    slot: str
    was_free: bool
    held: bool


@dataclass(frozen=True, slots=True, repr=False)
class _Session:
    iin: str
    until_us: int


@dataclass(frozen=True, slots=True, repr=False)
class _Record:
    request: Request
    octets: bytes
    status: Status
    term: str
    number: str | None = None
    result: SignedDocument | None = None


@dataclass(slots=True, repr=False)
class Portal:
    """Serve citizens; *trust* and *revocation* are what condition C2 relies on."""

    accounts: AccountBook
    trust: TrustAnchors
    revocation: RevocationList | None
    conduct: PortalConduct = field(default_factory=PortalConduct)
    cache: CertificateCache = field(default_factory=CertificateCache)
    _sessions: dict[str, _Session] = field(default_factory=dict)
    _records: dict[str, _Record] = field(default_factory=dict)

    def sign_up(self, iin: str, password: str, salt: bytes) -> None:
        """Open an account for a consumer who has none (paragraph 12(1)).

        Raises InvalidNumber if *iin* is none, AlreadySignedUp if it has an account.
        """
        self.accounts.sign_up(personal_number.validate(iin), password, salt)

    def authorise(self, iin: str, password: str, token: str, now_us: int) -> Login:
        """Check login and password (condition C1) and open a session named *token* if they are right.

        The answer to an unknown login is that to a wrong password.
        """
        verified = self.accounts.check(iin, password)
        if not verified and self.conduct.refuses_bad_logins:
            return Login(verified, None)
        self._sessions[token] = _Session(iin, now_us + SESSION_US)
        return Login(verified, token)

    def open_form(self, session: str, service: str, now_us: int) -> tuple[str, ...]:
        """Return the fields of the request form of *service* (paragraph 12(5)).

        Raises NoSession without a session, UnknownService for a service that is not offered.
        """
        self._iin(session, now_us)
        if service not in FORM_FIELDS:
            raise UnknownService
        return FORM_FIELDS[service]

    def offer_slots(self, schedule: Schedule, now_us: int) -> tuple[Slot, ...]:
        """Return the slots a citizen may choose from, the first one first (paragraph 9)."""
        if self.conduct.offers_only_free_slots:
            return schedule.free_slots(now_us)
        return schedule.slots

    def choose_slot(
        self, session: str, schedule: Schedule, slot: str, holder: str, now_us: int
    ) -> SlotChoice:
        """Hold *slot* for the request *holder* for a while (ASSUME-31)."""
        self._iin(session, now_us)
        was_free = schedule.state(slot, now_us) is SlotState.FREE
        return SlotChoice(slot, was_free, schedule.hold(slot, holder, now_us))

    def check_signature(self, session: str, document: SignedDocument, now_us: int) -> Decision:
        """Judge condition C2 on the signed request (paragraph 12(6), ASSUME-34).

        Period, revocation and identity are the act's checks; issuer and signature value are needed in
        practice (D-85). A person can only send what carries the number of the account. Raises NoSession;
        a hostile document gets a decision like any other.
        """
        iin = self._iin(session, now_us)
        try:
            request = read_request(document.octets)
        except FormatError:
            return malformed_document()
        facts = gather_facts(
            document.octets,
            document.signature or b"",
            self.trust,
            self.revocation,
            expected_iin=request.iin,
            moment_us=now_us,
            cache=self.cache,
        )
        decision = decide(facts, self.conduct.validation, now_us)
        if decision.passed and self._is_foreign(request, iin):
            return identity_mismatch()
        return decision

    def submit(self, session: str, document: SignedDocument, term: str, now_us: int) -> Submission:
        """Take a request that C2 has passed; the same octets again give the same submission.

        *term* is the service term shown on the status screen. Raises NoSession; FormatError for what is no
        request, for a request of somebody else, and for another document under a known identifier: an
        identifier names one request for ever.
        """
        iin = self._iin(session, now_us)
        request = read_request(document.octets)
        if self._is_foreign(request, iin):
            raise FormatError("number of the person")
        known = self._records.get(request.id)
        if known is not None and known.octets != document.octets:
            raise FormatError("identifier of the request")
        if known is None:
            self._records[request.id] = _Record(request, document.octets, Status.SENT, term)
        return Submission(request, repeated=known is not None)

    def note_registration(self, request_id: str, number: str) -> None:
        """Show the number that the workstation gave; raise UnknownRequest for what was never sent."""
        record = self._record(request_id)
        self._records[request_id] = replace(record, number=number, status=Status.REGISTERED)

    def deliver(self, request_id: str, result: SignedDocument, *, refused: bool) -> None:
        """Put the provider's answer into the citizen's personal cabinet; raise UnknownRequest as above."""
        status = Status.REFUSED if refused else Status.COMPLETED
        self._records[request_id] = replace(self._record(request_id), result=result, status=status)

    def status_screen(self, session: str, request_id: str, now_us: int) -> dict[str, str]:
        """Return what the status screen shows: the fields of paragraph 14(8) and the button for results.

        Raises NoSession, and UnknownRequest for what the person did not send.
        """
        iin = self._iin(session, now_us)
        record = self._own(request_id, iin)
        shown = {
            "iin": record.request.iin,
            "number": record.number or "",
            "service": record.request.service,
            "status": record.status.value,
            "term": record.term,
        }
        screen = {name: shown[name] for name in self.conduct.screen_fields}
        if record.result is not None:
            screen["view_results"] = "shown"
        return screen

    def open_result(self, session: str, request_id: str, now_us: int) -> SignedDocument:
        """Return the answer to the person's own request (paragraph 15).

        Raises NoSession, and UnknownRequest for what the person did not send or what is not answered yet.
        """
        result = self._own(request_id, self._iin(session, now_us)).result
        if result is None:
            raise UnknownRequest
        return result

    def _iin(self, session: str, now_us: int) -> str:
        known = self._sessions.get(session)
        if known is None or known.until_us < now_us:
            raise NoSession
        return known.iin

    def _is_foreign(self, request: Request, iin: str) -> bool:
        return request.iin != iin and self.conduct.validation.check_identity

    def _record(self, request_id: str) -> _Record:
        if request_id not in self._records:
            raise UnknownRequest
        return self._records[request_id]

    def _own(self, request_id: str, iin: str) -> _Record:
        record = self._record(request_id)
        if record.request.iin != iin:
            raise UnknownRequest
        return record
