"""Lists of revoked certificates as an authority signs them: full ones, and what changed since a full one.

A list's number is the second it was made in, so numbers grow with time and need no counter. A full list
says that there are deltas: OpenSSL looks for none otherwise. Nothing is ever fetched from the place it names,
which lies in a domain that cannot exist.

Source: RFC 5280, 5.1, 5.2.4 (deltas) and 5.2.6 (where they are); RFC 2606, 2 (the domain).
"""

from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from actors.certificate import Certificate
from actors.moments import SECOND_US, from_datetime, to_datetime


@dataclass(frozen=True, slots=True)
class Page:
    """What one issuer's books say at *start_us*, to be believed until *end_us*: serial -> moment."""

    issuer: Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)
    revoked_at_us: dict[int, int] = field(repr=False)
    start_us: int
    end_us: int


@dataclass(frozen=True, slots=True)
class Base:
    """The full list that a delta builds on, as read back: serial -> moment."""

    number: int
    start_us: int
    end_us: int
    revoked_at_us: dict[int, int] = field(repr=False)


def sign_list(page: Page) -> bytes:
    """Sign the full list of *page*, DER, its entries in the order of their serial numbers."""
    address = f"http://test-authority.invalid/{page.issuer.serial:x}/delta.crl"
    place = x509.DistributionPoint([x509.UniformResourceIdentifier(address)], None, None, None)
    return _sign(page, page.revoked_at_us, [_plain(x509.FreshestCRL([place]))])


def sign_delta(page: Page, base: Base) -> bytes:
    """Sign the entries of *page* that *base* lacks or dates otherwise, DER."""
    changed = {
        serial: when_us
        for serial, when_us in page.revoked_at_us.items()
        if base.revoked_at_us.get(serial) != when_us
    }
    indicator = x509.DeltaCRLIndicator(base.number)
    return _sign(page, changed, [x509.Extension(indicator.oid, critical=True, value=indicator)])


def read_base(crl: bytes) -> tuple[bytes, Base]:
    """Read back one of one's own full lists; return the issuer's DER name with it."""
    parsed = x509.load_der_x509_crl(crl)
    number = parsed.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    start_us = from_datetime(parsed.last_update_utc)
    end_us = from_datetime(parsed.next_update_utc or parsed.last_update_utc)
    entries = {entry.serial_number: from_datetime(entry.revocation_date_utc) for entry in parsed}
    return parsed.issuer.public_bytes(), Base(number, start_us, end_us, entries)


def _sign(page: Page, revoked: dict[int, int], more: list[x509.Extension[x509.ExtensionType]]) -> bytes:
    # The whole list goes to the constructor: adding entries one by one takes quadratic time.
    builder = x509.CertificateRevocationListBuilder(
        issuer_name=page.issuer.parsed.subject,
        last_update=to_datetime(page.start_us).replace(tzinfo=None),
        next_update=to_datetime(page.end_us).replace(tzinfo=None),
        extensions=[
            _plain(x509.AuthorityKeyIdentifier.from_issuer_public_key(page.key.public_key())),
            _plain(x509.CRLNumber(page.start_us // SECOND_US)),
            *more,
        ],
        revoked_certificates=[
            x509.RevokedCertificateBuilder(serial, to_datetime(when_us).replace(tzinfo=None)).build()
            for serial, when_us in sorted(revoked.items())
        ],
    )
    signed = builder.sign(page.key, hashes.SHA256(), ecdsa_deterministic=True)
    return signed.public_bytes(Encoding.DER)


def _plain(value: x509.ExtensionType) -> x509.Extension[x509.ExtensionType]:
    return x509.Extension(value.oid, critical=False, value=value)
