"""Numbers of organisations."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors import bin as business_number
from actors import iin
from actors.errors import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength

THE_DAY = dt.date(2013, 8, 26)


@pytest.mark.parametrize("number", ["121240000013", "130151000029", "121262000033"])
def test_valid_business_numbers_pass(number):
    assert business_number.validate(number) == number


@pytest.mark.parametrize(
    ("number", "error"),
    [
        ("121240000014", InvalidChecksum),
        ("121340000013", InvalidComponent),
        ("120040000013", InvalidComponent),
        ("121230000013", InvalidComponent),
        ("121270000013", InvalidComponent),
        ("121244000013", InvalidComponent),
        ("12124000001", InvalidLength),
        ("12124000001x", InvalidFormat),
        ("850704200017", InvalidComponent),
    ],
)
def test_invalid_business_numbers_say_why(number, error):
    with pytest.raises(error):
        business_number.validate(number)


@given(
    year=st.integers(1941, 2040),
    month=st.integers(1, 12),
    kind=st.integers(4, 6),
    unit=st.integers(0, 3),
    serial=st.integers(0, 99_999),
)
def test_a_made_business_number_is_valid_and_no_personal_number(year, month, kind, unit, serial):
    number = business_number.make(year, month, kind, unit, serial)
    if number is not None:
        assert business_number.validate(number) == number
        assert not iin.is_valid(number)
        assert business_number.get_kind(number) == kind
        assert business_number.get_unit(number) == unit
        assert business_number.get_registration_month(number, dt.date(2040, 12, 1)) == (year, month)


@pytest.mark.parametrize(
    ("as_of", "month"),
    [
        (dt.date(2012, 11, 30), (1912, 12)),
        (dt.date(2012, 12, 1), (2012, 12)),
        (dt.date(2099, 1, 1), (2012, 12)),
        (dt.date(2112, 12, 31), (2112, 12)),
    ],
)
def test_the_century_of_a_registration_is_the_latest_possible(as_of, month):
    assert business_number.get_registration_month("121240000013", as_of) == month


@pytest.mark.parametrize(
    ("read", "number", "place"),
    [
        (business_number.get_kind, "121230000013", "kind of holder"),
        (business_number.get_unit, "121244000013", "kind of unit"),
        (lambda number: business_number.get_registration_month(number, THE_DAY), "121340000013", "month"),
        (lambda number: business_number.get_registration_month(number, THE_DAY), "120040000013", "month"),
    ],
)
def test_a_part_that_does_not_exist_is_named(read, number, place):
    with pytest.raises(InvalidComponent, match=place):
        read(number)
    for text in ("", "12124000001", "12124000001x"):
        with pytest.raises((InvalidLength, InvalidFormat)):
            read(text)


def test_the_kinds_and_units_of_holders():
    assert [kind.value for kind in business_number.Kind] == [4, 5, 6]
    assert [unit.value for unit in business_number.Unit] == [0, 1, 2, 3]
    assert business_number.get_kind("121262000033") is business_number.Kind.JOINT_ENTREPRENEURSHIP
    assert business_number.get_unit("121262000033") is business_number.Unit.REPRESENTATIVE_OFFICE
    assert business_number.get_kind("130151000029") is business_number.Kind.NON_RESIDENT
    assert business_number.get_unit("130151000029") is business_number.Unit.BRANCH


@pytest.mark.parametrize(
    "parts", [(2012, 13, 4, 0, 1), (2012, 1, 3, 0, 1), (2012, 1, 4, 4, 1), (2012, 1, 4, 0, -1)]
)
def test_parts_of_a_business_number_exist(parts):
    with pytest.raises(InvalidComponent):
        business_number.make(*parts)
