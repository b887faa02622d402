"""Norms of a pack: written once, spread over services and over the columns of the tables."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec

from conformance.errors import InputError, nearest_name
from conformance.norms import NextStep, Norm, NormStatus, PerColumn, Reading, Statement, StepDuration
from conformance.pack_clauses import clause_id, column_paragraph
from conformance.pack_files import PackFiles
from conformance.pack_readings import typed_readings
from conformance.regulation import CellStatus, Column, Flow, FlowStep, NextCell, Table

FAMILIES = ("limits", "successors")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_OF_CELL = {
    CellStatus.PRINTED: NormStatus.AGREED,
    CellStatus.RECONSTRUCTED: NormStatus.AGREED,
    CellStatus.ASSUMED: NormStatus.ASSUMED,
    CellStatus.UNKNOWN: NormStatus.UNKNOWN,
    CellStatus.DISPUTED: NormStatus.DISPUTED,
}
_OF_THE_ACT = (CellStatus.PRINTED, CellStatus.RECONSTRUCTED)
"""Cells that the act itself fills: only those can be read in two ways."""


@dataclass(frozen=True, slots=True)
class PlacedNorm:
    """A norm of one service with the place in ``norms.yaml`` that it comes from."""

    norm: Norm
    inside: str


def expand_norms(files: PackFiles) -> tuple[PlacedNorm, ...]:
    """Return every norm, each for exactly one service: families of columns first, then as written.

    Raises InputError for an unknown family or placeholder.
    """
    place = files.place("norms.yaml")
    placed: list[PlacedNorm] = []
    for i, family in enumerate(files.norms.per_column):
        placed += _of_columns(files, family, place, f"per_column[{i}]")
    for i, norm in enumerate(files.norms.norms):
        placed += _of_services(norm, place, f"norms[{i}]")
    return tuple(placed)


def _of_services(norm: Norm, place: str, inside: str) -> Iterator[PlacedNorm]:
    for service in norm.services:
        values = {"service": service}
        if step := getattr(norm, "step", None):
            values["step"] = step
        changed = msgspec.structs.replace(
            norm,
            id=_fill(norm.id, values, place, f"{inside}.id"),
            clause=_fill(norm.clause, values, place, f"{inside}.clause"),
            services=(service,),
            readings=typed_readings(norm, place, inside),
        )
        if norm.version_of is not None:
            original = _fill(norm.version_of, values, place, f"{inside}.version_of")
            changed = msgspec.structs.replace(changed, version_of=original)
        if isinstance(changed, Statement):
            parts = tuple(_fill(part, values, place, f"{inside}.parts") for part in changed.parts)
            changed = msgspec.structs.replace(changed, parts=parts)
        yield PlacedNorm(changed, inside)


def _of_columns(files: PackFiles, family: PerColumn, place: str, inside: str) -> Iterator[PlacedNorm]:
    if family.make not in FAMILIES:
        expected = "one of " + ", ".join(FAMILIES)
        nearest = nearest_name(family.make, FAMILIES)
        raise InputError(place, f"{inside}.make", f"the unknown family {family.make}", expected, nearest)
    made = _of_tables(files, family) + (_of_flows(files, family) if family.make == "successors" else [])
    if not made and (family.make == "limits" or not files.process.flow):
        sources = "tables" if family.make == "limits" else "tables or a flow"
        raise InputError(place, f"{inside}.make", f"{family.make}, made of nothing", f"a pack with {sources}")
    for norm in made:
        values = {"service": norm.services[0], "step": norm.step}
        norm_id = _fill(family.id, values, place, f"{inside}.id")
        readings = typed_readings(norm, place, inside)
        yield PlacedNorm(msgspec.structs.replace(norm, id=norm_id, readings=readings), inside)


def _of_tables(files: PackFiles, family: PerColumn) -> list[StepDuration | NextStep]:
    make = _limit if family.make == "limits" else _successors
    return [
        make(family, table, column)
        for _, file in files.tables
        for table in file.tables
        for column in table.columns
    ]


def _of_flows(files: PackFiles, family: PerColumn) -> list[StepDuration | NextStep]:
    return [
        _stated(family, flow, service, item)
        for flow in files.process.flow
        for service in flow.services
        for item in flow.steps
    ]


def _limit(family: PerColumn, table: Table, column: Column) -> StepDuration:
    cell = column.limit
    return StepDuration(
        id=family.id,
        rule=family.rule,
        clause=clause_id(table.service, column_paragraph(table, column)),
        title=family.title,
        services=(table.service,),
        path=table.path,
        status=_OF_CELL[cell.origin.status],
        assumption=cell.origin.assumption,
        step=column.step,
        max_s=cell.max_s,
        min_s=cell.min_s,
        readings=family.readings if cell.min_s and cell.origin.status in _OF_THE_ACT else (),
    )


def _successors(family: PerColumn, table: Table, column: Column) -> NextStep:
    cell = column.next
    paragraph = cell.resolved_by or column_paragraph(table, column)
    return NextStep(
        id=family.id,
        rule=family.rule,
        clause=clause_id(table.service, paragraph),
        title=family.title,
        services=(table.service,),
        path=table.path,
        status=NormStatus.AGREED if cell.resolved_by else _OF_CELL[cell.origin.status],
        assumption=cell.origin.assumption,
        step=column.step,
        allowed=cell.steps,
        on_ok=cell.on_ok,
        otherwise=cell.otherwise,
        readings=_as_printed(family, cell),
    )


def _as_printed(family: PerColumn, cell: NextCell) -> tuple[Reading, ...]:
    """Return the readings of a cell that the text corrects: one of them takes it as it is printed."""
    if cell.printed is None or cell.printed_steps == cell.steps:
        return ()
    printed = {"allowed": cell.printed_steps, "on_ok": None, "otherwise": None}
    return tuple(
        reading if reading.default else msgspec.structs.replace(reading, changes=printed)
        for reading in family.readings
    )


def _stated(family: PerColumn, flow: Flow, service: str, item: FlowStep) -> NextStep:
    return NextStep(
        id=family.id,
        rule=family.rule,
        clause=clause_id(service, flow.paragraph),
        title=family.title,
        services=(service,),
        path=flow.path,
        status=NormStatus.ASSUMED if flow.assumption else NormStatus.AGREED,
        assumption=flow.assumption,
        step=item.step,
        allowed=item.next,
    )


def _fill(template: str, values: Mapping[str, str], place: str, inside: str) -> str:
    for name in _PLACEHOLDER.findall(template):
        if name not in values:
            expected = "one of " + ", ".join(f"{{{known}}}" for known in values)
            near = nearest_name(name, values)
            nearest = f"{{{near}}}" if near else None
            raise InputError(place, inside, f"the unknown placeholder {{{name}}}", expected, nearest)
    return _PLACEHOLDER.sub(lambda match: values[match[1]], template)
