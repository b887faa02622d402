"""The authority's own keys and certificates: the root, the issuing generations below it, their responders.

A generation is told by the first octet of the serial numbers that it gives: 0x40 for the first, and so on.
"""

import datetime as dt
from dataclasses import dataclass, field
from functools import partial

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from actors.certificate import Certificate, CertificateDraft, Credential, PrivateKey
from actors.certificate_profile import (
    certificate_builder,
    sign_certificate,
    with_authority_usages,
    with_key_identifiers,
    with_responder_usages,
)
from actors.errors import ActorError, ValidityError
from actors.keys import KIND_FACTS, KeyKind, derive_p256, serial_number
from actors.moments import SECOND_US, from_datetime, to_datetime, whole_second
from actors.names import Name, name_of

MAX_GENERATIONS = 63  # as many first octets below 0x80 are left

_ROOT_NAME = "TEST НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (EC)"
_ISSUING_NAME = "TEST ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (EC)"
_RESPONDER_NAME = "TEST OCSP RESPONDER"
_ROOT_YEARS = 20
_ISSUING_YEARS = 10
_FIRST_OCTET = 0x40
# A responder's certificate is never checked for revocation, so it must not live long.
_RESPONDER_PERIOD_US = 30 * 86_400 * SECOND_US


class ProductionError(ActorError):
    """Say that a test authority was asked to serve in production."""

    sentence = "The keys of the test authority are public knowledge. It must not be used in production."


@dataclass(frozen=True, slots=True)
class Generation:
    """A certificate of the authority with its key; serial numbers that it gives begin with *first_octet*."""

    certificate: Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)
    first_octet: int


def make_root(seed: bytes, opened_us: int) -> Generation:
    """Make the root, signed by itself."""
    key = derive_p256(seed, "authority/root")
    end_us = _years_later(opened_us, _ROOT_YEARS)
    certificate = _certify(seed, _ROOT_NAME, key, key, (whole_second(opened_us), end_us))
    return Generation(certificate, key, _FIRST_OCTET)


def make_issuing(seed: bytes, root: Generation, opened_us: int, number: int) -> Generation:
    """Make the issuing generation *number*, from 1, with a name and a key of its own.

    Raises ValidityError if there have been too many.
    """
    if number > MAX_GENERATIONS:
        raise ValidityError
    suffix = "" if number == 1 else f" {number}"
    key = derive_p256(seed, f"authority/issuing{suffix.replace(' ', '/')}")
    end_us = min(_years_later(opened_us, _ISSUING_YEARS), root.certificate.not_after_us)
    period_us = (whole_second(opened_us), end_us)
    certificate = _certify(seed, _ISSUING_NAME + suffix, key, root.key, period_us)
    return Generation(certificate, key, _FIRST_OCTET + number - 1)


def responder_start_us(issuer: Generation, now_us: int) -> int:
    """Return since when the responder has its certificate that answers at *now_us*: they begin every 30 days.

    Raises ValidityError outside the generation's time.
    """
    born_us = issuer.certificate.not_before_us
    if not born_us <= whole_second(now_us) <= issuer.certificate.not_after_us:
        raise ValidityError
    return now_us - (now_us - born_us) % _RESPONDER_PERIOD_US


def make_responder(seed: bytes, issuer: Generation, start_us: int) -> Credential:
    """Make what a generation's answers are signed with from *start_us* on, for 60 days."""
    whole = issuer.certificate
    end_us = min(start_us + 2 * _RESPONDER_PERIOD_US, whole.not_after_us)
    label = f"ocsp/{whole.serial}/{start_us}"
    subject = name_of((NameOID.COMMON_NAME, _RESPONDER_NAME))
    draft = CertificateDraft(
        issuer=whole,
        issuer_name=whole.subject,
        serial=serial_number(seed, label, issuer.first_octet),
        common_name=_RESPONDER_NAME,
        iin=None,
        bin=None,
        purposes=frozenset(),
        roles=frozenset(),
        not_before_us=start_us,
        not_after_us=end_us,
        key=KIND_FACTS[KeyKind.P256],
        subject=subject.octets,
    )
    return Credential(draft, partial(_certify_responder, seed, issuer, draft, subject, label))


def _certify_responder(
    seed: bytes, issuer: Generation, draft: CertificateDraft, subject: Name, label: str
) -> tuple[PrivateKey, Certificate]:
    key = derive_p256(seed, label)
    builder = certificate_builder(
        subject=subject.build(),
        issuer=issuer.certificate.parsed.subject,
        public_key=key.public_key(),
        serial=draft.serial,
        period_us=(draft.not_before_us, draft.not_after_us),
    )
    builder = with_key_identifiers(builder, key.public_key(), issuer.key.public_key())
    return key, sign_certificate(with_responder_usages(builder), issuer.key)


def _certify(
    seed: bytes,
    name: str,
    key: ec.EllipticCurvePrivateKey,
    root_key: ec.EllipticCurvePrivateKey,
    period_us: tuple[int, int],
) -> Certificate:
    builder = certificate_builder(
        subject=name_of((NameOID.COMMON_NAME, name)).build(),
        issuer=name_of((NameOID.COMMON_NAME, _ROOT_NAME)).build(),
        public_key=key.public_key(),
        serial=serial_number(seed, f"authority/{name}/{period_us[0]}"),
        period_us=period_us,
    )
    builder = with_key_identifiers(builder, key.public_key(), root_key.public_key())
    builder = with_authority_usages(builder, path_length=1 if name == _ROOT_NAME else 0)
    return sign_certificate(builder, root_key)


def _years_later(opened_us: int, years: int) -> int:
    return from_datetime(to_datetime(opened_us) + dt.timedelta(days=365 * years))
