"""The check digit that personal and business numbers of Kazakhstan share.

The weighted sum modulo 11 is taken with a first row of weights and, if it comes out as 10, with a second
one. If that gives 10 as well, the eleven digits are never issued.

Source: Government resolution No. 565 of 11 June 2003.
"""

from actors.errors import InvalidFormat, InvalidLength

FIRST_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)

_SEPARATORS = str.maketrans("", "", " -")


def compact(number: str) -> str:
    """Return *number* without spaces and hyphens."""
    return number.strip().translate(_SEPARATORS)


def calc_check_digit(prefix: str) -> str | None:
    """Return the check digit of eleven digits, or None if they are never issued."""
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
    if not (number.isascii() and number.isdigit()):
        raise InvalidFormat
    if len(number) != 12:
        raise InvalidLength
    return number
