"""From a study to its drawn cases: nothing that is drawn depends on how it is cut or what is beside it."""

import os
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

import conformance
from conformance.calendar import local_time, parse_local
from sim.load import plan as plans_of
from sim.load.blocks import DrawnCases
from sim.load.plan import draw_cases
from tests.scenarios.compared import log_rows
from tests.scenarios.enacted_studies import everybody
from tests.scenarios.small_studies import GOOD, plan, study

HOME_CALL = {"service": "doctor-home-call", "path": "portal"}


def drawn(known, seed=1, replication=0):
    blocks = list(draw_cases(known, seed, replication))
    return {f.name: np.concatenate([getattr(block, f.name) for block in blocks]) for f in fields(DrawnCases)}


def same(one, other):
    return all(np.array_equal(one[name], other[name]) for name in one)


def test_cutting_into_windows_changes_nothing(tmp_path, monkeypatch):
    known = plan(tmp_path, study(arrivals=everybody(300), offices=3))
    whole = drawn(known)
    for cases in (1, 7, 50):
        monkeypatch.setattr(plans_of, "CASES_OF_A_WINDOW", cases)
        assert len(list(draw_cases(known, 1, 0))) > 1
        assert same(drawn(known), whole)


def test_seeds_and_replications_draw_their_own(tmp_path):
    known = plan(tmp_path, study())
    assert same(drawn(known), drawn(known))
    assert not np.array_equal(drawn(known, 2)["arrival_us"], drawn(known)["arrival_us"])
    assert not np.array_equal(drawn(known, 1, 1)["arrival_us"], drawn(known)["arrival_us"])


def test_another_stream_or_more_servers_leave_a_stream_as_it_was(tmp_path):
    alone = drawn(plan(tmp_path, study(arrivals=[GOOD["arrivals"][0]])))
    known = plan(tmp_path, study(stations={"portal": {"servers": 9}}))
    both = drawn(known)
    portal = [known.kinds[program].path == "portal" for program in both["program"].tolist()]
    assert np.array_equal(both["arrival_us"][portal], alone["arrival_us"])
    width = alone["times_us"].shape[1]
    assert np.array_equal(both["times_us"][portal][:, :width], alone["times_us"])


def test_people_go_to_offices_and_have_traits_by_their_shares(tmp_path):
    offices = [{"name": "a", "share": 1}, {"name": "b", "share": 0}, {"name": "c", "share": 3}]
    traits = [{"id": "wrong", "share": 0.25, "citizen": {"password": "wrong"}}]
    streams = [GOOD["arrivals"][0] | {"per_day": 60_000}]
    known = plan(tmp_path, study(arrivals=streams, offices=offices, traits=traits))
    found = drawn(known)
    count = len(found["office"])
    shares = np.bincount(found["office"], minlength=3) / count
    assert shares[1] == 0
    assert abs(shares[0] - 0.25) < 5 * (0.25 * 0.75 / count) ** 0.5
    wrong = np.mean([known.kinds[program].trait == "wrong" for program in found["program"].tolist()])
    assert abs(wrong - 0.25) < 5 * (0.25 * 0.75 / count) ** 0.5


def test_fixed_times_come_at_exactly_these_moments(tmp_path):
    streams = [{"kind": "times", "id": "f", **HOME_CALL, "times": ["90 min", "0 s", "3 us", "0 s"]}]
    known = plan(tmp_path, study(arrivals=streams))
    assert (drawn(known)["arrival_us"] - known.starts_us).tolist() == [0, 0, 3, 90 * 60_000_000]


def test_a_trace_brings_the_cases_of_a_log_again_on_the_day_of_the_study(tmp_path):
    first = plan(tmp_path, study())
    rows = log_rows(first, tmp_path / "trace.parquet")
    streams = [{"kind": "trace", "id": "t", **HOME_CALL, "log": "trace.parquet"}]
    known = plan(tmp_path, study(starts="2013-06-03T00:00", lasts="1 d", arrivals=streams))
    moved = parse_local("2013-06-03T00:00", known.zone) - parse_local("2013-05-15T00:00", known.zone)
    came = sorted(
        min(r.enabled_us for key, r in rows.items() if key[0] == case)
        for case in {row.case_id for row in rows.values() if row.path == "portal"}
    )
    assert drawn(known)["arrival_us"].tolist() == [moment + moved for moment in came]


def test_traces_of_one_log_stay_as_far_apart_as_they_were(tmp_path):
    early = {"kind": "times", "id": "a", **HOME_CALL, "times": ["1 h"]}
    late = {"kind": "times", "id": "b", "service": "clinic-attachment", "path": "portal", "times": ["25 h"]}
    log_rows(plan(tmp_path, study(lasts="2 d", arrivals=[early, late])), tmp_path / "trace.parquet")
    streams = [
        {
            "kind": "trace",
            "id": one["id"],
            "service": one["service"],
            "path": "portal",
            "log": "trace.parquet",
        }
        for one in (early, late)
    ]
    known = plan(tmp_path, study(starts="2013-06-03T08:00", lasts="3 d", arrivals=streams))
    assert np.diff(drawn(known)["arrival_us"]).tolist() == [24 * 3_600_000_000]


def test_a_trace_without_cases_of_the_service_is_refused(tmp_path):
    log_rows(plan(tmp_path, study()), tmp_path / "trace.parquet")
    streams = [
        {
            "kind": "trace",
            "id": "t",
            "service": "doctor-appointment",
            "path": "portal",
            "log": "trace.parquet",
        }
    ]
    with pytest.raises(conformance.errors.InputError, match="no case of doctor-appointment"):
        plan(tmp_path, study(arrivals=streams))


def other_zone(folder, zone):
    """Copy the shipped pack into a folder, with another zone."""
    shipped = Path(conformance.__file__).parent / "packs" / "astana-106-1923"
    shutil.copytree(shipped, folder / "pack")
    act = folder / "pack" / "act.yaml"
    text = act.read_text(encoding="utf-8")
    assert text.count("Asia/Almaty") >= 1
    act.write_text(text.replace("Asia/Almaty", zone), encoding="utf-8")


def test_a_study_in_a_zone_whose_clocks_change_is_played_by_its_own_hours(tmp_path):
    other_zone(tmp_path, "Europe/Berlin")
    streams = everybody(200)
    night = study(pack="pack", starts="2013-03-30T18:00", lasts="40 h", arrivals=streams)
    known = plan(tmp_path, night)
    rows = log_rows(known, tmp_path / "log.parquet")
    opened = {local_time(r.enabled_us, "Europe/Berlin").hour for r in rows.values() if r.step in {"P6", "V1"}}
    assert opened
    assert min(opened) >= 8
    with pytest.raises(conformance.errors.InputError, match="never"):
        plan(tmp_path, night | {"starts": "2013-03-31T02:30"})
    with pytest.raises(conformance.errors.InputError, match="twice"):
        plan(tmp_path, night | {"starts": "2013-10-27T02:30"})


def test_neither_the_hash_seed_nor_the_zone_of_the_machine_changes_a_log(tmp_path):
    mine = plan(tmp_path, study())
    log_rows(mine, tmp_path / "mine.parquet")
    code = (
        "import sys, pathlib\n"
        "from scenarios.study_reader import read_study\n"
        "from sim.load.engines import Engine, play_cases\n"
        "from sim.load.log_writer import LogWriter\n"
        "from sim.load.plan import draw_cases\n"
        "from sim.load.task import plan_of\n"
        "known = plan_of(read_study(pathlib.Path(sys.argv[1])).source())\n"
        "with LogWriter.opened(known, pathlib.Path(sys.argv[2])) as writer:\n"
        "    for block in play_cases(known.network, draw_cases(known, 1, 0), Engine.UNCOMPILED):\n"
        "        writer.add(block)\n"
        "    writer.finish()\n"
    )
    for number, (hashes, zone) in enumerate((("1", "UTC"), ("77", "America/New_York"))):
        target = tmp_path / f"{number}.parquet"
        environment = os.environ | {"PYTHONHASHSEED": hashes, "TZ": zone}
        words = [sys.executable, "-c", code, str(tmp_path / "study.yaml"), str(target)]
        subprocess.run(words, check=True, env=environment, cwd=Path(__file__).parents[2])
        assert target.read_bytes() == (tmp_path / "mine.parquet").read_bytes()
