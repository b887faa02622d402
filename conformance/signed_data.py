"""Detached signatures as the judge reads them: strict CMS SignedData of one signer, profile CAdES B-B.

The judge uses another parser than the actors do, so that one mistake cannot hide in both.

Source: RFC 5652 (CMS), RFC 5035 (signing certificate version 2), ETSI EN 319 122-1 (CAdES baseline).
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from asn1crypto import cms, core, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

MAX_OCTETS = 16 * 1024
MIN_RSA_BITS = 2048
MAX_NESTING = 32
HOSTILE = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)
"""What asn1crypto raises, late and lazily, on octets that are not what they claim to be."""
ODD_CERTIFICATE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
"""What cryptography raises on certificates and lists that it cannot read."""

_TIMES = {"utc_time": re.compile(rb"[0-9]{12}Z"), "generalized_time": re.compile(rb"2(?!0[0-4])[0-9]{13}Z")}

assert tsp.SigningCertificateV2  # noqa: S101 - importing tsp registers the attribute with cms


class Unacceptable(Exception):  # noqa: N818 - a finding, not an error of the program
    """Say in a few words why a signature is invalid."""


@dataclass(frozen=True, slots=True)
class SignedData:
    """What a detached signature says: who signed what digest, with which octets, and when by his own word.

    *signing_time_us* is None if the signer names no moment.
    """

    certificate: x509.Certificate
    digest: bytes
    signed_octets: bytes
    signature: bytes
    signing_time_us: int | None = None


def read_signature(octets: bytes) -> SignedData:
    """Read a detached signature of one signer. Raises Unacceptable for anything else."""
    if len(octets) > MAX_OCTETS:
        raise Unacceptable(f"format: over {MAX_OCTETS} octets")
    try:
        return _read(octets)
    except HOSTILE:
        raise Unacceptable("format: not a detached CMS signature") from None


def verify_signature(signed: SignedData, document: bytes) -> None:
    """Verify digest and signature value over *document*. Raises Unacceptable with the cause."""
    if signed.digest != hashlib.sha256(document).digest():
        raise Unacceptable("digest: the document was changed after signing")
    try:
        key = signed.certificate.public_key()
        if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
            key.verify(signed.signature, signed.signed_octets, ec.ECDSA(hashes.SHA256()))
        elif isinstance(key, rsa.RSAPublicKey) and key.key_size >= MIN_RSA_BITS:
            key.verify(signed.signature, signed.signed_octets, padding.PKCS1v15(), hashes.SHA256())
        else:
            raise Unacceptable("key: neither P-256 nor RSA of 2048 bits")
    except InvalidSignature:
        raise Unacceptable("signature: the value does not verify") from None
    except ODD_CERTIFICATE:
        raise Unacceptable("key: unreadable") from None


def _read(octets: bytes) -> SignedData:
    _require(_is_der(octets, 0, len(octets), 0) == 1, "format: not DER")
    info = cms.ContentInfo.load(octets, strict=True)
    _require(info["content_type"].native == "signed_data", "format: not signed data")
    data = info["content"]
    _require(data["version"].native == "v1", "format: version")
    _require([_plain_sha256(a) for a in data["digest_algorithms"]] == [True], "format: digest algorithm")
    content = data["encap_content_info"]
    _require(content["content_type"].native == "data", "format: content type")
    _require(content["content"].native is None, "format: the document is inside the signature")
    _require(not isinstance(data["certificates"], core.Void), "certificate: absent")
    _require(len(data["certificates"]) == 1, "format: one certificate is expected")
    _require(isinstance(data["crls"], core.Void), "format: revocation lists inside the signature")
    _require(len(data["signer_infos"]) == 1, "format: one signer is expected")
    certificate_octets = data["certificates"][0].chosen.dump()
    signer = data["signer_infos"][0]
    digest, signing_time_us, signed_octets = _signed_attributes(signer, certificate_octets)
    _require_signer(signer, data["certificates"][0].chosen)
    return SignedData(
        certificate=_load_certificate(certificate_octets),
        digest=digest,
        signed_octets=signed_octets,
        signature=signer["signature"].native,
        signing_time_us=signing_time_us,
    )


def _require_signer(signer: Any, certificate: Any) -> None:
    _require(signer["version"].native == "v1", "format: signer version")
    _require(_plain_sha256(signer["digest_algorithm"]), "format: digest algorithm of the signer")
    _require(signer["sid"].name == "issuer_and_serial_number", "format: signer identifier")
    sid = signer["sid"].chosen
    same_issuer = sid["issuer"].dump() == certificate["tbs_certificate"]["issuer"].dump()
    same_serial = sid["serial_number"].native == certificate["tbs_certificate"]["serial_number"].native
    _require(same_issuer and same_serial, "certificate: not the signer's")
    algorithm = signer["signature_algorithm"]
    key = certificate["tbs_certificate"]["subject_public_key_info"]["algorithm"]["algorithm"].native
    names = {"ec": {"sha256_ecdsa"}, "rsa": {"rsassa_pkcs1v15", "sha256_rsa"}}.get(key, set())
    _require(algorithm["algorithm"].native in names, "key: algorithm not accepted")
    _require(algorithm["parameters"].native is None, "format: parameters of the algorithm")
    _require(isinstance(signer["unsigned_attrs"], core.Void), "format: attributes that nobody signed")


def _signed_attributes(signer: Any, certificate_octets: bytes) -> tuple[bytes, int | None, bytes]:
    """Return the digest that was signed, the signing time, and the octets that the signature value covers."""
    attributes = signer["signed_attrs"]
    _require(not isinstance(attributes, core.Void), "format: no signed attributes")
    # The signature covers the attributes as a SET OF, not under the [0] they are transported with. They are
    # taken as they came, before anything is looked up in them: asn1crypto would encode them anew.
    covered = b"\x31" + attributes.dump()[1:]
    values: dict[str, Any] = {}
    for attribute in attributes:
        name = attribute["type"].native
        _require(name not in values and len(attribute["values"]) == 1, "format: repeated attribute")
        values[name] = attribute["values"][0]
    needed = {"content_type", "message_digest", "signing_certificate_v2"}
    _require(needed <= values.keys(), "format: a mandatory attribute is absent")
    _require(values["content_type"].native == "data", "format: signed content type")
    _require_certificate_hash(values["signing_certificate_v2"], certificate_octets)
    return values["message_digest"].native, _signing_time_us(values.get("signing_time")), covered


def _signing_time_us(value: Any) -> int | None:
    """Return a signing time in whole seconds, UTC, in the one form that RFC 5652 knows of it (11.3)."""
    if value is None:
        return None
    _require(_TIMES[value.name].fullmatch(value.chosen.contents) is not None, "format: signing time")
    return int(value.native.timestamp()) * 1_000_000


def _require_certificate_hash(value: Any, certificate_octets: bytes) -> None:
    certificates = value["certs"]
    _require(len(certificates) >= 1, "certificate: the signed reference is empty")
    reference = certificates[0]
    _require(reference["hash_algorithm"]["algorithm"].native == "sha256", "format: certificate hash")
    same = reference["cert_hash"].native == hashlib.sha256(certificate_octets).digest()
    _require(same, "certificate: substituted, not the one that was signed with")


def _plain_sha256(algorithm: Any) -> bool:
    return bool(algorithm["algorithm"].native == "sha256" and algorithm["parameters"].native is None)


def _is_der(octets: bytes, start: int, end: int, depth: int) -> int:
    """Return how many values fill *octets* from *start* to *end*, 0 if anything is not in its one DER form.

    Lengths are definite and minimal, integers and truths are minimal; octets of strings are not looked into.
    """
    values = 0
    while start < end and depth < MAX_NESTING:
        tag = octets[start]
        length, begin = _length_at(octets, start + 1)
        stop = begin + length
        if tag & 0x1F == 0x1F or begin == 0 or stop > end:
            return 0
        if tag & 0x20 and length and not _is_der(octets, begin, stop, depth + 1):
            return 0
        if tag == 0x02 and not _is_minimal(octets[begin:stop]):
            return 0
        if tag == 0x01 and octets[begin:stop] not in (b"\x00", b"\xff"):
            return 0
        values, start = values + 1, stop
    return values if start == end else 0


def _length_at(octets: bytes, place: int) -> tuple[int, int]:
    """Return a length and where its contents begin; begin 0 if it is not minimal."""
    first = octets[place]
    if first < 0x80:
        return first, place + 1
    size = first - 0x80
    length = int.from_bytes(octets[place + 1 : place + 1 + size], "big")
    minimal = 1 <= size <= 4 and length >= 0x80 and length >= 1 << 8 * (size - 1)
    return length, place + 1 + size if minimal else 0


def _is_minimal(integer: bytes) -> bool:
    if len(integer) < 2:
        return len(integer) == 1
    return not (integer[0] == 0 and integer[1] < 0x80) and not (integer[0] == 0xFF and integer[1] >= 0x80)


def _load_certificate(octets: bytes) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(octets)
    except ODD_CERTIFICATE:
        raise Unacceptable("certificate: unreadable") from None


def _require(holds: bool, cause: str) -> None:
    if not holds:
        raise Unacceptable(cause)
