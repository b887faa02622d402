"""What a verifier knows about revocation: lists, full and delta, and answers about single certificates.

A list is believed only if its issuer is pinned, may sign lists, and did sign this one; a list with a critical
extension that is not understood here (an indirect or partial list) is not believed at all. A delta is added
to the full list of the same signer that it builds on.

Two issuers of one name and different keys are two: neither speaks for what the other issued. Their keys are
one issuer's only if a pinned certificate says so that one of them signed for the other (a roll-over).

Source: RFC 5280, 5.2.3 and 5.2.4 (numbers, deltas), 6.3.3 (processing).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from actors.certificate import Certificate, IssuerId, refuse_unreadable, require_whole_octets
from actors.der import INTEGER, SEQUENCE, Cursor, read
from actors.errors import FormatError
from actors.moments import from_datetime, whole_second
from actors.ocsp import OcspAnswer, OcspStatus
from actors.trust import TrustAnchors

MAX_OCTETS = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """The lists of one moment, DER; the next ones are due later.

    The root's, one of each issuing generation (oldest first), and what changed since.
    """

    root_crl: bytes = field(repr=False)
    issuing_crls: tuple[bytes, ...] = field(repr=False)
    deltas: tuple[bytes, ...] = field(default=(), repr=False)
    this_update_us: int
    next_update_us: int

    @property
    def issuing_crl(self) -> bytes:
        """Return the list of the newest generation."""
        return self.issuing_crls[-1]

    def __iter__(self) -> Iterator[bytes]:
        return iter((self.root_crl, *self.issuing_crls, *self.deltas))


@dataclass(frozen=True, slots=True)
class IssuerList:
    """What one issuer says: serial number -> moment of revocation, and the times for which it speaks.

    *periods* are pairs of this and next update, the latest first: that of a full list, and that of the delta
    added to it if there is one.
    """

    periods: tuple[tuple[int, int], ...]
    revoked_at_us: dict[int, int] = field(repr=False)

    def coverage_us(self, moment_us: int) -> tuple[int, int] | None:
        """Return the latest period that holds *moment_us*."""
        second_us = whole_second(moment_us)
        for period in self.periods:
            if period[0] <= second_us <= period[1]:
                return period
        return None


@dataclass(frozen=True, slots=True)
class RevocationList:
    """Everything a verifier knows about revocation: lists by issuer, answers by certificate.

    Ask with the certificate of the issuer. Its DER name will do where nobody knows whose key signed: then
    every issuer of that name is heard.
    """

    lists: dict[IssuerId, IssuerList] = field(repr=False)
    answers: dict[tuple[IssuerId, int], OcspAnswer] = field(default_factory=dict, repr=False)

    @classmethod
    def read(cls, crls: Iterable[bytes], trust: TrustAnchors) -> Self:
        """Read DER lists (a Publication is such), each signed by a pinned issuer.

        Of two full lists of one issuer the later counts, and of two deltas; a delta older than the full list
        adds nothing. Raises FormatError if any of them cannot be believed, or a delta lacks its full list.
        """
        full: dict[IssuerId, _Read] = {}
        deltas: dict[IssuerId, _Read] = {}
        for crl in crls:
            read = _read(crl, trust)
            latest = full if read.base is None else deltas
            for issuer in trust.keys_of(read.signer):
                if issuer not in latest or latest[issuer].order < read.order:
                    latest[issuer] = read
        if not deltas.keys() <= full.keys():
            raise FormatError("delta without a full revocation list")
        return cls({issuer: _combine(read, deltas.get(issuer)) for issuer, read in full.items()})

    def with_answer(self, answer: OcspAnswer) -> Self:
        """Return a copy that knows this answer too; of two about one certificate the later counts."""
        key = (answer.issuer, answer.serial)
        known = self.answers.get(key)
        if known is not None and known.this_update_us > answer.this_update_us:
            return self
        return type(self)(self.lists, {**self.answers, key: answer})

    def is_fresh(self, issuer: Certificate | bytes, moment_us: int) -> bool:
        """Say whether there is a list of *issuer* that speaks for *moment_us*."""
        return any(
            one in self.lists and self.lists[one].coverage_us(moment_us) is not None
            for one in self._meant(issuer)
        )

    def coverage_us(self, issuer: Certificate | bytes, serial: int, moment_us: int) -> tuple[int, int] | None:
        """Return this and next update of a source that speaks for the certificate at *moment_us*, or None.

        The list of its issuer comes first, then an answer about it. An answer "unknown" never counts.
        """
        for one in self._meant(issuer):
            period = self._coverage_us(one, serial, moment_us)
            if period is not None:
                return period
        return None

    def revoked_at_us(self, issuer: Certificate | bytes, serial: int) -> int | None:
        """Return since when the certificate *serial* of *issuer* is revoked, None if nobody says so."""
        moments_us = []
        for one in self._meant(issuer):
            known, answer = self.lists.get(one), self.answers.get((one, serial))
            moments_us.append(None if known is None else known.revoked_at_us.get(serial))
            moments_us.append(None if answer is None else answer.revoked_at_us)
        return min((at_us for at_us in moments_us if at_us is not None), default=None)

    def _meant(self, issuer: Certificate | bytes) -> Iterable[IssuerId]:
        if isinstance(issuer, Certificate):
            return (issuer.as_issuer,)
        known = (*self.lists, *(one for one, _ in self.answers))
        return dict.fromkeys(one for one in known if one.name == issuer)

    def _coverage_us(self, issuer: IssuerId, serial: int, moment_us: int) -> tuple[int, int] | None:
        known, answer = self.lists.get(issuer), self.answers.get((issuer, serial))
        period = None if known is None else known.coverage_us(moment_us)
        if period is not None or answer is None or answer.status is OcspStatus.UNKNOWN:
            return period
        return (answer.this_update_us, answer.next_update_us) if answer.is_fresh(moment_us) else None


@dataclass(frozen=True, slots=True)
class _Read:
    """A list that is believed; *base* is the number of the oldest full list that a delta can be added to."""

    signer: IssuerId
    number: int
    base: int | None
    period: tuple[int, int]
    revoked_at_us: dict[int, int]
    removed: frozenset[int]

    @property
    def order(self) -> tuple[int, int]:
        return (self.period[0], self.number)


def _combine(full: _Read, delta: _Read | None) -> IssuerList:
    if delta is None or delta.base is None or delta.number <= full.number:
        return IssuerList((full.period,), full.revoked_at_us)
    if delta.base > full.number or delta.signer != full.signer:
        raise FormatError("delta of another revocation list")
    kept = {serial: at_us for serial, at_us in full.revoked_at_us.items() if serial not in delta.removed}
    for serial, at_us in delta.revoked_at_us.items():
        kept[serial] = min(at_us, kept.get(serial, at_us))
    return IssuerList((delta.period, full.period), kept)


def _read(octets: bytes, trust: TrustAnchors) -> _Read:
    if len(octets) > MAX_OCTETS:
        raise FormatError("revocation list too large")
    with refuse_unreadable("revocation list"):
        crl = x509.load_der_x509_crl(octets)
        if crl.public_bytes(Encoding.DER) != octets or crl.next_update_utc is None:
            raise FormatError("revocation list")
        require_whole_octets(octets, crl.signature)
        name = _issuer_name(crl.tbs_certlist_bytes)
        number, base = _numbers(crl.extensions)
        signer = next((one for one in trust.named(name) if _signed_by(crl, one)), None)
        if signer is None:
            raise FormatError("issuer of the revocation list")
        period = (from_datetime(crl.last_update_utc), from_datetime(crl.next_update_utc))
        revoked_at_us, removed = _entries(crl)
        if removed and base is None:
            raise FormatError("removal in a full revocation list")
        return _Read(signer.as_issuer, number, base, period, revoked_at_us, removed)


def _issuer_name(signed: bytes) -> bytes:
    """Return the octets of the issuer's name as they stand in the signed part."""
    cursor = Cursor(read(signed, SEQUENCE).content)
    cursor.take_optional(INTEGER)
    cursor.take(SEQUENCE)
    return cursor.take(SEQUENCE).octets


def _signed_by(crl: x509.CertificateRevocationList, issuer: Certificate) -> bool:
    key = issuer.public_key
    if issuer.key_usage is None or not issuer.key_usage.crl_sign or not issuer.is_authority:
        return False
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        return False
    strong = isinstance(crl.signature_hash_algorithm, hashes.SHA256 | hashes.SHA384 | hashes.SHA512)
    return strong and crl.is_signature_valid(key)


def _numbers(extensions: x509.Extensions) -> tuple[int, int | None]:
    """Return the list's own number, and that of the base if it is a delta."""
    number = base = None
    for extension in extensions:
        if isinstance(extension.value, x509.CRLNumber) and not extension.critical:
            number = extension.value.crl_number
        elif isinstance(extension.value, x509.DeltaCRLIndicator) and extension.critical:
            base = extension.value.crl_number
        elif extension.critical or isinstance(extension.value, x509.DeltaCRLIndicator):
            raise FormatError("critical extension of a revocation list")
    if number is None:
        raise FormatError("number of the revocation list")
    return number, base


def _entries(crl: x509.CertificateRevocationList) -> tuple[dict[int, int], frozenset[int]]:
    """Return what is revoked since when, and what a delta takes back."""
    revoked: dict[int, int] = {}
    removed: set[int] = set()
    for entry in crl:
        serial = entry.serial_number
        if _is_removal(entry.extensions):
            removed.add(serial)
            continue
        moment_us = from_datetime(entry.revocation_date_utc)
        revoked[serial] = min(moment_us, revoked.get(serial, moment_us))
    return revoked, frozenset(removed)


def _is_removal(extensions: x509.Extensions) -> bool:
    removal = False
    for extension in extensions:
        if extension.critical:
            raise FormatError("critical extension of a revocation list")
        if isinstance(extension.value, x509.CRLReason):
            removal = extension.value.reason is x509.ReasonFlags.remove_from_crl
    return removal
