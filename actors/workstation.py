"""The provider's workstation (АЖО, АРМ): registers requests, verifies them again, answers them.

Source: paragraphs 12(9)-(12) and 13(1)-(10); the number's format is ASSUME-26 and declared fictional.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import msgspec

from actors.accounts import AccountBook
from actors.certificate import Credential, Role
from actors.conduct import WorkstationConduct
from actors.envelopes import ISSUED, REFUSED, Request, Result, SignedDocument, read_request
from actors.errors import ActorError, FormatError
from actors.health_is import RenderedService
from actors.provider import (
    BOOKING_JOURNAL,
    CALL_JOURNAL,
    CUTOFF_MISSED,
    OK,
    SLOT_TAKEN,
    Clinic,
    JournalLine,
    Provider,
)
from actors.signing import Signer, Verifier
from actors.validation import Decision, Facts, decide, disbelieved

SERVICE_DIGITS = {"doctor-home-call": "1", "doctor-appointment": "2", "clinic-attachment": "3"}
OTHER_SERVICE_DIGIT = "0"

_DOCUMENTS = {
    "doctor-home-call": "home-call-certificate",
    "doctor-appointment": "appointment-certificate",
    "clinic-attachment": "attachment-talon",
}


class NotRegistered(ActorError):  # noqa: N818 - a state of affairs, not a defect
    """Say that no request is registered under a number."""

    sentence = "No request is registered under this number."


@dataclass(frozen=True, slots=True, repr=False)
class Registration:
    """A registered request; *repeated* if the same request had a number already.

    *accepted_us* is when the gateway took it, proven by its receipt.
    """

    number: str
    request: Request
    document: SignedDocument
    repeated: bool
    accepted_us: int | None = None


@dataclass(slots=True, repr=False)
class Workstation:
    """Work for one provider.

    *credential* is the provider's signing key; *other_key*, a foreign one, and *employee_key*, one without
    the right to sign for the provider, are used by faults alone.
    """

    provider: Provider
    credential: Credential
    signer: Signer
    verifier: Verifier
    accounts: AccountBook
    other_key: Credential | None = None
    employee_key: Credential | None = None
    conduct: WorkstationConduct = field(default_factory=WorkstationConduct)
    _registrations: dict[str, Registration] = field(default_factory=dict)
    _numbers: dict[str, str] = field(default_factory=dict)
    _last: int = 0

    @property
    def clinic(self) -> Clinic:
        """Return the clinic that works here."""
        return self.provider.clinic

    def log_in(self, employee: str, password: str) -> bool:
        """Check an employee's password (paragraph 13(1)); the act gives a wrong one no branch (D-25)."""
        return self.accounts.check(employee, password)

    def register(self, document: SignedDocument, yymmdd: str, accepted_us: int | None = None) -> Registration:
        """Give a request its number; the same request again gets the same one.

        Where the first one came with a broken signature and this one has another, this one is examined: a
        forgery that is faster must not cost the citizen the service.

        *yymmdd* is the local day, *accepted_us* when the gateway took the request, None if none did. A
        request for a service that is not rendered here is registered too: it is owed a reasoned refusal.
        Raises FormatError if the document is not a request.
        """
        request = read_request(document.octets)
        known = self._numbers.get(document.sha256)
        if known is not None and self.conduct.registers_once:
            first = self._registrations[known]
            if first.document != document and self._is_forged(first):
                first = self._registrations[known] = replace(
                    first, document=document, accepted_us=accepted_us
                )
            return replace(first, repeated=True)
        if self.conduct.numbers_are_new or self._last == 0:
            self._last += 1
        digit = SERVICE_DIGITS.get(request.service, OTHER_SERVICE_DIGIT)
        number = f"{digit}{yymmdd}{self._last:07d}"
        registration = Registration(number, request, document, repeated=False, accepted_us=accepted_us)
        self._registrations[number] = registration
        self._numbers[document.sha256] = number
        return registration

    def verify(self, number: str, now_us: int, *, by_employee: bool) -> Decision:
        """Verify the signature of a registered request again.

        Its certificate has to be in its period when the gateway took the request, so that no delay costs the
        citizen the service; what is revoked by *now_us* is refused. On the provider path the employee signs,
        so the certificate must carry the clinic's BIN.
        """
        return self._verify(number, now_us, by_employee=by_employee)[0]

    def check_grounds(  # noqa: PLR0913 - what an examination of a request rests on
        self,
        number: str,
        now_us: int,
        *,
        by_employee: bool,
        vouched_name: str | None,
        late: bool,
        note: Callable[[Decision], None] | None = None,
    ) -> str:
        """Check the grounds of a registered request (C3, K2): ``ok`` or a reason code.

        *vouched_name* is the person's name as the state registry has it, where it was asked; otherwise
        the certificate's. *late* says that the request arrived after the cut-off of paragraph 9. *note* hears
        what the verification of the signature found. A slot is given for good at this moment: between a check
        and a later gift another person could get it.
        """
        registration = self._registration(number)
        name = vouched_name
        if self.conduct.verifies_again:
            decision, facts = self._verify(number, now_us, by_employee=by_employee)
            if not self.conduct.believes_valid_signatures:
                decision = disbelieved(decision)
            if note is not None:
                note(decision)
            if not decision.passed:
                return decision.reason
            if not by_employee and facts.certificate is not None:
                name = facts.certificate.common_name
        if late and self.conduct.keeps_cutoff:
            return CUTOFF_MISSED
        reason = self.provider.grounds(registration.request, name, now_us)
        if reason == SLOT_TAKEN and not self.conduct.confirms_only_free_slots:
            return OK
        slot = self.slot_for(number)
        if reason == OK and slot is not None:
            self.provider.schedule.take(slot, registration.request.id, now_us)
        return reason

    def issue(self, number: str, now_us: int) -> SignedDocument:
        """Render the service and sign the result (paragraphs 8(1), 12(12)).

        The grounds must have been checked. Raises FormatError for a service that is not rendered here.
        """
        registration = self._registration(number)
        content = self._render(registration, now_us)
        return self._answer(registration, ISSUED, None, content, now_us)

    def refuse(self, number: str, reason: str, now_us: int) -> SignedDocument:
        """Sign a reasoned refusal (paragraphs 8(2), 12(11))."""
        registration = self._registration(number)
        self.provider.schedule.release(registration.request.id)
        stated = reason if self.conduct.states_reasons else None
        return self._answer(registration, REFUSED, stated, {}, now_us)

    def enter_in_journal(self, number: str, promise: str, now_us: int) -> JournalLine:
        """Write a home call or an appointment into its journal (paragraph 13(10))."""
        service = self._registration(number).request.service
        journal = CALL_JOURNAL if service == "doctor-home-call" else BOOKING_JOURNAL
        return self.provider.write(journal, number, promise, now_us)

    def slot_for(self, number: str) -> str | None:
        """Return the slot a registered request gets, None where the service has none."""
        request = self._registration(number).request
        if request.service != "doctor-appointment":
            return None
        chosen = request.form.get("slot", "")
        if self.conduct.keeps_chosen_slot:
            return chosen
        return next((slot.id for slot in self.provider.schedule.slots if slot.id != chosen), chosen)

    def stated_number(self, number: str) -> str:
        """Return the number that an answer bears: that of the request."""
        return number if self.conduct.keeps_numbers else f"{number}0"

    def archive(self, before_us: int) -> None:
        """Put away the requests that were taken before *before_us*.

        The same request again would get a new number: put nothing away before its answer, or as long as the
        portal can pass it again.
        """
        past = [one for one in self._registrations.values() if _taken_us(one) < before_us]
        for registration in past:
            del self._registrations[registration.number]
            self._numbers.pop(registration.document.sha256, None)

    def _render(self, registration: Registration, now_us: int) -> dict[str, str]:
        request = registration.request
        if request.service not in _DOCUMENTS:
            raise FormatError("service")
        content = {"document": _DOCUMENTS[request.service]}
        slot = self.slot_for(registration.number)
        if slot is not None:
            if not self.provider.schedule.take(slot, request.id, now_us):
                self.provider.schedule.seize(slot, request.id)  # reached only by a faulty conduct
            return content | {"slot": slot}
        if request.service == "clinic-attachment":
            self.provider.health_is.attach(request.iin, self.clinic.code)
            return content | {"clinic": self.clinic.name}
        return content | {"address": request.form.get("address", "")}

    def _answer(
        self,
        registration: Registration,
        outcome: str,
        reason: str | None,
        content: dict[str, str],
        now_us: int,
    ) -> SignedDocument:
        request = registration.request
        bound = registration.document.sha256 if self.conduct.binds_result_to_request else "0" * 64
        result = Result(
            request_id=request.id,
            request_sha256=bound,
            service=request.service,
            provider=self.clinic.bin,
            registration_number=registration.number,
            outcome=outcome,
            reason=reason,
            issued_at_us=now_us,
            content=content,
        )
        self.provider.health_is.report(
            RenderedService(request.service, self.clinic.code, registration.number, outcome, now_us)
        )
        octets = result.octets()
        if not self.conduct.signs_results:
            return SignedDocument(octets, None)
        key = self._signing_key()
        return self.signer.sign(octets, key, now_us, always_real=key is not self.credential)

    def _signing_key(self) -> Credential:
        if not self.conduct.signs_with_own_key and self.other_key is not None:
            return self.other_key
        if not self.conduct.signs_with_right and self.employee_key is not None:
            return self.employee_key
        return self.credential

    def _is_forged(self, registration: Registration) -> bool:
        """Say whether nobody who may sign such a request has; a check that cannot be made proves nothing."""
        now_us = _taken_us(registration)
        found = [self._examine(registration, now_us, by_employee=by)[0] for by in (False, True)]
        return not any(decision.passed or decision.try_later for decision in found)

    def _verify(self, number: str, now_us: int, *, by_employee: bool) -> tuple[Decision, Facts]:
        return self._examine(self._registration(number), now_us, by_employee=by_employee)

    def _examine(
        self, registration: Registration, now_us: int, *, by_employee: bool
    ) -> tuple[Decision, Facts]:
        moment_us = now_us if registration.accepted_us is None else registration.accepted_us
        facts = self.verifier.facts(
            registration.document,
            expected_iin=None if by_employee else registration.request.iin,
            expected_bin=self.clinic.bin if by_employee else None,
            moment_us=moment_us,
            checked_us=now_us,
        )
        policy = self.conduct.validation
        if by_employee:  # certifying a request binds nobody: any role of the organisation will do
            policy = msgspec.structs.replace(policy, roles=frozenset(Role))
        return decide(facts, policy, moment_us, checked_us=now_us), facts

    def _registration(self, number: str) -> Registration:
        if number not in self._registrations:
            raise NotRegistered
        return self._registrations[number]


def _taken_us(registration: Registration) -> int:
    taken_us = registration.accepted_us
    return registration.request.issued_at_us if taken_us is None else taken_us
