"""The files of a regulation pack: which there are, what each holds, and the digest over all of them."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from conformance.errors import InputError, nearest_name
from conformance.indicators.definitions import IndicatorRules
from conformance.norms import Norm, PerColumn
from conformance.regulation import (
    Act,
    Assumption,
    Calendar,
    ClauseEntry,
    Condition,
    Data,
    Deadline,
    Defect,
    Flow,
    Message,
    Participant,
    Service,
    ServicePath,
    Step,
    SurveyQuestion,
    Table,
    Term,
    Unit,
)
from conformance.strict_yaml import read_yaml

REQUIRED_FILES = ("act.yaml", "norms.yaml", "process.yaml")
SINGLE_FILES = ("act.yaml", "assumptions.yaml", "defects.yaml", "norms.yaml", "process.yaml", "terms.yaml")
OPTIONAL_FILES = ("indicators.yaml",)
FOLDERS = ("clauses", "tables")
FRAGMENTS = "fragments.yaml"
BESIDE = ("mappings/", FRAGMENTS)
"""Mapping files and fragments travel with a pack; they are no part of the regulation, nor of its digest."""
_SUFFIXES = (".yaml", ".yml")


class ProcessFile(Data, frozen=True, kw_only=True):
    """What ``process.yaml`` holds; of the order of a path a table speaks, a flow, or nothing at all."""

    services: tuple[Service, ...]
    paths: tuple[ServicePath, ...]
    units: tuple[Unit, ...]
    steps: tuple[Step, ...]
    flow: tuple[Flow, ...] = ()
    conditions: tuple[Condition, ...] = ()
    messages: tuple[Message, ...] = ()
    participants: tuple[Participant, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    survey: tuple[SurveyQuestion, ...] = ()


class TablesFile(Data, frozen=True, kw_only=True):
    """What a file of ``tables/`` holds."""

    tables: tuple[Table, ...]


class ClausesFile(Data, frozen=True, kw_only=True):
    """What a file of ``clauses/`` holds."""

    clauses: tuple[ClauseEntry, ...]


class TermsFile(Data, frozen=True, kw_only=True):
    """What ``terms.yaml`` holds."""

    terms: tuple[Term, ...] = ()


class DefectsFile(Data, frozen=True, kw_only=True):
    """What ``defects.yaml`` holds."""

    defects: tuple[Defect, ...] = ()


class AssumptionsFile(Data, frozen=True, kw_only=True):
    """What ``assumptions.yaml`` holds."""

    assumptions: tuple[Assumption, ...] = ()


class NormsFile(Data, frozen=True, kw_only=True):
    """What ``norms.yaml`` holds."""

    per_column: tuple[PerColumn, ...] = ()
    norms: tuple[Norm, ...] = ()


R = TypeVar("R", TermsFile, DefectsFile, AssumptionsFile)


@dataclass(frozen=True, slots=True)
class PackFiles:
    """All files of a pack as read; *tables* and *clauses* are keyed by their place, in name order."""

    root: Path
    act: Act
    process: ProcessFile
    tables: tuple[tuple[str, TablesFile], ...]
    clauses: tuple[tuple[str, ClausesFile], ...]
    terms: tuple[Term, ...]
    defects: tuple[Defect, ...]
    assumptions: tuple[Assumption, ...]
    norms: NormsFile
    indicators: IndicatorRules | None
    sha256: str

    def place(self, name: str) -> str:
        """Return the place of the file *name* for messages."""
        return str(self.root / name)


def read_pack_files(root: Path) -> PackFiles:
    """Read every file of the pack in the directory *root*.

    Terms, defects, assumptions and tables may be absent. Raises InputError for a missing, unknown or
    unreadable file.
    """
    names = _list_files(root)
    tables = tuple((str(root / n), read_yaml(root / n, TablesFile)) for n in _in_folder(names, "tables"))
    clauses = tuple((str(root / n), read_yaml(root / n, ClausesFile)) for n in _in_folder(names, "clauses"))
    return PackFiles(
        root=root,
        act=read_yaml(root / "act.yaml", Act),
        process=read_yaml(root / "process.yaml", ProcessFile),
        tables=tables,
        clauses=clauses,
        terms=_read_register(root, names, "terms.yaml", TermsFile).terms,
        defects=_read_register(root, names, "defects.yaml", DefectsFile).defects,
        assumptions=_read_register(root, names, "assumptions.yaml", AssumptionsFile).assumptions,
        norms=read_yaml(root / "norms.yaml", NormsFile),
        indicators=(
            read_yaml(root / "indicators.yaml", IndicatorRules) if "indicators.yaml" in names else None
        ),
        sha256=_digest(root, names),
    )


def _read_register(root: Path, names: tuple[str, ...], name: str, type_: type[R]) -> R:
    """Read a register, which is empty if the pack does without it."""
    return read_yaml(root / name, type_) if name in names else type_()


def _in_folder(names: tuple[str, ...], folder: str) -> tuple[str, ...]:
    return tuple(name for name in names if name.startswith(f"{folder}/"))


def _list_files(root: Path) -> tuple[str, ...]:
    """Return the relative names of the pack's files, sorted, after refusing what is missing or unknown."""
    if not root.is_dir():
        raise InputError(str(root), "", "no directory", "a pack directory")
    try:
        found = [path for path in root.rglob("*") if path.suffix.lower() in _SUFFIXES]
    except OSError as error:
        raise InputError(str(root), "", str(error.strerror).lower(), "a readable pack directory") from None
    listed = sorted(path.relative_to(root).as_posix() for path in found)
    names = tuple(name for name in listed if not name.startswith(BESIDE))
    for name in names:
        if not _is_known(name):
            known = ", ".join((*SINGLE_FILES, *OPTIONAL_FILES, "clauses/*.yaml", "tables/*.yaml"))
            nearest = None if "/" in name else nearest_name(name, (*SINGLE_FILES, *OPTIONAL_FILES))
            raise InputError(str(root), name, "an unknown file", f"only {known}", nearest)
    for single in REQUIRED_FILES:
        if single not in names:
            raise InputError(str(root), single, "no such file", "a pack with this file")
    if not _in_folder(names, "clauses"):
        raise InputError(str(root), "clauses", "no file", "at least one clauses/*.yaml")
    return names


def _is_known(name: str) -> bool:
    folder, slash, file = name.rpartition("/")
    if not slash:
        return name in SINGLE_FILES or name in OPTIONAL_FILES
    return folder in FOLDERS and file.endswith(".yaml")


def _digest(root: Path, names: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for name in names:
        digest.update(name.encode() + b"\0" + (root / name).read_bytes())
    return digest.hexdigest()
