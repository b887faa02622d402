"""The command line: every command and exit code; wrong use ends in a message, never in a traceback."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import reglament
from conformance import __version__
from conformance.log_file import read_log
from conformance.pack import PACKS
from tests.conformance.signed_world import World, issue, key_of, name_of
from tests.scenarios.small_suites import ACCEPTED, PACK, REFUSED, scenario, suite, write

pytestmark = pytest.mark.xdist_group("command line")  # one worker plays the saved run, once

WRONG = scenario(REFUSED, expect={"route": ["P1", "P2"], "outcome": "ok"})


@pytest.fixture
def call(capfd, monkeypatch, tmp_path):
    """Call the command line in this process, in an empty folder; return exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)

    def run(*words):
        code = reglament._exit_code(lambda: reglament.app(list(words), standalone_mode=False))
        told = capfd.readouterr()
        assert "Traceback" not in told.out + told.err
        assert "\x1b" not in told.out + told.err, "not a terminal: no colours"
        return code, told.out, told.err

    return run


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A run saved once, of one scenario that passes."""
    folder = tmp_path_factory.mktemp("saved")
    path = write(folder, suite(REFUSED))
    words = ["run", str(path), "--out", str(folder / "out"), "--jobs", "1"]
    assert reglament._exit_code(lambda: reglament.app(words, standalone_mode=False)) == 0
    return folder / "out"


def contents(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def refused(told, *words):
    code, out, err = told
    assert code == 2
    assert out == ""
    assert err.startswith("reglament: ")
    assert err.count("\n") == 1
    for word in words:
        assert word in err


# ---- the face


def test_without_arguments_it_says_what_it_can_do(call):
    code, out, err = call()
    assert (code, err) == (0, "")
    for command in ("run", "check", "verify", "report", "pack", "explain"):
        assert f"\n  {command} " in out


def test_help_and_version(call):
    code, out, _ = call("--help")
    assert (code, "check" in out) == (0, True)
    assert call("--version") == (0, f"reglament {__version__}\n", "")


@pytest.mark.parametrize("command", ["run", "check", "verify", "report", "explain", "pack", "pack show"])
def test_every_command_has_help(call, command):
    code, out, err = call(*command.split(), "--help")
    assert (code, err) == (0, "")
    assert out.startswith("Usage:")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("rum", "No such command 'rum'"),
        ("run --sed 1", "No such option: --sed"),
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

    monkeypatch.setattr(reglament, "_save_run", interrupt)
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


# ---- check


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: path.write_bytes(b"\x00\xffgarbage" * 50), "a file that is not Parquet"),
        (lambda path: path.write_bytes(b"PAR1" + b"garbage" * 50 + b"PAR1"), "log.parquet"),
        (lambda path: path.write_bytes(b""), "log.parquet"),
        (Path.mkdir, "a directory"),
        (Path.absolute, "no such file"),
    ],
    ids=["garbage", "damaged", "empty", "a folder", "missing"],
)
def test_a_log_that_cannot_be_read_is_refused(call, tmp_path, make, message):
    make(tmp_path / "log.parquet")
    before = sorted(p.name for p in tmp_path.iterdir())
    refused(call("check", "log.parquet", "--pack", PACK, "--out", "out"), "log.parquet: found", message)
    assert sorted(p.name for p in tmp_path.iterdir()) == before


@pytest.mark.parametrize("name", ["nowhere", "a file"])
def test_documents_that_are_not_there_are_refused(call, saved, tmp_path, name):
    (tmp_path / "a file").write_text("")
    log = str(saved / "log.parquet")
    refused(call("check", log, "--pack", PACK, "--documents", name, "--out", "out"), name)
    assert not (tmp_path / "out").exists()


def test_a_small_log_is_incomplete(call, saved, tmp_path):
    code, out, err = call("check", str(saved / "log.parquet"), "--pack", PACK, "--lang", "ru")
    assert (code, err) == (3, "")
    assert out.strip()
    assert (tmp_path / "out" / "check-log" / "results.json").is_file()


def test_findings_on_pages_are_told_and_change_no_outcome(call, saved, tmp_path):
    (tmp_path / "pages.csv").write_text("page,rule,count\nclinic.example/?iin=1,image-alt,9\n")
    check = ("check", str(saved / "log.parquet"), "--pack", PACK)
    code, out, err = call(*check, "--accessibility", "pages.csv", "--out", "with")
    assert (code, err) == (3, "")
    assert "accessibility  Findings: 9; rules: 1; pages with findings: 1 of 1." in out
    bare = call(*check, "--out", "without")
    assert (bare[0], "accessibility" in bare[1]) == (3, False)
    told, plain = (
        json.loads((tmp_path / name / "results.json").read_bytes()) for name in ("with", "without")
    )
    assert told["indicators"].pop("accessibility")["findings"][0]["page"] == "clinic.example/"
    assert plain["indicators"].pop("accessibility") is None
    assert "--accessibility pages.csv" in told["provenance"].pop("replay")
    plain["provenance"].pop("replay")
    assert told == plain


def test_findings_that_cannot_be_read_are_refused(call, saved, tmp_path):
    (tmp_path / "pages.csv").write_text("page,rule,count\nclinic.example,image-alt,many\n")
    check = ("check", str(saved / "log.parquet"), "--accessibility", "pages.csv", "--out", "out", "--pack")
    refused(call(*check, PACK), "pages.csv: line 2: found no count")
    refused(call(*check, "coselog-receipt"), "pages.csv: found findings for the pack", "indicators.yaml")
    assert not (tmp_path / "out").exists()


def test_a_log_without_its_manifest_has_no_known_origin(call, saved, tmp_path):
    shutil.copy(saved / "log.parquet", tmp_path / "real.parquet")
    shutil.copy(saved / "manifest.json", tmp_path / "manifest.json")
    call("check", "real.parquet", "--pack", PACK, "--out", "known")
    (tmp_path / "manifest.json").write_text(
        (tmp_path / "manifest.json").read_text().replace("simulated", "test")
    )
    call("check", "real.parquet", "--pack", PACK, "--out", "test")
    (tmp_path / "manifest.json").unlink()
    call("check", "real.parquet", "--pack", PACK, "--out", "unknown")
    origins = [
        json.loads((tmp_path / name / "manifest.json").read_bytes())["origin"]
        for name in ("known", "test", "unknown")
    ]
    assert origins == ["simulated", "test", "unknown"]
    assert read_log(tmp_path / "unknown" / "log.parquet") == read_log(saved / "log.parquet")


def test_a_manifest_of_another_log_is_noted(call, saved, tmp_path):
    shutil.copy(saved / "log.parquet", tmp_path / "real.parquet")
    manifest = json.loads((saved / "manifest.json").read_bytes()) | {"log_sha256": "0" * 64}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    _, _, err = call("check", "real.parquet", "--pack", PACK, "--out", "out")
    assert err.startswith("note: the manifest beside real.parquet describes another log")


def test_the_root_of_a_check_may_be_given(call, saved, tmp_path):
    log, documents = str(saved / "log.parquet"), str(saved / "documents")
    words = ("check", log, "--pack", PACK, "--documents", documents)
    root = saved / "documents" / "trust" / "root.pem"
    assert call(*words, "--root", str(root), "--out", "out")[0] == 3
    replay = json.loads((tmp_path / "out" / "results.json").read_bytes())["provenance"]["replay"]
    assert f"--root {root}" in replay
    refused(call(*words, "--root", "absent.pem", "--out", "no"), "absent.pem: found no such file")
    refused(call(*words, "--root", log, "--out", "no"), "expected one self-signed certificate")
    told = call("check", log, "--pack", PACK, "--root", str(root), "--out", "no")
    refused(told, "--root: found no documents, expected --documents as well")


def test_a_check_says_how_far_signatures_were_judged(call, saved, tmp_path):
    log = str(saved / "log.parquet")
    for name, more in (("none", ()), ("given", ("--documents", str(saved / "documents")))):
        _, out, _ = call("check", log, "--pack", PACK, *more, "--out", name)
        results = json.loads((tmp_path / name / "results.json").read_bytes())
        assert results["provenance"]["signatures"]["mode"] == name
        assert "signatures  " in out


# ---- verify


@pytest.fixture
def world(tmp_path):
    """Documents that verify, saved as a run saves them."""
    world = World(tmp_path / "saved" / "documents")
    world.carry("c1")
    return world


def test_saved_documents_are_verified(call, world):
    code, out, err = call("verify", "saved")
    assert (code, err) == (0, "")
    assert "--root pins another" in " ".join(out.split())
    assert out.endswith("All that was saved verifies.\n")
    assert max(map(len, out.splitlines())) <= 80
    assert call("verify", "saved/documents") == (0, out, "")
    assert str(world.folder) not in out


def test_a_changed_document_ends_with_1(call, world):
    file = world.folder / "c1" / "result.json"
    file.write_bytes(file.read_bytes().replace(b"issued", b"issuee"))
    code, out, err = call("verify", "saved")
    assert (code, err) == (1, "")
    assert "BAD" in out
    assert "c1/result" in out
    assert "the document was changed after signing (INVALID_SIGNATURE)" in " ".join(out.split())
    assert world.folder.parent.name == "saved"


def test_what_is_not_shown_ends_with_3(call, world):
    shutil.rmtree(world.folder / "messages")
    code, out, err = call("verify", "saved", "--lang", "ru")
    assert (code, err) == (3, "")
    assert "не всё удалось проверить" in out


def test_the_root_of_a_verification_may_be_given(call, world, tmp_path):
    root = tmp_path / "pinned.pem"
    root.write_bytes(world.root.pem)
    code, out, _ = call("verify", "saved", "--root", "pinned.pem")
    assert (code, out.startswith("anchor: the given root (SHA-256 ")) == (0, True)
    root.write_bytes(issue(name_of("TEST root"), key_of(91), serial=1, ca=True).pem)
    assert call("verify", "saved", "--root", "pinned.pem")[0] == 1
    root.write_bytes(b"nothing")
    refused(call("verify", "saved", "--root", "pinned.pem"), "pinned.pem: found something else")


def test_a_verification_as_json(call, world):
    code, out, err = call("verify", "saved", "--format", "json")
    found = json.loads(out)
    assert (code, err, found["anchor"], found["cases"]) == (0, "", "saved", 1)
    assert {check["verdict"] for check in found["documents"]} == {"pass"}
    assert world.folder.is_dir()


def test_names_that_are_not_utf_8_are_escaped(call, world):
    odd = os.fsdecode(b"odd\xff")
    shutil.copytree("saved", odd)
    (world.folder.parent.parent / odd / "documents" / "messages" / os.fsdecode(b"a\xff.jsonl")).touch()
    code, out, err = call("verify", odd, "--format", "json")
    assert (code, err) == (3, "")
    assert "a\\udcff" in [log["name"] for log in json.loads(out)["logs"]]
    assert "a\\udcff" in call("verify", odd)[1]
    refused(call("verify", odd + "/nowhere"), "odd\\udcff/nowhere: found no trust/root.pem in it")


SUITE_OF_S1 = Path(reglament.__file__).parent / "scenarios" / "suites" / "s1-home-call.yaml"


def test_results_are_not_written_under_a_name_that_is_not_utf_8(call, saved):
    log, odd = str(saved / "log.parquet"), os.fsdecode(b"odd\xff")
    shutil.copytree(saved / "documents", odd)
    told = call("check", log, "--pack", "astana-106-1923", "--documents", odd, "--out", odd + "-out")
    refused(told, "odd\\udcff-out: found a name that is not UTF-8")
    shutil.copy(SUITE_OF_S1, odd + ".yaml")
    refused(call("run", odd + ".yaml", "--out", "out"), "odd\\udcff.yaml: found a name that is not UTF-8")
    code, out, err = call("check", log, "--pack", "astana-106-1923", "--documents", odd, "--out", "out")
    assert (code in {0, 1, 3}, err) == (True, "")
    assert "odd\\udcff" in out


# ---- report


def test_reports_are_written_again_in_another_language(call, saved, tmp_path):
    shutil.copytree(saved, tmp_path / "out")
    before = contents(tmp_path / "out")
    assert call("report", "out", "--lang", "kk")[0] == 0
    after = contents(tmp_path / "out")
    assert {name for name in before if before[name] != after[name]} <= {"report.html", "junit.xml"}
    assert after["report.html"] != before["report.html"]
    assert call("report", "out", "--lang", "en")[0] == 0
    assert contents(tmp_path / "out") == before


@pytest.mark.parametrize(
    ("format_", "start"), [("html", "<!doctype html>"), ("json", "{"), ("junit", "<?xml"), ("text", "small")]
)
def test_a_report_is_printed_and_nothing_is_written(call, saved, tmp_path, format_, start):
    code, out, err = call("report", str(saved), "--format", format_)
    assert (code, err) == (0, "")
    assert out.lower().startswith(start)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("octets", [None, b"", b"{}", b"\xff\xfe", b'{"summary": 1}', b"[" * 10_000])
def test_a_damaged_run_is_refused(call, tmp_path, octets):
    (tmp_path / "run").mkdir()
    if octets is not None:
        (tmp_path / "run" / "results.json").write_bytes(octets)
    before = contents(tmp_path)
    refused(call("report", "run"), "results.json")
    assert contents(tmp_path) == before


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
