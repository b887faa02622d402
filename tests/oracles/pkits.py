"""The collection PKITS of NIST as the package cryptography-vectors carries it.

Every case is a signed mail with the certificates of a path and their lists inside; the root is a file.
"""

from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

import pytest
import yaml
from asn1crypto import cms, parser
from asn1crypto import x509 as asn1_x509

TABLE = yaml.safe_load(Path(__file__).with_name("pkits.yaml").read_text(encoding="utf-8"))
DEVIATIONS = {name: group["reason"] for group in TABLE["deviations"] for name in group["cases"]}


def cases():
    """Return (section, case, whether it must be accepted) for every case that is asked."""
    return [
        (section["id"], name, expected == "accept")
        for section in TABLE["sections"]
        for expected in ("accept", "refuse")
        for name in section.get(expected, ())
    ]


def folder():
    """Return where the collection is; skip the test if it is not installed."""
    package = pytest.importorskip(
        "cryptography_vectors", reason="cryptography-vectors is not installed: extra `oracles`"
    )
    return Path(package.__file__).parent / "x509" / "PKITS_data"


@dataclass(frozen=True)
class Mail:
    """DER of what one case brings along."""

    holder: bytes
    intermediates: tuple[bytes, ...]
    lists: tuple[bytes, ...]


def read_mail(octets):
    """Read a signed mail: the signer's certificate is the holder, the others are the way up."""
    message = message_from_bytes(octets)
    p7s = next(part for part in message.walk() if part.get_content_type() == "application/pkcs7-signature")
    octets = p7s.get_payload(decode=True)
    signed = cms.ContentInfo.load(octets)["content"]
    certificates, lists = elements(signed["certificates"]), elements(signed["crls"])
    (signer,) = signed["signer_infos"]
    named = (signer["sid"].chosen["issuer"].dump(), signer["sid"].chosen["serial_number"].native)
    (holder,) = [der for der in certificates if issuer_and_serial(der) == named]
    return Mail(holder, tuple(der for der in certificates if der != holder), tuple(lists))


def elements(collection):
    """Return the octets of each element as they came: asn1crypto may write differently what it has read."""
    left, found = collection.contents, []
    while left:
        length = parser.peek(left)
        found.append(left[:length])
        left = left[length:]
    return found


def issuer_and_serial(der):
    certificate = asn1_x509.Certificate.load(der)
    return certificate.issuer.dump(), certificate.serial_number
