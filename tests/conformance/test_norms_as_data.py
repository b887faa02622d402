"""Norms written in a pack: rates and surveys; and what is refused."""

import re

import msgspec
import pytest

from conformance.context import MAX_CASE_ROWS, SurveyCounts
from conformance.errors import InputError
from conformance.judge import judge, overall
from conformance.verdicts import Reason, Verdict
from tests.conformance.norm_packs import (
    LIMIT,
    NOTE,
    PART_A,
    TRIED,
    entry,
    heading,
    log,
    pack_of,
    readings,
    result,
)
from tests.conformance.small_packs import rows_of

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
