"""What is so about a public key, and which keys are strong enough."""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """The family of a key ("EC", "RSA", "other"), its *bits* (0 for "other"), curve and RSA exponent."""

    family: str
    bits: int
    curve: str | None
    exponent: int | None


OTHER_KEY = KeyFacts("other", 0, None, None)


def key_facts(key: CertificatePublicKeyTypes | None) -> KeyFacts:
    """Return the facts of *key*; of a national or unknown algorithm (None) they are those of "other"."""
    if isinstance(key, ec.EllipticCurvePublicKey):
        return KeyFacts("EC", key.key_size, key.curve.name, None)
    if isinstance(key, rsa.RSAPublicKey):
        return KeyFacts("RSA", key.key_size, None, key.public_numbers().e)
    return OTHER_KEY


def is_strong(key: CertificatePublicKeyTypes | None) -> bool:
    """Say whether signatures made with *key* are accepted: P-256, P-384, or RSA of 2048 bits and more."""
    if isinstance(key, ec.EllipticCurvePublicKey):
        return isinstance(key.curve, ec.SECP256R1 | ec.SECP384R1)
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size >= 2048 and key.public_numbers().e >= 65_537
    return False
