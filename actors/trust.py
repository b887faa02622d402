"""Whom a verifier trusts, and whether a certificate comes from there.

Issuers come from a pinned list only, never from a message: a message that brings its own could offer
hundreds of them and keep the verifier busy for ever.
"""

from dataclasses import dataclass
from typing import Protocol, Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.x509.verification import (
    ClientVerifier,
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from actors.certificate import Certificate, CertificateCache, read_certificate
from actors.moments import to_datetime

_STRONG_HASHES = (hashes.SHA256, hashes.SHA384, hashes.SHA512)


class CertificateIssuer(Protocol):
    """What is needed of an authority in order to trust it."""

    @property
    def root(self) -> Certificate:
        """Return the root certificate."""

    @property
    def issuing(self) -> Certificate:
        """Return the certificate that signs the holders' ones."""


@dataclass(frozen=True, slots=True)
class TrustAnchors:
    """The pinned certificates: *roots* that are trusted, and the *issuers* below them."""

    roots: tuple[Certificate, ...]
    issuers: tuple[Certificate, ...]

    @classmethod
    def of(cls, *authorities: CertificateIssuer) -> Self:
        """Trust these authorities."""
        return cls(tuple(a.root for a in authorities), tuple(a.issuing for a in authorities))

    def named(self, subject: bytes) -> tuple[Certificate, ...]:
        """Return the pinned certificates whose subject is the DER name *subject*."""
        return tuple(one for one in (*self.issuers, *self.roots) if one.subject == subject)


@dataclass(frozen=True, slots=True)
class Chain:
    """The part of a certificate's path that no lapse of time changes.

    *issuer* is the pinned certificate whose key signed the certificate, None if there is none. *sound* says
    that the path obeys RFC 5280 up to a trusted root. *start_us* and *end_us* bound the time in which all
    issuers on the path are valid.
    """

    issuer: Certificate | None
    sound: bool
    start_us: int
    end_us: int


NO_CHAIN = Chain(None, sound=False, start_us=0, end_us=0)


def examine(
    der: bytes, trust: TrustAnchors, cache: CertificateCache | None = None
) -> tuple[Certificate, Chain]:
    """Read a certificate and find its chain, or remember both; raise FormatError as read_certificate does."""
    known = cache.get(der, trust) if cache is not None else None
    if known is None:
        certificate = read_certificate(der)
        known = (certificate, find_chain(certificate, trust))
        if cache is not None:
            cache.put(der, known)
    return known


def find_chain(certificate: Certificate, trust: TrustAnchors) -> Chain:
    """Return the path from *certificate* to a trusted root."""
    for issuer in trust.named(certificate.issuer):
        root = _root_of(issuer, trust)
        if root is not None and is_issued_by(certificate, issuer):
            return Chain(
                issuer,
                sound=_is_sound(certificate, issuer, trust),
                start_us=max(issuer.not_before_us, root.not_before_us),
                end_us=min(issuer.not_after_us, root.not_after_us),
            )
    return NO_CHAIN


def is_issued_by(certificate: Certificate, issuer: Certificate) -> bool:
    """Say whether *issuer* signed *certificate*, with a hash that is accepted."""
    try:
        if not isinstance(certificate.parsed.signature_hash_algorithm, _STRONG_HASHES):
            return False
        certificate.parsed.verify_directly_issued_by(issuer.parsed)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return issuer.is_authority and issuer.key_usage is not None and issuer.key_usage.key_cert_sign


def _root_of(issuer: Certificate, trust: TrustAnchors) -> Certificate | None:
    return next((root for root in trust.roots if root == issuer or is_issued_by(issuer, root)), None)


def _is_sound(certificate: Certificate, issuer: Certificate, trust: TrustAnchors) -> bool:
    # At the first moment in which all could be valid, so that the answer holds for every other moment.
    start_us = max(certificate.not_before_us, issuer.not_before_us)
    try:
        _verifier(trust, start_us).verify(certificate.parsed, [issuer.parsed])
    except VerificationError:
        return False
    return True


def _verifier(trust: TrustAnchors, moment_us: int) -> ClientVerifier:
    return (
        PolicyBuilder()
        .store(Store([root.parsed for root in trust.roots]))
        .time(to_datetime(moment_us))
        .max_chain_depth(1)
        .extension_policies(ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=_holder_policy())
        .build_client_verifier()
    )


def _holder_policy() -> ExtensionPolicy:
    # A personal certificate has no SAN; what it may be used for is judged apart from the path.
    return (
        ExtensionPolicy.permit_all()
        .require_present(x509.KeyUsage, Criticality.CRITICAL, None)
        .require_present(x509.AuthorityKeyIdentifier, Criticality.NON_CRITICAL, None)
        .may_be_present(x509.BasicConstraints, Criticality.AGNOSTIC, _refuse_authority)
    )


def _refuse_authority(
    _policy: Policy, _certificate: x509.Certificate, constraints: x509.BasicConstraints | None
) -> None:
    if constraints is not None and constraints.ca:
        raise ValueError  # becomes a VerificationError
