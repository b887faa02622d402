"""The verdict of every case: the engine writes what the plain evaluator says, and the worst counts."""

import tempfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from conformance.answers import PASSED, because
from conformance.case_verdicts import ToldCases, told_of
from conformance.engine.judging import judge_log
from conformance.judge import judge
from conformance.log_file import read_log, write_log
from conformance.verdicts import Reason
from tests.conformance.engine.agreement import PACK, ROUTES, drawing, with_norms
from tests.conformance.engine.drawn_logs import facts_beside, logs
from tests.conformance.engine.drawn_norms import norm_lists
from tests.conformance.fragments import SECOND, route


def verdicts(pack, rows, batch_rows=1_000_000, **beside):
    """Return the verdicts of cases by the plain evaluator, and by the engine."""
    with tempfile.TemporaryDirectory() as folder:
        log, plain, fast = (Path(folder) / name for name in ("log.parquet", "plain.parquet", "fast.parquet"))
        write_log(rows, log)
        told = ToldCases()
        judge(pack, read_log(log), told=told, **beside)
        told.write(plain)
        judge_log(pack, log, batch_rows=batch_rows, verdicts=fast, **beside)
        return [duckdb.read_parquet(str(path)).fetchall() for path in (plain, fast)]


@drawing(4)
@given(rows=logs(PACK), batch_rows=st.sampled_from([3, 1_000_000]))
def test_the_engine_writes_what_the_plain_evaluator_says(rows, batch_rows):
    plain, fast = verdicts(PACK, rows, batch_rows)
    assert plain == fast
    assert [case for case, *_ in plain] == sorted({row.case_id for row in rows})


@drawing(4)
@given(norms=norm_lists(), rows=logs(PACK, ROUTES), beside=facts_beside())
def test_it_does_for_any_norms(norms, rows, beside):
    plain, fast = verdicts(with_norms(norms), rows, **beside)
    assert plain == fast


def test_a_late_step_breaks_its_norm_in_its_case_alone():
    steps = ("P1", "P3", "P5", "P6", "P8")
    late = [row for row in route(*steps, case_id="late") if row.step != "P6"]
    slow = next(row for row in route(*steps, case_id="late") if row.step == "P6")
    late.append(replace(slow, enabled_us=slow.completed_us - 61 * SECOND))
    _, fast = verdicts(PACK, [*late, *route(*steps, case_id="well")])
    by_case = {case: norms.split("\n") for case, _, norms in fast}
    assert "S1.P6.limit fail OVER_LIMIT" in by_case["late"]
    assert not any(line.startswith("S1.P6.limit") for line in by_case["well"])


NORMS = {norm.id: norm for norm in PACK.norms}
ONE, TWO = NORMS["S1.P1.limit"], NORMS["S1.P8.limit"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            [(ONE, PASSED), (TWO, because(Reason.NORM_UNKNOWN, ""))],
            "pass\nS1.P8.limit inconclusive NORM_UNKNOWN",
        ),
        ([(TWO, because(Reason.NORM_UNKNOWN, ""))], "inconclusive\nS1.P8.limit inconclusive NORM_UNKNOWN"),
        ([(ONE, PASSED), (TWO, because(Reason.OPEN, ""))], "inconclusive\nS1.P8.limit inconclusive OPEN"),
        ([(ONE, because(Reason.OVER_LIMIT, "")), (TWO, PASSED)], "fail\nS1.P1.limit fail OVER_LIMIT"),
        (
            [(ONE, because(Reason.OPEN, "")), (TWO, because(Reason.BAD_INPUT, ""))],
            "error\nS1.P8.limit error BAD_INPUT\nS1.P1.limit inconclusive OPEN",
        ),
        ([(ONE, because(Reason.OTHER_BRANCH, ""))], "inconclusive"),
        ([], "inconclusive"),
    ],
)
def test_the_worst_counts_and_what_the_pack_leaves_open_does_not(said, told):
    assert told_of(said) == told
