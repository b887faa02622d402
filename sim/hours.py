"""The provider's hours as a world needs them: the next working day, the cut-off, the moment of admission.

Source: paragraph 9 for the cut-off; ASSUME-32 and ASSUME-33 for what happens outside the hours.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from conformance.calendar import WorkingCalendar


def next_day_us(calendar: WorkingCalendar, moment_us: int) -> int:
    """Return the opening of the first working day after the local day of *moment_us*."""
    closes_us = calendar.closes_us(calendar.local_day(moment_us))
    return calendar.next_open_us(moment_us if closes_us is None else max(closes_us, moment_us))


@dataclass(frozen=True, slots=True)
class Hours:
    """A provider's calendar, and how many seconds before closing it stops to accept, by service."""

    calendar: WorkingCalendar
    cutoffs_s: Mapping[str, int]

    def is_late(self, service: str, moment_us: int) -> bool:
        """Tell whether the cut-off of the local day has passed; a closed day has none left."""
        if service not in self.cutoffs_s:
            return False
        cutoff_us = self.calendar.cutoff_us(self.calendar.local_day(moment_us), self.cutoffs_s[service])
        return cutoff_us is None or moment_us > cutoff_us

    def admission_us(self, service: str, moment_us: int, *, late_ones_wait: bool) -> int:
        """Return when a request that arrives at *moment_us* is taken up: at once, or at an opening.

        *late_ones_wait* says that one after the cut-off is left for the next working day.
        """
        open_us = self.calendar.next_open_us(moment_us)
        if late_ones_wait and self.is_late(service, open_us):
            return next_day_us(self.calendar, open_us)
        return open_us
