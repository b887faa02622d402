"""A run is the same in one process and in several, and what an interruption cuts off is never a pass."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from conformance.errors import InputError
from scenarios.run import replay_name, run_suites
from scenarios.suite_reader import find_suite
from tests.scenarios.small_suites import ACCEPTED, AT_THE_DESK, BYPASS, REFUSED, scenario, suite, write

SEED = 11


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return write(tmp_path_factory.mktemp("suites"), suite(ACCEPTED, REFUSED, AT_THE_DESK, BYPASS))


@pytest.fixture(scope="module")
def alone(small):
    return run_suites([small], seed=SEED)


def test_a_run_keeps_the_order_and_the_two_kinds_apart(alone):
    assert [o.result.id for o in alone.outcomes] == ["accepted", "wrong-password", "desk", "bypass"]
    assert [s.id for s in alone.scenarios] == ["accepted", "wrong-password", "desk"]
    assert [f.id for f in alone.faults] == ["bypass"]
    assert {row.case_id for row in alone.rows(violations=True)} == {"bypass-1"}
    assert {row.case_id for row in alone.rows(violations=False)} == {
        "accepted-1",
        "wrong-password-1",
        "desk-1",
    }
    assert (alone.complete, alone.passed, alone.not_run) == (True, True, ())


def test_two_processes_give_what_one_gives(small, alone):
    assert run_suites([small], seed=SEED, jobs=2) == alone


def test_another_seed_gives_another_run(small, alone):
    other = run_suites([small], seed=SEED + 1, only=["accepted"])
    assert other.outcomes[0].rows != alone.outcomes[0].rows
    assert other.outcomes[0].documents != alone.outcomes[0].documents


def test_a_scenario_alone_is_played_as_among_others(small, alone):
    one = run_suites([small], seed=SEED, only=["desk"])
    assert one.outcomes == (alone.outcomes[2],)
    assert one.passed


def test_only_keeps_the_order_of_the_suite(small, alone):
    some = run_suites([small], seed=SEED, only=["desk", "accepted"])
    assert some.outcomes == (alone.outcomes[0], alone.outcomes[2])


def test_only_demands_a_name_of_the_suites(small):
    with pytest.raises(InputError, match=r"--only: found 'bypas', .*; did you mean bypass\?"):
        run_suites([small], seed=SEED, only=["bypas"])


def test_nothing_is_played_when_a_later_suite_is_wrong(small, tmp_path):
    wrong = write(tmp_path, suite(scenario(id="other", clauses=[])))
    heard = []
    with pytest.raises(InputError, match="found no clause"):
        run_suites([small, wrong], seed=SEED, progress=lambda *now: heard.append(now))
    assert heard == []


def test_progress_is_told(small):
    heard = []
    run_suites([small], seed=SEED, only=["wrong-password", "desk"], progress=lambda *now: heard.append(now))
    assert heard == [(1, 2, "wrong-password"), (2, 2, "desk")]


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interruption_keeps_what_was_finished(small, alone, jobs):
    def interrupt(done, total, name):
        del total, name
        if done == 2:
            raise KeyboardInterrupt

    run = run_suites([small], seed=SEED, jobs=jobs, progress=interrupt)
    assert run.outcomes == alone.outcomes[:2]
    assert [(r.id, r.status) for r in run.not_run] == [("desk", "not_run"), ("bypass", "not_run")]
    assert (run.complete, run.passed) == (False, False)
    assert [s.status for s in run.scenarios] == ["passed", "passed", "not_run"]
    assert [f.status for f in run.faults] == ["not_run"]


@pytest.mark.skipif(os.name != "posix", reason="signals to a process are POSIX's")
def test_an_interruption_is_the_parents_alone_to_hear(small, alone):
    def interrupt_workers(done, total, name):
        del total, name
        if done == 1:
            for worker in multiprocessing.active_children():
                os.kill(worker.pid, signal.SIGINT)

    assert run_suites([small], seed=SEED, jobs=2, progress=interrupt_workers) == alone


def test_a_failed_scenario_fails_the_run(tmp_path):
    wrong = scenario(REFUSED, expect={"route": ["P1", "P2"], "outcome": "ok"})
    run = run_suites([write(tmp_path, suite(wrong))], seed=SEED)
    assert (run.complete, run.passed) == (True, False)


def test_a_shipped_suite_is_replayed_by_its_name(tmp_path):
    assert replay_name(find_suite("violations")) == "violations"
    assert replay_name(tmp_path / "violations.yaml") == str(tmp_path / "violations.yaml")


def living_of_group(group):
    """Return the processes of a group, those aside that have ended and only wait for an init to notice."""
    living = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, process_group = stat.read_text().rpartition(")")[2].split()[:3]
            if process_group == str(group) and state != "Z":
                living.append(stat.parent.name)
    return living


@pytest.mark.skipif(os.name != "posix", reason="process groups are POSIX's")
def test_ctrl_c_keeps_what_was_finished_and_leaves_nothing_else(tmp_path):
    many = [scenario(AT_THE_DESK, id=f"desk-{n:03}") for n in range(300)]
    path = write(tmp_path, suite(*many))
    stop = tmp_path / "stop"
    # The command line with a progress that says when the fifth scenario is done: Ctrl-C comes in the middle.
    code = (
        "import pathlib, reglament, reports.progress\n"
        f"def tell(done, total, name):\n    if done == 5: pathlib.Path({str(stop)!r}).touch()\n"
        "reports.progress.progress_line = lambda **_: tell\n"
        "reglament.main()\n"
    )
    playing = subprocess.Popen(
        [sys.executable, "-c", code, "run", str(path), "--jobs", "2", "--out", "out"],
        cwd=tmp_path, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while not stop.exists() and playing.poll() is None:
        time.sleep(0.02)
    os.killpg(playing.pid, signal.SIGINT)  # as a terminal does: to every process of the group
    out, err = playing.communicate(timeout=120)
    assert playing.returncode == 2, err
    assert "Traceback" not in out + err
    assert err == "interrupted: what was finished is kept and marked incomplete\n"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "small.yaml", "stop"]
    results = msgspec.json.decode((tmp_path / "out" / "results.json").read_bytes())
    assert (results["summary"]["outcome"], results["summary"]["complete"]) == ("interrupted", False)
    statuses = [s["status"] for s in results["scenarios"]]
    finished = results["summary"]["scenarios_passed"]
    assert 5 <= finished < 300
    assert statuses == ["passed"] * finished + ["not_run"] * (300 - finished)
    assert msgspec.json.decode((tmp_path / "out" / "manifest.json").read_bytes())["complete"] is False
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "cases.csv", "cases.html", "documents", "earl.jsonld", "indicators.csv", "junit.xml", "log.parquet",
        "manifest.json", "report.html", "results.json", "survey.csv",
        "verdicts.parquet",
    ]  # fmt: skip
    for _ in range(200):  # what helps processes share things ends by itself after the last of them
        if not living_of_group(playing.pid):
            break
        time.sleep(0.02)
    assert living_of_group(playing.pid) == []
