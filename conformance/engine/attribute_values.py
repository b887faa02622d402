"""The attributes that marks look at, read from the JSON of a row once: as JSON texts, null for none."""

import json
import re
from typing import TYPE_CHECKING

from conformance.engine.sketch import MOST_KNOWN, Sketch, steps_in
from conformance.engine.sql_fields import json_path
from conformance.log_store import quoted

if TYPE_CHECKING:
    import duckdb

SAMPLE_ROWS = 100_000
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def attributes_read(sketch: Sketch) -> tuple[str, str]:
    """Return two ends of lists of columns: what to read of a row's attributes, and the values by their names.

    The second one belongs into a query around that with the first. A transform reads all keys in one go, but
    takes them as names of a struct: no two that differ in their case alone, and no odd signs.
    """
    together, alone = _parted(sketch)
    if not sketch.attributes:
        return "", ""
    text = "attributes"
    if sketch.attribute_steps is not None:
        text = f"CASE WHEN {steps_in(sorted(sketch.attribute_steps) or [''])} THEN attributes END"
    read, named = "", ""
    if together:
        shape = quoted(json.dumps(dict.fromkeys(together, "JSON")))
        read += f", json_transform({text}, {shape}) AS found"
    for key, name in sketch.attributes.items():
        if key in together:
            named += f', CAST(found."{key}" AS VARCHAR) AS {name}'
    if alone:
        paths = ", ".join(quoted(json_path(key)) for key in alone)
        read += f", json_extract({text}, [{paths}]) AS odd"
    for number, key in enumerate(alone, 1):
        named += f", CAST(odd[{number}] AS VARCHAR) AS {sketch.attributes[key]}"
    return read, named


def name_known_values(log: "duckdb.DuckDBPyConnection", sketch: Sketch) -> None:
    """Make the macros by which *sketch* numbers whole values: from 1, the most usual first, null for others.

    The most usual ones are those of the log's first rows.
    """
    read, named = attributes_read(sketch)
    for value, macro in sketch.raws.items():
        found = log.execute(
            f"SELECT value FROM (SELECT {value} AS value FROM (SELECT *{named} FROM (SELECT *{read} FROM "
            f"(FROM judged LIMIT {SAMPLE_ROWS})))) WHERE value IS NOT NULL GROUP BY value "
            f"ORDER BY count(*) DESC, value LIMIT {MOST_KNOWN}"
        ).fetchall()
        branches = " ".join(f"WHEN {quoted(text)} THEN {number}" for number, (text,) in enumerate(found, 1))
        numbers = f"CASE value {branches} END" if branches else "CAST(NULL AS INTEGER)"
        log.execute(f"CREATE OR REPLACE TEMP MACRO {macro}(value) AS {numbers}")


def _parted(sketch: Sketch) -> tuple[list[str], list[str]]:
    """Return the keys that one transform can read together, and the others."""
    together: dict[str, str] = {}
    alone = []
    for key in sketch.attributes:
        if _PLAIN_KEY.fullmatch(key) and key.lower() not in together:
            together[key.lower()] = key
        else:
            alone.append(key)
    return list(together.values()), alone
