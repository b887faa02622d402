"""Which signatures of a play are real, and what was found of them."""

import hashlib

import msgspec

from actors.signing import SignatureMode, Signer
from conformance.errors import InputError

__all__ = ["SignatureChoice", "SignatureMode"]


class SignatureChoice(msgspec.Struct, frozen=True, kw_only=True):
    """The mode of a run; *share* is the part that is real in the mode ``sampled``.

    Raises InputError for a share outside 0 to 1.
    """

    mode: SignatureMode = SignatureMode.REAL
    share: float = 0.05

    def __post_init__(self) -> None:
        """Refuse a share that is none."""
        if not 0 <= self.share <= 1:
            raise InputError("--share", "", str(self.share), "a number from 0 to 1")

    def signer(self, seed: int) -> Signer:
        """Return a signer whose sample follows from *seed* and from no random stream of the simulation."""
        run_key = hashlib.sha256(b"sample of signatures/%d" % seed).digest()
        return Signer(mode=self.mode, share=self.share, run_key=run_key)
