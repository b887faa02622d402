"""Personal numbers, and what they share with those of organisations."""

import datetime as dt
import doctest
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import actors.bin
import actors.check_digit
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
    "760805393806\n": InvalidFormat,
    "\t760805393806": InvalidFormat,
    "760805393806\u00a0": InvalidFormat,
    "76080539380６": InvalidFormat,
    "+76080539380": InvalidFormat,
    "7608053938.6": InvalidFormat,
    "7" * 100_000: InvalidLength,
    "900101800005": InvalidComponent,
    "900101900008": InvalidComponent,
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


@pytest.mark.parametrize("module", [actors.iin, actors.bin, actors.check_digit])
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


@pytest.mark.parametrize("read", [iin.get_birth_date, iin.is_male])
@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("٧٦٠٨٠٥393806", InvalidFormat),
        ("", InvalidFormat),
        ("7608053", InvalidLength),
        ("8507042000171", InvalidLength),
    ],
)
def test_nothing_is_read_from_what_has_not_twelve_digits(read, text, error):
    with pytest.raises(error):
        read(text)


@pytest.mark.parametrize("birth", [dt.date(1799, 12, 31), dt.date(1900, 1, 1), dt.date(1985, 7, 4)])
def test_only_people_of_the_1800s_are_made(birth):
    with pytest.raises(InvalidComponent):
        iin.make(birth, sex_male=True, serial=1)


@pytest.mark.parametrize("serial", [-1, 10_000])
def test_a_serial_has_four_digits(serial):
    with pytest.raises(InvalidComponent):
        iin.make(dt.date(1885, 7, 4), sex_male=True, serial=serial)


@pytest.mark.parametrize(
    "number",
    [
        "900115100102",
        "850704200801",
        "751231100211",
        "370330494509",
        "011003592610",
        "630520494354",
        "320218390854",
    ],
)
def test_some_valid_numbers_need_the_second_weights(number):
    assert weigh(number, range(1, 12)) == 10
    assert int(number[11]) == weigh(number, (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2))
    assert iin.is_valid(number)


def weigh(number, weights):
    return sum(int(digit) * weight for digit, weight in zip(number[:11], weights, strict=True)) % 11


@pytest.mark.parametrize(
    "prefix", ["", "1234567890", "123456789012", "1234567890x", "1234567890٢", "-1234567890"]
)
def test_a_check_digit_belongs_to_eleven_digits(prefix):
    with pytest.raises((InvalidLength, InvalidFormat)):
        calc_check_digit(prefix)


def random_prefixes(count):
    """Return prefixes of people: any day of 1800 to 2099, any sex, any serial number."""
    draw = random.Random(7)
    days = (dt.date(2099, 12, 31) - dt.date(1800, 1, 1)).days
    for _ in range(count):
        birth = dt.date(1800, 1, 1) + dt.timedelta(draw.randrange(days))
        sex = (birth.year // 100 - 18) * 2 + draw.choice((1, 2))
        yield f"{birth:%y%m%d}{sex}{draw.randrange(10_000):04d}"


def test_how_often_the_second_weights_are_needed_and_no_digit_is_left():
    prefixes = list(random_prefixes(10_000))
    second = [prefix for prefix in prefixes if weigh(prefix, range(1, 12)) == 10]
    assert len(second) / len(prefixes) == pytest.approx(0.088, abs=0.01)  # 1/11 of random digits
    never = sum(calc_check_digit(prefix) is None for prefix in prefixes)
    assert never / len(prefixes) == pytest.approx(0.0083, abs=0.003)  # 1/121


def test_how_many_slips_of_the_pen_the_check_digit_finds():
    numbers = [p + digit for p in random_prefixes(400) if (digit := calc_check_digit(p)) is not None]
    wrong = [n[:i] + d + n[i + 1 :] for n in numbers for i in range(12) for d in "0123456789" if d != n[i]]
    swapped = [n[:i] + n[i + 1] + n[i] + n[i + 2 :] for n in numbers for i in range(11) if n[i] != n[i + 1]]
    assert sum(map(is_found, wrong)) / len(wrong) == pytest.approx(0.910, abs=0.01)
    assert sum(map(is_found, swapped)) / len(swapped) == pytest.approx(0.985, abs=0.01)


def is_found(number):
    return calc_check_digit(number[:11]) != number[11]


def test_without_the_second_weights_a_wrong_eleventh_digit_is_never_found():
    assert {calc_check_digit(f"8507042000{digit}") for digit in range(10)} == {"7"}
    assert iin.is_valid("850704200017")
    assert iin.is_valid("850704200027")


@pytest.mark.parametrize(
    ("prefix", "error"),
    [
        ("9001010000", None),
        ("0002290000", None),
        ("9002290000", InvalidComponent),
        ("9001017000", InvalidComponent),
    ],
)
def test_a_person_of_unknown_sex_is_accepted_where_the_policy_says_so(prefix, error):
    number = next(f"{prefix}{d}{c}" for d in range(10) if (c := calc_check_digit(f"{prefix}{d}")) is not None)
    assert not iin.is_valid(number)
    assert iin.is_valid(number, accept_unknown_sex=True) is (error is None)
    with pytest.raises(InvalidComponent):
        iin.get_birth_date(number)
    if number[6] == "0":
        with pytest.raises(InvalidComponent):
            iin.is_male(number)


def test_an_unknown_sex_excuses_no_wrong_check_digit():
    good = "90010100000" + str(calc_check_digit("90010100000"))
    assert iin.is_valid(good, accept_unknown_sex=True)
    for digit in set("0123456789") - {good[11]}:
        with pytest.raises(InvalidChecksum):
            iin.validate(good[:11] + digit, accept_unknown_sex=True)


@pytest.mark.parametrize(
    ("module", "number", "digit"), [(actors.iin, "123456789011", "3"), (actors.bin, "123456789021", "5")]
)
def test_numbers_of_test_certificates_pass_by_list_only(module, number, digit):
    assert number in module.TEST_CERTIFICATE_NUMBERS
    assert calc_check_digit(number[:11]) == digit != number[11]
    assert not module.is_valid(number)
    assert not module.is_valid(number, test_numbers=frozenset({"850704200017"}))
    listed = {"test_numbers": module.TEST_CERTIFICATE_NUMBERS}
    assert module.validate(f"{number[:6]} {number[6:]}", **listed) == number
    assert not module.is_valid(number[:11] + digit, **listed)


def test_a_list_excuses_nothing_that_is_not_twelve_digits():
    for text in ("abc", "1234", "123456789011\n"):
        assert not iin.is_valid(text, test_numbers=frozenset({text}))
        assert not actors.bin.is_valid(text, test_numbers=frozenset({text}))


def test_a_birth_in_the_future_is_refused_where_today_is_known():
    assert iin.get_birth_date("220523697596") == dt.date(2022, 5, 23)
    assert iin.is_valid("220523697596")
    assert iin.is_valid("220523697596", as_of=dt.date(2022, 5, 23))
    with pytest.raises(InvalidComponent):
        iin.validate("220523697596", as_of=dt.date(2022, 5, 22))


DAY_BEFORE, THE_DAY = dt.date(2013, 8, 25), dt.date(2013, 8, 26)


@pytest.mark.parametrize(("as_of", "weight"), [(DAY_BEFORE, iin.Weight.FINDING), (THE_DAY, iin.Weight.NOTE)])
@pytest.mark.parametrize(
    ("birth", "male", "parts"),
    [
        (dt.date(1885, 7, 4), False, []),
        (dt.date(1885, 7, 5), False, ["date of birth"]),
        (dt.date(1985, 7, 4), False, ["date of birth"]),
        (dt.date(1785, 7, 4), False, ["date of birth"]),
        (dt.date(1885, 7, 4), True, ["sex"]),
        (dt.date(1985, 7, 4), True, ["date of birth", "sex"]),
        (None, True, ["sex"]),
        (dt.date(1985, 7, 4), None, ["date of birth"]),
        (None, None, []),
    ],
)
def test_what_disagrees_with_the_register_is_a_finding_until_the_law_changed(
    birth, male, parts, as_of, weight
):
    warnings = iin.compare_with_register("850704 200017", birth, male, as_of)
    assert [(one.part, one.weight) for one in warnings] == [(part, weight) for part in parts]
    assert all("No. 853 of 26 August 2013" in one.source for one in warnings)
    assert not any("850704200017" in f"{one} {one!r}" for one in warnings)


def test_a_number_that_tells_no_sex_is_compared_by_year_month_and_day():
    number = "90010100000" + str(calc_check_digit("90010100000"))
    for century in (1890, 1990):
        assert iin.compare_with_register(number, dt.date(century, 1, 1), is_male=True, as_of=THE_DAY) == []
    warnings = iin.compare_with_register(number, dt.date(1990, 1, 2), is_male=True, as_of=THE_DAY)
    assert [one.part for one in warnings] == ["date of birth"]


@pytest.mark.parametrize("number", ["850704200018", "", "85070420001", "850704900017"])
def test_what_is_no_number_is_not_compared(number):
    with pytest.raises(InvalidNumber):
        iin.compare_with_register(number, None, None, THE_DAY)


@given(
    birth=st.dates(dt.date(1800, 1, 1), dt.date(1899, 12, 31)),
    male=st.booleans(),
    serial=st.integers(0, 9999),
    as_of=st.dates(),
)
def test_a_person_agrees_with_their_own_number_at_any_time(birth, male, serial, as_of):
    number = iin.make(birth, male, serial)
    if number is not None:
        assert iin.compare_with_register(number, birth, male, as_of) == []
        assert len(iin.compare_with_register(number, birth, not male, as_of)) == 1
