"""What must follow, never happen, be done by others, or be reachable: conforming, violating, and unshown."""

import msgspec
import pytest

from conformance.answers import Units
from conformance.norms import (
    Absence,
    ActorField,
    AvailabilityWindow,
    MomentOrder,
    Response,
    SameLocalDay,
    SeparationOfActors,
)
from tests.conformance.fragments import (
    HOUR,
    SECOND,
    TEN,
    WHOLE,
    answer,
    at,
    changed,
    norm,
    reason,
    route,
    row,
)

DAY = 24 * HOUR

# --- response

ANSWERED = norm(Response, first="P5", to=("P7", "P8"))


def test_each_request_is_answered_sooner_or_later():
    assert reason(ANSWERED, *route(*WHOLE)) == "pass"
    assert reason(ANSWERED, *route("P5", "P6", "P7")) == "pass"
    assert reason(ANSWERED, *route("P5", "P6", "P4")) == "MISSING_STEP"
    assert reason(ANSWERED, *route("P8", "P5", "P4")) == "MISSING_STEP"


def test_an_open_case_may_still_be_answered():
    assert reason(ANSWERED, *route("P1", "P3", "P5")) == "OPEN"
    assert reason(ANSWERED, *route("P1")) == "OPEN"
    assert reason(ANSWERED, *route("P1", "P2")) == "OTHER_BRANCH"


def test_every_one_needs_an_answer_after_it():
    twice = route("P5", "P8", "P5", "P4")
    assert reason(ANSWERED, *twice) == "MISSING_STEP"
    assert reason(ANSWERED, *route("P5", "P5", "P8")) == "pass"


def test_a_response_of_uncertain_order_is_not_shown():
    assert reason(ANSWERED, row("P5", TEN, TEN + 5), row("P8", TEN, TEN + 5)) == "TIE"
    assert reason(ANSWERED, *changed(route(*WHOLE), "P8", completed_us=None)) == "OPEN"


# --- absence

NEVER = norm(Absence, steps=("P2", "P4"))


def test_what_must_never_happen():
    assert reason(NEVER, *route(*WHOLE)) == "pass"
    assert reason(NEVER, *route("P1", "P2")) == "FORBIDDEN_STEP"
    assert reason(NEVER, *route("P1", "P3", "P4")) == "FORBIDDEN_STEP"


def test_what_may_still_happen_is_open():
    assert reason(NEVER, *route("P1")) == "OPEN"
    assert reason(NEVER, *route("P5", "P6")) == "pass"  # no way leads back
    assert reason(NEVER, *route("P1"), row("P2", TEN, None)) == "OPEN"
    assert reason(NEVER, *route(*WHOLE), row("P2", TEN, None)) == "MISSING_END"


# --- separation of actors

FOUR_EYES = norm(SeparationOfActors, first="P6", step="P8")


def by(*actors, field="resource"):
    return [row(s, **{field: who}) for s, who in zip(("P6", "P8"), actors, strict=True)]


def test_two_steps_by_different_people():
    assert reason(FOUR_EYES, *by("anna", "bolat")) == "pass"
    assert reason(FOUR_EYES, *by("anna", "anna")) == "SAME_ACTOR"
    assert "anna" not in answer(FOUR_EYES, *by("anna", "anna")).detail
    units = norm(SeparationOfActors, first="P6", step="P8", field=ActorField.UNIT)
    assert reason(units, *by("provider", "portal", field="unit")) == "pass"
    assert reason(units, *by("portal", "portal", field="unit")) == "SAME_ACTOR"


def test_whoever_is_not_named_is_not_shown():
    assert reason(FOUR_EYES, *by("anna", None)) == "NO_DATA"
    assert reason(FOUR_EYES, *by(None, None)) == "NO_DATA"
    assert reason(FOUR_EYES, *by(" ", "anna")) == "NO_DATA"
    assert reason(FOUR_EYES, row("P6", resource="anna")) == "OPEN"
    assert reason(FOUR_EYES, row("P8", resource="anna")) == "OTHER_BRANCH"


def test_one_pair_of_the_same_actor_is_enough():
    assert reason(FOUR_EYES, *by("anna", "bolat"), row("P6", resource="bolat")) == "SAME_ACTOR"


# --- availability

CLOCK_ROUND = norm(AvailabilityWindow, steps=("P1", "P3"), unavailable=("DOWN", "TIMEOUT"), target=0.99)
OPEN_HOURS = msgspec.structs.replace(CLOCK_ROUND, calendar="provider-hours")


def tried(*attempts, **changes):
    return [row("P1", when, when + SECOND, outcome=outcome, **changes) for when, outcome in attempts]


def test_attempts_are_counted_one_by_one():
    given_ = answer(CLOCK_ROUND, *tried((TEN, "ok"), (TEN, "DOWN"), (TEN, "AUTH_FAIL"), (TEN, None)))
    assert given_.units == Units(met=2, broken=1, undecided=1)
    assert given_.reason == "UNAVAILABLE"
    assert reason(CLOCK_ROUND, *tried((TEN, "ok"))) == "pass"
    for blank in (None, "", " "):
        assert reason(CLOCK_ROUND, *tried((TEN, blank))) == "NO_DATA"
    assert reason(CLOCK_ROUND, row("P6"), row("P8")) == "OTHER_BRANCH"


def test_only_attempts_within_the_hours_count():
    night, noon = at("23:00"), at("12:00")
    given_ = answer(OPEN_HOURS, *tried((night, "DOWN"), (noon, "ok")))
    assert (given_.verdict, given_.units) == ("pass", Units(met=1))
    assert reason(OPEN_HOURS, *tried((night, "DOWN"))) == "OUT_OF_SCOPE"
    assert reason(OPEN_HOURS, *tried((noon, "DOWN"))) == "UNAVAILABLE"
    assert reason(OPEN_HOURS, row("P1", None, noon, outcome="DOWN")) == "MISSING_START"


@pytest.mark.parametrize(
    ("when", "expected"),
    [("08:00", "RESOLUTION"), ("09:00", "UNAVAILABLE"), ("20:00", "RESOLUTION"), ("21:30", "OUT_OF_SCOPE")],
)
def test_a_coarse_clock_leaves_the_edges_of_the_hours_open(when, expected):
    assert reason(OPEN_HOURS, *tried((at(when), "DOWN"), resolution_us=HOUR)) == expected


def test_a_clock_of_days_never_tells_the_hours():
    assert reason(OPEN_HOURS, *tried((at("12:00"), "DOWN"), resolution_us=DAY)) == "RESOLUTION"
    assert reason(CLOCK_ROUND, *tried((at("12:00"), "DOWN"), resolution_us=DAY)) == "UNAVAILABLE"


# --- the same day, without a cut-off

ONE_DAY = norm(SameLocalDay, as_recorded=True)
ANSWER_DAY = norm(SameLocalDay, start="P5", to=("P8",))


def days(*moments, **changes):
    return [row(s, None, at(m), **changes) for s, m in zip(WHOLE, moments, strict=False)]


def test_the_last_row_is_on_the_day_of_the_first():
    assert reason(ONE_DAY, *days("00:00", "12:00", "23:59")) == "pass"
    assert reason(ONE_DAY, *days("10:00", "2013-05-16T00:00")) == "NOT_SAME_DAY"
    assert reason(ONE_DAY, *days("2013-05-18T23:00")) == "pass"


def test_a_case_that_is_not_over_may_still_leave_its_day():
    ended = msgspec.structs.replace(ONE_DAY, as_recorded=False)
    assert reason(ended, *days("10:00", "11:00")) == "OPEN"
    assert reason(ended, *days("10:00", "2013-05-16T10:00")) == "NOT_SAME_DAY"
    assert reason(ended, *days("10:00", "11:00", "12:00", "13:00", "14:00")) == "pass"


def test_rows_without_an_end_leave_first_and_last_open():
    assert reason(ONE_DAY, *days("10:00", "11:00"), row("P5", TEN, None)) == "OPEN"
    assert reason(ONE_DAY, *days("10:00", "11:00", resolution_us=DAY)) == "RESOLUTION"
    assert reason(ONE_DAY, *days("10:00", "2013-05-19T11:00", resolution_us=DAY)) == "NOT_SAME_DAY"


def test_what_came_before_the_question_does_not_answer_it():
    before, sent, after = (
        row(s, None, at(m)) for s, m in (("P8", "09:00"), ("P5", "10:00"), ("P8", "11:00"))
    )
    assert reason(ANSWER_DAY, before, sent) == "MISSING_STEP"
    assert reason(ANSWER_DAY, before, sent, after) == "pass"
    late = row("P8", None, at("2013-05-16T11:00"))
    assert reason(ANSWER_DAY, before, sent, late) == "NOT_SAME_DAY"
    assert reason(ANSWER_DAY, sent, row("P8", None, at("10:00"))) == "TIE"


def test_without_a_calendar_every_start_counts():
    night = [row("P5", TEN, at("23:30")), row("P8", TEN, at("2013-05-16T00:10"))]
    assert reason(ANSWER_DAY, *night) == "NOT_SAME_DAY"
    sunday = [row("P5", TEN, at("2013-05-19T10:00")), row("P8", TEN, at("2013-05-19T11:00"))]
    assert reason(ANSWER_DAY, *sunday) == "pass"


# --- two moments that the case states

DEADLINE = norm(MomentOrder, first="enddate", then="deadline")


def stated(step, **attributes):
    return row(step, attributes=attributes)


def test_the_case_ends_before_its_deadline():
    assert reason(DEADLINE, stated("P1", enddate=TEN + 5, deadline=TEN + 9), row("P8")) == "pass"
    assert reason(DEADLINE, stated("P1", enddate=TEN + 10, deadline=TEN + 9), row("P8")) == "AFTER_MOMENT"
    late = [
        row("P1", TEN, TEN + 1),
        row("P3", TEN, TEN + 2, attributes={"enddate": TEN + 10, "deadline": TEN + 9}),
    ]
    assert reason(DEADLINE, *late) == "AFTER_MOMENT"
    parts = [
        row("P1", TEN, TEN + 1, attributes={"deadline": TEN + 9}),
        row("P3", TEN, TEN + 2, attributes={"enddate": TEN + 8}),
    ]
    assert reason(DEADLINE, *parts) == "pass"


def test_a_case_that_states_no_moment_is_not_shown():
    assert reason(DEADLINE, stated("P1", deadline=9), row("P8")) == "NO_DATA"
    assert reason(DEADLINE, stated("P1", deadline=9)) == "OPEN"
    assert reason(DEADLINE, stated("P8", enddate="5", deadline=9)) == "BAD_INPUT"


def test_a_moment_that_came_too_late_says_when_and_by_how_much():
    deadline = at("2013-05-15T10:00")
    late = deadline + ((26 * 60 + 3) * 60 + 1) * 1_000_000 + 500_000
    found = answer(DEADLINE, stated("P1", enddate=late, deadline=deadline), row("P8"))
    assert found.detail == (
        "enddate (2013-05-16 12:03:01) is 1 d 2 h 3 min 1.5 s after deadline (2013-05-15 10:00:00)"
    )
    assert reason(DEADLINE, stated("P1", enddate=10**18, deadline=deadline), row("P8")) == "BAD_INPUT"
