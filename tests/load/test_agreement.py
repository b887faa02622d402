"""SimPy, the compiled loop and the uncompiled one leave the same in five hundred drawn networks."""

import pytest

from tests.sim.load.agreement import CONTINUOUS, TIED, over_networks, require_agreement

pytestmark = pytest.mark.xdist_group("the compiled loop")


@over_networks(350, TIED)
def test_the_engines_agree_where_moments_tie(drawn, smallest):
    require_agreement(drawn, smallest)


@over_networks(150, CONTINUOUS)
def test_the_engines_agree_where_moments_differ(drawn, smallest):
    require_agreement(drawn, smallest)
