"""The load at which the first limit breaks, against theory."""

import pytest

from scenarios.breaking_load import LoadSearch
from tests.scenarios.queue_studies import QUEUE, Heard, ready, trials, within

pytestmark = pytest.mark.xdist_group("the compiled loop")

SERVERS, LIMIT, SHARE = 8, 75 / 20, 0.95


def breaking_load_by_theory():
    """Return the load that leaves exactly the share in time, by bisection of the formula."""
    low, high = 0.1, SERVERS / 4 - 1e-6
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (middle, high) if within(SERVERS, 4 * middle, LIMIT) >= SHARE else (low, middle)
    return low


def find(folder, heard=None, tolerance=0.05, **changes):
    known = ready(folder, QUEUE, **changes)
    own = LoadSearch(trials(known, heard=heard), known.study, tolerance, "as given")
    return own, own.find()


@pytest.mark.parametrize("load", [1.0, 4.0])
def test_it_brackets_the_load_of_theory(tmp_path, load):
    by_theory = breaking_load_by_theory()

    own, found = find(tmp_path, load=load)

    assert own.complete
    assert found.holds_at <= by_theory <= found.breaks_at
    assert found.breaks_at / found.holds_at < 1.3
    assert (found.first.step, found.first.norm) == ("P6", "target")
    kept = {tried.value: tried.kept for tried in found.path}
    assert kept[found.holds_at] == "kept"
    assert kept[found.breaks_at] == "not_kept"
    between = {kept for value, kept in kept.items() if found.holds_at < value < found.breaks_at}
    assert between <= {"not_shown"}


def test_each_bound_is_found_to_the_tolerance(tmp_path):
    _, found = find(tmp_path)

    for bound, other in ((found.holds_at, "above"), (found.breaks_at, "below")):
        next_to = [
            tried.value
            for tried in found.path
            if (tried.value > bound if other == "above" else tried.value < bound)
        ]
        nearest = min(next_to, key=lambda value: abs(value - bound))
        assert abs(nearest - bound) <= 0.05 * min(nearest, bound)


def test_a_limit_that_no_load_keeps_holds_nowhere(tmp_path):
    _, found = find(tmp_path, targets={"limits": {"P6": "5 s"}})

    assert found.holds_at is None
    assert found.breaks_at is not None
    assert found.first.step == "P6"


def test_an_interruption_leaves_the_loads_tried_so_far(tmp_path):
    own, found = find(tmp_path, heard=Heard(most=10))

    assert not own.complete
    assert [tried.value for tried in found.path] == [1.0]
    assert found.holds_at == 1.0
    assert found.breaks_at is None
