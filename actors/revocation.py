"""Lists of revoked certificates: published by an authority, read once by a verifier.

A list is believed only if its issuer is pinned, may sign lists, and did sign this one; a list with a critical
extension that is not understood here (a delta, an indirect or partial list) is not believed at all.

Source: RFC 5280, 5 and 6.3.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from actors.certificate import Certificate, refuse_unreadable
from actors.errors import FormatError
from actors.moments import from_datetime, whole_second
from actors.trust import TrustAnchors

MAX_OCTETS = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Publication:
    """The lists of one moment, DER: the root's and the issuing authority's; the next ones are due later."""

    root_crl: bytes = field(repr=False)
    issuing_crl: bytes = field(repr=False)
    this_update_us: int
    next_update_us: int

    def __iter__(self) -> Iterator[bytes]:
        return iter((self.root_crl, self.issuing_crl))


@dataclass(frozen=True, slots=True)
class IssuerList:
    """What one issuer says from *start_us* to *end_us*: serial number -> moment of revocation."""

    start_us: int
    end_us: int
    revoked_at_us: dict[int, int] = field(repr=False)

    def is_fresh(self, moment_us: int) -> bool:
        """Say whether the list speaks for *moment_us*."""
        return self.start_us <= whole_second(moment_us) <= self.end_us


@dataclass(frozen=True, slots=True)
class RevocationList:
    """Everything a verifier knows about revocation, by the issuer's DER name."""

    lists: dict[bytes, IssuerList] = field(repr=False)

    @classmethod
    def read(cls, crls: Iterable[bytes], trust: TrustAnchors) -> Self:
        """Read DER lists (a Publication is such), each signed by a pinned issuer.

        Of two lists of one issuer the later counts. Raises FormatError if any of them cannot be believed.
        """
        lists: dict[bytes, IssuerList] = {}
        for crl in crls:
            issuer, read = _read(crl, trust)
            if issuer not in lists or lists[issuer].start_us < read.start_us:
                lists[issuer] = read
        return cls(lists)

    def is_fresh(self, issuer: bytes, moment_us: int) -> bool:
        """Say whether there is a list of *issuer* that speaks for *moment_us*."""
        known = self.lists.get(issuer)
        return known is not None and known.is_fresh(moment_us)

    def revoked_at_us(self, issuer: bytes, serial: int) -> int | None:
        """Return since when the certificate *serial* of *issuer* is revoked, None if it is not listed."""
        known = self.lists.get(issuer)
        return None if known is None else known.revoked_at_us.get(serial)


def _read(octets: bytes, trust: TrustAnchors) -> tuple[bytes, IssuerList]:
    if len(octets) > MAX_OCTETS:
        raise FormatError("revocation list too large")
    with refuse_unreadable("revocation list"):
        crl = x509.load_der_x509_crl(octets)
        if crl.public_bytes(Encoding.DER) != octets or crl.next_update_utc is None:
            raise FormatError("revocation list")
        issuer = crl.issuer.public_bytes()
        _refuse_critical(crl.extensions)
        if not any(_signed_by(crl, one) for one in trust.named(issuer)):
            raise FormatError("issuer of the revocation list")
        start_us, end_us = from_datetime(crl.last_update_utc), from_datetime(crl.next_update_utc)
        return issuer, IssuerList(start_us, end_us, _entries(crl))


def _signed_by(crl: x509.CertificateRevocationList, issuer: Certificate) -> bool:
    key = issuer.public_key
    if issuer.key_usage is None or not issuer.key_usage.crl_sign or not issuer.is_authority:
        return False
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        return False
    strong = isinstance(crl.signature_hash_algorithm, hashes.SHA256 | hashes.SHA384 | hashes.SHA512)
    return strong and crl.is_signature_valid(key)


def _entries(crl: x509.CertificateRevocationList) -> dict[int, int]:
    revoked: dict[int, int] = {}
    for entry in crl:
        _refuse_critical(entry.extensions)
        moment_us = from_datetime(entry.revocation_date_utc)
        revoked[entry.serial_number] = min(moment_us, revoked.get(entry.serial_number, moment_us))
    return revoked


def _refuse_critical(extensions: x509.Extensions) -> None:
    if any(extension.critical for extension in extensions):
        raise FormatError("critical extension of a revocation list")
