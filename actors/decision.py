"""Decide about a signed document from facts alone: the same function for real and for computed documents.

The verifier's own moment of receipt counts as the time of signing, so a certificate that is expired or
revoked then is a failure, not a doubt. A check that cannot be made is never a pass.

Source: ETSI EN 319 102-1 for the words on signatures; paragraph 12(6) of the regulation asks for period,
revocation and identity only, the other checks are needed in practice.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from actors.certificate import Purpose, Role
from actors.moments import whole_second

MAY_SIGN_FOR_ORGANISATION = frozenset((Role.HEAD, Role.SIGNATORY))


class Indication(StrEnum):
    """How a validation ends. REFUSED is not of the standard: the signature is good, the request is not."""

    TOTAL_PASSED = "TOTAL_PASSED"
    TOTAL_FAILED = "TOTAL_FAILED"
    INDETERMINATE = "INDETERMINATE"
    REFUSED = "REFUSED"


class SubIndication(StrEnum):
    """Why it ends so; the last two belong to REFUSED."""

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
    REVOKED = "REVOKED"
    REVOKED_CA_NO_POE = "REVOKED_CA_NO_POE"
    TRY_LATER = "TRY_LATER"
    IDENTITY_MISMATCH = "IDENTITY_MISMATCH"
    TOO_LARGE = "TOO_LARGE"


class MessageId(StrEnum):
    """What the citizen is told; the detail goes to the log only."""

    ACCEPTED = "ACCEPTED"
    SIGN_INVALID = "SIGN_INVALID"
    CERT_PERIOD = "CERT_PERIOD"
    CERT_REVOKED = "CERT_REVOKED"
    CERT_UNTRUSTED = "CERT_UNTRUSTED"
    CERT_WRONG_TYPE = "CERT_WRONG_TYPE"
    CHECK_UNAVAILABLE = "CHECK_UNAVAILABLE"
    ID_MISMATCH = "ID_MISMATCH"
    TOO_LARGE = "TOO_LARGE"


@dataclass(frozen=True, slots=True)
class Decision:
    """The end of a validation. *reason* is the outcome code of the event log, ``ok`` if it passed."""

    indication: Indication
    sub_indication: SubIndication | None
    message_id: MessageId
    reason: str

    @property
    def passed(self) -> bool:
        """Say whether the request may go on; a doubt is not a pass."""
        return self.indication is Indication.TOTAL_PASSED


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """What is so about a signer's certificate.

    Moments are whole seconds in microseconds; the certificate is valid in its first and last second too.
    *issuer_known*: a pinned issuer, valid at the moment in question, signed it. *path_sound*: its path obeys
    the rules of certificates. *revocation_known*: lists that speak for the moment cover the whole path.
    *purposes*: what both key usage extensions permit.
    Numbers are None where the certificate has none or none is expected.
    """

    key_strong: bool
    issuer_known: bool
    path_sound: bool
    not_before_us: int
    not_after_us: int
    revoked_at_us: int | None
    issuer_revoked_at_us: int | None
    revocation_known: bool
    purposes: frozenset[Purpose]
    roles: frozenset[Role]
    iin: str | None = field(repr=False)
    bin: str | None = field(repr=False)
    expected_iin: str | None = field(repr=False)
    expected_bin: str | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is so about a signed document.

    Of a signature in no readable form nothing but *size_ok* and *format_ok* is known: the rest is False.
    *certificate* is None if the signer's is not inside or is unreadable. *algorithms_accepted* speaks of the
    hash and the signature algorithm. *certificate_bound*: the signature covers the certificate.
    """

    size_ok: bool
    format_ok: bool
    algorithms_accepted: bool
    digest_equal: bool
    signature_ok: bool
    certificate_bound: bool
    certificate: CertificateFacts | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationPolicy:
    """Which checks are made; all of them, unless a faulty verifier is played.

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
    purpose: Purpose = Purpose.SIGN
    roles: frozenset[Role] = MAY_SIGN_FOR_ORGANISATION


def decide(facts: Facts, policy: ValidationPolicy, moment_us: int) -> Decision:
    """Judge a signed document at *moment_us*: the first check that fails, cheap ones first, decides."""
    if not facts.size_ok:
        return _TOO_LARGE
    if not facts.format_ok:
        return _FORMAT
    if facts.certificate is None:
        return _NO_CERTIFICATE
    for check in _SIGNATURE_CHECKS:
        if check.is_made(policy) and check.fails(facts):
            return check.decision
    return decide_certificate(facts.certificate, policy, moment_us)


def decide_certificate(facts: CertificateFacts, policy: ValidationPolicy, moment_us: int) -> Decision:
    """Judge a certificate at *moment_us*, as decide does after the signature."""
    second_us = whole_second(moment_us)
    for check in _CERTIFICATE_CHECKS:
        if check.is_made(policy) and check.fails(facts, policy, second_us):
            return check.decision
    return PASSED


def malformed_document() -> Decision:
    """Return the decision on a document that is not in the required form."""
    return _FORMAT


def identity_mismatch() -> Decision:
    """Return the decision on a good document that belongs to somebody or something else."""
    return _MISMATCH


PASSED = Decision(Indication.TOTAL_PASSED, None, MessageId.ACCEPTED, "ok")


def _failed(sub: SubIndication, message: MessageId, reason: str) -> Decision:
    return Decision(Indication.TOTAL_FAILED, sub, message, reason)


def _doubted(sub: SubIndication, message: MessageId, reason: str) -> Decision:
    return Decision(Indication.INDETERMINATE, sub, message, reason)


def _refused(sub: SubIndication, message: MessageId, reason: str) -> Decision:
    return Decision(Indication.REFUSED, sub, message, reason)


_S, _M = SubIndication, MessageId
_TOO_LARGE = _refused(_S.TOO_LARGE, _M.TOO_LARGE, "SIGNATURE_INVALID")
_FORMAT = _failed(_S.FORMAT_FAILURE, _M.SIGN_INVALID, "SIGNATURE_INVALID")
_NO_CERTIFICATE = _doubted(_S.NO_SIGNING_CERTIFICATE_FOUND, _M.SIGN_INVALID, "SIGNATURE_INVALID")
_HASH = _failed(_S.HASH_FAILURE, _M.SIGN_INVALID, "SIGNATURE_INVALID")
_VALUE = _failed(_S.SIG_CRYPTO_FAILURE, _M.SIGN_INVALID, "SIGNATURE_INVALID")
_SUBSTITUTED = _doubted(_S.SIG_CONSTRAINTS_FAILURE, _M.SIGN_INVALID, "SIGNATURE_INVALID")
_WEAK = _doubted(_S.CRYPTO_CONSTRAINTS_FAILURE, _M.CERT_WRONG_TYPE, "CERT_WRONG_TYPE")
_UNTRUSTED = _doubted(_S.NO_CERTIFICATE_CHAIN_FOUND, _M.CERT_UNTRUSTED, "CERT_UNTRUSTED")
_ISSUER_REVOKED = _doubted(_S.REVOKED_CA_NO_POE, _M.CERT_UNTRUSTED, "CERT_UNTRUSTED")
_EXPIRED = _failed(_S.EXPIRED, _M.CERT_PERIOD, "CERT_EXPIRED")
_NOT_YET_VALID = _failed(_S.NOT_YET_VALID, _M.CERT_PERIOD, "CERT_NOT_YET_VALID")
_WRONG_TYPE = _doubted(_S.CHAIN_CONSTRAINTS_FAILURE, _M.CERT_WRONG_TYPE, "CERT_WRONG_TYPE")
_REVOKED = _failed(_S.REVOKED, _M.CERT_REVOKED, "CERT_REVOKED")
_UNAVAILABLE = _doubted(_S.TRY_LATER, _M.CHECK_UNAVAILABLE, "CHECK_UNAVAILABLE")
_MISMATCH = _refused(_S.IDENTITY_MISMATCH, _M.ID_MISMATCH, "IIN_MISMATCH")


class _SignatureCheck(NamedTuple):
    is_made: Callable[[ValidationPolicy], bool]
    fails: Callable[[Facts], bool]
    decision: Decision


class _CertificateCheck(NamedTuple):
    is_made: Callable[[ValidationPolicy], bool]
    fails: Callable[[CertificateFacts, ValidationPolicy, int], bool]
    decision: Decision


_SIGNATURE_CHECKS = (
    _SignatureCheck(lambda p: p.check_strength, lambda f: not f.algorithms_accepted, _WEAK),
    _SignatureCheck(lambda p: p.check_signature, lambda f: not f.digest_equal, _HASH),
    _SignatureCheck(lambda p: p.check_signature, lambda f: not f.signature_ok, _VALUE),
    _SignatureCheck(lambda p: p.check_signature, lambda f: not f.certificate_bound, _SUBSTITUTED),
)

# Dates say nothing before the issuer's signature over them is known to be good. Who is listed is revoked,
# however old the list; who is not listed may be so in a newer one.
_CERTIFICATE_CHECKS = (
    _CertificateCheck(lambda p: p.check_strength, lambda f, _p, _t: not f.key_strong, _WEAK),
    _CertificateCheck(lambda p: p.check_issuer, lambda f, _p, _t: not f.issuer_known, _UNTRUSTED),
    _CertificateCheck(lambda p: p.check_period, lambda f, _p, t: t < f.not_before_us, _NOT_YET_VALID),
    _CertificateCheck(lambda p: p.check_period, lambda f, _p, t: t > f.not_after_us, _EXPIRED),
    _CertificateCheck(lambda p: p.check_issuer, lambda f, _p, _t: not f.path_sound, _WRONG_TYPE),
    _CertificateCheck(lambda p: p.check_usage, lambda f, p, _t: p.purpose not in f.purposes, _WRONG_TYPE),
    _CertificateCheck(
        lambda p: p.check_revocation, lambda f, _p, t: _is_before(f.revoked_at_us, t), _REVOKED
    ),
    _CertificateCheck(
        lambda p: p.check_revocation and p.check_issuer,
        lambda f, _p, t: _is_before(f.issuer_revoked_at_us, t),
        _ISSUER_REVOKED,
    ),
    _CertificateCheck(lambda p: p.check_revocation, lambda f, _p, _t: not f.revocation_known, _UNAVAILABLE),
    _CertificateCheck(lambda p: p.check_identity, lambda f, _p, _t: not _is_expected(f), _MISMATCH),
    _CertificateCheck(lambda p: p.check_role, lambda f, p, _t: not _has_role(f, p), _WRONG_TYPE),
)


def _is_before(revoked_at_us: int | None, moment_us: int) -> bool:
    return revoked_at_us is not None and revoked_at_us <= moment_us


def _is_expected(facts: CertificateFacts) -> bool:
    if facts.expected_iin is None and facts.expected_bin is None:
        return False
    return facts.expected_iin in (None, facts.iin) and facts.expected_bin in (None, facts.bin)


def _has_role(facts: CertificateFacts, policy: ValidationPolicy) -> bool:
    return facts.expected_bin is None or bool(facts.roles & policy.roles)
