"""The routes of a log: what of their order is certain, and that the database counts like the plain way."""

from dataclasses import replace

import duckdb
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.cases import group_cases
from conformance.log import COLUMNS
from conformance.variant_store import gather_variants, read_variants
from conformance.variants import Order, Variants, variants_of
from tests.conformance.fragments import CONTEXT, ENDINGS, HOUR, SECOND, TEN, at, route, row

INSERT = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def plain(rows, error_us=0):
    return variants_of(group_cases(rows, ENDINGS), replace(CONTEXT, clock_error_us=error_us))


def stored(rows, rows_of_a_range=1_000_000, error_us=0):
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS)
    with duckdb.connect(":memory:", config={"threads": 1}) as database:
        database.execute(f"CREATE TABLE events ({columns})")
        database.executemany(INSERT, list(map(msgspec.structs.astuple, rows)))
        context = replace(CONTEXT, clock_error_us=error_us)
        outside = gather_variants(database, context, rows_of_a_range)
        return Variants(tuple(read_variants(database)), outside)


def only_path(rows):
    found = plain(rows)
    assert stored(rows) == found
    (variant,) = found.variants
    return variant.path


def test_equal_routes_are_one_variant_with_its_first_cases():
    rows = [r for n in (3, 1, 4, 2, 5) for r in route("P1", "P2", case_id=f"c{n}")]
    rows += route("P1", "P3", case_id="c0")
    found = plain(rows)
    assert [(v.path.groups, v.cases, v.examples) for v in found.variants] == [
        ((("P1",), ("P2",)), 5, ("c1", "c2", "c3")),
        ((("P1",), ("P3",)), 1, ("c0",)),
    ]
    assert stored(rows) == found


def test_equal_ends_leave_the_order_open():
    path = only_path([row("P3"), row("P1"), row("P5", TEN, TEN + HOUR)])
    assert (path.groups, path.order) == ((("P1", "P3"), ("P5",)), Order.TIE)


def test_equal_ends_of_one_step_leave_nothing_open():
    path = only_path([row("P1"), row("P1"), row("P3", TEN, TEN + HOUR)])
    assert (path.groups, path.order) == ((("P1", "P1"), ("P3",)), Order.CERTAIN)


def test_an_instantaneous_step_comes_after_what_enabled_it_if_the_clock_is_exact():
    rows = [row("P3", TEN + SECOND, TEN + SECOND), row("P5", TEN, TEN + SECOND)]
    assert only_path(rows).groups == (("P5",), ("P3",))
    assert (
        only_path([row(r.step, r.enabled_us, r.completed_us, resolution_us=2) for r in rows]).order == "tie"
    )
    unknown = row("P6", None, TEN + SECOND)
    assert only_path([*rows, unknown]).groups == (("P3", "P5", "P6"),)


def test_a_row_without_an_end_has_no_place():
    path = only_path([row("P1"), row("P3", TEN, None), row("P2", TEN, None)])
    assert (path.groups, path.order) == ((("P1",), ("P2", "P3")), Order.NO_END)
    assert only_path([row("P1", TEN, None)]).order is Order.NO_END


def test_clocks_of_two_resolutions_must_be_further_apart_than_they_hide():
    exact = row("P1", TEN, TEN)
    for apart_us, order in ((SECOND, "certain"), (SECOND - 1, "tie"), (SECOND // 2, "tie")):
        coarse = row("P3", TEN, TEN + apart_us, resolution_us=SECOND)
        path = only_path([exact, coarse])
        assert (path.order, path.groups) == (
            order,
            (("P1",), ("P3",)) if order == "certain" else (("P1", "P3"),),
        )


def test_clocks_that_may_be_wrong_must_be_further_apart_than_their_errors():
    rows = [row("P1", TEN, TEN), row("P3", TEN, TEN + SECOND), row("P5", TEN, TEN + 3 * SECOND)]
    for error_us, groups in (
        (0, (("P1",), ("P3",), ("P5",))),
        (SECOND // 2 - 1, (("P1",), ("P3",), ("P5",))),
        (SECOND // 2, (("P1", "P3"), ("P5",))),
        (SECOND, (("P1", "P3", "P5"),)),
    ):
        found = plain(rows, error_us)
        assert found.variants[0].path.groups == groups
        assert stored(rows, error_us=error_us) == found


@pytest.mark.parametrize(
    "rows",
    [
        [row("P1"), row("V1", path="provider")],
        [row("P1", None, None)],
        [row("P1", at("2012-05-01T10:00"), at("2012-05-01T10:01"))],
        [row("P1", at("2014-08-29T00:00"), at("2014-08-29T00:01"))],
        [row("P1", None, at("2013-02-19T23:59"))],
        [row("P1", None, at("2013-02-18T00:00"))],
        route(*["P1"] * 501),
    ],
    ids=[
        "mixed",
        "no moment",
        "too early",
        "too late",
        "unknown start",
        "unknown start on the day",
        "too many",
    ],
)
def test_a_case_that_no_norm_can_judge_has_no_variant(rows):
    assert plain(rows) == stored(rows) == Variants((), 1)


def test_the_borders_of_the_acts_life_are_those_of_the_norms():
    inside = [
        row("P1", at("2013-02-18T00:00"), at("2013-02-18T00:01")),
        row("P1", at("2014-08-28T23:59"), at("2014-08-29T10:00"), case_id="c2"),
        row("P1", None, at("2013-02-20T00:00"), case_id="c3"),
        *route(*["P1"] * 500, case_id="c4"),
    ]
    assert plain(inside).outside == 0
    assert stored(inside) == plain(inside)


MOMENTS = st.one_of(
    st.none(),
    st.integers(0, 4).map(lambda n: TEN + n * SECOND),
    st.sampled_from(
        [at("2013-02-17T23:59"), at("2013-02-19T10:00"), at("2014-08-29T00:00"), TEN + SECOND // 2]
    ),
)
ROWS = st.builds(
    row,
    st.sampled_from(["P1", "P3", "V1", "X'"]),
    MOMENTS,
    MOMENTS,
    case_id=st.sampled_from(["a", "b", "c'", "ё"]),
    service=st.sampled_from(["S1", "S1", "S1", "S1", "S1", "S2"]),
    path=st.sampled_from(["portal", "portal", "portal", "provider"]),
    resolution_us=st.sampled_from([1, 1, 1, SECOND, 60 * SECOND]),
)
USUAL = st.builds(
    row,
    st.sampled_from(["P1", "P3", "P5"]),
    st.integers(0, 3).map(lambda n: TEN + n * SECOND),
    st.integers(0, 3).map(lambda n: TEN + n * SECOND),
    case_id=st.sampled_from(["a", "b", "c"]),
    resolution_us=st.sampled_from([1, 1, 2]),
)


ERRORS = st.sampled_from([0, 0, 0, 1, SECOND // 2, 2 * SECOND])


@settings(max_examples=40, deadline=None)
@given(
    st.one_of(st.lists(USUAL, min_size=1, max_size=12), st.lists(ROWS, min_size=1, max_size=10)),
    st.integers(2, 6),
    ERRORS,
)
def test_the_database_counts_what_the_plain_way_counts(rows, rows_of_a_range, error_us):
    assert stored(rows, rows_of_a_range, error_us) == plain(rows, error_us)
