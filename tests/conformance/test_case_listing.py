"""The cases that are shown: all of a small log, the bad ones and a keyed sample of a large one."""

import hashlib

import pytest

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


def test_the_judge_decides_what_is_bad_where_it_spoke(tmp_path):
    told = ToldCases()
    told.write(tmp_path / VERDICTS_NAME)
    listing = listed(tmp_path, [row("a", 99)])
    assert (listing.judged, listing.bad, standings(listing)) == (True, 0, [OVER])


def test_a_damaged_log_is_refused_and_none_is_no_page(tmp_path):
    assert list_cases(tmp_path, LIMITS, "key") is None
    (tmp_path / "log.parquet").write_bytes(b"PAR1 not at all")
    with pytest.raises(InputError, match=r"log\.parquet"):
        list_cases(tmp_path, LIMITS, "key")


def test_limits_hold_under_every_name_of_a_service():
    limits = step_limits([("S1", "portal", "P6", 60.0), ("S2", "portal", "P6", None)], [("S1", "home")])
    assert {(one.service, one.limit_us) for one in limits} == {("S1", 60 * SECOND), ("home", 60 * SECOND)}
