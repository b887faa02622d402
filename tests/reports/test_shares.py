"""Every count says what it counts, and every reason belongs to the verdict beside it."""

import msgspec
import pytest

from conformance.results import RateResult
from conformance.verdicts import Reason, Verdict
from reports.html import render_page
from reports.overview import gaps
from reports.shares import (
    clause_reasons,
    clause_share,
    finding_told,
    findings_count,
    norm_reasons,
    norm_share,
)
from reports.texts import Texts
from tests.reports.examples import EMPTY, RICH, clause, finding, norm

ENGLISH = Texts("en")
RATE = RateResult(
    n=1329,
    met=952,
    undecided=105,
    low=0.69,
    high=0.74,
    least=0.64,
    most=0.76,
    method="wilson",
    confidence=0.95,
    min_n=1,
)
DEADLINE = norm(
    "W1.deadline",
    Verdict.FAIL,
    demand="rate",
    rate=RATE,
    counts={"pass": 952, "fail": 377, "inconclusive": 105},
    reasons={"NO_DATA": 5, "OPEN": 100, "AFTER_MOMENT": 377},
)
ONE_CLAUSE = clause("W1/2", Verdict.FAIL, norms=("W1.deadline", "W1.other"), n_pass=953, n_applicable=1444)


@pytest.mark.parametrize(
    ("verdict", "counts", "said"),
    [
        (Verdict.FAIL, {"fail": 1, "pass": 1315}, "1 of 1,316 broken"),
        (Verdict.INCONCLUSIVE, {"inconclusive": 116, "pass": 1318}, "116 of 1,434 open"),
        (Verdict.PASS, {"pass": 9, "not_applicable": 4}, "9 of 9 kept"),
        (Verdict.ERROR, {"error": 2, "fail": 1}, "2 of 3 unreadable"),
        (Verdict.NOT_RUN, {}, None),
    ],
)
def test_a_count_says_what_it_counts(verdict, counts, said):
    assert norm_share(norm("x", verdict, counts=counts), ENGLISH) == said


def test_a_rate_is_kept_of_the_decided_with_the_open_apart():
    assert norm_share(DEADLINE, ENGLISH) == "952 of 1,329 kept, 105 open"
    undecided = msgspec.structs.replace(RATE, n=0, met=0)
    open_only = msgspec.structs.replace(DEADLINE, rate=undecided)
    assert norm_share(open_only, ENGLISH) == "105 of 105 open"


def test_a_clause_counts_as_its_norms_do():
    other = norm("W1.other", Verdict.PASS, counts={"pass": 1, "inconclusive": 9})
    norms = {"W1.deadline": DEADLINE, "W1.other": other}
    assert clause_share(ONE_CLAUSE, norms, ENGLISH) == "953 of 1,330 kept, 114 open"


def test_the_reasons_of_the_verdict_come_first_and_others_say_which_verdict_they_explain():
    told = norm_reasons(DEADLINE, ENGLISH)
    assert [code for _, code in told] == ["AFTER_MOMENT", "OPEN", "NO_DATA"]
    assert told[0][0] == "one moment came after another that it must not pass: 377"
    assert told[1][0].startswith("not shown: ")


def test_the_reason_of_the_whole_stands_before_those_of_the_cases():
    few = norm("x", Verdict.INCONCLUSIVE, why=Reason.SAMPLE_TOO_SMALL, reasons={"OPEN": 3, "OTHER_BRANCH": 9})
    assert [code for _, code in norm_reasons(few, ENGLISH)] == ["SAMPLE_TOO_SMALL", "OPEN"]


def test_a_clause_that_is_not_met_names_why_and_not_what_else_is_open():
    open_ = norm("W1.other", Verdict.INCONCLUSIVE, reasons={"RESOLUTION": 5000})
    told = clause_reasons(ONE_CLAUSE, {"W1.deadline": DEADLINE, "W1.other": open_}, ENGLISH)
    assert told == ["one moment came after another that it must not pass: 377"]


def test_findings_that_were_cut_say_of_how_many():
    kept = tuple(finding(f"c{i:02d}", Verdict.FAIL, Reason.OVER_LIMIT, "late") for i in range(20))
    cut = norm("x", Verdict.FAIL, counts={"fail": 600, "inconclusive": 19, "pass": 5}, findings=kept)
    assert findings_count(cut, ENGLISH) == "20 of 619 findings"
    assert findings_count(msgspec.structs.replace(cut, counts={"fail": 20}), ENGLISH) == "20 findings"


def test_what_was_not_run_is_told_apart_and_the_gaps_add_up():
    unrun = norm("x", Verdict.NOT_RUN, counts={}, reasons={"EXCLUDED_BY_PROFILE": 0})
    clauses = (
        clause("S1/a", Verdict.NOT_RUN, norms=("x",)),
        clause("S1/b", None, status="definition"),
        clause("S1/c", None, status="checked"),
    )
    summary = msgspec.structs.replace(RICH.summary, clauses_not_checked=3)
    told = gaps(msgspec.structs.replace(RICH, norms=(unrun,), clauses=clauses, summary=summary), ENGLISH)
    assert any(line.startswith("1 norm not run: ") for line in told)
    assert not any("not shown" in line for line in told)
    counted = [int(line.split()[0]) for line in told if "not checked" in line]
    assert sum(counted) == summary.clauses_not_checked


def test_empty_parts_are_left_out():
    page = render_page(EMPTY, ENGLISH)
    for part in ("steps", "scenarios", "faults"):
        assert f'id="{part}"' not in page
        assert f'href="#{part}"' not in page
        assert f'id="{part}"' in render_page(RICH, ENGLISH)


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_the_banner_claims_no_more_than_was_stated(language):
    texts = Texts(language)
    provenance = msgspec.structs.replace(RICH.provenance, origin="production")
    page = render_page(msgspec.structs.replace(RICH, provenance=provenance), texts)
    assert texts.say("origin_means.production") in page
    assert "Citizens are pseudonymous" not in page


LATE = finding("c1", Verdict.FAIL, Reason.OVER_LIMIT, "P6 took 75 s, limit 60 s")


@pytest.mark.parametrize(
    ("language", "changes", "said"),
    [
        ("en", {}, ("P6 took 75 s, limit 60 s", "en")),
        ("ru", {}, ("заняло 1 мин 15 с, срок 1 мин", "ru")),
        ("kk", {}, ("1 мин 15 сек алды, мерзімі 1 мин", "kk")),
        ("kk", {"limit_us": None, "reason": Reason.NORM_UNKNOWN}, ("1 мин 15 сек алды", "kk")),
        ("ru", {"measured_us": None, "detail": "no start"}, ("no start", "en")),
        ("ru", {"reason": Reason.CLOCK, "detail": "the clock"}, ("the clock", "en")),
    ],
)
def test_how_long_a_step_took_is_said_in_the_language_of_the_page(language, changes, said):
    late = msgspec.structs.replace(LATE, **changes)
    assert finding_told(norm("S1.P6.limit", Verdict.FAIL), late, Texts(language)) == said


def test_what_the_judge_says_in_english_is_marked_as_english():
    told = norm("S1.P6.number", Verdict.FAIL, kind="contains", findings=(LATE,))
    results = msgspec.structs.replace(RICH, norms=(told,))
    assert f'<bdi lang="en">{LATE.detail}</bdi>' in render_page(results, Texts("kk"))
    assert f"<bdi>{LATE.detail}</bdi>" in render_page(results, ENGLISH)
