"""What no part of a study may say: refused when it is read, in the words of an InputError."""

import re
from collections.abc import Iterable, Sequence

from conformance.calendar import parse_hour
from conformance.errors import UnfitValue, nearest_name
from sim.durations import parse_duration_us

MOST_SERVERS = 1_000_000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}\Z")
_LONG_NUMBER = re.compile(r"[0-9]{12}")


def require_name(name: str, what: str) -> None:
    """Raise UnfitValue for a name that is no plain word: it stands in logs, parameters and names of files."""
    if _NAME.match(name) is None or _LONG_NUMBER.search(name) is not None:
        expected = "up to 60 letters, digits, hyphens and underscores, with fewer than 12 digits in a row"
        raise UnfitValue(f"{what} {name[:60]!r}", expected)


def duration_us(name: str, text: str, least_us: int = 0) -> int:
    """Return a duration in microseconds. Raises UnfitValue, with its *name*, for none and below the least."""
    try:
        length_us = parse_duration_us(text)
    except UnfitValue as error:
        raise UnfitValue(f"{name}: {error.found}", error.expected, error.nearest) from None
    if length_us < least_us:
        expected = "a time longer than none" if least_us == 1 else f"at least {least_us // 1_000} ms"
        raise UnfitValue(f"{name}: {text}", expected)
    return length_us


def minute_of_day(text: str) -> int:
    """Return the minute of a local time HH:MM. Raises UnfitValue for what is none."""
    try:
        return parse_hour(text)
    except ValueError as error:
        raise UnfitValue(str(error), "a time of day HH:MM") from None


def refuse_unknown(names: Iterable[str], known: Sequence[str], what: str) -> None:
    """Raise UnfitValue, with the nearest of the *known* names, for the first name that is none of them."""
    for name in names:
        if name not in known:
            raise UnfitValue(f"the unknown name {name}", what, nearest_name(name, known))


def require_servers(servers: int, least: int) -> None:
    """Raise UnfitValue for a number of servers that no station has."""
    if not least <= servers <= MOST_SERVERS:
        raise UnfitValue(f"{servers} servers", f"{least} to {MOST_SERVERS}")


def require_weights(weights: Sequence[float], *, may_be_none: bool = False) -> None:
    """Raise UnfitValue for weights below 0 or without measure, and unless it *may_be_none* for a sum of 0."""
    if not all(0 <= weight <= 1e12 for weight in weights):
        raise UnfitValue(", ".join(map(str, weights)), "numbers from 0 on")
    if not may_be_none and not sum(weights) > 0:
        raise UnfitValue("weights that are all 0", "at least one weight above 0")
