"""Put finished files into a directory together: all of them whole, or none."""

import errno
from collections.abc import Mapping
from pathlib import Path

from conformance.errors import InputError


def write_together(directory: Path, contents: Mapping[str, bytes | None]) -> None:
    """Write *contents* (file name to octets) into *directory*, making it if it is not there.

    A name without octets is taken away.

    Every file is first written beside its place and then renamed, so a reader never meets half a
    file. Raises InputError if the directory cannot be written; nothing is left behind then.
    """
    waiting: list[tuple[Path, Path]] = []
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, octets in contents.items():
            if octets is None:
                continue
            beside = directory / f".{name}.part"
            if (directory / name).is_dir():
                raise IsADirectoryError(errno.EISDIR, f"{name} is a directory")
            waiting.append((beside, directory / name))
            beside.write_bytes(octets)
        for beside, place in waiting:
            beside.replace(place)
        for name in (name for name, octets in contents.items() if octets is None):
            (directory / name).unlink(missing_ok=True)
    except OSError as error:
        _forget(waiting)
        found = str(error.strerror or error).lower()
        raise InputError(str(directory), "", found, "a directory that can be written") from None


def _forget(waiting: list[tuple[Path, Path]]) -> None:
    for beside, _ in waiting:
        try:
            beside.unlink(missing_ok=True)
        except OSError:  # the same obstacle that stopped the writing
            continue
