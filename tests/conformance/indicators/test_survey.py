"""A survey file: what is read, what is rejected and why, and what of its counts is shown."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.context import SurveyCounts as NormCounts
from conformance.errors import InputError
from conformance.indicators.computation import (
    SurveyInput,
    answers_for_norms,
    compute_indicators,
    indicators_of_folder,
)
from conformance.indicators.suppression import is_safe
from conformance.indicators.survey_cells import survey_net
from conformance.indicators.survey_file import (
    Answer,
    Rejects,
    Rules,
    read_survey,
    rejects_text,
    survey_text,
)
from conformance.indicators.survey_table import SurveyCounts
from conformance.log import Manifest
from conformance.log_file import write_log
from conformance.log_rows import without_numbers
from conformance.pack import load_pack
from tests.conformance.indicators.test_case_counts import HOUR, MONDAY, row

PACK = load_pack("astana-106-1923")
RULES = Rules({"Q1": 3, "Q2": 3}, "annex-3")
HEAD = "case_id,question,answer,asked_at,channel,instrument\n"
AT = "2013-05-15T04:00:00Z"
NUMBER = next(n for d in range(10) if without_numbers(n := f"93051210001{d}") != n)
"""Well formed, and nobody's: its seventh digit says that the holder was born before 1900."""


def read(tmp_path, text, rules=RULES):
    path = tmp_path / "survey.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    rejects = Rejects()
    return list(read_survey(path, rules, rejects)), rejects


def test_a_good_line_is_read_whole(tmp_path):
    answers, rejects = read(tmp_path, HEAD + f"c-1,Q1,3,{AT},sms,annex-3\n")
    (answer,) = answers
    assert (answer.line, answer.case_id, answer.question, answer.grade) == (2, "c-1", "Q1", 3)
    assert (answer.asked_us, answer.channel) == (1_368_590_400_000_000, "sms")
    assert (rejects.lines, rejects.counts) == (1, {})


def test_an_empty_answer_is_no_answer_and_no_reject(tmp_path):
    answers, rejects = read(tmp_path, HEAD + f"c-1,Q1,,{AT},,annex-3\n")
    assert (answers[0].grade, answers[0].channel, rejects.counts) == (None, None, {})


def test_moments_may_be_microseconds_and_the_file_may_start_with_a_mark(tmp_path):
    text = "\ufeffcase_id,question,answer,asked_at_us,instrument\r\nc,Q2,1,1368590400000000,annex-3\r\n"
    answers, _ = read(tmp_path, text)
    assert answers[0].asked_us == 1_368_590_400_000_000


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f",Q1,3,{AT},,annex-3", "NO_CASE"),
        (f"c,Q3,3,{AT},,annex-3", "UNKNOWN_QUESTION"),
        (f"c,Q1,4,{AT},,annex-3", "BAD_ANSWER"),
        (f"c,Q1,0,{AT},,annex-3", "BAD_ANSWER"),
        (f"c,Q1,3.0,{AT},,annex-3", "BAD_ANSWER"),
        (f"c,Q1, 3,{AT},,annex-3", "BAD_ANSWER"),
        (f"c,Q1,٣,{AT},,annex-3", "BAD_ANSWER"),
        ("c,Q1,3,2013-05-15T04:00:00,,annex-3", "NAIVE_TIME"),
        ("c,Q1,3,yesterday,,annex-3", "BAD_TIME"),
        ("c,Q1,3,0001-01-01T00:00:00+23:59,,annex-3", "BAD_TIME"),
        ("c,Q1,3,1970-01-01T00:00:00Z,,annex-3", "BAD_TIME"),
        (f"c,Q1,3,{AT},,annex-4", "OTHER_INSTRUMENT"),
        (f"c,Q1,3,{AT},annex-3", "FIELD_COUNT"),
        (f'"c,Q1,3,{AT},,annex-3', "BROKEN_CSV"),
        (f'"c"x,Q1,3,{AT},,annex-3', "BROKEN_CSV"),
        (f"{'c' * 5000},Q1,3,{AT},,annex-3", "LINE_TOO_LONG"),
        (f"{NUMBER},Q1,3,{AT},,annex-3", "PERSONAL_NUMBER"),
        (f"c,Q1,3,{AT},call {NUMBER},annex-3", "PERSONAL_NUMBER"),
    ],
)
def test_a_bad_line_is_counted_with_its_reason_and_the_next_one_read(tmp_path, line, reason):
    answers, rejects = read(tmp_path, HEAD + line + f"\nc-9,Q1,2,{AT},,annex-3\n")
    assert dict(rejects.counts) == {reason: 1}
    assert [a.case_id for a in answers] == ["c-9"]
    assert rejects.lines == 2
    written = rejects_text(rejects)
    assert written.startswith(f"line,reason,column\n2,{reason}")
    assert NUMBER not in written


def test_octets_that_are_no_text_are_a_reject(tmp_path):
    _, rejects = read(tmp_path, HEAD.encode() + b"\xff,Q1,3," + AT.encode() + b",,annex-3\n")
    assert dict(rejects.counts) == {"NOT_UTF8": 1}


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ("", "no column case_id"),
        ("case,question,answer,asked_at,instrument", "the unknown column 'case'"),
        ("case_id,question,answer,asked_at", "no column instrument"),
        ("case_id,question,answer,instrument", "none or both"),
        ("case_id,case_id,question,answer,asked_at,instrument", "the column case_id twice"),
    ],
)
def test_a_file_with_other_columns_is_refused(tmp_path, head, found):
    with pytest.raises(InputError, match=found):
        read(tmp_path, head + "\n")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="readable survey"):
        list(read_survey(tmp_path / "none.csv", RULES, Rejects()))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.binary(max_size=300))
def test_whatever_follows_the_head_is_an_answer_a_reject_or_blank(tmp_path, text):
    answers, rejects = read(tmp_path, HEAD.encode() + text)
    assert len(answers) + rejects.counts.total() == rejects.lines


ANSWERS = st.lists(
    st.builds(
        Answer,
        line=st.just(0),
        case_id=st.text("abc,\"'; -9", min_size=1, max_size=8).filter(str.strip),
        question=st.sampled_from(["Q1", "Q2"]),
        grade=st.sampled_from([None, 1, 2, 3]),
        asked_us=st.integers(MONDAY, MONDAY + HOUR),
        channel=st.sampled_from([None, "sms", "a,b"]),
        instrument=st.just("annex-3"),
    ),
    max_size=20,
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers=ANSWERS)
def test_what_is_written_is_read_again(tmp_path, answers):
    again, rejects = read(tmp_path, survey_text(answers))
    assert rejects.counts == {}
    wanted = sorted(answers, key=lambda a: (a.case_id, a.question))
    assert [(a.case_id, a.question, a.grade, a.asked_us, a.channel) for a in again] == [
        (a.case_id, a.question, a.grade, a.asked_us, a.channel) for a in wanted
    ]


MANIFEST = Manifest(
    schema_version=1,
    pack="astana-106-1923",
    pack_sha256="",
    seed=None,
    origin="production",
    period_start=None,
    period_end=None,
    zone="Asia/Almaty",
    extracted_at=None,
    log_sha256="",
)


def survey_of(tmp_path, lines, rows):
    write_log(rows, tmp_path / "log.parquet")
    (tmp_path / "survey.csv").write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    computed = compute_indicators(
        PACK, tmp_path / "log.parquet", MANIFEST, SurveyInput(tmp_path / "survey.csv")
    )
    return computed.indicators.survey, computed.rejects


def many(n, prefix="c"):
    return [row(f"{prefix}{i}", step, MONDAY + 10 * HOUR) for i in range(n) for step in ("P5", "P8")]


def test_unknown_cases_doubles_open_ones_and_early_answers_are_counted(tmp_path):
    rows = [*many(10), row("open", "P5", MONDAY + 10 * HOUR)]
    lines = [f"c{i},Q1,3,{AT},,annex-3" for i in range(8)]
    lines += [f"c0,Q1,1,{AT},,annex-3", f"ghost,Q1,1,{AT},,annex-3", f"open,Q1,1,{AT},,annex-3"]
    lines += ["c9,Q1,2,2013-05-01T00:00:00Z,,annex-3"]
    survey, rejects = survey_of(tmp_path, lines, rows)
    intake = survey.intake
    assert dict(rejects.counts) == intake.rejects == {"DUPLICATE": 1}
    assert (intake.lines, intake.used) == (12, 9)
    assert (intake.unknown_cases, intake.not_ended_cases, intake.early) == (1, 1, 1)
    assert not survey.simulated


def test_counts_readings_bounds_and_item_non_response(tmp_path):
    lines = []
    for i in range(60):
        grade = "" if i >= 40 else 3 if i < 25 else 2 if i < 35 else 1
        lines.append(f"c{i},Q1,{grade},{AT},,annex-3")
        lines.append(f"c{i},Q2,{'' if i >= 34 else 3},{AT},,annex-3")
    survey, _ = survey_of(tmp_path, lines, many(80))
    whole = next(f for f in survey.frame if (f.path, f.outcome, f.channel) == (None, None, None))
    assert (whole.eligible, whole.invited, whole.answered) == (80, 60, 40)
    q1 = next(d for d in survey.distributions if d.question == "Q1" and d.service is None)
    assert (q1.counts, q1.skipped) == ((5, 10, 25), 0)
    assert (q1.strict.good, q1.strict.n, q1.lenient.good) == (25, 40, 35)
    assert q1.strict.standing == "not_met"
    assert (q1.least, q1.most) == (round(25 / 60, 6), 0.75)
    assert (q1.lenient_least, q1.lenient_most) == (round(35 / 60, 6), round(55 / 60, 6))
    q2 = next(d for d in survey.distributions if d.question == "Q2" and d.service is None)
    assert (q2.counts, q2.skipped, q2.strict.n) == ((0, 0, 34), 6, 34)


def test_most_of_a_population_narrows_the_interval_and_all_of_it_closes_it(tmp_path):
    lines = [f"c{i},Q1,{3 if i < 30 else 1},{AT},,annex-3" for i in range(40)]
    survey, _ = survey_of(tmp_path, lines, many(45))
    assert survey.distributions[0].strict.method == "wilson_finite"
    survey, _ = survey_of(tmp_path, lines, many(40))
    assert survey.distributions[0].strict.method == "census"


def test_weights_bring_back_a_frame_that_answered_unevenly(tmp_path):
    refused = [
        row(f"r{i}", "P7", MONDAY + 10 * HOUR, outcome="NOT_ATTACHED", attributes='{"reason":"NOT_ATTACHED"}')
        for i in range(50)
    ]
    lines = [f"c{i},Q1,3,{AT},,annex-3" for i in range(50)] + [f"r{i},Q1,1,{AT},,annex-3" for i in range(10)]
    survey, _ = survey_of(tmp_path, lines, many(50) + refused)
    q1 = survey.distributions[0]
    assert q1.strict.share == round(50 / 60, 6)
    assert q1.weighted == 0.5  # half of all cases were refused
    assert q1.design_effect == round(60 * (50 * 1 + 10 * 25) / (50 + 50) ** 2, 6)


def test_small_counts_are_hidden_with_what_would_betray_them(tmp_path):
    grades = [1] * 3 + [2] * 10 + [3] * 30
    lines = [f"c{i},Q1,{grade},{AT},,annex-3" for i, grade in enumerate(grades)]
    survey, _ = survey_of(tmp_path, lines, many(100))
    q1 = next(d for d in survey.distributions if d.question == "Q1" and d.service is None)
    assert q1.counts[0] is None
    assert q1.counts.count(None) >= 2
    assert q1.lenient.standing == "hidden"
    assert q1.lenient.share is q1.lenient_least is None


GROUPS = st.tuples(
    st.sampled_from(["S1", "S2"]),
    st.sampled_from(["portal", "provider"]),
    st.sampled_from(["accepted", "refused"]),
)


@settings(max_examples=30, deadline=None)
@given(
    cells=st.dictionaries(
        GROUPS, st.tuples(*(st.integers(0, 12) for _ in range(3)), st.integers(0, 30)), min_size=1, max_size=5
    )
)
def test_no_hidden_count_of_any_survey_can_be_derived_from_all_its_tables(cells):
    """Q1 has the grades drawn, Q2 without the lowest: what was skipped, frames and services hang together."""
    invited = {group: sum(values) for group, values in cells.items() if sum(values)}
    answered = {group: sum(values[:3]) for group, values in cells.items()}
    grades = {}
    for group, values in cells.items():
        for grade, n in enumerate(values[:3], 1):
            grades[*group, "Q1", grade] = n
            if grade > 1:
                grades[*group, "Q2", grade] = n
    counts = SurveyCounts(
        lines_used=0,
        unknown_cases=0,
        not_ended_cases=0,
        early=0,
        first_us=None,
        last_us=None,
        eligible=dict(invited),
        invited=invited,
        answered=answered,
        channels={},
        grades=grades,
    )
    services = sorted({service for service, _, _ in invited})
    net = survey_net(counts, PACK.survey, PACK.indicators.survey, services)
    for sum_ in net.sums:
        assert net.counts[sum_.total] == sum(net.counts[part] for part in sum_.parts)
    shown = net.shown()
    cared_for = shown.hidden - net.public - net.unpublished
    unknown = cared_for | net.unpublished
    if shown.hidden != frozenset(net.counts):  # otherwise nothing but the public counts is shown
        assert all(is_safe(net.counts, net.sums, unknown, name) for name in cared_for)
    small = {n for n, c in net.counts.items() if 0 < c < 5} - net.public - net.unpublished
    assert small <= shown.hidden


def test_norms_hear_the_answers_that_are_shown_and_no_others(tmp_path):
    lines = [f"c{i},Q1,{3 if i < 30 else 2 if i < 40 else 1},{AT},,annex-3" for i in range(50)]
    lines += [f"c{i},Q2,{3 if i < 47 else 2},{AT},,annex-3" for i in range(50)]
    write_log(many(60), tmp_path / "log.parquet")
    (tmp_path / "survey.csv").write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    found = indicators_of_folder(PACK, tmp_path, MANIFEST, tmp_path / "survey.csv")
    answers = answers_for_norms(found)
    assert answers == {("S1", "Q1"): NormCounts((10, 10, 30), 0)}  # Q2 has a grade that three people gave
    assert answers_for_norms(None) == {}
    assert not (tmp_path / "survey-rejects.csv").exists()
