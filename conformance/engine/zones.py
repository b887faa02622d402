"""Local days in SQL: the offsets of a zone over the period of a log, from the tables the checks use."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

DAY_US = 86_400_000_000
_STEP = timedelta(hours=6)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=64)  # every norm about days of one log asks for the same period
def transitions(zone: str, first_us: int, last_us: int) -> tuple[tuple[int, int], ...]:
    """Return (moment, offset from then on), microseconds, that cover *first_us* to *last_us* in *zone*.

    The first moment is *first_us*. Offsets that hold for less than six hours are not looked for: there are
    none.
    """
    info = ZoneInfo(zone)
    found = [(first_us, _offset_us(first_us, info))]
    known = ((moment, _offset_us(moment, info)) for moment in _grid(first_us, last_us))
    for (before, old), (after, new) in pairwise(known):
        if old != new:
            found.append((_first_changed(before, after, info), new))
    return tuple(found)


def local_day(moment: str, offsets: tuple[tuple[int, int], ...]) -> str:
    """Return the SQL of the local day of the SQL *moment*: days since 1970-01-01 by the local calendar."""
    return f"({local_moment(moment, offsets)} // {DAY_US})"


def local_moment(moment: str, offsets: tuple[tuple[int, int], ...]) -> str:
    """Return the SQL of what the local clock shows at the SQL *moment*: microseconds since 1970-01-01."""
    if len(offsets) == 1:
        return f"({moment} + {offsets[0][1]})"
    cases = " ".join(
        f"WHEN {moment} < {until} THEN {offset}" for (_, offset), (until, _) in pairwise(offsets)
    )
    return f"({moment} + CASE {cases} ELSE {offsets[-1][1]} END)"


def _grid(first_us: int, last_us: int) -> Iterator[int]:
    step = _STEP // timedelta(microseconds=1)
    yield from range(first_us, last_us + step, step)


def _first_changed(before: int, after: int, info: ZoneInfo) -> int:
    """Return the first moment after *before*, to the microsecond, with the offset of *after*."""
    old = _offset_us(before, info)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset_us(middle, info) == old:
            before = middle
        else:
            after = middle
    return after


def _offset_us(moment_us: int, info: ZoneInfo) -> int:
    offset = (_EPOCH + timedelta(microseconds=moment_us)).astimezone(info).utcoffset()
    if offset is None:
        raise ValueError(f"{info.key} has no offset")
    return offset // timedelta(microseconds=1)
