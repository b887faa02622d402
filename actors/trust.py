"""Whom a verifier trusts, and whether a certificate comes from there.

Issuers come from a pinned list only, never from a message: a message that brings its own could offer
hundreds of them and keep the verifier busy for ever. The ways from the pinned issuers up to a root are found
once, when the list is pinned; a message then costs a look at a table and one walk along a path.

Source: RFC 5280, 6.1 (path validation).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Protocol, Self

from actors.certificate import Certificate, CertificateCache, IssuerId, read_certificate
from actors.errors import FormatError
from actors.path_rules import Way, has_strong_hash, is_issued_by, is_sound

MAX_PINNED = 64
"""How many certificates can be pinned, roots and issuers together."""
MAX_DEPTH = 8
"""How many authorities a path may hold, the root among them."""
MAX_WAYS = 4
"""How many ways up to a root are kept for each pinned certificate, and tried for each holder."""


class CertificateIssuer(Protocol):
    """What is needed of an authority in order to trust it."""

    @property
    def root(self) -> Certificate:
        """Return the root certificate."""

    @property
    def issuers(self) -> tuple[Certificate, ...]:
        """Return the certificates of all its generations that sign the holders' ones."""


@dataclass(frozen=True, slots=True)
class TrustAnchors:
    """The pinned certificates: *roots* that are trusted, and the *issuers* below them.

    Raises FormatError for more of them than MAX_PINNED.
    """

    roots: tuple[Certificate, ...]
    issuers: tuple[Certificate, ...]
    _named: dict[bytes, tuple[Certificate, ...]] = field(init=False, repr=False, compare=False)
    _ways: dict[bytes, tuple[Way, ...]] = field(init=False, repr=False, compare=False)
    _keys: dict[IssuerId, tuple[IssuerId, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        pinned = tuple(dict.fromkeys((*self.issuers, *self.roots)))
        if len(pinned) > MAX_PINNED:
            raise FormatError("too many pinned certificates")
        ways = _find_ways(self.roots, pinned)
        for name, value in (
            ("_named", _by_subject(pinned)),
            ("_ways", {n: _flatten(ways, ones) for n, ones in _by_subject(pinned).items()}),
            ("_keys", _rolled_over(ways)),
        ):
            object.__setattr__(self, name, value)  # derived once from the two frozen fields

    @classmethod
    def of(cls, *authorities: CertificateIssuer) -> Self:
        """Trust these authorities, every generation of them that exists by now."""
        return cls(
            tuple(one.root for one in authorities),
            tuple(issuer for one in authorities for issuer in one.issuers),
        )

    def named(self, subject: bytes) -> tuple[Certificate, ...]:
        """Return the pinned certificates whose subject is the DER name *subject*."""
        return self._named.get(subject, ())

    def ways_from(self, subject: bytes) -> tuple[Way, ...]:
        """Return the ways up to a root that begin at an authority of the DER name *subject*."""
        return self._ways.get(subject, ())

    def keys_of(self, issuer: IssuerId) -> tuple[IssuerId, ...]:
        """Return the issuer with each of its keys: more than one if it rolled its key over under one name."""
        return self._keys.get(issuer, (issuer,))


@dataclass(frozen=True, slots=True)
class Chain:
    """The part of a certificate's path that no lapse of time changes.

    *path* holds the pinned authorities from the one that signed the certificate up to the root; it is empty
    if nobody pinned did. *sound* says that the path obeys RFC 5280. *start_us* and *end_us* bound the time in
    which all authorities on the path are valid.
    """

    path: Way
    sound: bool
    start_us: int
    end_us: int

    @property
    def issuer(self) -> Certificate | None:
        """Return the pinned certificate whose key signed the certificate, None if there is none."""
        return self.path[0] if self.path else None


NO_CHAIN = Chain((), sound=False, start_us=0, end_us=0)


def examine(
    der: bytes, trust: TrustAnchors, cache: CertificateCache | None = None
) -> tuple[Certificate, Chain]:
    """Read a certificate and find its chain, or remember both; raise FormatError as read_certificate does."""
    known = cache.get(der, trust) if cache is not None else None
    if known is None:
        certificate = read_certificate(der)
        known = (certificate, find_chain(certificate, trust))
        if cache is not None:
            cache.put(der, known)
    return known


def find_chain(certificate: Certificate, trust: TrustAnchors) -> Chain:
    """Return the path from *certificate* to a trusted root.

    Of several paths a sound one is taken, and of several such the one that holds longest. At most MAX_WAYS
    are compared, the first pinned and the shortest first.
    """
    chains = islice(_chains_of(certificate, trust), MAX_WAYS)
    return max(chains, key=lambda chain: (chain.sound, chain.end_us), default=NO_CHAIN)


def _chains_of(certificate: Certificate, trust: TrustAnchors) -> Iterator[Chain]:
    signed_by: dict[Certificate, bool] = {}
    for way in trust.ways_from(certificate.issuer):
        issuer = way[0]
        if not signed_by.get(issuer, True):
            continue
        start_us = max(one.not_before_us for one in way)
        end_us = min(one.not_after_us for one in way)
        # A sound path says that the issuer signed; only for an unsound one is that asked apart.
        sound = has_strong_hash(certificate) and is_sound(certificate, way, start_us)
        if issuer not in signed_by:
            signed_by[issuer] = sound or is_issued_by(certificate, issuer)
        if signed_by[issuer]:
            yield Chain(way, sound, start_us, end_us)


def _find_ways(roots: Way, pinned: Way) -> dict[Certificate, list[Way]]:
    """Walk down from the roots, the shortest ways first, to each certificate at most MAX_WAYS times."""
    ways: dict[Certificate, list[Way]] = {root: [(root,)] for root in roots}
    children = tuple(one for one in pinned if one not in ways)
    below = {one: _signed_by(one, children) for one in pinned}
    level: list[Way] = [(root,) for root in dict.fromkeys(roots)]
    for _ in range(MAX_DEPTH - 1):
        longer: list[Way] = []
        for way in level:
            for one in below[way[0]]:
                known = ways.setdefault(one, [])
                if one not in way and len(known) < MAX_WAYS:
                    known.append((one, *way))
                    longer.append((one, *way))
        level = longer
    return ways


def _rolled_over(ways: dict[Certificate, list[Way]]) -> dict[IssuerId, tuple[IssuerId, ...]]:
    """Bring together the keys of one name of which one signed a certificate for the other."""
    together: dict[IssuerId, dict[IssuerId, None]] = {}
    pairs = (pair for found in ways.values() for way in found for pair in pairwise(way))
    for below, above in pairs:
        if below.subject == above.subject:
            merged = {
                key: None
                for one in (above.as_issuer, below.as_issuer)
                for key in together.get(one, {one: None})
            }
            together.update(dict.fromkeys(merged, merged))
    return {one: tuple(keys) for one, keys in together.items()}


def _signed_by(issuer: Certificate, certificates: Way) -> Way:
    return tuple(one for one in certificates if one.issuer == issuer.subject and is_issued_by(one, issuer))


def _by_subject(pinned: Way) -> dict[bytes, Way]:
    names = dict.fromkeys(one.subject for one in pinned)
    return {name: tuple(one for one in pinned if one.subject == name) for name in names}


def _flatten(ways: dict[Certificate, list[Way]], certificates: Way) -> tuple[Way, ...]:
    return tuple(way for one in certificates for way in ways.get(one, ()))
