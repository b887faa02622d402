"""The authority's books: its generations, what is revoked, and what follows for lists and answers."""

from dataclasses import dataclass, field

from actors.certificate import Certificate
from actors.errors import FormatError, ValidityError
from actors.generations import Generation
from actors.list_signing import Base, Page, read_base
from actors.moments import whole_second
from actors.ocsp import OcspAnswer, OcspStatus
from actors.revocation import IssuerList, Publication, RevocationList


@dataclass(slots=True)
class Books:
    """A root, its issuing generations (the oldest first), and what each of them revoked."""

    root: Generation
    generations: tuple[Generation, ...]
    _revoked: dict[bytes, dict[int, int]] = field(default_factory=dict, repr=False)

    def generation(self, certificate: Certificate | None) -> Generation:
        """Return the generation with this certificate, the newest for None; raise FormatError if none has."""
        if certificate is None:
            return self.generations[-1]
        found = next((one for one in self.generations if one.certificate == certificate), None)
        if found is None:
            raise FormatError("issuer")
        return found

    def root_or_generation(self, certificate: Certificate) -> Generation:
        """Return the root if the certificate is its own; else as generation."""
        return self.root if certificate == self.root.certificate else self.generation(certificate)

    def issuer_of(self, serial: int) -> Certificate | None:
        """Return whose serial numbers look like this one, None if nobody's here do."""
        if any(serial == one.certificate.serial for one in self.generations):
            return self.root.certificate
        return next((one.certificate for one in self.generations if serial >> 120 == one.first_octet), None)

    def revoke(self, serial: int, when_us: int, issuer: Certificate | None) -> None:
        """Enter a revocation; the earlier of two counts, and None stands for the likely issuer."""
        if issuer is None:
            issuer = self.issuer_of(serial) or self.generations[-1].certificate
        when_us = whole_second(when_us)
        revoked = self._revoked.setdefault(self.root_or_generation(issuer).certificate.subject, {})
        revoked[serial] = min(when_us, revoked.get(serial, when_us))

    def pages(self, now_us: int, lifetime_us: int) -> list[Page]:
        """Return what the root (first) and the generations publish; an old one does so until its end.

        Raises ValidityError if the authority does not exist then or not until the next publication.
        """
        now_us, next_us = whole_second(now_us), whole_second(now_us + lifetime_us)
        end_us = self.generations[-1].certificate.not_after_us
        if not self.root.certificate.not_before_us <= now_us <= next_us <= end_us:
            raise ValidityError
        return [
            Page(one.certificate, one.key, self._revoked_by(one, now_us), now_us, min(next_us, last_us))
            for one in (self.root, *self.generations)
            if one.certificate.not_before_us <= now_us <= (last_us := one.certificate.not_after_us)
        ]

    def pages_since(self, base: Publication, now_us: int, lifetime_us: int) -> list[tuple[Page, Base | None]]:
        """Return the pages with the full lists of *base*, None for a younger generation.

        Raises ValidityError as pages, and unless *now_us* is a second or more later than *base*.
        """
        pages = self.pages(now_us, lifetime_us)
        if pages[0].start_us <= base.this_update_us:
            raise ValidityError
        bases = dict(map(read_base, (base.root_crl, *base.issuing_crls)))
        return [(page, bases.get(page.issuer.subject)) for page in pages]

    def answer(
        self, serial: int, issuer: Certificate, now_us: int, lifetime_us: int, *, books_lost: bool
    ) -> OcspAnswer:
        """Say what is so about one certificate; see Authority.answer."""
        generation = self.root_or_generation(issuer)
        start_us, end_us = whole_second(now_us), whole_second(now_us + lifetime_us)
        if not issuer.not_before_us <= start_us <= issuer.not_after_us:
            raise ValidityError
        revoked_at_us = self._entries(generation).get(serial)
        if books_lost or (revoked_at_us is not None and revoked_at_us > start_us):
            revoked_at_us = None
        status = OcspStatus.GOOD if revoked_at_us is None else OcspStatus.REVOKED
        if books_lost or (revoked_at_us is None and self.issuer_of(serial) != issuer):
            status = OcspStatus.UNKNOWN
        end_us = min(end_us, issuer.not_after_us)
        return OcspAnswer(issuer.as_issuer, serial, status, revoked_at_us, start_us, end_us)

    def _entries(self, one: Generation) -> dict[int, int]:
        return self._revoked.get(one.certificate.subject, {})

    def _revoked_by(self, one: Generation, now_us: int) -> dict[int, int]:
        return {serial: when_us for serial, when_us in self._entries(one).items() if when_us <= now_us}


def read_off(pages: list[tuple[Page, Base | None]]) -> RevocationList:
    """Return what a verifier reads in the lists of these pages."""
    return RevocationList({page.issuer.as_issuer: _entry(page, base) for page, base in pages})


def _entry(page: Page, base: Base | None) -> IssuerList:
    period = (page.start_us, page.end_us)
    periods = (period,) if base is None else (period, (base.start_us, base.end_us))
    return IssuerList(periods, page.revoked_at_us)
