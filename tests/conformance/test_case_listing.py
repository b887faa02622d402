"""The cases that are shown: all of a small log, the bad ones and a keyed sample of a large one."""

import hashlib

import duckdb
import pytest

from conformance import case_listing
from conformance.case_listing import NO_LIMIT, OVER, UNKNOWN, WITHIN, StepLimit, list_cases, step_limits
from conformance.case_verdicts import VERDICTS_NAME, ToldCases
from conformance.errors import InputError
from conformance.log import Row
from conformance.log_file import write_log

SECOND = 1_000_000
LIMITS = (StepLimit("home", "portal", "P6", 60 * SECOND),)


def row(case, took_s, **changes):
    values = dict.fromkeys(("resource", "started_us", "request_number", "attributes"))
    values |= {"case_id": case, "service": "home", "path": "portal", "step": "P6", "unit": "portal"}
    values |= {"enabled_us": 0, "completed_us": round(took_s * SECOND), "resolution_us": 1, "outcome": "ok"}
    return Row(**(values | changes))


def listed(folder, rows, **how):
    write_log(rows, folder / "log.parquet")
    return list_cases(folder, LIMITS, "key", **how)


def standings(listing):
    return listing.rows["standing"].tolist()


@pytest.mark.parametrize(
    ("changes", "error_us", "standing"),
    [
        ({}, 0, WITHIN),
        ({"completed_us": 60 * SECOND + 1}, 0, OVER),
        ({"completed_us": 60 * SECOND + 1, "resolution_us": SECOND}, 0, UNKNOWN),
        ({"completed_us": 62 * SECOND, "resolution_us": SECOND}, 0, OVER),
        ({"completed_us": 62 * SECOND}, SECOND, UNKNOWN),
        ({"completed_us": None}, 0, UNKNOWN),
        ({"enabled_us": None}, 0, UNKNOWN),
        ({"step": "P1", "completed_us": 99 * SECOND}, 0, NO_LIMIT),
    ],
)
def test_a_row_stands_to_its_limit_as_the_clocks_allow(tmp_path, changes, error_us, standing):
    listing = listed(tmp_path, [row("a", 60, **changes)], clock_error_us=error_us)
    assert standings(listing) == [standing]
    assert (listing.judged, listing.bad) == (False, standing == OVER)


def test_a_large_log_is_shown_by_its_bad_cases_and_a_sample_that_anybody_can_repeat(tmp_path):
    rows = [row(f"c{n:03d}", 61 if n % 10 == 0 else 59) for n in range(200)]
    listing = listed(tmp_path, rows, most_cases=50)
    shown = listing.names["case_id"]
    assert (listing.total, listing.bad, listing.bad_shown, len(shown)) == (200, 20, 20, 50)
    good = [one.case_id for one in rows if one.completed_us < 60 * SECOND]
    by_key = sorted(
        good, key=lambda case: hashlib.md5(f"key{case}".encode(), usedforsecurity=False).hexdigest()
    )
    assert set(by_key[:30]) == {case for case in shown if case in good}
    few = list_cases(tmp_path, LIMITS, "key", most_cases=7)
    assert (few.bad, few.bad_shown, few.shown) == (20, 7, 7)
    assert list_cases(tmp_path, LIMITS, "key", most_rows=11).shown == 11
    other = list_cases(tmp_path, LIMITS, "another", most_cases=50)
    assert other.names["case_id"] != shown


def test_a_log_that_has_no_room_is_shown_by_fewer_cases_than_one_that_just_has(tmp_path, monkeypatch):
    monkeypatch.setattr(case_listing, "SAMPLE_CASES", 20)
    rows = [row(f"c{n:03d}", 61 if n % 10 == 0 else 59) for n in range(200)]
    assert listed(tmp_path, rows, most_cases=200).shown == 200
    sample = list_cases(tmp_path, LIMITS, "key", most_cases=199)
    assert (sample.shown, sample.bad_shown, sample.bad) == (20, 20, 20)
    monkeypatch.setattr(case_listing, "SAMPLE_ROWS", 7)
    assert list_cases(tmp_path, LIMITS, "key", most_rows=199).shown == 7


@pytest.mark.parametrize("spare", [1_000, 0, -20])
def test_how_many_keys_are_looked_at_changes_nothing(tmp_path, monkeypatch, spare):
    rows = [row(f"c{n:03d}", 61 if n % 4 == 0 else 59) for n in range(400)]
    first, last = (
        sorted(one.case_id for one in rows if (one.completed_us > 60 * SECOND) is bad)
        for bad in (True, False)
    )
    key = {
        case: hashlib.md5(f"key{case}".encode(), usedforsecurity=False).hexdigest() for case in first + last
    }
    order = [*sorted(first, key=key.get), *sorted(last, key=key.get)]
    monkeypatch.setattr("conformance.case_listing._SPARE", spare)
    listed(tmp_path, rows)
    for most in (5, 120):
        shown = list_cases(tmp_path, LIMITS, "key", most_cases=most).names["case_id"]
        assert shown == tuple(sorted(order[:most]))


def test_a_long_case_is_shown_by_its_first_rows(tmp_path):
    shown = listed(tmp_path, [row(case, n, enabled_us=n) for case in "ab" for n in range(503, 0, -1)]).rows
    assert shown["enabled_us"].tolist() == [*range(1, 501)] * 2
    assert shown["number"].tolist() == [0] * 500 + [1] * 500


def test_the_judge_decides_what_is_bad_where_it_spoke(tmp_path):
    told = ToldCases()
    told.write(tmp_path / VERDICTS_NAME)
    listing = listed(tmp_path, [row("a", 99)])
    assert (listing.judged, listing.bad, standings(listing)) == (True, 0, [OVER])


def test_cases_that_the_judge_found_bad_are_shown_before_others_with_what_it_said(tmp_path):
    columns = [["c1", "c7", "c8", "other"], ["fail", "error", "pass", "fail"], ["N fail", "N error", "", ""]]
    said = "SELECT unnest($1) AS case_id, unnest($2) AS verdict, unnest($3) AS norms"
    duckdb.sql(said, params=columns).write_parquet(str(tmp_path / VERDICTS_NAME))
    listing = listed(tmp_path, [row(f"c{n}", 99) for n in range(9)], most_cases=2)
    assert (listing.total, listing.bad, listing.names["case_id"]) == (9, 2, ("c1", "c7"))
    assert [listing.names["norms"][place] for place in listing.cases["norms"]] == ["N fail", "N error"]
    every = list_cases(tmp_path, LIMITS, "key")
    assert [every.names["verdict"][place] for place in every.cases["verdict"]] == [
        *("", "fail", "", "", "", "", "", "error", "pass")
    ]


def test_a_damaged_log_is_refused_and_none_is_no_page(tmp_path):
    assert list_cases(tmp_path, LIMITS, "key") is None
    (tmp_path / "log.parquet").write_bytes(b"PAR1 not at all")
    with pytest.raises(InputError, match=r"log\.parquet"):
        list_cases(tmp_path, LIMITS, "key")


def test_limits_hold_under_every_name_of_a_service():
    limits = step_limits([("S1", "portal", "P6", 60.0), ("S2", "portal", "P6", None)], [("S1", "home")])
    assert {(one.service, one.limit_us) for one in limits} == {("S1", 60 * SECOND), ("home", 60 * SECOND)}
