"""Multiply a clean log to any number of rows: every copy of a case is another case on another day.

A copy gets ids, numbers, slots and message ids of its own, is moved by whole weeks to days that the pack's
calendars treat alike, inside the act's life, and runs up to a tenth faster. So what was clean stays clean.
"""

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.calendar import WorkingCalendar, local_time, parse_day
from conformance.errors import InputError
from conformance.fragment_rows import attributes_of, is_moment, moments_in
from conformance.log import Row
from conformance.log_parts import joined_parts
from conformance.log_store import ORDER, bounded_database, quoted
from conformance.norms import Unique
from conformance.pack import Pack

if TYPE_CHECKING:
    import duckdb

OWN_FIELDS = ("attributes.documents", "attributes.gateway_message", "attributes.talon")
"""What names one thing of one case, besides the fields that the pack's norms of uniqueness name."""
BATCH_ROWS = 500_000
_WEEK_US = 7 * 86_400_000_000
_SHORT_US = 2 * 3_600_000_000
_MOMENTS = 4
_COPY = "@copy@"
_PRIME = 2_147_483_647


@dataclass(frozen=True, slots=True)
class _Template:
    """One case with the whole weeks by which it may be moved; *short* if it may also run faster."""

    rows: tuple[Row, ...]
    weeks: tuple[int, ...]
    first_us: int
    short: bool


def multiply(pack: Pack, rows: Sequence[Row], out: Path, wanted: int, seed: int = 0) -> int:
    """Write to *out* at least *wanted* rows made of whole copies of the cases of *rows*; return how many.

    The cases of *rows* should be ones in which nothing fails. Memory does not grow with *wanted*. The same
    input and *seed* give the same rows. Raises InputError for rows without a moment in the act's life.
    """
    templates = _templates(pack, rows)
    own = {*OWN_FIELDS, *(norm.field for norm in pack.norms if isinstance(norm, Unique))}
    copies = -(-wanted // len(rows))
    a_batch = max(1, BATCH_ROWS // len(rows))
    with tempfile.TemporaryDirectory(prefix="reglament-", dir=out.parent) as folder:
        parts = []
        with bounded_database() as database:
            _load(database, templates, own, Path(folder))
            for first in range(0, copies, a_batch):
                part = Path(folder) / f"{first:09}.parquet"
                _write_copies(database, part, (first, min(copies, first + a_batch)), seed)
                parts.append(part)
        joined_parts(parts, out)
    return copies * len(rows)


def _templates(pack: Pack, rows: Sequence[Row]) -> list[_Template]:
    cases: dict[str, list[Row]] = {}
    for row in rows:
        cases.setdefault(row.case_id, []).append(row)
    if not cases:
        raise InputError("the log", "", "no rows", "a log with at least one row")
    calendars = [WorkingCalendar(calendar, pack.act.zone) for calendar in pack.calendars]
    return [_template(pack, calendars, found) for _, found in sorted(cases.items())]


def _template(pack: Pack, calendars: Sequence[WorkingCalendar], rows: list[Row]) -> _Template:
    moments = sorted({us for row in rows for us in _moments_of(row)})
    if not moments:
        raise InputError("the log", f"case {rows[0].case_id}", "no moment", "a case with a moment")
    weeks = tuple(_allowed_weeks(pack, calendars, moments[0], moments[-1]))
    if not weeks:
        expected = "a case within the act's life, with a day before and after it"
        raise InputError("the log", f"case {rows[0].case_id}", "a case outside the act's life", expected)
    apart = all(later - earlier > 1 for earlier, later in pairwise(moments))
    short = apart and moments[-1] - moments[0] < _SHORT_US
    return _Template(tuple(rows), weeks, moments[0], short)


def _moments_of(row: Row) -> list[int]:
    columns = (row.enabled_us, row.started_us, row.completed_us)
    return [us for us in (*columns, *moments_in(row).values()) if us is not None]


def _allowed_weeks(
    pack: Pack, calendars: Sequence[WorkingCalendar], first_us: int, last_us: int
) -> Iterator[int]:
    """Yield the weeks by which a case may move: in force, and each of its days opens and closes as before."""
    begins = parse_day(pack.act.in_force.first)
    ends = parse_day(pack.act.in_force.until) if pack.act.in_force.until else begins + timedelta(days=3650)
    first, last = (local_time(us, pack.act.zone) for us in (first_us, last_us))
    earliest = -((first.date() - begins).days // 7) - 1
    latest = (ends - last.date()).days // 7 + 1
    for week in range(earliest, latest + 1):
        moved = [local_time(us + week * _WEEK_US, pack.act.zone) for us in (first_us, last_us)]
        inside = begins + timedelta(days=1) < moved[0].date() and moved[1].date() < ends - timedelta(days=1)
        kept = [moment.utcoffset() for moment in (first, last)] == [moment.utcoffset() for moment in moved]
        if inside and kept and _alike(calendars, first.date(), last.date(), week):
            yield week


def _alike(calendars: Sequence[WorkingCalendar], first: date, last: date, week: int) -> bool:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return all(
        _hours(calendar, day, week * _WEEK_US) == _hours(calendar, day + timedelta(weeks=week), 0)
        for calendar in calendars
        for day in days
    )


def _hours(calendar: WorkingCalendar, day: date, shift_us: int) -> tuple[int | None, int | None]:
    opens, closes = calendar.opens_us(day), calendar.closes_us(day)
    return None if opens is None else opens + shift_us, None if closes is None else closes + shift_us


def _load(
    database: "duckdb.DuckDBPyConnection", templates: Sequence[_Template], own: set[str], folder: Path
) -> None:
    """Make the table ``templates``: one line a row, its texts with marks where a copy differs."""
    lines = folder / "templates.jsonl"
    with lines.open("w", encoding="utf-8") as file:
        for number, template in enumerate(templates):
            for row in template.rows:
                file.write(json.dumps(_marked(number, template, row, own), ensure_ascii=False) + "\n")
    columns = (
        "{'n': 'BIGINT', 'case_id': 'VARCHAR', 'service': 'VARCHAR', 'path': 'VARCHAR', 'step': 'VARCHAR', "
        "'unit': 'VARCHAR', 'resource': 'VARCHAR', 'enabled_us': 'BIGINT', 'started_us': 'BIGINT', "
        "'completed_us': 'BIGINT', 'resolution_us': 'BIGINT', 'outcome': 'VARCHAR', "
        "'request_number': 'VARCHAR', 'attributes': 'VARCHAR', 'moments': 'BIGINT[]', "
        "'first_us': 'BIGINT', 'short': 'BOOLEAN', 'weeks': 'BIGINT[]'}"
    )
    database.execute(
        "CREATE TABLE templates AS SELECT * FROM read_json("  # noqa: S608 - quoted
        f"{quoted(str(lines))}, format='newline_delimited', columns={columns})"
    )


def _marked(number: int, template: _Template, row: Row, own: set[str]) -> dict[str, Any]:
    """Return *row* as a line of the table: ``@copy@`` and ``"@m0@"`` stand where a copy has its own."""
    values = {name: getattr(row, name) for name in row.__struct_fields__}
    moments: list[int] = []
    attributes = attributes_of(row)
    for name, value in attributes.items():
        if f"attributes.{name}" in own and isinstance(value, str):
            attributes[name] = value + _COPY
        elif is_moment(value) and len(moments) < _MOMENTS:
            attributes[name] = f"@m{len(moments)}@"
            moments.append(value)
    if "request_number" in own and row.request_number is not None:
        values["request_number"] = row.request_number + _COPY
    if row.attributes is not None:
        values["attributes"] = json.dumps(
            attributes, ensure_ascii=False, separators=(",", ":"), sort_keys=True
        )
    values |= {"n": number, "moments": moments, "first_us": template.first_us}
    return values | {"short": template.short, "weeks": template.weeks}


def _write_copies(
    database: "duckdb.DuckDBPyConnection", part: Path, copies: tuple[int, int], seed: int
) -> None:
    """Write the copies *copies* (first and end) of every template to *part*, in canonical order."""
    attributes = f"replace(attributes, '{_COPY}', suffix)"
    for i in range(_MOMENTS):
        attributes = (
            f"replace({attributes}, '\"@m{i}@\"', coalesce({_moved(f'moments[{i + 1}]')}::VARCHAR, ''))"
        )
    moved = {name: _moved(name) for name in ("enabled_us", "started_us", "completed_us")}
    database.execute(
        f"""COPY (
            WITH copies AS (
                SELECT t.*, c.copy, printf('-%d', c.copy) AS suffix,
                    ((c.copy + 1) * 2654435761 + (t.n + 1) * 40692 * 65537 + {seed % _PRIME}) % {_PRIME}
                        AS chance
                FROM range({copies[0]}, {copies[1]}) AS c(copy), templates AS t),
            placed AS (
                SELECT *, weeks[1 + (chance % len(weeks))] * {_WEEK_US} AS shift,
                    CASE WHEN short THEN 1000 - (chance // 1009) % 100 ELSE 1000 END AS pace
                FROM copies),
            made AS (
                SELECT printf('%08d-%s', copy, case_id) AS case_id, service, path, step, unit, resource,
                    {moved["enabled_us"]} AS enabled_us, {moved["started_us"]} AS started_us,
                    {moved["completed_us"]} AS completed_us, resolution_us, outcome,
                    replace(request_number, '{_COPY}', suffix) AS request_number,
                    {attributes} AS attributes
                FROM placed)
            SELECT * FROM made ORDER BY {ORDER}
        ) TO {quoted(str(part))} (FORMAT parquet, COMPRESSION snappy)"""  # noqa: S608 - numbers and constants
    )


def _moved(moment: str) -> str:
    """Return the SQL of *moment* in the copy: paced from the case's first moment, then moved by weeks."""
    return f"(first_us + (({moment} - first_us) * pace) // 1000 + shift)"
