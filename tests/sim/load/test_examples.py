"""Every mechanism by an example small enough to be reckoned by hand, in every engine."""

import pytest

from sim.load.network import Change, CutoffRule, HoursTable, Kind, RetryRule, SlotTime, always
from sim.load.programs import NONE, Label, Op, Programs
from sim.load.state import ABANDONED, ENDED, NEVER, WAITS
from tests.sim.load.playing import ENGINES, draft, drawn_cases, network, played, visits

pytestmark = [pytest.mark.xdist_group("the compiled loop"), pytest.mark.parametrize("engine", ENGINES)]

OPENS = -NEVER
DESK = Kind("desk", always(1))


def programs_of(*drafts):
    """Return programs of *drafts*, and where each begins."""
    programs = Programs()
    begins = []
    for lines, times in drafts:
        lines.times[:] = [str(number) for number in range(times)]
        begins.append(programs.add(lines))
    return programs, begins


def served(kind=0, time=0, *, patience=NONE, otherwise=NONE, retry=NONE, step=0):
    """Return the lines of one step at one station."""
    return (
        (Op.BEGIN, step),
        (Op.SEIZE, kind, 1, patience, otherwise, retry),
        (Op.SPEND, kind, time),
        (Op.RELEASE, kind),
        (Op.RECORD, 0),
    )


def one_step(times=1, **how):
    return programs_of((draft(*served(**how)), times))


def test_who_waits_is_served_when_the_server_is_free(engine):
    programs, _ = one_step()

    outcome = played(network(programs, DESK), drawn_cases([(0, 0, [10]), (4, 0, [5])]), engine)

    assert visits(outcome) == [(0, 0, 0, 0, 10), (1, 0, 4, 10, 15)]
    assert outcome.rows.waited_us.tolist() == [0, 6]
    assert outcome.rows.enabled_us.tolist() == [0, 4]
    assert outcome.rows.started_us.tolist() == [0, 10]
    assert outcome.rows.completed_us.tolist() == [10, 15]
    assert outcome.rows.server.tolist() == [1, 1]


def test_the_free_server_with_the_lowest_number_is_given(engine):
    programs, _ = one_step()
    cases = drawn_cases([(0, 0, [9]), (1, 0, [1]), (1, 0, [9]), (5, 0, [1])])

    outcome = played(network(programs, Kind("desk", always(3))), cases, engine)

    assert outcome.rows.server.tolist() == [1, 2, 3, 2]


def test_at_an_outage_the_queue_stays_and_is_served_afterwards(engine):
    programs, _ = one_step()
    changes = ((Change(OPENS, 1), Change(3, 0), Change(20, 1)),)

    outcome = played(
        network(programs, Kind("desk", changes)), drawn_cases([(2, 0, [5]), (4, 0, [1])]), engine
    )

    assert visits(outcome) == [(0, 0, 2, 2, 7), (1, 0, 4, 20, 21)]


def test_at_the_end_of_a_shift_a_service_is_finished_and_the_server_goes(engine):
    programs, _ = one_step()
    changes = ((Change(OPENS, 2), Change(5, 1)),)
    cases = drawn_cases([(0, 0, [20]), (0, 0, [8]), (6, 0, [2]), (7, 0, [2])])

    outcome = played(network(programs, Kind("desk", changes)), cases, engine)

    assert visits(outcome)[2:] == [(2, 0, 6, 20, 22), (3, 0, 7, 22, 24)]
    assert outcome.rows.server.tolist() == [1, 2, 1, 1]


def test_a_server_who_comes_back_while_finishing_is_not_there_twice(engine):
    programs, _ = one_step()
    changes = ((Change(OPENS, 1), Change(2, 0), Change(4, 1)),)

    outcome = played(
        network(programs, Kind("desk", changes)), drawn_cases([(0, 0, [9]), (1, 0, [3])]), engine
    )

    assert visits(outcome) == [(0, 0, 0, 0, 9), (1, 0, 1, 9, 12)]


def calling(retry, times=1):
    again, otherwise = Label(), Label()
    made = draft()
    made.lines.clear()
    made.put(Op.BEGIN, 0)
    made.place(again)
    made.put(Op.TRY, 0, retry, again, otherwise)
    for line in served()[1:]:
        made.put(*line)
    made.put(Op.END)
    made.place(otherwise)
    made.put(Op.RECORD, 1)
    made.put(Op.END)
    return programs_of((made, times))[0]


def test_who_is_refused_comes_back_after_longer_and_longer_pauses(engine):
    kind = Kind("desk", ((Change(OPENS, 1), Change(5, 1, refuses=True), Change(100, 1)),))
    plan = network(calling(0), kind, retries=(RetryRule(10, 200, 30),))

    outcome = played(plan, drawn_cases([(6, 0, [3])]), engine)

    # calls at 6, 16, 36, 66 (30 is the longest pause), 96, 126
    assert visits(outcome) == [(0, 0, 126, 126, 129)]


def test_after_the_last_attempt_one_goes_elsewhere(engine):
    kind = Kind("desk", ((Change(OPENS, 1, refuses=True),),))
    plan = network(calling(0), kind, retries=(RetryRule(10, 150, attempts=3),))

    outcome = played(plan, drawn_cases([(0, 0, [3])]), engine)

    assert visits(outcome) == []
    assert outcome.rows.outcome.tolist() == [1]
    assert outcome.rows.completed_us.tolist() == [10 + 15 + 22]


def test_patience_that_ends_when_a_server_becomes_free_has_ended(engine):
    programs, _ = one_step(times=2, patience=1)
    cases = drawn_cases([(0, 0, [10, 99]), (4, 0, [5, 6]), (4, 0, [5, 7])])

    outcome = played(network(programs, DESK), cases, engine)

    assert outcome.cases.phase.tolist() == [ENDED, ABANDONED, ENDED]
    assert visits(outcome) == [(0, 0, 0, 0, 10), (1, 0, 4, -1, 10), (2, 0, 4, 10, 15)]
    assert outcome.rows.completed_us.tolist() == [10, -1, 15]
    assert outcome.rows.note.tolist() == [-1, 10, -1]


def test_who_lost_patience_joins_the_queue_again(engine):
    programs, _ = one_step(times=2, patience=1, retry=0)
    programs.visits = 3
    plan = network(programs, DESK, retries=(RetryRule(2, 200, attempts=3),))
    cases = drawn_cases([(0, 0, [13, 99]), (1, 0, [5, 3])])

    outcome = played(plan, cases, engine)

    # waits 1 to 4, comes again at 6, waits until 9, comes again after twice the pause
    assert visits(outcome)[1:] == [(1, 0, 1, -1, 4), (1, 0, 6, -1, 9), (1, 0, 13, 13, 18)]
    assert outcome.rows.waited_us.tolist() == [0, 6]


def test_who_lost_patience_goes_elsewhere(engine):
    otherwise = Label()
    made = draft(*served(patience=1, otherwise=otherwise))
    made.place(otherwise)
    made.put(Op.RECORD, 2)
    made.put(Op.END)
    programs, _ = programs_of((made, 2))

    outcome = played(network(programs, DESK), drawn_cases([(0, 0, [9, 99]), (1, 0, [5, 3])]), engine)

    assert outcome.cases.phase.tolist() == [ENDED, ENDED]
    assert outcome.rows.outcome.tolist() == [0, 2]
    assert outcome.rows.completed_us.tolist() == [9, 4]


def test_who_gives_up_gives_the_server_back_that_he_has(engine):
    impatient = draft(
        (Op.BEGIN, 0),
        (Op.SEIZE, 0, 1),
        (Op.SPEND, 0, 0),
        (Op.SEIZE, 1, 1, 1),
        (Op.RELEASE, 1),
        (Op.RELEASE, 0),
    )
    programs, (first, second, third) = programs_of(
        (draft(*served(kind=1)), 1), (impatient, 2), (draft(*served()), 1)
    )
    plan = network(programs, DESK, Kind("doctor", always(1)))
    cases = drawn_cases([(0, first, [50]), (0, second, [4, 10]), (1, third, [3])])

    outcome = played(plan, cases, engine)

    assert outcome.cases.phase.tolist() == [ENDED, ABANDONED, ENDED]
    assert visits(outcome) == [(0, 1, 0, 0, 50), (1, 0, 0, 0, 14), (1, 1, 4, -1, 14), (2, 0, 1, 14, 17)]


def test_the_urgent_are_served_first_and_nobody_is_interrupted(engine):
    programs, _ = one_step()
    cases = drawn_cases([(0, 0, [10], 0, 1), (1, 0, [1], 0, 2), (2, 0, [1], 0, 1), (3, 0, [1], 0, 0)])

    outcome = played(network(programs, DESK, priorities=3), cases, engine)

    assert outcome.visits.started_us.tolist() == [0, 12, 11, 10]


def test_of_equal_moments_the_lower_case_is_served_first(engine):
    programs, (quick, slow) = programs_of(
        (draft((Op.SPEND, NONE, 0), *served(time=1)), 2), (draft(*served()), 1)
    )
    cases = drawn_cases([(0, quick, [5, 1]), (5, slow, [1]), (5, slow, [1])])

    outcome = played(network(programs, DESK), cases, engine)

    assert outcome.visits.started_us.tolist() == [5, 6, 7]


def test_of_those_who_ask_at_one_moment_the_lower_case_is_first_even_if_it_asks_later(engine):
    programs, (direct, detour) = programs_of(
        (draft(*served(kind=1)), 1), (draft(*served(kind=0), *served(kind=1, time=1)), 2)
    )
    plan = network(programs, DESK, Kind("doctor", always(1)))
    cases = drawn_cases([(0, direct, [10]), (5, detour, [0, 3]), (5, direct, [3])])

    outcome = played(plan, cases, engine)

    assert visits(outcome)[2:] == [(1, 1, 5, 10, 13), (2, 1, 5, 13, 16)]


def test_who_has_arrived_earlier_comes_before_who_arrives_now(engine):
    programs, (walks, comes) = programs_of(
        (draft((Op.BEGIN, 0), (Op.SPEND, NONE, 0), (Op.NUMBER,), (Op.RECORD, 0)), 1),
        (draft((Op.BEGIN, 0), (Op.NUMBER,), (Op.RECORD, 0)), 0),
    )

    outcome = played(network(programs), drawn_cases([(0, walks, [5]), (5, comes, [])]), engine)

    assert outcome.rows.request.tolist() == [1, 2]


def test_what_follows_at_the_same_moment_comes_before_the_next_server_is_given(engine):
    programs, _ = one_step()
    cases = drawn_cases([(0, 0, [0]), (0, 0, [4])])

    outcome = played(network(programs, Kind("desk", always(2))), cases, engine)

    assert outcome.rows.server.tolist() == [1, 1]


def booking(hold_us):
    """Return a network of one office with two slots; who gets none leaves no row."""
    gone = Label()
    made = draft()
    made.lines.clear()
    for line in (
        (Op.BEGIN, 0), (Op.HOLD_SLOT, gone), (Op.SPEND, NONE, 0), (Op.TAKE_SLOT, gone), (Op.RECORD, 0)
    ):  # fmt: skip
        made.put(*line)
    made.place(gone)
    made.put(Op.END)
    programs, _ = programs_of((made, 1))
    slots = (SlotTime(200, 0, 0), SlotTime(100, 0, 0), SlotTime(50, 0, 7))
    return network(programs, slots=slots, doctors=(1,), slot_hold_us=hold_us)


def test_a_slot_whose_hold_has_passed_goes_to_somebody_else(engine):
    cases = drawn_cases([(0, 0, [20]), (10, 0, [5]), (12, 0, [5]), (12, 0, [9])])

    outcome = played(booking(10), cases, engine)

    # slots in order: 1 begins at 100, 2 at 200; the doctor of 0 is not here. The first case comes too late.
    assert outcome.rows.case.tolist() == [1, 2]
    assert outcome.rows.slot.tolist() == [1, 2]


def test_a_slot_is_still_ones_own_after_the_hold_if_nobody_took_it(engine):
    outcome = played(booking(10), drawn_cases([(0, 0, [20])]), engine)

    assert outcome.rows.slot.tolist() == [1]


def test_a_slot_is_held_to_the_end_of_the_hold(engine):
    outcome = played(booking(11), drawn_cases([(0, 0, [20]), (10, 0, [5])]), engine)

    assert outcome.rows.slot.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("arrival_us", "late_waits", "starts_us"),
    [
        (5, True, 10),
        (10, True, 10),
        (17, True, 17),
        (18, True, 110),
        (18, False, 18),
        (25, True, 110),
        (25, False, 110),
    ],
)
def test_a_late_request_waits_for_the_next_day_if_the_rule_says_so(engine, arrival_us, late_waits, starts_us):
    hours = HoursTable(((10, 20), (110, 120)), ((0, 20), (100, 120)))
    programs, _ = programs_of((draft((Op.ADMIT, 0), *served()), 1))
    plan = network(programs, DESK, hours=hours, rules=(CutoffRule(3, late_waits),))

    outcome = played(plan, drawn_cases([(arrival_us, 0, [2])]), engine)

    assert outcome.rows.enabled_us.tolist() == [starts_us]


@pytest.mark.parametrize(
    ("arrival_us", "is_late"), [(17, False), (18, True), (20, True), (99, True), (205, True)]
)
def test_whoever_is_late_goes_elsewhere(engine, arrival_us, is_late):
    hours = HoursTable(((10, 20), (110, 120)), ((0, 20), (100, 120), (200, NONE)))
    late = Label()
    made = draft((Op.BEGIN, 0), (Op.LATE, 0, late), (Op.RECORD, 0))
    made.place(late)
    made.put(Op.RECORD, 1)
    made.put(Op.END)
    programs, _ = programs_of((made, 0))

    outcome = played(
        network(programs, hours=hours, rules=(CutoffRule(3),)), drawn_cases([(arrival_us, 0, [])]), engine
    )

    assert outcome.rows.outcome.tolist() == [int(is_late)]


def test_each_office_has_its_own_servers_and_numbers(engine):
    programs, _ = programs_of((draft((Op.NUMBER,), (Op.MESSAGE,), *served()), 1))
    plan = network(programs, Kind("desk", always(1, 2), per_office=True), offices=2)
    cases = drawn_cases([(0, 0, [9], 0), (1, 0, [9], 1), (2, 0, [9], 0)])

    outcome = played(plan, cases, engine)

    assert outcome.visits.started_us.tolist() == [0, 1, 9]
    assert outcome.rows.request.tolist() == [1, 1, 2]
    assert outcome.rows.message.tolist() == [1, 1, 2]


def test_where_there_is_no_end_of_servers_nobody_waits_and_no_visit_is_noted(engine):
    programs, _ = one_step()

    outcome = played(network(programs, Kind("home", None)), drawn_cases([(0, 0, [9]), (1, 0, [9])]), engine)

    assert outcome.rows.completed_us.tolist() == [9, 10]
    assert outcome.rows.server.tolist() == [0, 0]
    assert visits(outcome) == []


def test_a_step_can_be_completed_before_its_row_is_written(engine):
    programs, _ = programs_of(
        (
            draft(
                (Op.BEGIN, 4), (Op.MARK,), (Op.SPEND, NONE, 0), (Op.COMPLETE,), (Op.NOTE_SINCE,),
                (Op.SPEND, NONE, 0), (Op.RECORD, 0), (Op.BEGIN, 5), (Op.NOTE_NOW,), (Op.RECORD, 0),
            ),
            1,
        )
    )  # fmt: skip

    outcome = played(network(programs), drawn_cases([(3, 0, [5])]), engine)

    assert outcome.rows.step.tolist() == [4, 5]
    assert outcome.rows.completed_us.tolist() == [8, 13]
    assert outcome.rows.note.tolist() == [5, 13]


def test_the_horizon_leaves_open_what_has_not_ended(engine):
    programs, _ = one_step()
    cases = drawn_cases([(0, 0, [10]), (5, 0, [5]), (10, 0, [5]), (15, 0, [5]), (16, 0, [5])])

    outcome = played(network(programs, DESK, horizon_us=15), cases, engine)

    assert outcome.cases.number.tolist() == [0, 1, 2, 3]
    assert outcome.cases.phase.tolist()[:2] == [ENDED, ENDED]
    assert outcome.cases.phase.tolist()[3] == WAITS
    assert visits(outcome)[1:] == [(1, 0, 5, 10, 15), (2, 0, 10, 15, -1), (3, 0, 15, -1, -1)]
