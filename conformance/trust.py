"""Whom the judge trusts: a pinned root, issuing authorities under it, and their revocation lists.

An authority may have several generations of issuing certificates, each with lists of its own. A delta list
extends the full list whose number it names as its base; one without such a list speaks for no moment, but
what it says is revoked stays revoked. A suspension that a delta lifts stays a revocation here. A list that is
much older than the moment says nothing of it, whatever term it gives itself.

Source: RFC 5280, 4.2 (certificates), 5 (revocation lists), 5.2.4 (delta lists), 6.1.3 (basic checks).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from conformance.signed_data import MIN_RSA_BITS, ODD_CERTIFICATE, Unacceptable

MAX_BLOCKS = 40
MIN_DIGEST_OCTETS = 32
MAX_LIST_AGE_US = 86_400_000_000
"""How old a list may be at the moment it speaks for: lists come daily, an older one was kept on purpose."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ROLES_OF_ORGANISATIONS = "1.2.398.3.3.4.1.2."
_ROLES_THAT_SIGN = frozenset(_ROLES_OF_ORGANISATIONS + last for last in ("1", "2"))
Revoked = Mapping[bytes, Mapping[int, int]]
"""Signer (name and key) -> serial number -> moment."""
_UNDERSTOOD = frozenset(
    {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.CERTIFICATE_POLICIES,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
    }
)
_UNDERSTOOD_IN_LISTS = frozenset({ExtensionOID.DELTA_CRL_INDICATOR})
_CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)
_LIFTED = x509.ReasonFlags.remove_from_crl
_SILENT = -1


class Unsettled(Exception):  # noqa: N818 - a finding, not an error of the program
    """Say in a few words why trust cannot be decided either way."""


@dataclass(frozen=True, slots=True)
class RevocationList:
    """One list whose signature was verified: what is revoked from when, and when it speaks.

    *signer* names the issuer and its key. A delta has the number of its *base*.
    """

    signer: bytes
    revoked: Mapping[int, int]
    this_update_us: int
    next_update_us: int
    number: int | None = None
    base: int | None = None


@dataclass(frozen=True, slots=True)
class Trust:
    """The pinned root, the issuing authorities it signed, and the lists both signed.

    *revoked* is what further lists say, of one place each: signer -> serial number -> moment.
    """

    root: x509.Certificate
    issuers: tuple[x509.Certificate, ...]
    lists: tuple[RevocationList, ...]
    revoked: tuple[Revoked, ...] = ()


def read_trust(root_pem: bytes, bundle_pem: bytes) -> Trust:
    """Read the pinned root and a bundle of certificates and lists.

    What the root did not sign is left out. Raises Unsettled if the root itself cannot be read.
    """
    roots = list(_certificates(root_pem))
    if len(roots) != 1 or not _may_issue(roots[0]) or not _signed_by(roots[0], roots[0]):
        raise Unsettled("the pinned root certificate is unreadable")
    root = roots[0]
    issuers = tuple(
        c
        for c in dict.fromkeys(_certificates(bundle_pem))
        if c != root and _may_issue(c) and _has_strong_hash(c) and _signed_by(c, root)
    )
    return with_lists(Trust(root, issuers, ()), read_lists(bundle_pem, (root, *issuers)))


def read_lists(pem: bytes, issuers: tuple[x509.Certificate, ...]) -> tuple[RevocationList, ...]:
    """Return the revocation lists in *pem* that one of *issuers* signed; anything else is left out."""
    return tuple(read for crl in _lists(pem) if (read := _verified(crl, issuers)))


def with_lists(trust: Trust, more: Iterable[RevocationList]) -> Trust:
    """Return *trust* with *more* lists; a delta speaks for a moment if any of all extends to it."""
    lists = (*trust.lists, *more)
    return replace(trust, lists=tuple(_unless_without_base(known, lists) for known in lists))


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
    if not _has_strong_hash(certificate):
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
        unknown = _has_unknown_demands(certificate)
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


def require_right_to_sign(certificate: x509.Certificate) -> None:
    """Require that the holder may sign for the organisation: its head, or one with the right to sign.

    Certificates of the act's years state no role at all; only a stated one can be the wrong one. Raises
    Unacceptable. Source: order of the acting Minister No. 383/NK of 13 October 2020.
    """
    try:
        extended = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, *ODD_CERTIFICATE):
        raise Unacceptable("certificate: unreadable") from None
    stated = {u.dotted_string for u in extended if u.dotted_string.startswith(_ROLES_OF_ORGANISATIONS)}
    if stated and not stated & _ROLES_THAT_SIGN:
        raise Unacceptable("usage: the signer has no right to sign for the organisation")


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
        return RevocationList(
            signer=_signer(signers[0]),
            revoked=_revoked(entries),
            this_update_us=_us(crl.last_update_utc),
            next_update_us=_us(crl.next_update_utc),
            number=_number(crl, x509.CRLNumber),
            base=_number(crl, x509.DeltaCRLIndicator),
        )
    except ODD_CERTIFICATE:
        return None


def _revoked(entries: Iterable[x509.RevokedCertificate]) -> dict[int, int]:
    revoked: dict[int, int] = {}
    for entry in entries:
        if any(isinstance(e.value, x509.CRLReason) and e.value.reason is _LIFTED for e in entry.extensions):
            continue
        moment_us = _us(entry.revocation_date_utc)
        revoked[entry.serial_number] = min(moment_us, revoked.get(entry.serial_number, moment_us))
    return revoked


def _number(
    crl: x509.CertificateRevocationList, kind: type[x509.CRLNumber] | type[x509.DeltaCRLIndicator]
) -> int | None:
    try:
        return crl.extensions.get_extension_for_class(kind).value.crl_number
    except x509.ExtensionNotFound:
        return None


def _unless_without_base(known: RevocationList, lists: Iterable[RevocationList]) -> RevocationList:
    """Return *known*, silenced if it is a delta that extends none of *lists*."""
    if known.base is None or any(_extends(known, full) for full in lists):
        return known
    return replace(known, next_update_us=_SILENT)


def _extends(delta: RevocationList, full: RevocationList) -> bool:
    if full.base is not None or full.signer != delta.signer or None in (full.number, delta.number):
        return False
    return (delta.base or 0) <= (full.number or 0) < (delta.number or 0)


def _signs_lists(issuer: x509.Certificate, crl: x509.CertificateRevocationList) -> bool:
    usage, key, digest = _key_usage(issuer), issuer.public_key(), crl.signature_hash_algorithm
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        return False
    strong = digest is not None and digest.digest_size >= MIN_DIGEST_OCTETS
    return bool(usage and usage.crl_sign and strong and crl.is_signature_valid(key))


def _signer(certificate: x509.Certificate) -> bytes:
    """Return name and key: a renewed certificate of one key keeps its lists, a namesake has none of them."""
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return certificate.subject.public_bytes() + key


def _may_issue(certificate: x509.Certificate) -> bool:
    """Tell whether this is an authority's certificate with a strong key and no demands unknown here."""
    try:
        constraints, usage, key = _constraints(certificate), _key_usage(certificate), certificate.public_key()
        unknown = _has_unknown_demands(certificate)
    except ODD_CERTIFICATE:
        return False
    strong = (isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, _CURVES)) or (
        isinstance(key, rsa.RSAPublicKey) and key.key_size >= MIN_RSA_BITS
    )
    return bool(constraints and constraints.ca and usage and usage.key_cert_sign and strong and not unknown)


def _has_unknown_demands(certificate: x509.Certificate) -> bool:
    return any(e.critical and e.oid not in _UNDERSTOOD for e in certificate.extensions)


def _has_strong_hash(certificate: x509.Certificate) -> bool:
    try:
        digest = certificate.signature_hash_algorithm
    except ODD_CERTIFICATE:
        return False
    return digest is not None and digest.digest_size >= MIN_DIGEST_OCTETS


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
    # Certificates name whole seconds, and the last one belongs to the term (RFC 5280, 4.1.2.5).
    if moment_us >= _us(certificate.not_valid_after_utc) + 1_000_000:
        raise Unacceptable(f"{whose}expired")


def _require_unrevoked(
    certificate: x509.Certificate, issuer: x509.Certificate, trust: Trust, moment_us: int, whose: str = ""
) -> None:
    signer = _signer(issuer)
    said = [known.revoked for known in trust.lists if known.signer == signer]
    for revoked in (*said, *(place.get(signer, {}) for place in trust.revoked)):
        since = revoked.get(certificate.serial_number)
        if since is not None and since <= moment_us:
            raise Unacceptable(f"{whose}revoked")


def _require_lists(trust: Trust, issuers: Iterable[x509.Certificate], moment_us: int) -> None:
    """Require of each issuer a list that spoke at the moment: silence of an old one proves nothing."""
    for issuer in issuers:
        signer = _signer(issuer)
        mine = (known for known in trust.lists if known.signer == signer)
        if not any(
            moment_us - MAX_LIST_AGE_US <= known.this_update_us
            for known in mine
            if moment_us <= known.next_update_us
        ):
            raise Unsettled("no revocation list that reaches the moment")


def _us(moment: datetime) -> int:
    delta = moment - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds
