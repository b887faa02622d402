"""The command line: wrong use ends in a message, never in a traceback; run, pack and explain."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import reglament
from conformance import __version__
from conformance.pack import PACKS
from scenarios import judged_run
from tests.runs.command_line import contents, refused
from tests.scenarios.small_suites import ACCEPTED, PACK, REFUSED, scenario, suite, write

pytestmark = pytest.mark.xdist_group("command line")  # one worker plays the saved run, once

WRONG = scenario(REFUSED, expect={"route": ["P1", "P2"], "outcome": "ok"})


def test_without_arguments_it_says_what_it_can_do(call):
    code, out, err = call()
    assert (code, err) == (0, "")
    for command in ("run", "check", "verify", "report", "pack", "explain", "diagram", "compare"):
        assert f"\n  {command} " in out


def test_help_and_version(call):
    code, out, _ = call("--help")
    assert (code, "check" in out) == (0, True)
    assert call("--version") == (0, f"reglament {__version__}\n", "")


@pytest.mark.parametrize(
    "command", ["run", "check", "verify", "report", "explain", "diagram", "compare", "pack", "pack show"]
)
def test_every_command_has_help(call, command):
    code, out, err = call(*command.split(), "--help")
    assert (code, err) == (0, "")
    assert out.startswith("Usage:")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("rum", "No such command 'rum'"),
        ("run --sed 1", "No such option: --sed"),
        ("run --lang fr", "Invalid value for '--lang': 'fr' is not one of 'en', 'kk', 'ru'."),
        ("run --seed -1", "--seed"),
        ("run --seed x", "--seed"),
        ("run --seed 99999999999999999999999", "--seed"),
        ("run --jobs 9999", "--jobs"),
        ("run --jobs -1", "--jobs"),
        ("run --lang xx", "--lang"),
        ("run s1-home-cal", "did you mean s1-home-call?"),
        ("run nothing.yaml", "nothing.yaml: found no such file"),
        ("run violations --only slow-logn", "did you mean slow-login?"),
        ("check", "Missing argument"),
        ("check log.parquet", "Missing option '--pack'"),
        ("check log.parquet --pack astana-106-1932", "did you mean astana-106-1923?"),
        ("verify", "Missing argument"),
        ("verify nowhere", "nowhere: found no trust/root.pem in it"),
        ("verify . --format html", "--format"),
        ("report", "Missing argument"),
        ("report nothing", "nothing"),
        ("report . --format pdf", "--format"),
        ("explain", "Missing argument"),
        ("explain S1/99(9)", "found 'S1/99(9)'"),
        ("explain s1.p6.limt", "did you mean S1.P6.limit?"),
        ("explain S1/9 --lang xx", "--lang"),
        ("explain S1/9 --pack nowhere", "nowhere"),
        ("diagram", "Missing argument"),
        ("diagram doctor-home-cal", "did you mean doctor-home-call?"),
        (
            "diagram S1 --path portl",
            "found the unknown path portl, expected a path of the pack; did you mean portal?",
        ),
        ("diagram S1 --format bpnm", "found bpnm, expected one of svg, bpmn, mermaid; did you mean bpmn?"),
        ("diagram S1 --lang xx", "--lang"),
        ("diagram S1 --pack astana-106-1932", "did you mean astana-106-1923?"),
        ("diagram S1 --out nowhere/d.svg", "nowhere/d.svg: found no such file or directory"),
        ("pack shw", "No such command 'shw'"),
        ("pack show", "Missing argument"),
        ("pack show astana", "expected a pack directory, or one of astana-106-1923"),
        ("pack validate nowhere", "no such pack"),
    ],
)
def test_wrong_use_is_told_in_one_line(call, words, message, tmp_path):
    refused(call(*words.split()), message)
    assert list(tmp_path.iterdir()) == []


# ---- run


def test_a_run_that_goes_as_expected_ends_with_0(saved):
    results = json.loads((saved / "results.json").read_bytes())
    assert results["summary"]["outcome"] == "conforms"
    assert sorted(p.name for p in saved.parent.iterdir()) == ["out", "small.yaml"]


def test_a_run_that_does_not_ends_with_1_and_says_why(call, tmp_path):
    write(tmp_path, suite(WRONG))
    code, out, err = call("run", "small.yaml", "--jobs", "1", "--seed", "5")
    assert (code, err) == (1, "")
    for words in ("expected the outcome ok, got AUTH_FAIL", "S1/12(4)"):
        assert words in out
    assert "reglament run small.yaml --only wrong-password --seed 5" in out
    assert (tmp_path / "out" / "run-small" / "report.html").is_file()


def test_a_wrong_suite_writes_nothing(call, tmp_path):
    write(tmp_path, suite(scenario(clauses=[])))
    refused(call("run", "small.yaml", "--out", "out"), "small.yaml: scenarios[0].clauses: found no clause")
    assert [p.name for p in tmp_path.iterdir()] == ["small.yaml"]


def test_only_violations_can_be_played(call):
    code, out, _ = call("run", "violations", "--only", "slow-denial", "--jobs", "1")
    assert code == 0
    assert out.strip()


def test_an_interruption_while_files_are_written_leaves_nothing(call, tmp_path, monkeypatch):
    write(tmp_path, suite(REFUSED))

    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(judged_run, "judge_run", interrupt)
    refused(call("run", "small.yaml", "--jobs", "1", "--out", "out"), "interrupted, nothing was written")
    assert [p.name for p in tmp_path.iterdir()] == ["small.yaml"]


def test_a_defect_of_the_harness_does_not_look_like_a_verdict(capfd):
    def broken():
        raise RuntimeError("a defect")

    assert reglament._exit_code(broken) == 2
    assert "this is a defect of the harness, not a verdict" in capfd.readouterr().err


# ---- the folder to write


def test_an_earlier_run_is_replaced_whole(call, saved, tmp_path):
    shutil.copytree(saved, tmp_path / "out")
    (tmp_path / "out" / "faults").mkdir()
    write(tmp_path, suite(ACCEPTED))
    code, _, _ = call("run", "small.yaml", "--jobs", "1", "--out", "out")
    assert code == 0
    assert not (tmp_path / "out" / "faults").exists()
    assert (tmp_path / "out" / "documents" / "accepted-1").is_dir()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "small.yaml"]


def test_an_empty_folder_is_used(call, tmp_path):
    (tmp_path / "out").mkdir()
    write(tmp_path, suite(REFUSED))
    assert call("run", "small.yaml", "--jobs", "1", "--out", "out")[0] == 0


def test_a_link_stays_a_link(call, tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "out").symlink_to("disk")
    write(tmp_path, suite(REFUSED))
    for _ in range(2):
        assert call("run", "small.yaml", "--jobs", "1", "--out", "out")[0] == 0
    assert (tmp_path / "out").is_symlink()
    assert (tmp_path / "disk" / "results.json").is_file()


@pytest.mark.parametrize("beside_a_run", [False, True])
def test_a_folder_with_other_things_is_left_alone(call, saved, tmp_path, beside_a_run):
    if beside_a_run:
        shutil.copytree(saved, tmp_path / "out")
    else:
        (tmp_path / "out").mkdir()
    (tmp_path / "out" / "my notes.txt").write_text("mine")
    write(tmp_path, suite(REFUSED))
    before = contents(tmp_path)
    refused(call("run", "small.yaml", "--out", "out"), "out: found other things in it (my notes.txt)")
    assert contents(tmp_path) == before


def test_the_folder_of_the_input_is_left_alone(call, saved, tmp_path):
    shutil.copytree(saved, tmp_path / "out")
    before = contents(tmp_path)
    told = call("check", "out/log.parquet", "--pack", PACK, "--documents", "out/documents", "--out", "out")
    refused(told, "out: found the folder that holds out/log.parquet")
    assert contents(tmp_path) == before


def test_a_file_is_no_folder(call, tmp_path):
    (tmp_path / "out").write_text("mine")
    write(tmp_path, suite(REFUSED))
    refused(call("run", "small.yaml", "--out", "out"), "out: found a file")
    refused(call("run", "small.yaml", "--out", "out/deeper"), "out/deeper: found", "a folder")
    assert (tmp_path / "out").read_text() == "mine"


def test_a_place_that_cannot_be_written(call, tmp_path, monkeypatch):
    write(tmp_path, suite(REFUSED))

    def forbid(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkdtemp", forbid)
    refused(call("run", "small.yaml", "--out", "out"), "out: found permission denied", "can be written")


# ---- pack and explain


def test_packs_are_listed_shown_and_validated(call):
    for words in (["list"], ["show", PACK], ["show", PACK, "--lang", "kk"], ["validate"], ["validate", PACK]):
        code, out, err = call("pack", *words)
        assert (code, err) == (0, "")
        assert PACK in out or "106-1923" in out


def test_two_packs_are_compared(call, tmp_path):
    own = shutil.copytree(PACKS / PACK, tmp_path / "own")
    assert call("pack", "diff", PACK, "own") == (0, call("pack", "diff", PACK, PACK)[1], "")
    act = own / "act.yaml"
    act.write_text(
        act.read_text(encoding="utf-8").replace('"2014-08-29"', '"2014-08-30"', 1), encoding="utf-8"
    )
    code, out, err = call("pack", "diff", PACK, "own", "--lang", "ru")
    assert (code, err) == (1, "")
    assert "2014-08-29 -> 2014-08-30" in out
    code, out, err = call("pack", "diff", PACK, "own", "--format", "json")
    assert (code, err) == (1, "")
    assert json.loads(out)["changes"][0]["name"] == PACK
    refused(call("pack", "diff", PACK, "none"), "none: found no such pack")
    refused(call("pack", "diff", "own/act.yaml", PACK), "own/act.yaml")


def test_a_pack_with_a_step_that_leads_nowhere_is_refused_everywhere(call, tmp_path):
    own = shutil.copytree(PACKS / PACK, tmp_path / "own")
    table = next(
        path for path in sorted((own / "tables").iterdir()) if "P3" in path.read_text(encoding="utf-8")
    )
    text = table.read_text(encoding="utf-8")
    broken = text.replace("on_ok: P3", "on_ok: P33", 1).replace("steps: [P3]", "steps: [P33]", 1)
    broken = broken.replace("[P2, P3]", "[P2, P33]", 1)
    assert broken != text
    table.write_text(broken, encoding="utf-8")
    for words in (
        "pack validate own",
        "pack show own",
        "explain S1/9 --pack own",
        "check x.parquet --pack own",
    ):
        refused(call(*words.split()), f"own/tables/{table.name}", "P33", "did you mean P3?")


@pytest.mark.parametrize("name", ["S1/12(6)", "s1.p6.limit", "OVER_LIMIT", "inconclusive"])
@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_names_are_explained(call, name, language):
    code, out, err = call("explain", name, "--lang", language)
    assert (code, err) == (0, "")
    assert out.casefold().startswith(name.casefold())


# ---- as a process


def process(*words, folder, **options):
    environment = os.environ | options.pop("environment", {})
    return subprocess.run(
        [sys.executable, "-m", "reglament", *words],
        cwd=folder, env=environment, stderr=subprocess.PIPE, check=False, **options,
    )  # fmt: skip


def test_a_reader_that_stops_early_changes_neither_code_nor_quiet(saved, tmp_path):
    """Whoever takes the first line only must not turn a verdict into another one."""
    reader, writer = os.pipe()
    os.close(reader)
    log = str(saved / "log.parquet")
    done = process("check", log, "--pack", PACK, "--out", "out", folder=tmp_path, stdout=writer)
    os.close(writer)
    assert (done.returncode, done.stderr) == (3, b"")
    assert (tmp_path / "out" / "report.html").is_file()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this machine")
def test_a_full_disk_under_stdout_is_told(tmp_path):
    with Path("/dev/full").open("wb") as full:
        done = process("explain", "S1/9", folder=tmp_path, stdout=full)
    assert (done.returncode, done.stderr) == (2, b"reglament: no space left on device\n")


def test_a_narrow_encoding_does_not_end_a_run(tmp_path):
    narrow = {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    done = process(
        "explain", "S1/9", "--lang", "kk", folder=tmp_path, environment=narrow, stdout=subprocess.PIPE
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"S1/9 (")


# ---- diagram


@pytest.mark.parametrize(
    ("form", "begins"), [("svg", "<?xml"), ("bpmn", "<?xml"), ("mermaid", "flowchart LR")]
)
def test_a_diagram_is_printed_or_written_with_the_same_bytes(call, tmp_path, form, begins):
    words = ("diagram", "doctor-home-call", "--path", "provider", "--format", form, "--lang", "kk")
    code, out, err = call(*words)
    assert (code, err) == (0, "")
    assert out.startswith(begins)
    assert call(*words, "--out", "d.xml") == (0, "d.xml: the diagram of doctor-home-call, provider\n", "")
    assert (tmp_path / "d.xml").read_bytes() == out.encode()
    assert [path.name for path in tmp_path.iterdir()] == ["d.xml"]


def test_without_a_path_the_first_of_the_regulation_is_drawn(call):
    assert call("diagram", "S1") == call("diagram", "S1", "--path", "portal")
    assert call("diagram", "W1", "--pack", "coselog-receipt")[0] == 0
