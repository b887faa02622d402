"""ЖСН (жеке сәйкестендіру нөмірі, ИИН, individual identification number of Kazakhstan).

Twelve digits: the date of birth as YYMMDD, a digit for century and sex (1 and 2 for the 1800s, 3 and 4 for
the 1900s, 5 and 6 for the 2000s; odd for men), a serial number of four digits, and a check digit.
Since 26 August 2013 the date and the sex in the number need not agree with the register.

Source: Government resolution No. 565 of 11 June 2003; resolution No. 853 of 26 August 2013.

>>> validate("680229 2000 19")
'680229200019'
>>> validate("670229200019")  # 1867 was no leap year
Traceback (most recent call last):
    ...
InvalidComponent: ...
>>> validate("850704200018")
Traceback (most recent call last):
    ...
InvalidChecksum: ...
>>> get_birth_date("850704200017")
datetime.date(1885, 7, 4)
>>> make(dt.date(1885, 7, 4), sex_male=False, serial=1)
'850704200017'
"""

import datetime as dt

from actors.check_digit import calc_check_digit, compact, require_twelve_digits
from actors.errors import InvalidChecksum, InvalidComponent, InvalidNumber

__all__ = ["calc_check_digit", "compact", "get_birth_date", "is_male", "is_valid", "make", "validate"]

_CENTURIES = {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}


def validate(number: str) -> str:
    """Return the compact form of a valid *number*.

    Raises InvalidFormat, InvalidLength, InvalidComponent or InvalidChecksum.
    """
    number = require_twelve_digits(number)
    get_birth_date(number)
    if calc_check_digit(number[:11]) != number[11]:
        raise InvalidChecksum
    return number


def is_valid(number: str) -> bool:
    """Say whether *number* is a valid IIN."""
    try:
        validate(number)
    except InvalidNumber:
        return False
    return True


def get_birth_date(number: str) -> dt.date:
    """Return the date of birth inside *number*; raise InvalidComponent if there is no such day."""
    number = compact(number)
    century = _CENTURIES.get(number[6:7])
    if century is None:
        raise InvalidComponent("century and sex")
    try:
        return dt.date(century + int(number[:2]), int(number[2:4]), int(number[4:6]))
    except ValueError:
        raise InvalidComponent("date of birth") from None


def is_male(number: str) -> bool:
    """Say whether the seventh digit of a valid *number* stands for a man."""
    return compact(number)[6] in "135"


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
