"""A regulation held as data: loaded once, checked as a whole, then only looked up."""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import msgspec

from conformance.errors import InputError, nearest_name
from conformance.indicators.definitions import IndicatorRules
from conformance.norms import Norm, NormStatus
from conformance.pack_checks import check_pack
from conformance.pack_clauses import expand_clauses
from conformance.pack_draft import Draft
from conformance.pack_files import read_pack_files
from conformance.pack_norms import expand_norms
from conformance.regulation import (
    Act,
    Assumption,
    Calendar,
    Clause,
    Column,
    Condition,
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

T = TypeVar("T")

PACKS = Path(__file__).parent / "packs"


@dataclass(frozen=True, slots=True)
class Pack:
    """A whole regulation; *norms* are expanded to one service each, *clauses* stand in reading order."""

    act: Act
    services: tuple[Service, ...]
    paths: tuple[ServicePath, ...]
    units: tuple[Unit, ...]
    steps: tuple[Step, ...]
    flow: tuple[Flow, ...]
    conditions: tuple[Condition, ...]
    messages: tuple[Message, ...]
    participants: tuple[Participant, ...]
    deadlines: tuple[Deadline, ...]
    calendars: tuple[Calendar, ...]
    survey: tuple[SurveyQuestion, ...]
    clauses: tuple[Clause, ...]
    tables: tuple[Table, ...]
    terms: tuple[Term, ...]
    defects: tuple[Defect, ...]
    assumptions: tuple[Assumption, ...]
    norms: tuple[Norm, ...]
    indicators: IndicatorRules | None
    sha256: str
    _steps: dict[str, Step] = field(init=False, repr=False, compare=False)
    _services: dict[str, Service] = field(init=False, repr=False, compare=False)
    _clauses: dict[str, Clause] = field(init=False, repr=False, compare=False)
    _tables: dict[tuple[str, str], Table] = field(init=False, repr=False, compare=False)
    _columns: dict[tuple[str, str], Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index what is looked up by name."""
        by_name = {service.id: service for service in self.services}
        by_name |= {service.code: service for service in self.services}
        columns = {(table.service, column.step): column for table in self.tables for column in table.columns}
        object.__setattr__(self, "_steps", {step.code: step for step in self.steps})
        object.__setattr__(self, "_services", by_name)
        object.__setattr__(self, "_clauses", {clause.id: clause for clause in self.clauses})
        object.__setattr__(self, "_tables", {(table.service, table.path): table for table in self.tables})
        object.__setattr__(self, "_columns", columns)

    def service(self, name: str) -> Service:
        """Return the service with the id or code *name*. Raises InputError if there is none."""
        return self._find(self._services, name, "service")

    def path(self, path_id: str) -> ServicePath:
        """Return the path *path_id*. Raises InputError if there is none."""
        return self._find({path.id: path for path in self.paths}, path_id, "path")

    def step(self, code: str) -> Step:
        """Return the step *code*. Raises InputError if there is none."""
        return self._find(self._steps, code, "step")

    def clause(self, clause_id: str) -> Clause:
        """Return the clause *clause_id*, ``S1/12(6)``. Raises InputError if there is none."""
        return self._find(self._clauses, clause_id, "clause")

    def calendar(self, calendar_id: str) -> Calendar:
        """Return the calendar *calendar_id*. Raises InputError if there is none."""
        return self._find({calendar.id: calendar for calendar in self.calendars}, calendar_id, "calendar")

    def table(self, service: str, path: str) -> Table:
        """Return the table of *service* (id or code) and *path*. Raises InputError if there is none."""
        key = (self.service(service).id, path)
        if key not in self._tables:
            paths = [name for owner, name in self._tables if owner == key[0]]
            raise InputError(
                f"pack {self.act.id}", key[0], f"no table for the path {path}", " or ".join(paths)
            )
        return self._tables[key]

    def column(self, service: str, step: str) -> Column | None:
        """Return the table column of *step*, None for a step without one.

        Raises InputError for an unknown service or step.
        """
        return self._columns.get((self.service(service).id, self.step(step).code))

    def _find(self, items: dict[str, T], name: str, what: str) -> T:
        if name not in items:
            raise InputError(
                f"pack {self.act.id}",
                "",
                f"the unknown {what} {name}",
                f"a {what} of the pack",
                nearest_name(name, items),
            )
        return items[name]


def available_packs() -> tuple[str, ...]:
    """Return the names of the packs that come with the tool, sorted."""
    return tuple(sorted(path.name for path in PACKS.iterdir() if (path / "act.yaml").is_file()))


def load_pack(name_or_dir: str | Path) -> Pack:
    """Load the pack *name_or_dir* (a name of ours, or a directory) and check it as a whole.

    One of ours is read once in a process. Raises InputError with file, path inside it, what was found, what
    was expected and the nearest name.
    """
    root = pack_root(name_or_dir)
    return _load_shipped(root) if root.parent == PACKS else _load(root)


@lru_cache(maxsize=8)
def _load_shipped(root: Path) -> Pack:
    return _load(root)


def _load(root: Path) -> Pack:
    files = read_pack_files(root)
    norms = expand_norms(files)
    clauses = expand_clauses(files, frozenset(placed.norm.clause for placed in norms))
    draft = Draft(files, norms, clauses)
    check_pack(draft)
    return _assemble(draft)


def as_agreed(pack: Pack) -> Pack:
    """Return *pack* as if it were sure of every norm; what is lost stays lost."""
    return replace(
        pack, norms=tuple(msgspec.structs.replace(norm, status=NormStatus.AGREED) for norm in pack.norms)
    )


def pack_root(name_or_dir: str | Path) -> Path:
    """Return the folder of the pack *name_or_dir*. Raises InputError if there is none."""
    names = available_packs()
    if isinstance(name_or_dir, str) and name_or_dir in names:
        return PACKS / name_or_dir
    root = Path(name_or_dir)
    if not root.is_dir():
        expected = "a pack directory, or one of " + ", ".join(names)
        raise InputError(str(name_or_dir), "", "no such pack", expected, nearest_name(root.name, names))
    return root


def _assemble(draft: Draft) -> Pack:
    files = draft.files
    process = files.process
    order = {service.id: number for number, service in enumerate(process.services)}
    return Pack(
        act=files.act,
        services=process.services,
        paths=process.paths,
        units=process.units,
        steps=process.steps,
        flow=process.flow,
        conditions=process.conditions,
        messages=process.messages,
        participants=process.participants,
        deadlines=process.deadlines,
        calendars=process.calendars,
        survey=process.survey,
        clauses=tuple(placed.clause for placed in draft.clauses),
        tables=tuple(
            sorted((item.table for item in draft.tables()), key=lambda t: (order[t.service], t.number))
        ),
        terms=files.terms,
        defects=files.defects,
        assumptions=files.assumptions,
        norms=tuple(placed.norm for placed in draft.norms),
        indicators=files.indicators,
        sha256=files.sha256,
    )
