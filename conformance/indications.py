"""What the judge finds of a signature, in the words of the standard.

A cause that the judge states in a few words has a sub-indication here. What is settled can be held against a
decision: a signature that fails, and one that stays in doubt for what it shows itself (an issuer that nobody
trusts), must both be refused. What is not settled for want of evidence speaks for nobody.

Source: ETSI EN 319 102-1, 5.1.3 (status indications) and its table 6; ``IDENTITY`` and the words for absent
evidence are ours, for what is no matter of a signature.
"""

from dataclasses import dataclass
from enum import StrEnum

from conformance.answers import Answer
from conformance.verdicts import Reason, Verdict


class Indication(StrEnum):
    """How an examination ends."""

    TOTAL_PASSED = "TOTAL_PASSED"
    TOTAL_FAILED = "TOTAL_FAILED"
    INDETERMINATE = "INDETERMINATE"


class Sub(StrEnum):
    """Why a signature is not valid, or why nobody can tell."""

    FORMAT_FAILURE = "FORMAT_FAILURE"
    HASH_FAILURE = "HASH_FAILURE"
    SIG_CRYPTO_FAILURE = "SIG_CRYPTO_FAILURE"
    EXPIRED = "EXPIRED"
    NOT_YET_VALID = "NOT_YET_VALID"
    REVOKED = "REVOKED"
    SIG_CONSTRAINTS_FAILURE = "SIG_CONSTRAINTS_FAILURE"
    CRYPTO_CONSTRAINTS_FAILURE = "CRYPTO_CONSTRAINTS_FAILURE"
    CHAIN_CONSTRAINTS_FAILURE = "CHAIN_CONSTRAINTS_FAILURE"
    NO_SIGNING_CERTIFICATE_FOUND = "NO_SIGNING_CERTIFICATE_FOUND"
    NO_CERTIFICATE_CHAIN_FOUND = "NO_CERTIFICATE_CHAIN_FOUND"
    REVOKED_CA_NO_POE = "REVOKED_CA_NO_POE"
    IDENTITY = "IDENTITY"
    CERTIFICATE_CHAIN_GENERAL_FAILURE = "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    TRY_LATER = "TRY_LATER"
    NO_POE = "NO_POE"
    SIGNED_DATA_NOT_FOUND = "SIGNED_DATA_NOT_FOUND"
    NOT_COMPUTED = "NOT_COMPUTED"
    GENERIC = "GENERIC"


FAILED = frozenset(
    {
        Sub.FORMAT_FAILURE,
        Sub.HASH_FAILURE,
        Sub.SIG_CRYPTO_FAILURE,
        Sub.EXPIRED,
        Sub.NOT_YET_VALID,
        Sub.REVOKED,
    }
)
"""What the standard calls a failure under this policy: the receipt proves that the signature existed."""
UNSETTLED = frozenset(
    {
        Sub.CERTIFICATE_CHAIN_GENERAL_FAILURE,
        Sub.TRY_LATER,
        Sub.NO_POE,
        Sub.SIGNED_DATA_NOT_FOUND,
        Sub.NOT_COMPUTED,
        Sub.GENERIC,
    }
)
"""Doubts for want of evidence; all other causes are shown by the signature itself."""
REVOCATIONS = frozenset({Sub.REVOKED, Sub.REVOKED_CA_NO_POE})

_CAUSES: tuple[tuple[str, Sub], ...] = (
    ("format: digest algorithm", Sub.CRYPTO_CONSTRAINTS_FAILURE),
    ("format: certificate hash", Sub.CRYPTO_CONSTRAINTS_FAILURE),
    ("format: ", Sub.FORMAT_FAILURE),
    ("digest: ", Sub.HASH_FAILURE),
    ("signature: ", Sub.SIG_CRYPTO_FAILURE),
    ("key: ", Sub.CRYPTO_CONSTRAINTS_FAILURE),
    ("certificate: signed with a weak hash", Sub.CRYPTO_CONSTRAINTS_FAILURE),
    ("certificate: absent", Sub.NO_SIGNING_CERTIFICATE_FOUND),
    ("certificate: not the signer's", Sub.NO_SIGNING_CERTIFICATE_FOUND),
    ("certificate: unreadable", Sub.NO_SIGNING_CERTIFICATE_FOUND),
    ("certificate: an unknown critical extension", Sub.CHAIN_CONSTRAINTS_FAILURE),
    ("certificate: ", Sub.SIG_CONSTRAINTS_FAILURE),
    ("issuer: revoked", Sub.REVOKED_CA_NO_POE),
    ("issuer: ", Sub.NO_CERTIFICATE_CHAIN_FOUND),
    ("usage: ", Sub.CHAIN_CONSTRAINTS_FAILURE),
    ("expired", Sub.EXPIRED),
    ("not yet valid", Sub.NOT_YET_VALID),
    ("revoked", Sub.REVOKED),
    ("identity: ", Sub.IDENTITY),
    ("content: ", Sub.IDENTITY),
    ("time: ", Sub.SIG_CONSTRAINTS_FAILURE),
    ("no revocation list that reaches", Sub.TRY_LATER),
    ("no readable trust", Sub.CERTIFICATE_CHAIN_GENERAL_FAILURE),
    ("the pinned root", Sub.CERTIFICATE_CHAIN_GENERAL_FAILURE),
    ("nothing says when", Sub.NO_POE),
    ("the clock cannot tell", Sub.NO_POE),
)
_BY_REASON = {
    Reason.MISSING_CONTENT: Sub.SIGNED_DATA_NOT_FOUND,
    Reason.SIGNATURE_NOT_COMPUTED: Sub.NOT_COMPUTED,
    Reason.RESOLUTION: Sub.NO_POE,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What the judge found of one document: an indication, and unless it passed a sub-indication.

    *answer* says the same in the words of norms.
    """

    indication: Indication
    sub: Sub | None
    answer: Answer

    @property
    def settled(self) -> bool:
        """Tell whether a decision can be held against it."""
        return self.sub not in UNSETTLED


def finding_from(answer: Answer, document: str) -> Finding:
    """Return what *answer* about *document* means in the words of the standard."""
    if answer.verdict is Verdict.PASS:
        return Finding(Indication.TOTAL_PASSED, None, answer)
    sub = _BY_REASON.get(answer.reason) if answer.reason else None
    if sub is None:
        sub = sub_indication(answer.detail.removeprefix(f"{document}: "))
    indication = Indication.TOTAL_FAILED if sub in FAILED else Indication.INDETERMINATE
    return Finding(indication, sub, answer)


def sub_indication(cause: str) -> Sub:
    """Return the sub-indication of a *cause* in the judge's words, GENERIC for one that has no other."""
    return next((sub for prefix, sub in _CAUSES if cause.startswith(prefix)), Sub.GENERIC)
