"""The law of hidden counts: nobody who knows all that is published can work one of them out."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.indicators.suppression import Sum, hide_small, is_safe


def table(rows):
    """Counts and sums of a table with its margins; *rows* are lists of numbers."""
    counts, sums = {}, []
    width = len(rows[0])
    for i, row in enumerate(rows):
        for j, n in enumerate(row):
            counts[f"r{i}c{j}"] = n
        counts[f"r{i}"] = sum(row)
        sums.append(Sum(f"r{i}", tuple(f"r{i}c{j}" for j in range(width))))
    for j in range(width):
        counts[f"c{j}"] = sum(row[j] for row in rows)
        sums.append(Sum(f"c{j}", tuple(f"r{i}c{j}" for i in range(len(rows)))))
    counts["all"] = sum(map(sum, rows))
    sums.append(Sum("all", tuple(f"r{i}" for i in range(len(rows)))))
    sums.append(Sum("all", tuple(f"c{j}" for j in range(width))))
    return counts, sums


def agreeing(counts, sums, hidden):
    """Every set of whole numbers from 0 on that agrees with what is shown, by brute force."""
    inner = sorted(name for name in counts if "r" in name and "c" in name)
    most = max(counts[name] for name in inner) + 3
    choices = [range(most + 1) if name in hidden else (counts[name],) for name in inner]
    for values in itertools.product(*choices):
        guess = dict(zip(inner, values, strict=True))
        for sum_ in sums:
            if all(part in guess for part in sum_.parts):
                guess.setdefault(sum_.total, sum(guess[part] for part in sum_.parts))
        shown = all(guess[name] == n for name, n in counts.items() if name not in hidden)
        if shown and all(guess[s.total] == sum(guess[p] for p in s.parts) for s in sums):
            yield guess


SMALL_TABLES = st.lists(st.lists(st.integers(0, 7), min_size=2, max_size=2), min_size=2, max_size=2)


@settings(max_examples=30, deadline=None)
@given(rows=SMALL_TABLES)
def test_no_hidden_count_can_be_derived_and_no_small_one_is_shown(rows):
    counts, sums = table(rows)
    hidden = hide_small(counts, sums)
    assert hidden is not None
    assert all(name in hidden for name, n in counts.items() if 0 < n < 5)
    values = {name: set() for name in hidden}
    for guess in agreeing(counts, sums, hidden):
        for name in hidden:
            values[name].add(guess[name])
    assert all(len(found) > 1 for found in values.values()), (rows, hidden)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=4), min_size=2, max_size=4).filter(
        lambda rows: len({len(row) for row in rows}) == 1
    )
)
def test_the_law_holds_for_larger_tables(rows):
    counts, sums = table(rows)
    hidden = hide_small(counts, sums)
    assert hidden is not None
    assert all(is_safe(counts, sums, hidden, name) for name in hidden)


def test_nothing_is_hidden_without_a_small_count():
    counts, sums = table([[5, 0], [12, 9]])
    assert hide_small(counts, sums) == frozenset()


def test_a_small_count_takes_a_neighbour_in_its_row_and_column_with_it_and_leaves_the_totals():
    counts, sums = table([[3, 20, 30], [11, 21, 31], [12, 22, 32]])
    assert hide_small(counts, sums) == {"r0c0", "r0c1", "r1c0", "r1c1"}


def test_a_hidden_count_alone_in_a_sum_is_not_safe():
    counts, sums = table([[3, 20], [11, 21]])
    assert not is_safe(counts, sums, {"r0c0"}, "r0c0")
    assert not is_safe(counts, sums, {"r0c0", "r0c1"}, "r0c0")
    assert is_safe(counts, sums, {"r0c0", "r0c1", "r1c0", "r1c1"}, "r0c0")


def test_a_public_total_of_one_part_cannot_be_helped():
    counts = {"total": 3, "only": 3}
    assert hide_small(counts, [Sum("total", ("only",))], public=["total"]) is None


def test_zero_may_be_hidden_to_protect_a_small_count_under_a_public_total():
    counts = {"total": 3, "one": 3, "other": 0}
    assert hide_small(counts, [Sum("total", ("one", "other"))], public=["total"]) == {"one", "other"}


def test_the_cells_of_another_table_with_the_same_total_do_not_betray_it():
    counts = {"all": 23, "a": 3, "b": 20, "x": 11, "y": 12}
    sums = [Sum("all", ("a", "b")), Sum("all", ("x", "y"))]
    hidden = hide_small(counts, sums)
    assert hidden == {"a", "b"}
