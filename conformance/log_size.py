"""How large a log is, and which time it covers."""

from collections.abc import Sequence
from dataclasses import dataclass

from conformance.log import Row, utc_text


@dataclass(frozen=True, slots=True)
class LogSize:
    """Figures of a whole log; moments in microseconds UTC, None where no row has one."""

    cases: int
    rows: int
    first_us: int | None
    last_us: int | None

    @property
    def period(self) -> tuple[str | None, str | None]:
        """Return the first and the last moment as texts in UTC."""
        first, last = (None if us is None else utc_text(us) for us in (self.first_us, self.last_us))
        return first, last


def size_of(rows: Sequence[Row]) -> LogSize:
    """Return the size of a log that consists of *rows*."""
    moments = [m for row in rows for m in (row.enabled_us, row.started_us, row.completed_us) if m is not None]
    cases = len({row.case_id for row in rows})
    return LogSize(cases, len(rows), min(moments, default=None), max(moments, default=None))
