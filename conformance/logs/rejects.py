"""The file of rejects: where each bad record stands, in which column, and why; never what it said."""

from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import msgspec

from conformance.errors import InputError, printable
from conformance.logs.records import Reject

NAME = "rejects.jsonl"
_LONGEST_NAME = 100
MAX_DAMAGED = 100_000
"""How many cases are remembered that lack a record; the rejects of further ones count as of no known case."""
MAX_DAMAGED_OCTETS = 8 * 1024 * 1024
"""How long their names may be together, as a manifest has them: half of what a manifest may be."""


class DamagedCases:
    """The names of the cases that lack a record, as many as a manifest can hold."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self._octets = 0
        self._encode = msgspec.json.Encoder().encode

    def add(self, name: str) -> bool:
        """Remember *name*; return whether there was still room for it."""
        if name in self.names:
            return True
        octets = len(self._encode(name)) + 1
        if len(self.names) >= MAX_DAMAGED or self._octets + octets > MAX_DAMAGED_OCTETS:
            return False
        self.names.add(name)
        self._octets += octets
        return True


class Rejects:
    """Count rejects by reason and write them down; without any there is no file. Use it as a context.

    *damaged* are the cases that lack a record, *unplaced* counts the rejects of which nobody knows the case.
    """

    def __init__(self, folder: Path) -> None:
        self.counts: dict[str, int] = {}
        self.damaged = DamagedCases()
        self.unplaced = 0
        self._path = folder / NAME
        self._file: BinaryIO | None = None
        self._encode = msgspec.json.Encoder().encode

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, reject: Reject) -> None:
        """Count and write one reject. Raises InputError if the file cannot be written."""
        self.counts[reject.reason.value] = self.counts.get(reject.reason.value, 0) + 1
        if reject.case_id is None or not self.damaged.add(reject.case_id):
            self.unplaced += 1
        line = {
            "ordinal": reject.ordinal,
            "column": printable(reject.column[:_LONGEST_NAME]),
            "reason": reject.reason.value,
        }
        try:
            if self._file is None:
                self._file = self._path.open("wb")
            self._file.write(self._encode(line) + b"\n")
        except OSError as error:
            found = (error.strerror or "no place").lower()
            raise InputError(str(self._path), "", found, "a place that can be written") from None

    def counted(self) -> dict[str, int]:
        """Return the number of rejects by reason, most frequent first."""
        return dict(sorted(self.counts.items(), key=lambda pair: (-pair[1], pair[0])))
