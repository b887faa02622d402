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
from actors.signature_frame import (
    CONTENT_TYPE,
    DATA,
    DATA_DETACHED,
    DIRECTORY_NAME,
    ECDSA_SHA256,
    MESSAGE_DIGEST,
    RSA_SHA256,
    SHA256,
    SIGNED_DATA,
    SIGNING_CERTIFICATE_V2,
    SIGNING_TIME,
    VERSION,
    FramedSignature,
    SignatureFrame,
    SignatureFrames,
)

__all__ = [
    "CONTENT_TYPE",
    "DATA",
    "ECDSA_SHA256",
    "MAX_OCTETS",
    "MESSAGE_DIGEST",
    "RSA",
    "RSA_SHA256",
    "SHA256",
    "SIGNED_DATA",
    "SIGNING_CERTIFICATE_V2",
    "SIGNING_TIME",
    "SignedData",
    "algorithm_name",
    "binds_certificate",
    "digest_equals",
    "digest_name",
    "is_signer",
    "read_detached",
    "sign_detached",
    "signature_matches",
]

MAX_OCTETS = 16_384

RSA = "1.2.840.113549.1.1.1"

_DIGEST_NAMES = {
    "1.3.14.3.2.26": "sha1",
    SHA256: "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
_SIGNATURE_NAMES = {
    "1.2.840.10045.4.1": "ecdsa-sha1",
    ECDSA_SHA256: "ecdsa-sha256",
    "1.2.840.10045.4.3.3": "ecdsa-sha384",
    "1.2.840.10045.4.3.4": "ecdsa-sha512",
    "1.2.840.113549.1.1.5": "rsa-sha1",
    RSA_SHA256: "rsa-sha256",
    "1.3.101.112": "ed25519",
}

_NULL = der.write(der.NULL)
_ECDSA = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)


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


def sign_detached(
    octets: bytes,
    credential: Credential,
    signing_time_us: int,
    frames: SignatureFrames | None = None,
) -> bytes:
    """Sign *octets* and return the signature as DER; the same input gives the same octets.

    *frames* spare a frequent signer some work. Raises FormatError for a key neither elliptic nor RSA.
    """
    certificate = credential.certificate
    frame = SignatureFrame.of(certificate) if frames is None else frames.of(certificate)
    attributes = frame.attributes(hashlib.sha256(octets).digest(), signing_time_us)
    return frame.put_together(attributes, _sign_value(credential, attributes))


def _sign_value(credential: Credential, attributes: bytes) -> bytes:
    key = credential.key
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(attributes, _ECDSA)
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(attributes, padding.PKCS1v15(), hashes.SHA256())
    raise FormatError("key of the signer")


def read_detached(
    p7s: bytes, max_octets: int = MAX_OCTETS, frames: SignatureFrames | None = None
) -> SignedData:
    """Read a detached signature; raise FormatError unless it has the form described above.

    *frames* spare the walk through a signature that is octet for octet as they would write it.
    """
    if len(p7s) > max_octets:
        raise FormatError("signature too large")
    framed = None if frames is None else frames.take_apart(p7s)
    if framed is not None:
        return _framed(*framed)
    outer = der.Cursor(der.read(p7s, der.SEQUENCE).content)
    _require_oid(outer, SIGNED_DATA)
    inner = der.read(outer.take(der.context(0)).content, der.SEQUENCE)
    outer.end()
    cursor = der.Cursor(inner.content)
    _require_version(cursor)
    (digest_algorithm,) = _exactly_one(cursor.take(der.SET))
    if cursor.take(der.SEQUENCE).octets != DATA_DETACHED:
        raise FormatError("content is not detached data")
    certificate_der = _embedded_certificate(cursor.take_optional(der.context(0)))
    (signer,) = _exactly_one(cursor.take(der.SET))
    cursor.end()
    return _read_signer(signer, digest_algorithm.octets, certificate_der)


def _framed(certificate: Certificate, found: FramedSignature) -> SignedData:
    return SignedData(
        certificate_der=certificate.der,
        signer_issuer=certificate.issuer,
        signer_serial=certificate.serial,
        digest_algorithm=SHA256,
        signature_algorithm=RSA_SHA256 if certificate.key.family == "RSA" else ECDSA_SHA256,
        signed_attributes=found.attributes,
        message_digest=found.message_digest,
        signing_time_us=found.signing_time_us,
        certificate_sha256=certificate.sha256,
        certificate_serial=(certificate.issuer, certificate.serial),
        signature=found.value,
    )


def digest_equals(signed: SignedData, octets: bytes) -> bool:
    """Say whether *octets* are the document that was signed."""
    if signed.digest_algorithm != SHA256:
        return False
    return signed.message_digest == hashlib.sha256(octets).digest()


def digest_name(signed: SignedData) -> str:
    """Return the name of the hash; the identifier itself where the name is not known."""
    return _DIGEST_NAMES.get(signed.digest_algorithm, signed.digest_algorithm)


def algorithm_name(signed: SignedData) -> str:
    """Return the name of the signature algorithm; the identifier itself where the name is not known."""
    if signed.signature_algorithm == RSA:
        return f"rsa-{digest_name(signed)}"
    return _SIGNATURE_NAMES.get(signed.signature_algorithm, signed.signature_algorithm)


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
    if signed.digest_algorithm != SHA256:
        return False
    try:
        if isinstance(key, ec.EllipticCurvePublicKey) and signed.signature_algorithm == ECDSA_SHA256:
            key.verify(signed.signature, signed.signed_attributes, _ECDSA)
            return True
        if isinstance(key, rsa.RSAPublicKey) and signed.signature_algorithm in (RSA, RSA_SHA256):
            key.verify(signed.signature, signed.signed_attributes, padding.PKCS1v15(), hashes.SHA256())
            return True
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return False


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
    name = der.read(cursor.take(der.SEQUENCE).content, DIRECTORY_NAME)
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
    if cursor.take(der.INTEGER).octets != VERSION:
        raise FormatError("version")
