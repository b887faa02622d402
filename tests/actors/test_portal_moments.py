"""When condition C2 judges: the receipt, a check that has to wait, clocks that differ, a restart."""

import pytest

import actors.portal
from actors import checks_under_way
from actors.envelopes import SignedDocument
from actors.ocsp import read_answer
from actors.portal import NotAccepted
from tests.actors.conftest import DAY
from tests.actors.small_clinic import HOUR, IIN, NOW, OTHER_IIN, SECOND, SmallClinic


@pytest.fixture
def clinic():
    return SmallClinic()


def decide(clinic, document, now_us):
    return clinic.portal.check_signature(clinic.log_in(now_us=now_us), document, now_us)


def reason(clinic, document, now_us):
    return decide(clinic, document, now_us).reason


def key_until(clinic, end_us):
    return clinic.pki.person(not_after_us=end_us, label="short")


class TestReceipt:
    def test_the_first_receipt_counts(self, clinic):
        document = clinic.document()

        assert clinic.receive(document, NOW + 5) == NOW + 5
        assert clinic.receive(document, NOW + 9) == NOW + 5
        assert clinic.receive(clinic.document(request_id="R-2"), NOW + 9) == NOW + 9

    def test_another_signature_over_the_same_octets_is_another_receipt(self, clinic):
        one, other = clinic.document(), clinic.document(signs_us=NOW + SECOND)
        assert one.octets == other.octets

        clinic.receive(one, NOW)

        assert clinic.receive(other, NOW + 7) == NOW + 7

    @pytest.mark.parametrize(
        ("received_us", "expected"),
        [(NOW + 9 * SECOND, "ok"), (NOW + 11 * SECOND - 1, "ok"), (NOW + 11 * SECOND, "CERT_EXPIRED")],
    )
    def test_a_certificate_that_ends_after_signing_is_judged_as_of_the_receipt(
        self, clinic, received_us, expected
    ):
        document = clinic.document(key=key_until(clinic, NOW + 10 * SECOND))

        clinic.receive(document, received_us)

        assert reason(clinic, document, received_us + SECOND) == expected

    def test_a_certificate_that_ends_during_the_check_passes(self, clinic):
        document = clinic.document(key=key_until(clinic, NOW + 10 * SECOND))
        clinic.receive(document, NOW + 5 * SECOND)

        assert reason(clinic, document, NOW + 60 * SECOND) == "ok"
        assert reason(clinic, clinic.document(key=clinic.citizen_key), NOW + 60 * SECOND) == "ok"

    def test_a_certificate_revoked_during_the_check_is_refused(self, clinic):
        document = clinic.document()
        clinic.receive(document, NOW)
        clinic.revoke(clinic.citizen_key, NOW + SECOND)

        assert reason(clinic, document, NOW + 2 * SECOND) == "CERT_REVOKED"

    def test_a_request_is_as_old_as_it_was_when_it_came(self, clinic):
        document = clinic.document()
        clinic.receive(document, NOW + 600 * SECOND)

        assert reason(clinic, document, NOW + 3 * HOUR) == "ok"
        assert reason(SmallClinic(), document, NOW + 3 * HOUR) == "STALE_REQUEST"

    def test_what_was_refused_has_to_come_again(self, clinic):
        document = clinic.document(key=clinic.other_key)
        clinic.receive(document, NOW)
        assert reason(clinic, document, NOW) == "IIN_MISMATCH"

        assert clinic.receive(document, NOW + SECOND) == NOW + SECOND

    def test_the_oldest_of_an_account_is_forgotten_for_one_more(self, clinic, monkeypatch):
        monkeypatch.setattr(checks_under_way, "MAX_OF_ACCOUNT", 3)
        documents = [clinic.document(request_id=f"R-{n}", nonce=f"{n:032}") for n in range(4)]
        for n, document in enumerate(documents[:3]):
            assert decide(clinic, document, NOW + n).passed

        clinic.receive(documents[3], NOW + 3)

        session = clinic.log_in()
        with pytest.raises(NotAccepted):
            clinic.portal.submit(session, documents[0], "", NOW)
        for document in documents[1:3]:
            assert not clinic.portal.submit(session, document, "", NOW).repeated
        assert len(clinic.portal.store.checks) == 1

    def test_nobody_elses_documents_push_it_out(self, clinic):
        document = clinic.document()
        clinic.receive(document, NOW)
        other = clinic.log_in(OTHER_IIN)
        for n in range(3 * checks_under_way.MAX_OF_ACCOUNT):
            clinic.portal.receive(other, SignedDocument(b"%d" % n, None), NOW + n)

        assert len(clinic.portal.store.checks) == checks_under_way.MAX_OF_ACCOUNT + 1
        assert reason(clinic, document, NOW + 3 * HOUR) == "ok"

    @pytest.mark.parametrize(("asked_us", "left"), [(DAY, 0), (DAY + 1, 1)])
    def test_what_nobody_asks_for_in_a_day_is_no_check_any_more(self, clinic, asked_us, left):
        clinic.receive(clinic.document(), NOW)
        clinic.receive(clinic.document(), NOW + asked_us)

        clinic.portal.archive(NOW + 2 * DAY + 1)

        assert len(clinic.portal.store.checks) == left


class TestWaiting:
    def test_a_check_that_cannot_be_made_is_repeated_and_refuses_nobody(self, clinic):
        document = clinic.document()
        clinic.portal.verifier.revocation = None

        for hours in (0, 1, 30):
            assert decide(clinic, document, NOW + hours * HOUR).try_later
            with pytest.raises(NotAccepted):
                clinic.portal.submit(clinic.log_in(), document, "", NOW)

        clinic.publish(NOW + 30 * HOUR)
        decision = decide(clinic, document, NOW + 30 * HOUR)
        assert decision.passed
        assert not clinic.portal.submit(clinic.log_in(), document, "", NOW).repeated

    def test_who_comes_while_the_lists_are_old_waits_for_newer_ones(self, clinic):
        document, later_us = clinic.document(), NOW + 25 * HOUR
        clinic.receive(document, NOW)

        assert reason(clinic, document, later_us) == "CHECK_UNAVAILABLE"
        clinic.publish(later_us)
        assert reason(clinic, document, later_us) == "ok"

    def test_who_was_revoked_while_everything_was_down_is_refused_at_last(self, clinic):
        document = clinic.document()
        clinic.portal.verifier.revocation = None
        assert decide(clinic, document, NOW).try_later

        clinic.revoke(clinic.citizen_key, NOW + HOUR)

        assert reason(clinic, document, NOW + HOUR) == "CERT_REVOKED"

    def test_a_responder_stands_in_for_lists_that_are_down(self, clinic):
        def ask(serial, issuer, now_us):
            octets = clinic.pki.authority.answer_ocsp(serial, issuer, now_us)
            return read_answer(octets, clinic.pki.trust, moment_us=now_us)

        clinic.portal.verifier.revocation = None
        document = clinic.document()
        assert decide(clinic, document, NOW).try_later

        clinic.portal.verifier.responder = ask

        assert reason(clinic, document, NOW + SECOND) == "ok"

    @pytest.mark.parametrize(
        ("ahead_us", "expected"),
        [
            (0, "ok"),
            (SECOND, "CHECK_UNAVAILABLE"),
            (-DAY, "ok"),
            (-DAY - SECOND, "CHECK_UNAVAILABLE"),
        ],
    )
    def test_how_far_a_list_may_be_from_the_portals_clock(self, clinic, ahead_us, expected):
        """What speaks for another time says nothing about now; the check is made again later."""
        clinic.publish(NOW + ahead_us)

        found = reason(clinic, clinic.document(), NOW)

        assert found == expected


class TestClocks:
    @pytest.mark.parametrize(
        ("ahead_us", "expected"),
        [
            (0, "ok"),
            (60 * SECOND, "ok"),
            (60 * SECOND + 1, "STALE_REQUEST"),
            (-600 * SECOND, "ok"),
            (-600 * SECOND - 1, "STALE_REQUEST"),
            (-DAY, "STALE_REQUEST"),
        ],
    )
    def test_how_far_a_citizens_clock_may_be_off(self, clinic, ahead_us, expected):
        document = clinic.document(now_us=NOW + ahead_us)

        assert reason(clinic, document, NOW) == expected

    @pytest.mark.parametrize(("gap_s", "expected"), [(60, "ok"), (61, "STALE_REQUEST")])
    @pytest.mark.parametrize("sign", [1, -1])
    def test_how_far_the_times_of_request_and_signature_may_lie_apart(self, clinic, sign, gap_s, expected):
        document = clinic.document(signs_us=NOW + sign * gap_s * SECOND)

        assert reason(clinic, document, NOW) == expected


class TestRestart:
    def test_what_passed_can_still_be_sent(self, clinic):
        document = clinic.document()
        assert decide(clinic, document, NOW).passed

        clinic.portal = clinic.portal.restarted()

        assert not clinic.portal.submit(clinic.log_in(), document, "", NOW).repeated

    def test_who_waits_for_lists_keeps_the_moment_of_receipt(self, clinic):
        document = clinic.document()
        clinic.portal.verifier.revocation = None
        assert decide(clinic, document, NOW).try_later

        clinic.portal = clinic.portal.restarted()
        clinic.publish(NOW + HOUR)

        assert reason(clinic, document, NOW + HOUR) == "ok"

    def test_sessions_end_and_accounts_stay(self, clinic):
        session = clinic.log_in()
        clinic.portal = clinic.portal.restarted()

        with pytest.raises(actors.portal.NoSession):
            clinic.portal.open_form(session, "doctor-home-call", NOW)
        assert [clinic.log_in(), clinic.log_in(OTHER_IIN)] == [
            f"session of {iin}" for iin in (IIN, OTHER_IIN)
        ]

    def test_status_and_answer_are_still_there(self, clinic):
        document = clinic.document()
        decide(clinic, document, NOW)
        clinic.portal.submit(clinic.log_in(), document, "2013-01-15", NOW)
        before = clinic.portal.status_screen(clinic.log_in(), "R-1", NOW)

        clinic.portal = clinic.portal.restarted()

        assert clinic.portal.status_screen(clinic.log_in(), "R-1", NOW) == before
