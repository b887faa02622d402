"""Which steps and units of a canonical log the regulation does not know: nothing judges their rows."""

from typing import TYPE_CHECKING

from conformance.errors import nearest_name
from conformance.log_results import UnknownName
from conformance.log_rows import without_numbers
from conformance.pack import Pack

if TYPE_CHECKING:
    import duckdb

MOST_UNKNOWN = 20
_LONGEST_NAME = 80
_NAMES = "SELECT path, step, unit, count(*) FROM events GROUP BY ALL"


def unknown_names(database: "duckdb.DuckDBPyConnection", pack: Pack) -> tuple[UnknownName, ...]:
    """Return the unknown steps and units of the view ``events``, most frequent first, up to a limit.

    A step is known only on its own path.
    """
    of_path = {(step.path, step.code) for step in pack.steps}
    units = {unit.code for unit in pack.units}
    steps_found: dict[tuple[str, str], int] = {}
    units_found: dict[str, int] = {}
    for path, step, unit, rows in database.execute(_NAMES).fetchall():
        if (path, step) not in of_path:
            steps_found[path, step] = steps_found.get((path, step), 0) + rows
        if unit not in units:
            units_found[unit] = units_found.get(unit, 0) + rows
    found = [
        UnknownName(
            kind="step",
            name=_shown(step),
            rows=rows,
            nearest=nearest_name(step, [code for other, code in sorted(of_path) if other == path]),
        )
        for (path, step), rows in steps_found.items()
    ]
    found += [
        UnknownName(kind="unit", name=_shown(unit), rows=rows, nearest=nearest_name(unit, sorted(units)))
        for unit, rows in units_found.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.rows, one.kind, one.name))[:MOST_UNKNOWN])


def _shown(name: str) -> str:
    return without_numbers(name[:_LONGEST_NAME])
