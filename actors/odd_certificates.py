"""Certificates that no honest authority issues, for those who must refuse them.

Each is made after a *model*, an ordinary credential, and is like it but for one thing; its draft says what is
so about it. An *issuer* is what Authority.signing_credential returns. Serial numbers begin with the octet
0x20, so that no OCSP responder knows them. Nothing is derived or signed before it is asked for.

SHA-1 is missing: the library signs nothing with it any more, so SHA-224, which is not accepted either, stands
for hashes that are too short.

Source: RFC 5280, 4.2 and 6.1 (what makes each of them wrong).
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from actors.certificate import Certificate, CertificateDraft, Credential, PrivateKey, Purpose
from actors.certificate_profile import certificate_builder, key_usage, sign_certificate
from actors.keys import KIND_FACTS, KeyKind, derive_key
from actors.purposes import PURPOSE_OIDS, permitted_purposes

WEAK_KINDS = (KeyKind.RSA_1024, KeyKind.SECP256K1, KeyKind.ED25519)

Extensions = list[x509.Extension[x509.ExtensionType]]

_FIRST_OCTET = b"\x20"
_UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999.398.3"), b"\x05\x00")


def with_weak_key(issuer: Credential, model: Credential, kind: KeyKind) -> Credential:
    """Certify a key of one of WEAK_KINDS; the chain is in order."""
    draft = _draft(model, f"key/{kind}", issuer, key=KIND_FACTS[kind])
    key = partial(derive_key, b"weak keys of tests", f"odd/{draft.serial}", kind)
    return _Recipe(draft, model, issuer, key=key).credential()


def self_signed(model: Credential) -> Credential:
    """Certify a holder's key with that key itself, in the holder's own name."""
    draft = _disowned(model, "self", model)
    return _Recipe(draft, model, model).credential()


def by_stranger(stranger: Credential, model: Credential) -> Credential:
    """Certify by an authority that verifiers do not know, such as one of the same name with another key."""
    return _Recipe(_draft(model, "stranger", stranger), model, stranger).credential()


def by_citizen(citizen: Credential, model: Credential) -> Credential:
    """Certify by the key of a mere holder."""
    return _Recipe(_disowned(model, "citizen", citizen), model, citizen).credential()


def with_authority_flag(issuer: Credential, model: Credential) -> Credential:
    """Certify a holder as if an authority (CA:TRUE)."""
    constraints = x509.BasicConstraints(ca=True, path_length=None)
    return _unsound(issuer, model, "CA", lambda extensions: [*extensions, _critical(constraints)])


def without_issuer_key_identifier(issuer: Credential, model: Credential) -> Credential:
    """Certify without the identifier of the issuer's key."""
    return _unsound(issuer, model, "no AKI", partial(_without, x509.AuthorityKeyIdentifier))


def without_key_usage(issuer: Credential, model: Credential) -> Credential:
    """Certify without saying what the key is for; only the extended key usage says it."""
    change = partial(_without, x509.KeyUsage)
    return _unsound(issuer, model, "no usage", change, purposes=frozenset[Purpose]())


def with_unknown_extension(issuer: Credential, model: Credential) -> Credential:
    """Certify with a critical extension that nobody understands."""
    return _unsound(issuer, model, "unknown", lambda extensions: [*extensions, _critical(_UNKNOWN)])


def with_usages(
    issuer: Credential, model: Credential, bits: Sequence[str], purposes: Sequence[Purpose]
) -> Credential:
    """Certify other usages: *bits* of the key usage, *purposes* of the extended one, beside the roles."""
    usage = key_usage(*bits)
    mark = f"usages/{','.join(bits)}/{','.join(purposes)}"
    permitted = frozenset(purposes) & permitted_purposes(usage)
    draft = _draft(model, mark, issuer, purposes=permitted)
    return _Recipe(draft, model, issuer, change=partial(_with_usages, usage, purposes)).credential()


def with_short_hash(issuer: Credential, model: Credential) -> Credential:
    """Certify over a hash that is not accepted; to a verifier it is as if nobody known had signed."""
    return _Recipe(_disowned(model, "SHA-224", issuer), model, issuer, algorithm=hashes.SHA224()).credential()


@dataclass(frozen=True, slots=True)
class _Recipe:
    """How to make a certificate: whose key signs, what is changed in the model's extensions, which key."""

    draft: CertificateDraft
    model: Credential
    signer: Credential
    change: Callable[[Extensions], Extensions] = list
    key: Callable[[], PrivateKey] | None = None
    algorithm: hashes.SHA256 | hashes.SHA224 = field(default_factory=hashes.SHA256)

    def credential(self) -> Credential:
        return Credential(self.draft, self.make)

    def make(self) -> tuple[PrivateKey, Certificate]:
        key = self.model.key if self.key is None else self.key()
        parsed, signer, draft = self.model.certificate.parsed, self.signer, self.draft
        builder = certificate_builder(
            subject=parsed.subject,
            issuer=signer.certificate.parsed.subject,
            public_key=key.public_key(),
            serial=draft.serial,
            period_us=(draft.not_before_us, draft.not_after_us),
        )
        own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        issuers = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key())
        others = _without(x509.SubjectKeyIdentifier, list(parsed.extensions))
        others = _without(x509.AuthorityKeyIdentifier, others)
        for extension in self.change([_plain(own), _plain(issuers), *others]):
            builder = builder.add_extension(extension.value, extension.critical)
        return key, sign_certificate(builder, signer.key, self.algorithm)


def _unsound(
    issuer: Credential,
    model: Credential,
    mark: str,
    change: Callable[[Extensions], Extensions],
    *,
    purposes: frozenset[Purpose] | None = None,
) -> Credential:
    purposes = model.draft.purposes if purposes is None else purposes
    draft = _draft(model, mark, issuer, sound=False, purposes=purposes)
    return _Recipe(draft, model, issuer, change=change).credential()


def _draft(model: Credential, mark: str, issuer: Credential, **changes: Any) -> CertificateDraft:
    return replace(_disowned(model, mark, issuer), issuer=issuer.certificate, **changes)


def _disowned(model: Credential, mark: str, signer: Credential) -> CertificateDraft:
    """Return the draft of a certificate that no known authority signed."""
    origin = f"{mark}/{model.draft.serial}".encode()
    serial = int.from_bytes(_FIRST_OCTET + hashlib.sha256(origin).digest()[:15], "big")
    return replace(model.draft, issuer=None, issuer_name=signer.draft.subject, serial=serial)


def _with_usages(usage: x509.KeyUsage, purposes: Sequence[Purpose], extensions: Extensions) -> Extensions:
    ordinary = set(PURPOSE_OIDS.values())
    changed = _without(x509.KeyUsage, extensions)
    for extension in extensions:
        if isinstance(extension.value, x509.ExtendedKeyUsage):
            roles = [oid for oid in extension.value if oid not in ordinary]
            extended = [*(PURPOSE_OIDS[purpose] for purpose in purposes), *roles]
            changed = [*_without(x509.ExtendedKeyUsage, changed), _plain(x509.ExtendedKeyUsage(extended))]
    return [*changed, _critical(usage)]


def _without(kind: type[x509.ExtensionType], extensions: Extensions) -> Extensions:
    return [extension for extension in extensions if not isinstance(extension.value, kind)]


def _plain(value: x509.ExtensionType) -> x509.Extension[x509.ExtensionType]:
    return x509.Extension(value.oid, critical=False, value=value)


def _critical(value: x509.ExtensionType) -> x509.Extension[x509.ExtensionType]:
    return x509.Extension(value.oid, critical=True, value=value)
