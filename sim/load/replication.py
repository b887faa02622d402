"""What one replication came to: sums and counts that can be sent, kept and added, never a row."""

import msgspec

from sim.load.histogram import Tally

WAITS, SERVED, UNDER_WAY = 0, 1, 2
"""What a case did when the run ended, by its number."""

DOING = ("waits", "served", "under_way")


class CasesOf(msgspec.Struct, frozen=True, kw_only=True):
    """The cases of one path; *time* is from arrival to the end, of measured cases that ended."""

    arrived: int
    ended: int
    abandoned: int
    unfinished: int
    measured: int
    time: Tally


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where *count* cases stood when the run ended; numbers of path, step and kind, -1 for none."""

    path: int
    step: int
    kind: int
    doing: int
    count: int


class StandingCase(msgspec.Struct, frozen=True, kw_only=True):
    """One case that stood there."""

    case: int
    office: int
    path: int
    step: int
    kind: int
    doing: int
    since_us: int


class StepTally(msgspec.Struct, frozen=True, kw_only=True):
    """The executions of a step by measured cases; *done_at* and *late_at* by kind, last those at none.

    *late* counts those that ended, *open_late* those that did not and had taken longer than the limit.
    """

    place: int
    open: int
    open_late: int
    late: int
    wait: Tally
    service: Tally
    sojourn: Tally
    done_at: tuple[int, ...]
    late_at: tuple[int, ...]

    @property
    def decided(self) -> int:
        """Return of how many executions it is known whether they were within the limit."""
        return self.sojourn.count + self.open_late

    @property
    def within(self) -> int:
        """Return how many executions were within the limit."""
        return self.sojourn.count - self.late


class StationTally(msgspec.Struct, frozen=True, kw_only=True):
    """One station: visits of measured cases, and times between the ends of the window.

    *queue_us* is the time that cases waited, *busy_us* that servers worked, *duty_us* that they were on
    duty, -1 for a station without an end of servers.
    """

    kind: int
    office: int
    asked: int
    served: int
    left: int
    wait_us: int
    wait_max_us: int
    queue_us: int
    busy_us: int
    duty_us: int


class Replication(msgspec.Struct, frozen=True, kw_only=True):
    """One replication; *ends* counts cases by path, last step and outcome.

    Packed are, by station and moment of the grid: *queue*, *busy* and *duty* (servers); by moment: cases
    *under_way*, *arrivals* until the next moment, how many of these have *ended*, and their *time_us* in all.
    """

    replication: int
    window_us: int
    cases: tuple[CasesOf, ...]
    ends: tuple[tuple[int, int, int, int], ...]
    standing: tuple[Standing, ...]
    standing_cases: tuple[StandingCase, ...]
    steps: tuple[StepTally, ...]
    stations: tuple[StationTally, ...]
    waits: tuple[Tally, ...]
    queue: bytes
    busy: bytes
    duty: bytes
    arrivals: bytes
    under_way: bytes
    ended: bytes
    time_us: bytes
