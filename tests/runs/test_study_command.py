"""The command `study`: what it leaves, interruptions that lose nothing, and whose journal is used."""

import json
import signal
import subprocess
import sys
import time

import pytest

from conformance.log_file import read_log
from scenarios.study_journal import Journal
from tests.scenarios.small_studies import arrivals, study, write

SMALL = study(replications=6)
HELD = """
import pathlib, sys, time, reglament
import scenarios.study_journal as journals

real, kept = journals.Journal.keep, []

def keep(self, task, replication):
    real(self, task, replication)
    kept.append(task)
    if len(kept) == 3:
        pathlib.Path("here").touch()
        while True:
            time.sleep(0.01)

journals.Journal.keep = keep
sys.argv[0] = "reglament"
reglament.main()
"""
LATE = """
import pathlib, sys, time, reglament
import reports.study_reports as study_reports

def write_reports(*_):
    pathlib.Path("here").touch()
    while True:
        time.sleep(0.01)

study_reports.write_study_reports = write_reports
sys.argv[0] = "reglament"
reglament.main()
"""
FILES = {"results.json", "report.html", "figures.csv"}
WORDS = ("--engine", "simpy", "--jobs", "1", "--seed", "5")


def results(folder):
    """Return what a study found, without what it cost."""
    found = json.loads((folder / "results.json").read_bytes())
    found.pop("phases")
    return found


def files(folder):
    return {path.name for path in folder.iterdir()}


def test_the_log_is_judged_in_the_words_of_a_check(call, tmp_path):
    write(tmp_path, study(replications=2))
    code, judging, err = call("study", "study.yaml", *WORDS, "--judge", "--out", "out")
    assert (code, err) == (3, "")  # two replications show little
    kept = {"log.parquet", "manifest.json", "judged", "cases.html", "cases.csv", "verdicts.parquet"}
    assert files(tmp_path / "out") == {*FILES, *kept}
    assert files(tmp_path / "out" / "judged") >= {"results.json", "report.html", "junit.xml"}
    assert not (tmp_path / ".out.replications").exists()
    _, out, _ = call("check", "out/log.parquet", "--pack", "astana-106-1923", "--out", "checked")
    assert "rows, 0 rejected" in out
    judged, checked = (
        json.loads((tmp_path / folder / "results.json").read_bytes()) for folder in ("out/judged", "checked")
    )
    assert judged.pop("log") is None
    assert checked.pop("log") is not None
    assert judged == checked
    failed = {norm["id"] for norm in judged["norms"] if norm["verdict"] == "fail"}
    assert all(norm.endswith(".limit") for norm in failed), failed
    alone, out, _ = call("study", "study.yaml", *WORDS, "--out", "out")  # in the place of all that
    assert alone == code
    assert "judged" not in files(tmp_path / "out")
    assert judging.startswith(out)
    told = judging.removeprefix(out).strip()
    assert "Simulated" in told
    assert told.endswith("replay: reglament check out/log.parquet --pack astana-106-1923")


def test_the_actors_leave_the_same_log_with_documents_that_verify(call, tmp_path):
    write(tmp_path, study(replications=2, load=0.3))
    call("study", "study.yaml", *WORDS, "--out", "off")
    words = ("--signatures", "real", "--judge", "--out", "out")
    code, _, err = call("study", "study.yaml", *WORDS, *words)
    assert (code, err) == (3, "")  # two replications show little
    off, real = results(tmp_path / "off"), results(tmp_path / "out")
    assert (off.pop("signatures"), real.pop("signatures")) == ("off", "real")
    assert off["points"] == real["points"]
    logs = [{played(row) for row in read_log(tmp_path / name / "log.parquet")} for name in ("off", "out")]
    assert logs[0] == logs[1]
    judged = json.loads((tmp_path / "out" / "judged" / "results.json").read_bytes())
    verdicts = {norm["id"]: norm["verdict"] for norm in judged["norms"]}
    assert verdicts["S1.P8.result-signature"] == verdicts["S3.V5.request-signature"] == "pass"
    code, out, _ = call("verify", "out")
    assert code == 0
    assert out.endswith("All that was saved verifies.\n")


def played(row):
    return (row.case_id, row.step, row.enabled_us, row.started_us, row.completed_us, row.outcome)


def test_actors_that_leave_other_rows_are_a_defect(call, tmp_path, monkeypatch):
    write(tmp_path, study(replications=1, load=0.1))
    without_first = lambda path: read_log(path)[1:]  # noqa: E731
    monkeypatch.setattr("scenarios.enacted_log.read_log", without_first)
    with pytest.raises(AssertionError, match="Traceback"):
        call("study", "study.yaml", *WORDS, "--signatures", "real", "--out", "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("changes", "found"),
    [({"offices": 2}, "2 offices"), ({"load": 30}, "more than 900 people")],
)
def test_a_study_that_the_actors_cannot_play_is_refused_before_it_is_played(call, tmp_path, changes, found):
    write(tmp_path, study(**changes))
    code, out, err = call("study", "study.yaml", *WORDS, "--signatures", "sampled")
    assert (code, out) == (2, "")
    assert f"found {found}, with signatures real or sampled, expected" in err
    assert files(tmp_path) == {"study.yaml"}


@pytest.mark.parametrize(
    "words", [("--judge",), ("--resume",), ("--signatures", "real"), ("--jobs", "2"), ("--no-log",)]
)
def test_a_fit_is_not_told_how_to_play(call, words):
    code, out, err = call("study", "--fit", "log.parquet", "--pack", "astana-106-1923", *words)
    assert (code, out) == (2, "")
    assert f"found {words[0]} with --fit, expected {words[0]} with a study" in err


@pytest.mark.parametrize("folder", [".", "..", "/"])
def test_a_folder_without_a_name_of_its_own_is_refused_like_any_other(call, tmp_path, folder):
    write(tmp_path, SMALL)
    code, out, err = call("study", "study.yaml", "--out", folder)
    assert (code, out) == (2, "")
    assert err.startswith(f"reglament: {folder}: found the ")
    assert files(tmp_path) == {"study.yaml"}


def test_an_error_after_the_play_names_the_folder_and_loses_no_replication(call, tmp_path, monkeypatch):
    write(tmp_path, study(replications=2, load=0.3))

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.write_bytes", full)
        code, out, err = call("study", "study.yaml", *WORDS, "--no-log", "--out", "out")
    assert (code, out) == (2, "")
    assert err == (
        "note: finished replications are kept; go on with --resume\n"
        "reglament: out: found no space left on device, expected a directory that can be written\n"
    )
    assert files(tmp_path) == {"study.yaml", ".out.replications"}
    monkeypatch.setattr("scenarios.study_play.play_task", None)  # nothing is played again
    code, _, _ = call("study", "study.yaml", *WORDS, "--no-log", "--resume", "--out", "out")
    assert code in {0, 3}


@pytest.mark.parametrize("words", [("--judge",), ("--signatures", "real")])
def test_what_needs_the_log_is_refused_without_it(call, tmp_path, words):
    write(tmp_path, SMALL)
    code, out, err = call("study", "study.yaml", *words, "--no-log")
    assert (code, out) == (2, "")
    assert err == f"reglament: study: found {words[0]} with --no-log, expected one of the two\n"


def test_jobs_and_engines_find_the_same(call, tmp_path):
    write(tmp_path, SMALL)
    logs, found = set(), []
    for number, words in enumerate((("simpy", "1"), ("simpy", "2"), ("compiled", "1"), ("compiled", "2"))):
        call(
            "study",
            "study.yaml",
            "--engine",
            words[0],
            "--jobs",
            words[1],
            "--seed",
            "5",
            "--out",
            f"o{number}",
        )
        one = results(tmp_path / f"o{number}")
        for name in ("engine", "engine_note", "replay"):
            one.pop(name)
        found.append(one)
        logs.add((tmp_path / f"o{number}" / "log.parquet").read_bytes())
    assert all(one == found[0] for one in found)
    assert len(logs) == 1


def test_without_numba_simpy_plays_the_same_and_says_so(call, tmp_path, monkeypatch):
    write(tmp_path, study(replications=2, load=0.3))
    words = ("study", "study.yaml", "--jobs", "1")
    call(*words, "--out", "with")
    monkeypatch.setattr("sim.load.compiled.can_compile", lambda: False)
    _, out, err = call(*words, "--out", "without", "--lang", "ru")
    assert "Numba не установлена, поэтому моделировал SimPy" in " ".join(out.split())
    assert err == ""
    found = results(tmp_path / "without")
    assert (found["engine"], found["engine_note"]) == ("simpy", "no_numba")
    assert found["points"] == results(tmp_path / "with")["points"]
    logs = [(tmp_path / name / "log.parquet").read_bytes() for name in ("with", "without")]
    assert logs[0] == logs[1]


def interrupted(folder, script=HELD):
    """Start the study, interrupt it where *script* waits, and return what it told."""
    words = [sys.executable, "-c", script, "study", "study.yaml", *WORDS, "--out", "out"]
    process = subprocess.Popen(words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        for _ in range(6000):
            if (folder / "here").exists() or process.poll() is not None:
                break
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    return process.returncode, out, err


def test_a_late_interruption_says_what_was_not_written_and_what_is_kept(tmp_path):
    write(tmp_path, study(replications=2, load=0.3))
    code, _, err = interrupted(tmp_path, LATE)
    told = "interrupted, no results were written, but finished replications are kept; go on with --resume"
    assert (code, err) == (2, f"reglament: {told}\n")
    assert not (tmp_path / "out").exists()


def test_an_interruption_keeps_what_was_finished_and_resuming_ends_as_if_there_had_been_none(call, tmp_path):
    write(tmp_path, SMALL)
    code, out, err = interrupted(tmp_path)
    assert code == 2
    assert "go on with --resume" in err
    assert "Traceback" not in out + err
    part = results(tmp_path / "out")
    assert part["complete"] is False
    assert part["replications"] == 3
    assert "log.parquet" not in files(tmp_path / "out")
    journal = tmp_path / ".out.replications"
    assert journal.is_file()
    octets = journal.read_bytes()
    for torn in (octets, octets[:-7], octets[:-7] + b"\0" * 7, octets + b"rest"):
        journal.write_bytes(torn)
        code, _, err = call("study", "study.yaml", *WORDS, "--resume", "--out", "out")
        assert code in {0, 1}
        assert err == ""
        call("study", "study.yaml", *WORDS, "--out", "whole")
        resumed, whole = results(tmp_path / "out"), results(tmp_path / "whole")
        assert resumed == whole
        assert (tmp_path / "out" / "log.parquet").read_bytes() == (
            tmp_path / "whole" / "log.parquet"
        ).read_bytes()
        assert not journal.exists()


def test_the_journal_of_another_seed_or_study_is_not_used(call, tmp_path):
    write(tmp_path, SMALL)
    interrupted(tmp_path)
    journal = (tmp_path / ".out.replications").read_bytes()
    for number, (plain, seed) in enumerate(((SMALL, "6"), (study(replications=6, load=1.5), "5"))):
        write(tmp_path, plain)
        words = ("study", "study.yaml", "--engine", "simpy", "--jobs", "1", "--seed", seed)
        (tmp_path / f".a{number}.replications").write_bytes(journal)
        call(*words, "--resume", "--out", f"a{number}")
        call(*words, "--out", f"b{number}")
        assert results(tmp_path / f"a{number}") == results(tmp_path / f"b{number}")


def test_a_study_that_is_refused_leaves_the_journal_of_an_interrupted_one(call, tmp_path):
    (tmp_path / ".out.replications").write_bytes(b"of another")
    write(tmp_path, study(offices=2))
    code, _, _ = call("study", "study.yaml", *WORDS, "--signatures", "real", "--out", "out")
    assert code == 2
    assert (tmp_path / ".out.replications").read_bytes() == b"of another"


def test_two_studies_into_one_folder_do_not_share_a_journal(call, tmp_path):
    write(tmp_path, SMALL)
    with Journal.begin(tmp_path / ".out.replications", resume=False):
        code, out, err = call("study", "study.yaml", *WORDS, "--out", "out")
    assert (code, out) == (2, "")
    assert "a journal that another process is writing" in err
    assert files(tmp_path) == {"study.yaml"}


def test_to_resume_what_was_never_begun_is_to_begin(call, tmp_path):
    write(tmp_path, SMALL)
    code, _, err = call("study", "study.yaml", *WORDS, "--resume", "--out", "out")
    assert code in {0, 1}
    assert err == ""
    assert results(tmp_path / "out")["complete"] is True


def test_a_study_in_which_nobody_came_says_so_and_has_no_log(call, tmp_path):
    write(tmp_path, arrivals(per_day=0.0001))
    code, _, err = call("study", "study.yaml", *WORDS, "--judge", "--out", "out")
    assert code in {0, 3}
    assert err == "note: nobody came in the first replication, so there is no log\n"
    assert not {"log.parquet", "manifest.json", "judged"} & files(tmp_path / "out")


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:9", "nowhere", "tcp://", "tcp://nowhere", "tcp://nowhere:port"]
)
def test_a_cluster_that_is_not_there_is_a_message(call, tmp_path, address):
    pytest.importorskip("distributed")
    write(tmp_path, SMALL)
    code, out, err = call("study", "study.yaml", *WORDS, "--cluster", address, "--out", "out")
    assert code == 2
    assert out == ""
    assert err.startswith("reglament: --cluster: found no scheduler at ")
    assert not (tmp_path / "out").exists()
