"""The parts that certificates of the test authority are put together from, and their signing.

Source: RFC 5280, 4.1 and 4.2; RFC 8813, 3 (key usage of elliptic curve keys); order of the acting Minister
No. 383/NK of 13 October 2020 (layout of subjects, policies).
"""

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.types import (
    CertificateIssuerPublicKeyTypes,
    CertificatePublicKeyTypes,
)
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from actors.certificate import Certificate, PrivateKey, read_certificate
from actors.errors import FormatError
from actors.moments import to_datetime
from actors.purposes import PURPOSE_OIDS, Purpose

# The last of each pair is an example of ours, as the identifier of encryption keys is.
PERSON_POLICIES = {
    Purpose.SIGN: "1.2.398.3.3.2.3",
    Purpose.AUTH: "1.2.398.3.3.2.4",
    Purpose.ENCRYPT: "2.999.398.2.2",
}
ORGANISATION_POLICIES = {
    Purpose.SIGN: "1.2.398.3.3.2.1",
    Purpose.AUTH: "1.2.398.3.3.2.2",
    Purpose.ENCRYPT: "2.999.398.2.1",
}

_USAGES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


def certificate_builder(
    *,
    subject: x509.Name,
    issuer: x509.Name,
    public_key: CertificatePublicKeyTypes,
    serial: int,
    period_us: tuple[int, int],
) -> x509.CertificateBuilder:
    """Return the builder of a certificate without any extension."""
    start, end = (to_datetime(moment_us).replace(tzinfo=None) for moment_us in period_us)
    return x509.CertificateBuilder(
        issuer_name=issuer,
        subject_name=subject,
        public_key=public_key,
        serial_number=serial,
        not_valid_before=start,
        not_valid_after=end,
    )


def with_key_identifiers(
    builder: x509.CertificateBuilder,
    own: CertificatePublicKeyTypes,
    issuer: CertificateIssuerPublicKeyTypes,
) -> x509.CertificateBuilder:
    """Add the identifiers of the holder's key and of the issuer's."""
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(own), critical=False)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer)
    return builder.add_extension(identifier, critical=False)


def with_authority_usages(builder: x509.CertificateBuilder, path_length: int) -> x509.CertificateBuilder:
    """Add what makes a certificate that of an authority."""
    constraints = x509.BasicConstraints(ca=True, path_length=path_length)
    builder = builder.add_extension(constraints, critical=True)
    return builder.add_extension(key_usage("key_cert_sign", "crl_sign"), critical=True)


def with_holder_usages(
    builder: x509.CertificateBuilder, usage: x509.KeyUsage, extended: tuple[str, ...], policy: str
) -> x509.CertificateBuilder:
    """Add both key usages and the policy of a holder's certificate."""
    builder = builder.add_extension(usage, critical=True)
    identifiers = [x509.ObjectIdentifier(oid) for oid in extended]
    builder = builder.add_extension(x509.ExtendedKeyUsage(identifiers), critical=False)
    policies = [x509.PolicyInformation(x509.ObjectIdentifier(policy), None)]
    return builder.add_extension(x509.CertificatePolicies(policies), critical=False)


def with_responder_usages(builder: x509.CertificateBuilder) -> x509.CertificateBuilder:
    """Add what makes a certificate that of an OCSP responder; nobody asks whether it is revoked itself."""
    builder = builder.add_extension(key_usage("digital_signature"), critical=True)
    extended = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING])
    return builder.add_extension(extended, critical=False).add_extension(x509.OCSPNoCheck(), critical=False)


def holder_usage(purpose: Purpose, family: str) -> x509.KeyUsage:
    """Return the key usage of *purpose* for a key of *family*; raise FormatError if it has none."""
    if purpose is Purpose.SIGN:
        return key_usage("digital_signature", "content_commitment")
    if purpose is Purpose.AUTH:
        # keyEncipherment, as the national profile has it, is something that only RSA keys can do.
        return key_usage("digital_signature", "key_encipherment" if family == "RSA" else "key_agreement")
    if family != "EC":
        raise FormatError("kind of key")
    return key_usage("key_agreement")


def extended_usage(purpose: Purpose, *others: str) -> tuple[str, ...]:
    """Return the object identifiers of the extended key usage."""
    return (PURPOSE_OIDS[purpose].dotted_string, *others)


def key_usage(*bits: str) -> x509.KeyUsage:
    """Return the key usage with these bits set, named as the library names them."""
    return x509.KeyUsage(**{name: name in bits for name in _USAGES})


def sign_certificate(
    builder: x509.CertificateBuilder,
    key: PrivateKey,
    algorithm: hashes.SHA256 | hashes.SHA224 | None = None,
) -> Certificate:
    """Sign with the deterministic nonce, over SHA-256 unless said otherwise."""
    digest = None if isinstance(key, ed25519.Ed25519PrivateKey) else algorithm or hashes.SHA256()
    deterministic = True if isinstance(key, ec.EllipticCurvePrivateKey) else None
    signed = builder.sign(key, digest, ecdsa_deterministic=deterministic)
    return read_certificate(signed.public_bytes(Encoding.DER))
