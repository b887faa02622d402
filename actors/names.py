"""Distinguished names of the test authority's certificates, all of them in the country KZ.

Their octets are written here, since the serial number of a certificate follows from them; the library's
object, which costs several times as much, is built when a certificate is.

Source: RFC 5280, 4.1.2.4 and appendix A.1 (string types, lengths in characters).
"""

import warnings
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.x509.oid import NameOID

from actors import der
from actors.errors import FormatError

MAX_CHARACTERS = 64  # X.520, ub-common-name

_UTF8_STRING = 0x0C
_PRINTABLE_STRING = 0x13
_PRINTABLE = frozenset((NameOID.COUNTRY_NAME, NameOID.SERIAL_NUMBER))
_KINDS = (
    NameOID.COUNTRY_NAME,
    NameOID.COMMON_NAME,
    NameOID.SURNAME,
    NameOID.GIVEN_NAME,
    NameOID.SERIAL_NUMBER,
    NameOID.ORGANIZATION_NAME,
    NameOID.ORGANIZATIONAL_UNIT_NAME,
)
_IDENTIFIERS = {oid: der.write_oid(oid.dotted_string) for oid in _KINDS}

Attribute = tuple[x509.ObjectIdentifier, str]


@dataclass(frozen=True, slots=True)
class Name:
    """A name and its DER."""

    attributes: tuple[Attribute, ...] = field(repr=False)
    octets: bytes = field(repr=False)

    def build(self) -> x509.Name:
        """Return the library's object."""
        # The library would count octets, and a name in Cyrillic has two for each character.
        with warnings.catch_warnings(action="ignore"):
            return x509.Name([x509.NameAttribute(*one, _validate=False) for one in self.attributes])


def name_of(*attributes: Attribute) -> Name:
    """Return the name with the country and these attributes, in this order.

    Raises FormatError if one of them is empty, too long or cannot be written.
    """
    if not all(1 <= len(text) <= MAX_CHARACTERS for _, text in attributes):
        raise FormatError("name of the holder")
    everything = ((NameOID.COUNTRY_NAME, "KZ"), *attributes)
    try:
        octets = der.write(der.SEQUENCE, *(_write(oid, text) for oid, text in everything))
    except UnicodeEncodeError:
        raise FormatError("name of the holder") from None
    return Name(everything, octets)


def _write(oid: x509.ObjectIdentifier, text: str) -> bytes:
    tag, encoding = (_PRINTABLE_STRING, "ascii") if oid in _PRINTABLE else (_UTF8_STRING, "utf-8")
    value = der.write(tag, text.encode(encoding))
    return der.write(der.SET, der.write(der.SEQUENCE, _IDENTIFIERS[oid], value))
