"""The engine says of a saved log what the plain evaluator says of its rows: figures, reasons, findings.

A few drawn logs here; hundreds in ``make test-large``.
"""

from hypothesis import given
from hypothesis import strategies as st

from tests.conformance.engine.agreement import PACK, ROUTES, drawing, require_agreement, with_norms
from tests.conformance.engine.drawn_logs import facts_beside, logs
from tests.conformance.engine.drawn_norms import norm_lists


@drawing(8)
@given(rows=logs(PACK), batch_rows=st.sampled_from([3, 10, 1_000_000]))
def test_the_engine_agrees_with_the_plain_evaluator(rows, batch_rows):
    require_agreement(PACK, rows, batch_rows=batch_rows)


@drawing(8)
@given(norms=norm_lists(), rows=logs(PACK, ROUTES), beside=facts_beside())
def test_the_engine_agrees_on_packs_of_any_norms(norms, rows, beside):
    require_agreement(with_norms(norms), rows, **beside)
