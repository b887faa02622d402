"""Every way of spoiling a signature: its octets are what its claim says, and get the right decision."""

from dataclasses import replace

import pytest

from actors import cades
from actors.cades import read_detached
from actors.envelopes import SignedDocument
from actors.errors import FormatError
from actors.forgery import HOSTILE_CERTIFICATES, SignatureFlaw, forge
from actors.keys import KeyKind
from actors.signing import SignatureMode, Signer, Verifier
from actors.validation import ValidationPolicy, decide
from tests.actors.conftest import DAY, DOCUMENT

FORGED = [flaw for flaw in SignatureFlaw if flaw is not SignatureFlaw.DOCUMENT_CHANGED]
UNREADABLE = "TOTAL_FAILED FORMAT_FAILURE SIGN_INVALID"
TOO_LARGE = "REFUSED TOO_LARGE TOO_LARGE"
WORDS = {
    SignatureFlaw.VALUE_WRONG: "TOTAL_FAILED SIG_CRYPTO_FAILURE SIGN_INVALID",
    SignatureFlaw.TRUNCATED: UNREADABLE,
    SignatureFlaw.TRAILING_OCTETS: UNREADABLE,
    SignatureFlaw.INDEFINITE_LENGTH: UNREADABLE,
    SignatureFlaw.GARBAGE: UNREADABLE,
    SignatureFlaw.EMPTY: UNREADABLE,
    SignatureFlaw.TWO_SIGNERS: UNREADABLE,
    SignatureFlaw.TWO_CERTIFICATES: UNREADABLE,
    SignatureFlaw.NO_CERTIFICATE: "INDETERMINATE NO_SIGNING_CERTIFICATE_FOUND SIGN_INVALID",
    SignatureFlaw.SUBSTITUTED_CERTIFICATE: "INDETERMINATE SIG_CONSTRAINTS_FAILURE SIGN_INVALID",
    SignatureFlaw.WEAK_HASH: "INDETERMINATE CRYPTO_CONSTRAINTS_FAILURE CERT_WRONG_TYPE",
    SignatureFlaw.TOO_LARGE: TOO_LARGE,
    SignatureFlaw.HOSTILE_CERTIFICATES: TOO_LARGE,
}
KINDS = (KeyKind.P256, KeyKind.RSA_2048)


def words(decision):
    return " ".join(map(str, (decision.indication, decision.sub_indication, decision.message_id)))


@pytest.fixture(scope="module")
def keys(shared_pki):
    """By kind of key: a certificate and a later one for the same key."""

    def pair(kind):
        common = {"label": f"forger/{kind}", "key_kind": kind}
        later_us = shared_pki.end_us + DAY
        return shared_pki.person(**common), shared_pki.person(not_after_us=later_us, **common)

    return {kind: pair(kind) for kind in KINDS}


@pytest.fixture(scope="module")
def known(shared_pki):
    return shared_pki.revocation()


def forged(pki, flaw, pair, mode=SignatureMode.REAL):
    document = Signer(mode=mode).sign(DOCUMENT, pair[0], pki.now_us)
    return forge(document, flaw, *pair)


def judged(pki, known, document):
    verifier = Verifier(pki.trust, known, mode=SignatureMode.SAMPLED)
    facts = verifier.facts(document, expected_iin=pki.iin, moment_us=pki.now_us)
    return decide(facts, ValidationPolicy(), pki.now_us), facts


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("flaw", FORGED)
def test_a_forgery_is_what_its_claim_says_and_gets_its_word(shared_pki, known, keys, flaw, kind):
    """A claim that differed from the octets would raise FactsDiffer."""
    document = forged(shared_pki, flaw, keys[kind])

    decision, facts = judged(shared_pki, known, document)

    assert document.signature is not None
    assert words(decision) == WORDS[flaw]
    assert judged(shared_pki, known, SignedDocument(document.octets, document.signature)) == (decision, facts)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("flaw", FORGED)
def test_without_a_real_signature_the_decision_is_the_same(shared_pki, known, keys, flaw, kind):
    real = forged(shared_pki, flaw, keys[kind])
    claimed = forged(shared_pki, flaw, keys[kind], SignatureMode.OFF)

    assert claimed.signature is None
    assert judged(shared_pki, known, claimed) == judged(shared_pki, known, real)


@pytest.mark.parametrize("mode", [SignatureMode.REAL, SignatureMode.OFF])
def test_a_document_that_was_changed_needs_no_forger(shared_pki, known, keys, mode):
    document = Signer(mode=mode).sign(DOCUMENT, keys[KeyKind.P256][0], shared_pki.now_us)
    changed = replace(document, octets=DOCUMENT + b" ")

    decision, _ = judged(shared_pki, known, changed)

    assert words(decision) == "TOTAL_FAILED HASH_FAILURE SIGN_INVALID"


@pytest.mark.parametrize("flaw", FORGED)
def test_every_forgery_is_its_own(shared_pki, keys, flaw):
    document = Signer().sign(DOCUMENT, keys[KeyKind.P256][0], shared_pki.now_us)

    one, two = (forge(document, flaw, *keys[KeyKind.P256]) for _ in range(2))

    assert one == two
    assert one.octets == document.octets
    assert one.signature != document.signature
    assert one.claim.flawed


def test_a_good_signature_claims_no_flaw(shared_pki, keys):
    assert not Signer().sign(DOCUMENT, keys[KeyKind.P256][0], shared_pki.now_us).claim.flawed


def test_what_bears_no_signature_cannot_be_forged(shared_pki, keys):
    document = Signer().sign(DOCUMENT, keys[KeyKind.P256][0], shared_pki.now_us)

    with pytest.raises(FormatError):
        forge(SignedDocument(DOCUMENT, document.signature), SignatureFlaw.VALUE_WRONG, *keys[KeyKind.P256])
    with pytest.raises(FormatError):
        forge(document, SignatureFlaw.DOCUMENT_CHANGED, *keys[KeyKind.P256])


def test_a_hundred_certificates_come_along(shared_pki, keys):
    """They are well-formed each, and are not even read: the whole is too large."""
    pair = keys[KeyKind.P256]
    hostile = forged(shared_pki, SignatureFlaw.HOSTILE_CERTIFICATES, pair).signature

    assert hostile.count(pair[0].der) == HOSTILE_CERTIFICATES == 100
    assert len(hostile) > cades.MAX_OCTETS
    with pytest.raises(FormatError, match="not exactly one"):
        read_detached(hostile, len(hostile))


def test_a_substituted_certificate_is_good_in_itself(shared_pki, known, keys):
    """Only its binding tells it from the right one: without it both would be taken."""
    document = forged(shared_pki, SignatureFlaw.SUBSTITUTED_CERTIFICATE, keys[KeyKind.P256])

    _, facts = judged(shared_pki, known, document)

    assert (facts.digest_equal, facts.signature_ok, facts.certificate_bound) == (True, True, False)
    assert facts.certificate.serial == keys[KeyKind.P256][1].draft.serial
    assert decide(replace(facts, certificate_bound=True), ValidationPolicy(), shared_pki.now_us).passed
