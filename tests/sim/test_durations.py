import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.errors import UnfitValue
from sim.durations import MAX_DURATION_US, UNITS_US, parse_duration_us


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 s", 0),
        ("30 s", 30_000_000),
        ("30s", 30_000_000),
        ("1.5 min", 90_000_000),
        ("250 ms", 250_000),
        ("7 us", 7),
        ("0.000001 s", 1),
        ("2 h", 7_200_000_000),
        ("366 d", MAX_DURATION_US),
        ("007 s", 7_000_000),
    ],
)
def test_a_number_and_a_unit_are_a_duration(text, expected):
    assert parse_duration_us(text) == expected


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("30 sec", "s"),
        ("30 seconds", "s"),
        ("1 minute", "min"),
        ("1 m", "min"),
        ("1 MIN", "min"),
        ("1 M", "min"),
        ("5 mins", "min"),
        ("2 hours", "h"),
        ("1 Tag", None),
        ("3 days", "d"),
        ("3 S", "s"),
        ("9 µs", "us"),
        ("9 \N{GREEK SMALL LETTER MU}s", "us"),
    ],
)
def test_a_wrong_unit_is_refused_with_the_nearest_one(text, nearest):
    with pytest.raises(UnfitValue) as caught:
        parse_duration_us(text)

    hint = re.search(r"did you mean (\w+)\?", str(caught.value))
    assert (hint and hint[1]) == nearest
    assert "us, ms, s, min, h, d" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["", " ", "30", "s", "-1 s", "+1 s", "1,5 s", "1e3 s", "1  s", " 1 s", "1 s ", "1 s\n", "nan s", "inf s",
     ".5 s", "5. s", "٣ s", "1 s 2", "1234567890 s", "0x10 s", "1_000 s"],
)  # fmt: skip
def test_any_other_form_is_refused(text):
    with pytest.raises(UnfitValue, match="expected a number and a unit"):
        parse_duration_us(text)


@pytest.mark.parametrize("text", ["0.5 us", "1.1 us", "0.00001 ms"])
def test_a_part_of_a_microsecond_is_refused(text):
    with pytest.raises(UnfitValue, match="whole number of microseconds"):
        parse_duration_us(text)


@pytest.mark.parametrize("text", ["367 d", "999999999 d", "8785 h"])
def test_more_than_a_year_is_refused(text):
    with pytest.raises(UnfitValue, match="at most 366 d"):
        parse_duration_us(text)


def test_a_huge_text_is_not_repeated():
    with pytest.raises(UnfitValue) as caught:
        parse_duration_us("1 " + "s" * 100_000)

    assert len(str(caught.value)) < 300


@given(st.integers(0, 9999), st.sampled_from(sorted(UNITS_US)))
def test_whole_numbers_are_exact(number, unit):
    length = number * UNITS_US[unit]
    if length <= MAX_DURATION_US:
        assert parse_duration_us(f"{number} {unit}") == length


@given(st.text(max_size=12))
def test_every_text_is_a_duration_or_refused(text):
    try:
        length = parse_duration_us(text)
    except UnfitValue:
        return
    assert 0 <= length <= MAX_DURATION_US
