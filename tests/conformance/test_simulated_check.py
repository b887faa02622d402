"""The judgement of a simulated log, read as seldom as can be, is that of a check; odd logs are refused."""

import msgspec
import pytest

from conformance.checking import CheckRequest, check_log, judge_simulated
from conformance.engine import judging
from conformance.errors import InputError
from conformance.log_file import read_log, write_log, write_manifest
from conformance.log_size import period_of_log
from conformance.manifests import simulated_manifest
from conformance.pack import load_pack
from tests.conformance.fragments import MINUTE, SECOND, TEN, route, row

PACK = load_pack("astana-106-1923")
ASKED = {"replay": "none"}


def requests(count, *, number=lambda n: f"11305{n:07}"):
    """Return the rows of *count* accepted requests, one each half hour, every third registered late."""
    found = []
    for n in range(count):
        shift = n * 30 * MINUTE
        for one in route("P1", "P3", "P5", "P6", "P8", case_id=f"case-{n:04}"):
            changed = {"enabled_us": one.enabled_us + shift, "completed_us": one.completed_us + shift}
            if one.step == "P6":
                changed["request_number"] = number(n)
                changed["attributes"] = '{"provider":"clinic-01"}'
                changed["completed_us"] += (n % 3 == 0) * 2 * MINUTE
            found.append(msgspec.structs.replace(one, **changed))
    return found


def written(rows, folder):
    log = folder / "log.parquet"
    write_log(rows, log)
    made = simulated_manifest(PACK, period_of_log(log), log, seed=1, complete=True)
    write_manifest(made, folder)
    return made


def likewise(rows, folder):
    """Return the results of a simulated log and of its check, without what differs by name."""
    beside = written(rows, folder)
    simulated = judge_simulated(PACK, folder, beside, **ASKED)
    (folder / "check").mkdir()
    checked = check_log(CheckRequest(log=folder / "log.parquet", pack=PACK, replay="none"), folder / "check")
    assert simulated.code == checked.code
    return simulated.results, checked.results


def spoilt(folder, query):
    """Write the log in *folder* again, as *query* reads it from the view ``log``."""
    import duckdb  # noqa: PLC0415 - only to spoil a file

    with duckdb.connect() as database:
        database.execute(f"CREATE TABLE log AS FROM '{folder}/log.parquet'")
        database.execute(f"COPY ({query}) TO '{folder}/log.parquet'")


@pytest.mark.parametrize("number", [lambda n: f"1{n}", lambda n: f"1{n // 2}"], ids=["own", "shared"])
def test_a_simulated_log_is_judged_as_a_check_judges_it(tmp_path, number):
    simulated, checked = likewise(requests(12, number=number), tmp_path)

    for name in ("norms", "clauses", "steps", "timelines", "flow", "indicators"):
        assert getattr(simulated, name) == getattr(checked, name), name
    assert simulated.summary.cases == checked.summary.cases == 12
    assert simulated.log is None


def test_a_log_without_shared_values_is_passed_over_once(tmp_path, monkeypatch):
    passes = []
    pass_over = judging._pass_over
    monkeypatch.setattr(judging, "_pass_over", lambda *how: passes.append(1) or pass_over(*how))

    judge_simulated(PACK, tmp_path, written(requests(4), tmp_path), **ASKED)
    assert len(passes) == 1
    judge_simulated(PACK, tmp_path, written(requests(4, number=lambda _: "7"), tmp_path), **ASKED)
    assert len(passes) == 3


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("FROM log ORDER BY case_id DESC, completed_us", "not sorted by case"),
        ("FROM log ORDER BY case_id, completed_us DESC", "not sorted"),
        ("SELECT * EXCLUDE (outcome) FROM log", "outcome"),
        ("SELECT * REPLACE (completed_us::DOUBLE AS completed_us) FROM log", "completed_us"),
        ("SELECT * REPLACE (if(step = 'P5', NULL, step) AS step) FROM log", "step"),
        ("SELECT * REPLACE (if(step = 'P5', '', unit) AS unit) FROM log", "unit"),
        ("SELECT * REPLACE (if(step = 'P1', 0, enabled_us) AS enabled_us) FROM log", "enabled_us"),
        ("FROM log LIMIT 0", "no rows"),
    ],
)
def test_a_log_that_is_not_canonical_is_refused(tmp_path, query, message):
    beside = written(requests(3), tmp_path)
    spoilt(tmp_path, query)

    with pytest.raises(InputError, match=message):
        judge_simulated(PACK, tmp_path, beside, **ASKED)


def test_rows_that_end_at_once_are_sorted_too(tmp_path):
    tied = [row("P1", TEN, TEN + MINUTE), row("P3", TEN + SECOND, TEN + MINUTE)]
    beside = written(tied, tmp_path)
    assert [one.step for one in read_log(tmp_path / "log.parquet")] == ["P1", "P3"]
    spoilt(tmp_path, "FROM log ORDER BY step DESC")

    with pytest.raises(InputError, match="not sorted"):
        judge_simulated(PACK, tmp_path, beside, **ASKED)


def test_a_file_that_is_no_log_is_refused(tmp_path):
    beside = written(requests(1), tmp_path)
    (tmp_path / "log.parquet").write_text("no log")

    with pytest.raises(InputError, match="not Parquet"):
        judge_simulated(PACK, tmp_path, beside, **ASKED)
