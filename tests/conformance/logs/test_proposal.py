"""A proposed mapping works as it stands, marks every guess, and never costs anybody's work."""

import json

import pytest

from conformance.errors import InputError
from conformance.log_file import read_log, write_log
from conformance.logs.convert import convert
from conformance.logs.intake import take_in
from conformance.logs.mapping import read_mapping
from conformance.logs.proposal import propose, write_proposal
from conformance.pack import load_pack
from tests.conformance.fragments import route

PACK = load_pack("astana-106-1923")
CSV = """Номер дела;Действие;Время;Исполнитель;Канал
1;Register the request;15.05.2013 10:00:05;Anna;web
1;P5;15.05.2013 10:00:00;;web
2;Кофе;16.05.2013 10:00:00;;desk
2;register;16.05.2013 10:00:00;Anna;desk
"""


def proposed(tmp_path, log, pack=PACK):
    out = tmp_path / "mapping.yaml"
    write_proposal(propose(log, pack), out)
    return out.read_text(), read_mapping(out)


def test_an_unknown_csv_gets_a_mapping_that_works(tmp_path):
    log = tmp_path / "выгрузка.csv"
    log.write_text(CSV)
    text, mapping = proposed(tmp_path, log)
    assert mapping.columns.case_id == "Номер дела"
    assert (mapping.columns.activity, mapping.columns.completed) == ("Действие", "Время")
    assert (mapping.columns.resource, mapping.columns.enabled) == ("Исполнитель", None)
    assert (mapping.csv.delimiter, mapping.time.format) == (";", "%d.%m.%Y %H:%M:%S")
    assert (mapping.time.zone, mapping.time.resolution) == ("Asia/Almaty", "1 s")
    assert mapping.targets()["P5"].step == "P5"
    assert "P5" not in mapping.unconfirmed
    assert {"columns", "constants", "time.zone", "time.resolution", "register"} <= set(mapping.unconfirmed)
    assert '# "Кофе":  # 1 records' in text
    assert "Anna" not in text  # values other than activities stay where they are
    intake = take_in(log, mapping, PACK, tmp_path / "log.parquet")
    assert intake.rejects.get("UNMAPPED_ACTIVITY", 0) >= 1
    assert intake.unconfirmed == mapping.unconfirmed
    assert any(row.step == "P5" for row in read_log(tmp_path / "log.parquet"))


def test_steps_without_an_activity_are_named_because_they_will_not_be_shown(tmp_path):
    log = tmp_path / "log.csv"
    write_log([*route("P1", "P3", "P5", "P6", "P8")], tmp_path / "whole.parquet")
    convert(tmp_path / "whole.parquet", log, None, None)
    text, mapping = proposed(tmp_path, log)
    assert "# No activity means P0, P2, P4, P7: norms that need these steps are not shown." in text
    assert {name for name in mapping.delivered() if name.startswith("steps.")} == {
        f"steps.{step}" for step in ("P1", "P3", "P5", "P6", "P8")
    }


@pytest.mark.parametrize("name", ["log.csv", "log.jsonl", "log.parquet", "log.xes", "log.json", "log.sqlite"])
def test_every_format_gets_a_mapping_that_reads_every_row(tmp_path, name):
    write_log([*route("P1", "P3"), *route("P1", "P3", "P5", case_id="b")], tmp_path / "whole.parquet")
    convert(tmp_path / "whole.parquet", tmp_path / name, None, None)
    _, mapping = proposed(tmp_path, tmp_path / name)
    intake = take_in(tmp_path / name, mapping, PACK, tmp_path / "out.parquet")
    assert (intake.rows, intake.rejects) == (5, {})
    ends = {row.completed_us for row in read_log(tmp_path / "whole.parquet")}
    assert {row.completed_us for row in read_log(tmp_path / "out.parquet")} == ends


def test_without_a_pack_every_activity_stands_for_itself(tmp_path):
    log = tmp_path / "log.jsonl"
    events = [{"case": n // 2, "event": f"E{n % 2}", "time": f"2020-01-0{n + 1}T00:00:00Z"} for n in range(6)]
    log.write_text("".join(json.dumps(event) + "\n" for event in events))
    _, mapping = proposed(tmp_path, log, pack=None)
    assert mapping.activities == {"E0": "E0", "E1": "E1"}
    assert mapping.time.resolution == "1 day"


def test_nothing_is_overwritten(tmp_path):
    out = tmp_path / "mapping.yaml"
    out.write_text("mine")
    with pytest.raises(InputError, match="never overwritten"):
        write_proposal("theirs", out)
    assert out.read_text() == "mine"


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "case,activity\n1,x\n", "a,b\n"])
def test_what_is_no_log_of_events_is_refused(tmp_path, text):
    log = tmp_path / "log.csv"
    log.write_text(text)
    with pytest.raises(InputError, match="log"):
        propose(log, PACK)


def test_nobodys_number_comes_into_a_proposal(tmp_path):
    log = tmp_path / "log.csv"
    log.write_text("case,activity,time\n1,760805393806,2020-01-01T00:00:00Z\n1,P5,2020-01-01T00:00:00Z\n")
    assert "760805393806" not in propose(log, PACK)


def test_people_are_never_taken_for_activities(tmp_path):
    log = tmp_path / "log.csv"
    lines = [
        f"{n},{act},2020-01-01T00:00:0{n}Z,2020-01-01T00:00:1{n}Z,{who},fine"
        for n, (act, who) in enumerate([("p1", "Aigul"), ("P3", "Berik"), ("p5", "Aigul"), ("P6", "Berik")])
    ]
    log.write_text("\n".join(["case,act,start,end,who,res", *lines]) + "\n")
    text, mapping = proposed(tmp_path, log)
    assert mapping.columns.activity == "act"
    assert "Aigul" not in text
    log.write_text(
        log.read_text().replace("act", "a").replace("p1", "x").replace("P3", "y").replace("p5", "x")
    )
    with pytest.raises(InputError, match="no column that could be the activity"):
        propose(log, PACK)
