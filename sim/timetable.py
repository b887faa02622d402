"""The doctors' hours, entered into the schedule some days ahead, as far as people can book."""

from collections import deque
from dataclasses import dataclass, field

from actors.schedule import Schedule, working_slots
from conformance.calendar import WorkingCalendar, local_time
from sim.hours import next_day_us

_DOCTORS = ("doctor-1", "doctor-2")
_SLOTS_AFTER_OPENING_US = tuple(minutes * 60_000_000 for minutes in (60, 80, 100, 120, 140, 160))
_DAYS_AHEAD = 3


@dataclass(slots=True)
class Timetable:
    """Fill *schedule* from the working day after *reached_us* on."""

    calendar: WorkingCalendar
    schedule: Schedule
    reached_us: int
    _openings: deque[int] = field(default_factory=deque)

    def reach(self, moment_us: int) -> None:
        """Enter the slots of every working day up to the third one that opens after *moment_us*."""
        while self._openings and self._openings[0] <= moment_us:
            self._openings.popleft()
        while len(self._openings) < _DAYS_AHEAD:
            opens_us = self.reached_us = next_day_us(self.calendar, self.reached_us)
            self.schedule.add(working_slots(_DOCTORS, self._times(opens_us)))
            if opens_us > moment_us:
                self._openings.append(opens_us)

    def _times(self, opens_us: int) -> dict[str, int]:
        times: dict[str, int] = {}
        for after_us in _SLOTS_AFTER_OPENING_US:
            if self.calendar.is_open(opens_us + after_us):
                local = local_time(opens_us + after_us, self.calendar.zone)
                times[f"{local:%Y-%m-%dT%H:%M}"] = opens_us + after_us
        return times
