"""SimPy, the compiled loop and the uncompiled one leave the same in five hundred drawn networks."""

import pytest

from sim.load.engines import Engine
from tests.sim.load.agreement import CONTINUOUS, LOOPS, TIED, over_networks, require_equal_in_blocks
from tests.sim.load.playing import played

pytestmark = pytest.mark.xdist_group("the compiled loop")


@over_networks(350, TIED)
def test_the_engines_agree_where_moments_tie(drawn, smallest):
    require_one_truth(drawn, smallest)


@over_networks(150, CONTINUOUS)
def test_the_engines_agree_where_moments_differ(drawn, smallest):
    require_one_truth(drawn, smallest)


def require_one_truth(drawn, smallest):
    truth = played(drawn.network, drawn.cases, Engine.SIMPY)
    for engine in LOOPS:
        require_equal_in_blocks(drawn, smallest, truth, engine)
