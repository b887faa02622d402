"""Larger studies of one clinic, played by the engines and by the actors."""

import pytest

from sim.load.task import plan_of
from tests.scenarios.compared import differences
from tests.scenarios.enacted_studies import studies
from tests.scenarios.small_studies import ready

LARGE = studies(1.6)


@pytest.mark.parametrize("seed", [11, 12, 13])
@pytest.mark.parametrize("name", LARGE)
def test_the_actors_leave_the_rows_of_the_log(tmp_path, name, seed):
    known = ready(tmp_path, LARGE[name])
    found, rows = differences(known, plan_of(known.source()), tmp_path, seed)
    assert found == []
    assert rows > 500
