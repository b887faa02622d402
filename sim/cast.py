"""The actors of one world, with their keys, books and schedules."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from actors import bin as business_number
from actors.accounts import AccountBook, PasswordCost
from actors.authority import Authority
from actors.call_centre import CallCentre
from actors.certificate import Credential, Purpose, Role
from actors.citizen import Employee
from actors.conduct import Conduct, ProcedureConduct
from actors.envelopes import SignedDocument, read_request
from actors.faults import FAULTS
from actors.gateway import Gateway
from actors.health_is import HealthInformationSystem
from actors.message_log import MessageLog
from actors.policy import SignatureRules, policy_of
from actors.portal import Portal
from actors.portal_store import PortalStore
from actors.provider import Clinic, Provider
from actors.registry import PersonRegistry
from actors.schedule import Schedule
from actors.signing import Signer, Verifier
from actors.validation import TrustAnchors
from actors.workstation import Workstation
from conformance.calendar import WorkingCalendar
from conformance.pack import Pack
from sim.durations import parse_duration_us
from sim.gateway_pen import GatewayPen
from sim.people import DAY_US, People
from sim.plan import Play
from sim.recorder import Sink
from sim.revocation_service import RevocationService
from sim.signatures import SignatureChoice
from sim.streams import Streams
from sim.timetable import Timetable

TEST_PKI_SEED = b"reglament test authority: these keys protect nothing"
"""Keys are derived from this; they are public on purpose and never stored."""


@dataclass(slots=True)
class Cast:
    """All actors of one world.

    *verifiers* are the means of verification of the portal, the workstation and the citizens; *recipients*
    are the keys to which messages are sealed.
    """

    authority: Authority
    portal: Portal
    gateway: Gateway
    pen: GatewayPen
    registry: PersonRegistry
    health_is: HealthInformationSystem
    call_centre: CallCentre
    provider: Provider
    workstation: Workstation
    employee: Employee
    people: People
    signer: Signer
    verifiers: Mapping[str, Verifier]
    recipients: Mapping[str, Credential]
    revocation: RevocationService
    timetable: Timetable
    procedure: ProcedureConduct = field(default_factory=ProcedureConduct)

    @property
    def clinic(self) -> Clinic:
        """Return the clinic of this world."""
        return self.provider.clinic

    @property
    def other_clinic_bin(self) -> str:
        """Return the number of another clinic, for a request that names the wrong one."""
        return synthetic_bin(2)

    def open_desk(self, streams: Streams) -> None:
        """Let the employee have an account; a play without visitors is spared the work on the password."""
        accounts, employee = self.workstation.accounts, self.employee
        if not accounts.has(employee.login):
            accounts.sign_up(employee.login, employee.password, streams.octets("salt/registrar-1", 16))

    def put_away(self, before_us: int) -> None:
        """Let all actors put away what they keep of cases that arrived before *before_us* and have ended."""
        self.portal.archive(before_us)
        self.workstation.archive(before_us)
        self.provider.archive(before_us)
        self.health_is.archive(before_us)
        self.call_centre.archive(before_us)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a cast is put together from."""

    play: Play
    pack: Pack
    streams: Streams
    calendar: WorkingCalendar
    recorder: Sink
    rules: SignatureRules
    password_cost: PasswordCost
    signatures: SignatureChoice


def assemble(known: Circumstances) -> Cast:
    """Set up the actors of a play with their keys, accounts and schedules; nobody has come yet."""
    return _Stage(known).cast()


def altered(document: SignedDocument) -> SignedDocument:
    """Return *document* with its content changed after signing, the signature left as it was."""
    request = read_request(document.octets)
    form = {**request.form, "phone": request.form.get("phone", "") + "0"}
    octets = replace(request, form=form).octets()
    return SignedDocument(octets, document.signature, document.claim)


def synthetic_bin(number: int) -> str:
    """Return the number of organisation *number*."""
    candidates = (business_number.make(2013, 1, 4, 0, 90_000 + number * 10 + spare) for spare in range(10))
    return next(found for found in candidates if found is not None)


@dataclass(slots=True)
class _Stage:
    """Where the cast is put together; thrown away afterwards."""

    known: Circumstances

    @property
    def play(self) -> Play:
        return self.known.play

    @property
    def opened_us(self) -> int:
        return self.play.starts_us - 400 * DAY_US

    def cast(self) -> Cast:
        known, streams = self.known, self.known.streams
        authority = Authority(TEST_PKI_SEED, self.opened_us)
        signer = known.signatures.signer(streams.seed)
        verifiers = self._verifiers(authority, signer)
        revocation = RevocationService(authority, tuple(verifiers.values()), signer.mode)
        conduct = self._conduct()
        clinic = self._clinic(1, f"{self.play.id}/clinic-01")
        health_is, registry = HealthInformationSystem(), PersonRegistry()
        timetable = self._timetable()
        provider = Provider(clinic, timetable.schedule, health_is)
        pen = GatewayPen(self._gateway_key(authority), signer)
        employee, employees = self._employee(authority, clinic)
        return Cast(
            authority=authority,
            portal=Portal(
                verifiers["portal"],
                PortalStore(AccountBook(known.password_cost)),
                conduct.portal,
                frozenset((synthetic_bin(1), synthetic_bin(2))),
            ),
            gateway=Gateway(
                log=MessageLog(known.recorder.keep_message),
                sign=pen.sign,
                id_key=streams.octets(f"{self.play.id}/gateway identifiers", 32),
            ),
            pen=pen,
            registry=registry,
            health_is=health_is,
            call_centre=CallCentre({s.code: s.name.en for s in known.pack.services}),
            provider=provider,
            workstation=Workstation(
                provider=provider,
                credential=self._organisation(authority, clinic, Role.HEAD),
                signer=signer,
                verifier=verifiers["workstation"],
                accounts=employees,
                other_key=self._organisation(authority, self._clinic(2, "clinic-02"), Role.HEAD),
                employee_key=employee.credential,
                conduct=conduct.workstation,
            ),
            employee=employee,
            people=People(
                play_id=self.play.id,
                streams=streams,
                authority=authority,
                stranger=self._stranger(),
                registry=registry,
                health_is=health_is,
                clinic=clinic.code,
            ),
            signer=signer,
            verifiers=verifiers,
            recipients={"workstation": self._organisation(authority, clinic, Role.SYSTEM, Purpose.ENCRYPT)},
            revocation=revocation,
            timetable=timetable,
            procedure=conduct.procedure,
        )

    def _verifiers(self, authority: Authority, signer: Signer) -> dict[str, Verifier]:
        trust = TrustAnchors.of(authority)
        return {
            name: Verifier(trust, mode=signer.mode, counts=signer.counts)
            for name in ("portal", "workstation", "registry", "citizen")
        }

    def _stranger(self) -> Authority:
        """Return an authority that nobody pins.

        Its first generation has the name of our authority's, its second has not.
        """
        stranger = Authority(b"somebody else: " + TEST_PKI_SEED, self.opened_us)
        stranger.roll_over(self.opened_us + DAY_US)
        return stranger

    def _employee(self, authority: Authority, clinic: Clinic) -> tuple[Employee, AccountBook]:
        book = AccountBook(self.known.password_cost)
        employee = Employee(
            login="registrar-1",
            password="a registrar's test password",  # noqa: S106 - opens nothing outside the simulation
            credential=self._organisation(authority, clinic, Role.EMPLOYEE),
        )
        return employee, book

    def _conduct(self) -> Conduct:
        plain = Conduct()
        validation = policy_of(self.known.rules)
        conduct = replace(
            plain,
            portal=replace(plain.portal, validation=validation),
            workstation=replace(plain.workstation, validation=validation),
        )
        fault = self.play.fault
        return conduct if fault is None else FAULTS[fault].applied_to(conduct)

    def _clinic(self, number: int, code: str) -> Clinic:
        return Clinic(code=code, bin=synthetic_bin(number), name=f"Synthetic clinic {number} (TEST)")

    def _timetable(self) -> Timetable:
        """Return a timetable that holds the days up to the third opening after the last planned arrival."""
        schedule = Schedule((), parse_duration_us(self.play.world.slot_hold))
        timetable = Timetable(self.known.calendar, schedule, self.play.starts_us)
        delays_us = [parse_duration_us(case.arrives) for case in self.play.cases]
        timetable.reach(self.play.starts_us + max(delays_us, default=0))
        return timetable

    def _organisation(
        self, authority: Authority, clinic: Clinic, role: Role, purpose: Purpose = Purpose.SIGN
    ) -> Credential:
        return authority.issue_organisation(
            bin=clinic.bin,
            organisation=clinic.name,
            role=role,
            not_before_us=self.play.starts_us - 100 * DAY_US,
            not_after_us=self.play.starts_us + 265 * DAY_US,
            label=f"organisation/{self.play.id}/{clinic.bin}/{role}/{purpose}",
            purpose=purpose,
        )

    def _gateway_key(self, authority: Authority) -> Credential:
        """Return the gateway's key, good for as long as a play may take: the log is closed at its end."""
        return authority.issue_information_system(
            bin=synthetic_bin(3),
            name="Synthetic gateway (TEST)",
            not_before_us=self.play.starts_us - 100 * DAY_US,
            not_after_us=self.play.starts_us + 735 * DAY_US,
            label=f"gateway/{self.play.id}",
        )
