"""Asking a responder about revocation: only where lists do not speak, and about the whole path."""

import pytest

from actors import odd_certificates
from actors.certificate import Purpose
from actors.ocsp import OcspAnswer, OcspStatus, read_answer
from actors.revocation import RevocationList
from actors.signing import SignatureMode, Signer, Verifier
from actors.validation import ValidationPolicy, decide
from tests.actors.conftest import DOCUMENT, SECOND, Pki

STRICT = ValidationPolicy()
HOUR = 3_600 * SECOND
BOTH = [SignatureMode.REAL, SignatureMode.OFF]


def verified(verifier, document, moment_us=Pki.now_us, **changes):
    facts = verifier.facts(document, expected_iin=Pki.iin, moment_us=moment_us, **changes)
    return decide(facts, STRICT, moment_us, checked_us=changes.get("checked_us"))


def words(decision):
    return f"{decision.indication} {decision.sub_indication}"


class Responder:
    """Answer from the authority's own octets, and remember who was asked about."""

    def __init__(self, pki, *, up=True):
        self.pki = pki
        self.up = up
        self.asked = []

    def __call__(self, serial, issuer, now_us):
        self.asked.append((serial, issuer))
        if not self.up:
            return None
        octets = self.pki.authority.answer_ocsp(serial, issuer, now_us)
        return read_answer(octets, self.pki.trust, moment_us=now_us)


class TestResponder:
    @pytest.fixture
    def person(self, pki):
        return pki.person()

    def setting(self, pki, lists_of_us=None, **changes):
        responder = Responder(pki, **changes)
        lists = None if lists_of_us is None else pki.revocation(lists_of_us)
        return Verifier(pki.trust, lists, responder, SignatureMode.SAMPLED), responder

    @pytest.mark.parametrize("mode", BOTH)
    def test_nobody_is_asked_where_the_lists_speak(self, pki, person, mode):
        verifier, responder = self.setting(pki, pki.now_us)

        assert verified(verifier, Signer(mode=mode).sign(DOCUMENT, person, pki.now_us)).passed
        assert responder.asked == []

    @pytest.mark.parametrize("mode", BOTH)
    @pytest.mark.parametrize("age_us", [None, 25 * HOUR])
    def test_without_fresh_lists_the_whole_path_is_asked_about(self, pki, person, mode, age_us):
        verifier, responder = self.setting(pki, None if age_us is None else pki.now_us - age_us)
        document = Signer(mode=mode).sign(DOCUMENT, person, pki.now_us)

        assert verified(verifier, document).passed
        authority = pki.authority
        assert responder.asked == [
            (person.draft.serial, authority.issuing),
            (authority.issuing.serial, authority.root),
        ]
        assert verifier.counts.verified + verifier.counts.computed == 1

    def test_what_one_list_covers_is_not_asked_about(self, pki, person):
        publication = pki.authority.publish(pki.now_us)
        verifier, responder = self.setting(pki)
        verifier.revocation = RevocationList.read([publication.root_crl], pki.trust)

        assert verified(verifier, Signer().sign(DOCUMENT, person, pki.now_us)).passed
        assert responder.asked == [(person.draft.serial, pki.authority.issuing)]

    def test_both_down_is_a_doubt_and_never_a_pass(self, pki, person):
        verifier, responder = self.setting(pki, up=False)

        decision = verified(verifier, Signer().sign(DOCUMENT, person, pki.now_us))

        assert words(decision) == "INDETERMINATE TRY_LATER"
        assert decision.try_later
        assert len(responder.asked) == 2

    def test_no_lists_and_no_responder_at_all(self, pki, person):
        decision = verified(Verifier(pki.trust), Signer().sign(DOCUMENT, person, pki.now_us))

        assert words(decision) == "INDETERMINATE TRY_LATER"

    @pytest.mark.parametrize("which", ["holder", "authority"])
    def test_an_answer_revoked_refuses(self, pki, person, which):
        verifier, _ = self.setting(pki)
        if which == "holder":
            pki.authority.revoke(person.draft.serial, pki.now_us)
        else:
            pki.authority.revoke_issuing(pki.authority.issuing, pki.now_us)

        decision = verified(verifier, Signer().sign(DOCUMENT, person, pki.now_us))

        expected = {"holder": "TOTAL_FAILED REVOKED", "authority": "INDETERMINATE REVOKED_CA_NO_POE"}
        assert words(decision) == expected[which]

    def test_what_an_old_list_calls_revoked_stays_so_whatever_a_responder_says(self, pki, person):
        pki.authority.revoke(person.draft.serial, pki.now_us - 30 * HOUR)
        verifier, _ = self.setting(pki, pki.now_us - 25 * HOUR)
        verifier.responder = lambda serial, issuer, now_us: OcspAnswer(
            issuer.as_issuer, serial, OcspStatus.GOOD, None, now_us, now_us + HOUR
        )

        assert (
            words(verified(verifier, Signer().sign(DOCUMENT, person, pki.now_us))) == "TOTAL_FAILED REVOKED"
        )

    def test_an_answer_unknown_is_no_pass(self, pki):
        odd = odd_certificates.with_usages(
            pki.authority.signing_credential(),
            pki.person(),
            ("digital_signature", "content_commitment"),
            (Purpose.SIGN,),
        )
        verifier, responder = self.setting(pki)

        decision = verified(verifier, Signer().sign(DOCUMENT, odd, pki.now_us))

        assert words(decision) == "INDETERMINATE TRY_LATER"
        assert responder.asked[0] == (odd.draft.serial, pki.authority.issuing)
        verifier.revocation = pki.revocation()
        assert verified(verifier, Signer().sign(DOCUMENT, odd, pki.now_us)).passed

    def test_nobody_is_asked_about_what_nobody_known_issued(self, pki):
        verifier, responder = self.setting(pki)

        decision = verified(verifier, Signer().sign(DOCUMENT, pki.person(issuer=pki.stranger), pki.now_us))

        assert words(decision) == "INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND"
        assert responder.asked == []

    def test_the_moment_of_the_check_is_what_is_asked_about(self, pki, person):
        pki.authority.revoke(person.draft.serial, pki.now_us + HOUR)
        verifier, _ = self.setting(pki)
        document = Signer().sign(DOCUMENT, person, pki.now_us)

        assert verified(verifier, document, checked_us=pki.now_us + HOUR - 1).passed
        late = verified(verifier, document, checked_us=pki.now_us + HOUR)
        assert words(late) == "TOTAL_FAILED REVOKED"
