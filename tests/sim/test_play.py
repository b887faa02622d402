"""Routes and endings: what each trait and habit leads to."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

import sim.volume
from conformance.errors import InputError
from sim.laws import Constant
from sim.play import play
from tests.sim.small_plays import (
    CHEAP,
    HOUR,
    REFUSED,
    SERVED,
    SERVICES,
    a_play,
    attributes,
    case,
    ending,
    outcome,
    pack,
    route,
    row,
    rows_of,
    run,
    world,
)

HOME_CALL, APPOINTMENT, ATTACHMENT = SERVICES


class TestRoutes:
    @pytest.mark.parametrize("service", SERVICES)
    @pytest.mark.parametrize("path", SERVED)
    def test_who_has_everything_right_is_served(self, service, path):
        played = run(case(service=service, path=path))

        assert ending(played) == (SERVED[path], "ok")
        asked = {"query-1.json"} if path == "provider" else set()
        assert set(played.documents["case-1"]) == asked | {
            "request.json", "request.p7s", "result.json", "result.p7s", "trust.pem",
        }  # fmt: skip

    def test_who_has_no_account_signs_up_first(self):
        assert ending(run(case(account="none"))) == ("P0 " + SERVED["portal"], "ok")

    def test_a_wrong_password_ends_at_once_and_leaves_no_document(self):
        played = run(case(password="wrong"))  # noqa: S106

        assert ending(played) == ("P1 P2", "AUTH_FAIL")
        assert row(played, "P1").outcome == "AUTH_FAIL"
        assert played.documents == {}

    def test_a_new_account_does_not_help_against_a_wrong_password(self):
        assert ending(run(case(account="none", password="wrong"))) == ("P0 P1 P2", "AUTH_FAIL")  # noqa: S106

    @pytest.mark.parametrize(
        ("certificate", "reason"),
        [
            ("expired", "CERT_EXPIRED"),
            ("not_yet_valid", "CERT_NOT_YET_VALID"),
            ("revoked", "CERT_REVOKED"),
            ("other_person", "IIN_MISMATCH"),
            ("unknown_issuer", "CERT_UNTRUSTED"),
            ("authentication_key", "CERT_WRONG_TYPE"),
        ],
    )
    @pytest.mark.parametrize("arrives", ["0 s", "30 d"])
    def test_an_unfit_certificate_ends_with_its_reason_whenever_one_comes(self, certificate, reason, arrives):
        played = run(case(certificate=certificate, arrives=arrives))

        assert ending(played) == ("P1 P3 P4", reason)
        assert attributes(row(played, "P4"))["reason"] == reason
        assert set(played.documents["case-1"]) == {
            "notice.json", "rejected-request.json", "rejected-request.p7s", "trust.pem",
        }  # fmt: skip

    def test_a_request_changed_after_signing_ends_before_it_is_sent(self):
        assert ending(run(case(signature="document_changed"))) == ("P1 P3 P4", "SIGNATURE_INVALID")

    @pytest.mark.parametrize(
        ("service", "trait", "reason"),
        [
            (HOME_CALL, {"attached": "nowhere"}, "NOT_ATTACHED"),
            (HOME_CALL, {"attached": "other_clinic"}, "NOT_ATTACHED"),
            (HOME_CALL, {"attached": "this_clinic"}, "ok"),
            (APPOINTMENT, {"attached": "other_clinic"}, "NOT_ATTACHED"),
            (ATTACHMENT, {"attached": "nowhere"}, "ok"),
            (ATTACHMENT, {"attached": "other_clinic"}, "ok"),
            (ATTACHMENT, {"attached": "this_clinic"}, "ALREADY_ATTACHED"),
            (HOME_CALL, {"form": "without_phone"}, "DATA_UNRELIABLE"),
            (HOME_CALL, {"form": "without_address"}, "DATA_UNRELIABLE"),
            (ATTACHMENT, {"form": "without_address"}, "DATA_UNRELIABLE"),
            (APPOINTMENT, {"form": "without_address"}, "ok"),
            (HOME_CALL, {"form": "other_surname"}, "DATA_UNRELIABLE"),
            (APPOINTMENT, {"form": "unknown_slot"}, "DATA_UNRELIABLE"),
            (HOME_CALL, {"form": "other_provider"}, "PROVIDER_MISMATCH"),
            (APPOINTMENT, {"form": "other_provider"}, "PROVIDER_MISMATCH"),
        ],
    )
    @pytest.mark.parametrize("path", SERVED)
    def test_a_request_without_grounds_is_refused_with_the_reason(self, path, service, trait, reason):
        played = run(case(service=service, path=path, **trait))

        expected = SERVED if reason == "ok" else REFUSED
        assert ending(played) == (expected[path], reason)
        if reason != "ok":
            assert attributes(rows_of(played)[-1])["reason"] == reason
            assert {"refusal.json", "refusal.p7s"} <= set(played.documents["case-1"])

    def test_whom_the_state_does_not_know_is_told_so_at_the_desk(self):
        played = run(case(path="provider", in_registry=False))

        assert ending(played) == ("V1 V2 V3 V4", "GBDFL_NOT_FOUND")
        assert set(played.documents) == {"case-1", "messages"}
        assert set(played.documents["case-1"]) == {"query-1.json", "trust.pem"}

    def test_the_portal_does_not_ask_the_state_database(self):
        assert ending(run(case(in_registry=False))) == (SERVED["portal"], "ok")

    def test_a_request_sent_twice_gets_one_number_and_one_answer(self):
        played = run(case(retry="at_once"))

        assert ending(played) == (SERVED["portal"], "ok")
        assert {r.request_number for r in rows_of(played) if r.step in {"P6", "P8"}} == {"11305150000001"}

    @pytest.mark.parametrize("path", SERVED)
    def test_a_question_to_1414_is_answered_on_both_paths(self, path):
        assert run(case(path=path, asks_1414=True)).answered_by_1414 == 1
        assert run(case(path=path)).answered_by_1414 == 0

    def test_a_play_without_cases_leaves_nothing(self):
        played = play(msgspec.structs.replace(a_play(), cases=()), pack(), 1, password_cost=CHEAP)

        assert (played.rows, dict(played.documents), played.answered_by_1414) == ((), {}, 0)
        assert played.root_pem.startswith(b"-----BEGIN CERTIFICATE-----")


class TestLongDays:
    @pytest.mark.parametrize(("step", "station"), [("P3", "citizen"), ("P3", "portal"), ("P5", "citizen")])
    @pytest.mark.parametrize("length", ["30 min", "31 min", "3 h"])
    def test_whoever_takes_longer_than_a_session_logs_in_again(self, step, station, length):
        slow = world(steps={step: {station: Constant(value=length)}})

        assert ending(run(case(), world=slow)) == (SERVED["portal"], "ok")

    def test_an_answer_after_days_is_still_opened(self):
        slow = world(decision={"portal": Constant(value="40 h")})

        played = run(case(), world=slow)

        assert ending(played) == (SERVED["portal"], "ok")
        assert attributes(row(played, "P8"))["decision_us"] == 40 * HOUR

    def test_a_wrong_password_that_was_admitted_is_admitted_again(self):
        slow = world(steps={"P3": {"citizen": Constant(value="1 h")}})

        played = run(
            case(password="wrong"),  # noqa: S106
            world=slow,
            fault="portal-admits-wrong-password",
        )

        assert ending(played) == (SERVED["portal"], "ok")
        assert row(played, "P1").outcome == "AUTH_FAIL"

    def test_a_play_that_never_comes_to_its_end_is_refused(self, monkeypatch):
        monkeypatch.setattr(sim.volume, "MAX_PLAY_US", HOUR)
        slow = world(decision={"portal": Constant(value="2 h")})

        with pytest.raises(InputError, match="a play longer than"):
            run(case(), world=slow)
        assert outcome(run(case())) == "ok"


def test_the_cost_of_passwords_changes_nothing():
    assert play(a_play(), pack(), 1) == run(case())


def test_two_processes_with_other_hashes_play_the_same():
    program = """
import hashlib
from tests.sim.small_plays import case, run
played = run(case(1, "doctor-appointment"), case(2, path="provider"), fault="workstation-answers-twice")
print(hashlib.sha256(repr(played).encode()).hexdigest())
"""
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(found) == 1


class TestTwoRequestsUnderOneIdentifier:
    """Both can pass condition C2 before either is sent; whoever is second at the portal is refused then."""

    @pytest.mark.parametrize("seed", range(6))
    def test_one_is_answered_and_the_other_refused(self, seed):
        played = run(case(1), case(2, request="reused_id"), seed=seed)

        assert sorted(route(played, number).split()[-1] for number in (1, 2)) == ["P4", "P8"]
        refused = next(number for number in (1, 2) if route(played, number).endswith("P4"))
        assert outcome(played, refused) == "REPLAY"
        assert "P5" not in route(played, refused).split()
        assert "rejected-request.json" in played.documents[f"case-{refused}"]

    def test_either_can_be_the_first(self):
        ends = {route(run(case(1), case(2, request="reused_id"), seed=seed)).split()[-1] for seed in range(6)}
        assert ends == {"P4", "P8"}
