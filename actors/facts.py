"""What is so about a signed document, whoever found it out: a reader of octets, or a simulation's books."""

from dataclasses import dataclass, field

from actors.certificate import Certificate, KeyFacts, Purpose, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """What is so about a signer's certificate.

    Moments are whole seconds in microseconds; the certificate is valid in its first and last second too.
    *issuer*: the pinned authority that signed it; *issuer_known*: there is one, valid at the moment in
    question. *path_sound*: its path obeys the rules of certificates. *coverage_us*: since when and until
    when what is known about revocation speaks for the whole path, None if it does not. *purposes*: what both
    key usage extensions permit. Numbers are None where the certificate has none or none is expected.
    """

    serial: int
    key: KeyFacts
    issuer: Certificate | None = field(repr=False)
    issuer_known: bool
    path_sound: bool
    not_before_us: int
    not_after_us: int
    revoked_at_us: int | None
    issuer_revoked_at_us: int | None
    coverage_us: tuple[int, int] | None
    purposes: frozenset[Purpose]
    roles: frozenset[Role]
    common_name: str | None = field(repr=False)
    iin: str | None = field(repr=False)
    bin: str | None = field(repr=False)
    expected_iin: str | None = field(repr=False)
    expected_bin: str | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is so about a signed document.

    Of a signature in no readable form nothing but *size_ok* and *format_ok* is known: the rest is False or
    None. *certificate* is None if the signer's is not inside or is unreadable. *digest* and *algorithm* are
    names such as ``sha256`` and ``ecdsa-sha256``. *certificate_bound*: the signature covers the certificate.
    *signing_time_us* is what the signer claims.
    """

    size_ok: bool
    format_ok: bool
    digest: str | None
    algorithm: str | None
    digest_equal: bool
    signature_ok: bool
    certificate_bound: bool
    signing_time_us: int | None
    certificate: CertificateFacts | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFacts:
    """What is so about a request apart from its signature; moments 0 where the envelope is unreadable.

    *is_account_holder*: it carries the number of the account it came through. *seen_before*: its nonce or its
    identifier was used by another request that could still be fresh.
    """

    size_ok: bool
    envelope_ok: bool
    iin_well_formed: bool
    is_account_holder: bool
    provider_competent: bool
    attachments_ok: bool
    issued_at_us: int
    expires_at_us: int
    seen_before: bool
