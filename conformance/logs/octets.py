"""The octets of a file in pieces, decompressed where it is compressed, and never more than a limit."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from conformance.errors import InputError

PIECE = 64 * 1024
MAX_RATIO = 250
"""How many times its compressed size a file may grow to; real event logs stay below 100."""
RATIO_FROM = 16 * 1024 * 1024
"""Below this size no ratio is suspicious."""
MAX_TOTAL = 64 * 1024**3
_GZIP = b"\x1f\x8b"


def octets_of(path: Path) -> Iterator[bytes]:
    """Yield the octets of *path* in pieces, decompressed if they are in gzip's format.

    Raises InputError for a file that cannot be read, is damaged, or grows beyond the limits.
    """
    try:
        with path.open("rb") as raw:
            compressed = raw.read(2) == _GZIP
            raw.seek(0)
            if not compressed:
                while piece := raw.read(PIECE):
                    yield piece
                return
            total = 0
            with gzip.GzipFile(fileobj=raw, mode="rb") as file:
                while piece := file.read(PIECE):
                    total += len(piece)
                    _check_growth(total, raw.tell(), path)
                    yield piece
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise InputError(str(path), "", "damaged compressed data", "a whole gzip file") from None
    except OSError as error:
        found = (error.strerror or "no file").lower()
        raise InputError(str(path), "", found, "a readable file") from None


def _check_growth(total: int, compressed: int, path: Path) -> None:
    if total > MAX_TOTAL or (total > RATIO_FROM and total > MAX_RATIO * compressed):
        found = f"data that grows more than {MAX_RATIO} times"
        raise InputError(str(path), "", found, "a log that does not explode when decompressed")
