"""The log of a study: the same octets however it comes, whoever left or stayed, and no more in memory."""

import json
import re

import pytest

from sim.load import in_order, log_writer
from sim.load.blocks import joined
from sim.load.engines import Engine, play_cases
from sim.load.log_writer import ATTRIBUTES, LogWriter
from sim.load.plan import draw_cases
from tests.scenarios.compared import log_rows
from tests.scenarios.enacted_studies import everybody
from tests.scenarios.small_studies import arrivals, plan, study
from tests.sim.load.small_runs import pieces

IMPATIENT = {"after": {"law": "constant", "value": "1 min"}}


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    """The plan of a study in which people leave, and some are still there at the end."""
    changes = {
        "arrivals": everybody(150),
        "stations": {"desk": {"servers": 1, "time_out": IMPATIENT}, "registrar": {"servers": 1}},
        "drain": "1 min",
        "offices": 2,
    }
    return plan(tmp_path_factory.mktemp("busy"), study(**changes))


def played(known, engine=Engine.UNCOMPILED):
    return joined(list(play_cases(known.network, draw_cases(known, 1, 0), engine)))


def written(known, blocks, path):
    with LogWriter.opened(known, path) as writer:
        for block in blocks:
            writer.add(block)
        writer.finish()
    return path.read_bytes()


def test_any_cut_and_any_engine_give_the_same_octets(busy, tmp_path, monkeypatch):
    run = played(busy)
    whole = written(busy, [run], tmp_path / "whole.parquet")
    for number, cuts in enumerate(([1], [3, 4, 5, 60], range(0, len(run), 7))):
        assert written(busy, pieces(run, cuts), tmp_path / f"{number}.parquet") == whole
    monkeypatch.setattr(log_writer, "ROWS_OF_AN_INSERT", 10)
    assert written(busy, pieces(run, range(0, len(run), 5)), tmp_path / "small.parquet") == whole
    assert written(busy, [played(busy, Engine.SIMPY)], tmp_path / "simpy.parquet") == whole


def test_no_more_rows_are_held_however_long_the_log(busy, tmp_path, monkeypatch):
    monkeypatch.setattr(log_writer, "ROWS_OF_AN_INSERT", 50)
    monkeypatch.setattr(in_order, "SHEET", 5)
    run, held = played(busy), {}
    for cases in (len(run) // 4, len(run)):
        part = pieces(run, [cases])[0]
        with LogWriter.opened(busy, tmp_path / "log.parquet") as writer:
            counts = []
            for block in pieces(part, range(0, cases, 5)):
                writer.add(block)
                counts.append(sum(len(batch["case_number"]) for batch in writer._waiting))
            held[cases] = max(counts)
            assert writer.rows > 100
    assert max(held.values()) < 50 + 5 * 9
    assert len(set(held.values())) <= 2


def test_the_log_shows_who_left_and_who_was_there_at_the_end(busy, tmp_path):
    rows = log_rows(busy, tmp_path / "log.parquet")
    gone = [row for row in rows.values() if row.attribute("abandoned_us") is not None]
    still = [
        row for row in rows.values() if row.completed_us is None and row.attribute("abandoned_us") is None
    ]
    assert gone
    assert still
    for row in gone:
        assert row.completed_us is None
        assert row.outcome is None
        assert row.attribute("abandoned_us") - row.enabled_us == 60_000_000
    ends_us = busy.network.horizon_us
    assert all(row.enabled_us <= ends_us for row in rows.values())
    names = {name for row in rows.values() for name in json.loads(row.attributes)}
    assert names <= set(ATTRIBUTES)


def test_nothing_in_a_log_looks_like_the_number_of_a_person(busy, tmp_path):
    text = "\n".join(str(row) for row in log_rows(busy, tmp_path / "log.parquet").values())
    assert re.search(r"(?<![0-9])[0-9]{12}(?![0-9])", text) is None
    assert "  " not in text.replace("\n", "")


def test_a_row_that_nobody_worked_on_names_nobody(tmp_path):
    changes = {"registry": {"outages": [{"start": "2013-05-15T08:00", "lasting": "6 h"}]}}
    down = study(arrivals=everybody(100)[-1:], stations=changes)
    rows = log_rows(plan(tmp_path, down), tmp_path / "log.parquet")
    gateway = {"gateway": {"outages": [{"start": "2013-05-15T08:00", "lasting": "6 h"}]}}
    known = plan(tmp_path, study(arrivals=everybody(100)[-1:], stations=gateway))
    deaf = log_rows(known, tmp_path / "log.parquet")
    assert {row.resource for row in deaf.values() if row.step == "V3"} == {None}
    assert {row.outcome for row in deaf.values() if row.step == "V4"} == {"GATEWAY_UNAVAILABLE"}
    assert {row.outcome for row in rows.values() if row.step == "V4"} == {"REGISTRY_TIMEOUT"}


def test_a_day_on_which_nobody_came_leaves_no_rows(tmp_path):
    assert log_rows(plan(tmp_path, arrivals(per_day=0.0001)), tmp_path / "log.parquet") == {}
