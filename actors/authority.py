"""The certification authority: a root, generations of issuing authorities, holders' certificates, revocation.

Everything follows from a test seed, octet for octet, in any order of issue. The seed is not the
simulation's, and TEST stands in every common name: these keys protect nothing.

    authority = Authority(b"a seed for tests only", opened_us)
    credential = authority.issue_person(iin=iin, ...)   # nothing is derived or signed until it is asked for
    authority.roll_over(now_us)                          # a new key; what the old one signed stays good
    authority.revoke(credential.draft.serial, now_us)
    full = authority.publish(now_us)                     # once a day, say
    authority.publish_delta(full, later_us)              # in between
    authority.answer_ocsp(credential.draft.serial, credential.draft.issuer, later_us)

Source: RFC 5280; RFC 6960; order of the acting Minister No. 383/NK of 13 October 2020 (layout of subjects).
"""

from functools import partial

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from actors.applications import Application, organisation_application, person_application
from actors.books import Books, read_off
from actors.certificate import Certificate, CertificateDraft, Credential, PrivateKey, Purpose, Role
from actors.certificate_profile import (
    certificate_builder,
    holder_usage,
    sign_certificate,
    with_holder_usages,
    with_key_identifiers,
)
from actors.errors import FormatError, ValidityError
from actors.generations import (
    Generation,
    ProductionError,
    make_issuing,
    make_responder,
    make_root,
    responder_start_us,
)
from actors.keys import (
    KIND_FACTS,
    KeyKind,
    derive_key,
    derive_rsa,
    pool_label,
    serial_number,
)
from actors.list_signing import sign_delta, sign_list
from actors.moments import SECOND_US, whole_second
from actors.ocsp import OcspAnswer
from actors.responder import MALFORMED_REQUEST, UNAUTHORIZED, read_request, sign_answer
from actors.revocation import Publication, RevocationList

__all__ = ["Authority", "Credential", "KeyKind", "ProductionError", "Publication"]

LIST_LIFETIME_US = 24 * 3600 * SECOND_US
DELTA_LIFETIME_US = 2 * 3600 * SECOND_US
ANSWER_LIFETIME_US = 3600 * SECOND_US
MIN_SEED_OCTETS = 8


class Authority:
    """Issue, revoke, publish, answer, roll over.

    The root is valid for 20 years from *opened_us*, a generation for 10 from its beginning; it issues nothing
    that begins earlier or ends later. Moments are cut to whole seconds. Raises FormatError for a seed under
    eight octets, ProductionError if it is to serve in production.
    """

    def __init__(self, seed: bytes, opened_us: int, production: bool = False) -> None:
        if production:
            raise ProductionError
        if len(seed) < MIN_SEED_OCTETS:
            raise FormatError("seed of the test authority")
        self._seed = seed
        self._rsa_keys: dict[str, PrivateKey] = {}
        self._responders: dict[tuple[bytes, int], Credential] = {}
        root = make_root(seed, opened_us)
        self._books = Books(root, (make_issuing(seed, root, opened_us, 1),))

    @property
    def root(self) -> Certificate:
        """Return the root certificate."""
        return self._books.root.certificate

    @property
    def issuers(self) -> tuple[Certificate, ...]:
        """Return the certificates of all issuing generations, the oldest first."""
        return tuple(generation.certificate for generation in self._books.generations)

    @property
    def issuing(self) -> Certificate:
        """Return the certificate of the generation that issues now."""
        return self._books.generations[-1].certificate

    def issue_person(  # noqa: PLR0913 - the fields of the application form
        self,
        *,
        iin: str,
        surname: str,
        given_name: str,
        purpose: Purpose,
        not_before_us: int,
        not_after_us: int,
        label: str,
        key_kind: KeyKind = KeyKind.P256,
        issuer: Certificate | None = None,
    ) -> Credential:
        """Issue a natural person's credential; *label* names the key and is the same for the same key.

        *issuer* is the generation that signs, the newest if None. Raises FormatError for a name that is empty
        or too long, a key that is weak or unfit for the purpose, and an issuer that is no generation of this
        authority; ValidityError for a period outside the generation's own.
        """
        application = person_application(iin, surname, given_name, purpose, label, key_kind)
        return self._issue(application, (not_before_us, not_after_us), issuer)

    def issue_organisation(  # noqa: PLR0913 - the fields of the application form
        self,
        *,
        bin: str,  # noqa: A002 - the number's own name
        organisation: str,
        role: Role,
        not_before_us: int,
        not_after_us: int,
        label: str,
        person: str = "OFFICER",
        iin: str | None = None,
        purpose: Purpose = Purpose.SIGN,
        key_kind: KeyKind = KeyKind.P256,
        issuer: Certificate | None = None,
    ) -> Credential:
        """Issue the credential of one who acts for an organisation.

        *person* is who holds it, *iin* that person's number where it is to be in the certificate. With
        Purpose.ENCRYPT it is for documents sealed for the organisation. Raises as issue_person.
        """
        application = organisation_application(bin, organisation, role, person, iin, purpose, label, key_kind)
        return self._issue(application, (not_before_us, not_after_us), issuer)

    def issue_information_system(  # noqa: PLR0913 - the fields of the application form
        self,
        *,
        bin: str,  # noqa: A002 - the number's own name
        name: str,
        not_before_us: int,
        not_after_us: int,
        label: str,
        purpose: Purpose = Purpose.SIGN,
        key_kind: KeyKind = KeyKind.P256,
        issuer: Certificate | None = None,
    ) -> Credential:
        """Issue the credential of an organisation's system, such as a gateway; raise as issue_person."""
        application = organisation_application(bin, name, Role.SYSTEM, name, None, purpose, label, key_kind)
        return self._issue(application, (not_before_us, not_after_us), issuer)

    def roll_over(self, now_us: int) -> Certificate:
        """Begin a new issuing generation with a key and a name of its own, and return its certificate.

        What older ones signed stays good, and they go on publishing to their end. Raises ValidityError if
        *now_us* is earlier than the beginning of the generation before, or later than the root's end.
        """
        now_us = whole_second(now_us)
        if not self.issuing.not_before_us <= now_us <= self.root.not_after_us:
            raise ValidityError
        books = self._books
        new = make_issuing(self._seed, books.root, now_us, len(books.generations) + 1)
        books.generations = (*books.generations, new)
        return self.issuing

    def signing_credential(self, issuer: Certificate | None = None) -> Credential:
        """Return the key and certificate of a generation (the newest if None), to forge things with."""
        generation = self._books.generation(issuer)
        return Credential.of(generation.key, generation.certificate, self.root)

    def revoke(self, serial: int, when_us: int, issuer: Certificate | None = None) -> None:
        """Revoke a certificate from *when_us* on; of two revocations the earlier counts.

        Its *issuer* follows from the serial number, of one that was not issued here it is the newest
        generation. A generation's own serial number goes into the list of the root.
        """
        self._books.revoke(serial, when_us, issuer)

    def revoke_issuing(self, certificate: Certificate, when_us: int) -> None:
        """Revoke a generation from *when_us* on; raise FormatError if it is none."""
        self._books.revoke(self._books.generation(certificate).certificate.serial, when_us, self.root)

    def publish(self, now_us: int, lifetime_us: int = LIST_LIFETIME_US) -> Publication:
        """Sign the full lists of what is revoked at *now_us*; the next ones are due after *lifetime_us*.

        Raises ValidityError if the authority does not exist then.
        """
        root, *issuing = self._books.pages(now_us, lifetime_us)
        return Publication(
            root_crl=sign_list(root),
            issuing_crls=tuple(map(sign_list, issuing)),
            this_update_us=root.start_us,
            next_update_us=root.end_us,
        )

    def publish_delta(
        self, base: Publication, now_us: int, lifetime_us: int = DELTA_LIFETIME_US
    ) -> Publication:
        """Return the full lists of *base* with deltas of what has changed by *now_us*.

        A generation younger than *base* gets its first full list. Raises ValidityError as publish, and unless
        *now_us* is a second or more later than *base*.
        """
        pages = self._books.pages_since(base, now_us, lifetime_us)
        root, _ = pages[0]
        return Publication(
            root_crl=base.root_crl,
            issuing_crls=base.issuing_crls + tuple(sign_list(page) for page, old in pages if old is None),
            deltas=tuple(sign_delta(page, old) for page, old in pages if old is not None),
            this_update_us=root.start_us,
            next_update_us=root.end_us,
        )

    def ledger(
        self, now_us: int, lifetime_us: int | None = None, base: Publication | None = None
    ) -> RevocationList:
        """Return from the books what a verifier would read in the lists published at *now_us*.

        That is publish, or publish_delta if a *base* is given; nothing is signed. Raises as they do.
        """
        if base is not None:
            return read_off(self._books.pages_since(base, now_us, lifetime_us or DELTA_LIFETIME_US))
        pages = self._books.pages(now_us, lifetime_us or LIST_LIFETIME_US)
        return read_off([(page, None) for page in pages])

    def answer(
        self,
        serial: int,
        issuer: Certificate,
        now_us: int,
        lifetime_us: int = ANSWER_LIFETIME_US,
        *,
        books_lost: bool = False,
    ) -> OcspAnswer:
        """Say from the books what is so about a certificate at *now_us*; nothing is signed.

        It is unknown if its serial number cannot be of that issuer's making, or if the responder's books are
        lost. Raises FormatError for an issuer of another authority, ValidityError outside the issuer's time.
        """
        return self._books.answer(serial, issuer, now_us, lifetime_us, books_lost=books_lost)

    def answer_ocsp(
        self,
        serial: int,
        issuer: Certificate,
        now_us: int,
        lifetime_us: int = ANSWER_LIFETIME_US,
        *,
        books_lost: bool = False,
    ) -> bytes:
        """Return the same answer signed by the issuer's responder, DER; raise as answer."""
        answer = self.answer(serial, issuer, now_us, lifetime_us, books_lost=books_lost)
        return sign_answer(answer, issuer, self.responder(issuer, now_us))

    def respond(self, request: bytes, now_us: int, lifetime_us: int = ANSWER_LIFETIME_US) -> bytes:
        """Answer an OCSP request, DER; what cannot be read or concerns another authority is told so."""
        try:
            asked = read_request(request)
        except FormatError:
            return MALFORMED_REQUEST
        issuer = next((one for one in (self.root, *self.issuers) if asked.is_of(one)), None)
        if issuer is None:
            return UNAUTHORIZED
        return self.answer_ocsp(asked.serial, issuer, now_us, lifetime_us)

    def responder(self, issuer: Certificate, now_us: int) -> Credential:
        """Return what answers about certificates of *issuer* are signed with at *now_us*."""
        generation = self._books.root_or_generation(issuer)
        start_us = responder_start_us(generation, now_us)
        known = self._responders.get((issuer.subject, start_us))
        if known is None:
            known = self._responders[issuer.subject, start_us] = make_responder(
                self._seed, generation, start_us
            )
        return known

    def root_pem(self) -> bytes:
        """Return the root certificate as PEM: what a third party pins."""
        return self.root.pem()

    def trust_bundle_pem(self, publication: Publication) -> bytes:
        """Return the certificates of root and generations, and the full lists, as PEM.

        For ``openssl -CAfile``: it takes a delta for a full list unless told otherwise, so there are none.
        """
        full = (publication.root_crl, *publication.issuing_crls)
        lists = [x509.load_der_x509_crl(crl).public_bytes(Encoding.PEM) for crl in full]
        return b"".join((self.root.pem(), *(one.pem() for one in self.issuers), *lists))

    def _issue(
        self, application: Application, period_us: tuple[int, int], issuer: Certificate | None
    ) -> Credential:
        generation = self._books.generation(issuer)
        certificate = generation.certificate
        start_us, end_us = map(whole_second, period_us)
        if not certificate.not_before_us <= start_us <= end_us <= certificate.not_after_us:
            raise ValidityError
        label = f"holder/{application.digest}/{start_us}/{end_us}"
        draft = CertificateDraft(
            issuer=certificate,
            issuer_name=certificate.subject,
            serial=serial_number(self._seed, label, generation.first_octet),
            common_name=application.common_name,
            iin=application.iin,
            bin=application.bin,
            purposes=frozenset((application.purpose,)),
            roles=application.roles,
            not_before_us=start_us,
            not_after_us=end_us,
            key=KIND_FACTS[application.key_kind],
            subject=application.subject.octets,
        )
        return Credential(draft, partial(self._make, application, draft, generation))

    def _make(
        self, application: Application, draft: CertificateDraft, generation: Generation
    ) -> tuple[PrivateKey, Certificate]:
        key = self._holder_key(application)
        builder = certificate_builder(
            subject=application.subject.build(),
            issuer=generation.certificate.parsed.subject,
            public_key=key.public_key(),
            serial=draft.serial,
            period_us=(draft.not_before_us, draft.not_after_us),
        )
        builder = with_key_identifiers(builder, key.public_key(), generation.key.public_key())
        usage = holder_usage(application.purpose, draft.key.family)
        builder = with_holder_usages(builder, usage, application.extended, application.policy)
        return key, sign_certificate(builder, generation.key)

    def _holder_key(self, application: Application) -> PrivateKey:
        if application.key_kind is not KeyKind.RSA_2048:
            return derive_key(self._seed, f"holder/{application.label}", application.key_kind)
        label = pool_label(self._seed, application.label)
        if label not in self._rsa_keys:
            self._rsa_keys[label] = derive_rsa(self._seed, label, 2_048)
        return self._rsa_keys[label]
