"""A log with a reject, or read by an unconfirmed guess, does not conform, whatever the norms say."""

import msgspec
import pytest

from conformance import checking
from conformance.checking import CheckRequest, check_log
from conformance.log_file import read_manifest, sha256_file, write_log
from conformance.logs.convert import convert
from conformance.logs.mapping import read_mapping
from conformance.manifests import manifest_beside
from conformance.pack import load_pack
from reports.log_statements import log_statements
from reports.texts import Texts
from tests.conformance.fragments import TEN, row

CSV = "case,act,time\nc1,Send,2013-05-15T10:00:00\nc1,Register,2013-05-15T10:00:20\n"
MAPPING = """
columns: {case_id: case, activity: act, completed: time}
constants: {service: doctor-home-call, path: portal, unit: portal}
time: {resolution: 1 s, zone: Asia/Almaty}
activities: {Send: P5, Register: P6}
"""


def judged(log, folder, mapping=None):
    folder.mkdir()
    request = CheckRequest(log=log, pack=load_pack("astana-106-1923"), replay="", mapping=mapping)
    return check_log(request, folder)


@pytest.mark.parametrize(
    ("line", "more", "code"),
    [
        ("", "", 0),
        ("c1,Dance,2013-05-15T10:00:30\n", "", 3),
        ("c1,Dance,2013-05-15T10:00:30\n", "ignore: [Dance]\n", 0),
        ("c1,Send,soon\n", "", 3),
        ("", "unconfirmed: [Send]\n", 3),
        ("", "unconfirmed: [time.zone]\n", 3),
    ],
)
def test_what_was_not_read_or_was_guessed_is_never_green(tmp_path, monkeypatch, line, more, code):
    monkeypatch.setattr(checking, "overall", lambda *_, **__: ("conforms", 0))  # as if every norm were met
    (tmp_path / "log.csv").write_text(CSV + line)
    (tmp_path / "mapping.yaml").write_text(MAPPING + more)
    checked = judged(tmp_path / "log.csv", tmp_path / "out", tmp_path / "mapping.yaml")
    assert checked.code == code
    assert checked.results.summary.outcome == ("incomplete" if code else "conforms")
    assert checked.results.log.rows == 2
    assert (tmp_path / "out" / "rejects.jsonl").exists() == bool(checked.results.log.rejects)


@pytest.mark.parametrize(("name", "more"), [("new.csv", ""), ("new.parquet", "unconfirmed: [Send]\n")])
def test_what_was_not_read_is_not_forgotten(tmp_path, monkeypatch, name, more):
    monkeypatch.setattr(checking, "overall", lambda *_, **__: ("conforms", 0))
    (tmp_path / "log.csv").write_text(CSV + ("" if more else "c1,Send,soon\n"))
    (tmp_path / "mapping.yaml").write_text(MAPPING + "origin: production\n" + more)
    mapping = read_mapping(tmp_path / "mapping.yaml")
    assert judged(tmp_path / "log.csv", tmp_path / "one", tmp_path / "mapping.yaml").code == 3
    convert(tmp_path / "one" / "log.parquet", tmp_path / name, None, None)
    convert(tmp_path / name, tmp_path / "again.csv", None, None)
    assert judged(tmp_path / "again.csv", tmp_path / "two").code == 3
    convert(tmp_path / "log.csv", tmp_path / "mapped.csv", mapping, None)
    found = read_manifest(tmp_path, "mapped.csv.manifest.json")
    assert (found.complete, found.origin) == (False, "production")


def test_converting_keeps_what_the_mapping_says(tmp_path):
    (tmp_path / "log.csv").write_text(CSV)
    stated = "Asia/Almaty, clock_error: 2 s, extracted_at: '2013-06-01T00:00:00+06:00'"
    (tmp_path / "mapping.yaml").write_text(MAPPING.replace("Asia/Almaty", stated) + "origin: test\n")
    convert(tmp_path / "log.csv", tmp_path / "a.xes", read_mapping(tmp_path / "mapping.yaml"), None)
    convert(tmp_path / "a.xes", tmp_path / "b.json", None, None)
    for name in ("a.xes", "b.json"):
        found = read_manifest(tmp_path, f"{name}.manifest.json")
        assert (found.origin, found.zone, found.clock_error_us) == ("test", "Asia/Almaty", 2_000_000)
        assert (found.extracted_at, found.complete) == ("2013-06-01T00:00:00+06:00", True)


def test_a_manifest_that_fits_no_log_is_never_green(tmp_path, monkeypatch):
    monkeypatch.setattr(checking, "overall", lambda *_, **__: ("conforms", 0))
    (tmp_path / "log.csv").write_text(CSV)
    (tmp_path / "mapping.yaml").write_text(MAPPING)
    assert judged(tmp_path / "log.csv", tmp_path / "one", tmp_path / "mapping.yaml").code == 0
    beside = tmp_path / "one" / "log.csv"
    beside.write_text(CSV)
    assert manifest_beside(beside) == (None, False)  # it is log.parquet's
    (tmp_path / "one" / "log.parquet").unlink()
    found = judged(beside, tmp_path / "three", tmp_path / "mapping.yaml")
    assert (found.code, found.foreign, read_manifest(tmp_path / "three").complete) == (3, True, False)
    convert(beside, tmp_path / "c.csv", read_mapping(tmp_path / "mapping.yaml"), None)
    assert not read_manifest(tmp_path, "c.csv.manifest.json").complete
    (tmp_path / "c.csv").write_text((tmp_path / "c.csv").read_text().replace("P6", "P7"))
    assert manifest_beside(tmp_path / "c.csv") == (None, True)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, []),
        ({"step": "P66"}, ["step “P66” in 1 row (nearest: P6)"]),
        ({"step": "V6"}, ["step “V6” in 1 row"]),
        ({"unit": "portall"}, ["unit “portall” in 1 row (nearest: portal)"]),
        ({"enabled_us": TEN + 9, "completed_us": TEN + 1}, ["1 row ends before it begins"]),
        ({"enabled_us": TEN + 10, "started_us": TEN + 9}, ["1 row ends before it begins"]),
    ],
)
def test_what_the_regulation_does_not_know_or_cannot_be_is_never_green(tmp_path, monkeypatch, change, words):
    monkeypatch.setattr(checking, "overall", lambda *_, **__: ("conforms", 0))
    rows = [row("P5", TEN, TEN + 10), msgspec.structs.replace(row("P6", TEN + 10, TEN + 20), **change)]
    write_log(rows, tmp_path / "log.parquet")
    checked = judged(tmp_path / "log.parquet", tmp_path / "out")
    said = "\n".join(log_statements(checked.results.log, Texts("en")))
    assert checked.code == (3 if words else 0)
    assert ("unknown to the regulation" in said) == bool("step" in change or "unit" in change)
    assert all(one in said for one in words)


def test_a_coarse_end_is_no_contradiction(tmp_path):
    day = 86_400_000_000
    rows = [msgspec.structs.replace(row("P5", TEN + day // 2, TEN), resolution_us=day)]
    write_log(rows, tmp_path / "log.parquet")
    assert judged(tmp_path / "log.parquet", tmp_path / "out").results.log.inverted == 0


def test_digests_of_source_and_mapping_are_saved(tmp_path):
    (tmp_path / "log.csv").write_text(CSV)
    (tmp_path / "mapping.yaml").write_text(MAPPING)
    found = judged(tmp_path / "log.csv", tmp_path / "out", tmp_path / "mapping.yaml").results.log
    assert found.source_sha256 == sha256_file(tmp_path / "log.csv")
    assert found.mapping_sha256 == sha256_file(tmp_path / "mapping.yaml")
