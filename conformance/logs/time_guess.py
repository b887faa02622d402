"""How the moments of a log are probably written, to be confirmed by somebody who knows."""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from conformance.logs.moments import Moment, parser_of
from conformance.logs.records import Reason, Value

_PATTERNS = (
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%Y%m%d%H%M%S",
    "%Y-%m-%dT%H:%M:%S%z",
)
_ENOUGH = 0.75
_EPOCHS = (("epoch_us", 10**14), ("epoch_ms", 10**11), ("epoch_s", 5 * 10**8))
_UNITS = ((86_400_000_000, "1 day"), (60_000_000, "1 min"), (1_000_000, "1 s"), (1_000, "1 ms"), (1, "1 us"))
_COARSE_FROM = 0.05
"""From this share of midnights on, they are probably whole days."""


@dataclass(frozen=True, slots=True)
class TimeGuess:
    """A *form* of moments that fits, *others* that fit as well; *naive*: some moments have no offset."""

    form: str
    others: tuple[str, ...]
    naive: bool
    resolution: str
    midnight: bool


def guess_times(values: Iterable[Value]) -> TimeGuess | None:
    """Return how *values* are probably written, None if they are hardly moments."""
    given = list(values)[:500]
    fitting = [form for form in _forms(given) if _share(given, form) >= _ENOUGH]
    if not given or not fitting:
        return None
    form = fitting[0]
    parse, naive_parse = parser_of(form, ZoneInfo("UTC")), parser_of(form, None)
    moments = [moment for moment in map(parse, given) if isinstance(moment, Moment)]
    naive = any(naive_parse(value) is Reason.NAIVE_TIME for value in given)
    midnights = sum(moment.midnight for moment in moments)
    others = [moment.us for moment in moments if not moment.midnight]
    mixed = bool(others) and midnights >= _COARSE_FROM * len(moments)
    unit = next(name for size, name in _UNITS if all(us % size == 0 for us in others or [0]))
    return TimeGuess(form, tuple(fitting[1:]), naive, unit, midnight=mixed)


def _forms(given: list[Value]) -> list[str]:
    numbers = [_as_int(value) for value in given]
    known = [number for number in numbers if number is not None]
    if known and len(known) >= _ENOUGH * len(given):
        least = min(known)
        return [*[form for form, size in _EPOCHS if least >= size][:1], "%Y%m%d%H%M%S"]
    return ["iso", *_PATTERNS]


def _share(given: list[Value], form: str) -> float:
    parse = parser_of(form, ZoneInfo("UTC"))
    return sum(isinstance(parse(value), Moment) for value in given) / max(1, len(given))


def _as_int(value: Value) -> int | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return value
    return (
        int(value)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19
        else None
    )
