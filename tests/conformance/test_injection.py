"""The law of the injector: what it says it broke is exactly what the plain judge finds.

tests/large breaks every norm at once, and asks the scalable judge.
"""

from collections import Counter

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.errors import InputError
from conformance.fragment_rows import clean_rows
from conformance.injection import Injector
from conformance.log_file import read_log, sort_rows, write_log
from conformance.multiplication import multiply
from tests.conformance.shipped_fragments import breakable, broken_cases, shipped

FRAGMENTS = shipped()
PACK = FRAGMENTS.pack


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    out = tmp_path_factory.mktemp("clean") / "log.parquet"
    multiply(PACK, clean_rows(PACK, FRAGMENTS.file), out, 4_500, seed=1)
    return out


@settings(deadline=None, max_examples=2)
@given(
    st.dictionaries(st.sampled_from(breakable()), st.integers(1, 2), min_size=1, max_size=10),
    st.integers(0, 2**32),
)
def test_any_mixture_of_violations_is_found_exactly(clean, tmp_path_factory, wanted, seed):
    out = tmp_path_factory.mktemp("mixture") / "log.parquet"
    injected = Injector(FRAGMENTS, seed).inject(clean, out, wanted)
    rows = read_log(out)
    assert list(rows) == sort_rows(rows)
    assert broken_cases(PACK, rows) == injected.broken
    assert {name: len(cases) for name, cases in injected.changed.items()} == wanted


def test_no_case_is_changed_twice_and_all_others_stay_as_they_were(clean, tmp_path):
    injected = Injector(FRAGMENTS).inject(clean, tmp_path / "log.parquet", dict.fromkeys(breakable(), 1))
    changed = Counter(name for cases in injected.changed.values() for name in cases)
    assert set(changed.values()) == {1}
    before, after = (
        [row for row in read_log(path) if row.case_id not in changed]
        for path in (clean, tmp_path / "log.parquet")
    )
    assert before == after


def test_the_same_seed_breaks_the_same_cases_and_another_seed_others(clean, tmp_path):
    one, again, other = (
        Injector(FRAGMENTS, seed).inject(clean, tmp_path / name, {"S1.P6.limit": 5})
        for name, seed in (("one", 1), ("again", 1), ("other", 2))
    )
    assert (tmp_path / "one").read_bytes() == (tmp_path / "again").read_bytes()
    assert one == again
    assert one.changed != other.changed


def test_ranges_of_cases_give_what_one_range_gives(clean, tmp_path, monkeypatch):
    Injector(FRAGMENTS).inject(clean, tmp_path / "one", {"S1.P6.number-once": 4, "S2.P1.limit": 4})
    monkeypatch.setattr("conformance.injection.RANGE_ROWS", 999)
    Injector(FRAGMENTS).inject(clean, tmp_path / "ranges", {"S1.P6.number-once": 4, "S2.P1.limit": 4})
    assert read_log(tmp_path / "one") == read_log(tmp_path / "ranges")


def test_services_may_be_named_by_their_codes(tmp_path):
    codes = {service.id: service.code for service in PACK.services}
    rows = [
        msgspec.structs.replace(row, service=codes[row.service]) for row in clean_rows(PACK, FRAGMENTS.file)
    ]
    write_log(rows, tmp_path / "clean.parquet")
    wanted = {"S2.P7.next": 1, "S3.V8.talon": 1}
    injected = Injector(FRAGMENTS).inject(tmp_path / "clean.parquet", tmp_path / "log.parquet", wanted)
    assert broken_cases(PACK, read_log(tmp_path / "log.parquet")) == injected.broken


def test_nothing_wanted_changes_nothing(clean, tmp_path):
    injected = Injector(FRAGMENTS).inject(clean, tmp_path / "log.parquet", {})
    assert injected.broken == injected.changed == {}
    assert read_log(tmp_path / "log.parquet") == read_log(clean)


@pytest.mark.parametrize(
    ("norm", "count", "message"),
    [
        ("S1.P9.limit", 1, "the unknown norm S1.P9.limit"),
        ("S1.P8.limit", 1, "a lost limit"),
        ("S1.P8.result-signature", 1, "no documents"),
        ("S1.P7.refusal-grounded", 1, "no documents"),
        ("S1.P4.limit", 100_000, "found [0-9]+ cases like portal-signature-refused of S1, expected at least"),
    ],
)
def test_what_cannot_be_injected_is_refused(norm, count, message, clean, tmp_path):
    with pytest.raises(InputError, match=message):
        Injector(FRAGMENTS).inject(clean, tmp_path / "log.parquet", {norm: count})
    assert not (tmp_path / "log.parquet").exists()
