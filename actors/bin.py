"""БСН (бизнес-сәйкестендіру нөмірі, БИН, business identification number of Kazakhstan).

Twelve digits: year and month of registration as YYMM, the kind of holder (4 resident legal entity, 5
non-resident, 6 joint entrepreneurship), the kind of unit (0 head unit, 1 branch, 2 representative office,
3 farm), a serial number of five digits, and the same check digit as in an IIN. The fifth digit tells the two
apart.

Source: Government resolution No. 565 of 11 June 2003.

>>> validate("121240 000013")
'121240000013'
>>> validate("121340000013")  # doctest: +IGNORE_EXCEPTION_DETAIL
Traceback (most recent call last):
    ...
InvalidComponent: ...
>>> validate("121240000014")  # doctest: +IGNORE_EXCEPTION_DETAIL
Traceback (most recent call last):
    ...
InvalidChecksum: ...
>>> get_kind("121240000013").name, get_unit("121240000013").name
('RESIDENT', 'HEAD')
>>> get_registration_month("121240000013", as_of=dt.date(2013, 5, 15))
(2012, 12)
>>> make(year=2012, month=12, kind=4, unit=0, serial=1)
'121240000013'
"""

import datetime as dt
from enum import IntEnum

from actors.check_digit import calc_check_digit, compact, require_twelve_digits
from actors.errors import InvalidChecksum, InvalidComponent, InvalidNumber

__all__ = [
    "TEST_CERTIFICATE_NUMBERS",
    "Kind",
    "Unit",
    "calc_check_digit",
    "compact",
    "get_kind",
    "get_registration_month",
    "get_unit",
    "is_valid",
    "make",
    "validate",
]

TEST_CERTIFICATE_NUMBERS = frozenset({"123456789021"})
"""What stands as an organisation's number in the national authority's published test certificates."""


class Kind(IntEnum):
    """Who holds a number: its fifth digit."""

    RESIDENT = 4
    NON_RESIDENT = 5
    JOINT_ENTREPRENEURSHIP = 6


class Unit(IntEnum):
    """Which unit of the holder it is: the sixth digit."""

    HEAD = 0
    BRANCH = 1
    REPRESENTATIVE_OFFICE = 2
    FARM = 3


def validate(number: str, *, test_numbers: frozenset[str] = frozenset()) -> str:
    """Return the compact form of a valid *number*.

    *test_numbers* (compact) pass although they are wrong.
    Raises InvalidFormat, InvalidLength, InvalidComponent or InvalidChecksum.
    """
    number = require_twelve_digits(number)
    if number in test_numbers:
        return number
    _month(number)
    get_kind(number)
    get_unit(number)
    if calc_check_digit(number[:11]) != number[11]:
        raise InvalidChecksum
    return number


def is_valid(number: str, *, test_numbers: frozenset[str] = frozenset()) -> bool:
    """Say whether *number* is a valid BIN, with the switch of validate."""
    try:
        validate(number, test_numbers=test_numbers)
    except InvalidNumber:
        return False
    return True


def get_registration_month(number: str, as_of: dt.date) -> tuple[int, int]:
    """Return year and month of registration.

    The number does not tell the century: the latest such month that is not after *as_of* is meant.
    Raises InvalidFormat, InvalidLength, and InvalidComponent if there is no such month.
    """
    number = require_twelve_digits(number)
    month = _month(number)
    year = as_of.year - as_of.year % 100 + int(number[:2])
    return (year - 100 if (year, month) > (as_of.year, as_of.month) else year), month


def get_kind(number: str) -> Kind:
    """Return who holds *number*.

    Raises InvalidFormat, InvalidLength, and InvalidComponent if the digit stands for nobody.
    """
    digit = int(require_twelve_digits(number)[4])
    try:
        return Kind(digit)
    except ValueError:
        raise InvalidComponent("kind of holder") from None


def get_unit(number: str) -> Unit:
    """Return which unit *number* stands for.

    Raises InvalidFormat, InvalidLength, and InvalidComponent if the digit stands for none.
    """
    digit = int(require_twelve_digits(number)[5])
    try:
        return Unit(digit)
    except ValueError:
        raise InvalidComponent("kind of unit") from None


def make(year: int, month: int, kind: int, unit: int, serial: int) -> str | None:
    """Make the number of a synthetic organisation, or None if the prefix is never issued.

    *serial* is 0 to 99999; *kind* and *unit* are the fifth and sixth digits. Raises InvalidComponent for a
    part that does not exist.
    """
    parts = ((month, range(1, 13)), (kind, range(4, 7)), (unit, range(4)), (serial, range(100_000)))
    if any(value not in allowed for value, allowed in parts):
        raise InvalidComponent
    prefix = f"{year % 100:02d}{month:02d}{kind:d}{unit:d}{serial:05d}"
    digit = calc_check_digit(prefix)
    return None if digit is None else prefix + digit


def _month(number: str) -> int:
    month = int(number[2:4])
    if not 1 <= month <= 12:
        raise InvalidComponent("month of registration")
    return month
