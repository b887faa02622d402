"""A run whose only failures were expected is no failure, and one that met what it should not is."""

import pytest

from conformance.expectations import Expectation, apply_expectations
from conformance.judge import judge
from scenarios.expected import with_expected
from scenarios.run import run_suites
from tests.scenarios.small_suites import ACCEPTED, REFUSED, SLOW, suite, write

SEED = 11
REGULAR_SLOW = {name: value for name, value in SLOW.items() if name != "breaks"}
ASTRAY = REFUSED | {"id": "astray", "expect": {"route": ["P1", "P3"], "outcome": "ok"}}
LIMIT = Expectation(norm="S1.P6.limit", verdict="fail", reason="slow until spring")
LOGIN = Expectation(norm="S1.P1.limit", verdict="fail", reason="was slow")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return write(tmp_path_factory.mktemp("suites"), suite(ACCEPTED, REGULAR_SLOW, ASTRAY))


def held(path, *entries, only=("accepted", "slow")):
    run = run_suites([path], seed=SEED, only=only)
    norms = judge(run.pack, run.rows(violations=False)).norms
    return with_expected(run, apply_expectations(entries, norms, None))


def test_a_scenario_fails_as_expected(small):
    run, outcome = held(small)
    assert (outcome, run.failed) == ("does_not_conform", True)
    run, outcome = held(small, LIMIT)
    assert (outcome, run.failed, run.passed) == ("as_expected", False, True)
    assert [(s.id, s.status) for s in run.scenarios] == [("accepted", "passed"), ("slow", "expected")]


def test_another_norm_or_another_route_is_not_excused(small):
    _, outcome = held(small, Expectation(norm="S1.P5.limit", verdict="inconclusive", reason="r"))
    assert outcome == "does_not_conform"
    run, outcome = held(small, LIMIT, only=("accepted", "slow", "astray"))
    assert outcome == "does_not_conform"
    assert run.scenarios[-1].status == "failed"


def test_an_unexpected_pass_is_the_word_of_the_run(small):
    _, outcome = held(small, LOGIN, only=("accepted",))
    assert outcome == "unexpected_pass"
    _, outcome = held(small, LIMIT, LOGIN)
    assert outcome == "unexpected_pass"


def test_the_command_ends_with_its_code(call, small, tmp_path):
    entry = '  - {{norm: {}, verdict: fail, reason: "slow until spring"}}\n'

    def code(*norms):
        (tmp_path / "e.yaml").write_text("expected:\n" + "".join(map(entry.format, norms)), encoding="utf-8")
        words = ["run", str(small), "--only", "accepted", "--only", "slow", "--jobs", "1"]
        number, out, err = call(*words, "--expected", "e.yaml", "--out", "out")
        return number, out + err

    number, printed = code("S1.P6.limit")
    assert number == 0, printed
    assert "1 failed as expected" in printed
    number, printed = code("S1.P6.limit", "S1.P1.limit")
    assert number == 1
    assert "UNEXPECTED PASS" in printed
    number, printed = code("S1.P6.limt")
    assert number == 2
    assert "did you mean S1.P6.limit?" in printed
