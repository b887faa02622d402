"""The canonical log as an object-centric one: which events, objects and links it becomes, and back.

Source: OCEL 2.0 specification (2024), clauses 3 to 5. Every row is an event of the type of its step; the
application (case), the unit and the resource are objects.
"""

from collections.abc import Callable
from typing import Any

from conformance.log import Row, utc_text

UNKNOWN_TIME = "1970-01-01T00:00:00.000000Z"
"""The time of an event of which no moment is known: OCEL demands one."""
CASE, UNIT, RESOURCE = "application", "unit", "resource"
QUALIFIERS = {CASE: "belongs to", UNIT: "done by", RESOURCE: "done by"}
ATTRIBUTES = (
    ("service", "string"),
    ("path", "string"),
    ("enabled", "time"),
    ("started", "time"),
    ("completed", "time"),
    ("resolution_us", "integer"),
    ("outcome", "string"),
    ("request_number", "string"),
    ("attributes", "string"),
)
"""Names and types of the attributes of every event."""
_MOMENTS = {"enabled": "enabled_us", "started": "started_us", "completed": "completed_us"}


def event_time(row: Row) -> str:
    """Return the moment of a row for OCEL: its end, or the latest that is known of it."""
    known = (row.completed_us, row.started_us, row.enabled_us)
    return next((utc_text(moment) for moment in known if moment is not None), UNKNOWN_TIME)


def event_attributes(row: Row) -> dict[str, str | int]:
    """Return the attributes of a row's event; those it has nothing for are absent."""
    found: dict[str, str | int] = {}
    for name, _ in ATTRIBUTES:
        value = getattr(row, _MOMENTS.get(name, name))
        if value is not None:
            found[name] = utc_text(value) if name in _MOMENTS else value
    return found


def links(row: Row) -> list[tuple[str, str]]:
    """Return type and id of the objects of a row's event."""
    found = [(CASE, row.case_id), (UNIT, row.unit)]
    found += [(RESOURCE, row.resource)] if row.resource is not None else []
    return [(kind, f"{kind}:{name}") for kind, name in found]


def row_values(
    step: str, attributes: dict[str, Any], objects: dict[str, str], moment: Callable[[object], int | None]
) -> dict[str, Any]:
    """Return the values of the row that an event was made of; *objects* are ids by type."""
    named = {kind: objects.get(kind) for kind in (CASE, UNIT, RESOURCE)}
    names = {kind: None if id_ is None else id_.removeprefix(f"{kind}:") for kind, id_ in named.items()}
    values = {name: attributes.get(name) for name, _ in ATTRIBUTES if name not in _MOMENTS}
    values |= {column: moment(attributes.get(name)) for name, column in _MOMENTS.items()}
    return {**values, "step": step, "case_id": names[CASE], "unit": names[UNIT], "resource": names[RESOURCE]}
