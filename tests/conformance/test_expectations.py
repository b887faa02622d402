"""Expected failures and skips: excused with their reason, and reported once they no longer hold."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.errors import InputError
from conformance.expectations import Expectation, apply_expectations, last_day, read_expectations
from conformance.judge import Judgement, overall
from conformance.pack import load_pack
from conformance.verdicts import Verdict
from tests.reports.examples import norm

IDS = ("S1.P6.limit", "S2.P6.limit", "S1.P8.document")
PACK = load_pack("astana-106-1923")
DAY = date(2013, 5, 15)


def entry(norm_id="S1.P6.limit", verdict="fail", **changes):
    return Expectation(norm=norm_id, verdict=verdict, reason="known", **changes)


def results(*verdicts):
    return [norm(name, verdict) for name, verdict in zip(IDS, verdicts, strict=False)]


def applied(entries, norms, day=DAY):
    return apply_expectations(entries, norms, day)


def states(entries, norms, day=DAY):
    return [found.state for found in applied(entries, norms, day).entries]


def outcome(entries, norms, day=DAY):
    judgement = Judgement(tuple(norms), (), (), ())
    return overall(judgement, expected=applied(entries, norms, day))


PASS, FAIL, OPEN, UNRUN = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.NOT_RUN


# --- what is expected is excused


def test_an_expected_failure_does_not_fail_the_run():
    norms = results(FAIL, PASS)
    assert overall(Judgement(tuple(norms), (), (), ())) == ("does_not_conform", 1)
    assert outcome([entry()], norms) == ("as_expected", 0)
    found = applied([entry()], norms)
    assert found.excused == {"S1.P6.limit"}
    assert found.reason_for("S1.P6.limit").reason == "known"
    assert found.reason_for("S2.P6.limit") is None


def test_what_is_not_expected_still_fails_and_stays_open():
    assert outcome([entry()], results(FAIL, FAIL)) == ("does_not_conform", 1)
    assert outcome([entry()], results(FAIL, OPEN, PASS)) == ("incomplete", 3)
    assert outcome([entry(), entry("S2.P6.limit", "inconclusive")], results(FAIL, OPEN, PASS)) == (
        "as_expected",
        0,
    )


def test_nothing_but_what_was_expected_is_no_conformance():
    assert outcome([entry()], results(FAIL)) == ("incomplete", 3)


def test_an_expected_doubt_hides_no_violation():
    (broken,) = results(OPEN)
    hiding = norm(broken.id, OPEN, counts={"fail": 1, "inconclusive": 2})
    assert states([entry(verdict="inconclusive")], [hiding]) == ["unused"]
    assert outcome([entry(verdict="inconclusive")], [hiding, *results(PASS)[1:]]) == ("does_not_conform", 1)


def test_without_expectations_nothing_changes():
    for verdicts in ((PASS, PASS), (FAIL, PASS), (OPEN, PASS)):
        norms = tuple(results(*verdicts))
        judgement = Judgement(norms, (), (), ())
        assert overall(judgement, expected=applied([], norms)) == overall(judgement)


# --- what no longer holds


def test_an_unexpected_pass_fails_the_run():
    norms = results(PASS, PASS)
    assert states([entry()], norms) == ["unexpected_pass"]
    assert outcome([entry()], norms) == ("unexpected_pass", 1)
    assert outcome([entry(verdict="not_run")], norms) == ("unexpected_pass", 1)
    assert outcome([entry(verdict="inconclusive")], norms) == ("unexpected_pass", 1)


def test_a_violation_is_told_before_an_unexpected_pass():
    assert outcome([entry()], results(PASS, FAIL)) == ("does_not_conform", 1)


def test_an_expired_entry_excuses_nothing():
    norms = results(FAIL, PASS)
    assert outcome([entry(until="2013-05-15")], norms) == ("as_expected", 0)
    assert outcome([entry(until="2013-05-14")], norms) == ("does_not_conform", 1)
    assert states([entry(until="2013-05-14")], norms) == ["expired"]
    assert outcome([entry(until="2013-05-16")], norms, day=None) == ("does_not_conform", 1)
    assert outcome([entry(until="2013-05-14")], results(PASS, PASS)) == ("conforms", 0)


def test_a_pattern_holds_where_some_hold():
    norms = results(FAIL, PASS, UNRUN)
    (found,) = applied([entry("S?.P6.*")], norms).entries
    assert (found.state, found.as_expected, found.passed) == ("partial", ("S1.P6.limit",), ("S2.P6.limit",))
    assert states([entry("S?.P6.*")], results(PASS, PASS)) == ["unexpected_pass"]
    assert states([entry("S?.P6.*")], results(FAIL, FAIL)) == ["met"]
    assert states([entry("S?.P6.*")], results(UNRUN, OPEN)) == ["unused"]
    assert states([entry(verdict="not_run")], results(UNRUN)) == ["met"]


@given(
    st.lists(st.sampled_from((PASS, FAIL, OPEN, UNRUN)), min_size=1, max_size=3),
    st.lists(
        st.builds(
            Expectation,
            norm=st.sampled_from((*IDS, "S?.P6.*", "*")),
            verdict=st.sampled_from(("fail", "inconclusive", "not_run")),
            reason=st.just("known"),
            until=st.sampled_from((None, "2013-05-14", "2013-05-15")),
        ),
        max_size=4,
    ),
)
def test_no_expectation_ever_excuses_a_failure_that_it_does_not_name(verdicts, entries):
    norms = results(*verdicts)
    found = applied(entries, norms)
    failed = {n.id for n in norms if n.verdict is FAIL}
    word, code = outcome(entries, norms)
    assert (code == 0) <= failed.issubset(found.excused)
    assert (word == "conforms") <= (not failed)
    assert (code == 0) <= (not found.unexpected)


# --- the day


@pytest.mark.parametrize(
    ("last", "day"),
    [
        ("2013-05-16T19:00:00Z", date(2013, 5, 17)),  # Almaty is ahead of UTC
        ("2013-05-10T17:59:59.999999Z", date(2013, 5, 10)),
        (None, None),
        ("yesterday", None),
    ],
)
def test_the_logs_own_last_day_counts(last, day):
    assert last_day(last, "Asia/Almaty") == day


def test_an_unknown_zone_leaves_the_day_unknown():
    assert last_day("2013-05-10T00:00:00Z", "Mars/Base") is None


# --- the file


def refused(tmp_path, text):
    path = tmp_path / "e.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_expectations(path, PACK)
    return str(error.value).removeprefix(f"{path}: ")


def test_a_file_is_read(tmp_path):
    path = tmp_path / "e.yaml"
    path.write_text(
        'expected:\n  - {norm: "S?.P6.*", verdict: fail, reason: slow, until: "2013-06-01", issue: H-1}\n',
        encoding="utf-8",
    )
    assert read_expectations(path, PACK) == (
        Expectation(norm="S?.P6.*", verdict="fail", reason="slow", until="2013-06-01", issue="H-1"),
    )


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{norm: S1.P6.limt, verdict: fail, reason: r}", "did you mean S1.P6.limit?"),
        ('{norm: "S9.*", verdict: fail, reason: r}', "the unknown norm S9.*"),
        ("{norm: S1.P6.limit, verdict: failed, reason: r}", "expected[0].verdict"),
        ("{norm: S1.P6.limit, verdict: pass, reason: r}", "expected[0].verdict"),
        ("{norm: S1.P6.limit, verdict: fail}", "reason"),
        ('{norm: S1.P6.limit, verdict: fail, reason: "  "}', "expected[0].reason: found nothing"),
        ("{norm: S1.P6.limit, verdict: fail, reason: r, until: soon}", "a date such as 2014-03-01"),
        ("{norm: S1.P6.limit, verdict: fail, reason: r, til: x}", "til"),
    ],
)
def test_what_is_not_clear_is_refused_with_its_place(tmp_path, line, says):
    assert says in refused(tmp_path, f"expected:\n  - {line}\n")


def test_the_same_expectation_twice_is_refused(tmp_path):
    line = "  - {norm: S1.P6.limit, verdict: fail, reason: r}\n"
    assert "a second time" in refused(tmp_path, "expected:\n" + 2 * line)


def test_an_entry_of_endless_words_is_refused(tmp_path):
    assert "at most 500" in refused(
        tmp_path, f"expected:\n  - {{norm: S1.P6.limit, verdict: fail, reason: {'r' * 501}}}\n"
    )
