"""What a whole log is like, learnt in one scan: which routes and steps, which period, which clocks."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.log_store import quoted

if TYPE_CHECKING:
    import duckdb

# Each is an extreme of one column, which the file states for its groups of rows: nothing needs to be read.
_FACTS = """
SELECT count(*), min(enabled_us), min(started_us), min(completed_us),
    max(enabled_us), max(started_us), max(completed_us), min(resolution_us), max(resolution_us)
FROM judged
"""


@dataclass(frozen=True, slots=True)
class LogFacts:
    """Figures of a whole log; moments in microseconds UTC, None where the log has none.

    *begun_us* and *last_begun_us* bound the first moments of its cases. *steps* are the triples of service,
    path and step that occur.
    """

    rows: int
    first_us: int | None
    last_us: int | None
    begun_us: int | None
    last_begun_us: int | None
    finest_us: int
    coarsest_us: int
    steps: tuple[tuple[str, str, str], ...]

    @property
    def exact(self) -> bool:
        """Tell whether every clock of the log resolves single microseconds."""
        return self.coarsest_us == 1

    @property
    def routes(self) -> int:
        """Return how many numbers there are for services and paths."""
        return len(self._services()) * len(self._paths())

    def route(self, number: int) -> tuple[str, str]:
        """Return the service and path of a *number*."""
        paths = self._paths()
        return self._services()[number // len(paths)], paths[number % len(paths)]

    def number(self, service: str, path: str) -> int:
        """Return the number of a service and path of the log."""
        paths = self._paths()
        return self._services().index(service) * len(paths) + paths.index(path)

    def route_sql(self) -> str:
        """Return the SQL of the number of a row's service and path."""
        return (
            f"{_place('service', self._services())} * {len(self._paths())} + {_place('path', self._paths())}"
        )

    def _services(self) -> list[str]:
        return sorted({service for service, _, _ in self.steps})

    def _paths(self) -> list[str]:
        return sorted({path for _, path, _ in self.steps})


def facts_of(log: "duckdb.DuckDBPyConnection", steps: tuple[tuple[str, str, str], ...]) -> LogFacts:
    """Return the figures of the log opened as the view ``judged``, in which these *steps* occur."""
    (row,) = log.execute(_FACTS).fetchall()
    rows, enabled, started, completed, enabled_last, started_last, completed_last, finest, coarsest = row
    return LogFacts(
        rows=rows,
        first_us=_least(enabled, started, completed),
        last_us=_most(enabled_last, started_last, completed_last),
        begun_us=_least(enabled, completed),
        last_begun_us=_most(enabled_last, completed_last),
        finest_us=finest or 1,
        coarsest_us=coarsest or 1,
        steps=steps,
    )


def _least(*moments: int | None) -> int | None:
    return min((us for us in moments if us is not None), default=None)


def _most(*moments: int | None) -> int | None:
    return max((us for us in moments if us is not None), default=None)


def _place(column: str, names: list[str]) -> str:
    branches = " ".join(f"WHEN {quoted(name)} THEN {number}" for number, name in enumerate(names))
    return f"CASE {column} {branches} END"
