"""Routes and endings: what each trait, hour, happening and habit leads to."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

import sim.volume
from actors.portal import Portal
from conformance.calendar import local_time
from conformance.errors import InputError
from sim.laws import Constant
from sim.plan import Deed, Happening, LateRequests, Moment, StationPlan
from sim.play import play
from tests.sim.small_plays import (
    BRISK_STEPS,
    CHEAP,
    HOUR,
    MINUTE,
    SERVICES,
    ZONE,
    a_play,
    at,
    attributes,
    case,
    hours,
    outcome,
    pack,
    route,
    row,
    rows_of,
    run,
    world,
)

SERVED = {"portal": "P1 P3 P5 P6 P8", "provider": "V1 V2 V3 V5 V6 V8"}
REFUSED = {"portal": "P1 P3 P5 P6 P7", "provider": "V1 V2 V3 V5 V6 V7"}
HOME_CALL, APPOINTMENT, ATTACHMENT = SERVICES


BRISK = world(steps=BRISK_STEPS)


def revocation(step):
    return Happening(do=Deed.REVOKE_CERTIFICATE, step=step)


def outage(do, step, lasting, when=Moment.START):
    return Happening(do=Deed(do), step=step, when=when, lasting=lasting)


def local(us):
    return f"{local_time(us, ZONE):%a %d %H:%M}"


def ending(played, number=1):
    return route(played, number), outcome(played, number)


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


class TestHours:
    @pytest.mark.parametrize(
        ("start", "service", "registered"),
        [
            ("2013-05-15T10:00", HOME_CALL, "Wed 15 10:02"),
            ("2013-05-15T17:58", HOME_CALL, "Wed 15 18:00"),
            ("2013-05-15T17:59", HOME_CALL, "Thu 16 08:00"),
            ("2013-05-15T17:59", APPOINTMENT, "Wed 15 18:01"),
            ("2013-05-15T19:57", APPOINTMENT, "Wed 15 19:59"),
            ("2013-05-15T19:58", APPOINTMENT, "Thu 16 08:00"),
            ("2013-05-15T23:59", HOME_CALL, "Thu 16 08:00"),
            ("2013-05-16T03:00", HOME_CALL, "Thu 16 08:00"),
            ("2013-05-16T07:59", HOME_CALL, "Thu 16 08:01"),
            ("2013-05-17T18:00", ATTACHMENT, "Sat 18 09:00"),
            ("2013-05-18T11:58", ATTACHMENT, "Sat 18 12:00"),
            ("2013-05-18T11:59", ATTACHMENT, "Mon 20 08:00"),
            ("2013-05-18T12:00", APPOINTMENT, "Sat 18 12:02"),
            ("2013-05-19T10:00", HOME_CALL, "Mon 20 08:00"),
            ("2013-12-31T23:59", HOME_CALL, "Fri 03 08:00"),  # 1 and 2 January are holidays
        ],
    )
    def test_a_request_that_is_sent_in_two_minutes_is_taken_up_in_the_hours(self, start, service, registered):
        played = run(case(service=service), start=start, world=BRISK)

        assert ending(played) == (SERVED["portal"], "ok")
        assert local(row(played, "P6").enabled_us) == registered

    @pytest.mark.parametrize(
        ("start", "begins"),
        [
            ("2013-05-15T07:30", "Wed 15 08:00"),
            ("2013-05-15T20:00", "Thu 16 08:00"),
            ("2013-05-18T14:00", "Mon 20 08:00"),
            ("2013-05-19T12:00", "Mon 20 08:00"),
        ],
    )
    def test_the_desk_serves_nobody_outside_the_hours(self, start, begins):
        played = run(case(path="provider"), start=start, world=BRISK)

        assert ending(played) == (SERVED["provider"], "ok")
        assert local(row(played, "V1").enabled_us) == begins

    @pytest.mark.parametrize("path", SERVED)
    def test_who_refuses_late_requests_names_the_cut_off(self, path):
        refusing = world(late_requests={path: LateRequests.REFUSE})

        played = run(case(path=path), start="2013-05-15T18:30", world=refusing)

        assert ending(played) == (REFUSED[path], "CUTOFF_MISSED")
        assert local(rows_of(played)[-1].completed_us).startswith("Wed 15")

    def test_who_leaves_late_visitors_for_the_next_day_sees_them_then(self):
        patient = world(late_requests={"provider": LateRequests.NEXT_WORKING_DAY})

        played = run(case(path="provider"), start="2013-05-15T18:30", world=patient)

        assert ending(played) == (SERVED["provider"], "ok")
        assert local(row(played, "V1").enabled_us) == "Thu 16 08:00"

    def test_an_appointment_has_no_cut_off(self):
        refusing = world(late_requests={"portal": LateRequests.REFUSE})

        assert outcome(run(case(service=APPOINTMENT), start="2013-05-15T18:30", world=refusing)) == "ok"

    @pytest.mark.parametrize(
        ("start", "term"),
        [
            ("2013-05-15T10:00", "2013-05-15"),
            ("2013-05-15T18:30", "2013-05-16"),
            ("2013-05-18T12:30", "2013-05-20"),
            ("2013-05-19T10:00", "2013-05-20"),
        ],
    )
    def test_the_status_screen_names_the_day_on_which_the_answer_is_due(self, start, term, monkeypatch):
        seen = []
        submit = Portal.submit
        monkeypatch.setattr(Portal, "submit", lambda *args: seen.append(args[3]) or submit(*args))

        played = run(case(), start=start)

        assert seen == [term]
        assert f"{local_time(rows_of(played)[-1].completed_us, ZONE):%Y-%m-%d}" == term

    def test_lists_of_revoked_certificates_are_fresh_after_a_weekend(self):
        assert outcome(run(case(), start="2013-05-18T13:00")) == "ok"
        assert outcome(run(case(), start="2013-05-18T13:00", happenings=[revocation("P5")])) == "CERT_REVOKED"

    @pytest.mark.parametrize("arrives", ["0 s", "36 h", "60 d"])
    @pytest.mark.parametrize("start", ["2013-05-15T10:00", "2013-05-17T21:00", "2013-05-18T22:00"])
    def test_an_appointment_is_for_later_and_for_a_time_when_the_provider_is_open(self, start, arrives):
        played = run(case(service=APPOINTMENT, arrives=arrives), start=start)
        slot = attributes(row(played, "P8"))["slot"]

        begins_us = at(slot.partition("@")[2])
        assert row(played, "P8").completed_us < begins_us
        assert hours().calendar.is_open(begins_us)


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


class TestSlots:
    def test_two_citizens_get_two_slots(self):
        played = run(case(1, APPOINTMENT), case(2, APPOINTMENT))

        slots = {attributes(row(played, "P8", n))["slot"] for n in (1, 2)}
        assert slots == {"doctor-1@2013-05-16T09:00", "doctor-2@2013-05-16T09:00"}

    @pytest.mark.parametrize("path", SERVED)
    def test_a_slot_that_the_registrar_gives_away_is_taken(self, path):
        chosen = {"portal": "P3", "provider": "V5"}[path]

        played = run(
            case(service=APPOINTMENT, path=path), happenings=[Happening(do=Deed.TAKE_SLOT, step=chosen)]
        )

        assert ending(played) == (REFUSED[path], "SLOT_TAKEN")

    def test_a_slot_cannot_be_taken_before_one_is_chosen(self):
        early = Happening(do=Deed.TAKE_SLOT, step="P1")

        assert outcome(run(case(service=APPOINTMENT), happenings=[early])) == "ok"

    def test_an_expired_hold_gives_the_slot_to_whoever_is_judged_first(self):
        """Both choose one slot, one after the other; both are judged before either has the answer."""
        hasty = world(
            slot_hold="100 ms",
            stations={"registrar": StationPlan(servers=2)},
            decision={"portal": Constant(value="60 s")},
            steps={"P8": {"workstation": Constant(value="10 min")}},
        )

        played = run(case(1, APPOINTMENT), case(2, APPOINTMENT, arrives="20 s"), world=hasty)

        chosen = {attributes(row(played, "P3", n))["slot"] for n in (1, 2)}
        assert chosen == {"doctor-1@2013-05-16T09:00"}
        assert sorted((outcome(played, 1), outcome(played, 2))) == ["SLOT_TAKEN", "ok"]

    def test_when_all_slots_are_held_the_next_one_names_none_and_is_refused(self):
        full = 36
        many = [case(n, APPOINTMENT) for n in range(1, full + 3)]
        crowd = world(stations={"portal": StationPlan(servers=None)}, steps=BRISK_STEPS)

        played = run(*many, world=crowd)

        outcomes = [outcome(played, n) for n in range(1, full + 3)]
        assert (outcomes.count("ok"), outcomes.count("DATA_UNRELIABLE")) == (full, 2)
        slots = [attributes(r)["slot"] for r in played.rows if r.step == "P8"]
        assert len(set(slots)) == full


class TestHappenings:
    @pytest.mark.parametrize("step", ["P3", "P5", "P6"])
    def test_a_certificate_revoked_after_condition_2_is_found_by_the_second_look(self, step):
        played = run(case(), happenings=[revocation(step)])

        assert ending(played) == (REFUSED["portal"], "CERT_REVOKED")

    def test_a_certificate_revoked_before_condition_2_is_found_by_the_first(self):
        assert ending(run(case(), happenings=[revocation("P1")])) == ("P1 P3 P4", "CERT_REVOKED")

    def test_a_certificate_revoked_after_the_answer_changes_nothing(self):
        assert ending(run(case(), happenings=[revocation("P8")])) == (SERVED["portal"], "ok")

    @pytest.mark.parametrize("certificate", ["unknown_issuer", "revoked"])
    def test_revoking_what_is_revoked_or_foreign_is_harmless(self, certificate):
        played = run(case(certificate=certificate), happenings=[revocation("P1")])

        assert route(played) == "P1 P3 P4"

    @pytest.mark.parametrize(("path", "step"), [("portal", "P5"), ("provider", "V5")])
    def test_what_is_changed_on_its_way_is_refused(self, path, step):
        tampering = Happening(do=Deed.TAMPER_IN_TRANSIT, step=step, when=Moment.START)

        assert ending(run(case(path=path), happenings=[tampering])) == (REFUSED[path], "SIGNATURE_INVALID")

    @pytest.mark.parametrize(("step", "lasting", "hours"), [("P5", "2 h", 2), ("P8", "90 min", 1.5)])
    def test_a_message_waits_for_the_gateway_however_long(self, step, lasting, hours):
        played = run(case(), happenings=[outage("gateway_down", step, lasting)])

        assert ending(played) == (SERVED["portal"], "ok")
        slow = row(played, step)
        assert hours * HOUR <= slow.completed_us - slow.enabled_us < hours * HOUR + 2 * MINUTE
        assert attributes(slow)["gateway_message"].startswith("gw-")

    def test_a_short_outage_does_not_end_a_long_one(self):
        both = [outage("gateway_down", "P5", "30 min"), outage("gateway_down", "P5", "1 s")]

        slow = row(run(case(), happenings=both), "P5")

        assert slow.completed_us - slow.enabled_us >= 30 * MINUTE

    def test_an_outage_works_from_its_very_moment(self):
        """V3 asks the gateway in the same moment in which V2 ends."""
        down = outage("gateway_down", "V2", "5 min", Moment.END)

        played = run(case(path="provider"), happenings=[down])

        assert ending(played) == ("V1 V2 V3 V4", "GATEWAY_UNAVAILABLE")
        assert "gateway_message" not in attributes(row(played, "V3"))

    @pytest.mark.parametrize(
        ("lasting", "expected"),
        [
            ("30 s", (SERVED["provider"], "ok")),
            ("5 min", ("V1 V2 V3 V4", "REGISTRY_TIMEOUT")),
        ],
    )
    def test_the_state_database_is_asked_twice(self, lasting, expected):
        played = run(case(path="provider"), happenings=[outage("registry_down", "V3", lasting)])

        assert ending(played) == expected
        assert attributes(row(played, "V3"))["gateway_message"].startswith("gw-")

    def test_a_query_that_passed_the_gateway_once_has_passed_it(self):
        """The database is silent at the first try, the gateway is down at the second."""
        steps = BRISK_STEPS | {
            "V1": {"desk": Constant(value="10 s")},
            "V2": {"desk": Constant(value="10 s")},
            "V3": {"gateway": Constant(value="1 s")},
        }
        happenings = [
            outage("registry_down", "P1", "10 min"),
            outage("gateway_down", "P1", "10 min", Moment.END),
        ]

        played = run(case(), case(2, path="provider"), happenings=happenings, world=world(steps=steps))

        query = row(played, "V3", 2)
        assert query.outcome == "GATEWAY_UNAVAILABLE"
        assert attributes(query)["gateway_message"].startswith("gw-")

    @pytest.mark.parametrize("step", ["P0", "P2", "V3", "P9", ""])
    @pytest.mark.parametrize("do", ["take_slot", "tamper_in_transit", "revoke_certificate"])
    def test_what_is_planned_for_a_step_that_never_comes_never_happens(self, step, do):
        never = Happening(do=Deed(do), step=step)

        assert run(case(), happenings=[never]) == run(case())

    def test_what_happens_happens_to_the_first_case_only(self):
        played = run(case(1), case(2), happenings=[revocation("P1")])

        assert [route(played, n) for n in (1, 2)] == ["P1 P3 P4", SERVED["portal"]]


class TestQueues:
    def test_who_comes_second_waits_for_the_whole_first_visit(self):
        played = run(case(1, path="provider"), case(2, path="provider", arrives="1 s"))

        first, second = rows_of(played, 1)[-1], row(played, "V1", 2)
        waited = attributes(second)["waited_us"]
        assert second.started_us == first.completed_us == second.enabled_us + waited
        assert second.enabled_us == at("2013-05-15T10:00") + 1_000_000
        assert waited > MINUTE
        assert (row(played, "V1", 1).resource, second.resource) == ("desk-1", "desk-1")
        assert all(attributes(r)["waited_us"] == 0 for r in rows_of(played, 1))

    def test_with_two_desks_nobody_waits(self):
        two = world(stations={"desk": StationPlan(servers=2)})

        played = run(case(1, path="provider"), case(2, path="provider", arrives="1 s"), world=two)

        assert [row(played, "V1", n).resource for n in (1, 2)] == ["desk-1", "desk-2"]
        assert attributes(row(played, "V1", 2))["waited_us"] == 0

    def test_one_workstation_registers_one_after_the_other(self):
        narrow = world(stations={"workstation": StationPlan(servers=1)}, steps=BRISK_STEPS)

        played = run(case(1), case(2), case(3), world=narrow)

        waits = [attributes(row(played, "P6", n))["waited_us"] for n in (1, 2, 3)]
        lengths = [r.completed_us - r.started_us for r in (row(played, "P6", n) for n in (1, 2))]
        assert waits == [0, lengths[0], lengths[0] + lengths[1]]

    def test_waiting_is_part_of_the_step(self):
        narrow = world(stations={"portal": StationPlan(servers=1)}, steps=BRISK_STEPS)
        narrow.steps["P1"]["portal"] = Constant(value="20 s")

        played = run(case(1), case(2), world=narrow)

        second = row(played, "P1", 2)
        assert attributes(second)["waited_us"] == 20_000_000
        assert second.completed_us - second.enabled_us == 70_000_000


class TestDraws:
    def lengths(self, played, number=1):
        return {
            row.step: row.completed_us - row.enabled_us
            for row in rows_of(played, number)
            if row.step not in {"P0", "P6"}
        }

    def test_a_step_more_does_not_shift_the_times_of_the_others(self):
        assert self.lengths(run(case(account="none"))) == self.lengths(run(case()))

    def test_another_case_does_not_shift_the_times_of_the_first(self):
        assert self.lengths(run(case(), case(2, arrives="1 h"))) == self.lengths(run(case()))

    def test_another_certificate_does_not_shift_the_times_before_it_is_looked_at(self):
        good, bad = self.lengths(run(case())), self.lengths(run(case(certificate="expired")))

        assert (good["P1"], good["P3"]) == (bad["P1"], bad["P3"])

    def test_another_seed_gives_other_times_and_another_citizen(self):
        one, other = run(case(), seed=1), run(case(), seed=2)

        assert self.lengths(one) != self.lengths(other)
        assert one.documents["case-1"]["request.json"] != other.documents["case-1"]["request.json"]


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
