"""Decide about a signed document from facts alone: one function for real and for computed signatures.

The order of the checks is fixed, cheap ones first, and nothing is believed before what it rests on: the dates
in a certificate mean nothing before its issuer's signature is known to be good. A check that cannot be made
is never a pass. What concerns the request and not its signature is a refusal with words of its own.

Source: ETSI EN 319 102-1 for the words on signatures.
"""

from collections.abc import Callable
from typing import NamedTuple

from actors.facts import CertificateFacts, Facts, RequestFacts
from actors.moments import SECOND_US, whole_second
from actors.outcomes import Decision, Indication, MessageId, Refusal, SubIndication
from actors.policy import Proof, ValidationPolicy


def decide(
    facts: Facts, policy: ValidationPolicy, moment_us: int, *, checked_us: int | None = None
) -> Decision:
    """Judge a signed document: the first check that fails decides.

    *moment_us* is when it was received: then the certificate has to be in its period. *checked_us* is the
    moment of the check itself, where that is later: what is known to be revoked by then is refused.
    """
    decision = _decide_signature(facts, policy, moment_us, checked_us)
    if not decision.passed or facts.certificate is None:
        return decision
    return _decide_holder(facts.certificate, policy)


def decide_certificate(
    facts: CertificateFacts, policy: ValidationPolicy, moment_us: int, *, checked_us: int | None = None
) -> Decision:
    """Judge a certificate, as decide does after the signature."""
    decision = _decide_certificate(_Circumstances(facts, policy, moment_us, checked_us, None))
    return _decide_holder(facts, policy) if decision.passed else decision


def decide_request(
    facts: Facts,
    request: RequestFacts,
    policy: ValidationPolicy,
    moment_us: int,
    *,
    checked_us: int | None = None,
) -> Decision:
    """Judge a signed request: size, signature, certificate, then what the request itself says."""
    if not request.size_ok:
        return _TOO_LARGE
    decision = _decide_signature(facts, policy, moment_us, checked_us)
    if not decision.passed:
        return decision
    if not request.envelope_ok:
        return _REQUEST_INVALID
    if policy.check_identity and not request.iin_well_formed:
        return _IIN_INVALID
    if policy.check_identity and not request.is_account_holder:
        return _IIN_MISMATCH
    if facts.certificate is not None:
        decision = _decide_holder(facts.certificate, policy)
    return decision if not decision.passed else _decide_content(facts, request, policy, moment_us)


def malformed_document() -> Decision:
    """Return the decision on a document that is not in the required form."""
    return _FORMAT


def disbelieved(decision: Decision) -> Decision:
    """Return the decision of a faulty verifier that takes a good signature for a broken one."""
    return _VALUE if decision.passed else decision


def identity_mismatch() -> Decision:
    """Return the decision on a good document that belongs to something else than expected."""
    return _MISMATCH


PASSED = Decision(Indication.TOTAL_PASSED, None, MessageId.ACCEPTED, "ok")


def _failed(sub: SubIndication, message: MessageId, reason: str) -> Decision:
    return Decision(Indication.TOTAL_FAILED, sub, message, reason)


def _doubted(sub: SubIndication, message: MessageId, reason: str) -> Decision:
    return Decision(Indication.INDETERMINATE, sub, message, reason)


def _refused(refusal: Refusal, message: MessageId, reason: str) -> Decision:
    return Decision(Indication.REFUSED, refusal, message, reason)


_S, _R, _M = SubIndication, Refusal, MessageId
_TOO_LARGE = _refused(_R.TOO_LARGE, _M.TOO_LARGE, "TOO_LARGE")
_FORMAT = _failed(_S.FORMAT_FAILURE, _M.SIGN_INVALID, "SIGNATURE_INVALID")
_NO_CERTIFICATE = _doubted(_S.NO_SIGNING_CERTIFICATE_FOUND, _M.SIGN_INVALID, "SIGNATURE_INVALID")
_HASH = _failed(_S.HASH_FAILURE, _M.SIGN_INVALID, "SIGNATURE_INVALID")
_VALUE = _failed(_S.SIG_CRYPTO_FAILURE, _M.SIGN_INVALID, "SIGNATURE_INVALID")
_SUBSTITUTED = _doubted(_S.SIG_CONSTRAINTS_FAILURE, _M.SIGN_INVALID, "SIGNATURE_INVALID")
_WEAK = _doubted(_S.CRYPTO_CONSTRAINTS_FAILURE, _M.CERT_WRONG_TYPE, "CERT_WRONG_TYPE")
_UNTRUSTED = _doubted(_S.NO_CERTIFICATE_CHAIN_FOUND, _M.CERT_UNTRUSTED, "CERT_UNTRUSTED")
_ISSUER_REVOKED = _doubted(_S.REVOKED_CA_NO_POE, _M.CERT_UNTRUSTED, "CERT_UNTRUSTED")
_EXPIRED = _failed(_S.EXPIRED, _M.CERT_PERIOD, "CERT_EXPIRED")
_OUTLIVED = _doubted(_S.OUT_OF_BOUNDS_NO_POE, _M.RESULT_OLD, "CERT_EXPIRED")
_NOT_YET_VALID = _failed(_S.NOT_YET_VALID, _M.CERT_PERIOD, "CERT_NOT_YET_VALID")
_WRONG_TYPE = _doubted(_S.CHAIN_CONSTRAINTS_FAILURE, _M.CERT_WRONG_TYPE, "CERT_WRONG_TYPE")
_REVOKED = _failed(_S.REVOKED, _M.CERT_REVOKED, "CERT_REVOKED")
_REVOKED_BEFORE = _failed(_S.REVOKED, _M.SIGN_INVALID, "CERT_REVOKED")
_REVOKED_LATER = _doubted(_S.REVOKED_NO_POE, _M.RESULT_OLD, "CERT_REVOKED")
_UNAVAILABLE = _doubted(_S.TRY_LATER, _M.CHECK_UNAVAILABLE, "CHECK_UNAVAILABLE")
_MISMATCH = _refused(_R.IDENTITY_MISMATCH, _M.ID_MISMATCH, "IDENTITY_MISMATCH")
_IIN_MISMATCH = _refused(_R.IDENTITY_MISMATCH, _M.ID_MISMATCH, "IIN_MISMATCH")
_BIN_MISMATCH = _refused(_R.IDENTITY_MISMATCH, _M.ID_MISMATCH, "BIN_MISMATCH")
_REQUEST_INVALID = _refused(_R.REQUEST_INVALID, _M.REQUEST_INVALID, "REQUEST_INVALID")
_IIN_INVALID = _refused(_R.IIN_INVALID, _M.IIN_INVALID, "IIN_INVALID")
_PROVIDER = _refused(_R.PROVIDER_MISMATCH, _M.PROVIDER_MISMATCH, "PROVIDER_MISMATCH")
_ATTACHMENT = _refused(_R.ATTACHMENT_REFUSED, _M.ATTACHMENT_REFUSED, "ATTACHMENT_REFUSED")
_STALE = _refused(_R.STALE_REQUEST, _M.STALE_REQUEST, "STALE_REQUEST")
_REPLAY = _refused(_R.REPLAY, _M.REPLAY, "REPLAY")


DECISIONS: tuple[Decision, ...] = (
    PASSED,
    _TOO_LARGE,
    _FORMAT,
    _NO_CERTIFICATE,
    _HASH,
    _VALUE,
    _SUBSTITUTED,
    _WEAK,
    _UNTRUSTED,
    _ISSUER_REVOKED,
    _EXPIRED,
    _OUTLIVED,
    _NOT_YET_VALID,
    _WRONG_TYPE,
    _REVOKED,
    _REVOKED_BEFORE,
    _REVOKED_LATER,
    _UNAVAILABLE,
    _MISMATCH,
    _IIN_MISMATCH,
    _BIN_MISMATCH,
    _REQUEST_INVALID,
    _IIN_INVALID,
    _PROVIDER,
    _ATTACHMENT,
    _STALE,
    _REPLAY,
)
"""Everything that a validation can find."""


class _Circumstances(NamedTuple):
    facts: CertificateFacts
    policy: ValidationPolicy
    moment_us: int
    checked_us: int | None
    signing_time_us: int | None


def _decide_signature(
    facts: Facts, policy: ValidationPolicy, moment_us: int, checked_us: int | None
) -> Decision:
    if not facts.size_ok:
        return _TOO_LARGE
    if not facts.format_ok:
        return _FORMAT
    if facts.certificate is None:
        return _NO_CERTIFICATE
    for is_made, fails, decision in _SIGNATURE_CHECKS:
        if is_made(policy) and fails(facts, policy):
            return decision
    return _decide_certificate(
        _Circumstances(facts.certificate, policy, moment_us, checked_us, facts.signing_time_us)
    )


def _algorithms_refused(facts: Facts, policy: ValidationPolicy) -> bool:
    rules = policy.rules
    return facts.digest not in rules.digests or facts.algorithm not in rules.signatures


_SIGNATURE_CHECKS: tuple[
    tuple[Callable[[ValidationPolicy], bool], Callable[[Facts, ValidationPolicy], bool], Decision], ...
] = (
    (lambda p: p.check_strength, _algorithms_refused, _WEAK),
    (lambda p: p.check_signature, lambda f, _p: not f.digest_equal, _HASH),
    (lambda p: p.check_signature, lambda f, _p: not f.signature_ok, _VALUE),
    (lambda p: p.check_signature, lambda f, _p: not f.certificate_bound, _SUBSTITUTED),
)


def _decide_certificate(c: _Circumstances) -> Decision:
    facts, policy = c.facts, c.policy
    if policy.check_strength and not policy.rules.accepts_key(facts.key):
        return _WEAK
    if policy.check_issuer and not facts.issuer_known:
        return _UNTRUSTED
    if policy.check_period and (decision := _decide_period(c)) is not PASSED:
        return decision
    if policy.check_issuer and not facts.path_sound:
        return _WRONG_TYPE
    if policy.check_usage and policy.purpose not in facts.purposes:
        return _WRONG_TYPE
    return _decide_revocation(c) if policy.check_revocation else PASSED


def _decide_period(c: _Circumstances) -> Decision:
    second_us = whole_second(c.moment_us)
    if second_us < c.facts.not_before_us:
        return _NOT_YET_VALID
    if second_us > c.facts.not_after_us:
        return _EXPIRED if c.policy.proof is Proof.RECEIPT else _OUTLIVED
    return PASSED


def _decide_revocation(c: _Circumstances) -> Decision:
    """Who is listed is revoked, however old the list; who is not listed may be so in a newer one."""
    facts, second_us = c.facts, whole_second(c.moment_us if c.checked_us is None else c.checked_us)
    if _is_before(facts.revoked_at_us, second_us):
        return _revoked(c)
    if c.policy.check_issuer and _is_before(facts.issuer_revoked_at_us, second_us):
        return _ISSUER_REVOKED
    if not _is_covered(c):
        return _UNAVAILABLE
    return PASSED


def _revoked(c: _Circumstances) -> Decision:
    if c.policy.proof is Proof.RECEIPT:
        return _REVOKED
    signed_us, revoked_us = c.signing_time_us, c.facts.revoked_at_us
    before = signed_us is None or revoked_us is None or revoked_us <= signed_us
    return _REVOKED_BEFORE if before else _REVOKED_LATER


def _is_covered(c: _Circumstances) -> bool:
    if c.facts.coverage_us is None:
        return False
    start_us, end_us = c.facts.coverage_us
    now_us = whole_second(c.moment_us if c.checked_us is None else c.checked_us)
    return start_us <= now_us <= end_us and now_us - start_us <= c.policy.rules.max_list_age_s * SECOND_US


def _is_before(revoked_at_us: int | None, moment_us: int) -> bool:
    return revoked_at_us is not None and revoked_at_us <= moment_us


def _decide_holder(facts: CertificateFacts, policy: ValidationPolicy) -> Decision:
    if policy.check_identity:
        if facts.expected_iin is None and facts.expected_bin is None:
            return _MISMATCH
        if facts.expected_iin not in (None, facts.iin):
            return _IIN_MISMATCH
        if facts.expected_bin not in (None, facts.bin):
            return _BIN_MISMATCH
    if policy.check_role and facts.expected_bin is not None and not facts.roles & policy.roles:
        return _WRONG_TYPE
    return PASSED


def _decide_content(
    facts: Facts, request: RequestFacts, policy: ValidationPolicy, moment_us: int
) -> Decision:
    if not request.provider_competent:
        return _PROVIDER
    if policy.check_freshness and not _is_fresh(facts, request, policy, moment_us):
        return _STALE
    if policy.check_replay and request.seen_before:
        return _REPLAY
    return PASSED if request.attachments_ok else _ATTACHMENT


def _is_fresh(facts: Facts, request: RequestFacts, policy: ValidationPolicy, moment_us: int) -> bool:
    rules = policy.rules
    age_us = moment_us - request.issued_at_us
    signed_us = request.issued_at_us if facts.signing_time_us is None else facts.signing_time_us
    return (
        -rules.clock_skew_s * SECOND_US <= age_us <= rules.max_request_age_s * SECOND_US
        and moment_us <= request.expires_at_us + rules.clock_skew_s * SECOND_US
        # The time in a signature has whole seconds only.
        and abs(signed_us - whole_second(request.issued_at_us)) <= rules.max_signing_time_gap_s * SECOND_US
    )
