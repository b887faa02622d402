"""The e-government portal (ЭҮП, ПЭП): accounts, sessions, forms, condition C2, status screen, results.

Source: paragraphs 2, 12(1)-(8), 14, 15. The portal is handed every moment; it owns no clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from actors import iin as personal_number
from actors.attachments import check_attachments
from actors.checks_under_way import mark_of
from actors.conduct import PortalConduct
from actors.envelopes import Request, SignedDocument, read_request
from actors.errors import ActorError, FormatError
from actors.policy import SignatureRules
from actors.portal_store import PortalStore, Record, Status, UnknownRequest
from actors.schedule import Schedule, Slot, SlotState
from actors.signing import Verifier
from actors.validation import PASSED, Decision, RequestFacts, decide_request, disbelieved

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


class NotAccepted(ActorError):  # noqa: N818 - a state of affairs, not a defect
    """Say that condition C2 has not passed the very octets that are sent."""

    sentence = "The request has not passed the check of its signature."


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


@dataclass(slots=True, repr=False)
class Portal:
    """Serve citizens; *verifier* is what condition C2 relies on, *store* what a restart keeps.

    *providers* are the BINs to which a request can go, None: any. Sessions are lost in a restart.
    """

    verifier: Verifier
    store: PortalStore
    conduct: PortalConduct = field(default_factory=PortalConduct)
    providers: frozenset[str] | None = None
    _sessions: dict[str, _Session] = field(default_factory=dict)

    def restarted(self) -> "Portal":
        """Return the portal as it is after a restart: with its store, read again, without its memory."""
        return Portal(self.verifier, self.store.reopened(), self.conduct, self.providers)

    def sign_up(self, iin: str, password: str, salt: bytes) -> None:
        """Open an account for a consumer who has none (paragraph 12(1)).

        Raises InvalidNumber if *iin* is none, AlreadySignedUp if it has an account.
        """
        self.store.accounts.sign_up(personal_number.validate(iin), password, salt)

    def authorise(self, iin: str, password: str, token: str, now_us: int) -> Login:
        """Check login and password (condition C1) and open a session named *token* if they are right.

        The answer to an unknown login is that to a wrong password.
        """
        verified = self.store.accounts.check(iin, password)
        conduct = self.conduct
        if not verified and conduct.refuses_bad_logins and conduct.stops_after_refusals:
            return Login(verified, None)
        while self._sessions and next(iter(self._sessions.values())).until_us < now_us:
            del self._sessions[next(iter(self._sessions))]
        self._sessions.pop(token, None)
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

    def check_signature(
        self,
        session: str,
        document: SignedDocument,
        now_us: int,
        files: Mapping[str, bytes] | None = None,
    ) -> Decision:
        """Judge condition C2 on the signed request with its attached *files* (paragraph 12(6), ASSUME-34).

        Period, revocation and identity are the act's checks; issuer and signature value are needed in
        practice (D-85), freshness and replay as soon as the request travels. What was accepted before passes
        again: it is the same request. Raises NoSession; a hostile document gets a decision like any other.
        """
        iin = self._iin(session, now_us)
        facts, request = self._request_facts(document, iin)
        if request is not None and self._was_accepted(request, document, iin):
            return PASSED
        received_us = self.receive(session, document, now_us)
        signature = self.verifier.facts(
            document,
            expected_iin=iin if request is None else request.iin,
            moment_us=received_us,
            checked_us=now_us,
        )
        policy = self.conduct.validation
        decision = decide_request(signature, facts, policy, received_us, checked_us=now_us)
        if decision.passed and request is not None and not self._are_fit(request, files or {}):
            facts = replace(facts, attachments_ok=False)
            decision = decide_request(signature, facts, policy, received_us, checked_us=now_us)
        if not self.conduct.believes_valid_signatures:
            decision = disbelieved(decision)
        goes_on = decision.passed or not (
            self.conduct.stops_after_refusals and self.conduct.heeds_condition_2
        )
        if goes_on or decision.try_later:
            self.store.checks.settle(iin, mark_of(document), request if goes_on else None)
        else:
            self.store.checks.end(iin, mark_of(document))
        return decision

    def receive(self, session: str, document: SignedDocument, now_us: int) -> int:
        """Note that a document has come, and return when it came first.

        However long the check takes, however often it is repeated, and whatever happens to the portal in
        between, this is the moment that it judges. Raises NoSession.
        """
        return self.store.checks.receive(self._iin(session, now_us), mark_of(document), now_us).received_us

    def submit(self, session: str, document: SignedDocument, term: str, now_us: int) -> Submission:
        """Take a request that C2 has passed; the same document again gives the same submission.

        *term* is the service term shown on the status screen. That the request was accepted is written down
        before this returns. Raises NoSession; NotAccepted for what C2 did not pass, and for another document
        under a known identifier or nonce: these name one request for ever.
        """
        iin = self._iin(session, now_us)
        mark = mark_of(document)
        check = self.store.checks.find(iin, mark)
        passed = None if check is None else check.passed
        request = _readable(document) if passed is None else passed
        if request is None or self._is_foreign(request, iin):
            raise NotAccepted
        known, digest = self.store.records.get(request.id), document.sha256
        if known is not None and known.document.octets == document.octets:
            if passed is None and known.document != document:  # good octets under an unknown signature
                raise NotAccepted
            self.store.checks.end(iin, mark)
            return Submission(request, repeated=True)
        if check is None or passed is None:
            raise NotAccepted
        taken = self.store.seen.is_taken(request, digest) and self.conduct.validation.check_replay
        if taken or known is not None:
            self.store.checks.end(iin, mark)
            raise NotAccepted
        until_us = request.issued_at_us + self.conduct.validation.rules.replay_window_us
        self.store.seen.accept(request, digest, until_us)
        self.store.checks.end(iin, mark)
        self.store.records[request.id] = Record(request, document, Status.SENT, term, check.received_us)
        return Submission(request, repeated=False)

    def archive(self, before_us: int) -> None:
        """Put away answered requests received before *before_us*, and nonces that could not be fresh.

        A document under check is judged as of its receipt, so nothing is forgotten that it could repeat; a
        check that nobody has asked for in a day is no longer one.
        """
        self.store.archive(before_us)

    def note_registration(self, request_id: str, number: str) -> None:
        """Show the number that the workstation gave; raise UnknownRequest for what was never sent."""
        record = self.store.record(request_id)
        self.store.records[request_id] = replace(record, number=number, status=Status.REGISTERED)

    def deliver(self, request_id: str, result: SignedDocument, *, refused: bool) -> None:
        """Put the provider's answer into the citizen's personal cabinet; raise UnknownRequest as above."""
        status = Status.REFUSED if refused else Status.COMPLETED
        record = self.store.record(request_id)
        self.store.records[request_id] = replace(record, result=result, status=status)

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

    def _was_accepted(self, request: Request, document: SignedDocument, iin: str) -> bool:
        known = self.store.records.get(request.id)
        return known is not None and known.document == document and known.request.iin == iin

    def _are_fit(self, request: Request, files: Mapping[str, bytes]) -> bool:
        """Say whether the attached files may be passed on; they are opened for nobody without a signature."""
        return check_attachments(request.docs, files, self.conduct.validation.rules.attachments) is None

    def _request_facts(self, document: SignedDocument, iin: str) -> tuple[RequestFacts, Request | None]:
        rules = self.conduct.validation.rules
        size_ok = len(document.octets) <= rules.max_request_octets
        request = _readable(document) if size_ok else None
        if request is None:
            return _unreadable_request(size_ok=size_ok), None
        facts = RequestFacts(
            size_ok=True,
            envelope_ok=True,
            iin_well_formed=_is_well_formed(request.iin, rules),
            is_account_holder=not self._is_foreign(request, iin),
            provider_competent=self.providers is None or request.provider in self.providers,
            attachments_ok=True,
            issued_at_us=request.issued_at_us,
            expires_at_us=request.expires_at_us,
            seen_before=self.store.seen.is_taken(request, document.sha256),
        )
        return facts, request

    def _is_foreign(self, request: Request, iin: str) -> bool:
        return request.iin != iin and self.conduct.validation.check_identity

    def _own(self, request_id: str, iin: str) -> Record:
        record = self.store.record(request_id)
        if record.request.iin != iin:
            raise UnknownRequest
        return record


def _is_well_formed(iin: str, rules: SignatureRules) -> bool:
    """Say whether *iin* is a number as it has to be written, without separators."""
    known = personal_number.is_valid(iin, accept_unknown_sex=rules.accept_unknown_sex)
    return known and personal_number.compact(iin) == iin


def _readable(document: SignedDocument) -> Request | None:
    try:
        return read_request(document.octets)
    except FormatError:
        return None


def _unreadable_request(*, size_ok: bool) -> RequestFacts:
    return RequestFacts(
        size_ok=size_ok,
        envelope_ok=False,
        iin_well_formed=False,
        is_account_holder=False,
        provider_competent=False,
        attachments_ok=False,
        issued_at_us=0,
        expires_at_us=0,
        seen_before=False,
    )
