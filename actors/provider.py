"""The provider (қызмет көрсетуші): a clinic with its journals, and the grounds on which it serves.

The act speaks of "the grounds of the service" and lists none (D-29); the rules here are the ones later
acts print, with the reason codes of ASSUME-21.
"""

import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from actors.envelopes import Request
from actors.health_is import HealthInformationSystem
from actors.schedule import Schedule

OK = "ok"
NOT_ATTACHED = "NOT_ATTACHED"
ALREADY_ATTACHED = "ALREADY_ATTACHED"
DATA_UNRELIABLE = "DATA_UNRELIABLE"
SLOT_TAKEN = "SLOT_TAKEN"
CUTOFF_MISSED = "CUTOFF_MISSED"
PROVIDER_MISMATCH = "PROVIDER_MISMATCH"

CALL_JOURNAL = "call-journal"
BOOKING_JOURNAL = "booking-journal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinic:
    """A primary-care organisation; *code* is its name in logs, *bin* its number in documents."""

    code: str
    bin: str
    name: str


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line of a journal: which request, when, and what was promised."""

    journal: str
    number: str
    written_us: int
    promise: str


@dataclass(slots=True)
class Provider:
    """A clinic at work: its schedule, its journals, its attachment talons."""

    clinic: Clinic
    schedule: Schedule
    health_is: HealthInformationSystem
    _journal: list[JournalLine] = field(default_factory=list)

    def grounds(self, request: Request, signer_name: str | None, now_us: int) -> str:
        """Check whether *request* has grounds (C3, K2): ``ok`` or a reason code.

        *signer_name* is the name the signature vouches for, None where nobody vouches for it. A service
        that is not rendered here has no grounds.
        """
        if request.provider != self.clinic.bin:
            return PROVIDER_MISMATCH
        rule = _RULES.get(request.service)
        if rule is None or not _plausible(request, signer_name):
            return DATA_UNRELIABLE
        return rule(self, request, now_us)

    def write(self, journal: str, number: str, promise: str, now_us: int) -> JournalLine:
        """Write one line into a journal."""
        line = JournalLine(journal, number, now_us, promise)
        self._journal.append(line)
        return line

    def issue_talon(self, number: str) -> str:
        """Write a paper talon for a registered attachment and return its number."""
        return f"T-{number}"

    def archive(self, before_us: int) -> None:
        """Put away the journal lines written before *before_us* and the slots that have begun by then."""
        self._journal = [line for line in self._journal if line.written_us >= before_us]
        self.schedule.archive(before_us)

    @property
    def journal(self) -> tuple[JournalLine, ...]:
        """Return the journal lines that are not put away, in the order of writing."""
        return tuple(self._journal)


def _plausible(request: Request, signer_name: str | None) -> bool:
    surname = _words(request.form.get("surname", ""))
    if not surname or not request.form.get("phone", "").strip():
        return False
    return signer_name is None or surname <= _words(signer_name)


def _words(name: str) -> Counter[str]:
    # One letter can be written in two ways, й as one character or as two; both are the same name.
    return Counter(unicodedata.normalize("NFC", name).casefold().split())


def _home_call(provider: Provider, request: Request, now_us: int) -> str:
    del now_us
    if provider.health_is.attached_to(request.iin) != provider.clinic.code:
        return NOT_ATTACHED
    return OK if request.form.get("address", "").strip() else DATA_UNRELIABLE


def _appointment(provider: Provider, request: Request, now_us: int) -> str:
    if provider.health_is.attached_to(request.iin) != provider.clinic.code:
        return NOT_ATTACHED
    slot = request.form.get("slot", "")
    if not provider.schedule.knows(slot):
        return DATA_UNRELIABLE
    return OK if provider.schedule.is_open_to(slot, request.id, now_us) else SLOT_TAKEN


def _attachment(provider: Provider, request: Request, now_us: int) -> str:
    del now_us
    if provider.health_is.attached_to(request.iin) == provider.clinic.code:
        return ALREADY_ATTACHED
    return OK if request.form.get("address", "").strip() else DATA_UNRELIABLE


_RULES: Mapping[str, Callable[[Provider, Request, int], str]] = {
    "doctor-home-call": _home_call,
    "doctor-appointment": _appointment,
    "clinic-attachment": _attachment,
}
