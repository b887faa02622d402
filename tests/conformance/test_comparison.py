"""Comparisons: intervals against published values and scipy, laws of drawn runs, what cannot be told."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from scipy import stats

from conformance.comparison import compare, exit_code_of
from conformance.comparison_gaps import (
    Bounded,
    Sample,
    gap_of_bounds,
    gap_of_counts,
    gap_of_pairs,
    gap_of_samples,
    sample_of,
    sample_of_interval,
    settled,
)
from conformance.comparison_rows import widest_fall
from conformance.errors import InputError
from conformance.norm_verdicts import measure
from conformance.verdicts import Verdict
from tests.reports.examples import ALL_MET, EMPTY, INTERRUPTED, NORMS, PROVENANCE, RICH, SEC, measured
from tests.reports.study_examples import EMPTY as EMPTY_STUDY
from tests.reports.study_examples import ORDINARY, SWEEP

OPPOSITE = {"worse": "better", "better": "worse", "new": "vanished", "vanished": "new"}
MIRRORED = {"only_before": "only_after", "only_after": "only_before"}
VALUES = st.lists(st.floats(-1000, 1000).map(lambda x: round(x, 3)), min_size=3, max_size=8)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [  # Newcombe (1998), table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 10), 0.6075, 1.0),
        ((0, 10), (0, 20), -0.1611, 0.2775),
    ],
)
def test_the_interval_of_two_shares_is_the_published_one(first, second, low, high):
    gap = gap_of_counts("share", second, first)
    assert (gap.low, gap.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@settings(max_examples=60, deadline=None)
@given(VALUES, VALUES)
def test_t_intervals_are_those_of_scipy(one, two):
    if len(set(one)) == 1 or len(set(two)) == 1:
        return
    gap = gap_of_samples("p95_s", sample_of(one), sample_of(two))
    theirs = stats.ttest_ind(two, one, equal_var=False)
    assert gap.p == pytest.approx(theirs.pvalue, abs=1e-9)
    ends = theirs.confidence_interval(0.95)
    assert (gap.low, gap.high) == (pytest.approx(ends.low), pytest.approx(ends.high))
    n = min(len(one), len(two))
    differences = [b - a for a, b in zip(one, two, strict=False)]
    if sample_of(differences).deviation == 0:
        return
    paired, theirs = gap_of_pairs("p95_s", differences), stats.ttest_rel(two[:n], one[:n])
    ends = theirs.confidence_interval(0.95)
    assert paired.p == pytest.approx(theirs.pvalue, abs=1e-9)
    assert (paired.low, paired.high) == (pytest.approx(ends.low), pytest.approx(ends.high))


def test_a_sample_is_found_again_from_its_interval():
    sample = sample_of([1.0, 2.0, 4.0, 8.0])
    reach = stats.t.ppf(0.95, 3) * sample.deviation / 2
    assert sample_of_interval(sample.mean, reach, 4, 0.9).deviation == pytest.approx(sample.deviation)
    assert gap_of_samples("p95_s", sample, Sample(5.0, 0.0, 1)).standing == ""
    assert settled([gap_of_samples("p95_s", sample, Sample(5.0, 0.0, 1))])[0].standing == "untested"


def test_the_ranks_around_a_percentile_hold_it_and_few_values_have_none():
    found = measure(range(1_000_000, 2_000_000, 1000))
    ranks = [round((us - 1_000_000) / 1000) + 1 for us in (found.p95_low_us, found.p95_us, found.p95_high_us)]
    assert ranks[1] == 950
    # At least 97.5 % each: fewer than the low rank, or as many as the high one, lie below the percentile.
    assert stats.binom.cdf(ranks[0] - 1, 1000, 0.95) <= 0.0251 < stats.binom.cdf(ranks[0], 1000, 0.95)
    assert stats.binom.cdf(ranks[2] - 2, 1000, 0.95) < 0.975 <= stats.binom.cdf(ranks[2] - 1, 1000, 0.95)
    few = measure(range(70))
    assert few.p95_high_us is None
    gap = gap_of_bounds("p95_s", Bounded(1.0, 0.5, None), Bounded(2.0, 1.0, 3.0))
    assert (gap.low, gap.p, gap.method) == (None, None, "none")


def test_two_percentiles_are_held_apart_by_the_squares_of_their_reaches():
    gap = gap_of_bounds("p95_s", Bounded(10.0, 9.0, 12.0), Bounded(20.0, 17.0, 24.0))
    assert (gap.low, gap.high) == (10 - math.hypot(3, 2), 10 + math.hypot(4, 1))
    assert settled([gap])[0].standing == "worse"


counts = st.integers(0, 400)
times = st.tuples(st.integers(0, 90), st.integers(0, 90), st.integers(0, 90)).map(sorted)


@st.composite
def norms(draw, id_, limit_s=60):
    met, broken = draw(counts), draw(counts)
    verdict = Verdict.FAIL if broken else Verdict.PASS if met else Verdict.INCONCLUSIVE
    low, p95, high = (one * SEC for one in draw(times))
    found = replace(measured(met + broken, low, p95, high), p95_low_us=low, p95_high_us=high)
    return replace(
        NORMS[0],
        id=id_,
        verdict=verdict,
        counts={"pass": met, "fail": broken},
        limit_s=limit_s,
        measured=found if met + broken else None,
    )


@st.composite
def runs(draw):
    chosen = draw(st.lists(st.sampled_from("abcdef"), unique=True, max_size=6))
    own = tuple(draw(norms(f"S1.{name}")) for name in sorted(chosen))
    log = draw(st.sampled_from(["00" * 32, "11" * 32, "22" * 32]))
    scenarios = draw(st.permutations(["passed", "failed", "error", "not_run"]))
    played = tuple(replace(s, status=status) for s, status in zip(RICH.scenarios, scenarios, strict=True))
    return replace(
        RICH, norms=own, scenarios=played, provenance=replace(PROVENANCE, log_sha256=log), clauses=()
    )


def mirrored(row):
    """Return what a row should say if the runs were the other way round."""
    gaps = [(g.what, round(-g.value, 9), OPPOSITE.get(g.standing, g.standing)) for g in row.gaps]
    return (row.kind, row.id, row.after, row.before, gaps, {MIRRORED.get(code, code) for code in row.why})


def told(row):
    gaps = [(g.what, round(g.value, 9), g.standing) for g in row.gaps]
    return (row.kind, row.id, row.before, row.after, gaps, set(row.why))


@settings(max_examples=60, deadline=None)
@given(runs(), runs())
def test_swapping_two_runs_mirrors_what_is_said(one, two):
    there, back = compare([("a", one), ("b", two)], "r"), compare([("b", two), ("a", one)], "r")
    key = lambda row: (row[0], row[1])  # noqa: E731 - a name for what is sorted by
    assert sorted(map(mirrored, there.pairs[0].rows), key=key) == sorted(
        map(told, back.pairs[0].rows), key=key
    )
    for row in there.pairs[0].rows:
        other = next(o for o in back.pairs[0].rows if (o.kind, o.id) == (row.kind, row.id))
        if row.standing in {"new", "vanished", "better"} and "verdict" not in row.why and len(row.why) < 2:
            assert other.standing == OPPOSITE[row.standing]


@settings(max_examples=40, deadline=None)
@given(runs())
def test_a_run_against_itself_shows_nothing(run):
    found = compare([("a", run), ("a", run)], "r")
    (pair,) = found.pairs
    assert {row.standing for row in pair.rows} <= {"same", "open"}
    assert pair.tested == 0
    assert all(gap.value == 0 for row in pair.rows for gap in row.gaps)
    assert found.standing in {"nothing_worse", "cannot_tell"}


@pytest.mark.parametrize("study", [ORDINARY, SWEEP, EMPTY_STUDY], ids=["ordinary", "sweep", "empty"])
def test_a_study_against_itself_shows_nothing(study):
    found = compare([("a", study), ("b", study)], "r")
    assert not [row for row in found.pairs[0].rows if row.standing in {"worse", "better"}]
    assert exit_code_of(found) in {0, 3}


def with_norm(before, **changes):
    return replace(before, norms=(replace(before.norms[0], **changes),))


FRESH = replace(PROVENANCE, log_sha256="ef" * 32)
BASE = replace(RICH, norms=NORMS[:1], clauses=(), scenarios=(), faults=(), steps=(), indicators=None)


@pytest.mark.parametrize(
    ("changes", "standing", "code"),
    [
        ({}, "same", 0),
        ({"verdict": Verdict.FAIL, "counts": {"pass": 119, "fail": 1}}, "worse", 1),
        ({"counts": {"pass": 60}}, "same", 0),
        ({"verdict": Verdict.INCONCLUSIVE, "counts": {"inconclusive": 120}, "measured": None}, "unclear", 3),
        ({"verdict": Verdict.NOT_RUN, "counts": {}, "measured": None}, "unclear", 3),
        ({"id": "another"}, "vanished", 3),
    ],
)
def test_exit_codes(changes, standing, code):
    after = replace(with_norm(BASE, **changes), provenance=FRESH)
    found = compare([("a", BASE), ("b", after)], "r")
    assert next(r for r in found.pairs[0].rows if r.id == "S1.P1.limit").standing == standing
    assert exit_code_of(found) == code


def test_that_nothing_is_worse_is_not_said_of_an_interrupted_run():
    base = replace(INTERRUPTED, norms=NORMS[:1], clauses=(), scenarios=(), faults=())
    assert exit_code_of(compare([("a", base), ("b", base)], "r")) == 3
    assert exit_code_of(compare([("a", EMPTY), ("b", EMPTY)], "r")) == 3


def test_a_fall_of_the_share_is_shown_although_neither_run_kept_the_norm():
    base = with_norm(BASE, verdict=Verdict.FAIL, counts={"pass": 990, "fail": 10})
    after = replace(
        with_norm(BASE, verdict=Verdict.FAIL, counts={"pass": 900, "fail": 100}), provenance=FRESH
    )
    (row,) = compare([("a", base), ("b", after)], "r").pairs[0].rows
    assert (row.standing, row.why) == ("worse", ("share",))
    assert row.gaps[0].low < -0.09 < row.gaps[0].high


def test_what_may_have_fallen_is_said_of_the_least_known_share():
    after = replace(with_norm(BASE, counts={"pass": 10}), provenance=FRESH)
    pair = compare([("a", BASE), ("b", after)], "r").pairs[0]
    row, gap = widest_fall(pair)
    assert row.id == "S1.P1.limit"
    assert -0.31 < gap.low < -0.25


def test_the_same_log_by_two_rules_leaves_nothing_to_chance():
    after = with_norm(BASE, verdict=Verdict.FAIL, counts={"pass": 119, "fail": 1}, limit_s=45)
    pair = compare([("a", BASE), ("b", after)], "r").pairs[0]
    (row,) = pair.rows
    assert "same_log" in {caveat.code for caveat in pair.caveats}
    assert (row.gaps[0].method, row.gaps[0].standing) == ("same_log", "worse")
    assert "other_limit" in row.why


def test_what_depends_on_local_days_is_not_compared_in_another_zone():
    base = with_norm(BASE, kind="same_local_day")
    after = replace(base, provenance=replace(FRESH, zone="UTC"))
    pair = compare([("a", base), ("b", after)], "r").pairs[0]
    assert (pair.rows[0].standing, pair.rows[0].why) == ("unclear", ("other_zone",))
    assert {"other_zone", "both_simulated"} <= {caveat.code for caveat in pair.caveats}
    real = replace(base, provenance=replace(FRESH, origin="production"))
    assert "other_origin" in {c.code for c in compare([("a", base), ("b", real)], "r").pairs[0].caveats}


def test_kinds_are_not_mixed_and_one_run_is_not_compared():
    with pytest.raises(InputError, match="results of a load study, expected the results of a judged run"):
        compare([("a", ALL_MET), ("b", ORDINARY)], "r")
    with pytest.raises(InputError, match="2 to 12 saved runs"):
        compare([("a", ALL_MET)], "r")


STEP = "doctor-appointment/provider/V5"


def by_replication(shares, times_s):
    point = ORDINARY.points[0]
    found = {f"{STEP} share_within": tuple(shares), f"{STEP} p95_sojourn_s": tuple(times_s)}
    return replace(ORDINARY, points=(replace(point, by_replication=found),))


def step_row(before, after):
    pair = compare([("a", before), ("b", after)], "r").pairs[0]
    return next(row for row in pair.rows if row.kind == "step" and row.step == "V5"), pair


def test_the_same_seed_pairs_replications_and_another_one_does_not():
    before = by_replication([0.95, 0.90, 0.97, 0.93], [10.0, 14.0, 9.0, 12.0])
    after = by_replication([0.94, 0.89, 0.96, 0.921], [10.5, 14.6, 9.4, 12.5])
    row, pair = step_row(before, after)
    assert [(gap.method, gap.standing) for gap in row.gaps] == [("paired", "worse"), ("paired", "worse")]
    assert row.gaps[0].value == pytest.approx(-0.00975)
    assert "paired" in {caveat.code for caveat in pair.caveats}
    row, pair = step_row(before, replace(after, seed=before.seed + 1))
    assert [(gap.method, gap.standing) for gap in row.gaps] == [("welch", "not_shown")] * 2
    assert "independent_seeds" in {caveat.code for caveat in pair.caveats}


def test_shares_without_any_spread_are_no_certainty():
    before, after = by_replication([1.0] * 4, [1.0] * 4), by_replication([0.9] * 4, [1.0] * 4)
    row, _ = step_row(before, after)
    assert row.gaps[0].method == "newcombe"


def test_without_single_replications_the_intervals_tell_of_them():
    row, pair = step_row(ORDINARY, replace(ORDINARY, seed=ORDINARY.seed + 1))
    assert row.gaps[0].method == "welch"
    assert "independent_seeds" in {caveat.code for caveat in pair.caveats}
    _, pair = step_row(ORDINARY, ORDINARY)
    assert "not_saved" in {caveat.code for caveat in pair.caveats}


def test_values_of_a_sweep_that_only_one_study_has_are_named():
    fewer = replace(SWEEP, points=SWEEP.points[1:])
    pair = compare([("a", SWEEP), ("b", fewer)], "r").pairs[0]
    other = next(c for c in pair.caveats if c.code == "other_points")
    assert (other.before, other.after) == (SWEEP.points[0].label, "–")
