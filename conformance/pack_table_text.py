"""One table of a pack as text: every cell, as printed and as read, with where it comes from."""

from collections.abc import Iterator

from conformance.pack import Pack
from conformance.regulation import Column, LimitCell, NextCell, Origin, Table, UnitCell
from conformance.text_layout import Page

_CELL_INDENT = 4


def table_lines(pack: Pack, table: Table, page: Page) -> Iterator[str]:
    """Yield the lines of *table*: a heading, then five cells for each column."""
    title = f"{table.service} {page.label('table')} {table.number}, {page.text(pack.path(table.path).title)}"
    yield ""
    yield from page.entry(f"{title}.", page.text(table.caption) + page.defects(table.defects), indent=2)
    for column in table.columns:
        yield ""
        yield f"  {page.label('column')} {column.number}  {column.step} {pack.step(column.step).name}"
        yield from _cells(pack, column, page)


def _cells(pack: Pack, column: Column, page: Page) -> Iterator[str]:
    rows = (
        ("unit", _unit(pack, column.unit, page), column.unit.origin),
        ("action", page.text(column.action.text), column.action.origin),
        ("form", page.text(column.form.text), column.form.origin),
        ("limit", _limit(column.limit, page), column.limit.origin),
        ("next", _next(column.next, page), column.next.origin),
    )
    for key, words, origin in rows:
        yield from page.entry(page.label(key), words, _CELL_INDENT)
        yield from page.entry(" ", _origin(origin, page), _CELL_INDENT)


def _origin(origin: Origin, page: Page) -> str:
    assumption = f"; {origin.assumption}" if origin.assumption else ""
    return f"[{page.label(origin.status)}: {origin.source}{assumption}{page.defects(origin.defects)}]"


def _printed(printed: str | None, page: Page) -> str:
    if printed is None:
        return page.label("nothing_printed")
    return f"{page.label('as_printed')} «{printed}»"


def _unit(pack: Pack, cell: UnitCell, page: Page) -> str:
    name = next(page.text(unit.name) for unit in pack.units if unit.code == cell.unit)
    return f"{_printed(cell.printed, page)}; {page.label('as_read')} {cell.unit} ({name})"


def _limit(cell: LimitCell, page: Page) -> str:
    return f"{_printed(cell.printed, page)}; {page.label('as_read')} {_seconds(cell, page)}"


def _seconds(cell: LimitCell, page: Page) -> str:
    if cell.max_s is None:
        return page.label("unknown_limit")
    if cell.min_s is None:
        return f"{page.label('at_most')} {cell.max_s} {page.label('seconds')}"
    return f"{cell.min_s}-{cell.max_s} {page.label('seconds')}"


def _next(cell: NextCell, page: Page) -> str:
    printed = _printed(cell.printed, page)
    if cell.printed is not None:
        printed += f" ({', '.join(cell.printed_steps) or page.label('none')})"
    return f"{printed}; {page.label('as_read')} {_successors(cell, page)}"


def _successors(cell: NextCell, page: Page) -> str:
    by_text = f", {page.label('by_text')} {cell.resolved_by}" if cell.resolved_by else ""
    if not cell.steps:
        return page.label("ends") + by_text
    if len(cell.steps) == 1:
        return cell.steps[0] + by_text
    words = ", ".join(cell.steps)
    if cell.on_ok and cell.otherwise:
        words = f"{page.label('if_ok')} {cell.on_ok}, {page.label('otherwise')} {cell.otherwise}"
    return words + by_text
