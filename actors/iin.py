"""ЖСН (жеке сәйкестендіру нөмірі, ИИН, individual identification number of Kazakhstan).

Twelve digits: the date of birth as YYMMDD, a digit for century and sex (1 and 2 for the 1800s, 3 and 4 for
the 1900s, 5 and 6 for the 2000s; odd for men), a serial number of four digits, and a check digit.
Since 26 August 2013 the date and the sex in the number need not agree with the register.

Source: Government resolution No. 565 of 11 June 2003; resolution No. 853 of 26 August 2013.

>>> validate("680229 2000 19")
'680229200019'
>>> validate("670229200019")  # doctest: +IGNORE_EXCEPTION_DETAIL
Traceback (most recent call last):
    ...
InvalidComponent: ...
>>> validate("850704200018")  # doctest: +IGNORE_EXCEPTION_DETAIL
Traceback (most recent call last):
    ...
InvalidChecksum: ...
>>> get_birth_date("850704200017")
datetime.date(1885, 7, 4)
>>> make(dt.date(1885, 7, 4), sex_male=False, serial=1)
'850704200017'
>>> is_valid("123456789011"), is_valid("123456789011", test_numbers=TEST_CERTIFICATE_NUMBERS)
(False, True)
>>> [str(one) for one in compare_with_register(
...     "850704200017", dt.date(1885, 7, 4), is_male=True, as_of=dt.date(2014, 1, 1))]
['note: sex (Government resolution No. 853 of 26 August 2013)']
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from actors.check_digit import calc_check_digit, compact, require_twelve_digits
from actors.errors import InvalidChecksum, InvalidComponent, InvalidNumber

__all__ = [
    "MEANING_ENDED",
    "TEST_CERTIFICATE_NUMBERS",
    "RegisterWarning",
    "Weight",
    "calc_check_digit",
    "compact",
    "compare_with_register",
    "get_birth_date",
    "is_male",
    "is_valid",
    "make",
    "validate",
]

TEST_CERTIFICATE_NUMBERS = frozenset({"123456789011"})
"""What stands as a person's number in the national authority's published test certificates; none is valid."""

MEANING_ENDED = dt.date(2013, 8, 26)
"""From this day on, date of birth and sex are no longer read from a number. Source: resolution No. 853."""

_CENTURIES = {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}
_UNKNOWN_SEX = "0"
_SOURCE = "Government resolution No. 853 of 26 August 2013"


class Weight(StrEnum):
    """How much a disagreement between a number and the register means."""

    FINDING = "finding"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class RegisterWarning:
    """A part of a number that disagrees with the register; it holds no value of either.

    A *finding* while the law read that part from the number, a *note* afterwards; an error at no time.
    """

    part: str
    weight: Weight
    source: str = _SOURCE

    def __str__(self) -> str:
        return f"{self.weight}: {self.part} ({self.source})"


def validate(
    number: str,
    *,
    accept_unknown_sex: bool = False,
    test_numbers: frozenset[str] = frozenset(),
    as_of: dt.date | None = None,
) -> str:
    """Return the compact form of a valid *number*.

    *accept_unknown_sex* lets a seventh digit 0 pass, which some sources give to foreigners without data.
    *test_numbers* (compact) pass although they are wrong. With *as_of* a later date of birth is refused.
    Raises InvalidFormat, InvalidLength, InvalidComponent or InvalidChecksum.
    """
    number = require_twelve_digits(number)
    if number in test_numbers:
        return number
    if accept_unknown_sex and number[6] == _UNKNOWN_SEX:
        _date(2000, number)  # the century with a leap day in every year that has one in any century
    else:
        birth = get_birth_date(number)
        if as_of is not None and birth > as_of:
            raise InvalidComponent("date of birth")
    if calc_check_digit(number[:11]) != number[11]:
        raise InvalidChecksum
    return number


def is_valid(
    number: str,
    *,
    accept_unknown_sex: bool = False,
    test_numbers: frozenset[str] = frozenset(),
    as_of: dt.date | None = None,
) -> bool:
    """Say whether *number* is a valid IIN, with the switches of validate."""
    try:
        validate(number, accept_unknown_sex=accept_unknown_sex, test_numbers=test_numbers, as_of=as_of)
    except InvalidNumber:
        return False
    return True


def get_birth_date(number: str) -> dt.date:
    """Return the date of birth inside *number*.

    Raises InvalidFormat, InvalidLength, and InvalidComponent if there is no such day or no century.
    """
    number = require_twelve_digits(number)
    century = _CENTURIES.get(number[6])
    if century is None:
        raise InvalidComponent("century and sex")
    return _date(century, number)


def is_male(number: str) -> bool:
    """Say whether the seventh digit of *number* stands for a man.

    Raises InvalidFormat, InvalidLength, and InvalidComponent if it stands for nobody.
    """
    digit = require_twelve_digits(number)[6]
    if digit not in _CENTURIES:
        raise InvalidComponent("century and sex")
    return digit in "135"


def compare_with_register(
    number: str, birth_date: dt.date | None, is_male: bool | None, as_of: dt.date
) -> list[RegisterWarning]:
    """Return what *number* says otherwise than the register did on the day *as_of*; the date comes first.

    None is what the register does not know: it is not compared. Of a seventh digit 0 only year, month and day
    are. Raises InvalidNumber if *number* is not valid.
    """
    number = validate(number, accept_unknown_sex=True)
    has_sex = number[6] != _UNKNOWN_SEX
    weight = Weight.FINDING if as_of < MEANING_ENDED else Weight.NOTE
    warnings = []
    if birth_date is not None and (
        number[:6] != f"{birth_date:%y%m%d}" or (has_sex and get_birth_date(number).year != birth_date.year)
    ):
        warnings.append(RegisterWarning("date of birth", weight))
    if is_male is not None and has_sex and (number[6] in "135") is not is_male:
        warnings.append(RegisterWarning("sex", weight))
    return warnings


def make(birth: dt.date, sex_male: bool, serial: int) -> str | None:
    """Make the number of a synthetic person born in the 1800s, or None if the prefix is never issued.

    Nobody alive can hold such a number. *serial* is 0 to 9999. Raises InvalidComponent for another
    century or serial.
    """
    if not 1800 <= birth.year <= 1899:
        raise InvalidComponent("date of birth")
    if not 0 <= serial <= 9999:
        raise InvalidComponent("serial number")
    prefix = f"{birth:%y%m%d}{1 if sex_male else 2}{serial:04d}"
    digit = calc_check_digit(prefix)
    return None if digit is None else prefix + digit


def _date(century: int, number: str) -> dt.date:
    try:
        return dt.date(century + int(number[:2]), int(number[2:4]), int(number[4:6]))
    except ValueError:
        raise InvalidComponent("date of birth") from None
