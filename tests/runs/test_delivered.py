"""What a mapping delivers goes with the log: into the manifest, and into every later judgement of it."""

from dataclasses import replace

import pytest

from conformance.checking import CheckRequest, check_log
from conformance.log_file import read_manifest
from conformance.logs.convert import convert
from conformance.logs.mapping import read_mapping
from conformance.pack import load_pack

CSV = (
    "case,act,time,who,channel,result,number\n"
    "c1,Send,2013-05-15T10:00:00,Anna,web,,\n"
    "c1,Register,2013-05-15T10:00:20,Anna,web,,\n"
    "c1,Deliver,2013-05-15T10:03:00,Anna,web,,\n"
)
MAPPING = """
columns: {COLUMNS}
constants: {service: doctor-home-call, path: portal, unit: portal}
time: {resolution: 1 s, zone: Asia/Almaty}
activities: {Send: P5, Register: P6, Deliver: P8}
"""
BARE = "case_id: case, activity: act, completed: time"
SILENT = ("S1.P5.sent", "S1.P6.decision", "S1.P8.received", "S1.P6.number", "S1.P5.natural-person")


@pytest.fixture
def check(tmp_path):
    def run(columns=BARE, more=""):
        (tmp_path / "log.csv").write_text(CSV)
        (tmp_path / "mapping.yaml").write_text(MAPPING.replace("COLUMNS", columns) + more)
        out = tmp_path / "out"
        out.mkdir()
        request = CheckRequest(
            log=tmp_path / "log.csv",
            pack=load_pack("astana-106-1923"),
            replay="",
            mapping=tmp_path / "mapping.yaml",
        )
        return request, out, verdicts(check_log(request, out))

    return run


def verdicts(checked):
    return {norm.id: norm.verdict.value for norm in checked.results.norms}


@pytest.mark.parametrize("more", ["", "attributes: {channel: {column: channel}}\n"])
def test_norms_of_columns_that_nobody_mapped_are_not_shown(check, more):
    *_, found = check(more=more)
    assert {found[name] for name in SILENT} == {"inconclusive"}


def test_norms_of_columns_that_are_mapped_and_empty_are_not_met(check):
    *_, found = check(
        f"{BARE}, outcome: result, request_number: number", "attributes: {applicant: {column: result}}\n"
    )
    assert {found[name] for name in SILENT} == {"fail"}


def test_the_judged_log_is_judged_the_same_again(check, tmp_path):
    request, out, found = check(more="attributes: {channel: {column: channel}}\n")
    assert "attributes.channel" in read_manifest(out).delivered
    again = tmp_path / "again"
    again.mkdir()
    assert verdicts(check_log(replace(request, log=out / "log.parquet", mapping=None), again)) == found
    assert read_manifest(again).delivered == read_manifest(out).delivered


def test_a_converted_log_is_judged_as_its_source(check, tmp_path):
    request, _, found = check()
    mapping = read_mapping(request.mapping)
    convert(request.log, tmp_path / "converted.xes", mapping, request.pack)
    convert(tmp_path / "converted.xes", tmp_path / "back.parquet", None, None)
    again = tmp_path / "again"
    again.mkdir()
    assert verdicts(check_log(replace(request, log=tmp_path / "back.parquet", mapping=None), again)) == found


def test_a_lifecycle_delivers_the_moments_that_it_names(tmp_path):
    (tmp_path / "mapping.yaml").write_text(
        MAPPING.replace("COLUMNS", f"{BARE}, resource: who")
        + "lifecycle: {column: channel, complete: [end], start: [begin]}\n"
    )
    assert read_mapping(tmp_path / "mapping.yaml").delivered() == (
        *("case_id", "completed_us", "path", "resolution_us", "resource"),
        *("service", "started_us", "step", "steps.P5", "steps.P6", "steps.P8", "unit"),
    )
