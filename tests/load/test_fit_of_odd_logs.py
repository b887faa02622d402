"""Logs that say little, or nonsense: what cannot be fitted is said, and nothing ends in a traceback."""

import json

import numpy as np
import pytest

from conformance.calendar import parse_local
from conformance.errors import InputError
from conformance.log import Row
from conformance.log_file import write_log
from conformance.pack import PACKS
from scenarios.study_fit import fit_study
from scenarios.study_reader import read_study
from sim.load.preparation import prepare
from sim.load.study import Poisson, Trace
from tests.receipt_log import ABSENT, find_receipt_log
from tests.scenarios.known_studies import PACK, play_study

DAY_US = 86_400_000_000
MONDAY_US = parse_local("2013-05-13T00:00", "Asia/Almaty")
RECEIPT = find_receipt_log()


def row(number, moment_us, **changes):
    values = {
        "case_id": f"case-{number:06}",
        "service": "doctor-home-call",
        "path": "portal",
        "step": "P6",
        "unit": "workstation",
        "resource": "workstation-1",
        "enabled_us": moment_us,
        "started_us": moment_us,
        "completed_us": moment_us + 20_000_000,
        "resolution_us": 1,
        "outcome": "ok",
        "request_number": None,
        "attributes": None,
    }
    return Row(**{**values, **changes})


def moments(count, days=14, seed=1):
    return (MONDAY_US + np.sort(np.random.default_rng(seed).integers(0, days * DAY_US, count))).tolist()


def fit(rows, folder, **options):
    log = folder / "log.parquet"
    write_log(rows, log)
    (folder / "fit").mkdir()
    return fit_study(log, PACK, folder / "fit", **options)


def codes(results, place=None):
    return {gap.code for gap in results.gaps if place in {None, gap.place}}


def test_an_empty_log_is_an_error(tmp_path):
    (tmp_path / "log.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(InputError):
        fit_study(tmp_path / "log.jsonl", PACK, tmp_path)


def test_what_is_no_log_is_an_error(tmp_path):
    (tmp_path / "log.parquet").write_bytes(b"PAR1 and nothing else")
    with pytest.raises(InputError):
        fit_study(tmp_path / "log.parquet", PACK, tmp_path)


def test_one_row_gives_a_study_with_one_arrival(tmp_path):
    results = fit([row(1, MONDAY_US)], tmp_path)
    (arrivals,) = results.arrivals
    assert (arrivals.cases, arrivals.per_day, arrivals.dispersion) == (1, 1.0, None)
    assert {"few_arrivals"} <= codes(results, arrivals.id)
    assert {one.status for one in results.times} == {"kept"}
    read_study(tmp_path / "fit" / "study.yaml")


def test_a_log_in_which_nothing_has_ended_gives_arrivals_and_no_law(tmp_path):
    rows = [row(n, us, started_us=None, completed_us=None, outcome=None) for n, us in enumerate(moments(100))]
    results = fit(rows, tmp_path)
    assert results.arrivals[0].cases == 100
    assert {one.status for one in results.times} == {"kept"}
    assert codes(results, "P6") == {"open_rows", "few_times"}
    assert codes(results, results.arrivals[0].id) >= {"open_cases"}


def test_a_log_without_any_moment_is_an_error(tmp_path):
    rows = [row(n, 0, enabled_us=None, started_us=None, completed_us=None) for n in range(3)]
    with pytest.raises(InputError, match="no row with a moment"):
        fit(rows, tmp_path)


def test_impossible_times_are_left_out_and_counted(tmp_path):
    known = moments(200)
    rows = [row(n, us) for n, us in enumerate(known)]
    rows[:5] = [row(n, us, completed_us=us - 1) for n, us in enumerate(known[:5])]
    rows[5:8] = [row(n, us, completed_us=us + 400 * DAY_US) for n, us in enumerate(known[5:8], 5)]
    rows[8:12] = [row(n, us, started_us=None) for n, us in enumerate(known[8:12], 8)]
    results = fit(rows, tmp_path)
    (found,) = (one for one in results.times if one.name == "P6")
    assert (found.rows, found.used, found.law) == (200, 188, '{law: constant, value: "20 s"}')
    said = {gap.code: gap.n for gap in results.gaps if gap.place == "P6"}
    assert said == {"negative_times": 5, "huge_times": 3, "no_start": 4}


def test_waiting_is_taken_away_where_the_log_tells_it_and_nonsense_is_not(tmp_path):
    known = moments(120)
    waited = ['{"waited_us": 5000000}', '{"waited_us": 99999999999999999999}', '{"waited_us": "no"}']
    rows = [
        row(n, us, started_us=None if n % 3 == 0 else us, attributes=waited[n % 3])
        for n, us in enumerate(known)
    ]
    (found,) = (one for one in fit(rows, tmp_path).times if one.name == "P6")
    assert found.used == 120
    assert found.mean_s == pytest.approx((15 + 20 + 20) / 3, rel=1e-3)


def test_a_name_that_no_study_can_have_becomes_a_number(tmp_path):
    names = ['"; DROP', "ұйым", "true"]
    rows = [row(n, us, attributes=json.dumps({"provider": names[n % 3]})) for n, us in enumerate(moments(60))]
    results = fit(rows, tmp_path)
    assert [office.name for office in results.offices] == ["office-1", "office-2", "office-3"]
    assert "offices_renamed" in codes(results)
    assert [office.name for office in read_study(tmp_path / "fit" / "study.yaml").study.offices] == [
        "office-1",
        "office-2",
        "office-3",
    ]


def test_what_outcomes_say_stays_a_comment(tmp_path):
    odd = ["X\n- {kind: flash}", "\x1b[31m \u202e", "y" * 5_000]
    reasons = [json.dumps({"reason": "a\nb: {c}"}), json.dumps({"reason": 7}), None]
    rows = [row(n, us, outcome=odd[n % 3], attributes=reasons[n % 3]) for n, us in enumerate(moments(60))]
    results = fit(rows, tmp_path)
    assert {one.why for one in results.outcomes} == {"unknown"}
    assert max(len(one.outcome) for one in results.outcomes) <= 200
    assert len(read_study(tmp_path / "fit" / "study.yaml").study.arrivals) == 1


def test_crowds_are_no_poisson_stream_and_come_again_as_they_came(tmp_path):
    chance = np.random.default_rng(2)
    starts = chance.integers(0, 14 * 24, 40) * 3_600_000_000
    known = np.sort(np.concatenate([MONDAY_US + at + chance.integers(0, 600_000_000, 20) for at in starts]))
    results = fit([row(n, us) for n, us in enumerate(known.tolist())], tmp_path)
    (arrivals,) = results.arrivals
    assert arrivals.kind == "trace"
    assert arrivals.dispersion > 3
    assert arrivals.p < 0.001
    ready = read_study(tmp_path / "fit" / "study.yaml")
    (trace,) = ready.study.arrivals
    assert isinstance(trace, Trace)
    assert len(ready.moments_us[trace.id]) == 800
    play_study(tmp_path / "fit" / "study.yaml", tmp_path / "again.parquet", 1)


def test_days_of_which_the_pack_knows_no_hours_are_moved_to_the_same_weekday(tmp_path):
    later = 4382 * DAY_US  # a number of whole weeks
    rows = [row(n, us + later) for n, us in enumerate(moments(200))]
    results = fit(rows, tmp_path)
    assert "moved" in codes(results)
    ready = read_study(tmp_path / "fit" / "study.yaml")
    prepare(ready.study, ready.world, ready.pack)
    assert parse_local(ready.study.starts, "Asia/Almaty") % (7 * DAY_US) == MONDAY_US % (7 * DAY_US)


def test_a_log_over_two_centuries_is_fitted(tmp_path):
    rows = [row(n, us) for n, us in enumerate([*moments(50), 7_200_000_000_000_000])]
    results = fit(rows, tmp_path)
    assert results.days > 60_000
    assert results.arrivals[0].per_day < 0.01


def test_a_service_that_the_pack_does_not_know_is_left_out_and_said(tmp_path):
    rows = [row(n, us) for n, us in enumerate(moments(60))]
    rows += [row(n, us, service="barber") for n, us in enumerate(moments(40), 100)]
    results = fit(rows, tmp_path)
    assert [one.service for one in results.arrivals] == ["doctor-home-call"]
    assert [gap.n for gap in results.gaps if gap.code == "left_out"] == [40]


def test_a_few_arrivals_have_no_profile(tmp_path):
    results = fit([row(n, us) for n, us in enumerate(moments(29))], tmp_path)
    (arrivals,) = read_study(tmp_path / "fit" / "study.yaml").study.arrivals
    assert isinstance(arrivals, Poisson)
    assert arrivals.profile.day == {"00:00": 1.0}
    assert "few_arrivals" in codes(results)


def test_a_log_that_was_cut_at_noon_says_nothing_of_the_afternoon(tmp_path):
    known = [us for us in moments(4_000, days=10) if us < MONDAY_US + 9 * DAY_US + DAY_US // 2]
    results = fit([row(n, us) for n, us in enumerate(known)], tmp_path)
    assert results.arrivals[0].per_day == pytest.approx(400, rel=0.05)


def test_an_unknown_world_is_an_error(tmp_path):
    with pytest.raises(InputError, match="world"):
        fit([row(1, MONDAY_US)], tmp_path, world="nowhere")


@pytest.mark.skipif(RECEIPT is None, reason=ABSENT)
def test_of_the_real_receipt_log_the_arrivals_are_fitted_and_no_study_is_written(tmp_path):
    mapping = PACKS / "coselog-receipt" / "mappings" / "receipt-xes.yaml"
    results = fit_study(RECEIPT, "coselog-receipt", tmp_path, mapping=mapping)
    assert not results.playable
    assert "not_played" in codes(results)
    assert sum(one.cases for one in results.arrivals) == results.cases == 1434
    (weekend,) = ([w.weight for w in one.week if w.day == "sunday"] for one in results.arrivals)
    assert weekend[0] < 0.2
    assert [path.name for path in tmp_path.iterdir()] == ["fit.json"]
