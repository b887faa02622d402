"""Moments as sources write them, onto microseconds since the epoch; nothing about a zone is ever assumed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from conformance.logs.records import Reason, Value

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ISO = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?\Z"
)
_PER_UNIT = {"epoch_s": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1}
_DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment in UTC, and whether the source's clock showed midnight."""

    us: int
    midnight: bool


Parse = Callable[[Value], Moment | Reason]


def parser_of(form: str, zone: ZoneInfo | None) -> Parse:
    """Return the function that reads moments of *form*: ``iso``, ``epoch_s`` (ms, us), or a pattern.

    A time without an offset is of *zone*; without one it is NAIVE_TIME. A time the zone's clocks showed twice
    is AMBIGUOUS_TIME, one they never showed NO_SUCH_TIME.
    """
    if form in _PER_UNIT:
        per_unit = _PER_UNIT[form]
        return lambda value: _from_epoch(value, per_unit, zone)
    if form == "iso":
        return lambda value: _from_iso(value, zone)
    return lambda value: _from_pattern(value, form, zone)


def _from_epoch(value: Value, per_unit: int, zone: ZoneInfo | None) -> Moment | Reason:
    if isinstance(value, bool) or value is None:
        return Reason.BAD_TIME
    try:
        us = round(value * per_unit) if isinstance(value, float) else int(value) * per_unit
        moment = _EPOCH + timedelta(microseconds=us)
    except (ValueError, OverflowError):
        return Reason.BAD_TIME
    local = moment.astimezone(zone or UTC)
    return Moment(us, _is_midnight(local))


def _from_iso(value: Value, zone: ZoneInfo | None) -> Moment | Reason:
    if not isinstance(value, str) or not _ISO.match(value):
        return Reason.BAD_TIME
    try:
        return _anchored(datetime.fromisoformat(value), zone)
    except (ValueError, OverflowError):
        return Reason.BAD_TIME


def _from_pattern(value: Value, pattern: str, zone: ZoneInfo | None) -> Moment | Reason:
    if not isinstance(value, str) or not value.isascii():
        return Reason.BAD_TIME
    try:
        return _anchored(datetime.strptime(value, pattern), zone)  # noqa: DTZ007 - the zone is asked next
    except (ValueError, OverflowError):
        return Reason.BAD_TIME


def _anchored(moment: datetime, zone: ZoneInfo | None) -> Moment | Reason:
    if moment.tzinfo is not None:
        local = moment.astimezone(zone) if zone else moment
        return Moment(microseconds_of(moment), _is_midnight(local))
    if zone is None:
        return Reason.NAIVE_TIME
    early, late = moment.replace(tzinfo=zone, fold=0), moment.replace(tzinfo=zone, fold=1)
    if early.utcoffset() != late.utcoffset():
        shown = _shown(early, zone) == moment
        return Reason.AMBIGUOUS_TIME if shown else Reason.NO_SUCH_TIME
    return Moment(microseconds_of(early), _is_midnight(moment))


def _shown(moment: datetime, zone: tzinfo) -> datetime:
    """Return what the clocks of *zone* show at *moment*, without the zone."""
    return moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None)


def microseconds_of(moment: datetime) -> int:
    """Return an aware *moment* in microseconds since the epoch."""
    since = moment - _EPOCH
    return since.days * _DAY_US + since.seconds * 1_000_000 + since.microseconds


def _is_midnight(local: datetime) -> bool:
    return not (local.hour or local.minute or local.second or local.microsecond)
