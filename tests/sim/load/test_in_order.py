"""Cases that end in any order are given out by their numbers, with their rows."""

from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.load import in_order
from sim.load.blocks import CaseColumns, PlayedCases, RowColumns, VisitColumns, joined
from sim.load.in_order import InOrder


def block_of(numbers):
    """Return a block of cases with these numbers; case *n* has ``n % 3`` rows, told apart by their steps."""
    numbers = np.array(sorted(numbers), np.int64)
    rows = np.repeat(numbers, numbers % 3)
    steps = np.concatenate([np.arange(n % 3) for n in numbers.tolist()] or [np.empty(0, np.int64)])
    case = {"number": numbers}
    row = {"case": rows, "step": steps}
    return PlayedCases(
        CaseColumns(**{name: case.get(name, numbers) for name in CaseColumns.__slots__}),
        RowColumns(**{name: row.get(name, rows) for name in RowColumns.__slots__}),
        VisitColumns(*(rows for _ in VisitColumns.__slots__)),
    )


@given(
    endings=st.integers(0, 60).flatmap(lambda count: st.permutations(range(count))),
    cuts=st.lists(st.integers(1, 7), max_size=20),
)
def test_whatever_ends_first_comes_in_order_and_whole(endings, cuts):
    sizes, given_out, taken = iter(cuts), [], 0
    with patch.object(in_order, "SHEET", 5):
        order = InOrder()
        while endings:
            size = next(sizes, 4)
            taken += min(size, len(endings))
            given_out += order.add(block_of(endings[:size]))
            endings = endings[size:]
        given_out += order.rest()
    numbers = [number for ready in given_out for number in ready.cases.number.tolist()]
    assert numbers == list(range(taken))
    whole, expected = joined(given_out), block_of(range(taken))
    assert np.array_equal(whole.rows.case, expected.rows.case)
    assert np.array_equal(whole.rows.step, expected.rows.step)


def test_a_full_sheet_does_not_wait_for_later_ones():
    with patch.object(in_order, "SHEET", 5):
        order = InOrder()
        assert list(order.add(block_of([1, 2, 3, 4, 9]))) == []
        (ready,) = order.add(block_of([0, 7]))
        assert ready.cases.number.tolist() == [0, 1, 2, 3, 4]
