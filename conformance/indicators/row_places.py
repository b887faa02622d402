"""Where in the process a row stands, as one small number: asked for a fraction of what three texts cost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from conformance.log_store import quoted
from conformance.pack import Pack

Place = tuple[str, str, str]
"""A service, a path and a step."""


@dataclass(frozen=True, slots=True)
class RowPlaces:
    """The services, paths and steps of a pack in rising order; *codes* are other names of the services."""

    services: Sequence[str]
    paths: Sequence[str]
    steps: Sequence[str]
    codes: Mapping[str, str]

    def service(self) -> str:
        """Return the SQL of the number of a row's service, named by its id or its code; null if unknown."""
        names = {name: number for number, name in enumerate(self.services)}
        return _numbered("service", names | {code: names[own] for code, own in self.codes.items()})

    def place(self, service: str) -> str:
        """Return the SQL of the number of a row's place by its *service*'s; the next one if it has none."""
        path, step = (
            _numbered(column, {name: number for number, name in enumerate(names)})
            for column, names in (("path", self.paths), ("step", self.steps))
        )
        known = f"({service} * {len(self.paths)} + {path}) * {len(self.steps)} + {step}"
        return f"coalesce({known}, {self._size()})"

    def service_of(self, number: str) -> str:
        """Return the SQL of the service with the *number*."""
        branches = " ".join(f"WHEN {n} THEN {quoted(name)}" for n, name in enumerate(self.services))
        return f"CASE {number} {branches} END"

    def value_at(self, place: str, values: Mapping[Place, int]) -> str:
        """Return the SQL of the value for a *place*, null where there is none."""
        by_number = {self._number(where): str(value) for where, value in values.items()}
        return _looked_up(place, [by_number.get(n, "NULL") for n in range(self._size() + 1)])

    def is_one_of(self, place: str, places: Iterable[Place]) -> str:
        """Return the condition that a *place* is one of *places*; that is false where there is none."""
        numbers = set(map(self._number, places))
        return _looked_up(place, [str(n in numbers).lower() for n in range(self._size() + 1)])

    def on_path(self, path: str, steps: Iterable[str]) -> set[Place]:
        """Return the places of *steps* on a *path* of every service."""
        return {(service, path, step) for service in self.services for step in steps}

    def _size(self) -> int:
        return len(self.services) * len(self.paths) * len(self.steps)

    def _number(self, place: Place) -> int:
        service, path, step = place
        route = self.services.index(service) * len(self.paths) + self.paths.index(path)
        return route * len(self.steps) + self.steps.index(step)


def places_of(pack: Pack) -> RowPlaces:
    """Return the places of *pack*."""
    return RowPlaces(
        services=sorted(service.id for service in pack.services),
        paths=sorted(path.id for path in pack.paths),
        steps=sorted({step.code for step in pack.steps}),
        codes={service.code: service.id for service in pack.services},
    )


def _looked_up(place: str, values: Sequence[str]) -> str:
    """Return the SQL of the value of a *place*: a list costs a fraction of a CASE with as many branches."""
    return f"([{', '.join(values)}])[{place} + 1]"


def _numbered(column: str, numbers: Mapping[str, int]) -> str:
    branches = " ".join(f"WHEN {quoted(name)} THEN {number}" for name, number in numbers.items())
    return f"CASE {column} {branches} END" if branches else "NULL::INTEGER"
