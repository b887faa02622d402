"""Test keys and serial numbers that follow from a seed and a label, the same in every run and process.

They protect nothing: whoever knows the seed knows every key. The seed is therefore separate from the
seed of a simulation, and every certificate made with it says TEST.

Source: RFC 2104 (HMAC); the reduction with 128 spare bits follows FIPS 186-5, A.2.1.
"""

import hmac

from cryptography.hazmat.primitives.asymmetric import ec

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def derive_p256(seed: bytes, label: str) -> ec.EllipticCurvePrivateKey:
    """Derive the P-256 private key of *label*."""
    number = int.from_bytes(_stream(seed, f"ec/{label}", 48), "big")
    return ec.derive_private_key(number % (P256_ORDER - 1) + 1, ec.SECP256R1())


def serial_number(seed: bytes, label: str) -> int:
    """Derive the certificate serial number of *label*: positive, 16 octets, the first one 0x40."""
    return int.from_bytes(b"\x40" + _stream(seed, f"serial/{label}", 15), "big")


def _stream(seed: bytes, label: str, length: int) -> bytes:
    blocks = (length + 31) // 32
    message = label.encode()
    return b"".join(
        hmac.digest(seed, message + b"/" + block.to_bytes(4, "big"), "sha256") for block in range(blocks)
    )[:length]
