"""Signing and verifying in three modes: real signatures are held against the books, and all decide alike."""

import re
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors import cades, odd_certificates, signing
from actors.certificate import Credential, Purpose, Role
from actors.envelopes import SignedDocument
from actors.errors import FormatError
from actors.keys import KeyKind
from actors.revocation import RevocationList
from actors.signing import FactsDiffer, SignatureCounts, SignatureMode, Signer, Verifier
from actors.trust import TrustAnchors
from actors.validation import ValidationPolicy, decide
from tests.actors.conftest import DAY, DOCUMENT, SECOND, Pki

STRICT = ValidationPolicy()
HOUR = 3_600 * SECOND
MODES = list(SignatureMode)
RUN_KEY = b"a run key of tests"


def issuing(pki):
    return pki.authority.signing_credential()


ODD = {
    "good": (lambda _pki, model: model, "TOTAL_PASSED None"),
    "RSA-1024": (
        lambda pki, model: odd_certificates.with_weak_key(issuing(pki), model, KeyKind.RSA_1024),
        "INDETERMINATE CRYPTO_CONSTRAINTS_FAILURE",
    ),
    "secp256k1": (
        lambda pki, model: odd_certificates.with_weak_key(issuing(pki), model, KeyKind.SECP256K1),
        "INDETERMINATE CRYPTO_CONSTRAINTS_FAILURE",
    ),
    "self-signed": (
        lambda _pki, model: odd_certificates.self_signed(model),
        "INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND",
    ),
    "by a stranger of the same name": (
        lambda pki, model: odd_certificates.by_stranger(pki.stranger.signing_credential(), model),
        "INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND",
    ),
    "by a citizen": (
        lambda pki, model: odd_certificates.by_citizen(pki.person(label="another citizen"), model),
        "INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND",
    ),
    "over a short hash": (
        lambda pki, model: odd_certificates.with_short_hash(issuing(pki), model),
        "INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND",
    ),
    "an authority's": (
        lambda pki, model: odd_certificates.with_authority_flag(issuing(pki), model),
        "INDETERMINATE CHAIN_CONSTRAINTS_FAILURE",
    ),
    "without the issuer's key": (
        lambda pki, model: odd_certificates.without_issuer_key_identifier(issuing(pki), model),
        "INDETERMINATE CHAIN_CONSTRAINTS_FAILURE",
    ),
    "without usage": (
        lambda pki, model: odd_certificates.without_key_usage(issuing(pki), model),
        "INDETERMINATE CHAIN_CONSTRAINTS_FAILURE",
    ),
    "with an unknown extension": (
        lambda pki, model: odd_certificates.with_unknown_extension(issuing(pki), model),
        "INDETERMINATE CHAIN_CONSTRAINTS_FAILURE",
    ),
    "for authentication by its usage": (
        lambda pki, model: odd_certificates.with_usages(
            issuing(pki), model, ("digital_signature",), (Purpose.SIGN,)
        ),
        "INDETERMINATE CHAIN_CONSTRAINTS_FAILURE",
    ),
    "for authentication by its purpose": (
        lambda pki, model: odd_certificates.with_usages(
            issuing(pki), model, ("digital_signature", "content_commitment"), (Purpose.AUTH,)
        ),
        "INDETERMINATE CHAIN_CONSTRAINTS_FAILURE",
    ),
}


def verified(verifier, document, moment_us=Pki.now_us, **changes):
    facts = verifier.facts(document, expected_iin=Pki.iin, moment_us=moment_us, **changes)
    return decide(facts, STRICT, moment_us, checked_us=changes.get("checked_us"))


def words(decision):
    return f"{decision.indication} {decision.sub_indication}"


@pytest.fixture(scope="module")
def known(shared_pki):
    return shared_pki.revocation()


@pytest.fixture
def verifier(shared_pki, known):
    return Verifier(shared_pki.trust, known, mode=SignatureMode.SAMPLED)


@pytest.mark.parametrize("mode", [SignatureMode.REAL, SignatureMode.OFF])
@pytest.mark.parametrize("kind", ODD)
def test_every_odd_certificate_gets_its_word_in_both_modes(shared_pki, verifier, kind, mode):
    """In the mode real a draft that differed from its certificate would raise FactsDiffer."""
    make, expected = ODD[kind]
    document = Signer(mode=mode).sign(DOCUMENT, make(shared_pki, shared_pki.person()), shared_pki.now_us)

    assert words(verified(verifier, document)) == expected
    assert (document.signature is None) is (mode is SignatureMode.OFF)


@pytest.mark.parametrize("mode", [SignatureMode.REAL, SignatureMode.OFF])
@pytest.mark.parametrize("role", Role)
def test_the_roles_of_an_organisation_are_facts_in_both_modes(shared_pki, verifier, role, mode):
    credential = shared_pki.organisation(role)
    document = Signer(mode=mode).sign(DOCUMENT, credential, shared_pki.now_us)

    facts = verifier.facts(document, expected_bin=shared_pki.bin, moment_us=shared_pki.now_us)

    assert facts.certificate.roles == {role}
    assert facts.certificate.bin == shared_pki.bin


@pytest.mark.parametrize("mode", MODES)
def test_no_mode_signs_with_a_key_that_no_signature_is_known_for(shared_pki, mode):
    odd = odd_certificates.with_weak_key(issuing(shared_pki), shared_pki.person(), KeyKind.ED25519)

    with pytest.raises(FormatError):
        Signer(mode=mode).sign(DOCUMENT, odd, shared_pki.now_us)


def lies():
    """Yield the name of a field of the claim and another value of it."""
    yield "signed_sha256", bytes(32)
    yield "signing_time_us", Pki.now_us + SECOND
    yield "signer", None
    yield "digest", "sha1"
    yield "algorithm", "rsa-sha256"
    for flag in ("size_ok", "format_ok", "value_ok", "certificate_bound"):
        yield flag, False


def drafted_lies(draft):
    yield "issuer", None
    yield "serial", 7
    yield "common_name", "TEST ANOTHER"
    yield "iin", "850704200801"
    yield "bin", Pki.bin
    yield "purposes", frozenset({Purpose.AUTH})
    yield "roles", frozenset({Role.HEAD})
    yield "not_before_us", draft.not_before_us + SECOND
    yield "not_after_us", draft.not_after_us - SECOND
    yield "key", replace(draft.key, bits=384)
    yield "sound", False


@pytest.mark.parametrize(("name", "value"), list(lies()), ids=lambda value: str(value)[:20])
def test_a_claim_that_lies_is_found_out(shared_pki, verifier, name, value):
    document = Signer().sign(DOCUMENT, shared_pki.person(), shared_pki.now_us)
    lying = replace(document, claim=replace(document.claim, **{name: value}))

    with pytest.raises(FactsDiffer):
        verified(verifier, lying)
    assert verified(verifier, document).passed


@pytest.mark.parametrize("at", range(11))
def test_a_draft_that_lies_is_found_out_and_no_number_is_told(shared_pki, verifier, at):
    document = Signer().sign(DOCUMENT, shared_pki.person(), shared_pki.now_us)
    draft = document.claim.signer
    name, value = list(drafted_lies(draft))[at]
    lying = replace(document, claim=replace(document.claim, signer=replace(draft, **{name: value})))

    with pytest.raises(FactsDiffer) as found:
        verified(verifier, lying)

    assert re.search(r"[0-9]{12}", str(found.value)) is None
    assert "TEST" not in str(found.value)


def test_every_field_of_a_draft_is_held_against_the_certificate(shared_pki):
    draft = shared_pki.person().draft
    tried = {name for name, _ in drafted_lies(draft)}

    # The issuer's name is where the issuer is looked for, the subject's own name is none of the facts.
    assert {field.name for field in fields(draft)} - tried == {"issuer_name", "subject"}


def test_a_draft_under_another_issuers_name_is_found_out(pki):
    person = pki.person()
    document = Signer().sign(DOCUMENT, person, pki.now_us)
    draft = replace(person.draft, issuer_name=pki.authority.root.subject)
    lying = replace(document, claim=replace(document.claim, signer=draft))

    with pytest.raises(FactsDiffer, match=r"\(issuer\)"):
        verified(Verifier(pki.trust, pki.revocation(), mode=SignatureMode.SAMPLED), lying)


def test_the_difference_names_the_field(shared_pki, verifier):
    document = Signer().sign(DOCUMENT, shared_pki.person(), shared_pki.now_us)
    lying = replace(document, claim=replace(document.claim, value_ok=False))

    with pytest.raises(FactsDiffer, match=r"\(signature_ok\)"):
        verified(verifier, lying)


@pytest.mark.parametrize("signature", [None, b""])
def test_what_comes_from_outside_has_no_claim_to_be_believed(verifier, signature):
    decision = verified(verifier, SignedDocument(DOCUMENT, signature))

    assert words(decision) == "TOTAL_FAILED FORMAT_FAILURE"
    assert verifier.counts.computed == 0


class TestModes:
    def test_off_computes_no_key_and_no_signature(self, shared_pki, verifier, monkeypatch):
        def refuse(*_arguments, **_named):
            raise AssertionError("computed")

        for module, name in ((signing, "sign_detached"), (signing, "gather_facts"), (cades, "sign_detached")):
            monkeypatch.setattr(module, name, refuse)
        credential = Credential(shared_pki.person().draft, refuse)
        signer = Signer(mode=SignatureMode.OFF, counts=verifier.counts)

        document = signer.sign(DOCUMENT, credential, shared_pki.now_us, always_real=True)

        assert document.signature is None
        assert verified(verifier, document).passed
        assert verifier.counts == SignatureCounts(made=0, verified=0, computed=1)

    def test_real_makes_and_verifies_each(self, shared_pki, verifier):
        signer = Signer(counts=verifier.counts)
        credential = shared_pki.person()

        for number in range(5):
            octets = DOCUMENT + bytes([number])
            assert verified(verifier, signer.sign(octets, credential, shared_pki.now_us)).passed

        assert verifier.counts == SignatureCounts(made=5, verified=5, computed=0)

    def sampled(self, share, run_key=RUN_KEY):
        return Signer(mode=SignatureMode.SAMPLED, share=share, run_key=run_key)

    def test_the_first_use_of_every_certificate_is_real(self, shared_pki):
        signer = self.sampled(0.0)
        people = [shared_pki.person(label=f"person {n}") for n in range(3)]

        real = [
            signer.sign(DOCUMENT, one, shared_pki.now_us).signature is not None for one in people + people
        ]

        assert real == [True] * 3 + [False] * 3

    def test_what_is_spoiled_is_real_however_often_it_is_signed(self, shared_pki):
        signer, person = self.sampled(0.0), shared_pki.person()

        documents = [signer.sign(DOCUMENT, person, shared_pki.now_us, always_real=True) for _ in range(3)]

        assert all(one.signature is not None for one in documents)

    @pytest.mark.parametrize("share", [0.0, 0.05, 0.5, 1.0])
    def test_the_share_is_about_right(self, shared_pki, share):
        """Five standard deviations of a binomial count, and exact at the two ends."""
        signer, person, tries = self.sampled(share), shared_pki.person(), 4_000
        signer.is_real(b"", person)  # the first use

        real = sum(signer.is_real(number.to_bytes(4, "big"), person) for number in range(tries))

        assert abs(real - share * tries) <= 5 * (share * (1 - share) * tries) ** 0.5

    def test_the_sample_follows_from_the_run_key_and_the_document_alone(self, shared_pki):
        person = shared_pki.person()

        def sample(run_key, order):
            signer = self.sampled(0.5, run_key)
            signer.is_real(b"", person)
            return {number: signer.is_real(bytes([number]), person) for number in order}

        assert sample(b"one", range(64)) == sample(b"one", reversed(range(64)))
        assert sample(b"one", range(64)) != sample(b"two", range(64))

    @settings(deadline=None, max_examples=60)
    @given(data=st.data())
    def test_all_modes_find_the_same_facts(self, shared_pki, known, data):
        """Whoever signs, whatever was changed, whenever one looks."""
        credential = data.draw(st.sampled_from(CREDENTIALS))(shared_pki)
        signed_us = shared_pki.now_us + data.draw(st.sampled_from([0, 1, SECOND - 1, DAY]))
        moment_us = shared_pki.now_us + data.draw(st.integers(-400, 400)) * DAY
        checked_us = moment_us + data.draw(st.sampled_from([0, 1, HOUR, DAY]))
        octets = data.draw(st.sampled_from([DOCUMENT, b""]))
        expected = data.draw(st.sampled_from([{"expected_iin": Pki.iin}, {"expected_bin": Pki.bin}, {}]))

        def facts(mode):
            document = Signer(mode=mode).sign(DOCUMENT, credential, signed_us)
            verifier = Verifier(shared_pki.trust, known, mode=SignatureMode.SAMPLED)
            return verifier.facts(
                replace(document, octets=octets), moment_us=moment_us, checked_us=checked_us, **expected
            )

        assert facts(SignatureMode.REAL) == facts(SignatureMode.OFF)


CREDENTIALS = (
    lambda pki: pki.person(),
    lambda pki: pki.person(Purpose.AUTH),
    lambda pki: pki.person(issuer=pki.stranger),
    lambda pki: pki.organisation(Role.HEAD),
    lambda pki: pki.organisation(Role.EMPLOYEE, iin=Pki.iin),
    lambda pki: odd_certificates.self_signed(pki.person()),
    lambda pki: odd_certificates.with_authority_flag(issuing(pki), pki.person()),
)


def test_trust_in_a_new_generation_is_learned_at_once(pki):
    """The chains that a verifier remembers are those of the trust it has now."""
    verifier = Verifier(pki.trust, pki.revocation(), mode=SignatureMode.SAMPLED)
    before = Signer().sign(DOCUMENT, pki.person(), pki.now_us)
    assert verified(verifier, before).passed
    pki.authority.roll_over(pki.now_us)
    later = pki.person(label="later", not_before_us=pki.now_us)
    after = {mode: Signer(mode=mode).sign(DOCUMENT, later, pki.now_us) for mode in MODES}

    verdicts = {mode: words(verified(verifier, document)) for mode, document in after.items()}
    assert set(verdicts.values()) == {"INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND"}

    verifier.trust, verifier.revocation = TrustAnchors.of(pki.authority), None
    verifier.revocation = RevocationList.read(pki.authority.publish(pki.now_us), verifier.trust)
    for document in (before, *after.values()):
        assert verified(verifier, document).passed
