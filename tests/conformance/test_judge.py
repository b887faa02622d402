"""A log is judged as a whole: exact counts, worst findings, clauses, steps and one outcome."""

import re
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.errors import InputError
from conformance.judge import Judgement, judge, overall
from conformance.norm_verdicts import MAX_FINDINGS, measure
from conformance.norms import NormStatus
from conformance.pack import load_pack
from conformance.regulation import ClauseStatus
from conformance.results import Measured
from conformance.verdicts import Reason, Verdict
from tests.conformance.fragments import MINUTE, SECOND, TEN, route, row

PACK = load_pack("astana-106-1923")
GOOD = {
    "provider": "A",
    "applicant": "natural_person",
    "gateway_message": "m",
    "documents": "c",
    "reason": "NOT_ATTACHED",
    "status_screen": ["iin", "number", "service", "status", "term"],
}
PORTAL_S1 = {("S1", "portal")}


def log(cases=1, *, steps=("P1", "P3", "P5", "P6", "P8"), slow=(), each_us=10 * SECOND):
    rows = []
    for n in range(cases):
        taken = 2 * MINUTE if n in slow else each_us
        rows += route(*steps, case_id=f"c{n:03}", each_us=taken, request_number=str(n), attributes=GOOD)
    return rows


def norm_of(judgement, norm_id):
    return next(n for n in judgement.norms if n.id == norm_id)


def clause_of(judgement, clause_id):
    return next(c for c in judgement.clauses if c.id == clause_id)


# --- norms


def test_counts_are_exact_and_findings_are_the_worst_twenty():
    judgement = judge(PACK, log(50, slow=range(30)))
    result = norm_of(judgement, "S1.P6.limit")
    assert (result.verdict, result.counts) == (Verdict.FAIL, {"pass": 20, "fail": 30})
    assert result.reasons == {"OVER_LIMIT": 30}
    assert [f.case_id for f in result.findings] == [f"c{n:03}" for n in range(MAX_FINDINGS)]
    assert result.findings[0].measured_us == 120 * SECOND


def test_failures_stand_before_errors_and_errors_before_what_is_not_shown():
    rows = log(3)
    broken = {"c000": {"enabled_us": None}, "c001": {"enabled_us": TEN + 999 * MINUTE}}
    broken["c002"] = {"enabled_us": TEN - 9 * MINUTE}
    odd = [msgspec.structs.replace(r, **broken[r.case_id]) if r.step == "P6" else r for r in rows]
    result = norm_of(judge(PACK, odd), "S1.P6.limit")
    assert [f.verdict for f in result.findings] == [Verdict.FAIL, Verdict.ERROR, Verdict.INCONCLUSIVE]
    assert result.verdict is Verdict.ERROR


def test_a_passing_norm_has_no_findings():
    assert norm_of(judge(PACK, log(3)), "S1.P6.limit").findings == ()


def test_what_no_case_shows_is_not_shown():
    result = norm_of(judge(PACK, log(3)), "S1.P2.reason")
    assert (result.verdict, result.excused, result.counts) == (
        Verdict.INCONCLUSIVE,
        False,
        {"not_applicable": 3},
    )


def test_what_lies_outside_the_scope_is_not_run():
    judgement = judge(PACK, log())
    assert judgement.scope == (("S1", "portal"),)
    result = norm_of(judgement, "S3.V8.talon")
    assert (result.verdict, result.counts, result.reasons) == (
        Verdict.NOT_RUN,
        {},
        {Reason.EXCLUDED_BY_PROFILE: 0},
    )


def test_a_wider_scope_makes_what_is_absent_not_shown():
    judgement = judge(PACK, log(), scope={("S1", "portal"), ("S3", "provider")})
    assert norm_of(judgement, "S3.V8.talon").verdict is Verdict.INCONCLUSIVE
    assert norm_of(judgement, "S2.V8.slot-kept").verdict is Verdict.NOT_RUN


def test_a_narrower_scope_hides_nothing():
    judgement = judge(PACK, log(slow=[0]), scope=set())
    assert norm_of(judgement, "S1.P6.limit").verdict is Verdict.FAIL


def test_a_lost_cell_is_measured_and_excused():
    result = norm_of(judge(PACK, log(3)), "S1.P8.limit")
    assert (result.verdict, result.excused, result.limit_s) == (Verdict.INCONCLUSIVE, True, None)
    assert result.reasons == {"NORM_UNKNOWN": 3}
    took = 10 * SECOND  # too few for an upper bound of the percentile
    assert result.measured == Measured(n=3, median_us=took, p95_us=took, max_us=took, p95_low_us=took)


def test_lost_evidence_on_a_lost_cell_is_not_excused():
    rows = [msgspec.structs.replace(r, enabled_us=None) if r.step == "P8" else r for r in log(2)[:5]]
    result = norm_of(judge(PACK, [*rows, *log(2)[5:]]), "S1.P8.limit")
    assert (result.verdict, result.excused) == (Verdict.INCONCLUSIVE, False)


def test_a_limit_is_reported_as_printed_and_in_seconds():
    result = norm_of(judge(PACK, log()), "S1.P6.limit")
    assert (result.limit_printed, result.limit_s, result.kind) == ("1 м", 60, "step_duration")


def test_services_may_be_named_by_id_or_code():
    coded = [msgspec.structs.replace(r, service="doctor-home-call") for r in log()]
    assert judge(PACK, coded) == judge(PACK, log())


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("service", "doctor-home-cal", "did you mean doctor-home-call"),
        ("service", "S4", "row 1, service"),
        ("path", "portl", "did you mean portal"),
        ("attributes", "{", "row 1, attributes"),
    ],
)
def test_rows_that_the_pack_cannot_place_are_refused(name, value, words):
    with pytest.raises(InputError, match=re.escape(words)):
        judge(PACK, [msgspec.structs.replace(row("P1"), **{name: value})])


def test_the_order_of_rows_changes_nothing():
    rows = log(20, slow=[3, 7])
    assert judge(PACK, rows[::-1]) == judge(PACK, rows)


def test_judging_an_absent_folder_of_documents_is_refused(tmp_path):
    with pytest.raises(InputError, match="directory of saved documents"):
        judge(PACK, log(), tmp_path / "absent")


# --- clauses and steps


def test_every_clause_has_a_row_and_only_checked_ones_a_verdict():
    judgement = judge(PACK, log())
    assert [c.id for c in judgement.clauses] == [c.id for c in PACK.clauses]
    for clause in judgement.clauses:
        assert (clause.verdict is not None) == (clause.status == "checked")
        assert (clause.why is None) == (clause.status == "checked")


def test_a_clause_takes_the_worst_of_its_norms():
    judgement = judge(PACK, log(4, slow=[1]))
    clause = clause_of(judgement, "S1/T1.c6")
    assert (clause.verdict, clause.n_pass, clause.n_applicable) == (Verdict.FAIL, 3, 4)
    assert clause.norms == ("S1.P6.limit",)
    assert clause_of(judgement, "S1/12(9)").verdict is Verdict.PASS


def test_a_clause_of_norms_that_did_not_run_did_not_run():
    judgement = judge(PACK, log())
    assert clause_of(judgement, "S3/13(10)").verdict is Verdict.NOT_RUN


def test_a_clause_of_two_paths_is_judged_by_the_one_that_ran():
    assert clause_of(judge(PACK, log()), "S1/7").verdict is Verdict.PASS


def test_an_excused_norm_excuses_its_clause():
    clause = clause_of(judge(PACK, log()), "S1/T1.c8")
    assert (clause.verdict, clause.excused) == (Verdict.INCONCLUSIVE, True)


def test_a_clause_is_not_excused_by_one_of_two_reasons():
    weak = tuple(
        msgspec.structs.replace(n, status=NormStatus.ASSUMED) if n.id == "S1.P6.number" else n
        for n in PACK.norms
    )
    pack = replace(PACK, norms=weak)
    clause = clause_of(judge(pack, log()), "S1/12(9)")
    assert (clause.verdict, clause.excused) == (Verdict.INCONCLUSIVE, True)
    tied = [msgspec.structs.replace(r, attributes=None) for r in log()]
    clause = clause_of(judge(pack, tied), "S1/12(9)")
    assert (clause.verdict, clause.excused) == (Verdict.INCONCLUSIVE, False)


def test_the_step_table_has_every_column_with_its_measure():
    judgement = judge(PACK, log(3))
    assert len(judgement.steps) == 3 * 2 * 8
    step = next(s for s in judgement.steps if s.norm == "S1.P6.limit")
    assert (step.step, step.limit_s, step.cell_status, step.verdict) == (
        "P6",
        60,
        "reconstructed",
        Verdict.PASS,
    )
    assert step.measured.n == 3


@pytest.mark.parametrize(
    "clause", [c for c in PACK.clauses if c.status is ClauseStatus.CHECKED], ids=lambda c: c.id
)
def test_every_checked_clause_has_a_norm(clause):
    assert [n for n in PACK.norms if n.clause == clause.id]


# --- measures


@pytest.mark.parametrize(
    ("values", "median", "p95"),
    [([7], 7, 7), ([1, 2], 1, 2), (range(1, 21), 10, 19), (range(1, 101), 50, 95), (range(1, 102), 51, 96)],
)
def test_percentiles_are_by_nearest_rank(values, median, p95):
    measured = measure(values)
    assert (measured.median_us, measured.p95_us) == (median, p95)


def test_nothing_measured_is_nothing():
    assert measure([]) is None


def test_faster_than_the_printed_minimum_is_counted():
    assert measure([SECOND, 29 * SECOND, 30 * SECOND], 30).below_minimum == 2


@settings(deadline=None)
@given(st.lists(st.integers(0, 10**12), min_size=1))
def test_measures_are_values_that_were_measured(values):
    measured = measure(values)
    assert {measured.median_us, measured.p95_us, measured.max_us} <= set(values)
    assert measured.median_us <= measured.p95_us <= measured.max_us == max(values)
    assert sum(v <= measured.p95_us for v in values) * 100 >= 95 * len(values)


# --- the outcome


def made_of(*parts):
    """Return a judgement of norms with the given verdict, excuse and counts."""
    pattern = judge(PACK, log()).norms[0]
    changes = ({"verdict": v, "excused": e, "counts": c} for v, e, c in parts)
    return Judgement(tuple(msgspec.structs.replace(pattern, **change) for change in changes), (), (), ())


MET = (Verdict.PASS, False, {"pass": 1})
BROKEN = (Verdict.FAIL, False, {"fail": 1})
SILENT = (Verdict.INCONCLUSIVE, False, {"inconclusive": 1})
LOST = (Verdict.INCONCLUSIVE, True, {"inconclusive": 1})
ERROR = (Verdict.ERROR, False, {"error": 1})
SPOILT = (Verdict.ERROR, False, {"error": 1, "fail": 1})
UNREADABLE = (Verdict.PASS, False, {"pass": 99, "error": 1})  # a rate
LEFT_OUT = (Verdict.NOT_RUN, False, {})


@pytest.mark.parametrize(
    ("parts", "lenient", "strict"),
    [
        ([MET], ("conforms", 0), ("conforms", 0)),
        ([MET, LEFT_OUT], ("conforms", 0), ("conforms", 0)),
        ([MET, LOST], ("conforms", 0), ("incomplete", 3)),
        ([MET, SILENT], ("incomplete", 3), ("incomplete", 3)),
        ([MET, LOST, SILENT], ("incomplete", 3), ("incomplete", 3)),
        ([MET, ERROR], ("incomplete", 3), ("incomplete", 3)),
        ([MET, UNREADABLE], ("incomplete", 3), ("incomplete", 3)),
        ([MET, BROKEN, SILENT], ("does_not_conform", 1), ("does_not_conform", 1)),
        ([BROKEN, ERROR], ("does_not_conform", 1), ("does_not_conform", 1)),
        ([SPOILT], ("does_not_conform", 1), ("does_not_conform", 1)),
        ([LOST], ("incomplete", 3), ("incomplete", 3)),
        ([LEFT_OUT], ("incomplete", 3), ("incomplete", 3)),
        ([], ("incomplete", 3), ("incomplete", 3)),
    ],
)
def test_the_outcome_and_its_exit_code(parts, lenient, strict):
    judgement = made_of(*parts)
    assert overall(judgement) == lenient
    assert overall(judgement, strict=True) == strict


def test_a_log_without_rows_is_incomplete():
    judgement = judge(PACK, [])
    assert overall(judgement) == ("incomplete", 3)
    assert {n.verdict for n in judgement.norms} == {Verdict.NOT_RUN}


def test_a_slow_case_does_not_conform():
    assert overall(judge(PACK, log(2, slow=[1]))) == ("does_not_conform", 1)
