"""Make wrong signatures out of right ones: every way in which a signature of the matrix can be wrong.

Each forgery tells the truth about itself in its claim, so that a play without real signatures decides as one
with them does.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from actors import cades, der
from actors.certificate import Credential, PrivateKey
from actors.claims import SignatureClaim
from actors.envelopes import SignedDocument
from actors.errors import FormatError

HOSTILE_CERTIFICATES = 100
"""How many certificates an attacker sends along, all to be tried as issuers by a careless verifier."""


class SignatureFlaw(StrEnum):
    """What is wrong with a signature, whatever its certificate says."""

    DOCUMENT_CHANGED = "document_changed"
    VALUE_WRONG = "value_wrong"
    TRUNCATED = "truncated"
    TRAILING_OCTETS = "trailing_octets"
    INDEFINITE_LENGTH = "indefinite_length"
    GARBAGE = "garbage"
    EMPTY = "empty"
    TWO_SIGNERS = "two_signers"
    TWO_CERTIFICATES = "two_certificates"
    NO_CERTIFICATE = "no_certificate"
    SUBSTITUTED_CERTIFICATE = "substituted_certificate"
    WEAK_HASH = "weak_hash"
    TOO_LARGE = "too_large"
    HOSTILE_CERTIFICATES = "hostile_certificates"


def forge(
    document: SignedDocument, flaw: SignatureFlaw, credential: Credential, renewed: Credential
) -> SignedDocument:
    """Return *document*, rightly signed with *credential*, with its signature made wrong.

    *renewed* is another certificate for the same key. Where the signature is only claimed, the claim alone is
    changed. Raises FormatError for a document that bears no signature at all, and for the flaw
    DOCUMENT_CHANGED: that one is in the document.
    """
    work = _FORGERIES.get(flaw)
    if document.claim is None or work is None:
        raise FormatError("nothing to forge")
    claim = work.claim(document.claim, renewed)
    signature = document.signature
    if signature is not None:
        signature = work.octets(_Parts.of(signature), document.octets, credential, renewed)
    return SignedDocument(document.octets, signature, claim)


@dataclass(frozen=True, slots=True)
class _Parts:
    """The pieces of a SignedData with one signer, each as it is encoded."""

    whole: bytes
    version: bytes
    digests: bytes
    content: bytes
    certificates: tuple[bytes, ...]
    signers: tuple[bytes, ...]

    @classmethod
    def of(cls, p7s: bytes) -> "_Parts":
        outer = der.Cursor(der.read(p7s, der.SEQUENCE).content)
        outer.take()
        inner = der.Cursor(der.read(outer.take().content, der.SEQUENCE).content)
        version, digests, content = (inner.take().octets for _ in range(3))
        certificates, signers = (
            tuple(one.octets for one in der.read_all(inner.take().content)) for _ in range(2)
        )
        return cls(p7s, version, digests, content, certificates, signers)

    def octets(self) -> bytes:
        """Put the pieces together."""
        certificates = (der.write(der.context(0), *self.certificates),) if self.certificates else ()
        data = der.write(
            der.SEQUENCE,
            self.version,
            self.digests,
            self.content,
            *certificates,
            der.write(der.SET, *self.signers),
        )
        return der.write(der.SEQUENCE, der.write_oid(cades.SIGNED_DATA), der.write(der.context(0), data))


@dataclass(frozen=True, slots=True)
class _Forgery:
    octets: Callable[[_Parts, bytes, Credential, Credential], bytes]
    claim: Callable[[SignatureClaim, Credential], SignatureClaim]


def _unreadable(octets: Callable[[_Parts], bytes]) -> _Forgery:
    return _Forgery(
        lambda parts, _o, _c, _r: octets(parts), lambda claim, _r: replace(claim, format_ok=False)
    )


def _oversized(octets: Callable[[_Parts], bytes]) -> _Forgery:
    return _Forgery(lambda parts, _o, _c, _r: octets(parts), lambda claim, _r: replace(claim, size_ok=False))


def _indefinite(parts: _Parts) -> bytes:
    content = der.read(parts.whole, der.SEQUENCE).content
    return bytes((der.SEQUENCE, 0x80)) + content + b"\0\0"


def _another_value(parts: _Parts) -> bytes:
    """Change the last octet of the signature value; its form stays right."""
    return parts.whole[:-1] + bytes((parts.whole[-1] ^ 1,))


def _substitute(parts: _Parts, _octets: bytes, _credential: Credential, renewed: Credential) -> bytes:
    """Put another certificate of the same key in, and name it as the signer's: neither is signed."""
    certificate = renewed.certificate
    fields = [one.octets for one in der.read_all(der.read(parts.signers[0], der.SEQUENCE).content)]
    fields[1] = der.write(der.SEQUENCE, certificate.issuer, der.write_integer(certificate.serial))
    signer = der.write(der.SEQUENCE, *fields)
    return replace(parts, certificates=(certificate.der,), signers=(signer,)).octets()


def _sign_with_sha1(parts: _Parts, octets: bytes, credential: Credential, _renewed: Credential) -> bytes:
    sha1 = der.write(der.SEQUENCE, der.write_oid("1.3.14.3.2.26"))
    fields = [one.octets for one in der.read_all(der.read(parts.signers[0], der.SEQUENCE).content)]
    digest = der.write(der.OCTET_STRING, hashlib.sha1(octets, usedforsecurity=False).digest())
    value = der.write(der.SEQUENCE, der.write_oid(cades.MESSAGE_DIGEST), der.write(der.SET, digest))
    kept = [
        one.octets
        for one in der.read_all(der.read(fields[3], der.context(0)).content)
        if der.write_oid(cades.MESSAGE_DIGEST) not in one.octets
    ]
    attributes = der.write_set_of(der.SET, value, *kept)
    algorithm, signature = _weakly_signed(credential.key, attributes)
    signer = der.write(
        der.SEQUENCE,
        *fields[:2],
        sha1,
        bytes((der.context(0),)) + attributes[1:],
        algorithm,
        der.write(der.OCTET_STRING, signature),
    )
    return replace(parts, digests=der.write(der.SET, sha1), signers=(signer,)).octets()


def _weakly_signed(key: PrivateKey, octets: bytes) -> tuple[bytes, bytes]:
    if isinstance(key, ec.EllipticCurvePrivateKey):
        algorithm = der.write(der.SEQUENCE, der.write_oid("1.2.840.10045.4.1"))
        return algorithm, key.sign(octets, ec.ECDSA(hashes.SHA1(), deterministic_signing=True))  # noqa: S303
    if isinstance(key, rsa.RSAPrivateKey):
        algorithm = der.write(der.SEQUENCE, der.write_oid("1.2.840.113549.1.1.5"), der.write(der.NULL))
        return algorithm, key.sign(octets, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 - SHA-1 is the flaw
    raise FormatError("key of the forger")


def _claim_sha1(claim: SignatureClaim) -> SignatureClaim:
    family, _ = claim.algorithm.split("-")
    return replace(claim, digest="sha1", algorithm=f"{family}-sha1")


_FORGERIES: Mapping[SignatureFlaw, _Forgery] = {
    SignatureFlaw.VALUE_WRONG: _Forgery(
        lambda parts, _o, _c, _r: _another_value(parts), lambda claim, _r: replace(claim, value_ok=False)
    ),
    SignatureFlaw.TRUNCATED: _unreadable(lambda parts: parts.whole[:-1]),
    SignatureFlaw.TRAILING_OCTETS: _unreadable(lambda parts: parts.whole + b"\0"),
    SignatureFlaw.INDEFINITE_LENGTH: _unreadable(_indefinite),
    SignatureFlaw.GARBAGE: _unreadable(lambda _parts: b"this is no signature"),
    SignatureFlaw.EMPTY: _unreadable(lambda _parts: b""),
    SignatureFlaw.TWO_SIGNERS: _unreadable(lambda parts: replace(parts, signers=parts.signers * 2).octets()),
    SignatureFlaw.TWO_CERTIFICATES: _unreadable(
        lambda parts: replace(parts, certificates=parts.certificates * 2).octets()
    ),
    SignatureFlaw.NO_CERTIFICATE: _Forgery(
        lambda parts, _o, _c, _r: replace(parts, certificates=()).octets(),
        lambda claim, _r: replace(claim, signer=None),
    ),
    SignatureFlaw.SUBSTITUTED_CERTIFICATE: _Forgery(
        _substitute, lambda claim, renewed: replace(claim, signer=renewed.draft, certificate_bound=False)
    ),
    SignatureFlaw.WEAK_HASH: _Forgery(_sign_with_sha1, lambda claim, _r: _claim_sha1(claim)),
    SignatureFlaw.TOO_LARGE: _oversized(lambda parts: parts.whole + bytes(cades.MAX_OCTETS)),
    SignatureFlaw.HOSTILE_CERTIFICATES: _oversized(
        lambda parts: replace(parts, certificates=parts.certificates * HOSTILE_CERTIFICATES).octets()
    ),
}
