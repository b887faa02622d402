"""What is played: the world's stations and times, the citizens, and what happens to them.

These are data; suites write them in YAML. Durations are texts with a unit (*sim.durations*).
"""

from enum import StrEnum

import msgspec

from actors.forgery import SignatureFlaw
from actors.policy import SignatureRules
from conformance.errors import UnfitValue
from sim.durations import parse_duration_us
from sim.laws import Law

MIN_PAUSE_US = 100_000
"""The shortest time between two tries; with less, an outage of an hour would be millions of them."""


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of all plans."""


class LateRequests(StrEnum):
    """What the provider does with a request that comes after the cut-off. Source: ASSUME-32."""

    NEXT_WORKING_DAY = "next_working_day"
    REFUSE = "refuse"


class StationPlan(Plan, frozen=True, kw_only=True):
    """How many servers a station has; null: never a queue."""

    servers: int | None

    def __post_init__(self) -> None:
        """Refuse a station without servers."""
        if self.servers is not None and not 1 <= self.servers <= 100_000:
            raise UnfitValue(f"{self.servers} servers", "1 to 100000, or null for no queue")


class WorldPlan(Plan, frozen=True, kw_only=True):
    """The stations, the service times by step and station, and the habits of the systems.

    *decision* is the time the provider needs to judge a registered request: the tables have no column
    for it (ASSUME-07).
    """

    stations: dict[str, StationPlan]
    steps: dict[str, dict[str, Law]]
    decision: dict[str, Law]
    gateway_retry: str = "10 s"
    registry_timeout: str = "35 s"
    registry_attempts: int = 2
    slot_hold: str = "15 min"
    late_requests: dict[str, LateRequests] = {}
    check_retry: str = "10 s"
    signature_policy: str = "astana-2013"

    def __post_init__(self) -> None:
        """Refuse unknown units, retries without a pause, and a registry that is never asked."""
        for text in (self.gateway_retry, self.registry_timeout, self.slot_hold, self.check_retry):
            if parse_duration_us(text) < MIN_PAUSE_US:
                raise UnfitValue(repr(text), "at least 100 ms")
        if not 1 <= self.registry_attempts <= 10:
            raise UnfitValue(f"{self.registry_attempts} registry attempts", "1 to 10")


class Certificate(StrEnum):
    """With which certificate a citizen signs.

    *expires_before_receipt* ends between the time in the signature and the portal's receipt,
    *expires_during_check* in the second of the receipt.
    """

    VALID = "valid"
    RSA = "rsa"
    EXPIRED = "expired"
    EXPIRES_BEFORE_RECEIPT = "expires_before_receipt"
    EXPIRES_DURING_CHECK = "expires_during_check"
    NOT_YET_VALID = "not_yet_valid"
    REVOKED = "revoked"
    OTHER_PERSON = "other_person"
    UNKNOWN_ISSUER = "unknown_issuer"
    SAME_NAME_ISSUER = "same_name_issuer"
    SELF_SIGNED = "self_signed"
    CITIZEN_ISSUER = "citizen_issuer"
    AUTHORITY_LEAF = "authority_leaf"
    AUTHENTICATION_KEY = "authentication_key"
    WEAK_RSA = "weak_rsa"
    WEAK_CURVE = "weak_curve"


class RequestFlaw(StrEnum):
    """What is wrong with a request whose signature is right.

    *replayed* uses the nonce of the first citizen's request again, *reused_id* its identifier; both make
    sense for the same person only.
    """

    STALE = "stale"
    OVERDUE = "overdue"
    REPLAYED = "replayed"
    REUSED_ID = "reused_id"
    TOO_LARGE = "too_large"
    NOT_CANONICAL = "not_canonical"
    DUPLICATE_KEY = "duplicate_key"
    FRACTION = "fraction"
    DEEP = "deep"
    UNKNOWN_FIELD = "unknown_field"
    MALFORMED_IIN = "malformed_iin"
    UNKNOWN_PROVIDER = "unknown_provider"


class AttachedFiles(StrEnum):
    """What a citizen attaches."""

    NONE = "none"
    SCAN = "scan"
    CHANGED = "changed"
    MISSING = "missing"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    WRONG_TYPE = "wrong_type"
    ARCHIVE = "archive"
    OUTSIDE_NAME = "outside_name"


class Retry(StrEnum):
    """Whether a citizen sends the very same request a second time."""

    NONE = "none"
    AT_ONCE = "at_once"
    AFTER_RESTART = "after_restart"


class Password(StrEnum):
    """What a citizen types."""

    RIGHT = "right"
    WRONG = "wrong"


class Account(StrEnum):
    """Whether a citizen has an account, or opens one first."""

    EXISTING = "existing"
    NONE = "none"


class Attachment(StrEnum):
    """Where a citizen is attached; *usual* is what the service presupposes."""

    USUAL = "usual"
    THIS_CLINIC = "this_clinic"
    OTHER_CLINIC = "other_clinic"
    NOWHERE = "nowhere"


class Form(StrEnum):
    """How a citizen fills the form."""

    COMPLETE = "complete"
    WITHOUT_PHONE = "without_phone"
    WITHOUT_ADDRESS = "without_address"
    OTHER_SURNAME = "other_surname"
    UNKNOWN_SLOT = "unknown_slot"
    OTHER_PROVIDER = "other_provider"


class CitizenPlan(Plan, frozen=True, kw_only=True):
    """Who a citizen is and what they do.

    *person* names a citizen who comes more than once. *clock* is how far the citizen's clock is off, with a
    sign. *looks_again* is how long after the answer the citizen opens it once more.
    """

    person: str | None = None
    account: Account = Account.EXISTING
    password: Password = Password.RIGHT
    certificate: Certificate = Certificate.VALID
    signature: SignatureFlaw | None = None
    request: RequestFlaw | None = None
    files: AttachedFiles = AttachedFiles.NONE
    clock: str = "0 s"
    in_registry: bool = True
    attached: Attachment = Attachment.USUAL
    form: Form = Form.COMPLETE
    asks_1414: bool = False
    retry: Retry = Retry.NONE
    looks_again: str | None = None

    def __post_init__(self) -> None:
        """Refuse times that are none."""
        parse_duration_us(self.clock.removeprefix("-"))
        if self.looks_again is not None:
            parse_duration_us(self.looks_again)

    @property
    def clock_us(self) -> int:
        """Return how far ahead of the true time the citizen's clock is."""
        sign = -1 if self.clock.startswith("-") else 1
        return sign * parse_duration_us(self.clock.removeprefix("-"))


class Deed(StrEnum):
    """What can happen in the world."""

    GATEWAY_DOWN = "gateway_down"
    REGISTRY_DOWN = "registry_down"
    TAKE_SLOT = "take_slot"
    TAMPER_IN_TRANSIT = "tamper_in_transit"
    REVOKE_CERTIFICATE = "revoke_certificate"
    REVOKE_PROVIDER = "revoke_provider"
    REVOKE_AUTHORITY = "revoke_authority"
    ROLL_OVER = "roll_over"
    RESTART_PORTAL = "restart_portal"
    LISTS_DOWN = "lists_down"
    LISTS_STALE = "lists_stale"
    OCSP_DOWN = "ocsp_down"
    OCSP_UNKNOWN = "ocsp_unknown"


OUTAGES = frozenset(
    (
        Deed.GATEWAY_DOWN,
        Deed.REGISTRY_DOWN,
        Deed.LISTS_DOWN,
        Deed.LISTS_STALE,
        Deed.OCSP_DOWN,
        Deed.OCSP_UNKNOWN,
    )
)


class Moment(StrEnum):
    """When, with respect to a step."""

    START = "start"
    END = "end"


class Happening(Plan, frozen=True, kw_only=True):
    """Something that happens at a step of the first citizen's case; *lasting* only for outages.

    *after* is how much later than the moment of the step it happens.
    """

    do: Deed
    step: str
    when: Moment = Moment.END
    after: str = "0 s"
    lasting: str | None = None

    def __post_init__(self) -> None:
        """Demand a length of outages, and of nothing else."""
        parse_duration_us(self.after)
        is_outage = self.do in OUTAGES
        if is_outage != (self.lasting is not None):
            expected = "a length (lasting: 20 s)" if is_outage else "no length"
            raise UnfitValue(f"lasting: {self.lasting} for {self.do}", expected)
        if self.lasting is not None:
            parse_duration_us(self.lasting)


class CasePlan(Plan, frozen=True, kw_only=True):
    """One request of one citizen; *arrives* is the delay after the scenario's start."""

    id: str
    service: str
    path: str
    citizen: CitizenPlan
    arrives: str = "0 s"

    def __post_init__(self) -> None:
        """Refuse an arrival that is no duration."""
        parse_duration_us(self.arrives)


class Play(Plan, frozen=True, kw_only=True):
    """One scenario to be played: one small world with its cases, from *starts_us* on.

    *rules* are what the verifiers accept; the world names them as its signature policy.
    """

    id: str
    starts_us: int
    cases: tuple[CasePlan, ...]
    world: WorldPlan
    happenings: tuple[Happening, ...] = ()
    fault: str | None = None
    rules: SignatureRules = SignatureRules()
