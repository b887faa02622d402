"""A pack that has been read but not yet checked, and the two questions every check asks of names."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from conformance.errors import InputError, nearest_name
from conformance.pack_clauses import PlacedClause
from conformance.pack_files import PackFiles
from conformance.pack_norms import PlacedNorm
from conformance.regulation import Column, Table

_SHORT_LIST = 10


@dataclass(frozen=True, slots=True)
class PlacedTable:
    """A table with its place."""

    table: Table
    place: str
    inside: str

    def columns(self) -> tuple[tuple[Column, str], ...]:
        """Return every column with the path to it."""
        return tuple((column, f"{self.inside}.columns[{j}]") for j, column in enumerate(self.table.columns))


@dataclass(frozen=True, slots=True)
class Draft:
    """Files, expanded norms and expanded clauses of one pack."""

    files: PackFiles
    norms: tuple[PlacedNorm, ...]
    clauses: tuple[PlacedClause, ...]

    def tables(self) -> tuple[PlacedTable, ...]:
        """Return every table with its place."""
        return tuple(
            PlacedTable(table, place, f"tables[{i}]")
            for place, file in self.files.tables
            for i, table in enumerate(file.tables)
        )

    def service_ids(self) -> tuple[str, ...]:
        """Return the ids of the services."""
        return tuple(service.id for service in self.files.process.services)

    def path_ids(self) -> tuple[str, ...]:
        """Return the ids of the paths."""
        return tuple(path.id for path in self.files.process.paths)

    def step_codes(self, path: str | None = None) -> tuple[str, ...]:
        """Return the codes of the steps, of one path if *path* is given."""
        return tuple(step.code for step in self.files.process.steps if path in (None, step.path))

    def unit_codes(self) -> tuple[str, ...]:
        """Return the codes of the units."""
        return tuple(unit.code for unit in self.files.process.units)

    def calendar_ids(self) -> tuple[str, ...]:
        """Return the ids of the calendars."""
        return tuple(calendar.id for calendar in self.files.process.calendars)

    def defect_ids(self) -> tuple[str, ...]:
        """Return the ids of the defects."""
        return tuple(defect.id for defect in self.files.defects)

    def assumption_ids(self) -> tuple[str, ...]:
        """Return the ids of the assumptions."""
        return tuple(assumption.id for assumption in self.files.assumptions)

    def clause_ids(self) -> tuple[str, ...]:
        """Return the ids of the clauses."""
        return tuple(placed.clause.id for placed in self.clauses)


def refer(place: str, inside: str, name: str, valid: Collection[str], what: str) -> None:
    """Refuse the *name* of a *what* that is not among the *valid* ones."""
    if name in valid:
        return
    expected = f"{'an' if what[0] in 'aeiou' else 'a'} {what} of the pack"
    if 0 < len(valid) <= _SHORT_LIST:
        expected = "one of " + ", ".join(valid)
    raise InputError(place, inside, f"the unknown {what} {name}", expected, nearest_name(name, valid))


def refer_all(place: str, inside: str, names: Iterable[str], valid: Collection[str], what: str) -> None:
    """Refuse any of *names* that is not *valid*; *inside* is the path of the list."""
    for i, name in enumerate(names):
        refer(place, f"{inside}[{i}]", name, valid, what)


def refuse_duplicates(found: Iterable[tuple[str, str, str]], what: str) -> None:
    """Refuse a name that occurs twice; *found* holds place, path inside and name of each."""
    seen: dict[str, str] = {}
    for place, inside, name in found:
        if name in seen:
            raise InputError(
                place, inside, f"the duplicate {what} {name}", f"each {what} once ({seen[name]})"
            )
        seen[name] = f"{place}: {inside}"
