"""What the engine does with logs that are large, odd or wrong, and what its classes tell apart."""

from dataclasses import replace

import msgspec
import pytest

from conformance.engine import attribute_values
from conformance.engine.judging import judge_log
from conformance.engine.marks import MARKERS
from conformance.engine.zones import transitions
from conformance.errors import InputError
from conformance.log_file import write_log
from conformance.norm_checks import CHECKS
from conformance.norm_entry import Demand, NormStatus, Reading
from conformance.norms import AvailabilityWindow, CaseDuration, Contains, Existence, StepDuration, Unique
from tests.conformance.engine.agreement import PACK, both, require_agreement, with_norms
from tests.conformance.fragments import MINUTE, SECOND, TEN, row

DAY = 86_400 * SECOND


LIMIT_OF_P1 = with_norms(tuple(norm for norm in PACK.norms if norm.id == "S1.P1.limit"))
ON_THE_PORTAL = with_norms(
    tuple(norm for norm in PACK.norms if norm.path == "portal" and "S1" in norm.services)
)


def cases(count, *, took=10 * SECOND):
    return [row("P1", case_id=f"c{n:05}", enabled_us=TEN, completed_us=TEN + took) for n in range(count)]


def test_every_kind_that_a_case_can_break_has_marks():
    assert set(MARKERS) == set(CHECKS)


def test_many_cases_of_one_class_are_judged_once_and_counted_all(monkeypatch, tmp_path):
    from conformance.engine import class_count  # noqa: PLC0415 - to count the calls it makes

    asked = []
    monkeypatch.setattr(class_count, "standing", lambda case, _: asked.append(case.case_id))
    write_log(cases(5000), tmp_path / "log.parquet")

    judged = judge_log(PACK, tmp_path / "log.parquet", batch_rows=1000)

    limit = next(norm for norm in judged.judgement.norms if norm.id == "S1.P1.limit")
    assert limit.counts == {"pass": 5000}
    assert limit.measured.n == 5000
    assert judged.size.cases == 5000
    assert len(asked) <= 1 + 20  # one for the class, the others for the findings of norms still open


def test_a_case_at_the_edge_of_two_batches_stays_whole():
    rows = [
        r
        for n in range(7)
        for r in (row("P1", case_id=f"c{n}"), row("P3", TEN + MINUTE, TEN + 2 * MINUTE, case_id=f"c{n}"))
    ]

    for size in (1, 2, 3, 5):
        require_agreement(ON_THE_PORTAL, rows, batch_rows=size)


def test_a_case_longer_than_a_batch_is_told_not_read():
    rows = [*cases(3), *(row("P1", TEN + n, TEN + n + 1, case_id="giant") for n in range(1300))]

    plain, fast = both(PACK, rows, batch_rows=600)

    assert plain == fast.judgement
    assert fast.size.cases == 4


@pytest.mark.parametrize("n", [1, 2, 3, 19, 20, 21, 100, 101])
def test_medians_and_percentiles_are_exact(n):
    rows = [
        row("P1", case_id=f"c{k}", enabled_us=TEN, completed_us=TEN + (k * 7919 % 997) ** 3) for k in range(n)
    ]

    require_agreement(LIMIT_OF_P1, rows)


def test_findings_are_the_first_twenty_of_each_norm():
    require_agreement(PACK, cases(60, took=2 * MINUTE), batch_rows=11)


def test_a_value_that_two_cases_write_differently_is_still_one_value():
    numbered = [
        row("P6", case_id="a", request_number="7", attributes={"provider": "caf\u00e9"}),
        row("P6", case_id="b", request_number="7", attributes={"provider": "café"}),
        row("P6", case_id="c", request_number="7", attributes={"provider": 1.0}),
        row("P6", case_id="d", request_number="7", attributes={"provider": 1}),
    ]
    escaped = msgspec.structs.replace(numbered[0], attributes='{"provider":"caf\\u00e9"}')

    plain, fast = both(PACK, [escaped, *numbered[1:]])

    assert plain == fast.judgement
    unique = next(norm for norm in fast.judgement.norms if norm.id == "S1.P6.number-unique")
    assert unique.counts == {"fail": 2, "pass": 2}


def test_a_log_that_is_not_sorted_is_refused(tmp_path):
    import duckdb  # noqa: PLC0415 - only to spoil a file

    write_log(cases(50), tmp_path / "sorted.parquet")
    duckdb.execute(
        f"COPY (SELECT * FROM '{tmp_path}/sorted.parquet' ORDER BY case_id DESC) TO '{tmp_path}/log.parquet'"  # noqa: S608
    )

    with pytest.raises(InputError, match="not sorted"):
        judge_log(PACK, tmp_path / "log.parquet")


def test_rows_of_a_case_that_are_not_sorted_are_refused(tmp_path):
    import duckdb  # noqa: PLC0415 - only to spoil a file

    write_log([row("P1"), row("P3", TEN, TEN + MINUTE)], tmp_path / "sorted.parquet")
    duckdb.execute(
        f"COPY (SELECT * FROM '{tmp_path}/sorted.parquet' ORDER BY completed_us DESC) "  # noqa: S608
        f"TO '{tmp_path}/log.parquet'"
    )

    with pytest.raises(InputError, match="not sorted"):
        judge_log(PACK, tmp_path / "log.parquet")


def test_an_unknown_service_is_refused_with_the_nearest_one(tmp_path):
    write_log([row("P1", service="doctor-home-cal")], tmp_path / "log.parquet")

    with pytest.raises(InputError, match="doctor-home-call"):
        judge_log(PACK, tmp_path / "log.parquet")


def test_days_follow_the_zone_on_both_sides_of_its_change():
    change = 1_709_229_600_000_000  # 2024-03-01 00:00 in Almaty, then UTC+6

    found = transitions("Asia/Almaty", change - 30 * DAY, change + 30 * DAY)

    assert [offset // (3600 * SECOND) for _, offset in found] == [6, 5]
    assert found[1][0] == change


def test_the_change_of_the_zone_moves_no_verdict():
    act = replace(
        PACK,
        act=msgspec.structs.replace(
            PACK.act, in_force=msgspec.structs.replace(PACK.act.in_force, until=None)
        ),
    )
    change = 1_709_229_600_000_000
    rows = [
        row(
            step, change + shift * 3600 * SECOND, change + shift * 3600 * SECOND + SECOND, case_id=f"c{shift}"
        )
        for shift in range(-30, 31)
        for step in ("P5", "P6", "P8")
    ]

    require_agreement(act, rows)


COMMON = {
    "services": ("S1",),
    "path": "portal",
    "title": PACK.norms[0].title,
    "rule": "R-00",
    "clause": "S1/12",
}


def test_two_norms_that_look_at_one_step_are_never_confused():
    rate = {**COMMON, "steps": ("P3",), "demand": Demand.RATE, "target": 0.5}
    norms = [AvailabilityWindow(id=name, **rate, unavailable=(name,)) for name in ("DOWN", "TIMEOUT")]
    rows = [row("P3", case_id=f"{name}{n}", outcome=name) for name in ("DOWN", "TIMEOUT") for n in range(40)]

    require_agreement(with_norms(norms), rows)


def test_uniqueness_within_two_places_is_told_apart():
    norms = [
        Existence(id="there", **COMMON, steps=("P3",), field="attributes.provider"),
        Unique(id="unit", **COMMON, steps=("P3",), field="attributes.slot", within="unit"),
        Unique(id="provider", **COMMON, steps=("P3",), field="attributes.slot", within="attributes.provider"),
    ]
    held = [(f"a{n:02}", "u1", "s1", f"p{n}") for n in range(25)] + [
        ("b1", "u8", "s2", "q"),
        ("b2", "u9", "s2", "q"),
    ]
    rows = [row("P3", case_id=c, unit=u, attributes={"slot": s, "provider": p}) for c, u, s, p in held]

    require_agreement(with_norms(norms), rows)


def test_values_are_held_apart_from_the_place_they_are_unique_in():
    norm = Unique(id="number", **COMMON, steps=("P3",), field="request_number", within="unit")
    held = [("a0", "a", "b\x1fc"), ("a1", "a\x1fb", "c"), ("a2", "a\x1fb", "c")]
    rows = [row("P3", case_id=c, unit=u, request_number=n) for c, u, n in held]

    require_agreement(with_norms([norm]), rows)


def test_attributes_of_any_name_are_read():
    names = ("order", "Order", "select", "a b", "caf\u00e9", "x.y", "$", 'q"q')
    norms = [
        Existence(id=f"n{n}", **COMMON, steps=("P3",), field=f"attributes.{name}")
        for n, name in enumerate(names)
    ]
    rows = [row("P3", case_id=f"c{n}", attributes={name: "v"}) for n, name in enumerate(names)]

    require_agreement(with_norms(norms), rows)


def test_values_that_no_sample_showed_are_still_told_apart(monkeypatch):
    monkeypatch.setattr(attribute_values, "SAMPLE_ROWS", 3)
    norm = Contains(id="c", **COMMON, steps=("P3",), field="attributes.screen", items=("iin",))
    screens = [["iin"], ["iin", "x"], ["x"], ["y"], ["y", "iin"], [], None, "iin", 7, {"iin": 1}]
    rows = [row("P3", case_id=f"c{n}", attributes={"screen": one}) for n, one in enumerate(screens)]

    require_agreement(with_norms([norm]), rows)


def test_each_reading_brings_its_own_condition():
    readings = (
        Reading(id="one", note=COMMON["title"], default=True),
        Reading(id="two", note=COMMON["title"], changes={"applies_when": "outcome <> 'A'"}),
    )
    norm = Existence(
        id="e", **COMMON, steps=("P3",), field="resource", status=NormStatus.DISPUTED, readings=readings
    )
    rows = [row("P3", case_id="a", outcome="A"), row("P3", case_id="b", outcome="C")]

    require_agreement(with_norms([norm]), rows)


def test_long_and_mixed_cases_need_no_other_reason_to_be_judged_alone():
    norm = StepDuration(id="d", **COMMON, step="P3", max_s=60)
    rows = [row("P3", TEN + n, TEN + n + 1, case_id="long") for n in range(501)]
    rows += [row("P3", case_id="mixed"), row("V3", case_id="mixed"), row("P3", case_id="plain")]

    require_agreement(with_norms([norm]), rows)


def test_a_path_without_a_process_still_has_endings():
    pack = replace(with_norms([CaseDuration(id="c", **COMMON, max_s=3600)]), tables=(), flow=())
    rows = [row("P3"), row("P4", TEN + 10 * SECOND, TEN + 20 * SECOND)]

    require_agreement(pack, rows)


def test_what_was_measured_decides_no_reason():
    norm = StepDuration(id="d", **COMMON, step="P3", max_s=None, status=NormStatus.UNKNOWN)
    rows = [
        *(row("P3", start, TEN + 9, case_id="a") for start in (None, TEN - 5 * SECOND)),
        *(row("P3", start, TEN + 9, case_id="b") for start in (None, TEN + 9)),
    ]

    plain, _ = both(with_norms([norm]), rows)

    require_agreement(with_norms([norm]), rows)
    assert plain.norms[0].reasons == {"MISSING_START": 2}
    assert not plain.norms[0].excused


@pytest.mark.parametrize("damaged", ["a", "b"])
def test_a_damaged_case_shares_no_class_whatever_its_steps_are_called(damaged):
    rows = [
        *(row("P1", case_id="a"), row("FOOdamaged", TEN + MINUTE, TEN + MINUTE, case_id="a")),
        *(row("P1", case_id="b"), row("FOO", TEN + MINUTE, TEN + MINUTE, case_id="b")),
    ]
    require_agreement(PACK, rows, damaged=frozenset({damaged}))


def test_cases_without_any_record_left_are_counted_alike():
    require_agreement(PACK, cases(3), damaged=frozenset({"c00001", "gone", "lost"}), unplaced=4)
