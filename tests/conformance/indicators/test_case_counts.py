"""Counts and times by SQL against the plain oracle, on random logs with everything that logs get wrong."""

import json
import random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from conformance.indicators.case_counts import count_cases
from conformance.indicators.case_table import make_case_table
from conformance.indicators.duration_figures import MOST_OPEN, PERCENTS, measure_durations
from conformance.indicators.order_statistics import percentile_ranks
from conformance.indicators.survival import kaplan_meier, survival_percentile
from conformance.log import Row
from conformance.log_file import write_log
from conformance.log_store import opened_log
from conformance.pack import load_pack
from tests.conformance.indicators.plain_indicators import Plain, manifest_of

PACK = load_pack("astana-106-1923")
HOUR = 3_600_000_000
MONDAY = 1_368_388_800_000_000  # 2013-05-13 02:00 in Astana
STEPS = {
    "portal": ("P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8"),
    "provider": ("V1", "V2", "V3", "V4", "V5", "V6", "V7", "V8"),
}
OUTCOMES = ("ok", "NOT_ATTACHED", "REGISTRY_TIMEOUT", "CHECK_UNAVAILABLE", None)


TOLD = {False: None, True: ("steps.P1", "steps.P5", "steps.P8", "steps.V1")}
"""What the source tells of: everything, or not every ending."""


def random_rows(seed, cases):
    draw = random.Random(seed)
    rows = []
    for number in range(cases):
        service = draw.choice(["S1", "doctor-home-call", "S2", "S3", "clinic-attachment"])
        path = draw.choice(["portal", "provider"])
        at = MONDAY + draw.randrange(0, 40 * 24) * HOUR + draw.choice([0, 1, HOUR - 1, draw.randrange(HOUR)])
        resolution = draw.choice([1, 1, 1, 1_000_000, 60_000_000, 24 * HOUR, 48 * HOUR])
        for step in draw.sample(STEPS[path], draw.randrange(1, 8)):
            took = draw.choice([0, 10_000_000, 60_000_000, 90_000_000, 2 * HOUR, 30 * HOUR, -5_000_000])
            enabled = None if draw.random() < 0.1 else at
            completed = None if draw.random() < 0.15 else at + took
            attributes = draw.choice([None, {"reason": "NOT_ATTACHED"}, {"reason": None}, {"other": 1}])
            rows.append(
                Row(
                    case_id=f"c{number}",
                    service=draw.choice(["S3", service]) if draw.random() < 0.03 else service,
                    path=path,
                    step=step,
                    unit="portal",
                    resource=None,
                    enabled_us=enabled,
                    started_us=None,
                    completed_us=completed,
                    resolution_us=resolution,
                    outcome=draw.choice(OUTCOMES),
                    request_number=None,
                    attributes=None if attributes is None else json.dumps(attributes),
                )
            )
            at += max(took, 0)
    return rows


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("logs")


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 10**9),
    cases=st.integers(1, 60),
    clocks=st.tuples(st.sampled_from([None, 0, 5, 60]), st.sampled_from([0, 0, 20_000_000])),
    gaps=st.tuples(
        st.sampled_from([(), (), ("c0", "c3", "c7", "c12", "c25")]), st.sampled_from([False, True])
    ),
)
# Asked on a Saturday by a clock of whole days: on a Sunday at the latest, the last day that has a due date.
@example(seed=25318415, cases=4, clocks=(None, 0), gaps=((), False))
def test_sql_counts_what_the_plain_oracle_counts(folder, seed, cases, clocks, gaps):
    rows = random_rows(seed, cases)
    taken, error_us = clocks
    taken_us = None if taken is None else MONDAY + taken * 24 * HOUR
    plain = Plain(PACK, rows, taken_us, error_us, gaps)
    write_log(rows, folder / "log.parquet")
    with opened_log(folder / "log.parquet") as database:
        beside = manifest_of(
            PACK, taken_us, clock_error_us=error_us, damaged=gaps[0], delivered=TOLD[gaps[1]]
        )
        table = make_case_table(database, PACK, PACK.indicators, beside)
        counts = count_cases(table)
        durations = measure_durations(table)
    assert table.taken_us == plain.taken_us
    assert counts.excluded == plain.excluded
    assert counts.cases == len({row.case_id for row in rows})
    assert dict(counts.by_outcome) == dict(plain.by_outcome())
    assert dict(counts.timeliness) == dict(plain.timeliness())
    assert dict(counts.reasons) == dict(plain.reasons())
    assert dict(counts.attempts) == plain.attempts()
    assert counts.outcome_by_month == plain.by_month(lambda _service, _path, own: plain.outcome(own))
    assert counts.timeliness_by_month == plain.by_month(plain.in_time)
    compare_times(durations, plain.times())


def compare_times(durations, plain):
    assert {tuple(group) for group in durations} == set(plain)
    for group, found in durations.items():
        ended, waiting, unusable = plain[group]
        assert (found.n, found.open, found.unusable) == (len(ended), len(waiting), len(unusable))
        if not ended:
            assert found.percentiles == ()
        elif len(waiting) > MOST_OPEN * (len(ended) + len(waiting)):
            steps = kaplan_meier(ended, waiting)
            wanted = [survival_percentile(steps, percent) for percent in PERCENTS]
            assert [(p.value_us, p.low_us, p.high_us) for p in found.percentiles] == wanted
        else:
            ordered = [None, *sorted(ended)]
            for p in found.percentiles:
                ranks = percentile_ranks(p.percent, len(ended))
                wanted = tuple(
                    None if r is None else ordered[r] for r in (ranks.value, ranks.low, ranks.high)
                )
                assert (p.value_us, p.low_us, p.high_us) == wanted


def row(case, step, at, **changes):
    values = {
        "case_id": case,
        "service": "doctor-home-call",
        "path": "portal",
        "step": step,
        "unit": "portal",
        "resource": None,
        "enabled_us": at,
        "started_us": at,
        "completed_us": at,
        "resolution_us": 1,
        "outcome": "ok",
        "request_number": None,
        "attributes": None,
    }
    return Row(**{**values, **changes})


def timeliness_of(tmp_path, rows, taken_us=None):
    write_log(rows, tmp_path / "log.parquet")
    with opened_log(tmp_path / "log.parquet") as database:
        counts = count_cases(make_case_table(database, PACK, PACK.indicators, manifest_of(PACK, taken_us)))
    return {word: n for (_, word), n in counts.timeliness.items()}


def test_a_request_after_the_cut_off_is_due_on_the_next_working_day(tmp_path):
    friday_1801 = MONDAY + 4 * 24 * HOUR + 16 * HOUR + 60_000_000
    saturday, sunday = friday_1801 + 18 * HOUR, friday_1801 + 48 * HOUR
    kept = [row("kept", "P5", friday_1801), row("kept", "P8", saturday)]
    missed = [row("missed", "P5", friday_1801), row("missed", "P8", sunday)]
    assert timeliness_of(tmp_path, kept + missed) == {"kept": 1, "missed": 1}


def test_an_open_case_is_missed_only_when_its_day_is_over(tmp_path):
    noon = MONDAY + 10 * HOUR
    rows = [row("a", "P5", noon)]
    assert timeliness_of(tmp_path, rows, noon + HOUR) == {"open": 1}
    assert timeliness_of(tmp_path, rows, noon + 24 * HOUR) == {"missed": 1}


def test_a_clock_of_whole_days_leaves_the_question_open(tmp_path):
    day = MONDAY - 2 * HOUR
    rows = [
        row("a", "P5", day, resolution_us=24 * HOUR),
        row("a", "P8", day + 24 * HOUR, resolution_us=24 * HOUR),
    ]
    assert timeliness_of(tmp_path, rows) == {"unsure": 1}
    exact = [row("a", "P5", day), row("a", "P8", day + 24 * HOUR)]
    assert timeliness_of(tmp_path, exact) == {"missed": 1}


def test_a_refusal_without_a_reason_is_a_failure_and_one_with_it_a_completion(tmp_path):
    rows = [
        row("with", "P7", MONDAY, outcome="NOT_ATTACHED", attributes='{"reason":"NOT_ATTACHED"}'),
        row("without", "P7", MONDAY, outcome="NOT_ATTACHED", attributes="{}"),
        row("system", "V4", MONDAY, path="provider", outcome="REGISTRY_TIMEOUT", attributes='{"reason":"X"}'),
    ]
    write_log(rows, tmp_path / "log.parquet")
    with opened_log(tmp_path / "log.parquet") as database:
        counts = count_cases(make_case_table(database, PACK, PACK.indicators, manifest_of(PACK)))
    assert {outcome: n for (_, outcome), n in counts.by_outcome.items() if outcome == "refused"} == {
        "refused": 1
    }
    assert sum(n for (_, outcome), n in counts.by_outcome.items() if outcome == "failed") == 2
