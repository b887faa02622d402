"""Whom the judge trusts: a pinned root, issuing authorities under it, and their revocation lists.

Source: RFC 5280, 4.2 (certificates) and 5 (revocation lists), 6.1.3 (basic checks).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from conformance.signed_data import ODD_CERTIFICATE, Unacceptable

MAX_BLOCKS = 40
MIN_DIGEST_OCTETS = 32
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNDERSTOOD = frozenset(
    {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.CERTIFICATE_POLICIES,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
    }
)
_UNDERSTOOD_IN_LISTS: frozenset[x509.ObjectIdentifier] = frozenset()


class Unsettled(Exception):  # noqa: N818 - a finding, not an error of the program
    """Say in a few words why trust cannot be decided either way."""


@dataclass(frozen=True, slots=True)
class RevocationList:
    """One list whose signature was verified: what is revoked from when, and until when it speaks."""

    issuer: x509.Name
    revoked: dict[int, int]
    next_update_us: int


@dataclass(frozen=True, slots=True)
class Trust:
    """The pinned root, the issuing authorities it signed, and the lists both signed."""

    root: x509.Certificate
    issuers: tuple[x509.Certificate, ...]
    lists: tuple[RevocationList, ...]


def read_trust(root_pem: bytes, bundle_pem: bytes) -> Trust:
    """Read the pinned root and a bundle of certificates and lists.

    What the root did not sign is left out. Raises Unsettled if the root itself cannot be read.
    """
    roots = list(_certificates(root_pem))
    if len(roots) != 1 or not _may_issue(roots[0]) or not _signed_by(roots[0], roots[0]):
        raise Unsettled("the pinned root certificate is unreadable")
    root = roots[0]
    issuers = tuple(
        c for c in _certificates(bundle_pem) if c != root and _may_issue(c) and _signed_by(c, root)
    )
    lists = tuple(read for crl in _lists(bundle_pem) if (read := _verified(crl, (root, *issuers))))
    return Trust(root, issuers, lists)


def require_chain(certificate: x509.Certificate, trust: Trust, moment_us: int) -> None:
    """Require that *certificate* is of a trusted issuer, in its term and not revoked at *moment_us*.

    Raises Unacceptable with the cause, or Unsettled where the revocation lists do not reach.
    """
    issuers = [issuer for issuer in trust.issuers if _signed_by(certificate, issuer)]
    if not issuers:
        raise Unacceptable("issuer: not trusted")
    refusals: list[Unacceptable | Unsettled] = []
    for issuer in issuers:  # several only if an authority renewed its certificate for the same key
        try:
            _require_link(certificate, issuer, trust, moment_us)
        except (Unacceptable, Unsettled) as refusal:
            refusals.append(refusal)
        except ODD_CERTIFICATE:
            refusals.append(Unacceptable("certificate: unreadable"))
        else:
            return
    raise refusals[0]


def _require_link(
    certificate: x509.Certificate, issuer: x509.Certificate, trust: Trust, moment_us: int
) -> None:
    digest = certificate.signature_hash_algorithm
    if digest is None or digest.digest_size < MIN_DIGEST_OCTETS:
        raise Unacceptable("certificate: signed with a weak hash")
    _require_term(certificate, moment_us)
    _require_term(issuer, moment_us, "issuer: ")
    _require_unrevoked(issuer, trust.root, trust, moment_us, "issuer: ")
    _require_unrevoked(certificate, issuer, trust, moment_us)
    _require_lists(trust, (trust.root, issuer), moment_us)


def require_signing(certificate: x509.Certificate) -> None:
    """Require a certificate for signing documents, not for logging in or issuing. Raises Unacceptable."""
    try:
        usage = _key_usage(certificate)
        extended = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        unknown = any(e.critical and e.oid not in _UNDERSTOOD for e in certificate.extensions)
        constraints = _constraints(certificate)
    except x509.ExtensionNotFound:
        raise Unacceptable("usage: not stated") from None
    except ODD_CERTIFICATE:
        raise Unacceptable("certificate: unreadable") from None
    if unknown:
        raise Unacceptable("certificate: an unknown critical extension")
    if constraints is not None and constraints.ca:
        raise Unacceptable("usage: a certificate of an authority")
    signs = usage is not None and usage.digital_signature and usage.content_commitment
    if not signs or ExtendedKeyUsageOID.EMAIL_PROTECTION not in extended:
        raise Unacceptable("usage: not a certificate for signing")


def _certificates(pem: bytes) -> Iterator[x509.Certificate]:
    for block in _blocks(pem, b"CERTIFICATE"):
        try:
            yield x509.load_pem_x509_certificate(block)
        except ODD_CERTIFICATE:
            continue


def _lists(pem: bytes) -> Iterator[x509.CertificateRevocationList]:
    for block in _blocks(pem, b"X509 CRL"):
        try:
            yield x509.load_pem_x509_crl(block)
        except ODD_CERTIFICATE:
            continue


def _blocks(pem: bytes, label: bytes) -> Iterator[bytes]:
    begin, end = b"-----BEGIN " + label + b"-----", b"-----END " + label + b"-----"
    for part in pem.split(begin, MAX_BLOCKS)[1:]:
        body, found, _ = part.partition(end)
        if found:
            yield begin + body + end + b"\n"


def _verified(
    crl: x509.CertificateRevocationList, issuers: Iterable[x509.Certificate]
) -> RevocationList | None:
    """Return the list if one of *issuers* signed it and nothing critical in it is unknown."""
    try:
        signers = [issuer for issuer in issuers if issuer.subject == crl.issuer and _signs_lists(issuer, crl)]
        unknown = any(e.critical and e.oid not in _UNDERSTOOD_IN_LISTS for e in crl.extensions)
        if not signers or unknown or crl.next_update_utc is None:
            return None
        entries = list(crl)
        if any(e.critical for entry in entries for e in entry.extensions):
            return None
        revoked = {entry.serial_number: _us(entry.revocation_date_utc) for entry in entries}
        return RevocationList(crl.issuer, revoked, _us(crl.next_update_utc))
    except ODD_CERTIFICATE:
        return None


def _signs_lists(issuer: x509.Certificate, crl: x509.CertificateRevocationList) -> bool:
    usage, key = _key_usage(issuer), issuer.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        return False
    return bool(usage and usage.crl_sign and crl.is_signature_valid(key))


def _may_issue(certificate: x509.Certificate) -> bool:
    try:
        constraints, usage = _constraints(certificate), _key_usage(certificate)
    except ODD_CERTIFICATE:
        return False
    return bool(constraints and constraints.ca and usage and usage.key_cert_sign)


def _signed_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, *ODD_CERTIFICATE):
        return False
    return True


def _constraints(certificate: x509.Certificate) -> x509.BasicConstraints | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound:
        return None


def _key_usage(certificate: x509.Certificate) -> x509.KeyUsage | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None


def _require_term(certificate: x509.Certificate, moment_us: int, whose: str = "") -> None:
    if moment_us < _us(certificate.not_valid_before_utc):
        raise Unacceptable(f"{whose}not yet valid")
    if moment_us > _us(certificate.not_valid_after_utc):
        raise Unacceptable(f"{whose}expired")


def _require_unrevoked(
    certificate: x509.Certificate, issuer: x509.Certificate, trust: Trust, moment_us: int, whose: str = ""
) -> None:
    for known in trust.lists:
        since = known.revoked.get(certificate.serial_number) if known.issuer == issuer.subject else None
        if since is not None and since <= moment_us:
            raise Unacceptable(f"{whose}revoked")


def _require_lists(trust: Trust, issuers: Iterable[x509.Certificate], moment_us: int) -> None:
    """Require of each issuer a list that still spoke at the moment: silence of an old one proves nothing."""
    for issuer in issuers:
        mine = (known for known in trust.lists if known.issuer == issuer.subject)
        if not any(moment_us <= known.next_update_us for known in mine):
            raise Unsettled("no revocation list that reaches the moment")


def _us(moment: datetime) -> int:
    delta = moment - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds
