"""Lay out a table in the columns of a terminal; a row that is too wide becomes lines of heads and values."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.characters import display_width, flow, one_line, pad, shorten

_GAP = "  "
_LEAST = 8
"""An elastic column is not made narrower than this."""


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column; *right* for figures, *elastic* if its cells may be cut to fit."""

    head: str
    right: bool = False
    elastic: bool = False


def text_table(
    columns: list[Column], rows: list[list[str]], width: int, indent: int = 2, above: Sequence[str] = ()
) -> list[str]:
    """Return head and *rows* in lines of at most *width* columns; *above* each row stands its own, if any."""
    cells = [[one_line(cell) for cell in row] for row in rows]
    widths = _fitted(columns, cells, width - indent)
    if widths is None:
        return _as_records(columns, cells, width, indent, above)
    lines = [" " * indent + line for line in _head(columns, widths)]
    for number, row in enumerate(cells):
        line = _GAP.join(_set(c, w, cell) for c, w, cell in zip(columns, widths, row, strict=True))
        lines += [*_above(above, number, width, indent), " " * indent + line]
    return [line.rstrip() for line in lines]


def _fitted(columns: list[Column], cells: list[list[str]], room: int) -> list[int] | None:
    """Return the widths of the columns, None if they do not fit however the elastic ones are cut."""
    widths = []
    for index, column in enumerate(columns):
        words = max(map(display_width, column.head.split(" ")))
        widths.append(max([words, *(display_width(row[index]) for row in cells)]))
    over = sum(widths) + len(_GAP) * (len(columns) - 1) - room
    while over > 0:
        elastic = [i for i, column in enumerate(columns) if column.elastic and widths[i] > _LEAST]
        if not elastic:
            return None
        widest = max(elastic, key=lambda i: widths[i])
        widths[widest] -= 1
        over -= 1
    return widths


def _head(columns: list[Column], widths: list[int]) -> list[str]:
    heads = [flow([column.head], width) for column, width in zip(columns, widths, strict=True)]
    height = max(map(len, heads))
    stacked = [[""] * (height - len(head)) + head for head in heads]
    return [
        _GAP.join(_set(c, w, head[row]) for c, w, head in zip(columns, widths, stacked, strict=True))
        for row in range(height)
    ]


def _set(column: Column, width: int, cell: str) -> str:
    cell = shorten(cell, width)
    return " " * (width - display_width(cell)) + cell if column.right else pad(cell, width)


def _above(above: Sequence[str], number: int, width: int, indent: int) -> list[str]:
    if not above:
        return []
    start = " " * (indent - len(_GAP))
    return [start + line for line in flow([one_line(above[number])], width - len(start), 2)]


def _as_records(
    columns: list[Column], cells: list[list[str]], width: int, indent: int, above: Sequence[str]
) -> list[str]:
    lines = []
    for number, row in enumerate(cells):
        lines += _above(above, number, width, indent)
        chunks = [f"{column.head} {cell}" for column, cell in zip(columns, row, strict=True)]
        lines += [(" " * indent + line).rstrip() for line in flow(chunks, width - indent, 2)]
    return lines
