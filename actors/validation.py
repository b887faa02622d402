"""Judge a signed document: gather facts from the octets, then decide from the facts alone.

    trust = TrustAnchors.of(authority)
    revocation = RevocationList.read(authority.publish(now_us), trust)
    facts = gather_facts(octets, p7s, trust, revocation, expected_iin=iin, moment_us=now_us)
    decision = decide(facts, ValidationPolicy(), now_us)
    decision.passed, decision.reason  # True, "ok"

Facts are gathered in a bounded time whatever the input, and gathering never raises.
"""

from actors import cades
from actors.certificate import Certificate, CertificateCache, Purpose, is_strong
from actors.decision import (
    CertificateFacts,
    Decision,
    Facts,
    Indication,
    MessageId,
    SubIndication,
    ValidationPolicy,
    decide,
    decide_certificate,
    identity_mismatch,
    malformed_document,
)
from actors.errors import FormatError
from actors.moments import whole_second
from actors.revocation import RevocationList
from actors.trust import Chain, TrustAnchors, examine

__all__ = [
    "CertificateFacts",
    "Decision",
    "Facts",
    "Indication",
    "MessageId",
    "RevocationList",
    "SubIndication",
    "TrustAnchors",
    "ValidationPolicy",
    "decide",
    "decide_certificate",
    "gather_certificate_facts",
    "gather_facts",
    "identity_mismatch",
    "malformed_document",
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
    cache: CertificateCache | None = None,
) -> Facts:
    """Gather what is so about the detached signature *p7s* over *octets* at *moment_us*.

    Expect the IIN of a person, the BIN of an organisation, or both; with neither, the identity is never
    right. Never raises on hostile input: what cannot be read is a fact as well.
    """
    if len(p7s) > cades.MAX_OCTETS:
        return _unreadable(size_ok=False)
    try:
        signed = cades.read_detached(p7s)
    except FormatError:
        return _unreadable(size_ok=True)
    found = _signer(signed, trust, cache)
    if found is None:
        return _without_certificate(signed, octets)
    certificate, chain = found
    return Facts(
        size_ok=True,
        format_ok=True,
        algorithms_accepted=cades.is_supported(signed),
        digest_equal=cades.digest_equals(signed, octets),
        signature_ok=cades.signature_matches(signed, certificate),
        certificate_bound=cades.binds_certificate(signed, certificate),
        certificate=_certificate_facts(
            certificate, chain, trust, revocation, (expected_iin, expected_bin), whole_second(moment_us)
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
    return _certificate_facts(certificate, chain, trust, revocation, expected, whole_second(moment_us))


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
    moment_us: int,
) -> CertificateFacts:
    known = revocation or RevocationList({})
    issuer = chain.issuer
    return CertificateFacts(
        key_strong=is_strong(certificate.public_key),
        issuer_known=issuer is not None and chain.start_us <= moment_us <= chain.end_us,
        path_sound=chain.sound,
        not_before_us=certificate.not_before_us,
        not_after_us=certificate.not_after_us,
        revoked_at_us=known.revoked_at_us(certificate.issuer, certificate.serial),
        issuer_revoked_at_us=None if issuer is None else known.revoked_at_us(issuer.issuer, issuer.serial),
        revocation_known=_covers(known, chain, trust, moment_us),
        purposes=certificate.purposes & _permitted(certificate),
        roles=certificate.roles,
        iin=certificate.iin,
        bin=certificate.bin,
        expected_iin=expected[0],
        expected_bin=expected[1],
    )


def _covers(known: RevocationList, chain: Chain, trust: TrustAnchors, moment_us: int) -> bool:
    if chain.issuer is None:
        # Nobody known publishes lists for it. A verifier that does not ask who issued a certificate finds
        # its serial number in none of its lists, and believes that this means something.
        return any(known.is_fresh(one.subject, moment_us) for one in trust.issuers)
    issuer = chain.issuer
    return known.is_fresh(issuer.subject, moment_us) and known.is_fresh(issuer.issuer, moment_us)


def _permitted(certificate: Certificate) -> frozenset[Purpose]:
    usage = certificate.key_usage
    if usage is None or not usage.digital_signature:
        return frozenset()
    return frozenset(Purpose) if usage.content_commitment else frozenset((Purpose.AUTH,))


def _unreadable(*, size_ok: bool) -> Facts:
    return Facts(
        size_ok=size_ok,
        format_ok=False,
        algorithms_accepted=False,
        digest_equal=False,
        signature_ok=False,
        certificate_bound=False,
        certificate=None,
    )


def _without_certificate(signed: cades.SignedData, octets: bytes) -> Facts:
    return Facts(
        size_ok=True,
        format_ok=True,
        algorithms_accepted=cades.is_supported(signed),
        digest_equal=cades.digest_equals(signed, octets),
        signature_ok=False,
        certificate_bound=False,
        certificate=None,
    )
