"""How knowledge about revocation reaches those who verify: lists twice a day, an answer where lists fail."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from actors.authority import LIST_LIFETIME_US, Authority
from actors.certificate import Certificate
from actors.moments import SECOND_US
from actors.ocsp import OcspAnswer, read_answer
from actors.revocation import Publication, RevocationList
from actors.signing import FactsDiffer, SignatureMode, Verifier
from actors.trust import TrustAnchors

STALE_US = 25 * 3_600_000_000
"""How old lists are that have not been fetched for a day: older than they say they hold."""


@dataclass(slots=True)
class RevocationService:
    """Bring lists and answers from the authority to the *verifiers*, unless something on the way is down."""

    authority: Authority
    verifiers: Sequence[Verifier]
    mode: SignatureMode
    lists_up: bool = True
    lists_fresh: bool = True
    responder_up: bool = True
    responder_knows: bool = True
    _full: Publication | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Let everybody who verifies ask here."""
        for verifier in self.verifiers:
            verifier.responder = self.ask

    def publish(self, now_us: int) -> None:
        """Publish the lists of *now_us* and give them to everybody who can fetch them."""
        known = self._known(now_us if self.lists_fresh else now_us - STALE_US)
        for verifier in self.verifiers:
            verifier.revocation = known if self.lists_up else None

    def trust_again(self) -> None:
        """Pin the authority's generations as they are now."""
        trust = TrustAnchors.of(self.authority)
        for verifier in self.verifiers:
            verifier.trust = trust

    def ask(self, serial: int, issuer: Certificate, now_us: int) -> OcspAnswer | None:
        """Answer about one certificate; None while the responder is down."""
        if not self.responder_up:
            return None
        lost = not self.responder_knows
        if self.mode is SignatureMode.OFF:
            return self.authority.answer(serial, issuer, now_us, books_lost=lost)
        octets = self.authority.answer_ocsp(serial, issuer, now_us, books_lost=lost)
        return read_answer(octets, self.verifiers[0].trust, moment_us=now_us)

    def _known(self, moment_us: int) -> RevocationList:
        """Return what the lists of *moment_us* say: a full one each day, what has changed in between.

        What is read has to be what stands in the books.
        """
        base = self._full
        if base is None or not SECOND_US <= moment_us - base.this_update_us < LIST_LIFETIME_US:
            base = None
        ledger = self.authority.ledger(moment_us, base=base)
        if base is None and self.lists_fresh:
            self._full = self.authority.publish(moment_us)
        if self.mode is SignatureMode.OFF:
            return ledger
        publication = (
            self.authority.publish(moment_us)
            if base is None
            else self.authority.publish_delta(base, moment_us)
        )
        read = RevocationList.read(publication, self.verifiers[0].trust)
        if read != ledger:
            raise FactsDiffer("lists of revoked certificates")
        return read
