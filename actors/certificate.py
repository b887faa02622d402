"""Certificates in the subject layout of the national certification authority, read once into plain data.

The holder's IIN stands in the subject's serialNumber as ``IIN`` and twelve digits, an organisation's BIN in
OU as ``BIN`` and twelve digits. The extended key usage tells a key for signing from one for authentication
and carries the holder's roles.

Source: RFC 5280; order of the acting Minister No. 383/NK of 13 October 2020 for the object identifiers.
"""

import hashlib
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Self

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from actors.der import INTEGER, SEQUENCE, Cursor, context, read, write_bit_string
from actors.errors import FormatError
from actors.keys import PrivateKey
from actors.moments import from_datetime
from actors.public_keys import KeyFacts, is_strong, key_facts
from actors.purposes import (
    LEGAL_ENTITY,
    NATURAL_PERSON,
    PURPOSE_OIDS,
    ROLE_OIDS,
    ROLE_ROOT,
    Purpose,
    Role,
    permitted_purposes,
)

if TYPE_CHECKING:
    from actors.trust import Chain, TrustAnchors

__all__ = [
    "LEGAL_ENTITY",
    "MAX_OCTETS",
    "NATURAL_PERSON",
    "PURPOSE_OIDS",
    "ROLE_OIDS",
    "Certificate",
    "CertificateCache",
    "CertificateDraft",
    "Credential",
    "IssuerId",
    "KeyFacts",
    "PrivateKey",
    "Purpose",
    "Role",
    "identity_number",
    "is_strong",
    "key_facts",
    "read_certificate",
    "read_pem_certificates",
    "refuse_unreadable",
    "require_whole_octets",
]

MAX_OCTETS = 8_192

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


class IssuerId(NamedTuple):
    """An issuer as holders' certificates, lists and answers know it: DER name, and DER public key.

    Names alone do not tell two issuers apart; a renewed certificate of one name and key is the same issuer.
    """

    name: bytes
    public_key: bytes


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as read; equal if the octets are equal.

    Names are DER. *iin* and *bin* are None unless the subject has exactly one. *purposes* are those of the
    extended key usage alone, *permits* those that the key usage permits as well. *public_key* is None if its
    algorithm is not known here, *key_usage* if the extension is absent. What identifies a person is kept out
    of ``repr``.
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
    permits: frozenset[Purpose] = field(repr=False, compare=False)
    role_oids: tuple[str, ...] = field(compare=False)
    roles: frozenset[Role] = field(repr=False, compare=False)
    key_usage: x509.KeyUsage | None = field(repr=False, compare=False)
    is_authority: bool = field(compare=False)
    public_key: CertificatePublicKeyTypes | None = field(repr=False, compare=False)
    key: KeyFacts = field(compare=False)
    parsed: x509.Certificate = field(repr=False, compare=False)
    as_issuer: IssuerId = field(repr=False, compare=False)

    def pem(self) -> bytes:
        """Return the certificate as PEM."""
        return self.parsed.public_bytes(Encoding.PEM)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateDraft:
    """What a certificate will say, known before anybody signs it.

    *issuer* is the authority's certificate whose key signs, None if nobody known does. *issuer_name* is the
    DER name that stands there as the issuer's, *subject* the holder's. *purposes* are what both key usage
    extensions permit. Moments are whole seconds. *sound*: the path obeys the rules of certificates; it means
    nothing without an issuer.
    """

    issuer: Certificate | None
    issuer_name: bytes = field(repr=False)
    serial: int
    common_name: str | None = field(repr=False)
    iin: str | None = field(repr=False)
    bin: str | None = field(repr=False)
    purposes: frozenset[Purpose]
    roles: frozenset[Role]
    not_before_us: int
    not_after_us: int
    key: KeyFacts
    sound: bool = True
    subject: bytes = field(default=b"", repr=False)


class Credential:
    """A certificate with its private key: what its holder signs with.

    *draft* is there at once. Key and certificate are made when first asked for, and kept: whoever only plans
    pays for no keys and no signatures.
    """

    __slots__ = ("_made", "_make", "draft")

    def __init__(self, draft: CertificateDraft, make: Callable[[], tuple[PrivateKey, Certificate]]) -> None:
        self.draft = draft
        self._make = make
        self._made: tuple[PrivateKey, Certificate] | None = None

    @classmethod
    def of(
        cls,
        key: PrivateKey,
        certificate: Certificate,
        issuer: Certificate | None = None,
        *,
        sound: bool = True,
    ) -> Self:
        """Wrap what exists already; the draft is read from the certificate."""
        return cls(_draft_of(certificate, issuer, sound=sound), lambda: (key, certificate))

    def __repr__(self) -> str:
        return f"Credential(serial={self.draft.serial})"

    @property
    def key(self) -> PrivateKey:
        """Return the private key."""
        return self._ready()[0]

    @property
    def certificate(self) -> Certificate:
        """Return the certificate."""
        return self._ready()[1]

    @property
    def der(self) -> bytes:
        """Return the certificate's octets."""
        return self.certificate.der

    def _ready(self) -> tuple[PrivateKey, Certificate]:
        if self._made is None:
            self._made = self._make()
        return self._made


def _draft_of(certificate: Certificate, issuer: Certificate | None, *, sound: bool) -> CertificateDraft:
    return CertificateDraft(
        issuer=issuer,
        issuer_name=certificate.issuer,
        serial=certificate.serial,
        common_name=certificate.common_name,
        iin=certificate.iin,
        bin=certificate.bin,
        purposes=certificate.permits,
        roles=certificate.roles,
        not_before_us=certificate.not_before_us,
        not_after_us=certificate.not_after_us,
        key=certificate.key,
        sound=sound,
        subject=certificate.subject,
    )


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


def _read(der: bytes) -> Certificate:
    parsed = x509.load_der_x509_certificate(der)
    if parsed.public_bytes(Encoding.DER) != der or not 0 < parsed.serial_number < 1 << 159:
        raise FormatError("certificate")
    require_whole_octets(der, parsed.signature)
    extensions, subject = parsed.extensions, parsed.subject
    issuer_octets, holder = _names(parsed.tbs_certificate_bytes)
    usages = _extended_usages(extensions)
    key_usage, public_key = _key_usage(extensions), _public_key(parsed)
    purposes = frozenset(purpose for purpose, oid in PURPOSE_OIDS.items() if oid.dotted_string in usages)
    return Certificate(
        der=der,
        sha256=hashlib.sha256(der).digest(),
        serial=parsed.serial_number,
        issuer=issuer_octets,
        subject=holder.name,
        common_name=_only(_texts(subject, NameOID.COMMON_NAME)),
        iin=identity_number(_texts(subject, NameOID.SERIAL_NUMBER), "IIN"),
        bin=identity_number(_texts(subject, NameOID.ORGANIZATIONAL_UNIT_NAME), "BIN"),
        not_before_us=from_datetime(parsed.not_valid_before_utc),
        not_after_us=from_datetime(parsed.not_valid_after_utc),
        purposes=purposes,
        permits=purposes & permitted_purposes(key_usage),
        role_oids=tuple(sorted(oid for oid in usages if oid.startswith(ROLE_ROOT))),
        roles=frozenset(role for role, oid in ROLE_OIDS.items() if LEGAL_ENTITY in usages and oid in usages),
        key_usage=key_usage,
        is_authority=_is_authority(extensions),
        public_key=public_key,
        key=key_facts(public_key),
        parsed=parsed,
        as_issuer=holder,
    )


def _names(signed: bytes) -> tuple[bytes, IssuerId]:
    """Return the issuer's name, and the subject's with its public key, as they stand in the signed part."""
    cursor = Cursor(read(signed, SEQUENCE).content)
    cursor.take_optional(context(0))
    cursor.take(INTEGER)
    cursor.take(SEQUENCE)
    issuer = cursor.take(SEQUENCE).octets
    cursor.take(SEQUENCE)
    subject = cursor.take(SEQUENCE).octets
    return issuer, IssuerId(subject, cursor.take(SEQUENCE).octets)


def require_whole_octets(octets: bytes, signature: bytes) -> None:
    """Raise FormatError unless *octets* end in *signature* as a BIT STRING of whole octets.

    The library passes over the count of unused bits, the one octet that no signature protects.
    """
    if not octets.endswith(write_bit_string(signature)):
        raise FormatError("signature")


def _texts(name: x509.Name, oid: x509.ObjectIdentifier) -> list[str]:
    return [a.value for a in name.get_attributes_for_oid(oid) if isinstance(a.value, str)]


def _only(values: Iterable[str]) -> str | None:
    found = list(values)
    return found[0] if len(found) == 1 else None


def identity_number(values: Iterable[str], prefix: str) -> str | None:
    """Return the twelve digits after *prefix* if exactly one of the *values* has that form, else None."""
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
