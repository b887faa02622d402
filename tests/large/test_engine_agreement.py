"""The engine against the plain evaluator on hundreds of drawn logs, by the shipped and by drawn norms.

Two groups of one length: each of two workers has one.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conformance.engine.agreement import PACK, ROUTES, drawing, require_agreement, with_norms
from tests.conformance.engine.drawn_logs import facts_beside, logs
from tests.conformance.engine.drawn_norms import norm_lists


@pytest.mark.xdist_group("drawn logs")
@drawing(100)
@given(rows=logs(PACK), batch_rows=st.sampled_from([3, 10, 1_000_000]), trusting=st.booleans())
def test_the_engine_agrees_with_the_plain_evaluator(rows, batch_rows, trusting):
    require_agreement(PACK, rows, batch_rows=batch_rows, trusting=trusting)


@pytest.mark.xdist_group("a large log")
@drawing(150)
@given(norms=norm_lists(), rows=logs(PACK, ROUTES), beside=facts_beside())
def test_the_engine_agrees_on_packs_of_any_norms(norms, rows, beside):
    require_agreement(with_norms(norms), rows, **beside)
