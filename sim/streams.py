"""Random streams by name: the same seed and name give the same numbers, whoever else draws.

A stream is named by what it is for, ``case/step/station``; so an event that happens earlier or an
additional case never shifts the draws of another.
"""

from dataclasses import dataclass
from hashlib import sha256

from numpy.random import PCG64, Generator, SeedSequence

from conformance.errors import InputError


@dataclass(frozen=True, slots=True)
class Streams:
    """Give out random streams derived from one root seed."""

    seed: int

    def __post_init__(self) -> None:
        """Refuse a seed below zero: it names no stream."""
        if self.seed < 0:
            raise InputError("the seed", "", str(self.seed), "a whole number from 0 on")

    def stream(self, name: str) -> Generator:
        """Return a fresh generator for *name*."""
        digest = sha256(name.encode()).digest()
        words = [int.from_bytes(digest[i : i + 4], "big") for i in range(0, 32, 4)]
        return Generator(PCG64(SeedSequence([self.seed, *words])))

    def octets(self, name: str, length: int) -> bytes:
        """Return *length* octets for *name*: salts, nonces and tokens of synthetic people."""
        return self.stream(name).bytes(length)
