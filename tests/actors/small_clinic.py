"""One clinic, one portal and two people, for the tests of the actors."""

from dataclasses import dataclass, field, replace

from actors.accounts import AccountBook, PasswordCost
from actors.certificate import Purpose, Role
from actors.citizen import compose
from actors.conduct import PortalConduct, WorkstationConduct
from actors.envelopes import SignedDocument, read_request
from actors.health_is import HealthInformationSystem
from actors.portal import Portal
from actors.portal_store import PortalStore
from actors.provider import Clinic, Provider
from actors.schedule import Schedule, working_slots
from actors.seen_requests import SeenRequests
from actors.signing import Signer, Verifier
from actors.workstation import Workstation
from tests.actors.conftest import Pki

CHEAP = PasswordCost(memory_kib=8, passes=1)
SECOND = 1_000_000
HOUR = 3_600 * SECOND
NOW = Pki.now_us
IIN, OTHER_IIN = Pki.iin, "900115100010"
OTHER_BIN = "130151000029"
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
    signer: Signer = field(default_factory=Signer)
    seen: SeenRequests = field(default_factory=SeenRequests)

    def __post_init__(self):
        self.pki = Pki()
        self.revocation = self.pki.revocation()
        self.citizen_key = self.pki.person()
        self.other_key = self.pki.person(iin=OTHER_IIN, surname="ӨЗГЕ", label="other")
        self.provider_key = self.pki.organisation(Role.HEAD)
        self.employee_key = self.pki.organisation(Role.EMPLOYEE)
        self.foreign_key = self.pki.organisation(Role.HEAD, bin=OTHER_BIN, label="foreign clinic")
        self.verifier = self.verifies()
        self.store = PortalStore(AccountBook(CHEAP), self.seen)
        competent = frozenset((self.pki.bin, OTHER_BIN))
        self.portal = Portal(self.verifies(), self.store, self.portal_conduct, competent)
        self.health_is = HealthInformationSystem()
        self.provider = Provider(
            Clinic(code="clinic-01", bin=self.pki.bin, name="Synthetic clinic"), schedule(), self.health_is
        )
        self.workstation = Workstation(
            provider=self.provider,
            credential=self.provider_key,
            signer=self.signer,
            verifier=self.verifies(),
            accounts=AccountBook(CHEAP),
            other_key=self.foreign_key,
            conduct=self.conduct,
        )
        self.health_is.attach(IIN, "clinic-01")
        for iin in (IIN, OTHER_IIN):
            self.portal.sign_up(iin, PASSWORD, SALT)

    def verifies(self):
        """Return the means of verification of somebody who has the lists of today."""
        return Verifier(self.pki.trust, self.revocation)

    def publish(self, now_us=NOW):
        """Give the lists of *now_us* to everybody."""
        self.revocation = self.pki.revocation(now_us)
        for one in (self.verifier, self.portal.verifier, self.workstation.verifier):
            one.revocation = self.revocation

    def revoke(self, key, when_us=NOW):
        self.pki.authority.revoke(key.draft.serial, when_us)
        self.publish(when_us)

    def log_in(self, iin=IIN, now_us=NOW):
        return self.portal.authorise(iin, PASSWORD, f"session of {iin}", now_us).session

    def receive(self, document, now_us):
        """Let the portal receive a document through the citizen's own session."""
        self.log_in(now_us=now_us)
        return self.portal.receive(f"session of {IIN}", document, now_us)

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

    def sign(self, octets, key, at_us=NOW):
        return self.signer.sign(octets, key, at_us)

    def document(self, service="doctor-home-call", *, key=None, signs_us=None, **changes):
        request = self.request(service, **changes)
        return self.sign(request.octets(), key or self.citizen_key, signs_us or request.issued_at_us)

    def registered(self, service="doctor-home-call", **changes):
        return self.workstation.register(self.document(service, **changes), "130115").number

    def check(self, number, **changes):
        fields = {"by_employee": False, "vouched_name": None, "late": False}
        return self.workstation.check_grounds(number, NOW, **(fields | changes))

    def authentication_key(self):
        return self.pki.person(Purpose.AUTH)


def from_outside(document):
    """Return *document* as it comes over a wire: nobody's books tell what its signature is."""
    return SignedDocument(document.octets, document.signature)


def resigned(document, **changes):
    """Change the request inside after signing; the signature stays as it was."""
    octets = replace(read_request(document.octets), **changes).octets()
    return SignedDocument(octets, document.signature, document.claim)
