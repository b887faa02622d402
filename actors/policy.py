"""What a verifier accepts: algorithms, key sizes, ages, usages. One policy file holds it all.

The receipt by the verifier counts as the time of signing of a request: the act judges at submission, and the
permitted age of a request bounds how long before it can have been signed. So an expired or revoked
certificate is a failure there. Strictly read, without a proof of existence it would be a doubt; results,
which are looked at long after, are judged in that strict way.

Source: ETSI EN 319 102-1 (indications and constraints); paragraph 12(6) of the regulation asks for period,
revocation and identity only, the other checks are needed in practice.
"""

from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from actors.attachments import AttachmentLimits
from actors.certificate import KeyFacts, Purpose, Role

SECOND_US = 1_000_000

MAY_SIGN_FOR_ORGANISATION = frozenset((Role.HEAD, Role.SIGNATORY))


Digest = Literal["sha256"]
Algorithm = Literal["ecdsa-sha256", "rsa-sha256"]
Curve = Literal["secp256r1", "secp384r1", "secp521r1", "secp256k1"]
Amount = Annotated[int, msgspec.Meta(ge=0)]


class Proof(StrEnum):
    """What proves that a signature existed before the certificate's end or revocation."""

    RECEIPT = "receipt"
    NONE = "none"


class SignatureRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The numbers and names of a policy; the defaults are those of the shipped policy file.

    Algorithms by the names that facts use; no others can be verified here, so none can be permitted.
    *purpose* is what a signer's key has to be for, *roles* are those of which a signer for an organisation
    needs one. *max_list_age_s* bounds how old a list or an OCSP answer may be although it says of itself that
    it still holds. A request may be *max_request_age_s* old, and *clock_skew_s* ahead of the verifier's
    clock; the time in its signature may differ from the time in the request by *max_signing_time_gap_s*.
    """

    digests: frozenset[Digest] = frozenset[Digest](("sha256",))
    signatures: frozenset[Algorithm] = frozenset[Algorithm](("ecdsa-sha256", "rsa-sha256"))
    curves: frozenset[Curve] = frozenset[Curve](("secp256r1", "secp384r1"))
    min_rsa_bits: Amount = 2048
    min_rsa_exponent: Amount = 65_537
    max_request_octets: Amount = 65_536
    max_list_age_s: Annotated[int, msgspec.Meta(ge=3_600)] = 86_400
    clock_skew_s: Amount = 60
    max_request_age_s: Amount = 600
    max_signing_time_gap_s: Amount = 60
    accept_unknown_sex: bool = False
    purpose: Purpose = Purpose.SIGN
    roles: frozenset[Role] = MAY_SIGN_FOR_ORGANISATION
    attachments: AttachmentLimits = AttachmentLimits()

    def accepts_key(self, key: KeyFacts) -> bool:
        """Say whether signatures made with such a key are accepted."""
        if key.family == "EC":
            return key.curve in self.curves
        strong = key.bits >= self.min_rsa_bits and (key.exponent or 0) >= self.min_rsa_exponent
        return key.family == "RSA" and strong

    @property
    def replay_window_us(self) -> int:
        """Return how long after a request its nonce must not be forgotten."""
        return (self.max_request_age_s + 2 * self.clock_skew_s) * SECOND_US


class ValidationPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """Which checks are made, and by which rules; all of them, unless a faulty verifier is played.

    *purpose* is what the key has to be for. *roles* are those of which a signer for an organisation needs
    one; for what an employee may sign without the right to bind it, give all roles.
    """

    check_signature: bool = True
    check_strength: bool = True
    check_issuer: bool = True
    check_period: bool = True
    check_usage: bool = True
    check_revocation: bool = True
    check_identity: bool = True
    check_role: bool = True
    check_freshness: bool = True
    check_replay: bool = True
    purpose: Purpose = Purpose.SIGN
    roles: frozenset[Role] = MAY_SIGN_FOR_ORGANISATION
    proof: Proof = Proof.RECEIPT
    rules: SignatureRules = SignatureRules()


def policy_of(rules: SignatureRules, proof: Proof = Proof.RECEIPT) -> ValidationPolicy:
    """Return the policy that makes every check by *rules*."""
    return ValidationPolicy(purpose=rules.purpose, roles=rules.roles, proof=proof, rules=rules)
