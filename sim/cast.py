"""The actors of one world and the synthetic people in it.

Nobody here can be a living person: every IIN has a seventh digit that means born in the 19th century
(ASSUME-24), and keys come from a test seed that is not the seed of the simulation.
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from actors import bin as business_number
from actors import iin as personal_number
from actors.accounts import AccountBook, PasswordCost
from actors.authority import Authority
from actors.call_centre import CallCentre
from actors.certificate import Credential, Purpose, Role
from actors.citizen import Citizen, Employee
from actors.conduct import Conduct
from actors.envelopes import SignedDocument, read_request
from actors.faults import FAULTS
from actors.gateway import LETTERS, Gateway
from actors.health_is import HealthInformationSystem
from actors.portal import Portal
from actors.provider import Clinic, Provider
from actors.registry import Person, PersonRegistry
from actors.revocation import Publication
from actors.schedule import Schedule, working_slots
from actors.validation import RevocationList, TrustAnchors
from actors.workstation import Workstation
from conformance.calendar import WorkingCalendar, local_time
from conformance.pack import Pack
from sim.durations import parse_duration_us
from sim.hours import next_day_us
from sim.plan import Account, Attachment, CasePlan, Certificate, Password, Play
from sim.streams import Streams

TEST_PKI_SEED = b"reglament test authority: these keys protect nothing"
"""Keys are derived from this; they are public on purpose and never stored."""

MAX_CASES = 900
"""How many people one world can number apart."""

_DAY_US = 86_400_000_000
_SURNAMES = ("Ахметов", "Сериков", "Оспанов", "Жүнісов", "Қасымов", "Нұрланов", "Әбенов", "Төлегенов")
_GIVEN_NAMES = ("Айдос", "Ерлан", "Марат", "Нұржан", "Дәурен", "Қанат", "Өмір", "Бауыржан")
_DOCTORS = ("doctor-1", "doctor-2")
_SLOTS_AFTER_OPENING_US = tuple(minutes * 60_000_000 for minutes in (60, 80, 100, 120, 140, 160))
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

    @property
    def other_clinic_bin(self) -> str:
        """Return the number of another clinic, for a request that names the wrong one."""
        return _bin(2)

    @classmethod
    def assemble(
        cls,
        play: Play,
        pack: Pack,
        streams: Streams,
        calendar: WorkingCalendar,
        password_cost: PasswordCost,
    ) -> "Cast":
        """Set up the actors of *play* with their keys, accounts, attachments and schedules."""
        return _Stage(play, pack, streams, calendar, password_cost).cast()

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
    password_cost: PasswordCost

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
        employees = AccountBook(self.password_cost)
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
            portal=Portal(AccountBook(self.password_cost), trust, None, conduct.portal),
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
        times: dict[str, int] = {}
        for opens_us in self._scheduled_openings():
            for after_us in _SLOTS_AFTER_OPENING_US:
                if self.calendar.is_open(opens_us + after_us):
                    local = local_time(opens_us + after_us, self.calendar.zone)
                    times[f"{local:%Y-%m-%dT%H:%M}"] = opens_us + after_us
        return Schedule(working_slots(_DOCTORS, times), parse_duration_us(self.play.world.slot_hold))

    def _scheduled_openings(self) -> Iterator[int]:
        """Return the openings from the day after the start to the third one after the last arrival."""
        delays_us = [parse_duration_us(case.arrives) for case in self.play.cases]
        last_us = self.play.starts_us + max(delays_us, default=0)
        opens_us, left = self.play.starts_us, _SCHEDULE_DAYS
        while left:
            opens_us = next_day_us(self.calendar, opens_us)
            left -= opens_us > last_us
            yield opens_us

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
            typed_password=password if plan.password is Password.RIGHT else f"not {password}",
        )

    def _credential(self, cast: Cast, case: CasePlan, iin: str, surname: str, given_name: str) -> Credential:
        kind = case.citizen.certificate
        issuer = cast.stranger if kind is Certificate.UNKNOWN_ISSUER else cast.authority
        holder = _iin(0, 0)[0] if kind is Certificate.OTHER_PERSON else iin
        start, end = _validity(kind, self.play.starts_us + parse_duration_us(case.arrives))
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
        return "citizen-" + hmac.digest(key, f"iin:{iin}".encode(), "sha256")[:16].hex().translate(LETTERS)


def altered(document: SignedDocument) -> SignedDocument:
    """Return *document* with its content changed after signing, the signature left as it was."""
    request = read_request(document.octets)
    form = {**request.form, "phone": request.form.get("phone", "") + "0"}
    return SignedDocument(replace(request, form=form).octets(), document.signature)


def _validity(kind: Certificate, arrives_us: int) -> tuple[int, int]:
    if kind is Certificate.EXPIRED:
        return arrives_us - 366 * _DAY_US, arrives_us - _DAY_US
    if kind is Certificate.NOT_YET_VALID:
        return arrives_us + _DAY_US, arrives_us + 366 * _DAY_US
    return arrives_us - 100 * _DAY_US, arrives_us + 265 * _DAY_US


def _attachment(case: CasePlan, clinic: str) -> str | None:
    attached = case.citizen.attached
    if attached is Attachment.USUAL:
        seeks_attachment = case.service == "clinic-attachment"
        attached = Attachment.OTHER_CLINIC if seeks_attachment else Attachment.THIS_CLINIC
    return {Attachment.THIS_CLINIC: clinic, Attachment.OTHER_CLINIC: "clinic-02"}.get(attached)


def _iin(days: int, number: int) -> tuple[str, str]:
    birth = date(1810, 1, 1) + timedelta(days=days)
    # Ten serial numbers for each person: of two neighbours at least one can be issued, so none is shared.
    candidates = (personal_number.make(birth, True, number * 10 + spare) for spare in range(10))
    return next(iin for iin in candidates if iin is not None), str(birth)


def _bin(number: int) -> str:
    candidates = (business_number.make(2013, 1, 4, 0, 90_000 + number * 10 + spare) for spare in range(10))
    return next(found for found in candidates if found is not None)
