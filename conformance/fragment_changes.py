"""Apply the changes of a fragment to the rows of a case: a base case, or any that took the same route."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.fragment_rows import changed_row, content_of, filled, is_moment, moments_in
from conformance.fragments import (
    OTHER,
    Change,
    Content,
    Exchange,
    Insert,
    Last,
    Remove,
    Repeat,
    Set,
    Tamper,
    Wait,
    seconds_of,
)
from conformance.log import Row
from conformance.pack import Pack

TAMPERED, EXCHANGED = "-tampered", "-exchanged"
"""What a folder of documents ends in when its document was changed after signing, or exchanged."""
_INSERTED_US = 5_000_000
_SECOND_US = 1_000_000
_MOMENTS = ("enabled_us", "started_us", "completed_us")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a change may look at: the pack, what rows should carry, the service, the limit, another case."""

    pack: Pack
    content: Sequence[Content]
    service: str
    limit_s: int | None = None
    other: Sequence[Row] = ()


def apply_changes(changes: Sequence[Change], rows: Sequence[Row], around: Surroundings) -> list[Row]:
    """Return *rows* of one case with *changes* made one after another."""
    changed = list(rows)
    for change in changes:
        changed = _APPLY[type(change)](change, changed, around)
    return changed


def _last(change: Last, rows: list[Row], around: Surroundings) -> list[Row]:
    seconds = seconds_of(change.time, around.limit_s)
    if seconds is None:
        return rows
    for place in [n for n, row in enumerate(rows) if row.step == change.step]:
        begun, ended = _span(rows[place])
        more = begun + seconds * _SECOND_US - ended
        rows = [
            changed_row(row, {"completed_us": ended + more}) if n == place else _moved(row, ended, more)
            for n, row in enumerate(rows)
        ]
    return rows


def _wait(change: Wait, rows: list[Row], _around: Surroundings) -> list[Row]:
    seconds = seconds_of(change.time, None) or 0
    first = min(_span(row)[0] for row in rows if row.step == change.before)
    return [_moved(row, first, seconds * _SECOND_US) for row in rows]


def _set(change: Set, rows: list[Row], around: Surroundings) -> list[Row]:
    return [_with_value(change, row, around) if row.step in change.steps else row for row in rows]


def _with_value(change: Set, row: Row, around: Surroundings) -> Row:
    if change.value == OTHER:
        value = next(other.field(change.field) for other in around.other if other.step == row.step)
    else:
        value = filled(change.value, row, {"value": str(row.field(change.field))})
    return changed_row(row, {change.field: value})


def _remove(change: Remove, rows: list[Row], _around: Surroundings) -> list[Row]:
    return [row for row in rows if row.step != change.step]


def _repeat(change: Repeat, rows: list[Row], _around: Surroundings) -> list[Row]:
    row = next(row for row in rows if row.step == change.step)
    begun, ended = _span(row)
    later = [_moved(other, ended, ended - begun) for other in rows]
    again = _moved(row, begun, ended - begun)
    return [*later, again]


def _insert(change: Insert, rows: list[Row], around: Surroundings) -> list[Row]:
    before = next(row for row in rows if row.step == change.after)
    ended = _span(before)[1]
    values = {name: getattr(before, name) for name in before.__struct_fields__}
    values |= {"step": change.step, "unit": around.pack.step(change.step).unit, "outcome": change.outcome}
    values |= {"enabled_us": ended, "started_us": None, "completed_us": ended + _INSERTED_US}
    bare = Row(**(values | {"resource": None, "request_number": None, "attributes": None}))
    new = changed_row(bare, _content_in_case(bare, rows, around))
    return [*(_moved(row, ended, _INSERTED_US) for row in rows), new]


def _content_in_case(bare: Row, rows: Sequence[Row], around: Surroundings) -> dict[str, Any]:
    """Return what an inserted row carries: what its case says of the same field, else what it should."""
    found: dict[str, Any] = {}
    for field, value in content_of(around.content, bare, around.service, bare.case_id):
        told = [row.field(field) for row in rows if row.field(field) is not None]
        found[field] = told[-1] if told and not is_moment(value) else value
    return found


def _tamper(change: Tamper | Exchange, rows: list[Row], _around: Surroundings) -> list[Row]:
    ending = TAMPERED if isinstance(change, Tamper) else EXCHANGED
    return [
        changed_row(row, {"attributes.documents": f"{row.field('attributes.documents')}{ending}"})
        if row.step == change.step
        else row
        for row in rows
    ]


def _moved(row: Row, from_us: int, by_us: int) -> Row:
    """Return *row* later by *by_us* if it begins at *from_us* or later, with the moments that it carries."""
    if _span(row)[0] < from_us:
        return row
    moments = {name: row.field(name) for name in _MOMENTS if row.field(name) is not None}
    moments |= {f"attributes.{name}": us for name, us in moments_in(row).items()}
    return changed_row(row, {name: us + by_us for name, us in moments.items()})


def _span(row: Row) -> tuple[int, int]:
    if row.enabled_us is None or row.completed_us is None:
        raise ValueError(f"a row of {row.step} without its moments cannot be changed")
    return row.enabled_us, row.completed_us


_APPLY: Mapping[type, Callable[[Any, list[Row], Surroundings], list[Row]]] = {
    Last: _last,
    Wait: _wait,
    Set: _set,
    Remove: _remove,
    Repeat: _repeat,
    Insert: _insert,
    Tamper: _tamper,
    Exchange: _tamper,
}
