"""Certificates in the subject layout of the national certification authority, read once into plain data.

The holder's IIN stands in the subject's serialNumber as ``IIN`` and twelve digits, an organisation's BIN in
OU as ``BIN`` and twelve digits. The extended key usage tells a key for signing from one for authentication
and carries the holder's roles.

Source: RFC 5280; order of the acting Minister No. 383/NK of 13 October 2020 for the object identifiers.
"""

import hashlib
import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from actors.errors import FormatError
from actors.moments import from_datetime

if TYPE_CHECKING:
    from actors.trust import Chain, TrustAnchors

MAX_OCTETS = 8_192

NATURAL_PERSON = "1.2.398.3.3.4.1.1"
LEGAL_ENTITY = "1.2.398.3.3.4.1.2"

_ROLE_ROOT = "1.2.398.3.3.4."
_UNREADABLE = (
    KeyError,  # a string type that names do not have
    ValueError,
    TypeError,
    OverflowError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)


class Purpose(StrEnum):
    """What a key may be used for."""

    SIGN = "SIGN"
    AUTH = "AUTH"


class Role(StrEnum):
    """What a person or system may do in the name of an organisation."""

    HEAD = "head"
    SIGNATORY = "signatory"
    EMPLOYEE = "employee"
    SYSTEM = "system"


ROLE_OIDS = {
    Role.HEAD: "1.2.398.3.3.4.1.2.1",
    Role.SIGNATORY: "1.2.398.3.3.4.1.2.2",
    Role.EMPLOYEE: "1.2.398.3.3.4.1.2.5",
    Role.SYSTEM: "1.2.398.3.3.4.1.2.6",
}

PURPOSE_OIDS = {
    Purpose.SIGN: ExtendedKeyUsageOID.EMAIL_PROTECTION,
    Purpose.AUTH: ExtendedKeyUsageOID.CLIENT_AUTH,
}


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as read; equal if the octets are equal.

    Names are DER. *iin* and *bin* are None unless the subject has exactly one. *public_key* is None if its
    algorithm is not known here. *key_usage* is None if the extension is absent. What identifies a person is
    kept out of ``repr``.
    """

    der: bytes = field(repr=False)
    sha256: bytes = field(repr=False, compare=False)
    serial: int = field(compare=False)
    issuer: bytes = field(repr=False, compare=False)
    subject: bytes = field(repr=False, compare=False)
    common_name: str | None = field(repr=False, compare=False)
    iin: str | None = field(repr=False, compare=False)
    bin: str | None = field(repr=False, compare=False)
    not_before_us: int = field(compare=False)
    not_after_us: int = field(compare=False)
    purposes: frozenset[Purpose] = field(repr=False, compare=False)
    role_oids: tuple[str, ...] = field(compare=False)
    roles: frozenset[Role] = field(repr=False, compare=False)
    key_usage: x509.KeyUsage | None = field(repr=False, compare=False)
    is_authority: bool = field(compare=False)
    public_key: CertificatePublicKeyTypes | None = field(repr=False, compare=False)
    parsed: x509.Certificate = field(repr=False, compare=False)

    def pem(self) -> bytes:
        """Return the certificate as PEM."""
        return self.parsed.public_bytes(Encoding.PEM)


@dataclass(frozen=True, slots=True)
class Credential:
    """A certificate with its private key: what its holder signs with."""

    key: ec.EllipticCurvePrivateKey = field(repr=False)
    certificate: Certificate

    @property
    def der(self) -> bytes:
        """Return the certificate's octets."""
        return self.certificate.der


@dataclass(slots=True)
class CertificateCache:
    """Remember the last *capacity* certificates with the chains found for them.

    It keeps only what no lapse of time changes: dates, revocation and identity are judged each time.
    It forgets everything when it meets other trust anchors.
    """

    capacity: int = 4_096
    _trust: "TrustAnchors | None" = None
    _known: dict[bytes, "tuple[Certificate, Chain]"] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._known)

    def get(self, der: bytes, trust: "TrustAnchors") -> "tuple[Certificate, Chain] | None":
        """Return what was kept for *der* under these trust anchors, or None."""
        if trust is not self._trust:
            self._known.clear()
            self._trust = trust
        found = self._known.pop(der, None)
        if found is not None:
            self._known[der] = found  # moved to the end: the first one was not used for longest
        return found

    def put(self, der: bytes, found: "tuple[Certificate, Chain]") -> None:
        """Keep what was *found* under the trust anchors last asked for."""
        self._known[der] = found
        if len(self._known) > self.capacity:
            del self._known[next(iter(self._known))]


@contextmanager
def refuse_unreadable(place: str) -> Iterator[None]:
    """Turn the library's errors about odd octets into FormatError, and keep its warnings to itself."""
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    except _UNREADABLE:
        raise FormatError(place) from None


def read_certificate(der: bytes) -> Certificate:
    """Read a DER certificate; raise FormatError for anything else, and for one in a form not permitted."""
    if len(der) > MAX_OCTETS:
        raise FormatError("certificate too large")
    with refuse_unreadable("certificate"):
        return _read(der)


def read_pem_certificates(pem: bytes) -> tuple[Certificate, ...]:
    """Read every certificate of a PEM file; raise FormatError if there is none or one is unreadable."""
    with refuse_unreadable("PEM"):
        parsed = x509.load_pem_x509_certificates(pem)
    return tuple(read_certificate(one.public_bytes(Encoding.DER)) for one in parsed)


def is_strong(key: CertificatePublicKeyTypes | None) -> bool:
    """Say whether signatures made with *key* are accepted: P-256, P-384, or RSA of 2048 bits and more."""
    if isinstance(key, ec.EllipticCurvePublicKey):
        return isinstance(key.curve, ec.SECP256R1 | ec.SECP384R1)
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size >= 2048 and key.public_numbers().e >= 65_537
    return False


def _read(der: bytes) -> Certificate:
    parsed = x509.load_der_x509_certificate(der)
    if parsed.public_bytes(Encoding.DER) != der or not 0 < parsed.serial_number < 1 << 159:
        raise FormatError("certificate")
    extensions = parsed.extensions
    usages = _extended_usages(extensions)
    return Certificate(
        der=der,
        sha256=hashlib.sha256(der).digest(),
        serial=parsed.serial_number,
        issuer=parsed.issuer.public_bytes(),
        subject=parsed.subject.public_bytes(),
        common_name=_only(_texts(parsed.subject, NameOID.COMMON_NAME)),
        iin=_number(_texts(parsed.subject, NameOID.SERIAL_NUMBER), "IIN"),
        bin=_number(_texts(parsed.subject, NameOID.ORGANIZATIONAL_UNIT_NAME), "BIN"),
        not_before_us=from_datetime(parsed.not_valid_before_utc),
        not_after_us=from_datetime(parsed.not_valid_after_utc),
        purposes=frozenset(purpose for purpose, oid in PURPOSE_OIDS.items() if oid.dotted_string in usages),
        role_oids=tuple(sorted(oid for oid in usages if oid.startswith(_ROLE_ROOT))),
        roles=frozenset(role for role, oid in ROLE_OIDS.items() if LEGAL_ENTITY in usages and oid in usages),
        key_usage=_key_usage(extensions),
        is_authority=_is_authority(extensions),
        public_key=_public_key(parsed),
        parsed=parsed,
    )


def _texts(name: x509.Name, oid: x509.ObjectIdentifier) -> list[str]:
    return [a.value for a in name.get_attributes_for_oid(oid) if isinstance(a.value, str)]


def _only(values: Iterable[str]) -> str | None:
    found = list(values)
    return found[0] if len(found) == 1 else None


def _number(values: Iterable[str], prefix: str) -> str | None:
    pattern = re.compile(prefix + r"([0-9]{12})")
    return _only(match[1] for value in values if (match := pattern.fullmatch(value)))


def _extended_usages(extensions: x509.Extensions) -> frozenset[str]:
    try:
        usages = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return frozenset()
    return frozenset(oid.dotted_string for oid in usages)


def _key_usage(extensions: x509.Extensions) -> x509.KeyUsage | None:
    try:
        return extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None


def _is_authority(extensions: x509.Extensions) -> bool:
    try:
        return extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _public_key(parsed: x509.Certificate) -> CertificatePublicKeyTypes | None:
    try:
        return parsed.public_key()
    except (ValueError, UnsupportedAlgorithm):  # a national algorithm, or a point off its curve
        return None
