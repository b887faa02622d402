"""``pytest`` on a suite: one item per scenario, with pytest's own options, and failures a person can read."""

import os
import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest

from tests.scenarios.small_suites import ACCEPTED, AT_THE_DESK, BYPASS, REFUSED, scenario, suite, write

WRONG = scenario(REFUSED, id="wrong", expect={"route": ["P1", "P3", "P4"], "outcome": "CERT_EXPIRED"})


def run_pytest(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", ".", "-c", os.devnull,
         *arguments],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


pytestmark = pytest.mark.xdist_group("pytest plugin")  # one worker starts the whole run, once


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    (folder / "suites").mkdir()
    write(folder / "suites", suite(WRONG, ACCEPTED, AT_THE_DESK, BYPASS))
    return folder


@pytest.fixture(scope="module")
def whole(folder):
    """Every scenario on two workers, with a JUnit file."""
    return run_pytest(folder, "suites", "-n", "2", "--junitxml", "junit.xml")


def test_every_scenario_is_an_item_on_any_number_of_workers(whole):
    assert whole.returncode == 1, whole.stdout + whole.stderr
    assert "1 failed, 3 passed" in whole.stdout


def test_a_failure_says_expected_got_clause_and_replay_without_a_traceback(whole):
    for line in (
        "Login and password do not match",
        "wrong-1: expected the route P1 P3 P4, got P1 P2",
        "wrong-1: expected the outcome CERT_EXPIRED, got AUTH_FAIL",
        "clauses: S1/12(4)",
        "--only wrong --seed 20130515",
    ):
        assert line in whole.stdout
    assert "Traceback" not in whole.stdout
    assert "runner.py" not in whole.stdout


def test_the_junit_file_names_the_scenarios(whole, folder):
    assert whole.returncode == 1
    cases = ET.parse(folder / "junit.xml").getroot().findall(".//testcase")  # noqa: S314 - our own file
    assert sorted(case.get("name") for case in cases) == ["accepted", "bypass", "desk", "wrong"]
    failed = {
        case.get("name"): case.find("failure").text for case in cases if case.find("failure") is not None
    }
    assert list(failed) == ["wrong"]
    assert "got P1 P2" in failed["wrong"]


def test_scenarios_are_chosen_by_name_and_by_node(folder):
    by_name = run_pytest(folder, "suites/small.yaml", "-k", "desk", "--reglament-seed", "5")
    assert (by_name.returncode, "1 passed, 3 deselected" in by_name.stdout) == (0, True), by_name.stdout
    by_node = run_pytest(folder, "suites/small.yaml::accepted")
    assert (by_node.returncode, "1 passed" in by_node.stdout) == (0, True), by_node.stdout


def test_the_first_failure_can_end_the_run(folder):
    done = run_pytest(folder, "suites", "-x")
    assert done.returncode == 1
    assert "1 failed" in done.stdout
    assert "passed" not in done.stdout


def test_a_broken_suite_is_an_error_of_collection_with_the_message(tmp_path):
    (tmp_path / "suites").mkdir()
    write(tmp_path / "suites", suite(scenario(clauses=["S1/12(66)"])))
    done = run_pytest(tmp_path, "suites")
    assert done.returncode == 2
    expected = "scenarios[0].clauses[0]: found the unknown name S1/12(66), expected a clause of the pack"
    assert expected in done.stdout
    assert "did you mean S1/12(6)?" in done.stdout
    assert "Traceback" not in done.stdout


def test_other_yaml_is_left_alone(tmp_path):
    write(tmp_path, suite(), "small.yaml")
    done = run_pytest(tmp_path, ".")
    assert (done.returncode, "no tests ran" in done.stdout) == (5, True)
