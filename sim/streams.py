"""Random streams by name: the same seed and name give the same numbers, whoever else draws.

A stream is named by what it is for, ``case/step/station``; so an event that happens earlier or an
additional case never shifts the draws of another.
"""

from dataclasses import dataclass, field
from hashlib import sha256

from numpy import frombuffer, uint32
from numpy.random import PCG64, Generator, SeedSequence

from conformance.errors import InputError


@dataclass(frozen=True, slots=True)
class Streams:
    """Give out random streams derived from one root seed."""

    seed: int
    _seed_words: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse a seed below zero: it names no stream."""
        if self.seed < 0:
            raise InputError("the seed", "", str(self.seed), "a whole number from 0 on")
        count = max(1, (self.seed.bit_length() + 31) // 32)
        words = (self.seed >> 32 * place & 0xFFFFFFFF for place in range(count))  # the lowest comes first
        object.__setattr__(self, "_seed_words", b"".join(word.to_bytes(4, "big") for word in words))

    def stream(self, name: str) -> Generator:
        """Return a fresh generator for *name*."""
        words = self._seed_words + sha256(name.encode()).digest()
        # The sequence of [seed, *words of the hash]; as an array it is taken as it is, which is a lot faster.
        return Generator(PCG64(SeedSequence(frombuffer(words, ">u4").astype(uint32))))

    def octets(self, name: str, length: int) -> bytes:
        """Return *length* octets for *name*: salts, nonces and tokens of synthetic people."""
        return self.stream(name).bytes(length)
