"""Confidentiality on the way: a signed document sealed for one receiver with HPKE.

A document is signed first and sealed then, and names its receiver inside the signed part, so nobody can take
it out and seal it for somebody else. The routing header goes into the key schedule: a sealed message under
another header does not open. What is sealed twice never looks the same.

Source: RFC 9180, base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM.
"""

import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from actors.certificate import Certificate, Purpose
from actors.envelopes import SignedDocument
from actors.errors import ActorError, FormatError
from actors.message_log import RoutingHeader

OVERHEAD = 81
"""Octets that sealing adds: the ephemeral key and the tag."""

MAX_OCTETS = 128 * 1024
"""How much is sealed or opened at once: a document of 64 KiB and its signature, with room to spare."""

_SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_128_GCM)
_PARCEL = struct.Struct(">16s?II")
_PARCEL_TYPE = b"egov.parcel.v1"


class SealBroken(ActorError):  # noqa: N818 - a finding about a message, not a defect
    """Say that a sealed message does not open: wrong receiver, header or octets, all alike."""

    sentence = "The sealed message cannot be opened."


def seal(octets: bytes, recipient: Certificate | ec.EllipticCurvePublicKey, *, info: bytes) -> bytes:
    """Seal *octets* for *recipient*, bound to *info*; 81 octets longer, another text each time.

    Raises FormatError for a certificate that is not for encryption, for a key off P-256, and for more than
    128 KiB.
    """
    key = recipient.public_key if isinstance(recipient, Certificate) else recipient
    if isinstance(recipient, Certificate) and Purpose.ENCRYPT not in recipient.purposes:
        raise FormatError("purpose of the receiver's key")
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise FormatError("the receiver's key")
    if len(octets) > MAX_OCTETS:
        raise FormatError("too many octets to seal")
    return _SUITE.encrypt(octets, key, info=info)


def open_sealed(sealed: bytes, key: ec.EllipticCurvePrivateKey, *, info: bytes) -> bytes:
    """Open what was sealed for *key* and bound to *info*; raise SealBroken if it does not open."""
    if not OVERHEAD <= len(sealed) <= MAX_OCTETS + OVERHEAD:
        raise SealBroken
    try:
        return _SUITE.decrypt(sealed, key, info=info)
    except (InvalidTag, TypeError):  # a key off P-256 is the key of another receiver
        raise SealBroken from None


def seal_document(
    document: SignedDocument, recipient: Certificate | ec.EllipticCurvePublicKey, header: RoutingHeader
) -> bytes:
    """Seal a document with its signature for *recipient*, bound to its routing header.

    Raises FormatError as seal does, and if the header gives the hash of another document.
    """
    if header.content_sha256 != document.sha256:
        raise FormatError("hash in the header")
    signature = document.signature or b""
    is_signed = document.signature is not None
    head = _PARCEL.pack(_PARCEL_TYPE, is_signed, len(document.octets), len(signature))
    return seal(head + document.octets + signature, recipient, info=header.digest())


def open_document(sealed: bytes, key: ec.EllipticCurvePrivateKey, header: RoutingHeader) -> SignedDocument:
    """Open a sealed document under the header it came with; raise SealBroken if that fails in any way.

    Neither the signature nor the receiver inside the document is judged here.
    """
    parcel = open_sealed(sealed, key, info=header.digest())
    if len(parcel) < _PARCEL.size:
        raise SealBroken
    kind, is_signed, length, rest = _PARCEL.unpack_from(parcel)
    end = _PARCEL.size + length
    if kind != _PARCEL_TYPE.ljust(16, b"\0") or end + rest != len(parcel) or (rest and not is_signed):
        raise SealBroken
    document = SignedDocument(parcel[_PARCEL.size : end], parcel[end:] if is_signed else None)
    if document.sha256 != header.content_sha256:
        raise SealBroken
    return document
