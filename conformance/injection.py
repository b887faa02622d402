"""Put a known number of violations into a clean log of any size: the judge must find exactly those cases.

A violation of a norm is the change of its violating fragment, made in cases that took the route of the
fragment's base case at about the same time of day. So what else it breaks is known from the fragment, too.
"""

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.calendar import local_time, parse_local
from conformance.errors import InputError, nearest_name
from conformance.fragment_changes import apply_changes
from conformance.fragment_set import Fragment, FragmentSet
from conformance.fragments import BaseCase, Exchange, Tamper
from conformance.log import COLUMNS, Row
from conformance.log_parts import joined_parts
from conformance.log_store import COLUMN_NAMES, ORDER, VIEW, opened_log, quoted
from conformance.norms import StepDuration, Unique
from conformance.pack import Pack
from conformance.tampered_documents import save_exchanged, save_tampered

if TYPE_CHECKING:
    import duckdb

NEAR_MINUTES = 50
"""How far from the time of day of the base case a case may begin to be changed like it."""
LONGEST_US = 3_600_000_000
RANGE_ROWS = 500_000


Kind = tuple[str, str]
"""A service and a base case."""


@dataclass(frozen=True, slots=True)
class Injection:
    """What was put into a log: by norm the cases changed for it, and all cases that now break it."""

    changed: Mapping[str, tuple[str, ...]]
    broken: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Choice:
    """The cases in which one norm will be broken, each with the case beside it where the fragment has one."""

    fragment: Fragment
    pairs: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Injector:
    """The fragments of a pack, and the seed that chooses the cases."""

    fragments: FragmentSet
    seed: int = 0

    def inject(
        self, log: Path, out: Path, wanted: Mapping[str, int], documents: Path | None = None
    ) -> Injection:
        """Write *log* to *out* with *wanted* violations, by norm, and return which cases break what.

        Each case is changed for one norm at most. *documents* is the folder of the saved documents, needed
        for norms of signatures; a changed copy is put beside each document concerned. Memory does not grow
        with the log. Raises InputError for a norm that cannot be broken, or for a log with too few fit cases.
        """
        for norm_id in wanted:
            self._require_breakable(norm_id, documents)
        with opened_log(log) as database:
            choices = self._choose(database, wanted)
            rows = _rows_of(database, choices)
            if documents is not None:
                _save_documents(choices, rows, documents)
            _write(database, out, self._changed_rows(choices, rows))
        return _injection(choices)

    def _require_breakable(self, norm_id: str, documents: Path | None) -> None:
        if norm_id not in self.fragments.by_norm:
            near = nearest_name(norm_id, self.fragments.by_norm)
            raise InputError("the injector", "", f"the unknown norm {norm_id}", "a norm of the pack", near)
        fragment = self.fragments.by_norm[norm_id]
        if isinstance(fragment.norm, StepDuration) and fragment.limit_s is None:
            raise InputError("the injector", norm_id, "a lost limit", "a norm that can be broken")
        if documents is None and fragment.needs_documents:
            raise InputError("the injector", norm_id, "no documents", "the folder of the saved documents")

    def _choose(self, database: "duckdb.DuckDBPyConnection", wanted: Mapping[str, int]) -> list[_Choice]:
        """Return the cases for every norm, each case once, drawn from those like the base case."""
        chosen = [one for name, one in self.fragments.by_norm.items() if wanted.get(name)]
        need: Counter[Kind] = Counter()
        for fragment in chosen:
            for kind in _kinds(fragment):
                need[kind] += wanted[fragment.norm.id]
        bases = {base.id: base for base in self.fragments.file.cases}
        fit = {kind: iter(self._fit_cases(database, kind[0], bases[kind[1]], n)) for kind, n in need.items()}
        choices = []
        for fragment in chosen:
            count = wanted[fragment.norm.id]
            drawn = [list(islice(fit[kind], count)) for kind in _kinds(fragment)]
            others = drawn[1] if len(drawn) > 1 else [None] * count
            choices.append(_Choice(fragment, tuple(zip(drawn[0], others, strict=True))))
        return choices

    def _fit_cases(
        self, database: "duckdb.DuckDBPyConnection", service: str, base: BaseCase, count: int
    ) -> list[str]:
        """Return up to *count* cases that took the route of *base* at about its time, in drawn order."""
        pack = self.fragments.pack
        _prepare_shapes(database, pack)
        code = pack.service(service).code
        begins = parse_local(f"{base.day}T{base.rows[0].begun}", pack.act.zone)
        clock = local_time(begins, pack.act.zone)
        minute = clock.hour * 60 + clock.minute
        rows = database.execute(
            "SELECT case_id FROM shapes WHERE service IN (?, ?) AND path = ? AND route = ? "
            "AND abs(minute - ?) <= ? ORDER BY md5(case_id || ?), case_id LIMIT ?",
            [service, code, base.path, _route(base), minute, NEAR_MINUTES, f"/{self.seed}", count],
        ).fetchall()
        if len(rows) < count:
            found = f"{len(rows)} cases like {base.id} of {service}"
            raise InputError("the log", "", found, f"at least {count}, to break what is wanted")
        return [case_id for (case_id,) in rows]

    def _changed_rows(
        self, choices: Sequence[_Choice], rows: Mapping[str, Sequence[Row]]
    ) -> dict[str, list[Row]]:
        """Return the new rows of every case that is changed."""
        return {
            case_id: apply_changes(
                choice.fragment.violates,
                rows[case_id],
                self.fragments.around(choice.fragment, rows[other] if other else ()),
            )
            for choice in choices
            for case_id, other in choice.pairs
        }


def _rows_of(database: "duckdb.DuckDBPyConnection", choices: Sequence[_Choice]) -> dict[str, list[Row]]:
    """Return the rows of every case that is changed or stands beside one."""
    named = sorted({name for choice in choices for pair in choice.pairs for name in pair if name})
    database.execute("CREATE TABLE named AS SELECT unnest(?::VARCHAR[]) AS case_id", [named])
    found: dict[str, list[Row]] = {}
    read = database.execute(
        f"SELECT {', '.join(COLUMN_NAMES)} FROM {VIEW} SEMI JOIN named USING (case_id) "  # noqa: S608
        f"ORDER BY {ORDER}"
    )
    while block := read.fetchmany(10_000):
        for values in block:
            row = Row(**dict(zip(COLUMN_NAMES, values, strict=True)))
            found.setdefault(row.case_id, []).append(row)
    return found


def _prepare_shapes(database: "duckdb.DuckDBPyConnection", pack: Pack) -> None:
    """Make the table ``shapes``: the route of every complete case that lies within one hour of one day."""
    ok = "CASE WHEN outcome = 'ok' THEN '' ELSE '!' END"
    zone = quoted(pack.act.zone)
    database.execute(
        f"""CREATE TABLE IF NOT EXISTS shapes AS
        WITH cases AS (
            SELECT case_id, any_value(service) AS service, any_value(path) AS path,
                string_agg(step || {ok}, ' ' ORDER BY completed_us, enabled_us, step) AS route,
                min(enabled_us) AS begun, max(completed_us) AS ended
            FROM {VIEW} GROUP BY case_id
            HAVING count(*) = count(enabled_us) AND count(*) = count(completed_us)
                AND count(*) = count(outcome) AND count(*) = count(attributes) AND max(resolution_us) = 1
                AND min(service) = max(service) AND min(path) = max(path)),
        clocks AS (SELECT *, timezone({zone}, make_timestamptz(begun)) AS local FROM cases)
        SELECT case_id, service, path, route, 60 * hour(local) + minute(local) AS minute FROM clocks
        WHERE ended - begun < {LONGEST_US}
            AND local::DATE = timezone({zone}, make_timestamptz(ended))::DATE"""  # noqa: S608 - quoted
    )


def _route(base: BaseCase) -> str:
    return " ".join(row.step + ("" if row.outcome == "ok" else "!") for row in base.rows)


def _kinds(fragment: Fragment) -> list[Kind]:
    """Return the kinds of the cases that *fragment* needs: of the one it changes and of the one beside it."""
    cases = [fragment.base] if fragment.other is None else [fragment.base, fragment.other]
    return [(fragment.norm.services[0], case.id) for case in cases]


def _save_documents(choices: Sequence[_Choice], rows: Mapping[str, Sequence[Row]], documents: Path) -> None:
    """Put the changed documents that the changed rows name beside those that *rows* name."""
    for choice in choices:
        for change in choice.fragment.violates:
            for case_id, other in choice.pairs:
                if isinstance(change, Tamper):
                    save_tampered(documents, _folder(rows[case_id], change.step), change.document)
                elif isinstance(change, Exchange) and other is not None:
                    folder, source = _folder(rows[case_id], change.step), _folder(rows[other], None)
                    save_exchanged(documents, folder, change.document, source)


def _folder(rows: Sequence[Row], step: str | None) -> str:
    """Return the folder of documents that the rows name, at *step* if one is given."""
    named = (row.attribute("documents") for row in rows if step in (None, row.step))
    return next(str(folder) for folder in named if folder is not None)


def _write(database: "duckdb.DuckDBPyConnection", out: Path, changed: Mapping[str, Sequence[Row]]) -> None:
    """Write the log with the rows of *changed* in place of those cases' own, one range of cases at a time."""
    _load_changed(database, [row for rows in changed.values() for row in rows])
    names = ", ".join(COLUMN_NAMES)
    with tempfile.TemporaryDirectory(prefix="reglament-", dir=out.parent) as folder:
        parts = []
        for number, condition in enumerate(_ranges(database)):
            part = Path(folder) / f"{number:09}.parquet"
            database.execute(
                f"""COPY (
                    SELECT {names} FROM {VIEW} ANTI JOIN named_once USING (case_id) WHERE {condition}
                    UNION ALL SELECT {names} FROM changed WHERE {condition} ORDER BY {ORDER}
                ) TO {quoted(str(part))} (FORMAT parquet, COMPRESSION snappy)"""  # noqa: S608 - quoted
            )
            parts.append(part)
        joined_parts(parts, out)


def _load_changed(database: "duckdb.DuckDBPyConnection", rows: Sequence[Row]) -> None:
    types = ", ".join(f"{name} {type_}" for name, type_ in COLUMNS)
    database.execute(f"CREATE TABLE changed ({types})")
    arrays = ", ".join(f"unnest(?::{type_}[])" for _, type_ in COLUMNS)
    columns = [[getattr(row, name) for row in rows] for name in COLUMN_NAMES]
    database.execute(f"INSERT INTO changed SELECT {arrays}", columns)
    database.execute("CREATE TABLE named_once AS SELECT DISTINCT case_id FROM changed")


def _ranges(database: "duckdb.DuckDBPyConnection") -> list[str]:
    """Return conditions that cut the log, which is sorted by case, into ranges of about equal length."""
    found = database.execute(
        f"SELECT case_id FROM (SELECT case_id, row_number() OVER () AS n FROM {VIEW}) "  # noqa: S608
        f"WHERE n % {RANGE_ROWS} = 0 ORDER BY case_id"
    ).fetchall()
    marks = [quoted(case_id) for case_id in dict.fromkeys(case_id for (case_id,) in found)]
    if not marks:
        return ["true"]
    between = [f"case_id > {low} AND case_id <= {high}" for low, high in pairwise(marks)]
    return [f"case_id <= {marks[0]}", *between, f"case_id > {marks[-1]}"]


def _injection(choices: Sequence[_Choice]) -> Injection:
    broken: dict[str, set[str]] = {}
    for choice in choices:
        norm_id = choice.fragment.norm.id
        for case_id, other in choice.pairs:
            broken.setdefault(norm_id, set()).add(case_id)
            if other and isinstance(choice.fragment.norm, Unique):
                broken[norm_id].add(other)
            for also in choice.fragment.also:
                broken.setdefault(also, set()).add(case_id)
    return Injection(
        changed={choice.fragment.norm.id: tuple(sorted(c for c, _ in choice.pairs)) for choice in choices},
        broken={norm_id: tuple(sorted(names)) for norm_id, names in sorted(broken.items())},
    )
