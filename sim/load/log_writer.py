"""Write the log of a study as it comes: numbers into a table of DuckDB, texts only when all is there.

A row in memory is a dozen numbers. Names, request numbers and attributes are put together by the database
while it writes the Parquet file; so a log of any length takes the same memory, and no Python per row.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from actors.workstation import SERVICE_DIGITS
from conformance.calendar import local_time
from sim.load.blocks import Column, PlayedCases
from sim.load.in_order import InOrder
from sim.load.plan import LoadPlan
from sim.load.rehearsal import RowTemplate
from sim.load.state import ABANDONED
from sim.load.timeline import Span

if TYPE_CHECKING:
    import duckdb

MEMORY_LIMIT = "250MB"
ROWS_OF_AN_INSERT = 100_000
REGISTERING = ("P6", "V6")
"""The steps at which a request gets its number, with the day of that moment in it."""

ATTRIBUTES = (
    "abandoned_us",
    "applicant",
    "decision_us",
    "gateway_message",
    "indication",
    "information",
    "journal_entry_us",
    "message",
    "oral_answer_us",
    "provider",
    "reason",
    "slot",
    "slot_free",
    "status_screen",
    "sub_indication",
    "talon",
    "waited_us",
)
"""Attributes that the log of a study has; without documents nothing is said of those."""

_COPY = """
COPY (
    SELECT
        'case-' || (100000000 + r.case_number) AS case_id,
        k.service, k.path, t.step, t.unit,
        s.name || CASE WHEN r.server > 0 THEN concat('-', r.server) ELSE '' END AS resource,
        r.enabled_us,
        CASE WHEN r.started_us >= 0 THEN r.started_us END AS started_us,
        CASE WHEN r.completed_us >= 0 THEN r.completed_us END AS completed_us,
        1::BIGINT AS resolution_us,
        t.outcome,
        CASE WHEN t.numbered THEN {number} END AS request_number,
        concat(
            h.head,
            CASE WHEN t.message AND r.message >= 0
                 THEN concat(',"gateway_message":"gw-', r.office + 1, '-', r.message, '"') END,
            CASE WHEN t.slot AND r.slot >= 0 THEN concat(',"slot":"', d.name, '"') END,
            CASE WHEN t.journal
                 THEN concat(',"journal_entry_us":', r.started_us, ',"oral_answer_us":', r.completed_us) END,
            CASE WHEN t.talon THEN concat(',"talon":"T-', {number}, '"') END,
            CASE WHEN t.decision THEN concat(',"decision_us":', r.note) END,
            CASE WHEN r.abandoned > 0 THEN concat(',"abandoned_us":', r.note) END,
            CASE WHEN r.waited_us > 0 THEN concat(',"waited_us":', r.waited_us) END,
            '}}'
        ) AS attributes
    FROM played r
    JOIN kinds k ON k.kind = r.kind
    JOIN templates t ON t.template = r.template
    JOIN heads h ON h.head_number = r.template * {offices} + r.office
    LEFT JOIN stations s ON s.station = r.station
    LEFT JOIN slots d ON d.slot = r.slot
) TO {path} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)
"""
_NUMBER = "((k.digit * 1000000 + r.day) * 100000000000 + (r.office + 1) * 10000000::BIGINT + r.request)"


@dataclass(slots=True)
class LogWriter:
    """Take played cases as they end; *finish* writes the log to *path*."""

    plan: LoadPlan
    path: Path
    database: "duckdb.DuckDBPyConnection"
    rows: int = 0
    _kind_of: Any = None
    _days: tuple[Column, Column] | None = None
    _in_order: InOrder = field(default_factory=InOrder)
    _waiting: list[dict[str, Column]] = field(default_factory=list)
    _count: int = 0

    @classmethod
    @contextmanager
    def opened(cls, plan: LoadPlan, path: Path) -> Iterator["LogWriter"]:
        """Open a writer; what it needs meanwhile lies in a hidden folder beside *path*, for as long."""
        import duckdb  # noqa: PLC0415 - half of the start-up time

        with TemporaryDirectory(prefix=".log-", dir=path.parent) as own:
            settings: dict[str, Any] = {"memory_limit": MEMORY_LIMIT, "threads": 1, "temp_directory": own}
            with duckdb.connect(":memory:", config=settings) as database:  # what is too much goes to *own*
                writer = cls(plan, path, database)
                writer._prepare()
                yield writer

    def add(self, block: PlayedCases) -> None:
        """Take the rows of *block*."""
        for ready in self._in_order.add(block):
            self._take(ready)

    def _take(self, block: PlayedCases) -> None:
        """Take the rows of *block*, which come after those of all earlier ones."""
        rows, cases = block.rows, block.cases
        if not len(rows.case):
            return
        of_case = rows.case - cases.number[0]
        gone = (cases.phase[of_case] == ABANDONED) & (rows.completed_us < 0)
        template = np.where(rows.outcome < 0, len(self.plan.templates) + rows.step, rows.outcome)
        self._waiting.append(
            {
                "case_number": rows.case,
                "kind": self._kind_of[cases.program[of_case]],
                "template": template,
                "office": cases.office[of_case],
                "enabled_us": rows.enabled_us,
                "started_us": rows.started_us,
                "completed_us": rows.completed_us,
                "waited_us": rows.waited_us,
                "station": rows.station,
                "server": rows.server,
                "request": rows.request,
                "day": self._registration_days(block),
                "message": rows.message,
                "slot": rows.slot,
                "note": rows.note,
                "abandoned": gone.astype(np.int64),
            }
        )
        self._count += len(rows.case)
        if self._count >= ROWS_OF_AN_INSERT:
            self._insert()

    def finish(self) -> None:
        """Write the log: Parquet, by case and within it by end; the same cases give the same octets."""
        for ready in self._in_order.rest():
            self._take(ready)
        self._insert()
        quoted = "'" + str(self.path).replace("'", "''") + "'"
        number = f"{_NUMBER}::VARCHAR"
        self.database.execute(_COPY.format(number=number, offices=len(self.plan.offices), path=quoted))

    def _insert(self) -> None:
        if not self._waiting:
            return
        batch = {name: np.concatenate([part[name] for part in self._waiting]) for name in self._waiting[0]}
        self.database.register("batch", batch)
        self.database.execute("INSERT INTO played SELECT * FROM batch")
        self.database.unregister("batch")
        self.rows += self._count
        self._waiting, self._count = [], 0

    def _registration_days(self, block: PlayedCases) -> Column:
        """Return for each row the local day, yymmdd, on which its request got a number; elsewhere any day."""
        rows = block.rows
        steps = [self.plan.steps.index(step) for step in REGISTERING if step in self.plan.steps]
        latest = np.maximum.accumulate(np.where(np.isin(rows.step, steps), np.arange(len(rows.step)), 0))
        begins, names = self._days or _local_days(self.plan)
        self._days = (begins, names)
        return names[np.maximum(np.searchsorted(begins, rows.enabled_us[latest], side="right") - 1, 0)]

    def _prepare(self) -> None:
        plan = self.plan
        kinds = sorted(plan.kinds)
        self._kind_of = np.full(max(kinds) + 1, -1, np.int64)
        self._kind_of[kinds] = np.arange(len(kinds))
        services = [plan.kinds[begins] for begins in kinds]
        self._table(
            "kinds",
            ("kind BIGINT", "service VARCHAR", "path VARCHAR", "digit BIGINT"),
            [(n, k.service, k.path, int(SERVICE_DIGITS[k.service])) for n, k in enumerate(services)],
        )
        templates = [*plan.templates, *(_open_template(plan, step) for step in plan.steps)]
        flags = ("numbered", "message", "slot", "journal", "talon", "decision")
        self._table(
            "templates",
            (
                "template BIGINT",
                "step VARCHAR",
                "unit VARCHAR",
                "outcome VARCHAR",
                *(f"{f} BOOLEAN" for f in flags),
            ),
            [(n, *_template_values(template)) for n, template in enumerate(templates)],
        )
        self._table(
            "heads",
            ("head_number BIGINT", "head VARCHAR"),
            [
                (n * len(plan.offices) + at, _head(template, office))
                for n, template in enumerate(templates)
                for at, office in enumerate(plan.offices)
            ],
        )
        self._table("stations", ("station BIGINT", "name VARCHAR"), list(enumerate(plan.station_names)))
        slots = [
            (n, f"doctor-{slot.doctor + 1}@{local_time(slot.begins_us, plan.zone):%Y-%m-%dT%H:%M}")
            for n, slot in enumerate(plan.network.slots_in_order)
        ]
        self._table("slots", ("slot BIGINT", "name VARCHAR"), slots)
        self.database.execute(_PLAYED)

    def _table(self, name: str, columns: Sequence[str], values: Sequence[tuple[Any, ...]]) -> None:
        self.database.execute(f"CREATE TABLE {name} ({', '.join(columns)})")
        by_column = list(zip(*values, strict=True)) if values else []
        if by_column:
            batch = {
                column.split()[0]: _array(list(cells))
                for column, cells in zip(columns, by_column, strict=True)
            }
            self.database.register("batch", batch)
            self.database.execute(f"INSERT INTO {name} SELECT * FROM batch")  # noqa: S608 - names of this module
            self.database.unregister("batch")


_PLAYED = """
CREATE TEMP TABLE played (
    case_number BIGINT, kind BIGINT, template BIGINT, office BIGINT, enabled_us BIGINT, started_us BIGINT,
    completed_us BIGINT, waited_us BIGINT, station BIGINT, server BIGINT, request BIGINT, day BIGINT,
    message BIGINT, slot BIGINT, note BIGINT, abandoned BIGINT
)
"""


def _array(cells: list[Any]) -> Any:
    return np.array(cells, object) if isinstance(cells[0], str | None) else np.array(cells)


def _open_template(plan: LoadPlan, step: str) -> RowTemplate:
    """Return what the row of a step shows that has not ended, or whose outcome is not known."""
    return RowTemplate(step, plan.pack.step(step).unit, "", has_number=False, fixed=(), moving=frozenset())


def _template_values(template: RowTemplate) -> tuple[Any, ...]:
    moving = template.moving
    return (
        template.step,
        template.unit,
        template.outcome or None,
        template.has_number,
        "gateway_message" in moving,
        "slot" in moving,
        "journal_entry_us" in moving,
        "talon" in moving,
        "decision_us" in moving,
    )


def _head(template: RowTemplate, office: str) -> str:
    """Return the beginning of the attributes that all rows of a template have in an office."""
    fixed = [f'"{name}":{text}' for name, text in template.fixed]
    return "{" + ",".join([f'"provider":"{office}"', *fixed])


def _local_days(plan: LoadPlan) -> tuple[Column, Column]:
    """Return when each local day of the plan begins, and its name as yymmdd."""
    span = Span(plan.starts_us, plan.network.horizon_us, plan.zone)
    begins = list(span.days_us())
    names = [int(f"{local_time(day_us, plan.zone):%y%m%d}") for day_us in begins]
    return np.array(begins, np.int64), np.array(names, np.int64)
