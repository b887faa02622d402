"""Detached signatures: CMS SignedData in the CAdES baseline profile B-B, DER, SHA-256, one signer.

Written: the signer's certificate and nothing else, the signed attributes content type, message digest,
signing time and signing-certificate-v2, ECDSA with the deterministic nonce. Read: that form, and RSA
signatures of the same shape; whatever the signature does not cover has to have its one permitted value.

Source: RFC 5652, 5 (SignedData), RFC 5035, 3 (signing-certificate-v2), RFC 5754, 2 and 3 (algorithms),
RFC 6979 (nonce), ETSI EN 319 122-1, 6.3 (profile).
"""

import hashlib
from dataclasses import dataclass, field
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from actors import der
from actors.certificate import Certificate, Credential
from actors.errors import FormatError

MAX_OCTETS = 16_384

SIGNED_DATA = "1.2.840.113549.1.7.2"
DATA = "1.2.840.113549.1.7.1"
CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
SIGNING_TIME = "1.2.840.113549.1.9.5"
SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
SHA256 = "2.16.840.1.101.3.4.2.1"
ECDSA_SHA256 = "1.2.840.10045.4.3.2"
RSA = "1.2.840.113549.1.1.1"
RSA_SHA256 = "1.2.840.113549.1.1.11"

_DIRECTORY_NAME = der.context(4)
_SHA256_ALGORITHM = der.write(der.SEQUENCE, der.write_oid(SHA256))
_ECDSA_ALGORITHM = der.write(der.SEQUENCE, der.write_oid(ECDSA_SHA256))
_DATA_DETACHED = der.write(der.SEQUENCE, der.write_oid(DATA))
_VERSION = der.write_integer(1)
_NULL = der.write(der.NULL)


@dataclass(frozen=True, slots=True)
class SignedData:
    """What one detached signature says; nothing in it is verified yet.

    *certificate_der* is None if the signer's certificate is not inside. *certificate_sha256* is the hash in
    the signing-certificate-v2 attribute, None if that is absent or uses another hash. Algorithms are object
    identifiers. *signed_attributes* are the octets under the signature.
    """

    certificate_der: bytes | None = field(repr=False)
    signer_issuer: bytes = field(repr=False)
    signer_serial: int
    digest_algorithm: str
    signature_algorithm: str
    signed_attributes: bytes = field(repr=False)
    message_digest: bytes = field(repr=False)
    signing_time_us: int
    certificate_sha256: bytes | None = field(repr=False)
    certificate_serial: tuple[bytes, int] | None = field(repr=False)
    signature: bytes = field(repr=False)


def sign_detached(octets: bytes, credential: Credential, signing_time_us: int) -> bytes:
    """Sign *octets* and return the signature as DER; the same input gives the same octets."""
    certificate = credential.certificate
    attributes = der.write_set_of(
        der.SET,
        _attribute(CONTENT_TYPE, der.write_oid(DATA)),
        _attribute(MESSAGE_DIGEST, der.write(der.OCTET_STRING, hashlib.sha256(octets).digest())),
        _attribute(SIGNING_TIME, der.write_time(signing_time_us)),
        _attribute(SIGNING_CERTIFICATE_V2, _signing_certificate(certificate)),
    )
    algorithm = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    signature = credential.key.sign(attributes, algorithm)
    signer = der.write(
        der.SEQUENCE,
        _VERSION,
        der.write(der.SEQUENCE, certificate.issuer, der.write_integer(certificate.serial)),
        _SHA256_ALGORITHM,
        bytes((der.context(0),)) + attributes[1:],
        _ECDSA_ALGORITHM,
        der.write(der.OCTET_STRING, signature),
    )
    signed_data = der.write(
        der.SEQUENCE,
        _VERSION,
        der.write(der.SET, _SHA256_ALGORITHM),
        _DATA_DETACHED,
        der.write(der.context(0), certificate.der),
        der.write(der.SET, signer),
    )
    return der.write(der.SEQUENCE, der.write_oid(SIGNED_DATA), der.write(der.context(0), signed_data))


def read_detached(p7s: bytes, max_octets: int = MAX_OCTETS) -> SignedData:
    """Read a detached signature; raise FormatError unless it has the form described above."""
    if len(p7s) > max_octets:
        raise FormatError("signature too large")
    outer = der.Cursor(der.read(p7s, der.SEQUENCE).content)
    _require_oid(outer, SIGNED_DATA)
    inner = der.read(outer.take(der.context(0)).content, der.SEQUENCE)
    outer.end()
    cursor = der.Cursor(inner.content)
    _require_version(cursor)
    (digest_algorithm,) = _exactly_one(cursor.take(der.SET))
    if cursor.take(der.SEQUENCE).octets != _DATA_DETACHED:
        raise FormatError("content is not detached data")
    certificate_der = _embedded_certificate(cursor.take_optional(der.context(0)))
    (signer,) = _exactly_one(cursor.take(der.SET))
    cursor.end()
    return _read_signer(signer, digest_algorithm.octets, certificate_der)


def digest_equals(signed: SignedData, octets: bytes) -> bool:
    """Say whether *octets* are the document that was signed."""
    return signed.message_digest == hashlib.sha256(octets).digest()


def is_supported(signed: SignedData) -> bool:
    """Say whether the hash and the signature algorithm are ones that are accepted."""
    return signed.digest_algorithm == SHA256 and signed.signature_algorithm in (ECDSA_SHA256, RSA, RSA_SHA256)


def is_signer(signed: SignedData, certificate: Certificate) -> bool:
    """Say whether the signer is named as the holder of *certificate*."""
    return (signed.signer_issuer, signed.signer_serial) == (certificate.issuer, certificate.serial)


def binds_certificate(signed: SignedData, certificate: Certificate) -> bool:
    """Say whether the signature covers *certificate*, so that no other could take its place."""
    names_it = signed.certificate_serial in (None, (certificate.issuer, certificate.serial))
    return names_it and signed.certificate_sha256 == certificate.sha256


def signature_matches(signed: SignedData, certificate: Certificate) -> bool:
    """Say whether the signature value was made with the key of *certificate*."""
    key = certificate.public_key
    try:
        if isinstance(key, ec.EllipticCurvePublicKey) and signed.signature_algorithm == ECDSA_SHA256:
            key.verify(signed.signature, signed.signed_attributes, ec.ECDSA(hashes.SHA256()))
            return True
        if isinstance(key, rsa.RSAPublicKey) and signed.signature_algorithm in (RSA, RSA_SHA256):
            key.verify(signed.signature, signed.signed_attributes, padding.PKCS1v15(), hashes.SHA256())
            return True
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return False


def _attribute(oid: str, value: bytes) -> bytes:
    return der.write(der.SEQUENCE, der.write_oid(oid), der.write(der.SET, value))


def _signing_certificate(certificate: Certificate) -> bytes:
    names = der.write(der.SEQUENCE, der.write(_DIRECTORY_NAME, certificate.issuer))
    issuer_serial = der.write(der.SEQUENCE, names, der.write_integer(certificate.serial))
    identifier = der.write(der.SEQUENCE, der.write(der.OCTET_STRING, certificate.sha256), issuer_serial)
    return der.write(der.SEQUENCE, der.write(der.SEQUENCE, identifier))


def _read_signer(signer: der.Element, digest_algorithm: bytes, certificate_der: bytes | None) -> SignedData:
    cursor = der.Cursor(_sequence(signer))
    _require_version(cursor)
    issuer, serial = _read_issuer_serial(cursor.take(der.SEQUENCE))
    if cursor.take(der.SEQUENCE).octets != digest_algorithm:
        raise FormatError("two digest algorithms")
    attributes = cursor.take(der.context(0))
    signature_algorithm = _read_algorithm(cursor.take(der.SEQUENCE))
    signature = cursor.take(der.OCTET_STRING).content
    cursor.end()
    values = _read_attributes(attributes.content)
    return SignedData(
        certificate_der=certificate_der,
        signer_issuer=issuer,
        signer_serial=serial,
        digest_algorithm=_read_algorithm(der.read(digest_algorithm, der.SEQUENCE)),
        signature_algorithm=signature_algorithm,
        signed_attributes=bytes((der.SET,)) + attributes.octets[1:],
        message_digest=values.message_digest,
        signing_time_us=values.signing_time_us,
        certificate_sha256=values.certificate_sha256,
        certificate_serial=values.certificate_serial,
        signature=signature,
    )


class _Attributes(NamedTuple):
    message_digest: bytes
    signing_time_us: int
    certificate_sha256: bytes | None
    certificate_serial: tuple[bytes, int] | None


def _read_attributes(content: bytes) -> _Attributes:
    values: dict[str, der.Element] = {}
    for attribute in der.read_set_of(content):
        cursor = der.Cursor(_sequence(attribute))
        oid = der.read_oid(cursor.take(der.OBJECT_IDENTIFIER))
        (value,) = _exactly_one(cursor.take(der.SET))
        cursor.end()
        if values.setdefault(oid, value) is not value:
            raise FormatError("attribute given twice")
    if not {CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME} <= values.keys():
        raise FormatError("attribute missing")
    if der.read_oid(values[CONTENT_TYPE]) != DATA:
        raise FormatError("content type")
    digest = der.read(values[MESSAGE_DIGEST].octets, der.OCTET_STRING).content
    certificate_sha256, certificate_serial = _read_signing_certificate(values.get(SIGNING_CERTIFICATE_V2))
    return _Attributes(digest, der.read_time(values[SIGNING_TIME]), certificate_sha256, certificate_serial)


def _read_signing_certificate(value: der.Element | None) -> tuple[bytes | None, tuple[bytes, int] | None]:
    if value is None:
        return None, None
    cursor = der.Cursor(_sequence(value))
    identifiers = der.read_all(cursor.take(der.SEQUENCE).content)  # the signer's comes first
    cursor.take_optional(der.SEQUENCE)  # policies: nothing to check against
    cursor.end()
    if not identifiers:
        raise FormatError("no certificate identifier")
    fields = der.Cursor(_sequence(identifiers[0]))
    other_hash = fields.take_optional(der.SEQUENCE)
    if other_hash and _read_algorithm(other_hash) == SHA256:
        raise FormatError("default value written")
    certificate_hash = fields.take(der.OCTET_STRING).content
    issuer_serial = fields.take_optional(der.SEQUENCE)
    fields.end()
    named = None if issuer_serial is None else _read_general_issuer_serial(issuer_serial)
    return (None if other_hash else certificate_hash), named


def _read_issuer_serial(element: der.Element) -> tuple[bytes, int]:
    cursor = der.Cursor(_sequence(element))
    issuer = cursor.take(der.SEQUENCE).octets
    serial = der.read_integer(cursor.take(der.INTEGER))
    cursor.end()
    return issuer, serial


def _read_general_issuer_serial(element: der.Element) -> tuple[bytes, int]:
    cursor = der.Cursor(_sequence(element))
    name = der.read(cursor.take(der.SEQUENCE).content, _DIRECTORY_NAME)
    serial = der.read_integer(cursor.take(der.INTEGER))
    cursor.end()
    return name.content, serial


def _read_algorithm(element: der.Element) -> str:
    cursor = der.Cursor(_sequence(element))
    oid = der.read_oid(cursor.take(der.OBJECT_IDENTIFIER))
    if cursor.more() and cursor.take().octets != _NULL:
        raise FormatError("algorithm parameters")
    cursor.end()
    return oid


def _embedded_certificate(certificates: der.Element | None) -> bytes | None:
    if certificates is None:
        return None
    (certificate,) = _exactly_one(certificates)
    return certificate.octets


def _exactly_one(collection: der.Element) -> tuple[der.Element]:
    elements = der.read_all(collection.content)
    if len(elements) != 1:
        raise FormatError("not exactly one")
    return (elements[0],)


def _sequence(element: der.Element) -> bytes:
    if element.tag != der.SEQUENCE:
        raise FormatError("unexpected tag")
    return element.content


def _require_oid(cursor: der.Cursor, oid: str) -> None:
    if der.read_oid(cursor.take(der.OBJECT_IDENTIFIER)) != oid:
        raise FormatError("content type")


def _require_version(cursor: der.Cursor) -> None:
    if cursor.take(der.INTEGER).octets != _VERSION:
        raise FormatError("version")
