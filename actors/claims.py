"""What is so about a signature by the books of whoever made it, so that facts need no octets.

A computed signature is not evidence of anything: it only takes the place of a real one where the real one
would cost time, and every real one is held against what is claimed of it.
"""

import hashlib
from dataclasses import dataclass, field, replace

from actors.certificate import Certificate, CertificateDraft
from actors.facts import CertificateFacts, Facts
from actors.moments import whole_second
from actors.revocation import RevocationList
from actors.trust import NO_CHAIN, Chain, TrustAnchors
from actors.validation import holder_facts, revocation_facts, unreadable

SHA256 = "sha256"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SignatureClaim:
    """What is so about one signature.

    *signed_sha256* is the hash of the octets at the time of signing. *signer* is what stands in the
    certificate inside the signature, None if there is none. The other fields say what is wrong with it; by
    default nothing is.
    """

    signed_sha256: bytes
    signing_time_us: int
    signer: CertificateDraft | None
    size_ok: bool = True
    format_ok: bool = True
    digest: str = SHA256
    algorithm: str = "ecdsa-sha256"
    value_ok: bool = True
    certificate_bound: bool = True

    @property
    def flawed(self) -> bool:
        """Say whether anything but the signer's certificate is wrong."""
        sound = self.size_ok and self.format_ok and self.value_ok and self.certificate_bound
        return not sound or self.digest != SHA256 or self.signer is None


@dataclass(slots=True)
class ClaimedChains:
    """Remember the ways from pinned authorities up to a root; there are a handful of them."""

    _trust: TrustAnchors | None = None
    _known: dict[bytes, Chain] = field(default_factory=dict)

    def below(self, draft: CertificateDraft, trust: TrustAnchors) -> Chain:
        """Return the chain that a certificate like *draft* has under *trust*."""
        if draft.issuer is None or draft.issuer.subject != draft.issuer_name:
            return NO_CHAIN  # a verifier looks for the issuer by the name that stands there
        if trust is not self._trust:
            self._trust, self._known = trust, {}
        chain = self._known.get(draft.issuer.sha256)
        if chain is None:
            chain = self._known[draft.issuer.sha256] = _chain_of(draft.issuer, trust)
        return chain if draft.sound or not chain.path else replace(chain, sound=False)


def claimed_facts(  # noqa: PLR0913 - as gather_facts
    octets: bytes,
    claim: SignatureClaim,
    trust: TrustAnchors,
    revocation: RevocationList | None,
    *,
    expected_iin: str | None = None,
    expected_bin: str | None = None,
    moment_us: int,
    checked_us: int | None = None,
    chains: ClaimedChains,
) -> Facts:
    """Return the facts that gather_facts finds in a real signature of which *claim* is true."""
    if not claim.size_ok or not claim.format_ok:
        return unreadable(size_ok=claim.size_ok)
    computable = claim.digest == SHA256
    return Facts(
        size_ok=True,
        format_ok=True,
        digest=claim.digest,
        algorithm=claim.algorithm,
        digest_equal=computable and claim.signed_sha256 == hashlib.sha256(octets).digest(),
        signature_ok=computable and claim.value_ok and claim.signer is not None,
        certificate_bound=claim.certificate_bound and claim.signer is not None,
        signing_time_us=whole_second(claim.signing_time_us),
        certificate=None
        if claim.signer is None
        else _certificate_facts(
            claim.signer,
            chains.below(claim.signer, trust),
            trust,
            revocation,
            (expected_iin, expected_bin),
            (moment_us, moment_us if checked_us is None else checked_us),
        ),
    )


def agrees(
    octets: bytes, claim: SignatureClaim, found: Facts, chains: ClaimedChains, trust: TrustAnchors
) -> bool:
    """Say at little cost that claimed_facts would be equal to *found*; False where that takes a closer look.

    Only for a claim of a faultless signature. What follows from revocation and from the moment is the same on
    both sides if certificate and chain are.
    """
    signer, certificate = claim.signer, found.certificate
    if signer is None or certificate is None or claim.flawed:
        return False
    chain = chains.below(signer, trust)
    return (
        found.signature_ok
        and found.certificate_bound
        and (found.digest, found.algorithm) == (claim.digest, claim.algorithm)
        and found.digest_equal == (claim.signed_sha256 == hashlib.sha256(octets).digest())
        and found.signing_time_us == whole_second(claim.signing_time_us)
        and chain.issuer is not None
        and certificate.issuer == chain.issuer
        and signer.issuer_name == chain.issuer.subject
        and certificate.path_sound == chain.sound
        and (certificate.serial, certificate.not_before_us, certificate.not_after_us)
        == (signer.serial, signer.not_before_us, signer.not_after_us)
        and (certificate.common_name, certificate.iin, certificate.bin)
        == (signer.common_name, signer.iin, signer.bin)
        and (certificate.key, certificate.purposes, certificate.roles)
        == (signer.key, signer.purposes, signer.roles)
    )


def _certificate_facts(  # noqa: PLR0913, PLR0917 - as gather_facts
    draft: CertificateDraft,
    chain: Chain,
    trust: TrustAnchors,
    revocation: RevocationList | None,
    expected: tuple[str | None, str | None],
    moments_us: tuple[int, int],
) -> CertificateFacts:
    moment_us, checked_us = map(whole_second, moments_us)
    known = revocation_facts(revocation, (draft.issuer_name, draft.serial), chain, trust, checked_us)
    return holder_facts(draft, chain, known, expected, moment_us)


def _chain_of(issuer: Certificate, trust: TrustAnchors) -> Chain:
    chains = [
        Chain(way, True, max(one.not_before_us for one in way), min(one.not_after_us for one in way))
        for way in trust.ways_from(issuer.subject)
        if way[0] == issuer
    ]
    return max(chains, key=lambda chain: chain.end_us, default=NO_CHAIN)
