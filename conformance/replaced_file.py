"""Write a file whole or not at all: beside its place first, then onto it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from conformance.errors import InputError
from conformance.interruption import current_interruption


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a place beside *path* to write to; rename it onto *path* at the end, or remove it.

    Raises InputError if the place cannot be written.
    """
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.touch()
        yield beside
        current_interruption().require_none()
        beside.replace(path)
    except OSError as error:
        found = (error.strerror or "a place that cannot be written").lower()
        raise InputError(str(path), "", found, "a place that can be written") from None
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
