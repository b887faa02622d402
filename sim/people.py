"""The synthetic people of a world, made as they come.

Nobody here can be a living person: every IIN has a seventh digit that means born in the 19th century
(ASSUME-24), and keys come from a test seed that is not the seed of the simulation.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from actors import iin as personal_number
from actors import odd_certificates
from actors.authority import Authority
from actors.certificate import Credential, Purpose
from actors.citizen import Citizen
from actors.envelopes import SignedDocument
from actors.gateway import LETTERS
from actors.health_is import HealthInformationSystem
from actors.keys import KeyKind
from actors.portal import Portal
from actors.registry import Person, PersonRegistry
from sim.plan import Account, Attachment, CasePlan, Certificate, Password
from sim.streams import Streams

MAX_PEOPLE = 900
"""How many people one world can number apart."""

DAY_US = 86_400_000_000

_SURNAMES = ("Ахметов", "Сериков", "Оспанов", "Жүнісов", "Қасымов", "Нұрланов", "Әбенов", "Төлегенов")
_GIVEN_NAMES = ("Айдос", "Ерлан", "Марат", "Нұржан", "Дәурен", "Қанат", "Өмір", "Бауыржан")


@dataclass(slots=True)
class Player:
    """A citizen in a case, with what the case makes of them."""

    citizen: Citizen
    pseudonym: str
    typed_password: str
    slot: str | None = None
    sent: SignedDocument | None = None
    tampered_in_transit: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    iin: str
    birth: str
    surname: str
    given_name: str
    password: str


@dataclass(slots=True)
class People:
    """Make citizens and bring them into the state's and the clinic's books.

    *play_id* keeps the keys of different plays apart.
    """

    play_id: str
    streams: Streams
    authority: Authority
    stranger: Authority
    registry: PersonRegistry
    health_is: HealthInformationSystem
    clinic: str
    _known: dict[str, _Known] = field(default_factory=dict)
    _credentials: dict[tuple[str, Certificate], Credential] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._known)

    def knows(self, case: CasePlan) -> bool:
        """Tell whether the citizen of *case* has been here before."""
        return (case.citizen.person or case.id) in self._known

    def enter(self, case: CasePlan, portal: Portal, now_us: int) -> Player:
        """Let the citizen of *case* arrive; whoever was here before is the same person."""
        plan, key = case.citizen, case.citizen.person or case.id
        person = self._known.get(key) or self._make(key)
        if plan.account is Account.EXISTING and not portal.store.accounts.has(person.iin):
            portal.sign_up(person.iin, person.password, self.streams.octets(f"{key}/salt", 16))
        if plan.in_registry:
            self.registry.enter(
                [
                    Person(
                        iin=person.iin,
                        surname=person.surname,
                        given_name=person.given_name,
                        birth_date=person.birth,
                    )
                ]
            )
        attached = _attachment(case, self.clinic)
        if attached is not None:
            self.health_is.attach(person.iin, attached)
        return Player(
            citizen=Citizen(
                iin=person.iin,
                surname=person.surname,
                given_name=person.given_name,
                password=person.password,
                credential=self._credential(key, case, person, now_us),
            ),
            pseudonym=self._pseudonym(person.iin),
            typed_password=person.password if plan.password is Password.RIGHT else f"not {person.password}",
        )

    def reissued(self, case: CasePlan, not_after_us: int) -> Credential:
        """Return another certificate for the key of the case's citizen, up to *not_after_us*."""
        key = case.citizen.person or case.id
        start_us = not_after_us - 300 * DAY_US
        return self._issue(key, self._known[key], (start_us, not_after_us), Purpose.SIGN)

    def _make(self, key: str) -> _Known:
        if len(self._known) >= MAX_PEOPLE:
            raise ValueError(f"more than {MAX_PEOPLE} people")  # checked before: check_play
        stream = self.streams.stream(f"{key}/person")
        surname = _SURNAMES[int(stream.integers(len(_SURNAMES)))]
        given_name = _GIVEN_NAMES[int(stream.integers(len(_GIVEN_NAMES)))]
        iin, birth = synthetic_iin(int(stream.integers(30_000)), len(self._known) + 1)
        person = _Known(iin, birth, surname, given_name, self.streams.octets(f"{key}/password", 12).hex())
        self._known[key] = person
        return person

    def _credential(self, key: str, case: CasePlan, person: _Known, now_us: int) -> Credential:
        kind = case.citizen.certificate
        known = self._credentials.get((key, kind))
        if known is None or not _serves(kind, known, now_us):
            known = self._credentials[key, kind] = self._first_credential(key, kind, person, now_us)
        return known

    def _first_credential(self, key: str, kind: Certificate, person: _Known, now_us: int) -> Credential:
        period_us = _validity(kind, now_us)
        if kind is Certificate.OTHER_PERSON:
            person = replace(person, iin=synthetic_iin(0, 0)[0])
        purpose = Purpose.AUTH if kind is Certificate.AUTHENTICATION_KEY else Purpose.SIGN
        rsa = kind is Certificate.RSA
        credential = self._issue(key, person, period_us, purpose, rsa=rsa)
        if kind is Certificate.REVOKED:
            self.authority.revoke(credential.draft.serial, now_us - 2 * DAY_US)
        odd = _ODD.get(kind)
        return credential if odd is None else odd(self, credential)

    def other_citizen(self) -> Credential:
        """Return the good certificate of somebody who is no authority."""
        other = _Known(synthetic_iin(0, 0)[0], "", "БАСҚА", "ТЕСТ", "")
        start_us = self.authority.issuing.not_before_us
        return self._issue("another", other, (start_us, start_us + 700 * DAY_US), Purpose.SIGN)

    def _issue(
        self,
        key: str,
        person: _Known,
        period_us: tuple[int, int],
        purpose: Purpose,
        *,
        rsa: bool = False,
    ) -> Credential:
        """Let the newest generation sign that was there in the period; it vouches from its beginning on."""
        issuers = reversed(self.authority.issuers)
        issuer = next(one for one in issuers if one.not_before_us <= period_us[1])
        return self.authority.issue_person(
            iin=person.iin,
            surname=person.surname,
            given_name=person.given_name,
            purpose=purpose,
            not_before_us=max(period_us[0], issuer.not_before_us),
            not_after_us=period_us[1],
            label=self._label(key, purpose),
            issuer=issuer,
            key_kind=KeyKind.RSA_2048 if rsa else KeyKind.P256,
        )

    def _label(self, key: str, purpose: Purpose) -> str:
        return f"person/{self.play_id}/{key}/{purpose}"

    def _pseudonym(self, iin: str) -> str:
        key = self.streams.octets("pseudonym key", 32)
        return "citizen-" + hmac.digest(key, f"iin:{iin}".encode(), "sha256")[:16].hex().translate(LETTERS)


_ODD: Mapping[Certificate, Callable[[People, Credential], Credential]] = {
    Certificate.UNKNOWN_ISSUER: lambda people, model: odd_certificates.by_stranger(
        people.stranger.signing_credential(), model
    ),
    Certificate.SAME_NAME_ISSUER: lambda people, model: odd_certificates.by_stranger(
        people.stranger.signing_credential(people.stranger.issuers[0]), model
    ),
    Certificate.SELF_SIGNED: lambda _people, model: odd_certificates.self_signed(model),
    Certificate.CITIZEN_ISSUER: lambda people, model: odd_certificates.by_citizen(
        people.other_citizen(), model
    ),
    Certificate.AUTHORITY_LEAF: lambda people, model: odd_certificates.with_authority_flag(
        people.authority.signing_credential(), model
    ),
    Certificate.WEAK_RSA: lambda people, model: odd_certificates.with_weak_key(
        people.authority.signing_credential(), model, KeyKind.RSA_1024
    ),
    Certificate.WEAK_CURVE: lambda people, model: odd_certificates.with_weak_key(
        people.authority.signing_credential(), model, KeyKind.SECP256K1
    ),
}


def synthetic_iin(days: int, number: int) -> tuple[str, str]:
    """Return the number and the birth date of person *number*, born *days* after 1 January 1810."""
    birth = date(1810, 1, 1) + timedelta(days=days)
    # Ten serial numbers for each person: of two neighbours at least one can be issued, so none is shared.
    candidates = (personal_number.make(birth, True, number * 10 + spare) for spare in range(10))
    return next(iin for iin in candidates if iin is not None), str(birth)


def _serves(kind: Certificate, credential: Credential, now_us: int) -> bool:
    """Tell whether a certificate is still what its kind says: in its period, not yet in it, or over."""
    draft = credential.draft
    if kind is Certificate.EXPIRED:
        return draft.not_after_us < now_us
    if kind is Certificate.NOT_YET_VALID:
        return now_us < draft.not_before_us
    return draft.not_before_us <= now_us <= draft.not_after_us


def _validity(kind: Certificate, now_us: int) -> tuple[int, int]:
    if kind is Certificate.EXPIRED:
        return now_us - 366 * DAY_US, now_us - DAY_US
    if kind is Certificate.NOT_YET_VALID:
        return now_us + DAY_US, now_us + 366 * DAY_US
    return now_us - 100 * DAY_US, now_us + 265 * DAY_US


def _attachment(case: CasePlan, clinic: str) -> str | None:
    attached = case.citizen.attached
    if attached is Attachment.USUAL:
        seeks_attachment = case.service == "clinic-attachment"
        attached = Attachment.OTHER_CLINIC if seeks_attachment else Attachment.THIS_CLINIC
    return {Attachment.THIS_CLINIC: clinic, Attachment.OTHER_CLINIC: "clinic-02"}.get(attached)
