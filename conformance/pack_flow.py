"""The two readings of a table as a graph: as printed, and after the text has been heard.

Source: ASSUME-18 names the readings ``strict_table`` and ``text_resolved``.
"""

from collections.abc import Mapping
from enum import StrEnum

from conformance.regulation import Column, Table


class Reading(StrEnum):
    """How the "next action" row is read."""

    STRICT_TABLE = "strict_table"
    TEXT_RESOLVED = "text_resolved"


def flow_of(table: Table, reading: Reading) -> dict[str, tuple[str, ...]]:
    """Return the successors of every step of *table* under *reading*, in column order."""
    strict = reading is Reading.STRICT_TABLE
    return {
        column.step: column.next.printed_steps if strict else column.next.steps for column in table.columns
    }


def reachable(flow: Mapping[str, tuple[str, ...]], start: str) -> frozenset[str]:
    """Return every step that *flow* can reach from *start*, itself included."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        step = waiting.pop()
        if step not in found:
            found.add(step)
            waiting.extend(flow.get(step, ()))
    return frozenset(found)


def unreachable_columns(table: Table, reading: Reading) -> tuple[Column, ...]:
    """Return the columns that cannot be reached from the first one under *reading*."""
    found = reachable(flow_of(table, reading), table.columns[0].step)
    return tuple(column for column in table.columns if column.step not in found)
