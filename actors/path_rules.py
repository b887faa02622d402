"""The rules that certificates on one given path have to obey.

The library's verifier walks the path; what it leaves to its user is added here: which extensions have to be
there, and which must not. Revocation, and what a holder's key is for, are judged apart.

Source: RFC 5280, 4.1 and 4.2 (profile), 6.1 (path validation).
"""

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

from actors.certificate import Certificate
from actors.moments import to_datetime

_STRONG_HASHES = (hashes.SHA256, hashes.SHA384, hashes.SHA512)
_NO_NAME = b"\x30\x00"

Way = tuple[Certificate, ...]
"""Authorities, each signed by the next one; the last is a root."""


def is_issued_by(certificate: Certificate, issuer: Certificate) -> bool:
    """Say whether *issuer* signed *certificate*, with a hash that is accepted."""
    if not has_strong_hash(certificate):
        return False
    try:
        certificate.parsed.verify_directly_issued_by(issuer.parsed)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return issuer.is_authority and issuer.key_usage is not None and issuer.key_usage.key_cert_sign


def has_strong_hash(certificate: Certificate) -> bool:
    """Say whether the certificate is signed with a hash that is accepted."""
    try:
        return isinstance(certificate.parsed.signature_hash_algorithm, _STRONG_HASHES)
    except UnsupportedAlgorithm:
        return False


def is_sound(certificate: Certificate, way: Way, start_us: int) -> bool:
    """Say whether the path from *certificate* along *way* obeys the rules, where all on it are valid.

    *start_us* is the first moment in which all authorities of *way* are valid.
    """
    if any(one.subject == _NO_NAME for one in way):
        return False
    # At the first moment in which all could be valid, so that the answer holds for every other moment.
    verifier = _verifier(way, max(certificate.not_before_us, start_us))
    try:
        verifier.verify(certificate.parsed, [one.parsed for one in way[:-1]])
    except VerificationError:
        return False
    return True


def _verifier(way: Way, moment_us: int) -> ClientVerifier:
    return (
        PolicyBuilder()
        .store(Store([way[-1].parsed]))
        .time(to_datetime(moment_us))
        .max_chain_depth(len(way) - 1)
        .extension_policies(ca_policy=_authority_policy(), ee_policy=_holder_policy())
        .build_client_verifier()
    )


def _holder_policy() -> ExtensionPolicy:
    # A personal certificate has no SAN; what it may be used for is judged apart from the path.
    return (
        ExtensionPolicy.permit_all()
        .require_present(x509.KeyUsage, Criticality.CRITICAL, _refuse_certificate_signing)
        .require_present(x509.AuthorityKeyIdentifier, Criticality.NON_CRITICAL, _require_key_identifier)
        .may_be_present(x509.SubjectKeyIdentifier, Criticality.NON_CRITICAL, None)
        .may_be_present(x509.AuthorityInformationAccess, Criticality.NON_CRITICAL, None)
        .may_be_present(x509.BasicConstraints, Criticality.AGNOSTIC, _refuse_authority)
        .require_not_present(x509.NameConstraints)
    )


def _authority_policy() -> ExtensionPolicy:
    # Constraints on names are refused because nothing here compares directory names with them.
    return (
        ExtensionPolicy.permit_all()
        .require_present(x509.KeyUsage, Criticality.AGNOSTIC, _require_certificate_signing)
        .require_present(x509.BasicConstraints, Criticality.CRITICAL, _require_authority)
        .require_present(x509.SubjectKeyIdentifier, Criticality.NON_CRITICAL, None)
        .may_be_present(x509.AuthorityKeyIdentifier, Criticality.NON_CRITICAL, _require_unless_self_issued)
        .may_be_present(x509.AuthorityInformationAccess, Criticality.NON_CRITICAL, None)
        .require_not_present(x509.NameConstraints)
    )


# What these raise becomes a VerificationError.


def _refuse_certificate_signing(
    _policy: Policy, _certificate: x509.Certificate, usage: x509.KeyUsage
) -> None:
    if usage.key_cert_sign:
        raise ValueError


def _require_certificate_signing(
    _policy: Policy, _certificate: x509.Certificate, usage: x509.KeyUsage
) -> None:
    if not usage.key_cert_sign:
        raise ValueError


def _refuse_authority(
    _policy: Policy, _certificate: x509.Certificate, constraints: x509.BasicConstraints | None
) -> None:
    if constraints is not None and constraints.ca:
        raise ValueError


def _require_authority(
    _policy: Policy, _certificate: x509.Certificate, constraints: x509.BasicConstraints
) -> None:
    if not constraints.ca:
        raise ValueError


def _require_key_identifier(
    _policy: Policy, _certificate: x509.Certificate, identifier: x509.AuthorityKeyIdentifier
) -> None:
    if identifier.key_identifier is None:
        raise ValueError


def _require_unless_self_issued(
    _policy: Policy, certificate: x509.Certificate, identifier: x509.AuthorityKeyIdentifier | None
) -> None:
    missing = identifier is None or identifier.key_identifier is None
    if missing and certificate.issuer != certificate.subject:
        raise ValueError
