"""The rows of a pack's base cases: steps and local times as written, content as it should be."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from conformance.calendar import parse_local
from conformance.fragments import BaseCase, BaseRow, Content, FragmentsFile, Value
from conformance.log import Row
from conformance.log_rows import EARLIEST_US
from conformance.pack import Pack

_MOMENTS = {"{begun}": "enabled_us", "{ended}": "completed_us"}


def case_rows(
    pack: Pack, file: FragmentsFile, base: BaseCase, service: str, name: str | None = None
) -> list[Row]:
    """Return the rows of *base* for *service*; its case id is *name*, by default service and base."""
    case_id = name or f"{service}-{base.id}"
    return [_row(pack, file, base, item, (service, case_id)) for item in base.rows]


def clean_rows(pack: Pack, file: FragmentsFile) -> list[Row]:
    """Return every base case for every service: a log in which no norm is broken."""
    return [
        row
        for base in file.cases
        for service in pack.services
        for row in case_rows(pack, file, base, service.id)
    ]


def changed_row(row: Row, values: Mapping[str, Any]) -> Row:
    """Return *row* with *values* in columns or, by ``attributes.NAME``, attributes; None takes one away."""
    columns = {name: value for name, value in values.items() if not name.startswith("attributes.")}
    held = attributes_of(row)
    for name, value in values.items():
        if name.startswith("attributes."):
            held[name.removeprefix("attributes.")] = value
    kept = {name: value for name, value in held.items() if value is not None}
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    fields = {name: getattr(row, name) for name in row.__struct_fields__}
    return Row(**(fields | columns | {"attributes": text}))


def attributes_of(row: Row) -> dict[str, Any]:
    """Return the attributes of *row*, none if its source delivered none."""
    values = json.loads(row.attributes) if row.attributes is not None else {}
    return values if isinstance(values, dict) else {}


def moments_in(row: Row) -> dict[str, int]:
    """Return the attributes of *row* that are moments, in microseconds UTC."""
    return {name: value for name, value in attributes_of(row).items() if is_moment(value)}


def is_moment(value: Any) -> bool:
    """Tell whether the attribute *value* is a moment and no duration or count."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= EARLIEST_US


def filled(value: Value, row: Row, texts: Mapping[str, str]) -> Any:
    """Return *value* with its placeholders filled from *row*'s moments and *texts*."""
    if not isinstance(value, str):
        return value
    if value in _MOMENTS:
        return getattr(row, _MOMENTS[value])
    for name, text in texts.items():
        value = value.replace(f"{{{name}}}", text)
    return value


def content_of(content: Sequence[Content], row: Row, service: str, case_id: str) -> Iterator[tuple[str, Any]]:
    """Yield the fields and values that *row* should carry."""
    texts = {"case": case_id, "outcome": row.outcome or ""}
    for item in content:
        if (not item.steps or row.step in item.steps) and (not item.services or service in item.services):
            yield item.field, filled(item.value, row, texts)


def _row(pack: Pack, file: FragmentsFile, base: BaseCase, item: BaseRow, whose: tuple[str, str]) -> Row:
    service, case_id = whose
    bare = Row(
        case_id=case_id,
        service=service,
        path=base.path,
        step=item.step,
        unit=pack.step(item.step).unit,
        resource=None,
        enabled_us=parse_local(f"{base.day}T{item.begun}", pack.act.zone),
        started_us=None,
        completed_us=parse_local(f"{base.day}T{item.ended}", pack.act.zone),
        resolution_us=1,
        outcome=item.outcome,
        request_number=None,
        attributes=None,
    )
    return changed_row(bare, dict(content_of(file.content, bare, service, case_id)))
