"""The journal of a study: replications that have ended, kept until all have; nothing is played twice."""

import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from os import SEEK_END, fstat
from pathlib import Path
from typing import BinaryIO, Self

import msgspec

from conformance import __version__
from conformance.errors import InputError
from sim.load.replication import Replication
from sim.load.task import Task

MOST_OCTETS_OF_A_RECORD = 1 << 30
_HEAD = 40
"""Octets before each record: the key of its task (32), its length (4) and check sum (4)."""


@dataclass(slots=True)
class Journal:
    """Replications by the key of their task, in memory and in the file *path*; a context.

    The file stays at the end, for a later ``--resume``, unless everything is *done*; and an earlier one stays
    as it was until the first replication is kept. Nobody else can use it meanwhile.
    """

    path: Path
    done: bool = False
    known: dict[bytes, Replication] = field(default_factory=dict)
    _file: BinaryIO | None = None
    _whole: int | None = None
    _made: tuple[Path, ...] = ()

    @classmethod
    def begin(cls, path: Path, *, resume: bool) -> Self:
        """Open the journal in *path*: with what it knows to *resume*, otherwise empty.

        Raises InputError if it cannot be written, or if another process is writing it.
        """
        made = tuple(parent for parent in path.parents if not parent.exists())
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = path.open("a+b")
            _lock(file, path)
            file.seek(0)
            known, whole = _records(file.read() if resume else b"")
        except OSError as error:
            found = (error.strerror or "a place that cannot be written").lower()
            raise InputError(str(path), "", found, "a place that can be written") from None
        return cls(path, known=known, _file=file, _whole=whole, _made=made)

    @classmethod
    def beside(cls, folder: Path, *, resume: bool) -> Self:
        """Open the journal of what is played into *folder*, which lies beside it."""
        place = folder if folder.name not in {"", ".."} else folder.resolve()
        if not place.name:
            raise InputError(str(folder), "", "the root of all folders", "a folder to write")
        return cls.begin(place.with_name(f".{place.name}.replications"), resume=resume)

    def find(self, task: Task) -> Replication | None:
        """Return what *task* came to, if it has been played."""
        return self.known.get(key_of(task))

    def keep(self, task: Task, replication: Replication) -> None:
        """Keep what *task* came to, in the file at once."""
        key = key_of(task)
        self.known[key] = replication
        if self._file is not None:
            if self._whole is not None:
                self._file.truncate(self._whole)
                self._whole = None
            octets = msgspec.msgpack.encode(replication)
            head = key + len(octets).to_bytes(4, "big") + zlib.crc32(octets).to_bytes(4, "big")
            self._file.write(head + octets)
            self._file.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._file is None:
            return
        empty = self._file.seek(0, SEEK_END) == 0
        if self.done or empty:
            self.path.unlink(missing_ok=True)
        self._file.close()
        self._file = None
        for parent in self._made:  # the deepest first; what holds something stays
            with suppress(OSError):
                parent.rmdir()


def key_of(task: Task) -> bytes:
    """Return what is equal for two tasks only if they come to the same; the engine makes no difference."""
    parts = (__version__, task.source.fingerprint, str(task.seed), str(task.replication), str(task.from_us))
    return sha256("\0".join(parts).encode()).digest()


def _records(octets: bytes) -> tuple[dict[bytes, Replication], int]:
    """Return the replications of a journal, and how much of it is whole: a last record can be torn."""
    known: dict[bytes, Replication] = {}
    at = 0
    while at + _HEAD <= len(octets):
        key, length = octets[at : at + 32], int.from_bytes(octets[at + 32 : at + 36], "big")
        body = octets[at + _HEAD : at + _HEAD + length]
        whole = len(body) == length <= MOST_OCTETS_OF_A_RECORD
        if not whole or zlib.crc32(body) != int.from_bytes(octets[at + 36 : at + _HEAD], "big"):
            break
        try:
            known[key] = msgspec.msgpack.decode(body, type=Replication)
        except msgspec.MsgspecError:  # of another version of the program
            break
        at += _HEAD + length
    return known, at


def _lock(file: BinaryIO, path: Path) -> None:
    """Keep others away from a journal until it is closed. Raises InputError if somebody has it."""
    try:
        import fcntl  # noqa: PLC0415 - there is none on Windows
    except ImportError:
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        free = path.exists() and path.stat().st_ino == fstat(file.fileno()).st_ino
    except BlockingIOError:
        free = False
    if not free:  # somebody has it, or has just ended and taken it away
        file.close()
        found = "a journal that another process is writing: it plays into the same folder"
        raise InputError(str(path), "", found, "another --out, or its end")
