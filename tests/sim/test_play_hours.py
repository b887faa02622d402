"""When a request is taken up and answered: opening hours, cut-offs, weekends, holidays."""

import pytest

from actors.portal import Portal
from conformance.calendar import local_time
from sim.plan import LateRequests
from tests.sim.small_plays import (
    BRISK_STEPS,
    REFUSED,
    SERVED,
    SERVICES,
    ZONE,
    at,
    attributes,
    case,
    ending,
    hours,
    outcome,
    revocation,
    row,
    rows_of,
    run,
    world,
)

HOME_CALL, APPOINTMENT, ATTACHMENT = SERVICES
BRISK = world(steps=BRISK_STEPS)


def local(us):
    return f"{local_time(us, ZONE):%a %d %H:%M}"


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
