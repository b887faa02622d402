"""Waits known in closed form, quickly; tests/load asks more and longer."""

import pytest

from tests.sim.load.theory import (
    Queues,
    cobham_waits_s,
    erlang_c_wait_s,
    pollaczek_khinchine_wait_s,
    waits_of,
)

pytestmark = pytest.mark.xdist_group("the compiled loop")


def test_the_formulas_agree_where_they_speak_of_the_same_queue():
    assert erlang_c_wait_s(1, 0.8) == pytest.approx(4)
    assert pollaczek_khinchine_wait_s(0.8, 1) == pytest.approx(4)
    assert cobham_waits_s([0.8]) == pytest.approx([4])
    assert erlang_c_wait_s(3, 0.8) == pytest.approx(1.0787, abs=1e-4)


def test_services_of_fixed_length_keep_to_pollaczek_and_khinchine():
    waits = waits_of(Queues((1,), (1 / 0.5,), fixed=True), seed=5, replications=20, cases=10_000, warm_up=500)

    found = waits.interval(0)
    assert pollaczek_khinchine_wait_s(0.5, 0) in found
    assert found.width < 0.02
    assert pollaczek_khinchine_wait_s(0.5, 1) not in found
