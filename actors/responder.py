"""The responder's side of OCSP: requests read, answers written and signed, the same octets each time.

The library's builder stamps answers with the machine's clock and signs with random nonces, so they are put
together here. What a request says beside the certificate it asks about (a name, a nonce) is passed over: an
answer is the same for everybody.

Source: RFC 6960, 4.1 (requests), 4.2 (answers); RFC 6979 (nonce of the signature).
"""

import hashlib

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from actors import der
from actors.certificate import Certificate, Credential
from actors.errors import FormatError
from actors.ocsp import (
    BASIC_ANSWER,
    BY_KEY,
    ECDSA_ALGORITHM,
    GOOD,
    SUCCESSFUL,
    UNKNOWN,
    CertificateId,
    OcspAnswer,
    OcspStatus,
    key_octets,
    read_identifier,
    write_identifier,
)

MAX_REQUEST_OCTETS = 4_096

MALFORMED_REQUEST = der.write(der.SEQUENCE, der.write(der.ENUMERATED, b"\x01"))
UNAUTHORIZED = der.write(der.SEQUENCE, der.write(der.ENUMERATED, b"\x06"))

_SIGNATURE = der.context(0)
_REQUESTOR = der.context(1)
_EXTENSIONS = der.context(2)


def read_request(octets: bytes) -> CertificateId:
    """Read which certificate is asked about; raise FormatError unless it is one, named by SHA-256 hashes."""
    if len(octets) > MAX_REQUEST_OCTETS:
        raise FormatError("OCSP request too large")
    outer = der.Cursor(der.read(octets, der.SEQUENCE).content)
    body = der.Cursor(outer.take(der.SEQUENCE).content)
    outer.take_optional(_SIGNATURE)
    outer.end()
    body.take_optional(_REQUESTOR)
    requests = der.read_all(body.take(der.SEQUENCE).content)
    body.take_optional(_EXTENSIONS)
    body.end()
    if len(requests) != 1 or requests[0].tag != der.SEQUENCE:
        raise FormatError("not one OCSP request")
    request = der.Cursor(requests[0].content)
    identifier = read_identifier(request.take(der.SEQUENCE))
    request.take_optional(_SIGNATURE)  # the same tag: extensions of the single request
    request.end()
    return identifier


def sign_answer(answer: OcspAnswer, issuer: Certificate, responder: Credential) -> bytes:
    """Sign *answer* with the responder's P-256 key, whose certificate goes with it; return DER."""
    key = responder.key
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise FormatError("kind of key")
    # RFC 6960 has SHA-1 here: it helps to find the key, and proves nothing.
    key_hash = hashlib.sha1(key_octets(responder.certificate), usedforsecurity=False).digest()
    data = der.write(
        der.SEQUENCE,
        der.write(BY_KEY, der.write(der.OCTET_STRING, key_hash)),
        der.write_generalized_time(answer.this_update_us),
        der.write(der.SEQUENCE, _single(answer, issuer)),
    )
    signature = key.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    basic = der.write(
        der.SEQUENCE,
        data,
        ECDSA_ALGORITHM,
        der.write_bit_string(signature),
        der.write(der.context(0), der.write(der.SEQUENCE, responder.der)),
    )
    body = der.write(der.SEQUENCE, BASIC_ANSWER, der.write(der.OCTET_STRING, basic))
    return der.write(der.SEQUENCE, SUCCESSFUL, der.write(der.context(0), body))


def _single(answer: OcspAnswer, issuer: Certificate) -> bytes:
    return der.write(
        der.SEQUENCE,
        write_identifier(issuer, answer.serial),
        _status(answer),
        der.write_generalized_time(answer.this_update_us),
        der.write(der.context(0), der.write_generalized_time(answer.next_update_us)),
    )


def _status(answer: OcspAnswer) -> bytes:
    if answer.revoked_at_us is not None:
        return der.write(der.context(1), der.write_generalized_time(answer.revoked_at_us))
    return UNKNOWN if answer.status is OcspStatus.UNKNOWN else GOOD
