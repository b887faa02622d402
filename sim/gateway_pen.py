"""The gateway's signature in a world: made by the world's signer, verified by whoever receives a message."""

import hashlib
from dataclasses import dataclass

from actors.certificate import Credential
from actors.claims import SignatureClaim
from actors.envelopes import SignedDocument
from actors.gateway import Message
from actors.moments import whole_second
from actors.signing import Signer


@dataclass(frozen=True, slots=True)
class GatewayPen:
    """Signs for the gateway, and knows what its signatures claim."""

    credential: Credential
    signer: Signer

    @property
    def bin(self) -> str | None:
        """Return the number of the organisation that runs the gateway."""
        return self.credential.draft.bin

    def sign(self, octets: bytes, now_us: int) -> bytes | None:
        """Return the gateway's signature, None where signatures are not computed."""
        return self.signer.sign(octets, self.credential, now_us).signature

    def receipt(self, message: Message, at_us: int) -> SignedDocument:
        """Return the receipt of *message* as its receiver verifies it."""
        octets = message.receipt.octets
        claim = SignatureClaim(
            signed_sha256=hashlib.sha256(octets).digest(),
            signing_time_us=whole_second(at_us),
            signer=self.credential.draft,
        )
        return SignedDocument(octets, message.receipt.signature, claim)
