"""Personal and business numbers against the package idnumbers, which others wrote.

Known differences, each a test of its own: idnumbers knows no separators and no day after which nobody can be
born. The numbers are drawn from a fixed seed and stay in memory.
"""

import datetime as dt
import random

import pytest

from actors import bin as business_number
from actors import iin
from actors.check_digit import calc_check_digit

pytestmark = pytest.mark.oracle

COUNT = 20_000
FIRST_DAY, LAST_DAY = dt.date(1800, 1, 1), dt.date(2099, 12, 31)
STRANGE = "0123456789Oxа٣６- \n"


@pytest.fixture(scope="module")
def kaz():
    return pytest.importorskip(
        "idnumbers.nationalid.KAZ", reason="idnumbers is not installed: it comes with the extra `oracles`"
    )


def personal_numbers():
    """Return numbers of people born on any day that a number can hold."""
    draw = random.Random(20130515)
    found = []
    while len(found) < COUNT:
        birth = FIRST_DAY + dt.timedelta(draw.randint(0, (LAST_DAY - FIRST_DAY).days))
        sex = (birth.year // 100 - 18) * 2 + draw.choice((1, 2))
        prefix = f"{birth:%y%m%d}{sex}{draw.randrange(10_000):04d}"
        digit = calc_check_digit(prefix)
        if digit is not None:
            found.append((prefix + digit, birth, sex % 2 == 1))
    return found


def business_numbers():
    """Return numbers of organisations with the parts that they were made of."""
    draw = random.Random(20130516)
    found = []
    while len(found) < COUNT:
        parts = (draw.randrange(1990, 2090), draw.randint(1, 12), draw.randint(4, 6), draw.randint(0, 3))
        number = business_number.make(*parts, draw.randrange(100_000))
        if number is not None:
            found.append((number, *parts))
    return found


def mutated(numbers):
    """Return each number after one or two slips: a wrong, missing, additional, swapped or strange sign."""
    draw = random.Random(20130517)
    for number in numbers:
        text = list(number)
        for _ in range(draw.choice((1, 1, 2))):
            place = draw.randrange(len(text))
            match draw.randrange(6):
                case 0 | 1 | 2:
                    text[place] = draw.choice("0123456789")
                case 3:
                    text.insert(place, draw.choice(STRANGE.replace(" ", "").replace("-", "")))
                case 4:
                    del text[place]
                case _:
                    other = max(place - 1, 0)
                    text[place], text[other] = text[other], text[place]
        yield "".join(text)


def random_texts():
    """Return twelve digits at random, and as many with one strange character in them."""
    draw = random.Random(20130518)
    for _ in range(COUNT):
        digits = "".join(draw.choices("0123456789", k=12))
        yield digits
        place = draw.randrange(13)
        yield digits[:place] + draw.choice("Oxа٣６\n") + digits[place + 1 :]


def disagreements(module, other, texts):
    return sum(module.is_valid(text) is not other.validate(text) for text in texts)


def test_idnumbers_accepts_every_personal_number_and_reads_the_same_in_it(kaz):
    for number, birth, male in personal_numbers():
        parsed = kaz.NationalID.parse(number)
        assert parsed is not None
        assert (parsed["yyyymmdd"], parsed["gender"].name == "MALE") == (birth, male)
        assert (iin.get_birth_date(number), iin.is_male(number)) == (birth, male)
        assert iin.validate(number) == number


def test_idnumbers_accepts_every_business_number_and_reads_the_same_in_it(kaz):
    kinds = {4: "ResidentEntity", 5: "NonResidentEntity", 6: "IP"}
    units = {0: "HeadUnit", 1: "Branch", 2: "Representative", 3: "Peasant"}
    for number, year, month, kind, unit in business_numbers():
        parsed = kaz.BusinessIDNumber.parse(number)
        assert parsed is not None
        assert (parsed["yy"], parsed["mm"]) == (year % 100, month)
        assert (parsed["entity_type"].name, parsed["entity_division"].name) == (kinds[kind], units[unit])
        assert (business_number.get_kind(number), business_number.get_unit(number)) == (kind, unit)
        assert business_number.validate(number) == number


def test_the_same_slips_are_refused(kaz):
    people = list(mutated(number for number, *_ in personal_numbers()))
    organisations = list(mutated(number for number, *_ in business_numbers()))
    assert 0.05 < sum(map(iin.is_valid, people)) / COUNT < 0.3
    assert 0.05 < sum(map(business_number.is_valid, organisations)) / COUNT < 0.3
    assert disagreements(iin, kaz.NationalID, people) == 0
    assert disagreements(business_number, kaz.BusinessIDNumber, organisations) == 0


def test_the_same_random_texts_are_refused(kaz):
    texts = list(random_texts())
    assert sum(map(iin.is_valid, texts)) > 20
    assert sum(map(business_number.is_valid, texts)) > 20
    assert disagreements(iin, kaz.NationalID, texts) == 0
    assert disagreements(business_number, kaz.BusinessIDNumber, texts) == 0


def test_a_difference_separators(kaz):
    for module, other, text in (
        (iin, kaz.NationalID, "680229 2000-19"),
        (business_number, kaz.BusinessIDNumber, "1212-40 000013"),
    ):
        assert module.is_valid(text)
        assert not other.validate(text)
        assert other.validate(module.compact(text))


def test_a_difference_births_in_the_future(kaz):
    today = dt.date(2013, 5, 15)
    numbers = personal_numbers()
    refused = {number for number, *_ in numbers if not iin.is_valid(number, as_of=today)}
    assert refused == {number for number, birth, _ in numbers if birth > today}
    assert all(kaz.NationalID.validate(number) for number in refused)
    assert len(refused) > COUNT // 5
