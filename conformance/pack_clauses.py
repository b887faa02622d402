"""Clauses of a pack: written ones spread over their services, and one for every table column."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from conformance.pack_files import PackFiles
from conformance.regulation import Clause, ClauseEntry, ClauseStatus, Column, Table, Text

_FORMS = (
    (re.compile(r"(\d+)(?:\((\d+)\))?\Z"), "paragraph"),
    (re.compile(r"A(\d+)(?:\.Q(\d+))?\Z"), "annex"),
    (re.compile(r"T(\d+)\.c(\d+)\Z"), "column"),
)
_NOT_ASKED = Text(
    en="No norm of this pack asks for this column.",
    ru="Ни одна норма этого набора не проверяет эту графу.",
    kk="Бұл жиынтықтың бірде-бір нормасы осы бағанды тексермейді.",
)


@dataclass(frozen=True, slots=True)
class PlacedClause:
    """A clause with the place in the pack that it comes from."""

    clause: Clause
    place: str
    inside: str


def clause_id(service: str | None, paragraph: str) -> str:
    """Return the identifier of a clause, ``S1/12(6)``; the resolution itself is ``R``."""
    return f"{service or 'R'}/{paragraph}"


def column_paragraph(table: Table, column: Column) -> str:
    """Return the paragraph under which a table column is a clause, ``T1.c6``."""
    return f"T{table.number}.c{column.number}"


def is_column(paragraph: str) -> bool:
    """Tell whether *paragraph* stands for a table column."""
    return _FORMS[-1][0].match(paragraph) is not None


def paragraph_key(paragraph: str) -> tuple[int, int, int, int] | None:
    """Return the place of *paragraph* in reading order, None if it has no known form.

    Known forms are ``12``, ``12(6)``, ``A3``, ``A3.Q1`` and ``T1.c6``. Tables follow Annex 1.
    """
    for pattern, form in _FORMS:
        if match := pattern.match(paragraph):
            first, second = int(match[1]), int(match[2] or 0)
            if form == "paragraph":
                return (0, first, second, 0)
            return (1, first, 0, second) if form == "annex" else (1, 1, first, second)
    return None


def expand_clauses(files: PackFiles, cited: frozenset[str]) -> tuple[PlacedClause, ...]:
    """Return every clause in reading order; a table column is checked if a norm cites it."""
    order = {service.id: number for number, service in enumerate(files.process.services)}
    placed = [*_written(files), *_of_columns(files, cited)]

    def reading_order(item: PlacedClause) -> tuple[int, tuple[int, ...]]:
        clause = item.clause
        service = -1 if clause.service is None else order.get(clause.service, len(order))
        return service, paragraph_key(clause.paragraph) or ()

    return tuple(sorted(placed, key=reading_order))


def _written(files: PackFiles) -> Iterator[PlacedClause]:
    for place, file in files.clauses:
        for i, entry in enumerate(file.clauses):
            for service in entry.services or (None,):
                yield PlacedClause(_written_clause(entry, service), place, f"clauses[{i}]")


def _written_clause(entry: ClauseEntry, service: str | None) -> Clause:
    return Clause(
        id=clause_id(service, entry.paragraph),
        service=service,
        paragraph=entry.paragraph,
        gist=entry.gist,
        status=entry.status,
        reason=entry.reason,
        defects=entry.defects,
    )


def _of_columns(files: PackFiles, cited: frozenset[str]) -> Iterator[PlacedClause]:
    for place, file in files.tables:
        for i, table in enumerate(file.tables):
            for j, column in enumerate(table.columns):
                clause = _column_clause(table, column, cited)
                yield PlacedClause(clause, place, f"tables[{i}].columns[{j}]")


def _column_clause(table: Table, column: Column, cited: frozenset[str]) -> Clause:
    paragraph = column_paragraph(table, column)
    identifier = clause_id(table.service, paragraph)
    checked = identifier in cited
    cells = (column.unit, column.action, column.form, column.limit, column.next)
    return Clause(
        id=identifier,
        service=table.service,
        paragraph=paragraph,
        gist=column.action.text,
        status=ClauseStatus.CHECKED if checked else ClauseStatus.INFORMATIVE,
        reason=None if checked else _NOT_ASKED,
        defects=tuple(sorted({defect for cell in cells for defect in cell.origin.defects})),
    )
