"""What no part of a study may say: refused when it is read, in the words of an InputError."""

from collections.abc import Iterable, Sequence

from conformance.calendar import parse_hour
from conformance.errors import UnfitValue, nearest_name

MOST_SERVERS = 1_000_000


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
