"""Certificates that no honest authority issues: what is wrong with each, and that their drafts say so."""

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from actors import odd_certificates as odd
from actors.certificate import Credential, Purpose, Role, is_strong, read_certificate
from actors.errors import FormatError
from actors.keys import KIND_FACTS
from actors.ocsp import OcspStatus
from actors.public_keys import KeyFacts
from actors.trust import TrustAnchors, find_chain

BITS = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
)  # fmt: skip


def every_kind(pki):
    issuer, stranger = pki.authority.signing_credential(), pki.stranger.signing_credential()
    model = pki.organisation(Role.HEAD, iin=pki.iin)
    citizen = pki.person(label="a citizen")
    return {
        **{f"weak {kind}": odd.with_weak_key(issuer, model, kind) for kind in odd.WEAK_KINDS},
        "self-signed": odd.self_signed(model),
        "stranger": odd.by_stranger(stranger, model),
        "citizen": odd.by_citizen(citizen, model),
        "authority": odd.with_authority_flag(issuer, model),
        "no AKI": odd.without_issuer_key_identifier(issuer, model),
        "no usage": odd.without_key_usage(issuer, model),
        "unknown extension": odd.with_unknown_extension(issuer, model),
        "other usages": odd.with_usages(issuer, model, ["digital_signature"], [Purpose.AUTH]),
        "short hash": odd.with_short_hash(issuer, model),
    }


def test_drafts_tell_the_truth(shared_pki):
    for what, credential in every_kind(shared_pki).items():
        draft, certificate = credential.draft, credential.certificate
        again = Credential.of(credential.key, certificate, draft.issuer, sound=draft.sound)
        assert again.draft == draft, what
        chain = find_chain(certificate, shared_pki.trust)
        pinned = draft.issuer if draft.issuer in shared_pki.trust.issuers else None
        assert chain.issuer == pinned, what
        if pinned is not None:
            assert chain.sound is draft.sound, what
        assert credential.key.public_key() == certificate.public_key, what


def test_each_is_wrong_in_its_own_way(shared_pki):
    kinds = every_kind(shared_pki)
    assert len({credential.draft.serial for credential in kinds.values()}) == len(kinds)
    assert len({credential.der for credential in kinds.values()}) == len(kinds)
    unsound = {what for what, credential in kinds.items() if not credential.draft.sound}
    assert unsound == {"authority", "no AKI", "no usage", "unknown extension"}
    disowned = {what for what, credential in kinds.items() if credential.draft.issuer is None}
    assert disowned == {"self-signed", "citizen", "short hash"}
    weak = {what for what, one in kinds.items() if not is_strong(one.certificate.public_key)}
    assert weak == {f"weak {kind}" for kind in odd.WEAK_KINDS}
    assert kinds["authority"].certificate.is_authority
    assert kinds["no usage"].certificate.key_usage is None
    assert kinds["self-signed"].certificate.issuer == kinds["self-signed"].certificate.subject
    stranger = kinds["stranger"].certificate
    assert stranger.issuer == shared_pki.authority.issuing.subject
    assert find_chain(stranger, TrustAnchors.of(shared_pki.stranger)).sound
    extensions = kinds["no AKI"].certificate.parsed.extensions
    with pytest.raises(x509.ExtensionNotFound):
        extensions.get_extension_for_class(x509.AuthorityKeyIdentifier)


def test_who_they_are_about_stays(shared_pki):
    for credential in every_kind(shared_pki).values():
        certificate = credential.certificate
        assert (certificate.iin, certificate.bin) == (shared_pki.iin, shared_pki.bin)
        assert certificate.common_name.startswith("TEST ")
        assert certificate.roles == {Role.HEAD}


def test_the_responder_does_not_know_them(shared_pki):
    authority = shared_pki.authority
    for credential in every_kind(shared_pki).values():
        answer = authority.answer(credential.draft.serial, authority.issuing, shared_pki.now_us)
        assert answer.status is OcspStatus.UNKNOWN


def test_nothing_is_made_before_it_is_asked_for(shared_pki, monkeypatch):
    def forbid(*_):
        raise AssertionError

    for name in ("derive_key", "sign_certificate"):
        monkeypatch.setattr(f"actors.odd_certificates.{name}", forbid)
    for credential in every_kind(shared_pki).values():
        assert credential.draft.iin == shared_pki.iin
        with pytest.raises(AssertionError):
            credential.der  # noqa: B018 - asks for it


def test_they_are_the_same_each_time(shared_pki):
    one, other = every_kind(shared_pki), every_kind(shared_pki)
    assert all(one[what].der == other[what].der for what in one)


@settings(deadline=None)
@given(
    bits=st.sets(st.sampled_from(BITS), min_size=1).map(sorted),
    purposes=st.sets(st.sampled_from(list(Purpose)), min_size=1).map(sorted),
)
def test_any_usages(shared_pki, bits, purposes):
    model = shared_pki.organisation(Role.SIGNATORY)
    credential = odd.with_usages(shared_pki.authority.signing_credential(), model, bits, purposes)
    certificate = credential.certificate
    assert credential.draft.purposes == certificate.permits
    assert certificate.purposes == set(purposes)
    assert certificate.roles == {Role.SIGNATORY}


@pytest.mark.parametrize(
    ("bits", "purpose", "permitted"),
    [
        (["digital_signature", "content_commitment"], Purpose.SIGN, True),
        (["digital_signature"], Purpose.SIGN, False),
        (["content_commitment"], Purpose.SIGN, False),
        (["digital_signature"], Purpose.AUTH, True),
        (["key_agreement"], Purpose.AUTH, False),
        (["key_agreement"], Purpose.ENCRYPT, True),
        (["key_encipherment"], Purpose.ENCRYPT, False),
    ],
)
def test_both_usages_must_permit_it(shared_pki, bits, purpose, permitted):
    issuer = shared_pki.authority.signing_credential()
    credential = odd.with_usages(issuer, shared_pki.person(), bits, [purpose])
    assert (purpose in credential.certificate.permits) is permitted


def test_facts_of_keys(shared_pki):
    found = [
        odd.with_weak_key(
            shared_pki.authority.signing_credential(), shared_pki.person(), kind
        ).certificate.key
        for kind in odd.WEAK_KINDS
    ]
    assert found == [
        KeyFacts("RSA", 1024, None, 65_537),
        KeyFacts("EC", 256, "secp256k1", None),
        KeyFacts("other", 0, None, None),
    ]
    assert found == [KIND_FACTS[kind] for kind in odd.WEAK_KINDS]
    assert shared_pki.person().certificate.key == KeyFacts("EC", 256, "secp256r1", None)


def test_unused_bits_of_a_signature_are_not_passed_over(shared_pki):
    """The library reads over the count of them, which no signature protects."""
    holders = (shared_pki.person(label=str(number)).certificate for number in range(20))
    certificate = next(one for one in holders if one.der[-1] & 1 == 0)
    at = len(certificate.der) - len(certificate.parsed.signature) - 1
    changed = certificate.der[:at] + b"\x01" + certificate.der[at + 1 :]
    parsed = x509.load_der_x509_certificate(changed)
    parsed.verify_directly_issued_by(shared_pki.authority.issuing.parsed)
    with pytest.raises(FormatError):
        read_certificate(changed)
