"""Tables for people: what a spreadsheet must be told, and what it must not take for more than text."""

from typing import Any

_UNSAFE = ("=", "+", "-", "@", "\t", "\r")


def for_spreadsheets(table: str) -> bytes:
    """Return a CSV as UTF-8 with a byte-order mark: without it Excel takes Kazakh for another alphabet."""
    return table.encode("utf-8-sig")


def harmless(value: Any) -> Any:
    """Keep a text of a foreign log from being read as a formula by a spreadsheet."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_UNSAFE) else value
