"""Personal and business numbers."""

import datetime as dt
import doctest
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import actors.bin
import actors.iin
from actors import iin
from actors.check_digit import calc_check_digit
from actors.errors import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, InvalidNumber

VALID_IINS = [
    "900115100010", "850704200017", "751231100011", "680229200019", "900115100020", "900115100102",
    "850704200801", "751231100211", "760805393806", "590521398639", "220523697596", "090810596403",
    "471018497472", "370330494509", "060714591752", "011003592610", "630520494354", "320218390854",
]  # fmt: skip

INVALID_IINS = {
    "900115100011": InvalidChecksum,
    "760805393807": InvalidChecksum,
    "760805398306": InvalidChecksum,
    "123456789011": InvalidComponent,  # stands in test certificates of the national authority
    "900101300800": InvalidChecksum,
    "901301300007": InvalidComponent,
    "900230300009": InvalidComponent,
    "000229300005": InvalidComponent,  # 1900 was no leap year
    "670229200019": InvalidComponent,
    "900101000008": InvalidComponent,
    "900101700002": InvalidComponent,
    "76080539380": InvalidLength,
    "7608053938060": InvalidLength,
    "76080O393806": InvalidFormat,
    "٧٦٠٨٠٥٣٩٣٨٠٦": InvalidFormat,
    "": InvalidFormat,
    "760805393806\n7": InvalidFormat,
}


@pytest.mark.parametrize("number", VALID_IINS)
def test_valid_numbers_pass(number):
    assert iin.validate(number) == number
    assert iin.is_valid(f" {number[:6]} {number[6:]} ")


@pytest.mark.parametrize(("number", "error"), INVALID_IINS.items())
def test_invalid_numbers_say_why(number, error):
    with pytest.raises(error) as raised:
        iin.validate(number)
    assert not iin.is_valid(number)
    assert not number or number not in str(raised.value)


@pytest.mark.parametrize("prefix", ["90011510014", "85070420160", "75123110020", "90010130080"])
def test_some_prefixes_are_never_issued(prefix):
    assert calc_check_digit(prefix) is None
    assert not any(iin.is_valid(prefix + digit) for digit in "0123456789")


@pytest.mark.parametrize("module", [actors.iin, actors.bin])
def test_examples_in_the_docstrings(module):
    flags = doctest.IGNORE_EXCEPTION_DETAIL | doctest.ELLIPSIS
    result = doctest.testmod(module, optionflags=flags)
    assert result.attempted >= 3
    assert result.failed == 0


@given(
    birth=st.dates(dt.date(1800, 1, 1), dt.date(1899, 12, 31)),
    sex_male=st.booleans(),
    serial=st.integers(0, 9999),
)
def test_a_made_number_is_valid_and_holds_what_it_was_made_from(birth, sex_male, serial):
    number = iin.make(birth, sex_male, serial)
    if number is None:
        assert not any(
            iin.is_valid(f"{birth:%y%m%d}{2 - sex_male}{serial:04d}{digit}") for digit in range(10)
        )
    else:
        assert iin.validate(number) == number
        assert iin.get_birth_date(number) == birth
        assert iin.is_male(number) is sex_male
        assert number[6] in "12"
        assert int(number[7:11]) == serial


@given(st.text(alphabet="0123456789 -abОٱ", max_size=14))
def test_any_text_is_either_valid_or_refused_with_a_known_error(text):
    for module in (actors.iin, actors.bin):
        try:
            number = module.validate(text)
        except InvalidNumber:
            assert not module.is_valid(text)
        else:
            assert len(number) == 12
            assert calc_check_digit(number[:11]) == number[11]


@pytest.mark.parametrize("digit", "123456")
def test_odd_is_a_man_and_even_a_woman_in_every_century(digit):
    assert iin.is_male(f"850704{digit}00017") is bool(int(digit) % 2)


@pytest.mark.parametrize("birth", [dt.date(1799, 12, 31), dt.date(1900, 1, 1), dt.date(1985, 7, 4)])
def test_only_people_of_the_1800s_are_made(birth):
    with pytest.raises(InvalidComponent):
        iin.make(birth, sex_male=True, serial=1)


@pytest.mark.parametrize("serial", [-1, 10_000])
def test_a_serial_has_four_digits(serial):
    with pytest.raises(InvalidComponent):
        iin.make(dt.date(1885, 7, 4), sex_male=True, serial=serial)


def test_how_often_prefixes_need_the_second_weights_and_are_never_issued():
    draw = random.Random(7)
    prefixes = ["".join(draw.choices("0123456789", k=11)) for _ in range(20_000)]
    first = [sum(int(d) * w for d, w in zip(p, range(1, 12), strict=True)) % 11 for p in prefixes]
    assert first.count(10) / len(prefixes) == pytest.approx(1 / 11, abs=0.01)
    never = sum(calc_check_digit(p) is None for p in prefixes)
    assert never / len(prefixes) == pytest.approx(1 / 121, abs=0.004)


@pytest.mark.parametrize("number", ["121240000013", "130151000029", "121262000033"])
def test_valid_business_numbers_pass(number):
    assert actors.bin.validate(number) == number


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
        actors.bin.validate(number)


@given(
    year=st.integers(1990, 2040),
    month=st.integers(1, 12),
    kind=st.integers(4, 6),
    unit=st.integers(0, 3),
    serial=st.integers(0, 99_999),
)
def test_a_made_business_number_is_valid_and_no_personal_number(year, month, kind, unit, serial):
    number = actors.bin.make(year, month, kind, unit, serial)
    if number is not None:
        assert actors.bin.validate(number) == number
        assert not iin.is_valid(number)


@pytest.mark.parametrize(
    "parts", [(2012, 13, 4, 0, 1), (2012, 1, 3, 0, 1), (2012, 1, 4, 4, 1), (2012, 1, 4, 0, -1)]
)
def test_parts_of_a_business_number_exist(parts):
    with pytest.raises(InvalidComponent):
        actors.bin.make(*parts)
