"""The engine says of a saved log what the plain evaluator says of its rows: figures, reasons, findings.

A few drawn logs here; hundreds in ``make test-large``.
"""

from contextlib import ExitStack
from itertools import permutations
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from conformance.engine import attribute_values, class_count, durations, run
from tests.conformance.engine.agreement import PACK, ROUTES, drawing, require_agreement, with_norms
from tests.conformance.engine.drawn_logs import facts_beside, logs
from tests.conformance.engine.drawn_norms import norm_lists
from tests.conformance.fragments import route


@drawing(4)
@given(rows=logs(PACK), batch_rows=st.sampled_from([3, 10, 1_000_000]), trusting=st.booleans())
def test_the_engine_agrees_with_the_plain_evaluator(rows, batch_rows, trusting):
    require_agreement(PACK, rows, batch_rows=batch_rows, trusting=trusting)


@drawing(5)
@given(norms=norm_lists(), rows=logs(PACK, ROUTES), beside=facts_beside())
def test_the_engine_agrees_on_packs_of_any_norms(norms, rows, beside):
    require_agreement(with_norms(norms), rows, **beside)


@drawing(5)
@given(
    rows=logs(PACK),
    batch_rows=st.sampled_from([10, 1_000_000]),
    chunk=st.sampled_from([0, 3, 20]),
    known=st.sampled_from([0, 5, 60]),
    steps=st.sampled_from([0, 10, 1_000]),
    durations_kept=st.sampled_from([0, 10, 1_000]),
    sample=st.sampled_from([0, 100_000]),
)
def test_nothing_depends_on_how_much_is_kept_in_memory(  # noqa: PLR0917 - each drawn
    rows, batch_rows, chunk, known, steps, durations_kept, sample
):
    limits = [(run, "CHUNK_ROWS", chunk), (run, "MAX_KNOWN_ROWS", known)]
    limits += [(class_count, "MAX_KNOWN", known), (class_count, "MAX_ROUTE_STEPS", steps)]
    limits += [(durations, "MAX_KEPT", durations_kept), (attribute_values, "SAMPLE_ROWS", sample)]
    with ExitStack() as stack:
        for module, name, limit in limits:
            stack.enter_context(patch.object(module, name, limit))
        require_agreement(PACK, rows, batch_rows=batch_rows)


def test_the_fresh_cases_of_a_batch_are_read_few_rows_at_a_time():
    read, rows_of = [], run.rows_of

    def watched(log, case_ids):
        read.append(rows_of(log, case_ids))
        return read[-1]

    steps = ["P1", "P3", "P5", "P6", "P8"]
    orders = list(permutations(steps))[:30]
    rows = [one for n, order in enumerate(orders) for one in route(*order, case_id=f"c{n:02}")]
    with patch.object(run, "CHUNK_ROWS", 20), patch.object(run, "rows_of", watched):
        require_agreement(PACK, rows)
    assert [len(part) for part in read] == [20] * 7 + [10]
