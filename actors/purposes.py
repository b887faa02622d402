"""What a certificate's holder may do, and the object identifiers that say so.

The identifier of an encryption key is not the national one, which was not to be had: it stands in the arc
2.999, which ITU-T X.660 sets aside for examples, so that nobody takes it for real.

Source: order of the acting Minister No. 383/NK of 13 October 2020 for the national identifiers; RFC 5280,
4.2.1.3 and 4.2.1.12.
"""

from enum import StrEnum

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

NATURAL_PERSON = "1.2.398.3.3.4.1.1"
LEGAL_ENTITY = "1.2.398.3.3.4.1.2"
ROLE_ROOT = "1.2.398.3.3.4."
TEST_ENCRYPTION = "2.999.398.1"


class Purpose(StrEnum):
    """What a key may be used for; ENCRYPT: others agree on keys with its holder, and it signs nothing."""

    SIGN = "SIGN"
    AUTH = "AUTH"
    ENCRYPT = "ENCRYPT"


class Role(StrEnum):
    """What a person or system may do in the name of an organisation."""

    HEAD = "head"
    SIGNATORY = "signatory"
    EMPLOYEE = "employee"
    SYSTEM = "system"


ROLE_OIDS = {
    Role.HEAD: "1.2.398.3.3.4.1.2.1",
    Role.SIGNATORY: "1.2.398.3.3.4.1.2.2",
    Role.EMPLOYEE: "1.2.398.3.3.4.1.2.5",
    Role.SYSTEM: "1.2.398.3.3.4.1.2.6",
}

PURPOSE_OIDS = {
    Purpose.SIGN: ExtendedKeyUsageOID.EMAIL_PROTECTION,
    Purpose.AUTH: ExtendedKeyUsageOID.CLIENT_AUTH,
    Purpose.ENCRYPT: x509.ObjectIdentifier(TEST_ENCRYPTION),
}


def permitted_purposes(usage: x509.KeyUsage | None) -> frozenset[Purpose]:
    """Return what the key usage extension permits; None, an absent one, permits nothing."""
    if usage is None:
        return frozenset()
    permitted = {
        Purpose.SIGN: usage.digital_signature and usage.content_commitment,
        Purpose.AUTH: usage.digital_signature,
        Purpose.ENCRYPT: usage.key_agreement,
    }
    return frozenset(purpose for purpose, is_permitted in permitted.items() if is_permitted)
