"""Journals that outlive the process that writes them: a line is kept before anybody acts on it."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

MAX_LINE = 4_096


class Journal(Protocol):
    """What is needed of a place where lines are kept; a line holds no line feed."""

    def append(self, line: bytes) -> None:
        """Keep *line*; when this returns, a crash no longer loses it."""

    def lines(self) -> Iterator[bytes]:
        """Return all lines that were kept, in their order."""

    def replace(self, lines: Iterable[bytes]) -> None:
        """Keep *lines* and nothing else, in one step."""


@dataclass(slots=True)
class MemoryJournal:
    """A journal for simulations: it outlives the actor that writes it, not the process."""

    _lines: list[bytes] = field(default_factory=list)

    def append(self, line: bytes) -> None:
        """Keep *line*."""
        self._lines.append(line)

    def lines(self) -> Iterator[bytes]:
        """Return all lines in their order."""
        return iter(tuple(self._lines))

    def replace(self, lines: Iterable[bytes]) -> None:
        """Keep *lines* and nothing else."""
        self._lines = list(lines)


@dataclass(frozen=True, slots=True)
class FileJournal:
    """A journal in a file, written through to the disk; a last line cut off by a crash does not count."""

    path: Path

    def append(self, line: bytes) -> None:
        """Keep *line*; raises OSError if the disk does not take it."""
        with self.path.open("ab") as file:
            if file.tell() and not self._ends_whole():
                file.write(b"\n")  # what a crash left half-written stays a line of its own
            file.write(line + b"\n")
            _write_through(file)

    def lines(self) -> Iterator[bytes]:
        """Return all whole lines in their order; none if there is no file yet."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            for line in iter(lambda: file.readline(MAX_LINE), b""):
                if line.endswith(b"\n"):
                    yield line[:-1]

    def replace(self, lines: Iterable[bytes]) -> None:
        """Keep *lines* and nothing else: written beside, then renamed."""
        beside = self.path.with_name(self.path.name + ".new")
        with beside.open("wb") as file:
            file.writelines(line + b"\n" for line in lines)
            _write_through(file)
        beside.replace(self.path)

    def _ends_whole(self) -> bool:
        with self.path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"


def _write_through(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
