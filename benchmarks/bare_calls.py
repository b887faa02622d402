"""The bare calls ``key.sign`` and ``key.verify`` that a piece of work contains: counted, then timed alone."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import process_time
from typing import Any
from unittest.mock import patch

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from actors import cades, confidentiality
from actors.certificate import Certificate, Credential

_ECDSA = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)


@dataclass(slots=True)
class BareCalls:
    """The calls of one piece of work, with their keys and octets, and the CPU time they took there.

    *sealing_s* is that of sealing and opening messages: no signatures, yet work with keys as well.
    """

    signed: list[tuple[Any, bytes]] = field(default_factory=list)
    verified: list[tuple[Any, bytes, bytes]] = field(default_factory=list)
    in_place_s: float = 0.0
    sealing_s: float = 0.0

    def repeat_s(self) -> float:
        """Make the same calls again, nothing else, and return their CPU time."""
        started = process_time()
        for key, octets in self.signed:
            key.sign(octets, _ECDSA)
        for key, value, octets in self.verified:
            key.verify(value, octets, _ECDSA)
        return process_time() - started


def record(work: Callable[[], object]) -> BareCalls:
    """Do *work* once and return the calls to keys that it contained; their keys have to be on P-256."""
    calls = BareCalls()
    sign, verify = cades._sign_value, cades.signature_matches  # noqa: SLF001 - where the keys are used
    seal, open_sealed = confidentiality.seal, confidentiality.open_sealed

    def sign_recorded(credential: Credential, attributes: bytes) -> bytes:
        calls.signed.append((credential.key, attributes))
        started = process_time()
        value = sign(credential, attributes)
        calls.in_place_s += process_time() - started
        return value

    def verify_recorded(signed: cades.SignedData, certificate: Certificate) -> bool:
        calls.verified.append((certificate.public_key, signed.signature, signed.signed_attributes))
        started = process_time()
        matches = verify(signed, certificate)
        calls.in_place_s += process_time() - started
        return matches

    def timed(function: Callable[..., bytes]) -> Callable[..., bytes]:
        def call(*positional: Any, **named: Any) -> bytes:
            started = process_time()
            octets = function(*positional, **named)
            calls.sealing_s += process_time() - started
            return octets

        return call

    with (
        patch.object(cades, "_sign_value", sign_recorded),
        patch.object(cades, "signature_matches", verify_recorded),
        patch.object(confidentiality, "seal", timed(seal)),
        patch.object(confidentiality, "open_sealed", timed(open_sealed)),
    ):
        work()
    return calls
