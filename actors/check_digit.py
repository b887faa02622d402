"""The check digit that personal and business numbers of Kazakhstan share.

The weighted sum modulo 11 is taken with a first row of weights and, if it comes out as 10, with a second
one. If that gives 10 as well, the eleven digits are never issued. Eleven times anything is nothing modulo 11:
unless the second row is needed, a wrong eleventh digit goes unnoticed.

Source: Government resolution No. 565 of 11 June 2003.

>>> calc_check_digit("85070420001")
'7'
>>> calc_check_digit("85070420080")  # by the second row
'1'
>>> calc_check_digit("90010130080")  # never issued
>>> compact("850704-2000 17")
'850704200017'
"""

from actors.errors import InvalidFormat, InvalidLength

FIRST_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)

_SEPARATORS = str.maketrans("", "", " -")


def compact(number: str) -> str:
    """Return *number* without spaces and hyphens; nothing else is taken away, no line end either."""
    return number.translate(_SEPARATORS)


def calc_check_digit(prefix: str) -> str | None:
    """Return the check digit of eleven digits, or None if they are never issued.

    Raises InvalidFormat for anything but ASCII digits, InvalidLength if there are not eleven.
    """
    _require_digits(prefix, 11)
    digits = [int(character) for character in prefix]
    for weights in (FIRST_WEIGHTS, SECOND_WEIGHTS):
        remainder = sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 11
        if remainder < 10:
            return str(remainder)
    return None


def require_twelve_digits(number: str) -> str:
    """Return the compact form of *number*.

    Raises InvalidFormat if anything but ASCII digits is left, InvalidLength if there are not twelve.
    """
    number = compact(number)
    _require_digits(number, 12)
    return number


def _require_digits(text: str, count: int) -> None:
    # Python counts the digits of every script as digits; the number of a person is written in one.
    if not (text.isascii() and text.isdigit()):
        raise InvalidFormat
    if len(text) != count:
        raise InvalidLength
