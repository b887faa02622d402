import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from conformance.calendar import local_time
from conformance.errors import InputError
from conformance.fragment_rows import case_rows, clean_rows, moments_in
from conformance.judge import judge
from conformance.log_file import read_log, sort_rows
from conformance.multiplication import multiply
from tests.conformance.fragments import DAY, HOUR, at
from tests.conformance.shipped_fragments import broken_cases, shipped

PACK = shipped().pack
CLEAN = clean_rows(PACK, shipped().file)


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    out = tmp_path_factory.mktemp("large") / "log.parquet"
    return multiply(PACK, CLEAN, out, 3000, seed=4), read_log(out)


def test_a_multiplied_log_is_canonical_and_has_at_least_the_rows_asked_for(large):
    number, rows = large
    assert number == len(rows) >= 3000
    assert number - 3000 < len(CLEAN)
    assert list(rows) == sort_rows(rows)


def test_a_multiplied_log_is_as_clean_as_its_source(large):
    _, rows = large
    assert broken_cases(PACK, rows) == {}
    one, many = judge(PACK, CLEAN), judge(PACK, rows)
    factor = len(rows) // len(CLEAN)
    for norm, multiplied in zip(one.norms, many.norms, strict=True):
        assert multiplied.counts == {verdict: n * factor for verdict, n in norm.counts.items()}, norm.id


def test_copies_share_no_number_slot_or_document(large):
    _, rows = large
    for field in ("attributes.documents", "attributes.slot", "request_number", "attributes.gateway_message"):
        holders = {}
        for row in rows:
            if row.field(field) is not None:
                holders.setdefault(row.field(field), set()).add(row.case_id)
        assert all(len(cases) == 1 for cases in holders.values()), field


def test_copies_lie_within_the_acts_life_on_the_same_weekday(large):
    _, rows = large
    days = Counter(local_time(row.enabled_us, PACK.act.zone).date() for row in rows)
    assert len(days) > 50
    assert min(days).isoformat() > PACK.act.in_force.first
    assert max(days).isoformat() < PACK.act.in_force.until
    assert {day.weekday() for day in days} == {2}


def test_moments_among_the_attributes_move_with_their_rows(large):
    _, rows = large
    told = [row for row in rows if row.step == "V8" and row.attribute("journal_entry_us")]
    assert told
    for row in told:
        assert moments_in(row) == {"journal_entry_us": row.enabled_us, "oral_answer_us": row.completed_us}


def test_copies_differ_in_their_durations(large):
    _, rows = large
    assert len({row.completed_us - row.enabled_us for row in rows if row.step == "P1"}) > 30


def test_the_same_seed_gives_the_same_octets_and_another_seed_other_ones(tmp_path):
    for name, seed in (("one", 1), ("again", 1), ("other", 2)):
        multiply(PACK, CLEAN, tmp_path / name, 500, seed=seed)
    one, again, other = ((tmp_path / name).read_bytes() for name in ("one", "again", "other"))
    assert one == again != other


def test_batches_give_what_one_batch_gives(tmp_path, monkeypatch):
    multiply(PACK, CLEAN, tmp_path / "one", 1000)
    monkeypatch.setattr("conformance.multiplication.BATCH_ROWS", 200)
    multiply(PACK, CLEAN, tmp_path / "batches", 1000)
    assert read_log(tmp_path / "one") == read_log(tmp_path / "batches")


def test_a_case_never_moves_onto_a_holiday(tmp_path):
    base = next(base for base in shipped().file.cases if base.id == "portal-served")
    own_day = local_time(at("10:00"), PACK.act.zone).date()
    holidays = [own_day + timedelta(weeks=n) for n in range(1, 60)]
    calendar = msgspec.structs.replace(PACK.calendars[0], holidays=tuple(str(day) for day in holidays))
    pack = replace(PACK, calendars=(calendar,))
    multiply(pack, case_rows(pack, shipped().file, base, "S1"), tmp_path / "log.parquet", 500)
    days = {local_time(row.enabled_us, PACK.act.zone).date() for row in read_log(tmp_path / "log.parquet")}
    assert len(days) > 5
    assert days.isdisjoint(holidays)


def test_a_long_case_keeps_its_pace(tmp_path):
    rows = [
        msgspec.structs.replace(row, case_id="long") for row in CLEAN if row.case_id == "S1-portal-served"
    ]
    rows[-1] = msgspec.structs.replace(rows[-1], completed_us=rows[-1].enabled_us + 5 * HOUR)
    multiply(PACK, rows, tmp_path / "log.parquet", 100)
    copies = read_log(tmp_path / "log.parquet")
    assert {row.completed_us - row.enabled_us for row in copies if row.step == "P8"} == {5 * HOUR}


def test_attributes_stay_json_and_absent_ones_absent(tmp_path):
    rows = [msgspec.structs.replace(row, attributes=None) if row.step == "P6" else row for row in CLEAN]
    multiply(PACK, rows, tmp_path / "log.parquet", 1)
    for row in read_log(tmp_path / "log.parquet"):
        assert (row.attributes is None) == (row.step == "P6")
        assert row.attributes is None or isinstance(json.loads(row.attributes), dict)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "no rows"),
        ([msgspec.structs.replace(CLEAN[0], enabled_us=None, completed_us=None)], "no moment"),
        (
            [msgspec.structs.replace(CLEAN[0], completed_us=CLEAN[0].enabled_us + 900 * DAY)],
            "a case outside the act's life",
        ),
    ],
)
def test_what_cannot_be_multiplied_is_refused(rows, message, tmp_path):
    with pytest.raises(InputError, match=message):
        multiply(PACK, rows, tmp_path / "log.parquet", 10)
    assert not (tmp_path / "log.parquet").exists()
