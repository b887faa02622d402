"""A case of which a record was rejected is accused of nothing that the record could explain, ever after."""

from dataclasses import replace

import msgspec
import pytest

from conformance.checking import CheckRequest, check_log
from conformance.log import SCHEMA_VERSION, Manifest
from conformance.log_file import read_manifest, write_manifest
from conformance.logs import rejects
from conformance.logs.convert import convert
from conformance.logs.intake import take_in
from conformance.logs.mapping import read_mapping
from conformance.pack import load_pack
from reports.log_statements import log_statements
from reports.texts import Texts

CSV = (
    "case,act,time\n"
    "c1,Send,2013-05-15T10:00:00\n"
    "c1,Register,soon\n"
    "c1,Deliver,2013-05-15T10:03:00\n"
    "c2,Send,2013-05-15T10:00:00\n"
    "c2,Deliver,2013-05-15T10:03:00\n"
)
MAPPING = """
columns: {case_id: case, activity: act, completed: time}
constants: {service: doctor-home-call, path: portal, unit: portal}
time: {resolution: 1 s, zone: Asia/Almaty}
activities: {Send: P5, Register: P6, Deliver: P8}
"""
NEXT = "S1.P5.next"
NUMBER = "850101300005"


@pytest.fixture
def judged(tmp_path):
    def check(text=CSV, mapping=MAPPING, name="out"):
        (tmp_path / "log.csv").write_text(text)
        (tmp_path / "mapping.yaml").write_text(mapping)
        (tmp_path / name).mkdir()
        request = CheckRequest(
            log=tmp_path / "log.csv",
            pack=load_pack("astana-106-1923"),
            replay="",
            mapping=tmp_path / "mapping.yaml",
        )
        return request, tmp_path / name, check_log(request, tmp_path / name).results

    return check


def accused(results, name=NEXT):
    norm = next(norm for norm in results.norms if norm.id == name)
    return {finding.case_id: str(finding.reason) for finding in norm.findings}


def test_only_the_other_case_is_accused(judged):
    _, folder, results = judged()
    assert accused(results) == {"c1": "NO_DATA", "c2": "BAD_ORDER"}
    assert (results.log.damaged, results.log.unplaced) == (1, 0)
    assert read_manifest(folder).damaged == ("c1",)
    said = log_statements(results.log, Texts("en"))
    assert any(line.startswith("cases of which a record was rejected: 1;") for line in said)


def test_what_is_judged_or_converted_later_is_judged_the_same(judged, tmp_path):
    request, folder, results = judged()
    convert(request.log, tmp_path / "there.xes", read_mapping(request.mapping), request.pack)
    convert(tmp_path / "there.xes", tmp_path / "back.csv", None, None)
    for number, log in enumerate((folder / "log.parquet", tmp_path / "back.csv")):
        again = tmp_path / f"again{number}"
        again.mkdir()
        found = check_log(replace(request, log=log, mapping=None), again).results
        assert accused(found) == accused(results)
        assert (found.log.damaged, found.log.unplaced) == (1, 0)
        assert read_manifest(again).damaged == ("c1",)


@pytest.mark.parametrize(
    "line",
    [
        ",Send,2013-05-15T10:00:00\n",
        f"{NUMBER},Send,soon\n",
        f"{NUMBER},Send,2013-05-15T10:00:00\n",
        "c3,Send,2013-05-15T10:00:00,too,many\n",
    ],
)
def test_a_record_without_a_case_that_may_be_named_is_counted(judged, line):
    _, folder, results = judged(CSV + line)
    assert (results.log.damaged, results.log.unplaced) == (1, 1)
    assert NUMBER not in (folder / "manifest.json").read_text()
    said = log_statements(results.log, Texts("en"))
    assert "rejected records of no known case: 1; any case may lack one of them" in said


def test_the_case_has_the_name_that_it_has_in_the_log(judged, monkeypatch):
    monkeypatch.setenv("KEY", "k" * 32)
    hidden = MAPPING + "pseudonymise: {columns: [case_id], key_variable: KEY}\n"
    _, folder, results = judged(mapping=hidden)
    (damaged,) = read_manifest(folder).damaged
    assert damaged != "c1"
    assert accused(results)[damaged] == "NO_DATA"
    assert sorted(accused(results).values()) == ["BAD_ORDER", "NO_DATA"]


def test_an_unknown_activity_may_be_any_step(judged):
    _, _, results = judged(CSV + "c2,Dance,2013-05-15T10:01:00\n")
    assert accused(results) == {"c1": "NO_DATA", "c2": "NO_DATA"}


def test_so_many_cases_are_named_and_the_others_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(rejects, "MAX_DAMAGED", 2)
    (tmp_path / "log.csv").write_text(CSV + "".join(f"c{n},Send,soon\nc{n},Send,soon\n" for n in range(3, 6)))
    (tmp_path / "mapping.yaml").write_text(MAPPING)
    mapping = read_mapping(tmp_path / "mapping.yaml")
    taken = take_in(tmp_path / "log.csv", mapping, None, tmp_path / "out.parquet")
    assert taken.damaged == {"c1", "c3"}
    assert (taken.rejected, taken.unplaced) == (7, 4)


def test_a_manifest_holds_as_many_names_as_it_can(judged, monkeypatch):
    monkeypatch.setattr(rejects, "MAX_DAMAGED_OCTETS", 12)
    _, folder, results = judged(CSV + "c3,Send,soon\nc3,Send,soon\nc4,Send,soon\n")
    manifest = read_manifest(folder)
    assert (manifest.damaged, manifest.unplaced) == (("c1", "c3"), 1)
    assert (results.log.damaged, results.log.unplaced) == (2, 1)


def test_a_number_of_a_person_in_a_foreign_manifest_goes_no_further(judged, tmp_path):
    request, folder, _ = judged()
    own = read_manifest(folder)
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "log.parquet").write_bytes((folder / "log.parquet").read_bytes())
    write_manifest(msgspec.structs.replace(own, damaged=(NUMBER, "c1")), tmp_path / "foreign")
    (tmp_path / "again").mkdir()
    check_log(replace(request, log=tmp_path / "foreign" / "log.parquet", mapping=None), tmp_path / "again")
    assert (read_manifest(tmp_path / "again").damaged, read_manifest(tmp_path / "again").unplaced) == (
        ("c1",),
        1,
    )


def test_the_longest_manifest_can_be_read_again(tmp_path):
    name = "\u0001" * 80  # as long as a name becomes when it is written
    damaged = rejects.DamagedCases()
    while damaged.add(f"{len(damaged.names)}{name}"):
        pass
    manifest = Manifest(
        schema_version=SCHEMA_VERSION,
        pack="astana-106-1923",
        pack_sha256="",
        seed=None,
        origin="test",
        period_start=None,
        period_end=None,
        zone="Asia/Almaty",
        extracted_at=None,
        log_sha256="",
        damaged=tuple(sorted(damaged.names)),
    )
    write_manifest(manifest, tmp_path)
    assert read_manifest(tmp_path) == manifest


def test_a_step_that_no_activity_means_is_not_held_against_the_cases(judged):
    fewer = MAPPING.replace("activities: {Send: P5, Register: P6,", "activities: {Send: P5,")
    _, folder, results = judged(CSV.replace("c1,Register,soon\n", ""), fewer)
    assert accused(results) == {"c1": "NO_DATA", "c2": "NO_DATA"}
    assert "steps.P8" in read_manifest(folder).delivered
    limit = next(norm for norm in results.norms if norm.id == "S1.P6.limit")
    assert limit.reasons == {"NO_DATA": 2}


def test_nothing_is_met_for_want_of_what_was_rejected(judged):
    """Of sixty cases forty are late, or rejected whole: then it is not known whether the target is met."""
    steps = (("Send", 0, 0), ("Register", 0, 20), ("Deliver", 1, 0))
    lines = [
        f"c{case},{act},2013-05-15T{10 + hour}:00:{second:02}\n"
        for case in range(60)
        for act, hour, second in steps
    ]
    late = [
        line.replace("Deliver,2013-05-15", "Deliver,2013-05-25") if int(line[1:].split(",")[0]) < 40 else line
        for line in lines
    ]
    unread = [
        line.rsplit(",", 1)[0] + ",soon\n" if int(line[1:].split(",")[0]) < 40 else line for line in lines
    ]
    standings = {}
    for name, text in (("whole", lines), ("late", late), ("unread", unread)):
        _, _, results = judged("case,act,time\n" + "".join(text), name=name)
        (rate,) = [r for r in results.indicators.rates if r.measure == "timeliness"]
        standings[name] = (rate.rate.good, rate.rate.n, rate.unsure, rate.rate.standing)
    assert standings["whole"][:3] == (60, 60, 0)
    assert standings["late"] == (20, 60, 0, "not_met")
    assert standings["unread"] == (20, 20, 40, "not_shown")
