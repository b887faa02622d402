"""What happenings, queues, draws and slots make of a play."""

import pytest

from sim.laws import Constant
from sim.plan import Deed, Happening, Moment, StationPlan
from tests.sim.small_plays import (
    BRISK_STEPS,
    HOUR,
    MINUTE,
    REFUSED,
    SERVED,
    SERVICES,
    at,
    attributes,
    case,
    ending,
    outcome,
    revocation,
    route,
    row,
    rows_of,
    run,
    world,
)

HOME_CALL, APPOINTMENT, ATTACHMENT = SERVICES


def outage(do, step, lasting, when=Moment.START):
    return Happening(do=Deed(do), step=step, when=when, lasting=lasting)


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
