"""Write the log of a study as it comes: numbers into a table of DuckDB, texts only when all is there.

A row in memory is a dozen numbers. Names, request numbers and attributes are put together by the database
while it writes the Parquet file; so a log of any length takes the same memory, and no Python per row.
"""

from collections.abc import Iterator
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
        'case-' || (100000000 + case_number) AS case_id,
        {service} AS service, {path} AS path, {step} AS step, {unit} AS unit,
        {station} || CASE WHEN server > 0 THEN concat('-', server) ELSE '' END AS resource,
        enabled_us,
        CASE WHEN started_us >= 0 THEN started_us END AS started_us,
        CASE WHEN completed_us >= 0 THEN completed_us END AS completed_us,
        1::BIGINT AS resolution_us,
        {outcome} AS outcome,
        CASE WHEN {has_number} THEN {number} END AS request_number,
        concat(
            '{{"provider":"', {office}, '"', {fixed},
            CASE WHEN {has_message} AND message >= 0
                 THEN concat(',"gateway_message":"gw-', office + 1, '-', message, '"') END,
            CASE WHEN {has_slot} AND slot >= 0
                 THEN concat(',"slot":"doctor-', slot % {doctors} + 1, '@', {slot_time}, '"') END,
            CASE WHEN {has_journal}
                 THEN concat(',"journal_entry_us":', started_us, ',"oral_answer_us":', completed_us) END,
            CASE WHEN {has_talon} THEN concat(',"talon":"T-', {number}, '"') END,
            CASE WHEN {has_decision} THEN concat(',"decision_us":', note) END,
            CASE WHEN abandoned > 0 THEN concat(',"abandoned_us":', note) END,
            CASE WHEN waited_us > 0 THEN concat(',"waited_us":', waited_us) END,
            '}}'
        ) AS attributes
    FROM played
) TO {file} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880)
"""
"""Names are looked up in lists: a join puts the last few rows of a long table out of their order."""

_NUMBER = "((({digit}) * 1000000 + day) * 100000000000 + (office + 1) * 10000000::BIGINT + request)::VARCHAR"


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
        names = self._names()
        number = _NUMBER.format(digit=names.pop("digit"))
        file = _literal(str(self.path))
        self.database.execute(_COPY.format(**names, number=number, file=file))

    def _names(self) -> dict[str, str]:
        """Keep all names as lists in the database, and return for each how a row finds its own in SQL."""
        plan = self.plan
        kinds = [plan.kinds[begins] for begins in sorted(plan.kinds)]
        templates = [*plan.templates, *(_open_template(plan, step) for step in plan.steps)]
        times = sorted({slot.begins_us for slot in plan.network.slots})
        doctors = len(plan.network.slots) // len(times) if times else 1
        by_row: dict[str, tuple[str, list[str | int | bool | None]]] = {
            "service": ("kind", [kind.service for kind in kinds]),
            "path": ("kind", [kind.path for kind in kinds]),
            "digit": ("kind", [int(SERVICE_DIGITS[kind.service]) for kind in kinds]),
            "step": ("template", [template.step for template in templates]),
            "unit": ("template", [template.unit for template in templates]),
            "outcome": ("template", [template.outcome or None for template in templates]),
            "has_number": ("template", [template.has_number for template in templates]),
            "fixed": ("template", ["".join(map(_fixed, template.fixed)) for template in templates]),
            "station": ("station", list(plan.station_names)),
            "office": ("office", list(plan.offices)),
            "slot_time": (
                f"slot // {doctors}",
                [f"{local_time(begins_us, plan.zone):%Y-%m-%dT%H:%M}" for begins_us in times],
            ),
        }
        for name, moving in _MOVING.items():
            by_row[name] = ("template", [moving in template.moving for template in templates])
        for name, (_, values) in by_row.items():
            listed = ", ".join(map(_literal, values)) or "NULL"
            self.database.execute(f"SET VARIABLE {name} = [{listed}]")
        found = {name: f"getvariable('{name}')[{place} + 1]" for name, (place, _) in by_row.items()}
        return {**found, "doctors": str(doctors)}

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
        self.database.execute(_PLAYED)


_PLAYED = """
CREATE TEMP TABLE played (
    case_number BIGINT, kind BIGINT, template BIGINT, office BIGINT, enabled_us BIGINT, started_us BIGINT,
    completed_us BIGINT, waited_us BIGINT, station BIGINT, server BIGINT, request BIGINT, day BIGINT,
    message BIGINT, slot BIGINT, note BIGINT, abandoned BIGINT
)
"""


_MOVING = {
    "has_message": "gateway_message",
    "has_slot": "slot",
    "has_journal": "journal_entry_us",
    "has_talon": "talon",
    "has_decision": "decision_us",
}
"""Attributes whose value each case gives, by what tells that a template has them."""


def _literal(value: str | int | bool | None) -> str:
    """Return a value as SQL has it."""
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return "NULL" if value is None else str(value).upper()


def _fixed(attribute: tuple[str, str]) -> str:
    name, text = attribute
    return f',"{name}":{text}'


def _open_template(plan: LoadPlan, step: str) -> RowTemplate:
    """Return what the row of a step shows that has not ended, or whose outcome is not known."""
    return RowTemplate(step, plan.pack.step(step).unit, "", has_number=False, fixed=(), moving=frozenset())


def _local_days(plan: LoadPlan) -> tuple[Column, Column]:
    """Return when each local day of the plan begins, and its name as yymmdd."""
    span = Span(plan.starts_us, plan.network.horizon_us, plan.zone)
    begins = list(span.days_us())
    names = [int(f"{local_time(day_us, plan.zone):%y%m%d}") for day_us in begins]
    return np.array(begins, np.int64), np.array(names, np.int64)
