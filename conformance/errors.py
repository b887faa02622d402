"""Errors that a person can act on: where, what was found, what was expected, the nearest valid name."""

from collections.abc import Iterable
from difflib import get_close_matches


class ReglamentError(Exception):
    """Root of the errors a user can cause; the command line prints them without a traceback."""


class InputError(ReglamentError):
    """Report unusable input.

    *place* is the file, with the path inside it where one is known. The message reads
    ``place: found, expected; did you mean nearest?``.
    """

    def __init__(
        self, place: str, inside: str, found: str, expected: str, nearest: str | None = None
    ) -> None:
        self.place = place
        self.inside = inside
        self.found = found
        self.expected = expected
        self.nearest = nearest
        where = printable(f"{place}: {inside}" if inside else place)
        hint = f"; did you mean {nearest}?" if nearest else ""
        super().__init__(f"{where}: found {found}, expected {expected}{hint}")


class UnfitValue(ValueError):  # noqa: N818 - it is raised by data types and becomes an InputError
    """Tell a reader of structured data that a value does not fit, in the words of an InputError."""

    def __init__(self, found: str, expected: str, nearest: str | None = None) -> None:
        self.found = found
        self.expected = expected
        self.nearest = nearest
        hint = f"; did you mean {nearest}?" if nearest else ""
        super().__init__(f"found {found}, expected {expected}{hint}")


def printable(text: str) -> str:
    """Return *text* with every part that has no form in UTF-8 escaped: file names may hold any octets."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def nearest_name(name: str, valid: Iterable[str]) -> str | None:
    """Return the valid name most like *name*, or None if none is near."""
    matches = get_close_matches(name, sorted(valid), n=1, cutoff=0.6)
    return matches[0] if matches else None
