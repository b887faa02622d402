"""Make and verify signatures in one of three modes, and count what was really done.

In the mode ``real`` every signature is made and verified; in ``off`` none is, facts come from the books; in
``sampled`` a keyed share of the documents is real, with every first use of a certificate and everything that
is wrong on purpose. The decisions are the same ones in all three: whatever is real is held against the books,
and a difference ends the play.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from actors.cades import sign_detached
from actors.certificate import Certificate, CertificateCache, Credential
from actors.claims import ClaimedChains, SignatureClaim, agrees, claimed_facts
from actors.envelopes import SignedDocument
from actors.errors import ActorError, FormatError
from actors.facts import Facts
from actors.moments import whole_second
from actors.ocsp import OcspAnswer
from actors.revocation import RevocationList
from actors.signature_frame import SignatureFrames
from actors.signature_mode import SignatureMode
from actors.trust import TrustAnchors
from actors.validation import gather_facts, unreadable

__all__ = ["FactsDiffer", "Responder", "SignatureCounts", "SignatureMode", "Signer", "Verifier"]

Responder = Callable[[int, Certificate, int], OcspAnswer | None]
"""Ask for one certificate: serial number, its issuer, the moment; None if nobody answers."""


_ALGORITHMS = {"EC": "ecdsa-sha256", "RSA": "rsa-sha256"}


class FactsDiffer(ActorError):  # noqa: N818 - a finding about the harness
    """Say that a real signature is not what the books say of it: the harness itself is wrong."""

    sentence = "What a real signature shows is not what is known of it."


@dataclass(slots=True)
class SignatureCounts:
    """How many signatures were made, verified from their octets, and only computed from the books.

    *drawn* counts those made by chance alone, which stand for the computed ones: not the first use of a
    certificate, and nothing that is wrong on purpose.
    """

    made: int = 0
    drawn: int = 0
    verified: int = 0
    computed: int = 0


@dataclass(slots=True, repr=False)
class Signer:
    """Sign documents, or only note what the signature would be.

    *share* is the part of the documents that is real in the mode ``sampled``, chosen by *run_key* and never
    by a random stream of the simulation.
    """

    mode: SignatureMode = SignatureMode.REAL
    share: float = 1.0
    run_key: bytes = b""
    counts: SignatureCounts = field(default_factory=SignatureCounts)
    _frames: SignatureFrames = field(default_factory=SignatureFrames)
    _used: set[tuple[bytes, int]] = field(default_factory=set)

    def sign(
        self, octets: bytes, credential: Credential, signing_time_us: int, *, always_real: bool = False
    ) -> SignedDocument:
        """Return *octets* with a signature, or with the claim of one where the mode asks for no more.

        Raises FormatError, in every mode, for a key that is neither elliptic nor RSA.
        """
        family = credential.draft.key.family
        if family not in _ALGORITHMS:
            raise FormatError("key of the signer")
        digest = hashlib.sha256(octets).digest()
        claim = SignatureClaim(
            signed_sha256=digest,
            signing_time_us=whole_second(signing_time_us),
            signer=credential.draft,
            algorithm=_ALGORITHMS[family],
        )
        if not self.is_real(digest, credential, always_real=always_real):
            return SignedDocument(octets, None, claim)
        self.counts.made += 1
        return SignedDocument(octets, sign_detached(octets, credential, signing_time_us, self._frames), claim)

    def is_real(self, digest: bytes, credential: Credential, *, always_real: bool = False) -> bool:
        """Decide whether the signature over the octets with this SHA-256 *digest* is made in earnest."""
        if self.mode is not SignatureMode.SAMPLED:
            return self.mode is SignatureMode.REAL
        holder = (credential.draft.issuer_name, credential.draft.serial)
        first = holder not in self._used
        self._used.add(holder)
        if first or always_real:
            return True
        chance = int.from_bytes(hmac.digest(self.run_key, digest, "sha256")[:8], "big") / 2**64
        self.counts.drawn += chance < self.share
        return chance < self.share


@dataclass(slots=True, repr=False)
class Verifier:
    """One actor's means of verification: whom it trusts, what it knows about revocation.

    *responder* is asked where the lists do not speak for the moment. In the *mode* ``real`` a signature that
    was only claimed is none.
    """

    trust: TrustAnchors
    revocation: RevocationList | None = None
    responder: Responder | None = None
    mode: SignatureMode = SignatureMode.REAL
    counts: SignatureCounts = field(default_factory=SignatureCounts)
    cache: CertificateCache = field(default_factory=CertificateCache)
    _frames: SignatureFrames = field(default_factory=SignatureFrames)
    _chains: ClaimedChains = field(default_factory=ClaimedChains)

    def facts(
        self,
        document: SignedDocument,
        *,
        expected_iin: str | None = None,
        expected_bin: str | None = None,
        moment_us: int,
        checked_us: int | None = None,
    ) -> Facts:
        """Gather the facts about *document* as of its receipt at *moment_us*, checked at *checked_us*.

        Raises FactsDiffer if a real signature is not what its maker claims of it.
        """
        checked_us = moment_us if checked_us is None else checked_us
        expected = (expected_iin, expected_bin)
        self.counts.verified += document.signature is not None
        only_claimed = document.signature is None and document.claim is not None
        self.counts.computed += only_claimed and self.mode is not SignatureMode.REAL
        facts = self._facts(document, expected, moment_us, checked_us, self.revocation)
        known = self._asked(facts, checked_us)
        if known is None:
            return facts
        return self._facts(document, expected, moment_us, checked_us, known)

    def _facts(
        self,
        document: SignedDocument,
        expected: tuple[str | None, str | None],
        moment_us: int,
        checked_us: int,
        revocation: RevocationList | None,
    ) -> Facts:
        if document.signature is None:
            if document.claim is None or self.mode is SignatureMode.REAL:
                return unreadable(size_ok=True)
            return self._claimed(document, document.claim, expected, (moment_us, checked_us), revocation)
        found = gather_facts(
            document.octets,
            document.signature,
            self.trust,
            revocation,
            expected_iin=expected[0],
            expected_bin=expected[1],
            moment_us=moment_us,
            checked_us=checked_us,
            cache=self.cache,
            frames=self._frames,
        )
        claim = document.claim
        if claim is None or agrees(document.octets, claim, found, self._chains, self.trust):
            return found
        claimed = self._claimed(document, claim, expected, (moment_us, checked_us), revocation)
        if claimed != found:
            raise FactsDiffer(_difference(claimed, found))
        return found

    def _claimed(
        self,
        document: SignedDocument,
        claim: SignatureClaim,
        expected: tuple[str | None, str | None],
        moments_us: tuple[int, int],
        revocation: RevocationList | None,
    ) -> Facts:
        return claimed_facts(
            document.octets,
            claim,
            self.trust,
            revocation,
            expected_iin=expected[0],
            expected_bin=expected[1],
            moment_us=moments_us[0],
            checked_us=moments_us[1],
            chains=self._chains,
        )

    def _asked(self, facts: Facts, checked_us: int) -> RevocationList | None:
        """Ask the responder about the certificates of the path that no list speaks for.

        Return what is known with its answers; None if the lists speak for the whole path, or nobody answers.
        """
        signer = facts.certificate
        if (
            self.responder is None
            or signer is None
            or signer.issuer is None
            or signer.coverage_us is not None
        ):
            return None
        known = before = self.revocation or RevocationList({})
        for serial, issuer in _path(signer.serial, signer.issuer, self.trust):
            if known.coverage_us(issuer, serial, checked_us) is None:
                answer = self.responder(serial, issuer, checked_us)
                known = known if answer is None else known.with_answer(answer)
        return None if known is before else known


def _path(serial: int, issuer: Certificate, trust: TrustAnchors) -> Iterator[tuple[int, Certificate]]:
    """Return the serial numbers on the path below the root, each with the certificate that issued it."""
    ways = (way for way in trust.ways_from(issuer.subject) if way[0] == issuer)
    for one in next(ways, (issuer,)):
        yield serial, one
        serial = one.serial


def _difference(claimed: Facts, found: Facts) -> str:
    """Name the first field that differs; its value may be a personal number and is not told."""
    pairs: list[tuple[str, object, object]] = [
        (name, getattr(claimed, name), getattr(found, name)) for name in Facts.__dataclass_fields__
    ]
    if claimed.certificate is not None and found.certificate is not None:
        fields = type(found.certificate).__dataclass_fields__
        pairs = [pair for pair in pairs if pair[0] != "certificate"] + [
            (name, getattr(claimed.certificate, name), getattr(found.certificate, name)) for name in fields
        ]
    return next((name for name, ours, theirs in pairs if ours != theirs), "nothing")
