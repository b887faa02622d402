"""Test keys and serial numbers that follow from a seed and a label, the same in every run and process.

They protect nothing: whoever knows the seed knows every key. The seed is therefore separate from the
seed of a simulation, and every certificate made with it says TEST.

An RSA key takes a quarter of a second or so of prime search. Ordinary holders therefore share a pool of them
under certificates of their own (see ``pool_label``).

Source: RFC 2104 (HMAC); the reduction with 128 spare bits follows FIPS 186-5, A.2.1; the primes follow
FIPS 186-5, A.1.3 (probable primes) and B.3.1 (Miller-Rabin), with the HMAC stream in place of random bits.
"""

import hmac
import math
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from actors.public_keys import OTHER_KEY, KeyFacts

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
SECP256K1_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
RSA_EXPONENT = 65_537
RSA_POOL = 64

_ROUNDS = 8  # FIPS 186-5, table B.1, asks for 5 at 1024-bit and 4 at 512-bit primes with an error of 2^-100
_SMALL_PRIMES = [n for n in range(3, 2_000, 2) if all(n % d for d in range(3, math.isqrt(n) + 1, 2))]
_PRODUCT_OF_SMALL_PRIMES = math.prod(_SMALL_PRIMES)

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


class KeyKind(StrEnum):
    """The kinds of keys that can be derived; an honest authority certifies the first two only."""

    P256 = "P-256"
    RSA_2048 = "RSA-2048"
    RSA_1024 = "RSA-1024"
    SECP256K1 = "secp256k1"
    ED25519 = "Ed25519"


HONEST_KINDS = (KeyKind.P256, KeyKind.RSA_2048)

KIND_FACTS = {
    KeyKind.P256: KeyFacts("EC", 256, "secp256r1", None),
    KeyKind.RSA_2048: KeyFacts("RSA", 2_048, None, RSA_EXPONENT),
    KeyKind.RSA_1024: KeyFacts("RSA", 1_024, None, RSA_EXPONENT),
    KeyKind.SECP256K1: KeyFacts("EC", 256, "secp256k1", None),
    KeyKind.ED25519: OTHER_KEY,
}


def derive_key(seed: bytes, label: str, kind: KeyKind) -> PrivateKey:
    """Derive the private key of *label*; keys of different kinds have nothing in common."""
    if kind is KeyKind.P256:
        return derive_p256(seed, label)
    if kind is KeyKind.SECP256K1:
        return _derive_ec(seed, f"secp256k1/{label}", SECP256K1_ORDER, ec.SECP256K1())
    if kind is KeyKind.ED25519:
        return ed25519.Ed25519PrivateKey.from_private_bytes(stream(seed, f"ed25519/{label}", 32))
    return derive_rsa(seed, label, KIND_FACTS[kind].bits)


def derive_p256(seed: bytes, label: str) -> ec.EllipticCurvePrivateKey:
    """Derive the P-256 private key of *label*."""
    return _derive_ec(seed, f"ec/{label}", P256_ORDER, ec.SECP256R1())


def derive_rsa(seed: bytes, label: str, bits: int) -> rsa.RSAPrivateKey:
    """Derive the RSA private key of *label*, of an even number of *bits*: the slow one."""
    p = _derive_prime(seed, f"rsa/{bits}/{label}/p", bits // 2, apart_from=0)
    q = _derive_prime(seed, f"rsa/{bits}/{label}/q", bits // 2, apart_from=p)
    p, q = max(p, q), min(p, q)
    d = pow(RSA_EXPONENT, -1, math.lcm(p - 1, q - 1))
    public = rsa.RSAPublicNumbers(RSA_EXPONENT, p * q)
    return rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), public).private_key()


def pool_label(seed: bytes, label: str) -> str:
    """Return the label of the RSA key that the holder *label* shares with others: one of a pool of 64."""
    return f"pool/{stream(seed, f'rsa-pool/{label}', 1)[0] % RSA_POOL}"


def serial_number(seed: bytes, label: str, first: int = 0x40) -> int:
    """Derive the certificate serial number of *label*: positive, 16 octets, the *first* one below 0x80."""
    return int.from_bytes(bytes((first,)) + stream(seed, f"serial/{label}", 15), "big")


def stream(seed: bytes, label: str, length: int) -> bytes:
    """Return *length* octets that follow from the seed and the label."""
    blocks = (length + 31) // 32
    message = label.encode()
    return b"".join(
        hmac.digest(seed, message + b"/" + block.to_bytes(4, "big"), "sha256") for block in range(blocks)
    )[:length]


def _derive_ec(seed: bytes, label: str, order: int, curve: ec.EllipticCurve) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(stream(seed, label, 48), "big")
    return ec.derive_private_key(number % (order - 1) + 1, curve)


def _derive_prime(seed: bytes, label: str, bits: int, *, apart_from: int) -> int:
    """Return the first candidate of the label's stream that is a prime fit for RSA."""
    highest = 0b11 << bits - 2  # both highest bits, so that the product has its full length
    number = 0
    while True:
        candidate = int.from_bytes(stream(seed, f"{label}/{number}", bits // 8), "big") | highest | 1
        number += 1
        fits = math.gcd(candidate - 1, RSA_EXPONENT) == 1 and abs(candidate - apart_from) >> bits - 100
        if fits and _is_probable_prime(candidate):
            return candidate


def _is_probable_prime(number: int) -> bool:
    if math.gcd(number, _PRODUCT_OF_SMALL_PRIMES) != 1:
        return False
    twos = ((number - 1) & -(number - 1)).bit_length() - 1
    odd = number >> twos
    octets = number.to_bytes((number.bit_length() + 7) // 8, "big")
    for at in range(_ROUNDS):
        base = int.from_bytes(stream(octets, f"witness/{at}", len(octets)), "big") % (number - 3) + 2
        power = pow(base, odd, number)
        if power in (1, number - 1):
            continue
        for _ in range(twos - 1):
            power = power * power % number
            if power == number - 1:
                break
        else:
            return False
    return True
