"""Moments as certificates and signatures write them: UTC, whole seconds."""

import datetime as dt

from actors.errors import FormatError

SECOND_US = 1_000_000

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


def whole_second(moment_us: int) -> int:
    """Return the start of the second that holds *moment_us*."""
    return moment_us - moment_us % SECOND_US


def to_datetime(moment_us: int) -> dt.datetime:
    """Return the whole second of *moment_us* as an aware datetime.

    Raises FormatError outside the years 1 to 9999.
    """
    try:
        return _EPOCH + dt.timedelta(microseconds=whole_second(moment_us))
    except OverflowError:
        raise FormatError("moment") from None


def from_datetime(moment: dt.datetime) -> int:
    """Return an aware *moment* in microseconds since the epoch."""
    return (moment - _EPOCH) // _MICROSECOND
