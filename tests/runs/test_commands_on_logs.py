"""The commands on logs and saved runs: check, verify and report, with every exit code."""

import json
import os
import shutil
from pathlib import Path

import pytest

import reglament
from conformance.log_file import read_log
from tests.conformance.signed_world import World, issue, key_of, name_of
from tests.runs.command_line import contents, refused
from tests.scenarios.small_suites import PACK

pytestmark = pytest.mark.xdist_group("command line")  # one worker plays the saved run, once


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
    pages = {"cases.html", "report.html", "report.en.html", "report.kk.html", "report.ru.html"}
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    assert changed <= {*pages, "junit.xml"}
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
