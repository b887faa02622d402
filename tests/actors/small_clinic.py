"""One clinic, one portal and two people, for the tests of the actors."""

from dataclasses import dataclass, field, replace

from actors.accounts import AccountBook, PasswordCost
from actors.certificate import Purpose, Role
from actors.citizen import compose, sign
from actors.conduct import PortalConduct, WorkstationConduct
from actors.envelopes import SignedDocument, read_request
from actors.health_is import HealthInformationSystem
from actors.portal import Portal
from actors.provider import Clinic, Provider
from actors.schedule import Schedule, working_slots
from actors.workstation import Workstation
from tests.actors.conftest import Pki

CHEAP = PasswordCost(memory_kib=8, passes=1)
SECOND = 1_000_000
HOUR = 3_600 * SECOND
NOW = Pki.now_us
IIN, OTHER_IIN = Pki.iin, "900115100010"
PASSWORD = "a test password"  # noqa: S105
SALT = bytes(range(16))
SERVICES = ("doctor-home-call", "doctor-appointment", "clinic-attachment")
SLOT, LATER_SLOT = "doctor-1@09:00", "doctor-1@09:20"


def schedule(hold_us=900 * SECOND):
    times = {"09:00": NOW + HOUR, "09:20": NOW + HOUR + 1200 * SECOND}
    return Schedule(working_slots(["doctor-1"], times), hold_us)


@dataclass
class SmallClinic:
    """Everybody in one place; *conduct* arguments build it anew with other habits."""

    portal_conduct: PortalConduct = field(default_factory=PortalConduct)
    conduct: WorkstationConduct = field(default_factory=WorkstationConduct)

    def __post_init__(self):
        self.pki = Pki()
        self.revocation = self.pki.revocation()
        self.citizen_key = self.pki.person()
        self.other_key = self.pki.person(iin=OTHER_IIN, surname="ӨЗГЕ", label="other")
        self.provider_key = self.pki.organisation(Role.HEAD)
        self.employee_key = self.pki.organisation(Role.EMPLOYEE)
        self.foreign_key = self.pki.organisation(Role.HEAD, bin="130151000029", label="foreign clinic")
        self.portal = Portal(AccountBook(CHEAP), self.pki.trust, self.revocation, self.portal_conduct)
        self.health_is = HealthInformationSystem()
        self.provider = Provider(
            Clinic(code="clinic-01", bin=self.pki.bin, name="Synthetic clinic"), schedule(), self.health_is
        )
        self.workstation = Workstation(
            provider=self.provider,
            credential=self.provider_key,
            trust=self.pki.trust,
            revocation=self.revocation,
            accounts=AccountBook(CHEAP),
            other_key=self.foreign_key,
            conduct=self.conduct,
        )
        self.health_is.attach(IIN, "clinic-01")
        for iin in (IIN, OTHER_IIN):
            self.portal.sign_up(iin, PASSWORD, SALT)

    def log_in(self, iin=IIN, now_us=NOW):
        return self.portal.authorise(iin, PASSWORD, f"session of {iin}", now_us).session

    def request(self, service="doctor-home-call", **changes):
        form = {"surname": "Тестова", "phone": "1", "address": "street 1"}
        if service == "doctor-appointment":
            form["slot"] = SLOT
        fields = {
            "request_id": "R-1",
            "service": service,
            "iin": IIN,
            "provider": self.pki.bin,
            "form": form | changes.pop("form", {}),
            "nonce": "0" * 32,
            "now_us": NOW,
        }
        return compose(**(fields | changes))

    def document(self, service="doctor-home-call", *, key=None, **changes):
        return sign(self.request(service, **changes), key or self.citizen_key, NOW)

    def registered(self, service="doctor-home-call", **changes):
        return self.workstation.register(self.document(service, **changes), "130115").number

    def check(self, number, **changes):
        fields = {"by_employee": False, "vouched_name": None, "late": False}
        return self.workstation.check_grounds(number, NOW, **(fields | changes))

    def authentication_key(self):
        return self.pki.person(Purpose.AUTH)


def resigned(document, **changes):
    """Change the request inside after signing; the signature stays as it was."""
    return SignedDocument(replace(read_request(document.octets), **changes).octets(), document.signature)
