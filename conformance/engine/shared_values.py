"""Values that several cases hold, found over a whole log at once: what norms of uniqueness compare."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.context import Holders, Shared, SharedKey, shared_key, usable, value_key
from conformance.engine.row_marks import RowMark, of_cases
from conformance.engine.sketch import Sketch, steps_in
from conformance.engine.sql_fields import direct_value, same_text
from conformance.log_store import COLUMN_NAMES, quoted
from conformance.norms import Norm, Unique

if TYPE_CHECKING:
    import duckdb

TABLE = "shared_values"
_KEPT = "kept_hashes"


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

    *outside* is the query of the ids of the cases that do not count, None if all do. One scan keeps a small
    hash of each value; only values whose hash comes twice are looked at, in a second one.
    """
    found: dict[SharedKey, Shared] = {key: {} for key in wanted}
    if not wanted:
        return found
    sources = {number: _Source(number, *pair) for number, pair in enumerate(wanted.items())}
    kept = f" AND case_id NOT IN ({outside})" if outside else ""
    log.execute(f"CREATE OR REPLACE TEMP TABLE hashes AS {_hashes(sources.values(), kept)}")
    for number in sources:
        log.execute(
            f"CREATE OR REPLACE TEMP TABLE twice{number} AS SELECT h{number} AS hash FROM hashes "
            f"WHERE h{number} IS NOT NULL GROUP BY h{number} HAVING count(*) > 1"
        )
    log.execute("DROP TABLE hashes")
    doubtful = [n for n in sources if log.execute(f"SELECT 1 FROM twice{n} LIMIT 1").fetchall()]
    for number in doubtful:
        found[sources[number].key] = _holders(log, sources[number], kept)
    return found


def sketch_hashes(
    log: "duckdb.DuckDBPyConnection", sketch: Sketch, wanted: Mapping[SharedKey, tuple[str, ...]]
) -> None:
    """Let the profiles of *sketch* hold a hash of each value compared, to be looked at afterwards."""
    for number, pair in enumerate(wanted.items()):
        source = _Source(number, *pair)
        outer, inner = (
            same_text(name, sketch.value(name, source.steps)) for name in (source.key[2], source.key[1])
        )
        there = f"{source.asked} AND {outer} IS NOT NULL AND {inner} IS NOT NULL"
        sketch.hashes.append(sketch.column(f"CASE WHEN {there} THEN hash({outer}, {inner}) END"))
    columns = ", ".join(f"{name} UBIGINT" for name in sketch.hashes)
    log.execute(f"CREATE OR REPLACE TEMP TABLE {_KEPT} ({columns}{', ' if columns else ''}several BOOLEAN)")


def keep_hashes(log: "duckdb.DuckDBPyConnection", names: Sequence[str]) -> None:
    """Keep the hashes in the columns *names* of the profiles of a batch."""
    if names:
        listed = ", ".join(names)
        some = " OR ".join(f"{name} IS NOT NULL" for name in names)
        log.execute(f"INSERT INTO {_KEPT} SELECT {listed}, several FROM profiles WHERE {some}")


def is_any_shared(log: "duckdb.DuckDBPyConnection", sketch: Sketch) -> bool:
    """Tell whether two cases may share a value, by the hashes that were kept."""
    if log.execute(f"SELECT 1 FROM {_KEPT} WHERE several LIMIT 1").fetchall():
        return True
    twice = (
        f"SELECT 1 FROM {_KEPT} WHERE {name} IS NOT NULL GROUP BY {name} HAVING count(*) > 1 LIMIT 1"
        for name in sketch.hashes
    )
    found = any(log.execute(query).fetchall() for query in twice)
    log.execute(f"DROP TABLE {_KEPT}")
    return found


def shared_mark(norm: Unique, sketch: Sketch) -> RowMark:
    """Return a mark of whether another case holds the value of a row too."""
    key = shared_key(norm)
    number = sketch.shared.get(key)
    if number is None:
        return RowMark("''", "0")
    held = sketch.held_value(key, _held_value(key, number, sketch))
    return of_cases([(held, "h")], "")


def _held_value(key: SharedKey, number: int, sketch: Sketch) -> str:
    """Return the SQL condition that a row holds a shared value; no other row is asked for its values.

    One text is looked up several times faster than two.
    """
    services, field, within = key
    steps = steps_of_shared(sketch.pack.norms)[key]
    asked = f"{steps_in(steps)} AND {_of_services(services)}"
    outer, inner = (same_text(name, sketch.value(name, steps)) for name in (within, field))
    known = f"SELECT {_both('held_within', 'held')} FROM {TABLE} WHERE kind = {number}"
    return f"CASE WHEN {asked} THEN {_both(outer, inner)} END IN ({known})"


def _both(outer: str, inner: str) -> str:
    """Return the SQL of one text that two values have in common with no other two; null if one is null."""
    return f"(length({outer}) || ':' || {outer} || {inner})"


@dataclass(frozen=True, slots=True)
class _Source:
    """What one kind of uniqueness compares: the *number* of its kind, its key and its steps."""

    number: int
    key: SharedKey
    steps: tuple[str, ...]

    @property
    def asked(self) -> str:
        """Return the condition that a row is one of those compared."""
        return f"{steps_in(self.steps)} AND {_of_services(self.key[0])}"


def _rows_read(sources: Iterable[_Source], kept: str) -> tuple[str, dict[str, str]]:
    """Return the query of the rows compared, and by field the name of its value in the form compared."""
    listed = tuple(sources)
    fields = dict.fromkeys(name for source in listed for name in (source.key[2], source.key[1]))
    names = {field: f"v{number}" for number, field in enumerate(fields, 1)}
    values = ", ".join(f"{direct_value(field)} AS r{name}" for field, name in names.items())
    told = ", ".join(f"{same_text(field, f'r{name}')} AS {name}" for field, name in names.items())
    steps = sorted({step for source in listed for step in source.steps})
    rows = f"SELECT case_id, service, step, {values} FROM judged WHERE {steps_in(steps)}{kept}"
    return f"SELECT case_id, service, step, {told} FROM ({rows})", names


def _hashes(sources: Iterable[_Source], kept: str) -> str:
    """Return the query of the hashes of the values compared, one column for each kind; null for none."""
    listed = tuple(sources)
    rows, names = _rows_read(listed, kept)
    columns = []
    for source in listed:
        outer, inner = names[source.key[2]], names[source.key[1]]
        there = f"{source.asked} AND {outer} IS NOT NULL AND {inner} IS NOT NULL"
        columns.append(f"CASE WHEN {there} THEN hash({outer}, {inner}) END AS h{source.number}")
    return f"SELECT {', '.join(columns)} FROM ({rows})"


def _holders(log: "duckdb.DuckDBPyConnection", source: _Source, kept: str) -> Shared:
    """Return who holds the values whose hash comes twice, as far as it is more than one case."""
    _, field, within = source.key
    rows, names = _rows_read([source], kept)
    outer, inner = names[within], names[field]
    log.execute(
        f"CREATE OR REPLACE TEMP TABLE held AS SELECT {outer} AS held_within, {inner} AS held, "
        f"count(DISTINCT case_id) AS n, min(DISTINCT case_id, 2) AS first FROM ({rows}) WHERE {source.asked} "
        f"AND hash({outer}, {inner}) IN (FROM twice{source.number}) "
        f"AND {outer} IS NOT NULL AND {inner} IS NOT NULL GROUP BY ALL HAVING n > 1"
    )
    log.execute(f"INSERT INTO {TABLE} SELECT {source.number}, held_within, held FROM held")
    found = log.execute("SELECT held_within, held, n, first FROM held").fetchall()
    return {(_key(within, o), _key(field, i)): Holders(count, tuple(first)) for o, i, count, first in found}


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
