"""How large a log is, and which time it covers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from conformance.log import Row, utc_text
from conformance.log_store import opened_log

Period = tuple[str | None, str | None]
"""The first and the last moment of a log as texts in UTC; None where no row has a moment."""

_PERIOD = """
SELECT min(least(enabled_us, started_us, completed_us)), max(greatest(enabled_us, started_us, completed_us))
FROM events
"""


@dataclass(frozen=True, slots=True)
class LogSize:
    """Figures of a whole log; moments in microseconds UTC, None where no row has one."""

    cases: int
    rows: int
    first_us: int | None
    last_us: int | None

    @property
    def period(self) -> Period:
        """Return the first and the last moment."""
        return _texts(self.first_us, self.last_us)


def size_of(rows: Sequence[Row]) -> LogSize:
    """Return the size of a log that consists of *rows*."""
    moments = [m for row in rows for m in (row.enabled_us, row.started_us, row.completed_us) if m is not None]
    cases = len({row.case_id for row in rows})
    return LogSize(cases, len(rows), min(moments, default=None), max(moments, default=None))


def period_of_log(log: Path) -> Period:
    """Return the period that the canonical *log* covers."""
    with opened_log(log) as database:
        first, last = database.execute(_PERIOD).fetchall()[0]
    return _texts(first, last)


def _texts(first_us: int | None, last_us: int | None) -> Period:
    first, last = (None if us is None else utc_text(us) for us in (first_us, last_us))
    return first, last
