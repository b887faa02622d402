"""БСН (бизнес-сәйкестендіру нөмірі, БИН, business identification number of Kazakhstan).

Twelve digits: year and month of registration as YYMM, the type (4 resident legal entity, 5 non-resident,
6 joint entrepreneurship), the kind of unit (0 head unit, 1 branch, 2 representative office, 3 farm), a serial
number of five digits, and the same check digit as in an IIN. The fifth digit tells the two apart.

Source: Government resolution No. 565 of 11 June 2003.

>>> validate("121240 000013")
'121240000013'
>>> validate("121340000013")
Traceback (most recent call last):
    ...
InvalidComponent: ...
>>> make(year=2012, month=12, kind=4, unit=0, serial=1)
'121240000013'
"""

from actors.check_digit import calc_check_digit, compact, require_twelve_digits
from actors.errors import InvalidChecksum, InvalidComponent, InvalidNumber

__all__ = ["calc_check_digit", "compact", "is_valid", "make", "validate"]


def validate(number: str) -> str:
    """Return the compact form of a valid *number*.

    Raises InvalidFormat, InvalidLength, InvalidComponent or InvalidChecksum.
    """
    number = require_twelve_digits(number)
    if not "01" <= number[2:4] <= "12":
        raise InvalidComponent("month of registration")
    if number[4] not in "456":
        raise InvalidComponent("type of entity")
    if number[5] not in "0123":
        raise InvalidComponent("kind of unit")
    if calc_check_digit(number[:11]) != number[11]:
        raise InvalidChecksum
    return number


def is_valid(number: str) -> bool:
    """Say whether *number* is a valid BIN."""
    try:
        validate(number)
    except InvalidNumber:
        return False
    return True


def make(year: int, month: int, kind: int, unit: int, serial: int) -> str | None:
    """Make the number of a synthetic organisation, or None if the prefix is never issued.

    *serial* is 0 to 99999; *kind* and *unit* are the fifth and sixth digits. Raises InvalidComponent for a
    part that does not exist.
    """
    parts = ((month, range(1, 13)), (kind, range(4, 7)), (unit, range(4)), (serial, range(100_000)))
    if any(value not in allowed for value, allowed in parts):
        raise InvalidComponent
    prefix = f"{year % 100:02d}{month:02d}{kind}{unit}{serial:05d}"
    digit = calc_check_digit(prefix)
    return None if digit is None else prefix + digit
