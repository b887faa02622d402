"""SimPy's own event queue and stations against the C loop that benchmarks/engines.py measures engines by."""

from fractions import Fraction

import pytest

from benchmarks import c_loop
from benchmarks.peers import plain_simpy
from benchmarks.reference_work import (
    COLUMNS,
    ROUTES,
    STEPS,
    AbsentError,
    count_unlike,
    draw,
    loads,
    mean_wait_s,
)

REQUESTS = 2_000


@pytest.fixture(scope="module")
def loop():
    try:
        return c_loop.compiled()[0]
    except AbsentError as absent:
        pytest.skip(str(absent))


def rows_of(prepared):
    return prepared.read(prepared.run())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_c_loop_writes_the_rows_of_simpy(loop, seed):
    work = draw(REQUESTS, seed)

    rows, oracle = rows_of(c_loop.bound(loop, work)), rows_of(plain_simpy.prepare(work))

    assert oracle.shape == (REQUESTS * STEPS, len(COLUMNS))
    assert count_unlike(rows, oracle) == 0
    assert mean_wait_s(oracle) > 1, "nobody waits: this work tells no engine from another"


def test_another_row_and_a_missing_one_are_counted(loop):
    work = draw(REQUESTS)
    oracle = rows_of(plain_simpy.prepare(work))
    work.service_us[-1, -1] += 1

    rows = rows_of(c_loop.bound(loop, work))

    assert count_unlike(rows, oracle) == 1
    assert count_unlike(rows[:-2], oracle) == 2


def test_every_station_is_exactly_four_fifths_busy():
    assert set(loads()) == {Fraction(4, 5)}
    assert {len(route) for route in ROUTES} == {STEPS}
