"""What a whole log is like, learnt in one scan: which routes and steps, which period, which clocks."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

_FACTS = """
SELECT count(*),
    min(least(enabled_us, started_us, completed_us)), max(greatest(enabled_us, started_us, completed_us)),
    min(least(enabled_us, completed_us)), max(least(enabled_us, completed_us)),
    min(resolution_us), max(resolution_us)
FROM judged
"""
_ROUTES = "SELECT DISTINCT service, path, step FROM judged ORDER BY ALL"


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


def facts_of(log: "duckdb.DuckDBPyConnection") -> LogFacts:
    """Return the figures of the log opened as the view ``events``."""
    row = log.execute(_FACTS).fetchone()
    if row is None:
        raise ValueError("an aggregate without a row")
    rows, first, last, begun, last_begun, finest, coarsest = row
    steps = tuple(log.execute(_ROUTES).fetchall())
    return LogFacts(rows, first, last, begun, last_begun, finest or 1, coarsest or 1, steps)
