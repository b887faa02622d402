import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from actors.schedule import Schedule, Slot, SlotState, working_slots

HOLD = 900
TIMES = {"2013-05-16T09:20": 11_200, "2013-05-16T09:00": 10_000}
FIRST, SECOND = "doctor-1@2013-05-16T09:00", "doctor-1@2013-05-16T09:20"


@pytest.fixture
def schedule():
    return Schedule(working_slots(["doctor-1"], TIMES), HOLD)


def test_each_doctor_has_each_time():
    slots = working_slots(["doctor-1", "doctor-2"], TIMES)

    assert len({slot.id for slot in slots}) == 4
    assert Slot("doctor-2", "2013-05-16T09:00", 10_000) in slots


def test_free_slots_come_earliest_first(schedule):
    assert [slot.id for slot in schedule.free_slots(0)] == [FIRST, SECOND]


def test_a_slot_that_has_begun_is_not_offered(schedule):
    assert [slot.id for slot in schedule.free_slots(9_999)] == [FIRST, SECOND]
    assert [slot.id for slot in schedule.free_slots(10_000)] == [SECOND]


def test_a_held_slot_is_not_offered_and_not_given_to_another(schedule):
    assert schedule.hold(FIRST, "me", 0)

    assert schedule.state(FIRST, 0) is SlotState.HELD
    assert [slot.id for slot in schedule.free_slots(0)] == [SECOND]
    assert not schedule.hold(FIRST, "you", 1)
    assert not schedule.take(FIRST, "you", 1)
    assert schedule.holder(FIRST) == "me"


def test_a_hold_ends_at_its_last_moment(schedule):
    schedule.hold(FIRST, "me", 0)

    assert schedule.state(FIRST, HOLD - 1) is SlotState.HELD
    assert schedule.state(FIRST, HOLD) is SlotState.FREE
    assert schedule.take(FIRST, "you", HOLD)


def test_whoever_holds_a_slot_can_take_it(schedule):
    schedule.hold(FIRST, "me", 0)

    assert schedule.take(FIRST, "me", 1)
    assert schedule.state(FIRST, 10**9) is SlotState.TAKEN


def test_a_hold_that_ran_out_can_still_be_taken_if_nobody_came(schedule):
    schedule.hold(FIRST, "me", 0)

    assert schedule.is_open_to(FIRST, "me", HOLD + 1)
    assert schedule.take(FIRST, "me", HOLD + 1)


def test_taking_twice_is_taking_once(schedule):
    assert schedule.take(FIRST, "me", 0)
    assert schedule.take(FIRST, "me", 1)
    assert not schedule.take(FIRST, "you", 1)


def test_a_new_hold_does_not_loosen_what_is_taken_for_good(schedule):
    schedule.take(FIRST, "me", 0)

    assert schedule.hold(FIRST, "me", 1)
    assert schedule.state(FIRST, 1 + HOLD) is SlotState.TAKEN


def test_a_second_choice_gives_the_first_one_back(schedule):
    schedule.hold(FIRST, "me", 0)

    assert schedule.hold(SECOND, "me", 1)
    assert [slot.id for slot in schedule.free_slots(1)] == [FIRST]


def test_a_second_choice_that_fails_leaves_the_first_one_held(schedule):
    schedule.take(SECOND, "you", 0)
    schedule.hold(FIRST, "me", 0)

    assert not schedule.hold(SECOND, "me", 1)
    assert schedule.state(FIRST, 1) is SlotState.HELD


def test_release_gives_back_what_is_held_and_not_what_is_taken(schedule):
    schedule.take(FIRST, "me", 0)
    schedule.hold(SECOND, "me", 0)

    schedule.release("me")

    assert schedule.state(FIRST, 1) is SlotState.TAKEN
    assert schedule.state(SECOND, 1) is SlotState.FREE


def test_release_leaves_the_holds_of_others(schedule):
    schedule.hold(FIRST, "you", 0)

    schedule.release("me")

    assert schedule.state(FIRST, 1) is SlotState.HELD


def test_a_registrar_can_seize_what_is_held(schedule):
    schedule.hold(FIRST, "me", 0)

    schedule.seize(FIRST, "telephone")

    assert schedule.holder(FIRST) == "telephone"
    assert not schedule.take(FIRST, "me", 1)


@pytest.mark.parametrize("slot", ["", "doctor-9@2013-05-16T09:00", "\x00"])
def test_an_unknown_slot_can_be_neither_held_nor_taken(schedule, slot):
    assert not schedule.knows(slot)
    assert not schedule.hold(slot, "me", 0)
    assert not schedule.take(slot, "me", 0)
    assert not schedule.is_open_to(slot, "me", 0)
    assert schedule.holder(slot) is None


class ScheduleMachine(RuleBasedStateMachine):
    """Whatever people do in whatever order, a slot given for good stays with one person."""

    def __init__(self):
        super().__init__()
        self.schedule = Schedule(working_slots(["doctor-1"], TIMES), 5)
        self.now, self.given = 0, {}

    slots = st.sampled_from([FIRST, SECOND, "unknown"])
    people = st.sampled_from(["a", "b", "c"])

    @rule(slot=slots, person=people)
    def hold(self, slot, person):
        held = self.schedule.hold(slot, person, self.now)
        assert held <= (self.given.get(slot, person) == person)

    @rule(slot=slots, person=people)
    def take(self, slot, person):
        if self.schedule.take(slot, person, self.now):
            assert self.given.setdefault(slot, person) == person

    @rule(person=people)
    def release(self, person):
        self.schedule.release(person)

    @rule(passed=st.integers(0, 7))
    def wait(self, passed):
        self.now += passed

    @invariant()
    def the_given_stay_given(self):
        for slot, person in self.given.items():
            assert self.schedule.state(slot, self.now) is SlotState.TAKEN
            assert self.schedule.holder(slot) == person

    @invariant()
    def the_free_can_be_had_by_anybody(self):
        for slot in self.schedule.free_slots(self.now):
            assert self.schedule.is_open_to(slot.id, "somebody new", self.now)


ScheduleMachine.TestCase.settings = settings(deadline=None, max_examples=40, stateful_step_count=25)
TestScheduleMachine = ScheduleMachine.TestCase
