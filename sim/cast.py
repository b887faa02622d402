"""The actors of one world and the synthetic people in it.

Nobody here can be a living person: every IIN has a seventh digit that means born in the 19th century
(ASSUME-24), and keys come from a test seed that is not the seed of the simulation.
"""

import hmac
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from actors import bin as business_number
from actors import iin as personal_number
from actors.accounts import AccountBook
from actors.authority import Authority
from actors.call_centre import CallCentre
from actors.certificate import Credential, Purpose, Role
from actors.citizen import Citizen, Employee
from actors.conduct import Conduct
from actors.envelopes import SignedDocument, read_request
from actors.faults import FAULTS
from actors.gateway import Gateway
from actors.health_is import HealthInformationSystem
from actors.portal import Portal
from actors.provider import Clinic, Provider
from actors.registry import Person, PersonRegistry
from actors.revocation import Publication
from actors.schedule import Schedule, working_slots
from actors.validation import RevocationList, TrustAnchors
from actors.workstation import Workstation
from conformance.calendar import WorkingCalendar
from conformance.pack import Pack
from sim.durations import parse_duration_us
from sim.plan import Account, Attachment, CasePlan, Certificate, Play
from sim.streams import Streams

if TYPE_CHECKING:
    from collections.abc import Iterable

TEST_PKI_SEED = b"reglament test authority: these keys protect nothing"
"""Keys are derived from this; they are public on purpose and never stored."""

_DAY_US = 86_400_000_000
_SURNAMES = ("Ахметов", "Сериков", "Оспанов", "Жүнісов", "Қасымов", "Нұрланов", "Әбенов", "Төлегенов")
_GIVEN_NAMES = ("Айдос", "Ерлан", "Марат", "Нұржан", "Дәурен", "Қанат", "Өмір", "Бауыржан")
_DOCTORS = ("doctor-1", "doctor-2")
_TIMES = ("09:00", "09:20", "09:40", "10:00", "10:20", "10:40")
_SCHEDULE_DAYS = 3


@dataclass(slots=True)
class Player:
    """A citizen in a case, with what the case makes of them."""

    citizen: Citizen
    pseudonym: str
    typed_password: str
    slot: str | None = None
    sent: SignedDocument | None = None
    tampered_in_transit: bool = False


@dataclass(slots=True)
class Cast:
    """All actors of one world."""

    authority: Authority
    stranger: Authority
    portal: Portal
    gateway: Gateway
    registry: PersonRegistry
    health_is: HealthInformationSystem
    call_centre: CallCentre
    provider: Provider
    workstation: Workstation
    employee: Employee
    players: dict[str, Player]

    @property
    def clinic(self) -> Clinic:
        """Return the clinic of this world."""
        return self.provider.clinic

    @classmethod
    def assemble(cls, play: Play, pack: Pack, streams: Streams, calendar: WorkingCalendar) -> "Cast":
        """Set up the actors of *play* with their keys, accounts, attachments and schedules."""
        return _Stage(play, pack, streams, calendar).cast()

    def publish_revocations(self, now_us: int) -> Publication:
        """Publish the revocation lists and give them to everybody who verifies."""
        publication = self.authority.publish(now_us)
        known = RevocationList.read(publication, self.portal.trust)
        self.portal.revocation = known
        self.workstation.revocation = known
        return publication


@dataclass(slots=True)
class _Stage:
    """Where the cast is put together; thrown away afterwards."""

    play: Play
    pack: Pack
    streams: Streams
    calendar: WorkingCalendar

    @property
    def opened_us(self) -> int:
        return self.play.starts_us - 400 * _DAY_US

    def cast(self) -> Cast:
        authority = Authority(TEST_PKI_SEED, self.opened_us)
        stranger = Authority(b"somebody else: " + TEST_PKI_SEED, self.opened_us)
        trust = TrustAnchors.of(authority)
        conduct = self._conduct()
        clinic = self._clinic(1, f"{self.play.id}/clinic-01")
        health_is = HealthInformationSystem()
        registry = PersonRegistry()
        provider = Provider(clinic, self._schedule(), health_is)
        employees = AccountBook()
        employee = Employee(
            login="registrar-1",
            password="a registrar's test password",  # noqa: S106 - opens nothing outside the simulation
            credential=self._organisation(authority, clinic, Role.EMPLOYEE),
        )
        if any(case.path == "provider" for case in self.play.cases):
            employees.sign_up(employee.login, employee.password, self.streams.octets("salt/registrar-1", 16))
        workstation = Workstation(
            provider=provider,
            credential=self._organisation(authority, clinic, Role.HEAD),
            trust=trust,
            revocation=None,
            accounts=employees,
            other_key=self._organisation(authority, self._clinic(2, "clinic-02"), Role.HEAD),
            conduct=conduct.workstation,
        )
        cast = Cast(
            authority=authority,
            stranger=stranger,
            portal=Portal(AccountBook(), trust, None, conduct.portal),
            gateway=Gateway(),
            registry=registry,
            health_is=health_is,
            call_centre=CallCentre({s.code: s.name.en for s in self.pack.services}),
            provider=provider,
            workstation=workstation,
            employee=employee,
            players={},
        )
        for number, case in enumerate(self.play.cases, start=1):
            cast.players[case.id] = self._player(cast, case, number)
        return cast

    def _conduct(self) -> Conduct:
        fault = self.play.fault
        return Conduct() if fault is None else FAULTS[fault].applied_to(Conduct())

    def _clinic(self, number: int, code: str) -> Clinic:
        return Clinic(code=code, bin=_bin(number), name=f"Synthetic clinic {number} (TEST)")

    def _schedule(self) -> Schedule:
        today = self.calendar.local_day(self.play.starts_us)
        days = [str(today + timedelta(days=n)) for n in range(1, _SCHEDULE_DAYS + 1)]
        return Schedule(working_slots(_DOCTORS, days, _TIMES), parse_duration_us(self.play.world.slot_hold))

    def _organisation(self, authority: Authority, clinic: Clinic, role: Role) -> Credential:
        return authority.issue_organisation(
            bin=clinic.bin,
            organisation=clinic.name,
            role=role,
            not_before_us=self.play.starts_us - 100 * _DAY_US,
            not_after_us=self.play.starts_us + 265 * _DAY_US,
            label=f"organisation/{self.play.id}/{clinic.bin}/{role}",
        )

    def _player(self, cast: Cast, case: CasePlan, number: int) -> Player:
        plan = case.citizen
        stream = self.streams.stream(f"{case.id}/person")
        surname = _SURNAMES[int(stream.integers(len(_SURNAMES)))]
        given_name = _GIVEN_NAMES[int(stream.integers(len(_GIVEN_NAMES)))]
        iin, birth = _iin(int(stream.integers(30_000)), number)
        password = self.streams.octets(f"{case.id}/password", 12).hex()
        citizen = Citizen(
            iin=iin,
            surname=surname,
            given_name=given_name,
            password=password,
            credential=self._credential(cast, case, iin, surname, given_name),
        )
        if plan.account is Account.EXISTING:
            cast.portal.sign_up(iin, password, self.streams.octets(f"{case.id}/salt", 16))
        if plan.in_registry:
            cast.registry.enter([Person(iin=iin, surname=surname, given_name=given_name, birth_date=birth)])
        attached = _attachment(case, cast.clinic.code)
        if attached is not None:
            cast.health_is.attach(iin, attached)
        return Player(
            citizen=citizen,
            pseudonym=self._pseudonym(iin),
            typed_password=password if plan.password.value == "right" else f"not {password}",
        )

    def _credential(
        self, cast: Cast, case: CasePlan, iin: str, surname: str, given_name: str
    ) -> Credential:
        kind = case.citizen.certificate
        issuer = cast.stranger if kind is Certificate.UNKNOWN_ISSUER else cast.authority
        holder = _iin(0, 900)[0] if kind is Certificate.OTHER_PERSON else iin
        start, end = _validity(kind, self.play.starts_us)
        authentication, signing = (
            issuer.issue_person(
                iin=holder,
                surname=surname,
                given_name=given_name,
                purpose=purpose,
                not_before_us=start,
                not_after_us=end,
                label=f"person/{self.play.id}/{case.id}/{purpose}",
            )
            for purpose in (Purpose.AUTH, Purpose.SIGN)
        )
        if kind is Certificate.AUTHENTICATION_KEY:
            return authentication
        if kind is Certificate.REVOKED:
            issuer.revoke(signing.certificate.serial, self.play.starts_us - 2 * _DAY_US)
        return signing

    def _pseudonym(self, iin: str) -> str:
        key = self.streams.octets("pseudonym key", 32)
        return "citizen-" + hmac.digest(key, f"iin:{iin}".encode(), "sha256")[:16].hex()


def altered(document: SignedDocument) -> SignedDocument:
    """Return *document* with its content changed after signing, the signature left as it was."""
    request = read_request(document.octets)
    form = {**request.form, "phone": request.form.get("phone", "") + "0"}
    return SignedDocument(replace(request, form=form).octets(), document.signature)


def _validity(kind: Certificate, starts_us: int) -> tuple[int, int]:
    if kind is Certificate.EXPIRED:
        return starts_us - 366 * _DAY_US, starts_us - _DAY_US
    if kind is Certificate.NOT_YET_VALID:
        return starts_us + _DAY_US, starts_us + 366 * _DAY_US
    return starts_us - 100 * _DAY_US, starts_us + 265 * _DAY_US


def _attachment(case: CasePlan, clinic: str) -> str | None:
    attached = case.citizen.attached
    if attached is Attachment.USUAL:
        seeks_attachment = case.service == "clinic-attachment"
        attached = Attachment.OTHER_CLINIC if seeks_attachment else Attachment.THIS_CLINIC
    return {Attachment.THIS_CLINIC: clinic, Attachment.OTHER_CLINIC: "clinic-02"}.get(attached)


def _iin(days: int, number: int) -> tuple[str, str]:
    birth = date(1810, 1, 1) + timedelta(days=days)
    serials: Iterable[int] = range(9000 + number, 10_000)
    candidates = (personal_number.make(birth, True, serial) for serial in serials)
    return next(iin for iin in candidates if iin is not None), str(birth)


def _bin(number: int) -> str:
    candidates = (business_number.make(2013, 1, 4, 0, serial) for serial in range(90_000 + number * 10, 99_999))
    return next(found for found in candidates if found is not None)
