"""Norms written in a pack: rates, readings, conditions, versions and headings; and what is refused."""

import re

import msgspec
import pytest

from conformance.context import MAX_CASE_ROWS, SurveyCounts
from conformance.errors import InputError
from conformance.judge import judge, overall
from conformance.pack import load_pack
from conformance.verdicts import Reason, Verdict
from tests.conformance.small_packs import HOUR_US, rows_of, write_pack

SURVEY = """\
survey:
  - id: Q1
    question: {en: "Content?", ru: "Довольны?", kk: "Ризасыз ба?"}
    answers:
      - {en: "bad", ru: "плохо", kk: "жаман"}
      - {en: "fair", ru: "сносно", kk: "орташа"}
      - {en: "good", ru: "хорошо", kk: "жақсы"}
"""
TITLE = 'title: {en: "T", ru: "Т", kk: "Т"}'
NOTE = 'note: {en: "N", ru: "П", kk: "Е"}'
LIMIT = "kind: step_duration, step: WEIGH, max_s: 3600"
TRIED = "kind: availability_window, steps: [WEIGH], unavailable: [DOWN], target: 0.9"


def entry(*parts, id_="n", clause="{service}/1"):
    """Return a norm of the desk as a flow mapping, for the end of a pack's list."""
    fixed = f'id: "{{service}}.{id_}", rule: "2", clause: "{clause}", services: [D], path: desk'
    return f"  - {{{fixed}, {', '.join(parts)}, {TITLE}}}\n"


def pack_of(folder, *entries, process=SURVEY, flow=True):
    return load_pack(write_pack(folder / "pack", flow=flow, process=process, norms="".join(entries)))


def result(judgement, name="D.n"):
    return next(norm for norm in judgement.norms if norm.id == name)


def log(good, late=0, **changes):
    """Return so many cases that weigh within the hour, and so many that take a second longer."""
    rows = []
    for number in range(good + late):
        taken = HOUR_US + (1_000_000 if number >= good else 0)
        for one in rows_of(f"c{number:04}", "TAKE", "WEIGH", "PAY", "SEND"):
            start = one.enabled_us
            end = start + taken if one.step == "WEIGH" else one.completed_us
            rows.append(msgspec.structs.replace(one, completed_us=end, **changes))
    return rows


# --- rates


def rate(folder, good, late, target="0.9", **more):
    extra = [f"{key}: {value}" for key, value in more.items()]
    pack = pack_of(folder, entry(LIMIT, "demand: rate", f"target: {target}", *extra))
    judgement = judge(pack, log(good, late))
    return result(judgement), overall(judgement)


def test_a_rate_is_met_only_beyond_its_interval(tmp_path):
    found, outcome = rate(tmp_path, 99, 1)
    assert (found.verdict, found.demand, found.target) == (Verdict.PASS, "rate", 0.9)
    assert (found.rate.met, found.rate.n, found.rate.method) == (99, 100, "wilson")
    assert found.rate.low > 0.9
    assert found.counts == {"pass": 99, "fail": 1}
    assert [f.case_id for f in found.findings] == ["c0099"]
    assert outcome == ("conforms", 0)


def test_a_rate_is_not_met_below_its_interval(tmp_path):
    found, outcome = rate(tmp_path, 30, 20)
    assert (found.verdict, outcome) == (Verdict.FAIL, ("does_not_conform", 1))
    assert found.rate.high < 0.9


def test_a_rate_that_only_its_point_estimate_reaches_is_not_shown(tmp_path):
    found, outcome = rate(tmp_path, 93, 7)
    assert (found.verdict, found.why) == (Verdict.INCONCLUSIVE, Reason.SAMPLE_TOO_SMALL)
    assert not found.excused
    assert outcome == ("incomplete", 3)


def test_a_small_sample_is_bounded_exactly(tmp_path):
    found, _ = rate(tmp_path, 20, 0)
    assert (found.rate.method, found.verdict) == ("clopper_pearson", Verdict.INCONCLUSIVE)
    assert found.rate.high == 1.0


def test_a_claim_needs_its_least_number(tmp_path):
    found, _ = rate(tmp_path, 99, 1, min_n=101)
    assert (found.verdict, found.why, found.rate.min_n) == (Verdict.INCONCLUSIVE, "SAMPLE_TOO_SMALL", 101)


def test_what_is_left_open_may_have_been_either(tmp_path):
    pack = pack_of(tmp_path, entry(LIMIT, "demand: rate", "target: 0.9"))
    rows = [
        msgspec.structs.replace(r, enabled_us=None) if r.step == "WEIGH" and r.case_id < "c0015" else r
        for r in log(200)
    ]
    found = result(judge(pack, rows))
    assert (found.rate.met, found.rate.n, found.rate.undecided) == (185, 185, 15)
    assert found.rate.low > 0.9 > found.rate.least
    assert (found.verdict, found.why) == (Verdict.INCONCLUSIVE, None)
    assert found.reasons["MISSING_START"] == 15


def test_cases_that_no_norm_can_judge_are_left_open_by_a_rate(tmp_path):
    pack = pack_of(tmp_path, entry(LIMIT, "demand: rate", "target: 0.9"), entry(TRIED, id_="tried"))
    timeless = [
        msgspec.structs.replace(r, case_id=f"t{r.case_id}", enabled_us=None, completed_us=None)
        for r in log(30)
    ]
    endless = rows_of("endless", *["WEIGH"] * (MAX_CASE_ROWS + 1))
    for extra, cases, attempts in ((timeless, 30, 30), (endless, 1, len(endless))):
        judgement = judge(pack, [*log(100), *extra])
        found, tried = result(judgement), result(judgement, "D.tried")
        assert (found.rate.met, found.rate.undecided) == (100, cases)
        assert (tried.rate.met, tried.rate.undecided) == (100, attempts)
        assert (found.verdict is Verdict.PASS) is (cases == 1)
        assert tried.verdict is Verdict.INCONCLUSIVE
        assert overall(judgement) == ("incomplete", 3)


def test_a_rate_leaves_open_the_version_of_the_law_that_it_cannot_tell(tmp_path):
    life = 'in_force: {first: "2023-11-14", until: null}'
    pack = pack_of(tmp_path, entry(LIMIT, "demand: rate", "target: 0.9", life))
    found = result(judge(pack, log(40, enabled_us=None)))
    assert found.reasons == {"MISSING_START": 40}
    assert (found.rate.n, found.rate.undecided) == (0, 40)


def test_a_rate_without_evidence_shows_nothing(tmp_path):
    pack = pack_of(
        tmp_path, entry("kind: step_duration, step: PAY, max_s: 60", "demand: rate", "target: 0.9")
    )
    found = result(judge(pack, rows_of("c", "TAKE")))
    assert (found.verdict, found.why, found.rate.n) == (Verdict.INCONCLUSIVE, "NO_DATA", 0)
    assert result(judge(pack, [])).verdict is Verdict.NOT_RUN


@pytest.mark.parametrize(
    ("percentile", "good", "late", "verdict"),
    [
        (95, 58, 0, Verdict.INCONCLUSIVE),
        (95, 59, 0, Verdict.PASS),
        (95, 59, 1, Verdict.INCONCLUSIVE),
        (95, 100, 30, Verdict.FAIL),
        (90, 29, 0, Verdict.PASS),
        (90, 28, 0, Verdict.INCONCLUSIVE),
        (99, 298, 0, Verdict.INCONCLUSIVE),
        (99, 299, 0, Verdict.PASS),
    ],
)
def test_a_percentile_needs_enough_cases(tmp_path, percentile, good, late, verdict):
    pack = pack_of(tmp_path, entry(f"kind: percentile, step: WEIGH, percentile: {percentile}, max_s: 3600"))
    found = result(judge(pack, log(good, late)))
    assert (found.verdict, found.target) == (verdict, percentile / 100)
    assert found.measured.n == good + late


def test_a_percentile_of_failures_only_is_no_pass(tmp_path):
    """The peer's defect: no successful sample gave a percentile of 0, which is below any limit."""
    pack = pack_of(tmp_path, entry("kind: percentile, step: WEIGH, percentile: 95, max_s: 3600"))
    lost = [msgspec.structs.replace(r, enabled_us=None) for r in log(100)]
    found = result(judge(pack, lost))
    assert (found.verdict, found.measured, found.rate.undecided) == (Verdict.INCONCLUSIVE, None, 100)


def test_availability_is_a_rate_of_attempts(tmp_path):
    norm = entry("kind: availability_window, steps: [TAKE], unavailable: [DOWN], target: 0.9")
    rows = [
        msgspec.structs.replace(r, outcome="DOWN") if r.step == "TAKE" and r.case_id == "c0000" else r
        for r in log(100)
    ]
    found = result(judge(pack_of(tmp_path, norm), rows))
    assert (found.verdict, found.rate.met, found.rate.n) == (Verdict.PASS, 99, 100)
    assert found.reasons == {"UNAVAILABLE": 1}


# --- a survey

CONTENT = "kind: survey_indicator, question: Q1, satisfied: [2, 3], target: 0.9"


@pytest.mark.parametrize(
    ("grades", "verdict", "reason"),
    [
        ((2, 50, 148), Verdict.PASS, None),
        ((60, 50, 90), Verdict.FAIL, None),
        ((7, 50, 43), Verdict.INCONCLUSIVE, Reason.SAMPLE_TOO_SMALL),
        ((0, 0, 0), Verdict.INCONCLUSIVE, Reason.NO_DATA),
    ],
)
def test_a_survey_is_judged_by_its_answers(tmp_path, grades, verdict, reason):
    pack = pack_of(tmp_path, entry(CONTENT))
    surveys = {("D", "Q1"): SurveyCounts(grades)}
    found = result(judge(pack, log(1), surveys=surveys))
    assert (found.verdict, found.why) == (verdict, reason)
    assert (found.rate.met, found.rate.n) == (sum(grades[1:]), sum(grades))


def test_silence_may_hide_either_answer(tmp_path):
    surveys = {("D", "Q1"): SurveyCounts((0, 0, 60), unanswered=9940)}
    found = result(judge(pack_of(tmp_path / "all", entry(CONTENT)), log(1), surveys=surveys))
    assert (found.verdict, found.why, found.excused) == (Verdict.INCONCLUSIVE, None, False)
    assert (found.rate.n, found.rate.undecided, found.reasons) == (60, 9940, {"NO_DATA": 9940})
    assert found.rate.least < 0.9 < found.rate.most
    only = entry(CONTENT, "answered_only: true")
    found = result(judge(pack_of(tmp_path / "some", only), log(1), surveys=surveys))
    assert (found.verdict, found.rate.undecided) == (Verdict.PASS, 0)


def test_silence_does_not_save_what_it_cannot(tmp_path):
    surveys = {("D", "Q1"): SurveyCounts((60, 0, 40), unanswered=10)}
    found = result(judge(pack_of(tmp_path, entry(CONTENT)), log(1), surveys=surveys))
    assert found.verdict is Verdict.FAIL


def test_without_a_survey_nothing_is_shown(tmp_path):
    found = result(judge(pack_of(tmp_path, entry(CONTENT)), log(1)))
    assert (found.verdict, found.why) == (Verdict.INCONCLUSIVE, Reason.NO_DATA)


def test_a_target_that_nobody_names_decides_nothing(tmp_path):
    unknown = CONTENT.replace(", target: 0.9", ", status: unknown")
    surveys = {("D", "Q1"): SurveyCounts((0, 0, 500))}
    found = result(judge(pack_of(tmp_path, entry(unknown)), log(1), surveys=surveys))
    assert (found.verdict, found.why, found.excused) == (Verdict.INCONCLUSIVE, Reason.NORM_UNKNOWN, True)
    assert found.rate.low > 0.99


# --- readings


def readings(second, first="set: {}"):
    return f"readings: [{{id: loose, {NOTE}, default: true, {first}}}, {{id: strict, {NOTE}, set: {second}}}]"


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

PART_A = entry(LIMIT, id_="a")
PART_B = entry("kind: count, steps: [PAY], least: 1, most: 1", id_="b")


def heading(*parts, id_="n"):
    named = ", ".join(f'"{{service}}.{part}"' for part in parts)
    return entry(f"kind: statement, parts: [{named}]", id_=id_)


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


# --- what is refused

COUNT = "kind: count, steps: [WEIGH], least: 1, most: 1"


@pytest.mark.parametrize(
    ("norm", "words"),
    [
        (
            entry("kind: lag, first: TAKE, step: WEIGH, follows: sometime, max_s: 5"),
            "follows: found 'sometime'",
        ),
        (entry("kind: lag, first: TAKE, step: WEIGHT, follows: directly, max_s: 5"), "did you mean WEIGH"),
        (entry("kind: lag, first: TAKE, step: WEIGH, follows: directly, max_s: 0"), "max_s: found 0 s"),
        (entry("kind: case_duration, max_s: 9999999999999"), "a hundred years"),
        (entry("kind: percentile, percentile: 100, max_s: 5"), "percentile: found 100"),
        (entry("kind: percentile, percentile: 95, max_s: 5, target: 0.9"), "the percentile is the target"),
        (entry("kind: percentile, percentile: 95, max_s: 5, demand: absolute"), "no single case can break"),
        (entry("kind: absence, steps: []"), "an empty list of steps"),
        (entry("kind: response, first: PAY, to: [PAY]"), "the same step"),
        (entry("kind: response, first: PAY, to: []"), "an empty list of to"),
        (entry("kind: separation_of_actors, first: PAY, step: PAY"), "the same step"),
        (entry("kind: separation_of_actors, first: PAY, step: SEND, field: who"), "field: found 'who'"),
        (entry("kind: availability_window, steps: [PAY], unavailable: [ok], target: 0.9"), "found ok"),
        (entry("kind: availability_window, steps: [PAY], unavailable: [DOWN]"), "target: found no target"),
        (
            entry("kind: availability_window, steps: [PAY], unavailable: [D], calendar: c, target: 0.9"),
            "calendar c",
        ),
        (entry(CONTENT.replace("Q1", "Q2")), "unknown survey question Q2"),
        (entry(CONTENT.replace("[2, 3]", "[1, 2, 3]")), "some, but not all, of the grades 1 to 3"),
        (entry(CONTENT.replace("[2, 3]", "[4]")), "grades 1 to 3"),
        (entry(CONTENT.replace("[2, 3]", "[0]")), "grades"),
        (entry(CONTENT.replace("0.9", "0.0")), "a share above 0"),
        (entry(CONTENT.replace("0.9", "1.5")), "a share above 0"),
        (entry(COUNT, "target: 0.9"), "the norm is absolute"),
        (entry(COUNT, "demand: rate"), "target: found no target"),
        (entry(COUNT, "demand: rate, target: 0.9, min_n: 0"), "min_n: found 0"),
        (entry(COUNT, "min_n: 10"), "min_n: found 10"),
        (entry(COUNT, "demand: ratio"), "demand: found 'ratio'.*did you mean rate"),
        (
            entry(COUNT, 'applies_when: "outcom = 1"'),
            "applies_when.*outcom at character 1.*did you mean outcome",
        ),
        (entry(COUNT, "applies_when: \"unit = 'a' and unit = 'b'\""), "which is never true"),
        (entry("kind: next_step, step: TAKE, allowed: [TAKE, WEIGH, PAY, SEND]"), "every step of the path"),
        (entry("kind: moment_order, first: a_us, then: a_us"), "the same moment"),
        (entry("kind: moment_order, first: attributes.a_us, then: b_us"), r"first: found attributes\.a_us"),
        (
            entry("kind: moment_order, first: a_us, then: b"),
            "then: found b, expected the name of an attribute",
        ),
        (entry("kind: same_local_day, before_closing_s: 5"), "a calendar as well"),
        (entry("kind: same_local_day, start: PAY, to: [PAY]"), "the same step"),
        (entry("kind: step_duration, step: WEIGH, max_s: 5, min_binds: true"), "no min_s to bind"),
        (
            entry(LIMIT, readings("{max_s: 60, }").replace("default: true", "default: false")),
            "exactly one of them",
        ),
        (entry(LIMIT, f"readings: [{{id: a, {NOTE}, default: true}}]"), "two or more"),
        (entry(LIMIT, readings("{max_ss: 60}")), "unknown key max_ss.*did you mean max_s"),
        (entry(LIMIT, readings("{rule: x}")), "unknown key rule"),
        (entry(LIMIT, readings('{max_s: "60"}')), "max_s: found '60'"),
        (entry(LIMIT, readings("{max_s: 0}")), "readings.1..set.max_s: found 0 s"),
        (entry(LIMIT, readings("{max_s: 60}", "set: {max_s: 5}")), "this reading is the default"),
        (entry(LIMIT, readings("{max_s: 60}").replace("strict", "loose")), "duplicate reading loose"),
        (heading("a", "b"), "unknown norm D.a"),
        (heading("n"), "the norm itself"),
        (heading("m", id_="n") + heading("n", id_="m"), "a way back to D.n"),
        (heading("a", "a") + PART_A, "a part named twice"),
        (entry("kind: statement, parts: []"), "an empty list of parts"),
        (entry("kind: statement, parts: [D.weighed], demand: rate, target: 0.5"), "parts alone"),
        (entry(LIMIT, 'in_force: {first: "2019-01-01"}'), "within the act's life"),
        (entry(LIMIT, 'in_force: {first: "2021-01-01", until: "2021-01-01"}'), "within the act's life"),
        (entry(LIMIT, 'in_force: {first: "soon"}'), "a date YYYY-MM-DD"),
        (entry(LIMIT, 'version_of: "{service}.m"'), "unknown norm D.m"),
        (entry(LIMIT, 'version_of: "{service}.n"'), "another norm of this kind"),
        (entry(LIMIT, 'version_of: "{service}.weighed"'), "another norm of this kind"),
        (PART_A + entry(LIMIT, 'version_of: "{service}.a"'), "days that overlap"),
    ],
)
def test_what_is_no_norm_is_refused(tmp_path, norm, words):
    with pytest.raises(InputError, match=re.compile(words)):
        pack_of(tmp_path, norm)
