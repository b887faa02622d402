"""Answers about single certificates (OCSP): read strictly, and believed only if the right one signed.

Accepted is an answer about one certificate, in DER, without extensions, with a date for the next one, that
names the issuer by SHA-256 hashes. Its signer is the issuer itself, or a responder whose certificate is
inside, was signed by the same issuer, is for this use alone, and says that it needs no check of its own.

Source: RFC 6960, 4.2 (form), 4.2.2.2 (who may sign); RFC 5280, 4.1.2.5 (times).
"""

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID

from actors import der
from actors.certificate import Certificate, CertificateCache, IssuerId, is_strong
from actors.errors import FormatError
from actors.moments import whole_second
from actors.trust import TrustAnchors, examine

MAX_OCTETS = 16_384

BASIC_ANSWER = der.write_oid("1.3.6.1.5.5.7.48.1.1")
SUCCESSFUL = der.write(der.ENUMERATED, b"\x00")
GOOD = der.write(der.context(0, primitive=True))
UNKNOWN = der.write(der.context(2, primitive=True))
BY_NAME = der.context(1)
BY_KEY = der.context(2)
SHA256_ALGORITHM = der.write(der.SEQUENCE, der.write_oid("2.16.840.1.101.3.4.2.1"))
ECDSA_ALGORITHM = der.write(der.SEQUENCE, der.write_oid("1.2.840.10045.4.3.2"))
RSA_ALGORITHM = der.write(der.SEQUENCE, der.write_oid("1.2.840.113549.1.1.11"), der.write(der.NULL))

_REVOKED = der.context(1)
_SHA256_WITH_NULL = der.write(der.SEQUENCE, der.write_oid("2.16.840.1.101.3.4.2.1"), der.write(der.NULL))
_REASONS = range(11)


class OcspStatus(StrEnum):
    """What a responder says about a certificate; unknown is no statement about it at all."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class OcspAnswer:
    """An answer about certificate *serial* of *issuer*; moments are whole seconds."""

    issuer: IssuerId = field(repr=False)
    serial: int
    status: OcspStatus
    revoked_at_us: int | None
    this_update_us: int
    next_update_us: int

    def is_fresh(self, moment_us: int) -> bool:
        """Say whether the answer was given for *moment_us*."""
        return self.this_update_us <= whole_second(moment_us) <= self.next_update_us


@dataclass(frozen=True, slots=True)
class CertificateId:
    """Which certificate is meant: the SHA-256 hashes of its issuer's name and key, and its serial number."""

    name_sha256: bytes = field(repr=False)
    key_sha256: bytes = field(repr=False)
    serial: int

    def is_of(self, issuer: Certificate) -> bool:
        """Say whether *issuer* is the one that is meant."""
        same_name = self.name_sha256 == hashlib.sha256(issuer.subject).digest()
        return same_name and self.key_sha256 == hashlib.sha256(key_octets(issuer)).digest()


def read_answer(
    octets: bytes, trust: TrustAnchors, *, moment_us: int, cache: CertificateCache | None = None
) -> OcspAnswer:
    """Read an answer whose signer is entitled to it at *moment_us*.

    Whether the answer is still fresh is another question. Raises FormatError for all that is described above
    as not accepted: another form, a wrong signature, an issuer that is not pinned, a signer not entitled.
    """
    if len(octets) > MAX_OCTETS:
        raise FormatError("OCSP answer too large")
    signed = _read_signed(octets)
    cursor = der.Cursor(signed.data.content)
    responder = cursor.take()
    produced_us = der.read_generalized_time(cursor.take(der.GENERALIZED_TIME))
    (single,) = _one(cursor.take(der.SEQUENCE))
    cursor.end()
    identifier, status = _read_single(single)
    issuer = next((one for one in (*trust.issuers, *trust.roots) if identifier.is_of(one)), None)
    if issuer is None:
        raise FormatError("issuer in the OCSP answer")
    answer = OcspAnswer(issuer.as_issuer, identifier.serial, *status)
    if not answer.this_update_us <= min(produced_us, answer.next_update_us):
        raise FormatError("times of the OCSP answer")
    signer = _signer(signed.certificate, issuer, trust, whole_second(moment_us), cache)
    if not _names(responder, signer) or not _is_signed_by(signed, signer):
        raise FormatError("signature of the OCSP answer")
    return answer


def key_octets(certificate: Certificate) -> bytes:
    """Return the octets of the certificate's public key as OCSP hashes them: without the algorithm."""
    key = certificate.public_key
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    if isinstance(key, rsa.RSAPublicKey):
        return key.public_bytes(Encoding.DER, PublicFormat.PKCS1)
    return b""


def write_identifier(issuer: Certificate, serial: int) -> bytes:
    """Write which certificate is meant, DER."""
    return der.write(
        der.SEQUENCE,
        SHA256_ALGORITHM,
        der.write(der.OCTET_STRING, hashlib.sha256(issuer.subject).digest()),
        der.write(der.OCTET_STRING, hashlib.sha256(key_octets(issuer)).digest()),
        der.write_integer(serial),
    )


def read_identifier(element: der.Element) -> CertificateId:
    """Read which certificate is meant; raise FormatError for another hash than SHA-256."""
    cursor = der.Cursor(element.content)
    if cursor.take(der.SEQUENCE).octets not in (SHA256_ALGORITHM, _SHA256_WITH_NULL):
        raise FormatError("hash in the OCSP identifier")
    name, key = (cursor.take(der.OCTET_STRING).content for _ in range(2))
    serial = der.read_integer(cursor.take(der.INTEGER))
    cursor.end()
    return CertificateId(name, key, serial)


@dataclass(frozen=True, slots=True)
class _Signed:
    data: der.Element
    algorithm: bytes
    signature: bytes
    certificate: bytes | None


def _read_signed(octets: bytes) -> _Signed:
    outer = der.Cursor(der.read(octets, der.SEQUENCE).content)
    if outer.take(der.ENUMERATED).octets != SUCCESSFUL:
        raise FormatError("OCSP refusal to answer")
    body = der.Cursor(der.read(outer.take(der.context(0)).content, der.SEQUENCE).content)
    outer.end()
    if body.take(der.OBJECT_IDENTIFIER).octets != BASIC_ANSWER:
        raise FormatError("type of the OCSP answer")
    basic = der.Cursor(der.read(body.take(der.OCTET_STRING).content, der.SEQUENCE).content)
    body.end()
    data, algorithm = basic.take(der.SEQUENCE), basic.take(der.SEQUENCE).octets
    signature = der.read_bit_string(basic.take(der.BIT_STRING))
    certificates = basic.take_optional(der.context(0))
    basic.end()
    if certificates is None:
        return _Signed(data, algorithm, signature, None)
    (certificate,) = _one(der.read(certificates.content, der.SEQUENCE))
    return _Signed(data, algorithm, signature, certificate.octets)


def _read_single(single: der.Element) -> tuple[CertificateId, tuple[OcspStatus, int | None, int, int]]:
    if single.tag != der.SEQUENCE:
        raise FormatError("OCSP answer")
    cursor = der.Cursor(single.content)
    identifier = read_identifier(cursor.take(der.SEQUENCE))
    status, revoked_at_us = _read_status(cursor.take())
    this_us = der.read_generalized_time(cursor.take(der.GENERALIZED_TIME))
    next_update = cursor.take(der.context(0)).content
    cursor.end()
    next_us = der.read_generalized_time(der.read(next_update, der.GENERALIZED_TIME))
    return identifier, (status, revoked_at_us, this_us, next_us)


def _read_status(element: der.Element) -> tuple[OcspStatus, int | None]:
    if element.octets == GOOD:
        return OcspStatus.GOOD, None
    if element.octets == UNKNOWN:
        return OcspStatus.UNKNOWN, None
    if element.tag != _REVOKED:
        raise FormatError("status in the OCSP answer")
    cursor = der.Cursor(element.content)
    revoked_at_us = der.read_generalized_time(cursor.take(der.GENERALIZED_TIME))
    reason = cursor.take_optional(der.context(0))
    cursor.end()
    if reason is not None:
        value = der.read(reason.content, der.ENUMERATED).content
        if len(value) != 1 or value[0] not in _REASONS:
            raise FormatError("reason in the OCSP answer")
    return OcspStatus.REVOKED, revoked_at_us


def _signer(
    octets: bytes | None,
    issuer: Certificate,
    trust: TrustAnchors,
    moment_us: int,
    cache: CertificateCache | None,
) -> Certificate:
    if octets is None:
        return issuer
    responder, chain = examine(octets, trust, cache)
    entitled = (
        chain.issuer is not None
        and chain.issuer.as_issuer == issuer.as_issuer
        and chain.sound
        and max(chain.start_us, responder.not_before_us) <= moment_us
        and moment_us <= min(chain.end_us, responder.not_after_us)
        and _is_responder(responder)
    )
    if not entitled:
        raise FormatError("signer of the OCSP answer")
    return responder


def _is_responder(certificate: Certificate) -> bool:
    extensions = certificate.parsed.extensions
    try:
        extended = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        extensions.get_extension_for_class(x509.OCSPNoCheck)
    except x509.ExtensionNotFound:
        return False
    usage = certificate.key_usage
    signs = usage is not None and usage.digital_signature
    return signs and list(extended) == [ExtendedKeyUsageOID.OCSP_SIGNING]


def _names(responder: der.Element, signer: Certificate) -> bool:
    if responder.tag == BY_NAME:
        return responder.content == signer.subject
    # RFC 6960 has SHA-1 here: it helps to find the key, and proves nothing.
    digest = hashlib.sha1(key_octets(signer), usedforsecurity=False).digest()
    return responder.octets == der.write(BY_KEY, der.write(der.OCTET_STRING, digest))


def _is_signed_by(signed: _Signed, signer: Certificate) -> bool:
    key = signer.public_key
    if not is_strong(key):
        return False
    try:
        if isinstance(key, ec.EllipticCurvePublicKey) and signed.algorithm == ECDSA_ALGORITHM:
            key.verify(signed.signature, signed.data.octets, ec.ECDSA(hashes.SHA256()))
            return True
        if isinstance(key, rsa.RSAPublicKey) and signed.algorithm == RSA_ALGORITHM:
            key.verify(signed.signature, signed.data.octets, padding.PKCS1v15(), hashes.SHA256())
            return True
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return False


def _one(sequence: der.Element) -> tuple[der.Element]:
    elements = der.read_all(sequence.content)
    if len(elements) != 1:
        raise FormatError("not one OCSP answer by one signer")
    return (elements[0],)
