"""The certification authority: a root, an issuing authority, holders' certificates, lists of revoked ones.

Everything follows from a test seed, octet for octet, in any order of issue. The seed is not the
simulation's, and TEST stands in every common name: these keys protect nothing.

Source: RFC 5280; order of the acting Minister No. 383/NK of 13 October 2020 (layout of subjects).
"""

import datetime as dt
import hashlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from actors.certificate import (
    LEGAL_ENTITY,
    NATURAL_PERSON,
    PURPOSE_OIDS,
    ROLE_OIDS,
    Certificate,
    Credential,
    Purpose,
    Role,
    read_certificate,
    refuse_unreadable,
)
from actors.errors import FormatError, ValidityError
from actors.keys import derive_p256, serial_number
from actors.moments import SECOND_US, to_datetime, whole_second
from actors.revocation import Publication

__all__ = ["Authority", "Credential", "Publication"]

LIST_LIFETIME_US = 24 * 3600 * SECOND_US
MIN_SEED_OCTETS = 8
MAX_NAME_CHARACTERS = 64  # X.520, ub-common-name

_ROOT_NAME = "TEST НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (EC)"
_ISSUING_NAME = "TEST ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (EC)"
_ROOT_YEARS = 20
_ISSUING_YEARS = 10

_PERSON_POLICIES = {Purpose.SIGN: "1.2.398.3.3.2.3", Purpose.AUTH: "1.2.398.3.3.2.4"}
_ORGANISATION_POLICIES = {Purpose.SIGN: "1.2.398.3.3.2.1", Purpose.AUTH: "1.2.398.3.3.2.2"}


class Authority:
    """Issue, revoke, publish.

    *root* and *issuing* are the authority's own certificates, valid for 20 and 10 years from *opened_us*; it
    issues nothing that begins earlier or ends later. Moments are cut to whole seconds. Raises FormatError for
    a seed under eight octets.
    """

    def __init__(self, seed: bytes, opened_us: int) -> None:
        if len(seed) < MIN_SEED_OCTETS:
            raise FormatError("seed of the test authority")
        self._seed = seed
        self._revoked: dict[int, int] = {}
        self._root_key = derive_p256(seed, "authority/root")
        self._issuing_key = derive_p256(seed, "authority/issuing")
        self.root = self._own_certificate(_ROOT_NAME, self._root_key, opened_us, _ROOT_YEARS)
        self.issuing = self._own_certificate(_ISSUING_NAME, self._issuing_key, opened_us, _ISSUING_YEARS)

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
    ) -> Credential:
        """Issue a natural person's credential; *label* names the key and is the same for the same key.

        Raises FormatError for a name that is empty or too long, ValidityError for a period outside the
        authority's own.
        """
        subject = (
            (NameOID.COMMON_NAME, f"TEST {surname} {given_name}"),
            (NameOID.SURNAME, surname),
            (NameOID.GIVEN_NAME, given_name),
            (NameOID.SERIAL_NUMBER, f"IIN{iin}"),
        )
        profile = (NATURAL_PERSON, _PERSON_POLICIES[purpose])
        return self._issue(subject, purpose, profile, (not_before_us, not_after_us), label)

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
    ) -> Credential:
        """Issue the credential of one who acts for an organisation.

        *person* is who holds it, *iin* that person's number where it is to be in the certificate. Raises as
        issue_person.
        """
        subject = (
            (NameOID.COMMON_NAME, f"TEST {person}"),
            (NameOID.ORGANIZATION_NAME, organisation),
            (NameOID.ORGANIZATIONAL_UNIT_NAME, f"BIN{bin}"),
            *(((NameOID.SERIAL_NUMBER, f"IIN{iin}"),) if iin is not None else ()),
        )
        profile = (LEGAL_ENTITY, ROLE_OIDS[role], _ORGANISATION_POLICIES[purpose])
        return self._issue(subject, purpose, profile, (not_before_us, not_after_us), label)

    def issue_information_system(  # noqa: PLR0913 - the fields of the application form
        self,
        *,
        bin: str,  # noqa: A002 - the number's own name
        name: str,
        not_before_us: int,
        not_after_us: int,
        label: str,
        purpose: Purpose = Purpose.SIGN,
    ) -> Credential:
        """Issue the credential of an organisation's system, such as a gateway; raise as issue_person."""
        return self.issue_organisation(
            bin=bin,
            organisation=name,
            role=Role.SYSTEM,
            not_before_us=not_before_us,
            not_after_us=not_after_us,
            label=label,
            person=name,
            purpose=purpose,
        )

    def revoke(self, serial: int, when_us: int) -> None:
        """Revoke a certificate from *when_us* on; of two revocations the earlier counts.

        The issuing authority's own certificate can be revoked too: the root's list then holds it.
        """
        when_us = whole_second(when_us)
        self._revoked[serial] = min(when_us, self._revoked.get(serial, when_us))

    def publish(self, now_us: int, lifetime_us: int = LIST_LIFETIME_US) -> Publication:
        """Sign the lists of what is revoked at *now_us*; the next ones are due after *lifetime_us*.

        Raises ValidityError if the authority does not exist then.
        """
        now_us, next_us = whole_second(now_us), whole_second(now_us + lifetime_us)
        if not self.issuing.not_before_us <= now_us <= next_us <= self.issuing.not_after_us:
            raise ValidityError
        holders = {serial: when_us for serial, when_us in self._revoked.items() if when_us <= now_us}
        own_us = holders.pop(self.issuing.serial, None)
        own = {} if own_us is None else {self.issuing.serial: own_us}
        root_crl = _sign_list(self.root, self._root_key, own, now_us, next_us)
        issuing_crl = _sign_list(self.issuing, self._issuing_key, holders, now_us, next_us)
        return Publication(root_crl, issuing_crl, now_us, next_us)

    def root_pem(self) -> bytes:
        """Return the root certificate as PEM: what a third party pins."""
        return self.root.pem()

    def trust_bundle_pem(self, publication: Publication) -> bytes:
        """Return both authorities' certificates and lists as PEM, as ``openssl -CAfile`` takes them."""
        lists = [x509.load_der_x509_crl(crl).public_bytes(Encoding.PEM) for crl in publication]
        return b"".join((self.root.pem(), self.issuing.pem(), *lists))

    def _own_certificate(
        self, name: str, key: ec.EllipticCurvePrivateKey, opened_us: int, years: int
    ) -> Certificate:
        start = to_datetime(opened_us)
        builder = _builder(
            subject=_name((NameOID.COUNTRY_NAME, "KZ"), (NameOID.COMMON_NAME, name)),
            issuer=_name((NameOID.COUNTRY_NAME, "KZ"), (NameOID.COMMON_NAME, _ROOT_NAME)),
            keys=(key, self._root_key),
            serial=serial_number(self._seed, f"authority/{name}/{whole_second(opened_us)}"),
            period=(start, start + dt.timedelta(days=365 * years)),
        )
        constraints = x509.BasicConstraints(ca=True, path_length=1 if name == _ROOT_NAME else 0)
        builder = builder.add_extension(constraints, critical=True)
        builder = builder.add_extension(_key_usage("key_cert_sign", "crl_sign"), critical=True)
        return _sign(builder, self._root_key)

    def _issue(
        self,
        attributes: tuple[tuple[x509.ObjectIdentifier, str], ...],
        purpose: Purpose,
        profile: tuple[str, ...],
        period_us: tuple[int, int],
        label: str,
    ) -> Credential:
        start_us, end_us = map(whole_second, period_us)
        if not self.issuing.not_before_us <= start_us <= end_us <= self.issuing.not_after_us:
            raise ValidityError
        *usages, policy = profile
        key = derive_p256(self._seed, f"holder/{label}")
        subject = _name((NameOID.COUNTRY_NAME, "KZ"), *attributes)
        # Whatever differs in the certificate changes its serial number too.
        content = hashlib.sha256(subject.public_bytes() + "/".join((purpose, *profile, label)).encode())
        builder = _builder(
            subject=subject,
            issuer=self.issuing.parsed.subject,
            keys=(key, self._issuing_key),
            serial=serial_number(self._seed, f"holder/{content.hexdigest()}/{start_us}/{end_us}"),
            period=(to_datetime(start_us), to_datetime(end_us)),
        )
        builder = builder.add_extension(_key_usage(*_HOLDER_USAGES[purpose]), critical=True)
        extended = [PURPOSE_OIDS[purpose], *map(x509.ObjectIdentifier, usages)]
        builder = builder.add_extension(x509.ExtendedKeyUsage(extended), critical=False)
        policies = [x509.PolicyInformation(x509.ObjectIdentifier(policy), None)]
        builder = builder.add_extension(x509.CertificatePolicies(policies), critical=False)
        return Credential(key, _sign(builder, self._issuing_key))


_HOLDER_USAGES = {
    Purpose.SIGN: ("digital_signature", "content_commitment"),
    # The national profile has keyEncipherment here, which only RSA keys can do (RFC 8813, 3).
    Purpose.AUTH: ("digital_signature", "key_agreement"),
}


def _name(*attributes: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    if not all(1 <= len(text) <= MAX_NAME_CHARACTERS for _, text in attributes):
        raise FormatError("name of the holder")
    with refuse_unreadable("name of the holder"):
        # The library would count octets, and a name in Cyrillic has two for each character.
        name = x509.Name([x509.NameAttribute(oid, text, _validate=False) for oid, text in attributes])
        name.public_bytes()
    return name


def _builder(
    *,
    subject: x509.Name,
    issuer: x509.Name,
    keys: tuple[ec.EllipticCurvePrivateKey, ec.EllipticCurvePrivateKey],
    serial: int,
    period: tuple[dt.datetime, dt.datetime],
) -> x509.CertificateBuilder:
    own, signing = (key.public_key() for key in keys)
    return x509.CertificateBuilder(
        issuer_name=issuer,
        subject_name=subject,
        public_key=own,
        serial_number=serial,
        not_valid_before=period[0].replace(tzinfo=None),
        not_valid_after=period[1].replace(tzinfo=None),
        extensions=[
            _extension(x509.SubjectKeyIdentifier.from_public_key(own)),
            _extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing)),
        ],
    )


def _extension(value: x509.ExtensionType) -> x509.Extension[x509.ExtensionType]:
    return x509.Extension(value.oid, critical=False, value=value)


def _key_usage(*bits: str) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: name in bits for name in names})


def _sign(builder: x509.CertificateBuilder, key: ec.EllipticCurvePrivateKey) -> Certificate:
    signed = builder.sign(key, hashes.SHA256(), ecdsa_deterministic=True)
    return read_certificate(signed.public_bytes(Encoding.DER))


def _sign_list(
    issuer: Certificate,
    key: ec.EllipticCurvePrivateKey,
    revoked: dict[int, int],
    now_us: int,
    next_us: int,
) -> bytes:
    # The whole list goes to the constructor: adding entries one by one takes quadratic time.
    builder = x509.CertificateRevocationListBuilder(
        issuer_name=issuer.parsed.subject,
        last_update=to_datetime(now_us).replace(tzinfo=None),
        next_update=to_datetime(next_us).replace(tzinfo=None),
        extensions=[
            _extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())),
            _extension(x509.CRLNumber(now_us // SECOND_US)),
        ],
        revoked_certificates=[
            x509.RevokedCertificateBuilder(serial, to_datetime(when_us).replace(tzinfo=None)).build()
            for serial, when_us in sorted(revoked.items())
        ],
    )
    signed = builder.sign(key, hashes.SHA256(), ecdsa_deterministic=True)
    return signed.public_bytes(Encoding.DER)
