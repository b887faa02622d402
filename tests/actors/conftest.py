"""A small world of keys and certificates for the tests of documents."""

import datetime as dt
from dataclasses import dataclass

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from actors.authority import Authority, Credential
from actors.cades import sign_detached
from actors.certificate import Purpose, Role, read_certificate
from actors.keys import derive_p256
from actors.revocation import RevocationList
from actors.trust import TrustAnchors
from actors.validation import ValidationPolicy, decide, gather_facts

SECOND = 1_000_000
DAY = 86_400 * SECOND
SEED = b"a seed for tests only"
DOCUMENT = b'{"typ":"egov.request.v1"}'
STRICT = ValidationPolicy()


@dataclass(frozen=True)
class Pki:
    """Two authorities of the same name, one trusted; a citizen and an organisation."""

    iin = "850704200017"
    bin = "121240000013"
    now_us = 1_358_229_600 * SECOND
    start_us = now_us - 30 * DAY
    end_us = now_us + 335 * DAY
    seed = SEED

    def __post_init__(self):
        opened_us = self.now_us - 400 * DAY
        put = object.__setattr__
        put(self, "authority", Authority(SEED, opened_us))
        put(self, "stranger", Authority(b"somebody else's " + SEED, opened_us))
        put(self, "trust", TrustAnchors.of(self.authority))

    def person(self, purpose=Purpose.SIGN, *, issuer=None, label="citizen", **changes):
        fields = {
            "iin": self.iin,
            "surname": "ТЕСТОВА",
            "given_name": "ҰЛЖАН",
            "purpose": purpose,
            "not_before_us": self.start_us,
            "not_after_us": self.end_us,
            "label": f"{label}/{purpose}",
        }
        return (issuer or self.authority).issue_person(**(fields | changes))

    def organisation(self, role=Role.HEAD, **changes):
        fields = {
            "bin": self.bin,
            "organisation": "Synthetic clinic",
            "role": role,
            "not_before_us": self.start_us,
            "not_after_us": self.end_us,
            "label": f"clinic/{role}",
        }
        return self.authority.issue_organisation(**(fields | changes))

    def revocation(self, now_us=None):
        return RevocationList.read(self.authority.publish(now_us or self.now_us), self.trust)

    def judge(self, credential=None, *, octets=DOCUMENT, policy=STRICT, at_us=None, **changes):
        """Sign and judge; what is checked against can be changed."""
        at_us = at_us or self.now_us
        p7s = changes.pop("p7s", None)
        arguments = {
            "trust": self.trust,
            "revocation": changes.pop("revocation", None) or self.revocation(at_us),
            "expected_iin": self.iin,
            "moment_us": at_us,
        } | changes
        p7s = sign_detached(DOCUMENT, credential or self.person(), at_us) if p7s is None else p7s
        return decide(gather_facts(octets, p7s, **arguments), policy, at_us)

    def odd(self, **changes):
        """Issue a certificate that the authority would not: any part of it can be changed."""
        return odd_certificate(self, **changes)


def odd_certificate(
    pki,
    *,
    key=None,
    issuer=None,
    issuer_key=None,
    hash_algorithm=None,
    subject=None,
    serial=77,
    usages=("digital_signature", "content_commitment"),
    extended=(ExtendedKeyUsageOID.EMAIL_PROTECTION,),
    extensions=(),
):
    key = key or derive_p256(SEED, "odd")
    issuer_key = issuer_key or derive_p256(SEED, "authority/issuing")
    builder = x509.CertificateBuilder(
        issuer_name=issuer or pki.authority.issuing.parsed.subject,
        subject_name=subject or person_name(("IIN" + pki.iin,)),
        public_key=key.public_key(),
        serial_number=serial,
        not_valid_before=moment(pki.start_us),
        not_valid_after=moment(pki.end_us),
    ).add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
    )
    if usages is not None:
        builder = builder.add_extension(key_usage(*usages), critical=True)
    if extended:
        builder = builder.add_extension(x509.ExtendedKeyUsage(extended), critical=False)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    elliptic = isinstance(issuer_key, ec.EllipticCurvePrivateKey)  # then the same octets, and so their number
    signed = builder.sign(issuer_key, hash_algorithm or hashes.SHA256(), ecdsa_deterministic=elliptic or None)
    return Credential.of(key, read_certificate(signed.public_bytes(Encoding.DER)))


def person_name(serial_numbers=(), units=(), common_name="TEST"):
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
            *(x509.NameAttribute(NameOID.SERIAL_NUMBER, number) for number in serial_numbers),
            *(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit) for unit in units),
        ]
    )


def key_usage(*bits):
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: name in bits for name in names})


def moment(moment_us):
    return dt.datetime.fromtimestamp(moment_us // SECOND, tz=dt.UTC).replace(tzinfo=None)


@pytest.fixture
def pki():
    return Pki()


@pytest.fixture(scope="session")
def shared_pki():
    """For tests that revoke nothing."""
    return Pki()
