"""The octets of a signature that follow from its signer's certificate: written once, used every time.

A frame puts a signature together, and takes one apart whose every octet is what the frame itself would have
put there. Anything else it leaves to the strict reader; so a frame saves time and decides nothing.

Source: RFC 5652, 5 (SignedData), RFC 5035, 3 (signing-certificate-v2), ETSI EN 319 122-1, 6.3 (profile).
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Self

from actors import der
from actors.errors import FormatError

if TYPE_CHECKING:
    from actors.certificate import Certificate

SIGNED_DATA = "1.2.840.113549.1.7.2"
DATA = "1.2.840.113549.1.7.1"
CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
SIGNING_TIME = "1.2.840.113549.1.9.5"
SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
SHA256 = "2.16.840.1.101.3.4.2.1"
ECDSA_SHA256 = "1.2.840.10045.4.3.2"
RSA_SHA256 = "1.2.840.113549.1.1.11"

DIRECTORY_NAME = der.context(4)
DATA_DETACHED = der.write(der.SEQUENCE, der.write_oid(DATA))
VERSION = der.write_integer(1)

_SHA256_ALGORITHM = der.write(der.SEQUENCE, der.write_oid(SHA256))
_ECDSA_ALGORITHM = der.write(der.SEQUENCE, der.write_oid(ECDSA_SHA256))
_RSA_ALGORITHM = der.write(der.SEQUENCE, der.write_oid(RSA_SHA256), der.write(der.NULL))
_SIGNED_DATA_OID = der.write_oid(SIGNED_DATA)
_DATA_HEAD = VERSION + der.write(der.SET, _SHA256_ALGORITHM) + DATA_DETACHED


def _attribute(oid: str, value: bytes) -> bytes:
    return der.write(der.SEQUENCE, der.write_oid(oid), der.write(der.SET, value))


# A SET OF is sorted by its octets. These four differ in their lengths already, in this order.
_CONTENT_TYPE = _attribute(CONTENT_TYPE, der.write_oid(DATA))
_UTC_TIME_OCTETS, _DIGEST_OCTETS = 15, 32
_TIME_HEAD = _attribute(SIGNING_TIME, bytes(_UTC_TIME_OCTETS))[:-_UTC_TIME_OCTETS]
_DIGEST = der.write(der.OCTET_STRING, bytes(_DIGEST_OCTETS))
_DIGEST_HEAD = _attribute(MESSAGE_DIGEST, _DIGEST)[:-_DIGEST_OCTETS]
_BEFORE_TIME = _CONTENT_TYPE + _TIME_HEAD

_MAX_MOULDS = 8
"""Values on P-256 have four lengths worth mentioning, those of RSA one."""
_MAX_LENGTHS = 16
"""How many octets the lengths around a value can take more than around an empty one; 7 in fact."""


class FramedSignature(NamedTuple):
    """What differs from signature to signature; *attributes* are the octets under the signature value."""

    attributes: bytes
    message_digest: bytes
    signing_time_us: int
    value: bytes


class _Mould(NamedTuple):
    """All octets of a signature of one length but its time, its message digest and its value."""

    start: bytes
    middle: bytes
    end: bytes


@dataclass(frozen=True, slots=True)
class SignatureFrame:
    """What all signatures of one certificate have in common; moulds are kept by the length of the whole."""

    _certificate_attribute: bytes = field(repr=False)
    _signer_head: bytes = field(repr=False)
    _data_head: bytes = field(repr=False)
    _algorithm: bytes = field(repr=False)
    _attributes_head: bytes = field(repr=False)
    _moulds: dict[int, _Mould] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, certificate: "Certificate") -> Self:
        """Return the frame of a certificate."""
        serial = der.write_integer(certificate.serial)
        names = der.write(der.SEQUENCE, der.write(DIRECTORY_NAME, certificate.issuer))
        digest = der.write(der.OCTET_STRING, certificate.sha256)
        identifier = der.write(der.SEQUENCE, digest, der.write(der.SEQUENCE, names, serial))
        identifiers = der.write(der.SEQUENCE, der.write(der.SEQUENCE, identifier))
        certificate_attribute = _attribute(SIGNING_CERTIFICATE_V2, identifiers)
        variable = bytes(_UTC_TIME_OCTETS + _DIGEST_OCTETS)
        attributes = der.write(der.SET, _BEFORE_TIME, _DIGEST_HEAD, variable, certificate_attribute)
        return cls(
            certificate_attribute,
            VERSION + der.write(der.SEQUENCE, certificate.issuer, serial) + _SHA256_ALGORITHM,
            _DATA_HEAD + der.write(der.context(0), certificate.der),
            _RSA_ALGORITHM if certificate.key.family == "RSA" else _ECDSA_ALGORITHM,
            attributes[: -len(_DIGEST_HEAD + variable + certificate_attribute)],
        )

    def attributes(self, message_digest: bytes, signing_time_us: int) -> bytes:
        """Return the attributes that are signed, for the hash of a document and a moment."""
        time = der.write_time(signing_time_us)
        if len(time) == _UTC_TIME_OCTETS:
            return self._attributes(message_digest, time)
        others = _CONTENT_TYPE, _DIGEST_HEAD + message_digest, self._certificate_attribute
        return der.write_set_of(der.SET, _attribute(SIGNING_TIME, time), *others)

    def put_together(self, attributes: bytes, value: bytes) -> bytes:
        """Return the whole signature around signed *attributes* and the signature *value* over them."""
        # The attributes stand there under the tag of their field, not of a set.
        algorithm = self._algorithm
        rest = b"".join(
            (self._signer_head, b"\xa0", attributes[1:], algorithm, der.write(der.OCTET_STRING, value))
        )
        data = der.write(der.SEQUENCE, self._data_head, der.write(der.SET, der.write(der.SEQUENCE, rest)))
        return der.write(der.SEQUENCE, _SIGNED_DATA_OID, der.write(der.context(0), data))

    def take_apart(self, p7s: bytes) -> FramedSignature | None:
        """Take apart what this frame puts together, with a time until 2049; None for anything else."""
        mould = self._moulds.get(len(p7s)) or self._mould(len(p7s))
        if mould is None or not p7s.startswith(mould.start):
            return None
        time_at = len(mould.start)
        middle_at = time_at + _UTC_TIME_OCTETS
        digest_at = middle_at + len(mould.middle)
        end_at = digest_at + _DIGEST_OCTETS
        if not p7s.startswith(mould.middle, middle_at) or not p7s.startswith(mould.end, end_at):
            return None
        time, digest = p7s[time_at:middle_at], p7s[digest_at:end_at]
        try:
            moment_us = der.read_time(der.read(time, der.UTC_TIME))
        except FormatError:
            return None
        value = p7s[end_at + len(mould.end) :]
        return FramedSignature(self._attributes(digest, time), digest, moment_us, value)

    def _attributes(self, message_digest: bytes, time: bytes) -> bytes:
        tail = self._certificate_attribute
        return b"".join((self._attributes_head, time, _DIGEST_HEAD, message_digest, tail))

    def _mould(self, length: int) -> _Mould | None:
        """Return the mould of a whole of *length* octets, None if no value makes one of that length."""
        attributes = self._attributes(bytes(_DIGEST_OCTETS), bytes(_UTC_TIME_OCTETS))
        # Longer values can only need longer lengths around them, by some octets at most.
        longest = length - len(self.put_together(attributes, b""))
        for value_octets in range(longest, max(longest - _MAX_LENGTHS, -1), -1):
            whole = self.put_together(attributes, bytes(value_octets))
            if len(whole) == length:
                break
        else:
            return None
        end = len(whole) - value_octets
        digest_at = whole.rindex(self._certificate_attribute) - _DIGEST_OCTETS
        middle_at = digest_at - len(_DIGEST_HEAD)
        mould = _Mould(
            whole[: middle_at - _UTC_TIME_OCTETS],
            whole[middle_at:digest_at],
            whole[digest_at + _DIGEST_OCTETS : end],
        )
        if len(self._moulds) >= _MAX_MOULDS:
            self._moulds.clear()
        self._moulds[length] = mould
        return mould


@dataclass(slots=True)
class SignatureFrames:
    """Remember the frames of the last *capacity* certificates."""

    capacity: int = 4_096
    _known: dict[bytes, tuple["Certificate", SignatureFrame]] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self._known)

    def of(self, certificate: "Certificate") -> SignatureFrame:
        """Return the frame of a certificate."""
        found = self._known.pop(certificate.der, None) or (certificate, SignatureFrame.of(certificate))
        self._known[certificate.der] = found  # at the end: the first one was not used for longest
        if len(self._known) > self.capacity:
            del self._known[next(iter(self._known))]
        return found[1]

    def take_apart(self, p7s: bytes) -> "tuple[Certificate, FramedSignature] | None":
        """Take apart a signature with a certificate that is known here; None for any other."""
        start = _inside(p7s, _inside(p7s, _inside(p7s, 0) + len(_SIGNED_DATA_OID))) + len(_DATA_HEAD)
        start = _inside(p7s, start)
        end = _inside(p7s, start)
        end += int.from_bytes(p7s[start + 2 : end])
        certificate_der = p7s[start:end]
        known = self._known.get(certificate_der)
        if known is None:
            return None
        certificate, frame = known
        found = frame.take_apart(p7s)
        return None if found is None else (certificate, found)


def _inside(octets: bytes, at: int) -> int:
    """Return where the contents of the element at *at* begin; past the end it does not matter where."""
    length = octets[at + 1] if at + 1 < len(octets) else 0
    return at + 2 + (length & 0x7F if length >= 0x80 else 0)
