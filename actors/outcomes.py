"""How a validation can end: the standard's indications, the application's refusals, the citizen's message.

Source: ETSI EN 319 102-1 for the indications on signatures. Identity, replay, age and size are no matters of
a signature: they have a list of their own, so that nobody reads an invented word as the standard's.
"""

from dataclasses import dataclass
from enum import StrEnum


class Indication(StrEnum):
    """How a validation ends. REFUSED is not of the standard: the signature is good, the request is not."""

    TOTAL_PASSED = "TOTAL_PASSED"
    TOTAL_FAILED = "TOTAL_FAILED"
    INDETERMINATE = "INDETERMINATE"
    REFUSED = "REFUSED"


class SubIndication(StrEnum):
    """Why a signature fails or stays in doubt."""

    FORMAT_FAILURE = "FORMAT_FAILURE"
    HASH_FAILURE = "HASH_FAILURE"
    SIG_CRYPTO_FAILURE = "SIG_CRYPTO_FAILURE"
    SIG_CONSTRAINTS_FAILURE = "SIG_CONSTRAINTS_FAILURE"
    CRYPTO_CONSTRAINTS_FAILURE = "CRYPTO_CONSTRAINTS_FAILURE"
    NO_SIGNING_CERTIFICATE_FOUND = "NO_SIGNING_CERTIFICATE_FOUND"
    NO_CERTIFICATE_CHAIN_FOUND = "NO_CERTIFICATE_CHAIN_FOUND"
    CHAIN_CONSTRAINTS_FAILURE = "CHAIN_CONSTRAINTS_FAILURE"
    EXPIRED = "EXPIRED"
    NOT_YET_VALID = "NOT_YET_VALID"
    OUT_OF_BOUNDS_NO_POE = "OUT_OF_BOUNDS_NO_POE"
    REVOKED = "REVOKED"
    REVOKED_NO_POE = "REVOKED_NO_POE"
    REVOKED_CA_NO_POE = "REVOKED_CA_NO_POE"
    TRY_LATER = "TRY_LATER"


class Refusal(StrEnum):
    """Why an application refuses a document whose signature is good (or whose octets are too many)."""

    TOO_LARGE = "TOO_LARGE"
    REQUEST_INVALID = "REQUEST_INVALID"
    IIN_INVALID = "IIN_INVALID"
    IDENTITY_MISMATCH = "IDENTITY_MISMATCH"
    PROVIDER_MISMATCH = "PROVIDER_MISMATCH"
    ATTACHMENT_REFUSED = "ATTACHMENT_REFUSED"
    STALE_REQUEST = "STALE_REQUEST"
    REPLAY = "REPLAY"


class MessageId(StrEnum):
    """What the citizen is told; the detail goes to the log only."""

    ACCEPTED = "ACCEPTED"
    SIGN_INVALID = "SIGN_INVALID"
    CERT_PERIOD = "CERT_PERIOD"
    CERT_REVOKED = "CERT_REVOKED"
    CERT_UNTRUSTED = "CERT_UNTRUSTED"
    CERT_WRONG_TYPE = "CERT_WRONG_TYPE"
    CHECK_UNAVAILABLE = "CHECK_UNAVAILABLE"
    RESULT_OLD = "RESULT_OLD"
    ID_MISMATCH = "ID_MISMATCH"
    IIN_INVALID = "IIN_INVALID"
    REQUEST_INVALID = "REQUEST_INVALID"
    PROVIDER_MISMATCH = "PROVIDER_MISMATCH"
    ATTACHMENT_REFUSED = "ATTACHMENT_REFUSED"
    STALE_REQUEST = "STALE_REQUEST"
    REPLAY = "REPLAY"
    TOO_LARGE = "TOO_LARGE"


@dataclass(frozen=True, slots=True)
class Decision:
    """The end of a validation. *reason* is the outcome code of the event log, ``ok`` if it passed."""

    indication: Indication
    sub_indication: SubIndication | Refusal | None
    message_id: MessageId
    reason: str

    @property
    def passed(self) -> bool:
        """Say whether the request may go on; a doubt is not a pass."""
        return self.indication is Indication.TOTAL_PASSED

    @property
    def try_later(self) -> bool:
        """Say whether the check could not be made: it is repeated, and nobody is refused because of it."""
        return self.sub_indication is SubIndication.TRY_LATER
