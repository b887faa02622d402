"""Judge a signed document: gather facts from the octets, then decide from the facts alone.

    trust = TrustAnchors.of(authority)
    revocation = RevocationList.read(authority.publish(now_us), trust)
    facts = gather_facts(octets, p7s, trust, revocation, expected_iin=iin, moment_us=now_us)
    decision = decide(facts, ValidationPolicy(), now_us)
    decision.passed, decision.reason  # True, "ok"

Facts are gathered in a bounded time whatever the input, and gathering never raises.
"""

from itertools import pairwise
from typing import NamedTuple

from actors import cades
from actors.certificate import Certificate, CertificateCache, CertificateDraft
from actors.decision import (
    PASSED,
    decide,
    decide_certificate,
    decide_request,
    disbelieved,
    identity_mismatch,
    malformed_document,
)
from actors.errors import FormatError
from actors.facts import CertificateFacts, Facts, RequestFacts
from actors.moments import whole_second
from actors.outcomes import Decision, Indication, MessageId, Refusal, SubIndication
from actors.policy import SignatureRules, ValidationPolicy
from actors.revocation import RevocationList
from actors.signature_frame import SignatureFrames
from actors.trust import Chain, TrustAnchors, examine

__all__ = [
    "PASSED",
    "CertificateFacts",
    "Decision",
    "Facts",
    "Indication",
    "MessageId",
    "Refusal",
    "RequestFacts",
    "RevocationList",
    "SignatureRules",
    "SubIndication",
    "TrustAnchors",
    "ValidationPolicy",
    "decide",
    "decide_certificate",
    "decide_request",
    "disbelieved",
    "gather_certificate_facts",
    "gather_facts",
    "holder_facts",
    "identity_mismatch",
    "malformed_document",
    "revocation_facts",
]


def gather_facts(  # noqa: PLR0913 - what is signed, whom to trust, who is expected, when
    octets: bytes,
    p7s: bytes,
    trust: TrustAnchors,
    revocation: RevocationList | None,
    *,
    expected_iin: str | None = None,
    expected_bin: str | None = None,
    moment_us: int,
    checked_us: int | None = None,
    max_octets: int = cades.MAX_OCTETS,
    cache: CertificateCache | None = None,
    frames: SignatureFrames | None = None,
) -> Facts:
    """Gather what is so about the detached signature *p7s* over *octets* at *moment_us*.

    Revocation is looked up for *checked_us* where that differs (see decide).
    Expect the IIN of a person, the BIN of an organisation, or both; with neither, the identity is never
    right. Never raises on hostile input: what cannot be read is a fact as well.
    """
    if len(p7s) > max_octets:
        return unreadable(size_ok=False)
    try:
        signed = cades.read_detached(p7s, max_octets, frames)
    except FormatError:
        return unreadable(size_ok=True)
    found = _signer(signed, trust, cache)
    if found is None:
        return _without_certificate(signed, octets)
    certificate, chain = found
    if frames is not None and chain.issuer is not None:
        frames.of(certificate)  # known from now on; what nobody pinned has signed must not fill the table
    return Facts(
        size_ok=True,
        format_ok=True,
        digest=cades.digest_name(signed),
        algorithm=cades.algorithm_name(signed),
        digest_equal=cades.digest_equals(signed, octets),
        signature_ok=cades.signature_matches(signed, certificate),
        certificate_bound=cades.binds_certificate(signed, certificate),
        signing_time_us=signed.signing_time_us,
        certificate=_certificate_facts(
            certificate, chain, trust, revocation, (expected_iin, expected_bin), (moment_us, checked_us)
        ),
    )


def gather_certificate_facts(  # noqa: PLR0913 - as gather_facts
    der: bytes,
    trust: TrustAnchors,
    revocation: RevocationList | None,
    *,
    expected_iin: str | None = None,
    expected_bin: str | None = None,
    moment_us: int,
    cache: CertificateCache | None = None,
) -> CertificateFacts:
    """Gather what is so about a certificate without a signature; raise FormatError if it is unreadable."""
    certificate, chain = examine(der, trust, cache)
    expected = (expected_iin, expected_bin)
    return _certificate_facts(certificate, chain, trust, revocation, expected, (moment_us, None))


def _signer(
    signed: cades.SignedData, trust: TrustAnchors, cache: CertificateCache | None
) -> tuple[Certificate, Chain] | None:
    if signed.certificate_der is None:
        return None
    try:
        certificate, chain = examine(signed.certificate_der, trust, cache)
    except FormatError:
        return None
    return (certificate, chain) if cades.is_signer(signed, certificate) else None


def _certificate_facts(  # noqa: PLR0913, PLR0917 - as gather_facts
    certificate: Certificate,
    chain: Chain,
    trust: TrustAnchors,
    revocation: RevocationList | None,
    expected: tuple[str | None, str | None],
    moments_us: tuple[int, int | None],
) -> CertificateFacts:
    moment_us, later_us = moments_us
    checked_us = whole_second(moment_us if later_us is None else later_us)
    holder = (certificate.issuer, certificate.serial)
    known = revocation_facts(revocation, holder, chain, trust, checked_us)
    return holder_facts(certificate, chain, known, expected, whole_second(moment_us))


def holder_facts(
    holder: Certificate | CertificateDraft,
    chain: Chain,
    known: "RevocationFacts",
    expected: tuple[str | None, str | None],
    moment_us: int,
) -> CertificateFacts:
    """Put together what is so about a certificate, read or only planned, at the whole second *moment_us*.

    *expected* are the IIN and the BIN that it should have, None for any.
    """
    return CertificateFacts(
        serial=holder.serial,
        key=holder.key,
        issuer=chain.issuer,
        issuer_known=chain.issuer is not None and chain.start_us <= moment_us <= chain.end_us,
        path_sound=chain.sound,
        not_before_us=holder.not_before_us,
        not_after_us=holder.not_after_us,
        revoked_at_us=known.revoked_at_us,
        issuer_revoked_at_us=known.issuer_revoked_at_us,
        coverage_us=known.coverage_us,
        purposes=holder.permits if isinstance(holder, Certificate) else holder.purposes,
        roles=holder.roles,
        common_name=holder.common_name,
        iin=holder.iin,
        bin=holder.bin,
        expected_iin=expected[0],
        expected_bin=expected[1],
    )


class RevocationFacts(NamedTuple):
    """What is known about the revocation of a certificate and of the authorities above it."""

    revoked_at_us: int | None
    issuer_revoked_at_us: int | None
    coverage_us: tuple[int, int] | None


def revocation_facts(
    revocation: RevocationList | None,
    holder: tuple[bytes, int],
    chain: Chain,
    trust: TrustAnchors,
    moment_us: int,
) -> RevocationFacts:
    """Look up the certificate *holder* (issuer's DER name, serial number) and its *chain*.

    The chain knows whose key signed: only the lists and answers of that issuer count. The coverage is the
    worst of all certificates on the path below the root.
    """
    known = revocation or _NOTHING_KNOWN
    name, serial = holder
    if chain.issuer is None:
        # Nobody known publishes lists for it. A verifier that does not ask who issued a certificate finds
        # its serial number in none of its lists, and believes that this means something.
        lists = (known.coverage_us(one, serial, moment_us) for one in trust.issuers)
        return RevocationFacts(
            known.revoked_at_us(name, serial), None, next((one for one in lists if one is not None), None)
        )
    coverage = known.coverage_us(chain.issuer, serial, moment_us)
    issuer_revoked_at_us: int | None = None
    for one, issuer in pairwise(chain.path):
        coverage = _worse(coverage, known.coverage_us(issuer, one.serial, moment_us))
        when_us = known.revoked_at_us(issuer, one.serial)
        if when_us is not None and (issuer_revoked_at_us is None or when_us < issuer_revoked_at_us):
            issuer_revoked_at_us = when_us
    return RevocationFacts(known.revoked_at_us(chain.issuer, serial), issuer_revoked_at_us, coverage)


_NOTHING_KNOWN = RevocationList({})


def _worse(one: tuple[int, int] | None, other: tuple[int, int] | None) -> tuple[int, int] | None:
    if one is None or other is None:
        return None
    return min(one[0], other[0]), min(one[1], other[1])


def unreadable(*, size_ok: bool) -> Facts:
    """Return the facts of a signature in no readable form, or of none at all."""
    return Facts(
        size_ok=size_ok,
        format_ok=False,
        digest=None,
        algorithm=None,
        digest_equal=False,
        signature_ok=False,
        certificate_bound=False,
        signing_time_us=None,
        certificate=None,
    )


def _without_certificate(signed: cades.SignedData, octets: bytes) -> Facts:
    return Facts(
        size_ok=True,
        format_ok=True,
        digest=cades.digest_name(signed),
        algorithm=cades.algorithm_name(signed),
        digest_equal=cades.digest_equals(signed, octets),
        signature_ok=False,
        certificate_bound=False,
        signing_time_us=signed.signing_time_us,
        certificate=None,
    )
