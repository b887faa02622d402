"""One drawn network through every engine, in any blocks, with any number of desks: the same columns."""

from unittest.mock import patch

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sim.load import desks
from sim.load.engines import Engine
from tests.sim.load.drawn_networks import drawn_networks
from tests.sim.load.playing import differences, played

LOOPS = (Engine.COMPILED, Engine.UNCOMPILED)
TIED, CONTINUOUS = 1, 1_000_003
"""A unit of 1 makes moments equal nearly always, a long one nearly never."""


def drawing(examples):
    """Return the settings of a law over *examples* drawn networks."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        report_multiple_bugs=False,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def over_networks(examples, unit):
    """Let a test take *examples* drawn networks, and desks that are too few or not."""

    def decorate(test):
        return drawing(examples)(
            given(drawn=drawn_networks(unit), smallest=st.sampled_from([1, 4, 1024]))(test)
        )

    return decorate


def require_agreement(drawn, smallest):
    """Require the same from all engines, whatever the blocks and however often desks have to be set up."""
    truth = played(drawn.network, drawn.cases, Engine.SIMPY)
    assert differences(truth, played(drawn.network, drawn.cases, Engine.SIMPY, drawn.sizes)) == []
    for engine in LOOPS:
        assert differences(truth, played(drawn.network, drawn.cases, engine)) == [], engine
        with patch.multiple(desks, SMALLEST=smallest, EVENTS_OF_A_CASE=1):
            assert differences(truth, played(drawn.network, drawn.cases, engine, drawn.sizes)) == [], engine
