"""Checks of the tables: every column once, and every cell honest about where it comes from."""

from itertools import pairwise

from conformance.errors import InputError
from conformance.pack_draft import Draft, PlacedTable, refer, refer_all, refuse_duplicates
from conformance.regulation import CellStatus, Column, LimitCell, NextCell, Origin, Step, UnitCell

_WITH_PRINT = (CellStatus.PRINTED, CellStatus.DISPUTED)


def check_tables(draft: Draft) -> None:
    """Refuse tables that are incomplete or cells that claim what they do not have.

    A pack that has tables has one for each service and path, unless a flow states the order there; columns
    are the numbered steps of the path. A printed or disputed cell has printed text,
    an assumed one its assumption, an unknown limit no seconds, any other limit a maximum.
    """
    placed = draft.tables()
    refuse_duplicates(
        ((item.place, item.inside, f"{item.table.service} {item.table.path}") for item in placed), "table"
    )
    refuse_duplicates(
        ((item.place, item.inside, f"{item.table.service} Table {item.table.number}") for item in placed),
        "table",
    )
    for item in placed:
        refer(item.place, f"{item.inside}.service", item.table.service, draft.service_ids(), "service")
        refer_all(item.place, f"{item.inside}.defects", item.table.defects, draft.defect_ids(), "defect")
        _check_columns(draft, item)
    have = {(item.table.service, item.table.path) for item in placed}
    have |= {(service, flow.path) for flow in draft.files.process.flow for service in flow.services}
    paths = {step.path for step in draft.files.process.steps}
    for service in draft.service_ids() if placed else ():
        for path in sorted(paths):
            if (service, path) not in have:
                place = str(draft.files.root / "tables")
                raise InputError(place, "", f"no table of {service} for the path {path}", "one table each")


def _check_columns(draft: Draft, item: PlacedTable) -> None:
    steps = {step.code: step for step in draft.files.process.steps}
    numbers = tuple(column.number for column in item.table.columns)
    used = {column.step for other in draft.tables() for column in other.table.columns}
    numbered = sum(code in used and step.path == item.table.path for code, step in steps.items())
    if not numbers or numbers != tuple(range(1, numbered + 1)):
        found = "columns " + (", ".join(map(str, numbers)) or "none at all")
        expected = f"columns 1 to {numbered}, each once, in order"
        raise InputError(item.place, f"{item.inside}.columns", found, expected)
    for column, inside in item.columns():
        of_path = draft.step_codes(item.table.path)
        refer(item.place, f"{inside}.step", column.step, of_path, f"step of path {item.table.path}")
        _check_number(item.place, inside, column, steps[column.step])
        _check_unit(draft, item.place, f"{inside}.unit", column.unit)
        _check_origin(draft, item.place, f"{inside}.action", column.action.origin)
        _check_origin(draft, item.place, f"{inside}.form", column.form.origin)
        _check_limit(draft, item.place, f"{inside}.limit", column.limit)
        _check_next(draft, item, f"{inside}.next", column.next)


def _check_number(place: str, inside: str, column: Column, step: Step) -> None:
    if step.number != column.number:
        found = f"{column.step}, which is step {step.number}"
        raise InputError(place, f"{inside}.step", found, f"the step with the number {column.number}")


def _check_origin(draft: Draft, place: str, inside: str, origin: Origin) -> None:
    at = f"{inside}.origin"
    if not origin.source.strip():
        raise InputError(place, f"{at}.source", "nothing", "the place in the source")
    if origin.assumption is not None:
        refer(place, f"{at}.assumption", origin.assumption, draft.assumption_ids(), "assumption")
    elif origin.status is CellStatus.ASSUMED:
        raise InputError(place, f"{at}.assumption", "nothing", "an assumption, as the cell is assumed")
    refer_all(place, f"{at}.defects", origin.defects, draft.defect_ids(), "defect")


def _check_printed(place: str, inside: str, printed: str | None, origin: Origin) -> None:
    if origin.status in _WITH_PRINT and not (printed or "").strip():
        expected = f"the text as printed, as the cell is {origin.status}"
        raise InputError(place, f"{inside}.printed", "nothing", expected)


def _check_unit(draft: Draft, place: str, inside: str, cell: UnitCell) -> None:
    refer(place, f"{inside}.unit", cell.unit, draft.unit_codes(), "unit")
    _check_printed(place, inside, cell.printed, cell.origin)
    _check_origin(draft, place, inside, cell.origin)


def _check_limit(draft: Draft, place: str, inside: str, cell: LimitCell) -> None:
    _check_printed(place, inside, cell.printed, cell.origin)
    _check_origin(draft, place, inside, cell.origin)
    if cell.origin.status is CellStatus.UNKNOWN:
        if cell.max_s is not None:
            raise InputError(place, f"{inside}.max_s", f"{cell.max_s} s", "null, as the cell is unknown")
    elif cell.max_s is None:
        raise InputError(place, f"{inside}.max_s", "nothing", f"seconds, as the cell is {cell.origin.status}")
    if cell.max_s is not None and cell.max_s <= 0:
        raise InputError(place, f"{inside}.max_s", f"{cell.max_s} s", "more than 0 s")
    bounds = [bound for bound in (0, cell.min_s, cell.max_s) if bound is not None]
    if any(low > high for low, high in pairwise(bounds)):
        expected = f"0 s to max_s ({cell.max_s} s)"
        raise InputError(place, f"{inside}.min_s", f"{cell.min_s} s", expected)


def _check_next(draft: Draft, item: PlacedTable, inside: str, cell: NextCell) -> None:
    place, path = item.place, item.table.path
    _check_printed(place, inside, cell.printed, cell.origin)
    _check_origin(draft, place, inside, cell.origin)
    of_path = draft.step_codes(path)
    refer_all(place, f"{inside}.printed_steps", cell.printed_steps, of_path, f"step of path {path}")
    refer_all(place, f"{inside}.steps", cell.steps, of_path, f"step of path {path}")
    if cell.printed is None and cell.printed_steps:
        found = ", ".join(cell.printed_steps)
        raise InputError(place, f"{inside}.printed_steps", found, "none, as nothing is printed")
    for key in ("on_ok", "otherwise"):
        step = getattr(cell, key)
        if step is not None:
            refer(place, f"{inside}.{key}", step, cell.steps, "next step")
    if cell.resolved_by is not None:
        clause = f"{item.table.service}/{cell.resolved_by}"
        refer(place, f"{inside}.resolved_by", clause, draft.clause_ids(), "clause")
