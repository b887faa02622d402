"""Values that several cases hold, found over a whole log at once: what norms of uniqueness compare."""

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from conformance.context import Holders, Shared, SharedKey, shared_key, usable, value_key
from conformance.engine.sketch import Sketch, steps_in
from conformance.engine.sql_fields import direct_value, same_text
from conformance.log_store import COLUMN_NAMES, quoted
from conformance.norms import Norm, Unique

if TYPE_CHECKING:
    import duckdb

TABLE = "shared_values"


def prepare_shared_values(log: "duckdb.DuckDBPyConnection") -> None:
    """Make the empty table of shared values, and the functions that *same_text* asks about odd values."""
    from duckdb.func import FunctionNullHandling  # noqa: PLC0415 - half of the start-up time of whoever only reports

    for name, function in (("canonical_json", _canonical), ("usable_text", _usable_text)):
        log.create_function(
            name, function, ["VARCHAR"], "VARCHAR", null_handling=FunctionNullHandling.SPECIAL
        )
    log.execute(f"CREATE TEMP TABLE {TABLE} (kind INTEGER, held_within VARCHAR, held VARCHAR)")


def steps_of_shared(norms: Iterable[Norm]) -> dict[SharedKey, tuple[str, ...]]:
    """Return what the norms of uniqueness among *norms* compare, each with the steps at which it is read."""
    found: dict[SharedKey, set[str]] = {}
    for norm in norms:
        if isinstance(norm, Unique):
            found.setdefault(shared_key(norm), set()).update(norm.steps)
    return {key: tuple(sorted(steps)) for key, steps in found.items()}


def find_shared(
    log: "duckdb.DuckDBPyConnection", wanted: Mapping[SharedKey, tuple[str, ...]], outside: str | None
) -> dict[SharedKey, Shared]:
    """Return the values that two or more cases hold, and put them into the table of shared values too.

    *outside* is the query of the ids of the cases that do not count, None if all do.
    """
    found = {}
    for number, (key, steps) in enumerate(wanted.items()):
        source = _source(key, steps, outside)
        log.execute(
            f"INSERT INTO {TABLE} SELECT {number}, held_within, held FROM ({source}) "
            "WHERE held_within IS NOT NULL AND held IS NOT NULL "
            "GROUP BY ALL HAVING min(case_id) <> max(case_id)"
        )
        found[key] = _holders(log, key, number, source)
    return found


def shared_mark(norm: Unique, sketch: Sketch) -> str:
    """Return a mark of whether another case holds the value of a row too."""
    key = shared_key(norm)
    number = sketch.shared.get(key)
    if number is None:
        return "''"
    held = sketch.held_value(key, _held_value(key, number, sketch))
    return f"CASE WHEN {held} THEN 'h' ELSE '' END"


def _held_value(key: SharedKey, number: int, sketch: Sketch) -> str:
    """Return the SQL condition that a row holds a shared value; no other row is asked for its values.

    One text is looked up several times faster than two.
    """
    services, field, within = key
    asked = f"{steps_in(steps_of_shared(sketch.pack.norms)[key])} AND {_of_services(services)}"
    outer, inner = (same_text(name, sketch.value(name)) for name in (within, field))
    known = f"SELECT {_both('held_within', 'held')} FROM {TABLE} WHERE kind = {number}"
    return f"CASE WHEN {asked} THEN {_both(outer, inner)} END IN ({known})"


def _both(outer: str, inner: str) -> str:
    """Return the SQL of one text that two values have in common with no other two; null if one is null."""
    return f"(length({outer}) || ':' || {outer} || {inner})"


def _source(key: SharedKey, steps: tuple[str, ...], outside: str | None) -> str:
    services, field, within = key
    counted = f" AND case_id NOT IN ({outside})" if outside else ""
    rows = (
        f"SELECT case_id, {direct_value(within)} AS outer_value, {direct_value(field)} AS inner_value "
        f"FROM judged WHERE {steps_in(steps)} AND {_of_services(services)}{counted}"
    )
    return (
        f"SELECT case_id, {same_text(within, 'outer_value')} AS held_within, "
        f"{same_text(field, 'inner_value')} AS held FROM ({rows})"
    )


def _holders(log: "duckdb.DuckDBPyConnection", key: SharedKey, number: int, source: str) -> Shared:
    _, field, within = key
    if not log.execute(f"SELECT 1 FROM {TABLE} WHERE kind = {number} LIMIT 1").fetchall():
        return {}
    rows = log.execute(
        f"SELECT held_within, held, count(DISTINCT case_id), min(DISTINCT case_id, 2) FROM ({source}) "
        f"SEMI JOIN (SELECT * FROM {TABLE} WHERE kind = {number}) USING (held_within, held) GROUP BY ALL"
    ).fetchall()
    return {
        (_key(within, outer), _key(field, inner)): Holders(count, tuple(first))
        for outer, inner, count, first in rows
    }


def _canonical(text: str | None) -> str | None:
    value = None if text is None else usable(json.loads(text))
    return None if value is None else value_key(value)


def _usable_text(text: str | None) -> str | None:
    value = usable(text)
    return None if value is None else str(value)


def _key(field: str, text: str) -> str:
    """Return what a check compares for the value with this text; that of an attribute is JSON already."""
    return value_key(text) if field in COLUMN_NAMES else value_key(json.loads(text))


def _of_services(services: Iterable[str]) -> str:
    return f"service IN ({', '.join(quoted(service) for service in services)})"
