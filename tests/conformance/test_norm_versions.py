"""Norms written in a pack: readings, conditions, versions and headings."""

import msgspec
import pytest

from conformance.judge import judge
from conformance.verdicts import Verdict
from tests.conformance.norm_packs import (
    LIMIT,
    PART_A,
    PART_B,
    entry,
    heading,
    log,
    pack_of,
    readings,
    result,
)
from tests.conformance.small_packs import HOUR_US, rows_of

# --- readings


@pytest.mark.parametrize(
    ("status", "verdict", "reason"),
    [
        ("agreed", Verdict.PASS, {}),
        ("disputed", Verdict.INCONCLUSIVE, {"NORM_DISPUTED": 3}),
    ],
)
def test_both_readings_are_reported(tmp_path, status, verdict, reason):
    norm = entry(
        "kind: step_duration, step: WEIGH, max_s: 3600", f"status: {status}", readings("{max_s: 60}")
    )
    found = result(judge(pack_of(tmp_path, norm), log(3)))
    assert (found.verdict, found.reasons) == (verdict, reason)
    assert [(r.id, r.default, r.counts) for r in found.readings] == [
        ("loose", True, {"pass": 3}),
        ("strict", False, {"fail": 3}),
    ]
    assert found.excused is (status == "disputed")


def test_a_rate_whose_readings_disagree_is_left_open_by_the_text(tmp_path):
    rated = ("status: disputed", "demand: rate", "target: 0.9", readings("{max_s: 60}"))
    found = result(judge(pack_of(tmp_path, entry(LIMIT, *rated)), log(100)))
    assert (found.verdict, found.excused, found.rate.undecided) == (Verdict.INCONCLUSIVE, True, 100)
    lost = [msgspec.structs.replace(r, enabled_us=None) if r.case_id == "c0000" else r for r in log(100)]
    found = result(judge(pack_of(tmp_path / "b", entry(LIMIT, *rated)), lost))
    assert (found.verdict, found.excused) == (Verdict.INCONCLUSIVE, False)


def test_a_disputed_rate_counts_what_no_reading_disputes(tmp_path):
    """One case weighs at once, for half an hour, and for two hours: only the second is disputed."""
    disputed = entry(
        "kind: percentile, step: WEIGH, percentile: 50, max_s: 3600",
        "status: disputed",
        readings("{max_s: 60}"),
    )
    rows = rows_of("c", "TAKE", "WEIGH", "WEIGH", "WEIGH", "PAY", "SEND")
    taken = iter((1_000_000, HOUR_US // 2, HOUR_US * 2))
    rows = [
        msgspec.structs.replace(r, enabled_us=r.completed_us - next(taken)) if r.step == "WEIGH" else r
        for r in rows
    ]
    found = result(judge(pack_of(tmp_path, disputed), rows))
    assert (found.rate.met, found.rate.n, found.rate.undecided) == (1, 2, 1)


def test_where_all_readings_agree_the_dispute_does_not_matter(tmp_path):
    norm = entry(
        "kind: step_duration, step: WEIGH, max_s: 7200", "status: disputed", readings("{max_s: 3601}")
    )
    judgement = judge(pack_of(tmp_path, norm), log(3))
    assert result(judgement).verdict is Verdict.PASS
    assert result(
        judge(pack_of(tmp_path / "b", norm.replace("7200", "60").replace("3601", "90")), log(3))
    ).counts == {"fail": 3}


def test_a_dispute_excuses_no_lost_evidence(tmp_path):
    norm = entry("kind: step_duration, step: WEIGH, max_s: 3600", "status: disputed", readings("{max_s: 60}"))
    rows = [msgspec.structs.replace(r, enabled_us=None) if r.step == "WEIGH" else r for r in log(1)]
    found = result(judge(pack_of(tmp_path, norm), rows))
    assert (found.reasons, found.excused) == ({"MISSING_START": 1}, False)


# --- conditions


def test_a_condition_chooses_executions(tmp_path):
    norm = entry(LIMIT, "applies_when: \"attributes.size = 'large'\"")
    pack = pack_of(tmp_path, norm)

    def sized(size):
        text = None if size is None else f'{{"size": "{size}"}}'
        return [msgspec.structs.replace(r, attributes=text) for r in log(0, 1)]

    assert result(judge(pack, sized("large"))).reasons == {"OVER_LIMIT": 1}
    assert result(judge(pack, sized("small"))).reasons == {"OUT_OF_SCOPE": 1}
    assert result(judge(pack, sized(None))).reasons == {"NO_DATA": 1}


def test_executions_outside_the_condition_are_not_looked_at(tmp_path):
    norm = entry(LIMIT, "applies_when: \"outcome <> 'TEST'\"")
    slow = [
        msgspec.structs.replace(r, outcome="TEST", completed_us=r.completed_us + HOUR_US)
        for r in log(1)
        if r.step == "WEIGH"
    ]
    assert result(judge(pack_of(tmp_path, norm), log(1) + slow)).verdict is Verdict.PASS


def test_a_condition_of_a_case_is_asked_of_its_first_row(tmp_path):
    norm = entry("kind: case_duration, max_s: 60", "applies_when: \"outcome = 'ok'\"")
    pack = pack_of(tmp_path, norm)
    first = [msgspec.structs.replace(r, outcome="x") if r.step == "TAKE" else r for r in log(1)]
    assert result(judge(pack, log(1))).verdict is Verdict.FAIL
    assert result(judge(pack, first)).reasons == {"OUT_OF_SCOPE": 1}


@pytest.mark.parametrize(
    ("outcomes", "reason"),
    [
        (("ok", "ok"), {"REPEATED": 1}),
        (("ok", None), {"NO_DATA": 1}),
        (("ok", "x"), {}),
        (("x", "x"), {"MISSING_STEP": 1}),
        ((None, None), {"NO_DATA": 1}),
    ],
)
def test_a_condition_of_a_count_chooses_what_is_counted(tmp_path, outcomes, reason):
    norm = entry("kind: count, steps: [WEIGH], least: 1, most: 1", "applies_when: \"outcome = 'ok'\"")
    rows = log(1)
    second = next(r for r in rows if r.step == "WEIGH")
    weighed = [msgspec.structs.replace(second, outcome=outcome) for outcome in outcomes]
    kept = [r for r in rows if r.step != "WEIGH"]
    assert result(judge(pack_of(tmp_path, norm), kept + weighed)).reasons == reason


# --- versions


def test_each_version_judges_its_own_days(tmp_path):
    old = entry(LIMIT, 'in_force: {until: "2023-11-15"}', id_="n")
    new = entry(
        "kind: step_duration, step: WEIGH, max_s: 60",
        'in_force: {first: "2023-11-15"}, version_of: "{service}.n"',
        id_="n2",
    )
    pack = pack_of(tmp_path, old, new)
    day_us = 24 * HOUR_US
    later = [
        msgspec.structs.replace(
            r, case_id="later", enabled_us=r.enabled_us + day_us, completed_us=r.completed_us + day_us
        )
        for r in log(1)
    ]
    judgement = judge(pack, log(1) + later)  # 14 November 2023, 23:13 in Amsterdam; and the 15th
    assert result(judgement).counts == {"pass": 1, "not_applicable": 1}
    assert result(judgement, "D.n2").counts == {"fail": 1, "not_applicable": 1}
    assert result(judgement).reasons == {"NOT_IN_FORCE": 1}


# --- statements


def test_a_statement_is_the_worst_of_its_parts(tmp_path):
    pack = pack_of(tmp_path, heading("a", "b"), PART_A, PART_B, heading("n", "b", id_="outer"))
    good, bad = judge(pack, log(2)), judge(pack, log(1, 1))
    assert [result(good, name).verdict for name in ("D.n", "D.outer")] == [Verdict.PASS, Verdict.PASS]
    assert [result(bad, name).verdict for name in ("D.n", "D.outer")] == [Verdict.FAIL, Verdict.FAIL]
    assert result(bad).why == "OVER_LIMIT"
    assert result(bad).parts == ("D.a", "D.b")
    assert result(judge(pack, [])).verdict is Verdict.NOT_RUN
    assert result(judge(pack, rows_of("c", "TAKE"))).verdict is Verdict.INCONCLUSIVE


def test_a_statement_is_excused_as_its_parts_are(tmp_path):
    lost = entry("kind: step_duration, step: WEIGH, status: unknown", id_="a")
    pack = pack_of(tmp_path, heading("a", "b"), lost, PART_B)
    found = result(judge(pack, log(1)))
    assert (found.verdict, found.excused, found.why) == (Verdict.INCONCLUSIVE, True, "NORM_UNKNOWN")
