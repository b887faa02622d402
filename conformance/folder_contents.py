"""What lies in a folder of saved documents: the cases, and how much there is that nobody looks at.

Nobody vouches for what is not looked at, so it is counted: a bad case hidden beside the good ones must not
go unmentioned.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from conformance.evidence import TYPES
from conformance.saved_documents import MESSAGES, PLAIN_NAME, QUERY_NAME, SUFFIXES, TRUST

MAX_DEPTH = 6

_OF_A_CASE = {"trust.pem", *(f"{name}.{suffix}" for name in TYPES for suffix in SUFFIXES)}


@dataclass(frozen=True, slots=True)
class Contents:
    """The folders with *cases* by name; how many folders were not looked into, and how many *other* files."""

    cases: tuple[str, ...]
    strange: int
    other: int


def list_contents(root: Path) -> Contents:
    """Look through the folder *root* without following links."""
    cases: list[str] = []
    strange = other = 0
    unreadable: list[OSError] = []
    for place, folders, files in os.walk(root, onerror=unreadable.append, followlinks=False):
        here, relative = Path(place), Path(place).relative_to(root)
        kept = {name for name in folders if not relative.parts and _is_kept_apart(here / name)}
        other += sum(_count_unknown(here / name) for name in sorted(kept))
        other += sum(name in _OF_A_CASE for name in folders)
        deep = len(relative.parts) >= MAX_DEPTH
        plain = [name for name in folders if name not in kept and not deep and _is_plain(here / name)]
        strange += len(folders) - len(kept) - len(plain)
        folders[:] = sorted(plain)
        if not relative.parts:
            other += len(files)
        elif files:
            cases.append(relative.as_posix())
            other += sum(not _belongs_to_case(here / name) for name in files)
    return Contents(tuple(sorted(cases)), strange + len(unreadable), other)


def _is_kept_apart(folder: Path) -> bool:
    return folder.name in {TRUST, MESSAGES} and not folder.is_symlink()


def _is_plain(folder: Path) -> bool:
    return PLAIN_NAME.fullmatch(folder.name) is not None and not folder.is_symlink()


def _belongs_to_case(path: Path) -> bool:
    known = path.name in _OF_A_CASE or QUERY_NAME.fullmatch(path.name) is not None
    return known and _is_file(path)


def _is_file(path: Path) -> bool:
    """Tell whether *path* is a file, and not a pipe, a device or a link that leads to none."""
    try:
        return path.is_file()
    except (OSError, RuntimeError):  # RuntimeError: a loop of links, before Python 3.13
        return False


def _count_unknown(folder: Path) -> int:
    """Count the files anywhere in ``trust`` or ``messages`` that have no part there."""
    unknown = 0
    for place, folders, files in os.walk(folder, followlinks=False):
        here = Path(place)
        at_top = here == folder
        unknown += sum(not (at_top and _has_a_part(here / name)) for name in files)
        unknown += sum((here / name).is_symlink() for name in folders)
    return unknown


def _has_a_part(path: Path) -> bool:
    if path.parent.name == TRUST:
        return path.name == "root.pem" and _is_file(path)
    bundle_of_log = path.suffix == ".pem" and os.path.lexists(path.with_suffix(".jsonl"))
    # A log is told by its name whatever it is: one that cannot be read is reported as such.
    return path.suffix == ".jsonl" or (_is_file(path) and (path.name == "gateway.json" or bundle_of_log))
